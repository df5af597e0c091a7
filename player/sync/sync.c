#include "player/sync/sync.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/log.h"
#include "playlists/enrolment.h"
#include "player/sync/answers.h"
#include "player/sync/backoff.h"
#include "player/sync/download.h"
#include "player/sync/steps.h"
#include "player/sync/transport.h"

#define WAIT_S 55
#define STALL_S 30
#define MANIFEST_TIMEOUT_S 300
#define SEALED_BYTES_MAX (MANIFEST_BYTES_MAX + 512)
#define REFUSAL_MS (10 * 60 * 1000)
#define PROOF_MS (60 * 1000)
#define FOREVER_MS INT64_C(3600000)
#define DOWNLOAD_TRIES 5
#define REPAIRS_MAX 64
#define BATCHES_MAX 8 /* a server that acknowledges nothing is not asked for ever */
/* A server that answers long-polls at once is asked no more often than this. */
#define POLL_SPACING_MS 5000

enum proof { PROOF_NONE, PROOF_GOOD, PROOF_BAD };

struct sync {
    struct sync_config config;
    struct sync_hooks hooks;
    char server[1024];
    struct transport *transport;
    pthread_t thread;
    struct clock clock;

    /* Written by the main thread. */
    atomic_bool stopping;
    atomic_bool refresh;
    atomic_bool flush;
    atomic_int proof;
    pthread_mutex_t lock; /* for the repairs */
    struct sha256 repairs[REPAIRS_MAX];
    size_t repair_count;

    /* The network thread's own. */
    enum sync_phase phase;
    enum sync_status status;
    struct state_server enrolled;
    char challenge[ENROLMENT_CHALLENGE_HEX + 1];
    int failures;
    int told_s; /* what the last answer asked us to wait; -1: nothing */
    struct edition *current;
    struct edition *stored; /* what the folder's newest good manifest is */
    bool stored_as_current; /* … and whether it stands in the current slot */
    bool incomplete;        /* files of the current manifest may be missing */
    bool interruptible;     /* waiting for news: a refresh may break it off */
};

static uint32_t chance(void)
{
    uint32_t number;
    random_bytes(&number, sizeof number);
    return number;
}

static void tell_status(struct sync *sync, enum sync_status status)
{
    if (sync->status != status) {
        struct sync_event event = {.kind = SYNC_EVENT_STATUS, .status = status};
        sync->status = status;
        sync->hooks.event(sync->hooks.context, &event);
    }
}

static void tell_fault(struct sync *sync, const char *code, const struct error *err)
{
    struct sync_event event = {.kind = SYNC_EVENT_FAULT, .code = code};
    if (atomic_load(&sync->stopping)) {
        return; /* what we broke off ourselves is no fault */
    }
    error_text(err, LANG_EN, event.detail, sizeof event.detail);
    sync->hooks.event(sync->hooks.context, &event);
}

static bool has_repairs(struct sync *sync)
{
    pthread_mutex_lock(&sync->lock);
    bool has = sync->repair_count > 0;
    pthread_mutex_unlock(&sync->lock);
    return has;
}

static bool handle_wake(void *context)
{
    struct sync *sync = context;
    if (atomic_exchange(&sync->flush, false)) {
        sync->hooks.flush(sync->hooks.context);
    }
    if (sync->interruptible && (atomic_load(&sync->refresh) || has_repairs(sync))) {
        return false;
    }
    return !atomic_load(&sync->stopping);
}

/* --- Enrolment --- */

static enum sync_outcome take_approval(struct sync *sync, const struct state_server *server)
{
    struct error err;
    if (sync->enrolled.screen[0] != '\0' &&
        memcmp(&sync->enrolled.key, &server->key, sizeof server->key) != 0) {
        error_set(&err, ERROR_DENIED, "le serveur présente une autre clé de signature",
                  "the server shows another signing key than the pinned one");
        tell_fault(sync, "enrolment", &err);
        return OUTCOME_BAD;
    }
    sync->enrolled = *server;
    if (!state_save_server(sync->config.state, server, &err)) {
        tell_fault(sync, "storage", &err);
    }
    log_write(LOG_INFO, "enrolled", "screen=%s", server->screen);
    return OUTCOME_APPROVED;
}

