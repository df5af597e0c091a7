#include "server/api/content.h"

#include <sodium.h>
#include <string.h>

#include "server/store/records.h"

#define PATH_PREFIX "/api/v1/"
#define DOCUMENT_BYTES_MAX ((size_t)1024 * 1024)
#define MADE_ID_LETTERS 12

const struct api_query content_create_queries[] = {
    {"site", API_QUERY_TEXT, "Id of the site it is to belong to; empty: the network"},
    {0},
};

const struct resource *content_kind(struct http_request *request)
{
    const char *plural = request_path(request) + strlen(PATH_PREFIX);

    return resource_find_plural(
        arena_strndup(request_arena(request), plural, strcspn(plural, "/")));
}

/* --- answers --------------------------------------------------------------------------------- */

static void answer_record(struct http_request *request, const struct resource *resource,
                          const struct record_state *record, enum answer_state state)
{
    struct json_writer writer;
    struct strbuf body;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    workflow_encode(resource, record, &writer);
    json_end_object(&writer);
    answer_json_tagged(request, state, &body, record->etag);
    strbuf_finish(&body);
}

void content_get(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct resource *resource = content_kind(request);
    const char *id = request_param(request, "id");
    struct arena *arena = request_arena(request);
    struct record_state record;
    struct error error;

    struct db *db = readers_take(&api->readers);
    bool ok = workflow_visible(db, arena, request_identity(request), resource, id, &error) &&
              workflow_load(db, arena, resource, id, &record, &error);
    readers_give(&api->readers, db);
    if (!ok)
        answer_problem(request, &error);
    else if (request_has_etag(request, record.etag))
        answer_not_modified(request, record.etag);
    else
        answer_record(request, resource, &record, ANSWER_OK);
}

/* --- lists ----------------------------------------------------------------------------------- */

static bool read_state(struct http_request *request, int *state_out, struct error *err)
{
    const char *text = asking_text(request, "state");
    enum state state;

    *state_out = -1;
    if (text[0] == '\0')
        return true;
    if (!state_parse(text, &state)) {
        error_set(err, ERROR_INVALID,
                  "« %.40s » n’est pas un état ; il y a draft, submitted, approved, published et "
                  "archived",
                  "\"%.40s\" is no state; there are draft, submitted, approved, published and "
                  "archived",
                  text);
        return error_field(err, "state");
    }
    *state_out = (int)state;
    return true;
}

static bool read_page(struct http_request *request, const struct resource *resource,
                      struct resource_page *page, struct error *err)
{
    const struct user *user = request_identity(request);

    *page = (struct resource_page){.after = asking_text(request, "after"),
                                   .site = asking_text(request, "site"),
                                   .organisation = asking_text(request, "organisation"),
                                   .commune = asking_text(request, "commune"),
                                   .sector = asking_text(request, "sector")};
    if (resource->hidden)
        page->sites = user->sites;
    return read_state(request, &page->state, err) && asking_limit(request, &page->limit, err);
}

/* One more than the page holds tells whether another follows. */
static bool write_page(struct db *db, struct arena *arena, const struct resource *resource,
                       const struct resource_page *page, struct json_writer *writer,
                       const char **next_out, struct error *err)
{
    struct resource_page more = *page;
    struct text_list ids;

    *next_out = NULL;
    more.limit++;
    if (!resource_list(db, arena, resource, &more, &ids, err))
        return false;
    for (size_t i = 0; i < ids.count && i < page->limit; i++) {
        struct record_state record;
        if (!workflow_load(db, arena, resource, ids.items[i], &record, err))
            return false;
        json_begin_object(writer, NULL);
        workflow_encode(resource, &record, writer);
        json_end_object(writer);
    }
    if (ids.count > page->limit)
        *next_out = ids.items[page->limit - 1];
    return true;
}

void content_list(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct resource *resource = content_kind(request);
    struct resource_page page;
    struct asking_page answer;
    const char *next;
    struct error error;

    if (!read_page(request, resource, &page, &error)) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&answer);
    struct db *db = readers_take(&api->readers);
    bool ok =
        write_page(db, request_arena(request), resource, &page, &answer.writer, &next, &error);
    readers_give(&api->readers, db);
    if (ok) {
        asking_answer(request, api, &answer, next);
        return;
    }
    asking_drop(&answer);
    answer_problem(request, &error);
}

