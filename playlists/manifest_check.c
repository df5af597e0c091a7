/* What a manifest must hold, member by member: manifest_check. */
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "playlists/manifest.h"

/* Instants are within ±9999 years, so that no sum of them overflows. */
#define INSTANT_MAX_MS INT64_C(253402300799999)
#define NUMBER_MAX INT64_C(9007199254740991)
#define ITEM_DURATION_MAX_MS INT64_C(86400000)
#define OFFSET_MAX_S (18 * 3600)
#define ID_BYTES_MAX 255
#define NAME_BYTES_MAX 400

static bool fail_element(struct error *err, const char *array, size_t index)
{
    char field[64];
    snprintf(field, sizeof field, "%s[%zu]", array, index);
    return error_field(err, field);
}

static bool check_number(int64_t value, int64_t min, int64_t max, const char *field,
                         struct error *err)
{
    if (value >= min && value <= max) {
        return true;
    }
    error_set(err, ERROR_INVALID, "%lld est hors limites : de %lld à %lld",
              "%lld is out of bounds: %lld to %lld", (long long)value, (long long)min,
              (long long)max);
    return error_field(err, field);
}

static bool check_count(size_t count, size_t min, size_t max, const char *field, struct error *err)
{
    if (count >= min && count <= max) {
        return true;
    }
    error_set(err, count > max ? ERROR_LIMIT : ERROR_INVALID,
              "%zu éléments, de %zu à %zu sont admis", "%zu elements, %zu to %zu are allowed",
              count, min, max);
    return error_field(err, field);
}

static bool check_string(const char *text, size_t min, size_t max, const char *field,
                         struct error *err)
{
    size_t length = text == NULL ? 0 : strlen(text);
    bool ok = text != NULL && length >= min && length <= max && utf8_valid(text, length);
    for (size_t i = 0; ok && i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        ok = c >= 0x20 && c != 0x7F;
    }
    if (!ok) {
        error_set(err, ERROR_INVALID,
                  "texte de %zu à %zu octets attendu, sans caractère de commande",
                  "a text of %zu to %zu bytes is expected, without control characters", min, max);
        return error_field(err, field);
    }
    return true;
}

static bool check_screen(const struct manifest_screen *screen, struct error *err)
{
    if (!check_string(screen->id, 1, ID_BYTES_MAX, "id", err) ||
        !check_string(screen->name, 0, NAME_BYTES_MAX, "name", err) ||
        !check_string(screen->site, 0, NAME_BYTES_MAX, "site", err) ||
        !check_string(screen->site_id, 0, ID_BYTES_MAX, "site_id", err) ||
        !check_number(screen->width_px, 16, 16384, "width_px", err) ||
        !check_number(screen->height_px, 16, 16384, "height_px", err) ||
        !check_number(screen->diagonal_mm, 10, 100000, "diagonal_mm", err) ||
        !check_number(screen->viewing_distance_mm, 10, 1000000, "viewing_distance_mm", err) ||
        !check_number(screen->bottom_edge_mm, 0, 1000000, "bottom_edge_mm", err) ||
        !check_string(screen->time_zone, 1, ID_BYTES_MAX, "time_zone", err) ||
        !check_count(screen->language_count, 0,
                     sizeof screen->languages / sizeof screen->languages[0], "languages", err)) {
        return false;
    }
    if (screen->rotation != 0 && screen->rotation != 90 && screen->rotation != 180 &&
        screen->rotation != 270) {
        error_set(err, ERROR_INVALID, "0, 90, 180 ou 270 est attendu",
                  "0, 90, 180 or 270 is expected");
        return error_field(err, "rotation");
    }
    for (size_t i = 0; i < screen->language_count; i++) {
        if (!check_string(screen->languages[i], 2, 35, "", err)) {
            return fail_element(err, "languages", i);
        }
    }
    return true;
}

