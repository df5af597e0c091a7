#include "player/signage.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "playlists/timeline.h"

/* A fade that would begin later than this after its item did begins when it begins, not half-way.
 */
#define LATE_MS 100
#define MINUTE_MS INT64_C(60000)
/* Memory is out: no use in asking again at once. */
#define RETRY_NS INT64_C(1000000000)
/* Wall clocks are stepped; nobody tells us. */
#define SLEEP_MS_MAX MINUTE_MS

enum ahead_state {
    AHEAD_NONE,
    AHEAD_ASKED, /* the worker has it */
    AHEAD_READY,
    AHEAD_FAILED,
};

struct picture {
    struct frame frame;
    struct edition *edition; /* retained: what the frame points into */
    struct canvas *canvas;
};

struct signage {
    struct worker *worker;
    struct clock clock;
    struct presenter *presenter;
    struct text_engine *text;
    struct signage_screen screen;
    struct edition *edition; /* NULL: none */
    struct edition *welcome;
    unsigned revision;

    struct picture shown; /* canvas NULL: nothing yet */
    struct picture ahead;
    enum ahead_state ahead_state;
    struct frame failed; /* what could not be drawn and is skipped */
    bool has_failed;
    int64_t retry_ns; /* nothing is asked for before; monotonic */

    bool fading;
    int64_t fade_from_ns; /* monotonic */
    int64_t fade_frame;   /* last one presented */
    struct signage_figures figures;
};

static void picture_clear(struct picture *picture)
{
    canvas_destroy(picture->canvas);
    edition_release(picture->edition);
    memset(picture, 0, sizeof *picture);
}

struct signage *signage_create(struct worker *worker, const struct clock *clock,
                               struct edition *welcome)
{
    struct signage *signage = calloc(1, sizeof *signage);
    if (signage == NULL) {
        abort();
    }
    signage->worker = worker;
    signage->clock = *clock;
    signage->welcome = edition_retain(welcome);
    return signage;
}

static void end_fade(struct signage *signage)
{
    if (signage->fading) {
        presenter_fade_end(signage->presenter);
        signage->fading = false;
        picture_clear(&signage->shown);
        signage->shown = signage->ahead;
        memset(&signage->ahead, 0, sizeof signage->ahead);
        signage->ahead_state = AHEAD_NONE;
    }
}

void signage_destroy(struct signage *signage)
{
    if (signage != NULL) {
        end_fade(signage);
        picture_clear(&signage->shown);
        picture_clear(&signage->ahead);
        edition_release(signage->edition);
        edition_release(signage->welcome);
        free(signage);
    }
}

void signage_set_presenter(struct signage *signage, struct presenter *presenter,
                           struct text_engine *text)
{
    if (signage->presenter != NULL) {
        end_fade(signage);
    }
    signage->presenter = presenter;
    signage->text = text;
}

void signage_set_screen(struct signage *signage, const struct signage_screen *screen)
{
    end_fade(signage);
    signage->screen = *screen;
}

void signage_set_welcome(struct signage *signage, struct edition *welcome)
{
    edition_release(signage->welcome);
    signage->welcome = edition_retain(welcome);
}

void signage_set_edition(struct signage *signage, struct edition *edition)
{
    edition_release(signage->edition);
    signage->edition = edition_retain(edition);
    signage->has_failed = false;
}

void signage_refresh(struct signage *signage)
{
    signage->revision++;
    signage->has_failed = false;
}

bool signage_shows(const struct signage *signage)
{
    return signage->shown.canvas != NULL && signage->presenter != NULL;
}

struct signage_figures signage_figures(const struct signage *signage)
{
    return signage->figures;
}

/* --- What to show --- */

