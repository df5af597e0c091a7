#include "player/draw/canvas.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <SDL_image.h>
#include <qrencode.h>

#include "player/draw/blend_kernels.h"
#include "player/draw/image.h"

#define HUGE_PAGE ((size_t)2 * 1024 * 1024)

struct rect rect_intersect(struct rect a, struct rect b)
{
    int left = a.x > b.x ? a.x : b.x;
    int top = a.y > b.y ? a.y : b.y;
    int right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
    int bottom = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
    if (right <= left || bottom <= top)
        return (struct rect){left, top, 0, 0};
    return (struct rect){left, top, right - left, bottom - top};
}

struct rect rect_union(struct rect a, struct rect b)
{
    if (rect_empty(a))
        return b;
    if (rect_empty(b))
        return a;
    int left = a.x < b.x ? a.x : b.x;
    int top = a.y < b.y ? a.y : b.y;
    int right = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w;
    int bottom = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;
    return (struct rect){left, top, right - left, bottom - top};
}

bool rect_contains(struct rect rect, int x, int y)
{
    return x >= rect.x && y >= rect.y && x < rect.x + rect.w && y < rect.y + rect.h;
}

bool rect_empty(struct rect rect)
{
    return rect.w <= 0 || rect.h <= 0;
}

/* A fade reads two whole pictures 60 times a second; from huge pages that takes about a fifth less.
 * Only where rounding up is almost free: a 1080p picture fills four of them to 99 %. */
static void *pixels_create(size_t size)
{
    size_t whole = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    bool huge = whole - size <= size / 16;
    void *pixels;
    if (posix_memalign(&pixels, huge ? HUGE_PAGE : 64, huge ? whole : size))
        return NULL;
    if (huge)
        (void)madvise(pixels, whole, MADV_HUGEPAGE);
    return pixels;
}

struct canvas *canvas_create_unfilled(int width, int height)
{
    if (width < 1 || height < 1 || width > IMAGE_SIDE_MAX || height > IMAGE_SIDE_MAX)
        return NULL;
    struct canvas *canvas = malloc(sizeof *canvas);
    if (!canvas)
        return NULL;
    int stride = (width + 15) & ~15;
    uint32_t *pixels = pixels_create((size_t)stride * (size_t)height * sizeof *pixels);
    if (!pixels) {
        free(canvas);
        return NULL;
    }
    *canvas = (struct canvas){pixels, width, height, stride, {0, 0, width, height}};
    return canvas;
}

struct canvas *canvas_create(int width, int height)
{
    struct canvas *canvas = canvas_create_unfilled(width, height);
    if (canvas)
        blend_set(canvas->pixels, (size_t)canvas->stride * (size_t)height, 0xFF000000u);
    return canvas;
}

void canvas_destroy(struct canvas *canvas)
{
    if (!canvas)
        return;
    free(canvas->pixels);
    free(canvas);
}

void canvas_set_clip(struct canvas *canvas, const struct rect *clip)
{
    struct rect whole = {0, 0, canvas->width, canvas->height};
    canvas->clip = clip ? rect_intersect(whole, *clip) : whole;
}

static uint32_t *pixel_at(const struct canvas *canvas, int x, int y)
{
    return canvas->pixels + (ptrdiff_t)y * canvas->stride + x;
}

/* Part of row y from x on, `count` pixels, clipped. */
static void fill_span(struct canvas *canvas, int x, int y, int count, color fill)
{
    struct rect span = rect_intersect(canvas->clip, (struct rect){x, y, count, 1});
    unsigned alpha = fill >> 24;
    if (rect_empty(span) || alpha == 0)
        return;
    if (alpha == 255)
        blend_set(pixel_at(canvas, span.x, y), (size_t)span.w, fill);
    else
        blend_fill(pixel_at(canvas, span.x, y), (size_t)span.w, fill, alpha);
}

static void mask_span(struct canvas *canvas, int x, int y, const uint8_t *mask, int count,
                      color fill)
{
    struct rect span = rect_intersect(canvas->clip, (struct rect){x, y, count, 1});
    if (rect_empty(span))
        return;
    blend_mask(pixel_at(canvas, span.x, y), mask + (span.x - x), (size_t)span.w, fill, fill >> 24);
}

void canvas_fill(struct canvas *canvas, color fill)
{
    canvas_fill_rect(canvas, canvas->clip, fill);
}

void canvas_fill_rect(struct canvas *canvas, struct rect rect, color fill)
{
    rect = rect_intersect(rect, canvas->clip);
    for (int y = rect.y; y < rect.y + rect.h; y++)
        fill_span(canvas, rect.x, y, rect.w, fill);
}

