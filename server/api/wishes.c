/* Routes by which people ask something of screens: a picture, to identify themselves, to start
 * anew.
 */
#include <string.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/fleet_parts.h"
#include "server/fleet/wish.h"

#define WISHES_SHOWN 50

static void put_wish(struct json_writer *writer, struct api *api, const struct wanted *wanted,
                     int64_t now_ms)
{
    int64_t told_ms = roster_wish_told(api->roster, wanted->screen, wanted->id);
    enum wanted_state state = wanted_state_at(wanted, now_ms);

    json_begin_object(writer, NULL);
    json_put_string(writer, "id", wanted->id);
    json_put_string(writer, "screen", wanted->screen);
    json_put_string(writer, "kind", wanted->kind);
    if (wanted->number > 0)
        json_put_int(writer, "number", wanted->number);
    json_put_string(writer, "state",
                    state == WANTED_WAITING && told_ms != 0 ? "told" : wanted_state_tag(state));
    json_put_string(writer, "user", wanted->user);
    json_put_int(writer, "asked_ms", wanted->asked_ms);
    json_put_int(writer, "expires_ms", wanted->expires_ms);
    if (wanted->ended_ms != 0)
        json_put_int(writer, "ended_ms", wanted->ended_ms);
    json_put_string(writer, "reason", wanted->reason);
    json_end_object(writer);
}

static void answer_wishes(struct http_request *request, struct api *api,
                          const struct wanted_list *list, enum answer_state state)
{
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct strbuf body;
    struct json_writer writer;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "items");
    for (size_t i = 0; i < list->count; i++)
        put_wish(&writer, api, &list->items[i], now_ms);
    json_end_array(&writer);
    json_put_null(&writer, "next");
    json_end_object(&writer);
    answer_json(request, state, &body);
    strbuf_finish(&body);
}

void api_commands(struct http_request *request, void *context)
{
    struct api *api = context;
    struct wanted_list list;
    struct error error;

    if (!fleet_sees(request, api))
        return;
    struct db *db = readers_take(&api->readers);
    bool ok = wanted_list(db, request_arena(request), request_param(request, "id"), WISHES_SHOWN,
                          &list, &error);
    readers_give(&api->readers, db);
    if (ok)
        answer_wishes(request, api, &list, ANSWER_OK);
    else
        answer_problem(request, &error);
}

static bool read_kind(struct http_request *request, const char **kind_out, struct error *err)
{
    static const char *const keys[] = {"kind", NULL};
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, WISH_BODY_MAX, err);
    bool ok = json != NULL && json_only_keys(json, keys, err) &&
              json_get_string(json, "kind", 1, 32, request_arena(request), kind_out, err);

    cJSON_Delete(json);
    return ok;
}

/* Who may look may not make a screen start anew. */
static enum permission needed(const char *kind)
{
    return strcmp(kind, WANTED_RESTART) == 0 ? PERMISSION_OPERATE : PERMISSION_LOOK;
}

static bool ask_one(struct db *db, struct http_request *request, const char *kind,
                    const struct screen *screen, int64_t now_ms, struct wanted_list *list,
                    struct error *err)
{
    struct arena *arena = request_arena(request);
    const struct user *user = request_identity(request);
    struct wanted *wanted = &list->items[list->count];

    if (!fleet_may(user, needed(kind), screen, err) ||
        !wish_ask(db, arena, screen->id, kind, user->name, now_ms, wanted, err))
        return false;
    list->count++;
    return audit_add(db,
                     &(struct audit_entry){.time_ms = now_ms,
                                           .user = user->name,
                                           .action = arena_printf(arena, "screen.%s", kind),
                                           .subject = screen->id,
                                           .detail = wanted->id},
                     err);
}

enum place { PLACE_SCREEN, PLACE_GROUP, PLACE_SITE };

static bool stands_in(const struct screen *screen, enum place place, const char *id)
{
    if (place == PLACE_SCREEN)
        return strcmp(screen->id, id) == 0;
    if (place == PLACE_SITE)
        return strcmp(screen->site, id) == 0;
    for (size_t i = 0; i < screen->groups.count; i++) {
        if (strcmp(screen->groups.items[i], id) == 0)
            return true;
    }
    return false;
}

/* Of those that this person sees; where they see none there is nothing. */
static bool ask_all(struct db *db, struct http_request *request, enum place place, const char *kind,
                    int64_t now_ms, struct wanted_list *list, struct error *err)
{
    struct arena *arena = request_arena(request);
    const struct user *user = request_identity(request);
    const char *id = request_param(request, "id");
    struct screen_list screens;

    if (!screens_list(db, arena, &screens, err))
        return false;
    *list =
        (struct wanted_list){.items = arena_array(arena, screens.count + 1, sizeof(*list->items))};
    for (size_t i = 0; i < screens.count; i++) {
        const struct screen *screen = &screens.items[i];
        const struct auth_subject subject = {.site_count = 1, .sites = &screen->site};
        if (stands_in(screen, place, id) && auth_allows(user, PERMISSION_READ, &subject) &&
            !ask_one(db, request, kind, screen, now_ms, list, err))
            return false;
    }
    return list->count > 0 || error_set(err, ERROR_NOT_FOUND, "aucun écran à cet endroit : « %s »",
                                        "no screen in that place: \"%s\"", id);
}

static void ask(struct http_request *request, struct api *api, enum place place)
{
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct wanted_list list;
    struct error error;
    const char *kind;
    bool own;

    if (!read_kind(request, &kind, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = writer_take(&api->writer);
    bool ok = db_join(db, &own, &error);
    if (ok)
        ok = db_leave(db, own, ask_all(db, request, place, kind, now_ms, &list, &error), &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    for (size_t i = 0; i < list.count; i++)
        http_server_wake(api->http, roster_set_wish(api->roster, &list.items[i]));
    answer_wishes(request, api, &list, ANSWER_ACCEPTED);
}

void api_command_screen(struct http_request *request, void *context)
{
    ask(request, context, PLACE_SCREEN);
}

void api_command_group(struct http_request *request, void *context)
{
    ask(request, context, PLACE_GROUP);
}

void api_command_site(struct http_request *request, void *context)
{
    ask(request, context, PLACE_SITE);
}
