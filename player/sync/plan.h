/* Which files must be fetched, and in which order: those of the candidate's emergencies, those that
 * the current manifest lacks, then the candidate's by their first use from now on in any zone, and
 * last what no programme names. Pure: which files are there is asked of the caller. */
#ifndef VITRINE_PLAYER_SYNC_PLAN_H
#define VITRINE_PLAYER_SYNC_PLAN_H

#include "playlists/manifest.h"

struct wish {
    struct manifest_file file; /* `type` is NULL */
    bool urgent;               /* an emergency of the candidate needs it */
    bool again;                /* the current manifest lists it: it had been there */
    bool candidate;            /* the candidate lists it */
    bool done;
    int tries;      /* that failed */
    int64_t due_ms; /* not before */
};

struct plan {
    size_t count;
    struct wish *wishes;
};

/* Either may be NULL; `current` only when files of it may be missing. */
void plan_make(struct plan *plan, const struct manifest *candidate, const struct manifest *current,
               int64_t now_ms, bool (*has)(void *context, const struct manifest_file *file),
               void *context);
void plan_finish(struct plan *plan);

/* Whether it has an emergency at all. */
bool plan_has_emergency(const struct manifest *manifest);

#endif
