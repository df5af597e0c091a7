/* The stage by a clock that stands still until it is moved: what shows when, when it wants to be
 * woken, what it makes of jumps of time, and what it calls healthy. */
#include <SDL.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "player/stage/stage.h"
#include "player/stage/welcome.h"

#define WIDTH 320
#define HEIGHT 180
#define START_MS INT64_C(1795504200000) /* a whole minute */
#define NS_PER_MS INT64_C(1000000)

struct house {
    struct manual_clock manual;
    struct worker *worker;
    pthread_mutex_t lock;
    struct job *jobs; /* that came back */
    SDL_Window *window;
    struct presenter *presenter;
    struct text_engine *text;
    struct state state;
    struct edition *welcome;
    struct stage *stage;
};

static void deliver(void *context, struct job *job)
{
    struct house *house = context;
    pthread_mutex_lock(&house->lock);
    job->next = house->jobs;
    house->jobs = job;
    pthread_mutex_unlock(&house->lock);
}

static void wake(void *context)
{
    (void)context;
}

static void fault(void *context, const char *code, const char *detail, const struct sha256 *repair)
{
    (void)context, (void)repair;
    fail_msg("%s: %s", code, detail);
}

static int setup(void **context)
{
    struct house *house = calloc(1, sizeof *house);
    struct error err;
    struct worker_config config = {VITRINE_SOURCE_DIR "/assets", deliver, house};
    struct welcome_facts facts = {.lang = LANG_FR, .enrolled = true};
    pthread_mutex_init(&house->lock, NULL);
    house->manual.wall_ms = START_MS;
    house->worker = worker_create(&config, &err);
    assert_non_null(house->worker);
    house->text = worker_text(house->worker, &err);
    assert_non_null(house->text);
    assert_int_equal(SDL_InitSubSystem(SDL_INIT_VIDEO), 0);
    house->window = SDL_CreateWindow("essai", 0, 0, WIDTH, HEIGHT, 0);
    house->presenter = presenter_create(house->window, PRESENTER_SURFACE, 0, &err);
    assert_non_null(house->presenter);
    house->welcome = welcome_create(&facts);
    struct stage_config stage = {.worker = house->worker,
                                 .clock = clock_manual(&house->manual),
                                 .state = &house->state,
                                 .wake = wake,
                                 .fault = fault,
                                 .context = house,
                                 .welcome = house->welcome};
    struct stage_screen screen = {.width = WIDTH, .height = HEIGHT};
    house->stage = stage_create(&stage);
    stage_set_screen(house->stage, &screen);
    stage_set_presenter(house->stage, house->presenter, house->text);
    *context = house;
    return 0;
}

static int teardown(void **context)
{
    struct house *house = *context;
    stage_destroy(house->stage);
    presenter_destroy(house->presenter);
    worker_destroy(house->worker);
    while (house->jobs != NULL) {
        struct job *job = house->jobs;
        house->jobs = job->next;
        job_destroy(job);
    }
    edition_release(house->welcome);
    SDL_DestroyWindow(house->window);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
    pthread_mutex_destroy(&house->lock);
    free(house);
    return 0;
}

static void move(struct house *house, int64_t ms)
{
    house->manual.wall_ms += ms;
    house->manual.mono_ns += ms * NS_PER_MS;
}

/* Gives the stage what the worker has drawn; true when there was something. */
static bool bring(struct house *house)
{
    pthread_mutex_lock(&house->lock);
    struct job *job = house->jobs;
    house->jobs = NULL;
    pthread_mutex_unlock(&house->lock);
    bool any = job != NULL;
    while (job != NULL) {
        struct job *next = job->next;
        stage_take(house->stage, job);
        job = next;
    }
    return any;
}

/* Ticks, with time standing still, until all that is asked for is drawn. */
static void settle(struct house *house)
{
    for (int quiet = 0; quiet < 30; quiet++) { /* longer than the worker needs on a busy machine */
        stage_tick(house->stage);
        usleep(6000);
        if (bring(house)) {
            quiet = 0;
        }
    }
}

