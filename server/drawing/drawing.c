#include "server/drawing/drawing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "playlists/slide_codec.h"
#include "server/drawing/pool.h"

bool drawing_size_named(const char *name, struct drawing_size *out)
{
    static const struct {
        const char *name;
        int width, height;
    } named[] = {{"16:9", 1920, 1080}, {"9:16", 1080, 1920}, {"1:1", 1080, 1080}};
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++) {
        if (strcmp(named[i].name, name) == 0) {
            *out = (struct drawing_size){.width_px = named[i].width, .height_px = named[i].height};
            return true;
        }
    }
    return false;
}

/* The head of an answer; NULL with the error that it tells. */
static cJSON *read_answer(const struct parcel *answer, struct error *err)
{
    bool ok = false;
    cJSON *head = json_parse(answer->head, answer->head_length, PARCEL_HEAD_MAX, err);
    if (head == NULL) {
        return NULL;
    }
    if (!json_get_bool(head, "ok", &ok, err)) {
        cJSON_Delete(head);
        return NULL;
    }
    if (ok) {
        return head;
    }
    const cJSON *fr = cJSON_GetObjectItemCaseSensitive(head, "fr");
    const cJSON *en = cJSON_GetObjectItemCaseSensitive(head, "en");
    error_set(err, ERROR_INVALID, "%s%.0s", "%.0s%s", cJSON_IsString(fr) ? fr->valuestring : "",
              cJSON_IsString(en) ? en->valuestring : "");
    cJSON_Delete(head);
    return NULL;
}

static bool ask_picture(struct drawing *drawing, const struct parcel *question,
                        struct drawing_picture *out, struct error *err)
{
    struct parcel answer;
    if (!pool_ask(drawing, question, &answer, err)) {
        return false;
    }
    cJSON *head = read_answer(&answer, err);
    if (head != NULL) {
        *out = (struct drawing_picture){answer.bytes, answer.length};
        answer.bytes = NULL;
    }
    bool ok = head != NULL;
    cJSON_Delete(head);
    parcel_finish(&answer);
    return ok;
}

static void begin_question(struct strbuf *head, struct json_writer *writer, const char *what)
{
    strbuf_init(head);
    json_writer_init(writer, head);
    json_begin_object(writer, NULL);
    json_put_string(writer, "do", what);
}

/* What a question without a document is told; `head` ends with it. */
static cJSON *ask_told(struct drawing *drawing, struct strbuf *head, struct error *err)
{
    struct parcel question = {head->bytes, head->length, NULL, 0}, answer;
    bool ok = pool_ask(drawing, &question, &answer, err);
    strbuf_finish(head);
    if (!ok) {
        return NULL;
    }
    cJSON *told = read_answer(&answer, err);
    parcel_finish(&answer);
    return told;
}

bool drawing_screen(struct drawing *drawing, const void *manifest, size_t manifest_size,
                    const char *key_hex, int64_t at_ms, int image_width,
                    struct drawing_picture *out, struct error *err)
{
    struct strbuf head;
    struct json_writer writer;
    begin_question(&head, &writer, "screen");
    json_put_string(&writer, "key", key_hex);
    json_put_int(&writer, "at_ms", at_ms);
    json_put_int(&writer, "image_width", image_width);
    json_end_object(&writer);
    struct parcel question = {head.bytes, head.length, (char *)(uintptr_t)manifest, manifest_size};
    bool ok = ask_picture(drawing, &question, out, err);
    strbuf_finish(&head);
    return ok;
}

/* Those that are not the program's: the process has these already. */
static void put_templates(struct json_writer *writer, const struct template_set *templates)
{
    const struct template_set *builtin = template_set_builtin();
    size_t count = templates != NULL ? template_set_count(templates) : 0;
    json_begin_array(writer, "templates");
    for (size_t i = 0; i < count; i++) {
        const struct template *template = template_set_at(templates, i);
        const struct template *own = template_set_find(builtin, template->name);
        if (own == NULL || strcmp(own->source, template->source) != 0) {
            json_put_string(writer, NULL, template->source);
        }
    }
    json_end_array(writer);
}

static void put_size(struct json_writer *writer, const char *key, const struct drawing_size *size)
{
    json_begin_object(writer, key);
    json_put_int(writer, "width", size->width_px);
    json_put_int(writer, "height", size->height_px);
    json_put_int(writer, "diagonal_mm", size->diagonal_mm);
    json_put_int(writer, "distance_mm", size->distance_mm);
    if (size->zone_w > 0 && size->zone_h > 0) {
        json_put_bool(writer, "strip", size->strip);
        json_put_int(writer, "zone_w", size->zone_w);
        json_put_int(writer, "zone_h", size->zone_h);
    }
    json_end_object(writer);
}

/* slide_encode writes an element of an array. */
static void put_slide(struct json_writer *writer, const struct slide *slide)
{
    struct strbuf text;
    struct json_writer inner;
    strbuf_init(&text);
    json_writer_init(&inner, &text);
    slide_encode(&inner, slide);
    json_put_raw(writer, "slide", text.bytes);
    strbuf_finish(&text);
}

