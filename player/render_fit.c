/* How much more of a text fits: found by laying the slide out with longer and shorter ones. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/utf8.h"
#include "player/render_serve.h"
#include "player/scene/slide_scene.h"

#define MOST_CHARACTERS 1200
#define STEP_FIRST 8
/* Words of ordinary length, for what is not written yet. */
#define FILLER "les entreprises de notre quartier travaillent ensemble pour la ville de demain "

struct showing {
    size_t count;
    struct slide_scene_text texts[SLIDE_SCENE_TEXTS_MAX];
};

/* A slot whose text is made longer and shorter. */
struct trial {
    const struct slide_view *view;
    struct slide slide; /* its text at `index` points to `text` */
    size_t index;
    char *text;         /* what is written, and filler behind it */
    size_t *ends;       /* where so many characters end */
    size_t written;     /* characters */
    struct showing now; /* with what is written */
};

static void look(const struct slide_view *view, const struct slide *slide, struct showing *out)
{
    struct slide_scene scene;
    slide_scene_build(&scene, view, slide, view->metrics.width_px, view->metrics.height_px, NULL);
    out->count = scene.text_count;
    memcpy(out->texts, scene.texts, sizeof out->texts);
    slide_scene_finish(&scene);
}

static const struct slide_scene_text *find(const struct showing *showing, const char *slot)
{
    for (size_t i = 0; i < showing->count; i++) {
        if (strcmp(showing->texts[i].slot, slot) == 0) {
            return &showing->texts[i];
        }
    }
    return NULL;
}

static bool is_whole(const struct showing *showing)
{
    for (size_t i = 0; i < showing->count; i++) {
        if (showing->texts[i].characters > 0) {
            return false;
        }
    }
    return true;
}

static bool fits(struct trial *trial, size_t characters)
{
    struct slide_text *text = &trial->slide.texts[trial->index];
    size_t end = trial->ends[characters];
    char kept = trial->text[end];
    trial->text[end] = '\0';
    text->text = trial->text;
    struct showing showing;
    look(trial->view, &trial->slide, &showing);
    trial->text[end] = kept;
    bool ok = is_whole(&showing) && find(&showing, text->slot) != NULL;
    for (size_t i = 0; ok && i < trial->now.count && is_whole(&trial->now); i++) {
        ok = find(&showing, trial->now.texts[i].slot) != NULL;
    }
    return ok;
}

static size_t between(struct trial *trial, size_t good, size_t bad)
{
    while (bad - good > 1) {
        size_t middle = good + (bad - good) / 2;
        if (fits(trial, middle)) {
            good = middle;
        } else {
            bad = middle;
        }
    }
    return good;
}

/* 0: not even one. */
static size_t most_of(struct trial *trial)
{
    size_t good = trial->written > 0 ? trial->written : 1;
    if (!fits(trial, good)) {
        return good == 1 || !fits(trial, 1) ? 0 : between(trial, 1, good);
    }
    for (size_t step = STEP_FIRST; good + step <= MOST_CHARACTERS; step *= 2) {
        if (!fits(trial, good + step)) {
            return between(trial, good, good + step);
        }
        good += step;
    }
    return good;
}

static void write_text(struct trial *trial, const char *written)
{
    struct strbuf text;
    strbuf_init(&text);
    strbuf_append(&text, written);
    trial->written = utf8_length(written);
    if (trial->written > MOST_CHARACTERS / 2) {
        trial->written = MOST_CHARACTERS / 2;
    }
    while (text.length < 8 * MOST_CHARACTERS && utf8_length(text.bytes) <= MOST_CHARACTERS) {
        strbuf_append(&text, text.length > 0 && text.length == strlen(written) ? " " : "");
        strbuf_append(&text, FILLER);
    }
    trial->text = malloc(text.length + 1);
    trial->ends = calloc(MOST_CHARACTERS + 1, sizeof *trial->ends);
    if (trial->text == NULL || trial->ends == NULL) {
        abort();
    }
    memcpy(trial->text, text.bytes, text.length + 1);
    const char *cursor = trial->text, *end = trial->text + text.length;
    for (size_t i = 1; i <= MOST_CHARACTERS; i++) {
        if (cursor < end) {
            utf8_next(&cursor, end);
        }
        trial->ends[i] = (size_t)(cursor - trial->text);
    }
    strbuf_finish(&text);
}

static void put_most(const struct render_fit *fit, const struct showing *now, const char *slot,
                     struct json_writer *writer)
{
    struct trial trial = {.slide = *fit->slide};
    size_t most = 0;
    while (trial.index < trial.slide.text_count &&
           strcmp(trial.slide.texts[trial.index].slot, slot) != 0) {
        trial.index++;
    }
    bool room = trial.index < SLIDE_TEXTS_MAX;
    if (room && trial.index == trial.slide.text_count) {
        trial.slide.texts[trial.slide.text_count++] = (struct slide_text){slot, ""};
    }
    write_text(&trial, room ? trial.slide.texts[trial.index].text : "");
    for (size_t i = 0; room && i < fit->size_count; i++) {
        trial.view = &fit->views[i];
        trial.now = now[i];
        size_t here = most_of(&trial);
        most = here > 0 && (most == 0 || here < most) ? here : most;
    }
    json_begin_object(writer, NULL);
    json_put_string(writer, "slot", slot);
    if (most > 0) {
        trial.text[trial.ends[most]] = '\0';
        json_put_int(writer, "most", (int64_t)utf8_graphemes(trial.text));
    } else {
        json_put_null(writer, "most");
    }
    json_end_object(writer);
    free(trial.text);
    free(trial.ends);
}

static void put_showing(const struct showing *showing, struct json_writer *writer)
{
    json_begin_object(writer, NULL);
    json_begin_array(writer, "texts");
    for (size_t i = 0; i < showing->count; i++) {
        json_begin_object(writer, NULL);
        json_put_string(writer, "slot", showing->texts[i].slot);
        json_put_int(writer, "characters", showing->texts[i].characters);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

void render_fit(const struct render_fit *fit, struct json_writer *writer)
{
    struct showing now[RENDER_FIT_SIZES_MAX] = {0};
    json_begin_array(writer, "sizes");
    for (size_t i = 0; i < fit->size_count; i++) {
        look(&fit->views[i], fit->slide, &now[i]);
        put_showing(&now[i], writer);
    }
    json_end_array(writer);
    json_begin_array(writer, "most");
    for (size_t i = 0; i < fit->slot_count; i++) {
        put_most(fit, now, fit->slots[i], writer);
    }
    json_end_array(writer);
}
