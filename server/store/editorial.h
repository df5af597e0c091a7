/* What staff write: portraits and announcements. */
#ifndef VITRINE_SERVER_STORE_EDITORIAL_H
#define VITRINE_SERVER_STORE_EDITORIAL_H

#include "server/store/entity.h"

struct portrait {
    const char *id;
    const char *organisation; /* id; need not be there yet */
    const char *leader_name;
    const char *leader_role;
    const char *quote;
    const char *story;
    const char *short_title;
    const char *sector;
    const char *photo; /* hash of a media, "" for none */
    double focal_x;
    double focal_y;
    const char *alt;
    const char *credit;
    const char *consent_date; /* ISO date */
    const char *falc;         /* the story in easy-to-read language */
    const char *film;         /* hash of a media, "" for none */
    const char *captions;     /* of the film: hash of a media, WebVTT */
    const char *url;          /* QR target */
    int64_t from_day;         /* local days, both included */
    int64_t until_day;
    enum state state;
    int64_t updated_ms; /* not compared by upsert */
};

struct portrait_list {
    size_t count;
    struct portrait *items;
};

/* Published portraits that show on some day from `from_day` to `until_day`; sector NULL = any.
 * Sorted by id. */
bool portraits_list(struct db *db, struct arena *arena, const char *sector, int64_t from_day,
                    int64_t until_day, struct portrait_list *out, struct error *err)
    __attribute__((warn_unused_result));
bool portraits_get(struct db *db, struct arena *arena, const char *id, struct portrait *out,
                   struct error *err) __attribute__((warn_unused_result));
bool portraits_upsert(struct db *db, struct arena *arena, const struct portrait *portrait,
                      enum upsert_result *out, struct error *err)
    __attribute__((warn_unused_result));
/* False with ERROR_NOT_FOUND when there is none. */
bool portraits_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));

enum severity { SEVERITY_INFO, SEVERITY_IMPORTANT, SEVERITY_EMERGENCY };
const char *severity_tag(enum severity severity); /* "info", "important", "emergency" */

struct announcement {
    const char *id;
    const char *title;
    const char *text;
    const char *pictogram;
    enum severity severity;
    const char *url;
    int64_t from_day; /* local days, both included */
    int64_t until_day;
    enum state state;
    int64_t updated_ms; /* not compared by upsert */
};

struct announcement_list {
    size_t count;
    struct announcement *items;
};

/* All of them, any state, sorted by id. */
bool announcements_list(struct db *db, struct arena *arena, struct announcement_list *out,
                        struct error *err) __attribute__((warn_unused_result));
bool announcements_get(struct db *db, struct arena *arena, const char *id, struct announcement *out,
                       struct error *err) __attribute__((warn_unused_result));
bool announcements_upsert(struct db *db, struct arena *arena,
                          const struct announcement *announcement, enum upsert_result *out,
                          struct error *err) __attribute__((warn_unused_result));
bool announcements_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));

#endif
