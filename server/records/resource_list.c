#include <string.h>

#include "core/utf8.h"
#include "server/records/resource.h"
#include "server/store/listing.h"
#include "server/store/records.h"

/* What is only a working copy lies as a document that SQL does not look into: such are few, and
 * read in order of id until the page is full. */
struct copies {
    struct db *db;
    struct arena *arena;
    const struct resource *resource;
    const struct resource_page *page;
    struct text_list *out;
};

static bool same_name(const char *left, const char *right)
{
    struct strbuf a, b;

    strbuf_init(&a);
    strbuf_init(&b);
    utf8_fold(left, &a);
    utf8_fold(right, &b);
    bool same = strcmp(a.bytes, b.bytes) == 0;
    strbuf_finish(&a);
    strbuf_finish(&b);
    return same;
}

static bool among(const struct text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->items[i], text) == 0)
            return true;
    return false;
}

static bool matches(const struct resource_page *page, const struct resource_facets *facets)
{
    return (page->site[0] == '\0' || strcmp(page->site, facets->site) == 0) &&
           (page->sites.count == 0 || among(&page->sites, facets->site)) &&
           (page->organisation[0] == '\0' ||
            strcmp(page->organisation, facets->organisation) == 0) &&
           (page->commune[0] == '\0' || same_name(page->commune, facets->commune)) &&
           (page->sector[0] == '\0' || among(&facets->sectors, page->sector));
}

/* An archived document of a record that an import brought back says nothing any more. */
static bool is_void(const struct copies *copies, const struct record_row *row)
{
    struct error ignored;
    void *value;

    if (strcmp(row->state, state_tag(STATE_ARCHIVED)) != 0)
        return false;
    value = arena_alloc(copies->arena, copies->resource->form->size);
    return copies->resource->get(copies->db, copies->arena, row->id, value, &ignored);
}

static bool take(struct copies *copies, const struct record_row *row)
{
    struct resource_facets facets = {NULL, "", "", {0}};
    struct error ignored;
    void *value;

    if (is_void(copies, row))
        return false;
    /* A document of an older form is listed all the same: people must find it to mend it. */
    if (copies->resource->facets != NULL &&
        resource_decode(copies->resource, row->document, strlen(row->document), copies->arena,
                        &value, &ignored))
        copies->resource->facets(value, &facets);
    if (facets.site == NULL)
        facets.site = row->site;
    return matches(copies->page, &facets);
}

static bool list_copies(struct copies *copies, struct error *err)
{
    const struct resource_page *page = copies->page;
    const char *after = page->after;
    struct text_list *out = copies->out;

    *out = (struct text_list){0, arena_array(copies->arena, page->limit, sizeof(*out->items))};
    for (;;) {
        struct record_row_list rows;
        if (!records_copies(copies->db, copies->arena, copies->resource->kind, page->state, after,
                            page->limit, &rows, err))
            return false;
        for (size_t i = 0; i < rows.count; i++) {
            if (out->count < page->limit && take(copies, &rows.items[i]))
                out->items[out->count++] = rows.items[i].id;
        }
        if (rows.count < page->limit || out->count == page->limit)
            return true;
        after = rows.items[rows.count - 1].id;
    }
}

/* Both are in order; what is in both is one. */
static void merge(const struct text_list *left, const struct text_list *right, size_t limit,
                  struct arena *arena, struct text_list *out)
{
    size_t i = 0, k = 0;

    *out = (struct text_list){0, arena_array(arena, limit, sizeof(*out->items))};
    while (out->count < limit && (i < left->count || k < right->count)) {
        int order = i == left->count    ? 1
                    : k == right->count ? -1
                                        : strcmp(left->items[i], right->items[k]);
        out->items[out->count++] = order <= 0 ? left->items[i] : right->items[k];
        i += order <= 0;
        k += order >= 0;
    }
}

bool resource_list(struct db *db, struct arena *arena, const struct resource *resource,
                   const struct resource_page *page, struct text_list *ids_out, struct error *err)
{
    struct text_list records, copied = {0};
    struct copies copies = {db, arena, resource, page, &copied};
    const struct listing listing = {
        .kind = resource->kind,
        .after = page->after,
        .limit = page->limit,
        .state = page->state < 0 ? "" : state_tag((enum state)page->state),
        .site = page->site,
        .organisation = page->organisation,
        .commune = page->commune,
        .sector = page->sector,
        .sites = page->sites,
    };

    if (!listing_ids(db, arena, &listing, &records, err) ||
        (!resource->direct && !list_copies(&copies, err)))
        return false;
    merge(&records, &copied, page->limit, arena, ids_out);
    return true;
}
