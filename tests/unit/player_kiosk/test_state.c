/* The transition table: every state with every signal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "player/kiosk/kiosk_state.h"

struct step {
    enum kiosk_state from;
    enum kiosk_signal signal;
    enum kiosk_state to;
};

/* All that changes something; whatever is not here must leave the state as it is. */
static const struct step steps[] = {
    {KIOSK_ATTRACT, KIOSK_SIGNAL_START, KIOSK_LIST},
    {KIOSK_LIST, KIOSK_SIGNAL_OPEN, KIOSK_SHEET},
    {KIOSK_LIST, KIOSK_SIGNAL_BACK, KIOSK_ATTRACT},
    {KIOSK_LIST, KIOSK_SIGNAL_OPTIONS, KIOSK_LIST_OPTIONS},
    {KIOSK_LIST, KIOSK_SIGNAL_TIMEOUT, KIOSK_LIST_ASK},
    {KIOSK_LIST, KIOSK_SIGNAL_EMPTIED, KIOSK_ATTRACT},
    {KIOSK_SHEET, KIOSK_SIGNAL_BACK, KIOSK_LIST},
    {KIOSK_SHEET, KIOSK_SIGNAL_HOME, KIOSK_LIST},
    {KIOSK_SHEET, KIOSK_SIGNAL_OPTIONS, KIOSK_SHEET_OPTIONS},
    {KIOSK_SHEET, KIOSK_SIGNAL_TIMEOUT, KIOSK_SHEET_ASK},
    {KIOSK_LIST_OPTIONS, KIOSK_SIGNAL_BACK, KIOSK_LIST},
    {KIOSK_LIST_OPTIONS, KIOSK_SIGNAL_HOME, KIOSK_LIST},
    {KIOSK_LIST_OPTIONS, KIOSK_SIGNAL_OPTIONS, KIOSK_LIST},
    {KIOSK_LIST_OPTIONS, KIOSK_SIGNAL_CLOSE, KIOSK_LIST},
    {KIOSK_LIST_OPTIONS, KIOSK_SIGNAL_TIMEOUT, KIOSK_LIST_ASK},
    {KIOSK_LIST_OPTIONS, KIOSK_SIGNAL_EMPTIED, KIOSK_ATTRACT},
    {KIOSK_SHEET_OPTIONS, KIOSK_SIGNAL_BACK, KIOSK_SHEET},
    {KIOSK_SHEET_OPTIONS, KIOSK_SIGNAL_HOME, KIOSK_LIST},
    {KIOSK_SHEET_OPTIONS, KIOSK_SIGNAL_OPTIONS, KIOSK_SHEET},
    {KIOSK_SHEET_OPTIONS, KIOSK_SIGNAL_CLOSE, KIOSK_SHEET},
    {KIOSK_SHEET_OPTIONS, KIOSK_SIGNAL_TIMEOUT, KIOSK_SHEET_ASK},
    {KIOSK_LIST_ASK, KIOSK_SIGNAL_STAY, KIOSK_LIST},
    {KIOSK_LIST_ASK, KIOSK_SIGNAL_BACK, KIOSK_LIST},
    {KIOSK_LIST_ASK, KIOSK_SIGNAL_QUIT, KIOSK_ATTRACT},
    {KIOSK_LIST_ASK, KIOSK_SIGNAL_TIMEOUT, KIOSK_ATTRACT},
    {KIOSK_LIST_ASK, KIOSK_SIGNAL_EMPTIED, KIOSK_ATTRACT},
    {KIOSK_SHEET_ASK, KIOSK_SIGNAL_STAY, KIOSK_SHEET},
    {KIOSK_SHEET_ASK, KIOSK_SIGNAL_BACK, KIOSK_SHEET},
    {KIOSK_SHEET_ASK, KIOSK_SIGNAL_QUIT, KIOSK_ATTRACT},
    {KIOSK_SHEET_ASK, KIOSK_SIGNAL_TIMEOUT, KIOSK_ATTRACT},
};

static enum kiosk_state expected(enum kiosk_state from, enum kiosk_signal signal)
{
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
        if (steps[i].from == from && steps[i].signal == signal)
            return steps[i].to;
    return from;
}

static void test_transitions(void **state)
{
    (void)state;
    for (int from = 0; from < KIOSK_STATES; from++) {
        for (int signal = 0; signal < KIOSK_SIGNALS; signal++) {
            enum kiosk_state to =
                kiosk_state_next((enum kiosk_state)from, (enum kiosk_signal)signal);
            if (to != expected((enum kiosk_state)from, (enum kiosk_signal)signal))
                fail_msg("state %d, signal %d: went to %d", from, signal, to);
        }
    }
}

/* Wherever a visitor walks away, two time-outs lead home. */
static void test_everything_ends_at_home(void **state)
{
    (void)state;
    for (int from = KIOSK_LIST; from < KIOSK_STATES; from++) {
        enum kiosk_state now = (enum kiosk_state)from;
        for (int i = 0; i < 2 && now != KIOSK_ATTRACT; i++) {
            assert_true(kiosk_state_timeout_ms(now) > 0);
            now = kiosk_state_next(now, KIOSK_SIGNAL_TIMEOUT);
        }
        assert_int_equal(now, KIOSK_ATTRACT);
    }
}

static void test_timeouts(void **state)
{
    (void)state;
    assert_int_equal(kiosk_state_timeout_ms(KIOSK_ATTRACT), 0);
    assert_int_equal(kiosk_state_timeout_ms(KIOSK_LIST), 75000);
    assert_int_equal(kiosk_state_timeout_ms(KIOSK_LIST_OPTIONS), 75000);
    assert_int_equal(kiosk_state_timeout_ms(KIOSK_SHEET), 120000);
    assert_int_equal(kiosk_state_timeout_ms(KIOSK_SHEET_ASK), 30000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transitions),
        cmocka_unit_test(test_everything_ends_at_home),
        cmocka_unit_test(test_timeouts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
