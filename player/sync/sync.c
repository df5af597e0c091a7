#include "player/sync/sync.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "player/sync/sync_private.h"

#define WAIT_S 55
#define STALL_S 30
#define IDLE_MS INT64_C(3600000)
#define FLOOR_SPACING_MS (10 * 60 * 1000)
#define FLOOR_ORDER_MS (60 * 1000)
/* A Date that took longer says too little. */
#define HINT_UNCERTAINTY_MAX_MS 20000
#define HINT_SPACING_NS (INT64_C(120) * 1000000000)
#define HINT_NEWS_MS 5000

int64_t sync_now(const struct sync *sync)
{
    return clock_mono_ms(&sync->clock);
}

uint32_t sync_chance(void)
{
    uint32_t number;
    random_bytes(&number, sizeof number);
    return number;
}

/* --- What is told --- */

void sync_tell_status(struct sync *sync, enum sync_status status)
{
    if (sync->status != status) {
        struct sync_event event = {.kind = SYNC_EVENT_STATUS, .status = status};
        sync->status = status;
        sync->hooks.event(sync->hooks.context, &event);
    }
}

void sync_tell_fault(struct sync *sync, const char *code, const struct error *err)
{
    struct sync_event event = {.kind = SYNC_EVENT_FAULT, .code = code};
    error_text(err, LANG_EN, event.detail, sizeof event.detail);
    sync->hooks.event(sync->hooks.context, &event);
}

/* Whether it says more than the one told last: another time, or the same more exactly. */
static bool is_news(const struct timekeeper_hint *last, const struct timekeeper_hint *hint)
{
    int64_t passed_ms = (hint->mono_ns - last->mono_ns) / 1000000;
    int64_t difference = hint->server_ms - last->server_ms - passed_ms;
    return last->mono_ns == 0 || hint->mono_ns - last->mono_ns >= HINT_SPACING_NS ||
           hint->uncertainty_ms < last->uncertainty_ms / 2 || difference > HINT_NEWS_MS ||
           difference < -HINT_NEWS_MS;
}

void sync_tell_clock(struct sync *sync, const struct transport_answer *answer)
{
    if (answer->dated && answer->date.uncertainty_ms <= HINT_UNCERTAINTY_MAX_MS &&
        is_news(&sync->hint, &answer->date)) {
        struct sync_event event = {.kind = SYNC_EVENT_CLOCK, .hint = answer->date};
        sync->hint = answer->date;
        sync->hooks.event(sync->hooks.context, &event);
    }
}

/* --- The thread --- */

static void write_floor(struct sync *sync)
{
    struct error err;
    if (sync->floor_ms != 0 && !state_save_clock(sync->config.state, sync->floor_ms, &err)) {
        log_error(LOG_WARN, "clock_not_kept", &err);
    }
    sync->floor_ms = 0;
    sync->floor_written_ms = sync_now(sync);
}

static int64_t keep_floor(struct sync *sync, int64_t now_ms)
{
    int64_t due_ms =
        sync->floor_written_ms == 0 ? now_ms : sync->floor_written_ms + FLOOR_SPACING_MS;
    if (sync->floor_ms == 0) {
        return SYNC_NEVER;
    }
    if (now_ms < due_ms) {
        return due_ms;
    }
    write_floor(sync);
    return SYNC_NEVER;
}

static void take_refresh(struct sync *sync)
{
    question_refresh(sync);
    fetch_renew(sync);
    reports_soon(sync);
}

/* False: to stop. */
static bool take_orders(struct sync *sync)
{
    pthread_mutex_lock(&sync->lock);
    struct orders orders = sync->orders;
    memset(&sync->orders, 0, sizeof sync->orders);
    sync->orders.stop = orders.stop;
    pthread_mutex_unlock(&sync->lock);

    if (orders.floor_ms != 0) {
        sync->floor_ms = orders.floor_ms;
    }
    if (orders.screenshot.jpeg != NULL) {
        showing_take(sync, &orders.screenshot);
    }
    for (size_t i = 0; i < orders.answer_count; i++) {
        answering_take(sync, &orders.answers[i]);
    }
    if (orders.stop) {
        return false;
    }
    if (orders.flush) {
        sync->hooks.flush(sync->hooks.context);
    }
    for (size_t i = 0; i < orders.repair_count; i++) {
        fetch_repair(sync, &orders.repairs[i]);
    }
    for (size_t i = 0; i < orders.proof_count; i++) {
        editions_proved(sync, orders.proofs[i].edition, orders.proofs[i].decodes);
    }
    if (orders.refresh) {
        take_refresh(sync);
    }
    return true;
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Every part does what is due; returns when the first of them must be called again. */
static int64_t step(struct sync *sync)
{
    int64_t now_ms = sync_now(sync);
    int64_t due_ms = question_step(sync, now_ms);
    due_ms = sooner(due_ms, fetch_step(sync, now_ms));
    due_ms = sooner(due_ms, editions_step(sync, now_ms));
    due_ms = sooner(due_ms, reports_step(sync, now_ms));
    due_ms = sooner(due_ms, showing_step(sync, now_ms));
    due_ms = sooner(due_ms, answering_step(sync, now_ms));
    due_ms = sooner(due_ms, keep_floor(sync, now_ms));
    /* What came last may have made the files due again. */
    return sync->fetch.replan && sync->server[0] != '\0' ? now_ms : due_ms;
}

static void *sync_thread(void *context)
{
    struct sync *sync = context;
    sync_tell_status(sync, sync->server[0] != '\0' ? SYNC_CONNECTING : SYNC_NO_SERVER);
    editions_begin(sync);
    while (take_orders(sync)) {
        int64_t due_ms = step(sync);
        int64_t wait_ms = due_ms == SYNC_NEVER ? IDLE_MS : due_ms - sync_now(sync);
        transport_turn(sync->transport, wait_ms);
    }
    question_cancel(sync);
    fetch_cancel(sync);
    reports_cancel(sync);
    showing_cancel(sync);
    answering_cancel(sync);
    sync->hooks.flush(sync->hooks.context);
    write_floor(sync);
    return NULL;
}

/* --- Start and stop --- */

/* Signals are the main thread's: workers block them all. */
static bool start_thread(struct sync *sync)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&sync->thread, NULL, sync_thread, sync) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return ok;
}

