/* Logins, sessions and rights, with the clock in the test's hand. */
#include "auth_fixture.h"

static void test_session_lives_while_it_is_used(void **state)
{
    struct site *site = *state;
    char token[SESSION_TOKEN_SIZE];
    struct error error;
    struct user user;

    assert_true(login(site, PASSWORD, token, &error));
    for (int i = 0; i < 30; i++) {
        advance(site, SESSION_IDLE_MS - 1);
        bool alive = session_user(site->auth, site->writer.db, site->arena, token, &user, &error);
        assert_int_equal(alive, (i + 1) * (SESSION_IDLE_MS - 1) < SESSION_MS);
        if (!alive)
            return;
        assert_string_equal(user.name, "zoé");
    }
    fail_msg("a session never ended");
}

static void test_idle_session_ends(void **state)
{
    struct site *site = *state;
    char token[SESSION_TOKEN_SIZE];
    struct error error;
    struct user user;

    assert_true(login(site, PASSWORD, token, &error));
    advance(site, SESSION_IDLE_MS);
    assert_false(session_user(site->auth, site->writer.db, site->arena, token, &user, &error));
    advance(site, -SESSION_IDLE_MS);
    assert_false(session_user(site->auth, site->writer.db, site->arena, token, &user, &error));
}

static void test_only_a_fresh_session_needs_no_writer(void **state)
{
    struct site *site = *state;
    struct db *db = site->writer.db;
    char token[SESSION_TOKEN_SIZE];
    struct error error;
    struct user user;

    assert_true(login(site, PASSWORD, token, &error));
    assert_true(session_user_fresh(site->auth, db, site->arena, token, &user));
    assert_string_equal(user.name, "zoé");
    assert_false(session_user_fresh(site->auth, db, site->arena, "0", &user));
    advance(site, 60000);
    assert_false(session_user_fresh(site->auth, db, site->arena, token, &user));
    assert_true(session_user(site->auth, db, site->arena, token, &user, &error));
    assert_true(session_user_fresh(site->auth, db, site->arena, token, &user));
    user.active = false;
    assert_true(users_put(db, &user, &error));
    assert_false(session_user_fresh(site->auth, db, site->arena, token, &user));
}

static void test_logout_and_closed_account(void **state)
{
    struct site *site = *state;
    char first[SESSION_TOKEN_SIZE], second[SESSION_TOKEN_SIZE];
    struct error error;
    struct user user;

    assert_true(login(site, PASSWORD, first, &error));
    assert_true(login(site, PASSWORD, second, &error));
    assert_string_not_equal(first, second);
    assert_true(session_end(site->writer.db, first, &error));
    assert_false(session_user(site->auth, site->writer.db, site->arena, first, &user, &error));
    assert_true(session_user(site->auth, site->writer.db, site->arena, second, &user, &error));
    user.active = false;
    assert_true(users_put(site->writer.db, &user, &error));
    assert_false(session_user(site->auth, site->writer.db, site->arena, second, &user, &error));
    assert_false(login(site, PASSWORD, first, &error));
}

static void test_guessing_is_slowed_down(void **state)
{
    struct site *site = *state;
    char token[SESSION_TOKEN_SIZE];
    struct error error;

    for (int i = 0; i < 5; i++) {
        assert_false(login(site, "un mauvais mot", token, &error));
        assert_int_equal(error.kind, ERROR_DENIED);
    }
    assert_false(login(site, PASSWORD, token, &error));
    assert_int_equal(error.kind, ERROR_LIMIT);
    advance(site, 29000);
    assert_false(login(site, PASSWORD, token, &error));
    advance(site, 2000);
    assert_true(login(site, PASSWORD, token, &error));
}

static enum error_kind guess(struct site *site, const char *name, const char *peer)
{
    struct session_grant grant;
    struct error error;
    return session_login(site->auth, &site->writer, site->arena, name, "un mauvais mot",
                         &(struct session_peer){.address = peer}, &grant, &error)
               ? ERROR_NONE
               : error.kind;
}

/* Many names from one address are slowed down as well; other addresses are not, and what was long
 * ago does not count. */
