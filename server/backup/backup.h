/* Backups of a data folder, made while the server runs, and their way back.
 *
 * A backup folder holds sets/<instant>/ (database, key, screenshots, manifest.json with size and
 * SHA-256 of every file, manifest.sha256 with that of the manifest), and media/ and originals/,
 * which all sets share: their files never change, so each is there once. A set is made under
 * another name and renamed when it is whole and on the disk: one that is seen is whole. An archive
 * (.tar) is one set with its media. Any thread; one backup at a time into one folder. */
#ifndef VITRINE_SERVER_BACKUP_BACKUP_H
#define VITRINE_SERVER_BACKUP_BACKUP_H

#include <limits.h>

#include "core/arena.h"
#include "core/error.h"

/* What is going on, for people: "base", "médias"; done of total bytes or pages. */
struct backup_progress {
    void (*told)(void *context, const char *fr, const char *en, int64_t done, int64_t total);
    void *context;
};

struct backup_options {
    const char *data; /* the data folder */
    const char *to;   /* a folder, made when missing, or a file whose name ends in .tar */
    int64_t now_ms;
    int64_t kept; /* sets to keep in the folder; 0: all */
    struct backup_progress progress;
};

struct backup_report {
    char path[PATH_MAX]; /* of the set, or of the archive */
    int64_t created_ms;
    size_t files, new_files; /* new ones: media that had to be copied */
    int64_t bytes, new_bytes;
    size_t missing; /* media that the database knows and the data folder has not */
    size_t removed; /* sets that were too old */
};

/* Everything written is read back and compared before the set gets its name. */
bool backup_create(const struct backup_options *options, struct arena *arena,
                   struct backup_report *report_out, struct error *err)
    __attribute__((warn_unused_result));

/* Reads every file of a backup (a folder: of its newest set; a set; an archive) and compares. What
 * is damaged or missing is named and is ERROR_IO; what is no backup is ERROR_INVALID. */
bool backup_verify(const char *from, const struct backup_progress *progress, struct arena *arena,
                   struct backup_report *report_out, struct error *err)
    __attribute__((warn_unused_result));

struct restore_options {
    const char *from;
    const char *data; /* must not be there, or be empty, without force */
    bool force;       /* what is there is kept aside, under another name */
    int64_t now_ms;
    struct backup_progress progress;
};

struct restore_report {
    struct backup_report backup;
    int64_t epoch;        /* of the manifests to come: players take them whatever they have */
    char aside[PATH_MAX]; /* where the old data are now; "" when there were none */
};

/* Copies into a folder beside, compares every file, brings the database up to this program's
 * schema, raises the epoch of manifests, and only then renames it to `data`. */
bool backup_restore(const struct restore_options *options, struct arena *arena,
                    struct restore_report *report_out, struct error *err)
    __attribute__((warn_unused_result));

/* When the newest set in the folder was made; false when there is none. */
bool backup_newest(const char *folder, int64_t *created_ms_out);

#endif
