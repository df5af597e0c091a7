#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "server/records/resource_private.h"
#include "server/store/listing.h"
#include "server/store/media_items.h"

bool resource_refer(bool found, struct error *err)
{
    if (!found && err != NULL && err->kind == ERROR_NOT_FOUND)
        err->kind = ERROR_INVALID;
    return found;
}

bool resource_reference(struct db *db, struct arena *arena, enum referred kind, const char *id,
                        const char *field, struct error *err)
{
    return id[0] == '\0' || resource_refer(references_check(db, arena, kind, id, field, err), err);
}

bool resource_media(struct db *db, struct arena *arena, const char *sha256, const char *type,
                    const char *field, struct error *err)
{
    struct media_record media;
    struct error cause;

    if (sha256[0] == '\0')
        return true;
    if (!media_shown(db, arena, sha256, &media, &cause)) {
        if (cause.kind == ERROR_NOT_FOUND)
            error_set(&cause, ERROR_INVALID, "ce fichier n’est pas dans la médiathèque",
                      "this file is not in the library");
        if (err != NULL)
            *err = cause;
        return error_field(err, field);
    }
    if (strncmp(media.type, type, strlen(type)) == 0)
        return true;
    error_set(err, ERROR_INVALID, "ce fichier est de type %s ; il faut %s",
              "this file is of type %s; it must be %s", media.type, type);
    return error_field(err, field);
}

static bool in_use(const char *kind_fr, const char *kind_en, const char *id, struct error *err)
{
    return error_set(err, ERROR_CONFLICT, "encore employé par %s%.0s « %s » ; changez-le d’abord",
                     "still in use by the %.0s%s \"%s\"; change that first", kind_fr, kind_en, id);
}

static const struct {
    const char *kind;
    const char *fr;
    const char *en;
} users[] = {
    {"organisation", "la structure", "organisation"},
    {"portrait", "le portrait", "portrait"},
    {"event", "l’événement", "event"},
    {"announcement", "l’annonce", "announcement"},
    {"playlist", "la playlist", "playlist"},
    {"rule", "la programmation", "rule"},
    {"screen", "l’écran", "screen"},
    {"group", "le groupe", "group"},
    {"device", "le lecteur rattaché à", "player enrolled as"},
    {"account", "le compte", "account"},
};

static bool refuse_user(const char *kind, const char *id, struct error *err)
{
    for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++)
        if (strcmp(users[i].kind, kind) == 0)
            return in_use(users[i].fr, users[i].en, id, err);
    return in_use(kind, kind, id, err);
}

static bool entry_names(const struct playlist_entry *entry, const char *kind, const char *id)
{
    static const char *const subjects[] = {
        [ENTRY_PORTRAIT] = "portrait",
        [ENTRY_EVENT] = "event",
        [ENTRY_HIGHLIGHT] = "organisation",
        [ENTRY_ANNOUNCEMENT] = "announcement",
    };

    if (entry->kind <= ENTRY_ANNOUNCEMENT)
        return strcmp(subjects[entry->kind], kind) == 0 && strcmp(entry->subject, id) == 0;
    if (entry->kind == ENTRY_WRITTEN)
        return strcmp(kind, "organisation") == 0 && strcmp(entry->slide->organisation, id) == 0;
    return entry->kind != ENTRY_FILM && strcmp(kind, "site") == 0 && strcmp(entry->site, id) == 0;
}

static bool playlist_names(const struct playlist_record *record, const char *kind, const char *id)
{
    struct error ignored;
    struct playlist *playlist =
        playlist_decode(record->document, strlen(record->document), &ignored);
    bool found = false;

    for (size_t i = 0; playlist != NULL && i < playlist->entry_count; i++)
        found = found || entry_names(&playlist->entries[i], kind, id);
    playlist_destroy(playlist);
    return found;
}

bool resource_unused(struct db *db, struct arena *arena, const struct resource *resource,
                     const char *id, struct error *err)
{
    const char *user_kind, *user_id;
    struct playlist_record_list playlists;

    if (!listing_user_of(db, arena, resource->kind, id, &user_kind, &user_id, err))
        return false;
    if (user_kind[0] != '\0')
        return refuse_user(user_kind, user_id, err);
    if (!playlists_list(db, arena, &playlists, err))
        return false;
    for (size_t i = 0; i < playlists.count; i++)
        if (playlist_names(&playlists.items[i], resource->kind, id))
            return refuse_user("playlist", playlists.items[i].id, err);
    return true;
}

bool resource_one_site(struct arena *arena, const char *site, struct text_list *out)
{
    *out = (struct text_list){1, arena_array(arena, 1, sizeof(*out->items))};
    out->items[0] = site;
    return true;
}

const char *resource_day(struct arena *arena, int64_t now_ms)
{
    char text[16];

    civil_format_date(now_ms / CIVIL_DAY_MS, text, sizeof(text));
    return arena_strdup(arena, text);
}
