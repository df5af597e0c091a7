#include "server/calendar/repetition.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "server/calendar/recurrence_parts.h"

#define WEEKDAYS 7
#define ITEMS_MAX 64 /* of a list: BYMONTHDAY=1,2,… */
/* Days of a daily rule that libical looks at in vain are each a step of its own. */
#define STEPS_MAX (REPETITION_DAYS_MAX + 1)

enum frequency { DAILY, WEEKLY, MONTHLY, YEARLY, FREQUENCIES };
static const char *const frequency_tags[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
static const char *const weekday_tags[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

/* A list's values, without their signs. */
struct numbers {
    size_t count;
    long least, most;
    unsigned months; /* of BYMONTH: bit 0 = January */
};

/* What a rule says, as far as it matters here; libical keeps the rest. */
struct repetition {
    enum frequency frequency;
    bool has_frequency;
    unsigned long interval;
    unsigned long count; /* 0: none */
    bool has_until;
    int64_t until_day;
    unsigned seen; /* bit by part */
    size_t weekday_count;
    int weekdays[ITEMS_MAX]; /* 0 = Monday */
    bool ordinals;           /* BYDAY=2MO */
    long furthest_ordinal;
    struct numbers month_days, months, positions;
};

/* BYWEEKNO is left out: libical 3.0 finds days of other weekdays in years of 53 weeks. */
enum part {
    PART_FREQ,
    PART_INTERVAL,
    PART_COUNT,
    PART_UNTIL,
    PART_WKST,
    PART_BYDAY,
    PART_BYMONTHDAY,
    PART_BYMONTH,
    PART_BYYEARDAY,
    PART_BYSETPOS,
    PARTS
};

static bool has(const struct repetition *rule, enum part part)
{
    return (rule->seen >> part & 1u) != 0;
}

static bool bad_value(struct error *err, const char *part, const char *value)
{
    return error_set(err, ERROR_INVALID, "récurrence : « %.40s » n’est pas une valeur de %.20s",
                     "recurrence: \"%.40s\" is no value of %.20s", value, part);
}

static bool read_number(const char *text, const char **end_out, long *out)
{
    char *end;

    if (*text != '+' && *text != '-' && (*text < '0' || *text > '9'))
        return false;
    *out = strtol(text, &end, 10);
    *end_out = end;
    return end != text && end - text <= 6;
}

/* "1,15,-1": each between least and most, or below zero as far when `negative`. */
static bool read_numbers(const char *part, const char *value, long least, long most, bool negative,
                         struct numbers *out, struct error *err)
{
    const char *cursor = value;

    *out = (struct numbers){.least = most, .most = least};
    for (size_t i = 0; i < ITEMS_MAX; i++) {
        long number;
        if (!read_number(cursor, &cursor, &number) || (*cursor != ',' && *cursor != '\0'))
            return bad_value(err, part, value);
        long size = number < 0 && negative ? -number : number;
        if (size < least || size > most)
            return bad_value(err, part, value);
        out->count++;
        out->least = size < out->least ? size : out->least;
        out->most = size > out->most ? size : out->most;
        out->months |= size <= 12 ? 1u << (size - 1) : 0;
        if (*cursor++ == '\0')
            return true;
    }
    return bad_value(err, part, value);
}

static bool read_weekday(const char *text, int *out)
{
    for (int i = 0; i < WEEKDAYS; i++) {
        if (strncmp(text, weekday_tags[i], 2) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* "MO,-1FR". */
static bool read_weekdays(struct repetition *rule, const char *value, struct error *err)
{
    const char *cursor = value;

    while (rule->weekday_count < ITEMS_MAX) {
        long ordinal = 0;
        if ((*cursor == '+' || *cursor == '-' || (*cursor >= '0' && *cursor <= '9')) &&
            (!read_number(cursor, &cursor, &ordinal) || ordinal == 0))
            return bad_value(err, "BYDAY", value);
        if (!read_weekday(cursor, &rule->weekdays[rule->weekday_count]))
            return bad_value(err, "BYDAY", value);
        cursor += 2;
        rule->weekday_count++;
        rule->ordinals = rule->ordinals || ordinal != 0;
        rule->furthest_ordinal =
            labs(ordinal) > rule->furthest_ordinal ? labs(ordinal) : rule->furthest_ordinal;
        if (*cursor == '\0')
            return true;
        if (*cursor++ != ',')
            return bad_value(err, "BYDAY", value);
    }
    return bad_value(err, "BYDAY", value);
}

/* "20261231", or with a time, of which the date counts: rules are of whole days. */
static bool read_until(struct repetition *rule, const char *value, struct error *err)
{
    char date[11] = {0};
    size_t length = strlen(value);
    size_t digits = strspn(value, "0123456789");

    if (digits != 8 || (length != 8 && (value[8] != 'T' || (length != 15 && length != 16))))
        return bad_value(err, "UNTIL", value);
    memcpy(date, value, 4);
    date[4] = date[7] = '-';
    memcpy(date + 5, value + 4, 2);
    memcpy(date + 8, value + 6, 2);
    rule->has_until = true;
    return civil_parse_date(date, &rule->until_day) || bad_value(err, "UNTIL", value);
}

static bool read_count(const char *part, const char *value, unsigned long *out, struct error *err)
{
    struct numbers numbers;

    if (!read_numbers(part, value, 1, REPETITION_DAYS_MAX, false, &numbers, err) ||
        numbers.count != 1)
        return bad_value(err, part, value);
    *out = (unsigned long)numbers.least;
    return true;
}

static bool read_frequency(struct repetition *rule, const char *value, struct error *err)
{
    for (int i = 0; i < FREQUENCIES; i++) {
        if (strcmp(value, frequency_tags[i]) == 0) {
            rule->frequency = (enum frequency)i;
            rule->has_frequency = true;
            return true;
        }
    }
    return error_set(err, ERROR_INVALID,
                     "récurrence : la fréquence « %.40s » n’existe pas ici ; écrivez FREQ=DAILY, "
                     "WEEKLY, MONTHLY ou YEARLY (les heures vont dans « hours »)",
                     "recurrence: there is no frequency \"%.40s\" here; write FREQ=DAILY, WEEKLY, "
                     "MONTHLY or YEARLY (hours go to \"hours\")",
                     value);
}

static bool read_part(struct repetition *rule, enum part part, const char *value, struct error *err)
{
    struct numbers ignored;
    int weekday;

    switch (part) {
    case PART_FREQ:
        return read_frequency(rule, value, err);
    case PART_INTERVAL:
        return read_count("INTERVAL", value, &rule->interval, err);
    case PART_COUNT:
        return read_count("COUNT", value, &rule->count, err);
    case PART_UNTIL:
        return read_until(rule, value, err);
    case PART_WKST:
        return (strlen(value) == 2 && read_weekday(value, &weekday)) ||
               bad_value(err, "WKST", value);
    case PART_BYDAY:
        return read_weekdays(rule, value, err);
    case PART_BYMONTHDAY:
        return read_numbers("BYMONTHDAY", value, 1, 31, true, &rule->month_days, err);
    case PART_BYMONTH:
        return read_numbers("BYMONTH", value, 1, 12, false, &rule->months, err);
    case PART_BYYEARDAY:
        return read_numbers("BYYEARDAY", value, 1, 366, true, &ignored, err);
    case PART_BYSETPOS:
        return read_numbers("BYSETPOS", value, 1, 366, true, &rule->positions, err);
    case PARTS:
        break;
    }
    return false;
}

static bool take_part(struct repetition *rule, char *text, struct error *err)
{
    static const char *const names[PARTS] = {"FREQ",      "INTERVAL", "COUNT",      "UNTIL",
                                             "WKST",      "BYDAY",    "BYMONTHDAY", "BYMONTH",
                                             "BYYEARDAY", "BYSETPOS"};
    char *value = strchr(text, '=');

    if (value != NULL)
        *value++ = '\0';
    for (int i = 0; i < PARTS; i++) {
        if (strcmp(text, names[i]) != 0)
            continue;
        if (value == NULL || *value == '\0')
            return bad_value(err, text, "");
        if (has(rule, (enum part)i))
            return error_set(err, ERROR_INVALID, "récurrence : %.20s est là deux fois",
                             "recurrence: %.20s is there twice", text);
        rule->seen |= 1u << i;
        return read_part(rule, (enum part)i, value, err);
    }
    return error_set(err, ERROR_INVALID,
                     "récurrence : « %.40s » n’est pas admis ; attendus FREQ, INTERVAL, COUNT, "
                     "UNTIL, WKST, BYDAY, BYMONTHDAY, BYMONTH, BYYEARDAY et BYSETPOS",
                     "recurrence: \"%.40s\" is not allowed; expected are FREQ, INTERVAL, COUNT, "
                     "UNTIL, WKST, BYDAY, BYMONTHDAY, BYMONTH, BYYEARDAY and BYSETPOS",
                     text);
}

/* How many days a day, a week or a month of the rule can have at most. */
static long days_a_turn(const struct repetition *rule)
{
    long by_month_day = rule->month_days.count > 0 ? (long)rule->month_days.count : 31;
    long weeks = rule->ordinals || rule->frequency == WEEKLY ? 1 : 5;
    long by_day = rule->weekday_count > 0 ? (long)rule->weekday_count * weeks : 31;

    if (rule->frequency == DAILY)
        return 1;
    return by_month_day < by_day ? by_month_day : by_day;
}

/* What can never come is refused: libical would look for it through five hundred years. */
static bool can_come(const struct repetition *rule, struct error *err)
{
    static const long lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    long longest = rule->months.count > 0 ? 0 : 31;

    for (unsigned i = 0; i < 12; i++) {
        if ((rule->months.months >> i & 1u) != 0 && lengths[i] > longest)
            longest = lengths[i];
    }
    if (rule->month_days.count > 0 && rule->month_days.least > longest)
        return error_set(err, ERROR_INVALID, "récurrence : aucun de ces mois n’a un %ld",
                         "recurrence: none of these months has a day %ld", rule->month_days.least);
    if (rule->positions.count > 0 && rule->frequency != YEARLY &&
        rule->positions.most > days_a_turn(rule))
        return error_set(err, ERROR_INVALID,
                         "récurrence : BYSETPOS demande le rang %ld, mais il y a %ld jours au plus",
                         "recurrence: BYSETPOS asks for number %ld, but there are %ld days at most",
                         rule->positions.most, days_a_turn(rule));
    return true;
}

/* RFC 5545, 3.3.10: what does not go together. */
static bool fits_together(const struct repetition *rule, struct error *err)
{
    enum frequency frequency = rule->frequency;
    bool by_other = (rule->seen & (1u << PART_BYDAY | 1u << PART_BYMONTHDAY | 1u << PART_BYMONTH |
                                   1u << PART_BYYEARDAY)) != 0;
    long furthest = frequency == YEARLY && !has(rule, PART_BYMONTH) ? 53 : 5;

    if (!rule->has_frequency)
        return error_set(err, ERROR_INVALID, "récurrence : il manque FREQ, comme FREQ=WEEKLY",
                         "recurrence: FREQ is missing, as in FREQ=WEEKLY");
    if (rule->count > 0 && rule->has_until)
        return error_set(err, ERROR_INVALID,
                         "récurrence : COUNT et UNTIL ne vont pas ensemble ; gardez-en un",
                         "recurrence: COUNT and UNTIL do not go together; keep one");
    if (rule->ordinals && frequency < MONTHLY)
        return error_set(err, ERROR_INVALID,
                         "récurrence : un rang dans BYDAY (2MO) demande FREQ=MONTHLY ou YEARLY",
                         "recurrence: an ordinal in BYDAY (2MO) needs FREQ=MONTHLY or YEARLY");
    if (rule->ordinals && has(rule, PART_BYMONTHDAY))
        return error_set(err, ERROR_INVALID,
                         "récurrence : un rang dans BYDAY (2MO) ne va pas avec BYMONTHDAY",
                         "recurrence: an ordinal in BYDAY (2MO) does not go with BYMONTHDAY");
    if (rule->furthest_ordinal > furthest)
        return error_set(err, ERROR_INVALID,
                         "récurrence : aucun mois ni aucune année n’a un tel rang dans BYDAY",
                         "recurrence: no month or year has such an ordinal in BYDAY");
    if (has(rule, PART_BYMONTHDAY) && frequency == WEEKLY)
        return error_set(err, ERROR_INVALID, "récurrence : BYMONTHDAY ne va pas avec FREQ=WEEKLY",
                         "recurrence: BYMONTHDAY does not go with FREQ=WEEKLY");
    if (has(rule, PART_BYYEARDAY) && frequency != YEARLY)
        return error_set(err, ERROR_INVALID, "récurrence : BYYEARDAY demande FREQ=YEARLY",
                         "recurrence: BYYEARDAY needs FREQ=YEARLY");
    if (has(rule, PART_BYSETPOS) && !by_other)
        return error_set(err, ERROR_INVALID, "récurrence : BYSETPOS demande une autre partie BY…",
                         "recurrence: BYSETPOS needs another BY… part");
    return can_come(rule, err);
}

static bool read_rule(const char *rrule, struct repetition *out, struct error *err)
{
    char text[REPETITION_TEXT_MAX + 1];
    char *rest = text;
    char *part;

    *out = (struct repetition){.interval = 1};
    if (strlen(rrule) > REPETITION_TEXT_MAX)
        return error_set(err, ERROR_LIMIT, "récurrence : plus de %d caractères",
                         "recurrence: more than %d characters", REPETITION_TEXT_MAX);
    memcpy(text, rrule, strlen(rrule) + 1);
    while ((part = strsep(&rest, ";")) != NULL) {
        if (!take_part(out, part, err))
            return false;
    }
    return fits_together(out, err);
}

bool repetition_check(const char *rrule, struct error *err)
{
    struct repetition rule;

    return read_rule(rrule, &rule, err);
}

static struct icaltimetype date_of(int64_t day)
{
    const struct civil civil = civil_from_ms(day * CIVIL_DAY_MS);
    struct icaltimetype date = icaltime_null_time(); /* null_date has hours below zero */

    date.year = civil.year;
    date.month = civil.month;
    date.day = civil.day;
    date.is_date = 1;
    return date;
}

/* Sets what one rule of libical falls on; fall_out begins at start_day. */
static void iterate(struct icalrecurrencetype *rule, int64_t start_day, size_t count,
                    bool *fall_out)
{
    /* libical looks for a next date until then, or for centuries. */
    rule->until = date_of(start_day + (int64_t)count - 1);
    rule->count = 0;
    icalrecur_iterator *iterator =
        icalrecur_iterator_new(*rule, recurrence_first_date(rule, date_of(start_day)));
    if (iterator == NULL)
        return;
    for (size_t left = STEPS_MAX; left > 0; left--) {
        struct icaltimetype at = icalrecur_iterator_next(iterator);
        if (icaltime_is_null_time(at))
            break;
        int64_t day = civil_days(at.year, at.month, at.day) - start_day;
        if (day >= (int64_t)count)
            break;
        if (day >= 0)
            fall_out[day] = true;
    }
    icalrecur_iterator_free(iterator);
}

/* A weekly rule with several weekdays is as many rules with one: recurrence_first_date. */
static void iterate_weekdays(const struct icalrecurrencetype *rule, int64_t start_day, size_t count,
                             bool *fall_out)
{
    for (size_t i = 0; i < ICAL_BY_DAY_SIZE && rule->by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; i++) {
        struct icalrecurrencetype one = *rule;
        one.by_day[0] = rule->by_day[i];
        one.by_day[1] = ICAL_RECURRENCE_ARRAY_MAX;
        iterate(&one, start_day, count, fall_out);
    }
}

/* Keeps the first `most` that fall. */
static void keep_first(bool *fall, size_t count, unsigned long most)
{
    for (size_t i = 0; i < count; i++) {
        if (fall[i] && most == 0)
            fall[i] = false;
        else if (fall[i])
            most--;
    }
}

/* Days from start_day on; the caller frees them. NULL when the rule cannot be read. */
static bool *expand(const char *rrule, int64_t start_day, int64_t until_day, size_t *count_out)
{
    struct repetition rule;
    struct error ignored;

    if (!read_rule(rrule, &rule, &ignored) || until_day < start_day)
        return NULL;
    if (rule.has_until && rule.until_day < until_day)
        until_day = rule.until_day;
    int64_t days = until_day - start_day + 1;
    size_t count = days < 0 ? 0 : days > REPETITION_DAYS_MAX ? REPETITION_DAYS_MAX : (size_t)days;
    bool *fall = calloc(count + 1, sizeof(*fall));
    if (fall == NULL)
        abort();
    icalerror_set_errors_are_fatal(0);
    struct icalrecurrencetype ical = icalrecurrencetype_from_string(rrule);
    if (ical.freq != ICAL_NO_RECURRENCE && count > 0) {
        if (rule.frequency == WEEKLY && rule.weekday_count > 1 && !has(&rule, PART_BYSETPOS))
            iterate_weekdays(&ical, start_day, count, fall);
        else
            iterate(&ical, start_day, count, fall);
    }
    if (rule.count > 0)
        keep_first(fall, count, rule.count);
    *count_out = count;
    return fall;
}

size_t repetition_days(const char *rrule, int64_t start_day, int64_t from_day, size_t count,
                       bool *fall_out)
{
    size_t known = 0, fallen = 0;
    bool *fall = expand(rrule, start_day, from_day + (int64_t)count - 1, &known);

    for (size_t i = 0; i < count; i++) {
        int64_t at = from_day + (int64_t)i - start_day;
        fall_out[i] = fall != NULL && at >= 0 && at < (int64_t)known && fall[at];
        fallen += fall_out[i] ? 1 : 0;
    }
    free(fall);
    return fallen;
}

bool repetition_first(const char *rrule, int64_t start_day, int64_t until_day, int64_t *day_out)
{
    size_t count = 0;
    bool *fall = expand(rrule, start_day, until_day, &count);
    size_t first = 0;

    while (fall != NULL && first < count && !fall[first])
        first++;
    *day_out = start_day + (int64_t)first;
    bool found = fall != NULL && first < count;
    free(fall);
    return found;
}
