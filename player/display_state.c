#include <stdio.h>
#include <string.h>

#include "core/files.h"
#include "core/log.h"
#include "player/display_private.h"
#include "player/stage/scrubber.h"
#include "player/stage/welcome.h"

/* The network waits for the first frame, but not for ever. */
#define SYNC_START_MS 3000

/* --- Faults --- */

void display_record_fault(struct display *display, const char *code, const char *detail)
{
    if (spool_fault(display->spool, code, detail) && display->sync != NULL) {
        sync_flush(display->sync);
    }
}

/* What is right again. */
static const char *const online_ends[] = {"network", "enrolment"};
static const char *const current_ends[] = {
    "manifest_signature", "manifest_version", "manifest_screen", "manifest_content",
    "manifest_size",      "file_hash",        "file_size",       "file_decode"};

static void record_over(struct display *display, const char *const *codes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        spool_fault_over(display->spool, codes[i]);
    }
}

static void record_error(struct display *display, const char *code, const struct error *err)
{
    char detail[512];
    display_record_fault(display, code, error_text(err, LANG_EN, detail, sizeof detail));
}

void display_repair(struct display *display, const struct sha256 *file)
{
    if (display->sync != NULL) {
        sync_repair(display->sync, file);
    }
}

void display_record_job(struct display *display, const struct job *job)
{
    if (job->code != NULL) {
        display_record_fault(display, job->code, job->detail);
        if (job->repair) {
            display_repair(display, &job->damaged);
        }
    }
}

/* --- Boot --- */

static const char *load_fault(const struct error *err)
{
    return err->kind == ERROR_IO       ? "storage"
           : err->kind == ERROR_DENIED ? "manifest_signature"
                                       : "manifest_content";
}

static struct edition *load_edition(struct display *display, enum state_slot slot)
{
    static const char *const names[] = {
        [STATE_CURRENT] = "current", [STATE_PREVIOUS] = "previous", [STATE_URGENT] = "urgent"};
    struct error err;
    char name[EDITION_NAME_SIZE];
    struct edition *edition = state_load_edition(&display->state, &display->server, slot, &err);
    if (edition != NULL) {
        log_write(LOG_INFO, "manifest_loaded", "manifest=%s slot=%s", edition_name(edition, name),
                  names[slot]);
        timekeeper_created(display->shared->keeper, edition->manifest->created_ms);
    } else if (err.kind != ERROR_NOT_FOUND) {
        record_error(display, load_fault(&err), &err);
    }
    return edition;
}

static void load_editions(struct display *display)
{
    char name[EDITION_NAME_SIZE];
    display->current = load_edition(display, STATE_CURRENT);
    if (display->current == NULL) {
        display->current = load_edition(display, STATE_PREVIOUS);
        display->current_from_previous = display->current != NULL;
    }
    display->urgent = load_edition(display, STATE_URGENT);
    spool_set_manifest(display->spool, edition_name(display->current, name));
}

/* False: another player has the folder. All else that is wrong with it is a fault, no failure. */
static bool claim_state(struct display *display, struct error *err)
{
    struct error fault;
    char folder[STATE_FOLDER_SIZE];
    const char *base = display->shared->options->state;
    if (display->index == 0) {
        snprintf(folder, sizeof folder, "%s", base);
    } else {
        snprintf(folder, sizeof folder, "%s/display-%d", base, display->index + 1);
    }
    bool writable = state_open(&display->state, folder, &fault);
    if (!state_claim(&display->state, err)) {
        return false;
    }
    display->spool = spool_create(display->state.folder, &display->shared->reports);
    if (!writable) {
        record_error(display, "storage", &fault);
    }
    return true;
}

bool display_load(struct display *display, struct error *err)
{
    struct error fault;
    char path[STATE_PATH_SIZE];
    if (!claim_state(display, err)) {
        return false;
    }
    if (path_join(path, sizeof path, display->state.folder, "key") == NULL ||
        !sign_keys_load_or_create(path, &display->keys, &fault)) {
        record_error(display, "storage", &fault);
    } else {
        display->has_keys = true;
    }
    if (state_load_server(&display->state, &display->server, &fault)) {
        load_editions(display);
    } else if (fault.kind != ERROR_NOT_FOUND) {
        record_error(display, "storage", &fault); /* without the pinned key nothing is trusted */
    }
    return true;
}

