/* What stands on the ground: markers, "vous êtes ici", and names where there is room. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "player/kiosk/kiosk_kit.h"
#include "player/kiosk/kiosk_map_private.h"

#define OBSTACLES_MAX 400
#define NAME_ROOM 1.3  /* a name may be so much wider than its commune */
#define NAMES_ALWAYS 5 /* of those that matter most, however narrow they are */
#define CORNER_STEPS 8

struct obstacles {
    struct rect items[OBSTACLES_MAX];
    int count;
};

static struct rect box_around(struct pointf at, double half_w, double half_h)
{
    return (struct rect){(int)floor(at.x - half_w), (int)floor(at.y - half_h),
                         (int)ceil(2 * half_w), (int)ceil(2 * half_h)};
}

static void add_obstacle(struct obstacles *obstacles, struct rect rect)
{
    if (obstacles->count < OBSTACLES_MAX)
        obstacles->items[obstacles->count++] = rect;
}

static bool is_free(const struct obstacles *obstacles, struct rect rect)
{
    for (int i = 0; i < obstacles->count; i++)
        if (!rect_empty(rect_intersect(obstacles->items[i], rect)))
            return false;
    return obstacles->count < OBSTACLES_MAX;
}

static bool in_view(const struct kiosk_map *map, struct pointf at, double reach)
{
    const struct rect *rect = &map->rect;
    return at.x + reach > rect->x && at.y + reach > rect->y && at.x - reach < rect->x + rect->w &&
           at.y - reach < rect->y + rect->h;
}

void map_texts_forget(struct kiosk_map *map)
{
    for (size_t i = 0; i < map->commune_count; i++) {
        text_layout_destroy(map->communes[i].written);
        map->communes[i].written = NULL;
    }
    for (int i = 0; i < MAP_COUNTS; i++) {
        text_layout_destroy(map->counts[i]);
        map->counts[i] = NULL;
    }
}

/* ---- markers -------------------------------------------------------------------------------- */

/* By the distance of each pixel's centre from the middle. */
static uint8_t *make_disc(int radius)
{
    uint8_t *mask = malloc(4 * (size_t)radius * (size_t)radius);
    for (int y = 0; mask != NULL && y < 2 * radius; y++)
        for (int x = 0; x < 2 * radius; x++) {
            double away = hypot(x + 0.5 - radius, y + 0.5 - radius);
            double share = fmin(fmax(radius + 0.5 - away, 0), 1);
            mask[y * 2 * radius + x] = (uint8_t)lround(share * 255);
        }
    return mask;
}

static void disc(struct kiosk_map *map, struct canvas *canvas, struct pointf at, double radius,
                 color fill)
{
    int r = (int)lround(fmin(radius, MAP_DISCS - 1));
    if (r < 1 || fill >> 24 == 0)
        return;
    if (map->discs[r] == NULL)
        map->discs[r] = make_disc(r);
    if (map->discs[r] != NULL)
        canvas_draw_mask(canvas, map->discs[r], 2 * r, 2 * r, 2 * r, (int)lround(at.x) - r,
                         (int)lround(at.y) - r, fill);
}

static struct text_layout *make_count(const struct kiosk_map *map, struct text_engine *text,
                                      uint32_t count)
{
    char words[24];
    if (count < 1000)
        snprintf(words, sizeof(words), "%u", count);
    else if (count < 10000)
        snprintf(words, sizeof(words), "%u%s%03u", count / 1000,
                 lang_pick(map->lang, "\u202f", ","), count % 1000);
    else
        snprintf(words, sizeof(words), "%u\u202fk", count / 1000);
    struct text_style style = {.weight = TEXT_SEMIBOLD, .cap_height = map->cap_px, .max_lines = 1};
    return text_layout_create(text, words, &style, 4096);
}

static void draw_count(struct kiosk_map *map, struct text_engine *text, struct canvas *canvas,
                       struct pointf at, uint32_t count, color ink)
{
    struct text_layout *layout = count < MAP_COUNTS ? map->counts[count] : NULL;
    if (layout == NULL)
        layout = make_count(map, text, count);
    if (count < MAP_COUNTS)
        map->counts[count] = layout;
    text_layout_draw(layout, canvas, (int)lround(at.x - text_layout_width(layout) / 2.0),
                     (int)lround(at.y - text_layout_baseline(layout, 0) / 2.0), ink);
    if (count >= MAP_COUNTS)
        text_layout_destroy(layout);
}

