#include <string.h>

#include "player/sync/backoff.h"
#include "player/sync/sync_private.h"

#define REFUSAL_MS (10 * 60 * 1000)
#define REFUSED_MANIFEST_MS (60 * 60 * 1000)
/* A server that answers long-polls at once, and has nothing new, is asked no more often than this.
 * A few times it may: it also wakes us for a wish. */
#define QUICK_MS 1000
#define QUICK_MAX 3
#define SPACING_MS 5000

static int64_t wait_after(struct sync *sync, const struct sync_step *step)
{
    const struct question *question = &sync->question;
    if (step->wait == WAIT_REFUSAL) {
        return backoff_spread(REFUSAL_MS, sync_chance());
    }
    if (question->told_s > 0) {
        return backoff_spread((int64_t)question->told_s * 1000, sync_chance());
    }
    return step->wait == WAIT_BACKOFF ? backoff_ms(question->failures, sync_chance()) : 0;
}

/* Whether it came at once and said nothing, too often in a row. */
static bool is_hasty(struct question *question, enum sync_outcome outcome, int64_t now_ms)
{
    if (outcome != OUTCOME_SAME || now_ms - question->asked_ms >= QUICK_MS) {
        question->quick = 0;
        return false;
    }
    question->quick++;
    return question->quick > QUICK_MAX;
}

void question_after(struct sync *sync, enum sync_outcome outcome)
{
    struct question *question = &sync->question;
    struct sync_step step = sync_step_after(question->phase, outcome, sync->status);
    int64_t now_ms = sync_now(sync);
    question->phase = step.phase;
    question->failures = step.failure ? question->failures + 1 : 0;
    question->due_ms = now_ms + wait_after(sync, &step);
    if (is_hasty(question, outcome, now_ms)) {
        question->due_ms = now_ms + SPACING_MS;
    }
    sync_tell_status(sync, step.status);
    if (outcome != OUTCOME_UNREACHABLE) {
        reports_soon(sync);
    }
}

void question_refuse(struct sync *sync)
{
    sync->question.refused_until_ms = sync_now(sync) + REFUSED_MANIFEST_MS;
}

int64_t question_step(struct sync *sync, int64_t now_ms)
{
    struct question *question = &sync->question;
    if (sync->server[0] == '\0' || question->exchange != NULL) {
        return SYNC_NEVER;
    }
    if (now_ms < question->due_ms) {
        return question->due_ms;
    }
    if (question->refused_until_ms != 0 && now_ms >= question->refused_until_ms) {
        question->refused_until_ms = 0; /* it may have been damaged on the way */
        question->etag[0] = '\0';
    }
    question->asked_ms = now_ms;
    question->told_s = -1;
    if (question->phase == PHASE_ENROL) {
        enrol_ask(sync);
    } else {
        poll_ask(sync);
    }
    return question->exchange != NULL ? SYNC_NEVER : question->due_ms;
}

void question_refresh(struct sync *sync)
{
    struct question *question = &sync->question;
    question_cancel(sync);
    question->due_ms = 0;
    if (question->refused_until_ms != 0) {
        question->refused_until_ms = 0;
        question->etag[0] = '\0';
    }
}

void question_cancel(struct sync *sync)
{
    exchange_cancel(sync->question.exchange);
    sync->question.exchange = NULL;
}
