#include <math.h>

#include "player/kiosk/kiosk_kit.h"
#include "player/kiosk/kiosk_map_private.h"
#include "player/kiosk/kiosk_scroll.h"

#define MARKERS_APART 1.2 /* in sizes of a target: each can be touched alone */
#define STEP 2.0          /* of a button or a double tap */
#define GLIDE_MS 325.0    /* time constant, as of lists */
#define GLIDE_LEAST 0.08  /* px/ms */
#define GLIDE_MOST 5.0
#define SPEED_WINDOW_MS 100
#define DOUBLE_TAP_MS 400
#define CLUSTER_FILL 0.6 /* of the view that a cluster's members take when it opens */
#define PULL_OUT 0.85    /* of the home scale: as far as a pinch pulls before it springs back */

static const struct kiosk_map_result same = {KIOSK_MAP_SAME, KIOSK_MAP_NOBODY, 0};
static const struct kiosk_map_result look = {KIOSK_MAP_LOOK, KIOSK_MAP_NOBODY, 0};

/* ---- the view ------------------------------------------------------------------------------- */

void map_origin(const struct kiosk_map *map, int64_t *left_out, int64_t *top_out)
{
    *left_out = map->rect.x + map->rect.w / 2 - llround(map->view.centre.x * map->view.scale);
    *top_out = map->rect.y + map->rect.h / 2 - llround(map->view.centre.y * map->view.scale);
}

struct pointf map_to_canvas(const struct kiosk_map *map, struct pointf place)
{
    int64_t left, top;
    map_origin(map, &left, &top);
    return (struct pointf){(double)left + place.x * map->view.scale,
                           (double)top + place.y * map->view.scale};
}

static struct pointf middle_of(const struct kiosk_map *map)
{
    return (struct pointf){map->rect.x + map->rect.w / 2, map->rect.y + map->rect.h / 2};
}

struct pointf map_to_place(const struct kiosk_map *map, double x, double y)
{
    struct pointf middle = middle_of(map);
    return (struct pointf){map->view.centre.x + (x - middle.x) / map->view.scale,
                           map->view.centre.y + (y - middle.y) / map->view.scale};
}

struct rectf map_in_view(const struct kiosk_map *map, double reach)
{
    struct pointf from = map_to_place(map, map->rect.x - reach - 1, map->rect.y - reach - 1);
    return (struct rectf){from.x, from.y, (map->rect.w + 2 * reach + 2) / map->view.scale,
                          (map->rect.h + 2 * reach + 2) / map->view.scale};
}

struct pointf kiosk_map_to_canvas(const struct kiosk_map *map, double latitude, double longitude)
{
    return map_to_canvas(map, kiosk_projection_project(&map->projection, latitude, longitude));
}

static double clamp_scale(const struct kiosk_map *map, double scale)
{
    return fmin(fmax(scale, map->home), map->home * KIOSK_MAP_DEEPEST);
}

static double clamp_axis(double centre, double view, double start, double extent)
{
    if (view >= extent)
        return start + extent / 2;
    return fmin(fmax(centre, start + view / 2), start + extent - view / 2);
}

/* The view never leaves the area; where the area is smaller it stands in the middle. */
static struct map_view clamp_view(const struct kiosk_map *map, struct map_view view)
{
    view.centre.x = clamp_axis(view.centre.x, map->rect.w / view.scale, map->area.x, map->area.w);
    view.centre.y = clamp_axis(view.centre.y, map->rect.h / view.scale, map->area.y, map->area.h);
    return view;
}

static void set_view(struct kiosk_map *map, struct map_view view)
{
    map->view = clamp_view(map, view);
    int level = kiosk_places_level(&map->places, map->view.scale, map->apart);
    if (level != map->places.level) {
        map->place = map->pressed = KIOSK_PLACES_NONE;
        kiosk_places_cluster(&map->places, level);
    }
}

/* The view of that scale in which `place` stands at (x, y). */
static struct map_view view_with(const struct kiosk_map *map, struct pointf place, double x,
                                 double y, double scale)
{
    struct pointf middle = middle_of(map);
    return (struct map_view){{place.x - (x - middle.x) / scale, place.y - (y - middle.y) / scale},
                             scale};
}

