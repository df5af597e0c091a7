#include "player/stage/stage.h"

#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "player/stage/calm.h"
#include "player/stage/stage_private.h"

#define FADE_MS 500 /* where no loop says how a layout comes in */
/* A layout that is due waits so long for its smaller zones, then shows without them. */
#define PATIENCE_NS INT64_C(1500000000)
#define FIRST_PATIENCE_NS INT64_C(250000000)
#define LATE_MS 100
#define HEALTHY_NS INT64_C(10000000000)
#define SLEEP_NS_MAX INT64_C(60000000000)
/* The display's power goes after so long in the dark, and comes back so long before it ends: some
 * panels take several seconds. */
#define POWER_OFF_MS 20000
#define POWER_ON_MS 12000
#define SHIFT_NS (INT64_C(180) * 1000000000)
#define SHIFT_MOST 4

static struct lane_time time_now(const struct stage *stage)
{
    return (struct lane_time){clock_wall_ms(&stage->host.clock), clock_mono_ns(&stage->host.clock)};
}

struct stage *stage_create(const struct stage_config *config)
{
    struct stage *stage = calloc(1, sizeof *stage);
    if (stage == NULL) {
        abort();
    }
    stage->host = (struct lane_host){.worker = config->worker,
                                     .clock = config->clock,
                                     .display = config->display,
                                     .state = config->state,
                                     .spool = config->spool,
                                     .quarantine = config->quarantine,
                                     .hardware = config->hardware,
                                     .wake = config->wake,
                                     .fault = config->fault,
                                     .context = config->context,
                                     .welcome = edition_retain(config->welcome),
                                     .reduced_motion = config->reduced_motion};
    stage->always_reduced = config->reduced_motion;
    stage->horizon_ms = INT64_MAX;
    return stage;
}

static void end_change(struct stage *stage)
{
    transition_destroy(stage->change.transition);
    arrangement_destroy(stage->change.leaving);
    canvas_destroy(stage->change.first);
    canvas_destroy(stage->change.second);
    stage->change = (struct change){0};
}

static void drop_coming(struct stage *stage)
{
    arrangement_destroy(stage->coming);
    stage->coming = NULL;
    stage->due_ns = 0;
}

void stage_destroy(struct stage *stage)
{
    if (stage != NULL) {
        end_change(stage);
        drop_coming(stage);
        arrangement_destroy(stage->current);
        edition_release(stage->calm);
        edition_release(stage->edition);
        edition_release(stage->urgent);
        edition_release(stage->host.welcome);
        free(stage);
    }
}

void stage_set_presenter(struct stage *stage, struct presenter *presenter, struct text_engine *text)
{
    end_change(stage);
    if (stage->current != NULL) {
        arrangement_settle(stage->current);
    }
    stage->host.presenter = presenter;
    stage->host.text = text;
    stage->dark = false; /* it is put anew */
    stage->shift = 0;
}

/* --- What should show --- */

static void update_metrics(struct stage *stage)
{
    const struct stage_screen *screen = &stage->screen;
    int diagonal_mm = screen->diagonal_mm;
    int distance_mm = screen->viewing_distance_mm;
    if (stage->edition != NULL) {
        diagonal_mm = stage->edition->manifest->screen.diagonal_mm;
        distance_mm = stage->edition->manifest->screen.viewing_distance_mm;
    }
    stage->host.metrics = metrics_make(screen->width, screen->height, diagonal_mm, distance_mm);
    stage->host.reduced_motion =
        stage->always_reduced ||
        (stage->edition != NULL && stage->edition->manifest->screen.reduced_motion);
}

void stage_set_screen(struct stage *stage, const struct stage_screen *screen)
{
    end_change(stage);
    stage->screen = *screen;
    update_metrics(stage);
    if (stage->current != NULL) {
        int height = screen->height - screen->bottom > 1 ? screen->height - screen->bottom : 1;
        struct rect area = arrangement_area(stage->current);
        bool fits = area.w == screen->width && area.h == height;
        /* One of another size stands still until the new one is there: its films would be drawn
         * over what stands beside it now. */
        arrangement_cover(stage->current, time_now(stage), stage->covered || !fits);
    }
}

