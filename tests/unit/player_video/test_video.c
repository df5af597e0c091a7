#include "film_fixture.h"

#include <pthread.h>
#include <sys/eventfd.h>

#include "player/video/decoder.h"

static void test_every_frame(void **state)
{
    (void)state;
    char path[256];
    film_make(path, sizeof path, "plain.mp4", (struct film){0});
    struct video *video = film_open(path, 0);
    play_through(video, 0, 150);
    struct video_facts facts;
    assert_true(video_facts(video, &facts));
    assert_int_equal(facts.width, FILM_WIDTH);
    assert_int_equal(facts.height, FILM_HEIGHT);
    assert_true(facts.rate > 29.99 && facts.rate < 30.01);
    assert_int_equal(facts.length_us, 5000000);
    assert_string_equal(facts.codec, "h264");
    assert_false(facts.hardware);
    assert_string_equal(facts.no_hardware, "");
    struct video_figures figures;
    video_figures(video, &figures);
    assert_int_equal(figures.shown, 150);
    assert_int_equal(figures.dropped, 0);
    assert_int_equal(figures.damaged, 0);

    /* After the end the last frame stays. */
    assert_int_equal(film_await(video, 5500000), 149);
    assert_int_equal(film_await(video, 60000000), 149);
    assert_int_equal(video_state(video), VIDEO_ENDED);
    assert_int_equal(video_next_us(video), INT64_MAX);
    video_close(video);
}

static void test_starts_and_jumps(void **state)
{
    (void)state;
    /* Keyframes stand at 0, 60 and 120. */
    static const int frames[] = {1, 59, 60, 61, 100, 119, 120, 121, 148, 149};
    char path[256];
    film_make(path, sizeof path, "plain.mp4", (struct film){0});
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        struct video *video = film_open(path, position_of(frames[i]) + 5000);
        const struct video_image *image = NULL;
        while (!image) {
            video_frame(video, position_of(frames[i]) + 5000, &image);
            sleep_us(200);
        }
        assert_int_equal(film_number(image), frames[i]); /* the very first that is given */
        video_close(video);
    }
    struct video *video = film_open(path, 0);
    assert_int_equal(film_await(video, 0), 0);
    assert_int_equal(film_await(video, position_of(130)), 130); /* far ahead */
    play_through(video, 131, 140);
    assert_int_equal(film_await(video, position_of(20)), 20 /* the past */);
    play_through(video, 21, 150);
    assert_int_equal(film_await(video, 0), 0); /* from the end to the beginning */
    play_through(video, 1, 10);
    assert_int_equal(film_await(video, 70000000), 149);
    video_close(video);

    video = film_open(path, 70000000);
    assert_int_equal(film_await(video, 70000000), 149);
    video_close(video);
}

/* A small step back (a clock set right) keeps the frame rather than jumping about. */
static void test_small_step_back(void **state)
{
    (void)state;
    char path[256];
    film_make(path, sizeof path, "plain.mp4", (struct film){0});
    struct video *video = film_open(path, 0);
    play_through(video, 0, 40);
    const struct video_image *image;
    assert_false(video_frame(video, position_of(25), &image));
    assert_int_equal(film_number(image), 39);
    assert_int_equal(film_await(video, position_of(41)), 41);
    struct video_figures figures;
    video_figures(video, &figures);
    assert_int_equal(figures.seeks, 0);
    video_close(video);
}

/* Who asks rarely gets the newest frame due; what was passed over is counted. */
static void test_slow_consumer(void **state)
{
    (void)state;
    char path[256];
    film_make(path, sizeof path, "plain.mp4", (struct film){0});
    struct video *video = film_open(path, 0);
    int before = film_await(video, 0), shown = 1;
    for (int frame = 3; frame < 150; frame += 3) {
        int now = film_await(video, position_of(frame));
        assert_int_equal(now, frame);
        assert_true(now > before);
        before = now;
        shown++;
        sleep_us(2000);
    }
    struct video_figures figures;
    video_figures(video, &figures);
    assert_true(figures.shown >= shown);
    assert_int_equal(figures.shown + figures.dropped, before + 1);
    video_close(video);
}

