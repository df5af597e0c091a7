#include "server/calendar/recurrence.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/civil.h"
#include "core/strbuf.h"
#include "server/calendar/recurrence_parts.h"
#include "server/calendar/zones.h"

#define ITERATIONS_MAX 200000
#define TIMES_A_DAY_MAX 24
#define SET_POSITION_MAX 31
#define LENGTH_DAYS_MAX 400
#define MARKS_MAX 5000

struct expansion {
    const struct zones *zones;
    struct arena *arena;
    const struct calendar_block *event;
    const struct recurrence_window *window;
    const struct calendar_notes *notes;
    struct moment start;
    bool all_day;
    bool has_end;
    int64_t length;      /* days for all-day events, else milliseconds */
    struct strbuf marks; /* struct recurrence_mark: what is taken out */
    struct strbuf items; /* struct calendar_occurrence */
    bool full;
    bool slow_rule;
};

static void note(struct expansion *e, enum calendar_severity severity,
                 const struct calendar_line *line, const char *fr, const char *en)
{
    calendar_note(e->notes, severity, line->line, line->name, "%s%.0s : « %.100s »",
                  "%.0s%s: \"%.100s\"", fr, en, line->value);
}

static int64_t day_of(struct icaltimetype time)
{
    return civil_days(time.year, time.month, time.day);
}

/* Reads a date or time with the line's TZID; an unknown zone is reported once per line. */
static bool read_moment(struct expansion *e, const struct calendar_line *line, const char *value,
                        struct moment *out)
{
    const char *tzid = calendar_param(e->arena, line, "TZID");

    if (!zones_read(e->zones, tzid, value, out))
        return false;
    if (out->zone_unknown)
        calendar_note(e->notes, CALENDAR_WARNING, line->line, line->name,
                      "fuseau horaire inconnu « %.80s » ; l’heure est comprise comme celle de "
                      "Paris",
                      "unknown time zone \"%.80s\"; the time is taken as that of Paris", tzid);
    return true;
}

/* RFC 5545, 3.3.6: "P1W", "P1DT2H30M", "-PT15M". False when it is none, or more than a year. */
static bool read_duration(const char *text, int64_t *ms_out)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {
        {'W', 7 * CIVIL_DAY_MS}, {'D', CIVIL_DAY_MS}, {'H', 3600000}, {'M', 60000}, {'S', 1000}};
    bool negative = *text == '-';
    bool time = false;
    size_t unit = 0;

    text += *text == '-' || *text == '+';
    if (*text++ != 'P' || !*text)
        return false;
    *ms_out = 0;
    while (*text) {
        if (*text == 'T' && !time) {
            time = true;
            text++;
        }
        char *end;
        long value = strtol(text, &end, 10);
        if (end == text || *text == '-' || *text == '+' || value > 10000000)
            return false;
        while (unit < 5 && (units[unit].unit != *end || (unit >= 2) != time))
            unit++;
        if (unit == 5)
            return false;
        *ms_out += value * units[unit].ms;
        text = end + 1;
    }
    if (negative)
        *ms_out = -*ms_out;
    return *ms_out <= LENGTH_DAYS_MAX * CIVIL_DAY_MS;
}

static void read_end(struct expansion *e, const struct calendar_line *line)
{
    struct moment end;

    if (!read_moment(e, line, line->value, &end) || end.time.is_date != e->start.time.is_date) {
        note(e, CALENDAR_WARNING, line, "fin illisible, laissée de côté",
             "the end cannot be read, left out");
        return;
    }
    e->length = e->all_day
                    ? day_of(end.time) - day_of(e->start.time)
                    : zones_to_ms(end.time, end.zone) - zones_to_ms(e->start.time, e->start.zone);
    e->has_end = true;
}

