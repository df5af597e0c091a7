/* How a new player becomes a screen's player (docs/protocol.md, 1): it proves its key by signing
 * our challenge, an administrator compares code and fingerprint and says which screen it is, it
 * gets a token. Holds no state but the store's. */
#ifndef VITRINE_SERVER_FLEET_ENROLMENT_H
#define VITRINE_SERVER_FLEET_ENROLMENT_H

#include "core/hash.h"
#include "core/sign.h"
#include "server/store/devices.h"

#define ENROLMENT_PENDING_MAX 500
#define ENROLMENT_FORGET_MS (INT64_C(24) * 3600 * 1000) /* pending and silent for so long */
#define ENROLMENT_SILENT_MS (INT64_C(2) * 60 * 1000)    /* the same when there is no room left */
#define ENROLMENT_TOKEN_SIZE 65

struct enrolment_request {
    struct sign_public public_key;
    const char *challenge; /* "" the first time */
    uint8_t signature[SIGN_SIGNATURE_SIZE];
    int width_px, height_px;
    const char *software;
};

struct enrolment_answer {
    enum enrolment_state state;
    char challenge[65];               /* pending, or approved but signed for an older challenge */
    bool has_token;                   /* approved and proven */
    char token[ENROLMENT_TOKEN_SIZE]; /* for the player alone; the store has its hash */
    struct sha256 token_hash;
    const char *screen;
};

bool enrolment_request_decode(const char *body, size_t length, struct arena *arena,
                              struct enrolment_request *out, struct error *err)
    __attribute__((warn_unused_result));
/* A wrong signature is ERROR_DENIED; too many players waiting is ERROR_LIMIT. With a token the
 * devices in the store have changed: roster_refresh. */
bool enrolment_ask(struct db *db, struct arena *arena, const struct enrolment_request *request,
                   int64_t now_ms, struct enrolment_answer *answer_out, struct error *err)
    __attribute__((warn_unused_result));

/* The administrator's word. code as typed; fingerprint may be NULL when only one player has that
 * code; the screen must exist. A screen that has another player is ERROR_CONFLICT, unless
 * `replace`: then it is retired, and its token void once the new one has its own. Refusing one that
 * was approved makes its token void. What was decided on is left in *out. */
bool enrolment_approve(struct db *db, struct arena *arena, const char *code,
                       const char *fingerprint, const char *screen, bool replace, const char *user,
                       int64_t now_ms, struct enrolment *out, struct error *err)
    __attribute__((warn_unused_result));
/* Takes the screen away from its player: its token is void at once, and it is not given another one
 * before it is approved again. ERROR_NOT_FOUND when it has none. */
bool enrolment_revoke(struct db *db, struct arena *arena, const char *screen, const char *user,
                      int64_t now_ms, struct error *err) __attribute__((warn_unused_result));
bool enrolment_refuse(struct db *db, struct arena *arena, const char *code, const char *fingerprint,
                      const char *user, int64_t now_ms, struct enrolment *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
