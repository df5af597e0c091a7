/* Records on their way from draft to archive: one route per step and kind, their history, and what
 * a working copy changes. */
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "server/api/asking.h"
#include "server/content/forms.h"
#include "server/records/workflow.h"

#define BODY_MAX 8192
#define PATH_PREFIX "/api/v1/"

/* "/api/v1/portraits/…" → the kind. Each pattern of this file begins so. */
static const struct resource *resource_of(struct http_request *request)
{
    const char *plural = request_path(request) + strlen(PATH_PREFIX);

    return resource_find_plural(
        arena_strndup(request_arena(request), plural, strcspn(plural, "/")));
}

static enum workflow_action action_of(struct http_request *request)
{
    const char *word = strrchr(request_path(request), '/') + 1;
    int action = 0;

    while (action < WORKFLOW_ACTIONS - 1 &&
           strcmp(workflow_action_tag((enum workflow_action)action), word) != 0)
        action++;
    return (enum workflow_action)action;
}

/* --- steps ----------------------------------------------------------------------------------- */

struct return_body {
    const char *reason;
};
static const struct form_field return_fields[] = {
    {.name = "reason",
     .type = FORM_TEXT,
     .offset = offsetof(struct return_body, reason),
     .min = 1,
     .max = 1000,
     .required = true,
     .about = "What is to be changed"},
};
static const struct form return_form = {
    .name = "Return", .size = sizeof(struct return_body), FORM_FIELDS(return_fields)};

struct restore_body {
    int64_t revision;
};
static const struct form_field restore_fields[] = {
    {.name = "revision",
     .type = FORM_INT,
     .offset = offsetof(struct restore_body, revision),
     .min = 1,
     .max = 1000000000,
     .required = true,
     .about = "Number in the record's history"},
};
static const struct form restore_form = {
    .name = "Restore", .size = sizeof(struct restore_body), FORM_FIELDS(restore_fields)};

static bool read_body(struct http_request *request, const struct form *form, void *out,
                      struct error *err)
{
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, BODY_MAX, err);

    if (json == NULL)
        return false;
    bool ok = form_decode(form, json, request_arena(request), out, err);
    cJSON_Delete(json);
    return ok;
}

static bool read_step(struct http_request *request, struct workflow_step *step, struct error *err)
{
    struct restore_body restore = {0};
    struct return_body back = {0};

    if (step->action == WORKFLOW_RETURN && !read_body(request, &return_form, &back, err))
        return false;
    if (step->action == WORKFLOW_RESTORE && !read_body(request, &restore_form, &restore, err))
        return false;
    step->reason = back.reason;
    step->revision = restore.revision;
    return true;
}

static void answer_record(struct http_request *request, const struct record_state *state)
{
    struct json_writer writer;
    struct strbuf body;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    workflow_encode(resource_of(request), state, &writer);
    json_end_object(&writer);
    answer_json_tagged(request, ANSWER_OK, &body, state->etag);
    strbuf_finish(&body);
}

