/* Routes of the admin page: pictures of what screens really show. */
#include <stdlib.h>

#include "core/files.h"
#include "core/json.h"
#include "server/api/fleet_parts.h"
#include "server/fleet/screenshot.h"
#include "server/fleet/wish.h"

static bool read_screenshot(struct api *api, struct arena *arena, const char *screen,
                            struct screenshot *screenshot_out, char **bytes_out, size_t *size_out,
                            struct error *err)
{
    char path[PATH_MAX];

    struct db *db = readers_take(&api->readers);
    bool ok = screenshots_get(db, arena, screen, screenshot_out, err);
    readers_give(&api->readers, db);
    if (!ok)
        return false;
    if (screenshot_path(api->screenshot_folder, screen, path, sizeof(path)) == NULL)
        return error_set(err, ERROR_INTERNAL, "le chemin de la photo est trop long",
                         "the picture's path is too long");
    return file_read(path, SCREENSHOT_BYTES_MAX, bytes_out, size_out, err);
}

/* Its tag is the id of the wish it answers: who asked waits for that one. */
void api_screenshot(struct http_request *request, void *context)
{
    struct api *api = context;
    struct screenshot screenshot;
    struct error error;
    char *bytes = NULL;
    size_t size = 0;

    if (!fleet_sees(request, api))
        return;
    if (!read_screenshot(api, request_arena(request), request_param(request, "id"), &screenshot,
                         &bytes, &size, &error))
        answer_problem(request, &error);
    else if (request_has_etag(request, screenshot.id))
        answer_not_modified(request, screenshot.id);
    else
        answer_bytes(request, "image/jpeg", bytes, size, screenshot.id, "private, no-store");
    free(bytes);
}

void api_screenshot_ask(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct wanted wanted;
    struct error error;
    struct strbuf body;
    struct json_writer writer;

    if (!fleet_sees(request, api))
        return;
    bool ok =
        wish_ask(writer_take(&api->writer), request_arena(request), request_param(request, "id"),
                 WANTED_SCREENSHOT, user->name, clock_wall_ms(&api->config.clock), &wanted, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    http_server_wake(api->http, roster_set_wish(api->roster, &wanted));
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "id", wanted.id);
    json_put_int(&writer, "asked_ms", wanted.asked_ms);
    json_put_int(&writer, "expires_ms", wanted.expires_ms);
    json_end_object(&writer);
    answer_json(request, ANSWER_ACCEPTED, &body);
    strbuf_finish(&body);
}
