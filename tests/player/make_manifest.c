/* Makes a state folder with a sealed manifest that vitrine-player plays at once:
 *
 *   make_manifest STATE [name=value…] SLIDE…
 *
 * Names: slot (current, previous), version, width, height, rotation, origin (ms), duration (ms),
 * transition (fade, cut, slide, wipe), strip, kiosk (0, 1), directory (a file of
 * directory/directory.h). A slide is "text:TITLE", "photo:PICTURE:TITLE" or
 * "film:FILE:LENGTH_MS:TITLE", which stands for its length and the transition. The server's key is
 * STATE/../server.key, made when it is missing. */
#include "tests/player/making.h"

#include "player/sync/answers.h"

/* The file named between two colons; NULL when it cannot be read. */
static char *read_named(const char *name, const char *end, size_t *length_out)
{
    char path[512];
    struct error err;
    char *bytes = NULL;
    snprintf(path, sizeof path, "%.*s", (int)(end - name), name);
    return file_read(path, 256 << 20, &bytes, length_out, &err) ? bytes : NULL;
}

static bool read_film(struct making_slide *slide, const char *argument)
{
    const char *name = argument + 5;
    const char *length = strchr(name, ':');
    const char *title = length != NULL ? strchr(length + 1, ':') : NULL;
    if (title == NULL) {
        return false;
    }
    slide->film_ms = strtoll(length + 1, NULL, 10);
    slide->title = title + 1;
    slide->film = read_named(name, length, &slide->film_length);
    return slide->film != NULL && slide->film_ms > 0;
}

static bool read_slide(struct making *making, const char *argument)
{
    struct making_slide *slide = &making->slides[making->slide_count];
    if (making->slide_count == MAKING_SLIDES_MAX) {
        return false;
    }
    if (strncmp(argument, "text:", 5) == 0) {
        slide->title = argument + 5;
    } else if (strncmp(argument, "photo:", 6) == 0 && strchr(argument + 6, ':') != NULL) {
        const char *end = strchr(argument + 6, ':');
        slide->title = end + 1;
        slide->picture = read_named(argument + 6, end, &slide->picture_length);
        if (slide->picture == NULL) {
            return false;
        }
    } else if (strncmp(argument, "film:", 5) == 0) {
        if (!read_film(slide, argument)) {
            return false;
        }
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
    if (strncmp(argument, "transition=", 11) == 0) {
        return transition_parse(value, &making->transition);
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
        if (making->slides[i].film != NULL) {
            making_cache(&state, making->slides[i].film, making->slides[i].film_length);
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
