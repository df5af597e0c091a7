#include "server/calendar/zones.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/strbuf.h"

#define ZONE_LINES_MAX 500

struct own_zone {
    const char *tzid;
    icaltimezone *zone; /* NULL: unusable */
};

struct zones {
    struct arena *arena;
    icaltimezone *local;
    size_t count;
    struct own_zone *own;
};

/* libical opens the file of that name below the zoneinfo folder: nothing may lead out of it. */
static bool is_zone_name(const char *name)
{
    return *name && *name != '/' && strlen(name) < 64 && !strstr(name, "..") &&
           strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
               strlen(name);
}

/* "Europe/Paris", or with a prefix that some programs put in front:
 * "/freeassociation.sourceforge.net/Europe/Paris". */
static icaltimezone *known_zone(const char *tzid)
{
    for (const char *name = tzid; name; name = strchr(name, '/')) {
        name += *name == '/';
        icaltimezone *zone = is_zone_name(name) ? icaltimezone_get_builtin_timezone(name) : NULL;
        if (zone)
            return zone;
    }
    return NULL;
}

bool zones_is_known(const char *tzid)
{
    return known_zone(tzid) != NULL;
}

/* libical expands a zone's rules up to the far future when it is first used; rules that are not
 * yearly could keep it busy for ever. */
static bool is_harmless(const struct calendar_block *block)
{
    if (block->count > ZONE_LINES_MAX)
        return false;
    for (size_t i = 0; i < block->count; i++)
        if (strcmp(block->lines[i].name, "RRULE") == 0 &&
            (!strcasestr(block->lines[i].value, "FREQ=YEARLY") ||
             !strcasestr(block->lines[i].value, "BYMONTH=") ||
             strcasestr(block->lines[i].value, "BYSECOND") ||
             strcasestr(block->lines[i].value, "BYMINUTE") ||
             strcasestr(block->lines[i].value, "BYHOUR") ||
             strcasestr(block->lines[i].value, "RSCALE")))
            return false;
    return true;
}

static icaltimezone *make_zone(const struct calendar_block *block)
{
    struct strbuf text;

    if (!is_harmless(block))
        return NULL;
    strbuf_init(&text);
    strbuf_append(&text, "BEGIN:VTIMEZONE\r\n");
    for (size_t i = 0; i < block->count; i++)
        strbuf_printf(&text, "%s\r\n", block->lines[i].text);
    strbuf_append(&text, "END:VTIMEZONE\r\n");
    icalcomponent *component = icalparser_parse_string(text.bytes);
    strbuf_finish(&text);
    icaltimezone *zone = icaltimezone_new();
    if (component && zone && icaltimezone_set_component(zone, component))
        return zone; /* which owns the component */
    if (zone)
        icaltimezone_free(zone, 1);
    if (component)
        icalcomponent_free(component);
    return NULL;
}

struct zones *zones_create(const struct calendar *calendar, struct error *err)
{
    icalerror_set_errors_are_fatal(0);
    icaltimezone *local = icaltimezone_get_builtin_timezone(RECURRENCE_LOCAL_ZONE);
    if (!local) {
        error_set(err, ERROR_INTERNAL,
                  "le fuseau « %s » manque sur cette machine ; installez le paquet tzdata",
                  "the time zone \"%s\" is missing on this machine; install the package tzdata",
                  RECURRENCE_LOCAL_ZONE);
        return NULL;
    }
    struct zones *zones = calloc(1, sizeof(*zones));
    if (!zones)
        abort();
    zones->arena = arena_create();
    zones->local = local;
    zones->own = arena_array(zones->arena, calendar->zone_count, sizeof(*zones->own));
    for (size_t i = 0; i < calendar->zone_count; i++) {
        const struct calendar_line *tzid = calendar_find(&calendar->zones[i], "TZID");
        if (!tzid || !*tzid->value || known_zone(tzid->value))
            continue;
        zones->own[zones->count++] = (struct own_zone){arena_strdup(zones->arena, tzid->value),
                                                       make_zone(&calendar->zones[i])};
    }
    return zones;
}

void zones_destroy(struct zones *zones)
{
    if (!zones)
        return;
    for (size_t i = 0; i < zones->count; i++)
        if (zones->own[i].zone)
            icaltimezone_free(zones->own[i].zone, 1);
    arena_destroy(zones->arena);
    free(zones);
}

