#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "player/sync/sync_private.h"

#define TIMEOUT_S 300
/* A wish is told again when nothing came of it. */
#define WANTED_AGAIN_MS (15 * 1000)

/* Once, when the connection is lost. */
static void tell_lost(struct sync *sync, const struct error *err)
{
    if (sync->status == SYNC_ONLINE || sync->status == SYNC_CONNECTING) {
        sync_tell_fault(sync, "network", err);
    }
}

/* Whatever becomes of it, the server is asked for something newer than what it sent. */
static void remember(struct sync *sync, const struct transport_answer *answer,
                     enum sync_outcome outcome)
{
    struct question *question = &sync->question;
    if (outcome == OUTCOME_BAD && answer->etag[0] == '\0') {
        return; /* a page of somebody else's: what comes next may be a manifest */
    }
    memcpy(question->etag, answer->etag, sizeof question->etag);
    question->refused_until_ms = 0;
    if (outcome == OUTCOME_BAD) {
        question_refuse(sync);
    }
    if (outcome == OUTCOME_NEW && question->etag[0] == '\0') {
        char name[EDITION_NAME_SIZE];
        snprintf(question->etag, sizeof question->etag, "\"%s\"",
                 edition_name(sync->editions.candidate.edition, name));
    }
}

static void forget_token(struct sync *sync)
{
    log_write(LOG_WARN, "token_unknown", "status=401");
    sync->enrolled.token[0] = '\0';
    sync->question.challenge[0] = '\0';
    sync->question.etag[0] = '\0';
    sync->question.refused_until_ms = 0;
}

static enum sync_outcome take_status(struct sync *sync, const struct transport_answer *answer)
{
    struct error err;
    switch (answer->status) {
    case 200: {
        enum sync_outcome outcome = editions_take(sync, &answer->body);
        remember(sync, answer, outcome);
        return outcome;
    }
    case 304:
        return OUTCOME_SAME;
    case 401:
        forget_token(sync);
        return OUTCOME_STRANGER;
    case 429:
    case 503: /* a server that restarts or is busy is no fault */
        break;
    default:
        error_set(&err, ERROR_NETWORK, "réponse %d au lieu du manifeste",
                  "status %d instead of the manifest", answer->status);
        tell_lost(sync, &err);
        break;
    }
    sync->question.told_s = answer->retry_after_s;
    log_write(LOG_WARN, "manifest_unavailable", "status=%d", answer->status);
    return OUTCOME_UNREACHABLE;
}

static bool wish_of(const char *kind, enum sync_wish *wish_out)
{
    static const char *const kinds[] = {[SYNC_WISH_SCREENSHOT] = "screenshot",
                                        [SYNC_WISH_IDENTIFY] = "identify",
                                        [SYNC_WISH_RESTART] = "restart"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kind, kinds[i]) == 0) {
            *wish_out = (enum sync_wish)i;
            return true;
        }
    }
    return false; /* a newer server's, or none */
}

static void take_wish(struct sync *sync, const struct transport_answer *answer)
{
    struct question *question = &sync->question;
    int64_t now_ms = sync_now(sync);
    struct sync_event event = {.kind = SYNC_EVENT_WANTED, .number = answer->wanted_number};
    if (!wish_of(answer->wanted_kind, &event.wish) ||
        (strcmp(answer->wanted, question->wanted) == 0 &&
         now_ms - question->wanted_ms < WANTED_AGAIN_MS)) {
        return;
    }
    snprintf(event.wanted, sizeof event.wanted, "%s", answer->wanted);
    snprintf(question->wanted, sizeof question->wanted, "%s", answer->wanted);
    question->wanted_ms = now_ms;
    sync->hooks.event(sync->hooks.context, &event);
}

static void handle_done(void *context, const struct transport_answer *answer,
                        const struct error *err)
{
    struct sync *sync = context;
    enum sync_outcome outcome = OUTCOME_UNREACHABLE;
    sync->question.exchange = NULL;
    if (err == NULL) {
        sync_tell_clock(sync, answer);
        outcome = take_status(sync, answer);
        if (outcome == OUTCOME_NEW || outcome == OUTCOME_SAME || outcome == OUTCOME_BAD) {
            take_wish(sync, answer);
        }
    } else if (err->kind == ERROR_LIMIT) {
        sync_tell_fault(sync, "manifest_size", err);
        outcome = OUTCOME_BAD;
        remember(sync, answer, outcome);
    } else {
        tell_lost(sync, err);
    }
    question_after(sync, outcome);
}

void poll_ask(struct sync *sync)
{
    struct question *question = &sync->question;
    char name[EDITION_NAME_SIZE];
    char etag[TRANSPORT_ETAG_SIZE] = "";
    if (question->etag[0] != '\0') {
        memcpy(etag, question->etag, sizeof etag);
    } else if (sync->editions.current != NULL) {
        snprintf(etag, sizeof etag, "\"%s\"", edition_name(sync->editions.current, name));
    }
    struct transport_request request = {.path = "/player/v1/manifest",
                                        .token = sync->enrolled.token,
                                        .accept = "application/vnd.vitrine.manifest; seal=2",
                                        .boot = sync->config.boot,
                                        .etag = etag[0] != '\0' ? etag : NULL,
                                        .wait_s = sync->config.wait_s,
                                        .compressed = true,
                                        .limit = SYNC_SEALED_BYTES_MAX,
                                        .timeout_s = TIMEOUT_S + sync->config.wait_s,
                                        .stall_s = sync->config.stall_s};
    struct transport_handler handler = {.done = handle_done, .context = sync};
    question->exchange = transport_start(sync->transport, &request, &handler);
}
