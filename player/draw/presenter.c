#include "player/draw/presenter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "player/draw/presenter_backend.h"
#include "player/draw/video_scaler.h"

void dirty_add(struct dirty *dirty, struct rect rect)
{
    if (rect_empty(rect))
        return;
    for (int i = 0; i < dirty->count; i++) {
        struct rect joined = rect_union(dirty->rects[i], rect);
        struct rect *old = &dirty->rects[i];
        /* One holds the other, or they make a rectangle together. */
        if ((int64_t)joined.w * joined.h <= (int64_t)old->w * old->h + (int64_t)rect.w * rect.h) {
            *old = joined;
            return;
        }
    }
    if (dirty->count == DIRTY_MAX) {
        for (int i = 0; i < dirty->count; i++)
            rect = rect_union(rect, dirty->rects[i]);
        dirty->count = 0;
    }
    dirty->rects[dirty->count++] = rect;
}

struct rect presenter_visible(const struct presenter *presenter, const struct screen *screen)
{
    struct rect window = {0, 0, screen->width, screen->height};
    struct rect seen = {-presenter->shift_x, -presenter->shift_y, screen->width, screen->height};
    if (!presenter->backend->keeps_picture)
        window = rect_intersect(window, seen);
    return screen_from_window(screen, window);
}

/* The part of a canvas at (x, y) that can be seen, in the screen's coordinates. */
static struct rect visible_part(const struct presenter *presenter, struct rect from,
                                const struct canvas *canvas, int x, int y)
{
    struct rect inside = rect_intersect(from, (struct rect){0, 0, canvas->width, canvas->height});
    struct rect picture = {x + inside.x - from.x, y + inside.y - from.y, inside.w, inside.h};
    return rect_intersect(picture, presenter_visible(presenter, &presenter->screen));
}

/* Grows [*from, *from + *length), as it is shown, by what repeats its end of the picture. */
static void reach_edge(int shift, int size, int *from, int *length)
{
    int begin = *from, end = *from + *length;
    begin = shift > 0 && begin <= 0 ? 0 : begin + shift;
    end = shift < 0 && end >= size ? size : end + shift;
    *from = begin;
    *length = end - begin;
}

void presenter_touch(struct presenter *presenter, struct rect window)
{
    struct rect all = {0, 0, presenter->screen.width, presenter->screen.height};
    if (rect_empty(window))
        return;
    reach_edge(presenter->shift_x, all.w, &window.x, &window.w);
    reach_edge(presenter->shift_y, all.h, &window.y, &window.h);
    dirty_add(&presenter->dirty, rect_intersect(window, all));
}

static void show_all(struct presenter *presenter)
{
    presenter->dirty.count = 0;
    dirty_add(&presenter->dirty,
              (struct rect){0, 0, presenter->screen.width, presenter->screen.height});
}

static void invalidate_transitions(struct presenter *presenter, bool lost)
{
    for (struct transition *t = presenter->transitions; t; t = t->next)
        transition_invalidate(t, lost);
}

static void orphan_transitions(struct presenter *presenter)
{
    while (presenter->transitions)
        transition_orphan(presenter->transitions);
}

/* Starts a back end, or leaves nothing of it. */
static bool start(struct presenter *presenter, const struct backend *backend, struct error *err)
{
    presenter->backend = backend;
    if (backend->init(presenter, err) && backend->resize(presenter, err))
        return true;
    backend->finish(presenter);
    return false;
}

struct presenter *presenter_create(struct SDL_Window *window, enum presenter_backend backend,
                                   int rotation, struct error *err)
{
    assert(rotation == 0 || rotation == 90 || rotation == 180 || rotation == 270);
    struct presenter *presenter = calloc(1, sizeof *presenter);
    bool ready = false;
    if (!presenter) {
        error_set(err, ERROR_INTERNAL, "mémoire insuffisante pour l’écran",
                  "not enough memory for the screen");
        return NULL;
    }
    presenter->window = window;
    presenter->screen.rotation = rotation;
    presenter->hardware = backend == PRESENTER_AUTO;
    if (backend == PRESENTER_AUTO)
        ready = start(presenter, &renderer_backend, NULL);
    if (!ready)
        ready = start(presenter,
                      backend == PRESENTER_RENDERER ? &renderer_backend : &surface_backend, err);
    if (!ready) {
        free(presenter);
        return NULL;
    }
    presenter_invalidate(presenter);
    return presenter;
}

void presenter_destroy(struct presenter *presenter)
{
    if (!presenter)
        return;
    orphan_transitions(presenter);
    presenter->backend->finish(presenter);
    free(presenter);
}

const char *presenter_name(const struct presenter *presenter)
{
    return presenter->name;
}

void presenter_size(const struct presenter *presenter, int *width_out, int *height_out)
{
    screen_picture_size(&presenter->screen, width_out, height_out);
}

static int limit_shift(int shift, int size)
{
    int most = size > 2 * PRESENTER_SHIFT_MAX ? PRESENTER_SHIFT_MAX : 0;
    return shift < -most ? -most : shift > most ? most : shift;
}

