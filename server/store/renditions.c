/* Of media_items.h: renditions, and where media are used. */
#include "server/store/media_items.h"
#include "server/store/record.h"

static const struct field fields[] = {
    FIELD(rendition, original, FIELD_TEXT), FIELD(rendition, role, FIELD_TEXT),
    FIELD(rendition, page, FIELD_INT64),    FIELD(rendition, sha256, FIELD_TEXT),
    FIELD(rendition, type, FIELD_TEXT),     FIELD(rendition, width, FIELD_INT64),
    FIELD(rendition, height, FIELD_INT64),  FIELD(rendition, length_ms, FIELD_INT64),
    FIELD(rendition, size, FIELD_INT64),
};

static const struct record rendition_record = {.table = "renditions",
                                               .noun_fr = "image préparée",
                                               .noun_en = "rendition",
                                               .size = sizeof(struct rendition),
                                               RECORD_FIELDS(fields),
                                               .key_count = 3,
                                               .content = true,
                                               .directory = true};

bool renditions_put(struct db *db, const struct rendition *rendition, struct error *err)
{
    return record_put(db, &rendition_record, rendition, err);
}

bool renditions_list(struct db *db, struct arena *arena, const char *original,
                     struct rendition_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(original)};
    void *items = NULL;
    bool ok = record_list(db, &rendition_record, arena, "WHERE original = $1 ORDER BY role, page",
                          values, 1, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool renditions_get(struct db *db, struct arena *arena, const char *original, const char *role,
                    int64_t page, struct rendition *out, struct error *err)
{
    const struct db_value values[] = {db_text(original), db_text(role), db_int(page)};

    return record_find(db, &rendition_record, arena, "original = $1 AND role = $2 AND page = $3",
                       values, 3, out, err);
}

bool renditions_count(struct db *db, const char *sha256, int64_t *count_out, struct error *err)
{
    const struct db_value values[] = {db_text(sha256)};

    return record_scalar(db, "SELECT count(*) FROM renditions WHERE sha256 = $1", values, 1,
                         count_out, err);
}

static bool check_shown(const struct media_item *item, struct error *err)
{
    switch (item->state) {
    case ITEM_RECEIVED:
    case ITEM_PROCESSING:
        return error_set(err, ERROR_CONFLICT,
                         "« %.100s » est encore en préparation ; attendez qu’il soit prêt",
                         "\"%.100s\" is still being prepared; wait until it is ready", item->name);
    case ITEM_REFUSED:
        return error_set(err, ERROR_CONFLICT, "« %.100s » est refusé ; envoyez un autre fichier",
                         "\"%.100s\" is refused; send another file", item->name);
    case ITEM_READY:
        break;
    }
    return (item->kind != ITEM_PAGES && item->kind != ITEM_SLIDES) ||
           error_set(err, ERROR_CONFLICT,
                     "« %.100s » est un document de plusieurs pages : choisissez l’une d’elles",
                     "\"%.100s\" is a document of several pages: choose one of them", item->name);
}

bool media_shown(struct db *db, struct arena *arena, const char *sha256, struct media_record *out,
                 struct error *err)
{
    struct media_item item;
    struct rendition rendition;
    struct error cause;

    if (!media_items_get(db, arena, sha256, &item, &cause)) {
        /* A page, a poster, or a file of the server's own. */
        return media_records_get(db, arena, sha256, out, err);
    }
    if (!check_shown(&item, err))
        return false;
    if (!item.original)
        return media_records_get(db, arena, sha256, out, err);
    return renditions_get(db, arena, sha256, item.kind == ITEM_FILM ? "film" : "screen", 0,
                          &rendition, err) &&
           media_records_get(db, arena, rendition.sha256, out, err);
}

bool media_uses(struct db *db, struct arena *arena, const char *sha256, struct media_use_list *out,
                struct error *err)
{
    static const struct field use_fields[] = {
        FIELD(media_use, kind, FIELD_TEXT),
        FIELD(media_use, id, FIELD_TEXT),
        FIELD(media_use, title, FIELD_TEXT),
    };
    /* Not one table but all where a hash may stand. */
    static const struct record use_record = {
        .table = "(SELECT kind, id, MAX(title) AS title FROM"
                 " (SELECT 'portrait' AS kind, id, leader_name AS title FROM portraits"
                 "   WHERE photo = $1 OR film = $1 OR captions = $1"
                 " UNION SELECT 'organisation', id, nom FROM organisations WHERE image = $1"
                 " UNION SELECT 'event', uid, title FROM events WHERE image = $1"
                 " UNION SELECT 'playlist', id, title FROM playlists WHERE document LIKE $2"
                 " UNION SELECT 'layout', id, title FROM layouts WHERE document LIKE $2"
                 " UNION SELECT 'template', name, name FROM templates WHERE document LIKE $2"
                 " UNION SELECT kind, id, title FROM records WHERE document LIKE $2)"
                 " AS places GROUP BY kind, id)",
        .size = sizeof(struct media_use),
        RECORD_FIELDS(use_fields),
        .key_count = 2};
    const struct db_value values[] = {
        db_text(sha256), db_text(arena_printf(arena, "%%%s%%", sha256)), db_int(MEDIA_USES_MAX)};
    void *items = NULL;
    bool ok = record_list(db, &use_record, arena, "AS uses ORDER BY kind, id LIMIT $3", values, 3,
                          &items, &out->count, err);

    out->items = items;
    return ok;
}