/* --- changes --------------------------------------------------------------------------------- */

/* Without vowels, so that chance writes no words. */
static const char *make_id(struct arena *arena, const struct resource *resource)
{
    static const char letters[] = "bcdfghjklmnpqrstvwxz23456789";
    char random[MADE_ID_LETTERS + 1];

    for (size_t i = 0; i < MADE_ID_LETTERS; i++)
        random[i] = letters[randombytes_uniform(sizeof(letters) - 1)];
    random[MADE_ID_LETTERS] = '\0';
    return arena_printf(arena, "%s-%s", resource->kind, random);
}

static const char *value_id(const struct resource *resource, const void *value)
{
    return *(const char *const *)(const void *)((const char *)value +
                                                resource->form->fields[0].offset);
}

/* A body without an id gets `id`. */
static bool read_body(struct http_request *request, const struct resource *resource, const char *id,
                      void **value_out, struct error *err)
{
    struct arena *arena = request_arena(request);
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, DOCUMENT_BYTES_MAX, err);

    if (json == NULL)
        return false;
    if (cJSON_IsObject(json) && !cJSON_HasObjectItem(json, "id"))
        cJSON_AddStringToObject(json, "id", id);
    *value_out = arena_alloc(arena, resource->form->size);
    bool ok = form_decode(resource->form, json, arena, *value_out, err);
    cJSON_Delete(json);
    return ok;
}

static bool apply(struct http_request *request, struct api *api, const struct workflow_step *step,
                  struct record_state *record, struct error *err)
{
    bool ok =
        workflow_apply(writer_take(&api->writer), request_arena(request), request_identity(request),
                       step, clock_wall_ms(&api->config.clock), record, err);

    writer_give(&api->writer);
    /* Of others a draft changes, which no screen shows. */
    if (ok && (step->resource->direct || step->action == WORKFLOW_DELETE))
        publisher_kick(api->publisher);
    return ok;
}

/* Where it is when the record itself says so, else what was asked; NULL: nothing was. */
static const char *chosen_site(struct http_request *request, const struct resource *resource,
                               const void *value)
{
    struct resource_facets facets = {NULL, "", "", {0}};

    if (resource->facets != NULL)
        resource->facets(value, &facets);
    return facets.site != NULL ? facets.site : request_query(request, "site");
}

void content_create(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct resource *resource = content_kind(request);
    struct arena *arena = request_arena(request);
    struct record_state record;
    struct error error;
    void *value;

    if (!read_body(request, resource, make_id(arena, resource), &value, &error)) {
        answer_problem(request, &error);
        return;
    }
    const struct workflow_step step = {.resource = resource,
                                       .id = value_id(resource, value),
                                       .action = WORKFLOW_CREATE,
                                       .value = value,
                                       .site = chosen_site(request, resource, value)};
    if (!apply(request, api, &step, &record, &error)) {
        answer_problem(request, &error);
        return;
    }
    answer_header(
        request, "Location",
        arena_printf(arena, PATH_PREFIX "%s/%s", resource->plural, asking_escape(arena, step.id)));
    answer_record(request, resource, &record, ANSWER_CREATED);
}

void content_replace(struct http_request *request, void *context)
{
    struct api *api = context;
    struct workflow_step step = {.resource = content_kind(request),
                                 .id = request_param(request, "id"),
                                 .action = WORKFLOW_EDIT,
                                 .expected = request_if_match(request)};
    struct record_state record;
    struct error error;
    void *value;

    if (step.expected == NULL) {
        answer_unconditional(request);
        return;
    }
    if (!read_body(request, step.resource, step.id, &value, &error)) {
        answer_problem(request, &error);
        return;
    }
    step.value = value;
    if (apply(request, api, &step, &record, &error))
        answer_record(request, step.resource, &record, ANSWER_OK);
    else
        answer_problem(request, &error);
}

void content_delete(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct workflow_step step = {.resource = content_kind(request),
                                       .id = request_param(request, "id"),
                                       .action = WORKFLOW_DELETE,
                                       .expected = request_if_match(request)};
    struct record_state record;
    struct error error;

    if (step.expected == NULL)
        answer_unconditional(request);
    else if (apply(request, api, &step, &record, &error))
        answer_empty(request);
    else
        answer_problem(request, &error);
}
