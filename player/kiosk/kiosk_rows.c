#include "player/kiosk/kiosk_rows.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"

#define CACHED_ROWS 48 /* more than twice what any screen shows */

struct row {
    const struct directory_entry *entry; /* NULL: free */
    bool here;
    uint64_t used;
    struct scene *scene;
    struct scene_node *card;
};

struct kiosk_rows {
    struct text_engine *text;
    struct row cached[CACHED_ROWS];
    uint64_t clock;
};

struct kiosk_rows *kiosk_rows_create(struct text_engine *text)
{
    struct kiosk_rows *rows = calloc(1, sizeof(*rows));
    if (rows == NULL)
        abort();
    rows->text = text;
    return rows;
}

void kiosk_rows_clear(struct kiosk_rows *rows)
{
    for (int i = 0; i < CACHED_ROWS; i++) {
        scene_destroy(rows->cached[i].scene);
        rows->cached[i] = (struct row){0};
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
    static const char *const small[] = {"l",  "d",  "le",  "la", "les", "de",  "du",  "des",
                                        "et", "en", "a",   "à",  "À",   "au",  "aux", "the",
                                        "of", "un", "une", "sa", "son", "pour"};
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

static void add_tile(const struct kiosk_kit *kit, struct scene_node *card, struct rect square,
                     const struct directory_entry *entry)
{
    struct strbuf initials;
    strbuf_init(&initials);
    kiosk_rows_monogram(entry->name, &initials);
    struct scene_node *tile = scene_box(card, square, kiosk_kit_family(kit->theme, entry->family),
                                        kit->layout->radius * 3 / 4);
    struct text_style style = kiosk_kit_style(kit, TEXT_EXTRABOLD, 13, TEXT_CENTER, 1);
    kiosk_kit_fit(kit, tile, (struct rect){0, 0, square.w, square.h}, initials.bytes, &style,
                  COLOR_RGB(0xFFFFFF));
    strbuf_finish(&initials);
}

static void join(struct strbuf *out, const char *first, const char *second)
{
    strbuf_append(out, first);
    if (first[0] != '\0' && second[0] != '\0')
        strbuf_append(out, " · ");
    strbuf_append(out, second);
}

static void place_of(const struct kiosk_kit *kit, const struct directory_entry *entry, bool here,
                     struct strbuf *out)
{
    if (here)
        kiosk_strings_place(entry->floor, entry->office, kit->lang, out);
    if (out->length == 0)
        strbuf_append(out, entry->commune);
}

/* Nodes below each other, centred in the height of the card. */
static void stack(struct scene_node **nodes, int count, int gap, int height)
{
    int sum = -gap;
    for (int i = 0; i < count; i++)
        sum += nodes[i]->rect.h + gap;
    int y = (height - sum) / 2;
    for (int i = 0; i < count; i++) {
        nodes[i]->rect.y = y;
        y += nodes[i]->rect.h + gap;
    }
}

static struct scene_node *place_line(const struct kiosk_kit *kit, struct scene_node *card,
                                     struct rect line, const char *place, bool here)
{
    int aside = kiosk_kit_px(kit, 13 * kit->layout->text);
    int icon = kiosk_kit_px(kit, 10.5 * kit->layout->text);
    struct scene_node *group = scene_group(card, line);
    struct text_style style = kiosk_kit_style(kit, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, TEXT_START, 1);
    struct scene_node *text =
        kiosk_kit_text(kit, group, aside, 0, line.w - aside, place, &style, kit->theme->muted);
    group->rect.h = text->rect.h;
    scene_icon(group, (struct rect){0, (text->rect.h - icon) / 2, icon, icon},
               here ? ICON_DOOR : ICON_PIN, kit->theme->muted);
    return group;
}

/* A long name takes two lines; activity and place then share one. */
static void add_texts(const struct kiosk_kit *kit, struct scene_node *card, struct rect column,
                      const struct directory_entry *entry, bool here)
{
    struct scene_node *nodes[3];
    int count = 0;
    struct strbuf place, line;
    strbuf_init(&place);
    strbuf_init(&line);
    place_of(kit, entry, here, &place);
    struct text_style style = kiosk_kit_style(kit, TEXT_EXTRABOLD, KIOSK_CAP_NAME, TEXT_START, 2);
    style.line_height = 1.6;
    nodes[count++] =
        kiosk_kit_text(kit, card, column.x, 0, column.w, entry->name, &style, kit->theme->text);
    bool long_name = text_layout_lines(nodes[0]->layout) > 1;
    if (long_name)
        join(&line, place.bytes, entry->activity);
    else
        strbuf_append(&line, entry->activity);
    style = kiosk_kit_style(kit, TEXT_REGULAR, KIOSK_CAP_SMALL, TEXT_START, 1);
    if (line.length > 0)
        nodes[count++] =
            kiosk_kit_text(kit, card, column.x, 0, column.w, line.bytes, &style, kit->theme->link);
    if (!long_name && place.length > 0)
        nodes[count++] =
            place_line(kit, card, (struct rect){column.x, 0, column.w, 0}, place.bytes, here);
    stack(nodes, count, kiosk_kit_px(kit, 3 * kit->layout->text), column.h);
    strbuf_finish(&line);
    strbuf_finish(&place);
}

static struct scene_node *add_card(const struct kiosk_kit *kit, struct scene_node *parent,
                                   struct rect rect, const struct directory_entry *entry, bool here)
{
    int pad = kiosk_kit_px(kit, 9), arrow = kiosk_kit_px(kit, 13);
    int tile = kiosk_kit_px(kit, 18 + 19 * kit->layout->text);
    struct scene_node *card = kiosk_kit_card(kit, parent, rect);
    card->label = entry->name;
    add_tile(kit, card, (struct rect){pad, (rect.h - tile) / 2, tile, tile}, entry);
    int x = 2 * pad + tile, right = rect.w - pad - arrow;
    add_texts(kit, card, (struct rect){x, 0, right - pad / 2 - x, rect.h}, entry, here);
    scene_icon(card, (struct rect){right, (rect.h - arrow) / 2, arrow, arrow}, ICON_RIGHT,
               kit->theme->link);
    return card;
}

static struct row *find_row(struct kiosk_rows *rows, const struct kiosk_kit *kit, struct rect rect,
                            const struct directory_entry *entry, bool here)
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
    scene_destroy(oldest->scene);
    int around = kit->layout->gap;
    struct scene *scene = scene_create(rows->text, rect.w + 2 * around, rect.h + 2 * around);
    *oldest = (struct row){
        .entry = entry,
        .here = here,
        .used = rows->clock,
        .scene = scene,
        .card = add_card(kit, scene_root(scene), (struct rect){around, around, rect.w, rect.h},
                         entry, here),
    };
    return oldest;
}

void kiosk_rows_draw(struct kiosk_rows *rows, const struct kiosk_kit *kit, struct canvas *canvas,
                     struct rect rect, const struct directory_entry *entry, bool here,
                     enum kiosk_row_state state)
{
    struct row *row = find_row(rows, kit, rect, entry, here);
    struct scene_node *root = scene_root(row->scene);
    root->rect.x = rect.x - kit->layout->gap;
    root->rect.y = rect.y - kit->layout->gap;
    kiosk_kit_press(kit, row->card, state == KIOSK_ROW_PRESSED);
    row->card->focused = state == KIOSK_ROW_FOCUSED;
    scene_draw(row->scene, canvas, NULL);
}
