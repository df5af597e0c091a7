/* No GPU: our own mix straight into the window's surface. */
#include "player/draw/presenter_backend.h"

/* SDL makes a new surface when the window has changed; asking again is cheap. */
static bool window_target(struct presenter *presenter, struct pixel_target *target)
{
    SDL_Surface *surface = SDL_GetWindowSurface(presenter->window);
    if (!surface || surface->w < presenter->screen.width || surface->h < presenter->screen.height)
        return false;
    *target = (struct pixel_target){surface->pixels, surface->pitch, surface->format->format, 0, 0};
    return true;
}

static bool resize(struct presenter *presenter, struct error *err)
{
    SDL_Surface *surface = SDL_GetWindowSurface(presenter->window);
    if (!surface || SDL_FillRect(surface, NULL, SDL_MapRGB(surface->format, 0, 0, 0)) != 0)
        return error_set(err, ERROR_IO, "impossible de dessiner dans la fenêtre : %s",
                         "cannot draw into the window: %s", SDL_GetError());
    presenter->screen.width = surface->w;
    presenter->screen.height = surface->h;
    return true;
}

static bool init(struct presenter *presenter, struct error *err)
{
    (void)err;
    SDL_strlcpy(presenter->name, "surface", sizeof presenter->name);
    return true;
}

static void finish(struct presenter *presenter)
{
    (void)presenter;
}

static void put(struct presenter *presenter, const struct screen *screen, const struct mix *mix,
                struct rect area)
{
    struct pixel_target target;
    if (window_target(presenter, &target))
        screen_write(screen, mix, area, &target);
}

static void fade_nothing(struct presenter *presenter)
{
    (void)presenter;
}

static void fade_area(struct presenter *presenter, struct rect rect)
{
    struct rect area = presenter_fade_area(presenter, rect);
    if (!rect_empty(area))
        put(presenter, &presenter->fade.screen, &presenter->fade.mix, area);
}

static void fade(struct presenter *presenter)
{
    const struct fade *fade = &presenter->fade;
    if (fade->whole)
        fade_area(presenter, (struct rect){0, 0, fade->mix.first->width, fade->mix.first->height});
    else if (fade->difference.count == 0)
        fade_area(presenter, fade->difference.bounds);
    else
        for (int i = 0; i < fade->difference.count; i++)
            fade_area(presenter, fade->difference.rects[i]);
}

static void show(struct presenter *presenter, const struct rect *rects, int count)
{
    SDL_Rect areas[DIRTY_MAX];
    for (int i = 0; i < count; i++)
        areas[i] = (SDL_Rect){rects[i].x, rects[i].y, rects[i].w, rects[i].h};
    SDL_UpdateWindowSurfaceRects(presenter->window, areas, count);
}

static bool read_window(struct presenter *presenter, struct canvas *window)
{
    struct pixel_target target;
    if (!window_target(presenter, &target) ||
        SDL_ConvertPixels(window->width, window->height, target.format, target.pixels, target.pitch,
                          SDL_PIXELFORMAT_ARGB8888, window->pixels, window->stride * 4) != 0)
        return false;
    /* The surface's fourth byte means nothing. */
    for (size_t i = 0; i < (size_t)window->stride * (size_t)window->height; i++)
        window->pixels[i] |= 0xFF000000u;
    return true;
}

const struct backend surface_backend = {
    .mixes_itself = true,
    .init = init,
    .finish = finish,
    .resize = resize,
    .put = put,
    .fade_begin = fade_nothing,
    .fade = fade,
    .fade_end = fade_nothing,
    .show = show,
    .read = read_window,
};
