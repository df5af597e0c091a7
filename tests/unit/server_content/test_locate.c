#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/content/locate.h"

static const char text[] = "\n{ \"format\": 1,\n"
                           "  \"a]\\\"b\": [\"x,{\", [1,\n2]],\n" /* lines 3 and 4 */
                           "  \"portraits\": [\n"                 /* 5 */
                           "    { \"id\": \"p1\", \"photo\": {} },\n"
                           "    {\n"              /* 7 */
                           "      \"photo\": {\n" /* 8 */
                           "        \"file\": \"a\",\n"
                           "        \"focal_x\":\n"
                           "          1.2\n" /* 11 */
                           "      }\n"
                           "    }\n"
                           "  ]\n"
                           "}\n";

static void test_lines(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int line;
    } cases[] = {
        {"", 2},
        {"format", 2},
        {"portraits", 5},
        {"portraits[0].id", 6},
        {"portraits[0].photo", 6},
        {"portraits[1]", 7},
        {"portraits[1].photo.file", 9},
        {"portraits[1].photo.focal_x", 11},
        {"portraits[1].photo.focal_y", 8}, /* missing: of what it is missing in */
        {"portraits[2].id", 5},
        {"portraits.x", 5},
        {"nothing[3].x", 2},
        {"format[1", 2},
        {".", 2},
        {"]", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int line = locate_line(text, strlen(text), cases[i].path);
        if (line != cases[i].line) {
            fail_msg("%s: line %d", cases[i].path, line);
        }
    }
    for (size_t length = 0; length < strlen(text); length++) { /* cut anywhere: no further */
        assert_in_range(locate_line(text, length, "portraits[1].photo.focal_x"), 1, 11);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
