/* Where a visitor is: a short history of places over the signage loop, and what stands over the
 * topmost one. Pure: what each happening makes of it. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_STATE_H
#define VITRINE_PLAYER_KIOSK_KIOSK_STATE_H

#include <stdbool.h>
#include <stdint.h>

#define KIOSK_PLACES_MAX 16
#define KIOSK_ID_SIZE 128

enum kiosk_page {
    KIOSK_ATTRACT, /* the signage loop with the button: no place is open */
    KIOSK_HOME,
    KIOSK_DIRECTORY,
    KIOSK_MAP,
    KIOSK_EVENTS,
    KIOSK_PORTRAITS,
    KIOSK_ORGANISATION, /* sheets, from here on: of one record */
    KIOSK_EVENT,
    KIOSK_PORTRAIT,
    KIOSK_PAGES
};

/* What stands over a page; one at most. */
enum kiosk_overlay {
    KIOSK_OVERLAY_NONE,
    KIOSK_OVERLAY_OPTIONS, /* accessibility */
    KIOSK_OVERLAY_CHOICES, /* facets of the directory, communes of the events */
    KIOSK_OVERLAY_FILM,
    KIOSK_OVERLAY_ASK, /* "still there?" */
};

/* A record is kept by its id, so that it is found again in another directory. */
struct kiosk_place {
    enum kiosk_page page;
    char id[KIOSK_ID_SIZE]; /* of the record; "" for lists */
    int64_t at_ms;          /* events: start of the occurrence */
    double offset;          /* px that it was scrolled by when it was left */
    int64_t focus_item;     /* item that had the focus or was opened; -1: none */
};

/* Zero: the signage loop. */
struct kiosk_state {
    int depth; /* places that are open */
    struct kiosk_place places[KIOSK_PLACES_MAX];
    enum kiosk_overlay overlay;
};

enum kiosk_page kiosk_state_page(const struct kiosk_state *state);
/* The topmost place; NULL on the signage loop. */
struct kiosk_place *kiosk_state_place(struct kiosk_state *state);

/* A visitor begins: home. Does nothing when one is there. */
void kiosk_state_start(struct kiosk_state *state);
/* Opens a page over the present one and closes what stood over that. Directory and map take each
 * other's place; what shows already is not opened again. When the history is full its oldest place
 * after home is forgotten. */
void kiosk_state_open(struct kiosk_state *state, enum kiosk_page page, const char *id,
                      int64_t at_ms);
/* Closes what stands over the page, else leaves the page; the last one left ends the visit. */
void kiosk_state_back(struct kiosk_state *state);
void kiosk_state_home(struct kiosk_state *state);
/* Puts it over the page, in the place of what was there; KIOSK_OVERLAY_NONE closes. The question is
 * left by closing alone. */
void kiosk_state_cover(struct kiosk_state *state, enum kiosk_overlay overlay);
/* Nobody did anything for kiosk_state_timeout_ms: the question, then the end. */
void kiosk_state_time_out(struct kiosk_state *state);
void kiosk_state_end(struct kiosk_state *state); /* nothing of the visit remains */

/* 0: never (DESIGN.md, "Looks (kiosk)": 75 s on lists, 120 s on sheets, then 30 s of countdown).
 * `slow`: three times as long. */
int64_t kiosk_state_timeout_ms(const struct kiosk_state *state, bool slow);

bool kiosk_page_is_sheet(enum kiosk_page page);

#endif
