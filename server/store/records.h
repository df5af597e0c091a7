/* Records' ownership, working copies and history, of all kinds alike; documents are JSON that
 * nobody reads here. server/records/workflow.h says what the states mean and who may do what. */
#ifndef VITRINE_SERVER_STORE_RECORDS_H
#define VITRINE_SERVER_STORE_RECORDS_H

#include "server/store/entity.h"

struct record_row {
    const char *kind; /* "portrait"; with id the key */
    const char *id;
    const char *state;    /* tag (state_tag) of the working copy; "": there is none */
    const char *document; /* the working copy; "" */
    const char *title;    /* of the working copy or the record, for lists */
    const char *site;
    const char *author;
    const char *editor;
    const char *editors; /* everybody who wrote since the last approval, a name a line */
    const char *submitter;
    const char *reviewer;
    const char *reason;
    bool published; /* once at least */
    int64_t created_ms;
    int64_t updated_ms;
};

struct record_row_list {
    size_t count;
    struct record_row *items;
};

const char *state_tag(enum state state); /* "draft", … */
bool state_parse(const char *tag, enum state *state_out);

/* False with ERROR_NOT_FOUND when nothing is noted of it: imported records have no row. */
bool records_get(struct db *db, struct arena *arena, const char *kind, const char *id,
                 struct record_row *out, struct error *err) __attribute__((warn_unused_result));
bool records_put(struct db *db, const struct record_row *row, struct error *err)
    __attribute__((warn_unused_result));
bool records_delete(struct db *db, const char *kind, const char *id, struct error *err)
    __attribute__((warn_unused_result));
/* Working copies in that state, of all kinds, who waits longest first: those after
 * (after_ms, after_kind, after_id). */
bool records_waiting(struct db *db, struct arena *arena, enum state state, int64_t after_ms,
                     const char *after_kind, const char *after_id, size_t limit,
                     struct record_row_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Rows of one kind that hold a document (working copies, and archived records without a state of
 * their own), in order of id, after that id; state -1: any. */
bool records_copies(struct db *db, struct arena *arena, const char *kind, int state,
                    const char *after, size_t limit, struct record_row_list *out, struct error *err)
    __attribute__((warn_unused_result));

struct revision_row {
    const char *kind;
    const char *id;
    int64_t number; /* of the record, from 1 */
    int64_t time_ms;
    const char *user;
    const char *action;
    const char *reason;
    const char *document;
};

struct revision_row_list {
    size_t count;
    struct revision_row *items;
};

/* The number is given here. Revisions are only ever added. */
bool revisions_add(struct db *db, const struct revision_row *revision, struct error *err)
    __attribute__((warn_unused_result));
bool revisions_get(struct db *db, struct arena *arena, const char *kind, const char *id,
                   int64_t number, struct revision_row *out, struct error *err)
    __attribute__((warn_unused_result));
/* Newest first, beginning below `before` (0: the newest). */
bool revisions_list(struct db *db, struct arena *arena, const char *kind, const char *id,
                    int64_t before, size_t limit, struct revision_row_list *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
