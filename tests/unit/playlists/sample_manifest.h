/* A manifest with one of everything, for the manifest's tests. */
#ifndef VITRINE_TESTS_SAMPLE_MANIFEST_H
#define VITRINE_TESTS_SAMPLE_MANIFEST_H

#include <string.h>

#include "playlists/manifest.h"

#define SAMPLE_FROM INT64_C(1795000000000)

static struct slide sample_event(struct sha256 picture)
{
    return (struct slide){
        .id = "event-forum",
        .template = "event",
        .subject = "forum@vitrine.example",
        .organisation = "",
        .title = "Forum de l’ESS",
        .lang = "fr",
        .link = "https://vitrine.example/forum?a=1",
        .duration_ms = 15000,
        .text_count = 4,
        .texts = {{"title", "Forum de l’ESS : « agir »"},
                  {"date", "mardi 24 novembre"},
                  {"place", "Halle aux Toiles\nRouen"},
                  {"status", ""}},
        .picture_count = 1,
        .pictures = {{.slot = "image",
                      .file = picture,
                      .focal_x = 0.25,
                      .focal_y = 1.0 / 3,
                      .alt = "Une \"halle\" \\ 🎉",
                      .credit = ""}},
    };
}

static struct slide sample_announcement(void)
{
    return (struct slide){
        .id = "annonce-merci",
        .template = "announcement",
        .subject = "annonce-merci",
        .organisation = "demo-1",
        .title = "Merci",
        .lang = "fr-FR",
        .link = "",
        .duration_ms = 8000,
        .text_count = 2,
        .texts = {{"title", "Merci de votre visite"}, {"severity", "info"}},
    };
}

/* A column at the right with a loop of its own above a logo, news in the strip, dark nights. */
static void sample_zones(struct manifest *manifest)
{
    struct arena *arena = manifest->arena;
    manifest->layout_count = 2;
    manifest->layouts = arena_array(arena, 2, sizeof *manifest->layouts);
    manifest->layouts[0] = (struct manifest_layout){
        .id = "colonne",
        .strip = STRIP_TOP,
        .strip_track = 2,
        .zone_count = 3,
        .zones = {{.id = "main", .w = 7500, .h = 10000, .fill = 0x0B1F3A},
                  {.id = "side", .x = 7500, .w = 2500, .h = 8000, .track = 1, .fill = 0x005F5F},
                  {.id = "logo",
                   .kind = ZONE_LOGO,
                   .x = 7500,
                   .y = 8000,
                   .w = 2500,
                   .h = 2000,
                   .file = manifest->files[0].sha256,
                   .fill = 0xFFFFFF}}};
    manifest->layouts[1] = (struct manifest_layout){
        .id = "plein",
        .zone_count = 1,
        .zones = {{.id = "main", .w = MANIFEST_WHOLE, .h = MANIFEST_WHOLE}}};
    manifest->track_count = 2;
    manifest->tracks = arena_array(arena, 2, sizeof *manifest->tracks);
    manifest->tracks[0].interval_count = 1;
    manifest->tracks[0].intervals = arena_array(arena, 1, sizeof *manifest->intervals);
    manifest->tracks[0].intervals[0] = (struct manifest_interval){
        SAMPLE_FROM, SAMPLE_FROM + 7200000, SAMPLE_FROM, 1, 0, INTERVAL_BASE, "regle-colonne"};
    manifest->closed_count = 1;
    manifest->closed = arena_array(arena, 1, sizeof *manifest->closed);
    manifest->closed[0] = (struct manifest_closed){SAMPLE_FROM + 7200000, SAMPLE_FROM + 9000000};
    manifest->template_count = 1;
    manifest->templates = arena_array(arena, 1, sizeof *manifest->templates);
    manifest->templates[0] = (struct manifest_template){"chiffre", manifest->files[1].sha256};
}

static struct manifest *sample_manifest(void)
{
    struct manifest *manifest = manifest_create();
    struct arena *arena = manifest->arena;
    manifest->epoch = 3;
    manifest->version = 17;
    manifest->created_ms = SAMPLE_FROM - 5000;
    manifest->valid_until_ms = SAMPLE_FROM + MANIFEST_HORIZON_MS;
    manifest->screen = (struct manifest_screen){
        .accent = 0x7FE3C4,
        .id = "astuce-theatre",
        .name = "Théâtre des Arts, quai 2",
        .site = "Théâtre des Arts",
        .site_id = "arret-theatre",
        .width_px = 1080,
        .height_px = 1920,
        .rotation = 90,
        .diagonal_mm = 1168,
        .viewing_distance_mm = 3000,
        .bottom_edge_mm = 1900,
        .kiosk = true,
        .time_zone = "Europe/Paris",
        .language_count = 2,
        .languages = {"fr", "en"},
    };
    manifest->offset_count = 2;
    manifest->offsets = arena_array(arena, 2, sizeof *manifest->offsets);
    manifest->offsets[0] = (struct manifest_offset){SAMPLE_FROM - 86400000, 3600};
    manifest->offsets[1] = (struct manifest_offset){SAMPLE_FROM + 86400000, 7200};
    manifest->file_count = 2;
    manifest->files = arena_array(arena, 2, sizeof *manifest->files);
    manifest->files[0] = (struct manifest_file){{{1, 0xAB}}, 123456, "image/jpeg"};
    manifest->files[1] = (struct manifest_file){{{2, 0xCD}}, 99, "application/json"};
    manifest->slide_count = 3;
    manifest->slides = arena_array(arena, 3, sizeof *manifest->slides);
    manifest->slides[0] = sample_event(manifest->files[0].sha256);
    manifest->slides[1] = sample_announcement();
    manifest->slides[2] = sample_announcement();
    manifest->slides[2].id = "film";
    manifest->slides[2].has_video = true;
    manifest->slides[2].video = (struct slide_video){.file = manifest->files[0].sha256,
                                                     .has_captions = true,
                                                     .captions = manifest->files[1].sha256,
                                                     .length_ms = 4000};
    manifest->loop_count = 2;
    manifest->loops = arena_array(arena, 2, sizeof *manifest->loops);
    manifest->loops[0] = (struct manifest_loop){
        .playlist = "jour", .transition = TRANSITION_SLIDE, .transition_ms = 600, .item_count = 2};
    manifest->loops[0].items = arena_array(arena, 2, sizeof *manifest->loops[0].items);
    manifest->loops[0].items[0] = (struct manifest_item){0, 15000};
    manifest->loops[0].items[1] = (struct manifest_item){1, 8000};
    manifest->loops[1] = (struct manifest_loop){.playlist = "nuit", .item_count = 1};
    manifest->loops[1].items = arena_array(arena, 1, sizeof *manifest->loops[1].items);
    manifest->loops[1].items[0] = (struct manifest_item){1, 8000};
    manifest->interval_count = 2;
    manifest->intervals = arena_array(arena, 2, sizeof *manifest->intervals);
    manifest->intervals[0] =
        (struct manifest_interval){SAMPLE_FROM, SAMPLE_FROM + 3600000, SAMPLE_FROM - 7000, 0,
                                   0,           INTERVAL_CAMPAIGN,     "regle-jour"};
    manifest->intervals[1] = (struct manifest_interval){SAMPLE_FROM + 3600000,
                                                        SAMPLE_FROM + 7200000,
                                                        SAMPLE_FROM + 3600000,
                                                        1,
                                                        1,
                                                        INTERVAL_EMERGENCY,
                                                        ""};
    sample_zones(manifest);
    manifest->has_directory = true;
    manifest->directory = manifest->files[1].sha256;
    return manifest;
}

#endif
