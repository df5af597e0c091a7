#include "player/stage/arrangement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_MS INT64_C(60000)
#define NS_PER_MS INT64_C(1000000)
#define LANES_MAX (MANIFEST_ZONES_MAX + 1)
/* Around a layout whose zones leave something free. */
#define GROUND COLOR_RGB(0x0B1F3A)

/* Date and clock, or all of the strip where it has no news. */
struct facts {
    struct rect rect; /* empty: no strip */
    bool whole;
    struct canvas *canvas; /* NULL: not drawn yet */
    struct strip_time time;
};

struct arrangement {
    struct lane_host *host;
    struct edition *edition;         /* retained; NULL: none */
    const struct manifest *manifest; /* the edition's */
    struct zones zones;
    size_t news_track; /* 0: no news */
    size_t count;
    struct lane *lanes[LANES_MAX]; /* as the layout's zones, then the strip's news */
    bool full;                     /* the zones leave nothing free */
    struct facts facts;
};

static bool rect_same(struct rect a, struct rect b)
{
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

static struct lane_zone zone_at(const struct arrangement_wish *wish, const struct zones *zones,
                                size_t index)
{
    struct lane_zone zone = {.kind = LANE_MAIN, .id = "main", .fill = 0x0B1F3A};
    zone.rect = zones->rects[index];
    if (wish->layout != NULL) {
        const struct manifest_zone *from = &wish->layout->zones[index];
        zone.kind = from->kind == ZONE_LOGO ? LANE_LOGO : index == 0 ? LANE_MAIN : LANE_SIDE;
        zone.file = from->kind == ZONE_LOGO ? from->file : (struct sha256){{0}};
        zone.fill = from->fill;
        snprintf(zone.id, sizeof zone.id, "%s", from->id);
    }
    return zone;
}

static size_t track_at(const struct arrangement_wish *wish, size_t index)
{
    return wish->layout != NULL ? wish->layout->zones[index].track : 0; /* the main zone's is 0 */
}

static struct slide_view facts_view(const struct arrangement *arrangement)
{
    return (struct slide_view){.text = arrangement->host->text,
                               .metrics = arrangement->host->metrics};
}

/* How wide the facts are is known only once there are fonts. */
static void divide_strip(struct arrangement *arrangement)
{
    if (!arrangement->facts.whole || arrangement->news_track == 0 ||
        arrangement->host->text == NULL) {
        return;
    }
    struct slide_view view = facts_view(arrangement);
    struct strip_parts parts =
        strip_parts(&view, arrangement->zones.strip, frame_lang(arrangement->manifest));
    struct lane_zone zone = {.kind = LANE_NEWS, .id = "strip", .rect = parts.news};
    struct lane *lane = lane_create(arrangement->host, &zone);
    lane_set_edition(lane, arrangement->edition, arrangement->news_track);
    arrangement->lanes[arrangement->count++] = lane;
    arrangement->facts.rect = parts.facts;
    arrangement->facts.whole = false;
}

static size_t news_track(const struct arrangement_wish *wish, const struct zones *zones)
{
    return wish->layout != NULL && !rect_empty(zones->strip) ? wish->layout->strip_track : 0;
}

struct arrangement *arrangement_create(struct lane_host *host, const struct arrangement_wish *wish,
                                       int bottom)
{
    struct arrangement *arrangement = calloc(1, sizeof *arrangement);
    if (arrangement == NULL) {
        abort();
    }
    arrangement->host = host;
    arrangement->zones = zones_make(wish->layout, &host->metrics, bottom);
    int64_t area = (int64_t)arrangement->zones.strip.w * arrangement->zones.strip.h;
    for (size_t i = 0; i < arrangement->zones.count; i++) {
        struct lane_zone zone = zone_at(wish, &arrangement->zones, i);
        arrangement->lanes[i] = lane_create(host, &zone);
        area += (int64_t)zone.rect.w * zone.rect.h;
    }
    arrangement->count = arrangement->zones.count;
    arrangement->full = area == (int64_t)arrangement->zones.all.w * arrangement->zones.all.h;
    arrangement->facts.rect = arrangement->zones.strip;
    arrangement->facts.whole = true;
    arrangement_follow(arrangement, wish);
    return arrangement;
}

void arrangement_destroy(struct arrangement *arrangement)
{
    if (arrangement != NULL) {
        for (size_t i = 0; i < arrangement->count; i++) {
            lane_destroy(arrangement->lanes[i]);
        }
        canvas_destroy(arrangement->facts.canvas);
        edition_release(arrangement->edition);
        free(arrangement);
    }
}

bool arrangement_fits(const struct arrangement *arrangement, const struct arrangement_wish *wish,
                      int bottom)
{
    struct zones zones = zones_make(wish->layout, &arrangement->host->metrics, bottom);
    if (!rect_same(zones.all, arrangement->zones.all) ||
        !rect_same(zones.strip, arrangement->zones.strip) ||
        zones.count != arrangement->zones.count ||
        (news_track(wish, &zones) != 0) != (arrangement->news_track != 0)) {
        return false;
    }
    for (size_t i = 0; i < zones.count; i++) {
        struct lane_zone zone = zone_at(wish, &zones, i);
        const struct lane_zone *has = lane_zone(arrangement->lanes[i]);
        if (zone.kind != has->kind || strcmp(zone.id, has->id) != 0 ||
            !rect_same(zone.rect, has->rect) || !sha256_equal(&zone.file, &has->file) ||
            zone.fill != has->fill) {
            return false;
        }
    }
    return true;
}

void arrangement_follow(struct arrangement *arrangement, const struct arrangement_wish *wish)
{
    edition_retain(wish->edition);
    edition_release(arrangement->edition);
    arrangement->edition = wish->edition;
    arrangement->manifest = wish->edition != NULL ? wish->edition->manifest : NULL;
    for (size_t i = 0; i < arrangement->zones.count; i++) {
        lane_set_edition(arrangement->lanes[i], wish->edition, track_at(wish, i));
    }
    if (arrangement->count > arrangement->zones.count) {
        lane_set_edition(arrangement->lanes[arrangement->zones.count], wish->edition,
                         wish->layout->strip_track);
    }
    arrangement->news_track = news_track(wish, &arrangement->zones);
    arrangement->facts.time = (struct strip_time){0}; /* the place may have another name */
}

void arrangement_retry(struct arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->count; i++) {
        lane_retry(arrangement->lanes[i]);
    }
}

