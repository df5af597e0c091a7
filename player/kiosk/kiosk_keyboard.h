/* The keyboard that a visitor types a search on: it edits a short text and knows nothing of what is
 * searched. Plain state: time and places are passed in, pixels are drawn on a canvas.
 *
 * AZERTY in every language: the kiosks stand in France, visitors' hands know it, and keys that move
 * with the language would surprise whoever changes it halfway. Ten keys of KIOSK_TARGET_MM fit from
 * 218 mm on (a 55" upright screen is 685 mm wide, a 32" lying one 708 mm); in less they are as
 * large as the place allows. They grow to 40 mm at most, so that both hands stay near each other.
 */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_KEYBOARD_H
#define VITRINE_PLAYER_KIOSK_KIOSK_KEYBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "player/draw/canvas.h"
#include "player/draw/text.h"
#include "player/kiosk/kiosk_kit.h"

#define KIOSK_KEYBOARD_CHARACTERS 60
#define KIOSK_KEYBOARD_BYTES (KIOSK_KEYBOARD_CHARACTERS * 4 + 1)
#define KIOSK_KEYBOARD_ROWS 5
#define KIOSK_KEYBOARD_HOLD_MS 500   /* then a letter shows its variants, and erase repeats */
#define KIOSK_KEYBOARD_REPEAT_MS 120 /* between two erasures */

enum kiosk_keyboard_change {
    KIOSK_KEYBOARD_SAME,
    KIOSK_KEYBOARD_LOOK,   /* draw again */
    KIOSK_KEYBOARD_TEXT,   /* draw again; the text is another one */
    KIOSK_KEYBOARD_SUBMIT, /* "Voir les résultats" */
};

enum kiosk_keyboard_step {
    KIOSK_KEYBOARD_LEFT,
    KIOSK_KEYBOARD_RIGHT,
    KIOSK_KEYBOARD_UP,
    KIOSK_KEYBOARD_DOWN,
    KIOSK_KEYBOARD_NEXT, /* through all of them, for who has two keys alone */
    KIOSK_KEYBOARD_PREVIOUS,
};

/* Read `text`; the rest is the module's. */
struct kiosk_keyboard {
    char text[KIOSK_KEYBOARD_BYTES]; /* UTF-8 */
    struct rect rect;
    int unit, key_height, gap;
    bool numbers;
    int pressed; /* key under the finger; -1: none */
    bool lit;    /* the finger is still on it */
    bool repeated;
    int64_t next_ms; /* of the long press or the next erasure */
    int open;        /* key whose variants show; -1: none */
    int variant;     /* under the finger; -1: none */
    bool offered;    /* they stay after the finger left, to be tapped */
    int focus;       /* of who works with keys; -1: nobody does */
};

void kiosk_keyboard_init(struct kiosk_keyboard *keyboard); /* an empty text; nothing to finish */
/* Where it stands; `mm` px make a millimetre. In 108 mm of height or more its keys are 20 mm high.
 * Lets go of what is pressed. */
void kiosk_keyboard_place(struct kiosk_keyboard *keyboard, struct rect rect, double mm);
/* A suggestion that was taken, say; cut after KIOSK_KEYBOARD_CHARACTERS. Malformed: empty. */
void kiosk_keyboard_set_text(struct kiosk_keyboard *keyboard, const char *text);

/* Of the first finger alone: a second down before the first one's end is ignored. Keys act on
 * release; release beside the key does nothing. */
enum kiosk_keyboard_change kiosk_keyboard_down(struct kiosk_keyboard *keyboard, int x, int y,
                                               int64_t now_ms);
enum kiosk_keyboard_change kiosk_keyboard_move(struct kiosk_keyboard *keyboard, int x, int y);
enum kiosk_keyboard_change kiosk_keyboard_up(struct kiosk_keyboard *keyboard, int x, int y);
void kiosk_keyboard_cancel(struct kiosk_keyboard *keyboard);
/* Long press and repetition. */
enum kiosk_keyboard_change kiosk_keyboard_tick(struct kiosk_keyboard *keyboard, int64_t now_ms);
int64_t kiosk_keyboard_next_wake(const struct kiosk_keyboard *keyboard); /* INT64_MAX: never */

/* Arrows go by rows, around the ends of a row. The first step enters the keyboard: at its last row
 * when it goes up or back. False when the step leaves it (the focus goes with it). The variants
 * need a finger: the row of accents and a search that ignores accents stand in for them. */
bool kiosk_keyboard_focus(struct kiosk_keyboard *keyboard, enum kiosk_keyboard_step step);
void kiosk_keyboard_blur(struct kiosk_keyboard *keyboard); /* the focus went elsewhere */
enum kiosk_keyboard_change kiosk_keyboard_activate(struct kiosk_keyboard *keyboard);

/* Key `index` of the layer that shows, row by row; w 0 after the last one. */
struct rect kiosk_keyboard_key(const struct kiosk_keyboard *keyboard, int index);
/* What it types; "" for keys that act. */
const char *kiosk_keyboard_types(const struct kiosk_keyboard *keyboard, int index);
/* What it says when read aloud: a word, or the character. */
const char *kiosk_keyboard_label(const struct kiosk_keyboard *keyboard, int index, enum lang lang);
/* Variant i of the letter whose variants show; w 0 when there is none. */
struct rect kiosk_keyboard_variant(const struct kiosk_keyboard *keyboard, int index);

/* All that it may paint: its rect, and above it the bubble over a finger. Draws what meets the
 * canvas's clip; what lies behind is the caller's to draw. */
struct rect kiosk_keyboard_bounds(const struct kiosk_keyboard *keyboard);
void kiosk_keyboard_draw(const struct kiosk_keyboard *keyboard, const struct kiosk_kit *kit,
                         struct text_engine *text, struct canvas *canvas);

#endif
