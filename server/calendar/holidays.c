#include "server/calendar/holidays.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/json.h"
#include "server/calendar/holidays_embedded.h"

#define DAYS_MAX 400
#define NAME_MAX_BYTES 100
#define EASTER_REACH 180

enum holiday_kind { ON_DATE, EACH_YEAR, BY_EASTER };

struct holiday {
    enum holiday_kind kind;
    const char *name;
    int64_t day; /* ON_DATE */
    int month;   /* EACH_YEAR */
    int month_day;
    int64_t offset; /* BY_EASTER */
};

struct period {
    const char *name;
    int64_t from_day, until_day;
};

struct holidays {
    struct arena *arena;
    bool national; /* those of the program too */
    size_t count, without_count, school_count;
    struct holiday *items;
    int64_t *without;
    struct period *school;
    struct holidays *base; /* the national ones; NULL: none */
};

int64_t holidays_easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int h = (19 * a + b - d - g + 15) % 30;
    int i = c / 4, k = c % 4;
    int l = (32 + 2 * e + 2 * i - h - k) % 7;
    int m = (a + 11 * h + 22 * l) / 451;
    int month = (h + l - 7 * m + 114) / 31;

    return civil_days(year, month, (h + l - 7 * m + 114) % 31 + 1);
}

static bool get_date(const cJSON *object, const char *key, struct arena *arena, int64_t *day_out,
                     struct error *err)
{
    const char *text = NULL;

    if (!json_get_string(object, key, 1, 32, arena, &text, err))
        return false;
    if (civil_parse_date(text, day_out))
        return true;
    error_set(err, ERROR_INVALID, "« %s » n’est pas une date ; écrivez par exemple 2026-12-24",
              "\"%s\" is no date; write for example 2026-12-24", text);
    error_field(err, key);
    return false;
}

/* "12-26"; 29 February comes in leap years. */
static bool get_month_day(const cJSON *object, struct arena *arena, struct holiday *out,
                          struct error *err)
{
    const char *text = NULL;
    int64_t day = 0;

    if (!json_get_string(object, "month_day", 1, 16, arena, &text, err))
        return false;
    if (strlen(text) == 5 && civil_parse_date(arena_printf(arena, "2000-%s", text), &day)) {
        const struct civil civil = civil_from_ms(day * CIVIL_DAY_MS);
        out->month = civil.month;
        out->month_day = civil.day;
        return true;
    }
    error_set(err, ERROR_INVALID,
              "« %s » n’est pas un jour de l’année ; écrivez mois et jour, comme 12-26",
              "\"%s\" is no day of the year; write month and day, like 12-26", text);
    error_field(err, "month_day");
    return false;
}

static bool take_day(struct holidays *holidays, const cJSON *object, struct error *err)
{
    static const char *const keys[] = {"name", "date", "month_day", "easter", NULL};
    struct holiday *out = &holidays->items[holidays->count++];
    int told =
        json_has(object, "date") + json_has(object, "month_day") + json_has(object, "easter");

    if (!json_only_keys(object, keys, err) ||
        !json_get_string(object, "name", 1, NAME_MAX_BYTES, holidays->arena, &out->name, err))
        return false;
    if (told != 1)
        return error_set(err, ERROR_INVALID,
                         "un jour férié a soit « date », soit « month_day », soit « easter »",
                         "a holiday has either \"date\" or \"month_day\" or \"easter\"");
    if (json_has(object, "date")) {
        out->kind = ON_DATE;
        return get_date(object, "date", holidays->arena, &out->day, err);
    }
    out->kind = json_has(object, "easter") ? BY_EASTER : EACH_YEAR;
    return out->kind == BY_EASTER
               ? json_get_int(object, "easter", -EASTER_REACH, EASTER_REACH, &out->offset, err)
               : get_month_day(object, holidays->arena, out, err);
}

static bool take_period(struct holidays *holidays, const cJSON *object, struct error *err)
{
    static const char *const keys[] = {"name", "from", "until", NULL};
    struct period *out = &holidays->school[holidays->school_count++];

    if (!json_only_keys(object, keys, err) ||
        !json_get_string(object, "name", 1, NAME_MAX_BYTES, holidays->arena, &out->name, err) ||
        !get_date(object, "from", holidays->arena, &out->from_day, err) ||
        !get_date(object, "until", holidays->arena, &out->until_day, err))
        return false;
    if (out->until_day >= out->from_day)
        return true;
    error_set(err, ERROR_INVALID, "la fin précède le début", "the end is before the beginning");
    error_field(err, "until");
    return false;
}

