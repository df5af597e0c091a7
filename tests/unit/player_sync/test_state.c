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

#include "tests/player/making.h"

struct fixture {
    char folder[64];
    struct state state;
    struct sign_keys keys;
    struct state_server server;
};

static int setup(void **context)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct error err;
    strcpy(fixture->folder, "/tmp/vitrine-state-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    assert_true(state_open(&fixture->state, fixture->folder, &err));
    sign_keys_generate(&fixture->keys);
    strcpy(fixture->server.screen, "quai-2");
    fixture->server.key = fixture->keys.public;
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

static struct making make(int64_t version, const char *screen)
{
    return (struct making){.screen = screen,
                           .epoch = 1,
                           .version = version,
                           .width = 320,
                           .height = 180,
                           .duration_ms = 5000,
                           .slide_count = 1,
                           .slides = {{.title = "Bonjour"}}};
}

static void commit(struct fixture *fixture, int64_t version, bool keep_current)
{
    struct making making = make(version, "quai-2");
    struct strbuf sealed;
    struct error err;
    strbuf_init(&sealed);
    making_seal(&making, &fixture->keys, &sealed);
    assert_true(
        state_commit_manifest(&fixture->state, sealed.bytes, sealed.length, keep_current, &err));
    strbuf_finish(&sealed);
}

/* 0: no usable manifest in the slot. */
static int64_t version_in(struct fixture *fixture, enum state_slot slot, enum error_kind *kind_out)
{
    struct error err;
    error_clear(&err);
    struct edition *edition = state_load_edition(&fixture->state, &fixture->server, slot, &err);
    int64_t version = edition != NULL ? edition->manifest->version : 0;
    *kind_out = err.kind;
    edition_release(edition);
    return version;
}

static void spoil(struct fixture *fixture, const char *name)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, 400, SEEK_SET);
    fputc('#', file);
    fclose(file);
}

static void test_rotation(void **context)
{
    struct fixture *fixture = *context;
    enum error_kind kind;
    assert_int_equal(version_in(fixture, STATE_CURRENT, &kind), 0);
    assert_int_equal(kind, ERROR_NOT_FOUND);

    commit(fixture, 1, false);
    assert_int_equal(version_in(fixture, STATE_CURRENT, &kind), 1);
    assert_int_equal(version_in(fixture, STATE_PREVIOUS, &kind), 0);
    commit(fixture, 2, true);
    commit(fixture, 3, true);
    assert_int_equal(version_in(fixture, STATE_CURRENT, &kind), 3);
    assert_int_equal(version_in(fixture, STATE_PREVIOUS, &kind), 2);

    spoil(fixture, "current.manifest");
    assert_int_equal(version_in(fixture, STATE_CURRENT, &kind), 0);
    assert_int_equal(kind, ERROR_DENIED);
    assert_int_equal(version_in(fixture, STATE_PREVIOUS, &kind), 2);
    /* The damaged one must not take the good one's place. */
    commit(fixture, 4, false);
    assert_int_equal(version_in(fixture, STATE_CURRENT, &kind), 4);
    assert_int_equal(version_in(fixture, STATE_PREVIOUS, &kind), 2);
}

static void test_wrong_screen_and_key(void **context)
{
    struct fixture *fixture = *context;
    enum error_kind kind;
    commit(fixture, 1, false);
    strcpy(fixture->server.screen, "quai-3");
    assert_int_equal(version_in(fixture, STATE_CURRENT, &kind), 0);
    assert_int_equal(kind, ERROR_DENIED);
    strcpy(fixture->server.screen, "quai-2");
    fixture->server.key.bytes[0] ^= 1;
    assert_int_equal(version_in(fixture, STATE_CURRENT, &kind), 0);
    assert_int_equal(kind, ERROR_DENIED);
}

static void test_server_file(void **context)
{
    struct fixture *fixture = *context;
    struct state_server read;
    struct error err;
    struct stat info;
    char path[256];
    assert_false(state_load_server(&fixture->state, &read, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    memset(fixture->server.token, 'a', sizeof fixture->server.token - 1);
    assert_true(state_save_server(&fixture->state, &fixture->server, &err));
    assert_true(state_load_server(&fixture->state, &read, &err));
    assert_string_equal(read.screen, "quai-2");
    snprintf(path, sizeof path, "%s/server.json", fixture->folder);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600); /* the token is a secret */
}

static void write_part(struct fixture *fixture, const struct manifest_file *file, const char *bytes)
{
    char path[STATE_PATH_SIZE];
    char folder[STATE_PATH_SIZE];
    struct error err;
    state_file_path(&fixture->state, &file->sha256, ".part", path);
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    assert_true(folder_create(folder, 0755, &err));
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    fputs(bytes, stream);
    fclose(stream);
}

static void test_files(void **context)
{
    static const struct {
        const char *part;
        bool ok;
    } cases[] = {{"content", true}, {"conten", false}, {"content!", false}};
    struct fixture *fixture = *context;
    struct manifest_file file = {.size = 7};
    char path[STATE_PATH_SIZE];
    struct error err;
    sha256_of("content", 7, &file.sha256);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        state_remove_file(&fixture->state, &file.sha256);
        write_part(fixture, &file, cases[i].part);
        assert_int_equal(state_commit_file(&fixture->state, &file, &err), cases[i].ok);
        assert_int_equal(state_has_file(&fixture->state, &file), cases[i].ok);
        assert_false(file_exists(state_file_path(&fixture->state, &file.sha256, ".part", path)));
    }
}

