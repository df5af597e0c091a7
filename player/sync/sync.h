/* The network thread: enrols, fetches the manifest by long-poll, verifies it, brings its files into
 * the cache, has its first frame proved by the main thread, makes it current, and sends reports.
 * All that it finds is told by events; it never touches what is on the screen. */
#ifndef VITRINE_PLAYER_SYNC_SYNC_H
#define VITRINE_PLAYER_SYNC_SYNC_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "core/lang.h"
#include "core/sign.h"
#include "core/strbuf.h"
#include "player/sync/edition.h"
#include "player/sync/state.h"

struct sync;

enum sync_status {
    SYNC_NO_SERVER, /* none configured: plays what it has */
    SYNC_CONNECTING,
    SYNC_UNREACHABLE,
    SYNC_WAITING, /* enrolment is known to the server, an administrator must approve it */
    SYNC_REFUSED, /* an administrator refused */
    SYNC_ONLINE,
};

enum sync_event_kind {
    SYNC_EVENT_STATUS,
    SYNC_EVENT_CANDIDATE, /* all files are there: draw its first frame, then call sync_prove */
    SYNC_EVENT_FAULT,
    SYNC_EVENT_FILE, /* a file that had been missing or damaged is in the cache again */
};

struct sync_event {
    enum sync_event_kind kind;
    enum sync_status status;
    struct edition *candidate; /* a reference that the receiver must release */
    const char *code;          /* fault code of docs/protocol.md; static */
    char detail[512];          /* fault: English, for logs and reports */
};

struct sync_hooks {
    /* Called in the network thread; must not block. */
    void (*event)(void *context, const struct sync_event *event);
    /* Writes the body of a report batch; false when there is nothing to send. */
    bool (*reports)(void *context, struct strbuf *body_out);
    /* The server has the last batch up to there; INT64_MAX: it refused the batch for good. */
    void (*acknowledged)(void *context, int64_t sequence);
    /* Called after sync_flush and at the end: bring to disk what is in memory. */
    void (*flush)(void *context);
    void *context;
};

struct sync_config {
    const char *server; /* NULL: none */
    enum lang lang;
    const struct state *state;    /* outlives the thread, as do keys */
    const struct sign_keys *keys; /* NULL: the key could not be kept, so no enrolment */
    struct state_server enrolled; /* screen "" when not */
    struct edition *current;      /* retained; NULL: none */
    bool current_from_previous;   /* it was read from the previous slot */
    int width_px, height_px;      /* told at enrolment */
    int wait_s;                   /* long-poll; 0: 55 */
    int stall_s;                  /* 0: 30 */
};

struct sync *sync_start(const struct sync_config *config, const struct sync_hooks *hooks,
                        struct error *err) __attribute__((warn_unused_result));
/* Breaks off what is under way, flushes, joins, frees. Accepts NULL. */
void sync_stop(struct sync *sync);

/* From the main thread. */
void sync_prove(struct sync *sync, bool decodes); /* answer to SYNC_EVENT_CANDIDATE */
void sync_refresh(struct sync *sync);             /* ask the server now */
void sync_flush(struct sync *sync);               /* there is something for hooks.flush */
/* A file of the current manifest is damaged or missing: remove and fetch it again. */
void sync_repair(struct sync *sync, const struct sha256 *sha256);

#endif
