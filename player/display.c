#include "player/display.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "player/display_private.h"
#include "player/kiosk/kiosk.h"
#include "player/platform/memory.h"
#include "player/platform/wake.h"

static int64_t now_ms(const struct display *display)
{
    return clock_mono_ms(&display->shared->machine);
}

/* --- Making it --- */

static int wanted_rotation(const struct display *display)
{
    if (display->shared->options->rotation >= 0) {
        return display->shared->options->rotation;
    }
    return display->current != NULL ? display->current->manifest->screen.rotation : 0;
}

static struct stage_screen unknown_screen(const struct display *display)
{
    return (struct stage_screen){.diagonal_mm = display->shared->options->diagonal_mm,
                                 .viewing_distance_mm = display->shared->options->distance_mm};
}

/* The picture's size as far as it is known before there is a window. */
static bool guess_screen(const struct display *display, struct stage_screen *screen_out)
{
    const struct options *options = display->shared->options;
    *screen_out = unknown_screen(display);
    if (options->width > 0) {
        bool turned = display->rotation % 180 != 0;
        screen_out->width = turned ? options->height : options->width;
        screen_out->height = turned ? options->width : options->height;
    } else if (display->current != NULL) {
        screen_out->width = display->current->manifest->screen.width_px;
        screen_out->height = display->current->manifest->screen.height_px;
    }
    return screen_out->width > 0;
}

static void set_screen(struct display *display)
{
    struct stage_screen screen = unknown_screen(display);
    presenter_size(display->presenter, &screen.width, &screen.height);
    screen.bottom = display->touch != NULL ? touch_bottom(display->touch) : 0;
    stage_set_screen(display->stage, &screen);
}

static void handle_wake(void *context)
{
    struct display *display = context;
    wake_signal(display->shared->inbox->wake);
}

static void handle_fault(void *context, const char *code, const char *detail,
                         const struct sha256 *repair)
{
    struct display *display = context;
    display_record_fault(display, code, detail);
    if (repair != NULL) {
        display_repair(display, repair);
    }
}

static void start_stage(struct display *display)
{
    struct stage_screen screen;
    struct edition *welcome = display_make_welcome(display);
    struct stage_config config = {.worker = display->shared->worker,
                                  .clock = display->shared->shown,
                                  .display = display->index,
                                  .state = &display->state,
                                  .spool = display->spool,
                                  .quarantine = display->shared->quarantine,
                                  .hardware = display->shared->hardware,
                                  .wake = handle_wake,
                                  .fault = handle_fault,
                                  .context = display,
                                  .welcome = welcome,
                                  .reduced_motion = display->shared->options->reduced_motion};
    display->stage = stage_create(&config);
    edition_release(welcome);
    stage_set_edition(display->stage, display->current);
    stage_set_urgent(display->stage, display->urgent);
    display->rotation = wanted_rotation(display);
    if (guess_screen(display, &screen)) {
        stage_set_screen(display->stage, &screen);
        stage_tick(display->stage); /* asks for the first frame while the window opens */
    }
}

struct display *display_create(struct display_shared *shared, int index, struct error *err)
{
    struct display *display = calloc(1, sizeof *display);
    if (display == NULL) {
        abort();
    }
    display->shared = shared;
    display->index = index;
    display->status = shared->options->server != NULL ? SYNC_CONNECTING : SYNC_NO_SERVER;
    if (!display_load(display, err)) {
        display_destroy(display);
        return NULL;
    }
    if (shared->quarantine == NULL) {
        shared->quarantine = quarantine_create(display->state.folder, &shared->reports);
        worker_set_quarantine(shared->worker, shared->quarantine);
    }
    start_stage(display);
    return display;
}

static bool make_presenter(struct display *display, struct error *err)
{
    enum presenter_backend backend = display->shared->options->backend;
    stage_set_presenter(display->stage, NULL, NULL);
    display_end_identification(display); /* of another size, perhaps */
    touch_destroy(display->touch);
    display->touch = NULL;
    presenter_destroy(display->presenter);
    display->rotation = wanted_rotation(display);
    struct SDL_Window *sdl = window_sdl(display->window);
    display->presenter = presenter_create(sdl, backend, display->rotation, err);
    if (display->presenter == NULL && backend != PRESENTER_SURFACE) {
        log_error(LOG_WARN, "renderer_failed", err); /* a screen without GPU still shows */
        display->presenter = presenter_create(sdl, PRESENTER_SURFACE, display->rotation, err);
    }
    if (display->presenter == NULL) {
        return false;
    }
    stage_set_presenter(display->stage, display->presenter, display->shared->text);
    display_set_kiosk(display);
    set_screen(display);
    return true;
}

