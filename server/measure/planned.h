/* What screens should have shown: the published manifests walked over the time that has gone, into
 * the same hourly sums as the plays (server/store/sums.h). Each screen has a mark up to which it is
 * done, so that restarts and long pauses neither lose nor count anything twice. Time outside
 * opening hours, without a plan, or before a player was enrolled, is not planned. */
#ifndef VITRINE_SERVER_MEASURE_PLANNED_H
#define VITRINE_SERVER_MEASURE_PLANNED_H

#include "playlists/manifest.h"
#include "server/store/sums.h"

/* An item of a zone in a stretch of time. */
struct planned_piece {
    const char *zone; /* "main"…, "strip" for the news in it */
    const struct slide *slide;
    const char *playlist;
    const char *rule;
    int64_t from_ms;
    int64_t until_ms;
    bool begins; /* at from_ms; else it is the rest of one */
};

/* Calls take for each piece in [from, until). */
void planned_walk(const struct manifest *manifest, int64_t from_ms, int64_t until_ms,
                  void (*take)(void *context, const struct planned_piece *piece), void *context);

struct planned_entry {
    int64_t hour;
    struct play_item item;
    int64_t plays;
    int64_t length_ms;
};

/* What is to be added for one screen; texts are in the arena. */
struct planned {
    const char *screen;
    int64_t mark_ms; /* as it was */
    int64_t until_ms;
    size_t count;
    struct planned_entry *entries;
    size_t hour_count;
    struct planned_hour {
        int64_t hour;
        int64_t open; /* hour_slots */
    } * hours;
};

/* Reads only. Everything from the mark until then, at most PLANNED_SPAN_MS at once: until_ms of the
 * result says how far it came. */
#define PLANNED_SPAN_MS (INT64_C(7) * 86400000)
bool planned_compute(struct db *db, const struct sign_public *key, struct arena *arena,
                     const char *screen, int64_t until_ms, struct planned *out, struct error *err)
    __attribute__((warn_unused_result));
/* One transaction; nothing when the mark has moved meanwhile. */
bool planned_store(struct db *db, const struct planned *planned, struct error *err)
    __attribute__((warn_unused_result));

#endif
