#include "player/sync/answers.h"

#include <stdio.h>
#include <string.h>

#include "core/json.h"

void enrolment_request_write(const struct sign_keys *keys, const char *challenge, int width_px,
                             int height_px, struct strbuf *out)
{
    struct strbuf message;
    strbuf_init(&message);
    enrolment_message(&keys->public, challenge, &message);
    uint8_t signature[SIGN_SIGNATURE_SIZE];
    sign_bytes(keys, message.bytes, message.length, signature);
    strbuf_finish(&message);

    char key_hex[SIGN_PUBLIC_HEX_SIZE];
    char signature_hex[SIGN_SIGNATURE_HEX_SIZE];
    hex_encode(keys->public.bytes, SIGN_PUBLIC_SIZE, key_hex);
    hex_encode(signature, SIGN_SIGNATURE_SIZE, signature_hex);

    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "public_key", key_hex);
    json_put_string(&writer, "challenge", challenge);
    json_put_string(&writer, "signature", signature_hex);
    json_put_int(&writer, "width_px", width_px);
    json_put_int(&writer, "height_px", height_px);
    json_put_string(&writer, "software", "vitrine-player " VITRINE_VERSION);
    json_end_object(&writer);
}

/* A string of exactly `digits` hexadecimal digits, into buf (digits + 1). */
static bool get_hex(const cJSON *object, const char *key, size_t digits, char *buf,
                    struct arena *arena, struct error *err)
{
    const char *text;
    uint8_t bytes[SIGN_SIGNATURE_SIZE];
    if (!json_get_string(object, key, digits, digits, arena, &text, err)) {
        return false;
    }
    if (!hex_decode(text, bytes, digits / 2)) {
        error_set(err, ERROR_INVALID, "il faut %zu chiffres hexadécimaux minuscules",
                  "%zu lower-case hexadecimal digits are needed", digits);
        error_field(err, key);
        return false;
    }
    memcpy(buf, text, digits + 1);
    return true;
}

static bool get_server(const cJSON *object, struct state_server *server_out, struct arena *arena,
                       struct error *err)
{
    const char *screen;
    char key_hex[SIGN_PUBLIC_HEX_SIZE];
    if (!json_get_string(object, "screen", 1, STATE_SCREEN_SIZE - 1, arena, &screen, err) ||
        !get_hex(object, "token", STATE_TOKEN_SIZE - 1, server_out->token, arena, err) ||
        !get_hex(object, "server_key", SIGN_PUBLIC_HEX_SIZE - 1, key_hex, arena, err)) {
        return false;
    }
    snprintf(server_out->screen, sizeof server_out->screen, "%s", screen);
    return hex_decode(key_hex, server_out->key.bytes, SIGN_PUBLIC_SIZE);
}

static bool get_pending(const cJSON *root, struct enrolment_answer *answer_out, struct arena *arena,
                        struct error *err)
{
    static const char *const keys[] = {"state", "challenge", "retry_after_s", NULL};
    int64_t retry;
    if (!json_only_keys(root, keys, err) ||
        !get_hex(root, "challenge", ENROLMENT_CHALLENGE_HEX, answer_out->challenge, arena, err) ||
        !json_get_int(root, "retry_after_s", 0, 3600, &retry, err)) {
        return false;
    }
    answer_out->retry_after_s = (int)retry;
    return true;
}

bool enrolment_answer_read(const char *bytes, size_t length, struct enrolment_answer *answer_out,
                           struct error *err)
{
    static const char *const approved_keys[] = {"state", "screen", "token", "server_key", NULL};
    struct arena *arena = arena_create();
    memset(answer_out, 0, sizeof *answer_out);
    cJSON *root = json_parse(bytes, length, ANSWER_BYTES_MAX, err);
    const char *state;
    bool ok = false;
    if (root == NULL || !json_get_string(root, "state", 1, 32, arena, &state, err)) {
        goto done;
    }
    if (strcmp(state, "pending") == 0) {
        ok = get_pending(root, answer_out, arena, err);
    } else if (strcmp(state, "approved") == 0) {
        answer_out->approved = true;
        ok = json_only_keys(root, approved_keys, err) &&
             get_server(root, &answer_out->server, arena, err);
    } else {
        error_set(err, ERROR_INVALID, "état « %s » inconnu", "unknown state \"%s\"", state);
        error_field(err, "state");
    }
done:
    cJSON_Delete(root);
    arena_destroy(arena);
    return ok;
}

bool acknowledgement_read(const char *bytes, size_t length, int64_t *sequence_out,
                          struct error *err)
{
    static const char *const keys[] = {"acknowledged", NULL};
    cJSON *root = json_parse(bytes, length, ANSWER_BYTES_MAX, err);
    bool ok = root != NULL && json_only_keys(root, keys, err) &&
              json_get_int(root, "acknowledged", 0, INT64_C(1) << 53, sequence_out, err);
    cJSON_Delete(root);
    return ok;
}

void server_file_write(const struct state_server *server, struct strbuf *out)
{
    char key_hex[SIGN_PUBLIC_HEX_SIZE];
    hex_encode(server->key.bytes, SIGN_PUBLIC_SIZE, key_hex);
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "screen", server->screen);
    json_put_string(&writer, "token", server->token);
    json_put_string(&writer, "server_key", key_hex);
    json_end_object(&writer);
    strbuf_append_char(out, '\n');
}

bool server_file_read(const char *bytes, size_t length, struct state_server *server_out,
                      struct error *err)
{
    static const char *const keys[] = {"screen", "token", "server_key", NULL};
    struct arena *arena = arena_create();
    cJSON *root = json_parse(bytes, length, ANSWER_BYTES_MAX, err);
    bool ok =
        root != NULL && json_only_keys(root, keys, err) && get_server(root, server_out, arena, err);
    cJSON_Delete(root);
    arena_destroy(arena);
    return ok;
}