static bool take_without(struct holidays *holidays, const cJSON *item, struct error *err)
{
    int64_t *out = &holidays->without[holidays->without_count++];

    return (cJSON_IsString(item) && civil_parse_date(item->valuestring, out)) ||
           error_set(err, ERROR_INVALID, "ce n’est pas une date, comme 2026-12-24",
                     "this is no date, like 2026-12-24");
}

static bool take_each(struct holidays *holidays, const cJSON *root, const char *key,
                      bool (*take)(struct holidays *, const cJSON *, struct error *),
                      struct error *err)
{
    size_t count = 0, index = 0;

    if (!json_has(root, key))
        return true;
    const cJSON *array = json_get_array(root, key, DAYS_MAX, &count, err);
    for (const cJSON *item = array == NULL ? NULL : array->child; item != NULL; item = item->next) {
        if (!take(holidays, item, err)) {
            error_field(err, arena_printf(holidays->arena, "%s[%zu]", key, index));
            return false;
        }
        index++;
    }
    return array != NULL;
}

static bool decode(struct holidays *holidays, const cJSON *root, struct error *err)
{
    static const char *const keys[] = {"format", "national", "days", "without", "school", NULL};
    struct arena *arena = holidays->arena;
    int64_t format = 0;

    holidays->national = true;
    holidays->items = arena_array(arena, DAYS_MAX, sizeof(*holidays->items));
    holidays->without = arena_array(arena, DAYS_MAX, sizeof(*holidays->without));
    holidays->school = arena_array(arena, DAYS_MAX, sizeof(*holidays->school));
    return json_only_keys(root, keys, err) && json_get_int(root, "format", 1, 1, &format, err) &&
           (!json_has(root, "national") ||
            json_get_bool(root, "national", &holidays->national, err)) &&
           take_each(holidays, root, "days", take_day, err) &&
           take_each(holidays, root, "without", take_without, err) &&
           take_each(holidays, root, "school", take_period, err);
}

struct holidays *holidays_decode(const char *bytes, size_t length, struct error *err)
{
    cJSON *root = json_parse(bytes, length, HOLIDAYS_BYTES_MAX, err);

    if (root == NULL)
        return NULL;
    struct arena *arena = arena_create();
    struct holidays *holidays = arena_alloc(arena, sizeof(*holidays));
    holidays->arena = arena;
    if (!decode(holidays, root, err)) {
        holidays_destroy(holidays);
        holidays = NULL;
    } else if (holidays->national) {
        holidays->base = holidays_national();
    }
    cJSON_Delete(root);
    return holidays;
}

struct holidays *holidays_national(void)
{
    struct error err;
    struct holidays *holidays =
        holidays_decode((const char *)holidays_files[0].bytes, holidays_files[0].size, &err);

    assert(holidays != NULL && holidays->base == NULL);
    return holidays;
}

void holidays_destroy(struct holidays *holidays)
{
    if (holidays == NULL)
        return;
    holidays_destroy(holidays->base);
    arena_destroy(holidays->arena);
}

static bool is_on(const struct holiday *holiday, int64_t day, const struct civil *date)
{
    switch (holiday->kind) {
    case ON_DATE:
        return holiday->day == day;
    case EACH_YEAR:
        return holiday->month == date->month && holiday->month_day == date->day;
    case BY_EASTER:
        return holidays_easter(date->year) + holiday->offset == day;
    }
    return false;
}

const char *holidays_public(const struct holidays *holidays, int64_t day)
{
    if (holidays == NULL)
        return NULL;
    for (size_t i = 0; i < holidays->without_count; i++) {
        if (holidays->without[i] == day)
            return NULL;
    }
    const struct civil date = civil_from_ms(day * CIVIL_DAY_MS);
    for (size_t i = 0; i < holidays->count; i++) {
        if (is_on(&holidays->items[i], day, &date))
            return holidays->items[i].name;
    }
    return holidays_public(holidays->base, day);
}

const char *holidays_school(const struct holidays *holidays, int64_t day)
{
    for (size_t i = 0; holidays != NULL && i < holidays->school_count; i++) {
        if (holidays->school[i].from_day <= day && day <= holidays->school[i].until_day)
            return holidays->school[i].name;
    }
    return NULL;
}