char *drawing_question(const struct slide *slide, const struct template_set *templates,
                       const struct drawing_size *size, int image_width)
{
    struct strbuf head;
    struct json_writer writer;
    begin_question(&head, &writer, "slide");
    put_slide(&writer, slide);
    put_size(&writer, "size", size);
    json_put_int(&writer, "image_width", image_width);
    put_templates(&writer, templates);
    json_end_object(&writer);
    char *question = strdup(head.bytes);
    strbuf_finish(&head);
    if (question == NULL) {
        abort();
    }
    return question;
}

bool drawing_slide(struct drawing *drawing, const char *question, struct drawing_picture *out,
                   struct error *err)
{
    struct parcel message = {(char *)(uintptr_t)question, strlen(question), NULL, 0};
    return ask_picture(drawing, &message, out, err);
}

static bool read_fit_size(const cJSON *object, struct drawing_fit_size *out, struct arena *arena,
                          struct error *err)
{
    size_t count;
    const cJSON *texts = json_get_array(object, "texts", DRAWING_TEXTS_MAX, &count, err);
    if (texts == NULL) {
        return false;
    }
    for (const cJSON *text = texts->child; text != NULL; text = text->next) {
        const char *slot;
        int64_t characters;
        if (!json_get_string(text, "slot", 1, 39, arena, &slot, err) ||
            !json_get_int(text, "characters", 0, INT32_MAX, &characters, err)) {
            return false;
        }
        struct drawing_fit_text *to = &out->texts[out->text_count++];
        snprintf(to->slot, sizeof to->slot, "%s", slot);
        to->characters = (int)characters;
    }
    return true;
}

/* The answer's arrays stand in the order asked. */
static bool read_fit(const cJSON *head, size_t size_count, size_t slot_count,
                     struct drawing_fit *out, struct error *err)
{
    size_t sizes_told, most_told;
    const cJSON *sizes = json_get_array(head, "sizes", size_count, &sizes_told, err);
    const cJSON *most = json_get_array(head, "most", slot_count, &most_told, err);
    if (sizes == NULL || most == NULL || sizes_told != size_count || most_told != slot_count) {
        return error_set(err, ERROR_INTERNAL, "réponse incomplète de vitrine-render",
                         "incomplete answer of vitrine-render");
    }
    struct arena *arena = arena_create();
    bool ok = true;
    struct drawing_fit_size *size = out->sizes;
    for (const cJSON *item = sizes->child; ok && item != NULL; item = item->next) {
        ok = read_fit_size(item, size++, arena, err);
    }
    int *number = out->most;
    for (const cJSON *item = most->child; ok && item != NULL; item = item->next) {
        int64_t value = DRAWING_UNKNOWN;
        ok = !json_has(item, "most") || json_get_int(item, "most", 0, INT32_MAX, &value, err);
        *number++ = (int)value;
    }
    arena_destroy(arena);
    return ok;
}

static void put_fit(struct json_writer *writer, const struct slide *slide,
                    const struct template_set *templates, const struct drawing_size *sizes,
                    size_t size_count, const char *const *slots, size_t slot_count)
{
    put_slide(writer, slide);
    json_begin_array(writer, "sizes");
    for (size_t i = 0; i < size_count; i++) {
        put_size(writer, NULL, &sizes[i]);
    }
    json_end_array(writer);
    json_begin_array(writer, "slots");
    for (size_t i = 0; i < slot_count; i++) {
        json_put_string(writer, NULL, slots[i]);
    }
    json_end_array(writer);
    put_templates(writer, templates);
}

bool drawing_fit(struct drawing *drawing, const struct slide *slide,
                 const struct template_set *templates, const struct drawing_size *sizes,
                 size_t size_count, const char *const *slots, size_t slot_count,
                 struct drawing_fit *out, struct error *err)
{
    struct strbuf head;
    struct json_writer writer;
    memset(out, 0, sizeof *out);
    begin_question(&head, &writer, "fit");
    put_fit(&writer, slide, templates, sizes, size_count, slots, slot_count);
    json_end_object(&writer);
    cJSON *told = ask_told(drawing, &head, err);
    bool ok = told != NULL && read_fit(told, size_count, slot_count, out, err);
    cJSON_Delete(told);
    return ok;
}

static bool read_capitals(const cJSON *head, struct drawing_capitals *out, struct error *err)
{
    static const char *const names[] = {"headline", "fact", "credit", "emergency"};
    bool ok = json_get_number(head, "px_per_mm", 1e-6, 1e6, &out->px_per_mm, err);
    for (size_t i = 0; ok && i < DRAWING_TIERS; i++) {
        ok = json_get_number(head, names[i], 0, 1e6, &out->px[i], err);
    }
    return ok;
}

bool drawing_capitals(struct drawing *drawing, const struct drawing_size *size,
                      struct drawing_capitals *out, struct error *err)
{
    struct strbuf head;
    struct json_writer writer;
    begin_question(&head, &writer, "sizes");
    put_size(&writer, "size", size);
    json_end_object(&writer);
    cJSON *told = ask_told(drawing, &head, err);
    bool ok = told != NULL && read_capitals(told, out, err);
    cJSON_Delete(told);
    return ok;
}
