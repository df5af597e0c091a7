/* The playlist document that staff write: ordered entries, each a fixed slide or a source that the
 * server turns into slides. Documented by playlists/playlist.schema.json; this codec and that
 * schema say the same. */
#ifndef VITRINE_PLAYLISTS_PLAYLIST_H
#define VITRINE_PLAYLISTS_PLAYLIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/strbuf.h"

#define PLAYLIST_FORMAT 1
#define PLAYLIST_BYTES_MAX (1024 * 1024)
#define PLAYLIST_ENTRIES_MAX 200
#define PLAYLIST_DAYS_MAX 366

enum playlist_entry_kind {
    ENTRY_PORTRAIT,          /* subject = portrait id */
    ENTRY_EVENT,             /* subject = event uid */
    ENTRY_HIGHLIGHT,         /* subject = organisation id */
    ENTRY_ANNOUNCEMENT,      /* subject = announcement id */
    ENTRY_SOURCE_PORTRAITS,  /* published portraits: sector, count */
    ENTRY_SOURCE_EVENTS,     /* occurrences in the next `days` days: communes, count */
    ENTRY_SOURCE_HIGHLIGHTS, /* `count` organisations in rotation, others each day: sector, site,
                                communes */
};

struct playlist_entry {
    enum playlist_entry_kind kind;
    const char *subject; /* fixed entries; "" for sources */
    int64_t duration_ms; /* 3 000 - 120 000, whole seconds; 0: from the words */
    int weight;         /* sources: how many of their slides in a row before the next entry, 1-10 */
    const char *sector; /* "" = all */
    const char *site;   /* "" = all */
    size_t commune_count;
    const char **communes;
    int days;  /* events: 1-PLAYLIST_DAYS_MAX */
    int count; /* 1-50; 0 = all */
};

struct playlist {
    struct arena *arena;
    const char *id; /* [a-z0-9]+(-[a-z0-9]+)*, 80 at most */
    const char *title;
    bool strip;
    size_t entry_count;
    struct playlist_entry *entries;
};

struct playlist *playlist_decode(const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));
void playlist_encode(const struct playlist *playlist, struct strbuf *out);
void playlist_destroy(struct playlist *playlist); /* accepts NULL */

#endif