/* How much of each pixel of row `y` (0 … radius - 1, from the top) of a quarter disc is covered,
 * left to right: the disc's centre is at (radius, radius). The distance to the edge, measured at
 * the pixel's centre, is as good as the true area to within 1/20. */
static void corner_row(uint8_t *mask, int radius, int y)
{
    double dy = radius - (y + 0.5);
    for (int x = 0; x < radius; x++) {
        double dx = radius - (x + 0.5);
        double cover = radius + 0.5 - sqrt(dx * dx + dy * dy);
        cover = cover < 0 ? 0 : cover > 1 ? 1 : cover;
        mask[x] = (uint8_t)lround(cover * 255);
    }
}

static void reverse(uint8_t *target, const uint8_t *source, int count)
{
    for (int i = 0; i < count; i++)
        target[i] = source[count - 1 - i];
}

static int cut_radius(struct rect rect, int radius)
{
    int limit = (rect.w < rect.h ? rect.w : rect.h) / 2;
    return radius < 0 ? 0 : radius > limit ? limit : radius;
}

/* Distance of row y from the nearer of the two edges, when it is among the rounded ones; else -1.
 */
static int corner_index(struct rect rect, int radius, int y)
{
    int from_top = y - rect.y, from_bottom = rect.y + rect.h - 1 - y;
    int index = from_top < from_bottom ? from_top : from_bottom;
    return index < radius ? index : -1;
}

void canvas_fill_round(struct canvas *canvas, struct rect rect, int radius, color fill)
{
    radius = cut_radius(rect, radius);
    struct rect visible = rect_intersect(rect, canvas->clip);
    uint8_t left[IMAGE_SIDE_MAX / 2], right[IMAGE_SIDE_MAX / 2];
    if (radius > IMAGE_SIDE_MAX / 2)
        radius = IMAGE_SIDE_MAX / 2;
    for (int y = visible.y; y < visible.y + visible.h; y++) {
        int index = corner_index(rect, radius, y);
        if (index < 0) {
            fill_span(canvas, rect.x, y, rect.w, fill);
            continue;
        }
        corner_row(left, radius, index);
        reverse(right, left, radius);
        mask_span(canvas, rect.x, y, left, radius, fill);
        fill_span(canvas, rect.x + radius, y, rect.w - 2 * radius, fill);
        mask_span(canvas, rect.x + rect.w - radius, y, right, radius, fill);
    }
}

/* Coverage of a whole row of a rounded rectangle, rect.w bytes. */
static void round_row(uint8_t *mask, struct rect rect, int radius, int y)
{
    int index = corner_index(rect, radius, y);
    memset(mask, 255, (size_t)rect.w);
    if (index < 0)
        return;
    corner_row(mask, radius, index);
    reverse(mask + rect.w - radius, mask, radius);
}

void canvas_stroke_round(struct canvas *canvas, struct rect rect, int radius, int width,
                         color stroke)
{
    struct rect inner = {rect.x + width, rect.y + width, rect.w - 2 * width, rect.h - 2 * width};
    struct rect visible = rect_intersect(rect, canvas->clip);
    if (width <= 0 || rect_empty(visible))
        return;
    if (rect_empty(inner)) {
        canvas_fill_round(canvas, rect, radius, stroke);
        return;
    }
    radius = cut_radius(rect, radius);
    int inner_radius = cut_radius(inner, radius - width);
    uint8_t *mask = malloc(2 * (size_t)rect.w);
    if (!mask)
        return;
    uint8_t *hole = mask + rect.w;
    for (int y = visible.y; y < visible.y + visible.h; y++) {
        bool beside_hole = y >= inner.y && y < inner.y + inner.h;
        if (corner_index(rect, radius, y) < 0 && beside_hole &&
            corner_index(inner, inner_radius, y) < 0) {
            fill_span(canvas, rect.x, y, width, stroke);
            fill_span(canvas, rect.x + rect.w - width, y, width, stroke);
            continue;
        }
        round_row(mask, rect, radius, y);
        if (beside_hole) {
            round_row(hole, inner, inner_radius, y);
            for (int x = 0; x < inner.w; x++) {
                uint8_t *cover = &mask[x + width];
                *cover = *cover > hole[x] ? (uint8_t)(*cover - hole[x]) : 0;
            }
        }
        mask_span(canvas, rect.x, y, mask, rect.w, stroke);
    }
    free(mask);
}

/* Channels of `first` + (`last` - `first`) * position / steps, rounded. */
static color mix_colors(color first, color last, int position, int steps)
{
    color mixed = 0;
    for (int shift = 0; shift < 32; shift += 8) {
        int a = first >> shift & 0xFF, b = last >> shift & 0xFF;
        int channel =
            steps > 0 ? (2 * (a * (steps - position) + b * position) + steps) / (2 * steps) : a;
        mixed |= (color)channel << shift;
    }
    return mixed;
}

