#include "server/content/zone.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/files.h"

#define ZONE_FOLDER "/usr/share/zoneinfo"
#define ZONE_NAME_MAX 64
#define ZONE_BYTES_MAX ((size_t)256 * 1024)
#define ZONE_HEADER_SIZE 44
#define ZONE_CHANGES_MAX 4096
#define ZONE_LAST_YEAR 2200
#define ZONE_OFFSET_MAX (26 * 3600)

struct zone {
    int first_offset_s;
    size_t count;
    size_t capacity;
    struct zone_offset *changes; /* sorted; each differs from the one before */
};

/* One change of the year in a POSIX TZ string. */
struct zone_rule {
    enum { RULE_MONTH, RULE_JULIAN, RULE_DAY } kind;
    int month; /* RULE_MONTH */
    int week;
    int weekday; /* 0 = Sunday */
    int day;     /* RULE_JULIAN: 1-365 without 29 February; RULE_DAY: 0-365 */
    int time_s;  /* local time of the change */
};

struct zone_footer {
    int standard_s; /* offset east of UTC */
    int daylight_s;
    bool has_daylight;
    struct zone_rule to_daylight;
    struct zone_rule to_standard;
};

/* Counts of a TZif header, in file order. */
struct zone_header {
    char version;
    uint32_t isut;
    uint32_t isstd;
    uint32_t leap;
    uint32_t times;
    uint32_t types;
    uint32_t chars;
};

static uint64_t read_be(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static bool zone_malformed(struct error *err)
{
    return error_set(err, ERROR_INVALID, "données de fuseau horaire malformées (TZif)",
                     "malformed time zone data (TZif)");
}

static void zone_add(struct zone *zone, int64_t from_ms, int offset_s)
{
    int last = zone->count > 0 ? zone->changes[zone->count - 1].offset_s : zone->first_offset_s;
    if (last == offset_s) {
        return;
    }
    if (zone->count == zone->capacity) {
        zone->capacity = zone->capacity == 0 ? 256 : zone->capacity * 2;
        zone->changes = realloc(zone->changes, zone->capacity * sizeof *zone->changes);
        if (zone->changes == NULL) {
            abort();
        }
    }
    zone->changes[zone->count++] = (struct zone_offset){from_ms, offset_s};
}

static bool read_header(const uint8_t *bytes, size_t length, struct zone_header *header_out)
{
    if (length < ZONE_HEADER_SIZE || memcmp(bytes, "TZif", 4) != 0) {
        return false;
    }
    header_out->version = (char)bytes[4];
    uint32_t *counts[] = {&header_out->isut,  &header_out->isstd, &header_out->leap,
                          &header_out->times, &header_out->types, &header_out->chars};
    for (size_t i = 0; i < 6; i++) {
        *counts[i] = (uint32_t)read_be(bytes + 20 + 4 * i, 4);
        if (*counts[i] > ZONE_BYTES_MAX) {
            return false;
        }
    }
    return header_out->types > 0 && header_out->times <= ZONE_CHANGES_MAX;
}

/* Counts are bounded by ZONE_BYTES_MAX, so that this cannot overflow. */
static size_t block_size(const struct zone_header *header, size_t time_size)
{
    return (size_t)header->times * (time_size + 1) + (size_t)header->types * 6 + header->chars +
           (size_t)header->leap * (time_size + 4) + header->isstd + header->isut;
}

static bool read_block(const uint8_t *bytes, const struct zone_header *header, size_t time_size,
                       struct zone *zone)
{
    const uint8_t *indexes = bytes + (size_t)header->times * time_size;
    const uint8_t *types = indexes + header->times;
    for (uint32_t i = 0; i < header->types; i++) {
        int32_t offset = (int32_t)read_be(types + (size_t)i * 6, 4);
        if (offset < -ZONE_OFFSET_MAX || offset > ZONE_OFFSET_MAX) {
            return false;
        }
    }
    zone->first_offset_s = (int32_t)read_be(types, 4);
    int64_t before = INT64_MIN;
    for (uint32_t i = 0; i < header->times; i++) {
        int64_t at = time_size == 8 ? (int64_t)read_be(bytes + (size_t)i * 8, 8)
                                    : (int32_t)read_be(bytes + (size_t)i * 4, 4);
        if (at <= before || indexes[i] >= header->types || at > INT64_C(1) << 40) {
            return false;
        }
        before = at;
        int offset = (int32_t)read_be(types + (size_t)indexes[i] * 6, 4);
        if (at < -(INT64_C(1) << 40)) { /* tzdata's "big bang" */
            zone->first_offset_s = offset;
            continue;
        }
        zone_add(zone, at * 1000, offset);
    }
    return true;
}

static bool parse_digits(const char **cursor, int max, int *value_out)
{
    const char *p = *cursor;
    int value = 0;
    if (*p < '0' || *p > '9') {
        return false;
    }
    for (; *p >= '0' && *p <= '9'; p++) {
        value = value * 10 + (*p - '0');
        if (value > max) {
            return false;
        }
    }
    *cursor = p;
    *value_out = value;
    return true;
}

/* [+-]h[h][:mm[:ss]]; hours to 167 as RFC 8536 allows. */
static bool parse_offset(const char **cursor, int *seconds_out)
{
    int sign = 1;
    if (**cursor == '+' || **cursor == '-') {
        sign = **cursor == '-' ? -1 : 1;
        ++*cursor;
    }
    int parts[3] = {0, 0, 0};
    for (int i = 0; i < 3; i++) {
        if (!parse_digits(cursor, i == 0 ? 167 : 59, &parts[i])) {
            return false;
        }
        if (**cursor != ':') {
            break;
        }
        ++*cursor;
    }
    *seconds_out = sign * (parts[0] * 3600 + parts[1] * 60 + parts[2]);
    return true;
}

static bool parse_abbreviation(const char **cursor)
{
    const char *p = *cursor;
    if (*p == '<') {
        p = strchr(p, '>');
        if (p == NULL) {
            return false;
        }
        *cursor = p + 1;
        return true;
    }
    while ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z')) {
        p++;
    }
    bool found = p - *cursor >= 3;
    *cursor = p;
    return found;
}

