/* Logging in at the city's identity provider: to it, and back from it. Whatever goes wrong, people
 * land on the admin page, which says in their language what to do: /admin/?login=late. */
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/log.h"
#include "server/api/people_parts.h"
#include "server/api/routes.h"
#include "server/auth/people.h"
#include "server/config/config.h"
#include "server/oidc/oidc.h"

#define PATH "/api/v1/login/oidc"
#define WAITING_MAX 3 /* workers that may wait for the provider: others need them as well */
#define LOGIN_MS (INT64_C(10) * 60 * 1000)
#define HEX_LENGTH (OIDC_RANDOM_SIZE - 1)
#define SECRET_MAX 4096

bool api_oidc_start(struct api *api, struct error *err)
{
    const struct config *settings = api->config.settings;
    const char *file = config_text(settings, CONFIG_OIDC_CLIENT_SECRET_FILE);
    char *secret = NULL;
    size_t length = 0;

    if (config_text(settings, CONFIG_OIDC_ISSUER)[0] == '\0')
        return true;
    if (config_text(settings, CONFIG_PUBLIC_URL)[0] == '\0')
        return error_set(err, ERROR_INVALID,
                         "oidc_issuer demande public_url : le fournisseur doit savoir où renvoyer",
                         "oidc_issuer needs public_url: the provider must know where to send back");
    if (*file != '\0' && !file_read(file, SECRET_MAX, &secret, &length, err))
        return false;
    if (secret != NULL)
        secret[strcspn(secret, "\r\n")] = '\0';
    api->oidc = oidc_create(
        &(struct oidc_config){.issuer = config_text(settings, CONFIG_OIDC_ISSUER),
                              .client_id = config_text(settings, CONFIG_OIDC_CLIENT_ID),
                              .client_secret = secret != NULL ? secret : "",
                              .loopback_http = config_flag(settings, CONFIG_OIDC_LOOPBACK_HTTP),
                              .clock = api->config.clock},
        err);
    free(secret);
    return api->oidc != NULL;
}

void api_oidc_stop(struct api *api)
{
    oidc_destroy(api->oidc);
}

static const char *cookie_name(const struct api *api)
{
    return api->config.secure ? "__Host-vitrine-oidc" : "vitrine_oidc";
}

/* word: of the page's texts (server/admin/src/pages/login/texts.ts); NULL: all is well. */
static void go_to_page(struct http_request *request, const char *word)
{
    answer_redirect(request, word == NULL
                                 ? "/admin/"
                                 : arena_printf(request_arena(request), "/admin/?login=%s", word));
}

static const char *redirect_uri(struct http_request *request, const struct api *api)
{
    return arena_printf(request_arena(request), "%s" PATH "/callback",
                        people_base_url(request, api));
}

static bool enter(struct api *api)
{
    if (atomic_fetch_add(&api->oidc_waiting, 1) < WAITING_MAX)
        return true;
    atomic_fetch_sub(&api->oidc_waiting, 1);
    return false;
}

static void leave(struct api *api)
{
    atomic_fetch_sub(&api->oidc_waiting, 1);
}

static void hash(const char *token, char hash_out[SHA256_HEX_SIZE])
{
    struct sha256 sum;

    sha256_of(token, strlen(token), &sum);
    sha256_to_hex(&sum, hash_out);
}

/* State, nonce and verifier stay here; the browser gets a name for them. */
static bool remember(struct http_request *request, struct api *api, const struct oidc_login *login,
                     struct error *err)
{
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    char token[OIDC_RANDOM_SIZE], token_hash[SHA256_HEX_SIZE];

