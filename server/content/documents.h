/* The documents that staff write (JSON): screens, announcements, portraits, playlists, programming.
 * Read strictly and written to the store in one transaction each: on failure nothing has changed,
 * and the error tells file, line or field, in French and English. Loading the same document again
 * changes nothing. What is in the store but not in the document stays. */
#ifndef VITRINE_SERVER_CONTENT_DOCUMENTS_H
#define VITRINE_SERVER_CONTENT_DOCUMENTS_H

#include "core/arena.h"
#include "core/error.h"
#include "server/media/media.h"
#include "server/store/db.h"

#define DOCUMENT_BYTES_MAX ((size_t)8 * 1024 * 1024)

/* In order of dependency: each refers to those before it, and to organisations and events. */
enum document_kind {
    DOCUMENT_TEMPLATE,      /* templates/<name>.json (playlists/template.h) */
    DOCUMENT_LAYOUT,        /* layouts/<id>.json (playlists/layout.h) */
    DOCUMENT_HOLIDAYS,      /* feries.json (server/calendar/holidays.h) */
    DOCUMENT_SCREENS,       /* ecrans.json: sites, groups, screens */
    DOCUMENT_ANNOUNCEMENTS, /* annonces.json */
    DOCUMENT_PORTRAITS,     /* portraits.json; photos relative to the document's folder */
    DOCUMENT_PICTURES,      /* images.json: organisations' pictures, relative likewise */
    DOCUMENT_PLAYLIST,      /* playlists/<id>.json (playlists/playlist.h) */
    DOCUMENT_RULES,         /* programmations.json */
};

struct document_report {
    enum document_kind kind;
    const char *file;
    size_t read;
    size_t created;
    size_t updated;
    size_t unchanged;
};

struct document_report_list {
    size_t count;
    struct document_report *items;
};

/* db is the writer. The report's strings are in the arena. References to what does not exist
 * (organisation, event, playlist, screen, group, site) are ERROR_NOT_FOUND and name it. */
bool document_load(struct db *db, const struct media_store *media, struct arena *arena,
                   enum document_kind kind, const char *path, struct document_report *report_out,
                   struct error *err) __attribute__((warn_unused_result));

/* All documents of a folder that are there, in order of dependency, in one transaction:
 * the *.json of `folder`/templates and /layouts, feries.json, ecrans.json, annonces.json,
 * portraits.json, images.json, the *.json of the playlist folder (NULL: `folder`/playlists),
 * programmations.json. Annuaire and agenda must have been imported before. A folder with none of
 * them is ERROR_NOT_FOUND. */
bool content_load_folder(struct db *db, const struct media_store *media, struct arena *arena,
                         const char *folder, const char *playlist_folder,
                         struct document_report_list *reports_out, struct error *err)
    __attribute__((warn_unused_result));

/* "Portraits", "Playlist", … for reports. */
const char *document_kind_label(enum document_kind kind, enum lang lang);

#endif