static void read_length(struct expansion *e)
{
    const struct calendar_line *end = calendar_find(e->event, "DTEND");
    const struct calendar_line *duration = calendar_find(e->event, "DURATION");
    int64_t ms;

    if (end) {
        read_end(e, end);
    } else if (duration && read_duration(duration->value, &ms)) {
        e->length = e->all_day ? ms / CIVIL_DAY_MS : ms;
        e->has_end = true;
    } else if (duration) {
        note(e, CALENDAR_WARNING, duration, "durée illisible, laissée de côté",
             "the duration cannot be read, left out");
    }
    int64_t longest = e->all_day ? LENGTH_DAYS_MAX : LENGTH_DAYS_MAX * CIVIL_DAY_MS;
    if (e->length < 0 || e->length > longest) {
        note(e, CALENDAR_WARNING, end ? end : duration,
             "la fin est avant le début, ou plus d’un an après ; laissée de côté",
             "the end is before the start, or more than a year after it; left out");
        e->length = 0;
        e->has_end = false;
    }
    /* Many calendars write DTEND = DTSTART for one whole day. */
    if (e->all_day && e->length == 0)
        e->length = 1;
    if (!e->all_day && e->length == 0)
        e->has_end = false;
}

static bool is_taken_out(const struct expansion *e, struct icaltimetype time, int64_t at_ms)
{
    const struct recurrence_mark *marks = (const void *)e->marks.bytes;
    size_t count = e->marks.length / sizeof(*marks);

    for (size_t i = 0; i < count; i++)
        if (marks[i].all_day ? marks[i].day == day_of(time) : marks[i].at_ms == at_ms)
            return true;
    return false;
}

static void add(struct expansion *e, const struct moment *start, int64_t length)
{
    struct calendar_occurrence at = {
        .all_day = e->all_day, .local_minute = -1, .local_end_minute = -1};

    at.start_ms = zones_to_ms(start->time, start->zone);
    if (is_taken_out(e, start->time, at.start_ms))
        return;
    if (e->all_day) {
        at.local_day = day_of(start->time);
        at.local_last_day = at.local_day + length - 1;
        at.start_ms = zones_midnight(e->zones, at.local_day);
        at.end_ms = zones_midnight(e->zones, at.local_last_day + 1);
    } else {
        at.end_ms = at.start_ms + length;
        zones_local_time(e->zones, at.start_ms, &at.local_day, &at.local_minute);
        zones_local_time(e->zones, at.end_ms, &at.local_last_day, &at.local_end_minute);
        if (!e->has_end)
            at.local_end_minute = -1;
    }
    if (at.start_ms >= e->window->until_ms ||
        (at.end_ms <= e->window->from_ms && at.start_ms < e->window->from_ms))
        return;
    if (e->items.length / sizeof(at) >= e->window->max)
        e->full = true;
    else
        strbuf_append_bytes(&e->items, &at, sizeof(at));
}

static size_t list_length(const short *list, size_t size)
{
    size_t count = 0;

    while (count < size && list[count] != ICAL_RECURRENCE_ARRAY_MAX)
        count++;
    return count > 0 ? count : 1;
}

/* No month has a sixth Monday or a hundredth date: libical would look for it in each of five
 * hundred years. */
