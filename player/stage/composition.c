#include "player/stage/composition.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "player/draw/transition.h"
#include "player/scene/strip.h"
#include "player/scene/zones.h"
#include "player/stage/frame.h"
#include "player/stage/reel.h"
#include "playlists/timeline.h"

/* A film that gives nothing for so long will not. */
#define FILM_PATIENCE_MS 20000
#define STRIP_NEWS MANIFEST_ZONES_MAX /* the news' place behind the zones' */
#define PARTS_MAX (MANIFEST_ZONES_MAX + 1)

/* A frame drawn, kept as long as it shows. */
struct print {
    struct frame frame;
    struct canvas *canvas; /* NULL: none */
};

struct part {
    struct print now, before;
    struct reel *reel; /* of `slide`, in the item that began then; NULL: none */
    const struct slide *film;
    int64_t film_from_ms;
    bool film_failed;
    struct canvas *last; /* the film's picture as it is now or was at its end */
};

struct composition {
    struct composition_config config;
    struct part parts[PARTS_MAX];
    struct canvas *earlier; /* the whole picture before a layout changes… */
    int64_t earlier_ms;     /* …at that instant */
};

struct composition *composition_create(const struct composition_config *config)
{
    struct composition *composition = calloc(1, sizeof *composition);
    if (composition == NULL) {
        abort();
    }
    composition->config = *config;
    edition_retain(config->edition);
    edition_retain(config->welcome);
    return composition;
}

static void part_finish(struct part *part)
{
    canvas_destroy(part->now.canvas);
    canvas_destroy(part->before.canvas);
    canvas_destroy(part->last);
    reel_close(part->reel, NULL);
    *part = (struct part){0};
}

void composition_destroy(struct composition *composition)
{
    if (composition == NULL) {
        return;
    }
    for (size_t i = 0; i < PARTS_MAX; i++) {
        part_finish(&composition->parts[i]);
    }
    canvas_destroy(composition->earlier);
    edition_release(composition->config.edition);
    edition_release(composition->config.welcome);
    free(composition);
}

/* A canvas on a part of another one. */
static struct canvas part_of(const struct canvas *canvas, struct rect rect)
{
    return (struct canvas){.pixels = canvas->pixels + (size_t)rect.y * (size_t)canvas->stride +
                                     (size_t)rect.x,
                           .width = rect.w,
                           .height = rect.h,
                           .stride = canvas->stride,
                           .clip = {0, 0, rect.w, rect.h}};
}

static struct rect whole(const struct canvas *canvas)
{
    return (struct rect){0, 0, canvas->width, canvas->height};
}

/* --- What a zone shows --- */

/* A zone, or the news' place in the strip, at an instant. */
struct showing {
    struct timeline timeline;
    struct frame frame;
    bool film;
};

struct place {
    const struct manifest_zone *zone; /* NULL: the news in the strip */
    size_t track;
    struct rect rect;
};

static struct frame base_frame(const struct composition *composition, const struct place *place)
{
    return (struct frame){.kind = FRAME_EMPTY,
                          .edition = composition->config.edition,
                          .fill = place->zone != NULL ? place->zone->fill : 0,
                          .width = place->rect.w,
                          .height = place->rect.h,
                          .metrics = composition->config.view.metrics};
}

static int news_page(const struct composition *composition, const struct place *place,
                     const struct timeline *timeline)
{
    const struct edition *edition = composition->config.edition;
    const char *text = slide_text(timeline->slide, "title");
    int pages = text == NULL ? 1
                             : strip_news_pages(&composition->config.view, text,
                                                frame_lang(edition->manifest), place->rect.w);
    int64_t duration_ms = timeline->loop->items[timeline->item].duration_ms;
    return (int)(timeline->offset_ms * pages / duration_ms);
}

