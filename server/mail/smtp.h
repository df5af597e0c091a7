/* Brings one message to the mail server (SMTP by libcurl). Blocks; any thread. */
#ifndef VITRINE_SERVER_MAIL_SMTP_H
#define VITRINE_SERVER_MAIL_SMTP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"

enum smtp_security {
    SMTP_STARTTLS, /* or nothing is sent */
    SMTP_TLS,      /* from the first byte */
    SMTP_PLAIN     /* no TLS, and no password */
};

struct smtp_server {
    const char *place; /* "host:port" */
    enum smtp_security security;
    const char *user; /* "": without login */
    const char *password;
    const char *ca_file; /* "": the system's authorities */
};

enum smtp_result {
    SMTP_SENT,
    SMTP_REFUSED, /* this message: others may pass */
    SMTP_DOWN,    /* the server cannot be used at all now */
};

bool smtp_start(struct error *err) __attribute__((warn_unused_result)); /* once a process, first */
/* *stopping ends it early, as SMTP_DOWN. err is set unless it is SMTP_SENT; it never holds the
 * password. */
enum smtp_result smtp_send(const struct smtp_server *server, const char *from, const char *to,
                           const void *message, size_t size, const atomic_bool *stopping,
                           struct error *err);

#endif
