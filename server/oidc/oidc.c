#include "server/oidc/oidc.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "core/json.h"
#include "core/log.h"
#include "core/sign.h"
#include "server/oidc/exchange.h"

#define METADATA_MS (INT64_C(24) * 3600 * 1000)
#define RETRY_MS 10000        /* a provider that does not answer is not asked for that long */
#define KEYS_REFRESH_MS 10000 /* unknown keys make us look again at most that often */
#define ANSWER_MAX (512 * 1024)
#define URL_MAX 1024

struct oidc {
    struct oidc_config config; /* texts owned */
    pthread_mutex_t lock;      /* of all below */
    char *authorize, *token, *keys_address, *userinfo;
    bool says_issuer; /* the way back carries iss */
    int64_t known_ms; /* monotonic; 0: not yet */
    int64_t failed_ms;
    char *keys;
    int64_t keys_ms;
};

static char *copy(const char *text)
{
    char *own = strdup(text != NULL ? text : "");

    if (own == NULL)
        abort();
    return own;
}

struct oidc *oidc_create(const struct oidc_config *config, struct error *err)
{
    if (!exchange_allowed(config->issuer, config->loopback_http)) {
        error_set(err, ERROR_INVALID,
                  "oidc_issuer : « %s » n’est pas une adresse https (ni, avec oidc_loopback_http, "
                  "de cette machine)",
                  "oidc_issuer: \"%s\" is no https address (nor, with oidc_loopback_http, of this "
                  "machine)",
                  config->issuer);
        return NULL;
    }
    if (config->client_id[0] == '\0' || !exchange_init()) {
        error_set(err, ERROR_INVALID, "oidc_client_id manque", "oidc_client_id is missing");
        return NULL;
    }
    struct oidc *oidc = calloc(1, sizeof(*oidc));
    if (oidc == NULL)
        abort();
    oidc->config = *config;
    oidc->config.issuer = copy(config->issuer);
    oidc->config.client_id = copy(config->client_id);
    oidc->config.client_secret = copy(config->client_secret);
    pthread_mutex_init(&oidc->lock, NULL);
    return oidc;
}

static void forget(struct oidc *oidc)
{
    free(oidc->authorize);
    free(oidc->token);
    free(oidc->keys_address);
    free(oidc->userinfo);
    oidc->authorize = oidc->token = oidc->keys_address = oidc->userinfo = NULL;
    oidc->known_ms = 0;
}

void oidc_destroy(struct oidc *oidc)
{
    if (oidc == NULL)
        return;
    forget(oidc);
    free(oidc->keys);
    free((char *)oidc->config.issuer);
    free((char *)oidc->config.client_id);
    sodium_memzero((char *)oidc->config.client_secret, strlen(oidc->config.client_secret));
    free((char *)oidc->config.client_secret);
    pthread_mutex_destroy(&oidc->lock);
    free(oidc);
}

static bool unusable(struct error *err, const char *what)
{
    return error_set(err, ERROR_NETWORK, "réponse inutilisable du fournisseur d’identité : %s",
                     "unusable answer of the identity provider: %s", what);
}

/* A JSON object of a 200; the caller frees it. */
static cJSON *ask(const struct oidc *oidc, const struct exchange *question, struct error *err)
{
    struct exchange exchange = *question;
    struct strbuf body;
    cJSON *json = NULL;
    long status = 0;

    exchange.loopback_http = oidc->config.loopback_http;
    strbuf_init(&body);
    if (exchange_run(&exchange, &body, &status, err)) {
        struct error reason;
        json = status == 200 ? json_parse(body.bytes, body.length, ANSWER_MAX, &reason) : NULL;
        if (!cJSON_IsObject(json)) {
            cJSON_Delete(json);
            json = NULL;
            error_set(err, status == 400 ? ERROR_DENIED : ERROR_NETWORK,
                      "réponse inattendue du fournisseur d’identité (%ld) : %.120s",
                      "unexpected answer of the identity provider (%ld): %.120s", status,
                      body.bytes);
        }
    }
    sodium_memzero(body.bytes, body.length);
    strbuf_finish(&body);
    return json;
}

static bool take_address(const struct oidc *oidc, const cJSON *json, const char *name,
                         bool required, char **out, struct error *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, name);

    if (!required && !cJSON_IsString(item)) {
        *out = copy("");
        return true;
    }
    if (!cJSON_IsString(item) || strlen(item->valuestring) > URL_MAX ||
        !exchange_allowed(item->valuestring, oidc->config.loopback_http))
        return unusable(err, name);
    *out = copy(item->valuestring);
    return true;
}

