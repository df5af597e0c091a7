/* The panel of what a list can be narrowed by: the directory's facets, or the communes that have
 * events. Values without results are shown and cannot be chosen. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "player/kiosk/kiosk_cards.h"
#include "player/kiosk/kiosk_events.h"
#include "player/kiosk/kiosk_search.h"

static bool is_of_events(const struct kiosk *kiosk)
{
    return kiosk_state_page(&kiosk->state) == KIOSK_EVENTS;
}

static bool is_chosen(const struct kiosk *kiosk, int facet, size_t value)
{
    return (kiosk->search.chosen[facet].bits[value / 64] >> value % 64 & 1) != 0;
}

/* Facets that say something: with two values or more, or a chosen one. */
static size_t value_count(const struct kiosk *kiosk, int facet)
{
    size_t count = directory_value_count(kiosk->directory, (enum directory_facet)facet);
    return count > 1 || (count == 1 && is_chosen(kiosk, facet, 0)) ? count : 0;
}

/* Section → facet. */
static int facet_of(const struct kiosk *kiosk, int section)
{
    int facet = 0;
    for (; facet < DIRECTORY_FACETS - 1; facet++)
        if (value_count(kiosk, facet) > 0 && section-- == 0)
            break;
    return facet;
}

static struct rect head_of(const struct kiosk_layout *layout)
{
    struct rect head = layout->choices;
    head.h = kiosk_layout_px(layout, 30 * layout->text);
    return head;
}

static struct rect foot_of(const struct kiosk_layout *layout)
{
    struct rect foot = layout->choices;
    int pad = kiosk_layout_px(layout, 8), height = kiosk_layout_px(layout, 36 * sqrt(layout->text));
    foot = (struct rect){foot.x + pad, foot.y + foot.h - height - pad, foot.w - 2 * pad, height};
    return foot;
}

static void arrange(struct kiosk *kiosk)
{
    const struct kiosk_layout *layout = &kiosk->layout;
    struct kiosk_pane *pane = &kiosk->over;
    struct rect head = head_of(layout), foot = foot_of(layout), area = layout->choices;
    int pad = kiosk_layout_px(layout, 8);
    area.x += pad;
    area.w -= 2 * pad;
    area.y = head.y + head.h;
    area.h = foot.y - layout->gap - area.y;
    pane->at = kiosk_layout_aside(layout, area, false);
    struct kiosk_list *list = &pane->list;
    *list = (struct kiosk_list){.width = pane->at.view.w, .gap = layout->gap / 2};
    struct kiosk_section section = {
        .columns = kiosk_layout_columns(layout, list->width, 150 * layout->text),
        .row_height = kiosk_layout_px(layout, 10 + 18 * layout->text),
        .heading_height = layout->heading_height};
    if (is_of_events(kiosk)) {
        section.count = kiosk->commune_count;
        section.heading_height = 0;
        list->sections[list->section_count++] = section;
        return;
    }
    (void)kiosk_answer(kiosk);
    for (int facet = 0; facet < DIRECTORY_FACETS; facet++) {
        section.count = value_count(kiosk, facet);
        if (section.count > 0)
            list->sections[list->section_count++] = section;
    }
}

/* The panel itself; its card takes every touch that is not on a value. */
static void build(struct kiosk *kiosk, const struct kiosk_kit *kit, struct scene_node *root)
{
    const struct kiosk_layout *layout = kit->layout;
    struct rect head = head_of(layout), foot = foot_of(layout), buttons[2];
    int pad = kiosk_kit_px(kit, 8);
    struct strbuf text;
    bool any = is_of_events(kiosk) ? kiosk->commune[0] != '\0' : kiosk_search_chosen(kiosk) > 0;
    kiosk_kit_card(kit, root, layout->choices)->action = KIOSK_ACTION_NOTHING;
    struct text_style style =
        kiosk_kit_style(kit, TEXT_EXTRABOLD, KIOSK_CAP_HEADING, TEXT_START, 1);
    kiosk_kit_fit(
        kit, root, (struct rect){head.x + pad, head.y, head.w - 2 * pad, head.h},
        kiosk_kit_word(kit, is_of_events(kiosk) ? KIOSK_STRING_COMMUNES : KIOSK_STRING_CHOICES),
        &style, kit->theme->text);
    kiosk_layout_row(foot, layout->gap, 2, buttons);
    strbuf_init(&text);
    strbuf_append(&text, kiosk_kit_word(kit, KIOSK_STRING_SHOW));
    strbuf_append(&text, "\u00a0");
    if (is_of_events(kiosk))
        kiosk_strings_events(kiosk->events.count, kit->lang, &text);
    else
        kiosk_strings_count(kiosk_answer(kiosk)->row_count, kit->lang, &text);
    struct kiosk_button all = {.rect = buttons[0],
                               .action = KIOSK_ACTION_ALL,
                               .focus = KIOSK_FOCUS_ABOVE,
                               .label = kiosk_kit_word(kit, KIOSK_STRING_CLEAR),
                               .look = KIOSK_BUTTON_PAGE,
                               .disabled = !any};
    struct kiosk_button show = {.rect = buttons[1],
                                .action = KIOSK_ACTION_CLOSE,
                                .focus = KIOSK_FOCUS_ABOVE,
                                .label = text.bytes,
                                .look = KIOSK_BUTTON_ACCENT};
    kiosk_kit_button(kit, root, &all);
    kiosk_kit_button(kit, root, &show);
    strbuf_finish(&text);
}

static void heading(struct kiosk *kiosk, int section, struct strbuf *title, struct strbuf *aside)
{
    (void)aside;
    if (!is_of_events(kiosk))
        strbuf_append(title, kiosk_strings_get((enum kiosk_string)(KIOSK_STRING_SECTOR +
                                                                   facet_of(kiosk, section)),
                                               kiosk->lang));
}

static struct scene_node *card(struct kiosk *kiosk, const struct kiosk_kit *kit,
                               struct scene_node *parent, struct rect rect, int section,
                               size_t index)
{
    if (is_of_events(kiosk)) {
        const char *commune = kiosk->communes[index];
        return kiosk_cards_choice(kit, parent, rect, commune, kiosk_events_in(kiosk, commune),
                                  strcmp(commune, kiosk->commune) == 0);
    }
    int facet = facet_of(kiosk, section);
    enum directory_facet at = (enum directory_facet)facet;
    return kiosk_cards_choice(
        kit, parent, rect, directory_value_label(kiosk->directory, at, index, kit->lang),
        kiosk->search.answer.counts[facet][index], is_chosen(kiosk, facet, index));
}

static void choose(struct kiosk *kiosk, int section, size_t index, struct rect rect, int64_t now_ms)
{
    (void)rect;
    (void)now_ms;
    if (is_of_events(kiosk)) {
        kiosk_events_narrow(kiosk, kiosk->communes[index]);
        return;
    }
    int facet = facet_of(kiosk, section);
    if (kiosk->search.answer.counts[facet][index] == 0 && !is_chosen(kiosk, facet, index))
        return;
    kiosk->search.chosen[facet].bits[index / 64] ^= UINT64_C(1) << index % 64;
    kiosk_search_changed(kiosk);
    kiosk_say_focus(kiosk);
}

const struct kiosk_page_type kiosk_choices_page = {
    .title = KIOSK_STRING_CHOICES,
    .arrange = arrange,
    .build = build,
    .heading = heading,
    .card = card,
    .choose = choose,
};
