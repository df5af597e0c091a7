/* Files that people brought to the desk, and what became of each row (server/delivery says what the
 * words mean). */
#ifndef VITRINE_SERVER_STORE_IMPORTS_H
#define VITRINE_SERVER_STORE_IMPORTS_H

#include "server/store/entity.h"

struct import_file {
    const char *id;
    const char *user_name;
    const char *name; /* as it was called */
    int64_t size;
    const char *state;
    const char *kind;   /* "organisations", "events" */
    const char *format; /* "csv", "xlsx", "ics" */
    const char *look;   /* JSON object: encoding, sheets, columns */
    int64_t sheet;
    int64_t header_line;
    const char *mapping; /* JSON array: a field's tag or null for each column */
    bool capitals;
    const char *source;
    const char *licence;
    const char *site;
    const char *mode;       /* "drafts", "publish" */
    const char *message_fr; /* why the last step failed; "" */
    const char *message_en;
    const char *digest; /* of what the rehearsal found */
    int64_t row_count;
    int64_t created;
    int64_t changed;
    int64_t unchanged;
    int64_t merged;
    int64_t rejected;
    int64_t warned; /* rows with a warning */
    int64_t undone;
    int64_t kept;
    int64_t created_ms;
    int64_t updated_ms;
    int64_t applied_ms;
    const char *applied_by;
    int64_t undone_ms;
    const char *undone_by;
};

struct import_file_list {
    size_t count;
    struct import_file *items;
};

bool imports_put(struct db *db, const struct import_file *file, struct error *err)
    __attribute__((warn_unused_result));
bool imports_get(struct db *db, struct arena *arena, const char *id, struct import_file *out,
                 struct error *err) __attribute__((warn_unused_result));
/* With its lines. */
bool imports_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));
/* Newest first, those after `after` (an id; "": from the newest); user NULL: everybody's. */
bool imports_list(struct db *db, struct arena *arena, const char *user, const char *after,
                  size_t limit, struct import_file_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Of everybody, last touched before then and neither applied nor undone. */
bool imports_forgotten(struct db *db, struct arena *arena, int64_t before_ms,
                       struct import_file_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Those with a step under way: of what the program did when it ended. */
bool imports_interrupted(struct db *db, struct arena *arena, struct import_file_list *out,
                         struct error *err) __attribute__((warn_unused_result));

struct import_line {
    const char *import;
    int64_t number; /* from 1 */
    int64_t line;   /* of the file */
    const char *fate;
    bool warned;
    const char *record; /* id; "" */
    const char *title;
    const char *changes;    /* JSON array of {field, before, after} */
    const char *notes;      /* JSON array of {severity, field, fr, en} */
    const char *after_hash; /* of the record's document once applied; "" */
    const char *undo;       /* "", "restored", "partly", "removed", "kept" */
    const char *undo_fr;
    const char *undo_en;
};

struct import_line_list {
    size_t count;
    struct import_line *items;
};

bool import_lines_put(struct db *db, const struct import_line *line, struct error *err)
    __attribute__((warn_unused_result));
bool import_lines_clear(struct db *db, const char *import, struct error *err)
    __attribute__((warn_unused_result));
/* In order, after that number. which: a fate, "warned", "kept", or "" for all. */
bool import_lines_page(struct db *db, struct arena *arena, const char *import, const char *which,
                       int64_t after, size_t limit, struct import_line_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* What has been done of an import: its lines counted. */
struct import_tally {
    int64_t created, changed; /* that are applied */
    int64_t waiting;          /* that were to be created or changed and are not */
    int64_t rejected;
    int64_t undone; /* restored, partly or removed */
    int64_t kept;   /* partly or not at all undone */
};
bool import_lines_tally(struct db *db, const char *import, struct import_tally *out,
                        struct error *err) __attribute__((warn_unused_result));
/* Makes the waiting ones rejected, with these notes. */
bool import_lines_reject_waiting(struct db *db, const char *import, const char *notes,
                                 struct error *err) __attribute__((warn_unused_result));
/* Applied and not undone yet, last first, below that number (0: the last). */
bool import_lines_to_undo(struct db *db, struct arena *arena, const char *import, int64_t below,
                          size_t limit, struct import_line_list *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
