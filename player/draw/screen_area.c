#include "player/draw/screen_area.h"

#include <stdlib.h>
#include <string.h>

#include <SDL.h>

#include "player/draw/blend_kernels.h"
#include "player/draw/rotate_kernels.h"

/* Blocks of this side are turned or converted in one go: they stay in the second cache, and their
 * rows are long enough for memory to be read ahead. */
enum { BLOCK = 128 };

/* Differences are found in tiles of this size. Wide, because a row of a tile is compared at once.
 */
enum { TILE_W = 64, TILE_H = DIFFERENCE_ROWS };

void screen_picture_size(const struct screen *screen, int *width_out, int *height_out)
{
    bool upright = screen->rotation % 180 == 0;
    *width_out = upright ? screen->width : screen->height;
    *height_out = upright ? screen->height : screen->width;
}

struct rect screen_to_window(const struct screen *screen, struct rect picture)
{
    struct rect r = picture;
    switch (screen->rotation) {
    case 90:
        return (struct rect){screen->width - r.y - r.h, r.x, r.h, r.w};
    case 180:
        return (struct rect){screen->width - r.x - r.w, screen->height - r.y - r.h, r.w, r.h};
    case 270:
        return (struct rect){r.y, screen->height - r.x - r.w, r.h, r.w};
    default:
        return r;
    }
}

struct rect screen_from_window(const struct screen *screen, struct rect window)
{
    struct screen back = {.rotation = (360 - screen->rotation) % 360};
    screen_picture_size(screen, &back.width, &back.height);
    return screen_to_window(&back, window);
}

void screen_to_picture(const struct screen *screen, int x, int y, int *x_out, int *y_out)
{
    switch (screen->rotation) {
    case 90:
        *x_out = y;
        *y_out = screen->width - 1 - x;
        break;
    case 180:
        *x_out = screen->width - 1 - x;
        *y_out = screen->height - 1 - y;
        break;
    case 270:
        *x_out = screen->height - 1 - y;
        *y_out = x;
        break;
    default:
        *x_out = x;
        *y_out = y;
        break;
    }
}

static const uint32_t *canvas_row(const struct canvas *canvas, const struct mix *mix, int x, int y)
{
    return canvas->pixels + (ptrdiff_t)(y - mix->y) * canvas->stride + (x - mix->x);
}

bool pixel_target_is_plain(const struct pixel_target *target)
{
    return target->format == SDL_PIXELFORMAT_RGB888 || target->format == SDL_PIXELFORMAT_ARGB8888;
}

uint8_t *pixel_target_at(const struct pixel_target *target, int x, int y)
{
    return (uint8_t *)target->pixels + (ptrdiff_t)(y - target->y) * target->pitch +
           (ptrdiff_t)(x - target->x) * SDL_BYTESPERPIXEL(target->format);
}

/* The canvas that shows alone in row y, or NULL. */
static const struct canvas *only_canvas(const struct mix *mix, int y)
{
    unsigned t = mix->t;
    if (mix->ramp && !mix->ramp_down)
        return NULL;
    if (mix->ramp)
        t = mix->ramp[y - mix->y];
    return t == 0 ? mix->first : t == 256 ? mix->second : NULL;
}

static void mix_row(uint32_t *out, const struct mix *mix, int x, int y, int count, bool stream)
{
    const uint32_t *first = canvas_row(mix->first, mix, x, y);
    const uint32_t *second = canvas_row(mix->second, mix, x, y);
    unsigned t = mix->ramp && mix->ramp_down ? mix->ramp[y - mix->y] : mix->t;
    if (mix->ramp && !mix->ramp_down)
        blend_ramp(out, first, second, mix->ramp + (x - mix->x), (size_t)count);
    else if (stream)
        blend_mix_stream(out, first, second, (size_t)count, t);
    else
        blend_mix(out, first, second, (size_t)count, t);
}

/* Upright and of our own format: straight into the target. */
static void write_rows(const struct mix *mix, struct rect area, const struct pixel_target *target)
{
    for (int y = area.y; y < area.y + area.h; y++) {
        uint32_t *out = (uint32_t *)(void *)pixel_target_at(target, area.x, y);
        const struct canvas *only = only_canvas(mix, y);
        if (only)
            stream_pixels(out, canvas_row(only, mix, area.x, y), (size_t)area.w);
        else
            mix_row(out, mix, area.x, y, area.w, true);
    }
}

