/* Manifests made for screens, as sealed, and what players report. */
#ifndef VITRINE_SERVER_STORE_MANIFESTS_H
#define VITRINE_SERVER_STORE_MANIFESTS_H

#include "server/store/entity.h"

struct manifest_record {
    const char *screen;
    int64_t epoch;
    int64_t version;
    const char
        *content_hash; /* of what it shows, without version and times: the maker's to choose */
    int64_t created_ms;
    int64_t valid_until_ms;
    const void *sealed; /* playlists/manifest.h; NULL in heads, in parts its line and first part */
    size_t sealed_size;
    /* Parts: what follows, which many screens share and the store holds once, by its SHA-256. ""
     * and NULL: sealed is all of it. */
    const char *tail_sum;
    const void *tail; /* to put; NULL when read */
    size_t tail_size;
};

/* Stores a newer one ((epoch, version) greater, else ERROR_CONFLICT), whole or in parts, and
 * forgets all but the last three of the screen, and those whose time is not in the planned sums yet
 * (sums.h). */
bool manifests_put(struct db *db, const struct manifest_record *record, struct error *err)
    __attribute__((warn_unused_result));
/* The newest of the screen, whole; the head leaves the sealed bytes out, parts their tail. */
bool manifests_latest(struct db *db, struct arena *arena, const char *screen,
                      struct manifest_record *out, struct error *err)
    __attribute__((warn_unused_result));
bool manifests_head(struct db *db, struct arena *arena, const char *screen,
                    struct manifest_record *out, struct error *err)
    __attribute__((warn_unused_result));

struct manifest_record_list {
    size_t count;
    struct manifest_record *items;
};

/* All that is kept of the screen, with their bytes, oldest first. */
bool manifests_kept(struct db *db, struct arena *arena, const char *screen,
                    struct manifest_record_list *out, struct error *err)
    __attribute__((warn_unused_result));

bool manifests_parts(struct db *db, struct arena *arena, const char *screen,
                     struct manifest_record *out, struct error *err)
    __attribute__((warn_unused_result));
bool manifests_tail(struct db *db, struct arena *arena, const char *tail_sum,
                    const void **bytes_out, size_t *size_out, struct error *err)
    __attribute__((warn_unused_result));
/* Forgets the tails of manifests that are forgotten. */
bool manifests_tidy(struct db *db, struct error *err) __attribute__((warn_unused_result));

enum report_kind { REPORT_FAULT, REPORT_HEARTBEAT, REPORT_RECOVERY };

struct report {
    const char *screen;
    const char *boot; /* 32 hex */
    int64_t sequence;
    enum report_kind kind;
    int64_t time_ms;     /* by the player's clock */
    int64_t received_ms; /* by ours */
    const char *code;    /* faults and recoveries */
    const char *detail;
    const char *software; /* heartbeats */
    const char *manifest;
    int64_t uptime_s;
};

struct report_list {
    size_t count;
    struct report *items;
};

/* One transaction; what is there already by (screen, boot, sequence) is left as it is. What is new
 * opens, repeats and closes faults (faults.h). */
bool reports_add(struct db *db, const struct report *reports, size_t count, size_t *stored_out,
                 struct error *err) __attribute__((warn_unused_result));
/* Newest first; of all screens when screen is NULL. */
bool reports_list(struct db *db, struct arena *arena, const char *screen, enum report_kind kind,
                  size_t limit, struct report_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Forgets those of this kind received before. */
bool reports_expire(struct db *db, enum report_kind kind, int64_t received_before_ms,
                    struct error *err) __attribute__((warn_unused_result));

#endif
