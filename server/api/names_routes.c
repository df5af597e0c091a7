/* How people are called, for whoever sees their logins in histories, queues and notices. */
#include <string.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/internal.h"
#include "server/api/routes.h"
#include "server/store/accounts.h"

/* Who keeps one building meets those of their own, and those of the whole network. */
static bool works_with(const struct user *viewer, const struct user *user)
{
    if (viewer->sites.count == 0 || user->sites.count == 0)
        return true;
    for (size_t i = 0; i < viewer->sites.count; i++)
        for (size_t j = 0; j < user->sites.count; j++)
            if (strcmp(viewer->sites.items[i], user->sites.items[j]) == 0)
                return true;
    return false;
}

static void put_name(struct json_writer *writer, const struct user *user)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "user", user->name);
    json_put_string(writer, "name", user->display);
    json_end_object(writer);
}

static void handle_names(struct http_request *request, void *context)
{
    struct api *api = context;
    const char *after = asking_text(request, "after"), *next = NULL, *last = NULL;
    struct asking_page page;
    struct user_list users;
    size_t limit, shown = 0;
    struct error error;

    if (!asking_limit(request, &limit, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = users_list(db, request_arena(request), &users, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&page);
    for (size_t i = 0; i < users.count; i++) {
        const struct user *user = &users.items[i];
        if (strcmp(user->name, after) <= 0 || user->display[0] == '\0' ||
            !works_with(request_identity(request), user))
            continue;
        if (shown == limit) {
            next = last;
            break;
        }
        put_name(&page.writer, user);
        last = user->name;
        shown++;
    }
    asking_answer(request, api, &page, next);
}

static const struct api_member name_members[] = {
    {.name = "user", .type = API_TEXT, .about = "The login"},
    {.name = "name", .type = API_TEXT},
    {0},
};

static const struct api_query queries[] = {ASKING_LIMIT, ASKING_AFTER, {0}};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/names", PERMISSION_READ, handle_names, 0, HTTP_SLOW},
     .about =
         "Tell how people with a name are called whom one works with; others go by their login",
     .shape = API_PAGE,
     .members = name_members,
     .queries = queries},
};

API_SECTION(section_names, "Names", routes);
