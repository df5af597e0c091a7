#include "player/kiosk/kiosk_rows.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "player/kiosk/kiosk_strings.h"

#define CACHED_ROWS 48 /* more than twice what any screen shows */

struct row {
    const struct directory_entry *entry; /* NULL: free */
    bool here;
    uint64_t used;
    struct text_layout *monogram, *name, *activity, *place; /* place may be NULL */
};

struct kiosk_rows {
    struct row cached[CACHED_ROWS];
    uint64_t clock;
    struct canvas *card[2]; /* empty card on the page's colour, at rest and pressed */
};

struct kiosk_rows *kiosk_rows_create(void)
{
    struct kiosk_rows *rows = calloc(1, sizeof(*rows));
    if (rows == NULL)
        abort();
    return rows;
}

static void forget(struct row *row)
{
    text_layout_destroy(row->monogram);
    text_layout_destroy(row->name);
    text_layout_destroy(row->activity);
    text_layout_destroy(row->place);
    *row = (struct row){0};
}

void kiosk_rows_clear(struct kiosk_rows *rows)
{
    for (int i = 0; i < CACHED_ROWS; i++)
        forget(&rows->cached[i]);
    for (int i = 0; i < 2; i++) {
        canvas_destroy(rows->card[i]);
        rows->card[i] = NULL;
    }
}

void kiosk_rows_destroy(struct kiosk_rows *rows)
{
    if (rows == NULL)
        return;
    kiosk_rows_clear(rows);
    free(rows);
}

static bool is_small_word(const char *word, size_t length)
{
    static const char *const small[] = {"l",   "d",  "le", "la",  "les", "de",  "du",
                                        "des", "et", "en", "a",   "à",   "au",  "aux",
                                        "the", "of", "un", "une", "sa",  "son", "pour"};
    for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
        if (strlen(small[i]) == length && strncasecmp(small[i], word, length) == 0)
            return true;
    return false;
}

static bool is_word_break(uint32_t code_point)
{
    return (code_point < 0x80 && !isalnum((int)code_point)) || code_point == 0x2019 ||
           code_point == 0xA0 || code_point == 0xAB || code_point == 0xBB ||
           (code_point >= 0x2000 && code_point <= 0x206F);
}

void kiosk_rows_monogram(const char *name, struct strbuf *out)
{
    const char *end = name + strlen(name);
    int taken = 0;
    for (int pass = 0; pass < 2 && taken == 0; pass++) { /* a name of small words alone: any word */
        const char *cursor = name;
        while (cursor < end && taken < 2) {
            const char *word = cursor;
            uint32_t first = utf8_next(&cursor, end);
            if (is_word_break(first))
                continue;
            const char *stop = cursor;
            while (cursor < end && !is_word_break(utf8_next(&cursor, end)))
                stop = cursor;
            if (pass == 0 && is_small_word(word, (size_t)(stop - word)))
                continue;
            utf8_append(out, first < 0x80 ? (uint32_t)toupper((int)first) : first);
            taken++;
        }
    }
}

static int tile_px(const struct kiosk_paint *paint)
{
    return kiosk_paint_px(paint, 18 + 19 * paint->layout->text);
}

static int pad_px(const struct kiosk_paint *paint)
{
    return kiosk_paint_px(paint, 9);
}

static int text_x(const struct kiosk_paint *paint)
{
    return 2 * pad_px(paint) + tile_px(paint);
}

static void join(struct strbuf *out, const char *first, const char *second)
{
    strbuf_append(out, first);
    if (first[0] != '\0' && second[0] != '\0')
        strbuf_append(out, " · ");
    strbuf_append(out, second);
}

/* A long name takes two lines; activity and place then share one. */
static void lay_out(struct row *row, const struct kiosk_paint *paint, int width)
{
    const struct directory_entry *entry = row->entry;
    struct strbuf text, place;
    strbuf_init(&text);
    strbuf_init(&place);
    struct text_style style = kiosk_paint_style(paint, TEXT_EXTRABOLD, 13, TEXT_CENTER, 1);
    kiosk_rows_monogram(entry->name, &text);
    row->monogram = kiosk_paint_layout(paint, text.bytes, &style, tile_px(paint));

    style = kiosk_paint_style(paint, TEXT_EXTRABOLD, KIOSK_CAP_NAME, TEXT_START, 2);
    style.line_height = 1.6;
    row->name = kiosk_paint_layout(paint, entry->name, &style, width);

    if (row->here)
        kiosk_strings_place(entry->floor, entry->office, paint->lang, &place);
    if (place.length == 0)
        strbuf_append(&place, entry->commune);
    style = kiosk_paint_style(paint, TEXT_REGULAR, KIOSK_CAP_SMALL, TEXT_START, 1);
    strbuf_clear(&text);
    if (text_layout_lines(row->name) > 1) {
        join(&text, place.bytes, entry->activity);
        row->activity = kiosk_paint_layout(paint, text.bytes, &style, width);
    } else {
        row->activity = kiosk_paint_layout(paint, entry->activity, &style, width);
        style.weight = TEXT_SEMIBOLD;
        row->place = kiosk_paint_layout(paint, place.bytes, &style,
                                        width - kiosk_paint_px(paint, 13 * paint->layout->text));
    }
    strbuf_finish(&place);
    strbuf_finish(&text);
}

