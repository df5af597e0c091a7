#include "player/player.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "player/display.h"
#include "player/platform/health.h"
#include "player/platform/memory.h"
#include "player/platform/notify.h"
#include "player/platform/power.h"
#include "player/platform/wake.h"
#include "player/stage/scrubber.h"
#include "player/stage/worker.h"
#include "player/sync/kernel_clock.h"

/* Whenever the loop is awake anyway, but no oftener. */
#define HEALTH_MS 40000
#define POWER_WAIT_MS 3000
#define POWER_LOOK_NS INT64_C(100000000)
/* What is less is the clock's own correction. */
#define STEP_MS 2000

struct player {
    const struct options *options;
    struct display_shared shared;
    struct timekeeper keeper;
    _Atomic int64_t clock_offset_ms; /* from the machine's wall clock to the right one */
    int64_t at_offset_ms;            /* --at: from the monotonic clock to what is shown */
    int64_t seen_ms, seen_mono_ms;   /* the shown clock, when the loop last looked */
    enum timekeeper_source source;
    struct wake wake;
    struct inbox inbox;
    struct notify notify;
    struct power *power; /* NULL: never asked for */
    bool lit;            /* the displays have, or shall have, power */
    int64_t lit_ms;      /* monotonic, since when */
    bool relit;          /* power came back: everything must be put anew */
    int64_t health_ms;   /* monotonic, of the last look */
    bool stopping;
    size_t count;
    struct display *displays[OPTIONS_DISPLAYS_MAX];
    struct window *windows[OPTIONS_DISPLAYS_MAX];
};

/* --- Time --- */

static int64_t machine_mono(void *context)
{
    const struct player *player = context;
    return clock_mono_ns(&player->shared.machine);
}

static int64_t right_wall(void *context)
{
    struct player *player = context;
    return clock_wall_ms(&player->shared.machine) +
           atomic_load_explicit(&player->clock_offset_ms, memory_order_relaxed);
}

static int64_t shown_wall(void *context)
{
    struct player *player = context;
    if (player->options->has_at) {
        return player->at_offset_ms + clock_mono_ms(&player->shared.machine);
    }
    struct timekeeper_reading reading;
    kernel_clock_read(&reading);
    int64_t now_ms = timekeeper_now(&player->keeper, &reading);
    atomic_store_explicit(&player->clock_offset_ms, now_ms - reading.wall_ms, memory_order_relaxed);
    return now_ms;
}

/* The screen goes on with what is right now; only the log tells that time was set. */
static void watch_clock(struct player *player)
{
    int64_t shown_ms = clock_wall_ms(&player->shared.shown);
    int64_t mono_ms = clock_mono_ms(&player->shared.machine);
    int64_t step_ms = (shown_ms - player->seen_ms) - (mono_ms - player->seen_mono_ms);
    enum timekeeper_source source = timekeeper_source(&player->keeper);
    if (player->seen_ms != 0 && (step_ms > STEP_MS || step_ms < -STEP_MS)) {
        log_write(LOG_WARN, "clock_step", "ms=%lld source=%s", (long long)step_ms,
                  timekeeper_source_name(source));
    } else if (source != player->source && !player->options->has_at) {
        log_write(LOG_INFO, "clock", "source=%s", timekeeper_source_name(source));
    }
    player->source = source;
    player->seen_ms = shown_ms;
    player->seen_mono_ms = mono_ms;
}

static void start_clocks(struct player *player)
{
    struct display_shared *shared = &player->shared;
    struct state state;
    shared->machine = clock_system();
    shared->shown = (struct clock){shown_wall, machine_mono, player};
    shared->reports = (struct clock){right_wall, machine_mono, player};
    shared->started_ms = clock_mono_ms(&shared->machine);
    shared->keeper = &player->keeper;
    player->at_offset_ms = player->options->at_ms - shared->started_ms;
    snprintf(state.folder, sizeof state.folder, "%s", player->options->state);
    timekeeper_init(&player->keeper, state_load_clock(&state));
}

/* --- Boot --- */

static void handle_job(void *context, struct job *job)
{
    struct player *player = context;
    inbox_post_job(&player->inbox, job);
}

