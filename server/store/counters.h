/* What kiosks count, summed by the hour, and records of players that had to be refused. */
#ifndef VITRINE_SERVER_STORE_COUNTERS_H
#define VITRINE_SERVER_STORE_COUNTERS_H

#include "server/store/entity.h"

#define COUNTER_RECORDS_KEPT_MS (INT64_C(400) * 86400000) /* to know those that come again */
#define REFUSED_KEPT 100                                  /* records a screen, the newest */

struct kiosk_count {
    const char *counter; /* "sessions", "sheet"…: docs/protocol.md */
    const char *subject; /* organisation, language or mode; "" for none */
    int64_t count;
};

/* Of one hour of one kiosk; several of an hour add up. */
struct kiosk_record {
    const char *screen;
    const char *boot;
    int64_t sequence;
    int64_t hour; /* since 1970, UTC */
    size_t count;
    const struct kiosk_count *counts;
};

/* One transaction; a record that is in the sums by (screen, boot, sequence) is left out. */
bool counters_add(struct db *db, const struct kiosk_record *records, size_t count,
                  int64_t received_ms, struct error *err) __attribute__((warn_unused_result));
/* Forgets which records came before. */
bool counters_expire(struct db *db, int64_t before_ms, struct error *err)
    __attribute__((warn_unused_result));

/* A record that is put aside, to be looked at. */
struct refused_record {
    const char *screen;
    const char *boot;
    int64_t sequence; /* 0 when it had none */
    int64_t received_ms;
    const char *reason;
    const char *record; /* JSON, cut */
};

struct refused_list {
    size_t count;
    struct refused_record *items;
};

/* Forgets all but the newest of each screen. */
bool refused_add(struct db *db, const struct refused_record *records, size_t count,
                 struct error *err) __attribute__((warn_unused_result));
/* Newest first; of all screens when screen is NULL. */
bool refused_list(struct db *db, struct arena *arena, const char *screen, size_t limit,
                  struct refused_list *out, struct error *err) __attribute__((warn_unused_result));

#endif
