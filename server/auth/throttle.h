/* Slows down who guesses. Failures are counted by what was guessed at and by who guesses; beyond a
 * few, each asks for a longer pause: 30 s, doubling up to 15 min. A quarter of an hour without a
 * failure forgets them all. In memory only; any thread. */
#ifndef VITRINE_SERVER_AUTH_THROTTLE_H
#define VITRINE_SERVER_AUTH_THROTTLE_H

#include "core/clock.h"

enum throttle_kind {
    THROTTLE_NAME,    /* passwords of one account: 5 */
    THROTTLE_PEER,    /* passwords from one address: 20 (an office shares its own) */
    THROTTLE_CODE,    /* second factors of one account: 5 */
    THROTTLE_LINK,    /* links that lead nowhere, from one address: 20 */
    THROTTLE_START,   /* logins begun elsewhere, from one address, finished or not: 60 */
    THROTTLE_JOURNAL, /* entries of failures in the audit trail, of the whole server: 100 */
    THROTTLE_KINDS
};

struct throttle;
struct throttle *throttle_create(struct clock clock);
void throttle_destroy(struct throttle *throttle); /* accepts NULL */

/* Seconds until another try is allowed; 0: now. */
int throttle_wait_s(struct throttle *throttle, enum throttle_kind kind, const char *text);
void throttle_fail(struct throttle *throttle, enum throttle_kind kind, const char *text);
void throttle_forgive(struct throttle *throttle, enum throttle_kind kind, const char *text);

#endif
