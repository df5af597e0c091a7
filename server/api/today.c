/* What somebody should look at first: trouble, what waits for them, what ends, what never showed.
 */
#include <string.h>

#include "core/civil.h"
#include "core/json.h"
#include "server/api/asking.h"
#include "server/content/zone.h"
#include "server/fleet/emergency.h"
#include "server/fleet/presence.h"
#include "server/records/workflow.h"
#include "server/store/agenda.h"
#include "server/store/devices.h"
#include "server/store/fleet.h"
#include "server/store/records.h"

#define TIME_ZONE "Europe/Paris" /* of dates that are not of one screen */
#define SOON_DAYS 7
#define TROUBLE_MAX 50
#define FEW 5
#define MANY 20
#define LOOKED_AT 200 /* of one sort; a count stops there */

struct view {
    struct api *api;
    struct db *db;
    struct arena *arena;
    const struct user *user;
    enum lang lang;
    int64_t now_ms;
    int64_t day;
    struct json_writer *writer;
};

/* --- screens --------------------------------------------------------------------------------- */

struct screen_view {
    const struct screen *screen;
    enum presence presence;
    int64_t seen_ms;
    size_t first_fault, fault_count; /* in the list of open ones */
};

static bool sees_site(const struct view *view, const char *site)
{
    return auth_allows(view->user, PERMISSION_READ, &(struct auth_subject){1, &site, NULL});
}

static const struct device *device_of(const struct device_list *devices, const char *screen)
{
    for (size_t i = 0; i < devices->count; i++) {
        if (strcmp(devices->items[i].screen, screen) == 0)
            return &devices->items[i];
    }
    return NULL;
}

static struct screen_view look_at(const struct view *view, const struct screen *screen,
                                  const struct device_list *devices, const struct fault_list *open)
{
    const struct device *device = device_of(devices, screen->id);
    struct screen_view out = {.screen = screen};

    if (device != NULL) {
        int64_t heard_ms = roster_last_seen(view->api->roster, screen->id);
        out.seen_ms = heard_ms > device->last_seen_ms ? heard_ms : device->last_seen_ms;
    }
    out.presence = presence_of(out.seen_ms, publisher_since_ms(view->api->publisher), view->now_ms);
    while (out.first_fault < open->count &&
           strcmp(open->items[out.first_fault].screen, screen->id) != 0)
        out.first_fault++;
    while (out.first_fault + out.fault_count < open->count &&
           strcmp(open->items[out.first_fault + out.fault_count].screen, screen->id) == 0)
        out.fault_count++;
    return out;
}

static bool troubled(const struct screen_view *screen)
{
    return screen->presence == PRESENCE_SILENT || screen->fault_count > 0;
}

/* Silent ones first, then who has the most faults. */
static bool worse(const struct screen_view *a, const struct screen_view *b)
{
    bool silent_a = a->presence == PRESENCE_SILENT, silent_b = b->presence == PRESENCE_SILENT;

    return silent_a != silent_b ? silent_a : a->fault_count > b->fault_count;
}

static void insert_by_trouble(struct screen_view *list, size_t count, const struct screen_view *one)
{
    size_t at = count;

    while (at > 0 && worse(one, &list[at - 1])) {
        list[at] = list[at - 1];
        at--;
    }
    list[at] = *one;
}

