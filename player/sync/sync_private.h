/* The network thread's parts: each is a small state machine with one owner and one cancel. All of
 * them belong to the thread; what other threads want goes through the orders. A part's step does
 * what is due and returns when it must be called again (monotonic milliseconds, SYNC_NEVER: an
 * exchange or an order comes first). */
#ifndef VITRINE_PLAYER_SYNC_PRIVATE_H
#define VITRINE_PLAYER_SYNC_PRIVATE_H

#include <pthread.h>

#include "core/clock.h"
#include "playlists/enrolment.h"
#include "player/sync/download.h"
#include "player/sync/file_sum.h"
#include "player/sync/plan.h"
#include "player/sync/steps.h"
#include "player/sync/sync.h"
#include "player/sync/transport.h"

#define SYNC_NEVER INT64_MAX
#define SYNC_REPAIRS_MAX 64
#define SYNC_PROOFS_MAX 4
#define SYNC_DOWNLOADS 2
#define SYNC_SEALED_BYTES_MAX (MANIFEST_BYTES_MAX + 512)

#define SYNC_ANSWERS_MAX 4
#define SYNC_REASON_SIZE 200

/* What came of a wish. */
struct wish_answer {
    char id[SYNC_WANTED_SIZE];
    char reason[SYNC_REASON_SIZE]; /* "": it is done */
    bool restart;                  /* then */
};

struct screenshot {
    char id[SYNC_WANTED_SIZE];
    void *jpeg; /* NULL: none */
    size_t length;
};

/* Of the other threads: written under the lock, taken by the network thread. */
struct orders {
    bool stop, refresh, flush;
    struct sha256 repairs[SYNC_REPAIRS_MAX];
    size_t repair_count;
    struct {
        const struct edition *edition;
        bool decodes;
    } proofs[SYNC_PROOFS_MAX];
    size_t proof_count;
    struct screenshot screenshot;
    struct wish_answer answers[SYNC_ANSWERS_MAX];
    size_t answer_count;
    int64_t floor_ms; /* 0: none */
};

/* Enrolment, or the manifest's long-poll: one exchange that is always under way or due. */
struct question {
    struct exchange *exchange;
    enum sync_phase phase;
    int64_t due_ms;
    int64_t asked_ms;
    int failures;
    int quick;  /* answers in a row that came at once and said nothing new */
    int told_s; /* what the last answer asked us to wait; -1: nothing */
    char challenge[ENROLMENT_CHALLENGE_HEX + 1];
    char etag[TRANSPORT_ETAG_SIZE]; /* of the last manifest that came; "": the current one's */
    int64_t refused_until_ms;      /* it was refused, and is not asked for until then; 0: was not */
    char wanted[SYNC_WANTED_SIZE]; /* the wish told last … */
    int64_t wanted_ms;             /* … and when */
};

/* A verified manifest on its way to being current. */
struct candidate {
    struct edition *edition; /* NULL: none */
    struct strbuf sealed;
    bool urgent_told;
    int proofs;       /* that failed */
    int64_t retry_ms; /* after a proof that failed */
};

struct editions {
    struct edition *current;
    struct edition *stored;     /* what the folder's newest good manifest is */
    bool stored_as_current;     /* … and whether it stands in the current slot */
    struct edition *urgent;     /* what was told as urgent and is not current yet */
    struct candidate candidate; /* files under way */
    struct candidate proving;   /* the main thread draws its first frame */
    int64_t proof_until_ms;
    struct strbuf unsaved; /* current's sealed bytes while the disk does not take them */
    int64_t save_ms;
};

struct fetch {
    struct plan plan;
    bool replan;
    bool changed;    /* something may be complete now */
    bool incomplete; /* files of the current manifest may be missing */
    struct download *downloads[SYNC_DOWNLOADS];
    int64_t due_ms; /* no new download before */
    int failures;
    bool storage_told;
    bool cramped;         /* the candidate does not fit */
    int64_t cramped_told; /* version that was told of */
    int64_t room_ms;
    struct sha256 repairs[SYNC_REPAIRS_MAX]; /* the first is being read */
    size_t repair_count;
    bool reading;
    struct file_sum sum;
};