static bool has_near_days(const struct icalrecurrencetype *rule)
{
    int furthest =
        rule->freq == ICAL_YEARLY_RECURRENCE && rule->by_month[0] == ICAL_RECURRENCE_ARRAY_MAX ? 53
                                                                                               : 5;

    for (size_t i = 0; i < ICAL_BY_DAY_SIZE && rule->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
        if (abs(icalrecurrencetype_day_position(rule->by_day[i])) > furthest)
            return false;
    for (size_t i = 0; i < ICAL_BY_SETPOS_SIZE && rule->by_set_pos[i] != ICAL_RECURRENCE_ARRAY_MAX;
         i++)
        if (rule->freq != ICAL_YEARLY_RECURRENCE && abs(rule->by_set_pos[i]) > SET_POSITION_MAX)
            return false;
    return true;
}

static bool holds(const short *list, size_t size, int value)
{
    for (size_t i = 0; i < size && list[i] != ICAL_RECURRENCE_ARRAY_MAX; i++)
        if (list[i] == value)
            return true;
    return false;
}

/* Whether one of the rule's months has one of its days: the 30th of February is looked for in
 * hundreds of years as well. A rule of every so many months reaches those of its step alone. */
static bool has_its_days(const struct icalrecurrencetype *rule, int first_month)
{
    static const short days[12] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool any_month = rule->by_month[0] == ICAL_RECURRENCE_ARRAY_MAX;
    bool monthly = rule->freq == ICAL_MONTHLY_RECURRENCE;
    int step = monthly && rule->interval % 12 == 0  ? 12
               : monthly && rule->interval % 6 == 0 ? 6
               : monthly && rule->interval % 4 == 0 ? 4
               : monthly && rule->interval % 3 == 0 ? 3
               : monthly && rule->interval % 2 == 0 ? 2
                                                    : 1;

    for (int month = 1; month <= 12; month++) {
        if ((!any_month && !holds(rule->by_month, ICAL_BY_MONTH_SIZE, month)) ||
            (month - first_month) % step != 0)
            continue;
        if (rule->by_month_day[0] == ICAL_RECURRENCE_ARRAY_MAX)
            return true;
        for (int day = 1; day <= days[month - 1]; day++)
            if (holds(rule->by_month_day, ICAL_BY_MONTHDAY_SIZE, day) ||
                holds(rule->by_month_day, ICAL_BY_MONTHDAY_SIZE, -day))
                return true;
    }
    return false;
}

/* Rules that libical could turn over for hours: by the second, or thousands of times a day with
 * days that never come. */
static bool is_bounded(const struct icalrecurrencetype *rule, int first_month)
{
    return (rule->freq == ICAL_DAILY_RECURRENCE || rule->freq == ICAL_WEEKLY_RECURRENCE ||
            rule->freq == ICAL_MONTHLY_RECURRENCE || rule->freq == ICAL_YEARLY_RECURRENCE) &&
           rule->interval >= 1 && has_near_days(rule) && has_its_days(rule, first_month) &&
           list_length(rule->by_hour, ICAL_BY_HOUR_SIZE) *
                   list_length(rule->by_minute, ICAL_BY_MINUTE_SIZE) *
                   list_length(rule->by_second, ICAL_BY_SECOND_SIZE) <=
               TIMES_A_DAY_MAX;
}

/* The iterator runs on wall time, so UNTIL must be wall time of the start's zone. Every rule gets
 * one, at the end of the window: libical looks for a next date until then, or for centuries. */
static void fit_until(struct icalrecurrencetype *rule, const struct expansion *e)
{
    const struct civil last = civil_from_ms(e->window->until_ms + CIVIL_DAY_MS);
    struct icaltimetype end = icaltime_null_time();

    end.year = last.year;
    end.month = last.month;
    end.day = last.day;
    if (icaltime_is_null_time(rule->until))
        rule->until = end;
    else if (icaltime_is_utc(rule->until) && !e->all_day)
        rule->until = icaltime_convert_to_zone(rule->until, e->start.zone);
    else if (rule->until.is_date && !e->all_day)
        rule->until.hour = 23, rule->until.minute = 59, rule->until.second = 59;
    rule->until.zone = NULL;
    rule->until.is_date = e->all_day ? 1 : 0;
    if (icaltime_compare(rule->until, end) > 0)
        rule->until = end;
    if (e->all_day)
        rule->until.hour = rule->until.minute = rule->until.second = 0;
}

static bool read_rule(const struct calendar_line *line, struct icalrecurrencetype *out)
{
    if (strlen(line->value) > 1000 || strcasestr(line->value, "RSCALE"))
        return false;
    *out = icalrecurrencetype_from_string(line->value);
    return out->freq != ICAL_NO_RECURRENCE;
}

struct icaltimetype recurrence_first_date(const struct icalrecurrencetype *rule,
                                          struct icaltimetype start)
{
    if (rule->freq != ICAL_WEEKLY_RECURRENCE || rule->by_day[0] == ICAL_RECURRENCE_ARRAY_MAX ||
        rule->by_day[1] != ICAL_RECURRENCE_ARRAY_MAX)
        return start;
    int week = (int)rule->week_start; /* 1 = Sunday, as all days here */
    int day = (int)icalrecurrencetype_day_day_of_week(rule->by_day[0]);
    int from = (icaltime_day_of_week(start) - week + 7) % 7;
    int to = (day - week + 7) % 7;
    icaltime_adjust(&start, to - from + (to < from ? 7 * rule->interval : 0), 0, 0, 0);
    return start;
}

static void iterate(struct expansion *e, const struct calendar_line *line,
                    struct icalrecurrencetype *rule)
{
    struct moment at = e->start;
    size_t left = ITERATIONS_MAX;

    fit_until(rule, e);
    icalrecur_iterator *iterator =
        icalrecur_iterator_new(*rule, recurrence_first_date(rule, e->start.time));
    if (!iterator) {
        e->slow_rule = true;
        note(e, CALENDAR_WARNING, line, "récurrence illisible : seule la première date compte",
             "the recurrence cannot be read: only the first date counts");
        return;
    }
    for (; left > 0 && !e->full; left--) {
        at.time = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(at.time) || zones_to_ms(at.time, at.zone) >= e->window->until_ms)
            break;
        if (icaltime_compare(at.time, e->start.time) != 0) /* which is there already */
            add(e, &at, e->length);
    }
    icalrecur_iterator_free(iterator);
    e->slow_rule = e->slow_rule || left == 0;
    if (left == 0)
        note(e, CALENDAR_WARNING, line, "récurrence trop longue, coupée",
             "recurrence too long, cut short");
}

