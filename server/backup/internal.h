/* Shared by the files of server/backup only. */
#ifndef VITRINE_SERVER_BACKUP_INTERNAL_H
#define VITRINE_SERVER_BACKUP_INTERNAL_H

#include <stdio.h>
#include <sys/types.h>

#include "core/hash.h"
#include "core/strbuf.h"
#include "server/backup/backup.h"

#define BACKUP_DATABASE "vitrine.db"
#define BACKUP_KEY "key"
#define BACKUP_MANIFEST "manifest.json"
#define BACKUP_MANIFEST_SUM "manifest.sha256"
#define BACKUP_SETS "sets"
#define BACKUP_PART ".part-" /* in front of a set's name until it is whole */
#define BACKUP_NAME_SIZE 32

/* Folders of files by their hash, which sets share: for screens, and as people sent them. */
#define BACKUP_SHARED 2
extern const char *const backup_shared[BACKUP_SHARED];

/* One file of a backup. Names are "vitrine.db", "key", "screenshots/<name>", "media/ab/<hash>",
 * "originals/ab/<hash>". */
struct backup_file {
    const char *name;
    int64_t size;
    struct sha256 sum;
};

struct backup_manifest {
    int64_t created_ms;
    int64_t schema;
    const char *software;
    size_t count, capacity;
    struct backup_file *files; /* freed by backup_manifest_finish; names in the arena */
    size_t missing;
};

/* files.c: bytes from one place to another. */
/* `bytes` from the descriptor's place; to fd `to` when it is not negative; hashed. */
bool files_pump(int from, int to, int64_t bytes, struct sha256 *sum_out, struct error *err)
    __attribute__((warn_unused_result));
/* A new file, on the disk when it returns; mode as for open(2). */
bool files_copy(const char *from, const char *to, unsigned mode, int64_t *size_out,
                struct sha256 *sum_out, struct error *err) __attribute__((warn_unused_result));
bool files_sync_folder(const char *path, struct error *err) __attribute__((warn_unused_result));
/* A folder and all in it; what cannot go stays. */
void files_remove(const char *path);
/* A folder and all in it to another owner. */
bool files_give(const char *path, uid_t user, gid_t group);
/* Length of "media/" or "originals/" when the name begins so, else 0. */
size_t files_shared(const char *name);
/* Whether a name is one that backups have: nothing that leaves the folder. */
bool files_name_valid(const char *name);
bool files_folder_of(const char *path, char *buf, size_t size);

/* manifest.c */
void backup_manifest_add(struct backup_manifest *manifest, const struct backup_file *file);
void backup_manifest_finish(struct backup_manifest *manifest);
/* Both manifest files as text. */
void backup_manifest_encode(const struct backup_manifest *manifest, struct strbuf *text_out,
                            struct strbuf *sum_out);
bool backup_manifest_decode(const char *text, size_t length, const char *sum, size_t sum_length,
                            struct arena *arena, struct backup_manifest *out, struct error *err)
    __attribute__((warn_unused_result));
/* "2026-11-23T18-04-52-123Z", which sorts by time; parse is false on any other name. */
void backup_name(int64_t ms, char buf[BACKUP_NAME_SIZE]);
bool backup_name_parse(const char *name, int64_t *ms_out);

/* tar.c: ustar archives with plain files. */
struct tar_entry {
    char name[101];
    int64_t offset, size;
};
struct tar_index {
    size_t count, capacity;
    struct tar_entry *entries; /* sorted by name */
};
/* Appends at fd's end: header, the bytes of `from`, padding. */
bool tar_append(int fd, const char *name, unsigned mode, int64_t mtime_s, int from, int64_t size,
                struct sha256 *sum_out, struct error *err) __attribute__((warn_unused_result));
bool tar_end(int fd, struct error *err) __attribute__((warn_unused_result));
/* Refuses anything but plain files under valid names, and an archive without its end. */
bool tar_read_index(int fd, struct tar_index *out, struct error *err)
    __attribute__((warn_unused_result));
void tar_index_finish(struct tar_index *index);

/* source.c: a backup to be read, wherever it is. */
struct backup_source {
    char folder[PATH_MAX]; /* the set; "" for an archive */
    char media[PATH_MAX];  /* the folder above media/ */
    int archive;           /* descriptor; -1 for a folder */
    struct tar_index index;
    struct backup_manifest manifest;
    char path[PATH_MAX]; /* for people */
};
bool source_open(struct backup_source *source, const char *from, struct arena *arena,
                 struct error *err) __attribute__((warn_unused_result));
void source_close(struct backup_source *source);
/* One file of the manifest, to a new file at `to` or (NULL) to nowhere, compared. */
bool source_copy(struct backup_source *source, const struct backup_file *file, const char *to,
                 unsigned mode, struct error *err) __attribute__((warn_unused_result));
/* prune.c: removes all but the newest `kept` sets (0: none), then media that no set names. */
bool backup_prune(const char *folder, int64_t kept, struct arena *arena, size_t *removed_out,
                  struct error *err) __attribute__((warn_unused_result));
bool backup_newest_name(const char *folder, char buf[BACKUP_NAME_SIZE]);

#endif
