/* Screens as the API tells them: their description, and what the machines behind them say. */
#include <string.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/fleet_parts.h"
#include "server/content/forms.h"
#include "server/fleet/enrolment.h"
#include "server/fleet/presence.h"
#include "server/records/workflow.h"
#include "server/store/faults.h"

#define HEALTH_MAX 4096 /* bytes */

/* 404 for who may not know of it. */
bool fleet_visible(struct db *db, struct arena *arena, const struct user *user, const char *id,
                   struct screen *screen_out, struct error *err)
{
    if (!screens_get(db, arena, id, screen_out, err))
        return false;
    const struct auth_subject subject = {.site_count = 1, .sites = &screen_out->site};
    return auth_allows(user, PERMISSION_READ, &subject) ||
           error_set(err, ERROR_NOT_FOUND, "écran introuvable : « %s »", "screen not found: \"%s\"",
                     id);
}

bool fleet_may(const struct user *user, enum permission permission, const struct screen *screen,
               struct error *err)
{
    const struct auth_subject subject = {.site_count = 1, .sites = &screen->site};

    return auth_allows(user, permission, &subject) ||
           error_set(err, ERROR_DENIED, "ce compte n’a pas ce droit sur l’écran « %s »",
                     "this account may not do that to the screen \"%s\"", screen->id);
}

bool fleet_sees(struct http_request *request, struct api *api)
{
    struct screen screen;
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool ok = fleet_visible(db, request_arena(request), request_identity(request),
                            request_param(request, "id"), &screen, &error);
    readers_give(&api->readers, db);
    if (!ok)
        answer_problem(request, &error);
    return ok;
}

/* A manifest that came from the store without being looked at since. */
static void need_glance(struct api *api, const char *screen, int64_t at_ms)
{
    struct error error;
    struct manifest *manifest = api_current_manifest(api, screen, &error);

    if (manifest != NULL)
        roster_set_glance(api->roster, screen, manifest, at_ms);
    manifest_destroy(manifest);
}

static void put_now(struct json_writer *writer, struct api *api, struct arena *arena,
                    const char *screen, int64_t at_ms)
{
    struct roster_now now;

    if (!roster_now(api->roster, screen, at_ms, arena, &now) && now.etag[0] != '\0') {
        need_glance(api, screen, at_ms);
        (void)roster_now(api->roster, screen, at_ms, arena, &now);
    }
    if (now.etag[0] == '\0') {
        json_put_null(writer, "now");
        json_put_null(writer, "published");
        return;
    }
    json_put_string(writer, "published", now.etag);
    json_begin_object(writer, "now");
    json_put_string(writer, "title", now.title);
    json_put_string(writer, "template", now.template);
    json_put_string(writer, "playlist", now.playlist);
    json_put_string(writer, "rule", now.rule);
    json_put_bool(writer, "closed", now.closed);
    if (now.until_ms != INT64_MAX)
        json_put_int(writer, "until_ms", now.until_ms);
    json_end_object(writer);
}

static void put_device(struct json_writer *writer, struct api *api, const struct device *device,
                       int64_t now_ms)
{
    int64_t seen_ms = 0;

    if (device == NULL) {
        json_put_null(writer, "device");
    } else {
        seen_ms = roster_last_seen(api->roster, device->screen);
        seen_ms = seen_ms > device->last_seen_ms ? seen_ms : device->last_seen_ms;
        json_begin_object(writer, "device");
        json_put_string(writer, "software", device->software);
        json_put_string(writer, "manifest", device->manifest);
        json_put_int(writer, "enrolled_ms", device->enrolled_ms);
        json_put_int(writer, "last_seen_ms", seen_ms);
        json_put_int(writer, "quiet_ms", now_ms > seen_ms ? now_ms - seen_ms : 0);
        json_end_object(writer);
    }
    enum presence presence = presence_of(seen_ms, publisher_since_ms(api->publisher), now_ms);
    json_put_string(writer, "presence", presence_tag(presence));
    if (presence == PRESENCE_SILENT)
        json_put_int(writer, "silent_since_ms", seen_ms);
    else
        json_put_null(writer, "silent_since_ms");
}

/* What players tell of themselves was checked and written anew by the intake. */
static void put_health(struct json_writer *writer, const struct report_list *newest)
{
    struct error ignored;

    if (newest->count == 0) {
        json_put_null(writer, "health");
        return;
    }
    const struct report *heartbeat = &newest->items[0];
    json_begin_object(writer, "health");
    json_put_int(writer, "received_ms", heartbeat->received_ms);
    json_put_int(writer, "uptime_s", heartbeat->uptime_s);
    /* "": a heartbeat of before there was more to tell */
    cJSON *detail = json_parse(heartbeat->detail, strlen(heartbeat->detail), HEALTH_MAX, &ignored);
    for (const cJSON *member = detail != NULL ? detail->child : NULL; member != NULL;
         member = member->next) {
        if (cJSON_IsNumber(member))
            json_put_number(writer, member->string, member->valuedouble);
        else if (cJSON_IsString(member))
            json_put_string(writer, member->string, member->valuestring);
    }
    cJSON_Delete(detail);
    json_end_object(writer);
}

