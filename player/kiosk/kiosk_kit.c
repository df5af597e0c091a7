#include "player/kiosk/kiosk_kit.h"

#include <math.h>
#include <string.h>

#include "core/strbuf.h"
#include "player/scene/palette.h"
#include "playlists/typography.h"

#define WORD_SHRINK 0.65 /* a button's label shrinks to there before a word of it is broken */
#define EDGE_PX 2        /* line around cards and buttons in high contrast */

static const struct kiosk_theme plain = {
    .page = COLOR_CREAM,
    .text = COLOR_NAVY,
    .muted = COLOR_RGB(0x42526A),
    .card = COLOR_WHITE,
    .tint = COLOR_RGB(0xE3F0EE),
    .chrome = COLOR_NAVY,
    .skyline = COLOR_RGB(0x1A3D6D),
    .water = COLOR_RGB(0x0B4A5C),
    .on_chrome = COLOR_WHITE,
    .chip = 0x33FFFFFF,
    .button = COLOR_RGB(0x24446F),
    .accent = COLOR_YELLOW,
    .on_accent = COLOR_NAVY,
    .link = COLOR_TEAL,
    .disabled = COLOR_RGB(0xEFE8D8),
    .on_disabled = COLOR_RGB(0xA79E8C),
    .scrim = 0xB80B1F3A,
    .shadow = 0x330B1F3A,
};

static const struct kiosk_theme contrast_theme = {
    .page = COLOR_RGB(0x000000),
    .text = COLOR_RGB(0xFFFFFF),
    .muted = COLOR_RGB(0xFFFFFF),
    .card = COLOR_RGB(0x000000),
    .tint = COLOR_RGB(0x000000),
    .edge = COLOR_RGB(0xFFFFFF),
    .chrome = COLOR_RGB(0x000000),
    .on_chrome = COLOR_RGB(0xFFFFFF),
    .chip = COLOR_RGB(0x3A3A3A),
    .button = COLOR_RGB(0x000000),
    .accent = COLOR_RGB(0xFFD84D),
    .on_accent = COLOR_RGB(0x000000),
    .link = COLOR_RGB(0xFFD84D),
    .disabled = COLOR_RGB(0x000000),
    .on_disabled = COLOR_RGB(0x8A8A8A),
    .scrim = 0xE0000000,
};

const struct kiosk_theme *kiosk_kit_theme(bool contrast)
{
    return contrast ? &contrast_theme : &plain;
}

color kiosk_kit_family(const struct kiosk_theme *theme, const char *family)
{
    static const struct {
        const char *family;
        color color;
    } colors[] = {
        {"Association", COLOR_RGB(0x005F5F)}, {"Coopérative", COLOR_RGB(0x24407C)},
        {"Mutuelle", COLOR_RGB(0x6A2C70)},    {"Fondation", COLOR_RGB(0x8A1C3B)},
        {"Entreprise", COLOR_RGB(0x7A3E00)},  {"Organisme public", COLOR_RGB(0x3F4A5A)},
    };
    if (theme->edge != 0)
        return theme->card;
    for (size_t i = 0; i < sizeof(colors) / sizeof(colors[0]); i++)
        if (strcmp(family, colors[i].family) == 0)
            return colors[i].color;
    return theme->chrome;
}

int kiosk_kit_px(const struct kiosk_kit *kit, double mm)
{
    return kiosk_layout_px(kit->layout, mm * kit->scale);
}

const char *kiosk_kit_word(const struct kiosk_kit *kit, enum kiosk_string string)
{
    return kiosk_strings_get(string, kit->lang);
}

struct text_style kiosk_kit_style(const struct kiosk_kit *kit, enum text_weight weight,
                                  double cap_mm, enum text_align align, int max_lines)
{
    return (struct text_style){.weight = weight,
                               .cap_height =
                                   cap_mm * kit->scale * kit->layout->mm * kit->layout->text,
                               .align = align,
                               .max_lines = max_lines};
}

static struct scene_node *add_text(const struct kiosk_kit *kit, struct scene_node *parent,
                                   struct rect box, const char *text,
                                   const struct text_style *style, double floor, color ink)
{
    struct strbuf typeset;
    strbuf_init(&typeset);
    typography_apply(text, kit->lang, &typeset);
    struct scene_node *node = scene_text(parent, box, typeset.bytes, style, floor, ink);
    strbuf_finish(&typeset);
    return node;
}

struct scene_node *kiosk_kit_text(const struct kiosk_kit *kit, struct scene_node *parent, int x,
                                  int y, int width, const char *text,
                                  const struct text_style *style, color ink)
{
    return add_text(kit, parent, (struct rect){x, y, width, 0}, text, style, style->cap_height,
                    ink);
}

