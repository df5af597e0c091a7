/* Pictures for a form that is being filled in, with what does not fit and what still would. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/utf8.h"
#include "playlists/typography.h"
#include "server/api/asking.h"
#include "server/content/drafts.h"
#include "server/content/templates.h"
#include "server/store/fleet.h"

#define BODY_MAX ((size_t)256 * 1024)
#define SIZES_MAX 3
#define WIDTH_LEAST 64
#define WIDTH_MOST 1920
#define KEPT_BY_BROWSERS "private, max-age=600"

struct preview {
    const char *kind;
    const cJSON *document;
    size_t size_count;
    const char *size_names[SIZES_MAX];
    struct drawing_size sizes[SIZES_MAX];
    const char *screen; /* "": none */
    enum lang lang;
    const char *focus; /* "": none */
    bool measure;
    int64_t width; /* 0: as large as it is drawn */
    struct draft draft;
    size_t slot_count; /* whose room is looked for */
    const char *slots[DRAFT_TEXTS_MAX];
    struct drawing_fit fit;
};

static bool read_sizes(const cJSON *json, struct preview *preview, struct error *err)
{
    size_t count;
    const cJSON *sizes = json_get_array(json, "sizes", SIZES_MAX, &count, err);

    if (sizes == NULL)
        return false;
    for (const cJSON *item = sizes->child; item != NULL; item = item->next) {
        const char *name = cJSON_IsString(item) ? item->valuestring : "";
        if (!drawing_size_named(name, &preview->sizes[preview->size_count])) {
            error_set(err, ERROR_INVALID, "une taille est 16:9, 9:16 ou 1:1",
                      "a size is 16:9, 9:16 or 1:1");
            return error_field(err, "sizes");
        }
        preview->size_names[preview->size_count++] = name;
    }
    return true;
}

static bool read_optional_text(const cJSON *json, const char *key, struct arena *arena,
                               const char **out, struct error *err)
{
    *out = "";
    return !json_has(json, key) || json_get_string(json, key, 1, 100, arena, out, err);
}

static bool read_preview(const cJSON *json, struct arena *arena, struct preview *out,
                         struct error *err)
{
    static const char *const keys[] = {"kind",  "document", "sizes", "screen", "lang",
                                       "focus", "measure",  "width", NULL};
    const char *lang;

    if (!json_only_keys(json, keys, err) ||
        !json_get_string(json, "kind", 1, 40, arena, &out->kind, err) ||
        (out->document = json_get_object(json, "document", err)) == NULL ||
        (json_has(json, "sizes") && !read_sizes(json, out, err)) ||
        !read_optional_text(json, "screen", arena, &out->screen, err) ||
        !read_optional_text(json, "focus", arena, &out->focus, err) ||
        !read_optional_text(json, "lang", arena, &lang, err) ||
        (json_has(json, "measure") && !json_get_bool(json, "measure", &out->measure, err)) ||
        (json_has(json, "width") &&
         !json_get_int(json, "width", WIDTH_LEAST, WIDTH_MOST, &out->width, err)))
        return false;
    if (lang[0] != '\0' && !lang_parse(lang, &out->lang)) {
        error_set(err, ERROR_INVALID, "la langue est fr ou en", "the language is fr or en");
        return error_field(err, "lang");
    }
    if (out->size_count == 0 && out->screen[0] == '\0') {
        out->size_names[0] = "16:9";
        out->size_names[1] = "9:16";
        out->size_count = 2;
        return drawing_size_named("16:9", &out->sizes[0]) &&
               drawing_size_named("9:16", &out->sizes[1]);
    }
    return true;
}

/* For the size and the distance of that screen. */
static bool add_screen(struct http_request *request, struct db *db, struct preview *preview,
                       struct error *err)
{
    struct screen screen;

    if (preview->screen[0] == '\0')
        return true;
    if (!screens_get(db, request_arena(request), preview->screen, &screen, err))
        return false;
    if (!auth_allows(request_identity(request), PERMISSION_READ,
                     &(struct auth_subject){1, &screen.site, NULL}))
        return error_set(err, ERROR_NOT_FOUND, "écran introuvable : « %s »",
                         "screen not found: \"%s\"", preview->screen);
    preview->size_count = 1;
    preview->size_names[0] = preview->screen;
    preview->sizes[0] = (struct drawing_size){.width_px = (int)screen.width_px,
                                              .height_px = (int)screen.height_px,
                                              .diagonal_mm = (int)screen.diagonal_mm,
                                              .distance_mm = (int)screen.viewing_distance_mm};
    return true;
}

static void choose_slots(struct preview *preview)
{
    const struct draft *draft = &preview->draft;

    for (size_t i = 0; i < draft->text_count; i++) {
        const struct draft_text *text = &draft->texts[i];
        bool drawn = strcmp(text->slot, "short_title") != 0;
        if (drawn && (preview->measure || strcmp(preview->focus, text->field) == 0))
            preview->slots[preview->slot_count++] = text->slot;
    }
}

