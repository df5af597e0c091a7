/* Pages of what is kept, kind by kind in order of id, and who uses a record. Kinds are named as in
 * the records' table: "organisation", "portrait", "event", "announcement", "playlist", "rule",
 * "screen", "group", "site". */
#ifndef VITRINE_SERVER_STORE_LISTING_H
#define VITRINE_SERVER_STORE_LISTING_H

#include "server/store/entity.h"

struct listing {
    const char *kind;
    const char *after; /* the last id of the page before; "" for the first */
    size_t limit;
    /* "" for any; what a kind does not have does not count. */
    const char *state; /* tag; then those with a working copy, which has its own, are left out */
    const char *site;  /* that they are in, else that they belong to (records.h) */
    const char *organisation;
    const char *commune; /* case, accents, hyphens do not count */
    const char *sector;
    struct text_list sites; /* in one of these; none: any */
};

/* Ids of records in their own tables: working copies are in records.h. */
bool listing_ids(struct db *db, struct arena *arena, const struct listing *listing,
                 struct text_list *out, struct error *err) __attribute__((warn_unused_result));

/* The first one found that names the record, by kind ("account", "device" too) and id; both "" when
 * nothing does. Playlists' documents are not looked into. */
bool listing_user_of(struct db *db, struct arena *arena, const char *kind, const char *id,
                     const char **user_kind_out, const char **user_id_out, struct error *err)
    __attribute__((warn_unused_result));

/* Sites of the screens in a group, each once; "" for those in none. */
bool listing_group_sites(struct db *db, struct arena *arena, const char *group,
                         struct text_list *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
