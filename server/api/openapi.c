#include "server/api/openapi.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "core/hash.h"
#include "core/json.h"
#include "server/api/internal.h"
#include "server/api/routes.h"

#define FORMS_MAX 128
#define SCHEMAS "#/components/schemas/"
#define ETAG_LENGTH 32

static const char *const methods[HTTP_METHODS] = {
    [HTTP_GET] = "get",     [HTTP_POST] = "post",     [HTTP_PUT] = "put",
    [HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete", [HTTP_OPTIONS] = "options",
};

/* What is told besides a record's own fields (workflow_encode). */
static const char record_members[] =
    "{\"type\":\"object\",\"properties\":{"
    "\"state\":{\"enum\":[\"draft\",\"submitted\",\"approved\",\"published\",\"archived\"],"
    "\"description\":\"Of the working copy, else of the record\"},"
    "\"live\":{\"type\":\"boolean\",\"description\":\"A published version is shown\"},"
    "\"working_copy\":{\"type\":\"boolean\",\"description\":\"It differs from what is shown\"},"
    "\"site\":{\"type\":\"string\",\"description\":\"Whose it is; empty: the network's\"},"
    "\"author\":{\"type\":\"string\"},\"editor\":{\"type\":\"string\"},"
    "\"reviewer\":{\"type\":\"string\"},\"reason\":{\"type\":\"string\"},"
    "\"created_ms\":{\"type\":\"integer\"},\"updated_ms\":{\"type\":\"integer\"}},"
    "\"required\":[\"state\",\"live\",\"working_copy\",\"site\",\"author\",\"editor\",\"reviewer\","
    "\"reason\",\"created_ms\",\"updated_ms\"]}";

static const char problem[] =
    "{\"type\":\"object\",\"description\":\"RFC 9457, in French or in English by "
    "Accept-Language\",\"properties\":{\"type\":{\"type\":\"string\"},"
    "\"title\":{\"type\":\"string\"},\"status\":{\"type\":\"integer\"},"
    "\"detail\":{\"type\":\"string\"},"
    "\"field\":{\"type\":\"string\",\"description\":\"At fault, as a path: photo.credit\"},"
    "\"line\":{\"type\":\"integer\"}},\"required\":[\"type\",\"title\",\"status\",\"detail\"]}";

static const char security_schemes[] =
    "{\"session\":{\"type\":\"apiKey\",\"in\":\"cookie\",\"name\":\"__Host-vitrine\","
    "\"description\":\"What POST /api/v1/session gives; without TLS its name is "
    "vitrine_session\"},"
    "\"csrf\":{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-CSRF-Token\","
    "\"description\":\"Of the session, for what changes something\"},"
    "\"device\":{\"type\":\"http\",\"scheme\":\"bearer\",\"description\":\"An enrolled player's "
    "token\"}}";

static bool is_unsafe(const struct api_route *route)
{
    return route->http.method != HTTP_GET && route->http.method != HTTP_OPTIONS;
}

static bool has_body(const struct api_route *route)
{
    return route->takes != NULL || route->takes_type != NULL ||
           (is_unsafe(route) && route->http.body_max > 0);
}

/* --- one operation --------------------------------------------------------------------------- */

/* "GET /api/v1/portraits/{id}" → "getPortraitsId". */
static void put_operation_id(struct json_writer *writer, const struct api_route *route)
{
    const char *path = route->http.pattern;
    struct strbuf id;
    bool capital = true;

    strbuf_init(&id);
    strbuf_append(&id, methods[route->http.method]);
    if (strncmp(path, "/api/v1", 7) == 0)
        path += 7;
    else
        strbuf_append(&id, "Site");
    for (; *path != '\0'; path++) {
        if (isalnum((unsigned char)*path))
            strbuf_append_char(&id, (char)(capital ? toupper((unsigned char)*path) : *path));
        capital = !isalnum((unsigned char)*path);
    }
    if (route->http.pattern[strlen(route->http.pattern) - 1] == '/')
        strbuf_append(&id, "Root");
    json_put_string(writer, "operationId", id.bytes);
    strbuf_finish(&id);
}

static void put_parameter(struct json_writer *writer, const char *name, const char *in,
                          bool required, const char *schema, const char *about)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "name", name);
    json_put_string(writer, "in", in);
    if (required)
        json_put_bool(writer, "required", true);
    json_put_raw(writer, "schema", schema);
    if (about != NULL)
        json_put_string(writer, "description", about);
    json_end_object(writer);
}