static enum sync_outcome read_enrolment(struct sync *sync, const struct transport_answer *answer)
{
    struct enrolment_answer read;
    struct error err;
    if (!enrolment_answer_read(answer->body.bytes, answer->body.length, &read, &err)) {
        tell_fault(sync, "enrolment", &err);
        return OUTCOME_BAD;
    }
    if (read.approved) {
        return take_approval(sync, &read.server);
    }
    /* A new challenge is answered at once, so that an approved screen waits for nothing; one that
     * did not help never is, so that no server makes us ask in a circle. */
    bool first = sync->challenge[0] == '\0';
    sync->told_s = first ? 0 : read.retry_after_s > 0 ? read.retry_after_s : 1;
    memcpy(sync->challenge, read.challenge, sizeof sync->challenge);
    return OUTCOME_PENDING;
}

/* For who installs a screen over the network: what the screen shows, in the log. */
static void log_code(const struct sign_public *key)
{
    char code[ENROLMENT_CODE_SIZE], fingerprint[ENROLMENT_FINGERPRINT_SIZE];

    enrolment_code(key, code);
    enrolment_fingerprint(key, fingerprint);
    log_write(LOG_INFO, "enrolment_code", "code=%s fingerprint=%s", code, fingerprint);
}

static enum sync_outcome enrol(struct sync *sync)
{
    if (sync->config.keys == NULL) {
        return OUTCOME_UNREACHABLE;
    }
    if (sync->challenge[0] == '\0') {
        log_code(&sync->config.keys->public);
    }
    struct strbuf json;
    struct transport_answer answer;
    struct error err;
    strbuf_init(&json);
    transport_answer_init(&answer);
    enrolment_request_write(sync->config.keys, sync->challenge, sync->config.width_px,
                            sync->config.height_px, &json);
    struct transport_request request = {.path = "/player/v1/enrolment",
                                        .json = json.bytes,
                                        .json_length = json.length,
                                        .limit = ANSWER_BYTES_MAX,
                                        .timeout_s = 2 * sync->config.stall_s,
                                        .stall_s = sync->config.stall_s};
    enum sync_outcome outcome = OUTCOME_UNREACHABLE;
    if (!transport_perform(sync->transport, &request, &answer, &err)) {
        log_error(LOG_WARN, "enrolment_failed", &err);
    } else if (answer.status == 200 || answer.status == 202) {
        outcome = read_enrolment(sync, &answer);
    } else if (answer.status == 403) {
        error_set(&err, ERROR_DENIED, "enrôlement refusé par un administrateur",
                  "enrolment refused by an administrator");
        tell_fault(sync, "enrolment", &err);
        outcome = OUTCOME_REFUSED;
    } else {
        log_write(LOG_WARN, "enrolment_failed", "status=%d", answer.status);
        sync->told_s = answer.retry_after_s;
        sync->challenge[0] = '\0'; /* it may have been the challenge that was too old */
    }
    transport_answer_finish(&answer);
    strbuf_finish(&json);
    return outcome;
}

/* --- Files --- */

static void send_reports(struct sync *sync);

/* The disk is full: what earlier attempts left for manifests that never became current goes. False
 * when there is nothing of the kind. */
static bool make_room(struct sync *sync, const struct manifest *wanted)
{
    struct error err;
    struct edition *previous =
        state_load_edition(sync->config.state, &sync->enrolled, STATE_PREVIOUS, &err);
    const struct manifest *kept[] = {wanted, sync->current != NULL ? sync->current->manifest : NULL,
                                     sync->stored != NULL ? sync->stored->manifest : NULL,
                                     previous != NULL ? previous->manifest : NULL};
    size_t removed = state_evict(sync->config.state, kept, 4);
    edition_release(previous);
    return removed > 0;
}

/* Waits between tries. */
static bool fetch_file(struct sync *sync, const struct manifest *wanted,
                       const struct manifest_file *file)
{
    for (int tries = 1;; tries++) {
        struct error err;
        enum download_result result =
            download_file(sync->transport, sync->config.state, file, sync->config.stall_s, &err);
        if (result == DOWNLOAD_DONE) {
            return true;
        }
        if (result == DOWNLOAD_STORAGE && make_room(sync, wanted)) {
            continue;
        }
        if (result != DOWNLOAD_NETWORK || tries == DOWNLOAD_TRIES || atomic_load(&sync->stopping)) {
            tell_fault(sync, download_fault(result), &err);
            return false;
        }
        log_error(LOG_WARN, "download_broken", &err);
        send_reports(sync);
        if (!transport_pause(sync->transport, backoff_ms(tries, chance()))) {
            return false;
        }
    }
}

