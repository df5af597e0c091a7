/* Routes of the library: what people sent, how far it has come, and what was made of it. */
#include <string.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/media_parts.h"
#include "server/records/replacing.h"

#define BODY_MAX 4096

static bool find_tag(const char *text, const char *const *tags, int count, const char *field,
                     int *out, struct error *err)
{
    *out = -1;
    for (int i = 0; i < count; i++) {
        if (strcmp(tags[i], text) == 0)
            *out = i;
    }
    if (*out >= 0 || text[0] == '\0')
        return true;
    error_set(err, ERROR_INVALID, "« %.40s » n’est pas de la liste", "\"%.40s\" is not of the list",
              text);
    return error_field(err, field);
}

static bool write_page(struct db *db, struct http_request *request,
                       const struct media_item_page *page, struct json_writer *writer,
                       const char **next_out, struct error *err)
{
    struct arena *arena = request_arena(request);
    struct media_item_page more = *page;
    struct media_item_list list;

    *next_out = NULL;
    more.limit++; /* one more than the page holds tells whether another follows */
    if (!media_items_list(db, arena, &more, &list, err))
        return false;
    for (size_t i = 0; i < list.count && i < page->limit; i++) {
        if (!media_write(db, arena, &list.items[i], false, request_lang(request), NULL, writer,
                         err))
            return false;
    }
    if (list.count > page->limit)
        *next_out = media_items_key(arena, &list.items[page->limit - 1]);
    return true;
}

static void handle_list(struct http_request *request, void *context)
{
    struct api *api = context;
    struct media_item_page page = {.after = asking_text(request, "after"),
                                   .site = request_query(request, "site"),
                                   .words = asking_text(request, "q")};
    struct asking_page answer;
    const char *next = NULL;
    struct error error;

    if (!find_tag(asking_text(request, "kind"), item_kind_tags, ITEM_KINDS, "kind", &page.kind,
                  &error) ||
        !find_tag(asking_text(request, "state"), item_state_tags, ITEM_STATES, "state", &page.state,
                  &error) ||
        !asking_limit(request, &page.limit, &error)) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&answer);
    struct db *db = readers_take(&api->readers);
    bool ok = write_page(db, request, &page, &answer.writer, &next, &error);
    readers_give(&api->readers, db);
    if (ok) {
        asking_answer(request, api, &answer, next);
    } else {
        asking_drop(&answer);
        answer_problem(request, &error);
    }
}

static bool find_item(struct http_request *request, struct api *api, struct media_item *out,
                      struct error *err)
{
    struct db *db = readers_take(&api->readers);
    bool ok =
        media_items_get(db, request_arena(request), request_param(request, "sha256"), out, err);

    readers_give(&api->readers, db);
    return ok;
}

static void handle_get(struct http_request *request, void *context)
{
    struct api *api = context;
    struct media_item item;
    struct error error;

    if (!find_item(request, api, &item, &error))
        answer_problem(request, &error);
    else if (request_has_etag(request, media_etag(request_arena(request), &item)))
        answer_not_modified(request, media_etag(request_arena(request), &item));
    else
        media_answer(request, api, &item, ANSWER_OK);
}

/* Whether the person may change it, and has seen it as it is. */
static bool check_change(struct http_request *request, const struct media_item *item,
                         struct error *err)
{
    const struct user *user = request_identity(request);
    const char *expected = request_if_match(request);

    if (!auth_allows(user, PERMISSION_WRITE,
                     &(struct auth_subject){.site_count = 1, .sites = &item->site}))
        return error_set(err, ERROR_DENIED, "ce média est d’un autre site que les vôtres",
                         "this media is of another site than yours");
    return strcmp(expected, media_etag(request_arena(request), item)) == 0 ||
           error_set(err, ERROR_STALE, "ce média a changé depuis ; relisez-le",
                     "this media has changed since; read it again");
}

/* Members that the body does not name stay as they are. */
static bool change(struct http_request *request, struct media_item *item, struct error *err)
{
    struct media_item body = {0};
    size_t length;
    const char *bytes = request_body(request, &length);
    cJSON *json = json_parse(bytes, length, BODY_MAX, err);

    if (json == NULL)
        return false;
    bool ok = form_decode(&media_form, json, request_arena(request), &body, err);
    if (ok && json_has(json, "name") && body.name[0] == '\0') {
        error_set(err, ERROR_INVALID, "il faut un nom", "a name is needed");
        ok = error_field(err, "name");
    }
    if (ok && json_has(json, "name"))
        item->name = body.name;
    if (ok && cJSON_HasObjectItem(json, "alt"))
        item->alt = body.alt;
    if (ok && cJSON_HasObjectItem(json, "credit"))
        item->credit = body.credit;
    cJSON_Delete(json);
    return ok;
}

