/* Events, and their occurrences in concrete instants (recurrences are expanded when they are
 * written, by server/import). */
#ifndef VITRINE_SERVER_STORE_EVENTS_H
#define VITRINE_SERVER_STORE_EVENTS_H

#include "server/store/entity.h"

enum event_status { EVENT_PROGRAMME, EVENT_REPROGRAMME, EVENT_COMPLET, EVENT_ANNULE };
const char *event_status_tag(enum event_status status); /* "programme", … as stored */

struct event {
    const char *uid;
    int64_t sequence;
    const char *title;
    const char *short_title;
    const char *resume;
    const char *description;
    bool all_day;
    enum event_status status;
    /* DTSTART, DTEND, DURATION, RRULE, RDATE, EXDATE, RECURRENCE-ID lines as they came, with \n
     * between; in front of them the VTIMEZONEs that they name and that nobody else knows. */
    const char *recurrence;
    const char *place;
    const char *address;
    const char *code_postal;
    const char *code_insee;
    const char *commune;     /* "" when it could not be told */
    const char *commune_key; /* folded; set by upsert */
    bool in_metropole;
    const char *organisation; /* id, "" when unknown */
    const char *organiser;    /* name as people read it */
    const char *price;
    const char *access; /* accessibility */
    const char *url;
    const char *categories; /* comma-separated */
    const char *image;      /* hash of a media, "" for none */
    const char *image_alt;
    const char *image_credit;
    const char *source;
    const char *licence;
    const char *date_maj; /* ISO date; not compared by upsert */
    enum state state;
    int64_t updated_ms; /* not compared by upsert */
};

/* Local times are those of Europe/Paris, so that readers need no time zone data. */
struct occurrence {
    int64_t start_ms;
    int64_t end_ms; /* ≥ start_ms; all-day: local midnight after the last day */
    bool all_day;
    int64_t local_day;      /* day of the start */
    int local_minute;       /* 0-1439; -1 for all-day */
    int64_t local_last_day; /* day of the end; all-day: the last day that is part of it */
    int local_end_minute;   /* -1 for all-day and when there is no end */
};

struct event_occurrence {
    struct event event;
    struct occurrence at;
};

struct event_occurrence_list {
    size_t count;
    struct event_occurrence *items;
};

/* Occurrences of published events, not cancelled, that touch [from_ms, until_ms): start < until and
 * end > from (an occurrence without length: start ≥ from). Sorted by (start, uid). communes: names,
 * NULL = any; case, accents, hyphens do not count. limit 0 = all. */
bool events_occurrences(struct db *db, struct arena *arena, int64_t from_ms, int64_t until_ms,
                        const char *const *communes, size_t commune_count, size_t limit,
                        struct event_occurrence_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* One event's occurrences that touch the period, whatever its status and state. */
bool events_occurrences_of(struct db *db, struct arena *arena, const char *uid, int64_t from_ms,
                           int64_t until_ms, struct event_occurrence_list *out, struct error *err)
    __attribute__((warn_unused_result));
bool events_get(struct db *db, struct arena *arena, const char *uid, struct event *out,
                struct error *err) __attribute__((warn_unused_result));
/* Creates or overwrites the event and replaces its occurrences. `out` speaks of the event alone:
 * new occurrences of a recurrence, because time has passed, are written but do not make it UPDATED.
 * Occurrences that start at the same instant are one. */
bool events_upsert(struct db *db, struct arena *arena, const struct event *event,
                   const struct occurrence *occurrences, size_t occurrence_count,
                   enum upsert_result *out, struct error *err) __attribute__((warn_unused_result));
/* Replaces the stored dates of an event that is there. */
bool events_set_occurrences(struct db *db, struct arena *arena, const char *uid,
                            const struct occurrence *occurrences, size_t count, struct error *err)
    __attribute__((warn_unused_result));

struct event_rhythm {
    const char *uid;
    const char *recurrence;
};

struct event_rhythm_list {
    size_t count;
    struct event_rhythm *items;
};

/* The events whose dates may go on beyond the stored ones: with RRULE or RDATE, those that replace
 * a date of such a series (RECURRENCE-ID), and those without a stored date. In no order. */
bool events_rhythms(struct db *db, struct arena *arena, struct event_rhythm_list *out,
                    struct error *err) __attribute__((warn_unused_result));
bool events_delete(struct db *db, const char *uid, struct error *err)
    __attribute__((warn_unused_result));
bool events_count(struct db *db, int64_t *count_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
