#include <stdlib.h>
#include <string.h>

#include "playlists/template.h"
#include "server/schedule/assemble_parts.h"

int assemble_way(const struct screen *screen)
{
    return screen->width_px >= screen->height_px ? LAYOUT_LANDSCAPE : LAYOUT_PORTRAIT;
}

void assembly_name_tracks(struct assembly *assembly)
{
    const struct layout *layout = assembly->inputs->layout;
    int way = assemble_way(assembly->inputs->screen);
    for (size_t i = 0; i < layout->zone_count; i++) {
        const struct layout_zone *zone = &layout->zones[i];
        if (zone->kind == ZONE_LOOP && zone->at[way].w > 0) {
            assembly->tracks[assembly->track_count++].zone = zone->id;
        }
    }
    if (layout->news) {
        assembly->tracks[assembly->track_count++].zone = LAYOUT_NEWS;
    }
}

/* 0 is the main one. */
static size_t track_of(const struct assembly *assembly, const char *zone)
{
    size_t track = 0;
    while (strcmp(assembly->tracks[track].zone, zone) != 0) {
        track++;
    }
    return track;
}

/* A logo whose file is not there is left out. */
static bool add_zone(struct assembly *assembly, struct manifest_layout *made, size_t index)
{
    const struct assemble_inputs *inputs = assembly->inputs;
    const struct layout_zone *zone = &inputs->layout->zones[index];
    int way = assemble_way(inputs->screen);
    struct manifest_zone *out = &made->zones[made->zone_count];
    if (zone->at[way].w <= 0) {
        return false;
    }
    *out = (struct manifest_zone){
        .id = assembly_own(assembly, zone->id), .kind = zone->kind, .fill = zone->fill};
    layout_place(&zone->at[way], way, out);
    if (zone->kind == ZONE_LOOP) {
        out->track = track_of(assembly, zone->id);
    } else if (inputs->logos == NULL || inputs->logos[index].sha256 == NULL ||
               !sha256_from_hex(inputs->logos[index].sha256, &out->file)) {
        return false;
    }
    made->zone_count++;
    return true;
}

static void make_zones(struct assembly *assembly, bool full_screen, struct manifest_layout *made)
{
    const struct layout *layout = assembly->inputs->layout;
    if (full_screen) {
        made->zone_count = 1;
        made->zones[0] = (struct manifest_zone){.id = LAYOUT_MAIN,
                                                .w = MANIFEST_WHOLE,
                                                .h = MANIFEST_WHOLE,
                                                .fill = layout->zones[0].fill};
        return;
    }
    for (size_t i = 0; i < layout->zone_count; i++) {
        add_zone(assembly, made, i);
    }
}

size_t assembly_layout(struct assembly *assembly, const struct choice *choice)
{
    const struct layout *layout = assembly->inputs->layout;
    struct manifest *manifest = assembly->manifest;
    /* What the layout has not cannot be taken away. */
    bool full_screen = choice->full_screen && layout->zone_count > 1;
    bool strip = choice->strip && layout->strip != STRIP_NONE;
    size_t *known = &assembly->layouts[full_screen][strip];
    if (*known > 0) {
        return *known - 1;
    }
    if (manifest->layouts == NULL) {
        manifest->layouts = arena_array(manifest->arena, 4, sizeof *manifest->layouts);
    }
    struct manifest_layout *made = &manifest->layouts[manifest->layout_count++];
    *known = manifest->layout_count;
    *made = (struct manifest_layout){
        .id = arena_printf(manifest->arena, "%s%s%s", layout->id, full_screen ? "+plein" : "",
                           strip || layout->strip == STRIP_NONE ? "" : "-bandeau"),
        .strip = strip ? layout->strip : STRIP_NONE,
        .strip_track = strip && layout->news ? track_of(assembly, LAYOUT_NEWS) : 0,
    };
    make_zones(assembly, full_screen, made);
    return *known - 1;
}

/* With those whose look it takes for some of its slides. */
static void use_template(const struct repertoire *repertoire, const char *name, bool *used)
{
    size_t count = repertoire_template_count(repertoire);
    size_t index = repertoire_template_index(repertoire, name);
    if (index >= count || used[index]) {
        return;
    }
    used[index] = true;
    const struct template *template = repertoire_template_at(repertoire, index)->template;
    for (size_t i = 0; i < template->variant_count; i++) {
        use_template(repertoire, template->variants[i].template, used);
    }
}

