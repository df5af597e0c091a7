/* The gate: who asks, and may they. */
#include <string.h>
#include <strings.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/internal.h"
#include "server/api/people_parts.h"
#include "server/auth/session.h"
#include "server/config/config.h"

#define BODY_MAX (64 * 1024)

const char *api_cookie_name(const struct api *api)
{
    return api->config.secure ? "__Host-vitrine" : "vitrine_session";
}

bool people_origin_right(struct http_request *request, const struct api *api)
{
    const char *origin = request_header(request, "Origin");
    const char *host = request_header(request, "Host");
    const char *scheme = api->config.secure ? "https://" : "http://";

    return origin != NULL && host != NULL && strncasecmp(origin, scheme, strlen(scheme)) == 0 &&
           strcasecmp(origin + strlen(scheme), host) == 0;
}

bool people_from_page(struct http_request *request, const struct api *api)
{
    struct error error;

    if (people_origin_right(request, api))
        return true;
    error_set(&error, ERROR_DENIED, "la demande ne vient pas de cette page",
              "the request does not come from this page");
    answer_problem(request, &error);
    return false;
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

static bool known(struct http_request *request, struct api *api, const char *token,
                  struct user *user_out)
{
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool fresh = session_user_fresh(api->auth, db, request_arena(request), token, user_out);
    readers_give(&api->readers, db);
    if (fresh)
        return true;
    db = writer_take(&api->writer);
    bool holds = session_user(api->auth, db, request_arena(request), token, user_out, &error);
    writer_give(&api->writer);
    if (holds)
        return true;
    if (error.kind == ERROR_NOT_FOUND || error.kind == ERROR_DENIED)
        answer_unauthenticated(request);
    else
        answer_problem(request, &error);
    return false;
}

/* A page of another site can make a browser send our cookie, but knows neither our Origin nor the
 * session's token (SameSite=Strict is the first wall, these are the second and the third). */
static bool own_page(struct http_request *request, struct api *api, const char *token)
{
    return !request_unsafe(request) ||
           (people_origin_right(request, api) &&
            session_csrf_right(token, request_header(request, "X-CSRF-Token")));
}

/* The trail is everybody's deeds, and settings are everybody's: nothing of one site's people. */
static bool of_network(struct http_request *request, enum permission permission)
{
    return permission == PERMISSION_AUDIT ||
           (permission == PERMISSION_SETTINGS && request_unsafe(request));
}

static bool person_allowed(struct http_request *request, struct api *api,
                           enum permission permission)
{
    static const char *const network[] = {""};
    const struct auth_subject everything = {.site_count = 1, .sites = network};
    const char *token = request_cookie(request, api_cookie_name(api));
    struct user *user = arena_alloc(request_arena(request), sizeof(*user));
    struct error error;

    if (token == NULL) {
        answer_unauthenticated(request);
        return false;
    }
    if (!known(request, api, token, user))
        return false;
    if (!own_page(request, api, token)) {
        error_set(&error, ERROR_DENIED,
                  "la demande ne vient pas de cette page, ou la page est d’une autre session : "
                  "rechargez-la",
                  "the request does not come from this page, or the page is of another session: "
                  "reload it");
        answer_problem(request, &error);
        return false;
    }
    if (!auth_allows(user, permission, NULL)) {
        if (user->unproven)
            error_set(&error, ERROR_DENIED,
                      "les administrateurs ont besoin d’un second facteur : activez-le d’abord",
                      "administrators need a second factor: activate it first");
        else
            error_set(&error, ERROR_DENIED, "votre compte n’a pas ce droit",
                      "your account may not do this");
        answer_problem(request, &error);
        return false;
    }
    if (of_network(request, permission) && !auth_allows(user, permission, &everything)) {
        error_set(&error, ERROR_DENIED,
                  "cela touche tout le réseau : c’est à un administrateur du réseau de le faire",
                  "this is about the whole network: an administrator of the network does it");
        answer_problem(request, &error);
        return false;
    }
    if (!asking_check(request, api, &error)) {
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

bool people_body(struct http_request *request, const struct form *form, void *out,
                 struct error *err)
{
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, BODY_MAX, err);

    if (json == NULL)
        return false;
    memset(out, 0, form->size);
    bool ok = form_decode(form, json, request_arena(request), out, err);
    cJSON_Delete(json);
    return ok;
}

void people_set_cookie(struct http_request *request, const struct api *api, const char *name,
                       const char *token, int64_t max_age_s, bool strict)
{
    answer_header(request, "Set-Cookie",
                  arena_printf(request_arena(request),
                               "%s=%s; Path=/; HttpOnly; SameSite=%s; Max-Age=%lld%s", name, token,
                               strict ? "Strict" : "Lax", (long long)max_age_s,
                               api->config.secure ? "; Secure" : ""));
}

struct session_peer people_peer(struct http_request *request)
{
    return (struct session_peer){.address = request_peer(request),
                                 .agent = request_header(request, "User-Agent")};
}

const char *people_base_url(struct http_request *request, const struct api *api)
{
    const char *url = config_text(api->config.settings, CONFIG_PUBLIC_URL);
    const char *host = request_header(request, "Host");
    size_t length = strlen(url);

    if (length == 0)
        return arena_printf(request_arena(request), "%s://%s",
                            api->config.secure ? "https" : "http", host != NULL ? host : "");
    while (length > 0 && url[length - 1] == '/')
        length--;
    return arena_strndup(request_arena(request), url, length);
}
