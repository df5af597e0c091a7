/* Playlists, layouts and the batches that players report. */
#include "core/arena.h"
#include "playlists/layout.h"
#include "playlists/playlist.h"
#include "server/fleet/intake.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_create();
    struct intake intake;
    struct error error;
    struct strbuf text;
    struct playlist *playlist = playlist_decode((const char *)data, size, &error);

    if (playlist != NULL) {
        strbuf_init(&text);
        playlist_encode(playlist, &text);
        struct playlist *again = playlist_decode(text.bytes, text.length, &error);
        if (again == NULL)
            fprintf(stderr, "%s (%s)\n%s\n", error.en, error.field, text.bytes);
        MUST(again != NULL);
        playlist_destroy(again);
        strbuf_finish(&text);
    }
    playlist_destroy(playlist);
    layout_destroy(layout_decode((const char *)data, size, &error));
    (void)!intake_decode((const char *)data, size, "ecran", INT64_C(1795000000000), arena, &intake,
                         &error);
    arena_destroy(arena);
    return 0;
}
