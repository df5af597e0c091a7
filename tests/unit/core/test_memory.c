/* Arena and growing strings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/strbuf.h"

static bool all_zero(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* Everything given out is zeroed, aligned and apart from the rest, also after a reset of used
 * memory. */
static void test_arena_blocks(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int round = 0; round < 3; round++) {
        unsigned char *blocks[400];
        size_t total = 0;
        for (size_t i = 0; i < 400; i++) {
            size_t size = i * i % 5000 + (i == 200 ? 3000000 : 0);
            blocks[i] = arena_alloc(arena, size);
            assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
            assert_true(all_zero(blocks[i], size));
            memset(blocks[i], (int)i, size);
            total += size;
        }
        for (size_t i = 0; i < 400; i++) {
            size_t size = i * i % 5000 + (i == 200 ? 3000000 : 0);
            for (size_t j = 0; j < size; j += 97) {
                assert_int_equal(blocks[i][j], i % 256);
            }
        }
        assert_int_equal(arena_used(arena), total);
        arena_reset(arena);
        assert_int_equal(arena_used(arena), 0);
    }
    arena_destroy(arena);
    arena_destroy(NULL);
}

static void test_arena_strings(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    char *kept[5000];
    for (int i = 0; i < 5000; i++) {
        kept[i] = arena_printf(arena, "numéro %d", i);
        int *number = arena_array(arena, 3, sizeof *number);
        assert_int_equal((uintptr_t)number % _Alignof(int), 0);
        number[2] = i;
    }
    for (int i = 0; i < 5000; i++) {
        char expected[32];
        snprintf(expected, sizeof expected, "numéro %d", i);
        assert_string_equal(kept[i], expected);
    }
    assert_null(arena_strdup(arena, NULL));
    assert_string_equal(arena_strdup(arena, ""), "");
    assert_string_equal(arena_strndup(arena, "abcdef", 3), "abc");
    char *large = calloc(1, 200001);
    memset(large, 'x', 200000);
    assert_string_equal(arena_strdup(arena, large), large);
    free(large);
    arena_destroy(arena);
}

static void test_strbuf(void **state)
{
    (void)state;
    struct strbuf buf;
    strbuf_init(&buf);
    assert_string_equal(buf.bytes, "");
    for (int i = 0; i < 1000; i++) {
        strbuf_append(&buf, "ab");
        strbuf_append_char(&buf, 'c');
        strbuf_append_bytes(&buf, "def", 2);
        strbuf_append_bytes(&buf, NULL, 0);
        assert_int_equal(buf.bytes[buf.length], '\0');
    }
    assert_int_equal(buf.length, 5000);
    assert_memory_equal(buf.bytes + 4995, "abcde", 6);

    /* A formatted text that fits exactly, and ones on either side of it. */
    for (int width = 1; width < 300; width++) {
        strbuf_clear(&buf);
        strbuf_printf(&buf, "%*d|", width, 7);
        assert_int_equal(buf.length, width + 1);
        assert_int_equal(buf.bytes[width], '|');
    }
    size_t length;
    char *taken = strbuf_take(&buf, &length);
    assert_int_equal(length, 300);
    assert_int_equal(strlen(taken), 300);
    free(taken);
    strbuf_append(&buf, "anew");
    assert_string_equal(buf.bytes, "anew");
    strbuf_finish(&buf);
    strbuf_init(&buf);
    strbuf_clear(&buf);
    taken = strbuf_take(&buf, NULL); /* nothing is something to free */
    assert_string_equal(taken, "");
    free(taken);

    struct strbuf small;
    strbuf_init(&small);
    for (int width = 1; width < 200; width++) {
        strbuf_printf(&small, "%*d", width, 7);
    }
    assert_int_equal(small.length, 199 * 200 / 2);
    strbuf_finish(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_blocks),
        cmocka_unit_test(test_arena_strings),
        cmocka_unit_test(test_strbuf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
