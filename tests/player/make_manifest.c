/* Makes a state folder with a sealed manifest that vitrine-player plays at once:
 *
 *   make_manifest STATE [name=value…] SLIDE…
 *
 * Names: slot (current, previous), version, width, height, rotation, origin (ms), duration (ms),
 * strip, kiosk (0, 1), directory (a file of playlists/directory.h). A slide is "text:TITLE" or
 * "photo:PICTURE:TITLE". The server's key is STATE/../server.key, made when it is missing. */
#include "tests/player/making.h"

#include "player/sync/answers.h"

static bool read_slide(struct making *making, const char *argument)
{
    struct making_slide *slide = &making->slides[making->slide_count];
    if (making->slide_count == MAKING_SLIDES_MAX) {
        return false;
    }
    if (strncmp(argument, "text:", 5) == 0) {
        slide->title = argument + 5;
    } else if (strncmp(argument, "photo:", 6) == 0 && strchr(argument + 6, ':') != NULL) {
        char path[512];
        struct error err;
        const char *title = strchr(argument + 6, ':') + 1;
        char *bytes;
        snprintf(path, sizeof path, "%.*s", (int)(title - argument - 7), argument + 6);
        if (!file_read(path, 64 << 20, &bytes, &slide->picture_length, &err)) {
            return false;
        }
        slide->title = title;
        slide->picture = bytes;
    } else {
        return false;
    }
    making->slide_count++;
    return true;
}

static bool read_value(struct making *making, enum state_slot *slot, const char *argument)
{
    const char *equals = strchr(argument, '=');
    if (equals == NULL) {
        return false;
    }
    const char *value = equals + 1;
    int64_t number = strtoll(value, NULL, 10);
    size_t length = (size_t)(equals - argument);
    const struct {
        const char *name;
        int *whole;
        int64_t *wide;
        bool *flag;
    } names[] = {
        {"version", NULL, &making->version, NULL},      {"origin", NULL, &making->origin_ms, NULL},
        {"duration", NULL, &making->duration_ms, NULL}, {"width", &making->width, NULL, NULL},
        {"height", &making->height, NULL, NULL},        {"rotation", &making->rotation, NULL, NULL},
        {"strip", NULL, NULL, &making->strip},          {"kiosk", NULL, NULL, &making->kiosk}};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strncmp(argument, names[i].name, length) == 0 && names[i].name[length] == '\0') {
            if (names[i].whole != NULL) {
                *names[i].whole = (int)number;
            } else if (names[i].wide != NULL) {
                *names[i].wide = number;
            } else {
                *names[i].flag = number != 0;
            }
            return true;
        }
    }
    if (strncmp(argument, "slot=", 5) == 0) {
        *slot = strcmp(value, "previous") == 0 ? STATE_PREVIOUS : STATE_CURRENT;
        return true;
    }
    if (strncmp(argument, "directory=", 10) == 0) {
        struct error err;
        char *bytes;
        making->directory = NULL;
        if (!file_read(value, 64 << 20, &bytes, &making->directory_length, &err)) {
            return false;
        }
        making->directory = bytes;
        return true;
    }
    return false;
}

static bool write_state(const char *folder, const struct making *making, enum state_slot slot,
                        struct error *err)
{
    struct state state;
    struct sign_keys keys;
    struct state_server server = {.screen = "quai-2"};
    struct strbuf sealed;
    char path[1024];
    if (!state_open(&state, folder, err)) {
        return false;
    }
    snprintf(path, sizeof path, "%s/../server.key", folder);
    if (!sign_keys_load_or_create(path, &keys, err)) {
        return false;
    }
    memset(server.token, 'a', sizeof server.token - 1);
    server.key = keys.public;
    for (size_t i = 0; i < making->slide_count; i++) {
        if (making->slides[i].picture != NULL) {
            making_cache(&state, making->slides[i].picture, making->slides[i].picture_length);
        }
    }
    if (making->directory != NULL) {
        making_cache(&state, making->directory, making->directory_length);
    }
    strbuf_init(&sealed);
    making_seal(making, &keys, &sealed);
    snprintf(path, sizeof path, "%s/%s.manifest", folder,
             slot == STATE_PREVIOUS ? "previous" : "current");
    bool ok = state_save_server(&state, &server, err) &&
              file_write_atomic(path, sealed.bytes, sealed.length, 0644, err);
    strbuf_finish(&sealed);
    return ok;
}

int main(int argc, char **argv)
{
    struct making making = {.screen = "quai-2",
                            .epoch = 1,
                            .version = 1,
                            .width = 1920,
                            .height = 1080,
                            .duration_ms = 10000};
    enum state_slot slot = STATE_CURRENT;
    struct error err;
    char text[1024];
    for (int i = 2; i < argc; i++) {
        if (!read_slide(&making, argv[i]) && !read_value(&making, &slot, argv[i])) {
            fprintf(stderr, "make_manifest: \"%s\" is not understood\n", argv[i]);
            return 2;
        }
    }
    if (argc < 2 || making.slide_count == 0 || !sign_init()) {
        fprintf(stderr, "make_manifest STATE [name=value...] SLIDE...\n");
        return 2;
    }
    if (!write_state(argv[1], &making, slot, &err)) {
        fprintf(stderr, "make_manifest: %s\n", error_text(&err, LANG_EN, text, sizeof text));
        return 1;
    }
    for (size_t i = 0; i < making.slide_count; i++) {
        free((void *)making.slides[i].picture);
    }
    free((void *)making.directory);
    return 0;
}
