/* Routes of the admin page: screens, enrolments, faults, and what is in the store. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/content.h"
#include "server/api/fleet_parts.h"
#include "server/content/forms.h"
#include "server/fleet/wish.h"
#include "server/store/editorial.h"
#include "server/store/events.h"
#include "server/store/fleet.h"
#include "server/store/organisations.h"
#include "server/store/programming.h"

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

static const struct api_query frame_queries[] = {
    {"at", API_QUERY_TEXT, "As 2026-11-24T08:10:00+01:00; now when it is not said"},
    API_DRAW_WIDTH,
    {0},
};

#define BODY_MAX ((size_t)64 * 1024)

static const struct api_query picture_queries[] = {
    {"of", API_QUERY_TEXT, "Its id: not looked at, but a new picture has a new address"},
    {0},
};

static const struct api_query screen_queries[] = {
    ASKING_LIMIT,
    ASKING_AFTER,
    {"site", API_QUERY_TEXT, "Id of the site that they are in"},
    {0},
};

static const struct api_query fault_queries[] = {
    ASKING_LIMIT,
    ASKING_AFTER,
    {"screen", API_QUERY_TEXT, "Id of the screen"},
    {"site", API_QUERY_TEXT, "Id of the site that the screen is in"},
    {"code", API_QUERY_TEXT, "What is wrong: \"silent\", \"network\"…"},
    {"open", API_QUERY_INT, "1: what goes on, 0: what is over; both when it is not said"},
    {0},
};

static const struct api_member now_members[] = {
    {.name = "title", .type = API_TEXT},
    {.name = "template", .type = API_TEXT},
    {.name = "playlist", .type = API_TEXT},
    {.name = "rule", .type = API_TEXT},
    {.name = "closed", .type = API_BOOL, .about = "Dark: outside its opening hours"},
    {.name = "until_ms", .type = API_INT, .optional = true},
    {0},
};
static const struct api_member device_members[] = {
    {.name = "software", .type = API_TEXT},   {.name = "manifest", .type = API_TEXT},
    {.name = "enrolled_ms", .type = API_INT}, {.name = "last_seen_ms", .type = API_INT},
    {.name = "quiet_ms", .type = API_INT},    {0},
};
static const struct api_member health_members[] = {
    {.name = "received_ms", .type = API_INT},
    {.name = "uptime_s",
     .type = API_INT,
     .about = "What the machine measures comes besides: docs/protocol.md"},
    {0},
};
static const struct api_member picture_members[] = {
    {.name = "id", .type = API_TEXT},
    {.name = "received_ms", .type = API_INT},
    {.name = "width", .type = API_INT},
    {.name = "height", .type = API_INT},
    {0},
};
static const struct api_member open_fault_members[] = {
    {.name = "number", .type = API_INT},
    {.name = "code", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},
    {.name = "opened_ms", .type = API_INT},
    {0},
};
static const struct api_member screen_members[] = {
    {.name = "device",
     .type = API_PART,
     .nullable = true,
     .parts = device_members,
     .about = "Its player"},
    {.name = "presence", .type = API_TEXT},
    {.name = "silent_since_ms", .type = API_INT, .nullable = true},
    {.name = "health", .type = API_PART, .nullable = true, .parts = health_members},
    {.name = "screenshot", .type = API_PART, .nullable = true, .parts = picture_members},
    {.name = "faults", .type = API_PARTS, .parts = open_fault_members, .about = "Those that go on"},
    {.name = "now",
     .type = API_PART,
     .nullable = true,
     .parts = now_members,
     .about = "What it should show"},
    {.name = "published",
     .type = API_TEXT,
     .nullable = true,
     .about = "The manifest that it should have"},
    {0},
};
static const struct api_member summary_members[] = {
    {.name = "organisations", .type = API_INT},
    {.name = "portraits", .type = API_INT},
    {.name = "events", .type = API_INT},
    {.name = "announcements", .type = API_INT},
    {.name = "playlists", .type = API_INT},
    {.name = "rules", .type = API_INT},
    {0},
};
static const struct api_member fault_members[] = {
    {.name = "number", .type = API_INT},
    {.name = "screen", .type = API_TEXT},
    {.name = "code", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},
    {.name = "advice", .type = API_TEXT},
    {.name = "detail", .type = API_TEXT},
    {.name = "opened_ms", .type = API_INT},
    {.name = "last_ms", .type = API_INT},
    {.name = "count", .type = API_INT},
    {.name = "closed_ms", .type = API_INT, .nullable = true},
    {.name = "closed_by", .type = API_TEXT, .about = "Empty: it ended by itself, or goes on"},
    {0},
};
static const struct api_member wish_members[] = {
    {.name = "id", .type = API_TEXT},
    {.name = "screen", .type = API_TEXT},
    {.name = "kind", .type = API_TEXT},
    {.name = "number", .type = API_INT, .optional = true, .about = "What identify shows"},
    {.name = "state", .type = API_TEXT},
    {.name = "user", .type = API_TEXT},
    {.name = "asked_ms", .type = API_INT},
    {.name = "expires_ms", .type = API_INT},
    {.name = "ended_ms", .type = API_INT, .optional = true},
    {.name = "reason", .type = API_TEXT},
    {0},
};

static const struct api_route screen_routes[] = {
    {.http = {HTTP_GET, "/api/v1/summary", PERMISSION_READ, api_summary, 0, HTTP_SLOW},
     .about = "Count what is in the store",
     .shape = API_OBJECT,
     .members = summary_members},
    {.http = {HTTP_GET, "/api/v1/screens", PERMISSION_READ, api_screens, 0, HTTP_SLOW},
     .about = "List the screens with what they show and how they are",
     .shape = API_PAGE,
     .gives = &screen_form,
     .members = screen_members,
     .queries = screen_queries},
    {.http = {HTTP_POST, "/api/v1/screens", PERMISSION_OPERATE, content_create, BODY_MAX,
              HTTP_SLOW},
     .about = "Create a screen",
     .takes = &screen_form,
     .shape = API_ONE,
     .gives = &screen_form,
     .record = true,
     .tagged = true,
     .queries = content_create_queries,
     .created = true},
    {.http = {HTTP_GET, "/api/v1/screens/{id}", PERMISSION_READ, api_screen, 0, HTTP_SLOW},
     .about = "Read a screen, with what it shows and how it is",
     .shape = API_ONE,
     .gives = &screen_form,
     .members = screen_members,
     .record = true,
     .tagged = true},
    {.http = {HTTP_PUT, "/api/v1/screens/{id}", PERMISSION_OPERATE, content_replace, BODY_MAX,
              HTTP_SLOW},
     .about = "Replace a screen's description",
     .takes = &screen_form,
     .shape = API_ONE,
     .gives = &screen_form,
     .record = true,
     .tagged = true},
    {.http = {HTTP_DELETE, "/api/v1/screens/{id}", PERMISSION_OPERATE, content_delete, 0,
              HTTP_SLOW},
     .about = "Delete a screen",
     .tagged = true},
    {.http = {HTTP_DELETE, "/api/v1/screens/{id}/device", PERMISSION_OPERATE, api_device_revoke, 0,
              HTTP_SLOW},
     .about = "Take a screen away from its player"},
    {.http = {HTTP_GET, "/api/v1/screens/{id}/frame", PERMISSION_READ, api_frame, 0, HTTP_SLOW},
     .about = "Draw what a screen shows at an instant",
     .queries = frame_queries,
     .shape = API_BYTES,
     .media_type = "image/png"},
    {.http = {HTTP_GET, "/api/v1/screens/{id}/screenshot", PERMISSION_READ, api_screenshot, 0,
              HTTP_SLOW},
     .about = "Give the last picture of a screen",
     .queries = picture_queries,
     .shape = API_BYTES,
     .media_type = "image/jpeg"},
    {.http = {HTTP_POST, "/api/v1/screens/{id}/screenshot", PERMISSION_LOOK, api_screenshot_ask,
              WISH_BODY_MAX, HTTP_SLOW},
     .about = "Ask a screen for a picture",
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/api/v1/screens/{id}/commands", PERMISSION_READ, api_commands, 0,
              HTTP_SLOW},
     .about = "List what was asked of a screen lately, and what came of it",
     .shape = API_PAGE,
     .members = wish_members},
    {.http = {HTTP_POST, "/api/v1/screens/{id}/commands", PERMISSION_LOOK, api_command_screen,
              WISH_BODY_MAX, HTTP_SLOW},
     .about = "Ask a screen for a picture, to identify itself or to start anew",
     .takes_type = "application/json",
     .shape = API_PAGE,
     .members = wish_members},
    {.http = {HTTP_POST, "/api/v1/groups/{id}/commands", PERMISSION_LOOK, api_command_group,
              WISH_BODY_MAX, HTTP_SLOW},
     .about = "Ask the screens of a group",
     .takes_type = "application/json",
     .shape = API_PAGE,
     .members = wish_members},
    {.http = {HTTP_POST, "/api/v1/sites/{id}/commands", PERMISSION_LOOK, api_command_site,
              WISH_BODY_MAX, HTTP_SLOW},
     .about = "Ask the screens of a site",
     .takes_type = "application/json",
     .shape = API_PAGE,
     .members = wish_members},
    {.http = {HTTP_GET, "/api/v1/faults", PERMISSION_READ, api_faults, 0, HTTP_SLOW},
     .about = "List what is wrong with screens, or was",
     .queries = fault_queries,
     .shape = API_PAGE,
     .members = fault_members},
    {.http = {HTTP_POST, "/api/v1/faults/{number}/close", PERMISSION_OPERATE, api_fault_close, 0,
              HTTP_SLOW},
     .about = "Say that a fault is over"},
};

API_SECTION(section_screens, "Screens", screen_routes);
