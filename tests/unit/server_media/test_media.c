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
#include "server/media/picture_header.h"
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
    struct fixture *f = calloc(1, sizeof(*f));
    char path[128];

    strcpy(f->folder, "/tmp/vitrine-media-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(path, sizeof(path), "%s/vitrine.db", f->folder);
    snprintf(f->media, sizeof(f->media), "%s/media", f->folder);
    f->arena = arena_create();
    f->store = (struct media_store){.folder = f->media, .now_ms = 1000};
    f->store.db = store_open(path, DB_WRITER, &f->err);
    *state = f;
    return f->store.db ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    char command[128];

    db_close(f->store.db);
    arena_destroy(f->arena);
    snprintf(command, sizeof(command), "rm -r '%s'", f->folder);
    int status = system(command);
    free(f);
    return status;
}

static char *shared(const char *name, size_t *size_out)
{
    char path[512];
    char *bytes;
    struct error err;

    snprintf(path, sizeof(path), "%s/images/%s", SHARED_DATA_DIR, name);
    if (!file_exists(path)) {
        print_message("shared data are absent\n");
        skip();
    }
    assert_true(file_read(path, 1 << 24, &bytes, size_out, &err));
    return bytes;
}

static void test_headers(void **state)
{
    static const struct {
        const char *name;
        const char *type; /* NULL: refused */
        int64_t width;
        int64_t height;
    } cases[] = {
        {"baseline/video-001.png", "image/png", 150, 103},
        {"baseline/gray-gradient.interlaced.png", "image/png", 1, 16},
        {"baseline/video-001.jpeg", "image/jpeg", 150, 103},
        {"baseline/video-001.progressive.jpeg", "image/jpeg", 150, 103},
        {"baseline/video-001.cmyk.jpeg", "image/jpeg", 150, 103},
        {"baseline/video-001.q50.411.jpeg", "image/jpeg", 150, 103},
        {"baseline/blue-purple-pink.lossy.webp", "image/webp", 150, 100},
        {"baseline/blue-purple-pink.lossless.webp", "image/webp", 150, 100},
        {"pngsuite/basn3p01.png", "image/png", 32, 32},
        {"baseline/invalid-noend.png", NULL, 0, 0},
        {"baseline/invalid-trunc.png", NULL, 0, 0},
        /* All markers are there, only the finest scans are missing: a picture, if a soft one. */
        {"baseline/video-001.progressive.truncated.jpeg", "image/jpeg", 150, 103},
        {"baseline/video-001.gif", NULL, 0, 0},
        {"baseline/colormap.bmp", NULL, 0, 0},
        {"baseline/SOURCE.txt", NULL, 0, 0},
    };
    (void)state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct picture_header header;
        struct error err;
        size_t size;
        char *bytes = shared(cases[i].name, &size);
        bool ok = picture_header_read(bytes, size, MEDIA_PIXELS_MAX, &header, &err);
        free(bytes);
        if (ok != (cases[i].type != NULL))
            fail_msg("%s: %s", cases[i].name, ok ? "was taken" : err.en);
        if (!ok)
            continue;
        assert_string_equal(header.type, cases[i].type);
        if (header.width != cases[i].width || header.height != cases[i].height)
            fail_msg("%s: %d x %d", cases[i].name, (int)header.width, (int)header.height);
    }
}

/* Whatever the length, a cut file is refused, never read beyond its end. */
static void test_every_truncation(void **state)
{
    const char *const names[] = {"pngsuite/basn3p01.png", "baseline/video-005.gray.q50.2x2.jpeg",
                                 "baseline/blue-purple-pink.lossy.webp"};
    (void)state;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct picture_header header;
        struct error err;
        size_t size;
        char *bytes = shared(names[i], &size);
        for (size_t cut = 0; cut < size; cut++) {
            char *exact = malloc(cut + 1);
            memcpy(exact, bytes, cut);
            exact = realloc(exact, cut ? cut : 1);
            if (picture_header_read(exact, cut, MEDIA_PIXELS_MAX, &header, &err))
                fail_msg("%s cut to %zu of %zu bytes was taken", names[i], cut, size);
            free(exact);
        }
        free(bytes);
    }
}