struct reporting {
    struct exchange *exchange;
    int64_t due_ms;
    int failures;
    int batches; /* in a row */
};

/* Answers to wishes, one after the other. */
struct answering {
    struct exchange *exchange;
    struct wish_answer answers[SYNC_ANSWERS_MAX];
    size_t count;
    int64_t due_ms;
    int tries;
};

struct showing {
    struct exchange *exchange;
    struct screenshot screenshot;
    int64_t due_ms;
    int tries;
};

struct sync {
    struct sync_config config;
    struct sync_hooks hooks;
    char server[1024]; /* "": none */
    struct transport *transport;
    pthread_t thread;
    struct clock clock;

    pthread_mutex_t lock;
    struct orders orders;
    int64_t floor_ordered_ms; /* under the lock too: when the thread was woken for the floor */

    enum sync_status status;
    struct state_server enrolled;
    struct question question;
    struct editions editions;
    struct fetch fetch;
    struct reporting reporting;
    struct showing showing;
    struct answering answering;
    struct timekeeper_hint hint; /* told last; mono_ns 0: none */
    int64_t floor_ms;            /* to be written; 0: nothing */
    int64_t floor_written_ms;    /* when; 0: never */
};

/* sync.c */
int64_t sync_now(const struct sync *sync);
uint32_t sync_chance(void);
void sync_tell_status(struct sync *sync, enum sync_status status);
void sync_tell_fault(struct sync *sync, const char *code, const struct error *err);
/* Of answers that no cache keeps; the rest says what time it was once. */
void sync_tell_clock(struct sync *sync, const struct transport_answer *answer);

/* question.c */
int64_t question_step(struct sync *sync, int64_t now_ms);
void question_refresh(struct sync *sync);
void question_cancel(struct sync *sync);
void question_after(struct sync *sync, enum sync_outcome outcome);
/* The manifest that came last is not fit to be shown: not asked for again for an hour. */
void question_refuse(struct sync *sync);

/* enrol.c, poll.c: start the exchange, whose end calls question_after. */
void enrol_ask(struct sync *sync);
void poll_ask(struct sync *sync);

/* editions.c */
void editions_start(struct sync *sync);
/* In the thread: what a power cut left of the urgent slot goes. */
void editions_begin(struct sync *sync);
enum sync_outcome editions_take(struct sync *sync, const struct strbuf *sealed);
int64_t editions_step(struct sync *sync, int64_t now_ms);
void editions_proved(struct sync *sync, const struct edition *edition, bool decodes);
/* The candidate's emergencies can be shown, or it has none. */
void editions_tell_urgent(struct sync *sync);
/* The candidate's files are all there. */
void editions_prove(struct sync *sync);
/* Makes room for `needed` more bytes by removing what none of these editions lists, and as a last
 * resort what only the previous one does; how many are lacking. Nothing is removed while the disk
 * does not say what must stay. */
int64_t editions_make_room(struct sync *sync, int64_t needed, size_t *evicted_out);
void editions_finish(struct sync *sync);

/* fetch.c */
int64_t fetch_step(struct sync *sync, int64_t now_ms);
/* Another candidate or current manifest, or the server is there again: plan anew and at once. */
void fetch_renew(struct sync *sync);
void fetch_repair(struct sync *sync, const struct sha256 *sha256);
void fetch_cancel(struct sync *sync);

/* reports.c */
int64_t reports_step(struct sync *sync, int64_t now_ms);
void reports_soon(struct sync *sync);
void reports_cancel(struct sync *sync);

/* answering.c */
int64_t answering_step(struct sync *sync, int64_t now_ms);
void answering_take(struct sync *sync, const struct wish_answer *answer);
void answering_cancel(struct sync *sync);

/* showing.c */
int64_t showing_step(struct sync *sync, int64_t now_ms);
/* Takes it over. */
void showing_take(struct sync *sync, struct screenshot *screenshot);
void showing_cancel(struct sync *sync);

#endif
