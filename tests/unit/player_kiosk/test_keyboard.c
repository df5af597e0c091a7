/* The keyboard on the screen: what a finger, or two arrow keys, write with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/utf8.h"
#include "player/kiosk/kiosk_keyboard.h"

#define MM 2.0
#define LAYERS 2

static struct kiosk_keyboard keyboard;

static int setup(void **state)
{
    (void)state;
    kiosk_keyboard_init(&keyboard);
    kiosk_keyboard_place(&keyboard, (struct rect){36, 1000, 1008, 216}, MM);
    return 0;
}

static int key_of(const char *label)
{
    for (int i = 0; kiosk_keyboard_key(&keyboard, i).w > 0; i++)
        if (strcmp(kiosk_keyboard_label(&keyboard, i, LANG_FR), label) == 0)
            return i;
    fail_msg("no key \"%s\"", label);
    return -1;
}

static int middle_x(struct rect rect)
{
    return rect.x + rect.w / 2;
}

static int middle_y(struct rect rect)
{
    return rect.y + rect.h / 2;
}

static enum kiosk_keyboard_change down(const char *label, int64_t now_ms)
{
    struct rect key = kiosk_keyboard_key(&keyboard, key_of(label));
    return kiosk_keyboard_down(&keyboard, middle_x(key), middle_y(key), now_ms);
}

static enum kiosk_keyboard_change up(struct rect rect)
{
    return kiosk_keyboard_up(&keyboard, middle_x(rect), middle_y(rect));
}

static enum kiosk_keyboard_change tap(const char *label)
{
    struct rect key = kiosk_keyboard_key(&keyboard, key_of(label));
    assert_int_equal(down(label, 0), KIOSK_KEYBOARD_LOOK);
    return up(key);
}

static void test_every_key_types_what_it_shows(void **state)
{
    (void)state;
    int typed = 0;
    for (int layer = 0; layer < LAYERS; layer++) {
        for (int i = 0; kiosk_keyboard_key(&keyboard, i).w > 0; i++) {
            const char *types = kiosk_keyboard_types(&keyboard, i);
            if (types[0] == '\0')
                continue;
            kiosk_keyboard_set_text(&keyboard, "x");
            char expected[8] = "x";
            strcat(expected, types);
            assert_int_equal(tap(kiosk_keyboard_label(&keyboard, i, LANG_FR)), KIOSK_KEYBOARD_TEXT);
            assert_string_equal(keyboard.text, expected);
            typed++;
        }
        tap(layer == 0 ? "123" : "abc");
    }
    assert_false(keyboard.numbers);
    assert_true(typed > 26 + 10 + 10);
}

/* The alphabet, the accents of French and the digits are all there. */
static void test_french_can_be_written(void **state)
{
    (void)state;
    for (const char *c = "abcdefghijklmnopqrstuvwxyz"; *c != '\0'; c++)
        key_of((char[]){*c, '\0'});
    static const char *const accents[] = {"é", "è", "ê", "à", "â", "ç", "ù", "î", "ô", "œ", "’"};
    for (size_t i = 0; i < sizeof(accents) / sizeof(accents[0]); i++)
        key_of(accents[i]);
    tap("123");
    for (const char *c = "0123456789"; *c != '\0'; c++)
        key_of((char[]){*c, '\0'});
}

static void test_words(void **state)
{
    (void)state;
    static const char *const word[] = {"Espace", "l", "’",       "œ",      "u", "v", "r",      "e",
                                       "Espace", "é", "Effacer", "Espace", "b", "e", "Effacer"};
    for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++)
        tap(word[i]);
    assert_string_equal(keyboard.text, "l’œuvre b"); /* no space leads, none is doubled */
    assert_int_equal(tap("Voir les résultats"), KIOSK_KEYBOARD_SUBMIT);
    assert_string_equal(keyboard.text, "l’œuvre b");
    assert_int_equal(tap("Tout effacer"), KIOSK_KEYBOARD_TEXT);
    assert_string_equal(keyboard.text, "");
    assert_int_equal(tap("Tout effacer"), KIOSK_KEYBOARD_LOOK);
    assert_int_equal(tap("Effacer"), KIOSK_KEYBOARD_LOOK);
}

