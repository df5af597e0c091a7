/* Local days, weeks, months of a report, as stretches of whole hours of the sums. */
#ifndef VITRINE_SERVER_MEASURE_PERIOD_H
#define VITRINE_SERVER_MEASURE_PERIOD_H

#include "server/content/zone.h"

#define PERIOD_ZONE "Europe/Paris" /* reports are the Métropole's, whatever a screen's zone is */

enum period_grain { GRAIN_TOTAL, GRAIN_DAY, GRAIN_WEEK, GRAIN_MONTH, GRAIN_COUNT };
const char *period_grain_tag(enum period_grain grain);
bool period_grain_parse(const char *tag, enum period_grain *grain_out);

struct period {
    int64_t from_day, until_day;   /* local; the last one is not in it */
    int64_t from_hour, until_hour; /* UTC hours since 1970 */
};

/* The stretch that begins at from_day, within [from_day, until_day); weeks begin on Mondays. */
struct period period_at(const struct zone *zone, enum period_grain grain, int64_t from_day,
                        int64_t until_day);
/* "24/11/2026", "semaine du 23/11/2026", "novembre 2026", "du 01/11/2026 au 30/11/2026"; size ≥ 64.
 */
void period_label(const struct period *period, enum period_grain grain, char *buf, size_t size);
const char *period_month_name(int month); /* 1-12, French */

#endif
