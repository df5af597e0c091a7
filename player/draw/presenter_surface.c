/* No GPU: our own mix straight into the window's surface. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "player/draw/presenter_backend.h"
#include "player/draw/video_scaler.h"

/* SDL makes a new surface when the window has changed; asking again is cheap. */
static bool window_target(struct presenter *presenter, struct pixel_target *target)
{
    SDL_Surface *surface = SDL_GetWindowSurface(presenter->window);
    if (!surface || surface->w < presenter->screen.width || surface->h < presenter->screen.height)
        return false;
    *target = (struct pixel_target){surface->pixels, surface->pitch, surface->format->format,
                                    -presenter->shift_x, -presenter->shift_y};
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

/* Repeats the picture's edges where a shifted picture does not reach: those that `window` touches.
 */
static void extend_edges(const struct presenter *presenter, const struct pixel_target *target,
                         struct rect window)
{
    int sx = presenter->shift_x, sy = presenter->shift_y;
    int column = sx > 0 ? 0 : presenter->screen.width - 1;
    int row = sy > 0 ? 0 : presenter->screen.height - 1;
    int away_x = sx > 0 ? -1 : 1, away_y = sy > 0 ? -1 : 1;
    size_t pixel = SDL_BYTESPERPIXEL(target->format);
    if (sx != 0 && column >= window.x && column < window.x + window.w) {
        for (int y = window.y; y < window.y + window.h; y++)
            for (int i = 1; i <= abs(sx); i++)
                memcpy(pixel_target_at(target, column + i * away_x, y),
                       pixel_target_at(target, column, y), pixel);
        window.x -= sx > 0 ? sx : 0;
        window.w += abs(sx);
    }
    if (sy != 0 && row >= window.y && row < window.y + window.h)
        for (int i = 1; i <= abs(sy); i++)
            memcpy(pixel_target_at(target, window.x, row + i * away_y),
                   pixel_target_at(target, window.x, row), (size_t)window.w * pixel);
}

static void put(struct presenter *presenter, const struct screen *screen, const struct mix *mix,
                struct rect area)
{
    struct pixel_target target;
    if (!window_target(presenter, &target))
        return;
    screen_write(screen, mix, area, &target);
    extend_edges(presenter, &target, screen_to_window(screen, area));
}

static void fill_window(struct presenter *presenter, struct rect window, color fill)
{
    struct pixel_target target;
    SDL_Surface *surface = SDL_GetWindowSurface(presenter->window);
    SDL_Rect rect = {window.x + presenter->shift_x, window.y + presenter->shift_y, window.w,
                     window.h};
    if (!window_target(presenter, &target))
        return;
    SDL_FillRect(surface, &rect,
                 SDL_MapRGB(surface->format, (Uint8)(fill >> 16), (Uint8)(fill >> 8), (Uint8)fill));
    extend_edges(presenter, &target, window);
}

/* Without a detour when the film stands as the window does. */
static bool put_video(struct presenter *presenter, const struct video_image *image,
                      struct rectf source, struct rect target, struct rect area)
{
    struct pixel_target pixels;
    struct video_scaler *scaler;
    if (presenter->screen.rotation != 0 || !window_target(presenter, &pixels) ||
        !pixel_target_is_plain(&pixels))
        return false;
    scaler = video_scaler_create(image, source, target);
    if (!scaler)
        return false;
    video_scaler_write(scaler, area, (uint32_t *)(void *)pixel_target_at(&pixels, area.x, area.y),
                       pixels.pitch / 4, true);
    video_scaler_destroy(scaler);
    extend_edges(presenter, &pixels, area);
    return true;
}

static bool takes(const struct presenter *presenter)
{
    return presenter->screen.rotation != 0;
}

/* Ordinary pages, given back at once: huge ones are entered in 2 MiB at a time, which takes up to
 * 10 ms where they must be found first, and malloc would keep them. Regaining 8 MiB costs 6 ms,
 * spread over the bands. */
static struct canvas *create_turned(int width, int height)
{
    struct canvas *canvas = calloc(1, sizeof *canvas);
    size_t size = (size_t)width * (size_t)height * sizeof *canvas->pixels;
    if (!canvas)
        return NULL;
    void *pixels = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pixels == MAP_FAILED) {
        free(canvas);
        return NULL;
    }
    *canvas = (struct canvas){pixels, width, height, width, {0, 0, width, height}};
    return canvas;
}

