#include "player/kiosk/kiosk_keyboard.h"

#include <math.h>
#include <string.h>

#include "core/utf8.h"

#define COLUMNS 10
#define GAP_MM 2.0
#define WIDEST_MM 40.0
#define HIGHEST_MM 32.0
#define LETTER_CAP_MM 10.0
#define LETTER_SPAN 1.8 /* capitals from the top of Ê to the bottom of ç */
#define EDGE_PX 2       /* line around keys in high contrast */

enum act { TYPE, ERASE, CLEAR, LAYER, SUBMIT };

struct key {
    const char *types, *variants; /* variants: characters in a row; NULL: none */
    int row, width;               /* in columns */
    enum act act;
};

/* clang-format off */
static const struct key letters[] = {
    {"é", NULL, 0, 1, TYPE}, {"è", NULL, 0, 1, TYPE}, {"ê", NULL, 0, 1, TYPE},
    {"à", NULL, 0, 1, TYPE}, {"â", NULL, 0, 1, TYPE}, {"ç", NULL, 0, 1, TYPE},
    {"ù", NULL, 0, 1, TYPE}, {"î", NULL, 0, 1, TYPE}, {"ô", NULL, 0, 1, TYPE},
    {"œ", NULL, 0, 1, TYPE},
    {"a", "àâäæ", 1, 1, TYPE}, {"z", NULL, 1, 1, TYPE}, {"e", "éèêë", 1, 1, TYPE},
    {"r", NULL, 1, 1, TYPE}, {"t", NULL, 1, 1, TYPE}, {"y", "ÿ", 1, 1, TYPE},
    {"u", "ùûü", 1, 1, TYPE}, {"i", "îï", 1, 1, TYPE}, {"o", "ôöœ", 1, 1, TYPE},
    {"p", NULL, 1, 1, TYPE},
    {"q", NULL, 2, 1, TYPE}, {"s", NULL, 2, 1, TYPE}, {"d", NULL, 2, 1, TYPE},
    {"f", NULL, 2, 1, TYPE}, {"g", NULL, 2, 1, TYPE}, {"h", NULL, 2, 1, TYPE},
    {"j", NULL, 2, 1, TYPE}, {"k", NULL, 2, 1, TYPE}, {"l", NULL, 2, 1, TYPE},
    {"m", NULL, 2, 1, TYPE},
    {"w", NULL, 3, 1, TYPE}, {"x", NULL, 3, 1, TYPE}, {"c", "ç", 3, 1, TYPE},
    {"v", NULL, 3, 1, TYPE}, {"b", NULL, 3, 1, TYPE}, {"n", "ñ", 3, 1, TYPE},
    {"’", NULL, 3, 1, TYPE}, {"-", NULL, 3, 1, TYPE}, {"", NULL, 3, 2, ERASE},
    {"", NULL, 4, 1, LAYER}, {"", NULL, 4, 2, CLEAR}, {" ", NULL, 4, 4, TYPE},
    {"", NULL, 4, 3, SUBMIT},
};

static const struct key numbers[] = {
    {"1", NULL, 0, 2, TYPE}, {"2", NULL, 0, 2, TYPE}, {"3", NULL, 0, 2, TYPE},
    {"&", NULL, 0, 1, TYPE}, {"@", NULL, 0, 1, TYPE}, {".", NULL, 0, 1, TYPE},
    {",", NULL, 0, 1, TYPE},
    {"4", NULL, 1, 2, TYPE}, {"5", NULL, 1, 2, TYPE}, {"6", NULL, 1, 2, TYPE},
    {"/", NULL, 1, 1, TYPE}, {"+", NULL, 1, 1, TYPE}, {"(", NULL, 1, 1, TYPE},
    {")", NULL, 1, 1, TYPE},
    {"7", NULL, 2, 2, TYPE}, {"8", NULL, 2, 2, TYPE}, {"9", NULL, 2, 2, TYPE},
    {"°", NULL, 2, 1, TYPE}, {"€", NULL, 2, 1, TYPE}, {":", NULL, 2, 1, TYPE},
    {"!", NULL, 2, 1, TYPE},
    {"0", NULL, 3, 6, TYPE}, {"’", NULL, 3, 1, TYPE}, {"-", NULL, 3, 1, TYPE},
    {"", NULL, 3, 2, ERASE},
    {"", NULL, 4, 1, LAYER}, {"", NULL, 4, 2, CLEAR}, {" ", NULL, 4, 4, TYPE},
    {"", NULL, 4, 3, SUBMIT},
};
/* clang-format on */

