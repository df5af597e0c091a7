/* Routes of the admin page: emergencies, and what one would look like. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* yours: whether the one who asks may confirm or end it. */
static void put_emergency(struct json_writer *writer, const struct emergency *emergency, bool yours)
{
    bool waits = emergency->lapses_ms != 0;

    json_begin_object(writer, NULL);
    json_put_string(writer, "id", emergency->id);
    json_put_string(writer, "title", emergency->title);
    json_put_string(writer, "text", emergency->text);
    put_ids(writer, "screens", &emergency->screens);
    put_ids(writer, "groups", &emergency->groups);
    json_put_bool(writer, "waiting", waits);
    json_put_bool(writer, "safe", emergency->safe);
    json_put_bool(writer, "yours", yours);
    if (waits) {
        json_put_string(writer, "asked_by", emergency->user);
        json_put_int(writer, "asked_ms", emergency->asked_ms);
        json_put_int(writer, "lapses_ms", emergency->lapses_ms);
    } else {
        json_put_int(writer, "from_ms", emergency->from_ms);
        json_put_int(writer, "until_ms", emergency->until_ms);
    }
    json_end_object(writer);
}

static void answer_emergency(struct http_request *request, enum answer_state state,
                             const struct emergency *emergency)
{
    struct json_writer writer;
    struct strbuf body;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    put_emergency(&writer, emergency, true); /* they have just taken or confirmed it */
    answer_json(request, state, &body);
    strbuf_finish(&body);
}

/* Somebody bound to sites sees what reaches one of their screens, and of its screens these. */
static bool visible(struct db *db, struct arena *arena, const struct user *user,
                    struct emergency *emergency, bool *visible_out, bool *yours_out,
                    struct error *err)
{
    struct text_list sites;
    struct screen screen;
    size_t kept = 0;
    bool many;

    *visible_out = true;
    *yours_out = auth_allows(user, PERMISSION_ALERT, NULL);
    if (user->sites.count == 0)
        return true;
    if (!emergency_reach(db, arena, emergency, &sites, &many, err))
        return false;
    *yours_out =
        auth_allows(user, PERMISSION_ALERT, &(struct auth_subject){sites.count, sites.items, NULL});
    *visible_out = false;
    for (size_t i = 0; i < sites.count; i++)
        *visible_out |=
            auth_allows(user, PERMISSION_READ, &(struct auth_subject){1, &sites.items[i], NULL});
    for (size_t i = 0; i < emergency->screens.count; i++) {
        const char *id = emergency->screens.items[i];
        struct error ignored;
        if (screens_get(db, arena, id, &screen, &ignored) &&
            auth_allows(user, PERMISSION_READ, &(struct auth_subject){1, &screen.site, NULL}))
            emergency->screens.items[kept++] = id;
    }
    emergency->screens.count = kept;
    return true;
}

static bool put_list(struct json_writer *writer, const char *key, struct db *db,
                     struct arena *arena, const struct user *user, struct emergency_list *list,
                     struct error *err)
{
    bool seen, yours;

    json_begin_array(writer, key);
    for (size_t i = 0; i < list->count; i++) {
        if (!visible(db, arena, user, &list->items[i], &seen, &yours, err))
            return false;
        if (seen)
            put_emergency(writer, &list->items[i], yours);
    }
    json_end_array(writer);
    return true;
}

/* Who could confirm: told to those who have the right themselves. */
static bool put_alerters(struct json_writer *writer, struct db *db, struct arena *arena,
                         const struct user *user, struct error *err)
{
    struct user_list people = {0};

    if (auth_allows(user, PERMISSION_ALERT, NULL) && !users_list(db, arena, &people, err))
        return false;
    json_begin_array(writer, "alerters");
    for (size_t i = 0; i < people.count; i++) {
        const struct user *one = &people.items[i];
        if (!auth_allows(one, PERMISSION_ALERT, NULL))
            continue;
        json_begin_object(writer, NULL);
        json_put_string(writer, "user", one->name);
        json_put_string(writer, "name", one->display[0] != '\0' ? one->display : one->name);
        put_ids(writer, "sites", &one->sites);
        json_end_object(writer);
    }
    json_end_array(writer);
    return true;
}

