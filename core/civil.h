/* Calendar arithmetic without time zones: proleptic Gregorian, days and milliseconds since
 * 1970-01-01. Algorithm: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
#ifndef VITRINE_CORE_CIVIL_H
#define VITRINE_CORE_CIVIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CIVIL_DAY_MS INT64_C(86400000)

struct civil {
    int year;
    int month;  /* 1-12 */
    int day;    /* 1-31 */
    int hour;   /* 0-23 */
    int minute; /* 0-59 */
    int second; /* 0-59 */
    int millisecond;
};

int64_t civil_days(int year, int month, int day);
/* 0 = Monday … 6 = Sunday (ISO 8601 weekday - 1). */
int civil_weekday(int64_t days);
/* Milliseconds since 1970 of that wall time, as if it were UTC. */
int64_t civil_to_ms(const struct civil *civil);
struct civil civil_from_ms(int64_t ms);
bool civil_valid_date(int year, int month, int day);

/* "2026-11-24" (whole string); days since 1970. */
bool civil_parse_date(const char *text, int64_t *days_out);
/* "2026-11-24T08:10:00Z", "…+01:00", seconds and fraction optional (whole string); Unix ms. */
bool civil_parse_instant(const char *text, int64_t *ms_out);
/* "08:10" or "24:00": minutes since midnight, 0-1440. */
bool civil_parse_time_of_day(const char *text, int *minutes_out);
/* Writes "2026-11-24" (size ≥ 11); days of the years 0 to 9999. */
void civil_format_date(int64_t days, char *buf, size_t size);
/* Writes "2026-11-24T07:10:00.000Z" (size ≥ 25). */
void civil_format_instant(int64_t ms, char *buf, size_t size);

#endif
