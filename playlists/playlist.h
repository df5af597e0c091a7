/* The playlist document that staff write: ordered entries, each a fixed slide, a film, or a source
 * that the server turns into slides. Documented by playlists/playlist.schema.json; this codec and
 * that schema say the same. */
#ifndef VITRINE_PLAYLISTS_PLAYLIST_H
#define VITRINE_PLAYLISTS_PLAYLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/strbuf.h"
#include "playlists/manifest.h"
#include "playlists/playlist_fields.h"

#define PLAYLIST_FORMAT 1
#define PLAYLIST_BYTES_MAX (1024 * 1024)
#define PLAYLIST_ENTRIES_MAX 200
#define PLAYLIST_DAYS_MAX 366
#define PLAYLIST_TRANSITION_MS 500 /* when none is set */
#define PLAYLIST_ROWS_MAX 6        /* of a list on one slide */

enum playlist_entry_kind {
    ENTRY_PORTRAIT,          /* subject = portrait id */
    ENTRY_EVENT,             /* subject = event uid */
    ENTRY_HIGHLIGHT,         /* subject = organisation id */
    ENTRY_ANNOUNCEMENT,      /* subject = announcement id */
    ENTRY_WRITTEN,           /* slide: of any template, its texts written here */
    ENTRY_FILM,              /* film */
    ENTRY_SOURCE_PORTRAITS,  /* published portraits: sector, count */
    ENTRY_SOURCE_EVENTS,     /* occurrences in the next `days` days: communes, count */
    ENTRY_SOURCE_HIGHLIGHTS, /* `count` organisations in rotation, others each day: sector, site,
                                communes */
    ENTRY_SOURCE_AGENDA,     /* one slide with the next events: days, communes, count, heading */
    ENTRY_SOURCE_NOW_HERE,   /* who is on the site and what is on there today: site, count rows a
                                slide, heading */
    ENTRY_SOURCE_NEWS,       /* short lines for the strip: announcements and events: days, communes,
                                count */
    ENTRY_SOURCE_FIGURE,     /* how many organisations: sector, site, communes, meaning, unit,
                                origin */
};

/* A slide as staff write it; which texts there are is its template's business
 * (template_check_slide). */
struct playlist_slide {
    const char *template;     /* slide_name_valid */
    const char *lang;         /* "fr", "en"; "": the screen's */
    const char *link;         /* "" for none */
    const char *organisation; /* id of whom it shows; "" for none */
    size_t text_count;
    struct slide_text texts[SLIDE_TEXTS_MAX];
    bool has_picture;
    struct document_file picture;
    const char *alt;
    const char *credit;
    double focal_x; /* 0-1 */
    double focal_y;
};

struct playlist_film {
    struct document_file file;
    struct document_file captions; /* both "": none */
    const char *title;             /* "" for none */
    int64_t length_ms;             /* 0: not known yet (the document names a path) */
};

struct playlist_entry {
    enum playlist_entry_kind kind;
    const char *subject; /* fixed entries; "" for others */
    int64_t duration_ms; /* 3 000 - 120 000, whole seconds; 0: from the words, or the film */
    int weight;         /* sources: how many of their slides in a row before the next entry, 1-10 */
    const char *sector; /* "" = all */
    const char *site;   /* "" = all */
    size_t commune_count;
    const char **communes;
    int days;            /* events: 1-PLAYLIST_DAYS_MAX */
    int count;           /* 1-50; 0 = all; rows of a list: 1-PLAYLIST_ROWS_MAX */
    bool announcements;  /* news: the announcements of the day too */
    const char *heading; /* over a list; "": the usual one */
    const char *meaning; /* of a figure */
    const char *unit;
    const char *origin;
    struct playlist_slide *slide; /* ENTRY_WRITTEN */
    struct playlist_film *film;   /* ENTRY_FILM */
};

struct playlist {
    struct arena *arena;
    const char *id; /* [a-z0-9]+(-[a-z0-9]+)*, 80 at most */
    const char *title;
    bool strip; /* the layout's strip stays while it plays */
    enum transition_kind transition;
    int64_t transition_ms; /* 0 - 2 000 */
    size_t entry_count;
    struct playlist_entry *entries;
};

struct playlist *playlist_decode(const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));
void playlist_encode(const struct playlist *playlist, struct strbuf *out);
void playlist_destroy(struct playlist *playlist); /* accepts NULL */

#endif