static void test_one_address_and_many_names(void **state)
{
    struct site *site = *state;
    char token[SESSION_TOKEN_SIZE], name[16];
    struct error error;

    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof(name), "nom %d", i);
        assert_int_equal(guess(site, name, "127.0.0.1"), ERROR_DENIED);
    }
    assert_int_equal(guess(site, "encore un", "127.0.0.1"), ERROR_LIMIT);
    assert_false(login(site, PASSWORD, token, &error));
    assert_int_equal(guess(site, "encore un", "192.0.2.1"), ERROR_DENIED);
    advance(site, 31000);
    assert_true(login(site, PASSWORD, token, &error));
    assert_int_equal(guess(site, "encore un", "127.0.0.1"), ERROR_DENIED);
    assert_int_equal(guess(site, "encore un", "127.0.0.1"), ERROR_LIMIT);
    advance(site, 31 * 60000);
    for (int i = 0; i < 4; i++)
        assert_int_equal(guess(site, "zoé", "127.0.0.1"), ERROR_DENIED);
    assert_true(login(site, PASSWORD, token, &error));
}

static void test_a_new_password_ends_sessions(void **state)
{
    struct site *site = *state;
    char token[SESSION_TOKEN_SIZE];
    struct error error;
    struct user user;

    assert_true(login(site, PASSWORD, token, &error));
    assert_true(sessions_delete_user(site->writer.db, "autre", &error));
    assert_true(session_user(site->auth, site->writer.db, site->arena, token, &user, &error));
    assert_true(sessions_delete_user(site->writer.db, "zoé", &error));
    assert_false(session_user(site->auth, site->writer.db, site->arena, token, &user, &error));
}

static void test_passwords_that_will_not_do(void **state)
{
    struct error error;
    char hash[160], huge[400], first[64], second[64];

    (void)state;
    memset(huge, 'x', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    assert_false(auth_hash_password("", hash, sizeof(hash), &error));
    assert_false(auth_hash_password("éééééééééé", hash, sizeof(hash), &error));
    assert_false(auth_hash_password(huge, hash, sizeof(hash), &error));
    auth_random_password(first, sizeof(first));
    auth_random_password(second, sizeof(second));
    assert_int_equal(strlen(first), 23);
    assert_string_not_equal(first, second);
}

static void test_rights(void **state)
{
    (void)state;
    for (int role = ROLE_READER; role <= ROLE_ADMINISTRATOR; role++) {
        assert_true(auth_permits((enum role)role, PERMISSION_READ));
        assert_int_equal(auth_permits((enum role)role, PERMISSION_OPERATE),
                         role == ROLE_ADMINISTRATOR || role == ROLE_SITE_OPERATOR);
        assert_int_equal(auth_permits((enum role)role, PERMISSION_PEOPLE),
                         role == ROLE_ADMINISTRATOR);
        assert_false(auth_permits((enum role)role, PERMISSION_ALERT));
        assert_false(auth_permits((enum role)role, PERMISSION_DEVICE));
        assert_false(auth_permits((enum role)role, PERMISSION_NONE));
    }
    assert_false(auth_permits((enum role)99, PERMISSION_READ));
}

static void test_scope(void **state)
{
    static const char *own[] = {"creapolis"}, *both[] = {"creapolis", "actipolis"}, *all[] = {""};
    const struct auth_subject here = {1, own, NULL}, there = {2, both, NULL},
                              network = {1, all, ""};
    const struct auth_subject mine = {1, own, "lea"}, theirs = {1, own, "ali"}, nowhere = {0};
    struct user user = {.name = "lea", .role = ROLE_VALIDATOR, .active = true};

    (void)state;
    assert_true(auth_allows(&user, PERMISSION_WRITE, &network));
    assert_true(auth_allows(&user, PERMISSION_WRITE, &nowhere));
    user.sites = (struct text_list){1, own};
    assert_true(auth_allows(&user, PERMISSION_WRITE, NULL));
    assert_true(auth_allows(&user, PERMISSION_WRITE, &here));
    assert_false(auth_allows(&user, PERMISSION_WRITE, &there));
    assert_false(auth_allows(&user, PERMISSION_WRITE, &network));
    assert_false(auth_allows(&user, PERMISSION_WRITE, &nowhere));
    assert_true(auth_allows(&user, PERMISSION_VALIDATE, &theirs));
    assert_false(auth_allows(&user, PERMISSION_VALIDATE, &mine));
    assert_false(auth_allows(&user, PERMISSION_ALERT, &here));
    user.alert = true;
    assert_true(auth_allows(&user, PERMISSION_ALERT, &here));
    user.active = false;
    assert_false(auth_allows(&user, PERMISSION_READ, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_session_lives_while_it_is_used, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_idle_session_ends, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_only_a_fresh_session_needs_no_writer, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_logout_and_closed_account, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_guessing_is_slowed_down, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_one_address_and_many_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_a_new_password_ends_sessions, set_up, tear_down),
        cmocka_unit_test(test_passwords_that_will_not_do),
        cmocka_unit_test(test_rights),
        cmocka_unit_test(test_scope),
    };

    if (!sign_init())
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