static const struct key *keys_of(const struct kiosk_keyboard *keyboard, int *count_out)
{
    *count_out = keyboard->numbers ? (int)(sizeof(numbers) / sizeof(numbers[0]))
                                   : (int)(sizeof(letters) / sizeof(letters[0]));
    return keyboard->numbers ? numbers : letters;
}

static const struct key *key_at(const struct kiosk_keyboard *keyboard, int index)
{
    int count;
    const struct key *keys = keys_of(keyboard, &count);
    return index >= 0 && index < count ? &keys[index] : NULL;
}

void kiosk_keyboard_cancel(struct kiosk_keyboard *keyboard)
{
    keyboard->pressed = keyboard->open = keyboard->variant = -1;
    keyboard->lit = keyboard->repeated = keyboard->offered = false;
    keyboard->next_ms = INT64_MAX;
}

void kiosk_keyboard_init(struct kiosk_keyboard *keyboard)
{
    *keyboard = (struct kiosk_keyboard){.focus = -1};
    kiosk_keyboard_cancel(keyboard);
}

void kiosk_keyboard_place(struct kiosk_keyboard *keyboard, struct rect rect, double mm)
{
    int gap = rect.w >= 2 * COLUMNS * GAP_MM * mm ? (int)lround(GAP_MM * mm) : 0;
    int unit = (rect.w - (COLUMNS - 1) * gap) / COLUMNS;
    int height = (rect.h - (KIOSK_KEYBOARD_ROWS - 1) * gap) / KIOSK_KEYBOARD_ROWS;
    unit = (int)fmin(fmax(unit, 0), WIDEST_MM * mm);
    height = (int)fmin(fmax(height, 0), HIGHEST_MM * mm);
    int width = COLUMNS * unit + (COLUMNS - 1) * gap;
    keyboard->rect = (struct rect){rect.x + (rect.w - width) / 2, rect.y, width,
                                   KIOSK_KEYBOARD_ROWS * height + (KIOSK_KEYBOARD_ROWS - 1) * gap};
    keyboard->unit = unit;
    keyboard->key_height = height;
    keyboard->gap = gap;
    kiosk_keyboard_cancel(keyboard);
}

void kiosk_keyboard_set_text(struct kiosk_keyboard *keyboard, const char *text)
{
    const char *cursor = text, *end = text + strlen(text);
    if (!utf8_valid(text, (size_t)(end - text)))
        end = text;
    for (int i = 0; i < KIOSK_KEYBOARD_CHARACTERS && cursor < end; i++)
        (void)utf8_next(&cursor, end);
    size_t length = (size_t)(cursor - text);
    memcpy(keyboard->text, text, length);
    keyboard->text[length] = '\0';
}

struct rect kiosk_keyboard_key(const struct kiosk_keyboard *keyboard, int index)
{
    const struct key *wanted = key_at(keyboard, index);
    if (wanted == NULL)
        return (struct rect){0};
    int column = 0, pitch = keyboard->unit + keyboard->gap;
    for (int i = index - 1; i >= 0 && key_at(keyboard, i)->row == wanted->row; i--)
        column += key_at(keyboard, i)->width;
    return (struct rect){keyboard->rect.x + column * pitch,
                         keyboard->rect.y + wanted->row * (keyboard->key_height + keyboard->gap),
                         wanted->width * pitch - keyboard->gap, keyboard->key_height};
}

const char *kiosk_keyboard_types(const struct kiosk_keyboard *keyboard, int index)
{
    const struct key *key = key_at(keyboard, index);
    return key != NULL ? key->types : "";
}

/* Variant `index` of the open key as a string of its own; false when there is none. */
static bool variant_text(const struct kiosk_keyboard *keyboard, int index, char text_out[5])
{
    const struct key *key = key_at(keyboard, keyboard->open);
    if (key == NULL || key->variants == NULL || index < 0)
        return false;
    const char *cursor = key->variants, *end = cursor + strlen(cursor), *start = cursor;
    for (int i = 0; i <= index; i++) {
        if (cursor == end)
            return false;
        start = cursor;
        (void)utf8_next(&cursor, end);
    }
    memcpy(text_out, start, (size_t)(cursor - start));
    text_out[cursor - start] = '\0';
    return true;
}

