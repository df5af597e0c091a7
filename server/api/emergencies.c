/* Routes of the admin page: emergencies, and what one would look like. */
#include <stdio.h>
#include <stdlib.h>

#include "core/json.h"
#include "core/log.h"
#include "playlists/slide_codec.h"
#include "server/api/internal.h"
#include "server/api/routes.h"
#include "server/fleet/emergency.h"
#include "server/store/fleet.h"

#define BODY_MAX (64 * 1024)
#define PLACES_MAX 1000
#define MINUTES_MAX (EMERGENCY_LENGTH_MAX_MS / 60000)

static void put_ids(struct json_writer *writer, const char *key, const struct text_list *ids)
{
    json_begin_array(writer, key);
    for (size_t i = 0; i < ids->count; i++)
        json_put_string(writer, NULL, ids->items[i]);
    json_end_array(writer);
}

static void put_emergency(struct json_writer *writer, const struct emergency *emergency)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "id", emergency->id);
    json_put_string(writer, "title", emergency->title);
    json_put_string(writer, "text", emergency->text);
    put_ids(writer, "screens", &emergency->screens);
    put_ids(writer, "groups", &emergency->groups);
    json_put_int(writer, "from_ms", emergency->from_ms);
    json_put_int(writer, "until_ms", emergency->until_ms);
    json_end_object(writer);
}

void api_emergencies(struct http_request *request, void *context)
{
    struct api *api = context;
    struct emergency_list list;
    struct error error;
    struct strbuf body;
    struct json_writer writer;

    struct db *db = readers_take(&api->readers);
    bool ok = emergency_list(db, request_arena(request), clock_wall_ms(&api->config.clock), &list,
                             &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "emergencies");
    for (size_t i = 0; i < list.count; i++)
        put_emergency(&writer, &list.items[i]);
    json_end_array(&writer);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static bool get_ids(const cJSON *json, const char *key, struct arena *arena, struct text_list *out,
                    struct error *err)
{
    size_t count;

    if (!json_has(json, key))
        return true;
    const cJSON *array = json_get_array(json, key, PLACES_MAX, &count, err);
    if (array == NULL)
        return false;
    out->items = arena_array(arena, count, sizeof(*out->items));
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        if (!cJSON_IsString(item)) {
            error_set(err, ERROR_INVALID, "il faut une liste d’identifiants",
                      "a list of ids is needed");
            error_field(err, key);
            return false;
        }
        out->items[out->count++] = arena_strdup(arena, item->valuestring);
    }
    return true;
}

static bool get_texts(const cJSON *json, struct arena *arena, struct emergency *out,
                      struct error *err)
{
    out->text = "";
    return json_get_string(json, "title", 0, BODY_MAX, arena, &out->title, err) &&
           (!json_has(json, "text") ||
            json_get_string(json, "text", 0, BODY_MAX, arena, &out->text, err));
}

static bool decode_emergency(struct http_request *request, int64_t now_ms, struct emergency *out,
                             struct error *err)
{
    static const char *const keys[] = {"title",      "text",    "screens", "groups",
                                       "everywhere", "minutes", NULL};
    struct arena *arena = request_arena(request);
    int64_t minutes = EMERGENCY_LENGTH_MS / 60000;
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, BODY_MAX, err);

    if (json == NULL)
        return false;
    bool ok = json_only_keys(json, keys, err) && get_texts(json, arena, out, err) &&
              get_ids(json, "screens", arena, &out->screens, err) &&
              get_ids(json, "groups", arena, &out->groups, err) &&
              (!json_has(json, "everywhere") ||
               json_get_bool(json, "everywhere", &out->everywhere, err)) &&
              (!json_has(json, "minutes") ||
               json_get_int(json, "minutes", 1, MINUTES_MAX, &minutes, err));
    cJSON_Delete(json);
    out->until_ms = now_ms + minutes * 60000;
    return ok;
}

