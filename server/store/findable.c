#include "server/store/findable.h"

#include <assert.h>

#include "server/store/record.h"
#include "server/store/settings.h"

const char *const findable_kinds[] = {"organisation", "portrait", "event",  "announcement",
                                      "playlist",     "rule",     "screen", "media"};
const size_t findable_kind_count = sizeof(findable_kinds) / sizeof(findable_kinds[0]);

/* Drafts without a record of their own; the documents are searched by their title. */
#define DRAFTS(kind, table, key)                                                                   \
    " UNION ALL SELECT r.id AS id, r.title AS title, '' AS subtitle, r.author AS words, "          \
    "r.site AS site, r.state AS state, r.updated_ms AS stamp FROM records r WHERE r.kind = '" kind \
    "' AND r.document <> '' AND NOT EXISTS (SELECT 1 FROM " table " t WHERE t." key " = r.id)"

#define ORGANISATIONS                                                                              \
    "SELECT id, nom AS title, commune AS subtitle, search_text || ' ' || siret || ' ' || rna "     \
    "AS words, site, state, updated_ms AS stamp FROM organisations" DRAFTS("organisation",         \
                                                                           "organisations", "id")
#define PORTRAITS                                                                                  \
    "SELECT p.id AS id, p.leader_name AS title, coalesce(o.nom, p.organisation) AS subtitle, "     \
    "p.leader_role || ' ' || p.quote || ' ' || p.story || ' ' || coalesce(o.nom, '') AS words, "   \
    "coalesce(r.site, '') AS site, p.state AS state, "                                             \
    "p.updated_ms + coalesce(o.updated_ms, 0) AS stamp FROM portraits p "                          \
    "LEFT JOIN organisations o ON o.id = p.organisation "                                          \
    "LEFT JOIN records r ON r.kind = 'portrait' AND r.id = p.id" DRAFTS("portrait", "portraits",   \
                                                                        "id")
#define EVENTS                                                                                     \
    "SELECT e.uid AS id, e.title AS title, "                                                       \
    "CASE WHEN e.place = '' THEN e.commune ELSE e.place END AS subtitle, "                         \
    "e.resume || ' ' || e.place || ' ' || e.commune || ' ' || e.organiser || ' ' || "              \
    "e.categories AS words, coalesce(r.site, '') AS site, e.state AS state, "                      \
    "e.updated_ms AS stamp FROM events e "                                                         \
    "LEFT JOIN records r ON r.kind = 'event' AND r.id = e.uid" DRAFTS("event", "events", "uid")
#define ANNOUNCEMENTS                                                                              \
    "SELECT a.id AS id, a.title AS title, '' AS subtitle, a.words AS words, "                      \
    "coalesce(r.site, '') AS site, a.state AS state, a.updated_ms AS stamp FROM announcements a "  \
    "LEFT JOIN records r ON r.kind = 'announcement' AND r.id = a.id" DRAFTS("announcement",        \
                                                                            "announcements", "id")
#define PLAYLISTS                                                                                  \
    "SELECT p.id AS id, p.title AS title, '' AS subtitle, p.id AS words, "                         \
    "coalesce(r.site, '') AS site, 'published' AS state, p.updated_ms AS stamp FROM playlists p "  \
    "LEFT JOIN records r ON r.kind = 'playlist' AND r.id = p.id" DRAFTS("playlist", "playlists",   \
                                                                        "id")
#define RULES                                                                                      \
    "SELECT u.id AS id, u.title AS title, coalesce(p.title, u.playlist) AS subtitle, "             \
    "u.id || ' ' || coalesce(p.title, '') AS words, coalesce(r.site, '') AS site, "                \
    "u.state AS state, u.updated_ms + coalesce(p.updated_ms, 0) AS stamp FROM rules u "            \
    "LEFT JOIN playlists p ON p.id = u.playlist "                                                  \
    "LEFT JOIN records r ON r.kind = 'rule' AND r.id = u.id" DRAFTS("rule", "rules", "id")