struct rect kiosk_keyboard_variant(const struct kiosk_keyboard *keyboard, int index)
{
    char text[5];
    if (!variant_text(keyboard, index, text))
        return (struct rect){0};
    int count = (int)utf8_length(key_at(keyboard, keyboard->open)->variants);
    int pitch = keyboard->unit + keyboard->gap, width = count * pitch - keyboard->gap;
    struct rect key = kiosk_keyboard_key(keyboard, keyboard->open);
    int x = key.x + (key.w - width) / 2, last = keyboard->rect.x + keyboard->rect.w - width;
    x = x > last ? last : x;
    x = x < keyboard->rect.x ? keyboard->rect.x : x;
    return (struct rect){x + index * pitch, key.y - keyboard->gap - key.h, keyboard->unit, key.h};
}

struct rect kiosk_keyboard_bounds(const struct kiosk_keyboard *keyboard)
{
    struct rect rect = keyboard->rect;
    int above = keyboard->key_height + keyboard->gap, edge = keyboard->gap;
    return (struct rect){rect.x - edge, rect.y - above - edge, rect.w + 2 * edge,
                         rect.h + above + 2 * edge};
}

/* The gaps belong to the keys beside them: a finger between two keys hits one. */
static bool within_reach(const struct kiosk_keyboard *keyboard, struct rect key, int x, int y)
{
    int before = keyboard->gap / 2, around = keyboard->gap;
    return !rect_empty(key) &&
           rect_contains(
               (struct rect){key.x - before, key.y - before, key.w + around, key.h + around}, x, y);
}

static int find_key(const struct kiosk_keyboard *keyboard, int x, int y)
{
    for (int i = 0; key_at(keyboard, i) != NULL; i++)
        if (within_reach(keyboard, kiosk_keyboard_key(keyboard, i), x, y))
            return i;
    return -1;
}

static int find_variant(const struct kiosk_keyboard *keyboard, int x, int y)
{
    for (int i = 0; kiosk_keyboard_variant(keyboard, i).w > 0; i++)
        if (within_reach(keyboard, kiosk_keyboard_variant(keyboard, i), x, y))
            return i;
    return -1;
}

static enum kiosk_keyboard_change type(struct kiosk_keyboard *keyboard, const char *text)
{
    size_t length = strlen(keyboard->text);
    if (utf8_length(keyboard->text) >= KIOSK_KEYBOARD_CHARACTERS)
        return KIOSK_KEYBOARD_LOOK;
    /* Spaces that no search needs, at the start or twice. */
    if (text[0] == ' ' && (length == 0 || keyboard->text[length - 1] == ' '))
        return KIOSK_KEYBOARD_LOOK;
    memcpy(keyboard->text + length, text, strlen(text) + 1);
    return KIOSK_KEYBOARD_TEXT;
}

static enum kiosk_keyboard_change erase(struct kiosk_keyboard *keyboard)
{
    size_t length = strlen(keyboard->text);
    if (length == 0)
        return KIOSK_KEYBOARD_LOOK;
    do
        length--;
    while (length > 0 && ((unsigned char)keyboard->text[length] & 0xC0) == 0x80);
    keyboard->text[length] = '\0';
    return KIOSK_KEYBOARD_TEXT;
}

static enum kiosk_keyboard_change act(struct kiosk_keyboard *keyboard, const struct key *key)
{
    switch (key->act) {
    case TYPE:
        return type(keyboard, key->types);
    case ERASE:
        return erase(keyboard);
    case CLEAR:
        if (keyboard->text[0] == '\0')
            return KIOSK_KEYBOARD_LOOK;
        keyboard->text[0] = '\0';
        return KIOSK_KEYBOARD_TEXT;
    case LAYER:
        keyboard->numbers = !keyboard->numbers;
        if (keyboard->focus >= 0) /* the same key is elsewhere in the other layer's table */
            for (keyboard->focus = 0; key_at(keyboard, keyboard->focus)->act != LAYER;)
                keyboard->focus++;
        return KIOSK_KEYBOARD_LOOK;
    case SUBMIT:
        return KIOSK_KEYBOARD_SUBMIT;
    }
    return KIOSK_KEYBOARD_SAME;
}

