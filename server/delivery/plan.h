/* What each row of a file would do to the store, decided before anything is written. */
#ifndef VITRINE_SERVER_DELIVERY_PLAN_H
#define VITRINE_SERVER_DELIVERY_PLAN_H

#include "server/delivery/delivery.h"
#include "server/records/workflow.h"

enum fate { FATE_CREATED, FATE_CHANGED, FATE_UNCHANGED, FATE_MERGED, FATE_REJECTED };
const char *fate_tag(enum fate fate);

struct planned_row {
    struct import_line line; /* all but after_hash */
    enum fate fate;
    const struct resource *resource;
    void *value; /* CREATED, CHANGED: the struct to be stored */
    struct record_state before;
};

/* False stops; *err is set. */
typedef bool plan_handler(void *context, const struct planned_row *row, struct error *err);

/* Reads the whole file against the store as db sees it, and counts in *file; the rows' strings last
 * until the handler returns. digest_out: of all that it found. */
bool plan_file(const struct delivery_work *work, struct db *db, struct import_file *file,
               plan_handler *on_row, void *context, char digest_out[65], struct error *err)
    __attribute__((warn_unused_result));

bool plan_publishes(const struct import_file *file);
const struct resource *plan_resource(const struct import_file *file);
/* [{field, before, after}] of two documents, without what only follows from other fields. */
bool plan_changes(const struct resource *resource, struct arena *arena, const char *before,
                  const char *after, struct strbuf *out, size_t *count_out, struct error *err)
    __attribute__((warn_unused_result));
/* The notes of a line that was not done, and why; in the arena. */
const char *plan_note(struct arena *arena, const char *fr, const char *en);
/* Hash of a document, in the arena. */
const char *plan_hash(struct arena *arena, const char *document);

#endif
