/* seal STATE SLOT DOCUMENT FILE…: seals a manifest's document as current, previous or urgent of a
 * state folder, and puts the files into its cache. The server's key is STATE/../server.key, made
 * when it is missing. A document that breaks the contract is refused. */
#include "tests/player/making.h"

#include "player/sync/answers.h"

static bool cache(const struct state *state, const char *path, struct error *err)
{
    char *bytes;
    size_t length;
    if (!file_read(path, 256 << 20, &bytes, &length, err)) {
        return false;
    }
    making_cache(state, bytes, length);
    free(bytes);
    return true;
}

static bool seal(char **argv, struct error *err)
{
    struct state state;
    struct sign_keys keys;
    struct state_server server = {.token = ""};
    struct strbuf sealed;
    char path[1024];
    char *json;
    size_t length;
    snprintf(path, sizeof path, "%s/../server.key", argv[1]);
    if (!state_open(&state, argv[1], err) || !sign_keys_load_or_create(path, &keys, err) ||
        !file_read(argv[3], MANIFEST_BYTES_MAX, &json, &length, err)) {
        return false;
    }
    struct manifest *manifest = manifest_decode(json, length, err);
    if (manifest == NULL) {
        return false;
    }
    snprintf(server.screen, sizeof server.screen, "%s", manifest->screen.id);
    manifest_destroy(manifest);
    memset(server.token, 'a', sizeof server.token - 1);
    server.key = keys.public;
    for (int i = 4; argv[i] != NULL; i++) {
        if (!cache(&state, argv[i], err)) {
            return false;
        }
    }
    strbuf_init(&sealed);
    manifest_seal(json, length, &keys, &sealed);
    snprintf(path, sizeof path, "%s/%s.manifest", argv[1], argv[2]);
    bool ok = state_save_server(&state, &server, err) &&
              file_write_atomic(path, sealed.bytes, sealed.length, 0644, err);
    strbuf_finish(&sealed);
    free(json);
    return ok;
}

int main(int argc, char **argv)
{
    struct error err;
    char text[1024];
    if (argc < 4 || !sign_init()) {
        fprintf(stderr, "seal STATE SLOT DOCUMENT FILE...\n");
        return 2;
    }
    if (!seal(argv, &err)) {
        fprintf(stderr, "seal: %s\n", error_text(&err, LANG_EN, text, sizeof text));
        return 1;
    }
    return 0;
}
