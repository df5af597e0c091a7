/* Films of slides, and of what a screen shows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"
#include "player/render.h"
#include "player/video/encoder.h"
#include "playlists/timeline.h"

#define TRANSITION_MS 500

struct span {
    int64_t from_ms;
    int64_t length_ms;
};

/* --- A programme of the slides' documents --- */

static const struct slide *slide_of(const struct render *render, size_t index)
{
    return render_document_slide(render->shelf.documents[index]);
}

static int64_t duration_of(const struct slide *slide)
{
    int64_t film_ms = slide->has_video ? slide->video.length_ms + TRANSITION_MS : 0;
    return slide->duration_ms > film_ms ? slide->duration_ms : film_ms;
}

/* One loop of all slides. The film goes once around it, from its first slide at rest to the
 * transition into it again, so that it can be looped. */
static struct edition *make_programme(const struct render *render, struct span *span_out)
{
    const struct render_options *options = render->options;
    size_t count = render->shelf.document_count;
    struct manifest *manifest = manifest_create();
    struct arena *arena = manifest->arena;
    struct manifest_loop *loop = arena_alloc(arena, sizeof *loop);
    *loop = (struct manifest_loop){.playlist = "film",
                                   .transition = options->has_transition ? options->transition
                                                                         : TRANSITION_FADE,
                                   .transition_ms = TRANSITION_MS,
                                   .item_count = count,
                                   .items = arena_array(arena, count, sizeof *loop->items)};
    manifest->slides = arena_array(arena, count, sizeof *manifest->slides);
    manifest->slide_count = count;
    for (size_t i = 0; i < count; i++) {
        manifest->slides[i] = *slide_of(render, i);
        loop->items[i] = (struct manifest_item){i, duration_of(&manifest->slides[i])};
        loop->length_ms += loop->items[i].duration_ms;
    }
    manifest->loops = loop;
    manifest->loop_count = 1;
    manifest->screen = (struct manifest_screen){
        .name = options->place != NULL ? options->place : "", .language_count = 1};
    manifest->screen.languages[0] = manifest->slides[0].lang;
    manifest->offset_count = 1;
    manifest->offsets = arena_alloc(arena, sizeof *manifest->offsets);
    manifest->offsets[0].offset_s = options->at_offset_min * 60;
    manifest_add_plain_layouts(manifest);
    int64_t lead_ms = count > 1 ? TRANSITION_MS : 0;
    manifest->interval_count = 1;
    manifest->intervals = arena_alloc(arena, sizeof *manifest->intervals);
    manifest->intervals[0] =
        (struct manifest_interval){.from_ms = options->at_ms - lead_ms - loop->length_ms,
                                   .until_ms = INT64_MAX,
                                   .origin_ms = options->at_ms - lead_ms - loop->length_ms,
                                   .layout = options->place != NULL ? LAYOUT_STRIP : LAYOUT_WHOLE,
                                   .rule = ""};
    manifest->valid_until_ms = INT64_MAX;
    *span_out = (struct span){options->at_ms, loop->length_ms};
    return edition_create(manifest);
}

/* --- The film --- */

static void tell_progress(const struct render_options *options, int64_t done, int64_t total,
                          int64_t began_ms)
{
    bool terminal = isatty(STDERR_FILENO) != 0;
    int64_t tenth = total / 10 > 0 ? total / 10 : 1;
    if (!terminal && done % tenth != 0 && done != total) {
        return;
    }
    struct clock clock = clock_system();
    int64_t spent_ms = clock_mono_ms(&clock) - began_ms;
    int64_t left_s = (spent_ms * (total - done) / done + 999) / 1000;
    fprintf(stderr,
            lang_pick(options->lang, "%sfilm : %lld %%, encore %lld s  %s",
                      "%sfilm: %lld %%, %lld s left  %s"),
            terminal ? "\r" : "", (long long)(done * 100 / total), (long long)left_s,
            terminal && done < total ? "" : "\n");
}

