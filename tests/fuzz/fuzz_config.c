#include "server/config/config.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct config config;
    struct strbuf text;
    struct error error;

    config_defaults(&config, arena);
    if (config_read(&config, "server.conf", (const char *)data, size, &error)) {
        strbuf_init(&text);
        config_print(&config, LANG_FR, &text);
        strbuf_finish(&text);
    } else {
        MUST(error.kind != ERROR_NONE);
    }
    arena_destroy(arena);
    return 0;
}
