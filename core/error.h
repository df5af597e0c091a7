/* What went wrong, where, and what to do about it, in French and in English.
 * A caller owns one `struct error` and passes it as the last argument; who returns false has filled
 * it. Nothing is allocated, so an error can be copied and kept. */
#ifndef VITRINE_CORE_ERROR_H
#define VITRINE_CORE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "core/lang.h"

enum error_kind {
    ERROR_NONE = 0,
    ERROR_INVALID,   /* content that is wrong: malformed file, field, argument */
    ERROR_NOT_FOUND, /* what was asked for is not there */
    ERROR_CONFLICT,  /* it is there already, or something uses it */
    ERROR_DENIED,    /* not allowed, wrong signature, wrong password */
    ERROR_LIMIT,     /* too long, too deep, too large, too many */
    ERROR_IO,        /* disk or device */
    ERROR_NETWORK,   /* peer unreachable, or it broke off */
    ERROR_INTERNAL,  /* a bug, or a library that failed for no reason of the user's */
    ERROR_BUSY,      /* somebody else uses it now: trying again helps */
    ERROR_STALE,     /* somebody changed it since it was read: read it again */
};

struct error {
    enum error_kind kind;
    int line;       /* 1-based line in `file`; 0 when there is none */
    char file[160]; /* file or URL at fault; "" when there is none */
    char field[96]; /* field at fault, as a path: "slides[3].template"; "" when there is none */
    char fr[384];   /* message without place, no final period needed */
    char en[384];
};

/* Fills *err (which may be NULL) and returns false, so that `return error_set(...)` reads well.
 * fr and en are two printf formats that take the same arguments in the same order. The place
 * (file, line, field) is cleared. Messages too long are cut at a character boundary. */
bool error_set(struct error *err, enum error_kind kind, const char *fr, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* Like error_set for a failed system call: appends strerror(errno_value); kind is ERROR_IO. */
bool error_set_errno(struct error *err, int errno_value, const char *fr, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* Add the place to an error already set. They never clear what is set when given NULL or 0. */
void error_at(struct error *err, const char *file, int line);
/* Puts `field` in front of a field already set: error_field(e, "slides[3]") on "template" gives
 * "slides[3].template". Returns false: `return error_field(err, "until")`. */
bool error_field(struct error *err, const char *field);

/* Writes "annuaire.csv, ligne 12, champ SIRET : message" into buf (always NUL-terminated; cut if it
 * does not fit) and returns buf. */
const char *error_text(const struct error *err, enum lang lang, char *buf, size_t size);

void error_clear(struct error *err);

#endif
