/* A person's second factor: a secret shared with their telephone (totp.h), sealed in the store by a
 * key derived from the server's own, and ten recovery codes. db is the writer. */
#ifndef VITRINE_SERVER_AUTH_SECOND_FACTOR_H
#define VITRINE_SERVER_AUTH_SECOND_FACTOR_H

#include "server/auth/auth.h"

#define SECOND_FACTOR_CODES 10
#define SECOND_FACTOR_CODE_SIZE 12 /* "abcde-fghjk" */

/* A new secret, which counts once it is confirmed; ERROR_CONFLICT while one is active. The texts
 * are in the arena. */
bool second_factor_begin(struct auth *auth, struct db *db, struct arena *arena, const char *name,
                         const char **base32_out, const char **uri_out, struct error *err)
    __attribute__((warn_unused_result));
/* With a code of the new secret; from now on logins ask for one. The recovery codes are told this
 * once. */
bool second_factor_confirm(struct auth *auth, struct db *db, struct arena *arena, const char *name,
                           const char *code,
                           char codes_out[SECOND_FACTOR_CODES][SECOND_FACTOR_CODE_SIZE],
                           struct error *err) __attribute__((warn_unused_result));
/* Spends a code, of the telephone or a recovery code: ERROR_DENIED when it is wrong or was used. */
bool second_factor_spend(struct auth *auth, struct db *db, struct arena *arena, const char *name,
                         const char *code, struct error *err) __attribute__((warn_unused_result));
bool second_factor_remove(struct db *db, struct arena *arena, const char *name, struct error *err)
    __attribute__((warn_unused_result));

#endif
