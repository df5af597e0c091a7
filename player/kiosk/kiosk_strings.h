/* Every word that the kiosk itself says, in French and English, in one table. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_STRINGS_H
#define VITRINE_PLAYER_KIOSK_KIOSK_STRINGS_H

#include <stddef.h>

#include "core/lang.h"
#include "core/strbuf.h"

enum kiosk_string {
    KIOSK_STRING_INVITE,
    KIOSK_STRING_INVITE_MORE,
    KIOSK_STRING_TITLE,
    KIOSK_STRING_AREA,
    KIOSK_STRING_HERE,
    KIOSK_STRING_ALL,
    KIOSK_STRING_YOU_ARE_AT,
    KIOSK_STRING_PLACE_MORE,
    KIOSK_STRING_BACK,
    KIOSK_STRING_HOME,
    KIOSK_STRING_LANGUAGE, /* name of the language that the button switches to */
    KIOSK_STRING_OPTIONS,
    KIOSK_STRING_PAGE_UP,
    KIOSK_STRING_PAGE_DOWN,
    KIOSK_STRING_OPTION_LOW,
    KIOSK_STRING_OPTION_LARGE,
    KIOSK_STRING_OPTION_CONTRAST,
    KIOSK_STRING_OPTION_ON,
    KIOSK_STRING_OPTION_OFF,
    KIOSK_STRING_CLOSE,
    KIOSK_STRING_ASK,
    KIOSK_STRING_STAY,
    KIOSK_STRING_QUIT,
    KIOSK_STRING_OFFER,
    KIOSK_STRING_CONTACT,
    KIOSK_STRING_FLOOR_GROUND,
    KIOSK_STRING_OUT_OF_METROPOLE,
    KIOSK_STRING_QR_CONTACT,
    KIOSK_STRING_QR_WEBSITE,
    KIOSK_STRING_UPDATED, /* a date follows */
    KIOSK_STRING_ERASE,
    KIOSK_STRING_CLEAR,
    KIOSK_STRING_SPACE,
    KIOSK_STRING_SEE_RESULTS,
    KIOSK_STRING_HOME_TITLE,
    KIOSK_STRING_DIRECTORY,
    KIOSK_STRING_EVENTS,
    KIOSK_STRING_PORTRAITS,
    KIOSK_STRING_MAP,
    KIOSK_STRING_LIST,
    KIOSK_STRING_SEARCH, /* what the empty field says */
    KIOSK_STRING_FILTERS,
    KIOSK_STRING_CHOICES, /* title of the panel */
    KIOSK_STRING_CHOSEN,  /* said of a value */
    KIOSK_STRING_SHOW,    /* closes the panel */
    KIOSK_STRING_COMMUNES,
    KIOSK_STRING_SECTOR, /* facets, in the order of enum directory_facet */
    KIOSK_STRING_COMMUNE,
    KIOSK_STRING_FAMILY,
    KIOSK_STRING_INSERTION,
    KIOSK_STRING_RSE,
    KIOSK_STRING_RESERVED,
    KIOSK_STRING_RESULTS,
    KIOSK_STRING_NOBODY,
    KIOSK_STRING_TODAY,
    KIOSK_STRING_WEEK,
    KIOSK_STRING_LATER,
    KIOSK_STRING_NEXT_EVENTS,
    KIOSK_STRING_NO_EVENTS,
    KIOSK_STRING_NO_PORTRAITS,
    KIOSK_STRING_PLAIN,
    KIOSK_STRING_VALUES,
    KIOSK_STRING_SIMILAR,
    KIOSK_STRING_ITS_EVENTS,
    KIOSK_STRING_ITS_PORTRAIT,
    KIOSK_STRING_ORGANISER,
    KIOSK_STRING_SEE_ORGANISATION,
    KIOSK_STRING_QR_EVENT,
    KIOSK_STRING_FILM,
    KIOSK_STRING_LISTEN,
    KIOSK_STRING_STOP,
    KIOSK_STRING_PHOTO, /* a credit follows */
    KIOSK_STRING_ZOOM_IN,
    KIOSK_STRING_ZOOM_OUT,
    KIOSK_STRING_ZOOM_ALL,
    KIOSK_STRING_ON_MAP,
    KIOSK_STRING_AT_PLACE,
    KIOSK_STRING_SHOW_ALL,
    KIOSK_STRING_OPTION_SLOW,
    KIOSK_STRING_OPTION_ALOUD,
    KIOSK_STRING_OPTION_VOLUME,
    KIOSK_STRING_KEYS, /* how to go about with keys, read aloud */
    KIOSK_STRINGS
};

const char *kiosk_strings_get(enum kiosk_string string, enum lang lang);

/* "1 structure", "46 structures", "100 000 structures" (thousands by U+202F; "46
 * organisations"). */
void kiosk_strings_count(size_t count, enum lang lang, struct strbuf *out);
/* "12 événements", "1 événement". */
void kiosk_strings_events(size_t count, enum lang lang, struct strbuf *out);
/* "rez-de-chaussée · bureau A2", "2ᵉ étage"; floor and office as the directory has them ("0", "2",
 * "RDC", "mezzanine"). Nothing when both are "". */
void kiosk_strings_place(const char *floor, const char *office, enum lang lang, struct strbuf *out);
/* "Touchez l’écran pour continuer…", with the seconds that are left. */
void kiosk_strings_ask(int seconds, enum lang lang, struct strbuf *out);
/* A family of the directory ("Coopérative") in the reader's language; unknown ones as they are. */
const char *kiosk_strings_family(const char *family, enum lang lang);

#endif
