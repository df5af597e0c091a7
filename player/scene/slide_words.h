/* The words of a slide as its template shows them: joined, trimmed, in the slide's language. */
#ifndef VITRINE_PLAYER_SCENE_SLIDE_WORDS_H
#define VITRINE_PLAYER_SCENE_SLIDE_WORDS_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/lang.h"
#include "player/scene/icon.h"
#include "playlists/slide.h"

enum lang slide_words_lang(const struct slide *slide);
/* What the column shows for this slot of a template's table, through typography_apply; NULL:
 * nothing. Besides the slide's own slots: "credit" (of the picture), "legal" (an organisation's
 * full name when it is known by another one). */
const char *slide_words(const struct slide *slide, const char *slot, struct arena *arena);
/* The editor's shorter words for the headline; NULL: none. */
const char *slide_words_short(const struct slide *slide, struct arena *arena);
/* The same words with every space free to end a line, "24 novembre" where it is too long for one,
 * but those of an hour. */
const char *slide_words_loose(const char *text, struct arena *arena);
/* What the slide is called in lists; NULL: nothing. */
const char *slide_words_title(const struct slide *slide, struct arena *arena);

/* "mardi 24 novembre" or "Tuesday 24 November 2026"; false for anything else ("du 3 au 5 mai"). */
struct slide_date {
    const char *weekday, *day, *month;
};
bool slide_words_date(const char *date, struct arena *arena, struct slide_date *date_out);

enum slide_status { STATUS_PLAIN, STATUS_GOOD, STATUS_OFF };
/* Whether the status says that the event does not take place as planned. */
enum slide_status slide_words_status(const char *status);

/* The pictogram of an announcement, the sector of an organisation, told from its words; else
 * `sign`, by the name that templates use; never ICON_NONE. */
enum icon slide_words_icon(const struct slide *slide, const char *sign);

#endif
