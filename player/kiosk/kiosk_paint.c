#include "player/kiosk/kiosk_paint.h"

#include <math.h>
#include <string.h>

#include "core/strbuf.h"
#include "playlists/typography.h"

static const struct kiosk_theme plain = {
    .page = COLOR_RGB(0xFBF6EA),
    .text = COLOR_RGB(0x0B1F3A),
    .muted = COLOR_RGB(0x42526A),
    .card = COLOR_RGB(0xFFFFFF),
    .card_pressed = COLOR_RGB(0xFFE9B0),
    .chrome = COLOR_RGB(0x12305A),
    .chrome_deep = COLOR_RGB(0x0B1F3A),
    .on_chrome = COLOR_RGB(0xFFFFFF),
    .on_chrome_muted = COLOR_RGB(0xC9D6E8),
    .button = COLOR_RGB(0x24446F),
    .button_pressed = COLOR_RGB(0x005F5F),
    .accent = COLOR_RGB(0xFFC845),
    .on_accent = COLOR_RGB(0x0B1F3A),
    .link = COLOR_RGB(0x005F5F),
    .disabled = COLOR_RGB(0xEFE8D8),
    .on_disabled = COLOR_RGB(0xA79E8C),
    .focus = COLOR_RGB(0xC2410C),
    .scrim = 0xB80B1F3A,
    .shadow = 0x330B1F3A,
    .skyline = COLOR_RGB(0x1A3D6D),
    .water = COLOR_RGB(0x0B4A5C),
};

static const struct kiosk_theme contrast_theme = {
    .page = COLOR_RGB(0x000000),
    .text = COLOR_RGB(0xFFFFFF),
    .muted = COLOR_RGB(0xFFFFFF),
    .card = COLOR_RGB(0x000000),
    .card_pressed = COLOR_RGB(0x004A4A),
    .edge = COLOR_RGB(0xFFFFFF),
    .chrome = COLOR_RGB(0x000000),
    .chrome_deep = COLOR_RGB(0x000000),
    .on_chrome = COLOR_RGB(0xFFFFFF),
    .on_chrome_muted = COLOR_RGB(0xFFFFFF),
    .button = COLOR_RGB(0x000000),
    .button_pressed = COLOR_RGB(0x004A4A),
    .accent = COLOR_RGB(0xFFD84D),
    .on_accent = COLOR_RGB(0x000000),
    .link = COLOR_RGB(0xFFD84D),
    .disabled = COLOR_RGB(0x000000),
    .on_disabled = COLOR_RGB(0x7A7A7A),
    .focus = COLOR_RGB(0xFF8A3D),
    .scrim = 0xE0000000,
};

const struct kiosk_theme *kiosk_paint_theme(bool contrast)
{
    return contrast ? &contrast_theme : &plain;
}

color kiosk_paint_family(const struct kiosk_theme *theme, const char *family)
{
    static const struct {
        const char *family;
        color color;
    } colors[] = {
        {"Association", COLOR_RGB(0x005F5F)}, {"Coopérative", COLOR_RGB(0x24407C)},
        {"Mutuelle", COLOR_RGB(0x6A2C70)},    {"Fondation", COLOR_RGB(0x8A1C3B)},
        {"Entreprise", COLOR_RGB(0x7A3E00)},
    };
    if (theme->edge != 0)
        return theme->card;
    for (size_t i = 0; i < sizeof(colors) / sizeof(colors[0]); i++)
        if (strcmp(family, colors[i].family) == 0)
            return colors[i].color;
    return theme->chrome;
}

int kiosk_paint_px(const struct kiosk_paint *paint, double mm)
{
    return kiosk_layout_px(paint->layout, mm);
}

struct text_style kiosk_paint_style(const struct kiosk_paint *paint, enum text_weight weight,
                                    double cap_mm, enum text_align align, int max_lines)
{
    return (struct text_style){.weight = weight,
                               .cap_height = cap_mm * paint->layout->mm * paint->layout->text,
                               .align = align,
                               .max_lines = max_lines};
}

struct text_layout *kiosk_paint_layout(const struct kiosk_paint *paint, const char *text,
                                       const struct text_style *style, int width)
{
    struct strbuf typeset;
    strbuf_init(&typeset);
    typography_apply(text, paint->lang, &typeset);
    struct text_layout *layout = text_layout_create(paint->text, typeset.bytes, style, width);
    strbuf_finish(&typeset);
    return layout;
}

int kiosk_paint_text(const struct kiosk_paint *paint, struct canvas *canvas, const char *text,
                     const struct text_style *style, struct rect box, bool middle, color fill)
{
    struct strbuf typeset;
    strbuf_init(&typeset);
    typography_apply(text, paint->lang, &typeset);
    double floor = fmin(KIOSK_CAP_SMALL * paint->layout->mm, style->cap_height);
    struct text_layout *layout =
        text_layout_fit(paint->text, typeset.bytes, style, floor, box.w, box.h, NULL);
    int height = text_layout_height(layout);
    text_layout_draw(layout, canvas, box.x, middle ? box.y + (box.h - height) / 2 : box.y, fill);
    text_layout_destroy(layout);
    strbuf_finish(&typeset);
    return height;
}

