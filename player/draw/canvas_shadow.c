/* Soft shadows. A blurred rounded rectangle is the same along its straight edges, so only a small
 * one, just large enough for its four corners, is blurred; its middle row and column are then
 * stretched. A large card costs no more than a small one. */
#include <stdlib.h>
#include <string.h>

#include "player/draw/blend_kernels.h"
#include "player/draw/canvas.h"
#include "player/draw/image.h"

enum { BLUR_PASSES = 3, BLUR_MAX = 512 };

/* Running mean over 2 * reach + 1 cells, `step` apart; cells outside count as 0. */
static void blur_line(uint16_t *cells, uint16_t *scratch, int count, int step, int reach)
{
    uint32_t sum = 0, window = 2 * (uint32_t)reach + 1;
    for (int i = 0; i < count; i++)
        scratch[i] = cells[(ptrdiff_t)i * step];
    for (int i = 0; i < reach && i < count; i++)
        sum += scratch[i];
    for (int i = 0; i < count; i++) {
        if (i + reach < count)
            sum += scratch[i + reach];
        cells[(ptrdiff_t)i * step] = (uint16_t)((sum + window / 2) / window);
        if (i - reach >= 0)
            sum -= scratch[i - reach];
    }
}

/* 16-bit coverage of a w × h rounded rectangle in the middle of a field with `margin` around it. */
static uint16_t *shadow_field(int w, int h, int radius, int margin)
{
    int field_w = w + 2 * margin, field_h = h + 2 * margin;
    struct canvas *shape = canvas_create(field_w, field_h);
    uint16_t *field = malloc((size_t)field_w * (size_t)field_h * sizeof *field);
    if (shape && field) {
        canvas_fill_round(shape, (struct rect){margin, margin, w, h}, radius, 0xFFFFFFFFu);
        for (int y = 0; y < field_h; y++)
            for (int x = 0; x < field_w; x++)
                field[y * field_w + x] =
                    (uint16_t)((shape->pixels[y * shape->stride + x] & 0xFF) * 257);
    } else {
        free(field);
        field = NULL;
    }
    canvas_destroy(shape);
    return field;
}

static bool blur_field(uint16_t *field, int w, int h, int reach)
{
    uint16_t *scratch = malloc((size_t)(w > h ? w : h) * sizeof *scratch);
    if (!scratch)
        return false;
    for (int pass = 0; pass < BLUR_PASSES; pass++) {
        for (int y = 0; y < h; y++)
            blur_line(field + (ptrdiff_t)y * w, scratch, w, 1, reach);
        for (int x = 0; x < w; x++)
            blur_line(field + x, scratch, h, w, reach);
    }
    free(scratch);
    return true;
}

/* Where cell i of a stretched axis of `length` comes from on the small axis of `small` cells. */
static int stretch(int i, int length, int small)
{
    int half = small / 2;
    if (i < half)
        return i;
    return i >= length - half ? small - (length - i) : half;
}

void canvas_shadow(struct canvas *canvas, struct rect rect, int radius, int blur, int offset_y,
                   color shadow)
{
    rect.y += offset_y;
    if (rect_empty(rect))
        return;
    if (blur <= 0) {
        canvas_fill_round(canvas, rect, radius, shadow);
        return;
    }
    /* Three running means of width d have the variance of a gaussian of sigma d/2. */
    int reach = (blur < BLUR_MAX ? blur : BLUR_MAX) / 3;
    reach = reach < 1 ? 1 : reach;
    int margin = BLUR_PASSES * reach;
    int limit = (rect.w < rect.h ? rect.w : rect.h) / 2;
    radius = radius < 0 ? 0 : radius > limit ? limit : radius;
    int small_side = 2 * (radius + margin) + 1;
    int small_w = rect.w < small_side ? rect.w : small_side;
    int small_h = rect.h < small_side ? rect.h : small_side;
    int field_w = small_w + 2 * margin, field_h = small_h + 2 * margin;
    struct rect target = {rect.x - margin, rect.y - margin, rect.w + 2 * margin,
                          rect.h + 2 * margin};
    struct rect visible = rect_intersect(target, canvas->clip);
    if (rect_empty(visible))
        return;
    uint16_t *field = shadow_field(small_w, small_h, radius, margin);
    uint8_t *row = malloc((size_t)visible.w);
    if (field && row && blur_field(field, field_w, field_h, reach)) {
        for (int y = visible.y; y < visible.y + visible.h; y++) {
            const uint16_t *source =
                field + (ptrdiff_t)stretch(y - target.y, target.h, field_h) * field_w;
            for (int x = 0; x < visible.w; x++) {
                int from = stretch(visible.x - target.x + x, target.w, field_w);
                row[x] = (uint8_t)((source[from] + 128) / 257);
            }
            canvas_draw_mask(canvas, row, visible.w, visible.w, 1, visible.x, y, shadow);
        }
    }
    free(row);
    free(field);
}
