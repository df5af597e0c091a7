/* French typography and text rules that both sides apply before a text is measured or drawn. */
#ifndef VITRINE_PLAYLISTS_TYPOGRAPHY_H
#define VITRINE_PLAYLISTS_TYPOGRAPHY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/lang.h"
#include "core/strbuf.h"

/* NFC; control characters but \n dropped; runs of spaces made one, none at either end of a line;
 * ' between letters made ’. French: "..." made …; U+202F before ; ! ? and inside 10 000; U+00A0
 * inside « » and before ":" (not in times and URLs); no break inside "12 €", "20 %", "24 novembre",
 * "18 h 30", "n° 3", "M. X".
 * Source: Lexique des règles typographiques en usage à l'Imprimerie nationale. Idempotent. */
void typography_apply(const char *text, enum lang lang, struct strbuf *out);

/* Words as a reader counts them: runs between spaces that hold a letter or a digit. */
size_t typography_words(const char *text);

/* "mardi 24 novembre", with year when `with_year`; the 1st is "1er" in French. English: "Tuesday 24
 * November". days since 1970. */
void typography_date(int64_t days, enum lang lang, bool with_year, struct strbuf *out);
/* "18 h 30", "9 h" / "6:30 pm", "9 am". minutes since midnight, 0-1440. */
void typography_time(int minutes, enum lang lang, struct strbuf *out);
/* "Boulangerie-café de l’Île" → initial for an A–Z list: 'B'; articles are kept; digits and other
 * scripts give '#'. */
char typography_initial(const char *name);
/* INSEE "ST ETIENNE DU ROUVRAY" or "ASSOC L OEUVRE" in capitals → reader's case: small words in
 * lower case (de, du, la, les, sur…), "L OEUVRE" → "L’Œuvre", known acronyms and words with digits
 * kept, accents put back in words that have one reading (INTERIM). A text that is in reader's case
 * already stays as it is. Used by imports. */
void typography_capitals_to_title(const char *text, struct strbuf *out);

#endif
