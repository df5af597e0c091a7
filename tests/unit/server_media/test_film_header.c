/* Films and captions on their way into the media store. Films are made by the ffmpeg command. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/files.h"
#include "server/media/media.h"
#include "server/store/schema.h"

struct fixture {
    char folder[64];
    char media[96];
    struct media_store store;
    struct arena *arena;
    struct error err;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char path[128];
    strcpy(f->folder, "/tmp/vitrine-film-XXXXXX");
    if (mkdtemp(f->folder) == NULL) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/vitrine.db", f->folder);
    snprintf(f->media, sizeof f->media, "%s/media", f->folder);
    f->arena = arena_create();
    f->store = (struct media_store){.folder = f->media, .now_ms = 1000};
    f->store.db = store_open(path, DB_WRITER, &f->err);
    *state = f;
    return f->store.db == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[128];
    db_close(f->store.db);
    arena_destroy(f->arena);
    snprintf(command, sizeof command, "rm -r '%s'", f->folder);
    int status = system(command);
    free(f);
    return status;
}

/* The path of a film made with these arguments; skips when there is no ffmpeg. */
static const char *make_film(struct fixture *f, const char *arguments, const char *name)
{
    const char *path = arena_printf(f->arena, "%s/%s", f->folder, name);
    const char *command = arena_printf(
        f->arena, "ffmpeg -v error -y %s '%s' </dev/null 2>/dev/null", arguments, path);
    if (system("command -v ffmpeg >/dev/null") != 0) {
        print_message("ffmpeg is not installed\n");
        skip();
    }
    if (system(command) != 0) {
        fail_msg("%s", command);
    }
    return path;
}

#define PICTURES(size, rate, seconds)                                                              \
    "-f lavfi -i color=c=navy:s=" size ":r=" rate " -t " seconds " -pix_fmt yuv420p "

static void test_headers(void **state)
{
    static const struct {
        const char *name;
        const char *arguments;
        const char *type; /* NULL: refused */
        enum error_kind kind;
        int64_t width, height, length_ms;
        const char *hint; /* in the French message */
    } cases[] = {
        {"h264.mp4", PICTURES("320x180", "25", "2") "-c:v libx264", "video/mp4", 0, 320, 180, 2000,
         NULL},
        {"vp9.webm", PICTURES("180x320", "10", "1") "-c:v libvpx-vp9 -cpu-used 8", "video/webm", 0,
         180, 320, 1000, NULL},
        {"vp8.mkv", PICTURES("64x64", "10", "1") "-c:v libvpx", "video/webm", 0, 64, 64, 1000,
         NULL},
        {"old.mp4", PICTURES("320x180", "25", "1") "-c:v mpeg4", NULL, ERROR_INVALID, 0, 0, 0,
         "codec « mpeg4 »"},
        {"other.avi", PICTURES("320x180", "25", "1") "-c:v libx264", NULL, ERROR_INVALID, 0, 0, 0,
         "MP4 ou WebM"},
        {"sound.mp4", "-f lavfi -i sine -t 1 -c:a aac", NULL, ERROR_INVALID, 0, 0, 0,
         "images de film"},
        {"long.mp4", PICTURES("16x16", "1", "601") "-c:v libx264 -preset ultrafast", NULL,
         ERROR_LIMIT, 0, 0, 0, "601 s"},
        {"wide.mp4", PICTURES("4096x64", "5", "0.4") "-c:v libx264 -preset ultrafast", NULL,
         ERROR_LIMIT, 0, 0, 0, "4096 × 64"},
        {"longer-sound.mp4",
         "-f lavfi -i color=s=64x64:r=10:d=1 -f lavfi -i sine=d=3 -pix_fmt yuv420p -c:v libx264 "
         "-c:a aac",
         "video/mp4", 0, 64, 64, 1000, NULL},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct film_header header;
        const char *path = make_film(f, cases[i].arguments, cases[i].name);
        error_clear(&f->err);
        bool ok = film_header_read(path, &header, &f->err);
        if (ok != (cases[i].type != NULL)) {
            fail_msg("%s: %s", cases[i].name, ok ? "was taken" : f->err.en);
        }
        if (!ok) {
            assert_int_equal(f->err.kind, cases[i].kind);
            if (strstr(f->err.fr, cases[i].hint) == NULL) {
                fail_msg("%s: %s", cases[i].name, f->err.fr);
            }
            continue;
        }
        assert_string_equal(header.type, cases[i].type);
        if (header.width != cases[i].width || header.height != cases[i].height ||
            header.length_ms != cases[i].length_ms) {
            fail_msg("%s: %d x %d, %d ms", cases[i].name, (int)header.width, (int)header.height,
                     (int)header.length_ms);
        }
    }
}

