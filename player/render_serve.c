#include "player/render_serve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/parcel.h"
#include "player/draw/canvas_png.h"
#include "player/draw/image.h"
#include "player/scene/zones.h"
#include "playlists/slide_codec.h"

#define SIDE_LEAST 64
#define SIDE_MOST 8192
#define PICTURES_KEPT 8
#define PIXELS_KEPT (24 * 1000 * 1000)
#define SLOTS_MAX SLIDE_TEXTS_MAX

/* A photo decoded for the last pictures: somebody who types has the same one drawn again and again.
 */
struct kept_picture {
    struct sha256 file;
    struct image *image;
    int users;
    uint64_t turn;
};

struct servant {
    struct render render;
    struct kept_picture kept[PICTURES_KEPT];
    uint64_t turn;
    struct sha256 overlay_sum; /* of the documents that `overlay` was made of */
    struct template_set *overlay;
};

/* One request. */
struct asked {
    struct servant *servant;
    struct arena *arena;
    const cJSON *head;
    const struct parcel *message;
};

static void drop_picture(struct kept_picture *kept)
{
    image_destroy(kept->image);
    *kept = (struct kept_picture){0};
}

/* The place of the picture that was not used for longest; NULL: all are in use. */
static struct kept_picture *oldest_picture(struct servant *servant, bool occupied)
{
    struct kept_picture *oldest = NULL;
    for (size_t i = 0; i < PICTURES_KEPT; i++) {
        struct kept_picture *kept = &servant->kept[i];
        bool candidate = kept->users == 0 && (!occupied || kept->image != NULL);
        if (candidate && (oldest == NULL || kept->turn < oldest->turn)) {
            oldest = kept;
        }
    }
    return oldest;
}

static int64_t pixels_kept(const struct servant *servant)
{
    int64_t pixels = 0;
    for (size_t i = 0; i < PICTURES_KEPT; i++) {
        const struct image *image = servant->kept[i].image;
        pixels += image != NULL ? (int64_t)image->width * image->height : 0;
    }
    return pixels;
}

static const struct image *load_picture(void *context, const struct sha256 *file, struct error *err)
{
    struct servant *servant = context;
    for (size_t i = 0; i < PICTURES_KEPT; i++) {
        struct kept_picture *kept = &servant->kept[i];
        if (kept->image != NULL && sha256_equal(&kept->file, file)) {
            kept->users++;
            kept->turn = ++servant->turn;
            return kept->image;
        }
    }
    size_t length;
    char *bytes = shelf_read(&servant->render.shelf, file, IMAGE_BYTES_MAX, &length, err);
    struct image *image = bytes != NULL ? image_decode(bytes, length, err) : NULL;
    free(bytes);
    struct kept_picture *kept = image != NULL ? oldest_picture(servant, false) : NULL;
    if (kept != NULL) {
        drop_picture(kept);
        *kept = (struct kept_picture){*file, image, 1, ++servant->turn};
    }
    return image;
}

static void release_picture(void *context, const struct image *image)
{
    struct servant *servant = context;
    bool mine = false;
    for (size_t i = 0; i < PICTURES_KEPT && !mine; i++) {
        mine = servant->kept[i].image == image;
        servant->kept[i].users -= mine;
    }
    if (!mine) {
        image_destroy((struct image *)image);
    }
    struct kept_picture *oldest;
    while (pixels_kept(servant) > PIXELS_KEPT && (oldest = oldest_picture(servant, true)) != NULL) {
        drop_picture(oldest);
    }
}

static struct picture_source pictures_of(struct servant *servant)
{
    return (struct picture_source){load_picture, release_picture, servant};
}

/* --- What is asked --- */