static const struct drawing_fit_text *shown(const struct drawing_fit_size *size, const char *slot)
{
    for (size_t i = 0; i < size->text_count; i++) {
        if (strcmp(size->texts[i].slot, slot) == 0)
            return &size->texts[i];
    }
    return NULL;
}

static void put_excess(struct json_writer *writer, const struct preview *preview,
                       const struct drawing_fit_size *size)
{
    json_begin_array(writer, "excess");
    for (size_t i = 0; i < size->text_count; i++) {
        if (size->texts[i].characters > 0) {
            json_begin_object(writer, NULL);
            json_put_string(writer, "field", draft_field(size->texts[i].slot));
            json_put_int(writer, "characters", size->texts[i].characters);
            json_end_object(writer);
        }
    }
    json_end_array(writer);
    json_begin_array(writer, "left_out");
    for (size_t i = 0; i < preview->draft.text_count; i++) {
        const struct draft_text *text = &preview->draft.texts[i];
        if (text->text[0] != '\0' && strcmp(text->slot, "short_title") != 0 &&
            shown(size, text->slot) == NULL)
            json_put_string(writer, NULL, text->field);
    }
    json_end_array(writer);
}

static void put_slide(struct json_writer *writer, struct api *api, struct arena *arena,
                      const struct preview *preview, const struct template_set *templates, size_t i)
{
    const struct drawing_size *size = &preview->sizes[i];
    int width = preview->width > 0 && preview->width < size->width_px ? (int)preview->width
                                                                      : size->width_px;
    char key[PICTURES_KEY_SIZE];

    pictures_promise(api->pictures,
                     drawing_question(&preview->draft.slide, templates, size, (int)preview->width),
                     key);
    json_begin_object(writer, NULL);
    json_put_string(writer, "size", preview->size_names[i]);
    json_put_string(writer, "image", arena_printf(arena, "/api/v1/previews/%s.png", key));
    json_put_int(writer, "width", width);
    json_put_int(writer, "height",
                 ((int64_t)size->height_px * width + size->width_px / 2) / size->width_px);
    json_put_string(writer, "template", preview->draft.slide.template);
    json_put_int(writer, "duration_ms", preview->draft.slide.duration_ms);
    put_excess(writer, preview, &preview->fit.sizes[i]);
    json_end_object(writer);
}

/* Of a slot's characters in the field's own: spaces are set between them. */
static int64_t own_most(const struct preview *preview, const struct draft_text *text, int most)
{
    const char *set = slide_text(&preview->draft.slide, text->slot);

    if (text->text[0] == '\0' || set == NULL)
        return most;
    return most + (int64_t)utf8_graphemes(text->text) - (int64_t)utf8_graphemes(set);
}

static void put_text(struct json_writer *writer, const struct preview *preview,
                     const struct draft_text *text)
{
    int most = DRAWING_UNKNOWN;

    for (size_t i = 0; i < preview->slot_count; i++) {
        if (strcmp(preview->slots[i], text->slot) == 0)
            most = preview->fit.most[i];
    }
    json_begin_object(writer, NULL);
    json_put_string(writer, "field", text->field);
    json_put_int(writer, "used", (int64_t)utf8_graphemes(text->text));
    if (most == DRAWING_UNKNOWN)
        json_put_null(writer, "most");
    else
        json_put_int(writer, "most", own_most(preview, text, most));
    if (text->words_most > 0) {
        json_put_int(writer, "words", (int64_t)typography_words(text->text));
        json_put_int(writer, "words_most", (int64_t)text->words_most);
    }
    json_end_object(writer);
}

