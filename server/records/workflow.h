/* The way of a record from draft to archive: draft → submitted → approved (or sent back with a
 * reason) → published → archived. An edit makes a working copy beside what is published: screens go
 * on showing the published version until the copy is approved and published in its place, and any
 * edit takes an approval back. Each step is one transaction with its entry in the audit trail and
 * its revision, and is allowed by auth_allows alone. */
#ifndef VITRINE_SERVER_RECORDS_WORKFLOW_H
#define VITRINE_SERVER_RECORDS_WORKFLOW_H

#include "server/records/resource.h"

enum workflow_action {
    WORKFLOW_CREATE,
    WORKFLOW_EDIT,
    WORKFLOW_SUBMIT,
    WORKFLOW_WITHDRAW, /* submitted → draft, by who submitted it */
    WORKFLOW_APPROVE,
    WORKFLOW_RETURN, /* submitted or approved → draft, with a reason */
    WORKFLOW_PUBLISH,
    WORKFLOW_ARCHIVE,
    WORKFLOW_DISCARD, /* the working copy goes, what is published stays */
    WORKFLOW_REVIVE,  /* archived → draft */
    WORKFLOW_CANCEL,  /* an event: leaves the screens at once, without approval */
    WORKFLOW_DELETE,  /* what never was published */
    WORKFLOW_RESTORE, /* an earlier revision becomes the working copy */
    WORKFLOW_ACTIONS
};
const char *workflow_action_tag(enum workflow_action action); /* "submit": in paths and audit */

/* The state that the action leads to; false when it is not possible there. Pure. Kinds that are not
 * reviewed go from draft to published by one step. `live`: a published version is shown, beside a
 * working copy or as the record itself. CREATE begins at draft, not live; cancelling and deleting
 * lead to the state they find. Kinds without working copies (resource.direct) have no way to go. */
bool workflow_next(bool reviewed, enum state state, bool live, enum workflow_action action,
                   enum state *next_out) __attribute__((warn_unused_result));

/* Who may take the step, before it is known of which record: the gate of its route. */
enum permission workflow_permission(const struct resource *resource, enum workflow_action action);

/* What is known of a record beside its fields. */
struct record_state {
    enum state state;      /* of the working copy, or of the record when there is none */
    bool live;             /* a published version is on screens' programmes */
    bool working_copy;     /* differs from what is published */
    const char *document;  /* JSON of the working copy, or of the record: what people edit */
    const char *published; /* JSON of what is shown; "" while nothing is */
    const char *site;      /* whose it is; "": the network's */
    const char *author;    /* who made it; "" for imports and the command line */
    const char *editor;    /* who wrote the working copy last */
    const char *reviewer;  /* who approved or sent it back */
    const char *reason;    /* why it was sent back */
    int64_t created_ms;
    int64_t updated_ms;
    char etag[RESOURCE_ETAG_SIZE]; /* changes whenever any of the above or a field does */
};

/* ERROR_NOT_FOUND when there is neither record nor working copy. */
bool workflow_load(struct db *db, struct arena *arena, const struct resource *resource,
                   const char *id, struct record_state *out, struct error *err)
    __attribute__((warn_unused_result));

/* Members of the record as the API gives it, in an object that the caller has begun: those of the
 * document, then state, live, working_copy, site, author, editor, reviewer, reason, created_ms,
 * updated_ms. A site of the form's own (organisations, screens) stands for the record's. */
void workflow_encode(const struct resource *resource, const struct record_state *state,
                     struct json_writer *writer);
/* ERROR_NOT_FOUND for what this person may not see: screens of other sites. */
bool workflow_visible(struct db *db, struct arena *arena, const struct user *user,
                      const struct resource *resource, const char *id, struct error *err)
    __attribute__((warn_unused_result));

struct record_row;
/* Whether this person may approve what waits there (server/store/records.h). */
bool workflow_may_approve(struct db *db, struct arena *arena, const struct user *user,
                          const struct record_row *row, bool *may_out, struct error *err)
    __attribute__((warn_unused_result));

struct workflow_step {
    const struct resource *resource;
    const char *id;
    enum workflow_action action;
    const char *expected; /* ETag of what the person saw: another one is ERROR_STALE; NULL: none */
    const void *value;    /* CREATE, EDIT: the struct of the form */
    const char *site;   /* CREATE: whose it is to be; NULL: the person's only site or the network */
    const char *reason; /* RETURN: at least a word */
    int64_t revision;   /* RESTORE */
};

/* user may be anybody who passed the gate: what they may not do is ERROR_DENIED, what they may not
 * even see is ERROR_NOT_FOUND. db is the writer. */
bool workflow_apply(struct db *db, struct arena *arena, const struct user *user,
                    const struct workflow_step *step, int64_t now_ms, struct record_state *out,
                    struct error *err) __attribute__((warn_unused_result));

/* A field in which the working copy differs from what is published. */
struct difference {
    const char *field;  /* "photo.credit" */
    const char *before; /* JSON; "null" where there is none */
    const char *after;
};

struct difference_list {
    size_t count;
    struct difference *items;
};

bool workflow_difference(const struct record_state *state, struct arena *arena,
                         struct difference_list *out, struct error *err)
    __attribute__((warn_unused_result));

struct revision {
    int64_t number; /* of the record, from 1 */
    int64_t time_ms;
    const char *user;
    const char *action;   /* workflow_action_tag */
    const char *reason;   /* of RETURN */
    const char *document; /* as it was after that step */
};

struct revision_list {
    size_t count;
    struct revision *items;
};

/* Newest first, beginning below `before` (0: the newest). */
bool workflow_history(struct db *db, struct arena *arena, const char *kind, const char *id,
                      int64_t before, size_t limit, struct revision_list *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