static void test_text_has_an_end(void **state)
{
    (void)state;
    for (int i = 0; i < KIOSK_KEYBOARD_CHARACTERS; i++)
        assert_int_equal(tap("’"), KIOSK_KEYBOARD_TEXT); /* three bytes each */
    assert_int_equal(tap("’"), KIOSK_KEYBOARD_LOOK);
    assert_int_equal(utf8_length(keyboard.text), KIOSK_KEYBOARD_CHARACTERS);
    assert_int_equal(tap("Effacer"), KIOSK_KEYBOARD_TEXT);
    assert_true(utf8_valid(keyboard.text, strlen(keyboard.text)));
    assert_int_equal(utf8_length(keyboard.text), KIOSK_KEYBOARD_CHARACTERS - 1);
    char longer[KIOSK_KEYBOARD_CHARACTERS * 2 + 20];
    memset(longer, 'a', sizeof(longer) - 1);
    longer[sizeof(longer) - 1] = '\0';
    kiosk_keyboard_set_text(&keyboard, longer);
    assert_int_equal(strlen(keyboard.text), KIOSK_KEYBOARD_CHARACTERS);
    kiosk_keyboard_set_text(&keyboard, "a\xff");
    assert_string_equal(keyboard.text, "");
}

static void test_release_beside_does_nothing(void **state)
{
    (void)state;
    struct rect key = kiosk_keyboard_key(&keyboard, key_of("d"));
    down("d", 0);
    assert_true(keyboard.lit);
    assert_int_equal(kiosk_keyboard_move(&keyboard, key.x + 3 * key.w, key.y), KIOSK_KEYBOARD_LOOK);
    assert_false(keyboard.lit);
    assert_int_equal(kiosk_keyboard_up(&keyboard, key.x + 3 * key.w, key.y), KIOSK_KEYBOARD_LOOK);
    assert_string_equal(keyboard.text, "");
    /* Back on it before the release: it counts. */
    down("d", 0);
    kiosk_keyboard_move(&keyboard, 0, 0);
    kiosk_keyboard_move(&keyboard, key.x, key.y);
    assert_int_equal(up(key), KIOSK_KEYBOARD_TEXT);
    assert_string_equal(keyboard.text, "d");
    down("d", 0);
    kiosk_keyboard_cancel(&keyboard);
    assert_int_equal(up(key), KIOSK_KEYBOARD_SAME);
    assert_string_equal(keyboard.text, "d");
    assert_int_equal(kiosk_keyboard_down(&keyboard, 0, 0, 0), KIOSK_KEYBOARD_SAME);
}

static void test_second_finger_is_ignored(void **state)
{
    (void)state;
    down("a", 0);
    assert_int_equal(down("z", 10), KIOSK_KEYBOARD_SAME);
    assert_int_equal(up(kiosk_keyboard_key(&keyboard, key_of("a"))), KIOSK_KEYBOARD_TEXT);
    assert_string_equal(keyboard.text, "a");
}

/* No gap swallows a touch: each point between the first and the last key hits one. */
static void test_no_dead_ground(void **state)
{
    (void)state;
    for (int y = keyboard.rect.y; y < keyboard.rect.y + keyboard.rect.h; y++)
        for (int x = keyboard.rect.x; x < keyboard.rect.x + keyboard.rect.w; x++) {
            if (kiosk_keyboard_down(&keyboard, x, y, 0) != KIOSK_KEYBOARD_LOOK)
                fail_msg("nothing at %d, %d", x, y);
            kiosk_keyboard_cancel(&keyboard);
        }
}

static void test_sliding_to_an_accent(void **state)
{
    (void)state;
    down("e", 1000);
    assert_int_equal(kiosk_keyboard_next_wake(&keyboard), 1000 + KIOSK_KEYBOARD_HOLD_MS);
    assert_int_equal(kiosk_keyboard_tick(&keyboard, 1400), KIOSK_KEYBOARD_SAME);
    assert_int_equal(kiosk_keyboard_variant(&keyboard, 0).w, 0);
    assert_int_equal(kiosk_keyboard_tick(&keyboard, 1500), KIOSK_KEYBOARD_LOOK);
    struct rect accent = kiosk_keyboard_variant(&keyboard, 3);
    assert_int_equal(kiosk_keyboard_variant(&keyboard, 4).w, 0);
    kiosk_keyboard_move(&keyboard, middle_x(accent), middle_y(accent));
    assert_int_equal(up(accent), KIOSK_KEYBOARD_TEXT);
    assert_string_equal(keyboard.text, "ë");
    assert_int_equal(kiosk_keyboard_next_wake(&keyboard), INT64_MAX);
}