static void write_block(const struct screen *screen, const struct mix *mix, struct rect area,
                        const struct pixel_target *target)
{
    uint32_t mixed[BLOCK * BLOCK], turned[BLOCK * BLOCK];
    struct rect window = screen_to_window(screen, area);
    const struct canvas *only = mix->ramp ? NULL : only_canvas(mix, area.y);
    const uint32_t *block = only ? canvas_row(only, mix, area.x, area.y) : mixed;
    int stride = only ? only->stride : BLOCK;
    for (int y = 0; y < area.h && !only; y++)
        mix_row(mixed + y * BLOCK, mix, area.x, area.y + y, area.w, false);
    uint8_t *out = pixel_target_at(target, window.x, window.y);
    if (screen->rotation != 0) {
        rotate_block(turned, BLOCK, block, stride, area.w, area.h, screen->rotation);
        block = turned;
        stride = BLOCK;
    }
    if (pixel_target_is_plain(target)) {
        for (int y = 0; y < window.h; y++)
            stream_pixels((uint32_t *)(void *)(out + (ptrdiff_t)y * target->pitch),
                          block + (ptrdiff_t)y * stride, (size_t)window.w);
        return;
    }
    SDL_ConvertPixels(window.w, window.h, SDL_PIXELFORMAT_ARGB8888, block, stride * 4,
                      target->format, out, target->pitch);
}

void screen_write(const struct screen *screen, const struct mix *mix, struct rect area,
                  const struct pixel_target *target)
{
    if (screen->rotation == 0 && pixel_target_is_plain(target)) {
        write_rows(mix, area, target);
        return;
    }
    for (int y = area.y; y < area.y + area.h; y += BLOCK)
        for (int x = area.x; x < area.x + area.w; x += BLOCK)
            write_block(screen, mix, rect_intersect(area, (struct rect){x, y, BLOCK, BLOCK}),
                        target);
}

static bool tile_differs(const struct canvas *first, const struct canvas *second, struct rect tile)
{
    for (int y = tile.y; y < tile.y + tile.h; y++)
        if (memcmp(first->pixels + (ptrdiff_t)y * first->stride + tile.x,
                   second->pixels + (ptrdiff_t)y * second->stride + tile.x,
                   (size_t)tile.w * sizeof(uint32_t)) != 0)
            return true;
    return false;
}

/* Adds a run of tiles of one row; grows the rectangle just above when it is as wide. */
static bool add_run(struct difference *difference, struct rect run)
{
    difference->bounds = rect_union(difference->bounds, run);
    for (int i = difference->above; i < difference->count; i++) {
        struct rect *rect = &difference->rects[i];
        if (rect->x == run.x && rect->w == run.w && rect->y + rect->h == run.y) {
            rect->h += run.h;
            return true;
        }
    }
    if (difference->count == difference->capacity) {
        int capacity = difference->capacity ? 2 * difference->capacity : 64;
        struct rect *rects = realloc(difference->rects, (size_t)capacity * sizeof *rects);
        if (!rects)
            return false;
        difference->rects = rects;
        difference->capacity = capacity;
    }
    difference->rects[difference->count++] = run;
    return true;
}

/* One row of tiles. A few equal ones between others belong to the run: short pieces of a row cost
 * more than they save, because memory is not read ahead for them. */
static bool compare_row(struct difference *difference, const struct canvas *first,
                        const struct canvas *second, int y)
{
    enum { GAP_MAX = 5 * TILE_W };
    struct rect whole = {0, 0, first->width, first->height};
    struct rect run = {0};
    for (int x = 0; x < first->width; x += TILE_W) {
        struct rect tile = rect_intersect(whole, (struct rect){x, y, TILE_W, TILE_H});
        if (!tile_differs(first, second, tile))
            continue;
        if (!rect_empty(run) && x - (run.x + run.w) > GAP_MAX) {
            if (!add_run(difference, run))
                return false;
            run = tile;
        }
        run = rect_union(run, tile);
    }
    return rect_empty(run) || add_run(difference, run);
}

bool difference_compare(struct difference *difference, const struct canvas *first,
                        const struct canvas *second, int from_row, int until_row)
{
    int end = until_row < first->height ? until_row : first->height;
    for (int y = from_row; y < end; y += TILE_H) {
        while (difference->above < difference->count &&
               difference->rects[difference->above].y + difference->rects[difference->above].h < y)
            difference->above++;
        if (!compare_row(difference, first, second, y))
            return false;
    }
    return true;
}

void difference_finish(struct difference *difference)
{
    free(difference->rects);
    *difference = (struct difference){0};
}
