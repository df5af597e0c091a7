/* The kiosk's state, shared by the files that it is made of: kiosk.c (life, time, moves from page
 * to page), kiosk_input.c (touch and keys), kiosk_frame.c (pixels), kiosk_chrome.c (what stands
 * fixed) and the pages (kiosk_page.h). Nobody else includes this. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_PRIVATE_H
#define VITRINE_PLAYER_KIOSK_KIOSK_PRIVATE_H

#include "core/arena.h"
#include "player/kiosk/kiosk.h"
#include "player/kiosk/kiosk_keyboard.h"
#include "player/kiosk/kiosk_kit.h"
#include "player/kiosk/kiosk_layout.h"
#include "player/kiosk/kiosk_list.h"
#include "player/kiosk/kiosk_map.h"
#include "player/kiosk/kiosk_page.h"
#include "player/kiosk/kiosk_pictures.h"
#include "player/kiosk/kiosk_rows.h"
#include "player/kiosk/kiosk_scroll.h"
#include "player/kiosk/kiosk_state.h"

#define KIOSK_HOME_EVENTS 6
#define KIOSK_SIMILAR_MAX 6
#define KIOSK_SHEET_EVENTS 6

/* What scrolls: cards by sections, or one long card. */
struct kiosk_pane {
    struct kiosk_aside at; /* the view and what stands beside it; view.w 0: there is none */
    struct kiosk_scroll scroll;
    struct kiosk_list list;
    struct kiosk_rows *rows;
    struct scene *headings[KIOSK_SECTIONS_MAX];
    struct scene *sheet; /* NULL: cards */
    struct scene_node *card;
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
    struct canvas *under; /* the list meanwhile; NULL until the first frame */
    struct rect card;     /* where it was on the screen */
    struct scene *sheet;  /* closing: the one that goes */
    struct scene_node *sheet_card;
    int64_t start_ms, now_ms;
};

/* What a visitor looks for: shared by directory and map. */
struct kiosk_search {
    struct kiosk_keyboard keyboard; /* its text is what was typed */
    bool typing;                    /* the keyboard shows */
    struct directory_values chosen[DIRECTORY_FACETS];
    struct directory_answer answer;
    bool stale; /* the answer is of another question */
};

/* A value that can be chosen in the panel. */
struct kiosk_choice {
    int facet;
    size_t value;
};

struct kiosk {
    struct kiosk_config config; /* its strings are the next two */
    char *site_id, *site_name;
    struct kiosk_state state;
    enum lang lang;
    struct kiosk_modes modes;
    int volume; /* per cent */
    struct kiosk_layout layout;
    struct kiosk_theme theme;    /* with the site's accent */
    int64_t wall_ms, wall_at_ms; /* what time it was, and when that was known */
    int offset_s;

    struct directory *directory;
    bool has_next; /* `next` replaces the directory when the sheet is left */
    struct directory *next;
    struct arena *lasting;               /* as long as the directory */
    struct directory_organisation *here; /* in this building, A–Z */
    size_t here_count;
    struct arena *arena; /* what the page shows; anew with each page */
    struct kiosk_pane page, over;
    struct kiosk_search search;
    char commune[KIOSK_ID_SIZE]; /* that events are narrowed to; "": none */

    /* Of the page; its arena's. */
    struct directory_event_list events;
    size_t stretch_first[4]; /* of events: first of each stretch, and the end */
    struct directory_portrait_list portraits;
    struct directory_organisation organisation;
    struct directory_event event;
    struct directory_portrait portrait;
    uint32_t similar[KIOSK_SIMILAR_MAX];
    size_t similar_count;
    const char **communes;  /* that have events, A–Z */
    size_t *commune_counts; /* events in each */
    size_t commune_count;
    struct kiosk_choice *choices; /* of the panel, malloc */
    size_t choice_count;
    struct kiosk_map *map; /* NULL: the map was not opened yet */
    struct rect map_rect;
    uint32_t map_selected;
    bool map_stale;       /* other rows */
    uint32_t *place_rows; /* of several at one place, malloc; NULL: all of the answer */
    uint32_t place_count;

    struct scene *chrome;
    bool chrome_stale;    /* must be built anew */
    int chrome_letter;    /* letter that it marks */
    unsigned chrome_ends; /* which page buttons it shows as usable */
    struct scene *cover;  /* what stands over the page; NULL: nothing */
    struct image *skyline;
    struct rect skyline_board; /* that it was drawn for */
    struct kiosk_pictures *pictures;

    bool keys; /* the last event was a key: the focus shows */
    bool keyboard_focused;
    struct kiosk_target focused;
    struct kiosk_target page_focused; /* of the page, while what stands over it has it */
    struct kiosk_touch touch;
    int64_t live_finger; /* on keyboard or map; its last place */
    bool live_active;
    int live_x, live_y;
    struct kiosk_motion motion;
    int64_t activity_ms; /* last sign of life of the visitor */
    int seconds;         /* of the countdown, as shown */
    bool film;           /* it plays */
    char *caption;       /* of the film, malloc */
    struct rect dirty;   /* what the next frame must draw */
};

/* kiosk.c */
const struct kiosk_page_type *kiosk_page_shown(const struct kiosk *kiosk); /* NULL: none is open */
struct kiosk_pane *kiosk_pane(struct kiosk *kiosk);                        /* that fingers scroll */
bool kiosk_motion_wanted(const struct kiosk *kiosk);
void kiosk_count(const struct kiosk *kiosk, enum kiosk_count what, const char *subject);
int64_t kiosk_wall_ms(const struct kiosk *kiosk);
int64_t kiosk_today(const struct kiosk *kiosk); /* local day since 1970-01-01 */
/* A picture of the directory's; NULL while there is none. */
const struct image *kiosk_picture(struct kiosk *kiosk, const char *hash, int width, int height,
                                  double focal_x, double focal_y);

