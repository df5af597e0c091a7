/* Shared by the files herald*.c only: one look, and whom it tells what. */
#ifndef VITRINE_SERVER_NOTICES_HERALD_PRIVATE_H
#define VITRINE_SERVER_NOTICES_HERALD_PRIVATE_H

#include "server/notices/herald.h"
#include "server/store/accounts.h"
#include "server/store/audit_trail.h"

struct look {
    const struct herald_config *config;
    struct db *reader;
    struct arena *arena;
    int64_t now_ms;
    struct user_list users;
    size_t count, room;
    struct notice *told; /* what is to be written, grown in the arena */
    size_t settled_count;
    struct settled { /* records that wait for nobody's approval any more */
        const char *kind;
        const char *id;
    } * settled; /* one a line of the trail at most */
};

/* Notes that this person is to be told; users without an open account are passed over by callers.
 */
void herald_tell(struct look *look, const struct user *user, const struct notice *notice);
const struct user *herald_user(const struct look *look, const char *name); /* open; or NULL */

/* Sources. */
bool herald_follow(struct look *look, const struct audit_line *line, struct error *err)
    __attribute__((warn_unused_result));
bool herald_watch_screens(struct look *look, struct error *err) __attribute__((warn_unused_result));
bool herald_watch_ends(struct look *look, struct error *err) __attribute__((warn_unused_result));

#endif