static bool parse_rule(const char **cursor, struct zone_rule *rule_out)
{
    if (**cursor != ',') {
        return false;
    }
    ++*cursor;
    rule_out->time_s = 2 * 3600;
    if (**cursor == 'M') {
        ++*cursor;
        rule_out->kind = RULE_MONTH;
        if (!parse_digits(cursor, 12, &rule_out->month) || *(*cursor)++ != '.' ||
            !parse_digits(cursor, 5, &rule_out->week) || *(*cursor)++ != '.' ||
            !parse_digits(cursor, 6, &rule_out->weekday) || rule_out->month < 1 ||
            rule_out->week < 1) {
            return false;
        }
    } else {
        rule_out->kind = **cursor == 'J' ? RULE_JULIAN : RULE_DAY;
        *cursor += **cursor == 'J';
        if (!parse_digits(cursor, 365, &rule_out->day) ||
            (rule_out->kind == RULE_JULIAN && rule_out->day < 1)) {
            return false;
        }
    }
    if (**cursor == '/') {
        ++*cursor;
        return parse_offset(cursor, &rule_out->time_s);
    }
    return true;
}

/* "CET-1CEST,M3.5.0,M10.5.0/3": the offset's sign is west-positive. */
static bool parse_footer(const char *text, struct zone_footer *footer_out)
{
    const char *cursor = text;
    int west = 0;
    if (!parse_abbreviation(&cursor) || !parse_offset(&cursor, &west)) {
        return false;
    }
    footer_out->standard_s = -west;
    footer_out->daylight_s = -west + 3600;
    footer_out->has_daylight = *cursor != '\0';
    if (!footer_out->has_daylight) {
        return true;
    }
    if (!parse_abbreviation(&cursor)) {
        return false;
    }
    if (*cursor != ',') {
        if (!parse_offset(&cursor, &west)) {
            return false;
        }
        footer_out->daylight_s = -west;
    }
    return parse_rule(&cursor, &footer_out->to_daylight) &&
           parse_rule(&cursor, &footer_out->to_standard) && *cursor == '\0';
}