static void handle_list(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct arena *arena = request_arena(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct emergency_list running, waiting;
    struct json_writer writer;
    struct strbuf body;
    struct error error;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    struct db *db = readers_take(&api->readers);
    bool ok = emergency_list(db, arena, now_ms, &running, &error) &&
              emergency_waiting(db, arena, now_ms, &waiting, &error) &&
              put_list(&writer, "emergencies", db, arena, user, &running, &error) &&
              put_list(&writer, "waiting", db, arena, user, &waiting, &error) &&
              put_alerters(&writer, db, arena, user, &error);
    readers_give(&api->readers, db);
    json_end_object(&writer);
    if (ok)
        answer_json(request, ANSWER_OK, &body);
    else
        answer_problem(request, &error);
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

/* Whether this person may take, or give back, all the screens that it reaches. */
static bool may_alert(struct db *db, struct arena *arena, const struct user *user,
                      const struct emergency *emergency, bool *many_out, struct error *err)
{
    struct text_list sites;

    return emergency_reach(db, arena, emergency, &sites, many_out, err) &&
           (auth_allows(user, PERMISSION_ALERT,
                        &(struct auth_subject){sites.count, sites.items, NULL}) ||
            error_set(err, ERROR_DENIED,
                      "cette urgence touche des écrans d’autres sites que les vôtres",
                      "this emergency reaches screens of other sites than yours"));
}

static void note_begin(struct api *api, const struct emergency *emergency, const char *user)
{
    publisher_kick(api->publisher);
    log_write(LOG_WARN, "emergency_start", "%s, by %s: %s", emergency->id, user, emergency->title);
}

static bool begin(struct db *db, struct arena *arena, const struct user *user,
                  struct emergency *emergency, int64_t now_ms, bool *many_out, struct error *err)
{
    return emergency_check(db, arena, emergency, now_ms, err) &&
           may_alert(db, arena, user, emergency, many_out, err) &&
           (*many_out ? emergency_ask(db, arena, emergency, user->name, now_ms, err)
                      : emergency_start(db, arena, emergency, user->name, now_ms, err));
}

static void handle_start(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct emergency emergency = {0};
    struct error error;
    bool many = false;

    if (!decode_emergency(request, now_ms, &emergency, &error)) {
        answer_problem(request, &error);
        return;
    }
    bool ok = begin(writer_take(&api->writer), request_arena(request), user, &emergency, now_ms,
                    &many, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
    } else if (many) {
        log_write(LOG_WARN, "emergency_ask", "%s, by %s: %s", emergency.id, user->name,
                  emergency.title);
        answer_emergency(request, ANSWER_ACCEPTED, &emergency);
    } else {
        note_begin(api, &emergency, user->name);
        answer_emergency(request, ANSWER_CREATED, &emergency);
    }
}

static void handle_confirm(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct arena *arena = request_arena(request);
    struct emergency emergency;
    struct error error;
    bool many;

    struct db *db = writer_take(&api->writer);
    bool ok =
        emergency_asked(db, arena, request_param(request, "id"), now_ms, &emergency, &error) &&
        emergency_check(db, arena, &emergency, now_ms, &error) &&
        may_alert(db, arena, user, &emergency, &many, &error) &&
        emergency_confirm(db, arena, &emergency, user->name, now_ms, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    note_begin(api, &emergency, user->name);
    emergency.lapses_ms = 0;
    answer_emergency(request, ANSWER_CREATED, &emergency);
}

/* The one that runs under this id; what is not listed is not there for somebody bound to sites. */
static bool find_running(struct db *db, struct arena *arena, const char *id, int64_t now_ms,
                         struct emergency *out, struct error *err)
{
    struct emergency_list list;

    if (!emergency_list(db, arena, now_ms, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        if (strcmp(list.items[i].id, id) != 0)
            continue;
        *out = list.items[i];
        return true;
    }
    return error_set(err, ERROR_NOT_FOUND, "aucune urgence « %s » n’est en cours",
                     "no emergency \"%s\" is running", id);
}

static bool end_or_drop(struct db *db, struct arena *arena, const struct user *user, const char *id,
                        int64_t now_ms, struct error *err)
{
    struct emergency emergency;
    struct error ignored;
    bool many, waits = emergency_asked(db, arena, id, now_ms, &emergency, &ignored);

    if ((!waits && !find_running(db, arena, id, now_ms, &emergency, err)) ||
        !may_alert(db, arena, user, &emergency, &many, err))
        return false;
    return waits ? emergency_drop(db, id, user->name, now_ms, err)
                 : emergency_end(db, arena, id, user->name, now_ms, err);
}

static void handle_end(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    const char *id = request_param(request, "id");
    struct error error;

    bool ok = end_or_drop(writer_take(&api->writer), request_arena(request), user, id,
                          clock_wall_ms(&api->config.clock), &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    publisher_kick(api->publisher);
    log_write(LOG_WARN, "emergency_end", "%s, by %s", id, user->name);
    answer_empty(request);
}

/* One person is enough to silence all screens, and to give them back: nobody is told anything wrong
 * by a neutral slide. It touches the network, so nobody bound to sites does it. */
static void switch_safe(struct http_request *request, struct api *api, bool start)
{
    static const char *const network[] = {""};
    const struct user *user = request_identity(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct error error;

    if (!auth_allows(user, PERMISSION_ALERT, &(struct auth_subject){1, network, NULL})) {
        error_set(&error, ERROR_DENIED, "cela touche les écrans de tous les sites",
                  "this reaches the screens of all sites");
        answer_problem(request, &error);
        return;
    }
    struct db *db = writer_take(&api->writer);
    bool ok = start ? emergency_safe_start(db, request_arena(request), user->name, now_ms, &error)
                    : emergency_safe_end(db, request_arena(request), user->name, now_ms, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    publisher_kick(api->publisher);
    log_write(LOG_WARN, start ? "safe_slide_start" : "safe_slide_end", "by %s", user->name);
    answer_empty(request);
}

static void handle_safe_start(struct http_request *request, void *context)
{
    switch_safe(request, context, true);
}

static void handle_safe_end(struct http_request *request, void *context)
{
    switch_safe(request, context, false);
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
                       const struct screen *screen, struct drawing_picture *out, struct error *err)
{
    const struct drawing_size size = {.width_px = (int)screen->width_px,
                                      .height_px = (int)screen->height_px,
                                      .diagonal_mm = (int)screen->diagonal_mm,
                                      .distance_mm = (int)screen->viewing_distance_mm};
    struct slide slide;

    if (!emergency_slide(draft, arena, &slide, err))
        return false;
    char *question = drawing_question(&slide, NULL, &size, 0);
    bool ok = drawing_slide(api->drawing, question, out, err);
    free(question);
    return ok;
}

static void handle_frame(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    struct emergency draft = {0};
    struct screen screen;
    const char *id;
    struct drawing_picture picture;
    struct error error;

    if (!decode_draft(request, &draft, &id, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = screens_get(db, arena, id, &screen, &error) &&
              (auth_allows(request_identity(request), PERMISSION_READ,
                           &(struct auth_subject){1, &screen.site, NULL}) ||
               error_set(&error, ERROR_NOT_FOUND, "écran introuvable : « %s »",
                         "screen not found: \"%s\"", id));
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
    } else if (api_draw_begin(api, request)) {
        ok = draw_draft(api, arena, &draft, &screen, &picture, &error);
        api_draw_end(api);
        if (ok)
            api_draw_answer(request, &picture, "no-store");
        else
            answer_problem(request, &error);
    }
}

#define DRAFT_BODY_MAX 4096

static const struct api_member emergency_members[] = {
    {.name = "id", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},
    {.name = "text", .type = API_TEXT},
    {.name = "screens", .type = API_TEXTS},
    {.name = "groups", .type = API_TEXTS},
    {.name = "waiting", .type = API_BOOL, .about = "For a second person"},
    {.name = "safe", .type = API_BOOL, .about = "It is the neutral slide on all screens"},
    {.name = "yours",
     .type = API_BOOL,
     .about = "Who asks may end it or, when another asked for it, confirm it"},
    {.name = "asked_by", .type = API_TEXT, .optional = true},
    {.name = "asked_ms", .type = API_INT, .optional = true},
    {.name = "lapses_ms",
     .type = API_INT,
     .optional = true,
     .about = "Nobody confirmed it until then: it is void"},
    {.name = "from_ms", .type = API_INT, .optional = true},
    {.name = "until_ms", .type = API_INT, .optional = true},
    {0},
};
static const struct api_member alerter_members[] = {
    {.name = "user", .type = API_TEXT},
    {.name = "name", .type = API_TEXT, .about = "How people call them"},
    {.name = "sites", .type = API_TEXTS, .about = "Bound to these; none: the whole network"},
    {0},
};
static const struct api_member emergencies_members[] = {
    {.name = "emergencies", .type = API_PARTS, .parts = emergency_members},
    {.name = "waiting", .type = API_PARTS, .parts = emergency_members},
    {.name = "alerters",
     .type = API_PARTS,
     .parts = alerter_members,
     .about = "Who has the right to emergencies; told to those who have it"},
    {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/emergencies", PERMISSION_READ, handle_list, 0, HTTP_SLOW},
     .about = "List the emergencies under way, and those that wait for a second person",
     .shape = API_OBJECT,
     .members = emergencies_members},
    {.http = {HTTP_POST, "/api/v1/emergencies", PERMISSION_ALERT, handle_start, BODY_MAX,
              HTTP_SLOW},
     .about = "Take screens for an emergency; several sites wait for a second person",
     .shape = API_OBJECT,
     .members = emergency_members},
    {.http = {HTTP_POST, "/api/v1/emergencies/frame", PERMISSION_ALERT, handle_frame,
              DRAFT_BODY_MAX, HTTP_SLOW},
     .about = "Draw what an emergency would look like",
     .shape = API_BYTES,
     .media_type = "image/png"},
    {.http = {HTTP_POST, "/api/v1/emergencies/{id}/confirm", PERMISSION_ALERT, handle_confirm, 0,
              HTTP_SLOW},
     .about = "Begin the emergency that somebody else asked for",
     .shape = API_OBJECT,
     .members = emergency_members},
    {.http = {HTTP_DELETE, "/api/v1/emergencies/{id}", PERMISSION_ALERT, handle_end, 0, HTTP_SLOW},
     .about = "End an emergency, or drop one that waits"},
    {.http = {HTTP_POST, "/api/v1/safe-slide", PERMISSION_ALERT, handle_safe_start, 0, HTTP_SLOW},
     .about = "Take all screens to the neutral slide"},
    {.http = {HTTP_DELETE, "/api/v1/safe-slide", PERMISSION_ALERT, handle_safe_end, 0, HTTP_SLOW},
     .about = "Give all screens back to their programme"},
};

API_SECTION(section_emergencies, "Emergencies", routes);
