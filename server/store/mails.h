/* The outbox: messages that wait to be sent (server/mail). They go when they are sent, or given up.
 */
#ifndef VITRINE_SERVER_STORE_MAILS_H
#define VITRINE_SERVER_STORE_MAILS_H

#include "server/store/entity.h"

#define MAILS_MAX 5000 /* that wait; more are not taken */

struct mail {
    int64_t number; /* given by mails_add */
    const char *recipient;
    const char *subject;
    const char *text;
    int64_t created_ms;
    int64_t tries;
    int64_t next_ms;     /* not before */
    const char *problem; /* of the last try; "" */
};

struct mail_list {
    size_t count;
    struct mail *items;
};

/* ERROR_LIMIT when the outbox is full. */
bool mails_add(struct db *db, const struct mail *mail, struct error *err)
    __attribute__((warn_unused_result));
/* Those whose time has come, the first to be due first. */
bool mails_due(struct db *db, struct arena *arena, int64_t now_ms, size_t limit,
               struct mail_list *out, struct error *err) __attribute__((warn_unused_result));
/* It was sent, or is given up. */
bool mails_drop(struct db *db, int64_t number, struct error *err)
    __attribute__((warn_unused_result));
bool mails_put_off(struct db *db, int64_t number, int64_t next_ms, const char *problem,
                   struct error *err) __attribute__((warn_unused_result));
/* oldest: when the one that waits for the longest was written; 0 when none waits. */
bool mails_waiting(struct db *db, int64_t *count_out, int64_t *oldest_ms_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
