#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "player/sync/backoff.h"
#include "player/sync/steps.h"
#include "player/sync/transport.h"

static const struct {
    enum sync_phase phase;
    enum sync_outcome outcome;
    enum sync_status status;
    struct sync_step step;
} steps[] = {
    {PHASE_ENROL, OUTCOME_PENDING, SYNC_CONNECTING, {PHASE_ENROL, SYNC_WAITING, WAIT_TOLD, false}},
    {PHASE_ENROL, OUTCOME_APPROVED, SYNC_WAITING, {PHASE_POLL, SYNC_ONLINE, WAIT_NONE, false}},
    {PHASE_ENROL, OUTCOME_REFUSED, SYNC_WAITING, {PHASE_ENROL, SYNC_REFUSED, WAIT_REFUSAL, false}},
    {PHASE_ENROL, OUTCOME_BAD, SYNC_WAITING, {PHASE_ENROL, SYNC_WAITING, WAIT_BACKOFF, true}},
    {PHASE_ENROL,
     OUTCOME_UNREACHABLE,
     SYNC_WAITING,
     {PHASE_ENROL, SYNC_UNREACHABLE, WAIT_BACKOFF, true}},
    {PHASE_POLL, OUTCOME_NEW, SYNC_CONNECTING, {PHASE_POLL, SYNC_ONLINE, WAIT_NONE, false}},
    {PHASE_POLL, OUTCOME_SAME, SYNC_UNREACHABLE, {PHASE_POLL, SYNC_ONLINE, WAIT_NONE, false}},
    {PHASE_POLL, OUTCOME_BAD, SYNC_CONNECTING, {PHASE_POLL, SYNC_ONLINE, WAIT_BACKOFF, true}},
    {PHASE_POLL, OUTCOME_STRANGER, SYNC_ONLINE, {PHASE_ENROL, SYNC_CONNECTING, WAIT_BACKOFF, true}},
    {PHASE_POLL,
     OUTCOME_UNREACHABLE,
     SYNC_ONLINE,
     {PHASE_POLL, SYNC_UNREACHABLE, WAIT_BACKOFF, true}},
};

static void test_steps(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct sync_step step = sync_step_after(steps[i].phase, steps[i].outcome, steps[i].status);
        assert_int_equal(step.phase, steps[i].step.phase);
        assert_int_equal(step.status, steps[i].step.status);
        assert_int_equal(step.wait, steps[i].step.wait);
        assert_int_equal(step.failure, steps[i].step.failure);
    }
}

/* A fleet that lost its server neither hammers it nor comes back all at once. */
static void test_backoff(void **state)
{
    static const struct {
        int failures;
        int64_t least, most;
    } cases[] = {{0, 500, 1000},       {1, 500, 1000},           {2, 1000, 2000},
                 {5, 8000, 16000},     {9, 128000, 256000},      {10, 150000, 300000},
                 {40, 150000, 300000}, {2000000, 150000, 300000}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t low = INT64_MAX;
        int64_t high = 0;
        for (uint32_t chance = 0; chance < 400000; chance += 13) {
            int64_t wait = backoff_ms(cases[i].failures, chance);
            low = wait < low ? wait : low;
            high = wait > high ? wait : high;
        }
        assert_true(low >= cases[i].least && low < cases[i].least + cases[i].least / 10);
        assert_true(high <= cases[i].most && high > cases[i].most - cases[i].most / 10);
    }
    assert_int_equal(backoff_spread(5000, 0), 5000);
    assert_true(backoff_spread(5000, UINT32_MAX) <= 6000);
}

static void test_servers(void **state)
{
    static const struct {
        const char *url;
        bool ok;
    } cases[] = {
        {"https://vitrine.example", true},
        {"https://vitrine.example:8443/sous-dossier/", true},
        {"http://127.0.0.1:8080", true},
        {"http://127.8.9.10", true},
        {"http://localhost:8080/", true},
        {"http://[::1]:8080", true},
        {"HTTP://LOCALHOST", true},
        {"http://vitrine.example", false},
        {"http://127.0.0.1.vitrine.example", false},
        {"http://localhost.vitrine.example", false},
        {"http://10.0.0.1", false},
        {"http://[::2]", false},
        {"ftp://127.0.0.1", false},
        {"file:///etc/passwd", false},
        {"https://user:secret@vitrine.example", false},
        {"https://vitrine.example/?a=b", false},
        {"https://vitrine.example/#a", false},
        {"vitrine.example", false},
        {"", false},
        {"https://", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;
        bool ok = transport_check_server(cases[i].url, &err);
        if (ok != cases[i].ok) {
            fail_msg("%s: %d", cases[i].url, ok);
        }
        assert_true(ok || (err.fr[0] != '\0' && err.en[0] != '\0'));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_backoff),
        cmocka_unit_test(test_servers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
