/* Routes of the admin page: screens, enrolments, faults, and what is in the store. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "core/json.h"
#include "playlists/timeline.h"
#include "server/api/internal.h"
#include "server/api/routes.h"
#include "server/fleet/enrolment.h"
#include "server/schedule/explain.h"
#include "server/store/editorial.h"
#include "server/store/events.h"
#include "server/store/fleet.h"
#include "server/store/organisations.h"
#include "server/store/programming.h"
#include "server/store/wanted.h"

#define FAULTS_SHOWN 100
#define HEALTH_MAX 4096 /* bytes */

struct manifest *api_current_manifest(struct api *api, const char *screen, struct error *err)
{
    const struct roster_manifest *sealed = roster_manifest(api->roster, screen);

    if (sealed == NULL) {
        error_set(err, ERROR_NOT_FOUND, "l’écran « %s » n’a pas encore de programme",
                  "the screen \"%s\" has no programme yet", screen);
        return NULL;
    }
    struct manifest *manifest =
        manifest_open((const char *)sealed->bytes, sealed->size, &api->keys.public, err);
    roster_release(api->roster, sealed);
    return manifest;
}

static void put_now(struct json_writer *writer, struct api *api, const struct screen *screen,
                    int64_t at_ms)
{
    struct error error;
    struct manifest *manifest = api_current_manifest(api, screen->id, &error);

    if (manifest == NULL) {
        json_put_null(writer, "now");
        json_put_null(writer, "published");
        return;
    }
    struct timeline now = timeline_at(manifest, at_ms);
    json_put_string(
        writer, "published",
        arena_printf(manifest->arena, "%" PRId64 "-%" PRId64, manifest->epoch, manifest->version));
    json_begin_object(writer, "now");
    json_put_string(writer, "title", now.slide != NULL ? now.slide->title : "");
    json_put_string(writer, "template", now.slide != NULL ? now.slide->template : "welcome");
    json_put_string(writer, "playlist", now.loop != NULL ? now.loop->playlist : "");
    json_put_string(writer, "rule", now.interval != NULL ? now.interval->rule : "");
    if (now.next_change_ms != INT64_MAX)
        json_put_int(writer, "until_ms", now.next_change_ms);
    json_end_object(writer);
    manifest_destroy(manifest);
}

/* NULL when the screen has none. Both lists are in order of screen. */
static const struct device *find_device(const struct device_list *devices, const char *screen)
{
    for (size_t low = 0, high = devices->count; low < high;) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(devices->items[middle].screen, screen);
        if (order == 0)
            return &devices->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void put_device(struct json_writer *writer, struct api *api, const struct device *device,
                       const char *screen)
{
    if (device == NULL) {
        json_put_null(writer, "device");
        return;
    }
    int64_t seen_ms = roster_last_seen(api->roster, screen);
    json_begin_object(writer, "device");
    json_put_string(writer, "software", device->software);
    json_put_string(writer, "manifest", device->manifest);
    json_put_int(writer, "enrolled_ms", device->enrolled_ms);
    json_put_int(writer, "last_seen_ms",
                 seen_ms > device->last_seen_ms ? seen_ms : device->last_seen_ms);
    json_end_object(writer);
}

/* What players tell of themselves was checked and written anew by the intake. */
static void put_health(struct json_writer *writer, const struct report *heartbeat)
{
    struct error ignored;

    if (heartbeat == NULL) {
        json_put_null(writer, "health");
        return;
    }
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

static const struct screenshot *find_screenshot(const struct screenshot_list *list,
                                                const char *screen)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].screen, screen) == 0)
            return &list->items[i];
    }
    return NULL;
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

/* All that the store knows of the fleet, read at once. */
struct fleet {
    struct screen_list screens;
    struct group_list groups;
    struct device_list devices;
    struct screenshot_list screenshots;
    const struct report **heartbeats; /* by screen; NULL: none */
};

static bool read_fleet(struct db *db, struct arena *arena, struct fleet *out, struct error *err)
{
    struct report_list newest;

    if (!screens_list(db, arena, &out->screens, err) ||
        !groups_list(db, arena, &out->groups, err) ||
        !devices_list(db, arena, &out->devices, err) ||
        !screenshots_list(db, arena, &out->screenshots, err))
        return false;
    out->heartbeats = arena_array(arena, out->screens.count, sizeof(const struct report *));
    for (size_t i = 0; i < out->screens.count; i++) {
        if (!reports_list(db, arena, out->screens.items[i].id, REPORT_HEARTBEAT, 1, &newest, err))
            return false;
        out->heartbeats[i] = newest.count > 0 ? &newest.items[0] : NULL;
    }
    return true;
}

