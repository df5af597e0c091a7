#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "player/stage/lane_private.h"

/* What would begin later than this after its item did begins when it begins, not half-way. */
#define LATE_MS 100
#define FADE_MS 500      /* between what no loop says anything about */
#define NEWS_FADE_MS 300 /* a text is read the sooner */
/* Transitions are prepared this long before they are due: what is prepared takes memory. */
#define PREPARE_MS 2000
#define RETRY_NS INT64_C(1000000000) /* memory is out: no use in asking again at once */
#define SLIDE_RETRY_NS INT64_C(60000000000)
#define HEALTHY_NS INT64_C(10000000000)
#define SLEEP_NS_MAX INT64_C(60000000000)

struct lane *lane_create(struct lane_host *host, const struct lane_zone *zone)
{
    struct lane *lane = calloc(1, sizeof *lane);
    if (lane == NULL) {
        abort();
    }
    lane->host = host;
    lane->zone = *zone;
    return lane;
}

static struct lane_time time_of(const struct lane *lane)
{
    return (struct lane_time){clock_wall_ms(&lane->host->clock), clock_mono_ns(&lane->host->clock)};
}

static void drop_transition(struct lane *lane)
{
    transition_destroy(lane->transition);
    lane->transition = NULL;
    lane->prepared = lane->running = false;
}

void lane_destroy(struct lane *lane)
{
    if (lane != NULL) {
        drop_transition(lane);
        lane_showing_end(lane, time_of(lane));
        lane_picture_clear(lane, &lane->shown);
        lane_picture_clear(lane, &lane->ahead);
        edition_release(lane->edition);
        free(lane->failed);
        free(lane);
    }
}

const struct lane_zone *lane_zone(const struct lane *lane)
{
    return &lane->zone;
}

void lane_set_edition(struct lane *lane, struct edition *edition, size_t track)
{
    edition_retain(edition);
    edition_release(lane->edition);
    lane->edition = edition;
    lane->manifest = edition != NULL ? edition->manifest : NULL;
    lane->track = track;
    lane->failed_count = 0;
    lane->pages_of = NULL;
}

void lane_retry(struct lane *lane)
{
    lane->failed_count = 0;
    lane->retry_ns = 0;
}

/* --- Ahead --- */

static bool ahead_is_for(const struct lane *lane, const struct cue *cue)
{
    const struct cue *ahead = &lane->ahead.cue;
    return lane->ahead_state != AHEAD_NONE && frame_same(&ahead->frame, &cue->frame) &&
           (cue->frame.kind != FRAME_FILM || ahead->item_from_ms == cue->item_from_ms);
}

/* Whether it begins within so many milliseconds. */
static bool begins_within(const struct cue *cue, struct lane_time now, int64_t ms)
{
    return cue->from_ms <= now.wall_ms + ms;
}

static bool is_ready(const struct lane *lane, const struct cue *cue)
{
    return lane->ahead_state == AHEAD_READY && ahead_is_for(lane, cue);
}

static bool fits(const struct canvas *canvas, const struct frame *frame)
{
    return canvas != NULL && canvas->width == frame->width && canvas->height == frame->height;
}

static void ask_worker(struct lane *lane, const struct cue *cue)
{
    struct lane_host *host = lane->host;
    struct job *job = job_create(JOB_DRAW, host->display, host->state, cue->frame.edition);
    job->frame = cue->frame;
    job->urgent = cue->class == INTERVAL_EMERGENCY;
    job->ticket = lane->ticket = ++host->tickets;
    job->canvas = lane->ahead.canvas; /* it was for something else: draw over it */
    lane->ahead.canvas = NULL;
    lane->ahead_state = AHEAD_ASKED;
    worker_post(host->worker, job);
}

