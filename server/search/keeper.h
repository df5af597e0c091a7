/* Keeps the search's index of all that people may look for up to date, in a thread of its own: it
 * notices within a second that somebody has written to the store, compares stamps, and changes what
 * differs; a missing or damaged index is built anew beside the old one. Nothing is lost with it. */
#ifndef VITRINE_SERVER_SEARCH_KEEPER_H
#define VITRINE_SERVER_SEARCH_KEEPER_H

#include "search/search.h"

struct keeper;

/* The store is there and up to date; the index may not be: it is built in the thread. */
struct keeper *keeper_start(const char *store_path, const char *index_path, struct error *err)
    __attribute__((warn_unused_result));
void keeper_stop(struct keeper *keeper); /* accepts NULL */
/* Any thread. ERROR_BUSY until the first index is there. */
bool keeper_ask(struct keeper *keeper, struct arena *arena, const struct search_query *query,
                struct search_hits *out, struct error *err) __attribute__((warn_unused_result));
/* Brings the index up to date in the caller's thread; for the command line and tests, while no
 * keeper runs on it. */
bool keeper_update(const char *store_path, const char *index_path, struct error *err)
    __attribute__((warn_unused_result));

#endif
