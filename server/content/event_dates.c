#include "server/content/event_dates.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "server/calendar/recurrence.h"
#include "server/content/fields.h"
#include "server/import/calendar_bridge.h"
#include "server/import/import.h"

#define ICAL_BYTES_MAX 20000
#define RRULE_BYTES_MAX 500
#define DATES_MAX 200
#define TIMED ";TZID=" RECURRENCE_LOCAL_ZONE
#define WHOLE_DAYS ";VALUE=DATE"
#define ZONES_END "END:VTIMEZONE\n"

/* A local date, or a date with a time of day. */
struct moment {
    int64_t day;
    int minute; /* -1: none */
};

static bool parse_moment(const char *text, struct moment *out)
{
    char day[11];
    if (strlen(text) != 10 && (strlen(text) != 16 || text[10] != 'T')) {
        return false;
    }
    memcpy(day, text, 10);
    day[10] = '\0';
    out->minute = -1;
    return civil_parse_date(day, &out->day) &&
           (text[10] == '\0' ||
            (civil_parse_time_of_day(text + 11, &out->minute) && out->minute < 1440));
}

static bool get_moment(const cJSON *object, const char *key, struct moment *out, struct error *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (cJSON_IsString(item) && parse_moment(item->valuestring, out)) {
        return true;
    }
    error_set(err, ERROR_INVALID,
              "« %.40s » n’est pas une date ; écrivez 2026-11-24 ou, avec l’heure, "
              "2026-11-24T18:30",
              "\"%.40s\" is no date; write 2026-11-24 or, with the time, 2026-11-24T18:30",
              cJSON_IsString(item) ? item->valuestring : "");
    return error_field(err, key);
}

/* "20261124" or "20261124T183000". */
static void append_moment(struct strbuf *out, struct moment at)
{
    struct civil civil = civil_from_ms(at.day * CIVIL_DAY_MS);
    strbuf_printf(out, "%04d%02d%02d", civil.year, civil.month, civil.day);
    if (at.minute >= 0) {
        strbuf_printf(out, "T%02d%02d00", at.minute / 60, at.minute % 60);
    }
}

static void append_line(struct strbuf *out, const char *name, struct moment at)
{
    strbuf_printf(out, "%s%s%s:", out->length > 0 ? "\n" : "", name,
                  at.minute >= 0 ? TIMED : WHOLE_DAYS);
    append_moment(out, at);
}

/* Dates besides the first: a day means that day at the hour of the start. */
static bool append_list(const cJSON *object, const char *key, const char *name, struct moment start,
                        struct strbuf *out, struct error *err)
{
    size_t count = 0;
    if (!json_has(object, key)) {
        return true;
    }
    const cJSON *array = json_get_array(object, key, DATES_MAX, &count, err);
    if (array == NULL) {
        return false;
    }
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        struct moment at;
        if (!cJSON_IsString(item) || !parse_moment(item->valuestring, &at) ||
            (at.minute >= 0 && start.minute < 0)) {
            error_set(err, ERROR_INVALID,
                      "une liste de dates est attendue, comme 2026-11-24 ou 2026-11-24T18:30",
                      "a list of dates is expected, like 2026-11-24 or 2026-11-24T18:30");
            return error_field(err, key);
        }
        if (at.minute < 0) {
            at.minute = start.minute;
        }
        append_line(out, name, at);
    }
    return true;
}

/* RFC 5545, 3.3.10: letters, digits, "=", ";", ",", signs. */
static bool append_rule(const cJSON *object, struct arena *arena, struct strbuf *out,
                        struct error *err)
{
    const char *rule = NULL;
    if (!json_has(object, "rrule")) {
        return true;
    }
    if (!json_get_string(object, "rrule", 0, RRULE_BYTES_MAX, arena, &rule, err)) {
        return false;
    }
    for (const char *p = rule; *p != '\0'; p++) {
        if (!isupper((unsigned char)*p) && !isdigit((unsigned char)*p) &&
            strchr("=;,+-", *p) == NULL) {
            error_set(err, ERROR_INVALID,
                      "une récurrence s’écrit comme FREQ=WEEKLY;BYDAY=TU;COUNT=8",
                      "a recurrence is written like FREQ=WEEKLY;BYDAY=TU;COUNT=8");
            return error_field(err, "rrule");
        }
    }
    if (rule[0] != '\0') {
        strbuf_printf(out, "\nRRULE:%s", rule);
    }
    return true;
}