enum kiosk_keyboard_change kiosk_keyboard_down(struct kiosk_keyboard *keyboard, int x, int y,
                                               int64_t now_ms)
{
    if (keyboard->offered) {
        keyboard->variant = find_variant(keyboard, x, y);
        if (keyboard->variant < 0) /* beside them: they close, and nothing else happens */
            kiosk_keyboard_cancel(keyboard);
        return KIOSK_KEYBOARD_LOOK;
    }
    if (keyboard->pressed >= 0)
        return KIOSK_KEYBOARD_SAME;
    kiosk_keyboard_cancel(keyboard);
    keyboard->focus = -1;
    keyboard->pressed = find_key(keyboard, x, y);
    if (keyboard->pressed < 0)
        return KIOSK_KEYBOARD_SAME;
    const struct key *key = key_at(keyboard, keyboard->pressed);
    keyboard->lit = true;
    if (key->act == ERASE || key->variants != NULL)
        keyboard->next_ms = now_ms + KIOSK_KEYBOARD_HOLD_MS;
    return KIOSK_KEYBOARD_LOOK;
}

enum kiosk_keyboard_change kiosk_keyboard_move(struct kiosk_keyboard *keyboard, int x, int y)
{
    if (keyboard->open >= 0) {
        int variant = find_variant(keyboard, x, y);
        bool same = variant == keyboard->variant;
        keyboard->variant = variant;
        return same ? KIOSK_KEYBOARD_SAME : KIOSK_KEYBOARD_LOOK;
    }
    if (keyboard->pressed < 0)
        return KIOSK_KEYBOARD_SAME;
    bool lit = within_reach(keyboard, kiosk_keyboard_key(keyboard, keyboard->pressed), x, y);
    if (lit == keyboard->lit)
        return KIOSK_KEYBOARD_SAME;
    keyboard->lit = lit;
    if (!lit)
        keyboard->next_ms = INT64_MAX;
    return KIOSK_KEYBOARD_LOOK;
}

enum kiosk_keyboard_change kiosk_keyboard_up(struct kiosk_keyboard *keyboard, int x, int y)
{
    (void)kiosk_keyboard_move(keyboard, x, y);
    char text[5];
    if (variant_text(keyboard, keyboard->variant, text)) {
        kiosk_keyboard_cancel(keyboard);
        return type(keyboard, text);
    }
    if (keyboard->open >= 0 && !keyboard->offered &&
        find_key(keyboard, x, y) == keyboard->pressed) {
        keyboard->offered = true;
        keyboard->pressed = -1;
        keyboard->lit = false;
        return KIOSK_KEYBOARD_LOOK;
    }
    bool acts = keyboard->open < 0 && keyboard->lit && !keyboard->repeated;
    bool touched = keyboard->open >= 0 || keyboard->pressed >= 0;
    const struct key *key = key_at(keyboard, keyboard->pressed);
    kiosk_keyboard_cancel(keyboard);
    if (acts)
        return act(keyboard, key);
    return touched ? KIOSK_KEYBOARD_LOOK : KIOSK_KEYBOARD_SAME;
}

enum kiosk_keyboard_change kiosk_keyboard_tick(struct kiosk_keyboard *keyboard, int64_t now_ms)
{
    if (now_ms < keyboard->next_ms)
        return KIOSK_KEYBOARD_SAME;
    if (key_at(keyboard, keyboard->pressed)->act == ERASE) {
        keyboard->repeated = true;
        /* From now on: after a pause of the player it does not erase all at once. */
        keyboard->next_ms = now_ms + KIOSK_KEYBOARD_REPEAT_MS;
        return erase(keyboard);
    }
    keyboard->open = keyboard->pressed;
    keyboard->next_ms = INT64_MAX;
    return KIOSK_KEYBOARD_LOOK;
}

int64_t kiosk_keyboard_next_wake(const struct kiosk_keyboard *keyboard)
{
    return keyboard->next_ms;
}

/* The key of that row under the middle of the focused one; -1: no such row. */
static int key_in_row(const struct kiosk_keyboard *keyboard, int row)
{
    struct rect from = kiosk_keyboard_key(keyboard, keyboard->focus);
    for (int i = 0; key_at(keyboard, i) != NULL; i++) {
        struct rect key = kiosk_keyboard_key(keyboard, i);
        if (key_at(keyboard, i)->row == row && from.x + from.w / 2 < key.x + key.w + keyboard->gap)
            return i;
    }
    return -1;
}

static int step_in_row(const struct kiosk_keyboard *keyboard, int by)
{
    int row = key_at(keyboard, keyboard->focus)->row, first = keyboard->focus, last = first;
    while (first > 0 && key_at(keyboard, first - 1)->row == row)
        first--;
    while (key_at(keyboard, last + 1) != NULL && key_at(keyboard, last + 1)->row == row)
        last++;
    int next = keyboard->focus + by;
    return next < first ? last : next > last ? first : next;
}

