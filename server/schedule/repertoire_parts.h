/* What a repertoire is inside; between repertoire.c, which builds it, and repertoire_resolve.c,
 * which draws slides from it. */
#ifndef VITRINE_SERVER_SCHEDULE_REPERTOIRE_PARTS_H
#define VITRINE_SERVER_SCHEDULE_REPERTOIRE_PARTS_H

#include "playlists/template.h"
#include "server/schedule/repertoire.h"

#define REPERTOIRE_LANGS 2
#define REPERTOIRE_COMPLAINTS_MAX 64

/* A slide that is built when first asked for; slide NULL after that: it cannot be built. */
struct lazy_slide {
    bool built;
    struct repertoire_slide shown;
};

/* Candidates of an entry: indexes into portraits, occurrences, organisations or announcements. */
struct candidates {
    size_t count;
    size_t *items;
};

/* A list's slide, by what stands on it. */
struct list_slide {
    size_t count;
    struct list_row {
        enum { ROW_ORGANISATION, ROW_EVENT, ROW_EVENT_WITH_YEAR } kind;
        size_t index;
    } rows[PLAYLIST_ROWS_MAX];
    enum lang lang;
    struct lazy_slide slide;
    struct list_slide *next;
};

struct repertoire_entry {
    const struct playlist_entry *entry;
    const struct playlist *playlist;
    struct candidates candidates;
    struct rotation rotation;   /* highlights: of the candidates */
    struct candidates meetings; /* now_here: occurrences at the site; news: announcements */
    const char *site_name;
    size_t figure;
    struct lazy_slide own[REPERTOIRE_LANGS]; /* of a written slide, a film, a figure */
    struct list_slide *lists;                /* made so far */
};

struct repertoire_list {
    const struct playlist *playlist;
    struct repertoire_entry *entries;
};

struct repertoire {
    struct arena *arena;
    struct repertoire_inputs inputs;
    struct repertoire_list *lists; /* sorted by id */
    uint64_t mark;
    size_t event_count;
    size_t *event_of;      /* for each occurrence the number of its event */
    uint64_t *event_marks; /* for each event */
    uint64_t *list_marks;  /* likewise, of lists: these take nothing away from other entries */
    size_t template_count;
    struct repertoire_template *templates;
    struct lazy_slide *portraits[REPERTOIRE_LANGS];
    struct lazy_slide *announcements[REPERTOIRE_LANGS];
    struct lazy_slide *organisations[REPERTOIRE_LANGS];
    struct lazy_slide *occurrences[REPERTOIRE_LANGS][2]; /* without and with the year */
    struct lazy_slide *news[REPERTOIRE_LANGS][2];        /* of occurrences, likewise */
    struct lazy_slide *short_announcements[REPERTOIRE_LANGS];
    size_t complaint_count;
    const char *complaints[REPERTOIRE_COMPLAINTS_MAX]; /* subjects that the log has named */
};

/* repertoire_candidates.c: what each entry can draw from. */
void repertoire_find_candidates(struct repertoire *repertoire, struct repertoire_list *list);

/* repertoire_slides.c: slides, built when first asked for; NULL when they cannot be. */
struct repertoire_slide *repertoire_portrait(struct repertoire *repertoire, size_t index,
                                             enum lang lang);
struct repertoire_slide *repertoire_announcement(struct repertoire *repertoire, size_t index,
                                                 enum lang lang);
struct repertoire_slide *repertoire_highlight(struct repertoire *repertoire, size_t index,
                                              enum lang lang);
struct repertoire_slide *repertoire_event(struct repertoire *repertoire, size_t index,
                                          bool with_year, enum lang lang);
struct repertoire_slide *repertoire_event_news(struct repertoire *repertoire, size_t index,
                                               bool with_year, enum lang lang);
struct repertoire_slide *repertoire_announcement_news(struct repertoire *repertoire, size_t index,
                                                      enum lang lang);
/* Of a written slide, a film or a figure. */
struct repertoire_slide *repertoire_own(struct repertoire *repertoire,
                                        struct repertoire_entry *entry, enum lang lang);
/* Of an agenda or of who is here; `wanted` tells count, rows and lang. */
struct repertoire_slide *repertoire_list_slide(struct repertoire *repertoire,
                                               struct repertoire_entry *entry,
                                               const struct list_slide *wanted);

/* The playlist with its candidates; NULL when there is none of that id. */
const struct repertoire_list *repertoire_list_of(const struct repertoire *repertoire,
                                                 const char *id);
/* Whether the playlist names the subject itself in an entry of that kind. */
bool repertoire_is_fixed(const struct playlist *playlist, enum playlist_entry_kind kind,
                         const char *subject);
/* Its index, or the number of them when it is not there. */
size_t repertoire_find_portrait(const struct repertoire *repertoire, const char *id);
size_t repertoire_find_announcement(const struct repertoire *repertoire, const char *id);
size_t repertoire_organisation(const struct repertoire *repertoire, const char *id);

#endif
