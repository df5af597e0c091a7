/* What people find records by: the words of each kind, for the search's index (search/search.h). */
#ifndef VITRINE_SERVER_STORE_FINDABLE_H
#define VITRINE_SERVER_STORE_FINDABLE_H

#include "server/store/entity.h"

/* organisation, portrait, event, announcement, playlist, rule, screen, media; drafts that nothing
 * was published of are among them. */
extern const char *const findable_kinds[];
extern const size_t findable_kind_count;

/* Another one when any record or draft may be; a look costs little, however many there are. */
struct findable_version {
    int64_t content;
    int64_t drafts, drafted_ms;
    int64_t media, media_ms; /* of the library */
};
bool findable_version(struct db *db, struct findable_version *out, struct error *err)
    __attribute__((warn_unused_result));

struct findable {
    const char *id;
    const char *title;
    const char *subtitle;
    const char *words;
    const char *site;  /* "" for none */
    const char *state; /* tag; "" for kinds without */
    int64_t stamp;     /* another one when any of the above may be */
};

/* Ids and stamps of a kind, in order of id by bytes; what `each` gets lives until it returns. It
 * ends the walk by false, with err. */
bool findable_stamps(struct db *db, size_t kind,
                     bool (*each)(void *context, const char *id, int64_t stamp, struct error *err),
                     void *context, struct error *err) __attribute__((warn_unused_result));
/* id NULL: all of the kind, in no order. */
bool findable_records(struct db *db, size_t kind, const char *id,
                      bool (*each)(void *context, const struct findable *record, struct error *err),
                      void *context, struct error *err) __attribute__((warn_unused_result));

#endif
