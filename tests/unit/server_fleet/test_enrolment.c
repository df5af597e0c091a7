/* How players become screens' players, and cease to be. */
#include "fleet_fixture.h"

#include "server/fleet/roster.h"

static void test_a_player_gets_one_token_for_each_proof(void **state)
{
    struct fleet *f = *state;
    struct enrolment_answer first, second, third;
    struct sign_keys keys;

    sign_keys_generate(&keys);
    assert_true(ask(f, &keys, "", NOW_MS, &first));
    assert_int_equal(first.state, ENROLMENT_PENDING);
    assert_true(approve(f, &keys, "hall"));
    assert_true(ask(f, &keys, first.challenge, NOW_MS, &second));
    assert_true(second.has_token);
    assert_string_equal(second.screen, "hall");
    assert_true(ask(f, &keys, first.challenge, NOW_MS, &third));
    assert_false(third.has_token);
    assert_true(ask(f, &keys, third.challenge, NOW_MS, &third));
    assert_true(third.has_token);
    assert_string_not_equal(third.token, second.token);
}

static const char *screen_of(struct fleet *f, struct roster *roster, const char *token)
{
    static struct roster_screen screen;

    assert_true(roster_refresh(roster, f->db, NULL, NULL, &f->err));
    return roster_authenticate(roster, token, NOW_MS, &screen) ? screen.id : "";
}

static void test_a_player_moves_between_screens(void **state)
{
    static const char *const screens[] = {"hall", "bar", "hall"};
    struct fleet *f = *state;
    struct roster *roster = roster_create();
    struct enrolment_answer answer;
    char last[ENROLMENT_TOKEN_SIZE] = "";
    struct sign_keys keys;

    sign_keys_generate(&keys);
    assert_true(ask(f, &keys, "", NOW_MS, &answer));
    for (size_t i = 0; i < 3; i++) {
        assert_true(approve(f, &keys, screens[i]));
        assert_true(ask(f, &keys, answer.challenge, NOW_MS, &answer));
        assert_true(answer.has_token);
        assert_string_equal(screen_of(f, roster, answer.token), screens[i]);
        assert_string_equal(screen_of(f, roster, last), "");
        strcpy(last, answer.token);
        assert_true(ask(f, &keys, "", NOW_MS, &answer));
    }
    roster_destroy(roster);
}

static void test_the_second_player_of_a_screen_replaces_the_first(void **state)
{
    struct fleet *f = *state;
    struct roster *roster = roster_create();
    struct enrolment_answer old, young;
    struct sign_keys first, second;

    sign_keys_generate(&first);
    sign_keys_generate(&second);
    assert_true(ask(f, &first, "", NOW_MS, &old) && approve(f, &first, "hall"));
    assert_true(ask(f, &first, old.challenge, NOW_MS, &old));
    assert_true(ask(f, &second, "", NOW_MS, &young) && approve(f, &second, "hall"));
    /* The first plays on until the second is there. */
    assert_string_equal(screen_of(f, roster, old.token), "hall");
    assert_true(ask(f, &second, young.challenge, NOW_MS, &young));
    assert_string_equal(screen_of(f, roster, old.token), "");
    assert_string_equal(screen_of(f, roster, young.token), "hall");
    assert_true(ask(f, &first, old.challenge, NOW_MS, &old));
    assert_int_equal(old.state, ENROLMENT_REFUSED);
    roster_destroy(roster);
}

static void test_refusing_makes_the_token_void(void **state)
{
    struct fleet *f = *state;
    struct roster *roster = roster_create();
    struct enrolment_answer answer;
    struct enrolment decided;
    struct sign_keys keys;
    char code[ENROLMENT_CODE_SIZE];

    sign_keys_generate(&keys);
    enrolment_code(&keys.public, code);
    assert_true(ask(f, &keys, "", NOW_MS, &answer) && approve(f, &keys, "hall"));
    assert_true(ask(f, &keys, answer.challenge, NOW_MS, &answer));
    assert_string_equal(screen_of(f, roster, answer.token), "hall");
    assert_true(enrolment_refuse(f->db, f->arena, code, NULL, "zoé", NOW_MS, &decided, &f->err));
    assert_string_equal(screen_of(f, roster, answer.token), "");
    assert_true(roster_flush(roster, f->db, &f->err));
    assert_true(ask(f, &keys, answer.challenge, NOW_MS, &answer));
    assert_int_equal(answer.state, ENROLMENT_REFUSED);
    roster_destroy(roster);
}