static int enter(const struct kiosk_keyboard *keyboard, enum kiosk_keyboard_step step)
{
    int count;
    const struct key *keys = keys_of(keyboard, &count);
    if (step == KIOSK_KEYBOARD_PREVIOUS)
        return count - 1;
    int first = 0;
    while (step == KIOSK_KEYBOARD_UP && keys[first].row < KIOSK_KEYBOARD_ROWS - 1)
        first++;
    return first;
}

bool kiosk_keyboard_focus(struct kiosk_keyboard *keyboard, enum kiosk_keyboard_step step)
{
    kiosk_keyboard_cancel(keyboard);
    const struct key *key = key_at(keyboard, keyboard->focus);
    if (key == NULL) {
        keyboard->focus = enter(keyboard, step);
        return true;
    }
    switch (step) {
    case KIOSK_KEYBOARD_LEFT:
    case KIOSK_KEYBOARD_RIGHT:
        keyboard->focus = step_in_row(keyboard, step == KIOSK_KEYBOARD_LEFT ? -1 : 1);
        break;
    case KIOSK_KEYBOARD_UP:
    case KIOSK_KEYBOARD_DOWN:
        keyboard->focus = key_in_row(keyboard, key->row + (step == KIOSK_KEYBOARD_UP ? -1 : 1));
        break;
    case KIOSK_KEYBOARD_NEXT:
        keyboard->focus = key_at(keyboard, keyboard->focus + 1) != NULL ? keyboard->focus + 1 : -1;
        break;
    case KIOSK_KEYBOARD_PREVIOUS:
        keyboard->focus--;
        break;
    }
    return keyboard->focus >= 0;
}

void kiosk_keyboard_blur(struct kiosk_keyboard *keyboard)
{
    keyboard->focus = -1;
}

enum kiosk_keyboard_change kiosk_keyboard_activate(struct kiosk_keyboard *keyboard)
{
    kiosk_keyboard_cancel(keyboard);
    const struct key *key = key_at(keyboard, keyboard->focus);
    return key != NULL ? act(keyboard, key) : KIOSK_KEYBOARD_SAME;
}

const char *kiosk_keyboard_label(const struct kiosk_keyboard *keyboard, int index, enum lang lang)
{
    const struct key *key = key_at(keyboard, index);
    if (key == NULL)
        return "";
    switch (key->act) {
    case ERASE:
        return kiosk_strings_get(KIOSK_STRING_ERASE, lang);
    case CLEAR:
        return kiosk_strings_get(KIOSK_STRING_CLEAR, lang);
    case LAYER:
        return keyboard->numbers ? "abc" : "123";
    case SUBMIT:
        return kiosk_strings_get(KIOSK_STRING_SEE_RESULTS, lang);
    case TYPE:
        break;
    }
    return key->types[0] == ' ' ? kiosk_strings_get(KIOSK_STRING_SPACE, lang) : key->types;
}

enum look { LETTER, WORD, LIT };

struct face {
    struct rect rect;
    const char *label;
    double cap_mm;
    enum look look;
    bool flat; /* no edge below it */
    bool focused;
};

/* Two lines, one of which shows on any colour; as scene_draw rings what has the focus. */
static void draw_ring(const struct kiosk_kit *kit, struct canvas *canvas, struct rect rect,
                      int radius, enum look look)
{
    const struct kiosk_theme *theme = kit->theme;
    color outer = look == LIT ? theme->text : theme->on_accent;
    int width = kiosk_kit_px(kit, 1);
    struct rect inner = {rect.x + width, rect.y + width, rect.w - 2 * width, rect.h - 2 * width};
    canvas_stroke_round(canvas, rect, radius, width, outer);
    canvas_stroke_round(canvas, inner, radius - width, width,
                        look == LIT ? theme->on_accent : theme->accent);
}

