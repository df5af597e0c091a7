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

/* What the next frame must draw. */
enum kiosk_damage {
    DAMAGE_CONTENT = 1, /* list or sheet */
    DAMAGE_INDEX = 2,
    DAMAGE_PAGES = 4,
    DAMAGE_BAR = 8,
    DAMAGE_OPTIONS = 16,
    DAMAGE_DIALOG = 32,
    DAMAGE_ATTRACT = 64,
    DAMAGE_ALL = 128,
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
    struct canvas *under; /* the list meanwhile; NULL: no motion */
    bool closing;
    struct rect card; /* where it was on the screen */
    int64_t start_ms, now_ms;
};

struct kiosk {
    struct kiosk_config config; /* its strings are owned */
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
    struct kiosk_sheet sheet;

    bool keys; /* the last event was a key: the focus shows */
    struct kiosk_target focused;
    struct kiosk_target page_focused; /* of the page, while the panel or the question has it */
    struct kiosk_touch touch;
    struct kiosk_motion motion;
    int64_t activity_ms; /* last sign of life of the visitor */
    int seconds;         /* of the countdown, as shown */
    unsigned damage;
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
struct kiosk_target kiosk_input_hit(const struct kiosk *kiosk, int x, int y);
/* Number of places in the focus order of what shows, and the n-th one. */
size_t kiosk_input_focus_count(const struct kiosk *kiosk);
struct kiosk_target kiosk_input_focus_at(const struct kiosk *kiosk, size_t place);

/* kiosk_frame.c */
#define KIOSK_MOTION_MS 240
struct rect kiosk_frame_item_rect(const struct kiosk *kiosk, size_t item); /* on the screen */
struct rect kiosk_frame_content(const struct kiosk *kiosk); /* where list or sheet shows */
/* Starts drawing the list aside, for a card's motion. */
struct canvas *kiosk_frame_list_copy(const struct kiosk *kiosk);

#endif
