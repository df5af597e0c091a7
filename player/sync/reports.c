#include "core/log.h"
#include "player/sync/answers.h"
#include "player/sync/backoff.h"
#include "player/sync/sync_private.h"

/* Plays and heartbeats need not be told one by one. */
#define LOOK_MS (30 * 1000)
/* A server that acknowledges nothing is not asked for ever. */
#define BATCHES_MAX 8

static bool may_send(const struct sync *sync)
{
    return sync->server[0] != '\0' && sync->enrolled.token[0] != '\0';
}

static void wait_after_failure(struct sync *sync)
{
    struct reporting *reporting = &sync->reporting;
    reporting->failures++;
    reporting->batches = 0;
    reporting->due_ms = sync_now(sync) + backoff_ms(reporting->failures + 1, sync_chance());
}

static void go_on(struct sync *sync, int64_t acknowledged)
{
    struct reporting *reporting = &sync->reporting;
    sync->hooks.acknowledged(sync->hooks.context, acknowledged);
    reporting->failures = 0;
    reporting->due_ms = sync_now(sync);
    if (reporting->batches >= BATCHES_MAX) {
        reporting->batches = 0;
        reporting->due_ms += LOOK_MS;
    }
}

static void handle_done(void *context, const struct transport_answer *answer,
                        const struct error *err)
{
    struct sync *sync = context;
    struct error unread;
    int64_t sequence;
    sync->reporting.exchange = NULL;
    if (err != NULL) {
        log_error(LOG_WARN, "reports_failed", err);
        wait_after_failure(sync);
        return;
    }
    sync_tell_clock(sync, answer);
    if (answer->status == 400 || answer->status == 413) {
        /* It never will be taken, and must not be in the way of all that comes after it. */
        log_write(LOG_WARN, "reports_refused", "status=%d", answer->status);
        go_on(sync, INT64_MAX);
    } else if (answer->status != 200) {
        log_write(LOG_WARN, "reports_failed", "status=%d", answer->status);
        wait_after_failure(sync);
    } else if (!acknowledgement_read(answer->body.bytes, answer->body.length, &sequence, &unread)) {
        log_error(LOG_WARN, "reports_failed", &unread);
        wait_after_failure(sync);
    } else {
        go_on(sync, sequence);
    }
}

static void send_batch(struct sync *sync, const struct strbuf *body)
{
    struct transport_request request = {.path = "/player/v1/reports",
                                        .token = sync->enrolled.token,
                                        .body = body->bytes,
                                        .body_length = body->length,
                                        .type = "application/json",
                                        .limit = ANSWER_BYTES_MAX,
                                        .timeout_s = 4 * sync->config.stall_s,
                                        .stall_s = sync->config.stall_s};
    struct transport_handler handler = {.done = handle_done, .context = sync};
    sync->reporting.batches++;
    sync->reporting.exchange = transport_start(sync->transport, &request, &handler);
}

int64_t reports_step(struct sync *sync, int64_t now_ms)
{
    struct reporting *reporting = &sync->reporting;
    if (!may_send(sync) || reporting->exchange != NULL) {
        return SYNC_NEVER;
    }
    if (now_ms >= reporting->due_ms) {
        struct strbuf body;
        strbuf_init(&body);
        if (sync->hooks.reports(sync->hooks.context, &body)) {
            send_batch(sync, &body);
        } else {
            reporting->batches = 0;
            reporting->due_ms = now_ms + LOOK_MS;
        }
        strbuf_finish(&body);
    }
    return reporting->exchange != NULL ? SYNC_NEVER : reporting->due_ms;
}

void reports_soon(struct sync *sync)
{
    struct reporting *reporting = &sync->reporting;
    if (reporting->failures == 0 && reporting->batches == 0) {
        reporting->due_ms = 0;
    }
}

void reports_cancel(struct sync *sync)
{
    exchange_cancel(sync->reporting.exchange);
    sync->reporting.exchange = NULL;
}
