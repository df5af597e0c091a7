/* Content to slides: the one place that decides which words of a portrait, an event, an
 * organisation or an announcement go into which slot (playlists/slide.h), with typography applied,
 * dates in words and the reading time as duration. The same content always gives the same slide and
 * id. All in the caller's arena. Each returns false when the content cannot make a slide
 * (slide_check). */
#ifndef VITRINE_SERVER_CONTENT_SLIDES_H
#define VITRINE_SERVER_CONTENT_SLIDES_H

#include "core/arena.h"
#include "core/lang.h"
#include "core/strbuf.h"
#include "playlists/slide.h"
#include "server/store/editorial.h"
#include "server/store/events.h"
#include "server/store/organisations.h"

/* A date farther away than this from the day it is shown is written with its year. */
#define SLIDES_YEAR_AFTER_DAYS 180

bool slides_portrait(const struct portrait *portrait, const struct organisation *organisation,
                     enum lang lang, struct arena *arena, struct slide *slide_out,
                     struct error *err) __attribute__((warn_unused_result));
bool slides_event(const struct event *event, const struct occurrence *at, bool with_year,
                  enum lang lang, struct arena *arena, struct slide *slide_out, struct error *err)
    __attribute__((warn_unused_result));
bool slides_highlight(const struct organisation *organisation, enum lang lang, struct arena *arena,
                      struct slide *slide_out, struct error *err)
    __attribute__((warn_unused_result));
bool slides_announcement(const struct announcement *announcement, enum lang lang,
                         struct arena *arena, struct slide *slide_out, struct error *err)
    __attribute__((warn_unused_result));

/* The day or days in words: "mardi 24 novembre", "du samedi 28 au dimanche 29 novembre". What ends
 * in the small hours of the next day belongs to its first day. */
void slides_occurrence_date(const struct occurrence *at, bool with_year, enum lang lang,
                            struct strbuf *out);

#endif
