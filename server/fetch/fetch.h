/* Takes a document from an address that a person gave, without letting that person reach what only
 * this machine can: http and https alone, the name resolved once and exactly that address asked,
 * public addresses alone but for exceptions, each redirect looked at anew, and an end to everything
 * (bytes also after decompression, headers, time). No cookies, no proxy, no passwords. Any thread;
 * fetch_init first. */
#ifndef VITRINE_SERVER_FETCH_FETCH_H
#define VITRINE_SERVER_FETCH_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "server/fetch/address.h"

#define FETCH_BYTES_MAX (5 * 1024 * 1024)
#define FETCH_MS_MAX 10000
#define FETCH_REDIRECTS_MAX 3
#define FETCH_TAG_SIZE 256

struct fetch_options {
    const char
        *allow; /* fetch_allow (server/config): may be asked though not public, on any port */
    /* Of the last time; "" or NULL: none. */
    const char *etag;
    const char *modified;
    /* 0: as above. */
    size_t bytes_max;
    int ms_max;
    /* For tests: instead of the system's resolver. */
    bool (*resolve)(void *context, const char *host, struct fetch_addresses *out);
    void *context;
};

struct fetch_result {
    bool unchanged; /* since etag or modified: no bytes */
    char *bytes;    /* NUL-terminated */
    size_t length;
    char type[128]; /* Content-Type as told, "" when it was not */
    char etag[FETCH_TAG_SIZE];
    char modified[64]; /* Last-Modified */
};

/* Once, before threads are made. */
bool fetch_init(struct error *err) __attribute__((warn_unused_result));
void fetch_quit(void);

/* ERROR_INVALID for an address that is none, ERROR_DENIED for one that may not be asked,
 * ERROR_LIMIT for too much, ERROR_NETWORK for the rest. The result is empty on failure. */
bool fetch_url(const char *url, const struct fetch_options *options, struct fetch_result *out,
               struct error *err) __attribute__((warn_unused_result));
void fetch_result_finish(struct fetch_result *result);

#endif
