/* Accounts, as administrators keep them; links for new passwords. */
#include <stdio.h>
#include <string.h>

#include "core/hash.h"
#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/people_parts.h"
#include "server/auth/people.h"
#include "server/config/config.h"
#include "server/store/settings.h"

#define BODY_MAX 16384
#define SITES_MAX 64
#define ETAG_SIZE 33

static const struct form_field user_fields[] = {
    {.name = "name",
     .type = FORM_LINE,
     .offset = offsetof(struct user, name),
     .min = 1,
     .max = 64,
     .required = true,
     .about = "The login; it never changes"},
    {.name = "role",
     .type = FORM_CHOICE,
     .offset = offsetof(struct user, role),
     .required = true,
     .tags = role_tags,
     .tag_count = ROLES},
    {.name = "sites",
     .type = FORM_IDS,
     .offset = offsetof(struct user, sites),
     .max = SITES_MAX,
     .about = "Bound to these; none: the whole network"},
    {.name = "alert",
     .type = FORM_BOOL,
     .offset = offsetof(struct user, alert),
     .about = "May take screens for emergencies"},
    {.name = "display",
     .type = FORM_LINE,
     .offset = offsetof(struct user, display),
     .max = 254,
     .about = "How people call them"},
    {.name = "email", .type = FORM_LINE, .offset = offsetof(struct user, email), .max = 254},
    {.name = "active",
     .type = FORM_BOOL,
     .offset = offsetof(struct user, active),
     .absent = 1,
     .about = "Open: may log in"},
    {.name = "oidc_subject",
     .type = FORM_LINE,
     .offset = offsetof(struct user, oidc_subject),
     .max = 254,
     .about = "Whom the city's identity provider knows them as"},
    {.name = "second_factor",
     .type = FORM_BOOL,
     .offset = offsetof(struct user, totp_active),
     .read_only = true},
    {.name = "created_ms",
     .type = FORM_INT,
     .offset = offsetof(struct user, created_ms),
     .max = INT64_C(1) << 53,
     .read_only = true},
};
static const struct form user_form = {.name = "User",
                                      .size = sizeof(struct user),
                                      .fields = user_fields,
                                      .field_count = sizeof(user_fields) / sizeof(user_fields[0])};

struct new_password {
    const char *password;
};
static const struct form_field new_password_fields[] = {
    {.name = "password",
     .type = FORM_LINE,
     .offset = offsetof(struct new_password, password),
     .min = 1,
     .max = AUTH_PASSWORD_MAX,
     .required = true},
};
static const struct form new_password_form = {.name = "NewPassword",
                                              .size = sizeof(struct new_password),
                                              .fields = new_password_fields,
                                              .field_count = 1};

struct policy {
    bool second_factor;
};
static const struct form_field policy_fields[] = {
    {.name = "administrators_second_factor",
     .type = FORM_BOOL,
     .offset = offsetof(struct policy, second_factor),
     .required = true,
     .about = "Administrators without one may do nothing but get one"},
};
static const struct form policy_form = {.name = "PeoplePolicy",
                                        .size = sizeof(struct policy),
                                        .fields = policy_fields,
                                        .field_count = 1};

static void put_user(struct json_writer *writer, const struct user *user)
{
    json_begin_object(writer, NULL);
    form_encode(&user_form, user, writer);
    json_put_bool(writer, "has_password", user->password_hash[0] != '\0');
    json_end_object(writer);
}

static void etag_of(const struct user *user, char etag_out[ETAG_SIZE])
{
    char hex[SHA256_HEX_SIZE];
    struct json_writer writer;
    struct strbuf body;
    struct sha256 sum;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    put_user(&writer, user);
    sha256_of(body.bytes, body.length, &sum);
    strbuf_finish(&body);
    sha256_to_hex(&sum, hex);
    memcpy(etag_out, hex, ETAG_SIZE - 1);
    etag_out[ETAG_SIZE - 1] = '\0';
}

static void answer_user(struct http_request *request, enum answer_state state,
                        const struct user *user)
{
    char etag[ETAG_SIZE];
    struct json_writer writer;
    struct strbuf body;

    etag_of(user, etag);
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    put_user(&writer, user);
    answer_json_tagged(request, state, &body, etag);
    strbuf_finish(&body);
}