/* `at_ms` is when it is to show. */
static void prepare(struct lane *lane, const struct cue *cue, struct lane_time now, int64_t at_ms)
{
    bool drawing = lane->ahead_state == AHEAD_ASKED && lane->ahead.reel == NULL;
    bool film = cue->frame.kind == FRAME_FILM;
    if (ahead_is_for(lane, cue) || now.mono_ns < lane->retry_ns ||
        (drawing && cue->class != INTERVAL_EMERGENCY) ||
        (film && (!begins_within(cue, now, LANE_FILM_AHEAD_MS) || lane->host->text == NULL))) {
        return;
    }
    drop_transition(lane);
    struct canvas *spare = lane->ahead.canvas;
    lane->ahead.canvas = NULL;
    lane_picture_clear(lane, &lane->ahead);
    lane->ahead_state = AHEAD_NONE;
    lane->ticket = 0;
    if (!fits(spare, &cue->frame)) {
        canvas_destroy(spare);
        spare = NULL;
    }
    lane->ahead = (struct picture){
        .cue = *cue, .edition = edition_retain(cue->frame.edition), .canvas = spare};
    lane->ahead_at_ms = at_ms;
    if (film) {
        lane_film_open(lane, now);
    } else {
        ask_worker(lane, cue);
    }
}

bool lane_take(struct lane *lane, struct job *job)
{
    if (lane->ticket == 0 || job->ticket != lane->ticket) {
        return false;
    }
    lane->ticket = 0;
    lane->ahead.canvas = job->canvas;
    job->canvas = NULL;
    lane->ahead_state = job->done ? AHEAD_READY : AHEAD_NONE;
    if (!job->done) {
        lane->retry_ns = clock_mono_ns(&lane->host->clock) + RETRY_NS;
        if (job->frame.slide != NULL) {
            lane_fail(lane, job->frame.slide, SLIDE_RETRY_NS);
            log_write(LOG_WARN, "slide_skipped", "slide=%s", job->frame.slide->id);
        }
    }
    job_destroy(job);
    return true;
}

void lane_prepare(struct lane *lane, struct lane_time now, int64_t at_ms)
{
    if (rect_empty(lane->zone.rect)) {
        return;
    }
    lane_film_look(lane, now); /* it may have failed */
    struct cue cue = lane_cue_at(lane, at_ms);
    if (cue.any && !lane_picture_is(&lane->shown, &cue)) {
        prepare(lane, &cue, now, at_ms);
    }
}

bool lane_ready(struct lane *lane, int64_t at_ms)
{
    struct cue cue = lane_cue_at(lane, at_ms);
    return rect_empty(lane->zone.rect) || !cue.any || lane_picture_is(&lane->shown, &cue) ||
           is_ready(lane, &cue);
}

/* --- The screen --- */

/* What was ahead shows now; its predecessor's canvas is drawn over the next time. */
static void swap(struct lane *lane, struct lane_time now)
{
    drop_transition(lane);
    struct canvas *spare = lane->shown.canvas;
    lane->shown.canvas = NULL;
    lane_picture_clear(lane, &lane->shown);
    lane->shown = lane->ahead;
    lane->ahead = (struct picture){.canvas = spare};
    lane->ahead_state = AHEAD_NONE;
    lane->moved_ns = now.mono_ns;
    lane_showing_begin(lane, &lane->shown, now);
}

void lane_adopt(struct lane *lane, struct lane_time now)
{
    if (lane->ahead_state == AHEAD_READY) {
        swap(lane, now);
    }
}

void lane_put(struct lane *lane)
{
    struct presenter *presenter = lane->host->presenter;
    struct rect rect = lane->zone.rect;
    if (rect_empty(rect)) {
        return;
    }
    if (lane->shown.reel != NULL && reel_put(lane->shown.reel, presenter, rect.x, rect.y)) {
        return;
    }
    if (lane->shown.canvas != NULL) {
        presenter_put(presenter, lane->shown.canvas,
                      (struct rect){0, 0, lane->shown.canvas->width, lane->shown.canvas->height},
                      rect.x, rect.y);
    } else {
        presenter_fill(presenter, rect, COLOR_RGB(lane->zone.fill));
    }
}