/* Names that libavformat would take for something else than a file, and what is no film. */
static void test_only_films_and_only_files(void **state)
{
    struct fixture *f = *state;
    struct film_header header;
    const char *path = make_film(f, PICTURES("64x64", "10", "1") "-c:v libx264", "film.mp4");
    static const char *const prefixes[] = {"file:", "concat:", "subfile,,start,0,end,0,,:"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        const char *name = arena_printf(f->arena, "%s%s", prefixes[i], path);
        assert_false(film_header_read(name, &header, &f->err));
    }
    const char *list = arena_printf(f->arena, "%s/list.mp4", f->folder);
    const char *text = arena_printf(f->arena, "ffconcat version 1.0\nfile %s\n", path);
    assert_true(file_write_atomic(list, text, strlen(text), 0644, &f->err));
    assert_false(film_header_read(list, &header, &f->err));
    text = arena_printf(f->arena, "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n%s\n", path);
    assert_true(file_write_atomic(list, text, strlen(text), 0644, &f->err));
    assert_false(film_header_read(list, &header, &f->err));
    assert_int_equal(f->err.kind, ERROR_INVALID);
    assert_false(film_header_read("/nowhere.mp4", &header, &f->err));
}

static void test_cut_films(void **state)
{
    struct fixture *f = *state;
    struct film_header header;
    const char *path = make_film(f, PICTURES("64x64", "10", "1") "-c:v libx264", "film.mp4");
    int64_t size = 0;
    assert_true(file_size(path, &size));
    for (int64_t cut = 0; cut < size - 1; cut += 37) {
        assert_int_equal(truncate(path, size - 1 - cut), 0);
        /* Cut in its index, which stands last: not one of them may be taken. */
        if (film_header_read(path, &header, &f->err) && cut > size / 2) {
            fail_msg("cut to %d of %d bytes was taken", (int)(size - 1 - cut), (int)size);
        }
    }
}

/* The index in front tells everything: only pictures are missing. */
static void test_film_whose_end_is_missing(void **state)
{
    struct fixture *f = *state;
    struct film_header header;
    const char *path =
        make_film(f, PICTURES("64x64", "10", "3") "-c:v libx264 -movflags +faststart", "front.mp4");
    int64_t size = 0;
    assert_true(file_size(path, &size));
    assert_true(film_header_read(path, &header, &f->err));
    for (int64_t cut = 1; cut < size; cut += 211) {
        assert_int_equal(truncate(path, size - cut), 0);
        if (film_header_read(path, &header, &f->err)) {
            fail_msg("a film that lacks its last %d bytes was taken", (int)cut);
        }
    }
}

static void test_add_film(void **state)
{
    struct fixture *f = *state;
    struct media_record record;
    struct media_record again;
    struct film_header header;
    struct sha256 sum;
    struct sha256 stored;
    char kept[512];
    const char *path = make_film(f, PICTURES("320x180", "25", "2") "-c:v libx264", "film.mp4");
    assert_true(media_add_film(&f->store, f->arena, path, &record, &header, &f->err));
    assert_string_equal(record.type, "video/mp4");
    assert_string_equal(record.name, "film.mp4");
    assert_int_equal(record.width, 320);
    assert_int_equal(header.length_ms, 2000);
    assert_true(sha256_of_file(path, &sum, &f->err));
    assert_non_null(media_path(f->media, &sum, kept, sizeof kept));
    assert_true(sha256_of_file(kept, &stored, &f->err));
    assert_true(sha256_equal(&sum, &stored));
    assert_true(media_add_film(&f->store, f->arena, path, &again, &header, &f->err));
    assert_string_equal(again.sha256, record.sha256);

    assert_false(media_add_film(&f->store, f->arena, f->folder, &record, &header, &f->err));
    assert_string_equal(f->err.file, f->folder);
}

static const struct {
    const char *bytes;
    size_t length; /* 0: all */
    bool taken;
} captions[] = {
    {"WEBVTT", 0, true},
    {"WEBVTT\n\n00:00.000 --> 00:02.000\nBonjour\n", 0, true},
    {"\xef\xbb\xbfWEBVTT - Titre\r\n", 0, true},
    {"WEBVTTX\n", 0, false},
    {"WEBVT", 0, false},
    {"", 0, false},
    {"1\n00:00:00,000 --> 00:00:02,000\nBonjour\n", 0, false},
    {"WEBVTT\n\xe9t\xe9\n", 0, false},
    {"WEBVTT\n\0", 8, false},
};

static void test_captions(void **state)
{
    struct fixture *f = *state;
    struct media_record record;
    const char *path = arena_printf(f->arena, "%s/film.vtt", f->folder);
    for (size_t i = 0; i < sizeof captions / sizeof *captions; i++) {
        size_t length = captions[i].length > 0 ? captions[i].length : strlen(captions[i].bytes);
        assert_true(file_write_atomic(path, captions[i].bytes, length, 0644, &f->err));
        bool ok = media_add_captions(&f->store, f->arena, path, &record, &f->err);
        if (ok != captions[i].taken) {
            fail_msg("%zu: %s", i, ok ? "was taken" : f->err.en);
        }
        if (ok) {
            assert_string_equal(record.type, "text/vtt");
        } else {
            assert_string_equal(f->err.file, path);
        }
    }
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_headers),   CASE(test_only_films_and_only_files),
        CASE(test_cut_films), CASE(test_film_whose_end_is_missing),
        CASE(test_add_film),  CASE(test_captions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