void stage_set_welcome(struct stage *stage, struct edition *welcome)
{
    edition_retain(welcome);
    edition_release(stage->host.welcome);
    stage->host.welcome = welcome;
}

/* What shows goes on in the new editions; the lanes find out what is different. */
static void follow(struct stage *stage)
{
    struct lane_time now = time_now(stage);
    edition_release(stage->calm);
    stage->calm = NULL;
    if (stage_urgent(stage) == NULL) {
        edition_release(stage->urgent); /* the edition has caught up with it */
        stage->urgent = NULL;
    }
    if (stage->edition != NULL && stage->urgent != NULL) {
        stage->calm = calm_edition(stage->edition);
    }
    update_metrics(stage);
    end_change(stage);
    drop_coming(stage);
    struct arrangement_wish wish = stage_wish_at(stage, now.wall_ms);
    if (stage->current != NULL && arrangement_fits(stage->current, &wish, stage->screen.bottom)) {
        arrangement_follow(stage->current, &wish);
    }
}

void stage_set_edition(struct stage *stage, struct edition *edition)
{
    edition_retain(edition);
    edition_release(stage->edition);
    stage->edition = edition;
    follow(stage);
}

void stage_set_urgent(struct stage *stage, struct edition *urgent)
{
    edition_retain(urgent);
    edition_release(stage->urgent);
    stage->urgent = urgent;
    follow(stage);
}

void stage_refresh(struct stage *stage)
{
    stage->host.revision++;
    if (stage->current != NULL) {
        arrangement_retry(stage->current);
    }
    if (stage->coming != NULL) {
        arrangement_retry(stage->coming);
    }
}

void stage_take(struct stage *stage, struct job *job)
{
    if ((stage->coming == NULL || !arrangement_take(stage->coming, job)) &&
        (stage->current == NULL || !arrangement_take(stage->current, job))) {
        job_destroy(job); /* of a layout that is gone */
    }
}

/* --- Changes --- */

/* What is coming shows at once: the first picture, an emergency, another size of the picture. */
static bool cut(struct stage *stage, struct lane_time now)
{
    end_change(stage);
    arrangement_destroy(stage->current);
    stage->current = stage->coming;
    stage->coming = NULL;
    stage->due_ns = 0;
    arrangement_adopt(stage->current, now);
    arrangement_put(stage->current, now);
    stage->host.figures.frames++;
    return true;
}

static bool step(struct stage *stage, struct lane_time now)
{
    struct change *change = &stage->change;
    int64_t elapsed_ns = now.mono_ns - change->from_ns;
    int64_t frame = elapsed_ns / LANE_FRAME_NS;
    if (frame > change->step_frame + 1) {
        stage->host.figures.dropped += frame - change->step_frame - 1;
    }
    change->step_frame = frame;
    stage->host.figures.frames++;
    bool over = elapsed_ns >= change->length_ns;
    transition_show(change->transition,
                    over ? TRANSITION_STEPS
                         : (int)(elapsed_ns * TRANSITION_STEPS / change->length_ns));
    if (over) {
        end_change(stage);
    }
    return true;
}

static int64_t length_ns(const struct arrangement_wish *wish)
{
    return (wish->loop != NULL ? wish->loop->transition_ms : FADE_MS) * INT64_C(1000000);
}

static enum transition_kind kind_of(const struct stage *stage, const struct arrangement_wish *wish)
{
    enum transition_kind kind = wish->loop != NULL ? wish->loop->transition : TRANSITION_FADE;
    if (wish->class == INTERVAL_EMERGENCY) {
        return TRANSITION_CUT;
    }
    return stage->host.reduced_motion && kind != TRANSITION_CUT ? TRANSITION_FADE : kind;
}