static bool note(struct db *db, struct http_request *request, struct api *api, const char *action,
                 const struct media_item *item, struct error *err)
{
    const struct user *user = request_identity(request);

    return audit_add(db,
                     &(struct audit_entry){.time_ms = clock_wall_ms(&api->config.clock),
                                           .user = user->name,
                                           .action = action,
                                           .subject = item->sha256,
                                           .detail = item->name},
                     err);
}

static bool apply_patch(struct db *db, struct http_request *request, struct api *api,
                        struct media_item *item, struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok =
        media_items_get(db, request_arena(request), request_param(request, "sha256"), item, err) &&
        check_change(request, item, err) && change(request, item, err);
    if (ok) {
        int64_t now_ms = clock_wall_ms(&api->config.clock);
        item->updated_ms = now_ms > item->updated_ms ? now_ms : item->updated_ms + 1;
        ok = media_items_put(db, item, err) && note(db, request, api, "media.describe", item, err);
    }
    return db_leave(db, own, ok, err);
}

static void handle_patch(struct http_request *request, void *context)
{
    struct api *api = context;
    struct media_item item;
    struct error error;

    if (request_if_match(request) == NULL) {
        answer_unconditional(request);
        return;
    }
    bool ok = apply_patch(writer_take(&api->writer), request, api, &item, &error);
    writer_give(&api->writer);
    if (ok)
        media_answer(request, api, &item, ANSWER_OK);
    else
        answer_problem(request, &error);
}

struct replace_body {
    const char *with;
};
static const struct form_field replace_fields[] = {
    {.name = "with",
     .type = FORM_HASH,
     .offset = offsetof(struct replace_body, with),
     .required = true,
     .about = "SHA-256 of the media that takes its places"},
};
static const struct form replace_form = {
    .name = "Replacement", .size = sizeof(struct replace_body), FORM_FIELDS(replace_fields)};

static bool read_replacement(struct http_request *request, struct db *db, struct media_item *out,
                             struct error *err)
{
    struct replace_body body = {0};
    size_t length;
    const char *bytes = request_body(request, &length);
    cJSON *json = json_parse(bytes, length, BODY_MAX, err);

    if (json == NULL)
        return false;
    bool ok = form_decode(&replace_form, json, request_arena(request), &body, err);
    cJSON_Delete(json);
    return ok && (media_items_get(db, request_arena(request), body.with, out, err) ||
                  error_field(err, "with"));
}

/* What the new one is not yet said to be, the old one was. */
static bool inherit(struct db *db, const struct media_item *old, struct media_item *with,
                    int64_t now_ms, struct error *err)
{
    if (with->alt[0] != '\0' && with->credit[0] != '\0')
        return true;
    if (with->alt[0] == '\0')
        with->alt = old->alt;
    if (with->credit[0] == '\0')
        with->credit = old->credit;
    with->updated_ms = now_ms > with->updated_ms ? now_ms : with->updated_ms + 1;
    return media_items_put(db, with, err);
}

static bool apply_replace(struct db *db, struct http_request *request, struct api *api,
                          struct media_item *with, struct error *err)
{
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct media_item old;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok =
        media_items_get(db, request_arena(request), request_param(request, "sha256"), &old, err) &&
        read_replacement(request, db, with, err) && check_change(request, &old, err) &&
        media_replace(db, request_arena(request), request_identity(request), &old, with, now_ms,
                      err) &&
        inherit(db, &old, with, now_ms, err);
    return db_leave(db, own, ok, err);
}

static void handle_replace(struct http_request *request, void *context)
{
    struct api *api = context;
    struct media_item with;
    struct error error;

    if (request_if_match(request) == NULL) {
        answer_unconditional(request);
        return;
    }
    bool ok = apply_replace(writer_take(&api->writer), request, api, &with, &error);
    writer_give(&api->writer);
    if (ok)
        media_answer(request, api, &with, ANSWER_OK);
    else
        answer_problem(request, &error);
}

static bool apply_delete(struct db *db, struct http_request *request, struct api *api,
                         struct error *err)
{
    struct arena *arena = request_arena(request);
    struct media_item item;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = media_items_get(db, arena, request_param(request, "sha256"), &item, err) &&
              check_change(request, &item, err) &&
              note(db, request, api, "media.delete", &item, err) &&
              library_remove(&api->media->library, db, arena, item.sha256, err);
    return db_leave(db, own, ok, err);
}