static bool take_metadata(struct oidc *oidc, const cJSON *json, struct error *err)
{
    const cJSON *issuer = cJSON_GetObjectItemCaseSensitive(json, "issuer");

    if (!cJSON_IsString(issuer) || strcmp(issuer->valuestring, oidc->config.issuer) != 0)
        return unusable(err, "issuer");
    oidc->says_issuer = cJSON_IsTrue(
        cJSON_GetObjectItemCaseSensitive(json, "authorization_response_iss_parameter_supported"));
    return take_address(oidc, json, "authorization_endpoint", true, &oidc->authorize, err) &&
           take_address(oidc, json, "token_endpoint", true, &oidc->token, err) &&
           take_address(oidc, json, "jwks_uri", true, &oidc->keys_address, err) &&
           take_address(oidc, json, "userinfo_endpoint", false, &oidc->userinfo, err);
}

/* With the lock held: who comes meanwhile waits for the same answer. */
static bool discover(struct oidc *oidc, struct error *err)
{
    int64_t now_ms = clock_mono_ms(&oidc->config.clock);
    size_t length = strlen(oidc->config.issuer);
    struct strbuf url;

    if (oidc->known_ms != 0 && now_ms - oidc->known_ms < METADATA_MS)
        return true;
    if (oidc->failed_ms != 0 && now_ms - oidc->failed_ms < RETRY_MS)
        return error_set(err, ERROR_NETWORK, "le fournisseur d’identité ne répond pas",
                         "the identity provider does not answer");
    while (length > 0 && oidc->config.issuer[length - 1] == '/')
        length--;
    strbuf_init(&url);
    strbuf_append_bytes(&url, oidc->config.issuer, length);
    strbuf_append(&url, "/.well-known/openid-configuration");
    forget(oidc);
    cJSON *json = ask(oidc, &(struct exchange){.url = url.bytes}, err);
    strbuf_finish(&url);
    bool ok = json != NULL && take_metadata(oidc, json, err);
    cJSON_Delete(json);
    oidc->known_ms = ok ? now_ms : 0;
    oidc->failed_ms = ok ? 0 : now_ms;
    return ok;
}

static bool fetch_keys(struct oidc *oidc, struct error *err)
{
    oidc->keys_ms = clock_mono_ms(&oidc->config.clock);
    cJSON *json = ask(oidc, &(struct exchange){.url = oidc->keys_address}, err);
    if (json == NULL)
        return false;
    char *text = cJSON_PrintUnformatted(json);
    cJSON_Delete(json);
    if (text == NULL)
        abort();
    free(oidc->keys);
    oidc->keys = text;
    return true;
}

static void append_pair(struct strbuf *out, const char *name, const char *value)
{
    strbuf_append_char(out, strchr(out->bytes, '?') != NULL ? '&' : '?');
    strbuf_printf(out, "%s=", name);
    exchange_append_escaped(out, value);
}

