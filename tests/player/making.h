/* Makes sealed manifests and state folders for tests: a loop of slides, each an announcement or,
 * with a picture, a portrait. Include it in one .c of a program. */
#ifndef VITRINE_TESTS_PLAYER_MAKING_H
#define VITRINE_TESTS_PLAYER_MAKING_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "player/sync/state.h"
#include "playlists/manifest.h"

#define MAKING_SLIDES_MAX 16
#define MAKING_UNTIL_MS INT64_C(4102444800000) /* 2100 */

struct making_slide {
    const char *title;
    const void *picture; /* bytes, NULL: none */
    size_t picture_length;
    const void *film; /* the same */
    size_t film_length;
    int64_t film_ms;
};

struct making {
    const char *screen;
    int64_t epoch, version;
    int width, height, rotation;
    int64_t origin_ms; /* of the loop, and the beginning of its interval */
    int64_t duration_ms;
    bool strip, kiosk;
    enum transition_kind transition;
    const void *directory; /* bytes, NULL: none */
    size_t directory_length;
    size_t slide_count;
    struct making_slide slides[MAKING_SLIDES_MAX];
};

static __attribute__((unused)) int making_compare(const void *a, const void *b)
{
    return memcmp(((const struct manifest_file *)a)->sha256.bytes,
                  ((const struct manifest_file *)b)->sha256.bytes, SHA256_SIZE);
}

static __attribute__((unused)) void making_add_file(struct manifest *manifest, const void *bytes,
                                                    size_t length, const char *type,
                                                    struct sha256 *sum_out)
{
    sha256_of(bytes, length, sum_out);
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (sha256_equal(&manifest->files[i].sha256, sum_out)) {
            return;
        }
    }
    manifest->files[manifest->file_count++] =
        (struct manifest_file){*sum_out, (int64_t)length, type};
}

static __attribute__((unused)) void making_slide(struct manifest *manifest,
                                                 const struct making *making, size_t index)
{
    const struct making_slide *from = &making->slides[index];
    struct slide *slide = &manifest->slides[index];
    char id[32];
    snprintf(id, sizeof id, "slide-%zu", index);
    *slide = (struct slide){.id = arena_strdup(manifest->arena, id),
                            .template = from->film != NULL      ? "video"
                                        : from->picture != NULL ? "portrait"
                                                                : "announcement",
                            .subject = "",
                            .organisation = "",
                            .title = from->title,
                            .lang = "fr",
                            .link = "",
                            .duration_ms = making->duration_ms};
    if (from->film != NULL) {
        slide->duration_ms = from->film_ms + 500;
        slide->has_video = true;
        slide->video.length_ms = from->film_ms;
        making_add_file(manifest, from->film, from->film_length, "video/mp4", &slide->video.file);
    }
    if (from->picture == NULL) {
        slide->texts[slide->text_count++] = (struct slide_text){"title", from->title};
        return;
    }
    slide->texts[slide->text_count++] = (struct slide_text){"company", from->title};
    slide->texts[slide->text_count++] = (struct slide_text){"leader", "Zoé Lefèvre"};
    slide->texts[slide->text_count++] =
        (struct slide_text){"quote", "Ici, chaque objet a une seconde vie."};
    struct slide_picture *picture = &slide->pictures[slide->picture_count++];
    *picture = (struct slide_picture){
        .slot = "photo", .focal_x = 0.5, .focal_y = 0.5, .alt = "", .credit = ""};
    making_add_file(manifest, from->picture, from->picture_length,
                    ((const unsigned char *)from->picture)[0] == 0xFF ? "image/jpeg" : "image/png",
                    &picture->file);
}