enum lang display_lang(const struct display *display)
{
    enum lang lang = display->shared->options->lang;
    if (display->current != NULL && display->current->manifest->screen.language_count > 0) {
        (void)lang_parse(display->current->manifest->screen.languages[0], &lang);
    }
    return lang;
}

struct edition *display_make_welcome(const struct display *display)
{
    struct welcome_facts facts = {.lang = display_lang(display),
                                  .keys = display->has_keys ? &display->keys : NULL,
                                  .enrolled = display->server.screen[0] != '\0',
                                  .status = display->status};
    return welcome_create(&facts);
}

/* --- Network --- */

static void handle_sync(void *context, const struct sync_event *event)
{
    struct display *display = context;
    inbox_post_sync(display->shared->inbox, display->index, event);
}

static bool handle_reports(void *context, struct strbuf *body_out)
{
    struct display *display = context;
    return spool_batch(display->spool, body_out);
}

static void handle_acknowledged(void *context, int64_t sequence)
{
    struct display *display = context;
    spool_acknowledge(display->spool, sequence);
}

static void handle_flush(void *context)
{
    struct display *display = context;
    struct error err;
    if (!spool_flush(display->spool, &err)) {
        log_error(LOG_WARN, "spool_failed", &err);
    }
}

/* What the cache holds is looked after from the start, and again for each programme. */
static void watch_cache(struct display *display)
{
    if (display->shared->scrubber != NULL && display->sync != NULL) {
        scrubber_watch(display->shared->scrubber, display->index, &display->state,
                       display->current);
    }
}

void display_start_sync(struct display *display)
{
    const struct options *options = display->shared->options;
    int64_t waited_ms = clock_mono_ms(&display->shared->machine) - display->shared->started_ms;
    if (display->sync_tried || (!display->first_frame && waited_ms < SYNC_START_MS)) {
        return;
    }
    display->sync_tried = true;
    struct error err;
    struct sync_hooks hooks = {handle_sync, handle_reports, handle_acknowledged, handle_flush,
                               display};
    struct sync_config config = {.server = options->server,
                                 .lang = options->lang,
                                 .state = &display->state,
                                 .keys = display->has_keys ? &display->keys : NULL,
                                 .enrolled = display->server,
                                 .current = display->current,
                                 .current_from_previous = display->current_from_previous,
                                 .urgent = display->urgent,
                                 .boot = spool_boot(display->spool),
                                 .quota_bytes = options->quota_bytes};
    presenter_size(display->presenter, &config.width_px, &config.height_px);
    display->sync = sync_start(&config, &hooks, &err);
    if (display->sync == NULL) {
        log_error(LOG_ERROR, "sync_failed", &err);
        return;
    }
    sync_flush(display->sync); /* faults of the boot */
    watch_cache(display);
}

void display_refresh(struct display *display)
{
    if (display->sync != NULL) {
        sync_refresh(display->sync);
    }
}

/* --- What the network thread says --- */

static void take_candidate(struct display *display, struct edition *candidate)
{
    struct frame frame;
    int64_t wall_ms = clock_wall_ms(&display->shared->shown);
    if (stage_proof_frame(display->stage, candidate, wall_ms, &frame)) {
        struct job *job = job_create(JOB_PROOF, display->index, &display->state, candidate);
        job->frame = frame;
        worker_post(display->shared->worker, job);
    } else {
        display_set_current(display, candidate);
        watch_cache(display);
        sync_prove(display->sync, candidate, true);
    }
    edition_release(candidate);
}

static void set_status(struct display *display, enum sync_status status)
{
    bool same = status == display->status;
    display->status = status;
    if (status == SYNC_ONLINE) {
        record_over(display, online_ends, sizeof online_ends / sizeof online_ends[0]);
    }
    if (status == SYNC_ONLINE && display->server.screen[0] == '\0') {
        struct error err;
        /* The network thread has just written it. */
        if (!state_load_server(&display->state, &display->server, &err)) {
            log_error(LOG_WARN, "enrolment_unreadable", &err);
        }
        same = false;
    }
    if (!same) {
        struct edition *welcome = display_make_welcome(display);
        stage_set_welcome(display->stage, welcome);
        edition_release(welcome);
    }
}

