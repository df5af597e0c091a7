/* Search quality over the real list of SIAE: people find whom they look for among the first three,
 * 95 times of a hundred, typing as people do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/utf8.h"
#include "directory/directory_build.h"

#define LIST SHARED_DATA_DIR "/annuaire/2019_07_liste_siae_76.csv"
#define NAF VITRINE_SOURCE_DIR "/assets/data/naf.csv"
#define QUERIES TESTS_DIR "/cases/directory_queries.test"
#define COLUMNS_MAX 20
#define LINE_MAX_BYTES 2048

/* No field of these lists has a separator in quotes but some NAF labels, which are read to the
 * line's end. */
static size_t cut(char *line, char separator, char *fields[], size_t most)
{
    size_t count = 0;

    line[strcspn(line, "\r\n")] = '\0';
    while (count < most) {
        fields[count++] = line;
        line = strchr(line, separator);
        if (line == NULL)
            break;
        *line++ = '\0';
    }
    return count;
}

/* "5610A" → "Restauration traditionnelle" */
static void activity_of(const char *code, char *out, size_t size)
{
    char line[LINE_MAX_BYTES], wanted[8];
    FILE *file = fopen(NAF, "r");

    out[0] = '\0';
    assert_non_null(file);
    snprintf(wanted, sizeof(wanted), "%.2s.%.3s", code, code + 2);
    while (fgets(line, sizeof(line), file) != NULL)
        if (strncmp(line, wanted, strlen(wanted)) == 0 || strncmp(line, code, strlen(code)) == 0) {
            char *label = strpbrk(line, ",;");
            line[strcspn(line, "\r\n")] = '\0';
            snprintf(out, size, "%s", label != NULL ? label + 1 : "");
            break;
        }
    fclose(file);
}

static void squeeze(char *text)
{
    char *to = text;

    for (const char *from = text; *from != '\0'; from++)
        if (*from != ' ' || (to > text && to[-1] != ' '))
            *to++ = *from;
    if (to > text && to[-1] == ' ')
        to--;
    *to = '\0';
}

static void build_list(FILE *list, const char *path)
{
    struct error error = {0};
    char line[LINE_MAX_BYTES], activity[512], id[16];
    char *fields[COLUMNS_MAX];
    const struct directory_values none[DIRECTORY_FACETS] = {0};
    struct directory_build *build = directory_build_begin(path, "2019-07-01", &error);
    size_t count = 0;

    assert_non_null(build);
    assert_non_null(fgets(line, sizeof(line), list));
    while (fgets(line, sizeof(line), list) != NULL) {
        if (cut(line, ';', fields, COLUMNS_MAX) < 13)
            continue;
        struct strbuf key;
        squeeze(fields[8]);
        activity_of(fields[5], activity, sizeof(activity));
        snprintf(id, sizeof(id), "%zu", count++);
        struct directory_organisation organisation = {
            .id = id, .name = fields[8], .activity = activity, .commune = fields[12]};
        strbuf_init(&key);
        utf8_fold(fields[8], &key);
        bool built =
            directory_build_organisation(build, &organisation, key.bytes, none, fields[0], &error);
        strbuf_finish(&key);
        if (!built)
            fail_msg("%s", error.en);
    }
    if (!directory_build_end(build, &error))
        fail_msg("%s", error.en);
    assert_true(count > 70);
}

static bool among_first(struct directory *directory, const struct directory_answer *answer,
                        const char *expected)
{
    struct arena *arena = arena_create();
    struct error error;
    bool found = false;

    for (uint32_t i = 0; i < answer->row_count && i < 3 && !found; i++) {
        struct directory_organisation organisation;
        assert_true(
            directory_organisation(directory, arena, answer->rows[i], &organisation, &error));
        const char *at = strstr(expected, organisation.name);
        size_t length = strlen(organisation.name);
        found = at != NULL && (at == expected || at[-1] == ' ') &&
                (at[length] == '\0' || strncmp(at + length, " |", 2) == 0);
    }
    arena_destroy(arena);
    return found;
}

static void test_quality(void **state)
{
    char folder[] = "/tmp/vitrine-queries-XXXXXX", path[64], line[LINE_MAX_BYTES];
    struct directory_answer answer = {0};
    struct error error = {0};
    size_t asked = 0, right = 0;
    FILE *list = fopen(LIST, "r"), *queries = fopen(QUERIES, "r");

    (void)state;
    assert_non_null(queries);
    if (list == NULL) {
        fclose(queries);
        print_message("%s is absent: search quality is not looked at\n", LIST);
        skip();
    }
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/directory.db", folder);
    build_list(list, path);
    fclose(list);
    struct directory *directory = directory_open(path, &error);
    if (directory == NULL)
        fail_msg("%s", error.en);
    while (fgets(line, sizeof(line), queries) != NULL) {
        char *expected = strstr(line, " => ");
        if (line[0] == '#' || expected == NULL)
            continue;
        *expected = '\0';
        expected += strlen(" => ");
        expected[strcspn(expected, "\n")] = '\0';
        struct directory_query query = {.text = line};
        assert_true(directory_ask(directory, &query, &answer, &error));
        bool found = among_first(directory, &answer, expected);
        asked++;
        right += found;
        if (!found)
            print_message("missed: « %s » for %s (%s)\n", line, expected, answer.suggestion);
        if (answer.row_count == 0)
            fail_msg("« %s » has an empty answer", line);
    }
    fclose(queries);
    directory_answer_finish(&answer);
    directory_close(directory);
    unlink(path);
    rmdir(folder);
    print_message("%zu of %zu found\n", right, asked);
    assert_true(asked >= 200);
    assert_true(right * 100 >= asked * 95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_quality)};

    return cmocka_run_group_tests_name("directory queries", tests, NULL, NULL);
}
