/* What the kiosk's pages are built with: colours, and the pieces that recur (texts, cards, buttons)
 * as nodes of a scene. Sizes are design millimetres; those of text are capital heights. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_KIT_H
#define VITRINE_PLAYER_KIOSK_KIOSK_KIT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lang.h"
#include "player/kiosk/kiosk_layout.h"
#include "player/kiosk/kiosk_strings.h"
#include "player/scene/scene.h"

/* Capital heights, mm. DESIGN.md: nothing to read below 7.3. */
#define KIOSK_CAP_TITLE 17.0
#define KIOSK_CAP_HEADING 10.0
#define KIOSK_CAP_NAME 9.2
#define KIOSK_CAP_BODY 8.0
#define KIOSK_CAP_SMALL 7.3

/* What can be touched or focused: scene_node.action. */
enum kiosk_action {
    KIOSK_ACTION_NONE,
    KIOSK_ACTION_ITEM,   /* argument: item of the list */
    KIOSK_ACTION_LETTER, /* argument: 0–26 */
    KIOSK_ACTION_PAGE_DOWN,
    KIOSK_ACTION_PAGE_UP,
    KIOSK_ACTION_BACK,
    KIOSK_ACTION_HOME,
    KIOSK_ACTION_LANGUAGE,
    KIOSK_ACTION_OPTIONS,
    KIOSK_ACTION_QUIT,
    KIOSK_ACTION_LOW,
    KIOSK_ACTION_LARGE,
    KIOSK_ACTION_CONTRAST,
    KIOSK_ACTION_SLOW,
    KIOSK_ACTION_ALOUD,
    KIOSK_ACTION_VOLUME,
    KIOSK_ACTION_CLOSE,
    KIOSK_ACTION_STAY,
    KIOSK_ACTION_START,
    KIOSK_ACTION_START_OTHER,  /* in the other language */
    KIOSK_ACTION_OPEN,         /* argument: enum kiosk_page of a list */
    KIOSK_ACTION_SEARCH,       /* shows the keyboard */
    KIOSK_ACTION_ERASE,        /* the search */
    KIOSK_ACTION_CHOICES,      /* shows the panel of facets */
    KIOSK_ACTION_ALL,          /* nothing is chosen any more */
    KIOSK_ACTION_ZOOM,         /* argument: 1, -1, 0 */
    KIOSK_ACTION_SHOW_ALL,     /* the map's list shows all again */
    KIOSK_ACTION_ORGANISATION, /* argument: row */
    KIOSK_ACTION_EVENT,        /* argument: number in the page's events */
    KIOSK_ACTION_PORTRAIT,     /* of the page's organisation */
    KIOSK_ACTION_FILM,
    KIOSK_ACTION_LISTEN,  /* reads the whole sheet */
    KIOSK_ACTION_NOTHING, /* takes a touch so that nothing below it does */
};

/* Order of the focus: scene_node.focus. */
enum kiosk_focus {
    KIOSK_FOCUS_NONE,
    KIOSK_FOCUS_TOOLS,   /* in the header: before the page's content */
    KIOSK_FOCUS_CONTENT, /* on a sheet */
    KIOSK_FOCUS_LETTERS,
    KIOSK_FOCUS_PAGES,
    KIOSK_FOCUS_BAR,
    KIOSK_FOCUS_ABOVE,
};

struct kiosk_theme {
    color page, text, muted; /* page behind cards, and text on it */
    color card;              /* text on cards is `text` and `muted` too */
    color tint;              /* discs behind icons on cards */
    color edge;              /* line around cards; 0: none, they have a shadow */
    color chrome;            /* header, bar, board */
    color skyline, water;    /* on the board */
    color on_chrome, chip;
    color button;                /* on chrome */
    color accent, on_accent;     /* what calls for a touch */
    color link;                  /* activity, icons on cards */
    color disabled, on_disabled; /* on the page */
    color scrim;                 /* over the page while something stands above it */
    color shadow;                /* 0: none */
};

struct kiosk_kit {
    const struct kiosk_layout *layout;
    const struct kiosk_theme *theme;
    enum lang lang;
    double scale; /* further factor of sizes; 1 but on roomy sheets */
    bool covered; /* something lies above: what is built now takes no focus */
};

enum kiosk_button_look {
    KIOSK_BUTTON_CHROME, /* on the bar */
    KIOSK_BUTTON_ACCENT, /* the one to touch first */
    KIOSK_BUTTON_PAGE,   /* on the page */
};

struct kiosk_button {
    struct rect rect;
    enum kiosk_action action;
    int64_t argument;
    int focus;           /* position in the focus order */
    enum icon icon;      /* ICON_NONE for none */
    const char *label;   /* shown unless `silent` */
    const char *caption; /* second, smaller line; NULL for none */
    enum kiosk_button_look look;
    bool silent, disabled;
};

const struct kiosk_theme *kiosk_kit_theme(bool contrast);
/* Colour of an organisation's tile and header, by its family; white text stands on it. */
color kiosk_kit_family(const struct kiosk_theme *theme, const char *family);

int kiosk_kit_px(const struct kiosk_kit *kit, double mm);
const char *kiosk_kit_word(const struct kiosk_kit *kit, enum kiosk_string string);
struct text_style kiosk_kit_style(const struct kiosk_kit *kit, enum text_weight weight,
                                  double cap_mm, enum text_align align, int max_lines);
/* As high as it needs, from (x, y) on; typography_apply is done here. */
struct scene_node *kiosk_kit_text(const struct kiosk_kit *kit, struct scene_node *parent, int x,
                                  int y, int width, const char *text,
                                  const struct text_style *style, color ink);
/* In the middle of the box's height; shrinks to 7.3 mm when it must. */
struct scene_node *kiosk_kit_fit(const struct kiosk_kit *kit, struct scene_node *parent,
                                 struct rect box, const char *text, const struct text_style *style,
                                 color ink);
/* White, rounded, with a soft shadow, or black with a line. */
struct scene_node *kiosk_kit_card(const struct kiosk_kit *kit, struct scene_node *parent,
                                  struct rect rect);
struct scene_node *kiosk_kit_button(const struct kiosk_kit *kit, struct scene_node *parent,
                                    const struct kiosk_button *button);

/* Shows or takes back the feedback to a finger. */
void kiosk_kit_press(const struct kiosk_kit *kit, struct scene_node *node, bool pressed);

#endif