static void expand_rule(struct expansion *e, const struct calendar_line *line)
{
    struct icalrecurrencetype rule;

    if (!read_rule(line, &rule))
        note(e, CALENDAR_WARNING, line, "récurrence illisible : seule la première date compte",
             "the recurrence cannot be read: only the first date counts");
    else if (!e->window->rules)
        note(e, CALENDAR_WARNING, line,
             "trop de récurrences fautives dans ce fichier : seule la première date compte",
             "too many faulty recurrences in this file: only the first date counts");
    else if (!is_bounded(&rule, e->start.time.month))
        note(e, CALENDAR_WARNING, line,
             "récurrence plus fine que le jour, ou impossible : seule la première date compte",
             "recurrence finer than a day, or impossible: only the first date counts");
    else
        iterate(e, line, &rule);
}

/* "start", or "start/end" and "start/duration" of VALUE=PERIOD. */
static bool add_rdate(struct expansion *e, const struct calendar_line *line, char *value)
{
    char *slash = strchr(value, '/');
    int64_t length = e->length;
    struct moment start;
    struct moment end;

    if (slash)
        *slash = '\0';
    if (!read_moment(e, line, value, &start) || (start.time.is_date && !e->all_day))
        return false;
    start.time.is_date = e->all_day ? 1 : 0;
    if (slash && !e->all_day) {
        if (slash[1] == 'P' ? !read_duration(slash + 1, &length)
                            : !read_moment(e, line, slash + 1, &end))
            return false;
        if (slash[1] != 'P')
            length = zones_to_ms(end.time, end.zone) - zones_to_ms(start.time, start.zone);
    }
    if (length < 0 || length > LENGTH_DAYS_MAX * CIVIL_DAY_MS)
        return false;
    add(e, &start, length);
    return true;
}

static bool read_mark(struct expansion *e, const struct calendar_line *line, const char *value,
                      struct recurrence_mark *out)
{
    struct moment at;

    if (!read_moment(e, line, value, &at))
        return false;
    *out = (struct recurrence_mark){.all_day = at.time.is_date || e->all_day,
                                    .day = day_of(at.time),
                                    .at_ms = zones_to_ms(at.time, at.zone)};
    return true;
}

static bool add_exdate(struct expansion *e, const struct calendar_line *line, char *value)
{
    struct recurrence_mark mark;

    if (!read_mark(e, line, value, &mark))
        return false;
    if (e->marks.length / sizeof(mark) < MARKS_MAX)
        strbuf_append_bytes(&e->marks, &mark, sizeof(mark));
    return true;
}

