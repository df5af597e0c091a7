/* golden RENDER FOLDER ACTUAL [--update] [CASE…]: draws every case of FOLDER/cases in both formats,
 * and a screen at some instants, and compares with FOLDER/expected pixel by pixel: fonts are
 * bundled, hinting is off and all drawing is integer or IEEE arithmetic, so there is no tolerance.
 * What differs stands in ACTUAL, with NAME.diff.png showing where. --update accepts what is drawn.
 */
#include <dirent.h>
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "core/civil.h"
#include "core/files.h"
#include "core/sign.h"
#include "player/draw/canvas.h"
#include "player/draw/image.h"
#include "playlists/manifest.h"

extern char **environ;

#define PATH_SIZE 1024

struct golden {
    const char *render, *folder, *actual;
    bool update;
    char **only; /* NULL-terminated; empty: all */
    int drawn, differing;
};

struct format {
    const char *suffix, *size, *strip;
    bool always; /* else for the -short cases only */
};

/* Half size keeps the repository small; sizes on the screen come out of diagonal and distance. */
static const struct format formats[] = {
    {"landscape", "960x540", NULL, true},
    {"portrait", "540x960", "--strip=Théâtre des Arts", true},
    {"landscape-strip", "960x540", "--strip=Théâtre des Arts, quai 2", false},
    {"portrait-plain", "540x960", NULL, false},
};