static void handle_step(struct http_request *request, void *context)
{
    struct api *api = context;
    struct workflow_step step = {.resource = resource_of(request),
                                 .id = request_param(request, "id"),
                                 .action = action_of(request),
                                 .expected = request_if_match(request)};
    struct record_state state;
    struct error error;

    if (step.expected == NULL) {
        answer_unconditional(request);
        return;
    }
    if (!read_step(request, &step, &error)) {
        answer_problem(request, &error);
        return;
    }
    bool ok =
        workflow_apply(writer_take(&api->writer), request_arena(request), request_identity(request),
                       &step, clock_wall_ms(&api->config.clock), &state, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    publisher_kick(api->publisher);
    answer_record(request, &state);
}

/* --- what was before ------------------------------------------------------------------------- */

static bool before_key(struct http_request *request, int64_t *number_out, struct error *err)
{
    const char *text = asking_text(request, "after");
    char *end;

    *number_out = strtoll(text, &end, 10);
    if (*text == '\0' || (*text >= '1' && *text <= '9' && *end == '\0'))
        return true;
    error_set(err, ERROR_INVALID, "ce n’est la clé d’aucune page", "this is no page's key");
    return error_field(err, "after");
}

static void put_revision(struct json_writer *writer, const struct revision *revision)
{
    json_begin_object(writer, NULL);
    json_put_int(writer, "revision", revision->number);
    json_put_int(writer, "time_ms", revision->time_ms);
    json_put_string(writer, "user", revision->user);
    json_put_string(writer, "action", revision->action);
    json_put_string(writer, "reason", revision->reason);
    json_put_raw(writer, "record", revision->document);
    json_end_object(writer);
}

static void handle_history(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct resource *resource = resource_of(request);
    const char *id = request_param(request, "id"), *next = NULL;
    struct arena *arena = request_arena(request);
    struct revision_list list;
    struct error error;
    int64_t before = 0;
    struct asking_page page;
    size_t limit;

    if (!asking_limit(request, &limit, &error) || !before_key(request, &before, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = workflow_visible(db, arena, request_identity(request), resource, id, &error) &&
              workflow_history(db, arena, resource->kind, id, before, limit + 1, &list, &error) &&
              (list.count > 0 || before > 0 ||
               workflow_load(db, arena, resource, id, &(struct record_state){0}, &error));
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    if (list.count > limit) {
        list.count = limit;
        next = arena_printf(arena, "%lld", (long long)list.items[limit - 1].number);
    }
    asking_begin(&page);
    for (size_t i = 0; i < list.count; i++)
        put_revision(&page.writer, &list.items[i]);
    asking_answer(request, api, &page, next);
}

static void handle_difference(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct resource *resource = resource_of(request);
    const char *id = request_param(request, "id");
    struct arena *arena = request_arena(request);
    struct difference_list list;
    struct record_state state;
    struct error error;
    struct asking_page page;

    struct db *db = readers_take(&api->readers);
    bool ok = workflow_visible(db, arena, request_identity(request), resource, id, &error) &&
              workflow_load(db, arena, resource, id, &state, &error) &&
              workflow_difference(&state, arena, &list, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&page);
    for (size_t i = 0; i < list.count; i++) {
        json_begin_object(&page.writer, NULL);
        json_put_string(&page.writer, "field", list.items[i].field);
        json_put_raw(&page.writer, "before", list.items[i].before);
        json_put_raw(&page.writer, "after", list.items[i].after);
        json_end_object(&page.writer);
    }
    asking_answer(request, api, &page, NULL);
}

/* --- the table ------------------------------------------------------------------------------- */

static const struct api_query page_queries[] = {ASKING_LIMIT, ASKING_AFTER, {.name = NULL}};

#define STEP(kind, plural, word, permission, words)                                                \
    {                                                                                              \
        .http = {HTTP_POST, PATH_PREFIX plural "/{id+}/" word, permission, handle_step, BODY_MAX,  \
                 HTTP_SLOW},                                                                       \
        .about = words, .shape = API_ONE, .gives = &kind##_form, .record = true, .tagged = true    \
    }
#define STEP_WITH(kind, plural, word, permission, words, body)                                     \
    {                                                                                              \
        .http = {HTTP_POST, PATH_PREFIX plural "/{id+}/" word, permission, handle_step, BODY_MAX,  \
                 HTTP_SLOW},                                                                       \
        .about = words, .takes = &(body), .shape = API_ONE, .gives = &kind##_form, .record = true, \
        .tagged = true                                                                             \
    }
#define PAST(plural)                                                                               \
    {                                                                                              \
        .http =                                                                                    \
            {HTTP_GET, PATH_PREFIX plural "/{id+}/history", PERMISSION_READ, handle_history, 0,    \
             HTTP_SLOW},                                                                           \
        .about = "List its revisions, the newest first", .shape = API_PAGE,                        \
        .queries = page_queries                                                                    \
    }
#define CHANGES(plural)                                                                            \
    {                                                                                              \
        .http = {HTTP_GET,                                                                         \
                 PATH_PREFIX plural "/{id+}/difference",                                           \
                 PERMISSION_READ,                                                                  \
                 handle_difference,                                                                \
                 0,                                                                                \
                 HTTP_SLOW},                                                                       \
        .about = "Tell in what its working copy differs from what is published", .shape = API_PAGE \
    }
#define OF_ALL(kind, plural, write)                                                                \
    PAST(plural), CHANGES(plural),                                                                 \
        STEP(kind, plural, "publish", PERMISSION_PUBLISH, "Show it from now on"),                  \
        STEP(kind, plural, "archive", PERMISSION_PUBLISH, "Take it off all screens, put it away"), \
        STEP(kind, plural, "discard", write, "Drop the working copy"),                             \
        STEP(kind, plural, "revive", write, "Begin a draft from the archived one"),                \
        STEP_WITH(kind, plural, "restore", write, "Make an earlier revision the working copy",     \
                  restore_form)
#define OF_REVIEWED(kind, plural)                                                                  \
    OF_ALL(kind, plural, PERMISSION_WRITE),                                                        \
        STEP(kind, plural, "submit", PERMISSION_WRITE, "Ask for approval"),                        \
        STEP(kind, plural, "withdraw", PERMISSION_WRITE, "Take the question back"),                \
        STEP(kind, plural, "approve", PERMISSION_VALIDATE, "Approve what somebody else wrote"),    \
        STEP_WITH(kind, plural, "return", PERMISSION_VALIDATE, "Send it back with a reason",       \
                  return_form)
#define OF_DIRECT(kind, plural)                                                                    \
    PAST(plural), STEP_WITH(kind, plural, "restore", PERMISSION_OPERATE,                           \
                            "Make it again what it was at an earlier revision", restore_form)

static const struct api_route routes[] = {
    OF_REVIEWED(organisation, "organisations"),
    OF_REVIEWED(portrait, "portraits"),
    OF_REVIEWED(event, "events"),
    STEP(event, "events", "cancel", PERMISSION_WRITE, "Cancel it: it leaves the screens at once"),
    OF_REVIEWED(announcement, "announcements"),
    OF_ALL(playlist, "playlists", PERMISSION_PUBLISH),
    OF_ALL(rule, "rules", PERMISSION_PUBLISH),
    OF_DIRECT(screen, "screens"),
    OF_DIRECT(group, "groups"),
    OF_DIRECT(site, "sites"),
};

API_SECTION(section_workflow, "Workflow", routes);
