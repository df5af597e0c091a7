/* Where it shows: screens, groups and sites. */
#include "server/content/forms.h"
#include "server/records/resource_private.h"

/* --- screens --------------------------------------------------------------------------------- */

static bool get_screen(struct db *db, struct arena *arena, const char *id, void *out,
                       struct error *err)
{
    return screens_get(db, arena, id, out, err);
}

static bool put_screen(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                       struct error *err)
{
    struct screen screen = *(const struct screen *)value;
    enum upsert_result result;

    screen.updated_ms = now_ms;
    return resource_refer(references_of_screen(db, arena, &screen, err), err) &&
           screens_upsert(db, arena, &screen, &result, err);
}

static bool remove_screen(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    return resource_unused(db, arena, &resource_screen, id, err) && screens_delete(db, id, err);
}

static void screen_facets(const void *value, struct resource_facets *out)
{
    out->site = ((const struct screen *)value)->site;
}

static bool screen_sites(struct db *db, struct arena *arena, const void *value,
                         struct text_list *out, struct error *err)
{
    (void)db;
    (void)err;
    return resource_one_site(arena, ((const struct screen *)value)->site, out);
}

const struct resource resource_screen = {
    .kind = "screen",
    .plural = "screens",
    .noun_fr = "Écran",
    .noun_en = "Screen",
    .form = &screen_form,
    .direct = true,
    .hidden = true,
    .write = PERMISSION_OPERATE,
    .facets = screen_facets,
    .get = get_screen,
    .put = put_screen,
    .remove = remove_screen,
    .sites = screen_sites,
};

/* --- groups ---------------------------------------------------------------------------------- */

static bool get_group(struct db *db, struct arena *arena, const char *id, void *out,
                      struct error *err)
{
    return groups_get(db, arena, id, out, err);
}

static bool put_group(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                      struct error *err)
{
    enum upsert_result result;

    (void)now_ms;
    return groups_upsert(db, arena, value, &result, err);
}

static bool remove_group(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    return resource_unused(db, arena, &resource_group, id, err) && groups_delete(db, id, err);
}

const struct resource resource_group = {
    .kind = "group",
    .plural = "groups",
    .noun_fr = "Groupe",
    .noun_en = "Group",
    .form = &group_form,
    .direct = true,
    .write = PERMISSION_OPERATE,
    .get = get_group,
    .put = put_group,
    .remove = remove_group,
};

/* --- sites ----------------------------------------------------------------------------------- */

static bool get_site(struct db *db, struct arena *arena, const char *id, void *out,
                     struct error *err)
{
    return sites_get(db, arena, id, out, err);
}

static bool put_site(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                     struct error *err)
{
    enum upsert_result result;

    (void)now_ms;
    return sites_upsert(db, arena, value, &result, err);
}

static bool remove_site(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    return resource_unused(db, arena, &resource_site, id, err) && sites_delete(db, id, err);
}

/* Somebody bound to a site may describe it, and make no other. */
static bool site_sites(struct db *db, struct arena *arena, const void *value, struct text_list *out,
                       struct error *err)
{
    (void)db;
    (void)err;
    return resource_one_site(arena, ((const struct site *)value)->id, out);
}

const struct resource resource_site = {
    .kind = "site",
    .plural = "sites",
    .noun_fr = "Site",
    .noun_en = "Site",
    .form = &site_form,
    .direct = true,
    .write = PERMISSION_OPERATE,
    .get = get_site,
    .put = put_site,
    .remove = remove_site,
    .sites = site_sites,
};
