#include "player/kiosk_film.h"

#include <stdlib.h>

#include "core/log.h"
#include "player/video/captions.h"
#include "player/video/video.h"

#define OPEN_MS_MAX 8000 /* a file that gives no picture by then gives none */

struct kiosk_film {
    struct video *video;
    struct captions *captions; /* NULL: none */
    struct strbuf caption;
    int64_t asked_ms; /* first asked for a frame; -1: not yet */
    int64_t start_ms; /* its first frame showed; -1: not yet */
};

struct kiosk_film *kiosk_film_create(const struct kiosk_film_config *config, struct error *err)
{
    struct kiosk_film *film = calloc(1, sizeof *film);
    struct video_options options = {
        .hardware = config->hardware, .wake = config->wake, .context = config->context};
    struct error caption_error;
    if (film == NULL) {
        abort();
    }
    strbuf_init(&film->caption);
    film->asked_ms = film->start_ms = -1;
    film->video = video_open(config->path, &options, err);
    if (film->video == NULL) {
        kiosk_film_destroy(film);
        return NULL;
    }
    if (config->captions != NULL) {
        film->captions = captions_load(config->captions, &caption_error);
        if (film->captions == NULL) {
            log_error(LOG_WARN, "captions_unreadable", &caption_error);
        }
    }
    return film;
}

void kiosk_film_destroy(struct kiosk_film *film)
{
    if (film != NULL) {
        video_close(film->video);
        captions_destroy(film->captions);
        strbuf_finish(&film->caption);
        free(film);
    }
}

static int64_t position_ms(const struct kiosk_film *film, int64_t now_ms)
{
    return film->start_ms < 0 ? 0 : now_ms - film->start_ms;
}

bool kiosk_film_put(struct kiosk_film *film, struct presenter *presenter, struct rect rect,
                    bool anew, int64_t now_ms)
{
    const struct video_image *image;
    if (film->asked_ms < 0) {
        film->asked_ms = now_ms;
    }
    bool fresh = video_frame(film->video, position_ms(film, now_ms) * 1000, &image);
    if (image == NULL || (!fresh && !anew)) {
        return false;
    }
    if (film->start_ms < 0) { /* its time begins when it shows */
        film->start_ms = now_ms;
    }
    presenter_put_video(presenter, image, video_crop(film->video, image, 0.5, 0.5, rect.w, rect.h),
                        rect);
    return true;
}

const char *kiosk_film_caption(struct kiosk_film *film, int64_t now_ms)
{
    if (film->captions == NULL || film->start_ms < 0) {
        return "";
    }
    (void)captions_at(film->captions, position_ms(film, now_ms), &film->caption);
    return film->caption.bytes;
}

bool kiosk_film_over(struct kiosk_film *film, int64_t now_ms)
{
    enum video_state state = video_state(film->video);
    struct video_facts facts;
    if (state == VIDEO_FAILED) {
        log_error(LOG_WARN, "film_failed", video_error(film->video));
        return true;
    }
    if (film->start_ms < 0) {
        return film->asked_ms >= 0 && now_ms - film->asked_ms > OPEN_MS_MAX;
    }
    return state == VIDEO_ENDED && (!video_facts(film->video, &facts) ||
                                    position_ms(film, now_ms) * 1000 >= facts.length_us);
}