    random_token(token, 32);
    hash(token, token_hash);
    struct db *db = writer_take(&api->writer);
    bool ok = credentials_expire(db, now_ms, err) &&
              passes_put(
                  db,
                  &(struct pass){.token_hash = token_hash,
                                 .kind = "oidc",
                                 .user = "",
                                 .words = arena_printf(request_arena(request), "%s%s%s",
                                                       login->state, login->nonce, login->verifier),
                                 .created_ms = now_ms,
                                 .expires_ms = now_ms + LOGIN_MS},
                  err);
    writer_give(&api->writer);
    if (ok)
        people_set_cookie(request, api, cookie_name(api), token, LOGIN_MS / 1000, false);
    return ok;
}

static void handle_start(struct http_request *request, void *context)
{
    struct api *api = context;
    struct throttle *throttle = auth_throttle(api->auth);
    const char *url;
    struct oidc_login login;
    struct error error;

    if (api->oidc == NULL) {
        go_to_page(request, "off");
        return;
    }
    if (throttle_wait_s(throttle, THROTTLE_START, request_peer(request)) > 0 || !enter(api)) {
        go_to_page(request, "busy");
        return;
    }
    throttle_fail(throttle, THROTTLE_START, request_peer(request));
    bool ok = oidc_begin(api->oidc, request_arena(request), redirect_uri(request, api), &login,
                         &url, &error) &&
              remember(request, api, &login, &error);
    leave(api);
    if (ok) {
        answer_redirect(request, url);
        return;
    }
    log_error(LOG_ERROR, "oidc_start", &error);
    go_to_page(request, "trouble");
}

/* Of the cookie's login: spent by the first who comes back with it, right or wrong. */
static bool recall(struct http_request *request, struct api *api, struct oidc_login *login_out,
                   struct error *err)
{
    const char *token = request_cookie(request, cookie_name(api));
    const char *state = request_query(request, "state");
    char token_hash[SHA256_HEX_SIZE];
    struct pass pass;

    if (token == NULL || state == NULL)
        return error_set(err, ERROR_NOT_FOUND, "aucune connexion en cours", "no login under way");
    hash(token, token_hash);
    struct db *db = writer_take(&api->writer);
    bool ok = passes_get(db, request_arena(request), token_hash, "oidc",
                         clock_wall_ms(&api->config.clock), &pass, err) &&
              passes_spend(db, token_hash, err);
    writer_give(&api->writer);
    if (!ok)
        return false;
    memset(login_out, 0, sizeof(*login_out));
    memcpy(login_out->state, pass.words, HEX_LENGTH);
    memcpy(login_out->nonce, pass.words + HEX_LENGTH, HEX_LENGTH);
    memcpy(login_out->verifier, pass.words + 2 * HEX_LENGTH, HEX_LENGTH);
    return (strlen(state) == HEX_LENGTH &&
            constant_time_equal(state, login_out->state, HEX_LENGTH)) ||
           error_set(err, ERROR_NOT_FOUND, "autre connexion en cours", "another login under way");
}

static bool ask_provider(struct http_request *request, struct api *api,
                         const struct oidc_login *login, struct oidc_person *person_out,
                         struct error *err)
{
    const char *code = request_query(request, "code");

    if (!oidc_issuer_right(api->oidc, request_query(request, "iss")))
        return error_set(err, ERROR_DENIED, "réponse d’un autre fournisseur",
                         "the answer of another provider");
    if (code == NULL || request_query(request, "error") != NULL)
        return error_set(err, ERROR_DENIED, "le fournisseur a refusé", "the provider refused");
    return oidc_finish(api->oidc, request_arena(request), redirect_uri(request, api), login, code,
                       person_out, err);
}

/* The account that is meant, and a session for it. */
static const char *let_in(struct http_request *request, struct api *api,
                          const struct oidc_person *person, const struct session_peer *peer,
                          struct session_grant *grant, struct error *err)
{
    const struct config *settings = api->config.settings;
    bool link = config_flag(settings, CONFIG_OIDC_LINK_BY_EMAIL) && person->email_verified &&
                person->email[0] != '\0';
    struct user user;

