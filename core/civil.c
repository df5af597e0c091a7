#include "core/civil.h"

#include <stdio.h>
#include <string.h>

#define DAYS_PER_ERA 146097 /* 400 years */
#define EPOCH_SHIFT 719468  /* days from 0000-03-01 to 1970-01-01 */

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

int64_t civil_days(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = floor_div(y, 400);
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - EPOCH_SHIFT;
}

int civil_weekday(int64_t days)
{
    /* 1970-01-01 was a Thursday. */
    int64_t from_monday = days % 7 + 3;
    return (int)(((from_monday % 7) + 7) % 7);
}

int64_t civil_to_ms(const struct civil *civil)
{
    int64_t days = civil_days(civil->year, civil->month, civil->day);
    int64_t seconds = ((int64_t)civil->hour * 60 + civil->minute) * 60 + civil->second;
    return days * CIVIL_DAY_MS + seconds * 1000 + civil->millisecond;
}

struct civil civil_from_ms(int64_t ms)
{
    int64_t days = floor_div(ms, CIVIL_DAY_MS);
    int64_t rest = ms % CIVIL_DAY_MS + (ms % CIVIL_DAY_MS < 0 ? CIVIL_DAY_MS : 0);
    int64_t z = days + EPOCH_SHIFT;
    int64_t era = floor_div(z, DAYS_PER_ERA);
    int64_t doe = z - era * DAYS_PER_ERA;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct civil){
        .year = (int)(yoe + era * 400 + (month <= 2)),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(rest / 3600000),
        .minute = (int)(rest / 60000 % 60),
        .second = (int)(rest / 1000 % 60),
        .millisecond = (int)(rest % 1000),
    };
}

bool civil_valid_date(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < 0 || year > 9999 || month < 1 || month > 12 || day < 1) {
        return false;
    }
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= lengths[month - 1] + (month == 2 && leap);
}

/* Exactly `count` digits at *cursor. */
static bool take_digits(const char **cursor, int count, int *value_out)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        char c = (*cursor)[i];
        if (c < '0' || c > '9') {
            return false;
        }
        value = value * 10 + (c - '0');
    }
    *cursor += count;
    *value_out = value;
    return true;
}

static bool take_char(const char **cursor, char c)
{
    if (**cursor != c) {
        return false;
    }
    (*cursor)++;
    return true;
}

static bool take_date(const char **cursor, struct civil *civil)
{
    return take_digits(cursor, 4, &civil->year) && take_char(cursor, '-') &&
           take_digits(cursor, 2, &civil->month) && take_char(cursor, '-') &&
           take_digits(cursor, 2, &civil->day) &&
           civil_valid_date(civil->year, civil->month, civil->day);
}

bool civil_parse_date(const char *text, int64_t *days_out)
{
    struct civil civil = {0};
    if (!take_date(&text, &civil) || *text != '\0') {
        return false;
    }
    *days_out = civil_days(civil.year, civil.month, civil.day);
    return true;
}

/* ":ss" and ".f…" when there; digits after the third are dropped. */
static bool take_seconds(const char **cursor, struct civil *civil)
{
    if (**cursor != ':') {
        return true;
    }
    (*cursor)++;
    if (!take_digits(cursor, 2, &civil->second) || civil->second > 59) {
        return false;
    }
    if (**cursor != '.') {
        return true;
    }
    (*cursor)++;
    int scale = 100;
    const char *start = *cursor;
    for (; **cursor >= '0' && **cursor <= '9'; (*cursor)++) {
        civil->millisecond += (**cursor - '0') * scale;
        scale /= 10;
    }
    return *cursor != start;
}

/* "Z" or "±hh:mm", in minutes. */
static bool take_zone(const char **cursor, int *minutes_out)
{
    if (take_char(cursor, 'Z')) {
        *minutes_out = 0;
        return true;
    }
    int sign = **cursor == '-' ? -1 : 1;
    int hours;
    int minutes;
    if (!take_char(cursor, '+') && !take_char(cursor, '-')) {
        return false;
    }
    if (!take_digits(cursor, 2, &hours) || !take_char(cursor, ':') ||
        !take_digits(cursor, 2, &minutes) || hours > 23 || minutes > 59) {
        return false;
    }
    *minutes_out = sign * (hours * 60 + minutes);
    return true;
}

bool civil_parse_instant(const char *text, int64_t *ms_out)
{
    struct civil civil = {0};
    int zone;
    if (!take_date(&text, &civil) || !take_char(&text, 'T') ||
        !take_digits(&text, 2, &civil.hour) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &civil.minute) || civil.hour > 23 || civil.minute > 59 ||
        !take_seconds(&text, &civil) || !take_zone(&text, &zone) || *text != '\0') {
        return false;
    }
    *ms_out = civil_to_ms(&civil) - (int64_t)zone * 60000;
    return true;
}

bool civil_parse_time_of_day(const char *text, int *minutes_out)
{
    int hours;
    int minutes;
    if (!take_digits(&text, 2, &hours) || !take_char(&text, ':') ||
        !take_digits(&text, 2, &minutes) || *text != '\0' || minutes > 59 ||
        hours * 60 + minutes > 24 * 60) {
        return false;
    }
    *minutes_out = hours * 60 + minutes;
    return true;
}

void civil_format_date(int64_t days, char *buf, size_t size)
{
    struct civil civil = civil_from_ms(days * CIVIL_DAY_MS);
    snprintf(buf, size, "%04d-%02d-%02d", civil.year % 10000, civil.month, civil.day);
}

void civil_format_instant(int64_t ms, char *buf, size_t size)
{
    struct civil civil = civil_from_ms(ms);
    snprintf(buf, size, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", civil.year, civil.month, civil.day,
             civil.hour, civil.minute, civil.second, civil.millisecond);
}
