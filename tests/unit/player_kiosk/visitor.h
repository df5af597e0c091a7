/* A visitor at a kiosk: taps what is shown, presses keys, waits. */
#ifndef VITRINE_TESTS_PLAYER_KIOSK_VISITOR_H
#define VITRINE_TESTS_PLAYER_KIOSK_VISITOR_H

#include "player/kiosk/kiosk_private.h"
#include "tests/unit/player_kiosk/fixture.h"

struct visitor {
    struct kiosk *kiosk;
    struct canvas *canvas;
    int64_t now;
    int counts[KIOSK_COUNT_SHEET + 1];
    char subject[128]; /* of what was counted last */
    char said[512];    /* last thing said; "" after silence */
    bool speaking;
    char film[SHA256_HEX_SIZE];   /* that plays; "" none */
    char wanted[SHA256_HEX_SIZE]; /* picture that was asked for last, and its size */
    int wanted_width, wanted_height;
};

static inline void visitor_count(void *context, enum kiosk_count count, const char *subject)
{
    struct visitor *visitor = context;
    visitor->counts[count]++;
    snprintf(visitor->subject, sizeof(visitor->subject), "%s", subject != NULL ? subject : "");
}

/* visitor_bring_picture brings it. */
static inline void visitor_picture(void *context, const char *hash, int width, int height,
                                   double focal_x, double focal_y)
{
    struct visitor *visitor = context;
    (void)focal_x;
    (void)focal_y;
    snprintf(visitor->wanted, sizeof(visitor->wanted), "%s", hash);
    visitor->wanted_width = width;
    visitor->wanted_height = height;
}

static inline void visitor_speak(void *context, const char *text, enum lang lang, int volume)
{
    struct visitor *visitor = context;
    (void)lang;
    (void)volume;
    snprintf(visitor->said, sizeof(visitor->said), "%s", text != NULL ? text : "");
}

static inline bool visitor_speaks(void *context)
{
    const struct visitor *visitor = context;
    return visitor->speaking;
}

static inline void visitor_film(void *context, const char *hash, const char *captions)
{
    struct visitor *visitor = context;
    (void)captions;
    snprintf(visitor->film, sizeof(visitor->film), "%s", hash != NULL ? hash : "");
}

/* Takes the directory over. landscape: 1920 × 1080, else 1080 × 1920. */
static inline struct visitor *visitor_create(struct text_engine *text, struct directory *directory,
                                             bool landscape)
{
    struct visitor *visitor = calloc(1, sizeof(*visitor));
    struct kiosk_config config = fixture_config(text);
    if (visitor == NULL)
        abort();
    if (landscape) {
        config.metrics.width_px = 1920;
        config.metrics.height_px = 1080;
        config.metrics.portrait = false;
    }
    config.count = visitor_count;
    config.picture = visitor_picture;
    config.speak = visitor_speak;
    config.speaks = visitor_speaks;
    config.film = visitor_film;
    config.count_context = config.media_context = visitor;
    visitor->now = 1000000;
    visitor->kiosk = kiosk_create(&config);
    visitor->canvas = canvas_create(config.metrics.width_px, config.metrics.height_px);
    kiosk_set_time(visitor->kiosk, FIXTURE_NOW, 3600, visitor->now);
    kiosk_set_directory(visitor->kiosk, directory);
    return visitor;
}