static void put_path_parameters(struct json_writer *writer, const char *pattern)
{
    for (const char *at = pattern; (at = strchr(at, '{')) != NULL; at++) {
        char name[64];
        size_t length = strcspn(at + 1, "*+}");
        assert(length < sizeof(name));
        memcpy(name, at + 1, length);
        name[length] = '\0';
        put_parameter(writer, name, "path", true, "{\"type\":\"string\"}", NULL);
    }
}

static void put_parameters(struct json_writer *writer, const struct api_route *route)
{
    static const char *const schemas[] = {
        [API_QUERY_TEXT] = "{\"type\":\"string\"}",
        [API_QUERY_INT] = "{\"type\":\"integer\",\"minimum\":0}",
        [API_QUERY_DATE] = "{\"type\":\"string\",\"format\":\"date\"}",
        [API_QUERY_INSTANT] = "{\"type\":\"string\",\"format\":\"date-time\"}",
    };
    const struct api_query *query = route->queries;

    json_begin_array(writer, "parameters");
    put_path_parameters(writer, route->http.pattern);
    for (; query != NULL && query->name != NULL; query++)
        put_parameter(writer, query->name, "query", false, schemas[query->type], query->about);
    if (route->tagged && is_unsafe(route) && !route->created)
        put_parameter(writer, "If-Match", "header", true, "{\"type\":\"string\"}",
                      "The entity tag of what was read");
    if (route->tagged && !is_unsafe(route))
        put_parameter(writer, "If-None-Match", "header", false, "{\"type\":\"string\"}", NULL);
    json_end_array(writer);
}

/* A form has up to three schemas: as a body, as an answer, and as a record's answer. */
static void put_reference(struct json_writer *writer, const char *key, const struct form *form,
                          const char *suffix)
{
    struct strbuf target;

    strbuf_init(&target);
    strbuf_printf(&target, SCHEMAS "%s%s", form->name, suffix);
    json_begin_object(writer, key);
    json_put_string(writer, "$ref", target.bytes);
    json_end_object(writer);
    strbuf_finish(&target);
}

static void put_body(struct json_writer *writer, const struct api_route *route)
{
    json_begin_object(writer, "requestBody");
    json_put_bool(writer, "required", route->takes != NULL);
    json_begin_object(writer, "content");
    json_begin_object(writer, route->takes_type != NULL ? route->takes_type : "application/json");
    if (route->takes != NULL)
        put_reference(writer, "schema", route->takes, "");
    json_end_object(writer);
    json_end_object(writer);
    json_end_object(writer);
}

static void put_members(struct json_writer *writer, const char *key,
                        const struct api_member *members);

static void put_member_type(struct json_writer *writer, const struct api_member *member)
{
    static const char *const types[] = {
        [API_TEXT] = "string",  [API_INT] = "integer", [API_NUMBER] = "number",
        [API_BOOL] = "boolean", [API_TEXTS] = "array", [API_PARTS] = "array",
    };

    if (member->nullable) {
        json_begin_array(writer, "type");
        json_put_string(writer, NULL, types[member->type]);
        json_put_string(writer, NULL, "null");
        json_end_array(writer);
    } else {
        json_put_string(writer, "type", types[member->type]);
    }
    if (member->type == API_TEXTS)
        json_put_raw(writer, "items", "{\"type\":\"string\"}");
    else if (member->type == API_PARTS)
        put_members(writer, "items", member->parts);
}