void canvas_fill_gradient(struct canvas *canvas, struct rect rect, bool horizontal, color first,
                          color last)
{
    struct rect visible = rect_intersect(rect, canvas->clip);
    if (horizontal) {
        for (int x = visible.x; x < visible.x + visible.w; x++) {
            color fill = mix_colors(first, last, x - rect.x, rect.w - 1);
            canvas_fill_rect(canvas, (struct rect){x, visible.y, 1, visible.h}, fill);
        }
        return;
    }
    for (int y = visible.y; y < visible.y + visible.h; y++)
        fill_span(canvas, visible.x, y, visible.w, mix_colors(first, last, y - rect.y, rect.h - 1));
}

void canvas_draw_mask(struct canvas *canvas, const uint8_t *mask, int stride, int width, int height,
                      int x, int y, color fill)
{
    struct rect visible = rect_intersect(canvas->clip, (struct rect){x, y, width, height});
    for (int row = visible.y; row < visible.y + visible.h; row++)
        mask_span(canvas, x, row, mask + (ptrdiff_t)(row - y) * stride, width, fill);
}

void canvas_copy(struct canvas *canvas, const struct canvas *source, struct rect from, int x, int y)
{
    struct rect inside = rect_intersect(from, (struct rect){0, 0, source->width, source->height});
    int dx = x - from.x, dy = y - from.y;
    struct rect target = {inside.x + dx, inside.y + dy, inside.w, inside.h};
    target = rect_intersect(target, canvas->clip);
    for (int row = target.y; row < target.y + target.h; row++)
        memcpy(pixel_at(canvas, target.x, row), pixel_at(source, target.x - dx, row - dy),
               (size_t)target.w * sizeof(uint32_t));
}

bool canvas_draw_qr(struct canvas *canvas, const char *text, int x, int y, int size)
{
    enum { QUIET_ZONE = 4, MODULE_MIN = 2 };
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return false;
    int module = size / (code->width + 2 * QUIET_ZONE);
    bool fits = module >= MODULE_MIN;
    if (fits) {
        int margin = (size - module * code->width) / 2;
        canvas_fill_rect(canvas, (struct rect){x, y, size, size}, COLOR_RGB(0xFFFFFF));
        for (int i = 0; i < code->width * code->width; i++) {
            struct rect cell = {x + margin + i % code->width * module,
                                y + margin + i / code->width * module, module, module};
            if (code->data[i] & 1)
                canvas_fill_rect(canvas, cell, COLOR_RGB(0x000000));
        }
    }
    QRcode_free(code);
    return fits;
}

struct rectf crop_to_focus(int image_width, int image_height, double focal_x, double focal_y,
                           int width, int height)
{
    struct rectf crop = {0, 0, image_width, image_height};
    if (image_width < 1 || image_height < 1 || width < 1 || height < 1)
        return crop;
    if ((int64_t)image_width * height > (int64_t)image_height * width) {
        crop.w = (double)image_height * width / height;
        crop.x = fmin(fmax(focal_x * image_width - crop.w / 2, 0), image_width - crop.w);
    } else {
        crop.h = (double)image_width * height / width;
        crop.y = fmin(fmax(focal_y * image_height - crop.h / 2, 0), image_height - crop.h);
    }
    return crop;
}

bool canvas_save_png(const struct canvas *canvas, const char *path, struct error *err)
{
    bool saved = false;
    SDL_Surface *view =
        SDL_CreateRGBSurfaceWithFormatFrom(canvas->pixels, canvas->width, canvas->height, 32,
                                           canvas->stride * 4, SDL_PIXELFORMAT_XRGB8888);
    SDL_Surface *rgb = view ? SDL_ConvertSurfaceFormat(view, SDL_PIXELFORMAT_RGB24, 0) : NULL;
    if (!rgb) {
        error_set(err, ERROR_INTERNAL, "mémoire insuffisante pour l’image",
                  "not enough memory for the picture");
        goto done;
    }
    errno = 0;
    if (IMG_SavePNG(rgb, path) != 0) {
        if (errno != 0)
            error_set_errno(err, errno, "impossible d’écrire l’image", "cannot write the picture");
        else
            error_set(err, ERROR_IO, "impossible d’écrire l’image : %s",
                      "cannot write the picture: %s", SDL_GetError());
        error_at(err, path, 0);
        goto done;
    }
    saved = true;
done:
    SDL_FreeSurface(rgb);
    SDL_FreeSurface(view);
    return saved;
}
