/* Records on their way from draft to archive: one route per step and kind, what waits for approval,
 * what changed, and the trail of who did what. */
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/json.h"
#include "server/api/internal.h"
#include "server/api/routes.h"
#include "server/records/workflow.h"
#include "server/store/audit_trail.h"
#include "server/store/records.h"

#define BODY_MAX 8192
#define PAGE_DEFAULT 50
#define PATH_PREFIX "/api/v1/"

/* --- what is asked --------------------------------------------------------------------------- */

static bool refuse_query(const char *name, struct error *err)
{
    error_set(err, ERROR_INVALID, "valeur inadmissible", "this value is not allowed");
    return error_field(err, name);
}

static bool query_number(struct http_request *request, const char *name, int64_t min, int64_t max,
                         int64_t *value_out, struct error *err)
{
    const char *text = request_query(request, name);
    char *end;

    if (text == NULL)
        return true;
    long long value = strtoll(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < min || value > max)
        return refuse_query(name, err);
    *value_out = value;
    return true;
}

static bool query_limit(struct http_request *request, size_t *limit_out, struct error *err)
{
    int64_t limit = PAGE_DEFAULT;

    if (!query_number(request, "limit", 1, RESOURCE_PAGE_MAX, &limit, err))
        return false;
    *limit_out = (size_t)limit;
    return true;
}

static bool query_instant(struct http_request *request, const char *name, int64_t *ms_out,
                          struct error *err)
{
    const char *text = request_query(request, name);

    return text == NULL || civil_parse_instant(text, ms_out) || refuse_query(name, err);
}

static const char *query_text(struct http_request *request, const char *name)
{
    const char *text = request_query(request, name);

    return text != NULL ? text : "";
}

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

/* --- lists ----------------------------------------------------------------------------------- */

struct page {
    struct strbuf body;
    struct json_writer writer;
};

static void begin_page(struct page *page)
{
    strbuf_init(&page->body);
    json_writer_init(&page->writer, &page->body);
    json_begin_object(&page->writer, NULL);
    json_begin_array(&page->writer, "items");
}

/* next NULL: this is the last one. The arguments of this question are asked again with it. */
static void answer_page(struct http_request *request, struct page *page, const char *next)
{
    json_end_array(&page->writer);
    json_put_string(&page->writer, "next", next);
    json_end_object(&page->writer);
    if (next != NULL)
        answer_header(request, "Link",
                      arena_printf(request_arena(request), "<%s?after=%s>; rel=\"next\"",
                                   request_path(request), next));
    answer_json(request, ANSWER_OK, &page->body);
    strbuf_finish(&page->body);
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
    struct page page;
    size_t limit;

    if (!query_limit(request, &limit, &error) ||
        !query_number(request, "after", 1, INT64_MAX, &before, &error)) {
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
    begin_page(&page);
    for (size_t i = 0; i < list.count; i++)
        put_revision(&page.writer, &list.items[i]);
    answer_page(request, &page, next);
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
    struct page page;

    struct db *db = readers_take(&api->readers);
    bool ok = workflow_visible(db, arena, request_identity(request), resource, id, &error) &&
              workflow_load(db, arena, resource, id, &state, &error) &&
              workflow_difference(&state, arena, &list, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    begin_page(&page);
    for (size_t i = 0; i < list.count; i++) {
        json_begin_object(&page.writer, NULL);
        json_put_string(&page.writer, "field", list.items[i].field);
        json_put_raw(&page.writer, "before", list.items[i].before);
        json_put_raw(&page.writer, "after", list.items[i].after);
        json_end_object(&page.writer);
    }
    answer_page(request, &page, NULL);
}

/* --- what waits ------------------------------------------------------------------------------ */

enum mine { MINE_ALL, MINE_ONLY, MINE_NOT };

struct approvals_query {
    enum mine mine;
    size_t limit;
    int64_t after_ms;
    const char *after_kind;
    const char *after_id;
};

/* after: "1763967000000.portrait.id". */
static bool read_approvals(struct http_request *request, struct approvals_query *out,
                           struct error *err)
{
    const char *mine = query_text(request, "mine"), *after = query_text(request, "after");
    char *end;

    *out = (struct approvals_query){.after_ms = INT64_MIN, .after_kind = "", .after_id = ""};
    if (strcmp(mine, "true") == 0)
        out->mine = MINE_ONLY;
    else if (strcmp(mine, "false") == 0)
        out->mine = MINE_NOT;
    else if (mine[0] != '\0')
        return refuse_query("mine", err);
    if (!query_limit(request, &out->limit, err))
        return false;
    if (after[0] == '\0')
        return true;
    out->after_ms = strtoll(after, &end, 10);
    const char *dot = *end == '.' ? strchr(end + 1, '.') : NULL;
    if (*after < '0' || *after > '9' || dot == NULL)
        return refuse_query("after", err);
    out->after_kind = arena_strndup(request_arena(request), end + 1, (size_t)(dot - end - 1));
    out->after_id = dot + 1;
    return true;
}

static void put_waiting(struct json_writer *writer, const struct record_row *row, bool mine)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "kind", row->kind);
    json_put_string(writer, "id", row->id);
    json_put_string(writer, "title", row->title);
    json_put_string(writer, "site", row->site);
    json_put_string(writer, "author", row->author);
    json_put_string(writer, "editor", row->editor);
    json_put_string(writer, "submitter", row->submitter);
    json_put_int(writer, "since_ms", row->updated_ms);
    json_put_bool(writer, "mine", mine);
    json_end_object(writer);
}