/* Brings every missing file; `again` says that they had been there once. */
static bool fetch_missing(struct sync *sync, const struct manifest *manifest, bool again)
{
    bool complete = true;
    for (size_t i = 0; i < manifest->file_count && !atomic_load(&sync->stopping); i++) {
        const struct manifest_file *file = &manifest->files[i];
        if (state_has_file(sync->config.state, file)) {
            continue;
        }
        if (!fetch_file(sync, manifest, file)) {
            complete = false;
            if (!again) {
                return false; /* of no use without it */
            }
        } else if (again) {
            struct sync_event event = {.kind = SYNC_EVENT_FILE};
            sync->hooks.event(sync->hooks.context, &event);
        }
        send_reports(sync);
    }
    return complete && !atomic_load(&sync->stopping);
}

static void repair(struct sync *sync)
{
    struct sha256 damaged[REPAIRS_MAX];
    pthread_mutex_lock(&sync->lock);
    size_t count = sync->repair_count;
    memcpy(damaged, sync->repairs, count * sizeof damaged[0]);
    sync->repair_count = 0;
    pthread_mutex_unlock(&sync->lock);

    for (size_t i = 0; i < count; i++) {
        struct error err;
        /* Read once more: it may have been a passing fault of the disk. */
        if (!state_verify_file(sync->config.state, &damaged[i], &err)) {
            state_remove_file(sync->config.state, &damaged[i]);
            sync->incomplete = true;
        }
    }
    if (sync->incomplete && sync->current != NULL && sync->server[0] != '\0' &&
        sync->enrolled.token[0] != '\0') {
        sync->incomplete = !fetch_missing(sync, sync->current->manifest, true);
    }
}

/* --- Manifest --- */

static bool prove(struct sync *sync, struct edition *candidate)
{
    struct sync_event event = {.kind = SYNC_EVENT_CANDIDATE,
                               .edition = edition_retain(candidate)};
    atomic_store(&sync->proof, PROOF_NONE);
    sync->hooks.event(sync->hooks.context, &event);
    int64_t until = clock_mono_ms(&sync->clock) + PROOF_MS;
    while (atomic_load(&sync->proof) == PROOF_NONE && clock_mono_ms(&sync->clock) < until) {
        if (!transport_pause(sync->transport, 20)) {
            break;
        }
    }
    return atomic_load(&sync->proof) == PROOF_GOOD;
}

static void keep(struct sync *sync, struct edition *candidate, const struct strbuf *sealed)
{
    char name[EDITION_NAME_SIZE];
    struct error err;
    edition_release(sync->current);
    sync->current = edition_retain(candidate);
    sync->incomplete = false;
    if (!state_commit_manifest(sync->config.state, sealed->bytes, sealed->length,
                               sync->stored_as_current, &err)) {
        tell_fault(sync, "storage", &err);
        return;
    }
    const struct manifest *kept[] = {candidate->manifest,
                                     sync->stored != NULL ? sync->stored->manifest : NULL};
    size_t evicted = state_evict(sync->config.state, kept, 2);
    edition_release(sync->stored);
    sync->stored = edition_retain(candidate);
    sync->stored_as_current = true;
    log_write(LOG_INFO, "manifest_current", "manifest=%s evicted=%zu",
              edition_name(candidate, name), evicted);
}

/* What is refused before a single file is fetched. NULL: refused and told, or the one we have. */
static struct manifest *accept(struct sync *sync, const struct strbuf *sealed, bool *same_out)
{
    struct error err;
    const struct manifest *current = sync->current != NULL ? sync->current->manifest : NULL;
    struct manifest *manifest =
        manifest_open(sealed->bytes, sealed->length, &sync->enrolled.key, &err);
    *same_out = false;
    if (manifest == NULL) {
        tell_fault(sync, err.kind == ERROR_DENIED ? "manifest_signature" : "manifest_content",
                   &err);
        return NULL;
    }
    if (strcmp(manifest->screen.id, sync->enrolled.screen) != 0) {
        error_set(&err, ERROR_DENIED, "manifeste pour l’écran « %s »",
                  "manifest is for screen \"%s\"", manifest->screen.id);
        tell_fault(sync, "manifest_screen", &err);
        goto refuse;
    }
    /* A screen that was given another identity starts anew with that one's versions. */
    if (current != NULL && strcmp(current->screen.id, manifest->screen.id) == 0) {
        if (current->epoch == manifest->epoch && current->version == manifest->version) {
            *same_out = true;
            goto refuse;
        }
        if (!manifest_follows(current, manifest, &err)) {
            tell_fault(sync, "manifest_version", &err);
            goto refuse;
        }
    }
    return manifest;
refuse:
    manifest_destroy(manifest);
    return NULL;
}