static void set_urgent(struct display *display, struct edition *urgent)
{
    edition_release(display->urgent);
    display->urgent = urgent;
    timekeeper_created(display->shared->keeper, urgent->manifest->created_ms);
    stage_set_urgent(display->stage, urgent);
}

void display_take_sync(struct display *display, const struct sync_event *event)
{
    switch (event->kind) {
    case SYNC_EVENT_STATUS:
        set_status(display, event->status);
        break;
    case SYNC_EVENT_CANDIDATE:
        take_candidate(display, event->edition);
        break;
    case SYNC_EVENT_FAULT:
        display_record_fault(display, event->code, event->detail);
        break;
    case SYNC_EVENT_FILE:
        stage_refresh(display->stage);
        if (display->directory_missing) {
            display_set_kiosk(display);
        }
        break;
    case SYNC_EVENT_URGENT:
        set_urgent(display, event->edition);
        break;
    case SYNC_EVENT_WANTED:
        display_take_wish(display, event);
        break;
    case SYNC_EVENT_RESTART:
        display->shared->restart = true;
        break;
    case SYNC_EVENT_CLOCK:
        timekeeper_hint(display->shared->keeper, &event->hint);
        break;
    }
}

static void take_proof(struct display *display, const struct job *job)
{
    bool good = job->done && job->code == NULL;
    if (good) {
        display_set_current(display, job->edition);
        record_over(display, current_ends, sizeof current_ends / sizeof current_ends[0]);
        watch_cache(display);
    }
    sync_prove(display->sync, job->edition, good);
}

static void take_screenshot(struct display *display, struct job *job)
{
    if (job->done && display->sync != NULL) {
        sync_send_screenshot(display->sync, job->wanted, job->jpeg, job->jpeg_length);
        job->jpeg = NULL;
    }
}

static void take_directory(struct display *display, struct job *job)
{
    /* Of an older edition: the newer one's comes behind it. */
    display->directory_missing = !job->done;
    if (job->done && job->edition == display->current) {
        display_set_directory(display, job->directory);
        job->directory = NULL;
    }
}

void display_take_job(struct display *display, struct job *job)
{
    display_record_job(display, job);
    switch (job->kind) {
    case JOB_DRAW:
        stage_take(display->stage, job);
        return;
    case JOB_PROOF:
        take_proof(display, job);
        break;
    case JOB_DIRECTORY:
        take_directory(display, job);
        break;
    case JOB_PICTURE:
        display_set_picture(display, job);
        break;
    case JOB_SCREENSHOT:
        take_screenshot(display, job);
        break;
    case JOB_DAMAGE:
        break;
    }
    job_destroy(job);
}

/* --- Reports --- */

void display_set_health(struct display *display, struct spool_health *health)
{
    struct lane_figures figures = stage_figures(display->stage);
    health->frames = figures.frames;
    health->dropped = figures.dropped;
    spool_set_health(display->spool, health);
    if (display->sync != NULL) {
        sync_keep_clock(display->sync, timekeeper_floor(display->shared->keeper));
    }
}

const char *display_words(const struct display *display, char *buf, size_t size)
{
    enum lang lang = display->shared->options->lang;
    const char *status = "";
    char name[EDITION_NAME_SIZE];
    switch (display->status) {
    case SYNC_NO_SERVER:
        status = lang_pick(lang, "sans serveur", "no server");
        break;
    case SYNC_CONNECTING:
        status = lang_pick(lang, "connexion", "connecting");
        break;
    case SYNC_UNREACHABLE:
        status = lang_pick(lang, "serveur injoignable", "server unreachable");
        break;
    case SYNC_WAITING:
        status = lang_pick(lang, "attend un accord", "waits for approval");
        break;
    case SYNC_REFUSED:
        status = lang_pick(lang, "refusé", "refused");
        break;
    case SYNC_ONLINE:
        status = lang_pick(lang, "en ligne", "online");
        break;
    }
    if (display->current == NULL) {
        snprintf(buf, size, "%s, %s", lang_pick(lang, "sans programme", "no programme"), status);
    } else {
        snprintf(buf, size, lang_pick(lang, "programme %s, %s", "programme %s, %s"),
                 edition_name(display->current, name), status);
    }
    return buf;
}