#define SCREENS                                                                                    \
    "SELECT s.id AS id, s.name AS title, coalesce(i.name, s.site) AS subtitle, "                   \
    "s.id || ' ' || coalesce(i.name || ' ' || i.commune, '') AS words, s.site AS site, "           \
    "'' AS state, s.updated_ms + coalesce(r.updated_ms, 0) AS stamp FROM screens s "               \
    "LEFT JOIN sites i ON i.id = s.site "                                                          \
    "LEFT JOIN records r ON r.kind = 'site' AND r.id = s.site"
#define MEDIA                                                                                      \
    "SELECT sha256 AS id, name AS title, type AS subtitle, alt || ' ' || credit AS words, site, "  \
    "state, updated_ms AS stamp FROM media_items"

#define BOTH(sql)                                                                                  \
    {                                                                                              \
        "SELECT id, stamp FROM (" sql ") ORDER BY id",                                             \
            "SELECT id, title, subtitle, words, site, state, stamp FROM (" sql ")",                \
            "SELECT id, title, subtitle, words, site, state, stamp FROM (" sql ") WHERE id = $1"   \
    }

/* Ids and stamps; all; one. */
static const char *const texts[][3] = {
    BOTH(ORGANISATIONS), BOTH(PORTRAITS), BOTH(EVENTS),  BOTH(ANNOUNCEMENTS),
    BOTH(PLAYLISTS),     BOTH(RULES),     BOTH(SCREENS), BOTH(MEDIA),
};

bool findable_version(struct db *db, struct findable_version *out, struct error *err)
{
    return settings_content_version(db, &out->content, err) &&
           record_scalar(db, "SELECT count(*) FROM records WHERE state <> ''", NULL, 0,
                         &out->drafts, err) &&
           record_scalar(db, "SELECT coalesce(max(updated_ms), 0) FROM records WHERE state <> ''",
                         NULL, 0, &out->drafted_ms, err) &&
           record_scalar(db, "SELECT count(*) FROM media_items", NULL, 0, &out->media, err) &&
           record_scalar(db, "SELECT coalesce(max(updated_ms), 0) FROM media_items", NULL, 0,
                         &out->media_ms, err);
}

bool findable_stamps(struct db *db, size_t kind,
                     bool (*each)(void *context, const char *id, int64_t stamp, struct error *err),
                     void *context, struct error *err)
{
    assert(kind < findable_kind_count);
    struct db_statement *statement = db_query(db, texts[kind][0], NULL, 0, err);
    struct arena *arena = arena_create();
    enum db_step step = DB_FAILED;

    while (statement != NULL && (step = db_step(statement, err)) == DB_ROW) {
        if (!each(context, db_column_text(statement, 0, arena), db_column_int(statement, 1), err)) {
            db_reset(statement);
            step = DB_FAILED;
            break;
        }
        arena_reset(arena);
    }
    arena_destroy(arena);
    return step == DB_DONE;
}

bool findable_records(struct db *db, size_t kind, const char *id,
                      bool (*each)(void *context, const struct findable *record, struct error *err),
                      void *context, struct error *err)
{
    const struct db_value values[] = {db_text(id)};
    assert(kind < findable_kind_count);
    struct db_statement *statement =
        db_query(db, texts[kind][id == NULL ? 1 : 2], values, id != NULL, err);
    struct arena *arena = arena_create();
    enum db_step step = DB_FAILED;

    while (statement != NULL && (step = db_step(statement, err)) == DB_ROW) {
        struct findable record = {.id = db_column_text(statement, 0, arena),
                                  .title = db_column_text(statement, 1, arena),
                                  .subtitle = db_column_text(statement, 2, arena),
                                  .words = db_column_text(statement, 3, arena),
                                  .site = db_column_text(statement, 4, arena),
                                  .state = db_column_text(statement, 5, arena),
                                  .stamp = db_column_int(statement, 6)};
        if (!each(context, &record, err)) {
            db_reset(statement);
            step = DB_FAILED;
            break;
        }
        arena_reset(arena);
    }
    arena_destroy(arena);
    return step == DB_DONE;
}