static enum sync_outcome take_manifest(struct sync *sync, const struct strbuf *sealed)
{
    bool same;
    struct manifest *manifest = accept(sync, sealed, &same);
    if (manifest == NULL) {
        return same ? OUTCOME_SAME : OUTCOME_BAD;
    }
    struct edition *candidate = edition_create(manifest);
    enum sync_outcome outcome = OUTCOME_BAD;
    if (!fetch_missing(sync, manifest, false)) {
        goto done;
    }
    if (!prove(sync, candidate)) {
        struct error err;
        char name[EDITION_NAME_SIZE];
        error_set(&err, ERROR_INVALID, "première image du manifeste %s indéchiffrable",
                  "first frame of manifest %s cannot be drawn", edition_name(candidate, name));
        tell_fault(sync, "file_decode", &err);
        goto done;
    }
    keep(sync, candidate, sealed);
    outcome = OUTCOME_NEW;
done:
    edition_release(candidate);
    return outcome;
}

/* Once, when the connection is lost. */
static void tell_lost(struct sync *sync, const struct error *err)
{
    if (sync->status == SYNC_ONLINE || sync->status == SYNC_CONNECTING) {
        tell_fault(sync, "network", err);
    }
}

static enum sync_outcome poll_failed(struct sync *sync, const struct error *err)
{
    if (atomic_load(&sync->refresh) || has_repairs(sync) || atomic_load(&sync->stopping)) {
        return OUTCOME_INTERRUPTED;
    }
    if (err->kind == ERROR_LIMIT) {
        tell_fault(sync, "manifest_size", err);
        return OUTCOME_BAD;
    }
    tell_lost(sync, err);
    return OUTCOME_UNREACHABLE;
}