void lane_compose(struct lane *lane, struct canvas *canvas)
{
    struct rect rect = lane->zone.rect;
    if (rect_empty(rect) ||
        (lane->shown.reel != NULL && reel_draw(lane->shown.reel, canvas, rect.x, rect.y))) {
        return;
    }
    if (lane->shown.canvas != NULL) {
        canvas_copy(canvas, lane->shown.canvas,
                    (struct rect){0, 0, lane->shown.canvas->width, lane->shown.canvas->height},
                    rect.x, rect.y);
    } else {
        canvas_fill_rect(canvas, rect, COLOR_RGB(lane->zone.fill));
    }
}

const struct canvas *lane_still(const struct lane *lane)
{
    return lane->shown.reel == NULL ? lane->shown.canvas : NULL;
}

static enum transition_kind kind_of(const struct lane *lane, const struct cue *cue)
{
    enum transition_kind kind = cue->loop != NULL ? cue->loop->transition : TRANSITION_FADE;
    if (cue->class == INTERVAL_EMERGENCY) {
        return TRANSITION_CUT;
    }
    /* The same content of a new edition, or another page of it: nothing new comes in. */
    if (frame_akin(&lane->shown.cue.frame, &cue->frame) || lane->zone.kind == LANE_NEWS) {
        return TRANSITION_FADE;
    }
    return lane->host->reduced_motion && kind != TRANSITION_CUT ? TRANSITION_FADE : kind;
}

static int64_t length_of(const struct lane *lane, const struct cue *cue)
{
    if (lane->zone.kind == LANE_NEWS) {
        return NEWS_FADE_MS;
    }
    return cue->loop != NULL ? cue->loop->transition_ms : FADE_MS;
}

static bool advance(struct lane *lane, struct lane_time now)
{
    int64_t elapsed_ns = now.mono_ns - lane->from_ns;
    int64_t frame = elapsed_ns / LANE_FRAME_NS;
    struct lane_figures *figures = &lane->host->figures;
    if (frame > lane->step_frame + 1) {
        figures->dropped += frame - lane->step_frame - 1;
    }
    lane->step_frame = frame;
    figures->frames++;
    bool over = elapsed_ns >= lane->length_ns;
    transition_show(lane->transition, over
                                          ? TRANSITION_STEPS
                                          : (int)(elapsed_ns * TRANSITION_STEPS / lane->length_ns));
    if (over) {
        swap(lane, now);
    }
    return true;
}

/* A film's last picture is not known before it is needed. */
static void make_transition(struct lane *lane, const struct cue *cue)
{
    if (lane->transition == NULL) {
        lane->transition =
            transition_create(lane->host->presenter, kind_of(lane, cue),
                              lane->shown.reel == NULL ? lane->shown.canvas : NULL,
                              lane->ahead.canvas, lane->zone.rect.x, lane->zone.rect.y);
        lane->prepared = lane->transition == NULL;
    }
}

static bool has_transition(const struct lane *lane, const struct cue *cue)
{
    bool goes_on = cue->frame.kind == FRAME_FILM && cue->again && lane->shown.reel != NULL;
    return lane->shown.canvas != NULL && fits(lane->shown.canvas, &cue->frame) && !goes_on &&
           kind_of(lane, cue) != TRANSITION_CUT && length_of(lane, cue) > 0;
}

static bool begin(struct lane *lane, const struct cue *cue, struct lane_time now)
{
    lane->ahead.cue = *cue; /* what was drawn ahead did not know when it would begin */
    if (!has_transition(lane, cue)) {
        swap(lane, now);
        lane_film_catch_up(lane, now);
        lane_put(lane);
        lane->host->figures.frames++;
        return true;
    }
    make_transition(lane, cue);
    if (lane->shown.reel != NULL) {
        lane_film_freeze(lane);
        transition_set_first(lane->transition, lane->shown.canvas);
    }
    /* What begins on time begins at its very beginning, so that neighbours move together. */
    int64_t late_ms = cue->from_ms == INT64_MIN ? 0 : now.wall_ms - cue->from_ms;
    late_ms = late_ms >= 0 && late_ms <= LATE_MS ? late_ms : 0;
    lane->from_ns = now.mono_ns - late_ms * 1000000;
    lane->length_ns = length_of(lane, cue) * 1000000;
    lane->step_frame = (now.mono_ns - lane->from_ns) / LANE_FRAME_NS;
    lane->running = true;
    lane->host->figures.transitions++;
    lane_showing_begin(lane, &lane->ahead, now);
    return advance(lane, now);
}

