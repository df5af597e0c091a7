#include "player/scene/caption.h"

#include <math.h>
#include <string.h>

#include "core/strbuf.h"
#include "playlists/typography.h"

enum { LINES = 2 };

/* In capital heights; descenders take some of the room below. */
static const double padding_x = 0.9, padding_top = 0.7, padding_bottom = 0.45, line_height = 1.7;
/* In zones that are no whole screen, the margin is a part of the shorter side. */
static const double margin_part = 1.0 / 16;

static bool blank(const char *text)
{
    return text[strspn(text, " \n")] == '\0';
}

/* In one size, so that captions do not change it from one to the next. */
static struct text_layout *lay_out(struct text_engine *engine, const char *text, double cap,
                                   int width)
{
    struct text_style style = {TEXT_SEMIBOLD, cap, line_height, TEXT_CENTER, LINES, true};
    struct text_layout *layout = text_layout_create(engine, text, &style, width);
    if (!text_layout_truncated(layout)) {
        return layout;
    }
    text_layout_destroy(layout);
    struct strbuf joined;
    strbuf_init(&joined);
    strbuf_append(&joined, text);
    for (char *c = joined.bytes; (c = strchr(c, '\n')); c++) {
        *c = ' ';
    }
    layout = text_layout_create(engine, joined.bytes, &style, width);
    strbuf_finish(&joined);
    return layout;
}

struct caption caption_draw(struct text_engine *text, const struct metrics *metrics, int width,
                            int height, const char *caption, enum lang lang)
{
    struct caption drawn = {NULL, 0, 0};
    double cap = metrics_floor(metrics, TIER_FACT);
    int shorter = width < height ? width : height;
    int margin = (int)fmin(metrics->safe_px, shorter * margin_part);
    int across = (int)(padding_x * cap), down = (int)(padding_top * cap);
    int inside = width - 2 * margin - 2 * across;
    if (inside < 4 * cap || height < 2 * margin + (padding_top + padding_bottom + 1.5) * cap) {
        return drawn;
    }
    struct strbuf set;
    strbuf_init(&set);
    typography_apply(caption, lang, &set);
    if (!blank(set.bytes)) {
        struct text_layout *layout = lay_out(text, set.bytes, cap, inside);
        int text_width = text_layout_width(layout);
        int panel_width = text_width + 2 * across;
        int panel_height = text_layout_height(layout) + down + (int)(padding_bottom * cap);
        drawn.canvas = canvas_create(panel_width, panel_height);
        if (drawn.canvas) {
            drawn.x = (width - panel_width) / 2;
            drawn.y = height - margin - panel_height;
            canvas_fill(drawn.canvas, COLOR_RGB(0x0B1F3A));
            /* The layout is centred in `inside`. */
            text_layout_draw(layout, drawn.canvas, across - (inside - text_width) / 2, down,
                             COLOR_RGB(0xFFFFFF));
        }
        text_layout_destroy(layout);
    }
    strbuf_finish(&set);
    return drawn;
}