static bool begin_change(struct stage *stage, const struct arrangement_wish *wish,
                         struct lane_time now)
{
    enum transition_kind kind = kind_of(stage, wish);
    struct rect area = arrangement_area(stage->coming);
    if (stage->current == NULL || stage->dark || kind == TRANSITION_CUT || length_ns(wish) == 0 ||
        area.w != arrangement_area(stage->current).w ||
        area.h != arrangement_area(stage->current).h) {
        stage->dark = false;
        return cut(stage, now);
    }
    struct change *change = &stage->change;
    struct arrangement *leaving = stage->current;
    arrangement_settle(leaving);
    arrangement_cover(leaving, now, true); /* films stand still, and nothing of it counts */
    arrangement_adopt(stage->coming, now);
    const struct canvas *first = arrangement_compose(leaving, now, &change->first);
    const struct canvas *second = arrangement_compose(stage->coming, now, &change->second);
    if (first != NULL && second != NULL) {
        change->transition =
            transition_create(stage->host.presenter, kind, first, second, area.x, area.y);
    }
    change->leaving = leaving;
    stage->current = NULL;
    if (change->transition == NULL) {
        return cut(stage, now); /* memory is out */
    }
    if (change->first != NULL) {
        arrangement_destroy(leaving);
        change->leaving = NULL;
    }
    stage->current = stage->coming;
    stage->coming = NULL;
    stage->due_ns = 0;
    int64_t late_ms = now.wall_ms - stage->coming_ms;
    late_ms = late_ms >= 0 && late_ms <= LATE_MS ? late_ms : 0;
    change->from_ns = now.mono_ns - late_ms * 1000000;
    change->length_ns = length_ns(wish);
    change->step_frame = (now.mono_ns - change->from_ns) / LANE_FRAME_NS;
    stage->host.figures.transitions++;
    return step(stage, now);
}

/* Makes ready what shows from `at_ms` on. */
static void make_ready(struct stage *stage, struct lane_time now, int64_t at_ms)
{
    struct arrangement_wish wish = stage_wish_at(stage, at_ms);
    if (stage->coming != NULL && (stage->coming_ms != at_ms && stage->coming_ms > now.wall_ms)) {
        drop_coming(stage);
    }
    if (stage->coming != NULL && !arrangement_fits(stage->coming, &wish, stage->screen.bottom)) {
        drop_coming(stage);
    }
    if (stage->coming == NULL) {
        stage->coming = arrangement_create(&stage->host, &wish, stage->screen.bottom);
        stage->coming_ms = at_ms;
    }
    arrangement_prepare(stage->coming, now, at_ms);
}

/* Another layout is due: the old one stays until it is ready. */
static bool change_when_ready(struct stage *stage, const struct arrangement_wish *wish,
                              struct lane_time now)
{
    make_ready(stage, now, now.wall_ms);
    if (stage->due_ns == 0) {
        stage->due_ns = now.mono_ns;
    }
    if (stage->host.presenter == NULL) {
        return false;
    }
    enum arrangement_ready ready = arrangement_ready(stage->coming, now.wall_ms);
    int64_t patience_ns = wish->class == INTERVAL_EMERGENCY ? 0
                          : stage->current == NULL          ? FIRST_PATIENCE_NS
                                                            : PATIENCE_NS;
    if (ready == ARRANGEMENT_ALL ||
        (ready == ARRANGEMENT_MAIN && now.mono_ns - stage->due_ns >= patience_ns)) {
        return begin_change(stage, wish, now);
    }
    return false;
}

/* --- The dark --- */

static void put_dark(struct stage *stage)
{
    presenter_fill(stage->host.presenter,
                   (struct rect){0, 0, stage->screen.width, stage->screen.height},
                   COLOR_RGB(0x000000));
}

static bool go_dark(struct stage *stage, struct lane_time now)
{
    end_change(stage);
    arrangement_destroy(stage->current);
    stage->current = NULL;
    stage->dark = true;
    stage->dark_from_ns = now.mono_ns;
    log_write(LOG_INFO, "closed", "display=%d", stage->host.display);
    put_dark(stage);
    return true;
}

/* --- The screen --- */