struct scene_node *kiosk_kit_fit(const struct kiosk_kit *kit, struct scene_node *parent,
                                 struct rect box, const char *text, const struct text_style *style,
                                 color ink)
{
    double floor = fmin(KIOSK_CAP_SMALL * kit->layout->mm, style->cap_height);
    struct scene_node *node = add_text(kit, parent, box, text, style, floor, ink);
    node->valign = SCENE_MIDDLE;
    return node;
}

static void give_edge_or_shadow(const struct kiosk_kit *kit, struct scene_node *box, double blur_mm)
{
    const struct kiosk_theme *theme = kit->theme;
    if (theme->shadow != 0) {
        box->shadow = theme->shadow;
        box->shadow_blur = kiosk_kit_px(kit, blur_mm);
        box->shadow_y = kiosk_kit_px(kit, blur_mm * 0.35);
    }
    if (theme->edge != 0) {
        box->stroke = theme->edge;
        box->stroke_width = EDGE_PX;
    }
}

/* A shade shows on colours; on black the edge gets thick. */
void kiosk_kit_press(const struct kiosk_kit *kit, struct scene_node *node, bool pressed)
{
    node->pressed = pressed;
    if (node->stroke_width > 0)
        node->stroke_width = pressed ? kiosk_kit_px(kit, 5) : EDGE_PX;
}

struct scene_node *kiosk_kit_card(const struct kiosk_kit *kit, struct scene_node *parent,
                                  struct rect rect)
{
    struct scene_node *card = scene_box(parent, rect, kit->theme->card, kit->layout->radius);
    give_edge_or_shadow(kit, card, 4);
    return card;
}

static struct scene_node *button_box(const struct kiosk_kit *kit, struct scene_node *parent,
                                     const struct kiosk_button *button, color *ink_out)
{
    const struct kiosk_theme *theme = kit->theme;
    const struct {
        color fill, ink;
    } looks[] = {
        [KIOSK_BUTTON_CHROME] = {theme->button, theme->on_chrome},
        [KIOSK_BUTTON_ACCENT] = {theme->accent, theme->on_accent},
        [KIOSK_BUTTON_PAGE] = {theme->card, theme->text},
    };
    struct scene_node *box =
        scene_box(parent, button->rect, looks[button->look].fill, kit->layout->radius);
    *ink_out = looks[button->look].ink;
    if (button->disabled) {
        box->fill = theme->disabled;
        *ink_out = theme->on_disabled;
    }
    if (theme->edge != 0) {
        box->stroke = button->disabled ? theme->on_disabled : theme->edge;
        box->stroke_width = EDGE_PX;
    } else if (button->look == KIOSK_BUTTON_PAGE && !button->disabled) {
        give_edge_or_shadow(kit, box, 3);
    }
    return box;
}

/* Icon above one or two lines of text, centred together. */
static void fill_button(const struct kiosk_kit *kit, struct scene_node *box,
                        const struct kiosk_button *button, color ink)
{
    int pad = kiosk_kit_px(kit, 3), width = button->rect.w - 2 * pad;
    int icon = button->icon != ICON_NONE ? kiosk_kit_px(kit, 18) : 0;
    int gap = button->icon != ICON_NONE && !button->silent ? kiosk_kit_px(kit, 2.5) : 0;
    struct scene_node *label = NULL, *caption = NULL;
    int height = icon + gap;
    if (!button->silent) {
        struct text_style style = kiosk_kit_style(
            kit, TEXT_SEMIBOLD, icon > 0 ? KIOSK_CAP_BODY : KIOSK_CAP_NAME, TEXT_CENTER, 2);
        style.line_height = 1.6;
        label = add_text(kit, box, (struct rect){pad, 0, width, 0}, button->label, &style,
                         WORD_SHRINK * style.cap_height, ink);
        height += label->rect.h;
    }
    if (button->caption != NULL) {
        struct text_style style =
            kiosk_kit_style(kit, TEXT_REGULAR, KIOSK_CAP_SMALL, TEXT_CENTER, 1);
        caption = kiosk_kit_text(kit, box, pad, 0, width, button->caption, &style, ink);
        height += caption->rect.h;
    }
    int y = (button->rect.h - height) / 2;
    if (button->icon != ICON_NONE)
        scene_icon(box, (struct rect){(button->rect.w - icon) / 2, y, icon, icon}, button->icon,
                   ink);
    y += icon + gap;
    if (label != NULL) {
        label->rect.y = y;
        y += label->rect.h;
    }
    if (caption != NULL)
        caption->rect.y = y;
}

struct scene_node *kiosk_kit_button(const struct kiosk_kit *kit, struct scene_node *parent,
                                    const struct kiosk_button *button)
{
    color ink;
    struct scene_node *box = button_box(kit, parent, button, &ink);
    box->argument = button->argument;
    scene_set_label(box, button->label);
    if (!button->disabled) {
        box->action = (int)button->action;
        box->focus = kit->covered ? 0 : button->focus;
    }
    fill_button(kit, box, button, ink);
    return box;
}
