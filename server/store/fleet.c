#include "server/store/fleet.h"

#include "server/store/record.h"

static const struct field site_fields[] = {
    FIELD(site, id, FIELD_TEXT),       FIELD(site, name, FIELD_TEXT),
    FIELD(site, commune, FIELD_TEXT),  FIELD(site, address, FIELD_TEXT),
    FIELD(site, latitude, FIELD_REAL), FIELD(site, longitude, FIELD_REAL),
    FIELD(site, accent, FIELD_TEXT),
};

static const struct record site_record = {
    .table = "sites",
    .noun_fr = "site",
    .noun_en = "site",
    .size = sizeof(struct site),
    RECORD_FIELDS(site_fields),
    .key_count = 1,
    .content = true,
};

static const struct field group_fields[] = {
    FIELD(group, id, FIELD_TEXT),
    FIELD(group, name, FIELD_TEXT),
};

static const struct record group_record = {
    .table = "screen_groups",
    .noun_fr = "groupe",
    .noun_en = "group",
    .size = sizeof(struct group),
    RECORD_FIELDS(group_fields),
    .key_count = 1,
    .content = true,
};

static const struct field screen_fields[] = {
    FIELD(screen, id, FIELD_TEXT),
    FIELD(screen, name, FIELD_TEXT),
    FIELD(screen, site, FIELD_TEXT),
    FIELD_AS(screen, groups, FIELD_LIST, "member_of"),
    FIELD(screen, width_px, FIELD_INT64),
    FIELD(screen, height_px, FIELD_INT64),
    FIELD(screen, rotation, FIELD_INT64),
    FIELD(screen, diagonal_mm, FIELD_INT64),
    FIELD(screen, viewing_distance_mm, FIELD_INT64),
    FIELD(screen, bottom_edge_mm, FIELD_INT64),
    FIELD(screen, kiosk, FIELD_BOOL),
    FIELD(screen, time_zone, FIELD_TEXT),
    FIELD(screen, languages, FIELD_LIST),
    FIELD(screen, opening, FIELD_TEXT),
    FIELD(screen, layout, FIELD_TEXT),
    FIELD(screen, reduced_motion, FIELD_BOOL),
    FIELD_QUIET(screen, updated_ms, FIELD_INT64),
};

static const struct record screen_record = {
    .table = "screens",
    .noun_fr = "écran",
    .noun_en = "screen",
    .size = sizeof(struct screen),
    RECORD_FIELDS(screen_fields),
    .key_count = 1,
    .content = true,
};

bool sites_upsert(struct db *db, struct arena *arena, const struct site *site,
                  enum upsert_result *out, struct error *err)
{
    return record_upsert(db, &site_record, arena, site, out, err);
}

bool sites_get(struct db *db, struct arena *arena, const char *id, struct site *out,
               struct error *err)
{
    return record_get(db, &site_record, arena, id, out, err);
}

bool sites_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &site_record, id, err);
}

bool sites_list(struct db *db, struct arena *arena, struct site_list *out, struct error *err)
{
    void *items = NULL;
    bool ok =
        record_list(db, &site_record, arena, "ORDER BY id", NULL, 0, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool groups_upsert(struct db *db, struct arena *arena, const struct group *group,
                   enum upsert_result *out, struct error *err)
{
    return record_upsert(db, &group_record, arena, group, out, err);
}

bool groups_get(struct db *db, struct arena *arena, const char *id, struct group *out,
                struct error *err)
{
    return record_get(db, &group_record, arena, id, out, err);
}

bool groups_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &group_record, id, err);
}

bool groups_list(struct db *db, struct arena *arena, struct group_list *out, struct error *err)
{
    void *items = NULL;
    bool ok =
        record_list(db, &group_record, arena, "ORDER BY id", NULL, 0, &items, &out->count, err);

    out->items = items;
    return ok;
}

/* No foreign key, because "" is allowed. */
static bool check_site(struct db *db, struct arena *arena, const struct screen *screen,
                       struct error *err)
{
    struct site site;

    if (!screen->site || !*screen->site || sites_get(db, arena, screen->site, &site, err))
        return true;
    error_field(err, "site");
    return false;
}

static bool check_groups(struct db *db, struct arena *arena, const struct screen *screen,
                         struct error *err)
{
    struct group group;

    for (size_t i = 0; i < screen->groups.count; i++) {
        if (!record_get(db, &group_record, arena, screen->groups.items[i], &group, err)) {
            error_field(err, "groups");
            return false;
        }
    }
    return true;
}

bool screens_upsert(struct db *db, struct arena *arena, const struct screen *screen,
                    enum upsert_result *out, struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = check_site(db, arena, screen, err) && check_groups(db, arena, screen, err) &&
              record_upsert(db, &screen_record, arena, screen, out, err);
    if (ok && *out != UPSERT_UNCHANGED)
        ok = record_children(db, "DELETE FROM screen_members WHERE screen = $1",
                             "INSERT INTO screen_members (screen, screen_group) VALUES ($1, $2) "
                             "ON CONFLICT DO NOTHING",
                             screen->id, &screen->groups, err);
    return db_leave(db, own, ok, err);
}

bool screens_get(struct db *db, struct arena *arena, const char *id, struct screen *out,
                 struct error *err)
{
    return record_get(db, &screen_record, arena, id, out, err);
}

bool screens_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &screen_record, id, err);
}

bool screens_list(struct db *db, struct arena *arena, struct screen_list *out, struct error *err)
{
    void *items = NULL;
    bool ok =
        record_list(db, &screen_record, arena, "ORDER BY id", NULL, 0, &items, &out->count, err);

    out->items = items;
    return ok;
}