static bool check_offsets(const struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->offset_count, 1, MANIFEST_INTERVALS_MAX, "offsets", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->offset_count; i++) {
        const struct manifest_offset *offset = &manifest->offsets[i];
        if (!check_number(offset->from_ms, -INSTANT_MAX_MS, INSTANT_MAX_MS, "from_ms", err) ||
            !check_number(offset->offset_s, -OFFSET_MAX_S, OFFSET_MAX_S, "offset_s", err)) {
            return fail_element(err, "offsets", i);
        }
        if (i > 0 && offset->from_ms <= offset[-1].from_ms) {
            error_set(err, ERROR_INVALID, "les décalages horaires ne sont pas dans l’ordre",
                      "the offsets from UTC are not in order");
            return fail_element(err, "offsets", i);
        }
    }
    return true;
}

static bool check_files(const struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->file_count, 0, MANIFEST_FILES_MAX, "files", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->file_count; i++) {
        const struct manifest_file *file = &manifest->files[i];
        if (!check_number(file->size, 1, NUMBER_MAX, "size", err) ||
            !check_string(file->type, 3, 100, "type", err)) {
            return fail_element(err, "files", i);
        }
        if (i > 0 && memcmp(file[-1].sha256.bytes, file->sha256.bytes, SHA256_SIZE) >= 0) {
            error_set(err, ERROR_INVALID, "les fichiers ne sont pas triés, ou un est en double",
                      "the files are not sorted, or one is there twice");
            return fail_element(err, "files", i);
        }
    }
    return true;
}

static bool fail_no_file(struct error *err, const char *field)
{
    error_set(err, ERROR_INVALID, "ce fichier ne figure pas dans « files »",
              "this file is not in \"files\"");
    return error_field(err, field);
}

static bool check_slides(const struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->slide_count, 0, MANIFEST_SLIDES_MAX, "slides", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->slide_count; i++) {
        const struct slide *slide = &manifest->slides[i];
        if (!slide_check(slide, err)) {
            return fail_element(err, "slides", i);
        }
        for (size_t j = 0; j < slide->picture_count; j++) {
            if (manifest_file(manifest, &slide->pictures[j].file) == NULL) {
                fail_no_file(err, "file");
                fail_element(err, "pictures", j);
                return fail_element(err, "slides", i);
            }
        }
        if (slide->has_video && (manifest_file(manifest, &slide->video.file) == NULL ||
                                 (slide->video.has_captions &&
                                  manifest_file(manifest, &slide->video.captions) == NULL))) {
            fail_no_file(err, "video");
            return fail_element(err, "slides", i);
        }
    }
    return true;
}

/* Fills length_ms. */
static bool check_loop(const struct manifest *manifest, struct manifest_loop *loop,
                       struct error *err)
{
    if (!check_string(loop->playlist, 0, ID_BYTES_MAX, "playlist", err) ||
        !check_number(loop->transition_ms, 0, 2000, "transition_ms", err) ||
        !check_count(loop->item_count, 1, MANIFEST_LOOP_ITEMS_MAX, "items", err)) {
        return false;
    }
    loop->length_ms = 0;
    for (size_t i = 0; i < loop->item_count; i++) {
        const struct manifest_item *item = &loop->items[i];
        if (item->slide >= manifest->slide_count) {
            error_set(err, ERROR_INVALID, "il n’y a pas de diapositive %zu",
                      "there is no slide %zu", item->slide);
            error_field(err, "slide");
            return fail_element(err, "items", i);
        }
        if (!check_number(item->duration_ms, 1, ITEM_DURATION_MAX_MS, "duration_ms", err)) {
            return fail_element(err, "items", i);
        }
        loop->length_ms += item->duration_ms;
    }
    return true;
}

static bool check_loops(struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->loop_count, 0, MANIFEST_LOOPS_MAX, "loops", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->loop_count; i++) {
        if (!check_loop(manifest, &manifest->loops[i], err)) {
            return fail_element(err, "loops", i);
        }
    }
    return true;
}

