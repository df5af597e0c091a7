/* Sites, groups and screens as staff describe them. What the machines themselves say and get is in
 * devices.h. */
#ifndef VITRINE_SERVER_STORE_FLEET_H
#define VITRINE_SERVER_STORE_FLEET_H

#include "server/store/entity.h"

#define SITE_NOWHERE 999.0

struct site {
    const char *id;
    const char *name;
    const char *commune;
    const char *address;
    double latitude; /* WGS 84, degrees; SITE_NOWHERE when nobody has said */
    double longitude;
    const char *accent; /* "#FFD84D": of its kiosks' pages; "": the usual one */
};

struct site_list {
    size_t count;
    struct site *items;
};

bool sites_upsert(struct db *db, struct arena *arena, const struct site *site,
                  enum upsert_result *out, struct error *err) __attribute__((warn_unused_result));
bool sites_get(struct db *db, struct arena *arena, const char *id, struct site *out,
               struct error *err) __attribute__((warn_unused_result));
/* False with ERROR_NOT_FOUND when there is none; what uses it is listing.h's business. */
bool sites_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));
bool sites_list(struct db *db, struct arena *arena, struct site_list *out, struct error *err)
    __attribute__((warn_unused_result));

struct group {
    const char *id;
    const char *name;
};

struct group_list {
    size_t count;
    struct group *items;
};

bool groups_upsert(struct db *db, struct arena *arena, const struct group *group,
                   enum upsert_result *out, struct error *err) __attribute__((warn_unused_result));
bool groups_get(struct db *db, struct arena *arena, const char *id, struct group *out,
                struct error *err) __attribute__((warn_unused_result));
bool groups_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));
bool groups_list(struct db *db, struct arena *arena, struct group_list *out, struct error *err)
    __attribute__((warn_unused_result));

struct screen {
    const char *id;
    const char *name;
    const char *site; /* id, "" for none */
    struct text_list groups;
    int64_t width_px; /* as people see it */
    int64_t height_px;
    int64_t rotation; /* 0, 90, 180, 270 */
    int64_t diagonal_mm;
    int64_t viewing_distance_mm;
    int64_t bottom_edge_mm;
    bool kiosk;
    const char *time_zone;
    struct text_list languages;
    const char *opening; /* JSON array of {days, from, until}; "" = always */
    const char *layout;  /* id (layouts.h); "" = LAYOUT_DEFAULT */
    bool reduced_motion; /* nothing travels over it: slide and wipe become fades */
    int64_t updated_ms;  /* not compared by upsert */
};

struct screen_list {
    size_t count;
    struct screen *items;
};

/* Leaves the screen's device (devices.h) as it is. Site and groups must be there. */
bool screens_upsert(struct db *db, struct arena *arena, const struct screen *screen,
                    enum upsert_result *out, struct error *err) __attribute__((warn_unused_result));
bool screens_get(struct db *db, struct arena *arena, const char *id, struct screen *out,
                 struct error *err) __attribute__((warn_unused_result));
bool screens_delete(struct db *db, const char *id, struct error *err)
    __attribute__((warn_unused_result));
/* Sorted by id. */
bool screens_list(struct db *db, struct arena *arena, struct screen_list *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