static struct showing showing_at(const struct composition *composition, const struct place *place,
                                 int64_t at_ms)
{
    const struct composition_config *config = &composition->config;
    struct showing showing = {.frame = base_frame(composition, place)};
    if (place->zone != NULL && place->zone->kind == ZONE_LOGO) {
        showing.frame.kind = FRAME_LOGO;
        showing.frame.file = place->zone->file;
        return showing;
    }
    showing.timeline = timeline_track_at(config->edition->manifest, place->track, at_ms);
    if (showing.timeline.kind == TIMELINE_ITEM) {
        showing.frame.slide = showing.timeline.slide;
        showing.film = place->zone != NULL && showing.timeline.slide->has_video;
    }
    if (place->zone == NULL) {
        showing.frame.kind = FRAME_NEWS;
        showing.frame.page =
            showing.frame.slide == NULL ? 0 : news_page(composition, place, &showing.timeline);
    } else if (showing.film) {
        showing.frame.kind = FRAME_FILM;
    } else if (showing.frame.slide != NULL) {
        showing.frame.kind = FRAME_SLIDE;
    } else if (place->track == 0) {
        showing.frame.kind = FRAME_SLIDE;
        showing.frame.edition = config->welcome;
        showing.frame.slide = &config->welcome->manifest->slides[0];
    }
    return showing;
}

/* --- Films --- */

static void open_film(struct composition *composition, struct part *part,
                      const struct showing *showing, int64_t position_ms)
{
    const struct composition_config *config = &composition->config;
    const struct slide_video *video = &showing->timeline.slide->video;
    struct error err;
    reel_close(part->reel, NULL);
    part->reel = NULL;
    part->film = showing->timeline.slide;
    part->film_from_ms = showing->timeline.item_from_ms;
    part->film_failed = true;
    const char *path = config->film_path(config->context, &video->file, &err);
    if (path != NULL) {
        struct reel_options options = {.path = path,
                                       .lang = frame_lang(config->edition->manifest),
                                       .from_ms = position_ms,
                                       .width = showing->frame.width,
                                       .height = showing->frame.height,
                                       .metrics = config->view.metrics,
                                       .text = config->view.text};
        if (video->has_captions) {
            options.captions = config->film_path(config->context, &video->captions, &err);
        }
        part->reel = reel_open(&options, &err);
        part->film_failed = part->reel == NULL;
    }
    if (part->film_failed) {
        config->fault(config->context, &err);
    }
}

/* Until the film's picture of that position is there. */
static bool wait_for_picture(struct composition *composition, struct part *part,
                             int64_t position_us)
{
    const struct composition_config *config = &composition->config;
    const struct timespec pause = {.tv_nsec = 1000000};
    struct error err;
    for (int waited_ms = 0; waited_ms < FILM_PATIENCE_MS; waited_ms++) {
        enum video_state state = reel_state(part->reel, &err);
        reel_advance(part->reel, position_us);
        if (state == VIDEO_FAILED) {
            config->fault(config->context, &err);
            return reel_has_picture(part->reel);
        }
        int64_t next_us = reel_next_us(part->reel, position_us);
        if (reel_has_picture(part->reel) &&
            (state == VIDEO_ENDED || (next_us > position_us && next_us != INT64_MAX))) {
            return true;
        }
        nanosleep(&pause, NULL);
    }
    return reel_has_picture(part->reel);
}

static bool draw_film(struct composition *composition, struct part *part,
                      const struct showing *showing, bool again, struct canvas *canvas)
{
    const struct timeline *timeline = &showing->timeline;
    int64_t position_ms =
        timeline_video_ms(timeline->loop, timeline->slide, timeline->offset_ms, again);
    if (part->film != timeline->slide || part->film_from_ms != timeline->item_from_ms) {
        open_film(composition, part, showing, position_ms);
    }
    if (part->film_failed || !wait_for_picture(composition, part, position_ms * 1000) ||
        !reel_draw(part->reel, canvas, 0, 0)) {
        part->film_failed = true;
        canvas_fill(canvas, COLOR_RGB(showing->frame.fill));
    }
    return true;
}

/* --- Zones --- */