static bool append_end(const cJSON *object, struct moment start, struct strbuf *out,
                       struct error *err)
{
    struct moment end;
    if (!json_has(object, "end")) {
        return true;
    }
    if (!get_moment(object, "end", &end, err)) {
        return false;
    }
    if ((start.minute < 0) != (end.minute < 0)) {
        error_set(err, ERROR_INVALID, "le début et la fin ont tous deux une heure, ou aucun",
                  "start and end both have a time of day, or neither");
        return error_field(err, "end");
    }
    if (end.day < start.day || (end.day == start.day && end.minute < start.minute)) {
        error_set(err, ERROR_INVALID, "la fin précède le début", "the end is before the start");
        return error_field(err, "end");
    }
    end.day += end.minute < 0; /* DTEND is the day after */
    append_line(out, "DTEND", end);
    return true;
}

static bool compile(const cJSON *object, struct arena *arena, struct strbuf *out, struct error *err)
{
    struct moment start;
    if (!get_moment(object, "start", &start, err)) {
        return false;
    }
    append_line(out, "DTSTART", start);
    return append_end(object, start, out, err) && append_rule(object, arena, out, err) &&
           append_list(object, "except", "EXDATE", start, out, err) &&
           append_list(object, "also", "RDATE", start, out, err);
}

static bool decode_ical(const cJSON *object, struct arena *arena, const char **out,
                        struct error *err)
{
    if (!json_get_string(object, "ical", 0, ICAL_BYTES_MAX, arena, out, err)) {
        return false;
    }
    /* Lines of an event and time zones, no other blocks and no end of ours. */
    if (strstr(*out, "VEVENT") == NULL && strstr(*out, "VCALENDAR") == NULL &&
        strchr(*out, '\r') == NULL) {
        return true;
    }
    error_set(err, ERROR_INVALID,
              "ces lignes ne contiennent ni VEVENT ni VCALENDAR : DTSTART, DTEND, RRULE…",
              "these lines hold neither VEVENT nor VCALENDAR: DTSTART, DTEND, RRULE…");
    return error_field(err, "ical");
}

static bool decode_object(const cJSON *when, struct arena *arena, const char **out,
                          struct error *err)
{
    static const char *const keys[] = {"start", "end", "rrule", "except", "also", "ical", NULL};
    if (!json_only_keys(when, keys, err)) {
        return false;
    }
    if (json_has(when, "ical")) {
        return json_only_keys(when, (const char *const[]){"ical", NULL}, err) &&
               decode_ical(when, arena, out, err);
    }
    struct strbuf lines;
    strbuf_init(&lines);
    bool ok = compile(when, arena, &lines, err);
    *out = ok ? arena_strndup(arena, lines.bytes, lines.length) : "";
    strbuf_finish(&lines);
    return ok;
}

/* What a line of our own making says, else false. */
static bool parse_line(const char *line, const char *name, struct moment *out)
{
    size_t length = strlen(name);
    if (strncmp(line, name, length) != 0) {
        return false;
    }
    line += length;
    const char *kind = strncmp(line, TIMED ":", strlen(TIMED ":")) == 0 ? TIMED : WHOLE_DAYS;
    if (strncmp(line, kind, strlen(kind)) != 0 || line[strlen(kind)] != ':') {
        return false;
    }
    const char *value = line + strlen(kind) + 1;
    size_t digits = strspn(value, "0123456789");
    char text[17];
    if (digits != 8 || (value[8] != '\0' && strlen(value) != 15)) {
        return false;
    }
    snprintf(text, sizeof text, "%.4s-%.2s-%.2s", value, value + 4, value + 6);
    if (value[8] != '\0') {
        snprintf(text + 10, sizeof text - 10, "T%.2s:%.2s", value + 9, value + 11);
    }
    return parse_moment(text, out);
}

static void put_moment(struct json_writer *writer, const char *key, struct moment at)
{
    char text[48];
    civil_format_date(at.day, text, sizeof text);
    if (at.minute >= 0) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "T%02d:%02d", at.minute / 60, at.minute % 60);
    }
    json_put_string(writer, key, text);
}

/* At the hour of the start the day says it all. */
static void put_dates(struct json_writer *writer, const char *key, const char *name,
                      const struct text_list *lines, int start_minute)
{
    struct moment at;
    json_begin_array(writer, key);
    for (size_t i = 0; i < lines->count; i++) {
        if (parse_line(lines->items[i], name, &at)) {
            at.minute = at.minute == start_minute ? -1 : at.minute;
            put_moment(writer, NULL, at);
        }
    }
    json_end_array(writer);
}

