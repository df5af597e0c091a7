#include "player/touch.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/log.h"
#include "player/kiosk/kiosk.h"
#include "player/kiosk_film.h"
#include "player/platform/speech.h"

#define FRAME_MS 20 /* between two looks at a film */

struct touch {
    struct touch_config config; /* but its screen */
    struct kiosk *kiosk;
    struct canvas *canvas;
    struct speech *speech;   /* NULL: no voice on this machine */
    struct kiosk_film *film; /* NULL: none plays */
    int64_t now_ms;          /* of the last tick */
};

static void handle_count(void *context, enum kiosk_count count, const char *subject)
{
    static const enum tally_kind kinds[] = {
        [KIOSK_COUNT_SESSION] = TALLY_SESSION, [KIOSK_COUNT_LIST] = TALLY_LIST,
        [KIOSK_COUNT_SEARCH] = TALLY_SEARCH,   [KIOSK_COUNT_LANGUAGE] = TALLY_LANGUAGE,
        [KIOSK_COUNT_MODE] = TALLY_MODE,       [KIOSK_COUNT_SHEET] = TALLY_SHEET,
    };
    spool_count(context, kinds[count], subject);
}

/* --- What the kiosk asks for --- */

static void want_picture(void *context, const char *hash, int width, int height, double focal_x,
                         double focal_y)
{
    struct touch *touch = context;
    struct job *job = job_create(JOB_PICTURE, touch->config.display, touch->config.state, NULL);
    snprintf(job->picture.hash, sizeof job->picture.hash, "%s", hash);
    job->picture.width = width;
    job->picture.height = height;
    job->picture.focal_x = focal_x;
    job->picture.focal_y = focal_y;
    worker_post(touch->config.worker, job);
}

static void speak(void *context, const char *text, enum lang lang, int volume)
{
    struct touch *touch = context;
    if (text == NULL) {
        speech_stop(touch->speech);
    } else {
        speech_say(touch->speech, text, lang, volume);
    }
}

static bool speaks(void *context)
{
    struct touch *touch = context;
    return speech_busy(touch->speech);
}

static void play_film(void *context, const char *hash, const char *captions)
{
    struct touch *touch = context;
    struct sha256 file;
    char path[STATE_PATH_SIZE];
    char captions_path[STATE_PATH_SIZE];
    struct error err;
    kiosk_film_destroy(touch->film);
    touch->film = NULL;
    if (hash == NULL || !sha256_from_hex(hash, &file)) {
        return;
    }
    struct kiosk_film_config config = {.path =
                                           state_file_path(touch->config.state, &file, "", path),
                                       .hardware = touch->config.hardware,
                                       .wake = touch->config.wake,
                                       .context = touch->config.context};
    if (sha256_from_hex(captions, &file)) {
        config.captions = state_file_path(touch->config.state, &file, "", captions_path);
    }
    touch->film = kiosk_film_create(&config, &err);
    if (touch->film == NULL) {
        log_error(LOG_WARN, "film_failed", &err);
    }
}

/* --- Life --- */

struct touch *touch_create(const struct touch_config *from)
{
    struct touch *touch = calloc(1, sizeof *touch);
    if (touch == NULL) {
        return NULL;
    }
    int width;
    int height;
    const struct manifest_screen *screen = from->screen;
    touch->config = *from;
    touch->config.screen = NULL;
    touch->speech = speech_create(NULL);
    presenter_size(from->presenter, &width, &height);
    struct kiosk_config config = {
        .accent = screen->accent != 0 ? 0xFF000000u | screen->accent : 0,
        .text = from->text,
        .metrics = metrics_make(width, height, screen->diagonal_mm, screen->viewing_distance_mm),
        .bottom_edge_mm = screen->bottom_edge_mm,
        .site_id = screen->site_id,
        .site_name = screen->site,
        .lang = from->lang,
        .count = from->spool != NULL ? handle_count : NULL,
        .count_context = from->spool,
        .picture = want_picture,
        .speak = touch->speech != NULL ? speak : NULL,
        .speaks = touch->speech != NULL ? speaks : NULL,
        .film = play_film,
        .media_context = touch};
    touch->canvas = canvas_create(width, height);
    if (touch->canvas == NULL) {
        speech_destroy(touch->speech);
        free(touch);
        return NULL;
    }
    touch->kiosk = kiosk_create(&config);
    return touch;
}

void touch_destroy(struct touch *touch)
{
    if (touch != NULL) {
        kiosk_destroy(touch->kiosk);
        kiosk_film_destroy(touch->film);
        speech_destroy(touch->speech);
        canvas_destroy(touch->canvas);
        free(touch);
    }
}