static void put_trouble(struct view *view, const struct screen_view *one,
                        const struct fault_list *open, const struct site_list *sites)
{
    struct json_writer *writer = view->writer;
    const char *site_name = "";

    for (size_t i = 0; i < sites->count; i++) {
        if (strcmp(sites->items[i].id, one->screen->site) == 0)
            site_name = sites->items[i].name;
    }
    json_begin_object(writer, NULL);
    json_put_string(writer, "screen", one->screen->id);
    json_put_string(writer, "name", one->screen->name);
    json_put_string(writer, "site", one->screen->site);
    json_put_string(writer, "site_name", site_name);
    json_put_string(writer, "presence", presence_tag(one->presence));
    if (one->presence == PRESENCE_SILENT)
        json_put_int(writer, "silent_since_ms", one->seen_ms);
    else
        json_put_null(writer, "silent_since_ms");
    json_begin_array(writer, "faults");
    for (size_t i = 0; i < one->fault_count; i++) {
        const struct fault *fault = &open->items[one->first_fault + i];
        json_begin_object(writer, NULL);
        json_put_int(writer, "number", fault->number);
        json_put_string(writer, "code", fault->code);
        json_put_string(writer, "title", fault_title(fault->code, view->lang));
        json_put_string(writer, "advice", fault_advice(fault->code, view->lang));
        json_put_int(writer, "opened_ms", fault->opened_ms);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_end_object(writer);
}

static bool put_screens(struct view *view, struct error *err)
{
    int64_t all = 0, by_presence[PRESENCE_SILENT + 1] = {0};
    struct screen_list screens;
    struct device_list devices;
    struct fault_list open;
    struct site_list sites;
    size_t count = 0;

    if (!screens_list(view->db, view->arena, &screens, err) ||
        !devices_list(view->db, view->arena, &devices, err) ||
        !faults_list_open(view->db, view->arena, &open, err) ||
        !sites_list(view->db, view->arena, &sites, err))
        return false;
    struct screen_view *trouble = arena_array(view->arena, screens.count + 1, sizeof(*trouble));
    for (size_t i = 0; i < screens.count; i++) {
        if (!sees_site(view, screens.items[i].site))
            continue;
        const struct screen_view one = look_at(view, &screens.items[i], &devices, &open);
        all++;
        by_presence[one.presence]++;
        if (troubled(&one))
            insert_by_trouble(trouble, count++, &one);
    }
    json_begin_object(view->writer, "screens");
    json_put_int(view->writer, "all", all);
    json_put_int(view->writer, "ok", by_presence[PRESENCE_OK]);
    json_put_int(view->writer, "late", by_presence[PRESENCE_LATE]);
    json_put_int(view->writer, "silent", by_presence[PRESENCE_SILENT]);
    json_put_int(view->writer, "without_player", by_presence[PRESENCE_NEVER]);
    json_put_int(view->writer, "troubled", (int64_t)count);
    json_end_object(view->writer);
    json_begin_array(view->writer, "trouble");
    for (size_t i = 0; i < count && i < TROUBLE_MAX; i++)
        put_trouble(view, &trouble[i], &open, &sites);
    json_end_array(view->writer);
    return true;
}

/* --- what waits for this person -------------------------------------------------------------- */

static void put_row(struct json_writer *writer, const struct record_row *row, bool back)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "kind", row->kind);
    json_put_string(writer, "id", row->id);
    json_put_string(writer, "title", row->title);
    if (back) {
        json_put_string(writer, "reviewer", row->reviewer);
        json_put_string(writer, "reason", row->reason);
    } else {
        json_put_string(writer, "site", row->site);
        json_put_string(writer, "author", row->author);
        json_put_string(writer, "editor", row->editor);
        json_put_string(writer, "submitter", row->submitter);
    }
    json_put_int(writer, "since_ms", row->updated_ms);
    json_end_object(writer);
}

/* Submitted: those this person may approve. Drafts: their own that were sent back. */
static bool concerns(struct view *view, const struct record_row *row, bool back, bool *out,
                     struct error *err)
{
    if (!back)
        return workflow_may_approve(view->db, view->arena, view->user, row, out, err);
    *out = row->reason[0] != '\0' && (strcmp(row->editor, view->user->name) == 0 ||
                                      strcmp(row->author, view->user->name) == 0);
    return true;
}

static bool put_rows(struct view *view, const char *key, enum state state, struct error *err)
{
    struct record_row_list rows;
    int64_t count = 0;

    if (!records_waiting(view->db, view->arena, state, INT64_MIN, "", "", LOOKED_AT, &rows, err))
        return false;
    json_begin_object(view->writer, key);
    json_begin_array(view->writer, "items");
    for (size_t i = 0; i < rows.count; i++) {
        bool mine;
        if (!concerns(view, &rows.items[i], state == STATE_DRAFT, &mine, err))
            return false;
        if (mine && count++ < FEW)
            put_row(view->writer, &rows.items[i], state == STATE_DRAFT);
    }
    json_end_array(view->writer);
    json_put_int(view->writer, "count", count);
    json_end_object(view->writer);
    return true;
}

