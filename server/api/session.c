/* Logging in, in one step or two, and what people do with their own account: sessions, password,
 * second factor. */
#include <stdio.h>
#include <string.h>

#include <qrencode.h>

#include "core/json.h"
#include "core/log.h"
#include "server/api/people_parts.h"
#include "server/api/routes.h"
#include "server/auth/second_factor.h"

#define BODY_MAX 4096
#define NAME_MAX_BYTES 128
#define SESSION_ID_LENGTH 16 /* hexadecimal digits of a hash: they tell nothing of the token */

struct login {
    const char *user;
    const char *password;
};
static const struct form_field login_fields[] = {
    {.name = "user",
     .type = FORM_LINE,
     .offset = offsetof(struct login, user),
     .min = 1,
     .max = NAME_MAX_BYTES,
     .required = true},
    {.name = "password",
     .type = FORM_LINE,
     .offset = offsetof(struct login, password),
     .min = 1,
     .max = AUTH_PASSWORD_MAX,
     .required = true},
};
static const struct form login_form = {
    .name = "Login", .size = sizeof(struct login), .fields = login_fields, .field_count = 2};

struct code {
    const char *code;
};
static const struct form_field code_fields[] = {
    {.name = "code",
     .type = FORM_LINE,
     .offset = offsetof(struct code, code),
     .min = 1,
     .max = 32,
     .required = true,
     .about = "Six digits of the telephone, or a recovery code"},
};
static const struct form code_form = {
    .name = "Code", .size = sizeof(struct code), .fields = code_fields, .field_count = 1};

struct passwords {
    const char *password;
    const char *next;
};
static const struct form_field passwords_fields[] = {
    {.name = "password",
     .type = FORM_LINE,
     .offset = offsetof(struct passwords, password),
     .min = 1,
     .max = AUTH_PASSWORD_MAX,
     .required = true,
     .about = "The present one"},
    {.name = "new_password",
     .type = FORM_LINE,
     .offset = offsetof(struct passwords, next),
     .min = 1,
     .max = AUTH_PASSWORD_MAX,
     .required = true},
};
static const struct form passwords_form = {.name = "PasswordChange",
                                           .size = sizeof(struct passwords),
                                           .fields = passwords_fields,
                                           .field_count = 2};
static const struct form password_form = {.name = "PasswordCheck",
                                          .size = sizeof(struct passwords),
                                          .fields = passwords_fields,
                                          .field_count = 1};

const char *people_step_cookie(const struct api *api)
{
    return api->config.secure ? "__Host-vitrine-step" : "vitrine_step";
}

void people_answer_failure(struct http_request *request, const struct error *err, int retry_after_s)
{
    if (err->kind == ERROR_LIMIT && retry_after_s > 0)
        answer_too_many(request, retry_after_s);
    else
        answer_problem(request, err);
}

void people_set_grant(struct http_request *request, struct api *api,
                      const struct session_grant *grant)
{
    const char *before = request_cookie(request, api_cookie_name(api));
    struct error error;

    if (grant->code_wanted) {
        people_set_cookie(request, api, people_step_cookie(api), grant->token,
                          SESSION_STEP_MS / 1000, true);
        return;
    }
    if (before != NULL) {
        if (!session_end(writer_take(&api->writer), before, &error))
            log_error(LOG_ERROR, "session_end", &error);
        writer_give(&api->writer);
    }
    people_set_cookie(request, api, api_cookie_name(api), grant->token, SESSION_MS / 1000, true);
    if (request_cookie(request, people_step_cookie(api)) != NULL)
        people_set_cookie(request, api, people_step_cookie(api), "", 0, true);
}

static void put_user(struct json_writer *writer, const struct user *user, const char *token)
{
    char csrf[SESSION_TOKEN_SIZE];

    session_csrf(token, csrf);
    json_put_string(writer, "user", user->name);
    json_put_string(writer, "display", user->display);
    json_put_string(writer, "role", role_tag(user->role));
    json_begin_array(writer, "sites");
    for (size_t i = 0; i < user->sites.count; i++)
        json_put_string(writer, NULL, user->sites.items[i]);
    json_end_array(writer);
    json_put_bool(writer, "alert", user->alert);
    json_begin_array(writer, "permissions");
    for (int i = PERMISSION_SESSION; i < PERMISSIONS; i++) {
        if (auth_allows(user, (enum permission)i, NULL))
            json_put_string(writer, NULL, auth_permission_tag((enum permission)i));
    }
    json_end_array(writer);
    json_put_bool(writer, "second_factor", user->totp_active);
    json_put_bool(writer, "second_factor_wanted", user->unproven);
    json_put_string(writer, "csrf", csrf);
}