void api_emergency_start(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct emergency emergency = {0};
    struct error error;
    struct strbuf body;
    struct json_writer writer;

    if (!decode_emergency(request, now_ms, &emergency, &error)) {
        answer_problem(request, &error);
        return;
    }
    bool ok = emergency_start(writer_take(&api->writer), request_arena(request), &emergency,
                              user->name, now_ms, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    publisher_kick(api->publisher);
    log_write(LOG_WARN, "emergency_start", "%s, by %s: %s", emergency.id, user->name,
              emergency.title);
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    put_emergency(&writer, &emergency);
    answer_json(request, ANSWER_CREATED, &body);
    strbuf_finish(&body);
}

void api_emergency_end(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct error error;

    bool ok = emergency_end(writer_take(&api->writer), request_arena(request),
                            request_param(request, "id"), user->name,
                            clock_wall_ms(&api->config.clock), &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    publisher_kick(api->publisher);
    log_write(LOG_WARN, "emergency_end", "%s, by %s", request_param(request, "id"), user->name);
    answer_empty(request);
}

static bool decode_draft(struct http_request *request, struct emergency *out,
                         const char **screen_out, struct error *err)
{
    static const char *const keys[] = {"title", "text", "screen", NULL};
    struct arena *arena = request_arena(request);
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, BODY_MAX, err);

    if (json == NULL)
        return false;
    bool ok = json_only_keys(json, keys, err) && get_texts(json, arena, out, err) &&
              json_get_string(json, "screen", 1, 64, arena, screen_out, err);
    cJSON_Delete(json);
    return ok;
}

/* The slide alone, of the size and for the distance of that screen. */
static bool draw_draft(struct api *api, struct arena *arena, const struct emergency *draft,
                       const struct screen *screen, char **png_out, size_t *size_out,
                       struct error *err)
{
    struct json_writer writer;
    struct strbuf document;
    struct slide slide;

    if (!emergency_slide(draft, arena, &slide, err))
        return false;
    const char *words[] = {
        "--size",
        arena_printf(arena, "%dx%d", (int)screen->width_px, (int)screen->height_px),
        "--diagonal-mm",
        arena_printf(arena, "%d", (int)screen->diagonal_mm),
        "--distance-mm",
        arena_printf(arena, "%d", (int)screen->viewing_distance_mm),
        NULL};
    strbuf_init(&document);
    json_writer_init(&writer, &document);
    slide_encode(&writer, &slide);
    bool ok =
        api_draw(api, &(struct drawing){"slide", NULL, document.bytes, document.length, words},
                 png_out, size_out, err);
    strbuf_finish(&document);
    return ok;
}

void api_emergency_frame(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    struct emergency draft = {0};
    struct screen screen;
    const char *id;
    struct error error;
    char *png = NULL;
    size_t size;

    if (!decode_draft(request, &draft, &id, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = screens_get(db, arena, id, &screen, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
    } else if (!api_draw_begin(api)) {
        answer_unavailable(request, 2);
    } else {
        ok = draw_draft(api, arena, &draft, &screen, &png, &size, &error);
        api_draw_end(api);
        if (ok)
            answer_bytes(request, "image/png", png, size, NULL, "no-store");
        else
            answer_problem(request, &error);
    }
    free(png);
}

#define DRAFT_BODY_MAX 4096

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/emergencies", PERMISSION_READ, api_emergencies, 0, HTTP_SLOW},
     .about = "List the emergencies under way",
     .shape = API_OBJECT},
    {.http = {HTTP_POST, "/api/v1/emergencies", PERMISSION_ALERT, api_emergency_start, BODY_MAX,
              HTTP_SLOW},
     .about = "Take screens for an emergency",
     .shape = API_OBJECT},
    {.http = {HTTP_POST, "/api/v1/emergencies/frame", PERMISSION_ALERT, api_emergency_frame,
              DRAFT_BODY_MAX, HTTP_SLOW},
     .about = "Draw what an emergency would look like",
     .shape = API_BYTES,
     .media_type = "image/png"},
    {.http = {HTTP_DELETE, "/api/v1/emergencies/{id}", PERMISSION_ALERT, api_emergency_end, 0,
              HTTP_SLOW},
     .about = "End an emergency"},
};

API_SECTION(section_emergencies, "Emergencies", routes);