static bool read_templates(struct asked *asked, struct template_document *documents,
                           size_t *count_out, struct sha256 *sum_out, struct error *err)
{
    const cJSON *array = json_get_array(asked->head, "templates", TEMPLATE_SET_MAX, count_out, err);
    struct sha256_stream *stream = sha256_stream_create();
    size_t count = 0;
    for (const cJSON *item = array != NULL ? array->child : NULL; item != NULL; item = item->next) {
        if (cJSON_IsString(item)) {
            documents[count].bytes = item->valuestring;
            documents[count].length = strlen(item->valuestring);
            sha256_stream_update(stream, item->valuestring, documents[count++].length + 1);
        }
    }
    *count_out = count;
    sha256_stream_finish(stream, sum_out);
    return array != NULL;
}

/* The program's templates, or those with the request's in their place; kept for the next one. */
static const struct template_set *templates_for(struct asked *asked, struct error *err)
{
    struct servant *servant = asked->servant;
    struct template_document documents[TEMPLATE_SET_MAX];
    struct sha256 sum;
    size_t count = 0;
    if (!json_has(asked->head, "templates")) {
        return servant->render.templates;
    }
    if (!read_templates(asked, documents, &count, &sum, err)) {
        return NULL;
    }
    if (count == 0) {
        return servant->render.templates;
    }
    if (servant->overlay == NULL || !sha256_equal(&sum, &servant->overlay_sum)) {
        template_set_destroy(servant->overlay);
        servant->overlay = template_set_overlay(servant->render.templates, documents, count, err);
        servant->overlay_sum = sum;
    }
    return servant->overlay;
}

/* As zones_make divides it. */
static bool read_zone(const cJSON *size, struct metrics *metrics, struct error *err)
{
    bool strip;
    int64_t w, h;
    if (!json_get_bool(size, "strip", &strip, err) ||
        !json_get_int(size, "zone_w", 1, MANIFEST_WHOLE, &w, err) ||
        !json_get_int(size, "zone_h", 1, MANIFEST_WHOLE, &h, err)) {
        return false;
    }
    struct manifest_layout layout = {
        .strip = strip ? STRIP_BOTTOM : STRIP_NONE,
        .zone_count = 1,
        .zones = {{.kind = ZONE_LOOP, .w = (int)w, .h = (int)h}},
    };
    struct zones zones = zones_make(&layout, metrics, 0);
    if (zones.rects[0].w < 1 || zones.rects[0].h < 1) {
        return error_set(err, ERROR_INVALID, "zone trop petite", "the zone is too small");
    }
    *metrics = metrics_zone(metrics, zones.rects[0].w, zones.rects[0].h);
    return true;
}

static bool read_size(const cJSON *size, struct metrics *out, struct error *err)
{
    int64_t width, height, diagonal_mm, distance_mm;
    if (!json_get_int(size, "width", SIDE_LEAST, SIDE_MOST, &width, err) ||
        !json_get_int(size, "height", SIDE_LEAST, SIDE_MOST, &height, err) ||
        !json_get_int(size, "diagonal_mm", 0, 100000, &diagonal_mm, err) ||
        !json_get_int(size, "distance_mm", 0, 1000000, &distance_mm, err)) {
        return false;
    }
    *out = metrics_make((int)width, (int)height, (int)diagonal_mm, (int)distance_mm);
    return !json_has(size, "zone_w") || read_zone(size, out, err);
}

static bool read_slide(struct asked *asked, struct slide *out, struct error *err)
{
    const cJSON *object = json_get_object(asked->head, "slide", err);
    return object != NULL && slide_decode(object, asked->arena, out, err) && slide_check(out, err);
}

static struct slide_view view_of(struct asked *asked, const struct metrics *metrics,
                                 const struct template_set *templates)
{
    return (struct slide_view){.text = asked->servant->render.text,
                               .pictures = pictures_of(asked->servant),
                               .metrics = *metrics,
                               .templates = templates};
}

/* The picture at the width asked, as the answer's bytes. */
static bool give(struct asked *asked, const struct canvas *canvas, struct parcel *answer,
                 struct error *err)
{
    int64_t width = 0;
    void *bytes;
    if (!json_get_int(asked->head, "image_width", 0, SIDE_MOST, &width, err) ||
        !canvas_encode_png(canvas, (int)width, &bytes, &answer->length, err)) {
        return false;
    }
    answer->bytes = bytes;
    return true;
}