/* kiosk_moves.c */
void kiosk_start(struct kiosk *kiosk, int64_t now_ms); /* home, when the directory has somebody */
/* Opens a page; `card`: where on the screen the card is that it opens from. */
#define KIOSK_NO_CARD ((struct rect){0})
void kiosk_open(struct kiosk *kiosk, enum kiosk_page page, const char *id, int64_t at_ms,
                struct rect card, int64_t now_ms);
void kiosk_cover(struct kiosk *kiosk, enum kiosk_overlay overlay, int64_t now_ms);
/* A move that needs no more than the state (kiosk_state.h). */
void kiosk_step(struct kiosk *kiosk, void (*change)(struct kiosk_state *state), int64_t now_ms);
void kiosk_load_page(struct kiosk *kiosk); /* places whose record is gone are left */
/* Pane, cards and all that stands fixed are made anew. */
void kiosk_remake(struct kiosk *kiosk);
void kiosk_rearrange(struct kiosk *kiosk); /* language or modes changed: the same card at the top */
void kiosk_refresh(struct kiosk *kiosk);   /* its items are others: from the top */
void kiosk_end_motion(struct kiosk *kiosk);
void kiosk_stop_film(struct kiosk *kiosk);
void kiosk_forget_map(struct kiosk *kiosk);
void kiosk_forget_visitor(struct kiosk *kiosk); /* nothing of one remains for the next */
bool kiosk_has_entries(const struct directory *directory);
/* Takes it over and closes the former one. */
void kiosk_replace_directory(struct kiosk *kiosk, struct directory *directory);

/* kiosk_actions.c */
void kiosk_do(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms);
void kiosk_show_item(struct kiosk *kiosk, size_t item, int64_t now_ms);
void kiosk_scroll_to(struct kiosk *kiosk, double target, int64_t now_ms);

/* kiosk_search.c */
/* The directory's answer to what is searched, brought up to date. */
const struct directory_answer *kiosk_answer(struct kiosk *kiosk);
void kiosk_search_changed(struct kiosk *kiosk);

/* kiosk_voice.c: nothing is said unless the visitor wants it, but by kiosk_listen. */
void kiosk_say(struct kiosk *kiosk, const char *text);
void kiosk_say_focus(struct kiosk *kiosk);
void kiosk_say_page(struct kiosk *kiosk);
void kiosk_listen(struct kiosk *kiosk); /* the whole sheet */
void kiosk_hush(struct kiosk *kiosk);

/* kiosk_input.c */
void kiosk_input_handle(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms);
void kiosk_input_drop_touch(struct kiosk *kiosk);
struct kiosk_target kiosk_input_hit(struct kiosk *kiosk, int x, int y);
/* Puts the focus on the first place of what shows now. */
void kiosk_input_focus_first(struct kiosk *kiosk);
void kiosk_input_set_focus(struct kiosk *kiosk, struct kiosk_target target, int64_t now_ms);

/* kiosk_frame.c */
#define KIOSK_MOTION_MS 240
void kiosk_frame_damage(struct kiosk *kiosk, struct rect area);
void kiosk_frame_damage_all(struct kiosk *kiosk);
void kiosk_frame_damage_pane(struct kiosk *kiosk);
struct kiosk_kit kiosk_frame_kit(const struct kiosk *kiosk);
/* What stands fixed, brought up to date. */
struct scene *kiosk_frame_chrome(struct kiosk *kiosk);
struct scene *kiosk_frame_cover(struct kiosk *kiosk); /* NULL: nothing stands over the page */
/* Node that shows the target's states; NULL for items and when it is gone. */
struct scene_node *kiosk_frame_node(struct kiosk *kiosk, struct kiosk_target target);
struct rect kiosk_frame_item_rect(const struct kiosk *kiosk, const struct kiosk_pane *pane,
                                  size_t item); /* on the screen */
struct rect kiosk_frame_pane_rect(const struct kiosk *kiosk, const struct kiosk_pane *pane);
/* Puts the long card where it is scrolled to, for drawing and touching. */
void kiosk_frame_place_sheet(struct kiosk *kiosk, struct kiosk_pane *pane);
void kiosk_frame_make_pane(struct kiosk *kiosk, struct kiosk_pane *pane);
/* When all of the list fits in `area` there is nothing to page through: it takes the whole width.
 */
void kiosk_frame_widen(const struct kiosk *kiosk, struct kiosk_pane *pane, struct rect area);
void kiosk_frame_clear_pane(struct kiosk_pane *pane); /* without its cards */

/* kiosk_chrome.c */
struct scene *kiosk_chrome_build(struct kiosk *kiosk);
struct scene *kiosk_chrome_build_cover(struct kiosk *kiosk);
/* Marks the letter in a scene that was built with another one; dirty_out: what changed. */
void kiosk_chrome_mark_letter(struct kiosk *kiosk, struct scene *scene, int former, int letter,
                              struct rect *dirty_out);
int kiosk_chrome_letter(struct kiosk *kiosk); /* where the list stands: 0–26, -1 */
/* A page's header, with a title and a line below it or beside it. keep_right: px that are kept free
 * at its right; returns that place. */
struct rect kiosk_chrome_header(const struct kiosk_kit *kit, struct scene_node *root,
                                const char *title, const char *more, int keep_right);
/* What a page says when it has nothing to show. */
void kiosk_chrome_empty(const struct kiosk_kit *kit, struct scene_node *root, enum icon icon,
                        const char *text);

#endif
