/* What a repertoire is inside; between repertoire.c, which builds it, and repertoire_resolve.c,
 * which draws slides from it. */
#ifndef VITRINE_SERVER_SCHEDULE_REPERTOIRE_PARTS_H
#define VITRINE_SERVER_SCHEDULE_REPERTOIRE_PARTS_H

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

struct repertoire_entry {
    const struct playlist_entry *entry;
    struct candidates candidates;
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
    struct lazy_slide *portraits[REPERTOIRE_LANGS];
    struct lazy_slide *announcements[REPERTOIRE_LANGS];
    struct lazy_slide *organisations[REPERTOIRE_LANGS];
    struct lazy_slide *occurrences[REPERTOIRE_LANGS][2]; /* without and with the year */
    size_t complaint_count;
    const char *complaints[REPERTOIRE_COMPLAINTS_MAX]; /* subjects that the log has named */
};

/* The playlist with its candidates; NULL when there is none of that id. */
const struct repertoire_list *repertoire_list_of(const struct repertoire *repertoire,
                                                 const char *id);
/* Its index, or the number of organisations when it is not there. */
size_t repertoire_organisation(const struct repertoire *repertoire, const char *id);

#endif