/* Every value of every line of that name. */
static void each_value(struct expansion *e, const char *name,
                       bool (*handle)(struct expansion *, const struct calendar_line *, char *))
{
    for (size_t i = 0; i < e->event->count; i++) {
        const struct calendar_line *line = &e->event->lines[i];
        if (strcmp(line->name, name) != 0)
            continue;
        char *cursor = arena_strdup(e->arena, line->value);
        char *value;
        while ((value = strsep(&cursor, ",")) != NULL)
            if (*value && !handle(e, line, value))
                note(e, CALENDAR_WARNING, line, "date illisible, laissée de côté",
                     "a date cannot be read, left out");
    }
}

static int by_start(const void *a, const void *b)
{
    const struct calendar_occurrence *first = a;
    const struct calendar_occurrence *second = b;

    if (first->start_ms != second->start_ms)
        return first->start_ms < second->start_ms ? -1 : 1;
    return 0;
}

static void finish(struct expansion *e, struct recurrence_result *out)
{
    size_t count = e->items.length / sizeof(struct calendar_occurrence);
    struct calendar_occurrence *items = arena_array(e->arena, count, sizeof(*items));
    size_t kept = 0;

    memcpy(items, e->items.bytes, e->items.length);
    qsort(items, count, sizeof(*items), by_start);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || items[kept - 1].start_ms != items[i].start_ms)
            items[kept++] = items[i];
    *out = (struct recurrence_result){
        .all_day = e->all_day, .slow_rule = e->slow_rule, .count = kept, .items = items};
}

static bool read_start(struct expansion *e)
{
    const struct calendar_line *line = calendar_find(e->event, "DTSTART");

    if (!line) {
        calendar_note(e->notes, CALENDAR_REJECTED, e->event->line, "DTSTART",
                      "événement sans date de début", "event without a start");
        return false;
    }
    if (!read_moment(e, line, line->value, &e->start)) {
        note(e, CALENDAR_REJECTED, line, "date de début illisible", "the start cannot be read");
        return false;
    }
    e->all_day = e->start.time.is_date;
    return true;
}

static void expand_all(struct expansion *e)
{
    read_length(e);
    each_value(e, "EXDATE", add_exdate);
    add(e, &e->start, e->length);
    for (size_t i = 0; i < e->event->count; i++)
        if (strcmp(e->event->lines[i].name, "RRULE") == 0)
            expand_rule(e, &e->event->lines[i]);
    each_value(e, "RDATE", add_rdate);
    if (e->full)
        calendar_note(e->notes, CALENDAR_WARNING, e->event->line, "RRULE",
                      "plus de %zu dates ; les suivantes sont laissées de côté",
                      "more than %zu dates; the later ones are left out", e->window->max);
}

bool recurrence_expand(const struct zones *zones, struct arena *arena,
                       const struct calendar_block *event, const struct recurrence_window *window,
                       const struct recurrence_mark *without, size_t without_count,
                       const struct calendar_notes *notes, struct recurrence_result *out)
{
    struct expansion e = {
        .zones = zones, .arena = arena, .event = event, .window = window, .notes = notes};

    if (!read_start(&e))
        return false;
    strbuf_init(&e.marks);
    strbuf_init(&e.items);
    strbuf_append_bytes(&e.marks, without, without_count * sizeof(*without));
    expand_all(&e);
    finish(&e, out);
    strbuf_finish(&e.items);
    strbuf_finish(&e.marks);
    return true;
}

bool recurrence_mark_of(const struct zones *zones, struct arena *arena,
                        const struct calendar_line *line, struct recurrence_mark *out)
{
    struct moment at;

    if (!zones_read(zones, calendar_param(arena, line, "TZID"), line->value, &at))
        return false;
    *out = (struct recurrence_mark){
        .all_day = at.time.is_date, .day = day_of(at.time), .at_ms = zones_to_ms(at.time, at.zone)};
    return true;
}
