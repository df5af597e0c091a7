#include "player/touch.h"

#include <stdlib.h>

#include "player/kiosk/kiosk.h"

struct touch {
    struct kiosk *kiosk;
    struct canvas *canvas;
    struct presenter *presenter;
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

struct touch *touch_create(struct text_engine *text, struct presenter *presenter,
                           struct spool *spool, const struct manifest_screen *screen,
                           enum lang lang)
{
    struct touch *touch = calloc(1, sizeof *touch);
    if (touch == NULL) {
        return NULL;
    }
    int width;
    int height;
    presenter_size(presenter, &width, &height);
    struct kiosk_config config = {
        .text = text,
        .metrics = metrics_make(width, height, screen->diagonal_mm, screen->viewing_distance_mm),
        .bottom_edge_mm = screen->bottom_edge_mm,
        .site_id = screen->site_id,
        .site_name = screen->site,
        .lang = lang,
        .count = spool != NULL ? handle_count : NULL,
        .count_context = spool};
    touch->presenter = presenter;
    touch->canvas = canvas_create(width, height);
    if (touch->canvas == NULL) {
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
        canvas_destroy(touch->canvas);
        free(touch);
    }
}

void touch_set_directory(struct touch *touch, struct directory *directory)
{
    kiosk_set_directory(touch->kiosk, directory);
}

void touch_event(struct touch *touch, const struct window_event *event, int64_t now_ms)
{
    static const enum kiosk_event_kind kinds[] = {
        [WINDOW_TOUCH_DOWN] = KIOSK_TOUCH_DOWN,     [WINDOW_TOUCH_MOVE] = KIOSK_TOUCH_MOVE,
        [WINDOW_TOUCH_UP] = KIOSK_TOUCH_UP,         [WINDOW_TOUCH_CANCEL] = KIOSK_TOUCH_CANCEL,
        [WINDOW_KEY_NEXT] = KIOSK_KEY_NEXT,         [WINDOW_KEY_PREVIOUS] = KIOSK_KEY_PREVIOUS,
        [WINDOW_KEY_ACTIVATE] = KIOSK_KEY_ACTIVATE, [WINDOW_KEY_BACK] = KIOSK_KEY_BACK};
    struct kiosk_event mapped = {.kind = kinds[event->kind], .finger = event->finger};
    presenter_map_touch(touch->presenter, event->x, event->y, &mapped.x, &mapped.y);
    kiosk_event(touch->kiosk, &mapped, now_ms);
}

void touch_tick(struct touch *touch, int64_t now_ms)
{
    kiosk_tick(touch->kiosk, now_ms);
}

bool touch_put(struct touch *touch)
{
    struct rect dirty;
    if (!kiosk_draw(touch->kiosk, touch->canvas, &dirty)) {
        return false;
    }
    presenter_put(touch->presenter, touch->canvas, dirty, dirty.x, dirty.y);
    presenter_flush(touch->presenter);
    return true;
}

void touch_invalidate(struct touch *touch)
{
    kiosk_invalidate(touch->kiosk);
}

int64_t touch_next_wake(const struct touch *touch, int64_t now_ms)
{
    return kiosk_next_wake(touch->kiosk, now_ms);
}

bool touch_is_open(const struct touch *touch)
{
    return kiosk_is_open(touch->kiosk);
}

int touch_bottom(const struct touch *touch)
{
    return kiosk_attract_height(touch->kiosk);
}