static const struct row *find_row(struct kiosk_rows *rows, const struct kiosk_paint *paint,
                                  const struct directory_entry *entry, bool here, int width)
{
    struct row *oldest = &rows->cached[0];
    rows->clock++;
    for (int i = 0; i < CACHED_ROWS; i++) {
        struct row *row = &rows->cached[i];
        if (row->entry == entry && row->here == here) {
            row->used = rows->clock;
            return row;
        }
        if (row->used < oldest->used)
            oldest = row;
    }
    forget(oldest);
    *oldest = (struct row){.entry = entry, .here = here, .used = rows->clock};
    lay_out(oldest, paint, width);
    return oldest;
}

/* The card with its shadow is the same for all rows: drawn once, copied afterwards. */
static void draw_card(struct kiosk_rows *rows, const struct kiosk_paint *paint,
                      struct canvas *canvas, struct rect rect, bool pressed)
{
    int around = paint->layout->gap / 2;
    struct canvas **card = &rows->card[pressed];
    if (*card == NULL) {
        *card = canvas_create(rect.w + 2 * around, rect.h + 2 * around);
        if (*card == NULL) { /* no memory for the copy: draw it each time */
            kiosk_paint_card(paint, canvas, rect, pressed);
            return;
        }
        canvas_fill(*card, paint->theme->page);
        kiosk_paint_card(paint, *card, (struct rect){around, around, rect.w, rect.h}, pressed);
    }
    canvas_copy(canvas, *card, (struct rect){0, 0, (*card)->width, (*card)->height},
                rect.x - around, rect.y - around);
}

static void draw_texts(const struct row *row, const struct kiosk_paint *paint,
                       struct canvas *canvas, struct rect rect)
{
    const struct kiosk_theme *theme = paint->theme;
    int gap = kiosk_paint_px(paint, 3 * paint->layout->text);
    bool has_activity = text_layout_width(row->activity) > 0;
    bool has_place = row->place != NULL && text_layout_width(row->place) > 0;
    int height = text_layout_height(row->name);
    if (has_activity)
        height += gap + text_layout_height(row->activity);
    if (has_place)
        height += gap + text_layout_height(row->place);
    int x = rect.x + text_x(paint);
    int y = rect.y + (rect.h - height) / 2;
    text_layout_draw(row->name, canvas, x, y, theme->text);
    y += text_layout_height(row->name) + gap;
    if (has_activity) {
        text_layout_draw(row->activity, canvas, x, y, theme->link);
        y += text_layout_height(row->activity) + gap;
    }
    if (has_place) {
        int icon = kiosk_paint_px(paint, 10.5 * paint->layout->text);
        int line = text_layout_height(row->place);
        kiosk_icon_draw(canvas, row->here ? KIOSK_ICON_DOOR : KIOSK_ICON_PIN, x,
                        y + (line - icon) / 2, icon, theme->muted);
        text_layout_draw(row->place, canvas, x + kiosk_paint_px(paint, 13 * paint->layout->text), y,
                         theme->muted);
    }
}

void kiosk_rows_draw(struct kiosk_rows *rows, const struct kiosk_paint *paint,
                     struct canvas *canvas, struct rect rect, const struct directory_entry *entry,
                     bool here, bool pressed)
{
    int pad = pad_px(paint);
    int arrow = kiosk_paint_px(paint, 13);
    int tile = tile_px(paint);
    const struct row *row =
        find_row(rows, paint, entry, here, rect.w - text_x(paint) - arrow - pad - pad / 2);
    draw_card(rows, paint, canvas, rect, pressed);
    struct rect square = {rect.x + pad, rect.y + (rect.h - tile) / 2, tile, tile};
    canvas_fill_round(canvas, square, paint->layout->radius * 3 / 4,
                      kiosk_paint_family(paint->theme, entry->family));
    text_layout_draw(row->monogram, canvas, square.x,
                     square.y + (tile - text_layout_height(row->monogram)) / 2,
                     COLOR_RGB(0xFFFFFF));
    draw_texts(row, paint, canvas, rect);
    kiosk_icon_draw(canvas, KIOSK_ICON_RIGHT, rect.x + rect.w - pad - arrow,
                    rect.y + (rect.h - arrow) / 2, arrow, paint->theme->link);
}
