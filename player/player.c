#include "player/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"
#include "core/files.h"
#include "core/log.h"
#include "player/inbox.h"
#include "player/kiosk/kiosk.h"
#include "player/platform/memory.h"
#include "player/platform/wake.h"
#include "player/platform/window.h"
#include "player/report/spool.h"
#include "player/signage.h"
#include "player/sync/sync.h"
#include "player/touch.h"
#include "player/welcome.h"
#include "player/worker.h"

/* The network waits for the first frame, but not for ever. */
#define SYNC_START_MS 3000

struct player {
    const struct options *options;
    struct clock machine; /* as it is */
    struct clock clock;   /* what is shown: --at moves its wall time */
    int64_t clock_shift_ms;
    int64_t started_ms; /* monotonic */
    struct wake wake;
    struct inbox inbox;
    bool stopping;

    struct state state;
    struct sign_keys keys;
    bool has_keys;
    struct state_server server;
    struct edition *current; /* NULL: none */
    bool current_from_previous;
    enum sync_status status;

    struct spool *spool;
    struct worker *worker;
    struct text_engine *text; /* the worker's */
    struct window *window;
    struct presenter *presenter;
    int rotation;
    struct signage *signage;
    struct touch *touch; /* NULL: no kiosk */
    bool touch_was_open;
    bool directory_missing; /* its file is damaged or not there */
    struct sync *sync;
    bool sync_tried;
    bool first_frame;
    bool verified; /* the cache was checked once since the start; draws check again */
    unsigned frames_saved;
};

static int64_t shifted_wall(void *context)
{
    const struct player *player = context;
    return clock_wall_ms(&player->machine) + player->clock_shift_ms;
}

static int64_t machine_mono(void *context)
{
    const struct player *player = context;
    return clock_mono_ns(&player->machine);
}

static int64_t now_ms(const struct player *player)
{
    return clock_mono_ms(&player->machine);
}

/* --- Faults --- */

static void record_fault(struct player *player, const char *code, const char *detail)
{
    if (spool_fault(player->spool, code, detail) && player->sync != NULL) {
        sync_flush(player->sync);
    }
}

static void record_error(struct player *player, const char *code, const struct error *err)
{
    char detail[512];
    record_fault(player, code, error_text(err, LANG_EN, detail, sizeof detail));
}