static void handle_delete(struct http_request *request, void *context)
{
    struct api *api = context;
    struct error error;

    if (request_if_match(request) == NULL) {
        answer_unconditional(request);
        return;
    }
    bool ok = apply_delete(writer_take(&api->writer), request, api, &error);
    writer_give(&api->writer);
    answer_outcome(request, ok, &error);
}

static void answer_stored(struct http_request *request, const char *folder, const char *sha256,
                          const char *type)
{
    char path[PATH_MAX];
    struct error error;
    struct sha256 sum;

    if (sha256_from_hex(sha256, &sum) && media_path(folder, &sum, path, sizeof(path)) != NULL) {
        answer_file(request, path, type);
        return;
    }
    error_set(&error, ERROR_NOT_FOUND, "ce fichier n’est pas ici", "no such file here");
    answer_problem(request, &error);
}

static void handle_thumbnail(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    const char *sha256 = request_param(request, "sha256");
    struct media_record record = {0};
    struct rendition thumbnail;
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool made = renditions_get(db, arena, sha256, "thumbnail", 0, &thumbnail, &error);
    /* A picture that was loaded as it is has none but itself. */
    bool ok = made || (media_records_get(db, arena, sha256, &record, &error) &&
                       (strncmp(record.type, "image/", 6) == 0 ||
                        error_set(&error, ERROR_NOT_FOUND, "ce média n’a pas de vignette",
                                  "this media has no thumbnail")));
    readers_give(&api->readers, db);
    if (!ok)
        answer_problem(request, &error);
    else if (made)
        answer_stored(request, api->media_folder, thumbnail.sha256, thumbnail.type);
    else
        answer_stored(request, api->media_folder, sha256, record.type);
}

/* As a file to keep: what it is was decided by its sender. */
static void handle_original(struct http_request *request, void *context)
{
    struct api *api = context;
    struct media_item item;
    struct error error;

    if (!find_item(request, api, &item, &error)) {
        answer_problem(request, &error);
        return;
    }
    answer_header(request, "Content-Disposition",
                  arena_printf(request_arena(request), "attachment; filename*=UTF-8''%s",
                               asking_escape(request_arena(request), item.name)));
    answer_header(request, "Content-Security-Policy", "sandbox; default-src 'none'");
    answer_stored(request, item.original ? api->media->originals : api->media_folder, item.sha256,
                  "application/octet-stream");
}

static const struct api_query list_queries[] = {
    {"kind", API_QUERY_TEXT, "picture, film, pages, slides or captions"},
    {"state", API_QUERY_TEXT, "received, processing, ready or refused"},
    {"site", API_QUERY_TEXT, "Id of a site; empty: what belongs to the network"},
    {"q", API_QUERY_TEXT, "Words of its name, description or credit"},
    ASKING_LIMIT,
    ASKING_AFTER,
    {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/media", PERMISSION_READ, handle_list, 0, HTTP_SLOW},
     .about = "List the media, newest first",
     .shape = API_PAGE,
     .gives = &media_form,
     .queries = list_queries},
    {.http = {HTTP_GET, "/api/v1/media/{sha256}", PERMISSION_READ, handle_get, 0, HTTP_SLOW},
     .about = "Read a media: how far it has come, its renditions, and what uses it",
     .shape = API_ONE,
     .gives = &media_form,
     .tagged = true},
    {.http = {HTTP_PATCH, "/api/v1/media/{sha256}", PERMISSION_WRITE, handle_patch, BODY_MAX,
              HTTP_SLOW},
     .about = "Name a media, describe it, credit it; what is not in the body stays",
     .takes = &media_form,
     .shape = API_ONE,
     .gives = &media_form,
     .tagged = true},
    {.http = {HTTP_POST, "/api/v1/media/{sha256}/replace", PERMISSION_WRITE, handle_replace,
              BODY_MAX, HTTP_SLOW},
     .about = "Put another media in all its places, at once also where it is published",
     .takes = &replace_form,
     .shape = API_ONE,
     .gives = &media_form,
     .tagged = true},
    {.http = {HTTP_DELETE, "/api/v1/media/{sha256}", PERMISSION_WRITE, handle_delete, 0, HTTP_SLOW},
     .about = "Delete a media that nothing uses",
     .tagged = true},
    {.http = {HTTP_GET, "/api/v1/media/{sha256}/thumbnail", PERMISSION_READ, handle_thumbnail, 0,
              HTTP_SLOW},
     .about = "A small picture of a media",
     .shape = API_BYTES,
     .media_type = "image/*"},
    {.http = {HTTP_GET, "/api/v1/media/{sha256}/original", PERMISSION_READ, handle_original, 0,
              HTTP_SLOW},
     .about = "The file as it was sent",
     .shape = API_BYTES,
     .media_type = "application/octet-stream"},
};

API_SECTION(section_media, "Media", routes);
