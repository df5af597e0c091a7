/* Opening hours to the stretches in which a screen is dark. Pure. */
#ifndef VITRINE_SERVER_SCHEDULE_OPENING_H
#define VITRINE_SERVER_SCHEDULE_OPENING_H

#include "core/arena.h"
#include "playlists/manifest.h"
#include "server/calendar/holidays.h"
#include "server/content/zone.h"

/* What of [from, until) lies outside the hours (server/content/opening.h; hours that end before
 * they begin run past midnight), and outside the emergencies among the intervals. "" and what
 * cannot be read: none, rather a light too many than a dark screen. MANIFEST_CLOSED_MAX at most,
 * the first ones. Sorted, in the arena. */
size_t opening_closed(const char *opening, const struct zone *zone, const struct holidays *holidays,
                      int64_t from_ms, int64_t until_ms, const struct manifest_interval *intervals,
                      size_t interval_count, struct arena *arena,
                      struct manifest_closed **closed_out);

#endif