bool presenter_resize(struct presenter *presenter, struct error *err)
{
    struct screen old = presenter->screen;
    if (!presenter->backend->resize(presenter, err)) {
        orphan_transitions(presenter);
        return false;
    }
    presenter->shift_x = limit_shift(presenter->shift_x, presenter->screen.width);
    presenter->shift_y = limit_shift(presenter->shift_y, presenter->screen.height);
    /* Their canvases have the old size. */
    if (presenter->screen.width != old.width || presenter->screen.height != old.height)
        orphan_transitions(presenter);
    presenter_invalidate(presenter);
    return true;
}

void presenter_invalidate(struct presenter *presenter)
{
    invalidate_transitions(presenter, presenter->backend->keeps_picture);
    show_all(presenter);
}

void presenter_set_shift(struct presenter *presenter, int dx, int dy)
{
    const struct screen *screen = &presenter->screen;
    int x = dx, y = dy;
    if (screen->rotation == 90 || screen->rotation == 270) {
        x = screen->rotation == 90 ? -dy : dy;
        y = screen->rotation == 90 ? dx : -dx;
    } else if (screen->rotation == 180) {
        x = -dx;
        y = -dy;
    }
    x = limit_shift(x, screen->width);
    y = limit_shift(y, screen->height);
    if (x == presenter->shift_x && y == presenter->shift_y)
        return;
    presenter->shift_x = x;
    presenter->shift_y = y;
    invalidate_transitions(presenter, false);
    show_all(presenter);
}

void presenter_put(struct presenter *presenter, const struct canvas *canvas, struct rect from,
                   int x, int y)
{
    struct rect area = visible_part(presenter, from, canvas, x, y);
    struct mix mix = {.first = canvas, .x = x - from.x, .y = y - from.y};
    if (rect_empty(area))
        return;
    presenter->backend->put(presenter, &presenter->screen, &mix, area);
    presenter_touch(presenter, screen_to_window(&presenter->screen, area));
}

void presenter_fill(struct presenter *presenter, struct rect rect, color fill)
{
    struct rect seen = presenter_visible(presenter, &presenter->screen);
    struct rect window = screen_to_window(&presenter->screen, rect_intersect(rect, seen));
    if (rect_empty(window))
        return;
    presenter->backend->fill(presenter, window, fill | 0xFF000000u);
    presenter_touch(presenter, window);
}

/* Rows of a film's frame that are converted before they are turned or uploaded. */
enum { VIDEO_ROWS = 128 };

static void put_video_rows(struct presenter *presenter, struct video_scaler *scaler,
                           struct rect area)
{
    struct canvas *rows = canvas_create_unfilled(area.w, VIDEO_ROWS);
    for (int y = area.y; rows && y < area.y + area.h; y += VIDEO_ROWS) {
        struct rect band = rect_intersect(area, (struct rect){area.x, y, area.w, VIDEO_ROWS});
        struct mix mix = {.first = rows, .x = band.x, .y = band.y};
        video_scaler_write(scaler, band, rows->pixels, rows->stride, false);
        presenter->backend->put(presenter, &presenter->screen, &mix, band);
    }
    canvas_destroy(rows);
}

void presenter_put_video(struct presenter *presenter, const struct video_image *image,
                         struct rectf source, struct rect target)
{
    struct rect seen = presenter_visible(presenter, &presenter->screen);
    struct rect area = rect_intersect(target, seen);
    if (rect_empty(area))
        return;
    if (!presenter->backend->put_video(presenter, image, source, target, area)) {
        struct video_scaler *scaler = video_scaler_create(image, source, target);
        if (!scaler)
            return;
        put_video_rows(presenter, scaler, area);
        video_scaler_destroy(scaler);
    }
    presenter_touch(presenter, screen_to_window(&presenter->screen, area));
}

void presenter_flush(struct presenter *presenter)
{
    if (presenter->dirty.count == 0)
        return;
    presenter->backend->show(presenter, presenter->dirty.rects, presenter->dirty.count);
    presenter->dirty.count = 0;
}

void presenter_map_touch(const struct presenter *presenter, int window_x, int window_y, int *x_out,
                         int *y_out)
{
    const struct screen *screen = &presenter->screen;
    int x = window_x - presenter->shift_x, y = window_y - presenter->shift_y;
    /* The repeated edges belong to the pixels that they repeat. */
    if (rect_contains((struct rect){0, 0, screen->width, screen->height}, window_x, window_y)) {
        x = x < 0 ? 0 : x < screen->width ? x : screen->width - 1;
        y = y < 0 ? 0 : y < screen->height ? y : screen->height - 1;
    }
    screen_to_picture(screen, x, y, x_out, y_out);
}

struct canvas *presenter_snapshot(struct presenter *presenter)
{
    int width, height;
    screen_picture_size(&presenter->screen, &width, &height);
    struct canvas *window = canvas_create(presenter->screen.width, presenter->screen.height);
    struct canvas *picture = canvas_create(width, height);
    if (!window || !picture || !presenter->backend->read(presenter, window)) {
        canvas_destroy(picture);
        picture = NULL;
    } else {
        /* The picture is the window turned back. */
        struct screen back = {width, height, (360 - presenter->screen.rotation) % 360};
        struct mix mix = {.first = window};
        struct pixel_target target = {picture->pixels, picture->stride * 4,
                                      SDL_PIXELFORMAT_ARGB8888, 0, 0};
        screen_write(&back, &mix, (struct rect){0, 0, window->width, window->height}, &target);
    }
    canvas_destroy(window);
    return picture;
}
