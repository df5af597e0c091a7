#include <fcntl.h>
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

#include "player/sync/cache.h"
#include "tests/player/making.h"

#define FILES 6
#define BYTES 1000

struct fixture {
    char folder[64];
    struct state state;
    unsigned char contents[FILES][BYTES];
    struct manifest_file files[FILES];
};

/* File i was used last i minutes after the first. */
static int setup(void **context)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct error err;
    strcpy(fixture->folder, "/tmp/vitrine-cache-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    assert_true(state_open(&fixture->state, fixture->folder, &err));
    for (size_t i = 0; i < FILES; i++) {
        char path[STATE_PATH_SIZE];
        struct timespec times[2] = {{1700000000 + (time_t)i * 60, 0}, {0, 0}};
        times[1] = times[0];
        memset(fixture->contents[i], (int)i + 1, BYTES);
        fixture->files[i].size = BYTES;
        sha256_of(fixture->contents[i], BYTES, &fixture->files[i].sha256);
        making_cache(&fixture->state, fixture->contents[i], BYTES);
        state_file_path(&fixture->state, &fixture->files[i].sha256, "", path);
        assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    }
    *context = fixture;
    return 0;
}

static int teardown(void **context)
{
    struct fixture *fixture = *context;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", fixture->folder);
    int status = system(command);
    free(fixture);
    return status;
}

/* Which files are there: bit i for file i. */
static unsigned present(const struct fixture *fixture)
{
    unsigned bits = 0;
    for (size_t i = 0; i < FILES; i++) {
        bits |= state_has_file(&fixture->state, &fixture->files[i]) ? 1u << i : 0;
    }
    return bits;
}

static int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, SHA256_SIZE);
}

static struct manifest *list(const struct fixture *fixture, unsigned bits)
{
    struct manifest *manifest = manifest_create();
    manifest->files = arena_array(manifest->arena, FILES, sizeof *manifest->files);
    for (size_t i = 0; i < FILES; i++) {
        if ((bits & (1u << i)) != 0) {
            manifest->files[manifest->file_count++] = fixture->files[i];
        }
    }
    qsort(manifest->files, manifest->file_count, sizeof *manifest->files, by_hash);
    return manifest;
}

static const struct {
    const char *name;
    int64_t quota;
    int64_t needed;
    unsigned first, second; /* what two manifests list */
    unsigned left;
    int64_t missing;
} cases[] = {
    {"room enough: all stay", 6000, 0, 0, 0, 0x3F, 0},
    {"over the quota: the oldest go", 4000, 0, 0, 0, 0x3C, 0},
    {"room for more is made", 6000, 1500, 0, 0, 0x3C, 0},
    {"what is listed stays", 4000, 0, 0x01, 0x02, 0x33, 0},
    {"all listed: nothing goes, and some is lacking", 5000, 500, 0x0F, 0x30, 0x3F, 1500},
    {"some of it must be lacking", 5000, 4000, 0x0F, 0, 0x0F, 3000},
};

static void test_room(void **context)
{
    (void)context;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        void *made;
        setup(&made);
        struct fixture *fixture = made;
        struct manifest *first = list(fixture, cases[i].first);
        struct manifest *second = list(fixture, cases[i].second);
        const struct manifest *kept[] = {first, NULL, second};
        struct cache_limits limits = {cases[i].quota, 0};
        size_t evicted;
        int64_t missing =
            cache_make_room(&fixture->state, &limits, cases[i].needed, kept, 3, &evicted);
        if (present(fixture) != cases[i].left || missing != cases[i].missing) {
            fail_msg("%s: %x left, %lld missing", cases[i].name, present(fixture),
                     (long long)missing);
        }
        manifest_destroy(first);
        manifest_destroy(second);
        teardown(&made);
    }
}

/* A disk without reserve loses everything that nobody lists; the rest never. */
static void test_full_disk(void **context)
{
    struct fixture *fixture = *context;
    struct manifest *current = list(fixture, 0x05);
    const struct manifest *kept[] = {current};
    struct cache_limits limits = {INT64_MAX / 4, INT64_MAX / 4};
    size_t evicted;
    assert_true(cache_make_room(&fixture->state, &limits, 0, kept, 1, &evicted) > 0);
    assert_int_equal(evicted, 4);
    assert_int_equal(present(fixture), 0x05);
    manifest_destroy(current);
}

static void test_last_use(void **context)
{
    struct fixture *fixture = *context;
    struct manifest *left = list(fixture, 0x03);
    struct cache_limits limits = {3000, 0};
    size_t evicted;
    cache_touch(&fixture->state, left);
    assert_int_equal(cache_make_room(&fixture->state, &limits, 0, NULL, 0, &evicted), 0);
    assert_int_equal(present(fixture), 0x23); /* the two, and the youngest of the others */
    manifest_destroy(left);
}

static void write_part(const struct fixture *fixture, size_t index, size_t length)
{
    char path[STATE_PATH_SIZE];
    struct error err;
    state_remove_file(&fixture->state, &fixture->files[index].sha256);
    state_file_path(&fixture->state, &fixture->files[index].sha256, ".part", path);
    assert_true(file_write_atomic(path, fixture->contents[index], length, 0644, &err));
}

/* What is there of a download counts as there, and goes like the rest when nobody wants it. */
static void test_parts(void **context)
{
    struct fixture *fixture = *context;
    char path[STATE_PATH_SIZE];
    struct manifest *wanted = list(fixture, 0x3F);
    struct cache_limits limits = {0, 0};
    size_t evicted;
    assert_int_equal(cache_missing_bytes(&fixture->state, wanted), 0);
    write_part(fixture, 0, 400);
    state_remove_file(&fixture->state, &fixture->files[1].sha256);
    assert_int_equal(cache_missing_bytes(&fixture->state, wanted), 1600);
    const struct manifest *kept[] = {wanted};
    (void)cache_make_room(&fixture->state, &limits, 0, kept, 1, &evicted);
    assert_int_equal(evicted, 0);
    assert_int_equal(cache_make_room(&fixture->state, &limits, 0, NULL, 0, &evicted), 0);
    assert_int_equal(evicted, 5);
    assert_false(
        file_exists(state_file_path(&fixture->state, &fixture->files[0].sha256, ".part", path)));
    manifest_destroy(wanted);
}

static void test_limits(void **context)
{
    struct fixture *fixture = *context;
    struct cache_limits limits = cache_limits(&fixture->state, 12345);
    assert_int_equal(limits.quota_bytes, 12345);
    assert_true(limits.reserve_bytes <= CACHE_RESERVE_BYTES && limits.reserve_bytes > 0);
    limits = cache_limits(&fixture->state, 0);
    assert_true(limits.quota_bytes <= CACHE_QUOTA_BYTES && limits.quota_bytes > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_room),
        cmocka_unit_test_setup_teardown(test_full_disk, setup, teardown),
        cmocka_unit_test_setup_teardown(test_last_use, setup, teardown),
        cmocka_unit_test_setup_teardown(test_parts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
    };
    return sign_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
