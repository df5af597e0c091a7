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
enum { TILE_W = 64, TILE_H = 16 };

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

static bool is_plain(uint32_t format)
{
    return format == SDL_PIXELFORMAT_RGB888 || format == SDL_PIXELFORMAT_ARGB8888;
}

static uint8_t *target_at(const struct pixel_target *target, int x, int y)
{
    return (uint8_t *)target->pixels + (ptrdiff_t)(y - target->y) * target->pitch +
           (ptrdiff_t)(x - target->x) * SDL_BYTESPERPIXEL(target->format);
}

/* The canvas that shows alone, or NULL. */
static const struct canvas *only_canvas(const struct mix *mix)
{
    return mix->t == 0 ? mix->first : mix->t == 256 ? mix->second : NULL;
}

/* Upright and of our own format: straight into the target. */
static void write_rows(const struct mix *mix, struct rect area, const struct pixel_target *target)
{
    const struct canvas *only = only_canvas(mix);
    for (int y = area.y; y < area.y + area.h; y++) {
        uint32_t *out = (uint32_t *)(void *)target_at(target, area.x, y);
        if (only)
            stream_pixels(out, canvas_row(only, mix, area.x, y), (size_t)area.w);
        else
            blend_mix_stream(out, canvas_row(mix->first, mix, area.x, y),
                             canvas_row(mix->second, mix, area.x, y), (size_t)area.w, mix->t);
    }
}

static void write_block(const struct screen *screen, const struct mix *mix, struct rect area,
                        const struct pixel_target *target)
{
    uint32_t mixed[BLOCK * BLOCK], turned[BLOCK * BLOCK];
    struct rect window = screen_to_window(screen, area);
    const struct canvas *only = only_canvas(mix);
    const uint32_t *block = only ? canvas_row(only, mix, area.x, area.y) : mixed;
    int stride = only ? only->stride : BLOCK;
    for (int y = 0; y < area.h && !only; y++)
        blend_mix(mixed + y * BLOCK, canvas_row(mix->first, mix, area.x, area.y + y),
                  canvas_row(mix->second, mix, area.x, area.y + y), (size_t)area.w, mix->t);
    uint8_t *out = target_at(target, window.x, window.y);
    if (screen->rotation != 0) {
        rotate_block(turned, BLOCK, block, stride, area.w, area.h, screen->rotation);
        block = turned;
        stride = BLOCK;
    }
    if (is_plain(target->format)) {
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
    if (screen->rotation == 0 && is_plain(target->format)) {
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

/* Adds a run of tiles of one row; grows the rectangle just above when it is as wide. Those before
 * `above` ended too early for that. */
static bool add_run(struct difference *difference, int above, struct rect run)
{
    difference->bounds = rect_union(difference->bounds, run);
    for (int i = above; i < difference->count; i++) {
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
                        const struct canvas *second, int y, int above)
{
    enum { GAP_MAX = 5 * TILE_W };
    struct rect whole = {0, 0, first->width, first->height};
    struct rect run = {0};
    for (int x = 0; x < first->width; x += TILE_W) {
        struct rect tile = rect_intersect(whole, (struct rect){x, y, TILE_W, TILE_H});
        if (!tile_differs(first, second, tile))
            continue;
        if (!rect_empty(run) && x - (run.x + run.w) > GAP_MAX) {
            if (!add_run(difference, above, run))
                return false;
            run = tile;
        }
        run = rect_union(run, tile);
    }
    return rect_empty(run) || add_run(difference, above, run);
}

bool difference_init(struct difference *difference, const struct canvas *first,
                     const struct canvas *second)
{
    int above = 0;
    *difference = (struct difference){0};
    for (int y = 0; y < first->height; y += TILE_H) {
        while (above < difference->count &&
               difference->rects[above].y + difference->rects[above].h < y)
            above++;
        if (!compare_row(difference, first, second, y, above)) {
            difference_finish(difference);
            return false;
        }
    }
    return true;
}

void difference_finish(struct difference *difference)
{
    free(difference->rects);
    *difference = (struct difference){0};
}