/* The picture wanders a pixel at a time over a square, row by row, and back. */
static void shift(struct stage *stage, struct lane_time now)
{
    enum { SIDE = 2 * SHIFT_MOST + 1 };
    if (now.mono_ns - stage->shift_ns < SHIFT_NS || !arrangement_still_moment(stage->current)) {
        return;
    }
    stage->shift_ns = now.mono_ns;
    if (++stage->shift == 1) {
        return; /* from the middle on, and not in the first minutes */
    }
    unsigned way = (stage->shift - 2 + SIDE * SIDE / 2) % (2 * (SIDE * SIDE - 1));
    unsigned place = way < SIDE * SIDE ? way : 2 * (SIDE * SIDE - 1) - way;
    int row = (int)(place / SIDE);
    int column = (int)(place % SIDE);
    presenter_set_shift(stage->host.presenter,
                        (row % 2 == 0 ? column : SIDE - 1 - column) - SHIFT_MOST, row - SHIFT_MOST);
    arrangement_put(stage->current, now);
    presenter_flush(stage->host.presenter);
}

/* Outside opening hours; shortly before they begin the first picture is made ready. */
static bool tick_dark(struct stage *stage, struct lane_time now)
{
    bool put = false;
    if (!stage->dark && stage->host.presenter != NULL) {
        put = go_dark(stage, now);
    }
    stage->horizon_ms = stage_find_horizon(stage, NULL, now.wall_ms);
    if (stage->horizon_ms != INT64_MAX) {
        make_ready(stage, now, stage->horizon_ms);
    }
    return put;
}

/* The layout that shows is not the one that should. */
static bool tick_change(struct stage *stage, const struct arrangement_wish *wish,
                        struct lane_time now)
{
    stage->horizon_ms = now.wall_ms;
    bool put = change_when_ready(stage, wish, now);
    if (put || stage->current == NULL || stage->host.presenter == NULL) {
        return put;
    }
    return arrangement_tick(stage->current, now, now.wall_ms);
}

static bool tick(struct stage *stage, struct lane_time now)
{
    if (stage_closed_at(stage, now.wall_ms, &stage->dark_until_ms)) {
        return tick_dark(stage, now);
    }
    struct arrangement_wish wish = stage_wish_at(stage, now.wall_ms);
    bool put = false;
    if (stage->change.transition != NULL) {
        if (wish.class != INTERVAL_EMERGENCY) {
            return step(stage, now);
        }
        end_change(stage); /* an emergency waits for nothing */
        arrangement_put(stage->current, now);
        put = true;
    }
    if (stage->current == NULL || !arrangement_fits(stage->current, &wish, stage->screen.bottom)) {
        return tick_change(stage, &wish, now) || put;
    }
    if (arrangement_edition(stage->current) != wish.edition) {
        arrangement_follow(stage->current, &wish);
    }
    stage->horizon_ms = stage_find_horizon(stage, stage->current, now.wall_ms);
    if (stage->horizon_ms != INT64_MAX) {
        make_ready(stage, now, stage->horizon_ms);
    } else {
        drop_coming(stage);
    }
    return arrangement_tick(stage->current, now, stage->horizon_ms) || put;
}

bool stage_tick(struct stage *stage)
{
    struct lane_time now = time_now(stage);
    stage->ticked = now;
    if (stage->covered || stage->screen.width == 0) {
        return false;
    }
    if (!tick(stage, now)) {
        if (stage->host.presenter != NULL && stage->current != NULL && !stage->dark) {
            shift(stage, now);
        }
        return false;
    }
    presenter_flush(stage->host.presenter);
    return true;
}

static int64_t mono_of(struct lane_time now, int64_t wall_ms)
{
    if (wall_ms >= now.wall_ms + SLEEP_NS_MAX / 1000000) {
        return now.mono_ns + SLEEP_NS_MAX;
    }
    return wall_ms <= now.wall_ms ? now.mono_ns : now.mono_ns + (wall_ms - now.wall_ms) * 1000000;
}

