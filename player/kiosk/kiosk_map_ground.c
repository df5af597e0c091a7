/* The ground: communes, their borders and the edge of the Métropole. Drawing all of it takes a few
 * milliseconds, so it is kept; a drag moves what is there and draws the strips that come in. */
#include <stdlib.h>

#include "player/kiosk/kiosk_kit.h"
#include "player/kiosk/kiosk_map_private.h"

#define BORDER_MM 0.5
#define EDGE_MM 3.0 /* of the Métropole, half of it outside */

struct ground_colors {
    color outside, land, chosen, border, edge;
};

static struct ground_colors colors_of(const struct kiosk_theme *theme)
{
    if (theme->edge != 0) /* high contrast: lines, no shades */
        return (struct ground_colors){theme->page, theme->page, theme->chip, theme->on_disabled,
                                      theme->edge};
    return (struct ground_colors){theme->disabled, theme->card, theme->tint,
                                  (theme->on_disabled & 0xFFFFFF) | 0x80000000,
                                  (theme->link & 0xFFFFFF) | 0x50000000};
}

/* Visible rings in canvas px into the scratch; how many. `chosen`: of those alone. */
static size_t project_rings(struct kiosk_map *map, struct rect clip, int64_t left, int64_t top,
                            double reach, bool chosen)
{
    double scale = map->view.scale;
    struct pointf *points = map->scratch;
    size_t count = 0;
    for (size_t i = 0; i < map->commune_count; i++) {
        const struct map_commune *commune = &map->communes[i];
        double x = (double)left + commune->bounds.x * scale;
        double y = (double)top + commune->bounds.y * scale;
        if ((chosen && !commune->chosen) || x - reach > clip.x + clip.w ||
            y - reach > clip.y + clip.h || x + commune->bounds.w * scale + reach < clip.x ||
            y + commune->bounds.h * scale + reach < clip.y)
            continue;
        for (size_t j = 0; j < commune->ring_count; j++) {
            map->scratch_rings[count++] = (struct path){points, commune->rings[j].count};
            for (size_t k = 0; k < commune->rings[j].count; k++)
                *points++ = (struct pointf){(double)left + commune->rings[j].points[k].x * scale,
                                            (double)top + commune->rings[j].points[k].y * scale};
        }
    }
    return count;
}

/* The communes share their borders: filled one by one, each pixel of a border belongs to one of
 * them for its part. What the wide line draws inside is covered again. */
static void draw_part(struct kiosk_map *map, const struct kiosk_kit *kit, struct canvas *canvas,
                      struct rect clip, int64_t left, int64_t top)
{
    struct ground_colors colors = colors_of(kit->theme);
    double edge = EDGE_MM * kit->layout->mm, border = BORDER_MM * kit->layout->mm;
    border = border < 1 ? 1 : border;
    canvas_set_clip(canvas, &clip);
    canvas_fill(canvas, colors.outside);
    size_t count = project_rings(map, clip, left, top, edge, false);
    canvas_stroke_paths(canvas, map->scratch_rings, count, edge, colors.edge);
    for (size_t i = 0; i < count; i++)
        canvas_fill_polygon(canvas, &map->scratch_rings[i], 1, colors.land);
    canvas_stroke_paths(canvas, map->scratch_rings, count, 2, colors.land);
    size_t chosen = project_rings(map, clip, left, top, edge, true);
    for (size_t i = 0; i < chosen; i++)
        canvas_fill_polygon(canvas, &map->scratch_rings[i], 1, colors.chosen);
    count = project_rings(map, clip, left, top, edge, false);
    canvas_stroke_paths(canvas, map->scratch_rings, count, border, colors.border);
    canvas_set_clip(canvas, NULL);
}

void map_ground_forget(struct kiosk_map *map)
{
    canvas_destroy(map->ground.canvas);
    canvas_destroy(map->ground.spare);
    map->ground = (struct map_ground){0};
}

/* What is there, moved by (dx, dy), and the strips beside it. */
static void shift_ground(struct kiosk_map *map, const struct kiosk_kit *kit, int dx, int dy)
{
    struct map_ground *ground = &map->ground;
    int w = map->rect.w, h = map->rect.h;
    canvas_copy(ground->spare, ground->canvas, (struct rect){0, 0, w, h}, dx, dy);
    struct canvas *moved = ground->spare;
    ground->spare = ground->canvas;
    ground->canvas = moved;
    const struct rect strips[] = {
        {dx > 0 ? 0 : w + dx, 0, abs(dx), h},
        {0, dy > 0 ? 0 : h + dy, w, abs(dy)},
    };
    for (int i = 0; i < 2; i++)
        if (!rect_empty(strips[i]))
            draw_part(map, kit, moved, strips[i], ground->left, ground->top);
}

static bool update_ground(struct kiosk_map *map, const struct kiosk_kit *kit)
{
    struct map_ground *ground = &map->ground;
    struct rect whole = {0, 0, map->rect.w, map->rect.h};
    if (ground->canvas == NULL) {
        ground->canvas = canvas_create_unfilled(whole.w, whole.h);
        ground->spare = canvas_create_unfilled(whole.w, whole.h);
        ground->valid = false;
    }
    if (ground->canvas == NULL || ground->spare == NULL) {
        map_ground_forget(map);
        return false;
    }
    int64_t left, top;
    map_origin(map, &left, &top);
    int64_t dx = left - map->rect.x - ground->left, dy = top - map->rect.y - ground->top;
    bool near = ground->valid && ground->scale == map->view.scale && llabs(dx) < whole.w &&
                llabs(dy) < whole.h;
    ground->left += dx;
    ground->top += dy;
    ground->scale = map->view.scale;
    ground->valid = true;
    if (!near)
        draw_part(map, kit, ground->canvas, whole, ground->left, ground->top);
    else if (dx != 0 || dy != 0)
        shift_ground(map, kit, (int)dx, (int)dy);
    return true;
}

void map_ground_draw(struct kiosk_map *map, const struct kiosk_kit *kit, struct canvas *canvas)
{
    if (update_ground(map, kit)) {
        canvas_copy(canvas, map->ground.canvas, (struct rect){0, 0, map->rect.w, map->rect.h},
                    map->rect.x, map->rect.y);
        return;
    }
    int64_t left, top;
    map_origin(map, &left, &top);
    struct rect clip = canvas->clip;
    draw_part(map, kit, canvas, rect_intersect(clip, map->rect), left, top);
    canvas_set_clip(canvas, &clip);
}
