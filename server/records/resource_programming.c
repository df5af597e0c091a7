/* What shows where and when: playlists and rules. */
#include <string.h>

#include "server/content/forms.h"
#include "server/records/publishable.h"
#include "server/records/resource_private.h"
#include "server/store/listing.h"
#include "server/store/media_items.h"

/* --- playlists ------------------------------------------------------------------------------- */

static bool get_playlist(struct db *db, struct arena *arena, const char *id, void *out,
                         struct error *err)
{
    return playlists_get(db, arena, id, out, err);
}

static bool check_files(struct db *db, struct arena *arena, const struct playlist_entry *entry,
                        struct error *err)
{
    if (entry->kind == ENTRY_WRITTEN)
        return resource_media(db, arena, entry->slide->picture.sha256, "image/",
                              "slide.picture.file_sha256", err);
    return entry->kind != ENTRY_FILM || (resource_media(db, arena, entry->film->file.sha256,
                                                        "video/", "film.file_sha256", err) &&
                                         resource_media(db, arena, entry->film->captions.sha256,
                                                        "text/vtt", "film.captions_sha256", err));
}

static bool check_entries(struct db *db, struct arena *arena, const struct playlist *playlist,
                          struct error *err)
{
    for (size_t i = 0; i < playlist->entry_count; i++) {
        const struct playlist_entry *entry = &playlist->entries[i];
        if (!check_files(db, arena, entry, err) ||
            !resource_refer(references_of_entry(db, arena, entry, err), err))
            return error_field(err, arena_printf(arena, "entries[%zu]", i));
    }
    return true;
}

/* A film lasts as long as the library says. */
static bool check_length(struct db *db, struct arena *arena, struct playlist_film *film,
                         struct error *err)
{
    struct media_item item;
    struct error ignored;

    if (film->length_ms == 0 && media_items_get(db, arena, film->file.sha256, &item, &ignored))
        film->length_ms = item.length_ms;
    if (film->length_ms > 0)
        return true;
    error_set(err, ERROR_INVALID, "la durée de ce film n’est pas connue : donnez-la",
              "this film's length is not known: give it");
    return error_field(err, "film.length_ms");
}

static bool set_lengths(struct db *db, struct arena *arena, struct playlist *playlist,
                        struct error *err)
{
    for (size_t i = 0; i < playlist->entry_count; i++) {
        if (playlist->entries[i].kind == ENTRY_FILM &&
            !check_length(db, arena, playlist->entries[i].film, err))
            return error_field(err, arena_printf(arena, "entries[%zu]", i));
    }
    return true;
}

static bool put_playlist(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                         struct error *err)
{
    struct playlist_record record = *(const struct playlist_record *)value;
    struct playlist *playlist = playlist_decode(record.document, strlen(record.document), err);
    enum upsert_result result;
    struct strbuf document;

    record.updated_ms = now_ms;
    strbuf_init(&document);
    bool ok = playlist != NULL && check_entries(db, arena, playlist, err) &&
              set_lengths(db, arena, playlist, err);
    if (ok) {
        playlist_encode(playlist, &document);
        record.document = document.bytes;
        ok = playlists_upsert(db, arena, &record, &result, err);
    }
    strbuf_finish(&document);
    playlist_destroy(playlist);
    return ok;
}

static bool remove_playlist(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    return resource_unused(db, arena, &resource_playlist, id, err) && playlists_delete(db, id, err);
}

const struct resource resource_playlist = {
    .kind = "playlist",
    .plural = "playlists",
    .noun_fr = "Playlist",
    .noun_en = "Playlist",
    .form = &playlist_form,
    .write = PERMISSION_PUBLISH,
    .get = get_playlist,
    .put = put_playlist,
    .remove = remove_playlist,
};

/* --- rules ----------------------------------------------------------------------------------- */

static bool get_rule(struct db *db, struct arena *arena, const char *id, void *out,
                     struct error *err)
{
    return rules_get(db, arena, id, out, err);
}

static bool put_rule(struct db *db, struct arena *arena, const void *value, int64_t now_ms,
                     struct error *err)
{
    struct rule rule = *(const struct rule *)value;
    enum upsert_result result;

    rule.updated_ms = now_ms;
    return (rule.state == STATE_ARCHIVED ||
            resource_refer(references_of_rule(db, arena, &rule, err), err)) &&
           rules_upsert(db, arena, &rule, &result, err);
}

static bool remove_rule(struct db *db, struct arena *arena, const char *id, struct error *err)
{
    (void)arena;
    return rules_delete(db, id, err);
}

static void add_site(struct text_list *sites, const char *site)
{
    for (size_t i = 0; i < sites->count; i++)
        if (strcmp(sites->items[i], site) == 0)
            return;
    sites->items[sites->count++] = site;
}

/* A screen that is not there yet, and a group without screens, may become anybody's: they are the
 * network's. */
static bool rule_sites(struct db *db, struct arena *arena, const void *value, struct text_list *out,
                       struct error *err)
{
    const struct rule *rule = value;
    struct text_list *of_groups = arena_array(arena, rule->groups.count, sizeof(*of_groups));
    size_t most = rule->screens.count + 1;

    for (size_t i = 0; i < rule->groups.count; i++) {
        if (!listing_group_sites(db, arena, rule->groups.items[i], &of_groups[i], err))
            return false;
        most += of_groups[i].count + 1;
    }
    *out = (struct text_list){0, arena_array(arena, most, sizeof(*out->items))};
    for (size_t i = 0; i < rule->screens.count; i++) {
        struct screen screen = {.site = ""};
        struct error cause;
        if (!screens_get(db, arena, rule->screens.items[i], &screen, &cause) &&
            cause.kind != ERROR_NOT_FOUND) {
            if (err != NULL)
                *err = cause;
            return false;
        }
        add_site(out, screen.site);
    }
    for (size_t i = 0; i < rule->groups.count; i++) {
        for (size_t k = 0; k < of_groups[i].count; k++)
            add_site(out, of_groups[i].items[k]);
        if (of_groups[i].count == 0)
            add_site(out, "");
    }
    return true;
}

const struct resource resource_rule = {
    .kind = "rule",
    .plural = "rules",
    .noun_fr = "Programmation",
    .noun_en = "Rule",
    .form = &rule_form,
    .has_state = true,
    .state_offset = offsetof(struct rule, state),
    .write = PERMISSION_PUBLISH,
    .get = get_rule,
    .put = put_rule,
    .remove = remove_rule,
    .publishable = publishable_rule,
    .sites = rule_sites,
};