bool arrangement_take(struct arrangement *arrangement, struct job *job)
{
    for (size_t i = 0; i < arrangement->count; i++) {
        if (lane_take(arrangement->lanes[i], job)) {
            return true;
        }
    }
    return false;
}

void arrangement_prepare(struct arrangement *arrangement, struct lane_time now, int64_t at_ms)
{
    divide_strip(arrangement);
    for (size_t i = 0; i < arrangement->count; i++) {
        lane_prepare(arrangement->lanes[i], now, at_ms);
    }
}

enum arrangement_ready arrangement_ready(struct arrangement *arrangement, int64_t at_ms)
{
    if (!lane_ready(arrangement->lanes[0], at_ms)) {
        return ARRANGEMENT_NOT;
    }
    for (size_t i = 1; i < arrangement->count; i++) {
        if (!lane_ready(arrangement->lanes[i], at_ms)) {
            return ARRANGEMENT_MAIN;
        }
    }
    return ARRANGEMENT_ALL;
}

void arrangement_adopt(struct arrangement *arrangement, struct lane_time now)
{
    for (size_t i = 0; i < arrangement->count; i++) {
        lane_adopt(arrangement->lanes[i], now);
    }
}

/* --- The strip's facts --- */

/* True when it was drawn anew. */
static bool update_facts(struct arrangement *arrangement, struct lane_time now)
{
    struct facts *facts = &arrangement->facts;
    if (rect_empty(facts->rect) || arrangement->host->text == NULL ||
        arrangement->manifest == NULL) {
        return false;
    }
    struct strip_time time = frame_time(arrangement->manifest, now.wall_ms);
    if (facts->canvas != NULL && time.days == facts->time.days &&
        time.minutes == facts->time.minutes) {
        return false;
    }
    if (facts->canvas == NULL) {
        facts->canvas = canvas_create(facts->rect.w, facts->rect.h);
    }
    if (facts->canvas == NULL) {
        return false;
    }
    struct slide_view view = facts_view(arrangement);
    enum lang lang = frame_lang(arrangement->manifest);
    facts->time = time;
    if (facts->whole) {
        strip_draw(&view, arrangement->manifest->screen.name, lang_tag(lang), time.days,
                   time.minutes, facts->canvas);
    } else {
        strip_draw_facts(&view, lang, time, facts->canvas);
    }
    return true;
}