/* --- what ends, and what never showed -------------------------------------------------------- */

/* Of people who are bound to sites what is theirs, and the network's. */
static bool theirs(const struct view *view, const struct agenda_item *item)
{
    return item->site[0] == '\0' || sees_site(view, item->site);
}

static void put_agenda(struct view *view, const char *key, const struct agenda_list *list,
                       bool ending)
{
    struct json_writer *writer = view->writer;
    int64_t count = 0;

    json_begin_object(writer, key);
    json_begin_array(writer, "items");
    for (size_t i = 0; i < list->count; i++) {
        const struct agenda_item *item = &list->items[i];
        if (!theirs(view, item) || count++ >= MANY)
            continue;
        json_begin_object(writer, NULL);
        json_put_string(writer, "kind", item->kind);
        json_put_string(writer, "id", item->id);
        json_put_string(writer, "title", item->title);
        json_put_string(writer, "site", item->site);
        if (ending)
            form_put_date(writer, "until_day", item->day);
        else
            json_put_int(writer, "published_ms", item->since_ms);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_put_int(writer, "count", count);
    json_end_object(writer);
}

static bool put_agendas(struct view *view, struct error *err)
{
    struct agenda_list ending, unseen;

    if (!agenda_ending(view->db, view->arena, view->day, view->day + SOON_DAYS, LOOKED_AT, &ending,
                       err) ||
        !agenda_never_shown(view->db, view->arena, view->day, LOOKED_AT, &unseen, err))
        return false;
    put_agenda(view, "ending", &ending, true);
    put_agenda(view, "never_shown", &unseen, false);
    return true;
}

static bool reached(const struct view *view, const struct emergency *emergency, bool *out,
                    struct error *err)
{
    struct text_list sites;
    bool many;

    *out = view->user->sites.count == 0;
    if (*out)
        return true;
    if (!emergency_reach(view->db, view->arena, emergency, &sites, &many, err))
        return false;
    for (size_t i = 0; i < sites.count; i++)
        *out |= sees_site(view, sites.items[i]);
    return true;
}

static bool count_reached(struct view *view, const char *key, const struct emergency_list *list,
                          struct error *err)
{
    int64_t count = 0;

    for (size_t i = 0; i < list->count; i++) {
        bool concerned;
        if (!reached(view, &list->items[i], &concerned, err))
            return false;
        count += concerned;
    }
    json_put_int(view->writer, key, count);
    return true;
}

static bool put_emergencies(struct view *view, struct error *err)
{
    struct emergency_list running, waiting;

    if (!emergency_list(view->db, view->arena, view->now_ms, &running, err) ||
        !emergency_waiting(view->db, view->arena, view->now_ms, &waiting, err))
        return false;
    json_begin_object(view->writer, "emergencies");
    bool ok = count_reached(view, "running", &running, err) &&
              count_reached(view, "waiting", &waiting, err);
    json_end_object(view->writer);
    return ok;
}

static bool put_today(struct view *view, struct error *err)
{
    struct zone *zone = zone_open(TIME_ZONE, err);

    if (zone == NULL)
        return false;
    view->day = zone_day(zone, view->now_ms);
    zone_close(zone);
    json_begin_object(view->writer, NULL);
    json_put_int(view->writer, "now_ms", view->now_ms);
    bool ok = put_screens(view, err) && put_rows(view, "approvals", STATE_SUBMITTED, err) &&
              put_rows(view, "returned", STATE_DRAFT, err) && put_agendas(view, err) &&
              put_emergencies(view, err);
    json_end_object(view->writer);
    return ok;
}

static void handle_today(struct http_request *request, void *context)
{
    struct api *api = context;
    struct json_writer writer;
    struct strbuf body;
    struct error error;
    struct view view = {.api = api,
                        .arena = request_arena(request),
                        .user = request_identity(request),
                        .lang = request_lang(request),
                        .now_ms = clock_wall_ms(&api->config.clock),
                        .writer = &writer};

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    view.db = readers_take(&api->readers);
    bool ok = put_today(&view, &error);
    readers_give(&api->readers, view.db);
    if (ok)
        answer_json(request, ANSWER_OK, &body);
    else
        answer_problem(request, &error);
    strbuf_finish(&body);
}

static const struct api_member count_members[] = {
    {.name = "all", .type = API_INT},
    {.name = "ok", .type = API_INT},
    {.name = "late", .type = API_INT},
    {.name = "silent", .type = API_INT},
    {.name = "without_player", .type = API_INT},
    {.name = "troubled", .type = API_INT},
    {0},
};
static const struct api_member fault_members[] = {
    {.name = "number", .type = API_INT},    {.name = "code", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},    {.name = "advice", .type = API_TEXT},
    {.name = "opened_ms", .type = API_INT}, {0},
};
static const struct api_member trouble_members[] = {
    {.name = "screen", .type = API_TEXT},
    {.name = "name", .type = API_TEXT},
    {.name = "site", .type = API_TEXT},
    {.name = "site_name", .type = API_TEXT},
    {.name = "presence", .type = API_TEXT},
    {.name = "silent_since_ms", .type = API_INT, .nullable = true},
    {.name = "faults", .type = API_PARTS, .parts = fault_members},
    {0},
};
static const struct api_member waiting_members[] = {
    {.name = "kind", .type = API_TEXT},
    {.name = "id", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},
    {.name = "site", .type = API_TEXT},
    {.name = "author", .type = API_TEXT},
    {.name = "editor", .type = API_TEXT},
    {.name = "submitter", .type = API_TEXT},
    {.name = "since_ms", .type = API_INT},
    {0},
};
static const struct api_member back_members[] = {
    {.name = "kind", .type = API_TEXT},
    {.name = "id", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},
    {.name = "reviewer", .type = API_TEXT},
    {.name = "reason", .type = API_TEXT},
    {.name = "since_ms", .type = API_INT},
    {0},
};
static const struct api_member ending_members[] = {
    {.name = "kind", .type = API_TEXT},      {.name = "id", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},     {.name = "site", .type = API_TEXT},
    {.name = "until_day", .type = API_TEXT}, {0},
};
static const struct api_member unseen_members[] = {
    {.name = "kind", .type = API_TEXT},        {.name = "id", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},       {.name = "site", .type = API_TEXT},
    {.name = "published_ms", .type = API_INT}, {0},
};
#define LIST(of)                                                                                   \
    {                                                                                              \
        {.name = "items", .type = API_PARTS, .parts = (of)}, {.name = "count", .type = API_INT},   \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }
static const struct api_member waiting_list[] = LIST(waiting_members);
static const struct api_member back_list[] = LIST(back_members);
static const struct api_member ending_list[] = LIST(ending_members);
static const struct api_member unseen_list[] = LIST(unseen_members);
static const struct api_member emergency_members[] = {
    {.name = "running", .type = API_INT},
    {.name = "waiting", .type = API_INT},
    {0},
};
static const struct api_member today_members[] = {
    {.name = "now_ms", .type = API_INT},
    {.name = "screens", .type = API_PART, .parts = count_members},
    {.name = "trouble",
     .type = API_PARTS,
     .parts = trouble_members,
     .about = "Screens that something is wrong with, the worst first, 50 at most"},
    {.name = "approvals",
     .type = API_PART,
     .parts = waiting_list,
     .about = "What waits and this person may approve; the first five"},
    {.name = "returned",
     .type = API_PART,
     .parts = back_list,
     .about = "This person's own drafts that were sent back; the first five"},
    {.name = "ending",
     .type = API_PART,
     .parts = ending_list,
     .about = "Published, with a last day within a week; the first twenty"},
    {.name = "never_shown",
     .type = API_PART,
     .parts = unseen_list,
     .about = "Published, and on no screen until now; the first twenty"},
    {.name = "emergencies", .type = API_PART, .parts = emergency_members},
    {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/today", PERMISSION_READ, handle_today, 0, HTTP_SLOW},
     .about = "Tell what one should look at first",
     .shape = API_OBJECT,
     .members = today_members},
};

API_SECTION(section_today, "Today", routes);
