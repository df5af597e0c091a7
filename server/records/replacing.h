/* One media in the place of another, wherever records name it. */
#ifndef VITRINE_SERVER_RECORDS_REPLACING_H
#define VITRINE_SERVER_RECORDS_REPLACING_H

#include "server/auth/auth.h"
#include "server/store/media_items.h"

/* Every record that names `old`, one of its pages or its poster names the same of `with` instead:
 * what is published at once, which takes the right to publish there, and working copies, which are
 * drafts again as after any edit. Each record gets its revision and its entry in the audit trail,
 * with the action "replace". All of it or, in one transaction, nothing: ERROR_CONFLICT when `with`
 * is not ready, of another kind or without a page that is shown, or when a layout names `old`;
 * ERROR_DENIED naming the record. db is the writer. */
bool media_replace(struct db *db, struct arena *arena, const struct user *user,
                   const struct media_item *old, const struct media_item *with, int64_t now_ms,
                   struct error *err) __attribute__((warn_unused_result));

#endif