static void draw_marker(struct kiosk_map *map, const struct kiosk_kit *kit,
                        struct text_engine *text, struct canvas *canvas, uint32_t index,
                        bool selected)
{
    const struct kiosk_theme *theme = kit->theme;
    const struct kiosk_cluster *cluster = &map->places.clusters[index];
    struct pointf at = map_to_canvas(map, cluster->at);
    bool one = cluster->count == 1, pressed = index == map->pressed;
    double radius = map_radius(map, cluster->count) * (one && selected ? 1.35 : 1);
    double rim = fmax(kit->layout->mm * (pressed ? 2.2 : 1.2), 2);
    color ring = theme->edge != 0 ? theme->page : theme->card;
    color fill = !one ? theme->accent : theme->edge != 0 ? theme->text : theme->link;
    disc(map, canvas, (struct pointf){at.x, at.y + rim * 0.8}, radius + rim, theme->shadow);
    if (selected) /* one rim more, in the colour of titles */
        disc(map, canvas, at, radius + 2.2 * rim, theme->text);
    disc(map, canvas, at, radius + rim, pressed ? theme->text : ring);
    disc(map, canvas, at, radius, fill);
    if (one)
        disc(map, canvas, at, radius * (selected ? 0.5 : 0.36), selected ? theme->accent : ring);
    else
        draw_count(map, text, canvas, at, cluster->count, theme->on_accent);
}

static uint32_t selected_cluster(const struct kiosk_map *map)
{
    if (map->selected == KIOSK_MAP_NOBODY)
        return KIOSK_PLACES_NONE;
    return kiosk_places_find(&map->places, map->selected);
}

/* ---- "vous êtes ici" ------------------------------------------------------------------------ */

/* Beside the place, where it covers no marker; above it when there is no such room. */
static struct rect find_chip(const struct kiosk_map *map, struct pointf at, int w, int h,
                             const struct obstacles *obstacles)
{
    static const int ways[][2] = {{0, -1}, {0, 1},   {1, 0}, {-1, 0},
                                  {1, -1}, {-1, -1}, {1, 1}, {-1, 1}};
    int edge = (int)lround(map->cap_px * 0.7);
    struct rect inner = {map->rect.x + edge, map->rect.y + edge, map->rect.w - 2 * edge,
                         map->rect.h - 2 * edge};
    for (int far = 2; far <= 6; far++)
        for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
            double lift = far * map->cap_px;
            struct pointf middle = {at.x + ways[i][0] * (lift + w / 2.0),
                                    at.y + ways[i][1] * (lift + h / 2.0)};
            struct rect chip = box_around(middle, w / 2.0, h / 2.0);
            struct rect seen = rect_intersect(chip, inner);
            if (seen.w == chip.w && seen.h == chip.h && is_free(obstacles, chip))
                return chip;
        }
    return box_around((struct pointf){at.x, at.y - 2 * map->cap_px - h / 2.0}, w / 2.0, h / 2.0);
}

static double clamp(double value, double least, double most)
{
    return fmin(fmax(value, least), most);
}

/* A dot, and a chip with the words on a short line. Markers are drawn over the dot. */
static void draw_here(struct kiosk_map *map, const struct kiosk_kit *kit, struct text_engine *text,
                      struct canvas *canvas, struct obstacles *obstacles)
{
    const struct kiosk_theme *theme = kit->theme;
    struct pointf at = map_to_canvas(map, map->here);
    if (!map->has_here || !in_view(map, at, 0))
        return;
    struct text_style style = {.weight = TEXT_SEMIBOLD, .cap_height = map->cap_px, .max_lines = 1};
    struct text_layout *words =
        text_layout_create(text, kiosk_kit_word(kit, KIOSK_STRING_YOU_ARE_AT), &style, 4096);
    int pad = (int)lround(map->cap_px * 0.7);
    int w = text_layout_width(words) + 2 * pad, h = text_layout_baseline(words, 0) + 2 * pad;
    struct rect chip = find_chip(map, at, w, h, obstacles);
    color back = theme->edge != 0 ? theme->text : theme->chrome;
    color ink = theme->edge != 0 ? theme->page : theme->on_chrome;
    const struct pointf line[] = {
        at, {clamp(at.x, chip.x + h / 2.0, chip.x + w - h / 2.0), chip.y + h / 2.0}};
    canvas_stroke_paths(canvas, &(struct path){line, 2}, 1, map->cap_px * 0.22, back);
    canvas_fill_round(canvas, chip, h / 2, back);
    text_layout_draw(words, canvas, chip.x + pad, chip.y + pad, ink);
    text_layout_destroy(words);
    double radius = map_radius(map, 1);
    disc(map, canvas, at, radius, back);
    disc(map, canvas, at, radius * 0.45, theme->accent);
    add_obstacle(obstacles, chip);
    add_obstacle(obstacles, box_around(at, radius, radius));
}