static void split(const char *text, struct arena *arena, struct text_list *out)
{
    size_t count = 1;
    for (const char *p = text; *p != '\0'; p++) {
        count += *p == '\n';
    }
    *out = (struct text_list){0, arena_array(arena, count, sizeof *out->items)};
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(text, "\n");
        out->items[out->count++] = arena_strndup(arena, text, length);
        text += length + 1;
    }
}

/* All lines as members, whatever they say: the caller compares. */
static void put_simple(struct json_writer *writer, const struct text_list *lines)
{
    struct moment at;
    int start_minute = -1;
    for (size_t i = 0; i < lines->count; i++) {
        const char *line = lines->items[i];
        if (parse_line(line, "DTSTART", &at)) {
            start_minute = at.minute;
            put_moment(writer, "start", at);
        } else if (parse_line(line, "DTEND", &at)) {
            at.day -= at.minute < 0;
            put_moment(writer, "end", at);
        } else if (strncmp(line, "RRULE:", 6) == 0) {
            json_put_string(writer, "rrule", line + 6);
        }
    }
    put_dates(writer, "except", "EXDATE", lines, start_minute);
    put_dates(writer, "also", "RDATE", lines, start_minute);
}

/* The members when they say all that the lines say, else false. */
static bool encode_simple(const char *recurrence, struct arena *arena, struct strbuf *out)
{
    struct json_writer writer;
    struct text_list lines;
    const char *back = "";
    split(recurrence, arena, &lines);
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    put_simple(&writer, &lines);
    json_end_object(&writer);
    cJSON *when = json_parse(out->bytes, out->length, ICAL_BYTES_MAX * 2, NULL);
    bool same =
        when != NULL && decode_object(when, arena, &back, NULL) && strcmp(back, recurrence) == 0;
    cJSON_Delete(when);
    return same;
}

void event_dates_encode(struct json_writer *writer, const char *key, const void *value)
{
    const char *recurrence = *(const char *const *)value;
    if (recurrence == NULL || recurrence[0] == '\0') {
        json_put_null(writer, key);
        return;
    }
    struct arena *arena = arena_create();
    struct strbuf simple;
    strbuf_init(&simple);
    if (encode_simple(recurrence, arena, &simple)) {
        json_put_raw(writer, key, simple.bytes);
    } else {
        json_begin_object(writer, key);
        json_put_string(writer, "ical", recurrence);
        json_end_object(writer);
    }
    strbuf_finish(&simple);
    arena_destroy(arena);
}

void event_dates_schema(struct json_writer *writer, const char *key)
{
#define MOMENT "\"pattern\":\"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?$\""
    json_put_raw(
        writer, key,
        "{\"type\":[\"object\",\"null\"],\"description\":\"Local times of Europe/Paris: start "
        "(2026-11-24, or 2026-11-24T18:30), end (the last day, or a time), a recurrence (RFC 5545) "
        "with dates left out and added; or lines of iCalendar\",\"properties\":{"
        "\"start\":{\"type\":\"string\"," MOMENT "},"
        "\"end\":{\"type\":[\"string\",\"null\"]," MOMENT "},"
        "\"rrule\":{\"type\":[\"string\",\"null\"],\"maxLength\":500},"
        "\"except\":{\"type\":[\"array\",\"null\"],\"maxItems\":200,\"items\":{\"type\":"
        "\"string\"," MOMENT "}},"
        "\"also\":{\"type\":[\"array\",\"null\"],\"maxItems\":200,\"items\":{\"type\":"
        "\"string\"," MOMENT "}},"
        "\"ical\":{\"type\":\"string\",\"maxLength\":20000}},\"additionalProperties\":false}");
#undef MOMENT
}

static void take_note(void *context, enum calendar_severity severity, const struct error *text)
{
    struct error *first = context;
    (void)severity;
    if (first->kind == ERROR_NONE) {
        error_set(first, ERROR_INVALID, "%s%.0s", "%.0s%s", text->fr, text->en);
    }
}