static struct canvas *canvas_of(const struct metrics *metrics, struct error *err)
{
    struct canvas *canvas = canvas_create(metrics->width_px, metrics->height_px);
    if (canvas == NULL) {
        error_set(err, ERROR_LIMIT, "mémoire insuffisante pour une image",
                  "not enough memory for a picture");
    }
    return canvas;
}

static bool serve_slide(struct asked *asked, struct parcel *answer, struct json_writer *writer,
                        struct error *err)
{
    struct slide slide;
    struct metrics metrics;
    const struct template_set *templates = templates_for(asked, err);
    const cJSON *size = json_get_object(asked->head, "size", err);
    (void)writer;
    if (templates == NULL || size == NULL || !read_size(size, &metrics, err) ||
        !read_slide(asked, &slide, err)) {
        return false;
    }
    struct slide_view view = view_of(asked, &metrics, templates);
    struct canvas *canvas = canvas_of(&metrics, err);
    bool ok = canvas != NULL && slide_view_draw(&view, &slide, canvas, NULL) &&
              give(asked, canvas, answer, err);
    canvas_destroy(canvas);
    return ok;
}

static bool serve_screen(struct asked *asked, struct parcel *answer, struct json_writer *writer,
                         struct error *err)
{
    const char *hex;
    struct sign_public key;
    int64_t at_ms;
    (void)writer;
    if (!json_get_string(asked->head, "key", 64, 64, asked->arena, &hex, err) ||
        !json_get_int(asked->head, "at_ms", INT64_MIN / 2, INT64_MAX / 2, &at_ms, err)) {
        return false;
    }
    if (!hex_decode(hex, key.bytes, sizeof key.bytes)) {
        return error_set(err, ERROR_INVALID, "clé illisible", "the key cannot be read");
    }
    struct manifest *manifest =
        manifest_open(asked->message->bytes, asked->message->length, &key, err);
    if (manifest == NULL) {
        return false;
    }
    struct edition *edition = edition_create(manifest);
    /* Its own templates go with it. */
    struct render render = asked->servant->render;
    render.templates = template_set_overlay(render.templates, NULL, 0, err);
    struct metrics metrics = render_metrics(render.options, &manifest->screen);
    struct canvas *canvas = render.templates != NULL ? canvas_of(&metrics, err) : NULL;
    bool ok = canvas != NULL;
    if (ok) {
        struct composition *composition =
            render_composition(&render, edition, &metrics, false, err);
        ok = composition_draw(composition, at_ms, canvas) && give(asked, canvas, answer, err);
        composition_destroy(composition);
    }
    canvas_destroy(canvas);
    template_set_destroy(render.templates);
    edition_release(edition);
    return ok;
}

static bool serve_fit(struct asked *asked, struct parcel *answer, struct json_writer *writer,
                      struct error *err)
{
    struct slide slide;
    struct slide_view views[RENDER_FIT_SIZES_MAX];
    const char *slots[SLOTS_MAX];
    size_t size_count, slot_count;
    (void)answer;
    const struct template_set *templates = templates_for(asked, err);
    const cJSON *sizes =
        json_get_array(asked->head, "sizes", RENDER_FIT_SIZES_MAX, &size_count, err);
    const cJSON *array = json_get_array(asked->head, "slots", SLOTS_MAX, &slot_count, err);
    if (templates == NULL || sizes == NULL || array == NULL || !read_slide(asked, &slide, err)) {
        return false;
    }
    struct render_fit fit = {.views = views, .slide = &slide, .slots = slots};
    for (const cJSON *size = sizes->child; size != NULL; size = size->next) {
        struct metrics metrics;
        if (!read_size(size, &metrics, err)) {
            return false;
        }
        views[fit.size_count++] = view_of(asked, &metrics, templates);
    }
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        if (cJSON_IsString(item)) {
            slots[fit.slot_count++] = item->valuestring;
        }
    }
    render_fit(&fit, writer);
    return true;
}