/* One more than the limit tells whether there is a next page. */
static bool collect_waiting(struct db *db, struct arena *arena, const struct user *user,
                            struct approvals_query *query, struct page *page, const char **next_out,
                            struct error *err)
{
    struct record_row_list rows = {.count = 1};
    const char *last = NULL;
    size_t count = 0;

    *next_out = NULL;
    while (rows.count > 0) {
        if (!records_waiting(db, arena, STATE_SUBMITTED, query->after_ms, query->after_kind,
                             query->after_id, RESOURCE_PAGE_MAX, &rows, err))
            return false;
        for (size_t i = 0; i < rows.count; i++) {
            const struct record_row *row = &rows.items[i];
            bool mine;
            if (!workflow_may_approve(db, arena, user, row, &mine, err))
                return false;
            query->after_ms = row->updated_ms;
            query->after_kind = row->kind;
            query->after_id = row->id;
            if (query->mine != MINE_ALL && mine != (query->mine == MINE_ONLY))
                continue;
            if (count == query->limit) {
                *next_out = last;
                return true;
            }
            put_waiting(&page->writer, row, mine);
            last =
                arena_printf(arena, "%lld.%s.%s", (long long)row->updated_ms, row->kind, row->id);
            count++;
        }
    }
    return true;
}

static void handle_approvals(struct http_request *request, void *context)
{
    struct api *api = context;
    struct approvals_query query;
    const char *next = NULL;
    struct error error;
    struct page page;

    if (!read_approvals(request, &query, &error)) {
        answer_problem(request, &error);
        return;
    }
    begin_page(&page);
    struct db *db = readers_take(&api->readers);
    bool ok = collect_waiting(db, request_arena(request), request_identity(request), &query, &page,
                              &next, &error);
    readers_give(&api->readers, db);
    if (ok) {
        answer_page(request, &page, next);
    } else {
        strbuf_finish(&page.body);
        answer_problem(request, &error);
    }
}

/* --- who did what ---------------------------------------------------------------------------- */

static void put_line(struct json_writer *writer, const struct audit_line *line)
{
    json_begin_object(writer, NULL);
    json_put_int(writer, "number", line->number);
    json_put_int(writer, "time_ms", line->time_ms);
    json_put_string(writer, "user", line->user);
    json_put_string(writer, "action", line->action);
    json_put_string(writer, "subject", line->subject);
    json_put_string(writer, "detail", line->detail);
    json_end_object(writer);
}

