#include "film_fixture.h"

#include <sys/stat.h>

#include "core/files.h"
#include "player/video/video_hardware.h"

static const char *make_file(char *path, size_t size, const char *name, const void *bytes,
                             size_t length)
{
    struct error err;
    film_path(path, size, name);
    if (!file_write_atomic(path, bytes, length, 0644, &err)) {
        fail_msg("%s", err.en);
    }
    return path;
}

/* The film with some bytes changed: `edit` gets them all. */
static const char *make_edited(char *path, size_t size, const char *name, const char *original,
                               size_t (*edit)(char *bytes, size_t length))
{
    char *bytes;
    size_t length;
    struct error err;
    if (!file_read(original, 64 << 20, &bytes, &length, &err)) {
        fail_msg("%s", err.en);
    }
    make_file(path, size, name, bytes, edit(bytes, length));
    free(bytes);
    return path;
}

static void assert_fails(const char *path, const char *french)
{
    struct video *video = film_open(path, 0);
    const struct error *err = film_await_failure(video);
    if (!strstr(err->fr, french)) {
        fail_msg("%s: “%s” where “%s” is expected", path, err->fr, french);
    }
    assert_true(err->en[0] != '\0');
    assert_string_equal(err->file, path);
    video_close(video);
}

static void test_no_films(void **state)
{
    (void)state;
    char path[256];
    static const char text[] = "Ceci n’est pas un film.\n";
    assert_fails("/nonexistent/film.mp4", "ne peut pas être lu");
    assert_fails(film_folder, "pas un fichier");
    assert_fails(make_file(path, sizeof path, "empty.mp4", "", 0), "vide");
    assert_fails(make_file(path, sizeof path, "text.mp4", text, sizeof text - 1),
                 "pas un film lisible");
    /* A play list must not lead to other files, nor a name to a protocol. */
    static const char list[] = "#EXTM3U\n#EXTINF:5,\nplain.mp4\n#EXT-X-ENDLIST\n";
    assert_fails(make_file(path, sizeof path, "list.m3u8", list, sizeof list - 1),
                 "pas un film lisible");
    assert_fails("http://127.0.0.1:1/film.mp4", "ne peut pas être lu");
    film_path(path, sizeof path, "pipe.mp4");
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_fails(path, "pas un fichier");
}

