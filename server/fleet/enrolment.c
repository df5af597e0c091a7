#include "server/fleet/enrolment.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/json.h"
#include "playlists/enrolment.h"
#include "server/store/accounts.h"
#include "server/store/fleet.h"

#define BODY_MAX 4096
#define TOKEN_BYTES 32

static bool wrong_member(struct error *err, const char *field)
{
    error_set(err, ERROR_INVALID, "ce n’est pas de l’hexadécimal de la bonne longueur",
              "not hexadecimal of the right length");
    error_field(err, field);
    return false;
}

/* It is shown to administrators, also on terminals. */
static bool software_printable(const char *text, struct error *err)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~') {
            error_set(err, ERROR_INVALID, "seuls des caractères ASCII imprimables sont admis",
                      "only printable ASCII characters are allowed");
            error_field(err, "software");
            return false;
        }
    }
    return true;
}

bool enrolment_request_decode(const char *body, size_t length, struct arena *arena,
                              struct enrolment_request *out, struct error *err)
{
    static const char *const keys[] = {"public_key", "challenge", "signature", "width_px",
                                       "height_px",  "software",  NULL};
    const char *key, *signature;
    uint8_t challenge[32];
    int64_t width, height;
    bool ok = false;
    cJSON *json = json_parse(body, length, BODY_MAX, err);

    if (json == NULL)
        return false;
    if (!json_only_keys(json, keys, err) ||
        !json_get_string(json, "public_key", 64, 64, arena, &key, err) ||
        !json_get_string(json, "challenge", 0, 64, arena, &out->challenge, err) ||
        !json_get_string(json, "signature", 128, 128, arena, &signature, err) ||
        !json_get_int(json, "width_px", 1, 16384, &width, err) ||
        !json_get_int(json, "height_px", 1, 16384, &height, err) ||
        !json_get_string(json, "software", 1, 64, arena, &out->software, err))
        goto done;
    if (!hex_decode(key, out->public_key.bytes, SIGN_PUBLIC_SIZE)) {
        wrong_member(err, "public_key");
        goto done;
    }
    if (!hex_decode(signature, out->signature, SIGN_SIGNATURE_SIZE)) {
        wrong_member(err, "signature");
        goto done;
    }
    if (*out->challenge != '\0' && !hex_decode(out->challenge, challenge, sizeof(challenge))) {
        wrong_member(err, "challenge");
        goto done;
    }
    out->width_px = (int)width;
    out->height_px = (int)height;
    ok = software_printable(out->software, err);
done:
    cJSON_Delete(json);
    return ok;
}

static bool signature_right(const struct enrolment_request *request)
{
    struct strbuf message;

    strbuf_init(&message);
    enrolment_message(&request->public_key, request->challenge, &message);
    bool right =
        sign_verify(&request->public_key, message.bytes, message.length, request->signature);
    strbuf_finish(&message);
    return right;
}

static bool count_pending(struct db *db, struct arena *arena, size_t *pending_out,
                          struct error *err)
{
    struct enrolment_list all;

    if (!enrolments_list(db, arena, NULL, &all, err))
        return false;
    *pending_out = 0;
    for (size_t i = 0; i < all.count; i++)
        *pending_out += all.items[i].state == ENROLMENT_PENDING;
    return true;
}

/* Players ask every few seconds: who has filled the list and gone must not keep real ones out. */
static bool make_room(struct db *db, struct arena *arena, int64_t now_ms, struct error *err)
{
    static const int64_t patience_ms[] = {ENROLMENT_FORGET_MS, ENROLMENT_SILENT_MS};

    for (size_t i = 0; i < sizeof(patience_ms) / sizeof(patience_ms[0]); i++) {
        int64_t forgotten;
        size_t pending;
        if (!enrolments_expire(db, now_ms - patience_ms[i], &forgotten, err) ||
            !count_pending(db, arena, &pending, err))
            return false;
        if (pending < ENROLMENT_PENDING_MAX)
            return true;
    }
    return error_set(err, ERROR_LIMIT, "trop de lecteurs attendent leur rattachement",
                     "too many players wait for enrolment");
}

static bool find_or_begin(struct db *db, struct arena *arena,
                          const struct enrolment_request *request, int64_t now_ms,
                          struct enrolment *enrolment, struct error *err)
{
    char *key = arena_alloc(arena, SIGN_PUBLIC_HEX_SIZE);

