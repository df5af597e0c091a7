/* What somebody should look at: published records that end soon, and those that no screen has ever
 * shown. Emergencies are not among them. */
#ifndef VITRINE_SERVER_STORE_AGENDA_H
#define VITRINE_SERVER_STORE_AGENDA_H

#include "server/store/entity.h"

struct agenda_item {
    const char *kind; /* portrait, announcement, event, rule */
    const char *id;
    const char *title;
    const char *site;   /* whose it is; "": the network's */
    const char *author; /* "" when it came by an import */
    const char *editor; /* who wrote it last */
    int64_t day;        /* its last one */
    int64_t since_ms;   /* published, or written last */
};

struct agenda_list {
    size_t count;
    struct agenda_item *items;
};

/* Those whose last day is in [from_day, until_day], the first to end first. Of events only those
 * that come again and again: the others are over when they are over. */
bool agenda_ending(struct db *db, struct arena *arena, int64_t from_day, int64_t until_day,
                   size_t limit, struct agenda_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Portraits and announcements that may show on `day`, and events that begin within two weeks of it,
 * of which nothing was ever played; who waits longest first. */
bool agenda_never_shown(struct db *db, struct arena *arena, int64_t day, size_t limit,
                        struct agenda_list *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