void kiosk_map_place(struct kiosk_map *map, struct rect rect, const struct kiosk_kit *kit)
{
    bool first = map->home <= 0, whole = first || map->view.scale <= map->home;
    double zoomed = first ? 1 : map->view.scale / map->home;
    rect.w = rect.w > 1 ? rect.w : 1;
    rect.h = rect.h > 1 ? rect.h : 1;
    map_texts_forget(map);
    map_ground_forget(map);
    kiosk_map_cancel(map);
    map->rect = rect;
    map->lang = kit->lang;
    map->cap_px = kit->layout->mm * kit->layout->text * KIOSK_CAP_SMALL;
    map->apart = fmax(MARKERS_APART * KIOSK_TARGET_MM * kit->layout->mm * kit->layout->text, 1);
    map->slop = kit->layout->slop;
    map->home = fmin(rect.w / map->area.w, rect.h / map->area.h);
    map->places.level = -1;
    struct pointf middle = {map->area.x + map->area.w / 2, map->area.y + map->area.h / 2};
    set_view(map, (struct map_view){whole ? middle : map->view.centre,
                                    clamp_scale(map, map->home * zoomed)});
}

bool kiosk_map_set_rows(struct kiosk_map *map, const float *lat_lon, const uint32_t *rows,
                        uint32_t count)
{
    map->lat_lon = lat_lon;
    map->place = map->pressed = KIOSK_PLACES_NONE;
    bool set =
        kiosk_places_set(&map->places, &map->projection, map->area, map->lat_lon, rows, count);
    if (map->home > 0)
        set_view(map, map->view);
    return set;
}

void kiosk_map_set_commune(struct kiosk_map *map, size_t index, uint32_t weight, bool chosen)
{
    struct map_commune *commune = &map->communes[index];
    if (commune->chosen != chosen)
        map->ground.valid = false;
    commune->chosen = chosen;
    commune->weight = weight;
    map->weighed = false;
}

void kiosk_map_set_here(struct kiosk_map *map, double latitude, double longitude)
{
    map->has_here = isfinite(latitude) && isfinite(longitude);
    if (map->has_here)
        map->here = kiosk_projection_project(&map->projection, latitude, longitude);
}

uint32_t kiosk_map_missing(const struct kiosk_map *map)
{
    return map->places.missing;
}

uint32_t kiosk_map_place_rows(const struct kiosk_map *map, uint32_t *rows_out, uint32_t most)
{
    if (map->place == KIOSK_PLACES_NONE)
        return 0;
    return kiosk_places_rows(&map->places, map->place, rows_out, most);
}

/* ---- motion --------------------------------------------------------------------------------- */

static void fly(struct kiosk_map *map, struct map_view target, bool still, int64_t now_ms)
{
    target.scale = clamp_scale(map, target.scale);
    target = clamp_view(map, target);
    map->motion = MAP_STILL;
    if (still) {
        set_view(map, target);
        return;
    }
    map->motion = MAP_FLY;
    map->start = map->view;
    map->target = target;
    map->start_ms = now_ms;
}

/* Between two views as a zoom around the one point that stays where it is. */
static struct map_view view_between(const struct map_view *from, const struct map_view *to,
                                    double share)
{
    double scale = from->scale * pow(to->scale / from->scale, share);
    double way = 1 / from->scale - 1 / to->scale;
    double part =
        fabs(to->scale / from->scale - 1) < 1e-6 ? share : (1 / from->scale - 1 / scale) / way;
    return (struct map_view){{from->centre.x + (to->centre.x - from->centre.x) * part,
                              from->centre.y + (to->centre.y - from->centre.y) * part},
                             scale};
}

