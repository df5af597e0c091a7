/* What waits for approval, and the trail of who did what. */
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "server/api/asking.h"
#include "server/records/workflow.h"
#include "server/store/audit_trail.h"
#include "server/store/records.h"

static bool refuse_query(const char *name, struct error *err)
{
    error_set(err, ERROR_INVALID, "valeur inadmissible", "this value is not allowed");
    return error_field(err, name);
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
    const char *mine = asking_text(request, "mine"), *after = asking_text(request, "after");
    char *end;

    *out = (struct approvals_query){.after_ms = INT64_MIN, .after_kind = "", .after_id = ""};
    if (strcmp(mine, "true") == 0)
        out->mine = MINE_ONLY;
    else if (strcmp(mine, "false") == 0)
        out->mine = MINE_NOT;
    else if (mine[0] != '\0')
        return refuse_query("mine", err);
    if (!asking_limit(request, &out->limit, err))
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

struct waiting {
    struct record_row row;
    bool mine;
};

#define AT(member) .offset = offsetof(struct waiting, member)
static const struct form_field waiting_fields[] = {
    {.name = "kind", .type = FORM_LINE, AT(row.kind), .max = 32, .read_only = true},
    {.name = "id", .type = FORM_LINE, AT(row.id), .max = 300, .read_only = true},
    {.name = "title", .type = FORM_LINE, AT(row.title), .max = 300, .read_only = true},
    {.name = "site", .type = FORM_LINE, AT(row.site), .max = 64, .read_only = true},
    {.name = "author", .type = FORM_LINE, AT(row.author), .max = 64, .read_only = true},
    {.name = "editor", .type = FORM_LINE, AT(row.editor), .max = 64, .read_only = true},
    {.name = "submitter", .type = FORM_LINE, AT(row.submitter), .max = 64, .read_only = true},
    {.name = "since_ms",
     .type = FORM_INT,
     AT(row.updated_ms),
     .max = INT64_C(1) << 53,
     .read_only = true},
    {.name = "mine",
     .type = FORM_BOOL,
     AT(mine),
     .read_only = true,
     .about = "Who asks may approve it"},
};
#undef AT
static const struct form waiting_form = {
    .name = "Waiting", .size = sizeof(struct waiting), FORM_FIELDS(waiting_fields)};

static void put_waiting(struct json_writer *writer, const struct record_row *row, bool mine)
{
    struct waiting waiting = {*row, mine};

    json_begin_object(writer, NULL);
    form_encode(&waiting_form, &waiting, writer);
    json_end_object(writer);
}

/* One more than the limit tells whether there is a next page. */
static bool collect_waiting(struct db *db, struct arena *arena, const struct user *user,
                            struct approvals_query *query, struct asking_page *page,
                            const char **next_out, struct error *err)
{
    struct record_row_list rows = {.count = 1};
    const char *last = NULL;
    size_t count = 0;

    *next_out = NULL;
    while (rows.count > 0) {
        if (!records_waiting(db, arena, STATE_SUBMITTED, query->after_ms, query->after_kind,
                             query->after_id, ASKING_PAGE_MAX, &rows, err))
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
    struct asking_page page;

    if (!read_approvals(request, &query, &error)) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&page);
    struct db *db = readers_take(&api->readers);
    bool ok = collect_waiting(db, request_arena(request), request_identity(request), &query, &page,
                              &next, &error);
    readers_give(&api->readers, db);
    if (ok) {
        asking_answer(request, api, &page, next);
    } else {
        asking_drop(&page);
        answer_problem(request, &error);
    }
}

/* --- who did what ---------------------------------------------------------------------------- */

#define AT(member) .offset = offsetof(struct audit_line, member)
static const struct form_field line_fields[] = {
    {.name = "number", .type = FORM_INT, AT(number), .max = INT64_C(1) << 53, .read_only = true},
    {.name = "time_ms", .type = FORM_INT, AT(time_ms), .max = INT64_C(1) << 53, .read_only = true},
    {.name = "user",
     .type = FORM_LINE,
     AT(user),
     .max = 64,
     .read_only = true,
     .about = "Empty for the program itself"},
    {.name = "action", .type = FORM_LINE, AT(action), .max = 64, .read_only = true},
    {.name = "subject", .type = FORM_LINE, AT(subject), .max = 300, .read_only = true},
    {.name = "detail", .type = FORM_TEXT, AT(detail), .max = 4000, .read_only = true},
};
#undef AT
static const struct form line_form = {
    .name = "AuditLine", .size = sizeof(struct audit_line), FORM_FIELDS(line_fields)};

static bool read_audit(struct http_request *request, struct audit_page *out, struct error *err)
{
    const char *after = asking_text(request, "after");
    char *end;

    *out = (struct audit_page){.user = asking_text(request, "user"),
                               .action = asking_text(request, "action"),
                               .subject = asking_text(request, "subject")};
    if (!asking_limit(request, &out->limit, err))
        return false;
    out->before = strtoll(after, &end, 10);
    if (*after != '\0' && (*after < '1' || *after > '9' || *end != '\0'))
        return refuse_query("after", err);
    /* Their form was looked at before, by the route's table. */
    if (!civil_parse_instant(asking_text(request, "from"), &out->from_ms))
        out->from_ms = 0;
    if (!civil_parse_instant(asking_text(request, "until"), &out->until_ms))
        out->until_ms = 0;
    return true;
}

static void handle_audit(struct http_request *request, void *context)
{
    struct api *api = context;
    struct audit_page query;
    struct audit_line_list list;
    const char *next = NULL;
    struct error error;
    struct asking_page page;

    if (!read_audit(request, &query, &error)) {
        answer_problem(request, &error);
        return;
    }
    size_t limit = query.limit++;
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
    asking_begin(&page);
    for (size_t i = 0; i < list.count; i++) {
        json_begin_object(&page.writer, NULL);
        form_encode(&line_form, &list.items[i], &page.writer);
        json_end_object(&page.writer);
    }
    asking_answer(request, api, &page, next);
}

/* --- the table ------------------------------------------------------------------------------- */

static const struct api_query approvals_queries[] = {
    {"mine", API_QUERY_TEXT, "true: what I may approve; false: what I may not"},
    ASKING_LIMIT,
    ASKING_AFTER,
    {.name = NULL},
};
static const struct api_query audit_queries[] = {
    {"user", API_QUERY_TEXT, "Who"},
    {"action", API_QUERY_TEXT, "What: portrait.publish, or portrait. for all that begin so"},
    {"subject", API_QUERY_TEXT, "Id of what it was done to"},
    {"from", API_QUERY_INSTANT, "At this instant or later"},
    {"until", API_QUERY_INSTANT, "Before this instant"},
    ASKING_LIMIT,
    ASKING_AFTER,
    {.name = NULL},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/approvals", PERMISSION_READ, handle_approvals, 0, HTTP_SLOW},
     .about = "List what waits for approval, the longest wait first",
     .shape = API_PAGE,
     .gives = &waiting_form,
     .queries = approvals_queries},
    {.http = {HTTP_GET, "/api/v1/audit", PERMISSION_AUDIT, handle_audit, 0, HTTP_SLOW},
     .about = "List who did what, the newest first",
     .shape = API_PAGE,
     .gives = &line_form,
     .queries = audit_queries},
};

API_SECTION(section_approvals, "Approvals and audit", routes);
