/* The events: today, this week, later; by commune. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_EVENTS_H
#define VITRINE_PLAYER_KIOSK_KIOSK_EVENTS_H

#include "player/kiosk/kiosk_private.h"

/* Events in kiosk->events to its arena: what is on or comes, at most `limit` (0: all), of the
 * organisation ("": all). Each event once, as its next occurrence. */
void kiosk_events_load(struct kiosk *kiosk, const char *organisation, const char *commune,
                       size_t limit);
/* How many there are in a commune, whatever is chosen. */
size_t kiosk_events_in(const struct kiosk *kiosk, const char *commune);
/* Shows those of the commune alone, or all again when it was chosen already. */
void kiosk_events_narrow(struct kiosk *kiosk, const char *commune);

#endif
