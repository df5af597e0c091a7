/* The kinds of records that people keep by the API, each by one description: its JSON form, and how
 * the store reads, lists and writes it. The workflow (workflow.h), the routes, exports and the
 * search treat all kinds alike through it. */
#ifndef VITRINE_SERVER_RECORDS_RESOURCE_H
#define VITRINE_SERVER_RECORDS_RESOURCE_H

#include "server/auth/auth.h"
#include "server/content/form.h"
#include "server/media/media.h"

#define RESOURCE_ETAG_SIZE 33
#define RESOURCE_PAGE_MAX 200

struct resource_page {
    const char *after; /* the key of the last one of the page before; "" for the first */
    size_t limit;      /* 1 to RESOURCE_PAGE_MAX */
    /* Filters, "" and -1 for none. */
    int state;
    const char *site;
    const char *organisation;
    const char *commune;
    const char *sector;
    struct text_list sites; /* belonging to one of these; none: any. For hidden kinds */
};

/* The values of one record by which a list is narrowed; "" for none. */
struct resource_facets {
    const char *site; /* NULL: that which the record belongs to (workflow.h) */
    const char *organisation;
    const char *commune;
    struct text_list sectors;
};

struct resource {
    const char *kind;    /* "portrait" */
    const char *plural;  /* "portraits": in paths */
    const char *noun_fr; /* "Portrait": for people */
    const char *noun_en;
    const struct form *form; /* with "id" as first field */
    bool reviewed;           /* goes through the workflow: somebody else approves it */
    bool direct;    /* written at once, without working copy or state: screens, groups, sites */
    bool hidden;    /* not seen by somebody who is bound to other sites: screens */
    bool has_state; /* its struct has enum state at state_offset */
    size_t state_offset;
    enum permission write; /* what it takes to write and to delete one */
    void (*facets)(const void *value, struct resource_facets *out); /* out is empty before */
    bool (*get)(struct db *db, struct arena *arena, const char *id, void *out, struct error *err);
    /* In the caller's transaction. References that lead nowhere are ERROR_INVALID with the field.
     */
    bool (*put)(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                struct error *err);
    /* ERROR_CONFLICT naming what uses it, while something does. */
    bool (*remove)(struct db *db, struct arena *arena, const char *id, struct error *err);
    /* What must hold before it is shown (consent, credit, an end, room on the screen); may be NULL.
     */
    bool (*publishable)(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                        struct error *err);
    /* Makes a cancelled one of it; NULL: this kind is never cancelled. */
    void (*cancel)(void *value);
    /* Sites that it touches, for auth_allows: of screens their site, of rules those of the screens
     * they reach; NULL: the site that the record belongs to (workflow.h). */
    bool (*sites)(struct db *db, struct arena *arena, const void *value, struct text_list *out,
                  struct error *err);
};

extern const struct resource resource_organisation, resource_portrait, resource_event,
    resource_announcement, resource_playlist, resource_rule, resource_screen, resource_group,
    resource_site;
extern const struct resource *const resources[];
extern const size_t resource_count;

const struct resource *resource_find(const char *kind);          /* or NULL */
const struct resource *resource_find_plural(const char *plural); /* or NULL */

/* Ids of one page in order of id, beginning after page->after: of records and of working copies
 * that nothing was published of yet. */
bool resource_list(struct db *db, struct arena *arena, const struct resource *resource,
                   const struct resource_page *page, struct text_list *ids_out, struct error *err)
    __attribute__((warn_unused_result));

/* The record's document: the form's members as one JSON object. */
void resource_encode(const struct resource *resource, const void *value, struct strbuf *out);
/* *value_out is in the arena. */
bool resource_decode(const struct resource *resource, const char *bytes, size_t length,
                     struct arena *arena, void **value_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