    hex_encode(request->public_key.bytes, SIGN_PUBLIC_SIZE, key);
    if (enrolments_get(db, arena, key, enrolment, err))
        return true;
    if (err->kind != ERROR_NOT_FOUND || !make_room(db, arena, now_ms, err))
        return false;
    char *code = arena_alloc(arena, ENROLMENT_CODE_SIZE);
    char *fingerprint = arena_alloc(arena, ENROLMENT_FINGERPRINT_SIZE);
    enrolment_code(&request->public_key, code);
    enrolment_fingerprint(&request->public_key, fingerprint);
    *enrolment = (struct enrolment){.public_key = key,
                                    .code = code,
                                    .fingerprint = fingerprint,
                                    .challenge = "",
                                    .state = ENROLMENT_PENDING,
                                    .screen = "",
                                    .created_ms = now_ms};
    return true;
}

/* The token goes out once per proven challenge; the challenge is spent with it. */
static bool give_token(struct db *db, const struct enrolment *enrolment, int64_t now_ms,
                       struct enrolment_answer *answer, struct error *err)
{
    uint8_t token[TOKEN_BYTES];
    char hash[SHA256_HEX_SIZE];

    random_bytes(token, sizeof(token));
    hex_encode(token, sizeof(token), answer->token);
    sha256_of(token, sizeof(token), &answer->token_hash);
    sha256_to_hex(&answer->token_hash, hash);
    answer->has_token = true;
    answer->screen = enrolment->screen;
    /* A key is one player: what it was before, on another screen, it is no more. */
    return devices_delete(db, enrolment->public_key, enrolment->screen, err) &&
           devices_put(db,
                       &(struct device){.screen = enrolment->screen,
                                        .public_key = enrolment->public_key,
                                        .token_hash = hash,
                                        .software = enrolment->software,
                                        .manifest = "",
                                        .enrolled_ms = now_ms,
                                        .last_seen_ms = now_ms},
                       err);
}

bool enrolment_ask(struct db *db, struct arena *arena, const struct enrolment_request *request,
                   int64_t now_ms, struct enrolment_answer *answer_out, struct error *err)
{
    struct enrolment enrolment;
    bool own, ok;

    memset(answer_out, 0, sizeof(*answer_out));
    if (!signature_right(request))
        return error_set(err, ERROR_DENIED, "la signature n’est pas celle de cette clé",
                         "the signature is not this key's");
    if (!db_join(db, &own, err))
        return false;
    ok = find_or_begin(db, arena, request, now_ms, &enrolment, err);
    if (ok) {
        bool proven =
            *enrolment.challenge != '\0' && strcmp(enrolment.challenge, request->challenge) == 0;
        answer_out->state = enrolment.state;
        enrolment.seen_ms = now_ms;
        enrolment.width_px = request->width_px;
        enrolment.height_px = request->height_px;
        enrolment.software = request->software;
        if (enrolment.state == ENROLMENT_APPROVED && proven)
            ok = give_token(db, &enrolment, now_ms, answer_out, err);
        random_token(answer_out->challenge, 32);
        enrolment.challenge = answer_out->challenge;
        ok = ok && enrolments_put(db, &enrolment, err);
    }
    return db_leave(db, own, ok, err);
}

/* As typed from a screen: case, hyphens and spaces do not matter. */
static bool fingerprint_matches(const char *typed, const char *fingerprint)
{
    while (true) {
        typed += strspn(typed, "- ");
        fingerprint += strspn(fingerprint, "-");
        if (*typed == '\0' || *fingerprint == '\0')
            return *typed == *fingerprint;
        if (strncasecmp(typed++, fingerprint++, 1) != 0)
            return false;
    }
}