static icaltimezone *find_zone(const struct zones *zones, const char *tzid)
{
    icaltimezone *zone = known_zone(tzid);

    for (size_t i = 0; !zone && i < zones->count; i++)
        if (strcmp(zones->own[i].tzid, tzid) == 0)
            zone = zones->own[i].zone;
    return zone;
}

/* `count` digits; -1 when there are not that many. */
static int read_digits(const char *text, size_t count)
{
    int value = 0;

    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* libical's own reader takes 20241345 for a date. Years before 1900 would make long rules endless.
 */
static bool read_wall_time(const char *text, struct icaltimetype *out, bool *utc_out)
{
    size_t length = strlen(text);

    *utc_out = length == 16 && text[15] == 'Z';
    if (length != 8 && length != 15 && !*utc_out)
        return false;
    int year = read_digits(text, 4);
    int month = read_digits(text + 4, 2);
    int day = year < 0 || month < 0 ? -1 : read_digits(text + 6, 2);
    if (year < 1900 || year > 2200 || day < 0 || !civil_valid_date(year, month, day))
        return false;
    *out = icaltime_null_time();
    out->year = year;
    out->month = month;
    out->day = day;
    out->is_date = length == 8;
    if (out->is_date)
        return true;
    int hour = text[8] == 'T' ? read_digits(text + 9, 2) : -1;
    int minute = hour < 0 ? -1 : read_digits(text + 11, 2);
    int second = minute < 0 ? -1 : read_digits(text + 13, 2);
    if (hour > 23 || minute > 59 || second < 0 || second > 60)
        return false;
    out->hour = hour;
    out->minute = minute;
    out->second = second == 60 ? 59 : second;
    return true;
}

bool zones_read(const struct zones *zones, const char *tzid, const char *value, struct moment *out)
{
    bool utc;

    *out = (struct moment){.zone = zones->local};
    if (!read_wall_time(value, &out->time, &utc))
        return false;
    if (utc) {
        out->zone = icaltimezone_get_utc_timezone();
    } else if (*tzid && !out->time.is_date) {
        icaltimezone *zone = find_zone(zones, tzid);
        out->zone_unknown = zone == NULL;
        out->zone = zone ? zone : zones->local;
    }
    return true;
}

static int64_t offset_at(icaltimezone *zone, int64_t at_ms)
{
    const struct civil utc = civil_from_ms(at_ms);
    struct icaltimetype time = icaltime_null_time();
    int summer;

    time.year = utc.year;
    time.month = utc.month;
    time.day = utc.day;
    time.hour = utc.hour;
    time.minute = utc.minute;
    time.second = utc.second;
    return (int64_t)icaltimezone_get_utc_offset_of_utc_time(zone, &time, &summer) * 1000;
}

/* RFC 5545, 3.3.5: of a wall time that comes twice the first counts; one that is skipped is read
 * with the offset before the gap. libical itself reads it with the one behind. */
int64_t zones_to_ms(struct icaltimetype time, icaltimezone *zone)
{
    const bool date = time.is_date != 0;
    const struct civil wall = {time.year,
                               time.month,
                               time.day,
                               date ? 0 : time.hour,
                               date ? 0 : time.minute,
                               date ? 0 : time.second,
                               0};
    int64_t wall_ms = civil_to_ms(&wall);
    int64_t before = offset_at(zone, wall_ms - CIVIL_DAY_MS);
    int64_t behind = offset_at(zone, wall_ms + CIVIL_DAY_MS);

    if (before != behind && offset_at(zone, wall_ms - before) != before &&
        offset_at(zone, wall_ms - behind) == behind)
        return wall_ms - behind;
    return wall_ms - before;
}

void zones_local_time(const struct zones *zones, int64_t at_ms, int64_t *day_out, int *minute_out)
{
    const struct civil local = civil_from_ms(at_ms + offset_at(zones->local, at_ms));

    *day_out = civil_days(local.year, local.month, local.day);
    *minute_out = local.hour * 60 + local.minute;
}

int64_t zones_midnight(const struct zones *zones, int64_t day)
{
    const struct civil civil = civil_from_ms(day * CIVIL_DAY_MS);
    struct icaltimetype time = icaltime_null_time();

    time.year = civil.year;
    time.month = civil.month;
    time.day = civil.day;
    return zones_to_ms(time, zones->local);
}