static void test_a_shared_code_needs_the_fingerprint(void **state)
{
    static const struct {
        const char *fingerprint;
        enum error_kind kind;
    } cases[] = {
        {NULL, ERROR_CONFLICT},
        {"CCCC-CCCC-CCCC-CCCC", ERROR_DENIED},
        {"", ERROR_DENIED},
        {"AAAA-AAAA-AAAA-AAA", ERROR_DENIED},
        {"AAAA-AAAA-AAAA-AAAAA", ERROR_DENIED},
        {"bbbb bbbbBBBB-bbbb", ERROR_NONE},
    };
    struct fleet *f = *state;
    struct enrolment one = {.public_key = "aa",
                            .code = "K7QF-2M9D",
                            .screen = "",
                            .fingerprint = "AAAA-AAAA-AAAA-AAAA",
                            .challenge = "",
                            .software = ""};
    struct enrolment other = one, out;

    other.public_key = "bb";
    other.fingerprint = "BBBB-BBBB-BBBB-BBBB";
    assert_true(enrolments_put(f->db, &one, &f->err) && enrolments_put(f->db, &other, &f->err));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        error_clear(&f->err);
        bool ok = enrolment_approve(f->db, f->arena, "k7qf2m9d", cases[i].fingerprint, "hall", false,
                                    "", NOW_MS, &out, &f->err);
        if (ok != (cases[i].kind == ERROR_NONE) || (!ok && f->err.kind != cases[i].kind))
            fail_msg("%s: %s", cases[i].fingerprint, f->err.en);
    }
    assert_string_equal(out.public_key, "bb");
    assert_true(enrolments_get(f->db, f->arena, "aa", &out, &f->err));
    assert_int_equal(out.state, ENROLMENT_PENDING);
}

static void test_a_crowd_that_has_gone_keeps_nobody_out(void **state)
{
    struct fleet *f = *state;
    struct enrolment_answer answer;
    struct sign_keys keys;
    char key[16];

    assert_true(db_begin(f->db, &f->err));
    for (int i = 0; i < ENROLMENT_PENDING_MAX; i++) {
        snprintf(key, sizeof(key), "key-%d", i);
        assert_true(enrolments_put(f->db,
                                   &(struct enrolment){.public_key = key,
                                                       .code = "",
                                                       .fingerprint = "",
                                                       .challenge = "",
                                                       .screen = "",
                                                       .software = "",
                                                       .seen_ms = NOW_MS},
                                   &f->err));
    }
    assert_true(db_commit(f->db, &f->err));
    sign_keys_generate(&keys);
    assert_false(ask(f, &keys, "", NOW_MS + 1000, &answer));
    assert_int_equal(f->err.kind, ERROR_LIMIT);
    assert_true(ask(f, &keys, "", NOW_MS + ENROLMENT_SILENT_MS + 1, &answer));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_player_gets_one_token_for_each_proof, fleet_setup,
                                        fleet_teardown),
        cmocka_unit_test_setup_teardown(test_a_player_moves_between_screens, fleet_setup,
                                        fleet_teardown),
        cmocka_unit_test_setup_teardown(test_the_second_player_of_a_screen_replaces_the_first,
                                        fleet_setup, fleet_teardown),
        cmocka_unit_test_setup_teardown(test_refusing_makes_the_token_void, fleet_setup,
                                        fleet_teardown),
        cmocka_unit_test_setup_teardown(test_a_shared_code_needs_the_fingerprint, fleet_setup,
                                        fleet_teardown),
        cmocka_unit_test_setup_teardown(test_a_crowd_that_has_gone_keeps_nobody_out, fleet_setup,
                                        fleet_teardown),
    };

    if (!sign_init())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