/* Goes on for so long as the stage wants to be woken; returns how often that was. */
static int run(struct house *house, int64_t ms)
{
    int64_t until_ns = house->manual.mono_ns + ms * NS_PER_MS;
    int wakes = 0;
    while (house->manual.mono_ns < until_ns) {
        int64_t wake_ns = stage_next_wake(house->stage);
        wake_ns = wake_ns > house->manual.mono_ns ? wake_ns : house->manual.mono_ns + NS_PER_MS;
        wake_ns = wake_ns < until_ns ? wake_ns : until_ns;
        int64_t step_ms = (wake_ns - house->manual.mono_ns + NS_PER_MS - 1) / NS_PER_MS;
        move(house, step_ms);
        stage_tick(house->stage);
        bring(house);
        wakes++;
    }
    return wakes;
}

/* One number for all that is on the screen. */
static uint32_t picture(struct house *house)
{
    struct canvas *canvas = presenter_snapshot(house->presenter);
    uint32_t sum = 2166136261u;
    assert_non_null(canvas);
    for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
            sum = (sum ^ (canvas->pixels[y * canvas->stride + x] & 0xFFFFFF)) * 16777619u;
        }
    }
    canvas_destroy(canvas);
    return sum;
}

struct item {
    const char *title;
    const char *template;
    int64_t duration_ms;
};

/* A loop from START_MS on, on a layout with or without a strip. */
static struct edition *make(const struct item *items, size_t count, bool strip)
{
    struct manifest *manifest = manifest_create();
    struct arena *arena = manifest->arena;
    struct error err;
    manifest->epoch = manifest->version = 1;
    manifest->valid_until_ms = START_MS + MANIFEST_HORIZON_MS;
    manifest->screen = (struct manifest_screen){.id = "quai",
                                                .name = "Quai",
                                                .site = "",
                                                .site_id = "",
                                                .width_px = WIDTH,
                                                .height_px = HEIGHT,
                                                .diagonal_mm = 1400,
                                                .viewing_distance_mm = 3000,
                                                .time_zone = "Europe/Paris",
                                                .language_count = 1,
                                                .languages = {"fr"}};
    manifest->offset_count = 1;
    manifest->offsets = arena_array(arena, 1, sizeof *manifest->offsets);
    manifest->slide_count = count;
    manifest->slides = arena_array(arena, count, sizeof *manifest->slides);
    struct manifest_item *loop_items = arena_array(arena, count, sizeof *loop_items);
    for (size_t i = 0; i < count; i++) {
        char id[2] = {(char)('a' + i), '\0'};
        struct slide *slide = &manifest->slides[i];
        *slide = (struct slide){.id = arena_strdup(arena, id),
                                .template = items[i].template,
                                .subject = "",
                                .organisation = "",
                                .title = items[i].title,
                                .lang = "fr",
                                .link = "",
                                .duration_ms = items[i].duration_ms,
                                .text_count = 1};
        slide->texts[0] = (struct slide_text){"title", items[i].title};
        loop_items[i] = (struct manifest_item){i, items[i].duration_ms};
    }
    manifest->loop_count = 1;
    manifest->loops = arena_array(arena, 1, sizeof *manifest->loops);
    manifest->loops[0] = (struct manifest_loop){
        .playlist = "essai", .transition_ms = 500, .item_count = count, .items = loop_items};
    manifest->interval_count = 1;
    manifest->intervals = arena_array(arena, 1, sizeof *manifest->intervals);
    manifest->intervals[0] =
        (struct manifest_interval){.from_ms = START_MS,
                                   .until_ms = START_MS + MANIFEST_HORIZON_MS,
                                   .origin_ms = START_MS,
                                   .layout = strip ? LAYOUT_STRIP : LAYOUT_WHOLE,
                                   .rule = "essai"};
    manifest_add_plain_layouts(manifest);
    if (!manifest_check(manifest, &err)) {
        fail_msg("%s: %s", err.field, err.en);
    }
    return edition_create(manifest);
}

static const struct item pair[] = {{"Un", "announcement", 10000}, {"Deux", "highlight", 10000}};

static void play(struct house *house, struct edition *edition)
{
    stage_set_edition(house->stage, edition);
    edition_release(edition);
    settle(house);
    move(house, 600);
    settle(house); /* what came by a fade has come */
}