void assembly_add_templates(struct assembly *assembly)
{
    struct manifest *manifest = assembly->manifest;
    const struct repertoire *repertoire = assembly->inputs->repertoire;
    size_t count = repertoire_template_count(repertoire);
    bool *used = arena_array(assembly->scratch, count, sizeof *used);
    for (size_t i = 0; i < manifest->slide_count; i++) {
        use_template(repertoire, manifest->slides[i].template, used);
    }
    manifest->templates = arena_array(manifest->arena, count, sizeof *manifest->templates);
    for (size_t i = 0; i < count; i++) {
        if (used[i]) {
            const struct repertoire_template *template = repertoire_template_at(repertoire, i);
            manifest->templates[manifest->template_count++] = (struct manifest_template){
                assembly_own(assembly, template->template->name), template->sha256};
        }
    }
}

static int compare_files(const void *left, const void *right)
{
    return memcmp(((const struct manifest_file *)left)->sha256.bytes,
                  ((const struct manifest_file *)right)->sha256.bytes, SHA256_SIZE);
}

static void add_file(struct assembly *assembly, const struct sha256 *sum, int64_t size,
                     const char *type)
{
    struct manifest *manifest = assembly->manifest;
    manifest->files[manifest->file_count++] =
        (struct manifest_file){*sum, size, assembly_own(assembly, type)};
}

static void add_media(struct assembly *assembly, const struct sha256 *sum)
{
    const struct media_record *record = repertoire_media(assembly->inputs->repertoire, sum);
    add_file(assembly, sum, record->size, record->type);
}

static void add_slide_files(struct assembly *assembly, const struct slide *slide)
{
    for (size_t i = 0; i < slide->picture_count; i++) {
        add_media(assembly, &slide->pictures[i].file);
    }
    if (slide->has_video) {
        add_media(assembly, &slide->video.file);
        if (slide->video.has_captions) {
            add_media(assembly, &slide->video.captions);
        }
    }
}

static void add_look_files(struct assembly *assembly)
{
    const struct assemble_inputs *inputs = assembly->inputs;
    struct manifest *manifest = assembly->manifest;
    for (size_t i = 0; i < manifest->template_count; i++) {
        size_t index = repertoire_template_index(inputs->repertoire, manifest->templates[i].name);
        const struct repertoire_template *template =
            repertoire_template_at(inputs->repertoire, index);
        add_file(assembly, &template->sha256, (int64_t) template->template->source_length,
                 REPERTOIRE_TEMPLATE_TYPE);
    }
    for (size_t i = 0; inputs->logos != NULL && i < inputs->layout->zone_count; i++) {
        struct sha256 sum;
        const struct media_record *logo = &inputs->logos[i];
        if (logo->sha256 != NULL && sha256_from_hex(logo->sha256, &sum)) {
            add_file(assembly, &sum, logo->size, logo->type);
        }
    }
}

static void add_directory_files(struct assembly *assembly, const struct directory_made *directory)
{
    struct manifest *manifest = assembly->manifest;
    struct sha256 sum;
    manifest->has_directory = sha256_from_hex(directory->directory.sha256, &manifest->directory);
    if (!manifest->has_directory) {
        return;
    }
    add_file(assembly, &manifest->directory, directory->directory.size, directory->directory.type);
    for (size_t i = 0; i < directory->media.count; i++) {
        const struct media_record *record = &directory->media.items[i];
        if (sha256_from_hex(record->sha256, &sum)) {
            add_file(assembly, &sum, record->size, record->type);
        }
    }
}

size_t assembly_directory_files(const struct assembly *assembly)
{
    const struct directory_made *directory = assembly->inputs->directory;
    return directory == NULL ? 0 : 1 + directory->media.count;
}

void assembly_collect_files(struct assembly *assembly)
{
    struct manifest *manifest = assembly->manifest;
    const struct directory_made *directory = assembly->inputs->directory;
    size_t most = assembly->file_most + manifest->template_count + MANIFEST_ZONES_MAX +
                  assembly_directory_files(assembly);
    manifest->files = arena_array(manifest->arena, most, sizeof *manifest->files);
    for (size_t i = 0; i < manifest->slide_count; i++) {
        add_slide_files(assembly, &manifest->slides[i]);
    }
    add_look_files(assembly);
    if (directory != NULL) {
        add_directory_files(assembly, directory);
    }
    size_t kept = 0;
    if (manifest->file_count > 1) {
        qsort(manifest->files, manifest->file_count, sizeof *manifest->files, compare_files);
    }
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (i == 0 || compare_files(&manifest->files[i], &manifest->files[kept - 1]) != 0) {
            manifest->files[kept++] = manifest->files[i];
        }
    }
    manifest->file_count = kept;
}