static void record_job(struct player *player, const struct job *job)
{
    if (job->code != NULL) {
        record_fault(player, job->code, job->detail);
        if (job->repair && player->sync != NULL) {
            sync_repair(player->sync, &job->damaged);
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

static void load_edition(struct player *player)
{
    struct error err;
    char name[EDITION_NAME_SIZE];
    for (int slot = STATE_CURRENT; slot <= STATE_PREVIOUS; slot++) {
        player->current =
            state_load_edition(&player->state, &player->server, (enum state_slot)slot, &err);
        if (player->current != NULL) {
            player->current_from_previous = slot == STATE_PREVIOUS;
            edition_name(player->current, name);
            spool_set_manifest(player->spool, name);
            log_write(LOG_INFO, "manifest_loaded", "manifest=%s slot=%s", name,
                      slot == STATE_CURRENT ? "current" : "previous");
            return;
        }
        if (err.kind != ERROR_NOT_FOUND) {
            record_error(player, load_fault(&err), &err);
        }
    }
}

/* False: another player has the folder. All else that is wrong with it is a fault, no failure. */
static bool claim_state(struct player *player, struct error *err)
{
    struct error fault;
    bool writable = state_open(&player->state, player->options->state, &fault);
    if (!state_claim(&player->state, err)) {
        return false;
    }
    player->spool = spool_create(player->options->state, &player->machine);
    if (!writable) {
        record_error(player, "storage", &fault);
    }
    return true;
}

static void load_state(struct player *player)
{
    struct error err;
    char path[STATE_PATH_SIZE];
    if (path_join(path, sizeof path, player->options->state, "key") == NULL ||
        !sign_keys_load_or_create(path, &player->keys, &err)) {
        record_error(player, "storage", &err);
    } else {
        player->has_keys = true;
    }
    if (!state_load_server(&player->state, &player->server, &err)) {
        if (err.kind != ERROR_NOT_FOUND) {
            record_error(player, "storage", &err);
        }
        return; /* without the pinned key no manifest can be trusted */
    }
    load_edition(player);
}

static enum lang screen_lang(const struct player *player)
{
    enum lang lang = player->options->lang;
    if (player->current != NULL && player->current->manifest->screen.language_count > 0) {
        (void)lang_parse(player->current->manifest->screen.languages[0], &lang);
    }
    return lang;
}

static struct edition *make_welcome(const struct player *player)
{
    struct welcome_facts facts = {.lang = screen_lang(player),
                                  .keys = player->has_keys ? &player->keys : NULL,
                                  .enrolled = player->server.screen[0] != '\0',
                                  .status = player->status};
    return welcome_create(&facts);
}

/* The picture's size as far as it is known before there is a window. */
static bool guess_screen(const struct player *player, struct signage_screen *screen_out)
{
    const struct options *options = player->options;
    *screen_out = (struct signage_screen){.diagonal_mm = options->diagonal_mm,
                                          .viewing_distance_mm = options->distance_mm};
    if (options->width > 0) {
        bool turned = player->rotation % 180 != 0;
        screen_out->width = turned ? options->height : options->width;
        screen_out->height = turned ? options->width : options->height;
    } else if (player->current != NULL) {
        screen_out->width = player->current->manifest->screen.width_px;
        screen_out->height = player->current->manifest->screen.height_px;
    }
    return screen_out->width > 0;
}

static int wanted_rotation(const struct player *player)
{
    if (player->options->rotation >= 0) {
        return player->options->rotation;
    }
    return player->current != NULL ? player->current->manifest->screen.rotation : 0;
}

static void set_screen(struct player *player)
{
    struct signage_screen screen = {.diagonal_mm = player->options->diagonal_mm,
                                    .viewing_distance_mm = player->options->distance_mm};
    presenter_size(player->presenter, &screen.width, &screen.height);
    screen.bottom = player->touch != NULL ? touch_bottom(player->touch) : 0;
    signage_set_screen(player->signage, &screen);
}

/* A kiosk lives as long as its screen is one; its directory comes from the worker. */
static void set_kiosk(struct player *player)
{
    const struct manifest *manifest = player->current != NULL ? player->current->manifest : NULL;
    bool wanted = manifest != NULL && manifest->screen.kiosk;
    if (!wanted) {
        touch_destroy(player->touch);
        player->touch = NULL;
        player->touch_was_open = false;
        return;
    }
    if (player->touch == NULL) {
        player->touch =
            touch_create(player->text, player->presenter, &manifest->screen, screen_lang(player));
    }
    if (player->touch != NULL && manifest->has_directory) {
        worker_post(player->worker, job_create(JOB_DIRECTORY, player->current));
    }
}

static bool make_presenter(struct player *player, struct error *err)
{
    signage_set_presenter(player->signage, NULL, NULL);
    touch_destroy(player->touch);
    player->touch = NULL;
    presenter_destroy(player->presenter);
    player->rotation = wanted_rotation(player);
    struct SDL_Window *sdl = window_sdl(player->window);
    player->presenter = presenter_create(sdl, player->options->backend, player->rotation, err);
    if (player->presenter == NULL && player->options->backend != PRESENTER_SURFACE) {
        log_error(LOG_WARN, "renderer_failed", err); /* a screen without GPU still shows */
        player->presenter = presenter_create(sdl, PRESENTER_SURFACE, player->rotation, err);
    }
    if (player->presenter == NULL) {
        return false;
    }
    signage_set_presenter(player->signage, player->presenter, player->text);
    set_kiosk(player);
    set_screen(player);
    return true;
}

static bool open_window(struct player *player, struct error *err)
{
    const struct options *options = player->options;
    struct window_options wanted = {
        .width = options->width, .height = options->height, .display = options->display};
    player->window = window_create(&wanted, err);
    if (player->window == NULL) {
        return false;
    }
    player->text = worker_text(player->worker, err);
    if (player->text == NULL || !make_presenter(player, err)) {
        return false;
    }
    log_write(LOG_INFO, "window", "driver=%s backend=%s", window_driver(player->window),
              presenter_name(player->presenter));
    return true;
}

static void start_signage(struct player *player)
{
    struct signage_screen screen;
    struct edition *welcome = make_welcome(player);
    player->signage = signage_create(player->worker, &player->clock, welcome);
    edition_release(welcome);
    signage_set_edition(player->signage, player->current);
    player->rotation = wanted_rotation(player);
    if (guess_screen(player, &screen)) {
        signage_set_screen(player->signage, &screen);
        signage_tick(player->signage); /* asks for the first frame while the window opens */
    }
}

struct player *player_create(const struct options *options, struct error *err)
{
    char fonts[1024];
    struct player *player = calloc(1, sizeof *player);
    if (player == NULL) {
        abort();
    }
    memory_tune();
    player->options = options;
    player->machine = clock_system();
    player->clock = (struct clock){shifted_wall, machine_mono, player};
    player->started_ms = now_ms(player);
    if (options->has_at) {
        player->clock_shift_ms = options->at_ms - clock_wall_ms(&player->machine);
    }
    player->status = options->server != NULL ? SYNC_CONNECTING : SYNC_NO_SERVER;
    if (!wake_init(&player->wake, err)) {
        free(player);
        return NULL;
    }
    inbox_init(&player->inbox, &player->wake);
    snprintf(fonts, sizeof fonts, "%s/fonts", options->assets);
    player->worker = worker_create(fonts, &player->state, &player->inbox, err);
    if (player->worker == NULL) {
        goto fail;
    }
    if (!claim_state(player, err)) {
        goto fail;
    }
    load_state(player);
    start_signage(player);
    if (!open_window(player, err)) {
        goto fail;
    }
    return player;
fail:
    player_destroy(player);
    return NULL;
}

void player_destroy(struct player *player)
{
    if (player == NULL) {
        return;
    }
    sync_stop(player->sync);
    signage_destroy(player->signage);
    touch_destroy(player->touch);
    worker_destroy(player->worker);
    inbox_finish(&player->inbox);
    presenter_destroy(player->presenter);
    window_destroy(player->window);
    spool_destroy(player->spool);
    edition_release(player->current);
    wake_finish(&player->wake);
    state_release(&player->state);
    free(player);
}

/* --- Network --- */

static void handle_sync(void *context, const struct sync_event *event)
{
    struct player *player = context;
    inbox_post_sync(&player->inbox, event);
}

static bool handle_reports(void *context, struct strbuf *body_out)
{
    struct player *player = context;
    return spool_batch(player->spool, body_out);
}

static void handle_acknowledged(void *context, int64_t sequence)
{
    struct player *player = context;
    spool_acknowledge(player->spool, sequence);
}

static void handle_flush(void *context)
{
    struct player *player = context;
    struct error err;
    if (!spool_flush(player->spool, &err)) {
        log_error(LOG_WARN, "spool_failed", &err);
    }
}

/* Whatever the cache held at the start is checked behind the first frames. */
static void verify_cache(struct player *player)
{
    if (!player->verified && player->sync != NULL && player->current != NULL) {
        player->verified = true;
        worker_verify(player->worker, player->current);
    }
}

static void start_sync(struct player *player)
{
    if (player->sync_tried ||
        (!player->first_frame && now_ms(player) - player->started_ms < SYNC_START_MS)) {
        return;
    }
    player->sync_tried = true;
    struct error err;
    struct sync_hooks hooks = {handle_sync, handle_reports, handle_acknowledged, handle_flush,
                               player};
    struct sync_config config = {.server = player->options->server,
                                 .lang = player->options->lang,
                                 .state = &player->state,
                                 .keys = player->has_keys ? &player->keys : NULL,
                                 .enrolled = player->server,
                                 .current = player->current,
                                 .current_from_previous = player->current_from_previous};
    presenter_size(player->presenter, &config.width_px, &config.height_px);
    player->sync = sync_start(&config, &hooks, &err);
    if (player->sync == NULL) {
        log_error(LOG_ERROR, "sync_failed", &err);
        return;
    }
    sync_flush(player->sync); /* faults of the boot */
    verify_cache(player);
}

/* --- Messages --- */

/* Whether a kiosk made for the one screen is right for the other. */
static bool same_kiosk(const struct manifest_screen *a, const struct manifest_screen *b)
{
    return strcmp(a->site_id, b->site_id) == 0 && strcmp(a->site, b->site) == 0 &&
           a->diagonal_mm == b->diagonal_mm && a->viewing_distance_mm == b->viewing_distance_mm &&
           a->bottom_edge_mm == b->bottom_edge_mm && a->language_count == b->language_count &&
           (a->language_count == 0 || strcmp(a->languages[0], b->languages[0]) == 0);
}

static void set_current(struct player *player, struct edition *edition)
{
    char name[EDITION_NAME_SIZE];
    struct error err;
    if (player->current != NULL &&
        !same_kiosk(&player->current->manifest->screen, &edition->manifest->screen)) {
        touch_destroy(player->touch);
        player->touch = NULL;
    }
    edition_release(player->current);
    player->current = edition_retain(edition);
    spool_set_manifest(player->spool, edition_name(edition, name));
    signage_set_edition(player->signage, edition);
    if (wanted_rotation(player) != player->rotation) {
        if (!make_presenter(player, &err)) {
            log_error(LOG_ERROR, "display_lost", &err);
            player->stopping = true;
        }
    } else {
        set_kiosk(player);
        set_screen(player);
    }
    verify_cache(player);
    memory_trim();
}

static void take_candidate(struct player *player, struct edition *candidate)
{
    struct frame frame;
    if (signage_proof_frame(player->signage, candidate, clock_wall_ms(&player->clock), &frame)) {
        struct job *job = job_create(JOB_PROOF, candidate);
        job->frame = frame;
        worker_post(player->worker, job);
    } else {
        set_current(player, candidate);
        sync_prove(player->sync, candidate, true);
    }
    edition_release(candidate);
}

static void set_status(struct player *player, enum sync_status status)
{
    bool same = status == player->status;
    player->status = status;
    if (status == SYNC_ONLINE && player->server.screen[0] == '\0') {
        struct error err;
        /* The network thread has just written it. */
        if (!state_load_server(&player->state, &player->server, &err)) {
            log_error(LOG_WARN, "enrolment_unreadable", &err);
        }
        same = false;
    }
    if (same) {
        return;
    }
    struct edition *welcome = make_welcome(player);
    signage_set_welcome(player->signage, welcome);
    edition_release(welcome);
}

static void take_sync(struct player *player, const struct sync_event *event)
{
    switch (event->kind) {
    case SYNC_EVENT_STATUS:
        set_status(player, event->status);
        break;
    case SYNC_EVENT_CANDIDATE:
        take_candidate(player, event->edition);
        break;
    case SYNC_EVENT_FAULT:
        record_fault(player, event->code, event->detail);
        break;
    case SYNC_EVENT_FILE:
        signage_refresh(player->signage);
        if (player->directory_missing) {
            set_kiosk(player);
        }
        break;
    case SYNC_EVENT_URGENT:
        edition_release(event->edition);
        break;
    case SYNC_EVENT_WANTED:
    case SYNC_EVENT_CLOCK:
        break;
    }
}

static void take_directory(struct player *player, struct job *job)
{
    /* Of an older edition: the newer one's comes behind it. */
    player->directory_missing = !job->done;
    if (job->done && player->touch != NULL && job->edition == player->current) {
        touch_set_directory(player->touch, job->directory);
        job->directory = NULL;
        set_screen(player);
        memory_trim();
    }
}

static void take_job(struct player *player, struct job *job)
{
    record_job(player, job);
    switch (job->kind) {
    case JOB_DRAW:
        signage_take(player->signage, job);
        return;
    case JOB_PROOF:
        if (job->done && job->code == NULL) {
            set_current(player, job->edition);
        }
        sync_prove(player->sync, job->edition, job->done && job->code == NULL);
        break;
    case JOB_DIRECTORY:
        take_directory(player, job);
        break;
    case JOB_DAMAGE:
        break;
    }
    job_destroy(job);
}

static void take_messages(struct player *player)
{
    struct message message;
    unsigned signals = wake_take(&player->wake);
    while (player->presenter != NULL && inbox_take(&player->inbox, &message)) {
        if (message.kind == MESSAGE_JOB) {
            take_job(player, message.job);
        } else {
            take_sync(player, &message.sync);
        }
    }
    if ((signals & WAKE_STOP) != 0) {
        player->stopping = true;
    }
    if ((signals & WAKE_REFRESH) != 0 && player->sync != NULL) {
        sync_refresh(player->sync);
    }
}

/* --- Input and screen --- */

static void put_all(struct player *player)
{
    presenter_invalidate(player->presenter);
    if (player->touch != NULL) {
        touch_invalidate(player->touch);
    }
    if (player->touch == NULL || !touch_is_open(player->touch)) {
        signage_put(player->signage);
    }
}

static void resize(struct player *player)
{
    struct error err;
    signage_set_presenter(player->signage, player->presenter, player->text);
    if (!presenter_resize(player->presenter, &err)) {
        log_error(LOG_WARN, "resize_failed", &err);
        return;
    }
    touch_destroy(player->touch);
    player->touch = NULL;
    set_kiosk(player);
    set_screen(player);
    put_all(player);
}

static void take_input(struct player *player)
{
    struct window_event event;
    while (window_next_event(player->window, &event)) {
        switch (event.kind) {
        case WINDOW_CLOSED:
            player->stopping = true;
            break;
        case WINDOW_EXPOSED:
            put_all(player);
            break;
        case WINDOW_RESIZED:
            resize(player);
            break;
        default:
            if (player->touch != NULL) {
                touch_event(player->touch, &event, now_ms(player));
            }
            break;
        }
    }
}

static bool kiosk_covers(const struct player *player)
{
    return player->touch != NULL && touch_is_open(player->touch);
}

static bool present(struct player *player)
{
    bool flushed = false;
    if (player->touch != NULL) {
        touch_tick(player->touch, now_ms(player));
        bool open = touch_is_open(player->touch);
        if (open != player->touch_was_open) {
            flushed = signage_put(player->signage); /* under an opening kiosk it ends a fade */
        }
        player->touch_was_open = open;
        flushed = touch_put(player->touch) || flushed;
    }
    if (!kiosk_covers(player)) {
        flushed = signage_tick(player->signage) || flushed;
    }
    if (!player->first_frame && signage_shows(player->signage)) {
        player->first_frame = true;
        log_write(LOG_INFO, "first_frame", "ms=%lld",
                  (long long)(now_ms(player) - player->started_ms));
    }
    return flushed;
}

static void save_frame(struct player *player)
{
    char path[1024];
    struct error err;
    struct canvas *canvas = presenter_snapshot(player->presenter);
    snprintf(path, sizeof path, "%s/%06u-%lld.png", player->options->frames_to,
             ++player->frames_saved, (long long)clock_wall_ms(&player->clock));
    if (canvas == NULL || !canvas_save_png(canvas, path, &err)) {
        log_write(LOG_WARN, "frame_not_saved", "%s", path);
    }
    canvas_destroy(canvas);
}

static void wait(struct player *player)
{
    int64_t mono_ns = clock_mono_ns(&player->machine);
    int64_t wake_ns = INT64_MAX;
    if (!kiosk_covers(player)) {
        wake_ns = signage_next_wake(player->signage);
    }
    if (player->touch != NULL) {
        int64_t touch_ms = touch_next_wake(player->touch, mono_ns / 1000000);
        int64_t touch_ns = touch_ms <= mono_ns / 1000000 ? mono_ns + SIGNAGE_FRAME_NS
                           : touch_ms == KIOSK_NEVER     ? INT64_MAX
                                                         : touch_ms * 1000000;
        wake_ns = wake_ns < touch_ns ? wake_ns : touch_ns;
    }
    if (player->options->quit_after_ms > 0) {
        int64_t quit_ns = (player->started_ms + player->options->quit_after_ms) * 1000000;
        wake_ns = wake_ns < quit_ns ? wake_ns : quit_ns;
        player->stopping = player->stopping || mono_ns >= quit_ns;
    }
    if (!player->stopping) {
        window_wait(player->window, &player->wake, wake_ns - mono_ns, player->touch != NULL);
    }
}

bool player_run(struct player *player, struct error *err)
{
    while (!player->stopping) {
        take_messages(player);
        if (player->presenter == NULL) {
            break; /* a new programme turned the picture, and the display did not follow */
        }
        take_input(player);
        if (present(player) && player->options->frames_to != NULL) {
            save_frame(player);
        }
        start_sync(player);
        wait(player);
    }
    struct signage_figures figures = signage_figures(player->signage);
    log_write(LOG_INFO, "stopped", "fades=%lld frames=%lld dropped=%lld", (long long)figures.fades,
              (long long)figures.frames, (long long)figures.dropped);
    if (player->presenter == NULL) {
        return error_set(err, ERROR_IO, "l’affichage a été perdu", "the display was lost");
    }
    return true;
}
