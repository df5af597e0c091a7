/* Everything that screens may show in a span of days: playlists with the portraits, announcements,
 * events and organisations that they can draw from. Loaded from the store once and shared by the
 * assemblies of many screens; slides are built when first needed and kept. One thread at a time. */
#ifndef VITRINE_SERVER_SCHEDULE_REPERTOIRE_H
#define VITRINE_SERVER_SCHEDULE_REPERTOIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/lang.h"
#include "playlists/manifest.h"
#include "playlists/playlist.h"
#include "server/content/zone.h"
#include "server/media/media.h"
#include "server/schedule/rotation.h"
#include "server/store/editorial.h"
#include "server/store/events.h"
#include "server/store/media_items.h"
#include "server/store/organisations.h"
#include "server/store/programming.h"

/* What one source draws from that only the store can tell. */
struct repertoire_pool {
    const char *playlist;
    size_t entry;
    struct text_list ids;  /* highlights, figure: organisations in any order; now_here: as listed */
    const char *site_name; /* now_here */
};

/* A template as screens get it. */
struct repertoire_template {
    const struct template *template;
    struct sha256 sha256; /* of its document */
};
#define REPERTOIRE_TEMPLATE_TYPE "application/json"

/* What screens get of a media that was sent. */
struct repertoire_rendition {
    const char *asked; /* the original's hash */
    const char *shown;
};

/* What a repertoire is made of. Unsorted is fine: arrays are sorted in place. */
struct repertoire_inputs {
    size_t playlist_count;
    struct playlist **playlists;
    struct portrait_list portraits;           /* published */
    struct announcement_list announcements;   /* published */
    struct event_occurrence_list occurrences; /* published, not cancelled */
    struct organisation_list organisations;
    size_t pool_count;
    const struct repertoire_pool *pools;
    size_t media_count;
    struct media_record *media; /* of all files; a picture without record is left out of its slide,
                                   a film without goes with it */
    /* In place of what people sent and records name; sorted by `asked`. */
    size_t rendition_count;
    struct repertoire_rendition *renditions;
    struct template_set *templates; /* taken over; NULL: the built-in ones */
    struct rotation_owed owed;      /* who comes first in rotations */
};

/* An event that a playlist names shows from so many days before it begins: of a yearly one the
 * next edition is not announced on the morrow of the last. */
#define REPERTOIRE_FIXED_EVENT_DAYS 180

/* A slide of the repertoire. Mark and index belong to who assembles with it at the moment. */
struct repertoire_slide {
    const struct slide *slide;
    uint64_t seen; /* the repertoire's own */
    uint64_t mark;
    size_t index;
};

struct repertoire_item {
    struct repertoire_slide *slide;
    int64_t duration_ms;
    int64_t until_ms; /* when it is over: an event's end; INT64_MAX */
    size_t entry;     /* of the playlist, that gave it */
};

struct repertoire;

/* Takes the playlists over, and the arena, in which the other inputs may live. */
struct repertoire *repertoire_create(const struct repertoire_inputs *inputs, struct arena *arena);
void repertoire_destroy(struct repertoire *repertoire); /* accepts NULL */

/* Reads what the playlists need for the local days [from_day, until_day) of any zone; playlists
 * NULL: all there are. A playlist that is not there, or whose document is broken, is left out and
 * logged. */
struct repertoire *repertoire_load(struct db *db, const struct text_list *playlists,
                                   int64_t from_day, int64_t until_day, struct error *err)
    __attribute__((warn_unused_result));

/* The same of one playlist as if its record were stored. */
struct repertoire *repertoire_load_trial(struct db *db, const struct playlist_record *trial,
                                         int64_t from_day, int64_t until_day, struct error *err)
    __attribute__((warn_unused_result));

/* Ids of the companies that its portraits and highlights can show, each once, sorted; `most` at
 * most. In the arena. */
struct text_list repertoire_companies(const struct repertoire *repertoire, size_t most,
                                      struct arena *arena);

/* NULL when there is none of that id. */
const struct playlist *repertoire_playlist(const struct repertoire *repertoire, const char *id);

/* The playlist's slides at an instant of a local day, in order: fixed entries once, sources in
 * turns of `weight`; each subject once. Sources leave out what the playlist shows by itself, but
 * for lists (agenda, who is here) and figures, which sum up.
 * Portraits and highlights with a count rotate from day to day (rotation.h). Events are those that
 * begin within `days` days, today included, and are not over. Returns how many, in the arena. */
size_t repertoire_resolve(struct repertoire *repertoire, const struct playlist *playlist,
                          enum lang lang, const struct zone *zone, int64_t day, int64_t at_ms,
                          struct arena *arena, struct repertoire_item **items_out);

const struct media_record *repertoire_media(const struct repertoire *repertoire,
                                            const struct sha256 *sha256);
/* Sorted by name; index = count for a name that there is not. */
size_t repertoire_template_count(const struct repertoire *repertoire);
size_t repertoire_template_index(const struct repertoire *repertoire, const char *name);
const struct repertoire_template *repertoire_template_at(const struct repertoire *repertoire,
                                                         size_t index);
/* Puts the documents of the manifest's templates into the media store, from which players fetch
 * them as they fetch pictures; `stored` (one for each template, NULL: none is) says which are there
 * already. */
bool repertoire_store_templates(const struct repertoire *repertoire,
                                const struct media_store *media, const struct manifest *manifest,
                                bool *stored, struct arena *arena, struct error *err)
    __attribute__((warn_unused_result));
/* A new value for marks, different from all before. */
uint64_t repertoire_mark(struct repertoire *repertoire);

/* The order in which a highlights source rotates: the candidates that the playlist does not name
 * itself, in an order that has nothing to do with their names. */
struct text_list repertoire_shuffle(const struct playlist *playlist, const struct text_list *ids,
                                    struct arena *arena);

#endif