static void put_facts(struct arrangement *arrangement)
{
    const struct facts *facts = &arrangement->facts;
    if (facts->canvas != NULL) {
        presenter_put(arrangement->host->presenter, facts->canvas,
                      (struct rect){0, 0, facts->rect.w, facts->rect.h}, facts->rect.x,
                      facts->rect.y);
    }
}

/* --- The screen --- */

bool arrangement_tick(struct arrangement *arrangement, struct lane_time now, int64_t horizon_ms)
{
    bool put = false;
    divide_strip(arrangement);
    for (size_t i = 0; i < arrangement->count; i++) {
        put = lane_tick(arrangement->lanes[i], now, horizon_ms) || put;
    }
    if (arrangement->host->presenter != NULL && update_facts(arrangement, now)) {
        put_facts(arrangement);
        put = true;
    }
    return put;
}

int64_t arrangement_next_wake(struct arrangement *arrangement, struct lane_time now,
                              int64_t horizon_ms)
{
    int64_t wake_ns = INT64_MAX;
    for (size_t i = 0; i < arrangement->count; i++) {
        int64_t lane_ns = lane_next_wake(arrangement->lanes[i], now, horizon_ms);
        wake_ns = lane_ns < wake_ns ? lane_ns : wake_ns;
    }
    if (!rect_empty(arrangement->facts.rect)) {
        int64_t into_ms = ((now.wall_ms % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;
        int64_t minute_ns = now.mono_ns + (MINUTE_MS - into_ms) * NS_PER_MS;
        wake_ns = minute_ns < wake_ns ? minute_ns : wake_ns;
    }
    return wake_ns;
}

void arrangement_settle(struct arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->count; i++) {
        lane_settle(arrangement->lanes[i]);
    }
}

void arrangement_put(struct arrangement *arrangement, struct lane_time now)
{
    arrangement_settle(arrangement);
    if (!arrangement->full) {
        presenter_fill(arrangement->host->presenter, arrangement->zones.all, GROUND);
    }
    for (size_t i = 0; i < arrangement->count; i++) {
        lane_put(arrangement->lanes[i]);
    }
    (void)update_facts(arrangement, now);
    put_facts(arrangement);
}

const struct canvas *arrangement_compose(struct arrangement *arrangement, struct lane_time now,
                                         struct canvas **made_out)
{
    struct rect all = arrangement->zones.all;
    const struct canvas *still = lane_still(arrangement->lanes[0]);
    *made_out = NULL;
    if (still != NULL && still->width == all.w && still->height == all.h) {
        return still;
    }
    struct canvas *canvas = canvas_create(all.w, all.h);
    if (canvas == NULL) {
        return NULL;
    }
    if (!arrangement->full) {
        canvas_fill(canvas, GROUND);
    }
    for (size_t i = 0; i < arrangement->count; i++) {
        lane_compose(arrangement->lanes[i], canvas);
    }
    (void)update_facts(arrangement, now);
    const struct facts *facts = &arrangement->facts;
    if (facts->canvas != NULL) {
        canvas_copy(canvas, facts->canvas, (struct rect){0, 0, facts->rect.w, facts->rect.h},
                    facts->rect.x, facts->rect.y);
    }
    *made_out = canvas;
    return canvas;
}

void arrangement_cover(struct arrangement *arrangement, struct lane_time now, bool covered)
{
    for (size_t i = 0; i < arrangement->count; i++) {
        lane_cover(arrangement->lanes[i], now, covered);
    }
}

struct edition *arrangement_edition(const struct arrangement *arrangement)
{
    return arrangement->edition;
}

struct rect arrangement_area(const struct arrangement *arrangement)
{
    return arrangement->zones.all;
}

bool arrangement_still_moment(const struct arrangement *arrangement)
{
    for (size_t i = 0; i < arrangement->count; i++) {
        if (!lane_still_moment(arrangement->lanes[i])) {
            return false;
        }
    }
    return true;
}

bool arrangement_healthy(struct arrangement *arrangement, struct lane_time now)
{
    for (size_t i = 0; i < arrangement->count; i++) {
        if (!lane_healthy(arrangement->lanes[i], now)) {
            return false;
        }
    }
    return true;
}

const struct slide *arrangement_slide(const struct arrangement *arrangement)
{
    return arrangement->count > 0 ? lane_slide(arrangement->lanes[0]) : NULL;
}