/* Windows of the same display that were opened before. */
static int windows_beside(const struct display *display)
{
    const struct options *options = display->shared->options;
    int beside = 0;
    for (int i = 0; i < display->index; i++) {
        beside += options->displays[i] == options->displays[display->index];
    }
    return beside;
}

bool display_open(struct display *display, struct error *err)
{
    const struct options *options = display->shared->options;
    struct window_options wanted = {.width = options->width,
                                    .height = options->height,
                                    .display = options->displays[display->index],
                                    .beside = windows_beside(display)};
    display->window = window_create(&wanted, err);
    if (display->window == NULL) {
        return false;
    }
    if (display->shared->text == NULL) {
        display->shared->text = worker_text(display->shared->worker, err);
    }
    if (display->shared->text == NULL || !make_presenter(display, err)) {
        return false;
    }
    log_write(LOG_INFO, "window", "driver=%s backend=%s", window_driver(display->window),
              presenter_name(display->presenter));
    return true;
}

void display_stop(struct display *display)
{
    if (display->stage != NULL) {
        stage_set_covered(display->stage, true); /* what plays has played */
    }
    sync_stop(display->sync);
    display->sync = NULL;
}

void display_destroy(struct display *display)
{
    if (display != NULL) {
        display_stop(display);
        stage_destroy(display->stage);
        display_end_identification(display);
        touch_destroy(display->touch);
        presenter_destroy(display->presenter);
        window_destroy(display->window);
        spool_destroy(display->spool);
        edition_release(display->current);
        edition_release(display->urgent);
        state_release(&display->state);
        free(display);
    }
}

const char *display_folder(const struct display *display)
{
    return display->state.folder;
}

struct window *display_window(const struct display *display)
{
    return display->window;
}

struct spool *display_spool(const struct display *display)
{
    return display->spool;
}

/* --- Its programme --- */

/* A kiosk lives as long as its screen is one; its directory comes from the worker. */
void display_set_kiosk(struct display *display)
{
    const struct manifest *manifest = display->current != NULL ? display->current->manifest : NULL;
    bool wanted = manifest != NULL && manifest->screen.kiosk && !display->emergency;
    if (!wanted) {
        touch_destroy(display->touch);
        display->touch = NULL;
        return;
    }
    if (display->touch == NULL) {
        struct touch_config config = {.text = display->shared->text,
                                      .presenter = display->presenter,
                                      .spool = display->spool,
                                      .screen = &manifest->screen,
                                      .lang = display_lang(display),
                                      .worker = display->shared->worker,
                                      .display = display->index,
                                      .state = &display->state,
                                      .hardware = display->shared->hardware,
                                      .wake = handle_wake,
                                      .context = display};
        display->touch = touch_create(&config);
    }
    if (display->touch != NULL && manifest->has_directory) {
        worker_post(display->shared->worker,
                    job_create(JOB_DIRECTORY, display->index, &display->state, display->current));
    }
}

void display_set_directory(struct display *display, struct directory *directory)
{
    if (display->touch == NULL) {
        directory_close(directory);
        return;
    }
    touch_set_directory(display->touch, directory);
    set_screen(display);
    memory_trim();
}

void display_set_picture(struct display *display, struct job *job)
{
    if (display->touch != NULL) {
        touch_set_picture(display->touch, job->picture.hash, job->image);
        job->image = NULL;
    }
}

/* Whether a kiosk made for the one screen is right for the other. */
static bool same_kiosk(const struct manifest_screen *a, const struct manifest_screen *b)
{
    return strcmp(a->site_id, b->site_id) == 0 && strcmp(a->site, b->site) == 0 &&
           a->accent == b->accent && a->diagonal_mm == b->diagonal_mm &&
           a->viewing_distance_mm == b->viewing_distance_mm &&
           a->bottom_edge_mm == b->bottom_edge_mm && a->language_count == b->language_count &&
           (a->language_count == 0 || strcmp(a->languages[0], b->languages[0]) == 0);
}