static struct frame make_frame(const struct signage *signage, struct edition *edition,
                               const struct slide *slide, bool strip, int64_t wall_ms)
{
    const struct signage_screen *screen = &signage->screen;
    int diagonal_mm = screen->diagonal_mm;
    int distance_mm = screen->viewing_distance_mm;
    if (signage->edition != NULL || edition != signage->welcome) {
        const struct edition *known = edition != signage->welcome ? edition : signage->edition;
        diagonal_mm = known->manifest->screen.diagonal_mm;
        distance_mm = known->manifest->screen.viewing_distance_mm;
    }
    return (struct frame){
        .edition = edition,
        .slide = slide,
        .revision = signage->revision,
        .strip = strip,
        .width = screen->width,
        .height = screen->height - screen->bottom,
        .metrics = metrics_make(screen->width, screen->height, diagonal_mm, distance_mm),
        .minute = strip ? frame_minute(edition, wall_ms) : (struct local_minute){0, 0}};
}

static struct frame welcome_frame(const struct signage *signage)
{
    return make_frame(signage, signage->welcome, &signage->welcome->manifest->slides[0], false, 0);
}

static struct frame timeline_frame(const struct signage *signage, const struct timeline *timeline,
                                   int64_t wall_ms)
{
    if (timeline->kind == TIMELINE_NOTHING) {
        return welcome_frame(signage);
    }
    return make_frame(signage, signage->edition, timeline->slide,
                      manifest_interval_strip(signage->edition->manifest, timeline->interval),
                      wall_ms);
}

bool signage_proof_frame(const struct signage *signage, struct edition *edition, int64_t wall_ms,
                         struct frame *frame_out)
{
    const struct manifest *manifest = edition->manifest;
    struct timeline now = timeline_at(manifest, wall_ms);
    if (now.kind == TIMELINE_NOTHING && manifest->interval_count > 0) {
        now = timeline_at(manifest, manifest->intervals[0].from_ms);
    }
    if (now.kind == TIMELINE_NOTHING) {
        return false;
    }
    *frame_out = make_frame(signage, edition, now.slide,
                            manifest_interval_strip(manifest, now.interval), wall_ms);
    return true;
}

/* What shows at an instant and what comes next. */
struct plan {
    struct frame now;
    struct frame next;
    int64_t from_ms; /* wall: when `now` began; INT64_MIN when it has no beginning */
    int64_t next_change_ms;
};

static struct plan make_plan(const struct signage *signage, int64_t wall_ms)
{
    struct plan plan = {.from_ms = INT64_MIN, .next_change_ms = INT64_MAX};
    if (signage->edition == NULL) {
        plan.now = plan.next = welcome_frame(signage);
        return plan;
    }
    struct timeline now = timeline_at(signage->edition->manifest, wall_ms);
    plan.now = plan.next = timeline_frame(signage, &now, wall_ms);
    if (now.next_change_ms != INT64_MAX) {
        struct timeline next = timeline_next(signage->edition->manifest, &now);
        plan.next = timeline_frame(signage, &next, now.next_change_ms);
    }
    plan.next_change_ms = now.next_change_ms;
    if (now.kind == TIMELINE_ITEM) {
        plan.from_ms = now.item_from_ms;
    }
    return plan;
}

static bool is_shown(const struct signage *signage, const struct frame *frame)
{
    return signage->shown.canvas != NULL && frame_same(&signage->shown.frame, frame);
}

static bool is_skipped(const struct signage *signage, const struct frame *frame)
{
    return signage->has_failed && frame_same(&signage->failed, frame);
}

/* --- Drawing ahead --- */

static void ask(struct signage *signage, const struct frame *frame)
{
    struct job *job = job_create(JOB_DRAW, frame->edition);
    struct picture *ahead = &signage->ahead;
    job->frame = *frame;
    if (ahead->canvas != NULL && ahead->canvas->width == frame->width &&
        ahead->canvas->height == frame->height) {
        job->canvas = ahead->canvas; /* it was for something else: draw over it */
        ahead->canvas = NULL;
    }
    picture_clear(ahead);
    ahead->frame = *frame;
    ahead->edition = edition_retain(frame->edition);
    signage->ahead_state = AHEAD_ASKED;
    worker_post(signage->worker, job);
}