static void glide_to(struct kiosk_map *map, double elapsed)
{
    double way = GLIDE_MS * (1 - exp(-elapsed / GLIDE_MS)) / map->start.scale;
    struct map_view wanted = {
        {map->start.centre.x - map->speed.x * way, map->start.centre.y - map->speed.y * way},
        map->start.scale};
    set_view(map, wanted);
    double left = hypot(map->speed.x, map->speed.y) * GLIDE_MS * exp(-elapsed / GLIDE_MS);
    bool held = map->view.centre.x != wanted.centre.x && map->view.centre.y != wanted.centre.y;
    if (left < 0.5 || held)
        map->motion = MAP_STILL;
}

bool kiosk_map_tick(struct kiosk_map *map, int64_t now_ms)
{
    if (!kiosk_map_moves(map))
        return false;
    double elapsed = (double)(now_ms - map->start_ms);
    if (map->motion == MAP_GLIDE) {
        glide_to(map, elapsed);
    } else if (elapsed >= KIOSK_MAP_FLY_MS) {
        map->motion = MAP_STILL;
        set_view(map, map->target);
    } else {
        set_view(map, view_between(&map->start, &map->target,
                                   kiosk_scroll_curve(elapsed / KIOSK_MAP_FLY_MS)));
    }
    return true;
}

bool kiosk_map_moves(const struct kiosk_map *map)
{
    return map->motion == MAP_GLIDE || map->motion == MAP_FLY;
}

bool kiosk_map_can_zoom(const struct kiosk_map *map, int step)
{
    double scale = map->motion == MAP_FLY ? map->target.scale : map->view.scale;
    if (step > 0)
        return scale < map->home * KIOSK_MAP_DEEPEST * 0.999;
    return scale > map->home * 1.001;
}

void kiosk_map_zoom(struct kiosk_map *map, int step, bool still, int64_t now_ms)
{
    /* From where a flight goes to: several presses add up. */
    struct map_view from = map->motion == MAP_FLY ? map->target : map->view;
    from.scale *= step > 0 ? STEP : step < 0 ? 1 / STEP : 0;
    fly(map, from, still, now_ms);
}

void kiosk_map_select(struct kiosk_map *map, uint32_t row, bool still, int64_t now_ms)
{
    map->selected = row;
    if (row == KIOSK_MAP_NOBODY || map->lat_lon == NULL || map->home <= 0 ||
        kiosk_places_find(&map->places, row) == KIOSK_PLACES_NONE)
        return;
    struct pointf place =
        kiosk_projection_project(&map->projection, (double)map->lat_lon[2 * (size_t)row],
                                 (double)map->lat_lon[2 * (size_t)row + 1]);
    struct pointf at = map_to_canvas(map, place);
    double edge = map->apart;
    if (at.x < map->rect.x + edge || at.y < map->rect.y + edge ||
        at.x > map->rect.x + map->rect.w - edge || at.y > map->rect.y + map->rect.h - edge)
        fly(map, (struct map_view){place, map->view.scale}, still, now_ms);
}

/* ---- fingers -------------------------------------------------------------------------------- */

double map_radius(const struct kiosk_map *map, uint32_t count)
{
    if (count == 1)
        return map->cap_px * 0.75;
    double digits = count < 10 ? 1 : count < 100 ? 2 : count < 1000 ? 3 : 4;
    return map->cap_px * (0.75 + 0.36 * digits);
}

/* The marker under a finger, or the nearest one within a target's reach. */
static uint32_t marker_at(const struct kiosk_map *map, double x, double y)
{
    uint32_t nearest = KIOSK_PLACES_NONE;
    double least = INFINITY, reach = map->apart / 2;
    struct rectf seen = map_in_view(map, map->apart);
    for (uint32_t i = 0; i < map->places.cluster_count; i++) {
        if (!kiosk_places_within(seen, map->places.clusters[i].at))
            continue;
        struct pointf at = map_to_canvas(map, map->places.clusters[i].at);
        double away = hypot(at.x - x, at.y - y);
        if (away <= fmax(reach, map_radius(map, map->places.clusters[i].count)) && away < least) {
            least = away;
            nearest = i;
        }
    }
    return nearest;
}

static int fingers_down(const struct kiosk_map *map)
{
    return (int)map->fingers[0].down + (int)map->fingers[1].down;
}

