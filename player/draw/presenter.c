#include "player/draw/presenter.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "player/draw/presenter_backend.h"

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

/* The part of a canvas at (x, y) that can be seen, in the screen's coordinates. */
static struct rect visible_part(const struct screen *screen, struct rect from,
                                const struct canvas *canvas, int x, int y)
{
    struct rect inside = rect_intersect(from, (struct rect){0, 0, canvas->width, canvas->height});
    struct rect picture = {x + inside.x - from.x, y + inside.y - from.y, inside.w, inside.h};
    int width, height;
    screen_picture_size(screen, &width, &height);
    return rect_intersect(picture, (struct rect){0, 0, width, height});
}

static void show_all(struct presenter *presenter)
{
    presenter->dirty.count = 0;
    dirty_add(&presenter->dirty,
              (struct rect){0, 0, presenter->screen.width, presenter->screen.height});
}

static void stop_fade(struct fade *fade)
{
    difference_finish(&fade->difference);
    fade->active = false;
}

static void forget_fade(struct fade *fade)
{
    stop_fade(fade);
    canvas_destroy(fade->turned[0]);
    canvas_destroy(fade->turned[1]);
    fade->turned[0] = fade->turned[1] = NULL;
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
    forget_fade(&presenter->fade);
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

bool presenter_resize(struct presenter *presenter, struct error *err)
{
    /* The canvases of a running fade have the old size. */
    forget_fade(&presenter->fade);
    if (!presenter->backend->resize(presenter, err))
        return false;
    presenter_invalidate(presenter);
    return true;
}

void presenter_invalidate(struct presenter *presenter)
{
    presenter->fade.whole = true;
    if (presenter->fade.active)
        presenter->backend->fade_begin(presenter);
    show_all(presenter);
}

void presenter_put(struct presenter *presenter, const struct canvas *canvas, struct rect from,
                   int x, int y)
{
    struct rect area = visible_part(&presenter->screen, from, canvas, x, y);
    struct mix mix = {canvas, NULL, x - from.x, y - from.y, 0};
    if (rect_empty(area))
        return;
    presenter->backend->put(presenter, &presenter->screen, &mix, area);
    dirty_add(&presenter->dirty, screen_to_window(&presenter->screen, area));
}

/* Turns a canvas into *kept, which stays from fade to fade: fresh memory would cost more than the
 * turning, between two frames. */
static bool turn_canvas(struct canvas **kept, const struct canvas *canvas, int rotation)
{
    bool upright = rotation % 180 == 0;
    int width = upright ? canvas->width : canvas->height;
    int height = upright ? canvas->height : canvas->width;
    if (!*kept || (*kept)->width != width || (*kept)->height != height) {
        canvas_destroy(*kept);
        *kept = canvas_create(width, height);
    }
    if (!*kept)
        return false;
    struct screen screen = {width, height, rotation};
    struct mix alone = {canvas, NULL, 0, 0, 0};
    struct pixel_target target = {(*kept)->pixels, (*kept)->stride * 4, SDL_PIXELFORMAT_ARGB8888, 0,
                                  0};
    screen_write(&screen, &alone, (struct rect){0, 0, canvas->width, canvas->height}, &target);
    return true;
}

/* Without the memory for it the fade is only slower. */
static void turn_fade(struct fade *fade)
{
    struct mix *mix = &fade->mix;
    struct rect whole = {mix->x, mix->y, mix->first->width, mix->first->height};
    if (turn_canvas(&fade->turned[0], mix->first, fade->screen.rotation) &&
        turn_canvas(&fade->turned[1], mix->second, fade->screen.rotation)) {
        struct rect window = screen_to_window(&fade->screen, whole);
        *mix = (struct mix){fade->turned[0], fade->turned[1], window.x, window.y, mix->t};
        fade->screen.rotation = 0;
    }
}

void presenter_fade_begin(struct presenter *presenter, const struct canvas *first,
                          const struct canvas *second, int x, int y)
{
    assert(first->width == second->width && first->height == second->height);
    struct fade *fade = &presenter->fade;
    if (fade->active)
        presenter_fade_end(presenter);
    fade->screen = presenter->screen;
    fade->mix = (struct mix){first, second, x, y, 0};
    fade->active = fade->whole = true;
    if (presenter->backend->mixes_itself && fade->screen.rotation != 0)
        turn_fade(fade);
    if (!difference_init(&fade->difference, fade->mix.first, fade->mix.second))
        fade->difference.bounds =
            (struct rect){0, 0, fade->mix.first->width, fade->mix.first->height};
    presenter->backend->fade_begin(presenter);
}

struct rect presenter_fade_area(const struct presenter *presenter, struct rect rect)
{
    const struct fade *fade = &presenter->fade;
    return visible_part(&fade->screen, rect, fade->mix.first, fade->mix.x + rect.x,
                        fade->mix.y + rect.y);
}

static void dirty_add_fade_area(struct presenter *presenter, struct rect rect)
{
    dirty_add(&presenter->dirty,
              screen_to_window(&presenter->fade.screen, presenter_fade_area(presenter, rect)));
}

/* With very many small areas one request for all of them is cheaper than the areas saved. */
static void dirty_add_fade(struct presenter *presenter)
{
    const struct fade *fade = &presenter->fade;
    const struct difference *difference = &fade->difference;
    if (fade->whole)
        dirty_add_fade_area(presenter,
                            (struct rect){0, 0, fade->mix.first->width, fade->mix.first->height});
    else if (difference->count == 0 || difference->count > DIRTY_MAX)
        dirty_add_fade_area(presenter, difference->bounds);
    else
        for (int i = 0; i < difference->count; i++)
            dirty_add_fade_area(presenter, difference->rects[i]);
}

void presenter_fade(struct presenter *presenter, int t)
{
    struct fade *fade = &presenter->fade;
    unsigned step = t < 0 ? 0 : t > 256 ? 256 : (unsigned)t;
    if (!fade->active || (!fade->whole && step == fade->mix.t))
        return;
    fade->mix.t = step;
    presenter->backend->fade(presenter);
    dirty_add_fade(presenter);
    fade->whole = false;
}

void presenter_fade_end(struct presenter *presenter)
{
    if (!presenter->fade.active)
        return;
    presenter->backend->fade_end(presenter);
    stop_fade(&presenter->fade);
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
    screen_to_picture(&presenter->screen, window_x, window_y, x_out, y_out);
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
        struct mix mix = {window, NULL, 0, 0, 0};
        struct pixel_target target = {picture->pixels, picture->stride * 4,
                                      SDL_PIXELFORMAT_ARGB8888, 0, 0};
        screen_write(&back, &mix, (struct rect){0, 0, window->width, window->height}, &target);
    }
    canvas_destroy(window);
    return picture;
}