    bool found = people_find_vouched(writer_take(&api->writer), request_arena(request),
                                     config_text(settings, CONFIG_OIDC_ISSUER), person->subject,
                                     link ? person->email : NULL, clock_wall_ms(&api->config.clock),
                                     &user, err);
    writer_give(&api->writer);
    if (!found)
        return err->kind == ERROR_NOT_FOUND ? "unknown" : "trouble";
    if (!session_vouched(api->auth, &api->writer, request_arena(request), user.name, "oidc", peer,
                         grant, err))
        return err->kind == ERROR_DENIED ? "closed" : "trouble";
    return NULL;
}

static const char *come_back(struct http_request *request, struct api *api,
                             const struct session_peer *peer, struct session_grant *grant,
                             struct error *err)
{
    struct oidc_person person;
    struct oidc_login login;

    if (!recall(request, api, &login, err))
        return err->kind == ERROR_NOT_FOUND ? "late" : "trouble";
    if (!enter(api)) {
        error_set(err, ERROR_BUSY, "trop de connexions à la fois", "too many logins at once");
        return "busy";
    }
    bool known = ask_provider(request, api, &login, &person, err);
    leave(api);
    if (!known)
        return err->kind == ERROR_DENIED ? "refused" : "trouble";
    return let_in(request, api, &person, peer, grant, err);
}

static void handle_callback(struct http_request *request, void *context)
{
    struct api *api = context;
    struct session_peer peer = people_peer(request);
    struct throttle *throttle = auth_throttle(api->auth);
    struct session_grant grant = {0};
    struct error error;

    if (api->oidc == NULL) {
        go_to_page(request, "off");
        return;
    }
    if (throttle_wait_s(throttle, THROTTLE_START, peer.address) > 0) {
        go_to_page(request, "busy");
        return;
    }
    const char *word = come_back(request, api, &peer, &grant, &error);
    people_set_cookie(request, api, cookie_name(api), "", 0, false);
    if (word != NULL) {
        throttle_fail(throttle, THROTTLE_START, peer.address);
        log_error(LOG_WARN, "oidc_login", &error);
        session_note_failure(api->auth, &api->writer, request_arena(request), "",
                             arena_printf(request_arena(request), "login.oidc_%s", word), &peer);
        go_to_page(request, word);
        return;
    }
    throttle_forgive(throttle, THROTTLE_START, peer.address);
    people_set_grant(request, api, &grant);
    go_to_page(request, grant.code_wanted ? "code" : NULL);
}

static void handle_ways(struct http_request *request, void *context)
{
    struct api *api = context;
    struct json_writer writer;
    struct strbuf body;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    if (api->oidc != NULL) {
        json_begin_object(&writer, "oidc");
        json_put_string(&writer, "label", config_text(api->config.settings, CONFIG_OIDC_LABEL));
        json_put_string(&writer, "url", PATH);
        json_end_object(&writer);
    } else {
        json_put_null(&writer, "oidc");
    }
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static const struct api_query callback_queries[] = {
    {"code", API_QUERY_TEXT, "What the provider gives for a token"},
    {"state", API_QUERY_TEXT, "Which login it belongs to"},
    {"iss", API_QUERY_TEXT, "Who the provider is"},
    {"error", API_QUERY_TEXT, "Why there is no code"},
    {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/login", PERMISSION_NONE, handle_ways, 0, HTTP_QUICK},
     .about = "Tell how people may log in beside a password",
     .shape = API_OBJECT},
    {.http = {HTTP_GET, PATH, PERMISSION_NONE, handle_start, 0, HTTP_SLOW},
     .about = "Go to the identity provider (303)"},
    {.http = {HTTP_GET, PATH "/callback", PERMISSION_NONE, handle_callback, 0, HTTP_SLOW},
     .about = "Come back from the identity provider, on to the admin page (303)",
     .queries = callback_queries},
};

API_SECTION(section_login_oidc, "Login at the identity provider", routes);