static void put_screen(struct json_writer *writer, struct api *api, const struct fleet *fleet,
                       size_t index, int64_t now_ms)
{
    const struct screen *screen = &fleet->screens.items[index];

    json_begin_object(writer, NULL);
    json_put_string(writer, "id", screen->id);
    json_put_string(writer, "name", screen->name);
    json_put_string(writer, "site", screen->site);
    json_put_int(writer, "width_px", screen->width_px);
    json_put_int(writer, "height_px", screen->height_px);
    json_put_bool(writer, "kiosk", screen->kiosk);
    json_put_string(writer, "time_zone", screen->time_zone);
    json_begin_array(writer, "groups");
    for (size_t i = 0; i < screen->groups.count; i++)
        json_put_string(writer, NULL, screen->groups.items[i]);
    json_end_array(writer);
    put_device(writer, api, find_device(&fleet->devices, screen->id), screen->id);
    put_health(writer, fleet->heartbeats[index]);
    put_screenshot(writer, find_screenshot(&fleet->screenshots, screen->id));
    put_now(writer, api, screen, now_ms);
    json_end_object(writer);
}

void api_screens(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct fleet fleet;
    struct error error;
    struct strbuf body;
    struct json_writer writer;

    struct db *db = readers_take(&api->readers);
    bool ok = read_fleet(db, arena, &fleet, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    /* Without the writer: reading every screen's manifest takes its time. */
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_int(&writer, "now_ms", now_ms);
    json_begin_array(&writer, "screens");
    for (size_t i = 0; i < fleet.screens.count; i++)
        put_screen(&writer, api, &fleet, i, now_ms);
    json_end_array(&writer);
    json_begin_array(&writer, "groups");
    for (size_t i = 0; i < fleet.groups.count; i++) {
        json_begin_object(&writer, NULL);
        json_put_string(&writer, "id", fleet.groups.items[i].id);
        json_put_string(&writer, "name", fleet.groups.items[i].name);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

struct counts {
    int64_t organisations, portraits, events, announcements, playlists, rules;
};

static bool count_content(struct db *db, struct arena *arena, struct counts *out, struct error *err)
{
    struct portrait_list portraits;
    struct announcement_list announcements;
    struct playlist_record_list playlists;
    struct rule_list rules;

    if (!organisations_count(db, &out->organisations, err) ||
        !events_count(db, &out->events, err) ||
        !portraits_list(db, arena, NULL, DAY_MIN, DAY_MAX, &portraits, err) ||
        !announcements_list(db, arena, &announcements, err) ||
        !playlists_list(db, arena, &playlists, err) || !rules_list(db, arena, &rules, err))
        return false;
    out->portraits = (int64_t)portraits.count;
    out->announcements = (int64_t)announcements.count;
    out->playlists = (int64_t)playlists.count;
    out->rules = (int64_t)rules.count;
    return true;
}

void api_summary(struct http_request *request, void *context)
{
    struct api *api = context;
    struct counts counts;
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool ok = count_content(db, request_arena(request), &counts, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    struct strbuf body;
    struct json_writer writer;
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_int(&writer, "organisations", counts.organisations);
    json_put_int(&writer, "portraits", counts.portraits);
    json_put_int(&writer, "events", counts.events);
    json_put_int(&writer, "announcements", counts.announcements);
    json_put_int(&writer, "playlists", counts.playlists);
    json_put_int(&writer, "rules", counts.rules);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void put_enrolment(struct json_writer *writer, const struct enrolment *enrolment)
{
    static const char *const states[] = {"pending", "approved", "refused"};

    json_begin_object(writer, NULL);
    json_put_string(writer, "code", enrolment->code);
    json_put_string(writer, "fingerprint", enrolment->fingerprint);
    json_put_string(writer, "state", states[enrolment->state]);
    json_put_string(writer, "screen", enrolment->screen);
    json_put_int(writer, "width_px", enrolment->width_px);
    json_put_int(writer, "height_px", enrolment->height_px);
    json_put_string(writer, "software", enrolment->software);
    json_put_int(writer, "created_ms", enrolment->created_ms);
    json_put_int(writer, "seen_ms", enrolment->seen_ms);
    json_end_object(writer);
}

void api_enrolments(struct http_request *request, void *context)
{
    struct api *api = context;
    struct enrolment_list list;
    struct error error;
    struct strbuf body;
    struct json_writer writer;

    struct db *db = readers_take(&api->readers);
    bool ok = enrolments_list(db, request_arena(request), NULL, &list, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "enrolments");
    for (size_t i = 0; i < list.count; i++)
        put_enrolment(&writer, &list.items[i]);
    json_end_array(&writer);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

/* The instant of "?at=", now without one. */
bool api_instant(struct http_request *request, const struct api *api, int64_t *at_ms_out,
                 struct error *err)
{
    const char *text = request_query(request, "at");

    *at_ms_out = clock_wall_ms(&api->config.clock);
    if (text == NULL || civil_parse_instant(text, at_ms_out))
        return true;
    error_set(err, ERROR_INVALID,
              "« %s » n’est pas un instant : il en faut un comme 2026-11-24T08:10:00+01:00",
              "\"%s\" is no instant: it looks like 2026-11-24T08:10:00+01:00", text);
    error_field(err, "at");
    return false;
}

/* Members of what a zone shows, the main one's beside those of the screen. */
static void put_explained_zone(struct json_writer *writer, const struct explained_zone *zone)
{
    json_put_string(writer, "rule", zone->rule != NULL ? zone->rule->id : NULL);
    json_put_string(writer, "playlist", zone->playlist);
    if (zone->rule != NULL) {
        json_put_string(writer, "class", rule_class_tag(zone->rule->class));
        json_put_string(writer, "title", zone->slide.title);
        json_put_string(writer, "template", zone->slide.template);
        json_put_string(writer, "transition", transition_tag(zone->transition));
        json_put_int(writer, "from_ms", zone->item_from_ms);
        json_put_int(writer, "until_ms", zone->item_until_ms);
    }
}

static void put_explanation(struct json_writer *writer, const struct explanation *explained,
                            enum lang lang)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "screen", explained->screen);
    json_put_int(writer, "at_ms", explained->at_ms);
    json_put_string(writer, "layout", explained->layout);
    json_put_bool(writer, "full_screen", explained->full_screen);
    json_put_bool(writer, "strip", explained->strip);
    json_put_bool(writer, "closed", explained->closed);
    put_explained_zone(writer, &explained->main);
    json_begin_array(writer, "zones");
    for (size_t i = 0; i < explained->zone_count; i++) {
        json_begin_object(writer, NULL);
        json_put_string(writer, "zone", explained->zones[i].zone);
        put_explained_zone(writer, &explained->zones[i]);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_begin_array(writer, "rules");
    for (size_t i = 0; i < explained->rule_count; i++) {
        json_begin_object(writer, NULL);
        json_put_string(writer, "id", explained->rules[i].rule->id);
        json_put_string(writer, "title", explained->rules[i].rule->title);
        json_put_bool(writer, "shows", explained->rules[i].verdict <= EXPLAIN_MIXED);
        json_put_string(writer, "why", explain_verdict_text(explained->rules[i].verdict, lang));
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

void api_explain(struct http_request *request, void *context)
{
    struct api *api = context;
    struct explanation explained;
    struct error error;
    struct strbuf body;
    struct json_writer writer;
    int64_t at_ms;

    if (!api_instant(request, api, &at_ms, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = explain_screen(db, request_arena(request), request_param(request, "id"), at_ms,
                             &explained, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    put_explanation(&writer, &explained, request_lang(request));
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static bool decode_decision(struct http_request *request, bool approve, const char **screen_out,
                            const char **fingerprint_out, struct error *err)
{
    static const char *const approve_keys[] = {"screen", "fingerprint", NULL};
    static const char *const refuse_keys[] = {"fingerprint", NULL};
    struct arena *arena = request_arena(request);
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, 4096, err);

    if (json == NULL)
        return false;
    bool ok = json_only_keys(json, approve ? approve_keys : refuse_keys, err) &&
              (!approve || json_get_string(json, "screen", 1, 64, arena, screen_out, err)) &&
              json_get_string(json, "fingerprint", 1, 32, arena, fingerprint_out, err);
    cJSON_Delete(json);
    return ok;
}

static void decide(struct http_request *request, struct api *api, bool approve)
{
    const struct user *user = request_identity(request);
    struct arena *arena = request_arena(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    const char *code = request_param(request, "code");
    const char *screen = "", *fingerprint;
    struct enrolment enrolment;
    struct error error;

    if (!decode_decision(request, approve, &screen, &fingerprint, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = writer_take(&api->writer);
    bool ok = approve ? enrolment_approve(db, arena, code, fingerprint, screen, user->name, now_ms,
                                          &enrolment, &error)
                      : enrolment_refuse(db, arena, code, fingerprint, user->name, now_ms,
                                         &enrolment, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    publisher_kick(api->publisher); /* a token may be void now */
    answer_empty(request);
}

void api_approve(struct http_request *request, void *context)
{
    decide(request, context, true);
}

void api_refuse(struct http_request *request, void *context)
{
    decide(request, context, false);
}

void api_faults(struct http_request *request, void *context)
{
    struct api *api = context;
    struct report_list list;
    struct error error;
    struct strbuf body;
    struct json_writer writer;

    struct db *db = readers_take(&api->readers);
    bool ok = reports_list(db, request_arena(request), request_query(request, "screen"),
                           REPORT_FAULT, FAULTS_SHOWN, &list, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "faults");
    for (size_t i = 0; i < list.count; i++) {
        json_begin_object(&writer, NULL);
        json_put_string(&writer, "screen", list.items[i].screen);
        json_put_int(&writer, "time_ms", list.items[i].time_ms);
        json_put_string(&writer, "code", list.items[i].code);
        json_put_string(&writer, "detail", list.items[i].detail);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

#define WISH_BODY_MAX 4096

static const struct api_query instant_queries[] = {
    {"at", API_QUERY_TEXT, "As 2026-11-24T08:10:00+01:00; now when it is not said"},
    {0},
};
static const struct api_query fault_queries[] = {
    {"screen", API_QUERY_TEXT, "Id of the screen; all when it is not said"},
    {0},
};

static const struct api_route screen_routes[] = {
    {.http = {HTTP_GET, "/api/v1/summary", PERMISSION_READ, api_summary, 0, HTTP_SLOW},
     .about = "Count what is in the store",
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/api/v1/screens", PERMISSION_READ, api_screens, 0, HTTP_SLOW},
     .about = "List the screens with their health",
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/api/v1/screens/{id}/frame", PERMISSION_READ, api_frame, 0, HTTP_SLOW},
     .about = "Draw what a screen shows at an instant",
     .queries = instant_queries,
     .shape = API_BYTES,
     .media_type = "image/png"},
    {.http = {HTTP_GET, "/api/v1/screens/{id}/explain", PERMISSION_READ, api_explain, 0, HTTP_SLOW},
     .about = "Say what a screen shows at an instant, and why",
     .queries = instant_queries,
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/api/v1/screens/{id}/screenshot", PERMISSION_READ, api_screenshot, 0,
              HTTP_SLOW},
     .about = "Give the last picture of a screen",
     .shape = API_BYTES,
     .media_type = "image/jpeg"},
    {.http = {HTTP_POST, "/api/v1/screens/{id}/screenshot", PERMISSION_LOOK, api_screenshot_ask,
              WISH_BODY_MAX, HTTP_SLOW},
     .about = "Ask a screen for a picture",
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/api/v1/faults", PERMISSION_READ, api_faults, 0, HTTP_SLOW},
     .about = "List the latest faults",
     .queries = fault_queries,
     .shape = API_OBJECT},
};

API_SECTION(section_screens, "Screens", screen_routes);

static const struct api_route enrolment_routes[] = {
    {.http = {HTTP_GET, "/api/v1/enrolments", PERMISSION_READ, api_enrolments, 0, HTTP_SLOW},
     .about = "List players that wait to be enrolled",
     .shape = API_OBJECT},
    {.http = {HTTP_POST, "/api/v1/enrolments/{code}/approve", PERMISSION_OPERATE, api_approve,
              WISH_BODY_MAX, HTTP_SLOW},
     .about = "Enrol a player as a screen",
     .shape = API_OBJECT},
    {.http = {HTTP_POST, "/api/v1/enrolments/{code}/refuse", PERMISSION_OPERATE, api_refuse,
              WISH_BODY_MAX, HTTP_SLOW},
     .about = "Refuse a player"},
};

API_SECTION(section_enrolments, "Enrolments", enrolment_routes);
