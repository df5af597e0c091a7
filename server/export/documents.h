/* The content of an installation as the files that staff write and partners give: what "import" and
 * "load" take in again, so that an empty installation shows the same. Only what is published; no
 * emergencies, no accounts, no working copies, no history. */
#ifndef VITRINE_SERVER_EXPORT_DOCUMENTS_H
#define VITRINE_SERVER_EXPORT_DOCUMENTS_H

#include "core/arena.h"
#include "core/error.h"
#include "server/store/db.h"

struct export_options {
    struct db *db;            /* a reader, in a transaction of the caller's */
    const char *media_folder; /* where files are: for screens, and as people sent them */
    const char *originals;
    const char *to; /* a folder that is empty or not there */
};

struct export_report {
    size_t organisations, events, portraits, announcements, playlists, rules, screens, media;
    size_t left_out; /* organisations that may not be shown, files that are missing */
};

/* annuaire.csv, evenements.ics, ecrans.json, annonces.json, portraits.json, programmations.json,
 * feries.json, playlists/, layouts/, templates/, each with the medias/ that it names beside it. */
bool export_documents(const struct export_options *options, struct arena *arena,
                      struct export_report *report_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
