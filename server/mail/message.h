/* A text message as it goes over the line: RFC 5322 with MIME, UTF-8 quoted-printable, CRLF. */
#ifndef VITRINE_SERVER_MAIL_MESSAGE_H
#define VITRINE_SERVER_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/strbuf.h"

#define MESSAGE_ADDRESS_MAX 254

struct message {
    const char *from; /* an address */
    const char *name; /* in front of it */
    const char *to;   /* an address */
    const char *subject;
    const char *text; /* lines end with \n */
    const char *id;   /* unique for ever, of letters, digits and dots */
    int64_t time_ms;
};

/* Whether it is one address and nothing else, so that nothing can be put behind it. */
bool message_address_valid(const char *address);
/* from and to are valid addresses. */
void message_write(const struct message *message, struct strbuf *out);

#endif
