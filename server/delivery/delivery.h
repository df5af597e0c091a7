/* A file that somebody brought to the desk (CSV, XLSX, iCalendar) on its way into the store: looked
 * at, its columns mapped, rehearsed, applied, undone. Rehearsing and applying read the file by the
 * same code (plan.h): when applying would do anything else than what was rehearsed, because the
 * store has changed meanwhile, nothing is done. Undoing puts back what the import changed, row by
 * row, but for what somebody has changed since. Both write in slices (slice.h), so that nobody's
 * save waits for a long file; what changes between slices is left alone, and what was done when one
 * broke off stays done, is told, and can be undone (delivery_settle). Files of DELIVERY_ROWS_MAX
 * rows at most; the command line takes larger ones. */
#ifndef VITRINE_SERVER_DELIVERY_DELIVERY_H
#define VITRINE_SERVER_DELIVERY_DELIVERY_H

#include <stdatomic.h>

#include "core/clock.h"
#include "server/auth/auth.h"
#include "server/import/mapping.h"
#include "server/store/imports.h"
#include "server/store/readers.h"

#define DELIVERY_BYTES_MAX ((size_t)20 * 1024 * 1024)
#define DELIVERY_ROWS_MAX 20000
#define DELIVERY_NAME_MAX 200

/* A step under way: who takes it and how far it is. */
struct delivery_work {
    struct arena *arena;
    const struct user *user;
    const char *path; /* of the file */
    int64_t now_ms;
    const struct clock *clock;
    atomic_int *percent;        /* may be NULL */
    int percent_from;           /* at which this reading of the file begins */
    int percent_to;             /* and ends; 0: 99 */
    const atomic_bool *stopped; /* may be NULL: give up soon */
};

/* What a person may do with it: drafts for what they may write; publishing at once, as the command
 * line does, for who keeps the installation (PERMISSION_SETTINGS). */
bool delivery_may_publish(const struct user *user);
/* Own ones; everybody's for who keeps the installation and is bound to no site. */
bool delivery_sees(const struct user *user, const struct import_file *file);

/* Tells the format and fills kind, format, look, header line, mapping and capitals, which are in
 * the arena. kind NULL: told by the file; header_line 0: found out. */
bool delivery_look(const char *path, struct arena *arena, const enum mapping_kind *kind,
                   size_t sheet, int header_line, struct import_file *file, struct error *err)
    __attribute__((warn_unused_result));
/* Whether the mapping can be imported (mapping_check), and the mode is this person's. */
bool delivery_check(const struct import_file *file, const struct user *user, struct arena *arena,
                    struct error *err) __attribute__((warn_unused_result));

/* Reads the store by `reader`, writes lines by `writer` in short turns, fills the counts, the
 * digest and the state of the file, which the caller stores. */
bool delivery_rehearse(const struct delivery_work *work, struct db *reader, struct writer *writer,
                       struct import_file *file, struct error *err)
    __attribute__((warn_unused_result));
/* ERROR_STALE, and nothing written, when what it would do is not what was rehearsed. After another
 * error the file is to be settled. */
bool delivery_apply(const struct delivery_work *work, struct db *reader, struct writer *writer,
                    struct import_file *file, struct error *err)
    __attribute__((warn_unused_result));
/* Goes on where an earlier one broke off. After an error the file is to be settled. */
bool delivery_undo(const struct delivery_work *work, struct writer *writer,
                   struct import_file *file, struct error *err) __attribute__((warn_unused_result));
/* Gives a file whose step broke off its state, counts and message, and stores it. `why`: of the
 * step; NULL: the program ended. Rows that were to come are rejected and say so. Nothing done: as
 * before the step. Strings are in the arena. */
bool delivery_settle(struct writer *writer, struct arena *arena, struct import_file *file,
                     const struct error *why, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));

#endif
