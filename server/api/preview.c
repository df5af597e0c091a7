/* What a screen shows at an instant, drawn by vitrine-render. */
#include <stdlib.h>
#include <string.h>

#include "server/api/fleet_parts.h"
#include "server/schedule/publish.h"

#define DRAWINGS_ASKED_MAX 8 /* each holds a worker that players need too */
#define WIDTH_LEAST 64
#define WIDTH_MOST 1920

bool api_draw_begin(struct api *api, struct http_request *request)
{
    if (atomic_fetch_add(&api->drawings_asked, 1) < DRAWINGS_ASKED_MAX)
        return true;
    atomic_fetch_sub(&api->drawings_asked, 1);
    answer_unavailable(request, 1);
    return false;
}

void api_draw_end(struct api *api)
{
    atomic_fetch_sub(&api->drawings_asked, 1);
}

void api_draw_answer(struct http_request *request, struct drawing_picture *picture,
                     const char *cache_control)
{
    answer_bytes(request, "image/png", picture->png, picture->size, NULL, cache_control);
    free(picture->png);
    *picture = (struct drawing_picture){0};
}

bool api_draw_width(struct http_request *request, int *width_out, struct error *err)
{
    const char *text = request_query(request, "width");
    char *end = NULL;
    long width = text == NULL ? 0 : strtol(text, &end, 10);

    *width_out = (int)width;
    if (text == NULL || (*end == '\0' && width >= WIDTH_LEAST && width <= WIDTH_MOST))
        return true;
    error_set(err, ERROR_INVALID, "une largeur va de %d à %d pixels",
              "a width is between %d and %d pixels", WIDTH_LEAST, WIDTH_MOST);
    return error_field(err, "width");
}

/* Whether what is published says what shows at that instant: not of the days before it was made,
 * nor of those after its last one. */
static bool is_covered(struct api *api, const struct roster_manifest *sealed, int64_t at_ms)
{
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct error ignored;

    if (at_ms >= now_ms && at_ms < now_ms + PUBLISH_REMAINING_MS)
        return true;
    struct manifest *manifest =
        manifest_open((const char *)sealed->bytes, sealed->size, &api->keys.public, &ignored);
    bool covered = manifest != NULL && manifest->interval_count > 0 &&
                   at_ms >= manifest->intervals[0].from_ms && at_ms < manifest->valid_until_ms;
    manifest_destroy(manifest);
    return covered;
}

static bool draw_published(struct api *api, const struct roster_manifest *sealed, int64_t at_ms,
                           int width, struct drawing_picture *out, struct error *err)
{
    char key[SIGN_PUBLIC_HEX_SIZE];

    hex_encode(api->keys.public.bytes, SIGN_PUBLIC_SIZE, key);
    return drawing_screen(api->drawing, sealed->bytes, sealed->size, key, at_ms, width, out, err);
}

/* From the programme that the rules of now make of that day, as the explanation tells it. */
static bool draw_other_day(struct api *api, const char *screen, int64_t at_ms, int width,
                           struct drawing_picture *out, struct error *err)
{
    struct strbuf json, sealed;

    struct db *db = readers_take(&api->readers);
    struct manifest *manifest = assemble_manifest(db, NULL, NULL, screen, at_ms, 1, 1, err);
    readers_give(&api->readers, db);
    if (manifest == NULL)
        return false;
    strbuf_init(&json);
    strbuf_init(&sealed);
    manifest_encode(manifest, &json);
    manifest_seal(json.bytes, json.length, &api->keys, &sealed);
    manifest_destroy(manifest);
    const struct roster_manifest made = {.size = sealed.length,
                                         .bytes = (const unsigned char *)sealed.bytes};
    bool ok = draw_published(api, &made, at_ms, width, out, err);
    strbuf_finish(&json);
    strbuf_finish(&sealed);
    return ok;
}

static void answer_frame(struct http_request *request, struct api *api, int64_t at_ms, int width)
{
    const char *screen = request_param(request, "id");
    struct drawing_picture picture;
    struct error error;

    const struct roster_manifest *sealed = roster_manifest(api->roster, screen);
    if (sealed == NULL) {
        error_set(&error, ERROR_NOT_FOUND, "l’écran « %s » n’a pas encore de programme",
                  "the screen \"%s\" has no programme yet", screen);
        answer_problem(request, &error);
        return;
    }
    bool ok = is_covered(api, sealed, at_ms)
                  ? draw_published(api, sealed, at_ms, width, &picture, &error)
                  : draw_other_day(api, screen, at_ms, width, &picture, &error);
    roster_release(api->roster, sealed);
    if (ok)
        api_draw_answer(request, &picture, "no-store");
    else
        answer_problem(request, &error);
}

void api_frame(struct http_request *request, void *context)
{
    struct api *api = context;
    struct error error;
    int64_t at_ms;
    int width;

    if (!api_instant(request, api, &at_ms, &error) || !api_draw_width(request, &width, &error)) {
        answer_problem(request, &error);
        return;
    }
    if (!fleet_sees(request, api) || !api_draw_begin(api, request))
        return;
    answer_frame(request, api, at_ms, width);
    api_draw_end(api);
}
