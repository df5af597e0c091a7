/* Playlists as they are being arranged: what they would show, and films of them. */
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/json.h"
#include "playlists/timeline.h"
#include "server/api/asking.h"
#include "server/content/forms.h"
#include "server/content/templates.h"
#include "server/drawing/films.h"
#include "server/schedule/plan.h"
#include "server/schedule/playlist_trial.h"

#define BODY_MAX ((size_t)2 * 1024 * 1024)
#define ITEMS_TOLD 200
#define IMAGE_WIDTH 320
#define WIDTH_LEAST 64
#define WIDTH_MOST 1920
#define TRIAL_ID "playlist-a-l-essai" /* of one that has none yet */
#define TRIAL_TITLE "Playlist"
/* The times on slides; the Métropole's. */
#define TIME_ZONE "Europe/Paris"

struct asked {
    struct playlist_record record;
    const char *size_name;
    struct drawing_size size;
    enum lang lang;
    int64_t at_ms;
    int64_t width; /* of the images */
};

/* What a playlist that is not saved yet need not have. */
static void complete(cJSON *playlist)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(playlist, "id");
    const cJSON *title = cJSON_GetObjectItemCaseSensitive(playlist, "title");

    if (!cJSON_IsString(id) || id->valuestring[0] == '\0') {
        cJSON_DeleteItemFromObjectCaseSensitive(playlist, "id");
        cJSON_AddStringToObject(playlist, "id", TRIAL_ID);
    }
    if (!cJSON_IsString(title) || title->valuestring[0] == '\0') {
        cJSON_DeleteItemFromObjectCaseSensitive(playlist, "title");
        cJSON_AddStringToObject(playlist, "title", TRIAL_TITLE);
    }
}

static bool read_playlist(cJSON *json, struct arena *arena, struct asked *out, struct error *err)
{
    cJSON *playlist = cJSON_GetObjectItemCaseSensitive(json, "playlist");

    if (json_get_object(json, "playlist", err) == NULL)
        return false;
    complete(playlist);
    return form_decode(&playlist_form, playlist, arena, &out->record, err) ||
           error_field(err, "playlist");
}

static bool read_rest(const cJSON *json, struct arena *arena, struct asked *out, struct error *err)
{
    const char *at = NULL, *lang = "fr";

    out->size_name = "16:9";
    out->width = IMAGE_WIDTH;
    if ((json_has(json, "size") &&
         !json_get_string(json, "size", 1, 10, arena, &out->size_name, err)) ||
        (json_has(json, "lang") && !json_get_string(json, "lang", 2, 2, arena, &lang, err)) ||
        (json_has(json, "at") && !json_get_string(json, "at", 1, 40, arena, &at, err)) ||
        (json_has(json, "width") &&
         !json_get_int(json, "width", WIDTH_LEAST, WIDTH_MOST, &out->width, err)))
        return false;
    /* A programme goes on after its instant, and dates end with the year 9999. */
    if (at != NULL && (!civil_parse_instant(at, &out->at_ms) ||
                       out->at_ms >= civil_days(9999, 1, 1) * CIVIL_DAY_MS)) {
        error_set(err, ERROR_INVALID, "un instant s’écrit comme 2026-11-24T08:10:00+01:00",
                  "an instant looks like 2026-11-24T08:10:00+01:00");
        return error_field(err, "at");
    }
    if (!lang_parse(lang, &out->lang)) {
        error_set(err, ERROR_INVALID, "la langue est fr ou en", "the language is fr or en");
        return error_field(err, "lang");
    }
    if (drawing_size_named(out->size_name, &out->size))
        return true;
    error_set(err, ERROR_INVALID, "une taille est 16:9, 9:16 ou 1:1",
              "a size is 16:9, 9:16 or 1:1");
    return error_field(err, "size");
}

/* Answers what is wrong. */
static bool read_asked(struct http_request *request, struct api *api, struct asked *out)
{
    static const char *const keys[] = {"playlist", "size", "lang", "at", "width", NULL};
    struct error error;
    size_t length;

    *out = (struct asked){.at_ms = clock_wall_ms(&api->config.clock)};
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, BODY_MAX, &error);
    bool ok = json != NULL && json_only_keys(json, keys, &error) &&
              read_rest(json, request_arena(request), out, &error) &&
              read_playlist(json, request_arena(request), out, &error);
    cJSON_Delete(json);
    if (!ok)
        answer_problem(request, &error);
    return ok;
}

/* --- What it would show ---------------------------------------------------------------------- */