static bool find_by_code(struct db *db, struct arena *arena, const char *typed,
                         const char *fingerprint, struct enrolment *out, struct error *err)
{
    char code[ENROLMENT_CODE_SIZE];
    struct enrolment_list list;
    size_t matches = 0;

    if (!enrolment_code_normalise(typed, code))
        return error_set(err, ERROR_INVALID,
                         "« %s » n’est pas un code d’écran : il en faut un comme K7QF-2M9D",
                         "\"%s\" is no screen code: it looks like K7QF-2M9D", typed);
    if (!enrolments_list(db, arena, code, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        if (fingerprint != NULL && !fingerprint_matches(fingerprint, list.items[i].fingerprint))
            continue;
        *out = list.items[i];
        matches++;
    }
    if (matches == 0 && list.count > 0)
        return error_set(err, ERROR_DENIED,
                         "le lecteur au code %s a une autre empreinte : comparez-la à l’écran",
                         "the player with code %s has another fingerprint: compare it on the "
                         "screen",
                         code);
    if (matches == 0)
        return error_set(err, ERROR_NOT_FOUND, "aucun lecteur ne s’est présenté avec le code %s",
                         "no player has come with the code %s", code);
    return matches == 1 ||
           error_set(err, ERROR_CONFLICT,
                     "%zu lecteurs montrent le code %s : donnez aussi l’empreinte",
                     "%zu players show the code %s: give the fingerprint too", matches, code);
}

static bool decide(struct db *db, struct enrolment *enrolment, const char *action, const char *user,
                   int64_t now_ms, struct error *err)
{
    return enrolments_put(db, enrolment, err) &&
           audit_add(db,
                     &(struct audit_entry){.time_ms = now_ms,
                                           .user = user,
                                           .action = action,
                                           .subject = enrolment->code,
                                           .detail = enrolment->screen},
                     err);
}

/* A screen has one player: who was approved for it before is refused from now on. */
static bool retire_others(struct db *db, struct arena *arena, const struct enrolment *kept,
                          struct error *err)
{
    struct enrolment_list all;

    if (!enrolments_list(db, arena, NULL, &all, err))
        return false;
    for (size_t i = 0; i < all.count; i++) {
        struct enrolment *other = &all.items[i];
        if (other->state != ENROLMENT_APPROVED || strcmp(other->screen, kept->screen) != 0 ||
            strcmp(other->public_key, kept->public_key) == 0)
            continue;
        other->state = ENROLMENT_REFUSED;
        other->screen = "";
        if (!enrolments_put(db, other, err))
            return false;
    }
    return true;
}

static bool is_free(struct db *db, struct arena *arena, const char *screen, const char *public_key,
                    struct error *err)
{
    struct device device;

    if (!devices_get(db, arena, screen, &device, err))
        return err->kind == ERROR_NOT_FOUND;
    if (strcmp(device.public_key, public_key) == 0)
        return true;
    error_set(err, ERROR_CONFLICT,
              "l’écran « %s » a déjà un lecteur : dites qu’il est remplacé (replace)",
              "the screen \"%s\" has a player already: say that it is replaced", screen);
    return error_field(err, "replace");
}

bool enrolment_revoke(struct db *db, struct arena *arena, const char *screen, const char *user,
                      int64_t now_ms, struct error *err)
{
    struct device device;
    struct enrolment enrolment;
    struct error cause;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = devices_get(db, arena, screen, &device, err) &&
              devices_delete(db, device.public_key, NULL, err);
    error_clear(&cause);
    if (ok && enrolments_get(db, arena, device.public_key, &enrolment, &cause)) {
        enrolment.state = ENROLMENT_REFUSED;
        enrolment.screen = "";
        ok = enrolments_put(db, &enrolment, err);
    }
    ok = ok && audit_add(db,
                         &(struct audit_entry){.time_ms = now_ms,
                                               .user = user,
                                               .action = "enrolment.revoke",
                                               .subject = screen,
                                               .detail = device.public_key},
                         err);
    return db_leave(db, own, ok, err);
}

bool enrolment_approve(struct db *db, struct arena *arena, const char *code,
                       const char *fingerprint, const char *screen, bool replace, const char *user,
                       int64_t now_ms, struct enrolment *out, struct error *err)
{
    struct screen target;
    bool own, ok;

    if (!db_join(db, &own, err))
        return false;
    ok = find_by_code(db, arena, code, fingerprint, out, err) &&
         screens_get(db, arena, screen, &target, err) &&
         (replace || is_free(db, arena, target.id, out->public_key, err));
    if (ok) {
        out->state = ENROLMENT_APPROVED;
        out->screen = target.id;
        ok = retire_others(db, arena, out, err) &&
             decide(db, out, "enrolment.approve", user, now_ms, err);
    }
    return db_leave(db, own, ok, err);
}

bool enrolment_refuse(struct db *db, struct arena *arena, const char *code, const char *fingerprint,
                      const char *user, int64_t now_ms, struct enrolment *out, struct error *err)
{
    bool own, ok;

    if (!db_join(db, &own, err))
        return false;
    ok = find_by_code(db, arena, code, fingerprint, out, err);
    if (ok) {
        out->state = ENROLMENT_REFUSED;
        out->screen = "";
        ok = devices_delete(db, out->public_key, NULL, err) &&
             decide(db, out, "enrolment.refuse", user, now_ms, err);
    }
    return db_leave(db, own, ok, err);
}
