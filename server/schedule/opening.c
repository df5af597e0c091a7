#include "server/schedule/opening.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/json.h"
#include "server/content/fields.h"

#define OPENING_BYTES_MAX 65536
#define HOURS_MAX 64

struct hours {
    unsigned days; /* bit 0 = Monday */
    int from_minute;
    int until_minute;
};

static size_t read_hours(const char *opening, struct hours hours[HOURS_MAX])
{
    struct error ignored;
    cJSON *root = json_parse(opening, strlen(opening), OPENING_BYTES_MAX, &ignored);
    size_t count = 0;
    const cJSON *item = cJSON_IsArray(root) ? root->child : NULL;
    for (; item != NULL && count < HOURS_MAX; item = item->next) {
        struct hours *one = &hours[count];
        if (!field_weekdays(item, "days", &one->days, &ignored) ||
            !field_minutes(item, "from", false, &one->from_minute, &ignored) ||
            !field_minutes(item, "until", true, &one->until_minute, &ignored)) {
            count = 0;
            break;
        }
        count++;
    }
    cJSON_Delete(root);
    return count;
}

static int compare_stretches(const void *left, const void *right)
{
    const struct manifest_closed *a = left;
    const struct manifest_closed *b = right;
    return (a->from_ms > b->from_ms) - (a->from_ms < b->from_ms);
}

/* When it is open, or lit for an emergency; overlapping as it may be. */
static size_t lit_stretches(const struct hours *hours, size_t hours_count, const struct zone *zone,
                            int64_t first_day, int64_t last_day,
                            const struct manifest_interval *intervals, size_t interval_count,
                            struct arena *arena, struct manifest_closed **lit_out)
{
    size_t most = (size_t)(last_day - first_day + 1) * hours_count + interval_count;
    struct manifest_closed *lit = arena_array(arena, most, sizeof *lit);
    size_t count = 0;
    for (int64_t day = first_day; day <= last_day; day++) {
        for (size_t i = 0; i < hours_count; i++) {
            const struct hours *one = &hours[i];
            if ((one->days >> civil_weekday(day) & 1u) == 0) {
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

size_t opening_closed(const char *opening, const struct zone *zone, int64_t from_ms,
                      int64_t until_ms, const struct manifest_interval *intervals,
                      size_t interval_count, struct arena *arena,
                      struct manifest_closed **closed_out)
{
    struct hours hours[HOURS_MAX];
    size_t hours_count = opening[0] == '\0' ? 0 : read_hours(opening, hours);
    *closed_out = NULL;
    if (hours_count == 0) {
        return 0;
    }
    struct manifest_closed *lit;
    /* Yesterday's hours may still run. */
    size_t lit_count =
        lit_stretches(hours, hours_count, zone, zone_day(zone, from_ms) - 1,
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