static bool make_displays(struct player *player, struct error *err)
{
    for (int i = 0; i < player->options->display_count; i++) {
        struct display *display = display_create(&player->shared, i, err);
        if (display == NULL) {
            return false;
        }
        player->displays[player->count++] = display;
    }
    for (size_t i = 0; i < player->count; i++) {
        if (!display_open(player->displays[i], err)) {
            return false;
        }
        player->windows[i] = display_window(player->displays[i]);
    }
    return true;
}

struct player *player_create(const struct options *options, struct error *err)
{
    struct player *player = calloc(1, sizeof *player);
    if (player == NULL) {
        abort();
    }
    memory_tune();
    player->options = options;
    player->lit = true;
    player->shared.options = options;
    start_clocks(player);
    if (!wake_init(&player->wake, err)) {
        free(player);
        return NULL;
    }
    inbox_init(&player->inbox, &player->wake);
    notify_init(&player->notify);
    player->shared.inbox = &player->inbox;
    struct worker_config worker = {options->assets, handle_job, player};
    player->shared.worker = worker_create(&worker, err);
    player->shared.scrubber = scrubber_create(handle_job, player);
    player->shared.hardware = video_hardware_create(NULL);
    if (player->shared.worker == NULL || !make_displays(player, err)) {
        player_destroy(player);
        return NULL;
    }
    return player;
}

void player_destroy(struct player *player)
{
    if (player == NULL) {
        return;
    }
    notify_stopping(&player->notify);
    for (size_t i = 0; i < player->count; i++) {
        display_stop(player->displays[i]);
    }
    scrubber_destroy(player->shared.scrubber);
    worker_destroy(player->shared.worker);
    inbox_finish(&player->inbox);
    for (size_t i = player->count; i > 0; i--) {
        display_destroy(player->displays[i - 1]);
    }
    if (player->power != NULL) {
        power_set(player->power, true); /* nobody would switch it on again */
    }
    power_destroy(player->power);
    video_hardware_destroy(player->shared.hardware);
    quarantine_destroy(player->shared.quarantine);
    wake_finish(&player->wake);
    free(player);
}

/* --- The loop's verbs --- */

static void take_messages(struct player *player)
{
    struct message message;
    unsigned signals = wake_take(&player->wake);
    while (inbox_take(&player->inbox, &message)) {
        struct display *display = player->displays[message.display];
        if (message.kind == MESSAGE_JOB) {
            display_take_job(display, message.job);
        } else {
            display_take_sync(display, &message.sync);
        }
        if (display_lost(display)) {
            player->stopping = true; /* a new programme turned it, and it did not follow */
            return;
        }
    }
    player->stopping = player->stopping || (signals & WAKE_STOP) != 0 || player->shared.restart;
    for (size_t i = 0; i < player->count && (signals & WAKE_REFRESH) != 0; i++) {
        display_refresh(player->displays[i]);
    }
}

static void take_input(struct player *player)
{
    struct window_event event;
    size_t index;
    while (window_next_event(player->windows, player->count, &index, &event)) {
        display_input(player->displays[index], &event);
        player->stopping = player->stopping || event.kind == WINDOW_CLOSED;
    }
}

/* Power is the machine's: it goes when no display needs it. */
static void switch_power(struct player *player)
{
    bool lit = false;
    for (size_t i = 0; i < player->count; i++) {
        lit = lit || display_wants_power(player->displays[i]);
    }
    if (lit == player->lit) {
        return;
    }
    player->lit = lit;
    player->lit_ms = clock_mono_ms(&player->shared.machine);
    if (player->power == NULL) {
        struct power_options options = {.x11 =
                                            strcmp(window_driver(player->windows[0]), "x11") == 0,
                                        .drm_fd = window_drm_fd(player->windows[0])};
        player->power = power_create(&options);
    }
    power_set(player->power, lit);
    player->relit = lit;
    log_write(LOG_INFO, "display_power", "%s", lit ? "on" : "off");
}

/* A flip to a connector that still sleeps may never end. X has a server in between. */
static bool waits_for_power(struct player *player)
{
    return player->power != NULL && player->lit && power_get(player->power) == POWER_OFF &&
           window_drm_fd(player->windows[0]) >= 0 &&
           clock_mono_ms(&player->shared.machine) - player->lit_ms < POWER_WAIT_MS;
}

static void present(struct player *player)
{
    if (waits_for_power(player)) {
        return;
    }
    for (size_t i = 0; i < player->count; i++) {
        if (player->relit) {
            display_put_all(player->displays[i]);
        }
        display_present(player->displays[i]);
        display_start_sync(player->displays[i]);
    }
    player->relit = false;
}