static enum sync_outcome poll_status(struct sync *sync, const struct transport_answer *answer)
{
    struct error err;
    switch (answer->status) {
    case 200:
        return take_manifest(sync, &answer->body);
    case 304:
        return OUTCOME_SAME;
    case 401:
        log_write(LOG_WARN, "token_unknown", "status=401");
        sync->enrolled.token[0] = '\0';
        sync->challenge[0] = '\0';
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
    sync->told_s = answer->retry_after_s;
    log_write(LOG_WARN, "manifest_unavailable", "status=%d", answer->status);
    return OUTCOME_UNREACHABLE;
}

static enum sync_outcome poll(struct sync *sync)
{
    char etag[EDITION_NAME_SIZE];
    struct transport_answer answer;
    struct error err;
    edition_name(sync->current, etag);
    struct transport_request request = {.path = "/player/v1/manifest",
                                        .token = sync->enrolled.token,
                                        .etag = etag[0] != '\0' ? etag : NULL,
                                        .wait_s = sync->config.wait_s,
                                        .limit = SEALED_BYTES_MAX,
                                        .timeout_s = MANIFEST_TIMEOUT_S + sync->config.wait_s,
                                        .stall_s = sync->config.stall_s};
    int64_t asked = clock_mono_ms(&sync->clock);
    transport_answer_init(&answer);
    sync->interruptible = true;
    bool answered = transport_perform(sync->transport, &request, &answer, &err);
    sync->interruptible = false;
    enum sync_outcome outcome = answered ? poll_status(sync, &answer) : poll_failed(sync, &err);
    if (outcome == OUTCOME_SAME && clock_mono_ms(&sync->clock) - asked < 1000) {
        sync->told_s = POLL_SPACING_MS / 1000;
    }
    transport_answer_finish(&answer);
    return outcome;
}

/* --- Reports --- */

static void send_reports(struct sync *sync)
{
    struct strbuf body;
    struct transport_answer answer;
    struct error err;
    if (sync->enrolled.token[0] == '\0') {
        return;
    }
    strbuf_init(&body);
    transport_answer_init(&answer);
    for (int batches = 0; batches < BATCHES_MAX && !atomic_load(&sync->stopping) &&
                          sync->hooks.reports(sync->hooks.context, &body);
         batches++) {
        struct transport_request request = {.path = "/player/v1/reports",
                                            .token = sync->enrolled.token,
                                            .json = body.bytes,
                                            .json_length = body.length,
                                            .limit = ANSWER_BYTES_MAX,
                                            .timeout_s = 2 * sync->config.stall_s,
                                            .stall_s = sync->config.stall_s};
        int64_t sequence;
        if (!transport_perform(sync->transport, &request, &answer, &err)) {
            log_error(LOG_WARN, "reports_failed", &err);
            break;
        }
        if (answer.status == 400 || answer.status == 413) {
            /* It never will be taken, and must not be in the way of all that comes after it. */
            log_write(LOG_WARN, "reports_refused", "status=%d", answer.status);
            sync->hooks.acknowledged(sync->hooks.context, INT64_MAX);
            strbuf_clear(&body);
            continue;
        }
        if (answer.status != 200) {
            log_write(LOG_WARN, "reports_failed", "status=%d", answer.status);
            break;
        }
        if (!acknowledgement_read(answer.body.bytes, answer.body.length, &sequence, &err)) {
            log_error(LOG_WARN, "reports_failed", &err);
            break;
        }
        sync->hooks.acknowledged(sync->hooks.context, sequence);
        strbuf_clear(&body);
    }
    transport_answer_finish(&answer);
    strbuf_finish(&body);
}

/* --- The thread --- */

static int64_t wait_after(struct sync *sync, const struct sync_step *step)
{
    switch (step->wait) {
    case WAIT_NONE:
        return sync->told_s > 0 ? backoff_spread((int64_t)sync->told_s * 1000, chance()) : 0;
    case WAIT_TOLD:
        return backoff_spread((int64_t)sync->told_s * 1000, chance());
    case WAIT_BACKOFF:
        if (sync->told_s > 0) {
            return backoff_spread((int64_t)sync->told_s * 1000, chance());
        }
        return backoff_ms(sync->failures, chance());
    case WAIT_REFUSAL:
        return backoff_spread(REFUSAL_MS, chance());
    }
    return FOREVER_MS;
}

/* One request and what comes of it; returns how long to wait before the next. */
static int64_t round_trip(struct sync *sync)
{
    /* Also without a server: what is left undone here would end every pause at once. */
    atomic_store(&sync->refresh, false);
    repair(sync);
    if (sync->server[0] == '\0') {
        return FOREVER_MS;
    }
    sync->told_s = -1;
    enum sync_outcome outcome = sync->phase == PHASE_ENROL ? enrol(sync) : poll(sync);
    struct sync_step step = sync_step_after(sync->phase, outcome, sync->status);
    sync->phase = step.phase;
    sync->failures = step.failure ? sync->failures + 1 : 0;
    if (atomic_load(&sync->stopping)) {
        return 0;
    }
    tell_status(sync, step.status);
    if (outcome != OUTCOME_UNREACHABLE) {
        send_reports(sync);
    }
    return wait_after(sync, &step);
}

static void *sync_thread(void *context)
{
    struct sync *sync = context;
    tell_status(sync, sync->server[0] != '\0' ? SYNC_CONNECTING : SYNC_NO_SERVER);
    while (!atomic_load(&sync->stopping)) {
        int64_t wait_ms = round_trip(sync);
        sync->interruptible = true;
        (void)transport_pause(sync->transport, wait_ms);
        sync->interruptible = false;
    }
    sync->hooks.flush(sync->hooks.context);
    return NULL;
}

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
    edition_release(sync->current);
    edition_release(sync->stored);
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
    sync->phase = config->enrolled.token[0] != '\0' ? PHASE_POLL : PHASE_ENROL;
    sync->status = (enum sync_status) - 1;
    sync->current = edition_retain(config->current);
    sync->stored = edition_retain(config->current);
    sync->stored_as_current = config->current != NULL && !config->current_from_previous;
    sync->incomplete = true;
    sync->transport = transport_create(config->server, config->lang, handle_wake, sync, err);
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

void sync_stop(struct sync *sync)
{
    if (sync != NULL) {
        atomic_store(&sync->stopping, true);
        transport_wake(sync->transport);
        pthread_join(sync->thread, NULL);
        sync_free(sync);
    }
}

void sync_prove(struct sync *sync, const struct edition *edition, bool decodes)
{
    (void)edition;
    atomic_store(&sync->proof, decodes ? PROOF_GOOD : PROOF_BAD);
    transport_wake(sync->transport);
}

void sync_refresh(struct sync *sync)
{
    atomic_store(&sync->refresh, true);
    transport_wake(sync->transport);
}

void sync_flush(struct sync *sync)
{
    atomic_store(&sync->flush, true);
    transport_wake(sync->transport);
}

void sync_repair(struct sync *sync, const struct sha256 *sha256)
{
    pthread_mutex_lock(&sync->lock);
    if (sync->repair_count < REPAIRS_MAX) {
        sync->repairs[sync->repair_count++] = *sha256;
    }
    pthread_mutex_unlock(&sync->lock);
    transport_wake(sync->transport);
}
