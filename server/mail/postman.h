/* Sends what waits in the outbox (store/mails.h), in a thread of its own: no request ever waits for
 * a mail server. What cannot be sent is tried again, ever less often, for two days; then it is
 * given up, which the audit trail says. */
#ifndef VITRINE_SERVER_MAIL_POSTMAN_H
#define VITRINE_SERVER_MAIL_POSTMAN_H

#include "core/clock.h"
#include "server/mail/smtp.h"
#include "server/store/writer.h"

#define POSTMAN_FIRST_MS INT64_C(30000) /* to the second try; then twice as long each time */
#define POSTMAN_MOST_MS (INT64_C(4) * 3600 * 1000)
#define POSTMAN_GIVE_UP_MS (INT64_C(48) * 3600 * 1000)

struct postman_config {
    struct writer *writer;
    const char *database;      /* path */
    struct smtp_server server; /* texts are copied */
    const char *from;          /* an address */
    struct clock clock;
};

struct postman;

struct postman *postman_start(const struct postman_config *config, struct error *err)
    __attribute__((warn_unused_result));
void postman_stop(struct postman *postman); /* accepts NULL */
/* There is something new. */
void postman_kick(struct postman *postman);

struct postman_counts {
    uint64_t sent, failed, given_up; /* since its start; failed: tries */
    int64_t sent_ms;                 /* the last one; 0: none yet */
    char error[384];                 /* French, of the last try when it failed; "" */
};
void postman_counts(struct postman *postman, struct postman_counts *out);

/* How long after so many tries the next one waits. */
int64_t postman_delay_ms(int64_t tries);

#endif
