#include "server/store/listing.h"

#include <string.h>

#include "server/store/folding.h"
#include "server/store/record.h"

#define VALUES_MAX 64
#define SITES_MAX 50
#define IDS_MAX 1000

struct table {
    const char *kind;
    const char *name;
    const char *id;
    bool state;
    const char *site; /* column; NULL: the record's owner */
    const char *organisation;
    const char *commune;
    const char *sector;
    const char *sectors; /* a child table's selection of ids by sector */
};

static const struct table tables[] = {
    {.kind = "organisation",
     .name = "organisations",
     .id = "id",
     .state = true,
     .site = "site",
     .organisation = "id",
     .commune = "commune_key",
     .sectors = "SELECT organisation FROM organisation_sectors WHERE sector = "},
    {.kind = "portrait",
     .name = "portraits",
     .id = "id",
     .state = true,
     .organisation = "organisation",
     .sector = "sector"},
    {.kind = "event",
     .name = "events",
     .id = "uid",
     .state = true,
     .organisation = "organisation",
     .commune = "commune_key"},
    {.kind = "announcement", .name = "announcements", .id = "id", .state = true},
    {.kind = "playlist", .name = "playlists", .id = "id"},
    {.kind = "rule", .name = "rules", .id = "id", .state = true},
    {.kind = "screen", .name = "screens", .id = "id", .site = "site"},
    {.kind = "group", .name = "screen_groups", .id = "id"},
    {.kind = "site", .name = "sites", .id = "id", .site = "id"},
};

static const struct table *find_table(const char *kind)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
        if (strcmp(tables[i].kind, kind) == 0)
            return &tables[i];
    return NULL;
}

/* A statement with its values, as it is put together. */
struct selection {
    struct strbuf sql;
    struct db_value values[VALUES_MAX];
    size_t count;
};

/* "$n" for a text. */
static void append_text(struct selection *selection, const char *text)
{
    selection->values[selection->count++] = db_text(text);
    strbuf_printf(&selection->sql, "$%zu", selection->count);
}

static void narrow(struct selection *selection, const char *column, const char *text)
{
    if (column == NULL || text[0] == '\0')
        return;
    strbuf_printf(&selection->sql, " AND t.%s = ", column);
    append_text(selection, text);
}

static void append_sites(struct selection *selection, const struct text_list *sites)
{
    strbuf_append(&selection->sql, " IN (");
    for (size_t i = 0; i < sites->count && i < SITES_MAX; i++) {
        strbuf_append(&selection->sql, i > 0 ? ", " : "");
        append_text(selection, sites->items[i]);
    }
    strbuf_append_char(&selection->sql, ')');
}

static void narrow_sites(struct selection *selection, const struct table *table,
                         const struct text_list *sites)
{
    if (sites->count == 0)
        return;
    if (table->site != NULL) {
        strbuf_printf(&selection->sql, " AND t.%s", table->site);
    } else {
        strbuf_append(&selection->sql,
                      " AND coalesce((SELECT r.site FROM records r WHERE r.kind = ");
        append_text(selection, table->kind);
        strbuf_printf(&selection->sql, " AND r.id = t.%s), '')", table->id);
    }
    append_sites(selection, sites);
}

/* Those that have a working copy are in the state that it is in. */
static void narrow_state(struct selection *selection, const struct table *table, const char *state)
{
    if (state[0] == '\0')
        return;
    if (table->state)
        narrow(selection, "state", state);
    else
        strbuf_append(&selection->sql,
                      strcmp(state, state_choice.tags[STATE_PUBLISHED]) == 0 ? "" : " AND 1 = 0");
    strbuf_append(&selection->sql, " AND NOT EXISTS (SELECT 1 FROM records r WHERE r.kind = ");
    append_text(selection, table->kind);
    strbuf_printf(&selection->sql,
                  " AND r.id = t.%s AND r.document <> '' AND r.state NOT IN ('', 'archived'))",
                  table->id);
}

