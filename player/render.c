#include "player/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/files.h"
#include "player/draw/image.h"
#include "player/render_document.h"
#include "player/scene/slide_view.h"
#include "player/sync/state.h"
#include "playlists/timeline.h"

/* One picture to be drawn: a slide, and the strip below it when there is one. */
struct frame {
    struct metrics metrics;
    const struct slide *slide;
    const char *place; /* NULL: no strip */
    const char *lang;
    int64_t local_ms;
};

struct shelf {
    const struct render_options *options;
    const char *media;                      /* folder ab/abcdef…; NULL: none */
    const struct render_document *document; /* NULL: none */
};

static bool read_picture(const struct shelf *shelf, const struct sha256 *file, char **bytes_out,
                         size_t *length_out, struct error *err)
{
    const char *path = shelf->document != NULL ? render_document_path(shelf->document, file) : NULL;
    if (path != NULL) {
        return file_read(path, IMAGE_BYTES_MAX, bytes_out, length_out, err);
    }
    char hex[SHA256_HEX_SIZE], name[SHA256_HEX_SIZE + 3], full[4096];
    sha256_to_hex(file, hex);
    snprintf(name, sizeof name, "%.2s/%s", hex, hex);
    if (shelf->media == NULL || path_join(full, sizeof full, shelf->media, name) == NULL) {
        return error_set(err, ERROR_NOT_FOUND, "image %s : dites où elle est (--media)",
                         "picture %s: say where it is (--media)", hex);
    }
    if (!file_read(full, IMAGE_BYTES_MAX, bytes_out, length_out, err)) {
        return false;
    }
    struct sha256 sum;
    sha256_of(*bytes_out, *length_out, &sum);
    if (!sha256_equal(&sum, file)) {
        free(*bytes_out);
        error_set(err, ERROR_INVALID, "le fichier n’est pas ce que son nom dit",
                  "the file is not what its name says");
        error_at(err, full, 0);
        return false;
    }
    return true;
}

static void tell(const struct render_options *options, const struct error *err)
{
    char text[1024];
    fprintf(stderr, "vitrine-render : %s\n", error_text(err, options->lang, text, sizeof text));
}

static const struct image *load_picture(void *context, const struct sha256 *file, struct error *err)
{
    const struct shelf *shelf = context;
    char *bytes;
    size_t length;
    struct image *image = NULL;
    if (read_picture(shelf, file, &bytes, &length, err)) {
        image = image_decode(bytes, length, err);
        free(bytes);
    }
    if (image == NULL) {
        tell(shelf->options, err);
    }
    return image;
}

static void release_picture(void *context, const struct image *image)
{
    (void)context;
    image_destroy((struct image *)image);
}

static const char *slot_name(const char *slot, enum lang lang)
{
    static const struct {
        const char *slot, *fr, *en;
    } names[] = {
        {"title", "le titre", "the title"},    {"quote", "la citation", "the quotation"},
        {"name", "le nom", "the name"},        {"leader", "le nom", "the name"},
        {"role", "la fonction", "the role"},   {"company", "l’entreprise", "the company"},
        {"text", "le texte", "the text"},      {"place", "le lieu", "the place"},
        {"date", "la date", "the date"},       {"activity", "l’activité", "the activity"},
        {"commune", "la commune", "the town"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i].slot, slot) == 0) {
            return lang_pick(lang, names[i].fr, names[i].en);
        }
    }
    return slot;
}

static void tell_excess(const struct render_options *options, const struct slide_excess *excess)
{
    if (excess->characters > 0) {
        bool many = excess->characters > 1;
        fprintf(stderr,
                lang_pick(options->lang,
                          "vitrine-render : %s ne tient pas : retirez %d caractère%s\n",
                          "vitrine-render: %s does not fit: remove %d character%s\n"),
                slot_name(excess->slot, options->lang), excess->characters, many ? "s" : "");
    }
}

/* A canvas on some of another one's rows. */
static struct canvas rows_of(const struct canvas *canvas, int y, int height)
{
    return (struct canvas){.pixels = canvas->pixels + (size_t)y * (size_t)canvas->stride,
                           .width = canvas->width,
                           .height = height,
                           .stride = canvas->stride,
                           .clip = {0, 0, canvas->width, height}};
}

static bool draw(const struct frame *frame, const struct slide_view *view,
                 const struct render_options *options, struct error *err)
{
    struct canvas *canvas = canvas_create(frame->metrics.width_px, frame->metrics.height_px);
    if (canvas == NULL) {
        return error_set(err, ERROR_LIMIT, "image de %d × %d pixels : trop grande",
                         "picture of %d × %d pixels: too large", frame->metrics.width_px,
                         frame->metrics.height_px);
    }
    int strip = frame->place != NULL ? strip_height(&frame->metrics) : 0;
    struct canvas zone = rows_of(canvas, 0, canvas->height - strip);
    struct slide_excess excess;
    bool drawn = slide_view_draw(view, frame->slide, &zone, &excess);
    if (drawn && strip > 0) {
        struct canvas below = rows_of(canvas, zone.height, strip);
        int64_t minutes = frame->local_ms / 60000, days = minutes / 1440 - (minutes < 0);
        strip_draw(view, frame->place, frame->lang, days, (int)(minutes - days * 1440), &below);
    }
    tell_excess(options, &excess);
    drawn = drawn && canvas_save_png(canvas, options->output, err);
    canvas_destroy(canvas);
    return drawn;
}

