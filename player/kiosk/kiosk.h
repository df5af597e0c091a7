/* The kiosk: what a visitor touches on a screen that is marked as one. A state
 * machine (pages over the signage loop, with the accessibility panel and "still
 * there?" over them) without SDL or clock: events and the monotonic time go in;
 * pixels, the areas that changed and the instant of the next tick come out. Its
 * directory is a file that it asks; pictures, films and the voice are the
 * caller's. Main thread only.
 *
 * The player, at each turn of its loop:
 *     kiosk_event for each touch and key, kiosk_tick(now), then kiosk_draw into
 * its one kiosk canvas and presenter_put of the dirty rectangle; it sleeps
 * until kiosk_next_wake. While kiosk_is_open is false the signage loop plays in
 * the picture less the lowest kiosk_attract_height pixels, where kiosk_draw
 * puts the button that invites to touch. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_H
#define VITRINE_PLAYER_KIOSK_KIOSK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lang.h"
#include "directory/directory.h"
#include "player/draw/canvas.h"
#include "player/draw/image.h"
#include "player/draw/text.h"
#include "player/scene/metrics.h"

#define KIOSK_NEVER INT64_MAX

struct kiosk;

/* What is counted of a visit: happenings alone. */
enum kiosk_count {
    KIOSK_COUNT_SESSION,  /* a visitor began */
    KIOSK_COUNT_LIST,     /* the list shows, first or again */
    KIOSK_COUNT_SEARCH,   /* a letter was looked up, or something typed */
    KIOSK_COUNT_LANGUAGE, /* subject: the language chosen, "en" */
    KIOSK_COUNT_MODE,     /* subject: "low", "large", "contrast", "slow", "aloud" was switched on */
    KIOSK_COUNT_SHEET,    /* subject: id of the organisation */
};

struct kiosk_config {
    struct text_engine *text; /* outlives the kiosk */
    struct metrics metrics;   /* of the whole picture */
    int bottom_edge_mm;       /* height of the picture's lower edge above the floor */
    const char *site_id;      /* of the screen's site, "" when none; copied */
    const char *site_name;    /* copied */
    enum lang lang;           /* language that every visitor starts with */
    /* Told of each happening; subject is NULL for those that have none. May be NULL. */
    void (*count)(void *context, enum kiosk_count count, const char *subject);
    void *count_context;
    color accent; /* of the site; alpha 0: Vitrine's yellow */

    /* Each may be NULL; then the kiosk does not offer what needs it. */
    /* Wants the picture with that SHA-256 in hex, cut to fill width × height px around the focal
     * point: kiosk_set_picture brings it, some time or never. */
    void (*picture)(void *context, const char *hash, int width, int height, double focal_x,
                    double focal_y);
    /* Says the text instead of what is being said; NULL: silence. volume: per cent of usual. */
    void (*speak)(void *context, const char *text, enum lang lang, int volume);
    bool (*speaks)(void *context); /* something is being said now */
    /* Plays the film with that SHA-256 and those captions ("": none) in kiosk_film_rect, until it
     * is told NULL, or kiosk_film_ended says that it is over. */
    void (*film)(void *context, const char *hash, const char *captions);
    void *media_context;
};

enum kiosk_event_kind {
    KIOSK_TOUCH_DOWN,
    KIOSK_TOUCH_MOVE,
    KIOSK_TOUCH_UP,
    KIOSK_TOUCH_CANCEL, /* the finger is gone without a release: panel unplugged,
                           window lost */
    KIOSK_KEY_NEXT,     /* keys-only operation: Tab */
    KIOSK_KEY_PREVIOUS, /* Shift+Tab */
    KIOSK_KEY_UP,       /* arrows: to the neighbour, on the keyboard by its rows */
    KIOSK_KEY_DOWN,
    KIOSK_KEY_LEFT,
    KIOSK_KEY_RIGHT,
    KIOSK_KEY_ACTIVATE, /* Enter, space */
    KIOSK_KEY_BACK,     /* Escape, backspace */
};

struct kiosk_event {
    enum kiosk_event_kind kind;
    int64_t finger; /* touch: any id, unique among fingers that are down; a mouse
                       is a finger */
    int x, y;       /* touch: picture pixels (presenter_map_touch); may lie outside */
};

/* Never NULL. Closed, without a directory: no button and no reaction to touches until
 * kiosk_set_directory brings one with entries. */
struct kiosk *kiosk_create(const struct kiosk_config *config);
void kiosk_destroy(struct kiosk *kiosk); /* accepts NULL */

/* Takes ownership of `directory` (NULL: none). Who reads a sheet keeps reading the old one until
 * the sheet is left; a list that shows changes at once. The old directory is destroyed when nobody
 * reads it. O(entries), once. */
void kiosk_set_directory(struct kiosk *kiosk, struct directory *directory);

/* What time it is: UTC in ms, and the local offset in seconds; to be told again when one of them
 * jumps, and now and then. */
void kiosk_set_time(struct kiosk *kiosk, int64_t wall_ms, int offset_s, int64_t now_ms);
/* A picture that was wanted; takes it over. NULL: there is none. */
void kiosk_set_picture(struct kiosk *kiosk, const char *hash, struct image *image);
/* A touch on the signage loop that shows this: opens it, when the directory has it (any of
 * organisation, event, portrait), else home. Ids; "" for none. */
void kiosk_open_subject(struct kiosk *kiosk, const char *subject, const char *organisation,
                        int64_t now_ms);
/* Where the film plays; w 0: none does. */
struct rect kiosk_film_rect(const struct kiosk *kiosk);
void kiosk_set_caption(struct kiosk *kiosk, const char *text); /* "": none now */
void kiosk_film_ended(struct kiosk *kiosk, int64_t now_ms);

/* now_ms: monotonic, never less than in an earlier call; the same clock in all functions. Pass
 * every finger: that only the first one counts is the kiosk's business. */
void kiosk_event(struct kiosk *kiosk, const struct kiosk_event *event, int64_t now_ms);
/* Time-outs and motion. Calling it too often or too late does no harm. */
void kiosk_tick(struct kiosk *kiosk, int64_t now_ms);
/* Instant at which kiosk_tick wants to be called: ≤ now_ms while something moves (tick and draw at
 * every frame), KIOSK_NEVER when only an event can change anything. */
int64_t kiosk_next_wake(const struct kiosk *kiosk, int64_t now_ms);

/* Whether the kiosk covers the whole picture; else the signage loop shows. */
bool kiosk_is_open(const struct kiosk *kiosk);
/* Height in px of the button's bar at the picture's lower edge while the kiosk is closed; 0 while
 * there is no directory to open. Changes only in kiosk_set_directory, or when the kiosk closes
 * after it. */
int kiosk_attract_height(const struct kiosk *kiosk);

/* Draws what changed since the last call into `canvas` (the picture's size; the same canvas with
 * its pixels untouched from call to call, else kiosk_invalidate first). Closed, it touches only the
 * bar. dirty_out: what to present; false, and empty, when nothing changed. */
bool kiosk_draw(struct kiosk *kiosk, struct canvas *canvas, struct rect *dirty_out);
/* The next kiosk_draw draws all of it. */
void kiosk_invalidate(struct kiosk *kiosk);

#endif