/* The film that shows, in a new edition: it plays on. */
static void rebind(struct lane *lane, const struct cue *cue)
{
    struct picture *shown = &lane->shown;
    if (shown->reel == NULL || cue->frame.kind != FRAME_FILM || lane_picture_is(shown, cue) ||
        !fits(shown->canvas, &cue->frame)) {
        return;
    }
    const struct slide_video *had = &shown->cue.frame.slide->video;
    const struct slide_video *has = &cue->frame.slide->video;
    if (shown->cue.item_from_ms == cue->item_from_ms && sha256_equal(&had->file, &has->file) &&
        had->has_captions == has->has_captions &&
        (!had->has_captions || sha256_equal(&had->captions, &has->captions))) {
        edition_retain(cue->frame.edition);
        edition_release(shown->edition);
        shown->edition = cue->frame.edition;
        shown->cue = *cue;
    }
}

/* What comes next; false when it is no use to draw it: shown already, unknown, or another layout's.
 */
static bool next_cue(struct lane *lane, const struct cue *cue, int64_t horizon_ms,
                     struct cue *next_out)
{
    if (cue->change_ms == INT64_MAX || cue->change_ms >= horizon_ms) {
        return false;
    }
    *next_out = lane_cue_at(lane, cue->change_ms);
    next_out->from_ms = next_out->from_ms > cue->change_ms ? next_out->from_ms : cue->change_ms;
    return next_out->any && !lane_picture_is(&lane->shown, next_out);
}

/* A band of what can be done before the transition; true while there is more. */
static bool prepare_transition(struct lane *lane, const struct cue *cue, struct lane_time now)
{
    if (lane->running || lane->host->presenter == NULL || lane->prepared || !is_ready(lane, cue) ||
        !has_transition(lane, cue) || !begins_within(cue, now, PREPARE_MS)) {
        return false;
    }
    make_transition(lane, cue);
    lane->prepared = lane->transition == NULL || !transition_prepare(lane->transition);
    return !lane->prepared;
}

bool lane_tick(struct lane *lane, struct lane_time now, int64_t horizon_ms)
{
    if (rect_empty(lane->zone.rect) || lane->covered) {
        return false;
    }
    lane_film_look(lane, now);
    struct cue cue = lane_cue_at(lane, now.wall_ms);
    bool put = false;
    if (lane->running) {
        if (cue.class != INTERVAL_EMERGENCY || frame_same(&lane->ahead.cue.frame, &cue.frame)) {
            return advance(lane, now);
        }
        lane_settle(lane); /* an emergency waits for nothing */
        lane_put(lane);
        put = true;
    }
    rebind(lane, &cue);
    if (lane->shown.reel != NULL && lane->host->presenter != NULL) {
        put = lane_film_tick(lane, now) || put;
        cue = lane_cue_at(lane, now.wall_ms); /* it may have failed */
    }
    lane_showing_turn(lane, &cue, now);
    bool shows = !cue.any || lane_picture_is(&lane->shown, &cue);
    lane->late_ns = shows ? 0 : lane->late_ns != 0 ? lane->late_ns : now.mono_ns;
    if (!shows && lane->host->presenter != NULL && is_ready(lane, &cue)) {
        return begin(lane, &cue, now);
    }
    struct cue wanted = cue;
    if (!shows || next_cue(lane, &cue, horizon_ms, &wanted)) {
        prepare(lane, &wanted, now, shows ? cue.change_ms : now.wall_ms);
        (void)prepare_transition(lane, &wanted, now);
    }
    return put;
}