static void select_ids(struct selection *selection, const struct table *table,
                       const struct listing *listing, struct arena *arena)
{
    const char *site[] = {listing->site};

    strbuf_printf(&selection->sql, "SELECT t.%s FROM %s t WHERE t.%s > ", table->id, table->name,
                  table->id);
    append_text(selection, listing->after);
    narrow_state(selection, table, listing->state);
    narrow(selection, table->organisation, listing->organisation);
    narrow(selection, table->sector, listing->sector);
    if (listing->commune[0] != '\0')
        narrow(selection, table->commune, folding_of(arena, listing->commune));
    if (table->sectors != NULL && listing->sector[0] != '\0') {
        strbuf_printf(&selection->sql, " AND t.%s IN (%s", table->id, table->sectors);
        append_text(selection, listing->sector);
        strbuf_append_char(&selection->sql, ')');
    }
    if (listing->site[0] != '\0')
        narrow_sites(selection, table, &(struct text_list){1, site});
    narrow_sites(selection, table, &listing->sites);
    selection->values[selection->count++] = db_int((int64_t)listing->limit);
    strbuf_printf(&selection->sql, " ORDER BY t.%s LIMIT $%zu", table->id, selection->count);
}

static bool read_texts(struct db *db, struct arena *arena, const char *sql,
                       const struct db_value *values, size_t count, struct text_list *out,
                       struct error *err)
{
    struct db_statement *statement = db_query(db, sql, values, count, err);
    enum db_step step = DB_FAILED;

    *out = (struct text_list){0, arena_array(arena, IDS_MAX, sizeof(*out->items))};
    while (statement != NULL && (step = db_step(statement, err)) == DB_ROW) {
        if (out->count < IDS_MAX)
            out->items[out->count++] = db_column_text(statement, 0, arena);
    }
    return step == DB_DONE;
}

bool listing_ids(struct db *db, struct arena *arena, const struct listing *listing,
                 struct text_list *out, struct error *err)
{
    const struct table *table = find_table(listing->kind);
    struct selection *selection = arena_alloc(arena, sizeof(*selection));

    if (table == NULL)
        return error_set(err, ERROR_INTERNAL, "type inconnu : %s", "unknown kind: %s",
                         listing->kind);
    strbuf_init(&selection->sql);
    select_ids(selection, table, listing, arena);
    bool ok =
        read_texts(db, arena, selection->sql.bytes, selection->values, selection->count, out, err);
    strbuf_finish(&selection->sql);
    return ok;
}

static const struct {
    const char *kind;
    const char *sql; /* user's kind and id */
} users[] = {
    {"organisation", "SELECT 'portrait', id FROM portraits WHERE organisation = $1 UNION ALL "
                     "SELECT 'event', uid FROM events WHERE organisation = $1 LIMIT 1"},
    {"playlist",
     "SELECT 'rule', id FROM rules WHERE playlist = $1 AND state <> 'archived' LIMIT 1"},
    {"screen", "SELECT 'rule', rule FROM rule_screens WHERE screen = $1 UNION ALL "
               "SELECT 'device', screen FROM devices WHERE screen = $1 LIMIT 1"},
    {"group", "SELECT 'screen', screen FROM screen_members WHERE screen_group = $1 UNION ALL "
              "SELECT 'rule', rule FROM rule_groups WHERE screen_group = $1 LIMIT 1"},
    {"site", "SELECT 'screen', id FROM screens WHERE site = $1 UNION ALL "
             "SELECT 'organisation', id FROM organisations WHERE site = $1 UNION ALL "
             "SELECT kind, id FROM records WHERE site = $1 AND NOT (kind = 'site' AND id = $1) "
             "UNION ALL SELECT 'account', name FROM users "
             "WHERE ',' || sites || ',' LIKE '%,' || $1 || ',%' LIMIT 1"},
};

bool listing_user_of(struct db *db, struct arena *arena, const char *kind, const char *id,
                     const char **user_kind_out, const char **user_id_out, struct error *err)
{
    const struct db_value values[] = {db_text(id)};

    *user_kind_out = *user_id_out = "";
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
        if (strcmp(users[i].kind, kind) != 0)
            continue;
        struct db_statement *statement = db_query(db, users[i].sql, values, 1, err);
        if (statement == NULL)
            return false;
        enum db_step step = db_step(statement, err);
        if (step == DB_ROW) {
            *user_kind_out = db_column_text(statement, 0, arena);
            *user_id_out = db_column_text(statement, 1, arena);
            db_reset(statement);
        }
        return step != DB_FAILED;
    }
    return true;
}

bool listing_group_sites(struct db *db, struct arena *arena, const char *group,
                         struct text_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(group)};

    return read_texts(db, arena,
                      "SELECT DISTINCT site FROM screens JOIN screen_members ON screen = id "
                      "WHERE screen_group = $1 ORDER BY site",
                      values, 1, out, err);
}
