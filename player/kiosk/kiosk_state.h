/* The kiosk's state machine: what is on the screen, and what each happening makes of it. Pure. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_STATE_H
#define VITRINE_PLAYER_KIOSK_KIOSK_STATE_H

#include <stdbool.h>
#include <stdint.h>

enum kiosk_state {
    KIOSK_ATTRACT,       /* the signage loop with the button */
    KIOSK_LIST,          /* the directory */
    KIOSK_SHEET,         /* one organisation */
    KIOSK_LIST_OPTIONS,  /* accessibility panel over the list */
    KIOSK_SHEET_OPTIONS, /* … over the sheet */
    KIOSK_LIST_ASK,      /* "still there?" over the list */
    KIOSK_SHEET_ASK,     /* … over the sheet */
    KIOSK_STATES
};

enum kiosk_signal {
    KIOSK_SIGNAL_START,   /* the visitor wants in: touch or key on the signage loop
                           */
    KIOSK_SIGNAL_OPEN,    /* an organisation was chosen */
    KIOSK_SIGNAL_BACK,    /* Retour */
    KIOSK_SIGNAL_HOME,    /* Accueil */
    KIOSK_SIGNAL_OPTIONS, /* Accessibilité: opens and closes its panel */
    KIOSK_SIGNAL_CLOSE,   /* closes the panel: its button, or a touch beside it */
    KIOSK_SIGNAL_STAY,    /* "yes, still there" */
    KIOSK_SIGNAL_QUIT,    /* "finish" in the question */
    KIOSK_SIGNAL_TIMEOUT, /* nobody did anything for kiosk_state_timeout_ms */
    KIOSK_SIGNAL_EMPTIED, /* the directory has no entries any more */
    KIOSK_SIGNALS
};

/* The one transition function. A signal that means nothing in a state leaves it. */
enum kiosk_state kiosk_state_next(enum kiosk_state state, enum kiosk_signal signal);

/* Time without events after which KIOSK_SIGNAL_TIMEOUT comes; 0: never (DESIGN.md, "Looks (kiosk)":
 * 75 s on lists, 120 s on sheets, then 30 s of countdown). */
int64_t kiosk_state_timeout_ms(enum kiosk_state state);

/* List or sheet, without what stands over it; KIOSK_ATTRACT is its own. */
enum kiosk_state kiosk_state_page(enum kiosk_state state);
bool kiosk_state_asks(enum kiosk_state state);
bool kiosk_state_has_options(enum kiosk_state state);

#endif
