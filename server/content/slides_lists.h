/* Slides that playlists write themselves or that bring several records together: written slides,
 * films, the agenda, who is here, news in one line, a counted figure. As slides.h: the same content
 * gives the same slide; false when it cannot make one. */
#ifndef VITRINE_SERVER_CONTENT_SLIDES_LISTS_H
#define VITRINE_SERVER_CONTENT_SLIDES_LISTS_H

#include "playlists/playlist.h"
#include "server/content/slides.h"

struct template_set;

/* Checked by its template; the picture's hash must be set. */
bool slides_written(const struct playlist_slide *written, const struct template_set *templates,
                    enum lang lang, struct arena *arena, struct slide *slide_out, struct error *err)
    __attribute__((warn_unused_result));
/* Its duration is the film's length and the transition's. */
bool slides_film(const struct playlist_film *film, int64_t transition_ms, enum lang lang,
                 struct arena *arena, struct slide *slide_out, struct error *err)
    __attribute__((warn_unused_result));

/* A line of a list. */
struct slides_row {
    const struct event *event; /* either this with at, or organisation */
    const struct occurrence *at;
    const struct organisation *organisation;
    bool with_year;
};

/* At most PLAYLIST_ROWS_MAX rows. heading "": the usual one. */
bool slides_agenda(const char *heading, const struct slides_row *rows, size_t count, enum lang lang,
                   struct arena *arena, struct slide *slide_out, struct error *err)
    __attribute__((warn_unused_result));
/* site_name: "Créapolis". Meetings are told with their hour: they are today's. */
bool slides_now_here(const char *heading, const char *site_name, const struct slides_row *rows,
                     size_t count, enum lang lang, struct arena *arena, struct slide *slide_out,
                     struct error *err) __attribute__((warn_unused_result));
bool slides_event_news(const struct event *event, const struct occurrence *at, bool with_year,
                       enum lang lang, struct arena *arena, struct slide *slide_out,
                       struct error *err) __attribute__((warn_unused_result));
bool slides_announcement_news(const struct announcement *announcement, enum lang lang,
                              struct arena *arena, struct slide *slide_out, struct error *err)
    __attribute__((warn_unused_result));
/* entry: a source of figures. */
bool slides_figure(const struct playlist_entry *entry, size_t figure, enum lang lang,
                   struct arena *arena, struct slide *slide_out, struct error *err)
    __attribute__((warn_unused_result));

/* "mar. 24 nov., 18 h 30", "28–29 nov.": when, in few letters. */
void slides_short_date(const struct occurrence *at, bool with_year, enum lang lang,
                       struct strbuf *out);

#endif
