/* The gate: who asks, and may they. */
#include <string.h>
#include <strings.h>

#include "core/json.h"
#include "server/api/internal.h"
#include "server/api/routes.h"

#define NAME_MAX_BYTES 128

const char *api_cookie_name(const struct api *api)
{
    return api->config.secure ? "__Host-vitrine" : "vitrine_session";
}

/* A page of another site can make a browser send our cookie, but not our Origin (SameSite=Strict is
 * the first wall, this the second). */
static bool origin_right(struct http_request *request, const struct api *api)
{
    const char *origin = request_header(request, "Origin");
    const char *host = request_header(request, "Host");
    const char *scheme = api->config.secure ? "https://" : "http://";

    return origin != NULL && host != NULL && strncasecmp(origin, scheme, strlen(scheme)) == 0 &&
           strcasecmp(origin + strlen(scheme), host) == 0;
}

static bool device_allowed(struct http_request *request, struct api *api)
{
    const char *token = request_bearer(request);
    struct roster_screen *screen = arena_alloc(request_arena(request), sizeof(*screen));

    if (token == NULL ||
        !roster_authenticate(api->roster, token, clock_wall_ms(&api->config.clock), screen)) {
        answer_unauthenticated(request);
        return false;
    }
    request_set_identity(request, screen);
    return true;
}

static bool person_allowed(struct http_request *request, struct api *api,
                           enum permission permission)
{
    const char *token = request_cookie(request, api_cookie_name(api));
    struct user *user = arena_alloc(request_arena(request), sizeof(*user));
    struct error error;

    if (token == NULL) {
        answer_unauthenticated(request);
        return false;
    }
    struct db *db = readers_take(&api->readers);
    bool known = auth_session_fresh(api->auth, db, request_arena(request), token, user);
    readers_give(&api->readers, db);
    if (!known) {
        db = writer_take(&api->writer);
        known = auth_session(api->auth, db, request_arena(request), token, user, &error);
        writer_give(&api->writer);
    }
    if (!known) {
        if (error.kind == ERROR_NOT_FOUND || error.kind == ERROR_DENIED)
            answer_unauthenticated(request);
        else
            answer_problem(request, &error);
        return false;
    }
    if (!auth_allows(user, permission, NULL) ||
        (request_unsafe(request) && !origin_right(request, api))) {
        error_set(&error, ERROR_DENIED, "votre compte n’a pas ce droit",
                  "your account may not do this");
        answer_problem(request, &error);
        return false;
    }
    request_set_identity(request, user);
    return true;
}

bool api_authorise(struct http_request *request, int permission, void *context)
{
    struct api *api = context;

    return permission == PERMISSION_DEVICE
               ? device_allowed(request, api)
               : person_allowed(request, api, (enum permission)permission);
}

static void set_cookie(struct http_request *request, const struct api *api, const char *token,
                       int64_t max_age_s)
{
    answer_header(request, "Set-Cookie",
                  arena_printf(request_arena(request),
                               "%s=%s; Path=/; HttpOnly; SameSite=Strict; Max-Age=%lld%s",
                               api_cookie_name(api), token, (long long)max_age_s,
                               api->config.secure ? "; Secure" : ""));
}

static bool decode_login(struct http_request *request, const char **name_out,
                         const char **password_out, struct error *err)
{
    static const char *const keys[] = {"user", "password", NULL};
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, 4096, err);

    if (json == NULL)
        return false;
    bool ok =
        json_only_keys(json, keys, err) &&
        json_get_string(json, "user", 1, NAME_MAX_BYTES, request_arena(request), name_out, err) &&
        json_get_string(json, "password", 1, AUTH_PASSWORD_MAX, request_arena(request),
                        password_out, err);
    cJSON_Delete(json);
    return ok;
}

static void answer_user(struct http_request *request, const char *name, const char *role)
{
    struct strbuf body;
    struct json_writer writer;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "user", name);
    json_put_string(&writer, "role", role);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

void api_login(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    const char *name, *password;
    char token[AUTH_TOKEN_SIZE];
    int retry_after_s = 0;
    struct user user;
    struct error error;

    if (!origin_right(request, api)) {
        error_set(&error, ERROR_DENIED, "la demande ne vient pas de cette page",
                  "the request does not come from this page");
        answer_problem(request, &error);
        return;
    }
    if (!decode_login(request, &name, &password, &error)) {
        answer_problem(request, &error);
        return;
    }
    bool ok = auth_login(api->auth, &api->writer, arena, name, password, request_peer(request),
                         token, &retry_after_s, &error);
    if (ok) {
        ok = users_get(writer_take(&api->writer), arena, name, &user, &error);
        writer_give(&api->writer);
    }
    if (!ok && error.kind == ERROR_LIMIT) {
        answer_too_many(request, retry_after_s);
    } else if (!ok) {
        answer_problem(request, &error);
    } else {
        set_cookie(request, api, token, AUTH_SESSION_MS / 1000);
        answer_user(request, user.name, role_tag(user.role));
    }
}

void api_session(struct http_request *request, void *context)
{
    const struct user *user = request_identity(request);

    (void)context;
    answer_user(request, user->name, role_tag(user->role));
}

void api_logout(struct http_request *request, void *context)
{
    struct api *api = context;
    struct error error;

    struct db *db = writer_take(&api->writer);
    bool ok = auth_logout(db, request_cookie(request, api_cookie_name(api)), &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    set_cookie(request, api, "", 0);
    answer_empty(request);
}

#define LOGIN_BODY_MAX 4096

static const struct api_route routes[] = {
    {.http = {HTTP_POST, "/api/v1/session", PERMISSION_NONE, api_login, LOGIN_BODY_MAX, HTTP_SLOW},
     .about = "Log in",
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/api/v1/session", PERMISSION_SESSION, api_session, 0, HTTP_SLOW},
     .about = "Tell who is logged in",
     .shape = API_OBJECT},
    {.http = {HTTP_DELETE, "/api/v1/session", PERMISSION_SESSION, api_logout, 0, HTTP_SLOW},
     .about = "Log out"},
};

API_SECTION(section_session, "Session", routes);
