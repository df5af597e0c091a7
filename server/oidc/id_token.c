#include "server/oidc/id_token.h"

#include <cjose/cjose.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/sign.h"

#define TOKEN_MAX 16384
#define KEYS_MAX 262144
#define CLAIMS_MAX 16384
#define TEXT_MAX 255
#define SKEW_S 60
#define AGE_MAX_S 600         /* since it was issued: it comes straight from the provider */
#define RSA_MODULUS_CHARS 342 /* of 2048 bits in base64url */
#define TIME_MAX_S 1e11

static const char *text_of(const cJSON *object, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static bool is(const char *text, const char *wanted)
{
    return text != NULL && strcmp(text, wanted) == 0;
}

/* A key of another kind than the algorithm's is never tried. */
static bool key_fits(const cJSON *key, const char *algorithm, const char *kid)
{
    const char *own_kid = text_of(key, "kid"), *use = text_of(key, "use"),
               *own_algorithm = text_of(key, "alg"), *modulus = text_of(key, "n");

    if (kid != NULL && !is(own_kid, kid))
        return false;
    if ((use != NULL && strcmp(use, "sig") != 0) ||
        (own_algorithm != NULL && strcmp(own_algorithm, algorithm) != 0))
        return false;
    if (strcmp(algorithm, "RS256") == 0)
        return is(text_of(key, "kty"), "RSA") && modulus != NULL &&
               strlen(modulus) >= RSA_MODULUS_CHARS;
    return is(text_of(key, "kty"), "EC") && is(text_of(key, "crv"), "P-256");
}

/* The one key that fits; NULL with *count_out when there is none, or several. */
static cjose_jwk_t *find_key(const char *jwks, const char *algorithm, const char *kid,
                             int *count_out)
{
    struct error ignored;
    cJSON *json = json_parse(jwks, strlen(jwks), KEYS_MAX, &ignored);
    const cJSON *keys = cJSON_GetObjectItemCaseSensitive(json, "keys"), *key, *found = NULL;
    cjose_jwk_t *jwk = NULL;
    cjose_err reason;

    *count_out = 0;
    cJSON_ArrayForEach(key, keys)
    {
        if (!cJSON_IsObject(key) || !key_fits(key, algorithm, kid))
            continue;
        found = key;
        ++*count_out;
    }
    if (*count_out == 1) {
        char *text = cJSON_PrintUnformatted(found);
        if (text != NULL)
            jwk = cjose_jwk_import(text, strlen(text), &reason);
        free(text);
    }
    cJSON_Delete(json);
    return jwk;
}

/* Only what its signature holds is read: *claims_out is the caller's. */
static enum id_verdict verify(cjose_jws_t *jws, const char *jwks, cJSON **claims_out,
                              struct error *err)
{
    cjose_header_t *header = cjose_jws_get_protected(jws);
    cjose_err reason;
    const char *algorithm = cjose_header_get(header, CJOSE_HDR_ALG, &reason);
    const char *kid = cjose_header_get(header, CJOSE_HDR_KID, &reason);
    uint8_t *claims;
    size_t size;
    int count;

    if (!is(algorithm, "RS256") && !is(algorithm, "ES256")) {
        error_set(err, ERROR_DENIED, "jeton d’identité refusé : algorithme non admis",
                  "ID token refused: algorithm not allowed");
        return ID_REFUSED;
    }
    char *critical = cjose_header_get_raw(header, "crit", &reason);
    if (critical != NULL) {
        free(critical);
        error_set(err, ERROR_DENIED, "jeton d’identité refusé : extension inconnue",
                  "ID token refused: unknown extension");
        return ID_REFUSED;
    }
    cjose_jwk_t *key = find_key(jwks, algorithm, kid, &count);
    if (key == NULL) {
        error_set(err, ERROR_DENIED, "jeton d’identité refusé : clé de signature inconnue",
                  "ID token refused: unknown signing key");
        return count == 0 ? ID_UNKNOWN_KEY : ID_REFUSED;
    }
    bool good = cjose_jws_verify(jws, key, &reason);
    cjose_jwk_release(key);
    if (!good || !cjose_jws_get_plaintext(jws, &claims, &size, &reason)) {
        error_set(err, ERROR_DENIED, "jeton d’identité refusé : signature fausse",
                  "ID token refused: wrong signature");
        return ID_REFUSED;
    }
    struct error ignored;
    *claims_out = json_parse((const char *)claims, size, CLAIMS_MAX, &ignored);
    if (*claims_out == NULL)
        error_set(err, ERROR_DENIED, "jeton d’identité refusé : illisible",
                  "ID token refused: unreadable");
    return *claims_out != NULL ? ID_GOOD : ID_REFUSED;
}

static bool audience_right(const cJSON *claims, const char *client_id)
{
    const cJSON *audience = cJSON_GetObjectItemCaseSensitive(claims, "aud"), *one;
    const cJSON *party = cJSON_GetObjectItemCaseSensitive(claims, "azp");
    bool named = cJSON_IsString(audience) && is(audience->valuestring, client_id);
    int count = 1;

    if (cJSON_IsArray(audience)) {
        count = 0;
        cJSON_ArrayForEach(one, audience)
        {
            count++;
            named = named || (cJSON_IsString(one) && is(one->valuestring, client_id));
        }
    }
    if (party != NULL ? !is(text_of(claims, "azp"), client_id) : count > 1)
        return false;
    return named;
}

static bool times_right(const cJSON *claims, int64_t now_ms)
{
    double now_s = (double)(now_ms / 1000), expires_s, issued_s, valid_s = 0;
    struct error ignored;

    return json_get_number(claims, "exp", 0, TIME_MAX_S, &expires_s, &ignored) &&
           json_get_number(claims, "iat", 0, TIME_MAX_S, &issued_s, &ignored) &&
           (!json_has(claims, "nbf") ||
            json_get_number(claims, "nbf", 0, TIME_MAX_S, &valid_s, &ignored)) &&
           now_s < expires_s + SKEW_S && issued_s <= now_s + SKEW_S &&
           issued_s >= now_s - AGE_MAX_S && valid_s <= now_s + SKEW_S;
}

static bool nonce_right(const cJSON *claims, const char *nonce)
{
    const char *given = text_of(claims, "nonce");

    return given != NULL && strlen(given) == strlen(nonce) &&
           constant_time_equal(given, nonce, strlen(nonce));
}

static bool claims_right(const cJSON *claims, const struct id_expected *expected,
                         struct arena *arena, struct oidc_person *out, struct error *err)
{
    const cJSON *verified = cJSON_GetObjectItemCaseSensitive(claims, "email_verified");

    if (!is(text_of(claims, "iss"), expected->issuer))
        return error_set(err, ERROR_DENIED, "jeton d’identité refusé : autre fournisseur",
                         "ID token refused: another issuer");
    if (!audience_right(claims, expected->client_id))
        return error_set(err, ERROR_DENIED, "jeton d’identité refusé : destiné à un autre",
                         "ID token refused: meant for somebody else");
    if (!times_right(claims, expected->now_ms))
        return error_set(err, ERROR_DENIED,
                         "jeton d’identité refusé : expiré, ou horloges trop différentes",
                         "ID token refused: expired, or clocks too far apart");
    if (!nonce_right(claims, expected->nonce))
        return error_set(err, ERROR_DENIED,
                         "jeton d’identité refusé : ne répond pas à cette connexion",
                         "ID token refused: not the answer to this login");
    if (!json_get_string(claims, "sub", 1, TEXT_MAX, arena, &out->subject, err))
        return error_set(err, ERROR_DENIED, "jeton d’identité refusé : ne dit pas qui",
                         "ID token refused: does not say who");
    const char *email = text_of(claims, "email");
    out->email = email != NULL && strlen(email) <= TEXT_MAX ? arena_strdup(arena, email) : "";
    out->email_verified = cJSON_IsTrue(verified);
    return true;
}

enum id_verdict id_token_check(const char *token, const char *jwks,
                               const struct id_expected *expected, struct arena *arena,
                               struct oidc_person *out, struct error *err)
{
    size_t length = strlen(token);
    cJSON *claims = NULL;
    cjose_err reason;

    cjose_jws_t *jws = length <= TOKEN_MAX ? cjose_jws_import(token, length, &reason) : NULL;
    if (jws == NULL) {
        error_set(err, ERROR_DENIED, "jeton d’identité refusé : illisible",
                  "ID token refused: unreadable");
        return ID_REFUSED;
    }
    enum id_verdict verdict = verify(jws, jwks, &claims, err);
    cjose_jws_release(jws);
    if (verdict == ID_GOOD && !claims_right(claims, expected, arena, out, err))
        verdict = ID_REFUSED;
    cJSON_Delete(claims);
    return verdict;
}
