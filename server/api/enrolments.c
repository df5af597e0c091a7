/* Routes of players that wait for their screen. */
#include "core/json.h"
#include "playlists/enrolment.h"
#include "server/api/fleet_parts.h"
#include "server/api/routes.h"
#include "server/fleet/enrolment.h"

#define APPROVE_BODY_MAX 4096

static void put_enrolment(struct json_writer *writer, const struct enrolment *enrolment)
{
    static const char *const states[] = {"pending", "approved", "refused"};

    json_begin_object(writer, NULL);
    json_put_string(writer, "code", enrolment->code);
    json_put_string(writer, "fingerprint", enrolment->fingerprint);
    json_put_string(writer, "state", states[enrolment->state]);
    json_put_string(writer, "screen", enrolment->screen);
    json_put_int(writer, "width_px", enrolment->width_px);
    json_put_int(writer, "height_px", enrolment->height_px);
    json_put_string(writer, "software", enrolment->software);
    json_put_int(writer, "created_ms", enrolment->created_ms);
    json_put_int(writer, "seen_ms", enrolment->seen_ms);
    json_end_object(writer);
}

/* Whoever waits is anybody's; a screen's player is there for who sees the screen. */
static bool visible(struct db *db, struct arena *arena, const struct user *user,
                    const struct enrolment *enrolment)
{
    struct screen screen;
    struct error ignored;

    return user->sites.count == 0 || enrolment->screen[0] == '\0' ||
           fleet_visible(db, arena, user, enrolment->screen, &screen, &ignored);
}

static size_t keep_visible(struct db *db, struct arena *arena, const struct user *user,
                           struct enrolment_list *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (visible(db, arena, user, &list->items[i]))
            list->items[kept++] = list->items[i];
    }
    return kept;
}

void api_enrolments(struct http_request *request, void *context)
{
    struct api *api = context;
    struct enrolment_list list;
    struct error error;
    struct strbuf body;
    struct json_writer writer;

    struct db *db = readers_take(&api->readers);
    bool ok = enrolments_list(db, request_arena(request), NULL, &list, &error);
    if (ok)
        list.count = keep_visible(db, request_arena(request), request_identity(request), &list);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "enrolments");
    for (size_t i = 0; i < list.count; i++)
        put_enrolment(&writer, &list.items[i]);
    json_end_array(&writer);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static bool decode_decision(struct http_request *request, bool approve, const char **screen_out,
                            const char **fingerprint_out, bool *replace_out, struct error *err)
{
    static const char *const approve_keys[] = {"screen", "fingerprint", "replace", NULL};
    static const char *const refuse_keys[] = {"fingerprint", NULL};
    struct arena *arena = request_arena(request);
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, 4096, err);

    if (json == NULL)
        return false;
    bool ok = json_only_keys(json, approve ? approve_keys : refuse_keys, err) &&
              (!approve || json_get_string(json, "screen", 1, 64, arena, screen_out, err)) &&
              (!json_has(json, "replace") || json_get_bool(json, "replace", replace_out, err)) &&
              json_get_string(json, "fingerprint", 1, 32, arena, fingerprint_out, err);
    cJSON_Delete(json);
    return ok;
}

/* To refuse a player takes its screen away, and so does to approve it as another screen. */
static bool check_player(struct db *db, struct arena *arena, const struct user *user,
                         const char *typed, struct error *err)
{
    char code[ENROLMENT_CODE_SIZE];
    struct enrolment_list list;

    if (!enrolment_code_normalise(typed, code))
        return true; /* what is wrong with it is told later */
    if (!enrolments_list(db, arena, code, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        if (!visible(db, arena, user, &list.items[i]))
            return error_set(err, ERROR_NOT_FOUND,
                             "aucun lecteur ne s’est présenté avec le code %s",
                             "no player has come with the code %s", code);
    }
    return true;
}

static void decide(struct http_request *request, struct api *api, bool approve)
{
    const struct user *user = request_identity(request);
    struct arena *arena = request_arena(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    const char *code = request_param(request, "code");
    const char *screen = "", *fingerprint;
    bool replace = false;
    struct enrolment enrolment;
    struct screen target;
    struct error error;

    if (!decode_decision(request, approve, &screen, &fingerprint, &replace, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = writer_take(&api->writer);
    bool ok = check_player(db, arena, user, code, &error) &&
              (approve ? fleet_visible(db, arena, user, screen, &target, &error) &&
                             fleet_may(user, PERMISSION_OPERATE, &target, &error) &&
                             enrolment_approve(db, arena, code, fingerprint, screen, replace,
                                               user->name, now_ms, &enrolment, &error)
                       : enrolment_refuse(db, arena, code, fingerprint, user->name, now_ms,
                                          &enrolment, &error));
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    publisher_kick(api->publisher); /* a token may be void now */
    answer_empty(request);
}

void api_approve(struct http_request *request, void *context)
{
    decide(request, context, true);
}

void api_refuse(struct http_request *request, void *context)
{
    decide(request, context, false);
}

static const struct api_member enrolment_members[] = {
    {.name = "code", .type = API_TEXT, .about = "As the screen shows it"},
    {.name = "fingerprint",
     .type = API_TEXT,
     .about = "As the screen shows it, of the player's key"},
    {.name = "state", .type = API_TEXT, .about = "pending, approved or refused"},
    {.name = "screen", .type = API_TEXT},
    {.name = "width_px", .type = API_INT},
    {.name = "height_px", .type = API_INT},
    {.name = "software", .type = API_TEXT},
    {.name = "created_ms", .type = API_INT},
    {.name = "seen_ms", .type = API_INT},
    {0},
};
static const struct api_member enrolments_members[] = {
    {.name = "enrolments", .type = API_PARTS, .parts = enrolment_members},
    {0},
};

static const struct api_route enrolment_routes[] = {
    {.http = {HTTP_GET, "/api/v1/enrolments", PERMISSION_READ, api_enrolments, 0, HTTP_SLOW},
     .about = "List players that wait to be enrolled",
     .shape = API_OBJECT,
     .members = enrolments_members},
    {.http = {HTTP_POST, "/api/v1/enrolments/{code}/approve", PERMISSION_OPERATE, api_approve,
              APPROVE_BODY_MAX, HTTP_SLOW},
     .about = "Enrol a player as a screen"},
    {.http = {HTTP_POST, "/api/v1/enrolments/{code}/refuse", PERMISSION_OPERATE, api_refuse,
              APPROVE_BODY_MAX, HTTP_SLOW},
     .about = "Refuse a player"},
};

API_SECTION(section_enrolments, "Enrolments", enrolment_routes);
