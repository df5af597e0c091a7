/* Each state, action, kind and presence on screens, by the table tests/cases/workflow.test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/files.h"
#include "server/records/workflow.h"
#include "server/store/records.h"

#define ROWS 20 /* kinds × states × on screens or not */

static char *trim(char *text)
{
    text += strspn(text, " ");
    for (size_t length = strlen(text); length > 0 && text[length - 1] == ' '; length--)
        text[length - 1] = '\0';
    return text;
}

/* Where the action leads by the table's words; NULL: nowhere. */
static const char *expected(const char *words, const char *action)
{
    static char state[16];
    char key[32];

    snprintf(key, sizeof(key), " %s:", action);
    const char *found = strstr(words, key);
    if (found == NULL)
        return NULL;
    found += strlen(key);
    snprintf(state, sizeof(state), "%.*s", (int)strcspn(found, " "), found);
    return state;
}

static void check_row(int line, char *row)
{
    char *kind = trim(strsep(&row, "|"));
    char *state_word = trim(strsep(&row, "|"));
    char *live = trim(strsep(&row, "|"));
    enum state state, next;

    assert_non_null(row);
    assert_true(state_parse(state_word, &state));
    for (int action = 0; action < WORKFLOW_ACTIONS; action++) {
        const char *tag = workflow_action_tag((enum workflow_action)action);
        const char *want = expected(row, tag);
        bool possible = workflow_next(strcmp(kind, "second") == 0, state, strcmp(live, "yes") == 0,
                                      (enum workflow_action)action, &next);
        if (possible != (want != NULL) || (want && strcmp(want, state_tag(next)) != 0))
            fail_msg("line %d: %s gives %s, not %s", line, tag,
                     possible ? state_tag(next) : "nothing", want ? want : "nothing");
    }
}

static void test_table(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t length;
    struct error error;
    int line = 0, rows = 0;

    if (!file_read(TESTS_DIR "/cases/workflow.test", 65536, &bytes, &length, &error))
        fail_msg("%s", error.en);
    char *rest = bytes;
    for (char *row; (row = strsep(&rest, "\n")) != NULL;) {
        line++;
        if (*row == '\0' || *row == '#')
            continue;
        check_row(line, row);
        rows++;
    }
    free(bytes);
    assert_int_equal(rows, ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_table)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