void display_set_current(struct display *display, struct edition *edition)
{
    char name[EDITION_NAME_SIZE];
    struct error err;
    if (display->current != NULL &&
        !same_kiosk(&display->current->manifest->screen, &edition->manifest->screen)) {
        touch_destroy(display->touch);
        display->touch = NULL;
    }
    edition_release(display->current);
    display->current = edition_retain(edition);
    timekeeper_created(display->shared->keeper, edition->manifest->created_ms);
    spool_set_manifest(display->spool, edition_name(edition, name));
    stage_set_edition(display->stage, edition);
    if (wanted_rotation(display) != display->rotation) {
        if (!make_presenter(display, &err)) {
            log_error(LOG_ERROR, "display_lost", &err);
        }
    } else {
        display_set_kiosk(display);
        set_screen(display);
    }
    memory_trim();
}

bool display_send_screenshot(struct display *display, const char *wanted)
{
    struct canvas *canvas = presenter_snapshot(display->presenter);
    if (canvas == NULL) {
        log_write(LOG_WARN, "screenshot_failed", "the screen cannot be read back");
        return false;
    }
    struct job *job = job_create(JOB_SCREENSHOT, display->index, &display->state, NULL);
    job->canvas = canvas;
    snprintf(job->wanted, sizeof job->wanted, "%s", wanted);
    worker_post(display->shared->worker, job);
    return true;
}

/* --- Input and screen --- */

static bool kiosk_covers(const struct display *display)
{
    return display->touch != NULL && touch_is_open(display->touch);
}

void display_put_all(struct display *display)
{
    presenter_invalidate(display->presenter);
    if (display->identification != NULL) {
        display->identification_put = false;
        return;
    }
    if (display->touch != NULL) {
        touch_invalidate(display->touch);
    }
    if (!kiosk_covers(display)) {
        stage_put(display->stage);
    }
}

static void resize(struct display *display)
{
    struct error err;
    display_end_identification(display);
    stage_set_presenter(display->stage, display->presenter, display->shared->text);
    if (!presenter_resize(display->presenter, &err)) {
        log_error(LOG_WARN, "resize_failed", &err);
        return;
    }
    touch_destroy(display->touch);
    display->touch = NULL;
    display_set_kiosk(display);
    set_screen(display);
    display_put_all(display);
}

/* A dark screen answers no touch. */
static bool takes_touches(const struct display *display)
{
    return display->identification == NULL &&
           (kiosk_covers(display) || !stage_is_dark(display->stage));
}

void display_input(struct display *display, const struct window_event *event)
{
    switch (event->kind) {
    case WINDOW_CLOSED:
        break;
    case WINDOW_EXPOSED:
        display_put_all(display);
        break;
    case WINDOW_RESIZED:
        resize(display);
        break;
    default:
        if (display->touch != NULL && takes_touches(display)) {
            const struct slide *slide = stage_slide(display->stage);
            int64_t wall_ms = clock_wall_ms(&display->shared->shown);
            touch_set_time(display->touch, wall_ms,
                           manifest_offset_s(display->current->manifest, wall_ms), now_ms(display));
            touch_event(display->touch, event, slide, now_ms(display));
        }
        break;
    }
}

static void save_frame(struct display *display)
{
    char path[1024];
    char folder[64] = "";
    struct error err;
    struct canvas *canvas = presenter_snapshot(display->presenter);
    if (display->index > 0) {
        snprintf(folder, sizeof folder, "display-%d-", display->index + 1);
    }
    snprintf(path, sizeof path, "%s/%s%06u-%lld.png", display->shared->options->frames_to, folder,
             ++display->frames_saved, (long long)clock_wall_ms(&display->shared->shown));
    if (canvas == NULL || !canvas_save_png(canvas, path, &err)) {
        log_write(LOG_WARN, "frame_not_saved", "%s", path);
    }
    canvas_destroy(canvas);
}

