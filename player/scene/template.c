#include "player/scene/template.h"

#include <string.h>

#define R TEXT_REGULAR
#define S TEXT_SEMIBOLD
#define X TEXT_EXTRABOLD

/* clang-format off */
static const struct template templates[] = {
{
    .name = "portrait",
    .panel = COLOR_CREAM, .visual = COLOR_TEAL, .disc = COLOR_YELLOW, .sign = COLOR_NAVY,
    .motif = COLOR_RGB(0x005252),
    .main = COLOR_NAVY, .accent = COLOR_TEAL, .quiet = COLOR_RGB(0x2F4058), .rule = COLOR_YELLOW,
    .extent = {{7.0, 4.75, 4.75}, {6.6, 4.6, 4.6}},
    .large_until = 3,
    .body_middle = true,
    .slots = {
        {"sector",  PLACE_TOP,    TIER_FACT,     0.36, 1, S, INK_ACCENT, 0.00, 2, DRESS_ICON, ICON_NONE},
        {"quote",   PLACE_BODY,   TIER_HEADLINE, 0.68, 3, X, INK_MAIN,   0.00, 0, DRESS_QUOTE, ICON_NONE},
        {"story",   PLACE_BODY,   TIER_FACT,     0.20, 0, R, INK_MAIN,   0.45, 1, DRESS_NONE, ICON_NONE},
        {"leader",  PLACE_BOTTOM, TIER_FACT,     0.48, 2, X, INK_ACCENT, 0.12, 0, DRESS_RULE, ICON_NONE},
        {"role",    PLACE_BOTTOM, TIER_FACT,     0.36, 2, R, INK_MAIN,   0.12, 4, DRESS_NONE, ICON_NONE},
        {"company", PLACE_BOTTOM, TIER_FACT,     0.36, 2, S, INK_MAIN,   0.20, 0, DRESS_NONE, ICON_NONE},
        {"commune", PLACE_BOTTOM, TIER_FACT,     0.34, 1, R, INK_QUIET,  0.25, 3, DRESS_ICON, ICON_PIN},
        {"credit",  PLACE_BOTTOM, TIER_CREDIT,   0.16, 2, R, INK_QUIET,  0.00, 0, DRESS_NONE, ICON_NONE},
    },
},
{
    .name = "event",
    .panel = COLOR_NAVY, .visual = COLOR_TEAL, .disc = COLOR_YELLOW, .sign = COLOR_NAVY,
    .motif = COLOR_RGB(0x005252),
    .main = COLOR_WHITE, .accent = COLOR_YELLOW, .quiet = COLOR_RGB(0xD5DEEA), .rule = COLOR_YELLOW,
    .visual_right = true,
    .extent = {{6.25, 4.5, 4.5}, {5.6, 4.4, 4.4}},
    .large_until = 1,
    .slots = {
        {"status",    PLACE_TOP,    TIER_FACT,     0.38, 1, X, INK_MAIN,   0.35, 0, DRESS_BADGE, ICON_NONE},
        {"date",      PLACE_TOP,    TIER_FACT,     0.48, 3, S, INK_MAIN,   0.55, 0, DRESS_DATE, ICON_NONE},
        {"title",     PLACE_BODY,   TIER_HEADLINE, 0.80, 3, X, INK_MAIN,   0.00, 0, DRESS_NONE, ICON_NONE},
        {"place",     PLACE_BOTTOM, TIER_FACT,     0.40, 4, S, INK_MAIN,   0.22, 0, DRESS_ICON, ICON_PIN},
        {"price",     PLACE_BOTTOM, TIER_FACT,     0.36, 1, R, INK_MAIN,   0.22, 3, DRESS_ICON, ICON_TICKET},
        {"access",    PLACE_BOTTOM, TIER_FACT,     0.36, 2, R, INK_MAIN,   0.22, 2, DRESS_ICON, ICON_ACCESS},
        {"organiser", PLACE_BOTTOM, TIER_FACT,     0.36, 1, R, INK_QUIET,  0.22, 1, DRESS_ICON, ICON_HANDS},
        {"credit",    PLACE_BOTTOM, TIER_CREDIT,   0.16, 2, R, INK_QUIET,  0.00, 0, DRESS_NONE, ICON_NONE},
    },
},
{
    .name = "highlight",
    .panel = COLOR_WHITE, .visual = COLOR_TEAL, .disc = COLOR_YELLOW, .sign = COLOR_NAVY,
    .motif = COLOR_RGB(0x005252),
    .main = COLOR_NAVY, .accent = COLOR_TEAL, .quiet = COLOR_RGB(0x2F4058), .rule = COLOR_YELLOW,
    .extent = {{6.25, 4.75, 5.25}, {5.6, 4.6, 4.6}},
    .body_middle = true,
    .slots = {
        {"family",   PLACE_TOP,    TIER_FACT,     0.34, 1, S, INK_ACCENT, 0.00, 4, DRESS_NONE, ICON_NONE},
        {"name",     PLACE_BODY,   TIER_HEADLINE, 0.86, 3, X, INK_MAIN,   0.00, 0, DRESS_RULE, ICON_NONE},
        {"legal",    PLACE_BODY,   TIER_FACT,     0.32, 2, R, INK_QUIET,  0.15, 2, DRESS_NONE, ICON_NONE},
        {"activity", PLACE_BODY,   TIER_FACT,     0.42, 3, S, INK_ACCENT, 0.32, 0, DRESS_NONE, ICON_NONE},
        {"summary",  PLACE_BODY,   TIER_FACT,     0.28, 0, R, INK_MAIN,   0.36, 1, DRESS_NONE, ICON_NONE},
        {"types",    PLACE_BODY,   TIER_FACT,     0.34, 2, R, INK_QUIET,  0.30, 3, DRESS_NONE, ICON_NONE},
        {"commune",  PLACE_BOTTOM, TIER_FACT,     0.40, 2, S, INK_MAIN,   0.08, 0, DRESS_ICON, ICON_PIN},
        {"address",  PLACE_BOTTOM, TIER_FACT,     0.36, 1, R, INK_QUIET,  0.22, 3, DRESS_INDENT, ICON_NONE},
        {"phone",    PLACE_BOTTOM, TIER_FACT,     0.36, 1, R, INK_MAIN,   0.00, 4, DRESS_ICON, ICON_PHONE},
    },
},
{
    .name = "announcement", .severity = "emergency",
    .panel = COLOR_RED, .visual = COLOR_RED, .disc = COLOR_WHITE, .sign = COLOR_RED,
    .motif = COLOR_RED,
    .main = COLOR_WHITE, .accent = COLOR_WHITE, .quiet = COLOR_WHITE, .rule = COLOR_WHITE,
    .extent = {{5.0, 4.4, 3.9}, {5.2, 4.4, 4.0}},
    .body_middle = true,
    .slots = {
        {"title", PLACE_BODY, TIER_EMERGENCY, 1.20, 3, X, INK_MAIN, 0.00, 0, DRESS_NONE, ICON_NONE},
        {"text",  PLACE_BODY, TIER_FACT,      0.60, 0, S, INK_MAIN, 0.50, 0, DRESS_NONE, ICON_NONE},
    },
},
{
    .name = "announcement", .severity = "important",
    .panel = COLOR_YELLOW, .visual = COLOR_YELLOW, .disc = COLOR_NAVY, .sign = COLOR_YELLOW,
    .motif = COLOR_RGB(0xFFD264),
    .main = COLOR_NAVY, .accent = COLOR_NAVY, .quiet = COLOR_NAVY, .rule = COLOR_NAVY,
    .extent = {{6.0, 6.0, 6.0}, {5.5, 5.5, 5.5}},
    .body_middle = true,
    .slots = {
        {"title", PLACE_BODY, TIER_HEADLINE, 0.95, 3, X, INK_MAIN, 0.00, 0, DRESS_NONE, ICON_NONE},
        {"text",  PLACE_BODY, TIER_FACT,     0.52, 0, R, INK_MAIN, 0.50, 0, DRESS_NONE, ICON_NONE},
    },
},
{
    .name = "welcome",
    .panel = COLOR_NAVY, .visual = COLOR_NAVY, .disc = COLOR_YELLOW, .sign = COLOR_NAVY,
    .motif = COLOR_RGB(0x12294A),
    .main = COLOR_WHITE, .accent = COLOR_YELLOW, .quiet = COLOR_RGB(0xD5DEEA), .rule = COLOR_YELLOW,
    .body_middle = true,
    .slots = {
        {"title",       PLACE_BODY,   TIER_HEADLINE, 0.95, 3, X, INK_MAIN,   0.00, 0, DRESS_RULE, ICON_NONE},
        {"text",        PLACE_BODY,   TIER_FACT,     0.45, 0, R, INK_MAIN,   0.40, 0, DRESS_NONE, ICON_NONE},
        {"code",        PLACE_BODY,   TIER_HEADLINE, 1.15, 1, X, INK_ACCENT, 0.60, 0, DRESS_CARD, ICON_NONE},
        {"fingerprint", PLACE_BODY,   TIER_CREDIT,   0.34, 2, R, INK_QUIET,  0.35, 0, DRESS_NONE, ICON_NONE},
        {"status",      PLACE_BOTTOM, TIER_FACT,     0.36, 3, R, INK_QUIET,  0.00, 0, DRESS_NONE, ICON_NONE},
    },
},
{
    .name = "announcement",
    .panel = COLOR_TEAL, .visual = COLOR_TEAL, .disc = COLOR_YELLOW, .sign = COLOR_NAVY,
    .motif = COLOR_RGB(0x005252),
    .main = COLOR_WHITE, .accent = COLOR_WHITE, .quiet = COLOR_WHITE, .rule = COLOR_YELLOW,
    .extent = {{6.0, 6.0, 6.0}, {5.5, 5.5, 5.5}},
    .body_middle = true,
    .slots = {
        {"title", PLACE_BODY, TIER_HEADLINE, 0.95, 3, X, INK_MAIN, 0.00, 0, DRESS_NONE, ICON_NONE},
        {"text",  PLACE_BODY, TIER_FACT,     0.52, 0, R, INK_MAIN, 0.50, 0, DRESS_NONE, ICON_NONE},
    },
},
};
/* clang-format on */

#define TEMPLATE_COUNT (sizeof templates / sizeof templates[0])

const struct template *template_for(const struct slide *slide)
{
    const char *severity = slide_text(slide, "severity");
    for (size_t i = 0; i < TEMPLATE_COUNT; i++) {
        const struct template *template = &templates[i];
        bool severe = template->severity == NULL ||
                      (severity != NULL && strcmp(template->severity, severity) == 0);
        if (severe && strcmp(template->name, slide->template) == 0) {
            return template;
        }
    }
    return &templates[TEMPLATE_COUNT - 1];
}

color template_ink(const struct template *template, enum slot_ink ink)
{
    switch (ink) {
    case INK_MAIN:
        return template->main;
    case INK_ACCENT:
        return template->accent;
    case INK_QUIET:
        return template->quiet;
    }
    return template->main;
}
