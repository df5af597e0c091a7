/* A playlist as it is being arranged, before it is saved: its slides at an instant, in the order
 * and for as long as a screen would show them if nothing else were planned. Nothing is written. */
#ifndef VITRINE_SERVER_SCHEDULE_PLAYLIST_TRIAL_H
#define VITRINE_SERVER_SCHEDULE_PLAYLIST_TRIAL_H

#include "server/schedule/repertoire.h"

struct playlist_trial_item {
    const struct slide *slide;
    int64_t duration_ms;
    size_t entry; /* of the playlist, that gave it */
};

struct playlist_trial {
    struct repertoire *repertoire; /* owns what follows, with the arena */
    struct arena *arena;
    const struct playlist *playlist;
    size_t count;
    struct playlist_trial_item *items;
    int64_t total_ms;
};

/* Dates on slides are told in `lang` and in the time of that zone. */
bool playlist_trial_init(struct playlist_trial *trial, struct db *db,
                         const struct playlist_record *record, enum lang lang,
                         const char *time_zone, int64_t at_ms, struct error *err)
    __attribute__((warn_unused_result));
void playlist_trial_finish(struct playlist_trial *trial);

#endif