/* ---- names ---------------------------------------------------------------------------------- */

static int compare_descending(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;
    return (first < second) - (first > second);
}

static void weigh(struct kiosk_map *map)
{
    if (map->weighed)
        return;
    for (size_t i = 0; i < map->commune_count; i++)
        map->by_weight[i] = (uint64_t)map->communes[i].weight << 32 | (UINT32_MAX - i);
    qsort(map->by_weight, map->commune_count, sizeof(*map->by_weight), compare_descending);
    map->weighed = true;
}

static bool holds(const struct map_commune *commune, struct pointf place)
{
    bool inside = false;
    for (size_t i = 0; i < commune->ring_count; i++)
        for (size_t j = 0; j + 1 < commune->rings[i].count; j++) {
            const struct pointf *a = &commune->rings[i].points[j], *b = a + 1;
            if ((a->y > place.y) != (b->y > place.y) &&
                place.x < a->x + (place.y - a->y) * (b->x - a->x) / (b->y - a->y))
                inside = !inside;
        }
    return inside;
}

/* Where its name stands: at its middle, or, when that is out of view, at the nearest point in view
 * that is still within it. */
static bool find_anchor(const struct kiosk_map *map, const struct map_commune *commune,
                        double half_w, double half_h, struct pointf *at_out)
{
    struct pointf at = map_to_canvas(map, commune->middle);
    const struct rect *rect = &map->rect;
    double edge = map->cap_px;
    struct pointf seen = {
        fmin(fmax(at.x, rect->x + half_w + edge), rect->x + rect->w - half_w - edge),
        fmin(fmax(at.y, rect->y + half_h + edge), rect->y + rect->h - half_h - edge)};
    *at_out = seen;
    return (seen.x == at.x && seen.y == at.y) || holds(commune, map_to_place(map, seen.x, seen.y));
}

/* A rim in the land's colour keeps the name apart from borders. */
static void draw_name(const struct map_commune *commune, const struct kiosk_theme *theme,
                      struct canvas *canvas, struct rect place)
{
    static const int around[][2] = {{-2, 0},  {2, 0},  {0, -2}, {0, 2},
                                    {-1, -1}, {1, -1}, {-1, 1}, {1, 1}};
    color rim = commune->chosen ? theme->tint : theme->card;
    for (size_t i = 0; i < sizeof(around) / sizeof(around[0]); i++)
        text_layout_draw(commune->written, canvas, place.x + around[i][0], place.y + around[i][1],
                         rim);
    text_layout_draw(commune->written, canvas, place.x, place.y,
                     commune->chosen ? theme->text : theme->muted);
}

static void place_name(struct kiosk_map *map, const struct kiosk_kit *kit, struct text_engine *text,
                       struct canvas *canvas, struct map_commune *commune, bool always,
                       struct obstacles *obstacles)
{
    if (commune->written == NULL) {
        struct text_style style = {
            .weight = TEXT_SEMIBOLD, .cap_height = map->cap_px, .max_lines = 1};
        commune->written = text_layout_create(text, commune->name, &style, 4096);
    }
    int w = text_layout_width(commune->written), h = text_layout_baseline(commune->written, 0);
    struct pointf at;
    if ((!always && !commune->chosen && w > NAME_ROOM * commune->bounds.w * map->view.scale) ||
        !find_anchor(map, commune, w / 2.0, h / 2.0, &at))
        return;
    double step = map->apart * 0.5 + h;
    const double shifts[][2] = {{0, 0}, {0, 1}, {0, -1}, {0, 1.5}, {0, -1.5}};
    for (size_t i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++) {
        struct rect place = {(int)lround(at.x - w / 2.0 + shifts[i][0] * step),
                             (int)lround(at.y - h / 2.0 + shifts[i][1] * step), w, h};
        int pad = h / 2;
        struct rect room = {place.x - pad, place.y - pad, w + 2 * pad, h + 2 * pad};
        struct rect seen = rect_intersect(room, map->rect);
        if (seen.w != room.w || seen.h != room.h || !is_free(obstacles, room))
            continue;
        draw_name(commune, kit->theme, canvas, place);
        add_obstacle(obstacles, room);
        return;
    }
}

