/* Hourly sums of what screens showed and of what they should have shown. They are written in the
 * transaction that stores a play, so that both are always equal, and kept when raw plays, slides,
 * organisations, screens or sites are gone: names stay as they were. */
#ifndef VITRINE_SERVER_STORE_SUMS_H
#define VITRINE_SERVER_STORE_SUMS_H

#include "server/store/entity.h"

#define HOUR_MS INT64_C(3600000)
#define SUMS_KEPT_SETTING "sums_kept_days" /* settings.h */
#define SUMS_KEPT_DAYS 3653                /* ten years, when it is not set */

/* Bits of five minutes of an hour: of those that [from, until) meets. */
#define HOUR_SLOTS 12
int64_t hour_slots(int64_t hour, int64_t from_ms, int64_t until_ms);

/* To be added to what the hour holds already. */
struct hour_sum {
    int64_t hour; /* since 1970, UTC */
    int64_t item; /* items_number */
    int64_t plays;
    int64_t length_ms;
    int64_t planned;
    int64_t planned_ms;
    int64_t slots; /* during which it was shown; of the first element of an hour: all of them */
};

/* What a play is of; all texts as they were shown. */
struct play_item {
    const char *slide;
    const char *title;
    const char *subject;
    const char *organisation;
    const char *playlist;
    const char *rule;
    const char *zone;
};

/* The item's number: there, or added, with a note of its owner's and its rule's name. */
bool items_number(struct db *db, const struct play_item *item, int64_t *number_out,
                  struct error *err) __attribute__((warn_unused_result));
/* The screen with its name and site as they are now; of a screen that is gone, as they were. */
bool places_number(struct db *db, const char *screen, int64_t *number_out, struct error *err)
    __attribute__((warn_unused_result));

/* Merges sums of the same hour and item; they are sorted by (hour, item) afterwards. Returns how
 * many are left. */
size_t sums_merge(struct hour_sum *sums, size_t count);
/* Merged sums. */
bool sums_add(struct db *db, int64_t place, const struct hour_sum *sums, size_t count,
              struct error *err) __attribute__((warn_unused_result));

/* Adds bits; the same ones again change nothing. */
bool sums_add_slots(struct db *db, int64_t place, int64_t hour, int64_t seen, int64_t open,
                    struct error *err) __attribute__((warn_unused_result));
/* A sign of life. */
bool sums_seen(struct db *db, const char *screen, int64_t time_ms, struct error *err)
    __attribute__((warn_unused_result));

/* Up to when the screen's plan is in the sums; 0: never. */
bool sums_planned_until(struct db *db, const char *screen, int64_t *until_out, struct error *err)
    __attribute__((warn_unused_result));
bool sums_set_planned_until(struct db *db, const char *screen, int64_t until_ms, struct error *err)
    __attribute__((warn_unused_result));

/* Screens whose plan is not in the sums up to `full_hour_ms`, or that had another manifest since.
 */
bool sums_planned_due(struct db *db, struct arena *arena, int64_t full_hour_ms,
                      struct text_list *out, struct error *err) __attribute__((warn_unused_result));

/* Notes names of organisations, rules and playlists that sums speak of as they are now. */
bool sums_note_names(struct db *db, struct error *err) __attribute__((warn_unused_result));
/* Forgets hours before, `limit` rows of each table at most. */
bool sums_expire(struct db *db, int64_t before_ms, int64_t limit, int64_t *count_out,
                 struct error *err) __attribute__((warn_unused_result));

#endif
