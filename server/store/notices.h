/* What people are told of: one row for each person and thing that happened, kept until it is old,
 * and which of it they want by e-mail too. */
#ifndef VITRINE_SERVER_STORE_NOTICES_H
#define VITRINE_SERVER_STORE_NOTICES_H

#include "server/store/entity.h"

enum notice_kind {
    NOTICE_APPROVAL_WANTED,
    NOTICE_APPROVAL_GIVEN,
    NOTICE_SENT_BACK,
    NOTICE_EMERGENCY_WAITING,
    NOTICE_SCREEN_SILENT,
    NOTICE_ENDS_SOON,
    NOTICE_KINDS
};
extern const char *const notice_tags[NOTICE_KINDS]; /* "approval_wanted", … */

struct notice {
    int64_t number; /* rises; given by notices_add */
    const char *user;
    enum notice_kind kind;
    const char *source; /* what happened, the same for all who are told: nobody is told twice */
    const char *record_kind; /* "portrait"; "emergency" */
    const char *record;      /* its id */
    const char *title;
    const char *by;   /* login of who did it; "" */
    const char *text; /* why it was sent back; "" */
    int64_t time_ms;
    int64_t read_ms; /* 0: not yet */
};

struct notice_list {
    size_t count;
    struct notice *items;
};

/* *added_out is false when this person was told of this source before. */
bool notices_add(struct db *db, const struct notice *notice, bool *added_out, struct error *err)
    __attribute__((warn_unused_result));
/* Newest first, below `before` (0: the newest). */
bool notices_page(struct db *db, struct arena *arena, const char *user, int64_t before, bool unread,
                  size_t limit, struct notice_list *out, struct error *err)
    __attribute__((warn_unused_result));
bool notices_unread(struct db *db, const char *user, int64_t *count_out, int64_t *newest_out,
                    struct error *err) __attribute__((warn_unused_result));
/* number 0: all of that person's. ERROR_NOT_FOUND when that one is not theirs. */
bool notices_read(struct db *db, const char *user, int64_t number, int64_t now_ms,
                  struct error *err) __attribute__((warn_unused_result));
/* Nobody's approval of that record is wanted any more: who was told so has it read. */
bool notices_settle(struct db *db, const char *record_kind, const char *record, int64_t now_ms,
                    struct error *err) __attribute__((warn_unused_result));
bool notices_expire(struct db *db, int64_t before_ms, struct error *err)
    __attribute__((warn_unused_result));

/* By kind; all of them while nobody has chosen. */
bool notice_choices_get(struct db *db, struct arena *arena, const char *user,
                        bool mail_out[NOTICE_KINDS], struct error *err)
    __attribute__((warn_unused_result));
bool notice_choices_put(struct db *db, const char *user, const bool mail[NOTICE_KINDS],
                        struct error *err) __attribute__((warn_unused_result));

#endif
