/* The network thread's state machine as one pure function: what to do next after what came of the
 * last request. Mirrors the tables of docs/protocol.md. */
#ifndef VITRINE_PLAYER_SYNC_STEPS_H
#define VITRINE_PLAYER_SYNC_STEPS_H

#include "player/sync/sync.h"

enum sync_phase { PHASE_ENROL, PHASE_POLL };

enum sync_outcome {
    OUTCOME_PENDING,     /* 202: an administrator must approve */
    OUTCOME_APPROVED,    /* 200 to an enrolment */
    OUTCOME_REFUSED,     /* 403 */
    OUTCOME_NEW,         /* a new manifest became current */
    OUTCOME_SAME,        /* 304, or a manifest that we have */
    OUTCOME_BAD,         /* an answer that had to be refused */
    OUTCOME_STRANGER,    /* 401: the token is unknown */
    OUTCOME_UNREACHABLE, /* no answer, or a status that says "later" */
};

enum sync_wait {
    WAIT_NONE,
    WAIT_TOLD,    /* as long as the answer said */
    WAIT_BACKOFF, /* longer with every failure; as told, when it said */
    WAIT_REFUSAL, /* ten minutes */
};

struct sync_step {
    enum sync_phase phase;
    enum sync_status status;
    enum sync_wait wait;
    bool failure; /* counts towards the back-off; everything else ends it */
};

/* `status` is what it was so far: an interruption does not change it. */
struct sync_step sync_step_after(enum sync_phase phase, enum sync_outcome outcome,
                                 enum sync_status status);

#endif