static void put_member(struct json_writer *writer, const struct api_member *member)
{
    json_begin_object(writer, member->name);
    if (member->type != API_PART) {
        put_member_type(writer, member);
    } else {
        json_begin_array(writer, "anyOf");
        put_members(writer, NULL, member->parts);
        if (member->nullable)
            json_put_raw(writer, NULL, "{\"type\":\"null\"}");
        json_end_array(writer);
    }
    if (member->about != NULL)
        json_put_string(writer, "description", member->about);
    json_end_object(writer);
}

static void put_members(struct json_writer *writer, const char *key,
                        const struct api_member *members)
{
    json_begin_object(writer, key);
    json_put_string(writer, "type", "object");
    json_begin_object(writer, "properties");
    for (const struct api_member *member = members; member->name != NULL; member++)
        put_member(writer, member);
    json_end_object(writer);
    json_begin_array(writer, "required");
    for (const struct api_member *member = members; member->name != NULL; member++) {
        if (!member->optional)
            json_put_string(writer, NULL, member->name);
    }
    json_end_array(writer);
    json_end_object(writer);
}

static void put_given(struct json_writer *writer, const char *key, const struct api_route *route)
{
    const char *suffix = route->record ? "Record" : "Answer";

    if (route->gives != NULL && route->members != NULL) {
        json_begin_object(writer, key);
        json_begin_array(writer, "allOf");
        put_reference(writer, NULL, route->gives, suffix);
        put_members(writer, NULL, route->members);
        json_end_array(writer);
        json_end_object(writer);
    } else if (route->gives != NULL) {
        put_reference(writer, key, route->gives, suffix);
    } else if (route->members != NULL) {
        put_members(writer, key, route->members);
    } else {
        json_put_raw(writer, key, "{\"type\":\"object\"}");
    }
}

static void put_page(struct json_writer *writer, const struct api_route *route)
{
    json_begin_object(writer, "schema");
    json_put_string(writer, "type", "object");
    json_begin_object(writer, "properties");
    json_begin_object(writer, "items");
    json_put_string(writer, "type", "array");
    put_given(writer, "items", route);
    json_end_object(writer);
    json_put_raw(writer, "next",
                 "{\"type\":[\"string\",\"null\"],\"description\":\"For after, when more follows; "
                 "also the Link header rel=next\"}");
    json_end_object(writer);
    json_put_raw(writer, "required", "[\"items\",\"next\"]");
    json_end_object(writer);
}

static void put_content(struct json_writer *writer, const struct api_route *route)
{
    json_begin_object(writer, "content");
    json_begin_object(writer, route->shape == API_BYTES ? route->media_type : "application/json");
    if (route->shape == API_PAGE)
        put_page(writer, route);
    else if (route->shape != API_BYTES)
        put_given(writer, "schema", route);
    json_end_object(writer);
    json_end_object(writer);
}

static void put_success(struct json_writer *writer, const struct api_route *route)
{
    json_begin_object(writer, route->shape == API_NOTHING    ? "204"
                              : route->shape == API_REDIRECT ? "303"
                              : route->created               ? "201"
                                                             : "200");
    json_put_string(writer, "description",
                    route->shape == API_NOTHING    ? "Done"
                    : route->shape == API_REDIRECT ? "Elsewhere"
                    : route->created               ? "Created"
                                                   : "The answer");
    if (route->tagged && route->shape != API_NOTHING)
        json_put_raw(writer, "headers", "{\"ETag\":{\"schema\":{\"type\":\"string\"}}}");
    if (route->shape != API_NOTHING && route->shape != API_REDIRECT)
        put_content(writer, route);
    json_end_object(writer);
}

static void put_problem(struct json_writer *writer, const char *status, bool here)
{
    if (here)
        json_put_raw(writer, status, "{\"$ref\":\"#/components/responses/Problem\"}");
}