/* Monotonic, of an instant of the wall clock. */
static int64_t mono_of(struct lane_time now, int64_t wall_ms)
{
    if (wall_ms >= now.wall_ms + SLEEP_NS_MAX / 1000000) {
        return now.mono_ns + SLEEP_NS_MAX;
    }
    return wall_ms <= now.wall_ms ? now.mono_ns : now.mono_ns + (wall_ms - now.wall_ms) * 1000000;
}

int64_t lane_next_wake(struct lane *lane, struct lane_time now, int64_t horizon_ms)
{
    int64_t wake_ns = now.mono_ns + SLEEP_NS_MAX;
    if (rect_empty(lane->zone.rect) || lane->covered) {
        return wake_ns;
    }
    if (lane->running) {
        int64_t elapsed_ns = now.mono_ns - lane->from_ns;
        return lane->from_ns + (elapsed_ns / LANE_FRAME_NS + 1) * LANE_FRAME_NS;
    }
    if (lane->retry_ns > now.mono_ns) {
        wake_ns = clock_earlier(wake_ns, lane->retry_ns);
    }
    if (lane->shown.reel != NULL) {
        wake_ns = clock_earlier(wake_ns, lane_film_wake(lane, now));
    }
    if (lane->ahead.reel != NULL && lane->ahead_state == AHEAD_ASKED) {
        wake_ns = clock_earlier(wake_ns, now.mono_ns + RETRY_NS); /* should it never say a word */
    }
    struct cue cue = lane_cue_at(lane, now.wall_ms);
    struct cue wanted = cue;
    wake_ns = clock_earlier(wake_ns, mono_of(now, cue.change_ms));
    bool shows = !cue.any || lane_picture_is(&lane->shown, &cue);
    if (shows && !next_cue(lane, &cue, horizon_ms, &wanted)) {
        return wake_ns;
    }
    if (wanted.frame.kind == FRAME_FILM && !ahead_is_for(lane, &wanted) &&
        !begins_within(&wanted, now, LANE_FILM_AHEAD_MS)) {
        wake_ns = clock_earlier(wake_ns, mono_of(now, wanted.from_ms - LANE_FILM_AHEAD_MS));
    }
    if (is_ready(lane, &wanted) && !lane->prepared && has_transition(lane, &wanted)) {
        wake_ns = clock_earlier(wake_ns, begins_within(&wanted, now, PREPARE_MS)
                                             ? now.mono_ns
                                             : mono_of(now, wanted.from_ms - PREPARE_MS));
    }
    return wake_ns;
}

void lane_settle(struct lane *lane)
{
    if (lane->running) {
        swap(lane, time_of(lane));
    } else {
        drop_transition(lane);
    }
}

void lane_cover(struct lane *lane, struct lane_time now, bool covered)
{
    if (covered == lane->covered) {
        return;
    }
    lane_settle(lane);
    lane->covered = covered;
    if (!covered) {
        lane_showing_begin(lane, &lane->shown, now);
        return;
    }
    lane_showing_end(lane, now);
    lane_film_freeze(lane);
    if (lane->ahead.reel != NULL) {
        lane_picture_clear(lane, &lane->ahead);
        lane->ahead_state = AHEAD_NONE;
    }
    lane->late_ns = 0;
}

bool lane_shows(const struct lane *lane)
{
    return lane->shown.canvas != NULL;
}

bool lane_still_moment(const struct lane *lane)
{
    return !lane->running;
}

bool lane_healthy(struct lane *lane, struct lane_time now)
{
    return lane->late_ns == 0 || now.mono_ns - lane->late_ns < HEALTHY_NS;
}

const struct slide *lane_slide(const struct lane *lane)
{
    return lane->shown.edition != NULL ? lane->shown.cue.frame.slide : NULL;
}