void signage_take(struct signage *signage, struct job *job)
{
    /* One frame is asked for at a time, so this is the one. */
    struct picture *ahead = &signage->ahead;
    ahead->canvas = job->canvas;
    job->canvas = NULL;
    if (job->done) {
        signage->ahead_state = AHEAD_READY;
    } else {
        signage->ahead_state = AHEAD_FAILED;
        signage->failed = ahead->frame;
        signage->has_failed = true;
        signage->retry_ns = clock_mono_ns(&signage->clock) + RETRY_NS;
        log_write(LOG_WARN, "slide_skipped", "slide=%s", ahead->frame.slide->id);
    }
    job_destroy(job);
}

static void prepare(struct signage *signage, const struct plan *plan)
{
    struct frame wanted = plan->now;
    if (is_skipped(signage, &wanted) && signage->shown.canvas == NULL) {
        wanted = welcome_frame(signage); /* better than nothing at all */
    } else if (is_shown(signage, &wanted) || is_skipped(signage, &wanted)) {
        wanted = plan->next;
    }
    if (is_shown(signage, &wanted) || is_skipped(signage, &wanted) ||
        signage->ahead_state == AHEAD_ASKED || clock_mono_ns(&signage->clock) < signage->retry_ns) {
        return;
    }
    if (signage->ahead_state != AHEAD_READY || !frame_same(&signage->ahead.frame, &wanted)) {
        ask(signage, &wanted);
    }
}

/* --- The screen --- */

static struct rect area_of(const struct canvas *canvas)
{
    return (struct rect){0, 0, canvas->width, canvas->height};
}

/* Brings a picture's clock up to date; true when it changed. */
static bool update_strip(struct signage *signage, struct picture *picture, int64_t wall_ms)
{
    if (!picture->frame.strip) {
        return false;
    }
    struct local_minute minute = frame_minute(picture->edition, wall_ms);
    if (local_minute_equal(minute, picture->frame.minute)) {
        return false;
    }
    picture->frame.minute = minute;
    frame_draw_strip(&picture->frame, signage->text, picture->canvas);
    return true;
}

static void show_first(struct signage *signage, int64_t wall_ms)
{
    update_strip(signage, &signage->ahead, wall_ms);
    picture_clear(&signage->shown);
    signage->shown = signage->ahead;
    memset(&signage->ahead, 0, sizeof signage->ahead);
    signage->ahead_state = AHEAD_NONE;
    presenter_put(signage->presenter, signage->shown.canvas, area_of(signage->shown.canvas), 0, 0);
    presenter_flush(signage->presenter);
}

/* An item that begins on time fades from its very beginning, so that neighbours fade together. */
static void begin_fade(struct signage *signage, const struct plan *plan, int64_t wall_ms,
                       int64_t mono_ns)
{
    update_strip(signage, &signage->ahead, wall_ms);
    int64_t late_ms = plan->from_ms == INT64_MIN ? 0 : wall_ms - plan->from_ms;
    signage->fade_from_ns = mono_ns - (late_ms <= LATE_MS ? late_ms * 1000000 : 0);
    signage->fade_frame = (mono_ns - signage->fade_from_ns) / SIGNAGE_FRAME_NS;
    signage->fading = true;
    signage->figures.fades++;
    presenter_fade_begin(signage->presenter, signage->shown.canvas, signage->ahead.canvas, 0, 0);
}

static void advance_fade(struct signage *signage, int64_t mono_ns)
{
    int64_t elapsed_ns = mono_ns - signage->fade_from_ns;
    int64_t frame = elapsed_ns / SIGNAGE_FRAME_NS;
    int64_t whole_ns = INT64_C(1000000) * SIGNAGE_FADE_MS;
    if (frame > signage->fade_frame + 1) {
        signage->figures.dropped += frame - signage->fade_frame - 1;
    }
    signage->fade_frame = frame;
    signage->figures.frames++;
    int t = elapsed_ns >= whole_ns ? 256 : (int)(elapsed_ns * 256 / whole_ns);
    presenter_fade(signage->presenter, t);
    presenter_flush(signage->presenter);
    if (t == 256) {
        end_fade(signage);
    }
}

