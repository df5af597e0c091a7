/* Reading the trail of who did what (accounts.h: audit_add). Rows are only ever added. */
#ifndef VITRINE_SERVER_STORE_AUDIT_TRAIL_H
#define VITRINE_SERVER_STORE_AUDIT_TRAIL_H

#include "server/store/entity.h"

struct audit_line {
    int64_t number; /* rising from 1 */
    int64_t time_ms;
    const char *user;
    const char *action;
    const char *subject;
    const char *detail;
};

struct audit_page {
    int64_t before;      /* number: those below it; 0: the newest */
    const char *user;    /* "" for any */
    const char *action;  /* "portrait.publish", or "portrait." for all that begin so; "" for any */
    const char *subject; /* "" for any */
    int64_t from_ms;     /* included */
    int64_t until_ms;    /* excluded; 0: no bound */
    size_t limit;
};

struct audit_line_list {
    size_t count;
    struct audit_line *items;
};

/* Newest first. */
bool audit_trail_page(struct db *db, struct arena *arena, const struct audit_page *page,
                      struct audit_line_list *out, struct error *err)
    __attribute__((warn_unused_result));

/* Those above `after`, the oldest first. */
bool audit_trail_after(struct db *db, struct arena *arena, int64_t after, size_t limit,
                       struct audit_line_list *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