static const char *display_power(struct player *player)
{
    switch (player->power != NULL ? power_get(player->power) : POWER_ON) {
    case POWER_ON:
        return "on";
    case POWER_OFF:
        return "off";
    case POWER_UNKNOWN:
        break;
    }
    return "unknown";
}

static void report_health(struct player *player)
{
    int64_t now_ms = clock_mono_ms(&player->shared.machine);
    if (player->health_ms != 0 && now_ms - player->health_ms < HEALTH_MS) {
        return;
    }
    player->health_ms = now_ms;
    for (size_t i = 0; i < player->count; i++) {
        struct health health;
        health_read("", display_folder(player->displays[i]), &health);
        struct spool_health told = {.temperature_c = health.temperature_c,
                                    .disk_free = health.disk_free,
                                    .disk_size = health.disk_size,
                                    .memory = health.memory,
                                    .quarantined =
                                        (int64_t)quarantine_count(player->shared.quarantine)};
        snprintf(told.clock, sizeof told.clock, "%s",
                 timekeeper_source_name(timekeeper_source(&player->keeper)));
        snprintf(told.display, sizeof told.display, "%s", display_power(player));
        display_set_health(player->displays[i], &told);
    }
    quarantine_report(player->shared.quarantine, display_spool(player->displays[0]));
}

/* systemd hears that all is well only when every display shows what it should. */
static void feed_watchdog(struct player *player)
{
    char words[96];
    bool shows = true;
    bool healthy = true;
    for (size_t i = 0; i < player->count; i++) {
        shows = shows && display_shows(player->displays[i]);
        healthy = healthy && display_healthy(player->displays[i]);
    }
    if (shows) {
        notify_ready(&player->notify);
    }
    if (healthy) {
        notify_alive(&player->notify, clock_mono_ms(&player->shared.machine));
    }
    notify_status(&player->notify, "%s%s", display_words(player->displays[0], words, sizeof words),
                  healthy ? ""
                          : lang_pick(player->options->lang, " ; l’image attendue manque",
                                      "; the expected picture is missing"));
}

static void wait(struct player *player)
{
    int64_t mono_ns = clock_mono_ns(&player->shared.machine);
    int64_t wake_ns = INT64_MAX;
    bool touch = false;
    for (size_t i = 0; i < player->count; i++) {
        wake_ns = clock_earlier(wake_ns, display_next_wake(player->displays[i]));
        touch = touch || display_has_touch(player->displays[i]);
    }
    if (waits_for_power(player)) {
        wake_ns = mono_ns + POWER_LOOK_NS; /* what is due cannot be done */
    }
    int64_t feed_ms = notify_wait(&player->notify, mono_ns / 1000000);
    if (feed_ms >= 0) {
        wake_ns = clock_earlier(wake_ns, mono_ns + feed_ms * 1000000);
    }
    if (player->options->quit_after_ms > 0) {
        int64_t quit_ns = (player->shared.started_ms + player->options->quit_after_ms) * 1000000;
        wake_ns = clock_earlier(wake_ns, quit_ns);
        player->stopping = player->stopping || mono_ns >= quit_ns;
    }
    if (!player->stopping) {
        window_wait(player->windows[0], &player->wake, wake_ns - mono_ns, touch);
    }
}

static bool any_lost(const struct player *player)
{
    for (size_t i = 0; i < player->count; i++) {
        if (display_lost(player->displays[i])) {
            return true;
        }
    }
    return false;
}

bool player_wants_restart(const struct player *player)
{
    return player->shared.restart;
}

bool player_run(struct player *player, struct error *err)
{
    while (!player->stopping) {
        take_messages(player);
        if (any_lost(player)) {
            break;
        }
        watch_clock(player);
        take_input(player);
        switch_power(player);
        present(player);
        report_health(player);
        feed_watchdog(player);
        wait(player);
    }
    for (size_t i = 0; i < player->count; i++) {
        struct lane_figures figures = display_figures(player->displays[i]);
        log_write(LOG_INFO, "stopped", "fades=%lld frames=%lld dropped=%lld",
                  (long long)figures.transitions, (long long)figures.frames,
                  (long long)figures.dropped);
    }
    if (any_lost(player)) {
        return error_set(err, ERROR_IO, "l’affichage a été perdu", "the display was lost");
    }
    return true;
}
