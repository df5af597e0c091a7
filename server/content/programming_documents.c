#include <string.h>

#include "core/strbuf.h"
#include "playlists/playlist.h"
#include "server/calendar/holidays.h"
#include "server/content/fields.h"
#include "server/content/forms.h"
#include "server/content/loading.h"
#include "server/store/site_documents.h"

#define RULES_MAX 20000

static bool take_film(struct loading *loading, struct playlist_film *film, struct error *err)
{
    struct film_header header;
    if (!loading_media(loading, MEDIA_FILM, "file", &film->file, &header, err) ||
        !loading_media(loading, MEDIA_CAPTIONS, "captions", &film->captions, NULL, err)) {
        return false;
    }
    film->length_ms = header.length_ms;
    return true;
}

/* Files first: what is written is checked with its picture. */
static bool take_files(struct loading *loading, const struct playlist_entry *entry,
                       struct error *err)
{
    if (entry->kind == ENTRY_WRITTEN &&
        !loading_media(loading, MEDIA_PICTURE, "file", &entry->slide->picture, NULL, err)) {
        error_field(err, "picture");
        return error_field(err, "slide");
    }
    return entry->kind != ENTRY_FILM || take_film(loading, entry->film, err) ||
           error_field(err, "film");
}

static bool store_playlist(struct loading *loading, const struct playlist *playlist,
                           struct error *err)
{
    for (size_t i = 0; i < playlist->entry_count; i++) {
        if (!take_files(loading, &playlist->entries[i], err) ||
            !references_of_entry(loading->db, loading->arena, &playlist->entries[i], err)) {
            field_in_element(err, "entries", i);
            return false;
        }
    }
    struct strbuf document;
    strbuf_init(&document);
    playlist_encode(playlist, &document);
    struct playlist_record record = {.id = playlist->id,
                                     .title = playlist->title,
                                     .document = document.bytes,
                                     .updated_ms = loading->media->now_ms};
    enum upsert_result result;
    bool ok = playlists_upsert(loading->db, loading->arena, &record, &result, err);
    if (ok) {
        loading_count(loading, result);
    }
    strbuf_finish(&document);
    return ok;
}

bool loading_playlist(struct loading *loading, const char *bytes, size_t length, struct error *err)
{
    struct playlist *playlist = playlist_decode(bytes, length, err);
    if (playlist == NULL) {
        return false;
    }
    bool ok = store_playlist(loading, playlist, err);
    playlist_destroy(playlist);
    return ok;
}

static bool take_rule(struct loading *loading, cJSON *object, struct error *err)
{
    struct rule rule = {.state = STATE_PUBLISHED, .updated_ms = loading->media->now_ms};
    enum upsert_result result;
    if (!form_decode(&rule_form, object, loading->arena, &rule, err) ||
        !references_of_rule(loading->db, loading->arena, &rule, err) ||
        !rules_upsert(loading->db, loading->arena, &rule, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

bool loading_rules(struct loading *loading, const cJSON *root, struct error *err)
{
    static const char *const keys[] = {"format", "rules", NULL};
    return loading_format(root, keys, err) &&
           loading_each(loading, root, "rules", RULES_MAX, take_rule, err);
}

bool loading_holidays(struct loading *loading, const char *bytes, size_t length, struct error *err)
{
    struct holidays *holidays = holidays_decode(bytes, length, err);
    if (holidays == NULL) {
        return false;
    }
    holidays_destroy(holidays);
    const struct site_document document = {.name = SITE_DOCUMENT_HOLIDAYS,
                                           .document = arena_strndup(loading->arena, bytes, length),
                                           .updated_ms = loading->media->now_ms};
    enum upsert_result result;
    if (!site_documents_upsert(loading->db, loading->arena, &document, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}
