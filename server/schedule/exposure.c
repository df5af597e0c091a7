#include "server/schedule/exposure.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/civil.h"
#include "server/store/settings.h"

#define DAYS_SHORT 7
#define DAYS_LONG 28

struct company {
    const char *id; /* NULL: a free place */
    double short_ms, long_ms;
    size_t screens;
};

struct exposure_count {
    struct arena *arena;
    int64_t now_ms;
    size_t count, capacity; /* a power of two; a table by hash */
    struct company *companies;
};

/* What a manifest's slides get, by their index. */
struct slide_times {
    const struct manifest *manifest;
    int64_t now_ms;
    double *short_ms, *long_ms;
};

static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *text != '\0'; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
    }
    return hash ^ hash >> 32;
}

struct exposure_count *exposure_count_create(int64_t now_ms)
{
    struct arena *arena = arena_create();
    struct exposure_count *count = arena_alloc(arena, sizeof *count);
    *count = (struct exposure_count){.arena = arena, .now_ms = now_ms, .capacity = 1024};
    count->companies = arena_array(arena, count->capacity, sizeof *count->companies);
    return count;
}

void exposure_count_destroy(struct exposure_count *count)
{
    if (count != NULL) {
        arena_destroy(count->arena);
    }
}

/* Its place, taken or free. */
static struct company *place_of(const struct exposure_count *count, const char *id)
{
    size_t at = (size_t)hash_of(id) & (count->capacity - 1);
    while (count->companies[at].id != NULL && strcmp(count->companies[at].id, id) != 0) {
        at = (at + 1) & (count->capacity - 1);
    }
    return &count->companies[at];
}

static void grow(struct exposure_count *count)
{
    struct company *old = count->companies;
    size_t capacity = count->capacity;
    count->capacity *= 2;
    count->companies = arena_array(count->arena, count->capacity, sizeof *count->companies);
    for (size_t i = 0; i < capacity; i++) {
        if (old[i].id != NULL) {
            *place_of(count, old[i].id) = old[i];
        }
    }
}

static struct company *company_of(struct exposure_count *count, const char *id)
{
    struct company *company = place_of(count, id);
    if (company->id == NULL) {
        if (count->count * 2 >= count->capacity) {
            grow(count);
            company = place_of(count, id);
        }
        company->id = arena_strdup(count->arena, id);
        count->count++;
    }
    return company;
}

static int64_t overlap(int64_t from_ms, int64_t until_ms, int64_t low_ms, int64_t high_ms)
{
    int64_t from = from_ms > low_ms ? from_ms : low_ms;
    int64_t until = until_ms < high_ms ? until_ms : high_ms;
    return until > from ? until - from : 0;
}

/* How much of it the screen is on, within so many days from now on. */
static double lit_ms(const struct slide_times *times, int64_t from_ms, int64_t until_ms, int days)
{
    const struct manifest *manifest = times->manifest;
    int64_t high_ms = times->now_ms + days * CIVIL_DAY_MS;
    int64_t lit = overlap(from_ms, until_ms, times->now_ms, high_ms);
    for (size_t i = 0; lit > 0 && i < manifest->closed_count; i++) {
        int64_t low = manifest->closed[i].from_ms > times->now_ms ? manifest->closed[i].from_ms
                                                                  : times->now_ms;
        int64_t high =
            manifest->closed[i].until_ms < high_ms ? manifest->closed[i].until_ms : high_ms;
        lit -= overlap(from_ms, until_ms, low, high);
    }
    return (double)lit;
}

/* Each item of the loop gets its share of the stretch. */
static void add_stretch(struct slide_times *times, const struct manifest_interval *interval,
                        int64_t from_ms, int64_t until_ms)
{
    const struct manifest_loop *loop = &times->manifest->loops[interval->loop];
    double long_ms = lit_ms(times, from_ms, until_ms, DAYS_LONG);
    double short_ms = long_ms > 0 ? lit_ms(times, from_ms, until_ms, DAYS_SHORT) : 0;
    for (size_t i = 0; long_ms > 0 && i < loop->item_count; i++) {
        double share = (double)loop->items[i].duration_ms / (double)loop->length_ms;
        times->long_ms[loop->items[i].slide] += long_ms * share;
        times->short_ms[loop->items[i].slide] += short_ms * share;
    }
}

static bool has_track(const struct manifest_layout *layout, size_t track)
{
    bool has = layout->strip_track == track;
    for (size_t i = 0; i < layout->zone_count; i++) {
        has = has || (layout->zones[i].kind == ZONE_LOOP && layout->zones[i].track == track);
    }
    return has;
}

/* A zone counts while the main zone's layout shows it. */
static void add_track(struct slide_times *times, size_t track)
{
    const struct manifest *manifest = times->manifest;
    const struct manifest_track *of = &manifest->tracks[track - 1];
    size_t first = 0;
    for (size_t i = 0; i < of->interval_count; i++) {
        const struct manifest_interval *interval = &of->intervals[i];
        while (first < manifest->interval_count &&
               manifest->intervals[first].until_ms <= interval->from_ms) {
            first++;
        }
        for (size_t k = first;
             k < manifest->interval_count && manifest->intervals[k].from_ms < interval->until_ms;
             k++) {
            const struct manifest_interval *main = &manifest->intervals[k];
            if (has_track(&manifest->layouts[main->layout], track)) {
                add_stretch(times, interval,
                            main->from_ms > interval->from_ms ? main->from_ms : interval->from_ms,
                            main->until_ms < interval->until_ms ? main->until_ms
                                                                : interval->until_ms);
            }
        }
    }
}