static void draw_names(struct kiosk_map *map, const struct kiosk_kit *kit, struct text_engine *text,
                       struct canvas *canvas, struct obstacles *obstacles)
{
    weigh(map);
    for (int round = 0; round < 2; round++) /* what was chosen first */
        for (size_t i = 0; i < map->commune_count; i++) {
            uint32_t index = UINT32_MAX - (uint32_t)map->by_weight[i];
            struct map_commune *commune = &map->communes[index];
            double reach = fmax(commune->bounds.w, commune->bounds.h) * map->view.scale;
            if (commune->chosen == (round == 0) &&
                in_view(map, map_to_canvas(map, commune->middle), reach))
                place_name(map, kit, text, canvas, commune, i < NAMES_ALWAYS, obstacles);
        }
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void draw_markers(struct kiosk_map *map, const struct kiosk_kit *kit,
                         struct text_engine *text, struct canvas *canvas)
{
    uint32_t selected = selected_cluster(map);
    for (uint32_t i = 0; i < map->places.cluster_count; i++)
        if (i != selected &&
            in_view(map, map_to_canvas(map, map->places.clusters[i].at), 2 * map_radius(map, 1000)))
            draw_marker(map, kit, text, canvas, i, false);
    if (selected != KIOSK_PLACES_NONE)
        draw_marker(map, kit, text, canvas, selected, true);
}

static void mark_obstacles(const struct kiosk_map *map, struct obstacles *obstacles)
{
    struct rectf seen = map_in_view(map, map->apart);
    for (uint32_t i = 0; i < map->places.cluster_count; i++) {
        if (!kiosk_places_within(seen, map->places.clusters[i].at))
            continue;
        struct pointf at = map_to_canvas(map, map->places.clusters[i].at);
        double radius = map_radius(map, map->places.clusters[i].count) + 2;
        add_obstacle(obstacles, box_around(at, radius, radius));
    }
}

/* What stands outside the rounded corners, in the page's colour. */
static void draw_corners(const struct kiosk_map *map, const struct kiosk_kit *kit,
                         struct canvas *canvas)
{
    double radius = kit->layout->radius;
    const struct rect *rect = &map->rect;
    for (int corner = 0; corner < 4; corner++) {
        double way_x = corner % 2 == 0 ? -1 : 1, way_y = corner < 2 ? -1 : 1;
        double x = rect->x + (way_x < 0 ? 0 : rect->w), y = rect->y + (way_y < 0 ? 0 : rect->h);
        struct pointf points[CORNER_STEPS + 2] = {{x, y}};
        for (int i = 0; i <= CORNER_STEPS; i++) {
            double angle = 1.57079632679 * i / CORNER_STEPS;
            points[i + 1] = (struct pointf){x - way_x * radius * (1 - sin(angle)),
                                            y - way_y * radius * (1 - cos(angle))};
        }
        canvas_fill_polygon(canvas, &(struct path){points, CORNER_STEPS + 2}, 1, kit->theme->page);
    }
}

void kiosk_map_draw(struct kiosk_map *map, const struct kiosk_kit *kit, struct text_engine *text,
                    struct canvas *canvas)
{
    struct rect clip = canvas->clip, inside = rect_intersect(clip, map->rect);
    if (rect_empty(inside))
        return;
    canvas_set_clip(canvas, &inside);
    map_ground_draw(map, kit, canvas);
    struct obstacles *obstacles = calloc(1, sizeof(*obstacles));
    if (obstacles != NULL) {
        mark_obstacles(map, obstacles);
        draw_here(map, kit, text, canvas, obstacles);
        draw_markers(map, kit, text, canvas);
        draw_names(map, kit, text, canvas, obstacles);
    }
    free(obstacles);
    draw_corners(map, kit, canvas);
    if (kit->theme->edge != 0)
        canvas_stroke_round(canvas, map->rect, kit->layout->radius, 2, kit->theme->edge);
    canvas_set_clip(canvas, &clip);
}