static bool print(struct composition *composition, struct print *print, const struct frame *frame)
{
    if (print->canvas != NULL && frame_same(&print->frame, frame)) {
        return true;
    }
    if (print->canvas == NULL || print->canvas->width != frame->width ||
        print->canvas->height != frame->height) {
        canvas_destroy(print->canvas);
        print->canvas = canvas_create(frame->width, frame->height);
    }
    print->frame = *frame;
    return print->canvas != NULL && frame_draw(frame, &composition->config.view, print->canvas);
}

/* The zone as it rests, without a transition. */
static const struct canvas *settled(struct composition *composition, struct part *part,
                                    const struct showing *showing, bool again)
{
    if (!showing->film) {
        return print(composition, &part->now, &showing->frame) ? part->now.canvas : NULL;
    }
    if (part->last == NULL || part->last->width != showing->frame.width ||
        part->last->height != showing->frame.height) {
        canvas_destroy(part->last);
        part->last = canvas_create(showing->frame.width, showing->frame.height);
    }
    return part->last != NULL && draw_film(composition, part, showing, again, part->last)
               ? part->last
               : NULL;
}

static enum transition_kind kind_of(const struct composition *composition,
                                    const struct manifest_loop *loop)
{
    bool travels = loop->transition == TRANSITION_SLIDE || loop->transition == TRANSITION_WIPE;
    bool reduced = composition->config.edition->manifest->screen.reduced_motion;
    return travels && reduced ? TRANSITION_FADE : loop->transition;
}

/* How far the transition into the item is, in steps; TRANSITION_STEPS when there is none. */
static int step_of(const struct composition *composition, const struct timeline *timeline)
{
    if (!composition->config.transitions || timeline->kind != TIMELINE_ITEM ||
        timeline->loop->transition == TRANSITION_CUT ||
        timeline->offset_ms >= timeline->loop->transition_ms) {
        return TRANSITION_STEPS;
    }
    return (int)(timeline->offset_ms * TRANSITION_STEPS / timeline->loop->transition_ms);
}

/* What stood there before: a film's last picture, or a slide drawn anew. */
static const struct canvas *picture_before(struct composition *composition, struct part *part,
                                           const struct place *place, const struct showing *before)
{
    if (!before->film) {
        return print(composition, &part->before, &before->frame) ? part->before.canvas : NULL;
    }
    if (part->before.canvas == NULL || part->before.frame.slide != before->frame.slide) {
        struct frame frame = before->frame;
        struct part old = {0};
        if (!print(composition, &part->before, &frame) || place->zone == NULL ||
            !draw_film(composition, &old, before, false, part->before.canvas)) {
            part_finish(&old);
            return NULL;
        }
        part_finish(&old);
    }
    return part->before.canvas;
}

static bool draw_place(struct composition *composition, struct part *part,
                       const struct place *place, int64_t at_ms, struct canvas *picture)
{
    if (rect_empty(place->rect)) {
        return true;
    }
    struct canvas target = part_of(picture, place->rect);
    struct showing now = showing_at(composition, place, at_ms);
    struct showing before = now;
    bool item = now.timeline.kind == TIMELINE_ITEM && now.frame.kind != FRAME_LOGO;
    if (item) {
        before = showing_at(composition, place, now.timeline.item_from_ms - 1);
    }
    bool again = item && before.frame.slide == now.frame.slide;
    int step = again || !item ? TRANSITION_STEPS : step_of(composition, &now.timeline);
    const struct canvas *second = settled(composition, part, &now, again);
    if (second == NULL) {
        return false;
    }
    if (step == TRANSITION_STEPS) {
        canvas_copy(&target, second, whole(second), 0, 0);
        return true;
    }
    const struct canvas *first = picture_before(composition, part, place, &before);
    if (first == NULL) {
        return false;
    }
    transition_mix(kind_of(composition, now.timeline.loop), step, first, second, &target);
    return true;
}

/* --- The whole picture --- */

static const struct manifest_layout *layout_at(const struct composition *composition,
                                               const struct timeline *main)
{
    const struct manifest *manifest = composition->config.edition->manifest;
    return main->kind == TIMELINE_ITEM ? &manifest->layouts[main->interval->layout] : NULL;
}

