/* Slides that crash the player are left out. Whoever works on a slide marks it beforehand in a page
 * of memory that is mapped from <state>/quarantine; a mark that is found at the next start was left
 * by a crash (or the watchdog, or the kernel when memory was out), unless the machine was booted
 * since: a power cut is no crash. So the page is never synced, and a mark costs no system call.
 * Three crashes with nothing good in between hold a slide for seven days, or until its content or
 * the player's version changes; each success takes back half a crash, so that the innocent, whose
 * mark was left by something else, are not held. Thread-safe; a slot belongs to one thread. */
#ifndef VITRINE_PLAYER_REPORT_QUARANTINE_H
#define VITRINE_PLAYER_REPORT_QUARANTINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/error.h"
#include "player/report/spool.h"
#include "playlists/slide.h"

/* The worker is 0; then each display has some for its films, one for each that is open. */
#define QUARANTINE_FILMS 8
#define QUARANTINE_SLOTS (1 + 8 * QUARANTINE_FILMS)
#define QUARANTINE_HOLD_MS (INT64_C(7) * 86400000)

struct quarantine;

/* Counts what the last process left. The folder must be there. Never NULL: where it cannot be
 * written, what is held stays held and nothing is counted. One per process; it lives in the first
 * display's folder. */
struct quarantine *quarantine_create(const char *state_folder, const struct clock *clock);
void quarantine_destroy(struct quarantine *quarantine); /* takes its marks back; accepts NULL */

/* The same slide may be entered again without leaving; another one replaces the slot's mark as if
 * it had been left. Leaving is a success. Entering costs a hash over the slide's texts. */
void quarantine_enter(struct quarantine *quarantine, unsigned slot, const struct slide *slide);
void quarantine_leave(struct quarantine *quarantine, unsigned slot);
/* Whether the slide must not be drawn or played now. Quick when nothing is held. */
bool quarantine_holds(struct quarantine *quarantine, const struct slide *slide);

/* Tells the spool of slides held since the last call, each once (fault "quarantine"). */
void quarantine_report(struct quarantine *quarantine, struct spool *spool);
size_t quarantine_count(struct quarantine *quarantine); /* of slides held now */

struct quarantine_entry {
    char slide[64]; /* id and title, cut */
    char title[96];
    int crashes; /* with nothing good in between */
    bool held;
    int64_t last_ms; /* Unix time of the last one's discovery */
};
/* What a state folder's page says, also beside a player that uses it; changes nothing. Returns how
 * many of `entries_out` were filled. */
size_t quarantine_look(const char *state_folder, const struct clock *clock,
                       struct quarantine_entry *entries_out, size_t count);

#endif