static void put_responses(struct json_writer *writer, const struct api_route *route)
{
    bool person = route->http.permission > PERMISSION_DEVICE;
    bool step = route->tagged && is_unsafe(route) && !route->created;

    json_begin_object(writer, "responses");
    put_success(writer, route);
    if (route->tagged && !is_unsafe(route))
        json_put_raw(writer, "304", "{\"description\":\"Not modified\"}");
    put_problem(writer, "400", person || has_body(route));
    put_problem(writer, "401", route->http.permission != PERMISSION_NONE);
    put_problem(writer, "403", person);
    put_problem(writer, "404", strchr(route->http.pattern, '{') != NULL);
    put_problem(writer, "409", is_unsafe(route));
    put_problem(writer, "412", step);
    put_problem(writer, "413", has_body(route));
    put_problem(writer, "428", step);
    put_problem(writer, "default", true);
    json_end_object(writer);
}

static void put_security(struct json_writer *writer, const struct api_route *route)
{
    enum permission permission = (enum permission)route->http.permission;

    json_put_raw(writer, "security",
                 permission == PERMISSION_NONE     ? "[]"
                 : permission == PERMISSION_DEVICE ? "[{\"device\":[]}]"
                 : is_unsafe(route)                ? "[{\"session\":[],\"csrf\":[]}]"
                                                   : "[{\"session\":[]}]");
    json_put_string(writer, "x-permission",
                    permission == PERMISSION_NONE     ? "none"
                    : permission == PERMISSION_DEVICE ? "device"
                                                      : auth_permission_tag(permission));
}

static void put_operation(struct json_writer *writer, const struct api_section *section,
                          const struct api_route *route)
{
    json_begin_object(writer, methods[route->http.method]);
    put_operation_id(writer, route);
    json_put_string(writer, "summary", route->about);
    json_begin_array(writer, "tags");
    json_put_string(writer, NULL, section->subject);
    json_end_array(writer);
    put_security(writer, route);
    put_parameters(writer, route);
    if (has_body(route))
        put_body(writer, route);
    put_responses(writer, route);
    json_end_object(writer);
}

/* --- paths ----------------------------------------------------------------------------------- */

static const struct api_route *next_route(size_t *section, size_t *index)
{
    while (*section < api_section_count && *index == api_sections[*section]->count) {
        (*section)++;
        *index = 0;
    }
    return *section < api_section_count ? &api_sections[*section]->routes[(*index)++] : NULL;
}

static bool is_first_of_path(const struct api_route *route)
{
    size_t section = 0, index = 0;
    const struct api_route *other;

    while ((other = next_route(&section, &index)) != route)
        if (strcmp(other->http.pattern, route->http.pattern) == 0)
            return false;
    return true;
}

/* All methods of the path, wherever they stand. */
static void put_path(struct json_writer *writer, const char *pattern)
{
    size_t section = 0, index = 0;
    const struct api_route *route;
    struct strbuf path;

    strbuf_init(&path);
    for (const char *c = pattern; *c != '\0'; c++)
        if (*c != '*' && *c != '+')
            strbuf_append_char(&path, *c);
    json_begin_object(writer, path.bytes);
    strbuf_finish(&path);
    while ((route = next_route(&section, &index)) != NULL)
        if (strcmp(route->http.pattern, pattern) == 0)
            put_operation(writer, api_sections[section], route);
    json_end_object(writer);
}

static void put_paths(struct json_writer *writer)
{
    size_t section = 0, index = 0;
    const struct api_route *route;

    json_begin_object(writer, "paths");
    while ((route = next_route(&section, &index)) != NULL)
        if (is_first_of_path(route))
            put_path(writer, route->http.pattern);
    json_end_object(writer);
}

/* --- schemas --------------------------------------------------------------------------------- */

enum schema_kind { SCHEMA_BODY, SCHEMA_ANSWER, SCHEMA_RECORD, SCHEMA_KINDS };

struct schemas {
    size_t count[SCHEMA_KINDS];
    const struct form *forms[SCHEMA_KINDS][FORMS_MAX];
};

static void note_schema(struct schemas *schemas, enum schema_kind kind, const struct form *form)
{
    for (size_t i = 0; form != NULL && i < schemas->count[kind]; i++)
        if (schemas->forms[kind][i] == form)
            return;
    if (form != NULL && schemas->count[kind] < FORMS_MAX)
        schemas->forms[kind][schemas->count[kind]++] = form;
}

