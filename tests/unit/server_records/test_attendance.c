/* Who has a record open: seen by the others, forgotten when they fall silent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/records/attendance.h"

struct room {
    struct attendance *attendance;
    struct arena *arena;
};

static int setup(void **state)
{
    static struct room room;

    room = (struct room){attendance_create(), arena_create()};
    *state = &room;
    return 0;
}

static int teardown(void **state)
{
    struct room *room = *state;

    attendance_destroy(room->attendance);
    arena_destroy(room->arena);
    return 0;
}

static struct attendant page(const char *user, const char *tab, bool editing)
{
    return (struct attendant){.kind = "portrait",
                              .id = "p-1",
                              .user = user,
                              .tab = tab,
                              .editing = editing,
                              .since_ms = 1000};
}

/* "ana+ bob" : who the others are, with a plus for who writes. */
static const char *others(struct room *room, struct attendant self, int64_t mono_ms)
{
    const char *text = "";
    struct attendant_list list;

    attendance_others(room->attendance, &self, mono_ms, room->arena, &list);
    for (size_t i = 0; i < list.count; i++)
        text = arena_printf(room->arena, "%s%s%s%s", text, i > 0 ? " " : "", list.items[i].user,
                            list.items[i].editing ? "+" : "");
    return text;
}

static void note(struct room *room, struct attendant attendant, int64_t mono_ms)
{
    attendance_note(room->attendance, &attendant, mono_ms);
}

static void people_see_each_other(void **state)
{
    struct room *room = *state;

    note(room, page("ana", "a", false), 0);
    assert_string_equal(others(room, page("ana", "a", false), 0), "");
    note(room, page("bob", "b", true), 1000);
    assert_string_equal(others(room, page("ana", "a", false), 1000), "bob+");
    assert_string_equal(others(room, page("bob", "b", false), 1000), "ana");
    assert_string_equal(others(room, page("eve", "", false), 1000), "ana bob+");

    struct attendant elsewhere = page("eve", "", false);
    elsewhere.id = "p-2";
    assert_string_equal(others(room, elsewhere, 1000), "");
}

static void two_pages_of_one_person_count_once(void **state)
{
    struct room *room = *state;

    note(room, page("ana", "a", false), 0);
    note(room, page("ana", "b", true), 0);
    assert_string_equal(others(room, page("bob", "", false), 0), "ana+");
    assert_string_equal(others(room, page("ana", "a", false), 0), "ana+");
    assert_string_equal(others(room, page("ana", "b", false), 0), "ana");
}

static void who_falls_silent_is_forgotten(void **state)
{
    struct room *room = *state;
    struct attendant ana = page("ana", "a", true);
    struct attendant_list list;

    note(room, ana, 0);
    ana.since_ms = 9000; /* the first sign counts */
    note(room, ana, 20000);
    assert_string_equal(others(room, page("bob", "", false), 20000 + ATTENDANCE_LIFE_MS - 1),
                        "ana+");
    struct attendant bob = page("bob", "", false);
    attendance_others(room->attendance, &bob, 21000, room->arena, &list);
    assert_int_equal(list.items[0].since_ms, 1000);
    assert_string_equal(others(room, page("bob", "", false), 20000 + ATTENDANCE_LIFE_MS), "");
}

static void who_leaves_is_gone_at_once(void **state)
{
    struct room *room = *state;
    struct attendant ana = page("ana", "a", true), other_tab = page("ana", "b", true);

    note(room, ana, 0);
    attendance_leave(room->attendance, &other_tab);
    assert_string_equal(others(room, page("bob", "", false), 1), "ana+");
    attendance_leave(room->attendance, &ana);
    assert_string_equal(others(room, page("bob", "", false), 1), "");
}

static void there_is_an_end_to_what_is_noted(void **state)
{
    struct room *room = *state;
    char long_name[ATTENDANCE_USER_MAX + 2], tab[16];

    memset(long_name, 'x', sizeof(long_name));
    long_name[sizeof(long_name) - 1] = '\0';
    note(room, page(long_name, "", true), 0);
    assert_string_equal(others(room, page("bob", "", false), 0), "");
    for (int i = 0; i < 200; i++) {
        snprintf(tab, sizeof(tab), "%d", i);
        note(room, page("ana", tab, false), i);
    }
    assert_string_equal(others(room, page("bob", "", false), 200), "ana");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(people_see_each_other, setup, teardown),
        cmocka_unit_test_setup_teardown(two_pages_of_one_person_count_once, setup, teardown),
        cmocka_unit_test_setup_teardown(who_falls_silent_is_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(who_leaves_is_gone_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(there_is_an_end_to_what_is_noted, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