static bool check_interval(const struct manifest *manifest, const struct manifest_track *track,
                           size_t index, struct error *err)
{
    const struct manifest_interval *interval = &track->intervals[index];
    if (!check_number(interval->origin_ms, -INSTANT_MAX_MS, INSTANT_MAX_MS, "origin_ms", err) ||
        !check_number(interval->from_ms, interval->origin_ms, INSTANT_MAX_MS, "from_ms", err) ||
        !check_number(interval->until_ms, interval->from_ms + 1, INSTANT_MAX_MS, "until_ms", err) ||
        !check_string(interval->rule, 0, ID_BYTES_MAX, "rule", err)) {
        return false;
    }
    if (interval->loop >= manifest->loop_count) {
        error_set(err, ERROR_INVALID, "il n’y a pas de boucle %zu", "there is no loop %zu",
                  interval->loop);
        return error_field(err, "loop");
    }
    if (interval->layout >= manifest->layout_count) {
        error_set(err, ERROR_INVALID, "il n’y a pas de mise en page %zu", "there is no layout %zu",
                  interval->layout);
        return error_field(err, "layout");
    }
    if (index > 0 && interval->from_ms < interval[-1].until_ms) {
        error_set(err, ERROR_INVALID, "cet intervalle commence avant la fin du précédent",
                  "this interval starts before the end of the one before");
        return error_field(err, "from_ms");
    }
    return true;
}

static bool check_track(const struct manifest *manifest, const struct manifest_track *track,
                        struct error *err)
{
    if (!check_count(track->interval_count, 0, MANIFEST_INTERVALS_MAX, "intervals", err)) {
        return false;
    }
    for (size_t i = 0; i < track->interval_count; i++) {
        if (!check_interval(manifest, track, i, err)) {
            return fail_element(err, "intervals", i);
        }
    }
    return true;
}

static bool check_tracks(const struct manifest *manifest, struct error *err)
{
    struct manifest_track main = {manifest->interval_count, manifest->intervals};
    if (!check_track(manifest, &main, err) ||
        !check_count(manifest->track_count, 0, MANIFEST_TRACKS_MAX, "tracks", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->track_count; i++) {
        if (!check_track(manifest, &manifest->tracks[i], err)) {
            return fail_element(err, "tracks", i);
        }
    }
    return true;
}

static bool check_zone(const struct manifest *manifest, const struct manifest_zone *zone,
                       struct error *err)
{
    if (!check_string(zone->id, 1, ID_BYTES_MAX, "id", err) ||
        !check_number(zone->x, 0, MANIFEST_WHOLE - 1, "x", err) ||
        !check_number(zone->y, 0, MANIFEST_WHOLE - 1, "y", err) ||
        !check_number(zone->w, 1, MANIFEST_WHOLE - zone->x, "w", err) ||
        !check_number(zone->h, 1, MANIFEST_WHOLE - zone->y, "h", err) ||
        !check_number(zone->fill, 0, 0xFFFFFF, "fill", err)) {
        return false;
    }
    if (zone->kind == ZONE_LOGO) {
        return manifest_file(manifest, &zone->file) != NULL || fail_no_file(err, "file");
    }
    return check_number((int64_t)zone->track, 0, (int64_t)manifest->track_count, "track", err);
}

static bool zones_meet(const struct manifest_zone *a, const struct manifest_zone *b)
{
    return a->x < b->x + b->w && b->x < a->x + a->w && a->y < b->y + b->h && b->y < a->y + a->h;
}

static bool check_layout(const struct manifest *manifest, const struct manifest_layout *layout,
                         struct error *err)
{
    if (!check_string(layout->id, 1, ID_BYTES_MAX, "id", err) ||
        !check_number((int64_t)layout->strip_track, 0, (int64_t)manifest->track_count,
                      "strip_track", err) ||
        !check_count(layout->zone_count, 1, MANIFEST_ZONES_MAX, "zones", err)) {
        return false;
    }
    for (size_t i = 0; i < layout->zone_count; i++) {
        const struct manifest_zone *zone = &layout->zones[i];
        if (!check_zone(manifest, zone, err)) {
            return fail_element(err, "zones", i);
        }
        if ((i == 0) != (zone->kind == ZONE_LOOP && zone->track == 0)) {
            error_set(err, ERROR_INVALID,
                      "la zone principale est la première, et la seule de la piste 0",
                      "the main zone is the first, and the only one of track 0");
            return fail_element(err, "zones", i);
        }
        for (size_t j = 0; j < i; j++) {
            if (zones_meet(zone, &layout->zones[j])) {
                error_set(err, ERROR_INVALID, "cette zone recouvre la zone « %.40s »",
                          "this zone overlaps zone \"%.40s\"", layout->zones[j].id);
                return fail_element(err, "zones", i);
            }
        }
    }
    return true;
}

static bool check_layouts(const struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->layout_count, manifest->interval_count > 0 ? 1 : 0,
                     MANIFEST_LAYOUTS_MAX, "layouts", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->layout_count; i++) {
        if (!check_layout(manifest, &manifest->layouts[i], err)) {
            return fail_element(err, "layouts", i);
        }
    }
    return true;
}