static bool serve_sizes(struct asked *asked, struct parcel *answer, struct json_writer *writer,
                        struct error *err)
{
    static const struct {
        const char *name;
        enum text_tier tier;
    } tiers[] = {{"headline", TIER_HEADLINE},
                 {"fact", TIER_FACT},
                 {"credit", TIER_CREDIT},
                 {"emergency", TIER_EMERGENCY}};
    struct metrics metrics;
    (void)answer;
    const cJSON *size = json_get_object(asked->head, "size", err);
    if (size == NULL || !read_size(size, &metrics, err)) {
        return false;
    }
    json_put_number(writer, "px_per_mm", metrics.px_per_mm);
    for (size_t i = 0; i < sizeof tiers / sizeof tiers[0]; i++) {
        json_put_number(writer, tiers[i].name, metrics_floor(&metrics, tiers[i].tier));
    }
    return true;
}

/* --- Questions and answers --- */

static bool serve_head(struct asked *asked, struct parcel *answer, struct json_writer *writer,
                       struct error *err)
{
    static const struct {
        const char *name;
        bool (*serve)(struct asked *asked, struct parcel *answer, struct json_writer *writer,
                      struct error *err);
    } services[] = {{"slide", serve_slide},
                    {"screen", serve_screen},
                    {"fit", serve_fit},
                    {"sizes", serve_sizes}};
    const char *name;
    if (!json_get_string(asked->head, "do", 1, 20, asked->arena, &name, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (strcmp(services[i].name, name) == 0) {
            return services[i].serve(asked, answer, writer, err);
        }
    }
    return error_set(err, ERROR_INVALID, "demande inconnue : « %s »", "unknown request: \"%s\"",
                     name);
}

static bool answer_one(struct servant *servant, const struct parcel *message, int out)
{
    struct parcel answer = {0};
    struct strbuf head, members;
    struct json_writer writer;
    struct error err = {0};
    strbuf_init(&head);
    strbuf_init(&members);
    json_writer_init(&writer, &members);
    json_begin_object(&writer, NULL);
    struct arena *arena = arena_create();
    cJSON *json = json_parse(message->head, message->head_length, PARCEL_HEAD_MAX, &err);
    struct asked asked = {servant, arena, json, message};
    json_put_bool(&writer, "ok", true);
    bool ok = json != NULL && serve_head(&asked, &answer, &writer, &err);
    json_end_object(&writer);
    if (!ok) {
        json_writer_init(&writer, &head);
        json_begin_object(&writer, NULL);
        json_put_bool(&writer, "ok", false);
        json_put_string(&writer, "fr", err.fr);
        json_put_string(&writer, "en", err.en);
        json_end_object(&writer);
    }
    struct strbuf *told = ok ? &members : &head;
    answer.head = told->bytes;
    answer.head_length = told->length;
    bool written = parcel_write(out, &answer, PARCEL_NO_DEADLINE);
    free(answer.bytes);
    cJSON_Delete(json);
    arena_destroy(arena);
    strbuf_finish(&head);
    strbuf_finish(&members);
    return written;
}

static void finish(struct servant *servant)
{
    for (size_t i = 0; i < PICTURES_KEPT; i++) {
        drop_picture(&servant->kept[i]);
    }
    template_set_destroy(servant->overlay);
    render_finish(&servant->render);
}

bool render_serve(const struct render_options *options, struct error *err)
{
    struct servant servant = {0};
    struct parcel message;
    /* Whatever else might print does so on standard error. */
    int out = dup(STDOUT_FILENO);
    if (out < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        return error_set(err, ERROR_IO, "sortie standard fermée", "standard output is closed");
    }
    bool going = render_init(&servant.render, options, err);
    enum parcel_end end = PARCEL_CLOSED;
    bool started = going;
    while (going) {
        end = parcel_read(STDIN_FILENO, &message, PARCEL_NO_DEADLINE);
        going = end == PARCEL_WHOLE && answer_one(&servant, &message, out);
        if (end == PARCEL_WHOLE) {
            parcel_finish(&message);
        }
    }
    close(out);
    finish(&servant);
    return started;
}