/* The lines again in the place that they were taken from; time zones stand in front. */
static struct calendar *calendar_of(const char *recurrence, const struct calendar_notes *notes,
                                    struct error *err)
{
    const char *lines = recurrence;
    for (const char *at; (at = strstr(lines, ZONES_END)) != NULL;) {
        lines = at + strlen(ZONES_END);
    }
    struct strbuf text;
    strbuf_init(&text);
    strbuf_append(&text, "BEGIN:VCALENDAR\n");
    strbuf_append_bytes(&text, recurrence, (size_t)(lines - recurrence));
    strbuf_printf(&text, "BEGIN:VEVENT\n%s\nEND:VEVENT\nEND:VCALENDAR\n", lines);
    struct calendar *calendar = calendar_parse(text.bytes, notes, err);
    strbuf_finish(&text);
    if (calendar == NULL || calendar->event_count == 1) {
        return calendar;
    }
    calendar_destroy(calendar);
    error_set(err, ERROR_INVALID, "ces dates ne se lisent pas", "these dates cannot be read");
    return NULL;
}

struct expansion {
    const char *recurrence;
    int64_t now_ms;
    const struct recurrence_mark *without;
    size_t without_count;
};

static bool expand(const struct expansion *expansion, struct arena *arena, struct event_dates *out,
                   struct error *err)
{
    *out = (struct event_dates){0};
    const struct calendar_notes notes = {take_note, &out->warning};
    const struct recurrence_window window = {expansion->now_ms - CIVIL_DAY_MS,
                                             expansion->now_ms + IMPORT_HORIZON_MS,
                                             IMPORT_OCCURRENCES_MAX, true};
    struct recurrence_result dates = {0};
    struct calendar *calendar = calendar_of(expansion->recurrence, &notes, err);
    struct zones *zones = calendar != NULL ? zones_create(calendar, err) : NULL;
    bool ok = zones != NULL;
    if (ok && !recurrence_expand(zones, arena, &calendar->events[0], &window, expansion->without,
                                 expansion->without_count, &notes, &dates)) {
        ok = error_set(err, ERROR_INVALID, "%s%.0s", "%.0s%s", out->warning.fr, out->warning.en);
    } else if (ok && dates.slow_rule) {
        ok = error_set(err, ERROR_INVALID, "cette récurrence ne donne aucune date",
                       "this recurrence gives no date");
    }
    if (ok) {
        out->all_day = dates.all_day;
        out->count = dates.count;
        out->items = import_occurrences(arena, &dates);
    }
    zones_destroy(zones);
    calendar_destroy(calendar);
    return ok;
}

/* Which date of its series an event replaces. */
static bool read_mark(const struct event_rhythm *rhythm, struct arena *arena,
                      struct recurrence_mark *out)
{
    struct error ignored;
    struct calendar *calendar = calendar_of(rhythm->recurrence, NULL, &ignored);
    struct zones *zones = calendar != NULL ? zones_create(calendar, &ignored) : NULL;
    const struct calendar_line *line =
        zones != NULL ? calendar_find(&calendar->events[0], "RECURRENCE-ID") : NULL;
    bool ok = line != NULL && recurrence_mark_of(zones, arena, line, out);
    zones_destroy(zones);
    calendar_destroy(calendar);
    return ok;
}

bool event_dates_of(struct db *db, const char *uid, const char *recurrence, int64_t now_ms,
                    struct arena *arena, struct event_dates *out, struct error *err)
{
    struct event_rhythm_list rhythms;
    size_t length = strlen(uid);
    if (!events_rhythms(db, arena, &rhythms, err)) {
        return false;
    }
    struct recurrence_mark *marks = arena_array(arena, rhythms.count, sizeof *marks);
    size_t count = 0;
    for (size_t i = 0; i < rhythms.count; i++) {
        const char *other = rhythms.items[i].uid;
        if (strncmp(other, uid, length) == 0 && other[length] == '/' &&
            read_mark(&rhythms.items[i], arena, &marks[count])) {
            count++;
        }
    }
    return expand(&(struct expansion){recurrence, now_ms, marks, count}, arena, out, err);
}

bool event_dates_decode(const cJSON *object, const char *key, struct arena *arena, void *out,
                        struct error *err)
{
    struct event_dates dates;
    const char **lines = out;
    *lines = "";
    if (!json_has(object, key)) {
        return true;
    }
    const cJSON *when = json_get_object(object, key, err);
    if (when == NULL) {
        return false;
    }
    bool ok = decode_object(when, arena, lines, err) &&
              (*lines[0] == '\0' ||
               expand(&(struct expansion){.recurrence = *lines}, arena, &dates, err));
    /* People are told at once; of a calendar's lines what can be read is taken. */
    if (ok && *lines[0] != '\0' && !json_has(when, "ical") && dates.warning.kind != ERROR_NONE) {
        ok = error_set(err, ERROR_INVALID, "%s%.0s", "%.0s%s", dates.warning.fr, dates.warning.en);
    }
    return ok || error_field(err, key);
}
