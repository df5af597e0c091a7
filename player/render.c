#include "player/render.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "player/scene/slide_view.h"
#include "player/stage/frame.h"
#include "player/stage/welcome.h"
#include "player/sync/state.h"

bool render_init(struct render *render, const struct render_options *options, struct error *err)
{
    char assets[1024], fonts[1100], templates[1100];
    *render = (struct render){.options = options, .shelf = {.lang = options->lang}};
    render->shelf.media = options->media;
    if (options->media == NULL && options->state != NULL) {
        render->shelf.media =
            path_join(render->media, sizeof render->media, options->state, "cache");
    }
    if (assets_folder(assets, sizeof assets) == NULL ||
        path_join(fonts, sizeof fonts, assets, "fonts") == NULL ||
        path_join(templates, sizeof templates, assets, "templates") == NULL) {
        return error_set(err, ERROR_NOT_FOUND, "dossier des polices introuvable (VITRINE_ASSETS)",
                         "font folder not found (VITRINE_ASSETS)");
    }
    render->text = text_engine_create(fonts, err);
    render->templates = render->text == NULL ? NULL : template_set_load(templates, err);
    if (render->templates == NULL) {
        render_finish(render);
        return false;
    }
    return true;
}

void render_finish(struct render *render)
{
    template_set_destroy(render->templates);
    text_engine_destroy(render->text);
    render->templates = NULL;
    render->text = NULL;
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

static struct canvas *make_canvas(int width, int height, struct error *err)
{
    struct canvas *canvas = canvas_create(width, height);
    if (canvas == NULL) {
        error_set(err, ERROR_LIMIT, "image de %d × %d pixels : trop grande",
                  "picture of %d × %d pixels: too large", width, height);
    }
    return canvas;
}

/* The slide, and below it the strip when the options name a place. */
static bool draw_slide(struct render *render, const struct slide *slide, struct canvas *canvas)
{
    const struct render_options *options = render->options;
    struct slide_view view = {.text = render->text,
                              .pictures = shelf_pictures(&render->shelf),
                              .metrics = metrics_make(options->width, options->height,
                                                      options->diagonal_mm, options->distance_mm),
                              .templates = render->templates};
    int strip = options->place != NULL ? strip_height(&view.metrics) : 0;
    struct canvas zone = *canvas;
    zone.height -= strip;
    zone.clip.h = zone.height;
    struct slide_excess excess;
    bool drawn = slide_view_draw(&view, slide, &zone, &excess);
    if (drawn && strip > 0) {
        int64_t local_ms = options->at_ms + (int64_t)options->at_offset_min * 60000;
        int64_t minutes = local_ms / 60000, days = minutes / 1440 - (minutes < 0);
        struct canvas below = *canvas;
        below.pixels += (size_t)zone.height * (size_t)canvas->stride;
        below.height = below.clip.h = strip;
        strip_draw(&view, options->place, slide->lang, days, (int)(minutes - days * 1440), &below);
    }
    tell_excess(options, &excess);
    return drawn;
}

bool render_slide(const struct render_options *options, struct error *err)
{
    struct render render;
    struct render_document *document = render_document_load(options->slides[0], err);
    if (document == NULL) {
        return false;
    }
    const struct slide *slide = render_document_slide(document);
    struct canvas *canvas = NULL;
    bool drawn = false;
    if (render_init(&render, options, err)) {
        render.shelf.documents = &document;
        render.shelf.document_count = 1;
        canvas = make_canvas(options->width, options->height, err);
        if (!template_check_slide(render.templates, slide, err)) {
            error_at(err, options->slides[0], 0);
        } else if (canvas != NULL && draw_slide(&render, slide, canvas)) {
            drawn = canvas_save_png(canvas, options->output, err);
        }
        render_finish(&render);
    }
    canvas_destroy(canvas);
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

struct edition *render_edition(const struct render_options *options, struct error *err)
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

struct metrics render_metrics(const struct render_options *options,
                              const struct manifest_screen *screen)
{
    if (options->has_size) {
        return metrics_make(options->width, options->height, options->diagonal_mm,
                            options->distance_mm);
    }
    return metrics_make(screen->width_px, screen->height_px, screen->diagonal_mm,
                        screen->viewing_distance_mm);
}

/* The edition's own templates over ours; false when one of them is missing or bad. */
static bool overlay_templates(struct render *render, const struct manifest *manifest,
                              struct error *err)
{
    size_t count = manifest->template_count, read = 0;
    struct template_document *documents = calloc(count + 1, sizeof *documents);
    if (documents == NULL) {
        abort();
    }
    while (read < count) {
        struct template_document *document = &documents[read];
        document->bytes = shelf_read(&render->shelf, &manifest->templates[read].file,
                                     TEMPLATE_BYTES_MAX, &document->length, err);
        if (document->bytes == NULL) {
            break;
        }
        read++;
    }
    struct template_set *set =
        read == count ? template_set_overlay(render->templates, documents, count, err) : NULL;
    for (size_t i = 0; i < read; i++) {
        free((char *)documents[i].bytes);
    }
    free(documents);
    if (set != NULL) {
        template_set_destroy(render->templates);
        render->templates = set;
    }
    return set != NULL;
}

struct composition *render_composition(struct render *render, struct edition *edition,
                                       const struct metrics *metrics, bool transitions,
                                       struct error *err)
{
    if (edition->manifest->template_count > 0 &&
        !overlay_templates(render, edition->manifest, err)) {
        shelf_tell(&render->shelf, err); /* as the player does: our own serve */
    }
    struct welcome_facts facts = {.lang = frame_lang(edition->manifest), .enrolled = true};
    struct edition *welcome = welcome_create(&facts);
    struct composition_config config = {.edition = edition,
                                        .welcome = welcome,
                                        .view = {.text = render->text,
                                                 .pictures = shelf_pictures(&render->shelf),
                                                 .metrics = *metrics,
                                                 .templates = render->templates},
                                        .film_path = shelf_path,
                                        .fault = shelf_tell,
                                        .context = &render->shelf,
                                        .transitions = transitions};
    struct composition *composition = composition_create(&config);
    edition_release(welcome);
    return composition;
}

bool render_screen(const struct render_options *options, struct error *err)
{
    struct render render;
    struct edition *edition = render_edition(options, err);
    if (edition == NULL) {
        return false;
    }
    bool drawn = false;
    if (render_init(&render, options, err)) {
        struct metrics metrics = render_metrics(options, &edition->manifest->screen);
        struct canvas *canvas = make_canvas(metrics.width_px, metrics.height_px, err);
        struct composition *composition =
            render_composition(&render, edition, &metrics, false, err);
        drawn = canvas != NULL && composition_draw(composition, options->at_ms, canvas) &&
                canvas_save_png(canvas, options->output, err);
        composition_destroy(composition);
        canvas_destroy(canvas);
        render_finish(&render);
    }
    edition_release(edition);
    return drawn;
}