static bool same_size(const struct canvas *a, const struct canvas *b)
{
    return a->width == b->width && a->height == b->height;
}

static bool is_due(const struct signage *signage, const struct plan *plan)
{
    if (signage->ahead_state != AHEAD_READY) {
        return false;
    }
    const struct frame *frame = &signage->ahead.frame;
    return frame_same(frame, &plan->now) ||
           (signage->shown.canvas == NULL && is_skipped(signage, &plan->now));
}

static bool present(struct signage *signage, const struct plan *plan, int64_t wall_ms,
                    int64_t mono_ns)
{
    if (is_due(signage, plan)) {
        if (signage->shown.canvas == NULL ||
            !same_size(signage->shown.canvas, signage->ahead.canvas)) {
            show_first(signage, wall_ms);
            return true;
        }
        begin_fade(signage, plan, wall_ms, mono_ns);
        advance_fade(signage, mono_ns);
        return true;
    }
    if (signage->shown.canvas != NULL && update_strip(signage, &signage->shown, wall_ms)) {
        struct rect strip = frame_strip(&signage->shown.frame);
        presenter_put(signage->presenter, signage->shown.canvas, strip, strip.x, strip.y);
        presenter_flush(signage->presenter);
        return true;
    }
    return false;
}

bool signage_tick(struct signage *signage)
{
    int64_t wall_ms = clock_wall_ms(&signage->clock);
    int64_t mono_ns = clock_mono_ns(&signage->clock);
    struct plan plan = make_plan(signage, wall_ms);
    bool flushed = signage->fading;
    if (signage->fading) {
        advance_fade(signage, mono_ns);
    } else if (signage->presenter != NULL) {
        flushed = present(signage, &plan, wall_ms, mono_ns);
    }
    if (!signage->fading) {
        prepare(signage, &plan);
    }
    return flushed;
}

int64_t signage_next_wake(const struct signage *signage)
{
    int64_t mono_ns = clock_mono_ns(&signage->clock);
    if (signage->fading) {
        int64_t elapsed_ns = mono_ns - signage->fade_from_ns;
        return signage->fade_from_ns + (elapsed_ns / SIGNAGE_FRAME_NS + 1) * SIGNAGE_FRAME_NS;
    }
    int64_t wall_ms = clock_wall_ms(&signage->clock);
    struct plan plan = make_plan(signage, wall_ms);
    int64_t change_ms = plan.next_change_ms;
    if (signage->shown.canvas != NULL && signage->shown.frame.strip) {
        int64_t into_minute = ((wall_ms % MINUTE_MS) + MINUTE_MS) % MINUTE_MS;
        int64_t minute_ms = wall_ms - into_minute + MINUTE_MS;
        change_ms = change_ms < minute_ms ? change_ms : minute_ms;
    }
    int64_t sleep_ms = SLEEP_MS_MAX;
    if (change_ms < wall_ms + SLEEP_MS_MAX) {
        sleep_ms = change_ms - wall_ms;
    }
    int64_t wake_ns = mono_ns + sleep_ms * 1000000;
    return signage->retry_ns > mono_ns && signage->retry_ns < wake_ns ? signage->retry_ns : wake_ns;
}

bool signage_put(struct signage *signage)
{
    end_fade(signage);
    if (signage->shown.canvas == NULL || signage->presenter == NULL) {
        return false;
    }
    presenter_put(signage->presenter, signage->shown.canvas, area_of(signage->shown.canvas), 0, 0);
    presenter_flush(signage->presenter);
    return true;
}