/* A flipped bit is found whenever a file is read. */
static void test_damage(void **context)
{
    struct fixture *fixture = *context;
    struct sha256 sum;
    struct error err;
    char path[STATE_PATH_SIZE];
    char *bytes;
    size_t length;
    making_cache(&fixture->state, "content", 7);
    sha256_of("content", 7, &sum);
    assert_true(state_read_file(&fixture->state, &sum, 100, &bytes, &length, &err));
    assert_memory_equal(bytes, "content", 7);
    free(bytes);
    assert_false(state_read_file(&fixture->state, &sum, 6, &bytes, &length, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);

    FILE *stream = fopen(state_file_path(&fixture->state, &sum, "", path), "r+b");
    assert_non_null(stream);
    fputc('C', stream);
    fclose(stream);
    assert_false(state_read_file(&fixture->state, &sum, 100, &bytes, &length, &err));
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_false(state_verify_file(&fixture->state, &sum, &err));
    assert_int_equal(err.kind, ERROR_INVALID);
    state_remove_file(&fixture->state, &sum);
    assert_false(state_verify_file(&fixture->state, &sum, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

/* What decides on emergencies survives beside the two others, and is read like them. */
static void test_urgent(void **context)
{
    struct fixture *fixture = *context;
    struct making making = make(3, "quai-2");
    struct strbuf sealed;
    struct error err;
    enum error_kind kind;
    commit(fixture, 1, false);
    commit(fixture, 2, true);
    strbuf_init(&sealed);
    making_seal(&making, &fixture->keys, &sealed);
    assert_true(state_save_urgent(&fixture->state, sealed.bytes, sealed.length, &err));
    strbuf_finish(&sealed);
    assert_int_equal(version_in(fixture, STATE_URGENT, &kind), 3);
    assert_int_equal(version_in(fixture, STATE_CURRENT, &kind), 2);
    assert_int_equal(version_in(fixture, STATE_PREVIOUS, &kind), 1);
    spoil(fixture, "urgent.manifest");
    assert_int_equal(version_in(fixture, STATE_URGENT, &kind), 0);
    assert_int_equal(kind, ERROR_DENIED);
    state_clear_urgent(&fixture->state);
    assert_int_equal(version_in(fixture, STATE_URGENT, &kind), 0);
    assert_int_equal(kind, ERROR_NOT_FOUND);
    state_clear_urgent(&fixture->state);
}

static void put(struct fixture *fixture, const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

/* A damaged instant must not put the screen into another year. */
static void test_clock(void **context)
{
    struct fixture *fixture = *context;
    char path[256];
    char *bytes;
    size_t length;
    struct error err;
    assert_int_equal(state_load_clock(&fixture->state), 0);
    assert_true(state_save_clock(&fixture->state, INT64_C(1795446000123), &err));
    assert_int_equal(state_load_clock(&fixture->state), INT64_C(1795446000123));
    snprintf(path, sizeof path, "%s/clock", fixture->folder);
    assert_true(file_read(path, 100, &bytes, &length, &err));
    for (size_t i = 0; i + 1 < length; i++) {
        bytes[i] ^= 1;
        put(fixture, "clock", bytes);
        assert_int_equal(state_load_clock(&fixture->state), 0);
        bytes[i] ^= 1;
    }
    free(bytes);
    static const char *const wrong[] = {"",
                                        "\n",
                                        "1795446000123\n",
                                        "-5 0123456789abcdef\n",
                                        "99999999999999999999999 0123456789abcdef\n",
                                        "1970"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        put(fixture, "clock", wrong[i]);
        assert_int_equal(state_load_clock(&fixture->state), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_rotation, setup, teardown),
        cmocka_unit_test_setup_teardown(test_wrong_screen_and_key, setup, teardown),
        cmocka_unit_test_setup_teardown(test_server_file, setup, teardown),
        cmocka_unit_test_setup_teardown(test_files, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_urgent, setup, teardown),
        cmocka_unit_test_setup_teardown(test_clock, setup, teardown),
    };
    return sign_init() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