static void add_sample(struct kiosk_map *map, double x, double y, int64_t now_ms)
{
    int slot = map->sample_count++ % MAP_SAMPLES;
    map->samples[slot].ms = now_ms;
    map->samples[slot].x = x;
    map->samples[slot].y = y;
}

/* Px/ms over the last 100 ms; 0 when the finger rested. */
static struct pointf release_speed(const struct kiosk_map *map, double x, double y, int64_t now_ms)
{
    int count = map->sample_count < MAP_SAMPLES ? map->sample_count : MAP_SAMPLES;
    double from_x = x, from_y = y;
    int64_t from_ms = now_ms;
    for (int i = 0; i < count; i++) {
        int slot = (map->sample_count - 1 - i) % MAP_SAMPLES;
        if (now_ms - map->samples[slot].ms > SPEED_WINDOW_MS)
            break;
        from_ms = map->samples[slot].ms;
        from_x = map->samples[slot].x;
        from_y = map->samples[slot].y;
    }
    double time = (double)(now_ms - from_ms);
    if (time < 8)
        return (struct pointf){0, 0};
    struct pointf speed = {(x - from_x) / time, (y - from_y) / time};
    double fast = hypot(speed.x, speed.y);
    if (fast < GLIDE_LEAST)
        return (struct pointf){0, 0};
    double cut = fmin(1, GLIDE_MOST / fast);
    return (struct pointf){speed.x * cut, speed.y * cut};
}

/* What the fingers hold from now on. */
static void take_hold(struct kiosk_map *map)
{
    const struct map_finger *a = &map->fingers[0], *b = &map->fingers[1];
    map->start = map->view;
    if (fingers_down(map) == 2) {
        map->motion = MAP_PINCH;
        map->spread = fmax(hypot(a->x - b->x, a->y - b->y), 1);
        map->held = map_to_place(map, (a->x + b->x) / 2, (a->y + b->y) / 2);
        return;
    }
    const struct map_finger *finger = a->down ? a : b;
    map->motion = MAP_DRAG;
    map->held = map_to_place(map, finger->x, finger->y);
}

struct kiosk_map_result kiosk_map_down(struct kiosk_map *map, int64_t finger, int x, int y,
                                       int64_t now_ms)
{
    int free_slot = map->fingers[0].down ? 1 : 0;
    if (fingers_down(map) == 2 || !rect_contains(map->rect, x, y) ||
        (map->fingers[0].down && map->fingers[0].id == finger) ||
        (map->fingers[1].down && map->fingers[1].id == finger))
        return same;
    bool moved = kiosk_map_moves(map);
    map->fingers[free_slot] = (struct map_finger){true, finger, x, y};
    map->pressed = KIOSK_PLACES_NONE;
    map->taps = fingers_down(map) == 1 && !moved; /* else it stops what moves */
    if (map->taps) {
        map->tap_x = x;
        map->tap_y = y;
        map->pressed = marker_at(map, x, y);
    }
    take_hold(map);
    map->sample_count = 0;
    add_sample(map, x, y, now_ms);
    return look;
}

static void stretch(struct kiosk_map *map)
{
    const struct map_finger *a = &map->fingers[0], *b = &map->fingers[1];
    double scale = map->start.scale * hypot(a->x - b->x, a->y - b->y) / map->spread;
    scale = fmin(fmax(scale, map->home * PULL_OUT), map->home * KIOSK_MAP_DEEPEST);
    set_view(map, view_with(map, map->held, (a->x + b->x) / 2, (a->y + b->y) / 2, scale));
}

struct kiosk_map_result kiosk_map_move(struct kiosk_map *map, int64_t finger, int x, int y,
                                       int64_t now_ms)
{
    for (int i = 0; i < 2; i++) {
        struct map_finger *moved = &map->fingers[i];
        if (!moved->down || moved->id != finger)
            continue;
        if (map->taps && hypot(x - map->tap_x, y - map->tap_y) <= map->slop)
            return same;
        map->taps = false;
        map->pressed = KIOSK_PLACES_NONE;
        moved->x = x;
        moved->y = y;
        add_sample(map, x, y, now_ms);
        if (map->motion == MAP_PINCH)
            stretch(map);
        else
            set_view(map, view_with(map, map->held, x, y, map->start.scale));
        return look;
    }
    return same;
}