static void handle_audit(struct http_request *request, void *context)
{
    struct api *api = context;
    struct audit_page query = {.user = query_text(request, "user"),
                               .action = query_text(request, "action"),
                               .subject = query_text(request, "subject")};
    struct audit_line_list list;
    const char *next = NULL;
    struct error error;
    struct page page;
    size_t limit;

    if (!query_limit(request, &limit, &error) ||
        !query_number(request, "after", 1, INT64_MAX, &query.before, &error) ||
        !query_instant(request, "from", &query.from_ms, &error) ||
        !query_instant(request, "until", &query.until_ms, &error)) {
        answer_problem(request, &error);
        return;
    }
    query.limit = limit + 1;
    struct db *db = readers_take(&api->readers);
    bool ok = audit_trail_page(db, request_arena(request), &query, &list, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    if (list.count > limit) {
        list.count = limit;
        next =
            arena_printf(request_arena(request), "%lld", (long long)list.items[limit - 1].number);
    }
    begin_page(&page);
    for (size_t i = 0; i < list.count; i++)
        put_line(&page.writer, &list.items[i]);
    answer_page(request, &page, next);
}

/* --- the table ------------------------------------------------------------------------------- */

static const struct api_query page_queries[] = {
    {"limit", API_QUERY_INT, "How many, 200 at most; else 50"},
    {"after", API_QUERY_TEXT, "Key of the page before"},
    {NULL, API_QUERY_TEXT, NULL},
};
static const struct api_query approvals_queries[] = {
    {"mine", API_QUERY_TEXT, "true: what I may approve; false: what I may not"},
    {"limit", API_QUERY_INT, "How many, 200 at most; else 50"},
    {"after", API_QUERY_TEXT, "Key of the page before"},
    {NULL, API_QUERY_TEXT, NULL},
};
static const struct api_query audit_queries[] = {
    {"user", API_QUERY_TEXT, "Who"},
    {"action", API_QUERY_TEXT, "What: portrait.publish, or portrait. for all that begin so"},
    {"subject", API_QUERY_TEXT, "Id of what it was done to"},
    {"from", API_QUERY_INSTANT, "At this instant or later"},
    {"until", API_QUERY_INSTANT, "Before this instant"},
    {"limit", API_QUERY_INT, "How many, 200 at most; else 50"},
    {"after", API_QUERY_TEXT, "Key of the page before"},
    {NULL, API_QUERY_TEXT, NULL},
};

#define STEP(plural, word, permission, words)                                                      \
    {                                                                                              \
        .http = {HTTP_POST, PATH_PREFIX plural "/{id}/" word, permission, handle_step, BODY_MAX,   \
                 HTTP_SLOW},                                                                       \
        .about = words, .shape = API_OBJECT, .tagged = true                                        \
    }
#define STEP_WITH(plural, word, permission, words, body)                                           \
    {                                                                                              \
        .http = {HTTP_POST, PATH_PREFIX plural "/{id}/" word, permission, handle_step, BODY_MAX,   \
                 HTTP_SLOW},                                                                       \
        .about = words, .takes = &(body), .shape = API_OBJECT, .tagged = true                      \
    }
#define PAST(plural)                                                                               \
    {                                                                                              \
        .http = {HTTP_GET, PATH_PREFIX plural "/{id}/history", PERMISSION_READ, handle_history, 0, \
                 HTTP_SLOW},                                                                       \
        .about = "List its revisions, the newest first", .shape = API_PAGE,                        \
        .queries = page_queries                                                                    \
    }
#define COPIES(plural)                                                                             \
    PAST(plural),                                                                                  \
    {                                                                                              \
        .http = {HTTP_GET,                                                                         \
                 PATH_PREFIX plural "/{id}/difference",                                            \
                 PERMISSION_READ,                                                                  \
                 handle_difference,                                                                \
                 0,                                                                                \
                 HTTP_SLOW},                                                                       \
        .about = "Tell in what its working copy differs from what is published", .shape = API_PAGE \
    }
#define OF_ALL(plural, write)                                                                      \
    COPIES(plural), STEP(plural, "publish", PERMISSION_PUBLISH, "Show it from now on"),            \
        STEP(plural, "archive", PERMISSION_PUBLISH, "Take it off all screens and put it away"),    \
        STEP(plural, "discard", write, "Drop the working copy"),                                   \
        STEP(plural, "revive", write, "Begin a draft from the archived one"),                      \
        STEP_WITH(plural, "restore", write, "Make an earlier revision the working copy",           \
                  restore_form)
#define OF_REVIEWED(plural)                                                                        \
    OF_ALL(plural, PERMISSION_WRITE),                                                              \
        STEP(plural, "submit", PERMISSION_WRITE, "Ask for approval"),                              \
        STEP(plural, "withdraw", PERMISSION_WRITE, "Take the question back"),                      \
        STEP(plural, "approve", PERMISSION_VALIDATE, "Approve what somebody else wrote"),          \
        STEP_WITH(plural, "return", PERMISSION_VALIDATE, "Send it back with a reason",             \
                  return_form)
#define OF_DIRECT(plural)                                                                          \
    PAST(plural), STEP_WITH(plural, "restore", PERMISSION_OPERATE,                                 \
                            "Make it again what it was at an earlier revision", restore_form)

static const struct api_route routes[] = {
    OF_REVIEWED("organisations"),
    OF_REVIEWED("portraits"),
    OF_REVIEWED("events"),
    STEP("events", "cancel", PERMISSION_WRITE, "Cancel it: it leaves the screens at once"),
    OF_REVIEWED("announcements"),
    OF_ALL("playlists", PERMISSION_PUBLISH),
    OF_ALL("rules", PERMISSION_PUBLISH),
    OF_DIRECT("screens"),
    OF_DIRECT("groups"),
    OF_DIRECT("sites"),
    {.http = {HTTP_GET, "/api/v1/approvals", PERMISSION_READ, handle_approvals, 0, HTTP_SLOW},
     .about = "List what waits for approval, the longest wait first",
     .shape = API_PAGE,
     .queries = approvals_queries},
    {.http = {HTTP_GET, "/api/v1/audit", PERMISSION_AUDIT, handle_audit, 0, HTTP_SLOW},
     .about = "List who did what, the newest first",
     .shape = API_PAGE,
     .queries = audit_queries},
};

API_SECTION(section_workflow, "Workflow", routes);
