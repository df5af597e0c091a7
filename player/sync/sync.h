/* The network thread: enrols, asks for manifests by long-poll, verifies them, brings their files
 * into the cache, has the first frame proved by the main thread, makes the manifest current, and
 * sends reports and screenshots. The question goes on while files are fetched: the newest verified
 * manifest decides on emergencies, the newest complete one on everything else. All that it finds is
 * told by events; it never touches what is on the screen. */
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
#include "player/sync/timekeeper.h"

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
    SYNC_EVENT_CANDIDATE, /* `edition`'s files are all there: draw its first frame, then answer by
                             sync_prove. A newer one may come before the answer: answer both */
    SYNC_EVENT_FAULT,
    SYNC_EVENT_FILE,    /* a file that had been missing or damaged is in the cache again */
    SYNC_EVENT_URGENT,  /* `edition` decides on emergencies from now on, also when it has none any
                           more: the files of its emergency intervals are there, the others may not
                           be. In force until an edition of its version or newer is current */
    SYNC_EVENT_WANTED,  /* the server asks for something (`wish`): answer a screenshot by
                           sync_send_screenshot, all else, and what cannot be done, by sync_answer */
    SYNC_EVENT_RESTART, /* the server knows that the player starts anew: do it */
    SYNC_EVENT_CLOCK,   /* the server said what time it is: for timekeeper_hint */
};

#define SYNC_WANTED_SIZE 65

enum sync_wish { SYNC_WISH_SCREENSHOT, SYNC_WISH_IDENTIFY, SYNC_WISH_RESTART };

struct sync_event {
    enum sync_event_kind kind;
    enum sync_status status;
    struct edition *edition; /* candidate, urgent: a reference that the receiver releases */
    const char *code;        /* fault code of docs/protocol.md; static */
    char detail[512];        /* fault: English, for logs and reports */
    enum sync_wish wish;
    char wanted[SYNC_WANTED_SIZE]; /* its id */
    int number;                    /* identify: which of its site's screens it is; 0: not said */
    struct timekeeper_hint hint;
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
    struct edition *urgent;       /* retained; what STATE_URGENT holds, NULL: nothing */
    const char *boot;             /* of this start, 32 hex; outlives the thread. NULL: not told */
    int width_px, height_px;      /* told at enrolment */
    int wait_s;                   /* long-poll; 0: 55 */
    int stall_s;                  /* 0: 30 */
    int64_t quota_bytes;          /* of the cache; 0: 8 GiB, or 80 % of the file system if less */
};

struct sync *sync_start(const struct sync_config *config, const struct sync_hooks *hooks,
                        struct error *err) __attribute__((warn_unused_result));
/* Breaks off what is under way, flushes, joins, frees. Accepts NULL. */
void sync_stop(struct sync *sync);

/* From the main thread. */
/* Answer to SYNC_EVENT_CANDIDATE; `edition` is only compared. */
void sync_prove(struct sync *sync, const struct edition *edition, bool decodes);
void sync_refresh(struct sync *sync); /* ask the server now */
void sync_flush(struct sync *sync);   /* there is something for hooks.flush */
/* A file of the current manifest is damaged or missing: remove and fetch it again. */
void sync_repair(struct sync *sync, const struct sha256 *sha256);
/* Answer to SYNC_EVENT_WANTED. `jpeg` is taken over and freed with free(), whatever becomes of it;
 * a newer screenshot takes the place of one that has not been sent. */
#define SYNC_SCREENSHOT_BYTES_MAX (2 * 1024 * 1024)
void sync_send_screenshot(struct sync *sync, const char *id, void *jpeg, size_t length);
/* Answer to SYNC_EVENT_WANTED: reason NULL when it is done, or will be once the server knows
 * (`restart`: SYNC_EVENT_RESTART follows); else why not, in English. */
void sync_answer(struct sync *sync, const char *id, const char *reason, bool restart);
/* timekeeper_floor, as often as is convenient: written to the state folder at most every ten
 * minutes, and by sync_stop. 0 is ignored. */
void sync_keep_clock(struct sync *sync, int64_t floor_ms);

#endif
