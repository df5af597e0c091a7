/* Whom a source with a count takes on a day. Windows follow each other from day to day, so that all
 * get the same; but where a minimum of exposure is set, companies that are owed some have the first
 * half of the places. Pure: what stands for a day depends on that day, on who there is, and on
 * figures that change once a day for the days after (server/store/exposures.h). */
#ifndef VITRINE_SERVER_SCHEDULE_ROTATION_H
#define VITRINE_SERVER_SCHEDULE_ROTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "server/store/entity.h"

struct db;

/* Who has the minimum: ids, sorted. All others are owed. */
struct rotation_owed {
    bool minimum; /* false: nobody is owed anything */
    int64_t day;  /* later days go by served[1], this one and those before by served[0] */
    struct text_list served[2];
};

/* In the arena. */
bool rotation_owed_load(struct db *db, struct arena *arena, struct rotation_owed *out,
                        struct error *err) __attribute__((warn_unused_result));

/* Candidates of a source by their index, and which of them are owed. */
struct rotation {
    size_t count;
    const struct rotation_owed *owed;
    struct {
        size_t count;
        size_t *items;
    } first[2]; /* indexes of who is owed, by the figures of served */
};

/* companies: one id a candidate. In the arena. */
struct rotation rotation_make(const struct rotation_owed *owed, const char *const *companies,
                              size_t count, struct arena *arena);
/* The day's candidates, in order; take 0: all. out has room for them. Returns how many. */
size_t rotation_take(const struct rotation *rotation, size_t take, int64_t day, size_t *out);

/* Where a plain window of `take` out of `count` begins on that day. take 0 or ≥ count: 0. */
size_t rotation_start(size_t count, size_t take, int64_t day);

#endif
