/* The machines behind the screens: enrolment, token, last sign of life, manifests made for them,
 * and what they report. Of these writes only devices_delete raises the content version. */
#ifndef VITRINE_SERVER_STORE_DEVICES_H
#define VITRINE_SERVER_STORE_DEVICES_H

#include "server/store/entity.h"

/* The machine that plays a screen. */
struct device {
    const char *screen;     /* id; one device a screen */
    const char *public_key; /* 64 hex */
    const char *token_hash; /* SHA-256 of the bearer token, 64 hex */
    const char *software;
    const char *manifest; /* "<epoch>-<version>" that it shows, by its own word */
    int64_t enrolled_ms;
    int64_t last_seen_ms;
};

struct device_list {
    size_t count;
    struct device *items;
};

/* Replaces the screen's device; the public key may serve one screen only (ERROR_CONFLICT). */
bool devices_put(struct db *db, const struct device *device, struct error *err)
    __attribute__((warn_unused_result));
bool devices_get(struct db *db, struct arena *arena, const char *screen, struct device *out,
                 struct error *err) __attribute__((warn_unused_result));
bool devices_get_by_token(struct db *db, struct arena *arena, const char *token_hash,
                          struct device *out, struct error *err)
    __attribute__((warn_unused_result));
/* Last sign of life; NULL leaves software or manifest as they are. */
bool devices_seen(struct db *db, const char *screen, int64_t at_ms, const char *software,
                  const char *manifest, struct error *err) __attribute__((warn_unused_result));
/* Forgets what this key plays, except on the screen `kept` (may be NULL); the token is void. The
 * content version rises, so that a running server learns of it. Nothing to forget is no failure. */
bool devices_delete(struct db *db, const char *public_key, const char *kept, struct error *err)
    __attribute__((warn_unused_result));
bool devices_list(struct db *db, struct arena *arena, struct device_list *out, struct error *err)
    __attribute__((warn_unused_result));

enum enrolment_state { ENROLMENT_PENDING, ENROLMENT_APPROVED, ENROLMENT_REFUSED };

struct enrolment {
    const char *public_key; /* 64 hex; the key of the record */
    const char *code;       /* "K7QF-2M9D" */
    const char *fingerprint;
    const char *challenge; /* the last one given out */
    enum enrolment_state state;
    const char *screen; /* once approved */
    int64_t width_px;
    int64_t height_px;
    const char *software;
    int64_t created_ms;
    int64_t seen_ms;
};

struct enrolment_list {
    size_t count;
    struct enrolment *items;
};

bool enrolments_put(struct db *db, const struct enrolment *enrolment, struct error *err)
    __attribute__((warn_unused_result));
bool enrolments_get(struct db *db, struct arena *arena, const char *public_key,
                    struct enrolment *out, struct error *err) __attribute__((warn_unused_result));
/* Newest first; several keys can share a code: the caller compares fingerprints. code NULL = all.
 */
bool enrolments_list(struct db *db, struct arena *arena, const char *code,
                     struct enrolment_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Forgets those pending that were last seen before; returns how many by count_out. */
bool enrolments_expire(struct db *db, int64_t seen_before_ms, int64_t *count_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
