/* Parcels over pipes: whole ones arrive, cut, late and oversized ones are told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/clock.h"
#include "core/parcel.h"

static int64_t in_ms(int ms)
{
    struct clock clock = clock_system();
    return clock_mono_ms(&clock) + ms;
}

static void test_round_trip(void **state)
{
    static char bytes[300] = "\0PNG";
    const struct parcel sent = {"{\"do\":\"slide\"}", 14, bytes, sizeof bytes};
    struct parcel got;
    int ends[2];
    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_true(parcel_write(ends[1], &sent, in_ms(1000)));
    assert_int_equal(parcel_read(ends[0], &got, in_ms(1000)), PARCEL_WHOLE);
    assert_string_equal(got.head, sent.head);
    assert_int_equal(got.length, sizeof bytes);
    assert_memory_equal(got.bytes, bytes, sizeof bytes);
    parcel_finish(&got);
    close(ends[1]);
    assert_int_equal(parcel_read(ends[0], &got, in_ms(1000)), PARCEL_CLOSED);
    close(ends[0]);
}

static void test_broken(void **state)
{
    static const struct {
        const char *name, *bytes;
        size_t size;
        bool closed;
        enum parcel_end end;
    } cases[] = {
        {"nothing comes", "", 0, false, PARCEL_LATE},
        {"half the lengths", "\0\0\0\2", 4, true, PARCEL_BROKEN},
        {"no head", "\0\0\0\2\0\0\0\0", 8, true, PARCEL_BROKEN},
        {"half a head", "\0\0\0\2\0\0\0\0{", 9, true, PARCEL_BROKEN},
        {"no end to it", "\0\0\0\2\0\0\0\1{}", 10, false, PARCEL_LATE},
        {"too large", "\xff\0\0\0\0\0\0\0", 8, false, PARCEL_BROKEN},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parcel got;
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        assert_int_equal(write(ends[1], cases[i].bytes, cases[i].size), cases[i].size);
        if (cases[i].closed) {
            close(ends[1]);
        }
        if (parcel_read(ends[0], &got, in_ms(50)) != cases[i].end) {
            fail_msg("%s", cases[i].name);
        }
        if (!cases[i].closed) {
            close(ends[1]);
        }
        close(ends[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