/* A cluster opens until its members fill the view; one that zooming does not part tells so. */
static struct kiosk_map_result open_cluster(struct kiosk_map *map, uint32_t cluster, bool still,
                                            int64_t now_ms)
{
    const struct kiosk_cluster *members = &map->places.clusters[cluster];
    if (members->count == 1)
        return (struct kiosk_map_result){KIOSK_MAP_POINT, members->row, 1};
    struct rectf extent = kiosk_places_extent(&map->places, cluster);
    double deepest = map->home * KIOSK_MAP_DEEPEST;
    if (fmax(extent.w, extent.h) * deepest < map->apart || map->view.scale > deepest * 0.999) {
        map->place = cluster;
        return (struct kiosk_map_result){KIOSK_MAP_PLACE, KIOSK_MAP_NOBODY, members->count};
    }
    double scale =
        CLUSTER_FILL * fmin(map->rect.w / fmax(extent.w, 1e-6), map->rect.h / fmax(extent.h, 1e-6));
    struct map_view view = {{extent.x + extent.w / 2, extent.y + extent.h / 2},
                            fmax(scale, map->view.scale * STEP)};
    fly(map, view, still, now_ms);
    return look;
}

static struct kiosk_map_result tap(struct kiosk_map *map, double x, double y, bool still,
                                   int64_t now_ms)
{
    uint32_t pressed = map->pressed;
    map->pressed = KIOSK_PLACES_NONE;
    map->motion = MAP_STILL;
    if (pressed != KIOSK_PLACES_NONE)
        return open_cluster(map, pressed, still, now_ms);
    bool twice = now_ms - map->last_ms <= DOUBLE_TAP_MS &&
                 hypot(x - map->last_x, y - map->last_y) <= map->apart;
    map->last_ms = twice ? INT64_MIN / 2 : now_ms;
    map->last_x = x;
    map->last_y = y;
    if (!twice)
        return (struct kiosk_map_result){KIOSK_MAP_GROUND, KIOSK_MAP_NOBODY, 0};
    fly(map, view_with(map, map_to_place(map, x, y), x, y, map->view.scale * STEP), still, now_ms);
    return look;
}

static void let_go(struct kiosk_map *map, double x, double y, bool still, int64_t now_ms)
{
    map->motion = MAP_STILL;
    if (map->view.scale < map->home) { /* pulled too far out */
        fly(map, map->view, still, now_ms);
        return;
    }
    map->speed = still ? (struct pointf){0, 0} : release_speed(map, x, y, now_ms);
    if (map->speed.x == 0 && map->speed.y == 0)
        return;
    map->motion = MAP_GLIDE;
    map->start = map->view;
    map->start_ms = now_ms;
}

struct kiosk_map_result kiosk_map_up(struct kiosk_map *map, int64_t finger, int x, int y,
                                     bool still, int64_t now_ms)
{
    int lifted = map->fingers[0].down && map->fingers[0].id == finger ? 0 : 1;
    if (!map->fingers[lifted].down || map->fingers[lifted].id != finger)
        return same;
    (void)kiosk_map_move(map, finger, x, y, now_ms);
    map->fingers[lifted].down = false;
    if (fingers_down(map) == 1) { /* the other one drags on from where it is */
        take_hold(map);
        map->sample_count = 0;
        return look;
    }
    if (map->taps)
        return tap(map, x, y, still, now_ms);
    let_go(map, x, y, still, now_ms);
    return look;
}

void kiosk_map_cancel(struct kiosk_map *map)
{
    map->fingers[0].down = map->fingers[1].down = false;
    map->pressed = KIOSK_PLACES_NONE;
    map->taps = false;
    if (map->motion != MAP_STILL && map->home > 0 && map->view.scale < map->home)
        set_view(map, (struct map_view){map->view.centre, map->home});
    map->motion = MAP_STILL;
}
