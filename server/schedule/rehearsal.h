/* What screens will show in the days to come, stretch by stretch, from the functions that assemble
 * their manifests; on request with a rule as if it were stored already, and what that would change.
 * Nothing is written. One thread. */
#ifndef VITRINE_SERVER_SCHEDULE_REHEARSAL_H
#define VITRINE_SERVER_SCHEDULE_REHEARSAL_H

#include "server/schedule/assemble.h"
#include "server/schedule/choice.h"
#include "server/schedule/plan.h"

#define REHEARSAL_STARTS 10
#define REHEARSAL_DAYS_MAX 92

/* A stretch of one zone in which one rule wins: neighbours with the same rule are one. */
struct stretch {
    const char *zone; /* "main", "side", "news"… */
    int64_t from_ms, until_ms;
    const struct rule *rule; /* that wins; NULL: nothing is planned */
    size_t mixed;            /* other rules that share its loop, at the beginning */
};

struct stretch_list {
    size_t count, capacity;
    struct stretch *items;
};

/* Another rule that meets the tried one. */
struct rehearsal_conflict {
    const struct rule *rule;
    bool hides;                /* the other one is preferred; else the tried one hides it */
    enum rule_outcome outcome; /* of who loses: OUTCOME_BELOW or OUTCOME_BESIDE */
    int64_t from_ms, until_ms; /* the first time */
    int64_t total_ms;
};

struct rehearsal_conflict_list {
    size_t count, capacity;
    struct rehearsal_conflict *items;
};

/* How the tried rule fares on a screen, opening hours apart. */
struct rehearsal_trial {
    bool reached;     /* it names the screen or a group of it */
    bool has_zone;    /* the screen's layout has its zone */
    int64_t holds_ms; /* its days and hours */
    int64_t open_ms;  /* of these the place is open */
    int64_t empty_ms; /* of the open ones, its playlist has nothing to show */
    int64_t shown_ms; /* of the open ones, it shows, alone or with others */
    size_t start_count;
    int64_t starts[REHEARSAL_STARTS]; /* the first instants at which it begins to show */
    struct rehearsal_conflict_list conflicts;
};

/* One screen; screens that show the same share all but the first members. */
struct programme {
    const char *screen, *name, *site, *time_zone;
    size_t key;                 /* the same for screens that share */
    struct stretch_list zones;  /* main first; each zone's in order of time, gaps included */
    struct stretch_list gaps;   /* of the main zone while the place is open */
    struct stretch_list closed; /* when the place is closed and no emergency shows */
    struct rehearsal_trial trial;
};

struct rehearsal;

struct rehearsal_request {
    const struct text_list *screens; /* ids */
    int64_t from_ms, until_ms;       /* REHEARSAL_DAYS_MAX at most */
    const struct rule *trial;        /* NULL: none; put in place of the one of its id */
};

/* Reads what these screens need. The request outlives it. */
struct rehearsal *rehearsal_create(struct db *db, const struct rehearsal_request *request,
                                   struct error *err) __attribute__((warn_unused_result));
void rehearsal_destroy(struct rehearsal *rehearsal); /* accepts NULL */

/* What the programme points to lives as long as the rehearsal. */
bool rehearsal_screen(struct rehearsal *rehearsal, const char *screen, struct programme *out,
                      struct error *err) __attribute__((warn_unused_result));

#endif