void exposure_count_add(struct exposure_count *count, const struct manifest *manifest,
                        size_t screens)
{
    struct arena *arena = arena_create();
    struct slide_times times = {manifest, count->now_ms,
                                arena_array(arena, manifest->slide_count, sizeof(double)),
                                arena_array(arena, manifest->slide_count, sizeof(double))};
    for (size_t i = 0; i < manifest->interval_count; i++) {
        add_stretch(&times, &manifest->intervals[i], manifest->intervals[i].from_ms,
                    manifest->intervals[i].until_ms);
    }
    for (size_t track = 1; track <= manifest->track_count; track++) {
        add_track(&times, track);
    }
    struct exposure_count *here = exposure_count_create(count->now_ms); /* each company once */
    for (size_t i = 0; i < manifest->slide_count; i++) {
        const char *id = manifest->slides[i].organisation;
        if (id[0] != '\0' && times.long_ms[i] > 0) {
            struct company *company = company_of(here, id);
            company->short_ms += times.short_ms[i];
            company->long_ms += times.long_ms[i];
        }
    }
    for (size_t i = 0; i < here->capacity; i++) {
        const struct company *from = &here->companies[i];
        if (from->id != NULL) {
            struct company *company = company_of(count, from->id);
            company->short_ms += from->short_ms * (double)screens;
            company->long_ms += from->long_ms * (double)screens;
            company->screens += screens;
        }
    }
    exposure_count_destroy(here);
    arena_destroy(arena);
}

static int compare_exposures(const void *a, const void *b)
{
    return strcmp(((const struct exposure *)a)->organisation,
                  ((const struct exposure *)b)->organisation);
}

static const struct exposure *find_exposure(const struct exposure_list *list, const char *id)
{
    const struct exposure key = {.organisation = id};
    return list->count == 0
               ? NULL
               : bsearch(&key, list->items, list->count, sizeof key, compare_exposures);
}

/* On the day's first count the figures of before move on; else they stay. Who is new is owed. */
static void carry_dues(struct exposure *exposure, const struct exposure_list *old, bool new_day)
{
    const struct exposure *before = find_exposure(old, exposure->organisation);
    exposure->due_before_ms = before == NULL ? 0 : before->due_before_ms;
    exposure->due_ms = before == NULL ? 0 : before->due_ms;
    if (new_day) {
        exposure->due_before_ms = exposure->due_ms;
        exposure->due_ms = exposure->planned_ms;
    }
}

static struct exposure_list list_all(struct exposure_count *count,
                                     const struct text_list *companies,
                                     const struct exposure_list *old, bool new_day)
{
    for (size_t i = 0; i < companies->count && count->count < EXPOSURE_COMPANIES_MAX; i++) {
        company_of(count, companies->items[i]);
    }
    struct exposure_list list = {0, arena_array(count->arena, count->count, sizeof *list.items)};
    for (size_t i = 0; i < count->capacity; i++) {
        const struct company *company = &count->companies[i];
        if (company->id != NULL) {
            struct exposure *exposure = &list.items[list.count++];
            *exposure = (struct exposure){.organisation = company->id,
                                          .planned_ms = (int64_t)company->short_ms,
                                          .planned_28_ms = (int64_t)company->long_ms,
                                          .screens = (int64_t)company->screens};
            carry_dues(exposure, old, new_day);
        }
    }
    if (list.count > 1) {
        qsort(list.items, list.count, sizeof *list.items, compare_exposures);
    }
    return list;
}

/* Figures slide with every minute: a twentieth is no difference, unless one of them is nothing. */
static bool is_near(int64_t a, int64_t b)
{
    int64_t difference = a > b ? a - b : b - a;
    return difference * 20 <= (a > b ? a : b);
}

static bool tells_the_same(const struct exposure_list *a, const struct exposure_list *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++) {
        const struct exposure *x = &a->items[i];
        const struct exposure *y = &b->items[i];
        same = strcmp(x->organisation, y->organisation) == 0 && x->screens == y->screens &&
               is_near(x->planned_ms, y->planned_ms) && is_near(x->planned_28_ms, y->planned_28_ms);
    }
    return same;
}

bool exposure_count_store(struct exposure_count *count, struct db *db,
                          const struct text_list *companies, struct error *err)
{
    struct exposure_list old;
    int64_t day = 0;
    int64_t today = count->now_ms / CIVIL_DAY_MS;
    if (!settings_get_int(db, EXPOSURE_DAY_SETTING, 0, &day, err) ||
        !exposures_list(db, count->arena, &old, err)) {
        return false;
    }
    bool new_day = today > day;
    struct exposure_list list = list_all(count, companies, &old, new_day);
    if (!new_day && tells_the_same(&list, &old)) {
        return true;
    }
    bool own = false;
    if (!db_join(db, &own, err)) {
        return false;
    }
    bool ok = exposures_replace(db, &list, err) &&
              settings_set_int(db, EXPOSURE_COUNTED_SETTING, count->now_ms, err) &&
              (!new_day || settings_set_int(db, EXPOSURE_DAY_SETTING, today, err));
    return db_leave(db, own, ok, err);
}