/* The exit code; -1 when it was killed or could not start. */
static int run(const char *const arguments[])
{
    pid_t child;
    int status;
    if (posix_spawn(&child, arguments[0], NULL, NULL, (char *const *)arguments, environ) != 0) {
        return -1;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Dims what agrees and shows what differs in red. Returns the number of differing pixels. */
static long compare(const struct image *expected, const struct image *actual, const char *path)
{
    struct canvas *canvas = canvas_create(actual->width, actual->height);
    bool same_size = expected->width == actual->width && expected->height == actual->height;
    long count = same_size ? 0 : (long)actual->width * actual->height;
    for (int y = 0; canvas != NULL && same_size && y < actual->height; y++) {
        for (int x = 0; x < actual->width; x++) {
            uint32_t pixel = actual->pixels[y * actual->width + x];
            bool differs = expected->pixels[y * actual->width + x] != pixel;
            count += differs;
            canvas->pixels[y * canvas->stride + x] =
                differs ? 0xFFFF0000u : 0xFF000000u | (pixel >> 2 & 0x3F3F3Fu);
        }
    }
    struct error err;
    if (count > 0 && canvas != NULL && !canvas_save_png(canvas, path, &err)) {
        fprintf(stderr, "%s\n", err.en);
    }
    canvas_destroy(canvas);
    return count;
}

static bool check(struct golden *golden, const char *name, const char *actual_path)
{
    char expected_path[PATH_SIZE], diff_path[PATH_SIZE];
    struct error err;
    char text[1024];
    snprintf(expected_path, sizeof expected_path, "%s/expected/%s.png", golden->folder, name);
    snprintf(diff_path, sizeof diff_path, "%s/%s.diff.png", golden->actual, name);
    struct image *actual = image_load(actual_path, &err);
    struct image *expected = actual != NULL ? image_load(expected_path, &err) : NULL;
    long differing = -1;
    if (expected != NULL) {
        differing = compare(expected, actual, diff_path);
    } else {
        printf("%s: %s\n", name, error_text(&err, LANG_EN, text, sizeof text));
    }
    image_destroy(expected);
    image_destroy(actual);
    if (differing > 0) {
        printf("%s: %ld pixels differ\n  expected %s\n  actual   %s\n  diff     %s\n", name,
               differing, expected_path, actual_path, diff_path);
    }
    return differing == 0;
}

static bool accept(struct golden *golden, const char *name, const char *actual_path)
{
    char expected_path[PATH_SIZE];
    char *bytes;
    size_t length;
    struct error err;
    snprintf(expected_path, sizeof expected_path, "%s/expected/%s.png", golden->folder, name);
    if (!file_read(actual_path, IMAGE_BYTES_MAX, &bytes, &length, &err)) {
        return false;
    }
    bool written = file_write_atomic(expected_path, bytes, length, 0644, &err);
    free(bytes);
    return written;
}

static bool wanted(const struct golden *golden, const char *name)
{
    for (char **only = golden->only; *only != NULL; only++) {
        if (strncmp(*only, name, strlen(*only)) == 0) {
            return true;
        }
    }
    return golden->only[0] == NULL;
}

/* `arguments` draw into actual_path. */
static void judge(struct golden *golden, const char *name, const char *actual_path,
                  const char *const arguments[])
{
    golden->drawn++;
    bool good = run(arguments) == 0;
    if (!good) {
        printf("%s: vitrine-render failed\n", name);
    } else if (golden->update) {
        good = accept(golden, name, actual_path);
    } else {
        good = check(golden, name, actual_path);
    }
    golden->differing += !good;
}

static void try_slide(struct golden *golden, const char *name)
{
    char document[PATH_SIZE];
    size_t length = strlen(name);
    snprintf(document, sizeof document, "%s/cases/%s.json", golden->folder, name);
    bool is_short = length > 6 && strcmp(name + length - 6, "-short") == 0;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char picture[256], path[PATH_SIZE];
        snprintf(picture, sizeof picture, "%s-%s", name, formats[i].suffix);
        snprintf(path, sizeof path, "%s/%s.png", golden->actual, picture);
        const char *const arguments[] = {golden->render, "slide",          document,
                                         "--size",       formats[i].size,  "-o",
                                         path,           formats[i].strip, NULL};
        if ((formats[i].always || is_short) && wanted(golden, picture)) {
            judge(golden, picture, path, arguments);
        }
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool try_slides(struct golden *golden)
{
    char folder[PATH_SIZE];
    char *names[200];
    size_t count = 0;
    snprintf(folder, sizeof folder, "%s/cases", golden->folder);
    DIR *cases = opendir(folder);
    if (cases == NULL) {
        perror(folder);
        return false;
    }
    for (struct dirent *entry; (entry = readdir(cases)) != NULL;) {
        size_t length = strlen(entry->d_name);
        if (count < 200 && length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0) {
            names[count++] = strndup(entry->d_name, length - 5);
        }
    }
    closedir(cases);
    qsort(names, count, sizeof names[0], by_name);
    for (size_t i = 0; i < count; i++) {
        try_slide(golden, names[i]);
        free(names[i]);
    }
    return count > 0;
}

static struct slide announcement(const char *id, const char *title, const char *severity)
{
    struct slide slide = {.id = id,
                          .template = "announcement",
                          .subject = "",
                          .organisation = "",
                          .title = title,
                          .lang = "fr",
                          .link = "",
                          .duration_ms = 10000,
                          .text_count = 2};
    slide.texts[0] = (struct slide_text){"title", title};
    slide.texts[1] = (struct slide_text){"severity", severity};
    return slide;
}

static struct slide agenda(void)
{
    struct slide slide = announcement("c", "Cette semaine", "info");
    slide.template = "agenda";
    slide.texts[1] = (struct slide_text){"row_1", "Repair café"};
    slide.texts[2] = (struct slide_text){"row_1_label", "mardi 24"};
    slide.texts[3] = (struct slide_text){"row_2", "Marché solidaire"};
    slide.texts[4] = (struct slide_text){"row_2_label", "jeudi 26"};
    slide.text_count = 5;
    return slide;
}

static void fill_loops(struct manifest *manifest)
{
    /* Slides by loop: the morning's two, the afternoon's, the side column's. */
    static const size_t slides[][2] = {{0, 1}, {0, 0}, {2, 2}};
    static const size_t counts[] = {2, 1, 1};
    struct arena *arena = manifest->arena;
    manifest->slide_count = 3;
    manifest->slides = arena_array(arena, 3, sizeof *manifest->slides);
    manifest->slides[0] = announcement("a", "Bienvenue à bord", "info");
    manifest->slides[1] = announcement("b", "Quai 1 fermé", "important");
    manifest->slides[2] = agenda();
    manifest->loop_count = 3;
    manifest->loops = arena_array(arena, 3, sizeof *manifest->loops);
    for (size_t i = 0; i < 3; i++) {
        struct manifest_loop *loop = &manifest->loops[i];
        *loop = (struct manifest_loop){
            .playlist = "matin", .transition_ms = 500, .item_count = counts[i]};
        loop->items = arena_array(arena, counts[i], sizeof *loop->items);
        for (size_t k = 0; k < counts[i]; k++) {
            loop->items[k] = (struct manifest_item){slides[i][k], 10000};
        }
    }
}

/* The whole picture, and a main zone beside a column. */
static void fill_layouts(struct manifest *manifest)
{
    manifest->layout_count = 2;
    manifest->layouts = arena_array(manifest->arena, 2, sizeof *manifest->layouts);
    struct manifest_zone whole = {
        .id = "main", .kind = ZONE_LOOP, .w = MANIFEST_WHOLE, .h = MANIFEST_WHOLE};
    struct manifest_zone main = whole, side = whole;
    main.w = 6500;
    side.id = "side";
    side.x = main.w;
    side.w = MANIFEST_WHOLE - main.w;
    side.track = 1;
    manifest->layouts[0] = (struct manifest_layout){
        .id = "plein", .strip = STRIP_BOTTOM, .zone_count = 1, .zones = {whole}};
    manifest->layouts[1] = (struct manifest_layout){
        .id = "colonne", .strip = STRIP_BOTTOM, .zone_count = 2, .zones = {main, side}};
}

/* A screen in Rouen with a loop of two slides on the morning of 24 November 2026, nothing around
 * noon, and two zones in the afternoon. */
static struct manifest *screen_manifest(void)
{
    struct manifest *manifest = manifest_create();
    struct arena *arena = manifest->arena;
    int64_t from = civil_days(2026, 11, 24) * CIVIL_DAY_MS, noon = from + CIVIL_DAY_MS / 2;
    manifest->epoch = manifest->version = 1;
    manifest->created_ms = from - CIVIL_DAY_MS;
    manifest->valid_until_ms = manifest->created_ms + MANIFEST_HORIZON_MS;
    manifest->screen = (struct manifest_screen){.id = "quai",
                                                .name = "Théâtre des Arts, quai 2",
                                                .site = "",
                                                .site_id = "",
                                                .width_px = 960,
                                                .height_px = 540,
                                                .diagonal_mm = 1397,
                                                .viewing_distance_mm = 3000,
                                                .time_zone = "Europe/Paris",
                                                .language_count = 1,
                                                .languages = {"fr"}};
    manifest->offset_count = 1;
    manifest->offsets = arena_array(arena, 1, sizeof *manifest->offsets);
    manifest->offsets[0] = (struct manifest_offset){0, 3600};
    fill_loops(manifest);
    fill_layouts(manifest);
    manifest->interval_count = 2;
    manifest->intervals = arena_array(arena, 2, sizeof *manifest->intervals);
    manifest->intervals[0] = (struct manifest_interval){
        .from_ms = from, .until_ms = noon, .origin_ms = from, .rule = "matin"};
    manifest->intervals[1] = (struct manifest_interval){.from_ms = noon + 3600000,
                                                        .until_ms = from + CIVIL_DAY_MS,
                                                        .origin_ms = noon,
                                                        .loop = 1,
                                                        .layout = 1,
                                                        .rule = "soir"};
    manifest->track_count = 1;
    manifest->tracks = arena_array(arena, 1, sizeof *manifest->tracks);
    manifest->tracks[0].interval_count = 1;
    manifest->tracks[0].intervals = arena_array(arena, 1, sizeof *manifest->intervals);
    manifest->tracks[0].intervals[0] = (struct manifest_interval){.from_ms = from,
                                                                  .until_ms = from + CIVIL_DAY_MS,
                                                                  .origin_ms = from,
                                                                  .loop = 2,
                                                                  .rule = "colonne"};
    return manifest;
}

static bool seal_manifest(const char *path, char key_hex[SIGN_PUBLIC_HEX_SIZE])
{
    struct sign_keys keys;
    struct strbuf json, sealed;
    struct error err;
    struct manifest *manifest = screen_manifest();
    sign_keys_generate(&keys);
    hex_encode(keys.public.bytes, sizeof keys.public.bytes, key_hex);
    strbuf_init(&json);
    strbuf_init(&sealed);
    manifest_encode(manifest, &json);
    manifest_seal(json.bytes, json.length, &keys, &sealed);
    bool written = file_write_atomic(path, sealed.bytes, sealed.length, 0644, &err);
    strbuf_finish(&json);
    strbuf_finish(&sealed);
    manifest_destroy(manifest);
    return written;
}

/* What a screen shows at an instant: the loop's two slides with the strip in local time, the
 * built-in slide when nothing is planned, two zones. */
static bool try_screen(struct golden *golden)
{
    static const struct {
        const char *name, *at;
    } instants[] = {
        {"screen-first", "2026-11-24T08:10:00+01:00"},
        {"screen-second", "2026-11-24T07:10:19.999Z"},
        {"screen-nothing", "2026-11-24T13:00:00+01:00"},
        {"screen-zones", "2026-11-24T16:30:00+01:00"},
    };
    char manifest[PATH_SIZE], key[SIGN_PUBLIC_HEX_SIZE];
    snprintf(manifest, sizeof manifest, "%s/screen.manifest", golden->actual);
    if (!sign_init() || !seal_manifest(manifest, key)) {
        return false;
    }
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%s/%s.png", golden->actual, instants[i].name);
        const char *const arguments[] = {golden->render, "screen", "--manifest", manifest,
                                         "--key",        key,      "--at",       instants[i].at,
                                         "-o",           path,     NULL};
        if (wanted(golden, instants[i].name)) {
            judge(golden, instants[i].name, path, arguments);
        }
    }
    return true;
}

static void write_text(const char *path, const char *text)
{
    struct error err;
    if (!file_write_atomic(path, text, strlen(text), 0644, &err)) {
        fprintf(stderr, "%s\n", err.en);
    }
}

/* Wrong use is 2, content at fault is 1, and no picture is left behind. */
static void try_refusals(struct golden *golden)
{
    char broken[PATH_SIZE], unknown[PATH_SIZE], manifest[PATH_SIZE], picture[PATH_SIZE];
    static const char key[] = "0000000000000000000000000000000000000000000000000000000000000000";
    snprintf(broken, sizeof broken, "%s/broken.json", golden->actual);
    snprintf(unknown, sizeof unknown, "%s/unknown.json", golden->actual);
    snprintf(manifest, sizeof manifest, "%s/screen.manifest", golden->actual);
    snprintf(picture, sizeof picture, "%s/refused.png", golden->actual);
    write_text(broken, "{\"template\": \"event\", ");
    write_text(unknown, "{\"template\": \"announcement\", \"texts\": {\"titre\": \"Oups\"}}");
    const struct {
        int code;
        const char *arguments[10];
    } cases[] = {
        {0, {golden->render, "--version"}},
        {0, {golden->render, "--help", "--lang", "en"}},
        {2, {golden->render}},
        {2, {golden->render, "slide", broken}},
        {2, {golden->render, "slide", broken, "-o", picture, "--size", "0x0"}},
        {2, {golden->render, "slide", broken, "-o", picture, "--no-such-option"}},
        {2, {golden->render, "screen", "--manifest", manifest, "--key", key, "-o", picture}},
        {1, {golden->render, "slide", "/nowhere.json", "-o", picture}},
        {1, {golden->render, "slide", broken, "-o", picture}},
        {1, {golden->render, "slide", unknown, "-o", picture}},
        {1,
         {golden->render, "screen", "--manifest", manifest, "--key", key,
          "--at=2026-11-24T08:10:00Z", "-o", picture}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int code = run(cases[i].arguments);
        golden->drawn++;
        if (code != cases[i].code || file_exists(picture)) {
            printf("refusal %zu: exit code %d, not %d\n", i, code, cases[i].code);
            golden->differing++;
        }
    }
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "golden RENDER FOLDER ACTUAL [--update] [CASE…]\n");
        return 2;
    }
    bool update = argc > 4 && strcmp(argv[4], "--update") == 0;
    struct golden golden = {.render = argv[1],
                            .folder = argv[2],
                            .actual = argv[3],
                            .update = update,
                            .only = argv + (update ? 5 : 4)};
    char expected[PATH_SIZE];
    struct error err;
    snprintf(expected, sizeof expected, "%s/expected", golden.folder);
    if (!folder_create(golden.actual, 0755, &err) || !folder_create(expected, 0755, &err) ||
        !try_slides(&golden) || !try_screen(&golden)) {
        fprintf(stderr, "golden: nothing could be tried\n");
        return 1;
    }
    if (!update && golden.only[0] == NULL) {
        try_refusals(&golden);
    }
    printf("%d runs, %d went wrong\n", golden.drawn, golden.differing);
    return golden.differing > 0;
}