static bool find(struct db *db, struct http_request *request, const char *name,
                 struct user *user_out, struct error *err)
{
    return users_get(db, request_arena(request), name, user_out, err) &&
           (people_sees(request_identity(request), user_out) ||
            error_set(err, ERROR_NOT_FOUND, "compte introuvable : « %s »",
                      "no such account: \"%s\"", name));
}

static void handle_list(struct http_request *request, void *context)
{
    struct api *api = context;
    const char *after = asking_text(request, "after"), *next = NULL, *last = NULL;
    struct asking_page page;
    struct user_list users;
    size_t limit, shown = 0;
    struct error error;

    if (!asking_limit(request, &limit, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = users_list(db, request_arena(request), &users, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&page);
    for (size_t i = 0; i < users.count; i++) {
        const struct user *user = &users.items[i];
        if (strcmp(user->name, after) <= 0 || !people_sees(request_identity(request), user))
            continue;
        if (shown == limit) {
            next = last;
            break;
        }
        put_user(&page.writer, user);
        last = user->name;
        shown++;
    }
    asking_answer(request, api, &page, next);
}

static void handle_get(struct http_request *request, void *context)
{
    struct api *api = context;
    struct user user;
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool ok = find(db, request, request_param(request, "name"), &user, &error);
    readers_give(&api->readers, db);
    if (ok)
        answer_user(request, ANSWER_OK, &user);
    else
        answer_problem(request, &error);
}

/* The issuer is the installation's: only the subject is a person's. */
static bool link_of(const struct api *api, struct user *user, struct error *err)
{
    user->oidc_issuer = "";
    if (user->oidc_subject[0] == '\0')
        return true;
    user->oidc_issuer = config_text(api->config.settings, CONFIG_OIDC_ISSUER);
    if (user->oidc_issuer[0] != '\0')
        return true;
    error_set(err, ERROR_INVALID, "ce serveur ne connaît pas de fournisseur d’identité",
              "this server knows no identity provider");
    return error_field(err, "oidc_subject");
}

static void handle_create(struct http_request *request, void *context)
{
    struct api *api = context;
    struct user user;
    struct error error;

    bool ok = people_body(request, &user_form, &user, &error) && link_of(api, &user, &error);
    if (ok) {
        user.password_hash = "";
        struct db *db = writer_take(&api->writer);
        ok = people_create(db, request_arena(request), request_identity(request), &user,
                           clock_wall_ms(&api->config.clock), &error) &&
             users_get(db, request_arena(request), user.name, &user, &error);
        writer_give(&api->writer);
    }
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    answer_header(request, "Location",
                  arena_printf(request_arena(request), "/api/v1/users/%s",
                               asking_escape(request_arena(request), user.name)));
    answer_user(request, ANSWER_CREATED, &user);
}

static bool change(struct db *db, struct http_request *request, struct user *user,
                   const char *expected, int64_t now_ms, struct error *err)
{
    const char *name = request_param(request, "name");
    char etag[ETAG_SIZE];
    struct user was;

    if (!find(db, request, name, &was, err))
        return false;
    if (strcmp(user->name, name) != 0) {
        error_set(err, ERROR_INVALID, "le nom d’un compte ne change pas",
                  "an account's name never changes");
        return error_field(err, "name");
    }
    etag_of(&was, etag);
    if (strcmp(etag, expected) != 0)
        return error_set(err, ERROR_STALE,
                         "ce compte a changé depuis que vous l’avez lu : relisez-le",
                         "this account has changed since you read it: read it again");
    /* A link to another provider stays as long as its subject does. */
    if (strcmp(user->oidc_subject, was.oidc_subject) == 0)
        user->oidc_issuer = was.oidc_issuer;
    return people_change(db, request_arena(request), request_identity(request), user, now_ms,
                         err) &&
           users_get(db, request_arena(request), name, user, err);
}

static void handle_put(struct http_request *request, void *context)
{
    struct api *api = context;
    const char *expected = request_if_match(request);
    struct user user;
    struct error error;

    if (expected == NULL) {
        answer_unconditional(request);
        return;
    }
    bool ok = people_body(request, &user_form, &user, &error) && link_of(api, &user, &error);
    if (ok) {
        ok = change(writer_take(&api->writer), request, &user, expected,
                    clock_wall_ms(&api->config.clock), &error);
        writer_give(&api->writer);
    }
    if (ok)
        answer_user(request, ANSWER_OK, &user);
    else
        answer_problem(request, &error);
}

static void handle_reset_link(struct http_request *request, void *context)
{
    struct api *api = context;
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    char token[PEOPLE_TOKEN_SIZE];
    struct json_writer writer;
    struct strbuf body;
    struct error error;

    bool ok = people_reset_begin(writer_take(&api->writer), request_arena(request),
                                 request_identity(request), request_param(request, "name"), now_ms,
                                 token, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "url",
                    arena_printf(request_arena(request), "%s/admin/reset#%s",
                                 people_base_url(request, api), token));
    json_put_int(&writer, "expires_ms", now_ms + PEOPLE_LINK_MS);
    json_end_object(&writer);
    answer_json(request, ANSWER_CREATED, &body);
    strbuf_finish(&body);
}

static void handle_factor_off(struct http_request *request, void *context)
{
    struct api *api = context;
    struct error error;

    bool ok = people_drop_second_factor(writer_take(&api->writer), request_arena(request),
                                        request_identity(request), request_param(request, "name"),
                                        clock_wall_ms(&api->config.clock), &error);
    writer_give(&api->writer);
    answer_outcome(request, ok, &error);
}

static void handle_end_sessions(struct http_request *request, void *context)
{
    struct api *api = context;
    struct user user;
    struct error error;

    struct db *db = writer_take(&api->writer);
    bool ok = find(db, request, request_param(request, "name"), &user, &error) &&
              sessions_delete_user(db, user.name, &error);
    writer_give(&api->writer);
    answer_outcome(request, ok, &error);
}

/* Who tries tokens is slowed down; the tokens are 256 bits, it is the server's time that counts. */
static bool link_patience(struct http_request *request, struct api *api)
{
    int wait_s = throttle_wait_s(auth_throttle(api->auth), THROTTLE_LINK, request_peer(request));

    if (wait_s > 0)
        answer_too_many(request, wait_s);
    return wait_s == 0;
}

static bool find_link(struct http_request *request, struct api *api, const char **name_out,
                      struct error *err)
{
    struct db *db = readers_take(&api->readers);
    bool ok = people_reset_find(db, request_arena(request), request_param(request, "token"),
                                clock_wall_ms(&api->config.clock), name_out, err);
    readers_give(&api->readers, db);
    if (!ok && err->kind == ERROR_NOT_FOUND)
        throttle_fail(auth_throttle(api->auth), THROTTLE_LINK, request_peer(request));
    return ok;
}

static void handle_reset_look(struct http_request *request, void *context)
{
    struct api *api = context;
    struct json_writer writer;
    struct strbuf body;
    const char *name;
    struct error error;

    if (!link_patience(request, api))
        return;
    if (!find_link(request, api, &name, &error)) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "user", name);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void handle_reset(struct http_request *request, void *context)
{
    struct api *api = context;
    struct new_password body;
    const char *name;
    char hash[160];
    struct error error;

    if (!people_from_page(request, api) || !link_patience(request, api))
        return;
    bool ok = people_body(request, &new_password_form, &body, &error) &&
              find_link(request, api, &name, &error);
    if (ok && !auth_hash_password(body.password, hash, sizeof(hash), &error))
        ok = error_field(&error, "password");
    if (ok) {
        ok = people_reset_finish(writer_take(&api->writer), request_arena(request),
                                 request_param(request, "token"), hash,
                                 clock_wall_ms(&api->config.clock), &error);
        writer_give(&api->writer);
    }
    answer_outcome(request, ok, &error);
}

static void answer_policy(struct http_request *request, const struct policy *policy)
{
    struct json_writer writer;
    struct strbuf body;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    form_encode(&policy_form, policy, &writer);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void handle_policy(struct http_request *request, void *context)
{
    struct api *api = context;
    int64_t wanted = 0;
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool ok = settings_get_int(db, SESSION_SECOND_FACTOR, 0, &wanted, &error);
    readers_give(&api->readers, db);
    if (ok)
        answer_policy(request, &(struct policy){.second_factor = wanted != 0});
    else
        answer_problem(request, &error);
}

static void handle_policy_put(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct policy policy;
    struct error error;

    bool ok = people_body(request, &policy_form, &policy, &error);
    if (ok && policy.second_factor && !user->totp_active)
        ok = error_set(&error, ERROR_CONFLICT, "activez d’abord le vôtre",
                       "activate your own first");
    if (ok) {
        struct db *db = writer_take(&api->writer);
        ok = settings_set_int(db, SESSION_SECOND_FACTOR, policy.second_factor, &error) &&
             audit_add(db,
                       &(struct audit_entry){.time_ms = clock_wall_ms(&api->config.clock),
                                             .user = user->name,
                                             .action = "people.policy",
                                             .subject = "administrators_second_factor",
                                             .detail = policy.second_factor ? "1" : "0"},
                       &error);
        writer_give(&api->writer);
    }
    if (ok)
        answer_policy(request, &policy);
    else
        answer_problem(request, &error);
}

static const struct api_query list_queries[] = {ASKING_LIMIT, ASKING_AFTER, {0}};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/users", PERMISSION_PEOPLE, handle_list, 0, HTTP_SLOW},
     .about = "List the accounts within one's own scope",
     .shape = API_PAGE,
     .gives = &user_form,
     .queries = list_queries},
    {.http = {HTTP_POST, "/api/v1/users", PERMISSION_PEOPLE, handle_create, BODY_MAX, HTTP_SLOW},
     .about = "Create an account, without a password until its link is used",
     .takes = &user_form,
     .shape = API_ONE,
     .gives = &user_form},
    {.http = {HTTP_GET, "/api/v1/users/{name}", PERMISSION_PEOPLE, handle_get, 0, HTTP_SLOW},
     .about = "Give an account",
     .shape = API_ONE,
     .gives = &user_form,
     .tagged = true},
    {.http = {HTTP_PUT, "/api/v1/users/{name}", PERMISSION_PEOPLE, handle_put, BODY_MAX, HTTP_SLOW},
     .about = "Change an account; ends its sessions when its rights change",
     .takes = &user_form,
     .shape = API_ONE,
     .gives = &user_form,
     .tagged = true},
    {.http = {HTTP_POST, "/api/v1/users/{name}/reset-link", PERMISSION_PEOPLE, handle_reset_link, 0,
              HTTP_SLOW},
     .about = "Make a link for one new password within a day",
     .shape = API_OBJECT},
    {.http = {HTTP_DELETE, "/api/v1/users/{name}/second-factor", PERMISSION_PEOPLE,
              handle_factor_off, 0, HTTP_SLOW},
     .about = "Switch off a second factor that was lost"},
    {.http = {HTTP_DELETE, "/api/v1/users/{name}/sessions", PERMISSION_PEOPLE, handle_end_sessions,
              0, HTTP_SLOW},
     .about = "End all sessions of an account"},
    {.http = {HTTP_GET, "/api/v1/password-resets/{token}", PERMISSION_NONE, handle_reset_look, 0,
              HTTP_SLOW},
     .about = "Tell whose link for a new password it is",
     .shape = API_OBJECT},
    {.http = {HTTP_POST, "/api/v1/password-resets/{token}", PERMISSION_NONE, handle_reset, 4096,
              HTTP_SLOW},
     .about = "Choose a new password by a link",
     .takes = &new_password_form},
    {.http = {HTTP_GET, "/api/v1/people-policy", PERMISSION_SETTINGS, handle_policy, 0, HTTP_SLOW},
     .about = "Tell what is asked of people",
     .shape = API_ONE,
     .gives = &policy_form},
    {.http = {HTTP_PUT, "/api/v1/people-policy", PERMISSION_SETTINGS, handle_policy_put, 1024,
              HTTP_SLOW},
     .about = "Change what is asked of people",
     .takes = &policy_form,
     .shape = API_ONE,
     .gives = &policy_form},
};

API_SECTION(section_people, "People", routes);