/* Who lets go over the letter finds the accents still there, to be tapped. */
static void test_tapping_an_accent(void **state)
{
    (void)state;
    struct rect key = kiosk_keyboard_key(&keyboard, key_of("o"));
    down("o", 0);
    kiosk_keyboard_tick(&keyboard, 600);
    assert_int_equal(up(key), KIOSK_KEYBOARD_LOOK);
    assert_string_equal(keyboard.text, "");
    struct rect accent = kiosk_keyboard_variant(&keyboard, 2);
    assert_true(accent.w > 0);
    kiosk_keyboard_down(&keyboard, middle_x(accent), middle_y(accent), 700);
    assert_int_equal(up(accent), KIOSK_KEYBOARD_TEXT);
    assert_string_equal(keyboard.text, "œ");

    down("o", 1000);
    kiosk_keyboard_tick(&keyboard, 1600);
    up(key);
    down("z", 1700); /* beside them: they close, and z is not typed */
    up(kiosk_keyboard_key(&keyboard, key_of("z")));
    assert_int_equal(kiosk_keyboard_variant(&keyboard, 0).w, 0);
    assert_string_equal(keyboard.text, "œ");
    tap("z");
    assert_string_equal(keyboard.text, "œz");
}

static void test_accents_stay_on_the_keyboard(void **state)
{
    (void)state;
    static const char *const keys[] = {"a", "e", "y", "u", "i", "o", "c", "n"};
    struct rect bounds = kiosk_keyboard_bounds(&keyboard);
    for (size_t k = 0; k < sizeof(keys) / sizeof(keys[0]); k++) {
        down(keys[k], 0);
        kiosk_keyboard_tick(&keyboard, 600);
        assert_true(kiosk_keyboard_variant(&keyboard, 0).w > 0);
        for (int i = 0; kiosk_keyboard_variant(&keyboard, i).w > 0; i++) {
            struct rect variant = kiosk_keyboard_variant(&keyboard, i);
            struct rect seen = rect_intersect(bounds, variant);
            assert_int_equal(seen.w * seen.h, variant.w * variant.h);
            assert_true(variant.w >= KIOSK_TARGET_MM * MM);
        }
        kiosk_keyboard_cancel(&keyboard);
    }
}

static void test_erase_repeats(void **state)
{
    (void)state;
    kiosk_keyboard_set_text(&keyboard, "créa");
    down("Effacer", 0);
    assert_int_equal(kiosk_keyboard_tick(&keyboard, 499), KIOSK_KEYBOARD_SAME);
    assert_int_equal(kiosk_keyboard_tick(&keyboard, 500), KIOSK_KEYBOARD_TEXT);
    assert_string_equal(keyboard.text, "cré");
    assert_int_equal(kiosk_keyboard_tick(&keyboard, 500 + KIOSK_KEYBOARD_REPEAT_MS),
                     KIOSK_KEYBOARD_TEXT);
    assert_string_equal(keyboard.text, "cr");
    /* The release of a key that repeated erases no more. */
    assert_int_equal(up(kiosk_keyboard_key(&keyboard, key_of("Effacer"))), KIOSK_KEYBOARD_LOOK);
    assert_string_equal(keyboard.text, "cr");
    /* A finger for an hour: nothing left to erase, and nothing bad. */
    down("Effacer", 1000);
    for (int64_t now = 1500; now < 3600 * 1000; now += 60 * 1000)
        kiosk_keyboard_tick(&keyboard, now);
    assert_string_equal(keyboard.text, "");
    kiosk_keyboard_move(&keyboard, 0, 0);
    assert_int_equal(kiosk_keyboard_next_wake(&keyboard), INT64_MAX);
}

static void test_targets_are_large_enough(void **state)
{
    (void)state;
    static const struct rect places[] = {
        {36, 1000, 1008, 216}, {0, 0, 436, 216}, {5, 5, 1900, 300}};
    for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
        kiosk_keyboard_place(&keyboard, places[p], MM);
        for (int layer = 0; layer < LAYERS; layer++) {
            keyboard.numbers = layer == 1;
            for (int i = 0; kiosk_keyboard_key(&keyboard, i).w > 0; i++) {
                struct rect key = kiosk_keyboard_key(&keyboard, i);
                assert_true(key.w >= KIOSK_TARGET_MM * MM && key.h >= KIOSK_TARGET_MM * MM);
                assert_int_equal(rect_intersect(key, places[p]).w, key.w);
                assert_int_equal(rect_intersect(key, places[p]).h, key.h);
            }
        }
    }
    kiosk_keyboard_place(&keyboard, (struct rect){0, 0, 3, 2}, MM); /* no room at all */
    assert_int_equal(kiosk_keyboard_key(&keyboard, 0).w, 0);
}