static bool film_frames(const struct render *render, struct composition *composition,
                        const struct span *span, struct canvas *canvas, struct encoder *encoder,
                        struct error *err)
{
    struct clock clock = clock_system();
    int64_t began_ms = clock_mono_ms(&clock);
    int rate = render->options->rate;
    int64_t total = (span->length_ms * rate + 999) / 1000;
    for (int64_t i = 0; i < total; i++) {
        if (!composition_draw(composition, span->from_ms + i * 1000 / rate, canvas)) {
            return error_set(err, ERROR_LIMIT, "mémoire insuffisante", "not enough memory");
        }
        if (!encoder_add(encoder, canvas, err)) {
            return false;
        }
        tell_progress(render->options, i + 1, total, began_ms);
    }
    return encoder_finish(encoder, err);
}

static bool film(struct render *render, struct edition *edition, const struct span *span,
                 struct error *err)
{
    const struct render_options *options = render->options;
    struct metrics metrics = render_metrics(options, &edition->manifest->screen);
    struct encoder_options encoding = {options->output, metrics.width_px, metrics.height_px,
                                       options->rate};
    struct composition *composition = render_composition(render, edition, &metrics, true, err);
    struct canvas *canvas = canvas_create(metrics.width_px, metrics.height_px);
    struct encoder *encoder = encoder_create(&encoding, err);
    if (canvas == NULL) {
        error_set(err, ERROR_LIMIT, "mémoire insuffisante", "not enough memory");
    }
    bool filmed = canvas != NULL && encoder != NULL &&
                  film_frames(render, composition, span, canvas, encoder, err);
    encoder_destroy(encoder);
    canvas_destroy(canvas);
    composition_destroy(composition);
    return filmed;
}

static bool film_slides(struct render *render, struct error *err)
{
    struct render_options options = *render->options;
    size_t count = render->shelf.document_count;
    for (size_t i = 0; i < count; i++) {
        if (!template_check_slide(render->templates, slide_of(render, i), err)) {
            error_at(err, options.slides[i], 0);
            return false;
        }
    }
    struct span span;
    struct edition *edition = make_programme(render, &span);
    if (options.for_s > 0) {
        span.length_ms = (int64_t)options.for_s * 1000;
    }
    options.has_size = true;
    render->options = &options;
    bool filmed = film(render, edition, &span, err);
    edition_release(edition);
    return filmed;
}

/* Once through the loop that plays at the instant, or as long as the options say. */
static bool film_programme(struct render *render, struct error *err)
{
    const struct render_options *options = render->options;
    struct edition *edition = render_edition(options, err);
    if (edition == NULL) {
        return false;
    }
    struct timeline now = timeline_at(edition->manifest, options->at_ms);
    struct span span = {options->at_ms, (int64_t)options->for_s * 1000};
    if (span.length_ms == 0) {
        span.length_ms = now.kind == TIMELINE_ITEM ? now.loop->length_ms : 10000;
    }
    bool filmed = film(render, edition, &span, err);
    edition_release(edition);
    return filmed;
}

bool render_film(const struct render_options *options, struct error *err)
{
    struct render render;
    size_t count = options->slide_count, loaded = 0;
    struct render_document **documents = calloc(count + 1, sizeof *documents);
    if (documents == NULL) {
        abort();
    }
    while (loaded < count &&
           (documents[loaded] = render_document_load(options->slides[loaded], err)) != NULL) {
        loaded++;
    }
    bool filmed = false;
    if (loaded == count && render_init(&render, options, err)) {
        render.shelf.documents = documents;
        render.shelf.document_count = count;
        filmed = count > 0 ? film_slides(&render, err) : film_programme(&render, err);
        render_finish(&render);
    }
    for (size_t i = 0; i < loaded; i++) {
        render_document_destroy(documents[i]);
    }
    free(documents);
    return filmed;
}