/* Who does not ask for a while finds a short queue, and then the right frame. */
static void test_stalled_consumer(void **state)
{
    (void)state;
    char path[256];
    film_make(path, sizeof path, "plain.mp4", (struct film){0});
    struct video *video = film_open(path, 0);
    assert_int_equal(film_await(video, 0), 0);
    sleep_us(100000);
    assert_int_equal(video_next_us(video), 33333);
    const struct video_image *image;
    /* Old frames must not flash by on the way. */
    video_frame(video, position_of(100), &image);
    assert_int_equal(film_number(image), 0);
    int shown;
    do {
        video_frame(video, position_of(100), &image);
        shown = film_number(image);
        assert_true(shown == 0 || shown == 100);
        sleep_us(200);
    } while (shown == 0);
    struct video_figures figures;
    video_figures(video, &figures);
    assert_int_equal(figures.dropped, 99);
    video_close(video);
}

/* A clock that runs away faster than the film is decoded: frames are left out, those that show are
 * whole and in order, and none is lost from the count. */
static void test_hurry(void **state)
{
    (void)state;
    char path[256];
    film_make(path, sizeof path, "plain.mp4", (struct film){0});
    struct video *video = film_open(path, 0);
    int before = film_await(video, 0);
    for (int due = 25; due < 150; due += 25) {
        const struct video_image *image;
        int number = before;
        for (int64_t begin = now_us(); number < due - 2 && now_us() - begin < 2000000;) {
            if (video_frame(video, position_of(due), &image)) {
                number = film_number(image);
                assert_true(number > before && number <= due);
                before = number;
            }
        }
        assert_true(number >= due - 2);
    }
    assert_int_equal(film_await(video, 6000000), 149);
    struct video_figures figures;
    video_figures(video, &figures);
    assert_int_equal(figures.shown + figures.dropped, 150);
    assert_int_equal(figures.damaged, 0);
    video_close(video);
}

static int never(void *context)
{
    (void)context;
    return 0;
}

/* When frames come late more threads decode from the next key frame on; no frame is lost. */
static void test_more_threads(void **state)
{
    (void)state;
    char path[256];
    struct error err;
    film_make(path, sizeof path, "plain.mp4", (struct film){0});
    struct decoder *decoder =
        decoder_open(path, NULL, (struct decoder_interrupt){never, NULL}, &err);
    assert_non_null(decoder);
    for (int i = 0; i < 150; i++) {
        struct picture picture;
        assert_int_equal(decoder_next(decoder, -1, HURRY_NONE, &picture, &err), DECODER_PICTURE);
        assert_int_equal(film_number(&picture.image), i);
        picture_finish(&picture);
        if (i == 10) {
            decoder_widen(decoder);
        }
    }
    struct picture picture;
    assert_int_equal(decoder_next(decoder, -1, HURRY_NONE, &picture, &err), DECODER_END);
    decoder_close(decoder);
}

/* A film that follows itself: the second is opened near the end of the first, has its frames ready
 * at the seam without a wait, and no frame is missing or doubled. */
static void test_loop_without_gap(void **state)
{
    (void)state;
    char path[256];
    enum { FRAMES = 20 };
    film_make(path, sizeof path, "short.mp4", (struct film){.frames = FRAMES});
    struct video *now = film_open(path, 0);
    for (int round = 0; round < 3; round++) {
        const struct video_image *image;
        play_through(now, 0, FRAMES - 8);
        struct video *next = film_open(path, 0);
        play_through(now, FRAMES - 8, FRAMES);
        for (int i = 0; i < 2000 && video_next_us(next) == INT64_MAX; i++) {
            sleep_us(1000);
        }
        video_close(now);
        now = next;
        assert_true(video_frame(now, 0, &image));
        assert_int_equal(film_number(image), 0);
        assert_false(video_frame(now, 1000, &image));
    }
    video_close(now);
}