/* Seconds since 1970 of the change in local time before it. */
static int64_t rule_local_s(const struct zone_rule *rule, int year)
{
    int64_t day = 0;
    if (rule->kind == RULE_MONTH) {
        day = civil_days(year, rule->month, 1);
        int first = (civil_weekday(day) + 1) % 7; /* 0 = Sunday, as in the string */
        day += (rule->weekday - first + 7) % 7 + (rule->week - 1) * 7;
        while (!civil_valid_date(year, rule->month,
                                 (int)(day - civil_days(year, rule->month, 1)) + 1)) {
            day -= 7;
        }
    } else if (rule->kind == RULE_JULIAN) {
        day = civil_days(year, 1, 1) + rule->day - 1;
        if (rule->day >= 60 && civil_valid_date(year, 2, 29)) {
            day++;
        }
    } else {
        day = civil_days(year, 1, 1) + rule->day;
    }
    return day * 86400 + rule->time_s;
}

/* Spells the footer's yearly changes out, from the table's end on. */
static void zone_extend(struct zone *zone, const struct zone_footer *footer)
{
    int64_t last_ms = zone->count > 0 ? zone->changes[zone->count - 1].from_ms : INT64_MIN;
    if (!footer->has_daylight) {
        zone_add(zone, zone->count > 0 ? last_ms + 1000 : 0, footer->standard_s);
        return;
    }
    int year = zone->count > 0 ? civil_from_ms(last_ms).year : 1970;
    for (; year <= ZONE_LAST_YEAR; year++) {
        struct zone_offset on = {(rule_local_s(&footer->to_daylight, year) - footer->standard_s) *
                                     1000,
                                 footer->daylight_s};
        struct zone_offset off = {(rule_local_s(&footer->to_standard, year) - footer->daylight_s) *
                                      1000,
                                  footer->standard_s};
        struct zone_offset pair[2] = {on, off};
        if (on.from_ms > off.from_ms) {
            pair[0] = off;
            pair[1] = on;
        }
        for (int i = 0; i < 2; i++) {
            if (pair[i].from_ms > last_ms) {
                zone_add(zone, pair[i].from_ms, pair[i].offset_s);
            }
        }
    }
}

static bool zone_read(const uint8_t *bytes, size_t length, struct zone *zone)
{
    struct zone_header header;
    if (!read_header(bytes, length, &header)) {
        return false;
    }
    size_t used = ZONE_HEADER_SIZE + block_size(&header, 4);
    if (used > length) {
        return false;
    }
    if (header.version < '2') {
        return read_block(bytes + ZONE_HEADER_SIZE, &header, 4, zone);
    }
    bytes += used;
    length -= used;
    if (!read_header(bytes, length, &header)) {
        return false;
    }
    used = ZONE_HEADER_SIZE + block_size(&header, 8);
    if (used > length || !read_block(bytes + ZONE_HEADER_SIZE, &header, 8, zone)) {
        return false;
    }
    const char *text = (const char *)bytes + used;
    length -= used;
    if (length < 2 || text[0] != '\n' || text[length - 1] != '\n' || length > 128) {
        return false;
    }
    char line[128];
    memcpy(line, text + 1, length - 2);
    line[length - 2] = '\0';
    struct zone_footer footer = {0};
    if (line[0] == '\0') {
        return true;
    }
    if (!parse_footer(line, &footer)) {
        return false;
    }
    zone_extend(zone, &footer);
    return true;
}

struct zone *zone_parse(const void *bytes, size_t length, struct error *err)
{
    struct zone *zone = calloc(1, sizeof *zone);
    if (zone == NULL) {
        abort();
    }
    if (!zone_read(bytes, length, zone)) {
        zone_malformed(err);
        zone_close(zone);
        return NULL;
    }
    return zone;
}