static bool draw_strip(struct composition *composition, const struct manifest_layout *layout,
                       struct rect rect, int64_t at_ms, struct canvas *picture)
{
    const struct manifest *manifest = composition->config.edition->manifest;
    const struct slide_view *view = &composition->config.view;
    enum lang lang = frame_lang(manifest);
    struct strip_time time = frame_time(manifest, at_ms);
    if (layout->strip_track == 0) {
        struct canvas target = part_of(picture, rect);
        strip_draw(view, manifest->screen.name, lang_tag(lang), time.days, time.minutes, &target);
        return true;
    }
    struct strip_parts parts = strip_parts(view, rect, lang);
    struct canvas facts = part_of(picture, parts.facts);
    strip_draw_facts(view, lang, time, &facts);
    struct place place = {.track = layout->strip_track, .rect = parts.news};
    return draw_place(composition, &composition->parts[STRIP_NEWS], &place, at_ms, picture);
}

static bool draw_layout(struct composition *composition, const struct manifest_layout *layout,
                        int64_t at_ms, struct canvas *picture)
{
    static const struct manifest_zone alone = {.id = "main", .fill = 0x0B1F3A};
    struct zones zones = zones_make(layout, &composition->config.view.metrics, 0);
    for (size_t i = 0; i < zones.count; i++) {
        const struct manifest_zone *zone = layout != NULL ? &layout->zones[i] : &alone;
        struct place place = {zone, zone->track, zones.rects[i]};
        if (!draw_place(composition, &composition->parts[i], &place, at_ms, picture)) {
            return false;
        }
    }
    return rect_empty(zones.strip) || draw_strip(composition, layout, zones.strip, at_ms, picture);
}

/* Another layout comes: the whole picture of the old one, kept for the change's length. */
static bool keep_earlier(struct composition *composition, const struct manifest_layout *old,
                         int64_t at_ms, const struct canvas *like)
{
    if (composition->earlier != NULL && composition->earlier_ms == at_ms) {
        return true;
    }
    canvas_destroy(composition->earlier);
    composition->earlier = canvas_create(like->width, like->height);
    composition->earlier_ms = at_ms;
    return composition->earlier != NULL &&
           draw_layout(composition, old, at_ms, composition->earlier);
}

/* The whole picture fades to the new layout, as it is when the change is over. */
static bool fade_layout(struct composition *composition, const struct manifest_layout *layout,
                        int64_t at_ms, int step, struct canvas *canvas)
{
    struct canvas *second = canvas_create(canvas->width, canvas->height);
    bool drawn = second != NULL && draw_layout(composition, layout, at_ms, second);
    if (drawn) {
        transition_mix(TRANSITION_FADE, step, composition->earlier, second, canvas);
    }
    canvas_destroy(second);
    return drawn;
}

bool composition_draw(struct composition *composition, int64_t at_ms, struct canvas *canvas)
{
    const struct manifest *manifest = composition->config.edition->manifest;
    if (manifest_closed_at(manifest, at_ms, NULL)) {
        canvas_fill(canvas, COLOR_RGB(0));
        return true;
    }
    struct timeline main = timeline_at(manifest, at_ms);
    const struct manifest_layout *layout = layout_at(composition, &main);
    int step = step_of(composition, &main);
    if (step == TRANSITION_STEPS || main.interval->class == INTERVAL_EMERGENCY) {
        return draw_layout(composition, layout, at_ms, canvas);
    }
    int64_t before_ms = main.item_from_ms - 1;
    struct timeline before = timeline_at(manifest, before_ms);
    const struct manifest_layout *old = layout_at(composition, &before);
    if (old == layout) {
        return draw_layout(composition, layout, at_ms, canvas);
    }
    return keep_earlier(composition, old, before_ms, canvas) &&
           fade_layout(composition, layout, main.item_from_ms + main.loop->transition_ms, step,
                       canvas);
}
