#include "server/store/media_items.h"

#include <stdlib.h>
#include <string.h>

#include "server/store/folding.h"
#include "server/store/record.h"

const char *const item_kind_tags[ITEM_KINDS] = {"picture", "film", "pages", "slides", "captions"};
const char *const item_state_tags[ITEM_STATES] = {"received", "processing", "ready", "refused"};

static const struct choice kinds = {item_kind_tags, ITEM_KINDS};
static const struct choice states = {item_state_tags, ITEM_STATES};

/* The struct and, for searching, its texts folded. */
struct row {
    struct media_item item;
    const char *folded;
};

#define ITEM(member, kind)                                                                         \
    {                                                                                              \
        .column = #member, .type = (kind), .offset = offsetof(struct media_item, member)           \
    }

static const struct field fields[] = {
    ITEM(sha256, FIELD_TEXT),
    {.column = "kind",
     .type = FIELD_CHOICE,
     .offset = offsetof(struct media_item, kind),
     .choice = &kinds},
    {.column = "state",
     .type = FIELD_CHOICE,
     .offset = offsetof(struct media_item, state),
     .choice = &states},
    ITEM(type, FIELD_TEXT),
    ITEM(name, FIELD_TEXT),
    ITEM(size, FIELD_INT64),
    ITEM(width, FIELD_INT64),
    ITEM(height, FIELD_INT64),
    ITEM(length_ms, FIELD_INT64),
    ITEM(pages, FIELD_INT64),
    ITEM(progress, FIELD_INT64),
    ITEM(tries, FIELD_INT64),
    ITEM(note_fr, FIELD_TEXT),
    ITEM(note_en, FIELD_TEXT),
    ITEM(original, FIELD_BOOL),
    ITEM(site, FIELD_TEXT),
    ITEM(author, FIELD_TEXT),
    ITEM(alt, FIELD_TEXT),
    ITEM(credit, FIELD_TEXT),
    ITEM(created_ms, FIELD_INT64),
    ITEM(updated_ms, FIELD_INT64),
    {.column = "folded", .type = FIELD_TEXT, .offset = offsetof(struct row, folded)},
};

/* Written with the folded texts, read without: they are last. */
static const struct record row_record = {.table = "media_items",
                                         .noun_fr = "média",
                                         .noun_en = "media",
                                         .size = sizeof(struct row),
                                         RECORD_FIELDS(fields),
                                         .key_count = 1};
static const struct record item_record = {.table = "media_items",
                                          .noun_fr = "média",
                                          .noun_en = "media",
                                          .size = sizeof(struct media_item),
                                          .fields = fields,
                                          .field_count = sizeof(fields) / sizeof(fields[0]) - 1,
                                          .key_count = 1};

bool media_items_put(struct db *db, const struct media_item *item, struct error *err)
{
    struct arena *arena = arena_create();
    const struct row row = {
        *item, folding_of(arena, arena_printf(arena, "%s %s %s", item->name ? item->name : "",
                                              item->alt ? item->alt : "",
                                              item->credit ? item->credit : ""))};
    bool ok = record_put(db, &row_record, &row, err);

    arena_destroy(arena);
    return ok;
}

bool media_items_get(struct db *db, struct arena *arena, const char *sha256, struct media_item *out,
                     struct error *err)
{
    return record_get(db, &item_record, arena, sha256, out, err);
}

bool media_items_delete(struct db *db, const char *sha256, struct error *err)
{
    return record_delete(db, &item_record, sha256, err);
}

const char *media_items_key(struct arena *arena, const struct media_item *item)
{
    return arena_printf(arena, "%lld-%s", (long long)item->created_ms, item->sha256);
}

static bool read_after(const char *after, struct db_value *created_out, struct db_value *sha256_out,
                       struct error *err)
{
    char *end;
    long long created = strtoll(after, &end, 10);

    if (end == after || *end != '-' || strlen(end + 1) != 64) {
        error_set(err, ERROR_INVALID, "cette clé de page n’en est pas une", "no key of a page");
        error_field(err, "after");
        return false;
    }
    *created_out = db_int(created);
    *sha256_out = db_text(end + 1);
    return true;
}

bool media_items_list(struct db *db, struct arena *arena, const struct media_item_page *page,
                      struct media_item_list *out, struct error *err)
{
    struct db_value values[] = {
        db_int(INT64_MAX),
        db_text(""),
        db_text(page->kind < 0 ? "" : item_kind_tags[page->kind]),
        db_text(page->state < 0 ? "" : item_state_tags[page->state]),
        db_int(page->site != NULL),
        db_text(page->site),
        db_text(arena_printf(arena, "%%%s%%", folding_of(arena, page->words))),
        db_int((int64_t)page->limit)};
    void *items = NULL;

    if (page->after[0] != '\0' && !read_after(page->after, &values[0], &values[1], err))
        return false;
    bool ok = record_list(db, &item_record, arena,
                          "WHERE (created_ms < $1 OR (created_ms = $1 AND sha256 > $2))"
                          " AND ($3 = '' OR kind = $3) AND ($4 = '' OR state = $4)"
                          " AND ($5 = 0 OR site = $6)"
                          " AND folded LIKE $7"
                          " ORDER BY created_ms DESC, sha256 LIMIT $8",
                          values, 8, &items, &out->count, err);
    out->items = items;
    return ok;
}

bool media_items_take(struct db *db, struct arena *arena, unsigned kind_set, int64_t now_ms,
                      struct media_item *out, struct error *err)
{
    struct db_value values[ITEM_KINDS];
    struct media_item_list list;
    void *items = NULL;
    bool own;

    for (unsigned i = 0; i < ITEM_KINDS; i++)
        values[i] = db_text(kind_set & (1u << i) ? item_kind_tags[i] : "");
    if (!db_join(db, &own, err))
        return false;
    bool ok = record_list(db, &item_record, arena,
                          "WHERE state = 'received' AND kind IN ($1, $2, $3, $4, $5)"
                          " ORDER BY updated_ms, sha256 LIMIT 1",
                          values, ITEM_KINDS, &items, &list.count, err);
    if (ok && list.count == 0)
        ok = error_set(err, ERROR_NOT_FOUND, "rien n’attend", "nothing waits");
    if (ok) {
        *out = ((struct media_item *)items)[0];
        out->state = ITEM_PROCESSING;
        out->tries++;
        out->progress = 0;
        out->updated_ms = now_ms;
        ok = media_items_put(db, out, err);
    }
    return db_leave(db, own, ok, err);
}

bool media_items_progress(struct db *db, const char *sha256, int64_t progress, struct error *err)
{
    const struct db_value values[] = {db_text(sha256), db_int(progress)};
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = db_run(db, "UPDATE media_items SET progress = $2 WHERE sha256 = $1", values, 2, err);
    return db_leave(db, own, ok, err);
}

bool media_items_resume(struct db *db, struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = db_run(db, "UPDATE media_items SET state = 'received' WHERE state = 'processing'",
                     NULL, 0, err);
    return db_leave(db, own, ok, err);
}

bool media_items_stale(struct db *db, struct arena *arena, int64_t before_ms,
                       struct media_item_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(before_ms)};
    void *items = NULL;
    bool ok = record_list(db, &item_record, arena, "WHERE state = 'refused' AND updated_ms < $1",
                          values, 1, &items, &out->count, err);

    out->items = items;
    return ok;
}