static bool check_closed(const struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->closed_count, 0, MANIFEST_CLOSED_MAX, "closed", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->closed_count; i++) {
        const struct manifest_closed *closed = &manifest->closed[i];
        int64_t least = i > 0 ? closed[-1].until_ms : -INSTANT_MAX_MS;
        if (!check_number(closed->from_ms, least, INSTANT_MAX_MS, "from_ms", err) ||
            !check_number(closed->until_ms, closed->from_ms + 1, INSTANT_MAX_MS, "until_ms", err)) {
            return fail_element(err, "closed", i);
        }
    }
    return true;
}

static bool check_templates(const struct manifest *manifest, struct error *err)
{
    if (!check_count(manifest->template_count, 0, MANIFEST_TEMPLATES_MAX, "templates", err)) {
        return false;
    }
    for (size_t i = 0; i < manifest->template_count; i++) {
        const struct manifest_template *template = &manifest->templates[i];
        if (!check_string(template->name, 1, ID_BYTES_MAX, "name", err) ||
            (manifest_file(manifest, &template->file) == NULL && !fail_no_file(err, "file"))) {
            return fail_element(err, "templates", i);
        }
        if (i > 0 && strcmp(template[-1].name, template->name) >= 0) {
            error_set(err, ERROR_INVALID, "les modèles ne sont pas triés, ou un est en double",
                      "the templates are not sorted, or one is there twice");
            return fail_element(err, "templates", i);
        }
    }
    return true;
}

bool manifest_check_screen(const struct manifest *manifest, struct error *err)
{
    return check_screen(&manifest->screen, err) || error_field(err, "screen");
}

bool manifest_check(struct manifest *manifest, struct error *err)
{
    if (!check_number(manifest->epoch, 0, NUMBER_MAX, "epoch", err) ||
        !check_number(manifest->version, 0, NUMBER_MAX, "version", err) ||
        !check_number(manifest->created_ms, -INSTANT_MAX_MS, INSTANT_MAX_MS, "created_ms", err) ||
        !check_number(manifest->valid_until_ms, manifest->created_ms, INSTANT_MAX_MS,
                      "valid_until_ms", err)) {
        return false;
    }
    if (!manifest_check_screen(manifest, err) || !check_offsets(manifest, err) ||
        !check_files(manifest, err) || !check_slides(manifest, err) ||
        !check_loops(manifest, err) || !check_layouts(manifest, err) ||
        !check_tracks(manifest, err) || !check_closed(manifest, err) ||
        !check_templates(manifest, err)) {
        return false;
    }
    if (manifest->has_directory && manifest_file(manifest, &manifest->directory) == NULL) {
        return fail_no_file(err, "directory");
    }
    return true;
}
