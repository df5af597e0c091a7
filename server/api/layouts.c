/* The layouts that screens may have. */
#include <string.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/internal.h"
#include "server/api/routes.h"
#include "server/content/layouts.h"

static void put_layout(struct json_writer *writer, const struct layout *layout)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "id", layout->id);
    json_put_string(writer, "title", layout->title);
    json_put_bool(writer, "usual", strcmp(layout->id, LAYOUTS_DEFAULT) == 0);
    json_begin_array(writer, "zones");
    for (size_t i = 0; i < layout->zone_count; i++) {
        if (layout_has_loop(layout, layout->zones[i].id))
            json_put_string(writer, NULL, layout->zones[i].id);
    }
    if (layout->news)
        json_put_string(writer, NULL, LAYOUT_NEWS);
    json_end_array(writer);
    json_end_object(writer);
}

static bool put_all(struct db *db, struct arena *arena, struct json_writer *writer,
                    struct error *err)
{
    struct text_list ids;

    if (!layouts_ids(db, arena, &ids, err))
        return false;
    for (size_t i = 0; i < ids.count; i++) {
        struct layout *layout = layouts_find(db, ids.items[i], err);
        if (layout == NULL)
            return false;
        put_layout(writer, layout);
        layout_destroy(layout);
    }
    return true;
}

static void handle_layouts(struct http_request *request, void *context)
{
    struct api *api = context;
    struct asking_page answer;
    struct error error;

    asking_begin(&answer);
    struct db *db = readers_take(&api->readers);
    bool ok = put_all(db, request_arena(request), &answer.writer, &error);
    readers_give(&api->readers, db);
    if (ok) {
        asking_answer(request, api, &answer, NULL);
        return;
    }
    asking_drop(&answer);
    answer_problem(request, &error);
}

static const struct api_member layout_members[] = {
    {.name = "id", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},
    {.name = "usual", .type = API_BOOL, .about = "Of screens that name none"},
    {.name = "zones", .type = API_TEXTS, .about = "Those that rules may name, the main one first"},
    {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/layouts", PERMISSION_READ, handle_layouts, 0, HTTP_SLOW},
     .about = "List the layouts that screens may have",
     .shape = API_PAGE,
     .members = layout_members},
};

API_SECTION(section_layouts, "Layouts", routes);