/* A name is a path below the folder: letters, digits, _ + - and single slashes, so no "..". */
static bool zone_name_valid(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > ZONE_NAME_MAX || name[0] == '/' || name[length - 1] == '/' ||
        strstr(name, "//") != NULL) {
        return false;
    }
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") ==
           length;
}

struct zone *zone_open(const char *name, struct error *err)
{
    if (!zone_name_valid(name)) {
        error_set(err, ERROR_INVALID,
                  "« %.64s » n’est pas un fuseau horaire ; écrivez par exemple Europe/Paris",
                  "\"%.64s\" is no time zone; write for example Europe/Paris", name);
        return NULL;
    }
    char path[256];
    char *bytes = NULL;
    size_t length = 0;
    struct error cause;
    if (path_join(path, sizeof path, ZONE_FOLDER, name) == NULL ||
        !file_read(path, ZONE_BYTES_MAX, &bytes, &length, &cause)) {
        error_set(err, ERROR_NOT_FOUND,
                  "« %s » n’est pas un fuseau horaire de cette machine ; écrivez par exemple "
                  "Europe/Paris (le paquet tzdata les apporte)",
                  "\"%s\" is no time zone of this machine; write for example Europe/Paris (the "
                  "package tzdata brings them)",
                  name);
        return NULL;
    }
    struct zone *zone = zone_parse(bytes, length, err);
    if (zone == NULL) {
        error_at(err, path, 0);
    }
    free(bytes);
    return zone;
}

void zone_close(struct zone *zone)
{
    if (zone != NULL) {
        free(zone->changes);
        free(zone);
    }
}

/* Number of changes at or before the instant. */
static size_t zone_changes_until(const struct zone *zone, int64_t utc_ms)
{
    size_t low = 0;
    size_t high = zone->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (zone->changes[middle].from_ms <= utc_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Offset after that many changes. */
static int zone_offset_after(const struct zone *zone, size_t changes)
{
    return changes == 0 ? zone->first_offset_s : zone->changes[changes - 1].offset_s;
}

int zone_offset_s(const struct zone *zone, int64_t utc_ms)
{
    return zone_offset_after(zone, zone_changes_until(zone, utc_ms));
}

int64_t zone_to_local(const struct zone *zone, int64_t utc_ms)
{
    return utc_ms + (int64_t)zone_offset_s(zone, utc_ms) * 1000;
}

int64_t zone_to_utc(const struct zone *zone, int64_t local_ms)
{
    /* The first stretch of constant offset that ends after this local time holds it, or begins
     * behind a gap that swallowed it. */
    size_t i = zone_changes_until(zone, local_ms - 2 * CIVIL_DAY_MS);
    for (; i < zone->count; i++) {
        int64_t offset_ms = (int64_t)zone_offset_after(zone, i) * 1000;
        if (local_ms < zone->changes[i].from_ms + offset_ms) {
            break;
        }
    }
    int64_t utc_ms = local_ms - (int64_t)zone_offset_after(zone, i) * 1000;
    if (i > 0 && utc_ms < zone->changes[i - 1].from_ms) {
        return zone->changes[i - 1].from_ms;
    }
    return utc_ms;
}

int64_t zone_day_start(const struct zone *zone, int64_t day)
{
    return zone_to_utc(zone, day * CIVIL_DAY_MS);
}

int64_t zone_day(const struct zone *zone, int64_t utc_ms)
{
    int64_t local_ms = zone_to_local(zone, utc_ms);
    int64_t day = local_ms / CIVIL_DAY_MS;
    return local_ms % CIVIL_DAY_MS < 0 ? day - 1 : day;
}

size_t zone_offsets(const struct zone *zone, int64_t from_ms, int64_t until_ms,
                    struct zone_offset *offsets_out, size_t max)
{
    size_t i = zone_changes_until(zone, from_ms);
    size_t count = 0;
    struct zone_offset offset = {from_ms, zone_offset_after(zone, i)};
    for (;;) {
        if (count < max) {
            offsets_out[count] = offset;
        }
        count++;
        if (i >= zone->count || zone->changes[i].from_ms >= until_ms) {
            return count;
        }
        offset = zone->changes[i++];
    }
}