static void sync_free(struct sync *sync)
{
    transport_destroy(sync->transport);
    editions_finish(sync);
    free(sync->orders.screenshot.jpeg);
    pthread_mutex_destroy(&sync->lock);
    free(sync);
}

struct sync *sync_start(const struct sync_config *config, const struct sync_hooks *hooks,
                        struct error *err)
{
    struct sync *sync = calloc(1, sizeof *sync);
    if (sync == NULL) {
        error_set(err, ERROR_INTERNAL, "mémoire épuisée", "out of memory");
        return NULL;
    }
    pthread_mutex_init(&sync->lock, NULL);
    sync->config = *config;
    sync->hooks = *hooks;
    sync->clock = clock_system();
    sync->config.wait_s = config->wait_s > 0 ? config->wait_s : WAIT_S;
    sync->config.stall_s = config->stall_s > 0 ? config->stall_s : STALL_S;
    sync->enrolled = config->enrolled;
    sync->question.phase = config->enrolled.token[0] != '\0' ? PHASE_POLL : PHASE_ENROL;
    sync->status = (enum sync_status) - 1;
    sync->fetch.incomplete = true;
    sync->fetch.replan = true;
    sync->fetch.room_ms = SYNC_NEVER;
    sync->fetch.cramped_told = -1;
    editions_start(sync);
    sync->transport = transport_create(config->server, config->lang, err);
    if (sync->transport == NULL) {
        sync_free(sync);
        return NULL;
    }
    if (config->server != NULL) {
        snprintf(sync->server, sizeof sync->server, "%s", config->server);
    }
    if (!start_thread(sync)) {
        error_set(err, ERROR_INTERNAL, "le fil réseau ne démarre pas",
                  "the network thread does not start");
        sync_free(sync);
        return NULL;
    }
    return sync;
}

/* --- Orders --- */

static void give_orders(struct sync *sync)
{
    pthread_mutex_unlock(&sync->lock);
    transport_wake(sync->transport);
}

void sync_stop(struct sync *sync)
{
    if (sync != NULL) {
        pthread_mutex_lock(&sync->lock);
        sync->orders.stop = true;
        give_orders(sync);
        pthread_join(sync->thread, NULL);
        sync_free(sync);
    }
}

void sync_prove(struct sync *sync, const struct edition *edition, bool decodes)
{
    pthread_mutex_lock(&sync->lock);
    struct orders *orders = &sync->orders;
    if (orders->proof_count < SYNC_PROOFS_MAX) {
        orders->proofs[orders->proof_count].edition = edition;
        orders->proofs[orders->proof_count++].decodes = decodes;
    }
    give_orders(sync);
}

void sync_refresh(struct sync *sync)
{
    pthread_mutex_lock(&sync->lock);
    sync->orders.refresh = true;
    give_orders(sync);
}

void sync_flush(struct sync *sync)
{
    pthread_mutex_lock(&sync->lock);
    sync->orders.flush = true;
    give_orders(sync);
}

void sync_repair(struct sync *sync, const struct sha256 *sha256)
{
    pthread_mutex_lock(&sync->lock);
    if (sync->orders.repair_count < SYNC_REPAIRS_MAX) {
        sync->orders.repairs[sync->orders.repair_count++] = *sha256;
    }
    give_orders(sync);
}

void sync_send_screenshot(struct sync *sync, const char *id, void *jpeg, size_t length)
{
    if (jpeg == NULL || length == 0 || length > SYNC_SCREENSHOT_BYTES_MAX) {
        log_write(LOG_WARN, "screenshot_dropped", "bytes=%zu", length);
        free(jpeg);
        return;
    }
    pthread_mutex_lock(&sync->lock);
    struct screenshot *screenshot = &sync->orders.screenshot;
    free(screenshot->jpeg);
    snprintf(screenshot->id, sizeof screenshot->id, "%s", id);
    screenshot->jpeg = jpeg;
    screenshot->length = length;
    give_orders(sync);
}

void sync_answer(struct sync *sync, const char *id, const char *reason, bool restart)
{
    pthread_mutex_lock(&sync->lock);
    if (sync->orders.answer_count < SYNC_ANSWERS_MAX) {
        struct wish_answer *answer = &sync->orders.answers[sync->orders.answer_count++];
        snprintf(answer->id, sizeof answer->id, "%s", id);
        snprintf(answer->reason, sizeof answer->reason, "%s", reason != NULL ? reason : "");
        answer->restart = restart;
    }
    give_orders(sync);
}

void sync_keep_clock(struct sync *sync, int64_t floor_ms)
{
    int64_t now_ms = sync_now(sync);
    pthread_mutex_lock(&sync->lock);
    bool due = floor_ms != 0 &&
               (sync->floor_ordered_ms == 0 || now_ms - sync->floor_ordered_ms >= FLOOR_ORDER_MS);
    if (due) {
        sync->orders.floor_ms = floor_ms;
        sync->floor_ordered_ms = now_ms;
    }
    pthread_mutex_unlock(&sync->lock);
    if (due) {
        transport_wake(sync->transport);
    }
}
