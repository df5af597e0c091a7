/* Documents that say how screens look: layouts (playlists/layout.h) and templates
 * (playlists/template.h) that go before those that came with the program. */
#ifndef VITRINE_SERVER_STORE_LOOKS_H
#define VITRINE_SERVER_STORE_LOOKS_H

#include "server/store/entity.h"

struct layout_record {
    const char *id;
    const char *title;
    const char *document;
    int64_t updated_ms; /* not compared by upsert */
};

struct layout_record_list {
    size_t count;
    struct layout_record *items;
};

bool layouts_upsert(struct db *db, struct arena *arena, const struct layout_record *layout,
                    enum upsert_result *out, struct error *err) __attribute__((warn_unused_result));
bool layouts_get(struct db *db, struct arena *arena, const char *id, struct layout_record *out,
                 struct error *err) __attribute__((warn_unused_result));
/* Sorted by id. */
bool layouts_list(struct db *db, struct arena *arena, struct layout_record_list *out,
                  struct error *err) __attribute__((warn_unused_result));

struct template_record {
    const char *name;
    const char *document;
    int64_t updated_ms; /* not compared by upsert */
};

struct template_record_list {
    size_t count;
    struct template_record *items;
};

bool templates_upsert(struct db *db, struct arena *arena, const struct template_record *template,
                      enum upsert_result *out, struct error *err)
    __attribute__((warn_unused_result));
/* Sorted by name. */
bool templates_list(struct db *db, struct arena *arena, struct template_record_list *out,
                    struct error *err) __attribute__((warn_unused_result));

#endif