static bool draw_frame(const struct frame *frame, struct shelf *shelf, struct error *err)
{
    char assets[1024], fonts[1100];
    if (assets_folder(assets, sizeof assets) == NULL ||
        path_join(fonts, sizeof fonts, assets, "fonts") == NULL) {
        return error_set(err, ERROR_NOT_FOUND, "dossier des polices introuvable (VITRINE_ASSETS)",
                         "font folder not found (VITRINE_ASSETS)");
    }
    struct slide_view view = {.pictures = {load_picture, release_picture, shelf},
                              .metrics = frame->metrics};
    view.text = text_engine_create(fonts, err);
    if (view.text == NULL) {
        return false;
    }
    bool drawn = draw(frame, &view, shelf->options, err);
    text_engine_destroy(view.text);
    return drawn;
}

bool render_slide(const struct render_options *options, struct error *err)
{
    struct render_document *document = render_document_load(options->slide, err);
    if (document == NULL) {
        return false;
    }
    struct shelf shelf = {options, options->media, document};
    struct frame frame = {
        .metrics = metrics_make(options->width, options->height, options->diagonal_mm,
                                options->distance_mm),
        .slide = render_document_slide(document),
        .place = options->place,
        .lang = render_document_slide(document)->lang,
        .local_ms = options->at_ms + (int64_t)options->at_offset_min * 60000,
    };
    bool drawn = draw_frame(&frame, &shelf, err);
    render_document_destroy(document);
    return drawn;
}

static struct manifest *open_manifest(const struct render_options *options, struct error *err)
{
    struct sign_public key;
    if (!hex_decode(options->key, key.bytes, sizeof key.bytes)) {
        error_set(err, ERROR_INVALID, "--key : 64 chiffres hexadécimaux sont attendus",
                  "--key: 64 hexadecimal digits are expected");
        return NULL;
    }
    char *bytes;
    size_t length;
    if (!file_read(options->manifest, MANIFEST_BYTES_MAX, &bytes, &length, err)) {
        return NULL;
    }
    struct manifest *manifest = manifest_open(bytes, length, &key, err);
    free(bytes);
    if (manifest == NULL) {
        error_at(err, options->manifest, 0);
    }
    return manifest;
}

static struct edition *open_edition(const struct render_options *options, struct error *err)
{
    if (options->manifest != NULL) {
        struct manifest *manifest = open_manifest(options, err);
        return manifest != NULL ? edition_create(manifest) : NULL;
    }
    struct state state;
    struct state_server server;
    snprintf(state.folder, sizeof state.folder, "%s", options->state);
    if (!state_load_server(&state, &server, err)) {
        return NULL;
    }
    return state_load_edition(&state, &server, STATE_CURRENT, err);
}

/* What the player shows when nothing is planned. */
static const struct slide *nothing_planned(const char *lang, struct slide *slide)
{
    enum lang words = LANG_FR;
    (void)lang_parse(lang, &words);
    *slide = (struct slide){.id = "welcome",
                            .template = "welcome",
                            .subject = "",
                            .organisation = "",
                            .title = "",
                            .lang = lang,
                            .link = "",
                            .duration_ms = 60000,
                            .text_count = 2};
    slide->texts[0] = (struct slide_text){
        "title", lang_pick(words, "Bienvenue sur Vitrine", "Welcome to Vitrine")};
    slide->texts[1] =
        (struct slide_text){"text", lang_pick(words, "Rien n’est programmé ici pour le moment.",
                                              "Nothing is planned here for now.")};
    return slide;
}

bool render_screen(const struct render_options *options, struct error *err)
{
    struct edition *edition = open_edition(options, err);
    if (edition == NULL) {
        return false;
    }
    char cache[4096];
    struct shelf shelf = {options, options->media, NULL};
    if (shelf.media == NULL && options->state != NULL) {
        shelf.media = path_join(cache, sizeof cache, options->state, "cache");
    }
    const struct manifest *manifest = edition->manifest;
    const struct manifest_screen *screen = &manifest->screen;
    struct timeline now = timeline_at(manifest, options->at_ms);
    struct slide welcome;
    struct frame frame = {
        .metrics = metrics_make(screen->width_px, screen->height_px, screen->diagonal_mm,
                                screen->viewing_distance_mm),
        .slide = now.slide,
        .lang = screen->language_count > 0 ? screen->languages[0] : "fr",
        .local_ms = options->at_ms + (int64_t)manifest_offset_s(manifest, options->at_ms) * 1000,
    };
    if (now.kind == TIMELINE_NOTHING) {
        frame.slide = nothing_planned(frame.lang, &welcome);
    } else if (manifest_interval_strip(manifest, now.interval)) {
        frame.place = screen->name;
    }
    bool drawn = draw_frame(&frame, &shelf, err);
    edition_release(edition);
    return drawn;
}