/* The picture that was asked for last, in one colour. */
static inline void visitor_bring_picture(struct visitor *visitor)
{
    size_t count = (size_t)visitor->wanted_width * (size_t)visitor->wanted_height;
    struct image *image = calloc(1, sizeof(*image));
    uint32_t *pixels = calloc(count, sizeof(*pixels));
    if (image == NULL || pixels == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        pixels[i] = 0xFF336699;
    *image = (struct image){.pixels = pixels,
                            .width = visitor->wanted_width,
                            .height = visitor->wanted_height,
                            .opaque = true};
    kiosk_set_picture(visitor->kiosk, visitor->wanted, image);
}

static inline void visitor_destroy(struct visitor *visitor)
{
    kiosk_destroy(visitor->kiosk);
    canvas_destroy(visitor->canvas);
    free(visitor);
}

static inline void visitor_send(struct visitor *visitor, enum kiosk_event_kind kind, int64_t finger,
                                int x, int y)
{
    struct kiosk_event event = {kind, finger, x, y};
    kiosk_event(visitor->kiosk, &event, visitor->now);
}

static inline void visitor_key(struct visitor *visitor, enum kiosk_event_kind kind)
{
    visitor_send(visitor, kind, 0, 0, 0);
}

static inline struct rect visitor_frame(struct visitor *visitor)
{
    struct rect dirty;
    (void)kiosk_draw(visitor->kiosk, visitor->canvas, &dirty);
    return dirty;
}

static inline void visitor_wait(struct visitor *visitor, int64_t ms)
{
    visitor->now += ms;
    kiosk_tick(visitor->kiosk, visitor->now);
}

/* What was drawn bit by bit on the way here is what a fresh drawing gives. */
static inline void visitor_check_whole(struct visitor *visitor, const char *name)
{
    const struct canvas *canvas = visitor->canvas;
    struct canvas *before = canvas_create(canvas->width, canvas->height);
    int stale = 0, at_x = 0, at_y = 0;
    (void)visitor_frame(visitor);
    canvas_copy(before, canvas, (struct rect){0, 0, canvas->width, canvas->height}, 0, 0);
    kiosk_invalidate(visitor->kiosk);
    (void)visitor_frame(visitor);
    for (int y = 0; y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++)
            if (before->pixels[y * before->stride + x] != canvas->pixels[y * canvas->stride + x] &&
                stale++ == 0) {
                at_x = x;
                at_y = y;
            }
    if (stale > 0 && getenv("VITRINE_LOOK") != NULL) {
        char path[512];
        struct error err;
        snprintf(path, sizeof(path), "%s/stale.png", getenv("VITRINE_LOOK"));
        if (canvas_save_png(before, path, &err)) {
            snprintf(path, sizeof(path), "%s/fresh.png", getenv("VITRINE_LOOK"));
            stale += canvas_save_png(canvas, path, &err) ? 0 : 1;
        }
    }
    canvas_destroy(before);
    if (stale > 0)
        fail_msg("%s: %d pixels are stale, the first at %d,%d", name, stale, at_x, at_y);
}

/* Until nothing moves any more, with every frame drawn. */
static inline void visitor_settle(struct visitor *visitor)
{
    (void)visitor_frame(visitor);
    for (int i = 0; i < 400 && kiosk_next_wake(visitor->kiosk, visitor->now) <= visitor->now; i++) {
        visitor_wait(visitor, 16);
        (void)visitor_frame(visitor);
    }
}

static inline void visitor_tap_at(struct visitor *visitor, int x, int y)
{
    visitor_send(visitor, KIOSK_TOUCH_DOWN, 1, x, y);
    visitor->now += 60;
    visitor_send(visitor, KIOSK_TOUCH_UP, 1, x, y);
}

static inline void visitor_tap_rect(struct visitor *visitor, struct rect rect)
{
    visitor_tap_at(visitor, rect.x + rect.w / 2, rect.y + rect.h / 2);
}

/* Where something stands that does this; w 0: it does not show. */
static inline struct rect visitor_find(struct visitor *visitor, enum kiosk_action action,
                                       int64_t value)
{
    struct kiosk *kiosk = visitor->kiosk;
    kiosk_frame_place_sheet(kiosk, &kiosk->page);
    const struct scene_node *node = kiosk_frame_node(kiosk, (struct kiosk_target){action, value});
    return node != NULL ? scene_node_rect(node) : (struct rect){0};
}

static inline void visitor_tap(struct visitor *visitor, enum kiosk_action action, int64_t value)
{
    struct rect rect = visitor_find(visitor, action, value);
    if (rect.w == 0)
        fail_msg("nothing that does %d (%d) shows", (int)action, (int)value);
    visitor_tap_rect(visitor, rect);
    visitor_settle(visitor);
}

static inline void visitor_tap_item(struct visitor *visitor, size_t item)
{
    struct kiosk_pane *pane = kiosk_pane(visitor->kiosk);
    visitor_tap_rect(
        visitor, rect_intersect(kiosk_frame_item_rect(visitor->kiosk, pane, item), pane->at.view));
    visitor_settle(visitor);
}

static inline void visitor_type(struct visitor *visitor, const char *letters)
{
    const struct kiosk_keyboard *keyboard = &visitor->kiosk->search.keyboard;
    for (; *letters != '\0'; letters++) {
        char wanted[2] = {*letters, '\0'};
        int key = 0;
        struct rect rect;
        while ((rect = kiosk_keyboard_key(keyboard, key)).w > 0 &&
               strcmp(kiosk_keyboard_types(keyboard, key), wanted) != 0)
            key++;
        if (rect.w == 0)
            fail_msg("no key types %s", wanted);
        visitor_tap_rect(visitor, rect);
        (void)visitor_frame(visitor);
    }
}

static inline enum kiosk_page visitor_page(const struct visitor *visitor)
{
    return kiosk_state_page(&visitor->kiosk->state);
}

/* From the signage loop to home. */
static inline void visitor_enter(struct visitor *visitor)
{
    visitor_tap_at(visitor, 500, 500);
    visitor_settle(visitor);
    assert_int_equal(visitor_page(visitor), KIOSK_HOME);
}

static inline void visitor_open(struct visitor *visitor, enum kiosk_page page)
{
    visitor_tap(visitor, KIOSK_ACTION_OPEN, page);
    assert_int_equal(visitor_page(visitor), page);
}

#endif
