#include "server/schedule/opening.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "server/content/opening.h"

static int compare_stretches(const void *left, const void *right)
{
    const struct manifest_closed *a = left;
    const struct manifest_closed *b = right;
    return (a->from_ms > b->from_ms) - (a->from_ms < b->from_ms);
}

static bool holds_on(const struct opening *opening, const struct opening_hours *hours, int64_t day,
                     bool holiday)
{
    if (hours->days == 0) {
        return holiday;
    }
    return !(holiday && opening->has_holidays) && (hours->days >> civil_weekday(day) & 1u) != 0;
}

/* When it is open, or lit for an emergency; overlapping as it may be. */
static size_t lit_stretches(const struct opening *opening, const struct zone *zone,
                            const struct holidays *holidays, int64_t first_day, int64_t last_day,
                            const struct manifest_interval *intervals, size_t interval_count,
                            struct arena *arena, struct manifest_closed **lit_out)
{
    size_t most = (size_t)(last_day - first_day + 1) * opening->count + interval_count;
    struct manifest_closed *lit = arena_array(arena, most, sizeof *lit);
    size_t count = 0;
    for (int64_t day = first_day; day <= last_day; day++) {
        bool holiday = opening->has_holidays && holidays_public(holidays, day) != NULL;
        for (size_t i = 0; i < opening->count; i++) {
            const struct opening_hours *one = &opening->hours[i];
            if (!holds_on(opening, one, day, holiday)) {
                continue;
            }
            int64_t until_day = one->until_minute <= one->from_minute ? day + 1 : day;
            lit[count++] = (struct manifest_closed){
                zone_to_utc(zone, day * CIVIL_DAY_MS + one->from_minute * INT64_C(60000)),
                zone_to_utc(zone, until_day * CIVIL_DAY_MS + one->until_minute * INT64_C(60000))};
        }
    }
    for (size_t i = 0; i < interval_count; i++) {
        if (intervals[i].class == INTERVAL_EMERGENCY) {
            lit[count++] = (struct manifest_closed){intervals[i].from_ms, intervals[i].until_ms};
        }
    }
    qsort(lit, count, sizeof *lit, compare_stretches);
    *lit_out = lit;
    return count;
}

size_t opening_closed(const char *text, const struct zone *zone, const struct holidays *holidays,
                      int64_t from_ms, int64_t until_ms, const struct manifest_interval *intervals,
                      size_t interval_count, struct arena *arena,
                      struct manifest_closed **closed_out)
{
    struct opening opening;
    opening_read(text, &opening);
    *closed_out = NULL;
    if (opening.count == 0 && !opening.has_holidays) {
        return 0;
    }
    struct manifest_closed *lit;
    /* Yesterday's hours may still run. */
    size_t lit_count =
        lit_stretches(&opening, zone, holidays, zone_day(zone, from_ms) - 1,
                      zone_day(zone, until_ms), intervals, interval_count, arena, &lit);
    struct manifest_closed *closed = arena_array(arena, lit_count + 1, sizeof *closed);
    size_t count = 0;
    int64_t at_ms = from_ms;
    for (size_t i = 0; i <= lit_count && at_ms < until_ms && count < MANIFEST_CLOSED_MAX; i++) {
        int64_t next_ms = i < lit_count && lit[i].from_ms < until_ms ? lit[i].from_ms : until_ms;
        if (at_ms < next_ms) {
            closed[count++] = (struct manifest_closed){at_ms, next_ms};
        }
        if (i < lit_count && lit[i].until_ms > at_ms) {
            at_ms = lit[i].until_ms;
        } else if (next_ms == until_ms) {
            break;
        }
    }
    *closed_out = closed;
    return count;
}
