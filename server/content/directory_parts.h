/* A directory file in the making; between directory_file.c, which reads the store and writes the
 * records, directory_facets.c and directory_media.c. */
#ifndef VITRINE_SERVER_CONTENT_DIRECTORY_PARTS_H
#define VITRINE_SERVER_CONTENT_DIRECTORY_PARTS_H

#include "directory/directory_build.h"
#include "server/content/directory_file.h"
#include "server/store/editorial.h"
#include "server/store/events.h"
#include "server/store/organisations.h"

/* --- facets ---------------------------------------------------------------------------------- */

/* More than any facet has values, so that the most used ones can be told. */
#define FACET_SEEN_MAX 1024

struct facet_value {
    const char *key;
    const char *fr, *en;
    const char *order; /* folded */
    size_t uses;
};

struct facet_list {
    size_t count;
    struct facet_value items[FACET_SEEN_MAX];
};

struct facets {
    struct arena *arena;
    struct facet_list lists[DIRECTORY_FACETS];
};

/* Each organisation once; then settle, which leaves DIRECTORY_VALUES_MAX of each facet, the most
 * used, in the order in which they are shown, and adds them to the build. */
void facets_count(struct facets *facets, const struct organisation *organisation);
bool facets_settle(struct facets *facets, struct directory_build *build, struct error *err)
    __attribute__((warn_unused_result));
void facets_of(const struct facets *facets, const struct organisation *organisation,
               struct directory_values values_out[DIRECTORY_FACETS]);

/* --- media ----------------------------------------------------------------------------------- */

enum media_use_kind { USE_PICTURE, USE_FILM, USE_CAPTIONS };

struct directory_wish {
    const char *asked;  /* as the record names it */
    int64_t updated_ms; /* of the record, and its id: who comes first */
    const char *id;
    enum media_use_kind kind;
    bool spared; /* may be left out, or made smaller, when there is no room */
};

struct directory_media {
    struct arena *arena;
    size_t wish_count, wish_capacity;
    struct directory_wish *wishes;
    size_t count;
    struct directory_pick {
        const char *asked;
        struct media_record shown;
    } * picks; /* in order of asked, once settled */
};

void directory_media_wish(struct directory_media *media, const struct directory_wish *wish);
bool directory_media_settle(struct directory_media *media, struct db *db, struct error *err)
    __attribute__((warn_unused_result));
/* Hash of what travels for it; "" when nothing does. */
const char *directory_media_shown(const struct directory_media *media, const char *asked);
/* Each file once, in order of hash. */
struct media_record_list directory_media_files(const struct directory_media *media);

#endif