void kiosk_paint_card(const struct kiosk_paint *paint, struct canvas *canvas, struct rect rect,
                      bool pressed)
{
    const struct kiosk_theme *theme = paint->theme;
    int radius = paint->layout->radius;
    if (theme->shadow != 0)
        canvas_shadow(canvas, rect, radius, kiosk_paint_px(paint, pressed ? 2 : 4),
                      kiosk_paint_px(paint, pressed ? 0.5 : 1.5), theme->shadow);
    canvas_fill_round(canvas, rect, radius, pressed ? theme->card_pressed : theme->card);
    if (theme->edge != 0)
        canvas_stroke_round(canvas, rect, radius, 2, theme->edge);
}

static void button_colors(const struct kiosk_theme *theme, const struct kiosk_button *button,
                          color *fill_out, color *ink_out)
{
    *fill_out = button->pressed ? theme->button_pressed : theme->button;
    *ink_out = theme->on_chrome;
    switch (button->look) {
    case KIOSK_BUTTON_ACCENT:
        *fill_out = button->pressed ? theme->on_accent : theme->accent;
        *ink_out = button->pressed ? theme->accent : theme->on_accent;
        break;
    case KIOSK_BUTTON_PAGE:
        *fill_out = button->pressed ? theme->card_pressed : theme->card;
        *ink_out = theme->text;
        break;
    case KIOSK_BUTTON_CHROME:
        break;
    }
    if (button->disabled) {
        *fill_out = theme->disabled;
        *ink_out = theme->on_disabled;
    }
}

/* Icon above one or two lines of text, centred together. */
static void button_inside(const struct kiosk_paint *paint, struct canvas *canvas,
                          const struct kiosk_button *button, color ink)
{
    const struct rect *rect = &button->rect;
    bool labelled = button->label[0] != '\0';
    bool has_icon = button->icon != KIOSK_ICON_NONE;
    int pad = kiosk_paint_px(paint, 3);
    int width = rect->w - 2 * pad;
    struct text_style style = kiosk_paint_style(
        paint, TEXT_SEMIBOLD, has_icon ? KIOSK_CAP_BODY : KIOSK_CAP_NAME, TEXT_CENTER, 2);
    style.line_height = 1.6;
    int icon = has_icon ? kiosk_paint_px(paint, 18) : 0;
    int gap = has_icon && labelled ? kiosk_paint_px(paint, 2.5) : 0;
    struct text_layout *label = kiosk_paint_layout(paint, button->label, &style, width);
    style = kiosk_paint_style(paint, TEXT_REGULAR, KIOSK_CAP_SMALL, TEXT_CENTER, 1);
    struct text_layout *caption =
        kiosk_paint_layout(paint, button->caption != NULL ? button->caption : "", &style, width);
    int label_h = labelled ? text_layout_height(label) : 0;
    int caption_h = button->caption != NULL ? text_layout_height(caption) : 0;
    int y = rect->y + (rect->h - icon - gap - label_h - caption_h) / 2;
    kiosk_icon_draw(canvas, button->icon, rect->x + (rect->w - icon) / 2, y, icon, ink);
    y += icon + gap;
    if (labelled)
        text_layout_draw(label, canvas, rect->x + pad, y, ink);
    if (button->caption != NULL)
        text_layout_draw(caption, canvas, rect->x + pad, y + label_h, ink);
    text_layout_destroy(caption);
    text_layout_destroy(label);
}

void kiosk_paint_button(const struct kiosk_paint *paint, struct canvas *canvas,
                        const struct kiosk_button *button)
{
    const struct kiosk_theme *theme = paint->theme;
    int radius = paint->layout->radius;
    color fill, ink;
    button_colors(theme, button, &fill, &ink);
    if (button->look == KIOSK_BUTTON_PAGE && theme->shadow != 0 && !button->disabled)
        canvas_shadow(canvas, button->rect, radius, kiosk_paint_px(paint, 3),
                      kiosk_paint_px(paint, 1), theme->shadow);
    canvas_fill_round(canvas, button->rect, radius, fill);
    if (theme->edge != 0)
        canvas_stroke_round(canvas, button->rect, radius, 2,
                            button->disabled ? theme->on_disabled : theme->edge);
    button_inside(paint, canvas, button, ink);
    if (button->focused)
        kiosk_paint_focus(paint, canvas, button->rect, radius);
}

/* Two rings, light and dark, so that it shows on whatever lies below. */
void kiosk_paint_focus(const struct kiosk_paint *paint, struct canvas *canvas, struct rect rect,
                       int radius)
{
    int width = kiosk_paint_px(paint, 2);
    struct rect outer = {rect.x - width, rect.y - width, rect.w + 2 * width, rect.h + 2 * width};
    canvas_stroke_round(canvas, outer, radius + width, width, paint->theme->focus);
    canvas_stroke_round(canvas, rect, radius, width > 2 ? width / 2 : 1, COLOR_RGB(0xFFFFFF));
}