static void put_rest(struct json_writer *writer, const struct draft *draft, enum lang lang)
{
    json_begin_array(writer, "placeholders");
    for (size_t i = 0; i < draft->placeholder_count; i++)
        json_put_string(writer, NULL, draft->placeholders[i]);
    json_end_array(writer);
    json_begin_array(writer, "problems");
    for (size_t i = 0; i < draft->problems.count; i++) {
        const struct error *problem = &draft->problems.items[i];
        json_begin_object(writer, NULL);
        json_put_string(writer, "field", problem->field);
        json_put_string(writer, "message", lang_pick(lang, problem->fr, problem->en));
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void answer_preview(struct http_request *request, struct api *api,
                           const struct preview *preview, const struct template_set *templates)
{
    struct strbuf body;
    struct json_writer writer;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "slides");
    for (size_t i = 0; i < preview->size_count; i++)
        put_slide(&writer, api, request_arena(request), preview, templates, i);
    json_end_array(&writer);
    json_begin_array(&writer, "texts");
    for (size_t i = 0; i < preview->draft.text_count; i++)
        put_text(&writer, preview, &preview->draft.texts[i]);
    json_end_array(&writer);
    put_rest(&writer, &preview->draft, request_lang(request));
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static struct template_set *prepare(struct http_request *request, struct api *api,
                                    const cJSON *json, struct preview *preview, struct error *err)
{
    struct arena *arena = request_arena(request);
    struct template_set *templates = NULL;
    int64_t now_ms = clock_wall_ms(&api->config.clock);

    if (!read_preview(json, arena, preview, err))
        return NULL;
    struct db *db = readers_take(&api->readers);
    if (add_screen(request, db, preview, err) &&
        draft_make(db, api->reference, preview->kind, preview->document, preview->lang, now_ms,
                   arena, &preview->draft, err))
        templates = templates_load(db, arena, err);
    readers_give(&api->readers, db);
    choose_slots(preview);
    return templates;
}

static void handle_previews(struct http_request *request, void *context)
{
    struct api *api = context;
    struct preview *preview = arena_alloc(request_arena(request), sizeof(*preview));
    struct error error;
    size_t length;

    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, BODY_MAX, &error);
    struct template_set *templates =
        json == NULL ? NULL : prepare(request, api, json, preview, &error);
    if (templates == NULL) {
        answer_problem(request, &error);
    } else if (api_draw_begin(api, request)) {
        bool ok = drawing_fit(api->drawing, &preview->draft.slide, templates, preview->sizes,
                              preview->size_count, preview->slots, preview->slot_count,
                              &preview->fit, &error);
        api_draw_end(api);
        if (ok)
            answer_preview(request, api, preview, templates);
        else
            answer_problem(request, &error);
    }
    template_set_destroy(templates);
    cJSON_Delete(json);
}

static void handle_picture(struct http_request *request, void *context)
{
    struct api *api = context;
    const char *name = request_param(request, "picture");
    char key[PICTURES_KEY_SIZE];
    struct drawing_picture picture;
    struct error error;

    size_t length = strcspn(name, ".");
    bool named = length == sizeof(key) - 1 && strcmp(name + length, ".png") == 0;
    memcpy(key, name, named ? length : 0);
    key[named ? length : 0] = '\0';
    if (!api_draw_begin(api, request))
        return;
    bool ok = pictures_get(api->pictures, key, &picture, &error);
    api_draw_end(api);
    if (ok)
        api_draw_answer(request, &picture, KEPT_BY_BROWSERS);
    else
        answer_problem(request, &error);
}

static const struct api_member excess_members[] = {
    {.name = "field", .type = API_TEXT},
    {.name = "characters", .type = API_INT, .about = "To take away"},
    {0},
};
static const struct api_member slide_members[] = {
    {.name = "size", .type = API_TEXT},
    {.name = "image", .type = API_TEXT, .about = "Where its picture is, for some minutes"},
    {.name = "width", .type = API_INT},
    {.name = "height", .type = API_INT},
    {.name = "template", .type = API_TEXT},
    {.name = "duration_ms", .type = API_INT},
    {.name = "excess", .type = API_PARTS, .parts = excess_members},
    {.name = "left_out",
     .type = API_TEXTS,
     .about = "Fields that are written and for which there is no room"},
    {0},
};
static const struct api_member text_members[] = {
    {.name = "field", .type = API_TEXT},
    {.name = "used", .type = API_INT, .about = "Characters, as people count them"},
    {.name = "most",
     .type = API_INT,
     .nullable = true,
     .about = "How many fit in the tightest size; null: not asked, or it shows in none"},
    {.name = "words", .type = API_INT, .optional = true},
    {.name = "words_most", .type = API_INT, .optional = true},
    {0},
};
static const struct api_member problem_members[] = {
    {.name = "field", .type = API_TEXT},
    {.name = "message", .type = API_TEXT},
    {0},
};
static const struct api_member preview_members[] = {
    {.name = "slides", .type = API_PARTS, .parts = slide_members},
    {.name = "texts", .type = API_PARTS, .parts = text_members},
    {.name = "placeholders",
     .type = API_TEXTS,
     .about = "Fields that are empty and stood in for by their names"},
    {.name = "problems",
     .type = API_PARTS,
     .parts = problem_members,
     .about = "What could not be read, and is left out"},
    {0},
};

static const struct api_route preview_routes[] = {
    {.http = {HTTP_POST, "/api/v1/previews", PERMISSION_READ, handle_previews, BODY_MAX, HTTP_SLOW},
     .about = "Draw a record that is still being written, and say what fits",
     .takes_type = "application/json",
     .shape = API_OBJECT,
     .members = preview_members},
    {.http = {HTTP_GET, "/api/v1/previews/{picture}", PERMISSION_READ, handle_picture, 0,
              HTTP_SLOW},
     .about = "Give a preview's picture",
     .shape = API_BYTES,
     .media_type = "image/png"},
};

API_SECTION(section_previews, "Previews", preview_routes);
