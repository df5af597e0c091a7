/* Playlists as staff wrote them, and the rules that say where and when they show. */
#ifndef VITRINE_SERVER_STORE_PROGRAMMING_H
#define VITRINE_SERVER_STORE_PROGRAMMING_H

#include "server/store/entity.h"

struct playlist_record {
    const char *id;
    const char *title;
    int64_t version;      /* set by upsert: 1, then one more with every change */
    const char *document; /* JSON (playlists/playlist.h) */
    int64_t updated_ms;   /* not compared by upsert */
};

struct playlist_record_list {
    size_t count;
    struct playlist_record *items;
};

bool playlists_upsert(struct db *db, struct arena *arena, const struct playlist_record *playlist,
                      enum upsert_result *out, struct error *err)
    __attribute__((warn_unused_result));
bool playlists_get(struct db *db, struct arena *arena, const char *id, struct playlist_record *out,
                   struct error *err) __attribute__((warn_unused_result));
/* Sorted by id. */
bool playlists_list(struct db *db, struct arena *arena, struct playlist_record_list *out,
                    struct error *err) __attribute__((warn_unused_result));
bool playlists_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));

/* Rising: a higher class hides the lower ones. */
enum rule_class { RULE_BASE, RULE_CAMPAIGN, RULE_TAKEOVER, RULE_EMERGENCY };
const char *rule_class_tag(enum rule_class class); /* "base", "campaign", … */

/* What a rule makes of days that differ from others (server/calendar/holidays.h). */
enum day_policy {
    DAYS_SAME,   /* days like others */
    DAYS_ALSO,   /* it holds on them too, whatever their weekday */
    DAYS_EXCEPT, /* it does not hold on them */
    DAYS_ONLY,   /* of its days it holds on these only */
};
extern const char *const day_policy_tags[4]; /* "same", "also", "except", "only" */

#define RULE_WINDOWS_MAX 8

struct rule {
    const char *id;
    const char *title;
    const char *playlist; /* id */
    struct text_list screens;
    struct text_list groups;
    enum rule_class class;
    int64_t from_day; /* in the screen's local time, both included */
    int64_t until_day;
    unsigned weekdays; /* bit 0 = Monday … bit 6 = Sunday; 0x7f = every day */
    int from_minute; /* 0-1440, of the local day; 0 and 1440: all day. until ≤ from: past midnight
                      */
    int until_minute;
    struct text_list more_hours; /* further hours of these days, "16:30-19:00": after those above
                                    and one another, RULE_WINDOWS_MAX - 1 at most */
    const char *recurrence;      /* RRULE (server/calendar/repetition.h) that begins on from_day, in
                                    place of the weekdays; "": none */
    struct text_list except;     /* "2026-12-25": days on which it does not hold… */
    struct text_list also;       /* … and on which it does, whatever the others say; within the
                                    dates */
    enum day_policy holidays;    /* public ones */
    enum day_policy school_holidays;
    int64_t from_ms; /* instants that bound all of the above, until excluded; 0: no bound */
    int64_t until_ms;
    double share;     /* of the loop, 0 < share ≤ 1 */
    const char *zone; /* of the screen's layout, where it shows; "": the main one */
    bool keep_zones;  /* takeovers and emergencies of the main zone: the other zones stay too */
    enum state state;
    int64_t updated_ms; /* not compared by upsert */
};

struct rule_list {
    size_t count;
    struct rule *items;
};

bool rules_upsert(struct db *db, struct arena *arena, const struct rule *rule,
                  enum upsert_result *out, struct error *err) __attribute__((warn_unused_result));
bool rules_get(struct db *db, struct arena *arena, const char *id, struct rule *out,
               struct error *err) __attribute__((warn_unused_result));
/* All, any state, sorted by id. */
bool rules_list(struct db *db, struct arena *arena, struct rule_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Published rules that name the screen or one of its groups and hold on some day of the period,
 * whatever zone these days are of; sorted by class downwards, then id. */
bool rules_for_screen(struct db *db, struct arena *arena, const char *screen, int64_t from_day,
                      int64_t until_day, struct rule_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* The same of all screens. */
bool rules_published(struct db *db, struct arena *arena, int64_t from_day, int64_t until_day,
                     struct rule_list *out, struct error *err) __attribute__((warn_unused_result));
bool rules_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));

#endif
