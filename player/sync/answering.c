/* What came of the server's wishes. */
#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "core/log.h"
#include "player/sync/answers.h"
#include "player/sync/backoff.h"
#include "player/sync/sync_private.h"

#define TRIES_MAX 5

static void drop_first(struct answering *answering)
{
    answering->count--;
    memmove(&answering->answers[0], &answering->answers[1],
            answering->count * sizeof answering->answers[0]);
    answering->tries = 0;
    answering->due_ms = 0;
}

/* Only who has been heard starts anew: else the same wish would be told again, and met again. */
static void handle_done(void *context, const struct transport_answer *answer,
                        const struct error *err)
{
    struct sync *sync = context;
    struct answering *answering = &sync->answering;
    answering->exchange = NULL;
    int status = err == NULL ? answer->status : 0;
    bool later = status == 0 || status == 408 || status == 429 || status >= 500;
    log_write(status == 204 ? LOG_INFO : LOG_WARN, "wish_answered", "id=%s status=%d",
              answering->answers[0].id, status);
    if (status == 204 && answering->answers[0].restart) {
        struct sync_event event = {.kind = SYNC_EVENT_RESTART};
        sync->hooks.event(sync->hooks.context, &event);
    }
    if (!later || ++answering->tries >= TRIES_MAX) {
        drop_first(answering);
    } else {
        answering->due_ms = sync_now(sync) + backoff_ms(answering->tries + 1, sync_chance());
    }
}

static void write_body(const struct wish_answer *answer, struct strbuf *body)
{
    struct json_writer writer;
    json_writer_init(&writer, body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "result", answer->reason[0] == '\0' ? "done" : "failed");
    if (answer->reason[0] != '\0') {
        json_put_string(&writer, "reason", answer->reason);
    }
    json_end_object(&writer);
}

int64_t answering_step(struct sync *sync, int64_t now_ms)
{
    struct answering *answering = &sync->answering;
    char path[SYNC_WANTED_SIZE + 32];
    struct strbuf body;
    if (answering->count == 0 || answering->exchange != NULL || sync->enrolled.token[0] == '\0') {
        return SYNC_NEVER;
    }
    if (now_ms < answering->due_ms) {
        return answering->due_ms;
    }
    strbuf_init(&body);
    write_body(&answering->answers[0], &body);
    snprintf(path, sizeof path, "/player/v1/wanted/%s", answering->answers[0].id);
    struct transport_request request = {.path = path,
                                        .token = sync->enrolled.token,
                                        .body = body.bytes,
                                        .body_length = body.length,
                                        .put = true,
                                        .type = "application/json",
                                        .limit = ANSWER_BYTES_MAX,
                                        .stall_s = sync->config.stall_s};
    struct transport_handler handler = {.done = handle_done, .context = sync};
    answering->exchange = transport_start(sync->transport, &request, &handler);
    strbuf_finish(&body);
    return SYNC_NEVER;
}

void answering_take(struct sync *sync, const struct wish_answer *answer)
{
    if (sync->answering.count < SYNC_ANSWERS_MAX) {
        sync->answering.answers[sync->answering.count++] = *answer;
    }
}

void answering_cancel(struct sync *sync)
{
    exchange_cancel(sync->answering.exchange);
    sync->answering.exchange = NULL;
}
