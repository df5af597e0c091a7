/* Search: what people type, at each key. */
#include <string.h>

#include "server/api/asking.h"
#include "server/search/keeper.h"
#include "server/store/findable.h"

#define TEXT_MAX 200 /* bytes */

/* The value of "site:…" among a hit's facets, "" without. */
static const char *facet(struct arena *arena, const char *facets, const char *name)
{
    size_t length = strlen(name);

    while (*(facets += strspn(facets, " ")) != '\0') {
        size_t span = strcspn(facets, " ");
        if (span > length && strncmp(facets, name, length) == 0 && facets[length] == ':')
            return arena_strndup(arena, facets + length + 1, span - length - 1);
        facets += span;
    }
    return "";
}

struct looking {
    const struct user *user;
    struct arena *arena;
};

/* Screens of other sites are not there for somebody bound to sites. */
static bool keep(void *context, const struct search_hit *hit)
{
    const struct looking *looking = context;
    const char *site = facet(looking->arena, hit->facets, "site");

    return strcmp(hit->kind, "screen") != 0 ||
           auth_allows(looking->user, PERMISSION_READ, &(struct auth_subject){1, &site, NULL});
}

static bool read_query(struct http_request *request, struct search_query *out, struct error *err)
{
    size_t kind = 0;

    out->text = asking_text(request, "q");
    out->kind = asking_text(request, "kind");
    out->after = asking_text(request, "after");
    if (strlen(out->text) > TEXT_MAX) {
        error_set(err, ERROR_INVALID, "cette question est trop longue",
                  "this question is too long");
        return error_field(err, "q");
    }
    while (kind < findable_kind_count && strcmp(findable_kinds[kind], out->kind) != 0)
        kind++;
    if (out->kind[0] != '\0' && kind == findable_kind_count) {
        error_set(err, ERROR_INVALID, "« %.40s » n’est pas une sorte de fiche",
                  "\"%.40s\" is no kind of record", out->kind);
        return error_field(err, "kind");
    }
    return asking_limit(request, &out->limit, err);
}

struct found {
    struct search_hit hit;
    const char *site;
    const char *state;
};

#define AT(member) .offset = offsetof(struct found, member)
static const struct form_field found_fields[] = {
    {.name = "kind", .type = FORM_LINE, AT(hit.kind), .max = 32, .read_only = true},
    {.name = "id", .type = FORM_LINE, AT(hit.id), .max = 300, .read_only = true},
    {.name = "title", .type = FORM_LINE, AT(hit.title), .max = 300, .read_only = true},
    {.name = "subtitle", .type = FORM_LINE, AT(hit.subtitle), .max = 300, .read_only = true},
    {.name = "site", .type = FORM_LINE, AT(site), .max = 64, .read_only = true},
    {.name = "state",
     .type = FORM_LINE,
     AT(state),
     .max = 16,
     .read_only = true,
     .about = "Empty for kinds without"},
};
#undef AT
static const struct form found_form = {
    .name = "Found", .size = sizeof(struct found), FORM_FIELDS(found_fields)};

static void put_hit(struct json_writer *writer, struct arena *arena, const struct search_hit *hit)
{
    struct found found = {*hit, facet(arena, hit->facets, "site"),
                          facet(arena, hit->facets, "state")};

    json_begin_object(writer, NULL);
    form_encode(&found_form, &found, writer);
    json_end_object(writer);
}

static void handle_search(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    struct looking looking = {request_identity(request), arena};
    struct search_query query = {.keep = keep, .context = &looking};
    char key[SEARCH_KEY_SIZE];
    struct asking_page page;
    struct search_hits hits;
    struct error error;

    if (!read_query(request, &query, &error) ||
        !keeper_ask(api->keeper, arena, &query, &hits, &error)) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&page);
    for (size_t i = 0; i < hits.count; i++)
        put_hit(&page.writer, arena, &hits.items[i]);
    asking_answer(request, api, &page,
                  hits.more ? search_key(&hits.items[hits.count - 1], key) : NULL);
}

static const struct api_query queries[] = {
    {"q", API_QUERY_TEXT, "Words, all of which are there; the last one may be begun"},
    {"kind", API_QUERY_TEXT,
     "Only organisation, portrait, event, announcement, playlist, rule, "
     "screen or media"},
    ASKING_LIMIT,
    ASKING_AFTER,
    {.name = NULL},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/search", PERMISSION_READ, handle_search, 0, HTTP_SLOW},
     .about = "Find records by words, in order of title",
     .shape = API_PAGE,
     .gives = &found_form,
     .queries = queries},
};

API_SECTION(section_search, "Search", routes);
