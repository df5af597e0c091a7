#include <stdio.h>
#include <string.h>

#include "core/log.h"
#include "player/sync/answers.h"
#include "player/sync/sync_private.h"

static enum sync_outcome take_approval(struct sync *sync, const struct state_server *server)
{
    struct error err;
    if (sync->enrolled.screen[0] != '\0' &&
        memcmp(&sync->enrolled.key, &server->key, sizeof server->key) != 0) {
        error_set(&err, ERROR_DENIED, "le serveur présente une autre clé de signature",
                  "the server shows another signing key than the pinned one");
        sync_tell_fault(sync, "enrolment", &err);
        return OUTCOME_BAD;
    }
    sync->enrolled = *server;
    if (!state_save_server(sync->config.state, server, &err)) {
        sync_tell_fault(sync, "storage", &err);
    }
    log_write(LOG_INFO, "enrolled", "screen=%s", server->screen);
    return OUTCOME_APPROVED;
}

static enum sync_outcome read_enrolment(struct sync *sync, const struct transport_answer *answer)
{
    struct question *question = &sync->question;
    struct enrolment_answer read;
    struct error err;
    if (!enrolment_answer_read(answer->body.bytes, answer->body.length, &read, &err)) {
        sync_tell_fault(sync, "enrolment", &err);
        return OUTCOME_BAD;
    }
    if (read.approved) {
        return take_approval(sync, &read.server);
    }
    /* A new challenge is answered at once, so that an approved screen waits for nothing; one that
     * did not help never is, so that no server makes us ask in a circle. */
    bool first = question->challenge[0] == '\0';
    question->told_s = first ? 0 : read.retry_after_s > 0 ? read.retry_after_s : 1;
    memcpy(question->challenge, read.challenge, sizeof question->challenge);
    return OUTCOME_PENDING;
}

static enum sync_outcome take_answer(struct sync *sync, const struct transport_answer *answer)
{
    struct error err;
    switch (answer->status) {
    case 200:
    case 202:
        return read_enrolment(sync, answer);
    case 403:
        error_set(&err, ERROR_DENIED, "rattachement refusé par un administrateur",
                  "enrolment refused by an administrator");
        sync_tell_fault(sync, "enrolment", &err);
        return OUTCOME_REFUSED;
    default:
        log_write(LOG_WARN, "enrolment_failed", "status=%d", answer->status);
        sync->question.told_s = answer->retry_after_s;
        sync->question.challenge[0] = '\0'; /* it may have been the challenge that was too old */
        return OUTCOME_UNREACHABLE;
    }
}

static void handle_done(void *context, const struct transport_answer *answer,
                        const struct error *err)
{
    struct sync *sync = context;
    enum sync_outcome outcome = OUTCOME_UNREACHABLE;
    sync->question.exchange = NULL;
    if (err == NULL) {
        sync_tell_clock(sync, answer);
        outcome = take_answer(sync, answer);
    } else {
        log_error(LOG_WARN, "enrolment_failed", err);
    }
    question_after(sync, outcome);
}

/* For who installs a screen over the network: what the screen shows, in the log. */
static void log_code(const struct sign_public *key)
{
    char code[ENROLMENT_CODE_SIZE], fingerprint[ENROLMENT_FINGERPRINT_SIZE];

    enrolment_code(key, code);
    enrolment_fingerprint(key, fingerprint);
    log_write(LOG_INFO, "enrolment_code", "code=%s fingerprint=%s", code, fingerprint);
}

void enrol_ask(struct sync *sync)
{
    struct question *question = &sync->question;
    struct strbuf json;
    if (sync->config.keys == NULL) {
        question_after(sync, OUTCOME_UNREACHABLE);
        return;
    }
    if (question->challenge[0] == '\0') {
        log_code(&sync->config.keys->public);
    }
    strbuf_init(&json);
    enrolment_request_write(sync->config.keys, question->challenge, sync->config.width_px,
                            sync->config.height_px, &json);
    struct transport_request request = {.path = "/player/v1/enrolment",
                                        .body = json.bytes,
                                        .body_length = json.length,
                                        .type = "application/json",
                                        .limit = ANSWER_BYTES_MAX,
                                        .timeout_s = 2 * sync->config.stall_s,
                                        .stall_s = sync->config.stall_s};
    struct transport_handler handler = {.done = handle_done, .context = sync};
    question->exchange = transport_start(sync->transport, &request, &handler);
    strbuf_finish(&json);
}
