/* Files, folders, paths, and log lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/files.h"
#include "core/hash.h"
#include "core/log.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/vitrine-files-XXXXXX");
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const char *in_folder(const char *name)
{
    static char path[256];
    return path_join(path, sizeof path, folder, name);
}

static void test_read_write(void **state)
{
    (void)state;
    struct error err = {0};
    char path[256];
    strcpy(path, in_folder("x"));
    static const size_t lengths[] = {0, 1, 4095, 4096, 100000};
    char *bytes = calloc(1, 100000);
    memset(bytes, 'y', 100000);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char *read = NULL;
        size_t length = 0;
        assert_true(file_write_atomic(path, bytes, lengths[i], 0640, &err));
        assert_true(file_read(path, lengths[i], &read, &length, &err));
        assert_int_equal(length, lengths[i]);
        assert_memory_equal(read, bytes, length);
        assert_int_equal(read[length], '\0');
        free(read);
        if (lengths[i] > 0) {
            assert_false(file_read(path, lengths[i] - 1, &read, &length, &err));
            assert_int_equal(err.kind, ERROR_LIMIT);
            assert_string_equal(err.file, path);
        }
        struct sha256 by_file;
        struct sha256 by_bytes;
        assert_true(sha256_of_file(path, &by_file, &err));
        sha256_of(bytes, lengths[i], &by_bytes);
        assert_true(sha256_equal(&by_file, &by_bytes));
    }
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0640);
    assert_false(file_exists(in_folder("x.tmp")));
    free(bytes);
}

static void test_read_failures(void **state)
{
    (void)state;
    struct error err = {0};
    char *read = NULL;
    size_t length = 0;
    struct sha256 sum;
    assert_false(file_read(in_folder("none"), 10, &read, &length, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_false(file_read(in_folder("none/none"), 10, &read, &length, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_false(file_read(folder, 10, &read, &length, &err));
    assert_int_equal(err.kind, ERROR_IO);
    assert_false(sha256_of_file(in_folder("none"), &sum, &err));
    /* A device without size and without end. */
    assert_false(file_read("/dev/zero", 100000, &read, &length, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    assert_true(file_read("/proc/self/status", 100000, &read, &length, &err));
    assert_true(length > 100);
    free(read);
}

/* A write that fails leaves what was there. */
static void test_failed_write_keeps(void **state)
{
    (void)state;
    struct error err = {0};
    char sub[256];
    strcpy(sub, in_folder("taken"));
    assert_true(folder_create(in_folder("taken/by"), 0755, &err));
    assert_false(file_write_atomic(sub, "x", 1, 0644, &err));
    assert_int_equal(err.kind, ERROR_IO);
    assert_false(file_exists(in_folder("taken.tmp")));
    assert_true(file_exists(in_folder("taken/by")));
    assert_false(file_write_atomic(in_folder("none/x"), "x", 1, 0644, &err));
    assert_int_equal(err.kind, ERROR_IO);
    /* A left-over with another mode does not spoil a secret. */
    assert_true(file_write_atomic(in_folder("key.tmp"), "old", 3, 0666, &err));
    assert_true(file_write_atomic(in_folder("key"), "new", 3, 0600, &err));
    struct stat status;
    assert_int_equal(stat(in_folder("key"), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_commit(void **state)
{
    (void)state;
    struct error err = {0};
    char part[256];
    char whole[256];
    strcpy(part, in_folder("a.part"));
    strcpy(whole, in_folder("a"));
    assert_true(file_write_atomic(part, "12345", 5, 0644, &err));
    assert_true(file_commit(part, whole, &err));
    int64_t size = 0;
    assert_true(file_size(whole, &size) && size == 5);
    assert_false(file_exists(part));
    assert_false(file_commit(part, whole, &err));
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_false(file_size(folder, &size));
}

static void test_folders(void **state)
{
    (void)state;
    struct error err = {0};
    assert_true(folder_create(in_folder("a1/b/c"), 0755, &err));
    assert_true(folder_create(in_folder("a1/b/c/"), 0755, &err));
    assert_true(file_exists(in_folder("a1/b/c")));
    assert_true(file_write_atomic(in_folder("a1/file"), "", 0, 0644, &err));
    assert_false(folder_create(in_folder("a1/file"), 0755, &err));
    assert_false(folder_create(in_folder("a1/file/x"), 0755, &err));
    assert_false(folder_create("", 0755, &err));
}

static void test_paths(void **state)
{
    (void)state;
    char buf[16];
    assert_string_equal(path_join(buf, sizeof buf, "a", "b"), "a/b");
    assert_string_equal(path_join(buf, sizeof buf, "a//", "/b"), "a/b");
    assert_string_equal(path_join(buf, sizeof buf, "/", "b"), "/b");
    assert_string_equal(path_join(buf, sizeof buf, "", "b"), "b");
}

static void test_path_too_long(void **state)
{
    (void)state;
    char buf[16];
    assert_null(path_join(buf, sizeof buf, "01234567", "01234567"));
    assert_null(path_join(buf, 1, "a", "b"));
}

static void test_assets(void **state)
{
    (void)state;
    char buf[512];
    char expected[512];
    unsetenv("VITRINE_ASSETS");
    assert_non_null(path_join(expected, sizeof expected, VITRINE_SOURCE_DIR, "assets"));
    assert_string_equal(assets_folder(buf, sizeof buf), expected);
    setenv("VITRINE_ASSETS", folder, 1);
    assert_non_null(assets_folder(buf, sizeof buf));
    assert_string_equal(buf, folder);
    setenv("VITRINE_ASSETS", in_folder("nowhere"), 1);
    assert_null(assets_folder(buf, sizeof buf));
    unsetenv("VITRINE_ASSETS");
    assert_null(assets_folder(buf, 4));
}

/* This program, copied to where an installation has its programs, finds share/vitrine beside. */
static void test_installed_assets(void **state)
{
    (void)state;
    struct error err = {0};
    char command[512];
    assert_true(folder_create(in_folder("bin"), 0755, &err));
    snprintf(command, sizeof command, "cp /proc/%d/exe '%s/bin/p' && '%s/bin/p' assets",
             (int)getpid(), folder, folder);
    assert_int_not_equal(system(command), 0);
    assert_true(folder_create(in_folder("share/vitrine"), 0755, &err));
    assert_int_equal(system(command), 0);
}

/* What log_write puts on standard error. */
static const char *logged(enum log_level level, const char *text)
{
    static char line[8192];
    int saved = dup(STDERR_FILENO);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    log_write(level, "thing_happened", "%s", text);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[1]);
    ssize_t got = read(ends[0], line, sizeof line - 1);
    close(ends[0]);
    line[got < 0 ? 0 : got] = '\0';
    return line;
}

static void test_log(void **state)
{
    (void)state;
    assert_string_equal(logged(LOG_DEBUG, "x"), "");
    const char *line = logged(LOG_WARN, "un \"mot\"\nlevel=error \x1b[31m\\ é");
    assert_memory_equal(line, "time=20", 7);
    assert_non_null(strstr(line, " level=warn event=thing_happened "
                                 "msg=\"un \\\"mot\\\"\\nlevel=error \\x1b[31m\\\\ é\"\n"));
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);

    /* However long the text is, the line is one, quoted, and ends. */
    char longest[5000];
    for (size_t i = 0; i < sizeof longest - 1; i++) {
        longest[i] = i % 3 == 0 ? '\x01' : '"';
    }
    longest[sizeof longest - 1] = '\0';
    line = logged(LOG_ERROR, longest);
    size_t length = strlen(line);
    assert_true(length > 1000 && length <= 2048);
    assert_string_equal(line + length - 2, "\"\n");

    log_set_level(LOG_ERROR);
    assert_string_equal(logged(LOG_WARN, "x"), "");
    log_set_level(LOG_DEBUG);
    assert_non_null(strstr(logged(LOG_DEBUG, "x"), "level=debug"));
    log_set_level(LOG_INFO);
}

/* Called with "assets": whether the asset folder is the one beside this program. */
static int find_assets(const char *program)
{
    char found[512];
    char wanted[512];
    char *end = strrchr(strcpy(wanted, program), '/');
    strcpy(end, "/../share/vitrine");
    return assets_folder(found, sizeof found) != NULL && strcmp(found, wanted) == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "assets") == 0) {
        return find_assets(argv[0]);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read_write),
        cmocka_unit_test(test_read_failures),
        cmocka_unit_test(test_failed_write_keeps),
        cmocka_unit_test(test_commit),
        cmocka_unit_test(test_folders),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_path_too_long),
        cmocka_unit_test(test_assets),
        cmocka_unit_test(test_installed_assets),
        cmocka_unit_test(test_log),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
