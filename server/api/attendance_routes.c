/* Who else has a record open: pages say so while they are, and ask. */
#include <string.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/api/people_parts.h"
#include "server/records/attendance.h"
#include "server/records/workflow.h"

#define BODY_MAX 1024

struct sign {
    bool editing;
    const char *tab;
};
static const struct form_field sign_fields[] = {
    {.name = "editing",
     .type = FORM_BOOL,
     .offset = offsetof(struct sign, editing),
     .about = "Something was typed that is not saved"},
    {.name = "tab",
     .type = FORM_LINE,
     .offset = offsetof(struct sign, tab),
     .max = ATTENDANCE_TAB_MAX,
     .about = "Tells two pages of one person apart"},
};
static const struct form sign_form = {
    .name = "Presence", .size = sizeof(struct sign), FORM_FIELDS(sign_fields)};

/* Files have no workflow, but people describe them as well. */
static bool read_place(struct http_request *request, struct api *api, struct attendant *out,
                       struct error *err)
{
    const struct user *user = request_identity(request);
    const struct resource *resource = resource_find(request_param(request, "kind"));

    *out = (struct attendant){.kind = request_param(request, "kind"),
                              .id = request_param(request, "id"),
                              .user = user->name,
                              .tab = "",
                              .since_ms = clock_wall_ms(&api->config.clock)};
    if (resource == NULL && strcmp(out->kind, "media") != 0)
        return error_set(err, ERROR_NOT_FOUND, "« %.40s » n’est pas une sorte de fiche",
                         "\"%.40s\" is no kind of record", out->kind);
    if (resource == NULL || !resource->hidden)
        return true;
    struct db *db = readers_take(&api->readers);
    bool ok = workflow_visible(db, request_arena(request), user, resource, out->id, err);
    readers_give(&api->readers, db);
    return ok;
}

/* How people call them; of an account that went meanwhile its login. */
static const char *name_of(struct db *db, struct arena *arena, const char *login)
{
    struct error ignored;
    struct user user;

    return users_get(db, arena, login, &user, &ignored) && user.display[0] != '\0' ? user.display
                                                                                   : login;
}

static void answer_others(struct http_request *request, struct api *api,
                          const struct attendant *self)
{
    struct arena *arena = request_arena(request);
    struct attendant_list others;
    struct json_writer writer;
    struct strbuf body;

    attendance_others(api->attendance, self, clock_mono_ms(&api->config.clock), arena, &others);
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_begin_array(&writer, "others");
    struct db *db = readers_take(&api->readers);
    for (size_t i = 0; i < others.count; i++) {
        const struct attendant *other = &others.items[i];
        json_begin_object(&writer, NULL);
        json_put_string(&writer, "user", other->user);
        json_put_string(&writer, "name", name_of(db, arena, other->user));
        json_put_bool(&writer, "editing", other->editing);
        json_put_int(&writer, "since_ms", other->since_ms);
        json_end_object(&writer);
    }
    readers_give(&api->readers, db);
    json_end_array(&writer);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void handle_look(struct http_request *request, void *context)
{
    struct api *api = context;
    struct attendant self;
    struct error error;

    if (!read_place(request, api, &self, &error)) {
        answer_problem(request, &error);
        return;
    }
    self.tab = asking_text(request, "tab");
    answer_others(request, api, &self);
}

static void handle_note(struct http_request *request, void *context)
{
    struct api *api = context;
    struct attendant self;
    struct error error;
    struct sign sign;

    if (!read_place(request, api, &self, &error) ||
        !people_body(request, &sign_form, &sign, &error)) {
        answer_problem(request, &error);
        return;
    }
    self.tab = sign.tab;
    self.editing = sign.editing;
    attendance_note(api->attendance, &self, clock_mono_ms(&api->config.clock));
    answer_others(request, api, &self);
}

static void handle_leave(struct http_request *request, void *context)
{
    struct api *api = context;
    struct attendant self;
    struct error error;

    if (!read_place(request, api, &self, &error)) {
        answer_problem(request, &error);
        return;
    }
    self.tab = asking_text(request, "tab");
    attendance_leave(api->attendance, &self);
    answer_empty(request);
}

static const struct api_query tab_queries[] = {
    {"tab", API_QUERY_TEXT, "The page's own, as it says it in the body"},
    {.name = NULL},
};
static const struct api_member other_members[] = {
    {.name = "user", .type = API_TEXT},
    {.name = "name", .type = API_TEXT, .about = "How people call them"},
    {.name = "editing", .type = API_BOOL},
    {.name = "since_ms", .type = API_INT},
    {0},
};
static const struct api_member others_members[] = {
    {.name = "others",
     .type = API_PARTS,
     .parts = other_members,
     .about = "The first to come first"},
    {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/presence/{kind}/{id+}", PERMISSION_READ, handle_look, 0,
              HTTP_SLOW},
     .about = "Tell who has a record open",
     .shape = API_OBJECT,
     .members = others_members,
     .queries = tab_queries},
    {.http = {HTTP_PUT, "/api/v1/presence/{kind}/{id+}", PERMISSION_READ, handle_note, BODY_MAX,
              HTTP_SLOW},
     .about = "Say for half a minute that one has a record open, and learn who else has",
     .takes = &sign_form,
     .shape = API_OBJECT,
     .members = others_members},
    {.http = {HTTP_DELETE, "/api/v1/presence/{kind}/{id+}", PERMISSION_READ, handle_leave, 0,
              HTTP_SLOW},
     .about = "Say that one has closed it",
     .queries = tab_queries},
};

API_SECTION(section_attendance, "Presence", routes);