void touch_set_directory(struct touch *touch, struct directory *directory)
{
    kiosk_set_directory(touch->kiosk, directory);
}

void touch_set_picture(struct touch *touch, const char *hash, struct image *image)
{
    kiosk_set_picture(touch->kiosk, hash, image);
}

void touch_set_time(struct touch *touch, int64_t wall_ms, int offset_s, int64_t now_ms)
{
    kiosk_set_time(touch->kiosk, wall_ms, offset_s, now_ms);
}

/* --- Input and pixels --- */

/* A finger that ends on the loop, above the button, opens what the loop shows. */
static bool opens_subject(const struct touch *touch, const struct window_event *event,
                          const struct slide *slide, int y)
{
    return event->kind == WINDOW_TOUCH_UP && slide != NULL && !kiosk_is_open(touch->kiosk) &&
           y < touch->canvas->height - kiosk_attract_height(touch->kiosk) &&
           (slide->subject[0] != '\0' || slide->organisation[0] != '\0');
}

void touch_event(struct touch *touch, const struct window_event *event, const struct slide *slide,
                 int64_t now_ms)
{
    static const enum kiosk_event_kind kinds[] = {[WINDOW_TOUCH_DOWN] = KIOSK_TOUCH_DOWN,
                                                  [WINDOW_TOUCH_MOVE] = KIOSK_TOUCH_MOVE,
                                                  [WINDOW_TOUCH_UP] = KIOSK_TOUCH_UP,
                                                  [WINDOW_TOUCH_CANCEL] = KIOSK_TOUCH_CANCEL,
                                                  [WINDOW_KEY_NEXT] = KIOSK_KEY_NEXT,
                                                  [WINDOW_KEY_PREVIOUS] = KIOSK_KEY_PREVIOUS,
                                                  [WINDOW_KEY_UP] = KIOSK_KEY_UP,
                                                  [WINDOW_KEY_DOWN] = KIOSK_KEY_DOWN,
                                                  [WINDOW_KEY_LEFT] = KIOSK_KEY_LEFT,
                                                  [WINDOW_KEY_RIGHT] = KIOSK_KEY_RIGHT,
                                                  [WINDOW_KEY_ACTIVATE] = KIOSK_KEY_ACTIVATE,
                                                  [WINDOW_KEY_BACK] = KIOSK_KEY_BACK};
    struct kiosk_event mapped = {.kind = kinds[event->kind], .finger = event->finger};
    presenter_map_touch(touch->config.presenter, event->x, event->y, &mapped.x, &mapped.y);
    if (opens_subject(touch, event, slide, mapped.y)) {
        mapped.kind = KIOSK_TOUCH_CANCEL;
        kiosk_event(touch->kiosk, &mapped, now_ms);
        kiosk_open_subject(touch->kiosk, slide->subject, slide->organisation, now_ms);
        return;
    }
    kiosk_event(touch->kiosk, &mapped, now_ms);
}

void touch_tick(struct touch *touch, int64_t now_ms)
{
    touch->now_ms = now_ms;
    if (touch->film != NULL) {
        kiosk_set_caption(touch->kiosk, kiosk_film_caption(touch->film, now_ms));
    }
    struct rect film = kiosk_film_rect(touch->kiosk);
    if (film.w > 0 && (touch->film == NULL || kiosk_film_over(touch->film, now_ms))) {
        kiosk_film_ended(touch->kiosk, now_ms);
    }
    kiosk_tick(touch->kiosk, now_ms);
}

bool touch_put(struct touch *touch)
{
    struct presenter *presenter = touch->config.presenter;
    struct rect dirty;
    bool drawn = kiosk_draw(touch->kiosk, touch->canvas, &dirty);
    if (drawn) {
        presenter_put(presenter, touch->canvas, dirty, dirty.x, dirty.y);
    }
    struct rect film = kiosk_film_rect(touch->kiosk);
    if (touch->film != NULL && film.w > 0) {
        drawn = kiosk_film_put(touch->film, presenter, film, drawn, touch->now_ms) || drawn;
    }
    if (drawn) {
        presenter_flush(presenter);
    }
    return drawn;
}

void touch_invalidate(struct touch *touch)
{
    kiosk_invalidate(touch->kiosk);
}

int64_t touch_next_wake(const struct touch *touch, int64_t now_ms)
{
    int64_t wake_ms = kiosk_next_wake(touch->kiosk, now_ms);
    return touch->film != NULL && wake_ms > now_ms + FRAME_MS ? now_ms + FRAME_MS : wake_ms;
}

bool touch_is_open(const struct touch *touch)
{
    return kiosk_is_open(touch->kiosk);
}

int touch_bottom(const struct touch *touch)
{
    return kiosk_attract_height(touch->kiosk);
}