static void draw_face(const struct kiosk_kit *kit, struct text_engine *text, struct canvas *canvas,
                      const struct face *face)
{
    const struct kiosk_theme *theme = kit->theme;
    struct rect rect = face->rect;
    bool letter = face->cap_mm > KIOSK_CAP_SMALL;
    int radius = kit->layout->radius / 2, depth = kiosk_kit_px(kit, 1);
    int pad_x = kiosk_kit_px(kit, letter ? 1 : 3), pad_y = kiosk_kit_px(kit, 1);
    if (rect_empty(
            rect_intersect(canvas->clip, (struct rect){rect.x, rect.y, rect.w, rect.h + depth})))
        return;
    const color fills[] = {[LETTER] = theme->card, [WORD] = theme->tint, [LIT] = theme->accent};
    if (!face->flat)
        canvas_fill_round(canvas, (struct rect){rect.x, rect.y + depth, rect.w, rect.h}, radius,
                          theme->shadow);
    canvas_fill_round(canvas, rect, radius, fills[face->look]);
    if (theme->edge != 0)
        canvas_stroke_round(canvas, rect, radius, EDGE_PX, theme->edge);
    if (face->focused)
        draw_ring(kit, canvas, rect, radius, face->look);
    struct text_style style = kiosk_kit_style(kit, TEXT_SEMIBOLD, face->cap_mm, TEXT_CENTER, 2);
    style.line_height = 1.5;
    if (letter)
        style.cap_height = fmin(style.cap_height, (rect.h - 2 * pad_y) / LETTER_SPAN);
    struct text_layout *layout = text_layout_fit(
        text, face->label, &style, fmin(style.cap_height, KIOSK_CAP_SMALL * kit->layout->mm),
        rect.w - 2 * pad_x, rect.h - 2 * pad_y, NULL);
    /* Small letters hang below their line as often as they rise; words begin with a capital. */
    int height = letter ? text_layout_height(layout)
                        : text_layout_baseline(layout, text_layout_lines(layout) - 1);
    text_layout_draw(layout, canvas, rect.x + pad_x, rect.y + (rect.h - height) / 2,
                     face->look == LIT ? theme->on_accent : theme->text);
    text_layout_destroy(layout);
}

/* The variants on a card of their own, above what they belong to. */
static void draw_variants(const struct kiosk_keyboard *keyboard, const struct kiosk_kit *kit,
                          struct text_engine *text, struct canvas *canvas)
{
    struct rect all = {0};
    for (int i = 0; kiosk_keyboard_variant(keyboard, i).w > 0; i++)
        all = rect_union(all, kiosk_keyboard_variant(keyboard, i));
    if (rect_empty(all))
        return;
    const struct kiosk_theme *theme = kit->theme;
    int edge = keyboard->gap;
    all = (struct rect){all.x - edge, all.y - edge, all.w + 2 * edge, all.h + 2 * edge};
    canvas_fill_round(canvas, all, kit->layout->radius / 2 + edge, theme->accent);
    char variant[5];
    for (int i = 0; variant_text(keyboard, i, variant); i++)
        draw_face(kit, text, canvas,
                  &(struct face){.rect = kiosk_keyboard_variant(keyboard, i),
                                 .label = variant,
                                 .cap_mm = LETTER_CAP_MM,
                                 .look = i == keyboard->variant ? LIT : LETTER,
                                 .focused = i == keyboard->variant,
                                 .flat = true});
}

void kiosk_keyboard_draw(const struct kiosk_keyboard *keyboard, const struct kiosk_kit *kit,
                         struct text_engine *text, struct canvas *canvas)
{
    for (int i = 0; key_at(keyboard, i) != NULL; i++) {
        const struct key *key = key_at(keyboard, i);
        bool letter = key->act == TYPE && key->types[0] != ' ';
        bool lit = (i == keyboard->pressed && keyboard->lit) || i == keyboard->open;
        draw_face(kit, text, canvas,
                  &(struct face){
                      .rect = kiosk_keyboard_key(keyboard, i),
                      .label = kiosk_keyboard_label(keyboard, i, kit->lang),
                      .cap_mm = letter ? LETTER_CAP_MM : KIOSK_CAP_SMALL,
                      .look = lit || key->act == SUBMIT        ? LIT
                              : letter || key->types[0] == ' ' ? LETTER
                                                               : WORD,
                      .focused = i == keyboard->focus || (lit && key->act == SUBMIT),
                  });
    }
    draw_variants(keyboard, kit, text, canvas);
    /* What the finger hides shows above it. */
    const struct key *key = key_at(keyboard, keyboard->pressed);
    if (key != NULL && keyboard->lit && keyboard->open < 0 && key->types[0] != '\0' &&
        key->types[0] != ' ') {
        struct rect bubble = kiosk_keyboard_key(keyboard, keyboard->pressed);
        bubble.y -= bubble.h + keyboard->gap;
        draw_face(kit, text, canvas,
                  &(struct face){.rect = bubble,
                                 .label = key->types,
                                 .cap_mm = LETTER_CAP_MM * 1.4,
                                 .look = LIT,
                                 .focused = true});
    }
}
