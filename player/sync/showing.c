/* Screenshots that the server asked for. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "player/sync/answers.h"
#include "player/sync/backoff.h"
#include "player/sync/sync_private.h"

#define TRIES_MAX 5

static void drop_screenshot(struct showing *showing)
{
    free(showing->screenshot.jpeg);
    memset(&showing->screenshot, 0, sizeof showing->screenshot);
    showing->tries = 0;
}

static bool is_for_later(int status)
{
    return status == 408 || status == 429 || status >= 500;
}

static void handle_done(void *context, const struct transport_answer *answer,
                        const struct error *err)
{
    struct sync *sync = context;
    struct showing *showing = &sync->showing;
    showing->exchange = NULL;
    if (err == NULL) {
        sync_tell_clock(sync, answer);
        log_write(answer->status == 204 ? LOG_INFO : LOG_WARN, "screenshot_sent", "id=%s status=%d",
                  showing->screenshot.id, answer->status);
    } else {
        log_error(LOG_WARN, "screenshot_failed", err);
    }
    if ((err == NULL && !is_for_later(answer->status)) || ++showing->tries >= TRIES_MAX) {
        drop_screenshot(showing);
    } else {
        showing->due_ms = sync_now(sync) + backoff_ms(showing->tries + 1, sync_chance());
    }
}

int64_t showing_step(struct sync *sync, int64_t now_ms)
{
    struct showing *showing = &sync->showing;
    const struct screenshot *screenshot = &showing->screenshot;
    char path[SYNC_WANTED_SIZE + 32];
    if (screenshot->jpeg == NULL || showing->exchange != NULL || sync->server[0] == '\0' ||
        sync->enrolled.token[0] == '\0') {
        return SYNC_NEVER;
    }
    if (now_ms < showing->due_ms) {
        return showing->due_ms;
    }
    snprintf(path, sizeof path, "/player/v1/screenshots/%s", screenshot->id);
    struct transport_request request = {.path = path,
                                        .token = sync->enrolled.token,
                                        .body = screenshot->jpeg,
                                        .body_length = screenshot->length,
                                        .put = true,
                                        .type = "image/jpeg",
                                        .limit = ANSWER_BYTES_MAX,
                                        .stall_s = sync->config.stall_s};
    struct transport_handler handler = {.done = handle_done, .context = sync};
    showing->exchange = transport_start(sync->transport, &request, &handler);
    return SYNC_NEVER;
}

void showing_take(struct sync *sync, struct screenshot *screenshot)
{
    showing_cancel(sync);
    sync->showing.screenshot = *screenshot;
    sync->showing.due_ms = 0;
    memset(screenshot, 0, sizeof *screenshot);
}

void showing_cancel(struct sync *sync)
{
    exchange_cancel(sync->showing.exchange);
    sync->showing.exchange = NULL;
    drop_screenshot(&sync->showing);
}