static void test_unsupported(void **state)
{
    (void)state;
    static const struct {
        const char *name, *arguments, *french;
    } cases[] = {
        {"sound.mp4", "-f lavfi -i sine=duration=1 -c:a aac", "pas d’images animées"},
        {"huge.mp4",
         "-f lavfi -i color=size=3840x2400:rate=1:duration=1 -c:v libx264 -preset ultrafast",
         "3840 × 2400"},
        {"tall.mp4",
         "-f lavfi -i color=size=64x4096:rate=1:duration=1 -c:v libx264 -preset ultrafast",
         "64 × 4096"},
        {"theora.mkv", "-f lavfi -i testsrc2=size=128x96:duration=1 -c:v ffv1", "« ffv1 »"},
        {"film.avi", "-f lavfi -i testsrc2=size=128x96:duration=1 -c:v mpeg4",
         "pas un film lisible"},
        {"picture.png", "-f lavfi -i testsrc2=size=128x96:duration=1 -frames:v 1",
         "pas un film lisible"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[256];
        film_path(path, sizeof path, cases[i].name);
        if (!run_ffmpeg(cases[i].arguments, NULL, path)) {
            print_message("%s: no ffmpeg command that makes it\n", cases[i].name);
            skip();
        }
        assert_fails(path, cases[i].french);
    }
}

static size_t cut_half(char *bytes, size_t length)
{
    (void)bytes;
    return length / 2;
}

static size_t cut_head(char *bytes, size_t length)
{
    (void)bytes;
    return length > 200 ? 200 : length;
}

static size_t write_zeros(char *bytes, size_t length)
{
    memset(bytes + length / 2, 0, length / 2);
    return length;
}

/* The dimensions in the header say 30000 × 30000. */
static size_t lie_about_size(char *bytes, size_t length)
{
    for (size_t i = 0; i + 40 < length; i++) {
        if (memcmp(bytes + i, "avc1\0\0\0\0\0\0\0\1", 12) == 0) {
            memcpy(bytes + i + 28, "\x75\x30\x75\x30", 4);
            return length;
        }
    }
    return 0;
}

/* The header tells less than the stream is: the stream's own size must be looked at too. */
static size_t hide_size(char *bytes, size_t length)
{
    for (size_t i = 0; i + 40 < length; i++) {
        if (memcmp(bytes + i, "avc1\0\0\0\0\0\0\0\1", 12) == 0) {
            memcpy(bytes + i + 28, "\0\x40\0\x40", 4);
            return length;
        }
    }
    return 0;
}

static void test_damaged(void **state)
{
    (void)state;
    char original[256], late_moov[256], path[256];
    film_make(original, sizeof original, "plain.mp4", (struct film){0});
    film_make(late_moov, sizeof late_moov, "late.mp4",
              (struct film){.arguments = "-c:v libx264 -preset veryfast -g 60"});
    assert_fails(make_edited(path, sizeof path, "head.mp4", original, cut_head), "tronqué");
    assert_fails(make_edited(path, sizeof path, "no-moov.mp4", late_moov, cut_half),
                 "pas un film lisible");
    assert_fails(make_edited(path, sizeof path, "lie.mp4", original, lie_about_size),
                 "30000 × 30000");
    assert_fails(make_edited(path, sizeof path, "zeros.mp4", original, write_zeros), "abîmé");

    /* Cut in the middle: what is there plays, then the film fails. */
    make_edited(path, sizeof path, "half.mp4", original, cut_half);
    struct video *video = film_open(path, 0);
    for (int i = 0; i < 30; i++) {
        assert_int_equal(film_await(video, i * 1000000LL / FILM_RATE), i);
    }
    assert_non_null(strstr(film_await_failure(video)->fr, "tronqué"));
    const struct video_image *image;
    video_frame(video, 60000000, &image);
    assert_non_null(image); /* the last frame stays */
    video_close(video);
}

static void test_hidden_size(void **state)
{
    (void)state;
    char original[256], path[256];
    film_path(original, sizeof original, "large.mp4");
    if (!run_ffmpeg("-f lavfi -i color=size=4096x2304:rate=2:duration=1 -c:v libx264 -preset "
                    "ultrafast",
                    NULL, original)) {
        skip();
    }
    make_edited(path, sizeof path, "hidden.mp4", original, hide_size);
    struct video *video = film_open(path, 0);
    assert_non_null(film_await_failure(video));
    video_close(video);
}

static size_t damage_one_frame(char *bytes, size_t length)
{
    /* About a third of the data: within the second group of pictures of twenty. */
    memset(bytes + length / 3, 0x5A, 40);
    return length;
}

/* A little damage: the frames until the next key frame are left out, none is smeared. */
static void test_little_damage(void **state)
{
    (void)state;
    char original[256], path[256];
    film_make(original, sizeof original, "keys.mp4",
              (struct film){.arguments = "-c:v libx264 -preset veryfast -g 20 -bf 2 -movflags "
                                         "+faststart"});
    make_edited(path, sizeof path, "scratch.mp4", original, damage_one_frame);
    struct video *video = film_open(path, 0);
    const struct video_image *image;
    int before = -1, shown = 0;
    for (int64_t begin = now_us(); video_state(video) != VIDEO_ENDED && now_us() - begin < 3000000;
         sleep_us(200)) {
        int64_t next_us = video_next_us(video);
        if (video_state(video) == VIDEO_FAILED) {
            fail_msg("%s", video_error(video)->en);
        }
        if (video_frame(video, next_us == INT64_MAX ? before * 33334 : next_us, &image)) {
            int number = film_number(image);
            assert_true(number > before);
            assert_true(number <= before + 25);
            before = number;
            shown++;
        }
    }
    assert_int_equal(before, 149);
    assert_true(shown >= 125 && shown < 150);
    struct video_figures figures;
    video_figures(video, &figures);
    assert_true(figures.damaged > 0);
    video_close(video);
}

static void test_formats(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct film film;
        int width, height, rotation;
        bool full_range;
    } cases[] = {
        {"odd.mp4",
         {.width = 319, .height = 179, .arguments = "-c:v mpeg4 -q:v 2"},
         319,
         179,
         0,
         0},
        {"ten-bit.mp4",
         {.arguments = "-pix_fmt yuv420p10le -c:v libx264 -preset ultrafast"},
         320,
         180,
         0,
         0},
        {"422.mp4",
         {.arguments = "-pix_fmt yuv422p -c:v libx264 -preset ultrafast"},
         320,
         180,
         0,
         0},
        {"444.mp4",
         {.arguments = "-pix_fmt yuv444p -c:v libx264 -preset ultrafast"},
         320,
         180,
         0,
         0},
        {"rgb.mp4", {.arguments = "-c:v libx264rgb -preset ultrafast"}, 320, 180, 0, 0},
        {"full.mp4",
         {.arguments = "-vf scale=out_range=pc -pix_fmt yuvj420p -color_range pc -c:v libx264 "
                       "-preset ultrafast"},
         320,
         180,
         0,
         true},
        {"anamorphic.mp4",
         {.arguments = "-vf setsar=4/3 -c:v libx264 -preset ultrafast"},
         427,
         180,
         0,
         0},
        {"variable.mp4",
         {.arguments = "-vf setpts=if(lt(N\\,8)\\,N\\,N*2-8)/30/TB -vsync vfr -c:v libx264 "
                       "-preset ultrafast"},
         320,
         180,
         0,
         0},
        {"one.mp4", {.frames = 1}, 320, 180, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char path[256];
        struct film film = cases[i].film;
        film.frames = film.frames ? film.frames : 15;
        film_make(path, sizeof path, cases[i].name, film);
        struct video *video = film_open(path, 0);
        const struct video_image *image = NULL;
        int before = -1;
        while (video_state(video) != VIDEO_ENDED) {
            if (video_state(video) == VIDEO_FAILED) {
                fail_msg("%s: %s", cases[i].name, video_error(video)->en);
            }
            int64_t next_us = video_next_us(video);
            if (video_frame(video, next_us == INT64_MAX ? 0 : next_us, &image)) {
                if (film_number(image) != before + 1) {
                    fail_msg("%s: frame %d after %d", cases[i].name, film_number(image), before);
                }
                before++;
                assert_int_equal(image->full_range, cases[i].full_range);
            }
        }
        assert_int_equal(before, film.frames - 1);
        struct video_facts facts;
        assert_true(video_facts(video, &facts));
        if (facts.width != cases[i].width || facts.height != cases[i].height) {
            fail_msg("%s: %d × %d", cases[i].name, facts.width, facts.height);
        }
        /* The whole picture fills a rectangle of its own shape. */
        struct rectf crop = video_crop(video, image, 0.5, 0.5, facts.width, facts.height);
        assert_true(crop.w > image->width - 2 && crop.h > image->height - 2);
        video_close(video);
    }
}

/* A variable rate: each frame shows at its own time. */
static void test_variable_rate(void **state)
{
    (void)state;
    char path[256];
    film_make(path, sizeof path, "variable.mp4",
              (struct film){.frames = 15,
                            .arguments = "-vf setpts=if(lt(N\\,8)\\,N\\,N*2-8)/30/TB -vsync vfr "
                                         "-c:v libx264 -preset ultrafast"});
    struct video *video = film_open(path, 0);
    const struct video_image *image = NULL;
    while (video_state(video) == VIDEO_OPENING) {
        sleep_us(500);
    }
    for (int number = 0; number < 15; number++) {
        int64_t due = (number < 8 ? number : number * 2 - 8) * 1000000LL / 30;
        while (video_next_us(video) == INT64_MAX) {
            sleep_us(500);
        }
        video_frame(video, due - 2000, &image);
        assert_int_equal(film_number(image), number == 0 ? 0 : number - 1);
        video_frame(video, due, &image);
        assert_int_equal(film_number(image), number);
    }
    video_close(video);
}

static int turned_by;

/* The track header's matrix as telephones write it (ISO/IEC 14496-12, 8.3.2). */
static size_t turn(char *bytes, size_t length)
{
    static const char one[] = {0, 1, 0, 0}, minus[] = {-1, -1, 0, 0};
    for (size_t i = 0; i + 100 < length; i++) {
        if (memcmp(bytes + i, "tkhd", 4) == 0) {
            char *matrix = bytes + i + 44;
            memset(matrix, 0, 32);
            memcpy(matrix, turned_by == 180 ? minus : matrix + 4, 4);
            memcpy(matrix + 16, turned_by == 180 ? minus : matrix + 4, 4);
            if (turned_by != 180) {
                memcpy(matrix + 4, turned_by == 90 ? one : minus, 4);
                memcpy(matrix + 12, turned_by == 90 ? minus : one, 4);
            }
            return length;
        }
    }
    return 0;
}

/* Films of telephones say by how much they want to be turned. Bars run down the picture then. */
static void test_rotation(void **state)
{
    (void)state;
    static const int rotations[] = {90, 180, 270};
    char original[256];
    film_make(original, sizeof original, "short.mp4", (struct film){.frames = 20});
    for (int i = 0; i < 3; i++) {
        char path[256];
        turned_by = rotations[i];
        make_edited(path, sizeof path, "turned.mp4", original, turn);
        struct video *video = film_open(path, 500000);
        const struct video_image *image = NULL;
        while (!image) {
            video_frame(video, 500000, &image);
            sleep_us(200);
        }
        struct video_facts facts;
        assert_true(video_facts(video, &facts));
        assert_int_equal(facts.rotation, rotations[i]);
        bool across = rotations[i] != 180;
        assert_int_equal(facts.width, across ? FILM_HEIGHT : FILM_WIDTH);
        assert_int_equal(image->width, across ? FILM_HEIGHT : FILM_WIDTH);
        assert_int_equal(image->height, across ? FILM_WIDTH : FILM_HEIGHT);
        int number = 0, length = across ? image->height : image->width;
        for (int bar = 0; bar < BARS; bar++) {
            int at = (2 * bar + 1) * length / (2 * BARS);
            at = rotations[i] == 90 ? at : length - 1 - at;
            int x = across ? 90 : at, y = across ? at : 90;
            number |= (image->planes[0][y * image->strides[0] + x] > 128) << bar;
        }
        assert_int_equal(number, 15);
        video_close(video);
    }
}

/* Without a device the film plays all the same, and says why it is by software. */
static void test_hardware_missing(void **state)
{
    (void)state;
    char path[256];
    struct error err;
    film_make(path, sizeof path, "short.mp4", (struct film){.frames = 20});
    struct video_hardware *hardware = video_hardware_create("/nonexistent/renderD128");
    for (int round = 0; round < 2; round++) {
        struct video_options options = {.hardware = hardware};
        struct video *video = video_open(path, &options, &err);
        assert_non_null(video);
        if (round == 1) {
            video_hardware_destroy(hardware); /* films may outlive it */
        }
        assert_int_equal(film_await(video, 300000), 9);
        struct video_facts facts;
        assert_true(video_facts(video, &facts));
        assert_false(facts.hardware);
        assert_string_equal(facts.decoder, "h264");
        assert_non_null(strstr(facts.no_hardware, "VAAPI: no device"));
        assert_non_null(strstr(facts.no_hardware, "V4L2 M2M: "));
        video_close(video);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_films),         cmocka_unit_test(test_unsupported),
        cmocka_unit_test(test_damaged),          cmocka_unit_test(test_hidden_size),
        cmocka_unit_test(test_little_damage),    cmocka_unit_test(test_formats),
        cmocka_unit_test(test_variable_rate),    cmocka_unit_test(test_rotation),
        cmocka_unit_test(test_hardware_missing),
    };
    return cmocka_run_group_tests(tests, films_setup, films_teardown);
}