static void test_by_the_clock(void **context)
{
    struct house *house = *context;
    play(house, make(pair, 2, false));
    uint32_t first = picture(house);
    run(house, 9300); /* 9.9 s */
    assert_int_equal(picture(house), first);
    assert_int_equal(stage_figures(house->stage).transitions, 0);
    run(house, 300); /* the middle of the fade */
    assert_int_equal(stage_figures(house->stage).transitions, 1);
    run(house, 400);
    uint32_t second = picture(house);
    assert_int_not_equal(second, first);
    settle(house); /* the worker draws in its own time */
    run(house, 10000);
    assert_int_equal(picture(house), first);
    assert_int_equal(stage_figures(house->stage).dropped, 0);
}

/* Nothing wakes it but a change, the strip's minute, and once a minute at least. */
static void test_sleeps(void **context)
{
    static const struct item still[] = {{"Un", "announcement", 600000}};
    struct house *house = *context;
    play(house, make(still, 1, false));
    assert_true(run(house, 600000) <= 25);
    play(house, make(still, 1, true));
    run(house, 120000);
    int64_t wait_ms = (stage_next_wake(house->stage) - house->manual.mono_ns) / NS_PER_MS;
    assert_int_equal((house->manual.wall_ms + wait_ms) % 60000, 0);
}

/* A change that came between the look at the clock and the question is due at once. */
static void test_misses_nothing(void **context)
{
    struct house *house = *context;
    play(house, make(pair, 2, false));
    run(house, 9399); /* one millisecond before the change */
    move(house, 1000);
    assert_true(stage_next_wake(house->stage) <= house->manual.mono_ns);
}

/* Time jumps: another item shows, by a transition; what stands stays until then. */
static void test_jumps(void **context)
{
    static const int64_t jumps[] = {10000, -20000, INT64_C(365) * 86400000,
                                    -INT64_C(40) * 365 * 86400000, 86400000};
    struct house *house = *context;
    play(house, make(pair, 2, false));
    for (size_t i = 0; i < sizeof jumps / sizeof jumps[0]; i++) {
        house->manual.wall_ms += jumps[i];
        stage_tick(house->stage);
        assert_true(stage_shows(house->stage));
        settle(house);
        run(house, 600);
        settle(house);
        assert_true(stage_healthy(house->stage));
        assert_true(stage_next_wake(house->stage) > house->manual.mono_ns);
    }
}

static void test_health(void **context)
{
    struct house *house = *context;
    play(house, make(pair, 2, false));
    assert_true(stage_healthy(house->stage));
    /* The worker has the second slide and never gives it back. */
    for (int second = 0; second < 30; second++) {
        usleep(1000);
        pthread_mutex_lock(&house->lock);
        struct job *lost = house->jobs;
        house->jobs = NULL;
        pthread_mutex_unlock(&house->lock);
        job_destroy(lost);
        move(house, 1000);
        stage_refresh(house->stage); /* it must be drawn anew, too */
        stage_tick(house->stage);
    }
    assert_false(stage_healthy(house->stage));
}

/* The kiosk covers it: nothing is flushed, and afterwards it is where the clock is. */
static void test_covered(void **context)
{
    struct house *house = *context;
    play(house, make(pair, 2, false));
    uint32_t first = picture(house);
    stage_set_covered(house->stage, true);
    for (int i = 0; i < 12; i++) {
        move(house, 1000);
        assert_false(stage_tick(house->stage));
    }
    stage_set_covered(house->stage, false);
    assert_true(stage_put(house->stage));
    assert_int_equal(picture(house), first); /* never black meanwhile */
    settle(house);
    run(house, 700);
    assert_int_not_equal(picture(house), first);
}

/* A picture that stands for hours moves, a pixel at a time, and stays whole. */
static void test_shift(void **context)
{
    static const struct item still[] = {{"Un", "announcement", 600000}};
    struct house *house = *context;
    play(house, make(still, 1, false));
    run(house, INT64_C(8) * 3600000);
    SDL_Surface *surface = SDL_GetWindowSurface(house->window);
    const uint32_t *pixels = surface->pixels;
    for (int i = 0; i < WIDTH; i++) {
        assert_int_not_equal(pixels[i] & 0xFFFFFF, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_by_the_clock, setup, teardown),
        cmocka_unit_test_setup_teardown(test_sleeps, setup, teardown),
        cmocka_unit_test_setup_teardown(test_misses_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(test_jumps, setup, teardown),
        cmocka_unit_test_setup_teardown(test_health, setup, teardown),
        cmocka_unit_test_setup_teardown(test_covered, setup, teardown),
        cmocka_unit_test_setup_teardown(test_shift, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
