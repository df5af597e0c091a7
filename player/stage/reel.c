#include "player/stage/reel.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "player/scene/caption.h"
#include "player/video/captions.h"

struct reel {
    struct video *video;
    const struct video_image *image; /* the video's, until the next video_frame; NULL: none yet */
    int width, height;
    struct metrics metrics;
    struct text_engine *text;
    enum lang lang;

    struct captions *captions; /* NULL: none */
    struct strbuf words;       /* of the caption that shows */
    struct caption caption;    /* canvas NULL: none shows */
    int64_t caption_from_ms, caption_until_ms;
    bool told; /* what it is was logged */
};

struct reel *reel_open(const struct reel_options *options, struct error *err)
{
    struct video_options video = {.from_us = options->from_ms * 1000,
                                  .hardware = options->hardware,
                                  .wake = options->wake,
                                  .context = options->context};
    struct reel *reel = calloc(1, sizeof *reel);
    if (reel == NULL) {
        abort();
    }
    reel->video = video_open(options->path, &video, err);
    if (reel->video == NULL) {
        free(reel);
        return NULL;
    }
    reel->width = options->width;
    reel->height = options->height;
    reel->metrics = options->metrics;
    reel->text = options->text;
    reel->lang = options->lang;
    reel->caption_from_ms = reel->caption_until_ms = -1;
    strbuf_init(&reel->words);
    if (options->captions != NULL) {
        struct error fault;
        reel->captions = captions_load(options->captions, &fault);
        if (reel->captions == NULL) {
            log_error(LOG_WARN, "captions_left_out", &fault);
        }
    }
    return reel;
}

void reel_close(struct reel *reel, struct video_figures *figures_out)
{
    if (reel == NULL) {
        return;
    }
    if (figures_out != NULL) {
        video_figures(reel->video, figures_out);
    }
    video_close(reel->video);
    captions_destroy(reel->captions);
    canvas_destroy(reel->caption.canvas);
    strbuf_finish(&reel->words);
    free(reel);
}

static void tell(struct reel *reel)
{
    struct video_facts facts;
    if (!reel->told && video_facts(reel->video, &facts)) {
        reel->told = true;
        log_write(LOG_INFO, "film", "size=%dx%d rate=%.2f codec=%s decoder=\"%s\"%s%s", facts.width,
                  facts.height, facts.rate, facts.codec, facts.decoder,
                  facts.no_hardware[0] != '\0' ? " no_hardware=" : "", facts.no_hardware);
    }
}

enum video_state reel_state(struct reel *reel, struct error *err)
{
    enum video_state state = video_state(reel->video);
    if (state == VIDEO_FAILED && err != NULL) {
        *err = *video_error(reel->video);
    }
    return state;
}

/* The caption of that position; true when it is another one. */
static bool update_caption(struct reel *reel, int64_t position_ms)
{
    if (reel->captions == NULL || reel->text == NULL ||
        (position_ms >= reel->caption_from_ms && position_ms < reel->caption_until_ms)) {
        return false;
    }
    struct strbuf words;
    strbuf_init(&words);
    (void)captions_at(reel->captions, position_ms, &words);
    reel->caption_from_ms = position_ms;
    reel->caption_until_ms = captions_next_ms(reel->captions, position_ms);
    bool changed = strcmp(words.bytes, reel->words.bytes) != 0;
    if (changed) {
        canvas_destroy(reel->caption.canvas);
        reel->caption = caption_draw(reel->text, &reel->metrics, reel->width, reel->height,
                                     words.bytes, reel->lang);
    }
    strbuf_finish(&reel->words);
    reel->words = words;
    return changed;
}

bool reel_advance(struct reel *reel, int64_t position_us)
{
    bool changed = video_frame(reel->video, position_us, &reel->image);
    if (changed) {
        tell(reel);
    }
    return (update_caption(reel, position_us / 1000) || changed) && reel->image != NULL;
}

int64_t reel_next_us(struct reel *reel, int64_t position_us)
{
    int64_t next_us = video_next_us(reel->video);
    if (reel->captions != NULL) {
        int64_t caption_ms = captions_next_ms(reel->captions, position_us / 1000);
        if (caption_ms < INT64_MAX / 1000 && caption_ms * 1000 < next_us) {
            next_us = caption_ms * 1000;
        }
    }
    return next_us;
}

bool reel_is_early(struct reel *reel, int64_t position_us)
{
    int64_t next_us = video_next_us(reel->video);
    return next_us != INT64_MAX && next_us > position_us;
}

bool reel_has_picture(const struct reel *reel)
{
    return reel->image != NULL;
}

static struct rectf crop(struct reel *reel)
{
    return video_crop(reel->video, reel->image, 0.5, 0.5, reel->width, reel->height);
}

static struct rect caption_rect(const struct reel *reel)
{
    const struct canvas *canvas = reel->caption.canvas;
    return (struct rect){0, 0, canvas->width, canvas->height};
}

bool reel_draw(struct reel *reel, struct canvas *canvas, int x, int y)
{
    if (reel->image == NULL || !video_image_draw(reel->image, crop(reel), canvas,
                                                 (struct rect){x, y, reel->width, reel->height})) {
        return false;
    }
    if (reel->caption.canvas != NULL) {
        canvas_copy(canvas, reel->caption.canvas, caption_rect(reel), x + reel->caption.x,
                    y + reel->caption.y);
    }
    return true;
}

bool reel_put(struct reel *reel, struct presenter *presenter, int x, int y)
{
    if (reel->image == NULL) {
        return false;
    }
    presenter_put_video(presenter, reel->image, crop(reel),
                        (struct rect){x, y, reel->width, reel->height});
    if (reel->caption.canvas != NULL) {
        presenter_put(presenter, reel->caption.canvas, caption_rect(reel), x + reel->caption.x,
                      y + reel->caption.y);
    }
    return true;
}