int64_t stage_next_wake(struct stage *stage)
{
    struct lane_time now = stage->ticked;
    int64_t wake_ns = now.mono_ns + SLEEP_NS_MAX;
    int64_t boundary_ms = stage_boundary_after(stage, now.wall_ms);
    wake_ns = clock_earlier(wake_ns, mono_of(now, boundary_ms)); /* an emergency is not held up */
    if (stage->covered) {
        return wake_ns;
    }
    if (boundary_ms != INT64_MAX && boundary_ms > now.wall_ms + STAGE_AHEAD_MS) {
        wake_ns = clock_earlier(wake_ns, mono_of(now, boundary_ms - STAGE_AHEAD_MS));
    }
    if (stage->dark) {
        int64_t off_ns = stage->dark_from_ns + POWER_OFF_MS * INT64_C(1000000);
        wake_ns = off_ns > now.mono_ns ? clock_earlier(wake_ns, off_ns) : wake_ns;
        int64_t on_ms = stage->dark_until_ms;
        on_ms = on_ms > INT64_MIN + POWER_ON_MS ? on_ms - POWER_ON_MS : on_ms;
        return on_ms > now.wall_ms ? clock_earlier(wake_ns, mono_of(now, on_ms)) : wake_ns;
    }
    if (stage->change.transition != NULL) {
        const struct change *change = &stage->change;
        int64_t elapsed_ns = now.mono_ns - change->from_ns;
        return change->from_ns + (elapsed_ns / LANE_FRAME_NS + 1) * LANE_FRAME_NS;
    }
    if (stage->due_ns != 0) {
        int64_t patience_ns = stage->current == NULL ? FIRST_PATIENCE_NS : PATIENCE_NS;
        int64_t due_ns = stage->due_ns + patience_ns;
        wake_ns = clock_earlier(wake_ns, due_ns > now.mono_ns ? due_ns : now.mono_ns + PATIENCE_NS);
    }
    if (stage->current != NULL) {
        wake_ns =
            clock_earlier(wake_ns, arrangement_next_wake(stage->current, now, stage->horizon_ms));
    }
    return wake_ns;
}

bool stage_put(struct stage *stage)
{
    if (stage->host.presenter == NULL || (stage->current == NULL && !stage->dark)) {
        return false;
    }
    end_change(stage);
    if (stage->dark) {
        put_dark(stage);
    } else {
        arrangement_put(stage->current, time_now(stage));
    }
    presenter_flush(stage->host.presenter);
    return true;
}

void stage_set_covered(struct stage *stage, bool covered)
{
    if (covered == stage->covered) {
        return;
    }
    end_change(stage);
    stage->covered = covered;
    if (stage->current != NULL) {
        arrangement_cover(stage->current, time_now(stage), covered);
    }
    if (covered) {
        drop_coming(stage);
    }
}

bool stage_shows(const struct stage *stage)
{
    return stage->host.presenter != NULL && (stage->dark || stage->current != NULL);
}

bool stage_is_dark(const struct stage *stage)
{
    return stage->dark;
}

bool stage_wants_power(const struct stage *stage)
{
    struct lane_time now = time_now(stage);
    int64_t until_ms;
    return !stage->dark || stage->covered || !stage_closed_at(stage, now.wall_ms, &until_ms) ||
           now.mono_ns - stage->dark_from_ns < POWER_OFF_MS * INT64_C(1000000) ||
           until_ms - now.wall_ms <= POWER_ON_MS;
}

bool stage_healthy(struct stage *stage)
{
    struct lane_time now = time_now(stage);
    if (stage->covered) {
        return true;
    }
    if (stage->due_ns != 0 && now.mono_ns - stage->due_ns > HEALTHY_NS) {
        return false;
    }
    return stage->current == NULL || arrangement_healthy(stage->current, now);
}

struct lane_figures stage_figures(const struct stage *stage)
{
    return stage->host.figures;
}

const struct slide *stage_slide(const struct stage *stage)
{
    return stage->current != NULL ? arrangement_slide(stage->current) : NULL;
}