struct bell {
    int fd;
    pthread_mutex_t lock;
    int rings;
    bool closed, after_close;
};

static void handle_wake(void *context)
{
    struct bell *bell = context;
    uint64_t one = 1;
    pthread_mutex_lock(&bell->lock);
    bell->rings++;
    bell->after_close |= bell->closed;
    pthread_mutex_unlock(&bell->lock);
    ssize_t written = write(bell->fd, &one, sizeof one);
    (void)written;
}

static void test_wake(void **state)
{
    (void)state;
    char path[256];
    struct error err;
    struct bell bell = {.fd = eventfd(0, 0), .lock = PTHREAD_MUTEX_INITIALIZER};
    film_make(path, sizeof path, "plain.mp4", (struct film){0});
    struct video_options options = {.wake = handle_wake, .context = &bell};
    struct video *video = video_open(path, &options, &err);
    const struct video_image *image;
    uint64_t rings;
    int number = -1;
    while (number < 30) { /* sleeps only by the bell: it must ring whenever there was nothing */
        if (!video_frame(video, position_of(number + 1), &image)) {
            assert_int_equal(read(bell.fd, &rings, sizeof rings), sizeof rings);
        } else {
            number = film_number(image);
        }
    }
    video_close(video);
    pthread_mutex_lock(&bell.lock);
    bell.closed = true;
    pthread_mutex_unlock(&bell.lock);
    sleep_us(50000);
    assert_false(bell.after_close);

    bell.closed = false;
    video = video_open("/nonexistent/film.mp4", &options, &err);
    assert_int_equal(read(bell.fd, &rings, sizeof rings), sizeof rings);
    assert_int_equal(video_state(video), VIDEO_FAILED);
    video_close(video);
    close(bell.fd);
}

static int open_files(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder)) {
        count++;
    }
    closedir(folder);
    return count;
}

static int threads(void)
{
    int count = 0;
    DIR *folder = opendir("/proc/self/task");
    while (folder && readdir(folder)) {
        count++;
    }
    closedir(folder);
    return count;
}

/* Closed at every stage, in no longer than a frame; nothing stays behind. */
static void test_open_and_close(void **state)
{
    (void)state;
    char path[256];
    film_make(path, sizeof path, "plain.mp4", (struct film){0});
    for (int i = 0; i < 100 && threads() > 1; i++) {
        sleep_us(2000); /* those of films closed before */
    }
    int files = open_files(), tasks = threads();
    int64_t slowest = 0;
    for (int i = 0; i < 200; i++) {
        struct video *video = film_open(path, i % 3 == 0 ? 3000000 : 0);
        const struct video_image *image;
        if (i % 4 == 1) {
            sleep_us(i * 50);
        } else if (i % 4 == 2) {
            film_await(video, 3000000);
        } else if (i % 4 == 3) {
            video_frame(video, 4000000, &image);
        }
        int64_t begin = now_us();
        video_close(video);
        int64_t took = now_us() - begin;
        slowest = took > slowest ? took : slowest;
    }
    assert_true(slowest < 33000);
    for (int i = 0; i < 1000 && threads() > tasks; i++) {
        sleep_us(2000);
    }
    assert_true(threads() <= tasks);
    assert_int_equal(open_files(), files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_frame),

        cmocka_unit_test(test_starts_and_jumps),
        cmocka_unit_test(test_small_step_back),
        cmocka_unit_test(test_slow_consumer),
        cmocka_unit_test(test_stalled_consumer),
        cmocka_unit_test(test_hurry),
        cmocka_unit_test(test_more_threads),
        cmocka_unit_test(test_loop_without_gap),
        cmocka_unit_test(test_wake),
        cmocka_unit_test(test_open_and_close),
    };
    return cmocka_run_group_tests(tests, films_setup, films_teardown);
}
