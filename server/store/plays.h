/* Proof of play: what screens really presented, and sums of it. Texts that come back are stored
 * once (migrations.c), so that years of plays stay small. */
#ifndef VITRINE_SERVER_STORE_PLAYS_H
#define VITRINE_SERVER_STORE_PLAYS_H

#include "server/store/entity.h"

#define PLAYS_KEPT_SETTING "plays_kept_days" /* settings.h */
#define PLAYS_KEPT_DAYS 1096                 /* three years, when it is not set */

struct play {
    const char *screen;
    const char *boot; /* 32 hex: one start of the player */
    int64_t sequence; /* of that start */
    const char *slide;
    const char *title; /* as it was shown */
    const char *subject;
    const char *organisation;
    const char *playlist;
    const char *rule;
    const char *zone;
    const char *manifest; /* "<epoch>-<version>" */
    int64_t from_ms;
    int64_t until_ms;
};

/* One transaction, with the hourly sums (sums.h); what is there already by (screen, boot, sequence)
 * is left as it is. Plays of one start of a player that stand together are quickest. */
bool plays_add(struct db *db, const struct play *plays, size_t count, size_t *stored_out,
               struct error *err) __attribute__((warn_unused_result));

struct play_sum {
    const char *title;
    const char *organisation; /* id, "" for none */
    int64_t count;
    int64_t length_ms;
};

struct play_sum_list {
    size_t count;
    struct play_sum *items;
};

/* Of one screen, from the sums of the hours in [from, until), by title and organisation; the longest
 * first. Both are full hours. */
bool plays_sum(struct db *db, struct arena *arena, const char *screen, int64_t from_ms,
               int64_t until_ms, struct play_sum_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Screens that have played, also those that are gone; sorted. */
bool plays_screens(struct db *db, struct arena *arena, struct text_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Forgets those that began before, `limit` at most, so that the writer is not held for long. */
bool plays_expire(struct db *db, int64_t before_ms, int64_t limit, int64_t *count_out,
                  struct error *err) __attribute__((warn_unused_result));

#endif