static void answer_session(struct http_request *request, const struct user *user, const char *token)
{
    struct strbuf body;
    struct json_writer writer;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    put_user(&writer, user, token);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void answer_grant(struct http_request *request, struct api *api, struct session_grant *grant)
{
    struct error error;
    struct strbuf body;

    people_set_grant(request, api, grant);
    if (!grant->code_wanted) {
        /* As the next request will find them: whether a second factor is wanted, say. */
        struct db *db = writer_take(&api->writer);
        bool ok =
            session_user(api->auth, db, request_arena(request), grant->token, &grant->user, &error);
        writer_give(&api->writer);
        if (ok)
            answer_session(request, &grant->user, grant->token);
        else
            answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    strbuf_append(&body, "{\"code_wanted\":true}");
    answer_json(request, ANSWER_ACCEPTED, &body);
    strbuf_finish(&body);
}

static void handle_login(struct http_request *request, void *context)
{
    struct api *api = context;
    struct session_peer peer = people_peer(request);
    struct session_grant grant = {0};
    struct login login;
    struct error error;

    if (!people_from_page(request, api))
        return;
    if (!people_body(request, &login_form, &login, &error) ||
        !session_login(api->auth, &api->writer, request_arena(request), login.user, login.password,
                       &peer, &grant, &error))
        people_answer_failure(request, &error, grant.retry_after_s);
    else
        answer_grant(request, api, &grant);
}

static void handle_code(struct http_request *request, void *context)
{
    struct api *api = context;
    const char *step = request_cookie(request, people_step_cookie(api));
    struct session_peer peer = people_peer(request);
    struct session_grant grant = {0};
    struct code code;
    struct error error;

    if (!people_from_page(request, api))
        return;
    if (step == NULL) {
        answer_unauthenticated(request);
        return;
    }
    if (people_body(request, &code_form, &code, &error) &&
        session_prove(api->auth, &api->writer, request_arena(request), step, code.code, &peer,
                      &grant, &error))
        answer_grant(request, api, &grant);
    else if (error.kind == ERROR_NOT_FOUND)
        answer_unauthenticated(request); /* too late: the password again */
    else
        people_answer_failure(request, &error, grant.retry_after_s);
}

static void handle_session(struct http_request *request, void *context)
{
    answer_session(request, request_identity(request),
                   request_cookie(request, api_cookie_name(context)));
}

static void handle_logout(struct http_request *request, void *context)
{
    struct api *api = context;
    struct error error;

    struct db *db = writer_take(&api->writer);
    bool ok = session_end(db, request_cookie(request, api_cookie_name(api)), &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    people_set_cookie(request, api, api_cookie_name(api), "", 0, true);
    answer_empty(request);
}

static void put_session(struct json_writer *writer, const struct session *session, bool current)
{
    char id[SESSION_ID_LENGTH + 1];

    snprintf(id, sizeof(id), "%s", session->token_hash);
    json_begin_object(writer, NULL);
    json_put_string(writer, "id", id);
    json_put_bool(writer, "current", current);
    json_put_int(writer, "created_ms", session->created_ms);
    json_put_int(writer, "seen_ms", session->seen_ms);
    json_put_int(writer, "expires_ms", session->expires_ms);
    json_put_string(writer, "method", session->method);
    json_put_string(writer, "agent", session->agent);
    json_end_object(writer);
}

static void handle_sessions(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    char own[SHA256_HEX_SIZE];
    struct session_list sessions;
    struct json_writer writer;
    struct strbuf body;
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool ok = sessions_list(db, request_arena(request), user->name, &sessions, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    session_hash(request_cookie(request, api_cookie_name(api)), own);
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "items");
    for (size_t i = 0; i < sessions.count; i++) {
        if (session_alive(api->auth, &sessions.items[i]))
            put_session(&writer, &sessions.items[i],
                        strcmp(sessions.items[i].token_hash, own) == 0);
    }
    json_end_array(&writer);
    json_put_null(&writer, "next");
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void handle_end_all(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct error error;

    bool ok = sessions_delete_user(writer_take(&api->writer), user->name, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    people_set_cookie(request, api, api_cookie_name(api), "", 0, true);
    answer_empty(request);
}

/* Of one's own: an id of somebody else's session leads nowhere. */
static bool end_one(struct db *db, struct arena *arena, const char *user, const char *id,
                    struct error *err)
{
    struct session_list sessions;

    if (!sessions_list(db, arena, user, &sessions, err))
        return false;
    for (size_t i = 0; i < sessions.count; i++) {
        if (strlen(id) == SESSION_ID_LENGTH &&
            strncmp(sessions.items[i].token_hash, id, SESSION_ID_LENGTH) == 0)
            return sessions_delete(db, sessions.items[i].token_hash, err);
    }
    return error_set(err, ERROR_NOT_FOUND, "session inconnue ou terminée",
                     "unknown or ended session");
}

static void handle_end_one(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct error error;

    bool ok = end_one(writer_take(&api->writer), request_arena(request), user->name,
                      request_param(request, "id"), &error);
    writer_give(&api->writer);
    answer_outcome(request, ok, &error);
}

static void handle_password(struct http_request *request, void *context)
{
    struct api *api = context;
    struct session_peer peer = people_peer(request);
    struct session_grant grant = {0};
    struct passwords passwords;
    struct error error;

    if (people_body(request, &passwords_form, &passwords, &error) &&
        session_change_password(api->auth, &api->writer, request_arena(request),
                                request_identity(request), passwords.password, passwords.next,
                                &peer, &grant, &error))
        answer_grant(request, api, &grant);
    else
        people_answer_failure(request, &error, grant.retry_after_s);
}

/* Who finds a page left open must not be able to tie their own telephone to it: the password is
 * asked again. */
static bool password_given(struct http_request *request, struct api *api)
{
    struct passwords passwords;
    int retry_after_s = 0;
    struct error error;

    if (people_body(request, &password_form, &passwords, &error) &&
        session_check_password(api->auth, request_identity(request), passwords.password,
                               &retry_after_s, &error))
        return true;
    people_answer_failure(request, &error, retry_after_s);
    return false;
}

/* The symbol as rows of 0 and 1, for a page to draw: the secret goes to no further address. */
static void put_symbol(struct json_writer *writer, const char *text)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    char row[256];

    json_begin_array(writer, "qr");
    for (int y = 0; code != NULL && y < code->width && code->width < (int)sizeof(row); y++) {
        for (int x = 0; x < code->width; x++)
            row[x] = (char)('0' + (code->data[y * code->width + x] & 1));
        row[code->width] = '\0';
        json_put_string(writer, NULL, row);
    }
    json_end_array(writer);
    QRcode_free(code);
}

static void handle_factor_begin(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    const char *secret, *uri;
    struct json_writer writer;
    struct strbuf body;
    struct error error;

    if (!password_given(request, api))
        return;
    bool ok = second_factor_begin(api->auth, writer_take(&api->writer), request_arena(request),
                                  user->name, &secret, &uri, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "secret", secret);
    json_put_string(&writer, "uri", uri);
    put_symbol(&writer, uri);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void answer_codes(struct http_request *request,
                         char codes[SECOND_FACTOR_CODES][SECOND_FACTOR_CODE_SIZE])
{
    struct json_writer writer;
    struct strbuf body;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "recovery_codes");
    for (int i = 0; i < SECOND_FACTOR_CODES; i++)
        json_put_string(&writer, NULL, codes[i]);
    json_end_array(&writer);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

/* For the trail: with the writer held. */
static bool note(const struct api *api, struct db *db, const struct user *user, const char *action,
                 struct error *err)
{
    return audit_add(db,
                     &(struct audit_entry){.time_ms = clock_wall_ms(&api->config.clock),
                                           .user = user->name,
                                           .action = action,
                                           .subject = user->name,
                                           .detail = ""},
                     err);
}

static void handle_factor_confirm(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    char codes[SECOND_FACTOR_CODES][SECOND_FACTOR_CODE_SIZE];
    struct throttle *throttle = auth_throttle(api->auth);
    int wait_s = throttle_wait_s(throttle, THROTTLE_CODE, user->name);
    struct code code;
    struct error error;

    if (wait_s > 0) {
        answer_too_many(request, wait_s);
        return;
    }
    if (!people_body(request, &code_form, &code, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = writer_take(&api->writer);
    bool ok = second_factor_confirm(api->auth, db, request_arena(request), user->name, code.code,
                                    codes, &error) &&
              note(api, db, user, "user.second_factor_on", &error);
    writer_give(&api->writer);
    if (!ok && error.kind == ERROR_DENIED)
        throttle_fail(throttle, THROTTLE_CODE, user->name);
    if (ok)
        answer_codes(request, codes);
    else
        answer_problem(request, &error);
}

static void handle_factor_remove(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct error error;

    if (!password_given(request, api))
        return;
    struct db *db = writer_take(&api->writer);
    bool ok = second_factor_remove(db, request_arena(request), user->name, &error) &&
              note(api, db, user, "user.second_factor_off", &error);
    writer_give(&api->writer);
    answer_outcome(request, ok, &error);
}

static const struct api_member session_members[] = {
    {.name = "user", .type = API_TEXT},
    {.name = "display", .type = API_TEXT},
    {.name = "role", .type = API_TEXT},
    {.name = "sites", .type = API_TEXTS, .about = "Bound to these; none: the whole network"},
    {.name = "alert", .type = API_BOOL},
    {.name = "permissions", .type = API_TEXTS},
    {.name = "second_factor", .type = API_BOOL},
    {.name = "second_factor_wanted",
     .type = API_BOOL,
     .about = "Nothing else is allowed before there is one"},
    {.name = "csrf", .type = API_TEXT, .about = "For X-CSRF-Token"},
    {0},
};
static const struct api_member own_session_members[] = {
    {.name = "id", .type = API_TEXT},        {.name = "current", .type = API_BOOL},
    {.name = "created_ms", .type = API_INT}, {.name = "seen_ms", .type = API_INT},
    {.name = "expires_ms", .type = API_INT}, {.name = "method", .type = API_TEXT},
    {.name = "agent", .type = API_TEXT},     {0},
};
static const struct api_member secret_members[] = {
    {.name = "secret", .type = API_TEXT},
    {.name = "uri", .type = API_TEXT, .about = "otpauth:, for a QR code"},
    {.name = "qr", .type = API_TEXTS, .about = "That code: rows of 0 (light) and 1 (dark)"},
    {0},
};
static const struct api_member codes_members[] = {{.name = "recovery_codes", .type = API_TEXTS},
                                                  {0}};

static const struct api_route routes[] = {
    {.http = {HTTP_POST, "/api/v1/session", PERMISSION_NONE, handle_login, BODY_MAX, HTTP_SLOW},
     .about = "Log in; 202 when a code is wanted beside the password",
     .takes = &login_form,
     .shape = API_OBJECT},
    {.http = {HTTP_POST, "/api/v1/session/code", PERMISSION_NONE, handle_code, BODY_MAX, HTTP_SLOW},
     .about = "Give the code that a login waits for",
     .takes = &code_form,
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/api/v1/session", PERMISSION_SESSION, handle_session, 0, HTTP_SLOW},
     .about = "Tell who is logged in, what they may do, and the token that changes ask for",
     .shape = API_OBJECT,
     .members = session_members},
    {.http = {HTTP_DELETE, "/api/v1/session", PERMISSION_SESSION, handle_logout, 0, HTTP_SLOW},
     .about = "Log out"},
    {.http = {HTTP_GET, "/api/v1/sessions", PERMISSION_SESSION, handle_sessions, 0, HTTP_SLOW},
     .about = "List one's own sessions",
     .shape = API_PAGE,
     .members = own_session_members},
    {.http = {HTTP_DELETE, "/api/v1/sessions", PERMISSION_SESSION, handle_end_all, 0, HTTP_SLOW},
     .about = "End all of one's own sessions"},
    {.http = {HTTP_DELETE, "/api/v1/sessions/{id}", PERMISSION_SESSION, handle_end_one, 0,
              HTTP_SLOW},
     .about = "End one of one's own sessions"},
    {.http = {HTTP_PUT, "/api/v1/session/password", PERMISSION_SESSION, handle_password, BODY_MAX,
              HTTP_SLOW},
     .about = "Change one's own password; ends all sessions and begins a new one",
     .takes = &passwords_form,
     .shape = API_OBJECT},
    {.http = {HTTP_POST, "/api/v1/session/second-factor", PERMISSION_SESSION, handle_factor_begin,
              BODY_MAX, HTTP_SLOW},
     .about = "Begin a second factor: the secret for the telephone",
     .takes = &password_form,
     .shape = API_OBJECT,
     .members = secret_members},
    {.http = {HTTP_POST, "/api/v1/session/second-factor/confirm", PERMISSION_SESSION,
              handle_factor_confirm, BODY_MAX, HTTP_SLOW},
     .about = "Confirm the second factor by a code; gives the recovery codes",
     .takes = &code_form,
     .shape = API_OBJECT,
     .members = codes_members},
    {.http = {HTTP_POST, "/api/v1/session/second-factor/remove", PERMISSION_SESSION,
              handle_factor_remove, BODY_MAX, HTTP_SLOW},
     .about = "Remove one's own second factor",
     .takes = &password_form},
};

API_SECTION(section_session, "Session", routes);