static void challenge_of(const char *verifier, char *out, size_t size)
{
    struct sha256 sum;

    sha256_of(verifier, strlen(verifier), &sum);
    sodium_bin2base64(out, size, sum.bytes, sizeof(sum.bytes),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool oidc_begin(struct oidc *oidc, struct arena *arena, const char *redirect_uri,
                struct oidc_login *login_out, const char **url_out, struct error *err)
{
    char challenge[64];
    struct strbuf url;

    pthread_mutex_lock(&oidc->lock);
    bool known = discover(oidc, err);
    const char *authorize = known ? arena_strdup(arena, oidc->authorize) : NULL;
    pthread_mutex_unlock(&oidc->lock);
    if (!known)
        return false;
    random_token(login_out->state, 32);
    random_token(login_out->nonce, 32);
    random_token(login_out->verifier, 32);
    challenge_of(login_out->verifier, challenge, sizeof(challenge));
    strbuf_init(&url);
    strbuf_append(&url, authorize);
    append_pair(&url, "response_type", "code");
    append_pair(&url, "client_id", oidc->config.client_id);
    append_pair(&url, "redirect_uri", redirect_uri);
    append_pair(&url, "scope", "openid email");
    append_pair(&url, "state", login_out->state);
    append_pair(&url, "nonce", login_out->nonce);
    append_pair(&url, "code_challenge", challenge);
    append_pair(&url, "code_challenge_method", "S256");
    *url_out = arena_strdup(arena, url.bytes);
    strbuf_finish(&url);
    return true;
}

bool oidc_issuer_right(struct oidc *oidc, const char *iss)
{
    pthread_mutex_lock(&oidc->lock);
    bool wanted = oidc->says_issuer;
    pthread_mutex_unlock(&oidc->lock);
    return iss != NULL ? strcmp(iss, oidc->config.issuer) == 0 : !wanted;
}

static void append_field(struct strbuf *form, const char *name, const char *value)
{
    if (form->length > 0)
        strbuf_append_char(form, '&');
    strbuf_printf(form, "%s=", name);
    exchange_append_escaped(form, value);
}

/* The provider's answer to the code: ID token, access token. */
static cJSON *redeem(const struct oidc *oidc, const char *token_address, const char *redirect_uri,
                     const struct oidc_login *login, const char *code, struct error *err)
{
    bool secret = oidc->config.client_secret[0] != '\0';
    struct strbuf form, credentials;

    strbuf_init(&form);
    strbuf_init(&credentials);
    append_field(&form, "grant_type", "authorization_code");
    append_field(&form, "code", code);
    append_field(&form, "redirect_uri", redirect_uri);
    append_field(&form, "code_verifier", login->verifier);
    if (secret) {
        exchange_append_escaped(&credentials, oidc->config.client_id);
        strbuf_append_char(&credentials, ':');
        exchange_append_escaped(&credentials, oidc->config.client_secret);
    } else {
        append_field(&form, "client_id", oidc->config.client_id);
    }
    cJSON *json = ask(oidc,
                      &(struct exchange){.url = token_address,
                                         .form = form.bytes,
                                         .credentials = secret ? credentials.bytes : NULL},
                      err);
    sodium_memzero(credentials.bytes, credentials.length);
    strbuf_finish(&credentials);
    strbuf_finish(&form);
    return json;
}

/* With keys that are known, then with newer ones: providers change keys without a word. */
static bool check(struct oidc *oidc, const char *token, const struct oidc_login *login,
                  struct arena *arena, struct oidc_person *out, struct error *err)
{
    const struct id_expected expected = {.issuer = oidc->config.issuer,
                                         .client_id = oidc->config.client_id,
                                         .nonce = login->nonce,
                                         .now_ms = clock_wall_ms(&oidc->config.clock)};
    enum id_verdict verdict = ID_UNKNOWN_KEY;

    pthread_mutex_lock(&oidc->lock);
    bool ok = oidc->keys != NULL || fetch_keys(oidc, err);
    if (ok)
        verdict = id_token_check(token, oidc->keys, &expected, arena, out, err);
    if (ok && verdict == ID_UNKNOWN_KEY &&
        clock_mono_ms(&oidc->config.clock) - oidc->keys_ms >= KEYS_REFRESH_MS &&
        fetch_keys(oidc, err))
        verdict = id_token_check(token, oidc->keys, &expected, arena, out, err);
    pthread_mutex_unlock(&oidc->lock);
    return ok && verdict == ID_GOOD;
}

/* Many providers tell the address only there. What it says counts for the same subject alone; that
 * it does not answer is no reason to keep somebody out. */
static void ask_email(const struct oidc *oidc, const char *address, const char *access_token,
                      struct arena *arena, struct oidc_person *person)
{
    const char *subject, *email;
    struct error error;
    cJSON *json = ask(oidc, &(struct exchange){.url = address, .bearer = access_token}, &error);

    if (json == NULL) {
        log_error(LOG_WARN, "oidc_userinfo", &error);
        return;
    }
    if (json_get_string(json, "sub", 1, 255, arena, &subject, &error) &&
        strcmp(subject, person->subject) == 0 &&
        json_get_string(json, "email", 1, 255, arena, &email, &error)) {
        person->email = email;
        person->email_verified =
            cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "email_verified"));
    }
    cJSON_Delete(json);
}

bool oidc_finish(struct oidc *oidc, struct arena *arena, const char *redirect_uri,
                 const struct oidc_login *login, const char *code, struct oidc_person *out,
                 struct error *err)
{
    const char *token_address = NULL, *userinfo = NULL;

    pthread_mutex_lock(&oidc->lock);
    bool known = discover(oidc, err);
    if (known) {
        token_address = arena_strdup(arena, oidc->token);
        userinfo = arena_strdup(arena, oidc->userinfo);
    }
    pthread_mutex_unlock(&oidc->lock);
    cJSON *json = known ? redeem(oidc, token_address, redirect_uri, login, code, err) : NULL;
    if (json == NULL)
        return false;
    const cJSON *token = cJSON_GetObjectItemCaseSensitive(json, "id_token"),
                *access = cJSON_GetObjectItemCaseSensitive(json, "access_token");
    bool ok = cJSON_IsString(token) ? check(oidc, token->valuestring, login, arena, out, err)
                                    : unusable(err, "id_token");
    if (ok && out->email[0] == '\0' && userinfo[0] != '\0' && cJSON_IsString(access))
        ask_email(oidc, userinfo, access->valuestring, arena, out);
    cJSON_Delete(json);
    return ok;
}