static void put_item(struct json_writer *writer, struct api *api, struct arena *arena,
                     const struct asked *asked, const struct template_set *templates,
                     const struct playlist_trial_item *item)
{
    const struct slide *slide = item->slide;
    char key[PICTURES_KEY_SIZE];

    pictures_promise(api->pictures,
                     drawing_question(slide, templates, &asked->size, (int)asked->width), key);
    json_begin_object(writer, NULL);
    json_put_int(writer, "entry", (int64_t)item->entry);
    json_put_string(writer, "title", slide->title);
    json_put_string(writer, "template", slide->template);
    json_put_string(writer, "subject", slide->subject);
    json_put_string(writer, "organisation", slide->organisation);
    json_put_int(writer, "duration_ms", item->duration_ms);
    json_put_bool(writer, "film", slide->has_video);
    json_put_string(writer, "image", arena_printf(arena, "/api/v1/previews/%s.png", key));
    json_end_object(writer);
}

/* Of each entry, how many slides it gives and how long they last, also where it gives none. */
static void put_entries(struct json_writer *writer, const struct playlist_trial *trial)
{
    json_begin_array(writer, "entries");
    for (size_t i = 0; i < trial->playlist->entry_count; i++) {
        int64_t count = 0, total_ms = 0;
        for (size_t k = 0; k < trial->count; k++) {
            if (trial->items[k].entry == i) {
                count++;
                total_ms += trial->items[k].duration_ms;
            }
        }
        json_begin_object(writer, NULL);
        json_put_int(writer, "slides", count);
        json_put_int(writer, "total_ms", total_ms);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void answer_trial(struct http_request *request, struct api *api, const struct asked *asked,
                         const struct template_set *templates, const struct playlist_trial *trial)
{
    struct strbuf body;
    struct json_writer writer;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_int(&writer, "total_ms", trial->total_ms);
    json_put_int(&writer, "count", (int64_t)trial->count);
    json_begin_array(&writer, "items");
    for (size_t i = 0; i < trial->count && i < ITEMS_TOLD; i++)
        put_item(&writer, api, request_arena(request), asked, templates, &trial->items[i]);
    json_end_array(&writer);
    put_entries(&writer, trial);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void handle_preview(struct http_request *request, void *context)
{
    struct api *api = context;
    struct playlist_trial trial = {0};
    struct template_set *templates = NULL;
    struct asked asked;
    struct error error;

    if (!read_asked(request, api, &asked))
        return;
    struct db *db = readers_take(&api->readers);
    if (playlist_trial_init(&trial, db, &asked.record, asked.lang, TIME_ZONE, asked.at_ms, &error))
        templates = templates_load(db, request_arena(request), &error);
    readers_give(&api->readers, db);
    if (templates != NULL)
        answer_trial(request, api, &asked, templates, &trial);
    else
        answer_problem(request, &error);
    template_set_destroy(templates);
    playlist_trial_finish(&trial);
}

/* --- Films ----------------------------------------------------------------------------------- */

static void put_film(struct json_writer *writer, struct arena *arena, const char *id,
                     const struct films_look *look, enum lang lang)
{
    bool ready = look->state == FILMS_READY;

    json_begin_object(writer, NULL);
    json_put_string(writer, "id", id);
    json_put_string(writer, "state", films_state_tag(look->state));
    json_put_int(writer, "progress", look->progress);
    json_put_string(writer, "file",
                    ready ? arena_printf(arena, "/api/v1/films/%s/file", id) : NULL);
    json_put_int(writer, "size", look->size);
    json_put_string(writer, "error",
                    look->state == FILMS_FAILED ? lang_pick(lang, look->error.fr, look->error.en)
                                                : NULL);
    json_end_object(writer);
}

static void answer_film(struct http_request *request, struct api *api, const char *id,
                        enum answer_state state)
{
    struct films_look look;
    struct strbuf body;
    struct json_writer writer;
    struct error error;

    if (!films_look(api->films, id, &look, &error)) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    put_film(&writer, request_arena(request), id, &look, request_lang(request));
    answer_json(request, state, &body);
    strbuf_finish(&body);
}

/* The beginning of the loop that shows at the instant. */
static int64_t loop_start(const struct timeline *now, int64_t at_ms)
{
    int64_t length_ms = now->loop->length_ms;
    int64_t into_ms = (at_ms - now->interval->origin_ms) % length_ms;
    int64_t start_ms = at_ms - (into_ms < 0 ? into_ms + length_ms : into_ms);

    return start_ms < now->interval->from_ms ? start_ms + length_ms : start_ms;
}

static bool order_film(struct api *api, const char *owner, const struct asked *asked,
                       const struct manifest *manifest, char id[FILMS_ID_SIZE], struct error *err)
{
    struct strbuf json, sealed;
    char key[SIGN_PUBLIC_HEX_SIZE];
    struct timeline now = timeline_at(manifest, asked->at_ms);

    strbuf_init(&json);
    strbuf_init(&sealed);
    manifest_encode(manifest, &json);
    manifest_seal(json.bytes, json.length, &api->keys, &sealed);
    hex_encode(api->keys.public.bytes, SIGN_PUBLIC_SIZE, key);
    bool ok = films_ask(api->films,
                        &(struct films_order){.owner = owner,
                                              .manifest = sealed.bytes,
                                              .manifest_size = sealed.length,
                                              .key_hex = key,
                                              .at_ms = loop_start(&now, asked->at_ms),
                                              .length_ms = now.loop->length_ms},
                        id, err);
    strbuf_finish(&json);
    strbuf_finish(&sealed);
    return ok;
}

static void handle_film_ask(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct manifest *manifest = NULL;
    struct asked asked;
    struct error error;
    char id[FILMS_ID_SIZE];

    if (!read_asked(request, api, &asked))
        return;
    /* Its templates are put into the media store. */
    struct db *db = writer_take(&api->writer);
    const struct media_store media = {api->media_folder, db, clock_wall_ms(&api->config.clock)};
    manifest = assemble_playlist_record(db, &media, &asked.record, TIME_ZONE, asked.size.width_px,
                                        asked.size.height_px, asked.at_ms, &error);
    writer_give(&api->writer);
    if (manifest != NULL && order_film(api, user->name, &asked, manifest, id, &error))
        answer_film(request, api, id, ANSWER_ACCEPTED);
    else
        answer_problem(request, &error);
    manifest_destroy(manifest);
}

static void handle_film(struct http_request *request, void *context)
{
    answer_film(request, context, request_param(request, "id"), ANSWER_OK);
}

static void handle_film_file(struct http_request *request, void *context)
{
    struct api *api = context;
    struct films_look look;
    struct error error;

    if (!films_look(api->films, request_param(request, "id"), &look, &error)) {
        answer_problem(request, &error);
    } else if (look.state != FILMS_READY) {
        error_set(&error, ERROR_NOT_FOUND, "ce film n’est pas encore fait",
                  "this film is not made yet");
        answer_problem(request, &error);
    } else {
        answer_file(request, look.path, "video/mp4");
    }
}

static void handle_film_drop(struct http_request *request, void *context)
{
    struct api *api = context;
    struct error error;

    if (films_drop(api->films, request_param(request, "id"), &error))
        answer_empty(request);
    else
        answer_problem(request, &error);
}

static const struct api_member item_members[] = {
    {.name = "entry", .type = API_INT, .about = "Of the playlist, from 0"},
    {.name = "title", .type = API_TEXT},
    {.name = "template", .type = API_TEXT},
    {.name = "subject", .type = API_TEXT},
    {.name = "organisation", .type = API_TEXT},
    {.name = "duration_ms", .type = API_INT},
    {.name = "film", .type = API_BOOL},
    {.name = "image", .type = API_TEXT, .about = "Where its picture is, for some minutes"},
    {0},
};
static const struct api_member entry_members[] = {
    {.name = "slides", .type = API_INT},
    {.name = "total_ms", .type = API_INT},
    {0},
};
static const struct api_member trial_members[] = {
    {.name = "total_ms", .type = API_INT},
    {.name = "count", .type = API_INT},
    {.name = "items", .type = API_PARTS, .parts = item_members, .about = "The first 200, in order"},
    {.name = "entries", .type = API_PARTS, .parts = entry_members},
    {0},
};
static const struct api_member film_members[] = {
    {.name = "id", .type = API_TEXT},
    {.name = "state", .type = API_TEXT, .about = "waiting, making, ready, failed"},
    {.name = "progress", .type = API_INT, .about = "Percent"},
    {.name = "file", .type = API_TEXT, .nullable = true, .about = "Where it is, when it is ready"},
    {.name = "size", .type = API_INT},
    {.name = "error", .type = API_TEXT, .nullable = true},
    {0},
};

static const struct api_route trial_routes[] = {
    {.http = {HTTP_POST, "/api/v1/playlists/preview", PERMISSION_READ, handle_preview, BODY_MAX,
              HTTP_SLOW},
     .about = "Tell what a playlist that is not saved would show, in order, with pictures",
     .takes_type = "application/json",
     .shape = API_OBJECT,
     .members = trial_members},
    {.http = {HTTP_POST, "/api/v1/films", PERMISSION_WRITE, handle_film_ask, BODY_MAX, HTTP_SLOW},
     .about = "Have a film made of a playlist, saved or not",
     .takes_type = "application/json",
     .shape = API_OBJECT,
     .members = film_members},
    {.http = {HTTP_GET, "/api/v1/films/{id}", PERMISSION_READ, handle_film, 0, HTTP_SLOW},
     .about = "Say how far a film is",
     .shape = API_OBJECT,
     .members = film_members},
    {.http = {HTTP_GET, "/api/v1/films/{id}/file", PERMISSION_READ, handle_film_file, 0, HTTP_SLOW},
     .about = "Give a film",
     .shape = API_BYTES,
     .media_type = "video/mp4"},
    {.http = {HTTP_DELETE, "/api/v1/films/{id}", PERMISSION_WRITE, handle_film_drop, 0, HTTP_SLOW},
     .about = "Give a film up",
     .shape = API_NOTHING},
};

API_SECTION(section_playlist_trial, "Playlist previews", trial_routes);