static void destroy_turned(struct canvas **canvas)
{
    if (*canvas) {
        munmap((*canvas)->pixels,
               (size_t)(*canvas)->width * (size_t)(*canvas)->height * sizeof *(*canvas)->pixels);
        free(*canvas);
    }
    *canvas = NULL;
}

static bool take(struct transition *transition, int which, int from, int until)
{
    struct screen screen = transition_turned_screen(transition);
    struct canvas **turned = &transition->turned[which];
    if (!*turned)
        *turned = create_turned(screen.width, screen.height);
    if (!*turned)
        return false;
    struct mix alone = {.first = transition->pictures[which]};
    struct pixel_target target = {(*turned)->pixels, (*turned)->stride * 4,
                                  SDL_PIXELFORMAT_ARGB8888, 0, 0};
    struct rect band = {0, from, screen.width, until - from};
    screen_write(&screen, &alone, screen_from_window(&screen, band), &target);
    return true;
}

static void release(struct transition *transition)
{
    destroy_turned(&transition->turned[0]);
    destroy_turned(&transition->turned[1]);
}

static void paint(struct transition *transition, const struct screen *screen, const struct mix *mix,
                  struct rect area)
{
    put(transition->presenter, screen, mix, area);
}

static void show(struct presenter *presenter, const struct rect *rects, int count)
{
    SDL_Rect areas[DIRTY_MAX];
    for (int i = 0; i < count; i++)
        areas[i] = (SDL_Rect){rects[i].x, rects[i].y, rects[i].w, rects[i].h};
    SDL_UpdateWindowSurfaceRects(presenter->window, areas, count);
}

/* What lies outside `seen` repeats its edge. */
static void repeat_edges(struct canvas *window, struct rect seen)
{
    for (int y = 0; y < window->height; y++) {
        int from_y = y < seen.y ? seen.y : y < seen.y + seen.h ? y : seen.y + seen.h - 1;
        uint32_t *row = window->pixels + (ptrdiff_t)y * window->stride;
        const uint32_t *from = window->pixels + (ptrdiff_t)from_y * window->stride;
        if (from != row)
            memcpy(row + seen.x, from + seen.x, (size_t)seen.w * sizeof *row);
        for (int x = 0; x < seen.x; x++)
            row[x] = row[seen.x];
        for (int x = seen.x + seen.w; x < window->width; x++)
            row[x] = row[seen.x + seen.w - 1];
    }
}

static bool read_window(struct presenter *presenter, struct canvas *window)
{
    struct screen upright = {window->width, window->height, 0};
    struct rect seen = presenter_visible(presenter, &upright);
    struct pixel_target target;
    if (!window_target(presenter, &target) ||
        SDL_ConvertPixels(seen.w, seen.h, target.format, pixel_target_at(&target, seen.x, seen.y),
                          target.pitch, SDL_PIXELFORMAT_ARGB8888,
                          window->pixels + (ptrdiff_t)seen.y * window->stride + seen.x,
                          window->stride * 4) != 0)
        return false;
    repeat_edges(window, seen);
    /* The surface's fourth byte means nothing. */
    for (size_t i = 0; i < (size_t)window->stride * (size_t)window->height; i++)
        window->pixels[i] |= 0xFF000000u;
    return true;
}

const struct backend surface_backend = {
    .init = init,
    .finish = finish,
    .resize = resize,
    .put = put,
    .fill = fill_window,
    .put_video = put_video,
    .takes = takes,
    .take = take,
    .release = release,
    .paint = paint,
    .show = show,
    .read = read_window,
};
