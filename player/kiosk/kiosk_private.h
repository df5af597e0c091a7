/* The kiosk's state, shared by the files that it is made of: kiosk.c (life, time, states),
 * kiosk_input.c (touch and keys), kiosk_frame.c (pixels). Nobody else includes this. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_PRIVATE_H
#define VITRINE_PLAYER_KIOSK_KIOSK_PRIVATE_H

#include "player/kiosk/kiosk.h"
#include "player/kiosk/kiosk_chrome.h"
#include "player/kiosk/kiosk_layout.h"
#include "player/kiosk/kiosk_list.h"
#include "player/kiosk/kiosk_rows.h"
#include "player/kiosk/kiosk_scroll.h"
#include "player/kiosk/kiosk_sheet.h"
#include "player/kiosk/kiosk_state.h"

struct kiosk_target {
    enum kiosk_action action;
    size_t value;
};

/* The one finger that counts. */
struct kiosk_touch {
    bool active;
    int64_t finger;
    int start_x, start_y;
    int64_t changed_ms; /* when it last did something */
    bool scrolls;       /* it lies on what scrolls */
    bool drags;         /* it went farther than the slop there: no tap any more */
    struct kiosk_target pressed;
};

/* A card that opens into its sheet, or goes back. */
struct kiosk_motion {
    bool active, closing;
    struct canvas *under; /* the list meanwhile, drawn at the first frame; may stay NULL */
    struct rect card;     /* where it was on the screen */
    int64_t start_ms, now_ms;
};

struct kiosk {
    struct kiosk_config config; /* its strings are the next two */
    char *site_id, *site_name;
    enum kiosk_state state;
    enum lang lang;
    struct kiosk_modes modes;
    struct kiosk_layout layout;

    struct directory *directory;
    bool has_next; /* `next` replaces the directory when the sheet is left */
    struct directory *next;
    struct kiosk_list list;
    struct kiosk_rows *rows;
    struct kiosk_scroll list_scroll, sheet_scroll;
    size_t sheet_item;
    struct scene *sheet; /* NULL: none is open */
    struct scene_node *sheet_card;
    struct scene *headings[2]; /* of the list's sections */

    struct scene *chrome;
    bool chrome_stale;    /* must be built anew */
    int chrome_letter;    /* letter that it marks */
    unsigned chrome_ends; /* which page buttons it shows as usable */
    struct image *skyline;
    struct rect skyline_board; /* that it was drawn for */

    bool keys; /* the last event was a key: the focus shows */
    struct kiosk_target focused;
    struct kiosk_target page_focused; /* of the page, while the panel or the question has it */
    struct kiosk_touch touch;
    struct kiosk_motion motion;
    int64_t activity_ms; /* last sign of life of the visitor */
    int seconds;         /* of the countdown, as shown */
    struct rect dirty;   /* what the next frame must draw */
};

/* kiosk.c */
void kiosk_do(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms);
struct kiosk_scroll *kiosk_current_scroll(struct kiosk *kiosk);
void kiosk_show_item(struct kiosk *kiosk, size_t item, int64_t now_ms);
void kiosk_end_motion(struct kiosk *kiosk);
bool kiosk_motion_wanted(const struct kiosk *kiosk);

/* kiosk_input.c */
void kiosk_input_handle(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms);
void kiosk_input_drop_touch(struct kiosk *kiosk);
struct kiosk_target kiosk_input_hit(struct kiosk *kiosk, int x, int y);
/* First place of the focus order in what lies over the page. */
void kiosk_input_focus_first(struct kiosk *kiosk);

/* kiosk_frame.c */
#define KIOSK_MOTION_MS 240
void kiosk_frame_damage(struct kiosk *kiosk, struct rect area);
void kiosk_frame_damage_all(struct kiosk *kiosk);
void kiosk_frame_damage_content(struct kiosk *kiosk);
struct kiosk_kit kiosk_frame_kit(const struct kiosk *kiosk);
/* The chrome of what shows now, brought up to date. */
struct scene *kiosk_frame_chrome(struct kiosk *kiosk);
/* Node of the chrome that shows the target's states; NULL for items and when it is gone. */
struct scene_node *kiosk_frame_node(struct kiosk *kiosk, struct kiosk_target target);
struct rect kiosk_frame_item_rect(const struct kiosk *kiosk, size_t item); /* on the screen */
struct rect kiosk_frame_content(const struct kiosk *kiosk); /* where list or sheet shows */
void kiosk_frame_make_sheet(struct kiosk *kiosk);
void kiosk_frame_drop_sheet(struct kiosk *kiosk);
void kiosk_frame_make_headings(struct kiosk *kiosk);

#endif