static void put_screenshot(struct json_writer *writer, const struct screenshot *screenshot)
{
    if (screenshot == NULL) {
        json_put_null(writer, "screenshot");
        return;
    }
    json_begin_object(writer, "screenshot");
    json_put_string(writer, "id", screenshot->id);
    json_put_int(writer, "received_ms", screenshot->received_ms);
    json_put_int(writer, "width", screenshot->width);
    json_put_int(writer, "height", screenshot->height);
    json_end_object(writer);
}

/* Of all screens, in order of screen. */
static void put_faults(struct json_writer *writer, const struct fault_list *open,
                       const char *screen, enum lang lang)
{
    json_begin_array(writer, "faults");
    for (size_t i = 0; i < open->count; i++) {
        const struct fault *fault = &open->items[i];
        if (strcmp(fault->screen, screen) != 0)
            continue;
        json_begin_object(writer, NULL);
        json_put_int(writer, "number", fault->number);
        json_put_string(writer, "code", fault->code);
        json_put_string(writer, "title", fault_title(fault->code, lang));
        json_put_int(writer, "opened_ms", fault->opened_ms);
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* Read-only members beside those of the form. */
static bool put_extras(struct http_request *request, struct api *api, struct db *db,
                       const struct fault_list *open, const char *id, struct json_writer *writer,
                       struct error *err)
{
    struct arena *arena = request_arena(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct report_list newest;
    struct device device;
    struct screenshot screenshot;

    bool has_device = devices_get(db, arena, id, &device, err);
    if (!has_device && err->kind != ERROR_NOT_FOUND)
        return false;
    bool has_screenshot = screenshots_get(db, arena, id, &screenshot, err);
    if ((!has_screenshot && err->kind != ERROR_NOT_FOUND) ||
        !reports_list(db, arena, id, REPORT_HEARTBEAT, 1, &newest, err))
        return false;
    put_device(writer, api, has_device ? &device : NULL, now_ms);
    put_health(writer, &newest);
    put_screenshot(writer, has_screenshot ? &screenshot : NULL);
    put_faults(writer, open, id, request_lang(request));
    put_now(writer, api, arena, id, now_ms);
    return true;
}

static bool put_page(struct http_request *request, struct api *api, struct db *db,
                     struct json_writer *writer, const char **next_out, struct error *err)
{
    struct arena *arena = request_arena(request);
    const struct user *user = request_identity(request);
    struct resource_page page = {.state = -1,
                                 .after = asking_text(request, "after"),
                                 .site = asking_text(request, "site"),
                                 .organisation = "",
                                 .commune = "",
                                 .sector = "",
                                 .sites = user->sites};
    struct fault_list open;
    struct text_list ids;
    struct screen screen;
    size_t limit;

    *next_out = NULL;
    if (!asking_limit(request, &limit, err))
        return false;
    page.limit = limit + 1;
    if (!resource_list(db, arena, &resource_screen, &page, &ids, err) ||
        !faults_list_open(db, arena, &open, err))
        return false;
    for (size_t i = 0; i < ids.count && i < limit; i++) {
        if (!screens_get(db, arena, ids.items[i], &screen, err))
            return false;
        json_begin_object(writer, NULL);
        form_encode(&screen_form, &screen, writer);
        if (!put_extras(request, api, db, &open, screen.id, writer, err))
            return false;
        json_end_object(writer);
    }
    if (ids.count > limit)
        *next_out = ids.items[limit - 1];
    return true;
}

void api_screens(struct http_request *request, void *context)
{
    struct api *api = context;
    struct asking_page answer;
    struct error error;
    const char *next;

    asking_begin(&answer);
    struct db *db = readers_take(&api->readers);
    bool ok = put_page(request, api, db, &answer.writer, &next, &error);
    readers_give(&api->readers, db);
    if (ok) {
        asking_answer(request, api, &answer, next);
        return;
    }
    asking_drop(&answer);
    answer_problem(request, &error);
}

/* Its tag is of the record, which people change: not of what changes by itself. */
void api_screen(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    const char *id = request_param(request, "id");
    struct record_state record;
    struct fault_list open;
    struct error error;
    struct strbuf body;
    struct json_writer writer;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    struct db *db = readers_take(&api->readers);
    bool ok =
        workflow_visible(db, arena, request_identity(request), &resource_screen, id, &error) &&
        workflow_load(db, arena, &resource_screen, id, &record, &error) &&
        faults_list_open(db, arena, &open, &error);
    if (ok) {
        json_begin_object(&writer, NULL);
        workflow_encode(&resource_screen, &record, &writer);
        ok = put_extras(request, api, db, &open, id, &writer, &error);
        json_end_object(&writer);
    }
    readers_give(&api->readers, db);
    if (ok)
        answer_json_tagged(request, ANSWER_OK, &body, record.etag);
    else
        answer_problem(request, &error);
    strbuf_finish(&body);
}

void api_device_revoke(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    const struct user *user = request_identity(request);
    const char *id = request_param(request, "id");
    struct screen screen;
    struct error error;

    struct db *db = writer_take(&api->writer);
    bool ok =
        fleet_visible(db, arena, user, id, &screen, &error) &&
        fleet_may(user, PERMISSION_OPERATE, &screen, &error) &&
        enrolment_revoke(db, arena, id, user->name, clock_wall_ms(&api->config.clock), &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    publisher_kick(api->publisher); /* its token is void */
    answer_empty(request);
}