/* The manifest as JSON, not checked: tests may ask for what is wrong. */
static __attribute__((unused)) void making_json(const struct making *making,
                                                struct strbuf *json_out)
{
    struct manifest *manifest = manifest_create();
    struct arena *arena = manifest->arena;
    manifest->epoch = making->epoch;
    manifest->version = making->version;
    manifest->created_ms = making->origin_ms;
    manifest->valid_until_ms = MAKING_UNTIL_MS;
    manifest->screen = (struct manifest_screen){.id = making->screen,
                                                .name = "Théâtre des Arts, quai 2",
                                                .site = "Théâtre des Arts",
                                                .site_id = "",
                                                .width_px = making->width,
                                                .height_px = making->height,
                                                .rotation = making->rotation,
                                                .diagonal_mm = 1400,
                                                .viewing_distance_mm = 3000,
                                                .bottom_edge_mm = 700,
                                                .kiosk = making->kiosk,
                                                .time_zone = "Europe/Paris",
                                                .language_count = 1,
                                                .languages = {"fr"}};
    manifest->offset_count = 1;
    manifest->offsets = arena_array(arena, 1, sizeof *manifest->offsets);
    manifest->offsets[0].offset_s = 3600;
    manifest->files = arena_array(arena, MAKING_SLIDES_MAX + 1, sizeof *manifest->files);
    manifest->slide_count = making->slide_count;
    manifest->slides = arena_array(arena, MAKING_SLIDES_MAX, sizeof *manifest->slides);
    for (size_t i = 0; i < making->slide_count; i++) {
        making_slide(manifest, making, i);
    }
    if (making->directory != NULL) {
        manifest->has_directory = true;
        making_add_file(manifest, making->directory, making->directory_length,
                        "application/vnd.sqlite3", &manifest->directory);
    }
    qsort(manifest->files, manifest->file_count, sizeof *manifest->files, making_compare);

    struct manifest_loop *loop = arena_alloc(arena, sizeof *loop);
    loop->playlist = "essai";
    loop->transition = making->transition;
    loop->transition_ms = making->transition == TRANSITION_CUT ? 0 : 500;
    loop->item_count = making->slide_count;
    loop->items = arena_array(arena, MAKING_SLIDES_MAX, sizeof *loop->items);
    for (size_t i = 0; i < making->slide_count; i++) {
        loop->items[i] = (struct manifest_item){i, manifest->slides[i].duration_ms};
    }
    manifest->loop_count = making->slide_count > 0 ? 1 : 0;
    manifest->loops = loop;
    struct manifest_interval *interval = arena_alloc(arena, sizeof *interval);
    *interval = (struct manifest_interval){.from_ms = making->origin_ms,
                                           .until_ms = MAKING_UNTIL_MS,
                                           .origin_ms = making->origin_ms,
                                           .loop = 0,
                                           .layout = making->strip ? LAYOUT_STRIP : LAYOUT_WHOLE,
                                           .rule = "essai"};
    manifest->interval_count = manifest->loop_count;
    manifest->intervals = interval;
    manifest_add_plain_layouts(manifest);
    manifest_encode(manifest, json_out);
    manifest_destroy(manifest);
}

static __attribute__((unused)) void
making_seal(const struct making *making, const struct sign_keys *keys, struct strbuf *sealed_out)
{
    struct strbuf json;
    strbuf_init(&json);
    making_json(making, &json);
    manifest_seal(json.bytes, json.length, keys, sealed_out);
    strbuf_finish(&json);
}

/* Puts a file where the player looks for it. */
static __attribute__((unused)) void making_cache(const struct state *state, const void *bytes,
                                                 size_t length)
{
    struct sha256 sum;
    char path[STATE_PATH_SIZE];
    char folder[STATE_PATH_SIZE];
    struct error err;
    sha256_of(bytes, length, &sum);
    state_file_path(state, &sum, "", path);
    snprintf(folder, sizeof folder, "%s", path);
    *strrchr(folder, '/') = '\0';
    bool ok =
        folder_create(folder, 0755, &err) && file_write_atomic(path, bytes, length, 0644, &err);
    assert(ok);
    (void)ok;
}

#endif
