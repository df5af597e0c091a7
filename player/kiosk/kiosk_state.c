#include "player/kiosk/kiosk_state.h"

#include <assert.h>

/* KIOSK_ATTRACT is 0, so that a row needs an entry for every signal: none may be left out, or the
 * table would send the visitor away. The test walks all of it. */
#define A KIOSK_ATTRACT
#define L KIOSK_LIST
#define S KIOSK_SHEET
#define LO KIOSK_LIST_OPTIONS
#define SO KIOSK_SHEET_OPTIONS
#define LQ KIOSK_LIST_ASK
#define SQ KIOSK_SHEET_ASK

static const uint8_t next[KIOSK_STATES][KIOSK_SIGNALS] = {
    /*        START OPEN BACK HOME OPTIONS CLOSE STAY QUIT TIMEOUT EMPTIED */
    [A] = {L, A, A, A, A, A, A, A, A, A},        [L] = {L, S, A, L, LO, L, L, L, LQ, A},
    [S] = {S, S, L, L, SO, S, S, S, SQ, S},      [LO] = {LO, LO, L, L, L, L, LO, LO, LQ, A},
    [SO] = {SO, SO, S, L, S, S, SO, SO, SQ, SO}, [LQ] = {LQ, LQ, L, LQ, LQ, LQ, L, A, A, A},
    [SQ] = {SQ, SQ, S, SQ, SQ, SQ, S, A, A, SQ},
};

enum kiosk_state kiosk_state_next(enum kiosk_state state, enum kiosk_signal signal)
{
    assert(state < KIOSK_STATES && signal < KIOSK_SIGNALS);
    return (enum kiosk_state)next[state][signal];
}

int64_t kiosk_state_timeout_ms(enum kiosk_state state)
{
    switch (state) {
    case KIOSK_LIST:
    case KIOSK_LIST_OPTIONS:
        return 75000;
    case KIOSK_SHEET:
    case KIOSK_SHEET_OPTIONS:
        return 120000;
    case KIOSK_LIST_ASK:
    case KIOSK_SHEET_ASK:
        return 30000;
    case KIOSK_ATTRACT:
    case KIOSK_STATES:
        break;
    }
    return 0;
}

enum kiosk_state kiosk_state_page(enum kiosk_state state)
{
    switch (state) {
    case KIOSK_LIST:
    case KIOSK_LIST_OPTIONS:
    case KIOSK_LIST_ASK:
        return KIOSK_LIST;
    case KIOSK_SHEET:
    case KIOSK_SHEET_OPTIONS:
    case KIOSK_SHEET_ASK:
        return KIOSK_SHEET;
    case KIOSK_ATTRACT:
    case KIOSK_STATES:
        break;
    }
    return KIOSK_ATTRACT;
}

bool kiosk_state_asks(enum kiosk_state state)
{
    return state == KIOSK_LIST_ASK || state == KIOSK_SHEET_ASK;
}

bool kiosk_state_has_options(enum kiosk_state state)
{
    return state == KIOSK_LIST_OPTIONS || state == KIOSK_SHEET_OPTIONS;
}
