/* The two languages people read: French first, English second. */
#ifndef VITRINE_CORE_LANG_H
#define VITRINE_CORE_LANG_H

#include <stdbool.h>

enum lang { LANG_FR = 0, LANG_EN = 1 };

/* LC_ALL, then LC_MESSAGES, then LANG: "en…" gives English, anything else French. */
enum lang lang_from_environment(void);

/* "fr" or "en" (BCP 47 primary tag, region ignored: "fr-FR" is French); false on anything else. */
bool lang_parse(const char *tag, enum lang *lang_out);
const char *lang_tag(enum lang lang);

/* Picks one of two literals. */
static inline const char *lang_pick(enum lang lang, const char *fr, const char *en)
{
    return lang == LANG_EN ? en : fr;
}

#endif