static void walk_to(const char *label)
{
    int wanted = key_of(label);
    struct rect to = kiosk_keyboard_key(&keyboard, wanted);
    if (keyboard.focus < 0)
        assert_true(kiosk_keyboard_focus(&keyboard, KIOSK_KEYBOARD_DOWN));
    while (kiosk_keyboard_key(&keyboard, keyboard.focus).y != to.y)
        assert_true(kiosk_keyboard_focus(
            &keyboard, kiosk_keyboard_key(&keyboard, keyboard.focus).y < to.y ? KIOSK_KEYBOARD_DOWN
                                                                              : KIOSK_KEYBOARD_UP));
    for (int steps = 0; keyboard.focus != wanted; steps++) {
        assert_true(steps < 10);
        assert_true(kiosk_keyboard_focus(&keyboard, KIOSK_KEYBOARD_RIGHT));
    }
}

static void test_writing_with_arrows(void **state)
{
    (void)state;
    static const char *const word[] = {"c", "r", "é", "a", "Espace", "123", "7"};
    for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++) {
        walk_to(word[i]);
        kiosk_keyboard_activate(&keyboard);
    }
    assert_string_equal(keyboard.text, "créa 7");
    walk_to("abc"); /* the focus stays on the key that changes the letters */
    kiosk_keyboard_activate(&keyboard);
    assert_int_equal(keyboard.focus, key_of("123"));
    walk_to("Voir les résultats");
    assert_int_equal(kiosk_keyboard_activate(&keyboard), KIOSK_KEYBOARD_SUBMIT);
    assert_true(kiosk_keyboard_focus(&keyboard, KIOSK_KEYBOARD_RIGHT)); /* around the row's end */
    assert_int_equal(keyboard.focus, key_of("123"));
    assert_false(kiosk_keyboard_focus(&keyboard, KIOSK_KEYBOARD_DOWN)); /* out, below */
    assert_int_equal(kiosk_keyboard_activate(&keyboard), KIOSK_KEYBOARD_SAME);
    assert_true(kiosk_keyboard_focus(&keyboard, KIOSK_KEYBOARD_UP)); /* and in again */
    assert_int_equal(keyboard.focus, key_of("123"));
}

/* Two keys alone reach every key once, both ways. */
static void test_focus_goes_through_all(void **state)
{
    (void)state;
    int count = 0, seen = 0;
    while (kiosk_keyboard_key(&keyboard, count).w > 0)
        count++;
    while (kiosk_keyboard_focus(&keyboard, KIOSK_KEYBOARD_NEXT))
        assert_int_equal(keyboard.focus, seen++);
    assert_int_equal(seen, count);
    while (kiosk_keyboard_focus(&keyboard, KIOSK_KEYBOARD_PREVIOUS))
        assert_int_equal(keyboard.focus, --seen);
    assert_int_equal(seen, 0);
    kiosk_keyboard_focus(&keyboard, KIOSK_KEYBOARD_NEXT);
    down("a", 0); /* who touches needs no focus */
    assert_int_equal(keyboard.focus, -1);
}

/* Every key has an accessible name, in each language. */
static void test_labels(void **state)
{
    (void)state;
    for (int i = 0; kiosk_keyboard_key(&keyboard, i).w > 0; i++)
        for (int lang = LANG_FR; lang <= LANG_EN; lang++)
            assert_true(kiosk_keyboard_label(&keyboard, i, (enum lang)lang)[0] > ' ' ||
                        kiosk_keyboard_label(&keyboard, i, (enum lang)lang)[0] < 0);
    assert_string_equal(kiosk_keyboard_label(&keyboard, key_of("Effacer"), LANG_EN), "Erase");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_every_key_types_what_it_shows, setup),
        cmocka_unit_test_setup(test_french_can_be_written, setup),
        cmocka_unit_test_setup(test_words, setup),
        cmocka_unit_test_setup(test_text_has_an_end, setup),
        cmocka_unit_test_setup(test_release_beside_does_nothing, setup),
        cmocka_unit_test_setup(test_second_finger_is_ignored, setup),
        cmocka_unit_test_setup(test_no_dead_ground, setup),
        cmocka_unit_test_setup(test_sliding_to_an_accent, setup),
        cmocka_unit_test_setup(test_tapping_an_accent, setup),
        cmocka_unit_test_setup(test_accents_stay_on_the_keyboard, setup),
        cmocka_unit_test_setup(test_erase_repeats, setup),
        cmocka_unit_test_setup(test_targets_are_large_enough, setup),
        cmocka_unit_test_setup(test_writing_with_arrows, setup),
        cmocka_unit_test_setup(test_focus_goes_through_all, setup),
        cmocka_unit_test_setup(test_labels, setup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
