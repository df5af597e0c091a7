#include "server/measure/period.h"

#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "server/store/sums.h"

static const char *const tags[GRAIN_COUNT] = {"total", "day", "week", "month"};

const char *period_grain_tag(enum period_grain grain)
{
    return tags[grain];
}

bool period_grain_parse(const char *tag, enum period_grain *grain_out)
{
    for (size_t i = 0; i < GRAIN_COUNT; i++) {
        if (strcmp(tag, tags[i]) == 0) {
            *grain_out = (enum period_grain)i;
            return true;
        }
    }
    return false;
}

static int64_t next(enum period_grain grain, int64_t day)
{
    struct civil civil = civil_from_ms(day * CIVIL_DAY_MS);

    switch (grain) {
    case GRAIN_DAY:
        return day + 1;
    case GRAIN_WEEK:
        return day + 7 - civil_weekday(day);
    case GRAIN_MONTH:
        return civil.month == 12 ? civil_days(civil.year + 1, 1, 1)
                                 : civil_days(civil.year, civil.month + 1, 1);
    case GRAIN_TOTAL:
    case GRAIN_COUNT:
        break;
    }
    return INT64_MAX;
}

struct period period_at(const struct zone *zone, enum period_grain grain, int64_t from_day,
                        int64_t until_day)
{
    int64_t end = next(grain, from_day);

    end = end < until_day ? end : until_day;
    return (struct period){.from_day = from_day,
                           .until_day = end,
                           .from_hour = zone_day_start(zone, from_day) / HOUR_MS,
                           .until_hour = zone_day_start(zone, end) / HOUR_MS};
}

const char *period_month_name(int month)
{
    static const char *const names[] = {"janvier",   "février", "mars",     "avril",
                                        "mai",       "juin",    "juillet",  "août",
                                        "septembre", "octobre", "novembre", "décembre"};

    return names[month - 1];
}

void period_label(const struct period *period, enum period_grain grain, char *buf, size_t size)
{
    struct civil from = civil_from_ms(period->from_day * CIVIL_DAY_MS);
    struct civil last = civil_from_ms((period->until_day - 1) * CIVIL_DAY_MS);

    switch (grain) {
    case GRAIN_DAY:
        snprintf(buf, size, "%02d/%02d/%04d", from.day, from.month, from.year);
        break;
    case GRAIN_WEEK:
        snprintf(buf, size, "semaine du %02d/%02d/%04d", from.day, from.month, from.year);
        break;
    case GRAIN_MONTH:
        snprintf(buf, size, "%s %d", period_month_name(from.month), from.year);
        break;
    case GRAIN_TOTAL:
    case GRAIN_COUNT:
        snprintf(buf, size, "du %02d/%02d/%04d au %02d/%02d/%04d", from.day, from.month, from.year,
                 last.day, last.month, last.year);
        break;
    }
}