static void test_pixel_limit(void **state)
{
    struct picture_header header;
    struct error err;
    size_t size;
    char *bytes = shared("pngsuite/basn3p01.png", &size);
    (void)state;

    bytes[16] = 0x00, bytes[17] = 0x00, bytes[18] = 0x75, bytes[19] = 0x30; /* 30000 */
    bytes[20] = 0x00, bytes[21] = 0x00, bytes[22] = 0x75, bytes[23] = 0x30;
    assert_false(picture_header_read(bytes, size, MEDIA_PIXELS_MAX, &header, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    assert_non_null(strstr(err.fr, "30000 × 30000"));
    bytes[19] = 0, bytes[18] = 0;
    assert_false(picture_header_read(bytes, size, MEDIA_PIXELS_MAX, &header, &err));
    free(bytes);
}

static void test_add(void **state)
{
    struct fixture *f = *state;
    struct media_record first;
    struct media_record again;
    struct sha256 sum;
    char path[512];
    size_t size;
    char *bytes = shared("baseline/video-001.jpeg", &size);

    snprintf(path, sizeof(path), "%s/images/baseline/video-001.jpeg", SHARED_DATA_DIR);
    assert_true(media_add_file(&f->store, f->arena, path, &first, &f->err));
    assert_string_equal(first.name, "video-001.jpeg");
    assert_string_equal(first.type, "image/jpeg");
    assert_int_equal(first.width, 150);
    assert_int_equal(first.size, size);

    assert_true(sha256_from_hex(first.sha256, &sum));
    assert_non_null(media_path(f->media, &sum, path, sizeof(path)));
    assert_memory_equal(path + strlen(f->media) + 1, first.sha256, 2);
    char *stored;
    size_t stored_size;
    assert_true(file_read(path, 1 << 24, &stored, &stored_size, &f->err));
    assert_int_equal(stored_size, size);
    assert_memory_equal(stored, bytes, size);
    free(stored);

    f->store.now_ms = 2000;
    assert_true(media_add_bytes(&f->store, f->arena, bytes, size, "autre.jpg", &again, &f->err));
    assert_string_equal(again.sha256, first.sha256);
    assert_string_equal(again.name, "video-001.jpeg");
    assert_int_equal(again.created_ms, 1000);
    /* A file that was cut is mended. */
    assert_int_equal(truncate(path, 10), 0);
    assert_true(media_add_bytes(&f->store, f->arena, bytes, size, "autre.jpg", &again, &f->err));
    int64_t mended;
    assert_true(file_size(path, &mended));
    assert_int_equal(mended, size);
    free(bytes);
}

static void test_refusals_leave_nothing(void **state)
{
    struct fixture *f = *state;
    struct media_record record;
    struct stat info;

    assert_false(media_add_bytes(&f->store, f->arena, "BM", 2, "x.bmp", &record, &f->err));
    assert_int_equal(f->err.kind, ERROR_INVALID);
    assert_false(media_add_file(&f->store, f->arena, "/nowhere/x.jpg", &record, &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
    assert_int_not_equal(stat(f->media, &info), 0);
}

static void test_document(void **state)
{
    struct fixture *f = *state;
    struct media_record record;

    assert_true(media_add_document(&f->store, f->arena, "{}", 2, "application/json", "annuaire",
                                   &record, &f->err));
    assert_string_equal(record.sha256,
                        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    assert_string_equal(record.type, "application/json");
    assert_int_equal(record.width, 0);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_headers), CASE(test_every_truncation),       CASE(test_pixel_limit),
        CASE(test_add),     CASE(test_refusals_leave_nothing), CASE(test_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