/* An emergency goes before a visitor and has the whole screen; then the kiosk begins anew. */
static void look_for_emergency(struct display *display)
{
    bool emergency = stage_has_emergency(display->stage);
    bool had_kiosk = display->touch != NULL;
    if (emergency == display->emergency) {
        return;
    }
    display->emergency = emergency;
    display_set_kiosk(display);
    if (had_kiosk != (display->touch != NULL)) {
        set_screen(display);
    }
}

/* Opens and closes the kiosk; true when something was flushed. */
static bool present_kiosk(struct display *display)
{
    bool open = kiosk_covers(display);
    bool flushed = false;
    if (display->touch != NULL && (!display->dark || open)) {
        int64_t wall_ms = clock_wall_ms(&display->shared->shown);
        touch_set_time(display->touch, wall_ms,
                       manifest_offset_s(display->current->manifest, wall_ms), now_ms(display));
        touch_tick(display->touch, now_ms(display));
        open = touch_is_open(display->touch);
    }
    if (open != display->touch_was_open) {
        display->touch_was_open = open;
        stage_set_covered(display->stage, open);
        flushed = stage_put(display->stage); /* under an opening kiosk it ends a transition */
    }
    if (display->touch != NULL && (!display->dark || open)) {
        flushed = touch_put(display->touch) || flushed;
    }
    return flushed;
}

void display_present(struct display *display)
{
    if (display->sync != NULL && spool_flush_wait(display->spool) == 0) {
        sync_flush(display->sync); /* plays are gathered for some seconds, faults are not */
    }
    if (display->presenter == NULL) {
        return;
    }
    look_for_emergency(display);
    bool identifies = display_identifies(display);
    if (identifies != display->identified) {
        display->identified = identifies;
        stage_set_covered(display->stage, identifies || kiosk_covers(display));
        if (!identifies) {
            display_put_all(display);
        }
    }
    bool flushed = identifies ? display_put_identification(display) : present_kiosk(display);
    flushed = stage_tick(display->stage) || flushed;
    bool dark = stage_is_dark(display->stage);
    if (display->dark && !dark && display->touch != NULL && !identifies) {
        touch_invalidate(display->touch); /* its button was dark as well */
        flushed = touch_put(display->touch) || flushed;
    }
    display->dark = dark;
    if (!display->first_frame && stage_shows(display->stage)) {
        display->first_frame = true;
        log_write(LOG_INFO, "first_frame", "ms=%lld",
                  (long long)(now_ms(display) - display->shared->started_ms));
    }
    if (flushed && display->shared->options->frames_to != NULL) {
        save_frame(display);
    }
}

int64_t display_next_wake(struct display *display)
{
    int64_t mono_ns = clock_mono_ns(&display->shared->machine);
    int64_t wake_ns = stage_next_wake(display->stage);
    if (display->touch != NULL && (!display->dark || kiosk_covers(display))) {
        int64_t touch_ms = touch_next_wake(display->touch, mono_ns / 1000000);
        int64_t touch_ns = touch_ms <= mono_ns / 1000000 ? mono_ns + LANE_FRAME_NS
                           : touch_ms == KIOSK_NEVER     ? INT64_MAX
                                                         : touch_ms * 1000000;
        wake_ns = clock_earlier(wake_ns, touch_ns);
    }
    if (display->identification != NULL) {
        wake_ns = clock_earlier(wake_ns, display->identified_ns);
    }
    if (!display->sync_tried) {
        wake_ns = clock_earlier(wake_ns, mono_ns + INT64_C(1000000000));
    }
    int64_t flush_ms = display->sync != NULL ? spool_flush_wait(display->spool) : -1;
    if (flush_ms > 0) {
        wake_ns = clock_earlier(wake_ns, mono_ns + flush_ms * 1000000);
    }
    return wake_ns;
}

bool display_lost(const struct display *display)
{
    return display->presenter == NULL;
}

bool display_shows(const struct display *display)
{
    return display->first_frame;
}

bool display_wants_power(const struct display *display)
{
    return stage_wants_power(display->stage);
}

bool display_healthy(struct display *display)
{
    return display->first_frame && stage_healthy(display->stage);
}

bool display_has_touch(const struct display *display)
{
    return display->touch != NULL;
}

struct lane_figures display_figures(const struct display *display)
{
    return stage_figures(display->stage);
}