static void collect(struct schemas *schemas)
{
    size_t section = 0, index = 0;
    const struct api_route *route;

    while ((route = next_route(&section, &index)) != NULL) {
        note_schema(schemas, SCHEMA_BODY, route->takes);
        note_schema(schemas, route->record ? SCHEMA_RECORD : SCHEMA_ANSWER, route->gives);
    }
}

static void put_record(struct json_writer *writer, const struct form *form, const char *key)
{
    json_begin_object(writer, key);
    json_begin_array(writer, "allOf");
    form_schema(form, true, writer, NULL);
    json_put_raw(writer, NULL, "{\"$ref\":\"" SCHEMAS "RecordState\"}");
    json_end_array(writer);
    json_end_object(writer);
}

static void put_schemas(struct json_writer *writer)
{
    static const char *const suffixes[] = {"", "Answer", "Record"};
    struct schemas schemas = {0};

    collect(&schemas);
    json_begin_object(writer, "schemas");
    json_put_raw(writer, "Problem", problem);
    json_put_raw(writer, "RecordState", record_members);
    for (int kind = 0; kind < SCHEMA_KINDS; kind++) {
        for (size_t i = 0; i < schemas.count[kind]; i++) {
            const struct form *form = schemas.forms[kind][i];
            struct strbuf name;
            strbuf_init(&name);
            strbuf_printf(&name, "%s%s", form->name, suffixes[kind]);
            if (kind == SCHEMA_RECORD)
                put_record(writer, form, name.bytes);
            else
                form_schema(form, kind == SCHEMA_ANSWER, writer, name.bytes);
            strbuf_finish(&name);
        }
    }
    json_end_object(writer);
}

static void put_components(struct json_writer *writer)
{
    json_begin_object(writer, "components");
    put_schemas(writer);
    json_put_raw(writer, "responses",
                 "{\"Problem\":{\"description\":\"What is wrong\",\"content\":{"
                 "\"application/problem+json\":{\"schema\":{\"$ref\":\"" SCHEMAS "Problem\"}}}}}");
    json_put_raw(writer, "securitySchemes", security_schemes);
    json_end_object(writer);
}

static void put_tags(struct json_writer *writer)
{
    json_begin_array(writer, "tags");
    for (size_t i = 0; i < api_section_count; i++) {
        json_begin_object(writer, NULL);
        json_put_string(writer, "name", api_sections[i]->subject);
        json_end_object(writer);
    }
    json_end_array(writer);
}

void openapi_write(struct strbuf *out)
{
    struct json_writer writer;

    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "openapi", "3.1.0");
    json_begin_object(&writer, "info");
    json_put_string(&writer, "title", "Vitrine");
    json_put_string(&writer, "version", VITRINE_VERSION);
    json_put_string(&writer, "description",
                    "The content server: what is shown on the screens, where and when, and who may "
                    "say so. Lists are pages (limit, after); changes of a record need If-Match; "
                    "what is refused is told as a problem (RFC 9457) with the field at fault.");
    json_end_object(&writer);
    put_tags(&writer);
    put_paths(&writer);
    put_components(&writer);
    json_end_object(&writer);
}

/* --- its routes ------------------------------------------------------------------------------ */

static void handle_description(struct http_request *request, void *context)
{
    char hex[SHA256_HEX_SIZE];
    struct sha256 sum;
    struct strbuf text;

    (void)context;
    strbuf_init(&text);
    openapi_write(&text);
    sha256_of(text.bytes, text.length, &sum);
    sha256_to_hex(&sum, hex);
    hex[ETAG_LENGTH] = '\0';
    if (request_has_etag(request, hex))
        answer_not_modified(request, hex);
    else
        answer_json_tagged(request, ANSWER_OK, &text, hex);
    strbuf_finish(&text);
}

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/openapi.json", PERMISSION_SESSION, handle_description, 0,
              HTTP_SLOW},
     .about = "Describe this API",
     .shape = API_OBJECT,
     .tagged = true},
};
API_SECTION(section_description, "Description", routes);
