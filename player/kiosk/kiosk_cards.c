#include "player/kiosk/kiosk_cards.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "core/utf8.h"
#include "player/kiosk/kiosk_agenda.h"

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

void kiosk_cards_monogram(const char *name, struct strbuf *out)
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

/* Joins with a point in the middle. */
static void join(struct strbuf *out, const char *text)
{
    if (text[0] == '\0')
        return;
    if (out->length > 0)
        strbuf_append(out, " · ");
    strbuf_append(out, text);
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

static struct scene_node *add_line(const struct kiosk_kit *kit, struct scene_node *card,
                                   struct rect line, enum icon glyph, const char *words)
{
    int aside = kiosk_kit_px(kit, 13 * kit->layout->text);
    int icon = kiosk_kit_px(kit, 10.5 * kit->layout->text);
    struct scene_node *group = scene_group(card, line);
    struct text_style style = kiosk_kit_style(kit, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, TEXT_START, 1);
    struct scene_node *text =
        kiosk_kit_text(kit, group, aside, 0, line.w - aside, words, &style, kit->theme->muted);
    group->rect.h = text->rect.h;
    scene_icon(group, (struct rect){0, (text->rect.h - icon) / 2, icon, icon}, glyph,
               kit->theme->muted);
    return group;
}

static void add_arrow(const struct kiosk_kit *kit, struct scene_node *card, int right, int height)
{
    int arrow = kiosk_kit_px(kit, 13);
    scene_icon(card, (struct rect){right, (height - arrow) / 2, arrow, arrow}, ICON_RIGHT,
               kit->theme->link);
}

/* ---- an organisation ------------------------------------------------------------------------- */

int kiosk_cards_tile(const struct kiosk_kit *kit)
{
    return kiosk_kit_px(kit, 18 + 19 * kit->layout->text);
}

static void add_initials(const struct kiosk_kit *kit, struct scene_node *parent, struct rect rect,
                         const char *name, color fill, double cap_mm, int radius)
{
    struct strbuf initials;
    strbuf_init(&initials);
    kiosk_cards_monogram(name, &initials);
    struct scene_node *tile = scene_box(parent, rect, fill, radius);
    struct text_style style = kiosk_kit_style(kit, TEXT_EXTRABOLD, cap_mm, TEXT_CENTER, 1);
    if (kit->theme->edge != 0) {
        tile->stroke = kit->theme->edge;
        tile->stroke_width = 2;
    }
    kiosk_kit_fit(kit, tile, (struct rect){0, 0, rect.w, rect.h}, initials.bytes, &style,
                  COLOR_RGB(0xFFFFFF));
    strbuf_finish(&initials);
}

static void place_of(const struct kiosk_kit *kit, const struct directory_organisation *organisation,
                     bool here, struct strbuf *out)
{
    if (here)
        kiosk_strings_place(organisation->floor, organisation->office, kit->lang, out);
    if (out->length == 0)
        strbuf_append(out, organisation->commune);
}

/* A long name takes two lines; activity and place then share one. */
static void add_texts(const struct kiosk_kit *kit, struct scene_node *card, struct rect column,
                      const struct directory_organisation *organisation, bool here)
{
    struct scene_node *nodes[3];
    int count = 0;
    struct strbuf place, line;
    strbuf_init(&place);
    strbuf_init(&line);
    place_of(kit, organisation, here, &place);
    struct text_style style = kiosk_kit_style(kit, TEXT_EXTRABOLD, KIOSK_CAP_NAME, TEXT_START, 2);
    style.line_height = 1.6;
    nodes[count++] = kiosk_kit_text(kit, card, column.x, 0, column.w, organisation->name, &style,
                                    kit->theme->text);
    bool long_name = text_layout_lines(nodes[0]->layout) > 1;
    if (long_name)
        join(&line, place.bytes);
    join(&line, organisation->activity);
    style = kiosk_kit_style(kit, TEXT_REGULAR, KIOSK_CAP_SMALL, TEXT_START, 1);
    if (line.length > 0)
        nodes[count++] =
            kiosk_kit_text(kit, card, column.x, 0, column.w, line.bytes, &style, kit->theme->link);
    if (!long_name && place.length > 0)
        nodes[count++] = add_line(kit, card, (struct rect){column.x, 0, column.w, 0},
                                  here ? ICON_DOOR : ICON_PIN, place.bytes);
    stack(nodes, count, kiosk_kit_px(kit, 3 * kit->layout->text), column.h);
    strbuf_clear(&line);
    strbuf_printf(&line, "%s. %s. %s", organisation->name, organisation->activity, place.bytes);
    scene_set_label(card, line.bytes);
    strbuf_finish(&line);
    strbuf_finish(&place);
}

struct scene_node *kiosk_cards_organisation(const struct kiosk_kit *kit, struct scene_node *parent,
                                            struct rect rect,
                                            const struct directory_organisation *organisation,
                                            bool here, const struct image *picture)
{
    int pad = kiosk_kit_px(kit, 9), arrow = kiosk_kit_px(kit, 13), tile = kiosk_cards_tile(kit);
    struct scene_node *card = kiosk_kit_card(kit, parent, rect);
    struct rect square = {pad, (rect.h - tile) / 2, tile, tile};
    int radius = kit->layout->radius * 3 / 4;
    if (picture != NULL)
        scene_image(card, square, picture, organisation->focal_x, organisation->focal_y, radius);
    else
        add_initials(kit, card, square, organisation->name,
                     kiosk_kit_family(kit->theme, organisation->family), 13, radius);
    int x = 2 * pad + tile, right = rect.w - pad - arrow;
    add_texts(kit, card, (struct rect){x, 0, right - pad / 2 - x, rect.h}, organisation, here);
    add_arrow(kit, card, right, rect.h);
    return card;
}

/* ---- an event -------------------------------------------------------------------------------- */

/* Day above month, as a leaf of a calendar; what began before shows today. */
static void add_leaf(const struct kiosk_kit *kit, struct scene_node *card, struct rect rect,
                     int64_t day)
{
    const struct kiosk_theme *theme = kit->theme;
    struct civil date = civil_from_ms(day * 86400000);
    char number[8];
    int head = rect.h * 36 / 100, radius = kit->layout->radius / 2;
    snprintf(number, sizeof(number), "%d", date.day);
    struct scene_node *leaf = scene_box(card, rect, theme->tint, radius);
    scene_box(leaf, (struct rect){0, 0, rect.w, head + radius}, theme->link, radius);
    scene_box(leaf, (struct rect){0, head, rect.w, radius}, theme->tint, 0);
    if (theme->edge != 0) {
        leaf->stroke = theme->edge;
        leaf->stroke_width = 2;
    }
    struct text_style style = kiosk_kit_style(kit, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, TEXT_CENTER, 1);
    kiosk_kit_fit(kit, leaf, (struct rect){0, 0, rect.w, head},
                  kiosk_agenda_month(date.month, kit->lang), &style,
                  theme->edge != 0 ? theme->on_accent : COLOR_RGB(0xFFFFFF));
    style = kiosk_kit_style(kit, TEXT_EXTRABOLD, 13, TEXT_CENTER, 1);
    kiosk_kit_fit(kit, leaf, (struct rect){0, head, rect.w, rect.h - head}, number, &style,
                  theme->text);
}

struct scene_node *kiosk_cards_event(const struct kiosk_kit *kit, struct scene_node *parent,
                                     struct rect rect, const struct directory_event *event,
                                     int64_t today)
{
    int pad = kiosk_kit_px(kit, 9), arrow = kiosk_kit_px(kit, 13), tile = kiosk_cards_tile(kit);
    struct scene_node *card = kiosk_kit_card(kit, parent, rect);
    struct scene_node *nodes[3];
    struct strbuf when, where;
    int count = 0;
    strbuf_init(&when);
    strbuf_init(&where);
    kiosk_agenda_when(event, today, kit->lang, &when);
    join(&where, event->status);
    join(&where, event->place);
    if (strstr(event->place, event->commune) == NULL)
        join(&where, event->commune);
    add_leaf(kit, card, (struct rect){pad, (rect.h - tile) / 2, tile, tile},
             event->local_day > today ? event->local_day : today);
    int x = 2 * pad + tile, right = rect.w - pad - arrow, width = right - pad / 2 - x;
    struct text_style style = kiosk_kit_style(kit, TEXT_EXTRABOLD, KIOSK_CAP_NAME, TEXT_START, 1);
    nodes[count++] = kiosk_kit_text(kit, card, x, 0, width, event->title, &style, kit->theme->text);
    style = kiosk_kit_style(kit, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, TEXT_START, 1);
    nodes[count++] = kiosk_kit_text(kit, card, x, 0, width, when.bytes, &style, kit->theme->link);
    if (where.length > 0)
        nodes[count++] = add_line(kit, card, (struct rect){x, 0, width, 0}, ICON_PIN, where.bytes);
    stack(nodes, count, kiosk_kit_px(kit, 3 * kit->layout->text), rect.h);
    add_arrow(kit, card, right, rect.h);
    struct strbuf label;
    strbuf_init(&label);
    strbuf_printf(&label, "%s. %s. %s", event->title, when.bytes, where.bytes);
    scene_set_label(card, label.bytes);
    strbuf_finish(&label);
    strbuf_finish(&where);
    strbuf_finish(&when);
    return card;
}

/* ---- a portrait ------------------------------------------------------------------------------ */

int kiosk_cards_face(const struct kiosk_kit *kit, int height)
{
    return height - kiosk_kit_px(kit, 12 + 32 * kit->layout->text);
}

struct scene_node *kiosk_cards_portrait(const struct kiosk_kit *kit, struct scene_node *parent,
                                        struct rect rect, const struct directory_portrait *portrait,
                                        const struct image *picture)
{
    struct scene_node *card = kiosk_kit_card(kit, parent, rect);
    int pad = kiosk_kit_px(kit, 6), face = kiosk_cards_face(kit, rect.h);
    int disc = kiosk_kit_px(kit, 22), radius = kit->layout->radius;
    struct rect upper = {0, 0, rect.w, face};
    const char *name =
        portrait->leader_name[0] != '\0' ? portrait->leader_name : portrait->organisation_name;
    if (picture != NULL)
        scene_image(card, upper, picture, portrait->focal_x, portrait->focal_y, radius);
    else
        add_initials(kit, card, upper, name, kit->theme->link, 26, radius);
    if (portrait->film[0] != '\0') {
        struct scene_node *circle =
            scene_box(card, (struct rect){rect.w - disc - pad, face - disc - pad, disc, disc},
                      kit->theme->accent, disc / 2);
        int inset = disc / 4;
        scene_icon(circle, (struct rect){inset, inset, disc - 2 * inset, disc - 2 * inset},
                   ICON_PLAY, kit->theme->on_accent);
    }
    struct scene_node *nodes[2];
    struct text_style style = kiosk_kit_style(kit, TEXT_EXTRABOLD, KIOSK_CAP_BODY, TEXT_START, 1);
    struct scene_node *foot = scene_group(card, (struct rect){0, face, rect.w, rect.h - face});
    nodes[0] = kiosk_kit_fit(kit, foot, (struct rect){pad, 0, rect.w - 2 * pad, 0}, name, &style,
                             kit->theme->text);
    style = kiosk_kit_style(kit, TEXT_REGULAR, KIOSK_CAP_SMALL, TEXT_START, 1);
    nodes[1] = kiosk_kit_text(kit, foot, pad, 0, rect.w - 2 * pad, portrait->organisation_name,
                              &style, kit->theme->link);
    stack(nodes, 2, kiosk_kit_px(kit, 2 * kit->layout->text), rect.h - face);
    struct strbuf label;
    strbuf_init(&label);
    strbuf_printf(&label, "%s. %s", name, portrait->organisation_name);
    scene_set_label(card, label.bytes);
    strbuf_finish(&label);
    return card;
}

/* ---- a value --------------------------------------------------------------------------------- */

struct scene_node *kiosk_cards_choice(const struct kiosk_kit *kit, struct scene_node *parent,
                                      struct rect rect, const char *label, size_t count,
                                      bool chosen)
{
    const struct kiosk_theme *theme = kit->theme;
    bool dead = count == 0 && !chosen;
    color ink = chosen ? theme->on_accent : dead ? theme->on_disabled : theme->text;
    int pad = kiosk_kit_px(kit, 5), icon = kiosk_kit_px(kit, 11 * kit->layout->text);
    struct scene_node *box = scene_box(parent, rect,
                                       chosen ? theme->accent
                                       : dead ? theme->disabled
                                              : theme->tint,
                                       kit->layout->radius * 2 / 3);
    if (theme->edge != 0) {
        box->stroke = dead ? theme->on_disabled : theme->edge;
        box->stroke_width = 2;
    }
    int x = pad;
    if (chosen) {
        scene_icon(box, (struct rect){pad, (rect.h - icon) / 2, icon, icon}, ICON_CHECK, ink);
        x += icon + pad;
    }
    char number[24];
    snprintf(number, sizeof(number), "%zu", count);
    struct text_style style = kiosk_kit_style(kit, TEXT_SEMIBOLD, KIOSK_CAP_SMALL, TEXT_END, 1);
    int aside = kiosk_kit_px(kit, 24 * kit->layout->text);
    kiosk_kit_fit(kit, box, (struct rect){rect.w - pad - aside, 0, aside, rect.h}, number, &style,
                  ink);
    style =
        kiosk_kit_style(kit, chosen ? TEXT_EXTRABOLD : TEXT_REGULAR, KIOSK_CAP_BODY, TEXT_START, 2);
    kiosk_kit_fit(kit, box, (struct rect){x, 0, rect.w - 2 * pad - aside - x, rect.h}, label,
                  &style, ink);
    struct strbuf words;
    strbuf_init(&words);
    strbuf_printf(&words, "%s, %s. ", label, number);
    if (chosen)
        strbuf_append(&words, kiosk_kit_word(kit, KIOSK_STRING_CHOSEN));
    scene_set_label(box, words.bytes);
    strbuf_finish(&words);
    return box;
}
