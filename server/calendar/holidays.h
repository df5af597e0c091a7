/* Days that differ from others of their weekday: public holidays, computed for any year from a
 * document (by date, by day and month, or by their distance from Easter), and school holidays as
 * periods. The national document comes with the program (assets/data/feries.json, the eleven days
 * of article L3133-1 of the Code du travail); a site's own adds to it and takes away. Immutable;
 * any thread. */
#ifndef VITRINE_SERVER_CALENDAR_HOLIDAYS_H
#define VITRINE_SERVER_CALENDAR_HOLIDAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"

#define HOLIDAYS_BYTES_MAX 65536

struct holidays;

/* The national ones. Never NULL; the caller destroys them, as all. */
struct holidays *holidays_national(void);
/* A site's document:
 *   {"format": 1,
 *    "national": true,                                   the national days too (true unless told)
 *    "days": [{"name": "Saint-Romain", "date": "2026-10-23"},        once
 *             {"name": "…", "month_day": "12-26"},                   every year
 *             {"name": "Vendredi saint", "easter": -2}],             days after Easter Sunday
 *    "without": ["2027-05-17"],                          are no holidays, whatever else says so
 *    "school": [{"name": "Noël", "from": "2026-12-19", "until": "2027-01-03"}]}
 * Both days of a period are part of it. NULL with the field at fault. */
struct holidays *holidays_decode(const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));
void holidays_destroy(struct holidays *holidays); /* accepts NULL */

/* The name of the public holiday; NULL on other days. Borrowed. holidays NULL: none at all. */
const char *holidays_public(const struct holidays *holidays, int64_t day);
/* The name of the school holidays; NULL outside. */
const char *holidays_school(const struct holidays *holidays, int64_t day);

/* Easter Sunday of a Gregorian year (Meeus, Jones, Butcher), days since 1970. */
int64_t holidays_easter(int year);

#endif
