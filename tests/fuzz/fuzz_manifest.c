/* Manifests as a player gets them: sealed bytes, and the JSON within. */
#include "core/sign.h"
#include "playlists/manifest.h"
#include "tests/fuzz/fuzz.h"

static void try_json(const char *bytes, size_t length)
{
    struct manifest *manifest, *again;
    struct strbuf once, twice;
    struct error error;

    manifest = manifest_decode(bytes, length, &error);
    if (manifest == NULL)
        return;
    strbuf_init(&once);
    strbuf_init(&twice);
    manifest_encode(manifest, &once);
    again = manifest_decode(once.bytes, once.length, &error);
    if (again == NULL)
        fprintf(stderr, "%s (%s)\n", error.en, error.field);
    MUST(again != NULL);
    manifest_encode(again, &twice);
    MUST(once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0);
    manifest_destroy(manifest);
    manifest_destroy(again);
    strbuf_finish(&once);
    strbuf_finish(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct sign_keys keys;
    static bool made;
    struct strbuf sealed;
    struct error error;

    if (!made) {
        MUST(sign_init());
        sign_keys_generate(&keys);
        made = true;
    }
    manifest_destroy(manifest_open((const char *)data, size, &keys.public, &error));
    try_json((const char *)data, size);
    strbuf_init(&sealed);
    manifest_seal((const char *)data, size, &keys, &sealed);
    manifest_destroy(manifest_open(sealed.bytes, sealed.length, &keys.public, &error));
    /* One bit of it, wherever it is, and the signature holds no more. */
    if (size > 0) {
        size_t at = data[0] % sealed.length;
        sealed.bytes[at] = (char)(sealed.bytes[at] ^ 1);
        MUST(manifest_open(sealed.bytes, sealed.length, &keys.public, &error) == NULL);
    }
    strbuf_finish(&sealed);
    return 0;
}
