#include "player/sync/steps.h"

struct sync_step sync_step_after(enum sync_phase phase, enum sync_outcome outcome,
                                 enum sync_status status)
{
    switch (outcome) {
    case OUTCOME_PENDING:
        return (struct sync_step){PHASE_ENROL, SYNC_WAITING, WAIT_TOLD, false};
    case OUTCOME_APPROVED:
        return (struct sync_step){PHASE_POLL, SYNC_ONLINE, WAIT_NONE, false};
    case OUTCOME_REFUSED:
        return (struct sync_step){PHASE_ENROL, SYNC_REFUSED, WAIT_REFUSAL, false};
    case OUTCOME_NEW:
    case OUTCOME_SAME:
        return (struct sync_step){PHASE_POLL, SYNC_ONLINE, WAIT_NONE, false};
    case OUTCOME_BAD:
        /* The server is there; what it sent is not fit to be shown. */
        return (struct sync_step){phase, phase == PHASE_POLL ? SYNC_ONLINE : status, WAIT_BACKOFF,
                                  true};
    case OUTCOME_STRANGER:
        /* Not at once: a server that takes no token would be asked in a circle. */
        return (struct sync_step){PHASE_ENROL, SYNC_CONNECTING, WAIT_BACKOFF, true};
    case OUTCOME_UNREACHABLE:
        return (struct sync_step){phase, SYNC_UNREACHABLE, WAIT_BACKOFF, true};
    }
    return (struct sync_step){phase, status, WAIT_BACKOFF, true};
}
