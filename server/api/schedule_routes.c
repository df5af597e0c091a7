/* Routes of the programming: what shows when, and why; gaps; what a rule would do; holidays and
 * planned exposure. */
#include "server/schedule/explain.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "server/api/schedule_parts.h"
#include "server/content/forms.h"
#include "server/records/workflow.h"
#include "server/schedule/rehearsal.h"

#define GAPS_DAYS 90
#define PROGRAMME_DAYS 7   /* when it is not said */
#define PROGRAMMES_TOLD 50 /* different ones of a group */
#define RULE_BODY_MAX ((size_t)256 * 1024)
#define HOLIDAYS_BODY_MAX ((size_t)64 * 1024)
#define SETTING_BODY_MAX ((size_t)4096)

bool schedule_sees(const struct http_request *request, const char *site)
{
    const struct auth_subject subject = {.site_count = 1, .sites = &site};

    return auth_allows(request_identity(request), PERMISSION_READ, &subject);
}

bool schedule_screens(struct http_request *request, struct db *db, struct screen_list *out,
                      struct error *err)
{
    struct screen_list all;

    if (!screens_list(db, request_arena(request), &all, err))
        return false;
    *out = (struct screen_list){0, all.items};
    for (size_t i = 0; i < all.count; i++) {
        if (schedule_sees(request, all.items[i].site))
            out->items[out->count++] = all.items[i];
    }
    return true;
}

void schedule_put_span(struct json_writer *writer, int64_t from_ms, int64_t until_ms)
{
    json_put_int(writer, "from_ms", from_ms);
    json_put_int(writer, "until_ms", until_ms);
}

/* Members of what a zone shows, the main one's beside those of the screen. */
static void put_explained_zone(struct json_writer *writer, const struct explained_zone *zone)
{
    json_put_string(writer, "rule", zone->rule != NULL ? zone->rule->id : NULL);
    json_put_string(writer, "playlist", zone->playlist);
    if (zone->rule != NULL) {
        json_put_string(writer, "class", rule_class_tag(zone->rule->class));
        json_put_string(writer, "title", zone->slide.title);
        json_put_string(writer, "template", zone->slide.template);
        json_put_string(writer, "transition", transition_tag(zone->transition));
        schedule_put_span(writer, zone->item_from_ms, zone->item_until_ms);
    }
}

static void put_explained_rule(struct json_writer *writer, const struct explained_rule *explained,
                               enum lang lang)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "id", explained->rule->id);
    json_put_string(writer, "title", explained->rule->title);
    json_put_string(writer, "class", rule_class_tag(explained->rule->class));
    json_put_string(writer, "playlist", explained->rule->playlist);
    json_put_string(writer, "zone", explained->rule->zone);
    json_put_bool(writer, "shows", explained->verdict <= EXPLAIN_MIXED);
    json_put_string(writer, "verdict", explain_verdict_tag(explained->verdict));
    json_put_string(writer, "why", explain_verdict_text(explained->verdict, lang));
    json_end_object(writer);
}

static void put_explanation(struct json_writer *writer, const struct explanation *explained,
                            enum lang lang)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "screen", explained->screen);
    json_put_int(writer, "at_ms", explained->at_ms);
    json_put_string(writer, "layout", explained->layout);
    json_put_bool(writer, "full_screen", explained->full_screen);
    json_put_bool(writer, "strip", explained->strip);
    json_put_bool(writer, "closed", explained->closed);
    json_put_string(writer, "holiday", explained->holiday[0] == '\0' ? NULL : explained->holiday);
    put_explained_zone(writer, &explained->main);
    json_begin_array(writer, "zones");
    for (size_t i = 0; i < explained->zone_count; i++) {
        json_begin_object(writer, NULL);
        json_put_string(writer, "zone", explained->zones[i].zone);
        put_explained_zone(writer, &explained->zones[i]);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_begin_array(writer, "rules");
    for (size_t i = 0; i < explained->rule_count; i++)
        put_explained_rule(writer, &explained->rules[i], lang);
    json_end_array(writer);
    json_end_object(writer);
}

static void handle_explain(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    const char *screen = request_param(request, "id");
    struct explanation explained;
    struct error error;
    struct strbuf body;
    struct json_writer writer;
    int64_t at_ms;

    if (!api_instant(request, api, &at_ms, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok =
        workflow_visible(db, arena, request_identity(request), &resource_screen, screen, &error) &&
        explain_screen(db, arena, screen, at_ms, &explained, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    put_explanation(&writer, &explained, request_lang(request));
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static bool query_instant(struct http_request *request, const char *name, int64_t fallback,
                          int64_t *out, struct error *err)
{
    const char *text = request_query(request, name);

    *out = fallback;
    if (text == NULL || civil_parse_instant(text, out))
        return true;
    error_set(err, ERROR_INVALID,
              "« %.40s » n’est pas un instant : il en faut un comme 2026-11-24T08:10:00+01:00",
              "\"%.40s\" is no instant: it looks like 2026-11-24T08:10:00+01:00", text);
    return error_field(err, name);
}

static bool query_span(struct http_request *request, const struct api *api, int days,
                       int64_t *from_out, int64_t *until_out, struct error *err)
{
    int64_t now_ms = clock_wall_ms(&api->config.clock);

    if (!query_instant(request, "from", now_ms, from_out, err) ||
        !query_instant(request, "until", *from_out + days * CIVIL_DAY_MS, until_out, err))
        return false;
    if (*until_out > *from_out && *until_out - *from_out <= (REHEARSAL_DAYS_MAX - 1) * CIVIL_DAY_MS)
        return true;
    error_set(err, ERROR_INVALID, "la fin suit le début de %d jours au plus",
              "the end follows the beginning by %d days at most", REHEARSAL_DAYS_MAX - 1);
    return error_field(err, "until");
}

static void put_stretch(struct json_writer *writer, const struct stretch *stretch)
{
    const struct rule *rule = stretch->rule;

    json_begin_object(writer, NULL);
    json_put_string(writer, "zone", stretch->zone);
    schedule_put_span(writer, stretch->from_ms, stretch->until_ms);
    json_put_bool(writer, "gap", rule == NULL);
    if (rule != NULL) {
        json_put_string(writer, "rule", rule->id);
        json_put_string(writer, "title", rule->title);
        json_put_string(writer, "playlist", rule->playlist);
        json_put_string(writer, "class", rule_class_tag(rule->class));
        json_put_int(writer, "mixed", (int64_t)stretch->mixed);
    }
    json_end_object(writer);
}

static void put_spans(struct json_writer *writer, const char *key, const struct stretch_list *spans)
{
    json_begin_array(writer, key);
    for (size_t i = 0; i < spans->count; i++) {
        json_begin_object(writer, NULL);
        schedule_put_span(writer, spans->items[i].from_ms, spans->items[i].until_ms);
        json_end_object(writer);
    }
    json_end_array(writer);
}

/* Members of what one or several screens show. */
static void put_programme(struct json_writer *writer, const struct programme *programme)
{
    json_put_string(writer, "time_zone", programme->time_zone);
    json_begin_array(writer, "stretches");
    for (size_t i = 0; i < programme->zones.count; i++)
        put_stretch(writer, &programme->zones.items[i]);
    json_end_array(writer);
    put_spans(writer, "gaps", &programme->gaps);
    put_spans(writer, "closed", &programme->closed);
}

static void answer_programme(struct http_request *request, const struct programme *programme)
{
    struct strbuf body;
    struct json_writer writer;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "screen", programme->screen);
    put_programme(&writer, programme);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static void handle_programme(struct http_request *request, void *context)
{
    struct api *api = context;
    const char *screen = request_param(request, "id");
    const struct text_list screens = {1, &screen};
    struct rehearsal_request asked = {.screens = &screens};
    struct rehearsal *rehearsal = NULL;
    struct programme programme;
    struct error error;

    if (!query_span(request, api, PROGRAMME_DAYS, &asked.from_ms, &asked.until_ms, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = workflow_visible(db, request_arena(request), request_identity(request),
                               &resource_screen, screen, &error);
    if (ok)
        rehearsal = rehearsal_create(db, &asked, &error);
    ok = rehearsal != NULL && rehearsal_screen(rehearsal, screen, &programme, &error);
    readers_give(&api->readers, db);
    if (ok)
        answer_programme(request, &programme);
    else
        answer_problem(request, &error);
    rehearsal_destroy(rehearsal);
}

/* The screens of the group that the person sees. */
static void group_screens(const struct screen_list *all, const char *group, struct arena *arena,
                          struct text_list *out)
{
    *out = (struct text_list){0, arena_array(arena, all->count, sizeof(*out->items))};
    for (size_t i = 0; i < all->count; i++) {
        const struct text_list *groups = &all->items[i].groups;
        for (size_t k = 0; k < groups->count; k++) {
            if (strcmp(groups->items[k], group) == 0)
                out->items[out->count++] = all->items[i].id;
        }
    }
}

/* Each different programme once, with the screens that show it. */
static void put_programmes(struct json_writer *writer, const struct programme *programmes,
                           size_t count)
{
    json_begin_array(writer, "programmes");
    for (size_t key = 0; key < count && key < PROGRAMMES_TOLD; key++) {
        const struct programme *first = NULL;
        for (size_t i = 0; i < count; i++) {
            if (programmes[i].key != key)
                continue;
            if (first == NULL) {
                first = &programmes[i];
                json_begin_object(writer, NULL);
                json_begin_array(writer, "screens");
            }
            json_begin_object(writer, NULL);
            json_put_string(writer, "id", programmes[i].screen);
            json_put_string(writer, "name", programmes[i].name);
            json_end_object(writer);
        }
        if (first == NULL)
            break;
        json_end_array(writer);
        put_programme(writer, first);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static bool write_group(struct db *db, struct arena *arena, const char *group,
                        const struct rehearsal_request *asked, struct json_writer *writer,
                        struct error *err)
{
    struct rehearsal *rehearsal = rehearsal_create(db, asked, err);
    struct programme *programmes = arena_array(arena, asked->screens->count, sizeof(*programmes));
    bool ok = rehearsal != NULL;

    for (size_t i = 0; ok && i < asked->screens->count; i++)
        ok = rehearsal_screen(rehearsal, asked->screens->items[i], &programmes[i], err);
    if (ok) {
        json_begin_object(writer, NULL);
        json_put_string(writer, "group", group);
        json_put_int(writer, "screen_count", (int64_t)asked->screens->count);
        put_programmes(writer, programmes, asked->screens->count);
        json_end_object(writer);
    }
    rehearsal_destroy(rehearsal);
    return ok;
}

static void handle_group_programme(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    const char *id = request_param(request, "id");
    struct text_list screens;
    struct rehearsal_request asked = {.screens = &screens};
    struct screen_list all;
    struct group group;
    struct error error;
    struct strbuf body;
    struct json_writer writer;

    if (!query_span(request, api, PROGRAMME_DAYS, &asked.from_ms, &asked.until_ms, &error)) {
        answer_problem(request, &error);
        return;
    }
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    struct db *db = readers_take(&api->readers);
    bool ok =
        groups_get(db, arena, id, &group, &error) && schedule_screens(request, db, &all, &error);
    if (ok) {
        group_screens(&all, id, arena, &screens);
        ok = write_group(db, arena, id, &asked, &writer, &error);
    }
    readers_give(&api->readers, db);
    if (ok)
        answer_json(request, ANSWER_OK, &body);
    else
        answer_problem(request, &error);
    strbuf_finish(&body);
}

/* Those of the page: `limit` of them behind `after`. *more_out: there are further ones. */
static void page_screens(const struct screen_list *all, const char *after, size_t limit,
                         struct arena *arena, struct text_list *out, bool *more_out)
{
    *out = (struct text_list){0, arena_array(arena, limit, sizeof(*out->items))};
    *more_out = false;
    for (size_t i = 0; i < all->count; i++) {
        if (strcmp(all->items[i].id, after) <= 0)
            continue;
        if (out->count == limit) {
            *more_out = true;
            return;
        }
        out->items[out->count++] = all->items[i].id;
    }
}

static void put_screen_gaps(struct json_writer *writer, const struct programme *programme)
{
    int64_t total_ms = 0;

    for (size_t i = 0; i < programme->gaps.count; i++)
        total_ms += programme->gaps.items[i].until_ms - programme->gaps.items[i].from_ms;
    json_begin_object(writer, NULL);
    json_put_string(writer, "screen", programme->screen);
    json_put_string(writer, "name", programme->name);
    json_put_string(writer, "site", programme->site);
    json_put_string(writer, "time_zone", programme->time_zone);
    json_put_int(writer, "total_ms", total_ms);
    put_spans(writer, "gaps", &programme->gaps);
    json_end_object(writer);
}

static bool write_gaps(struct db *db, const struct rehearsal_request *asked,
                       struct json_writer *writer, struct error *err)
{
    struct rehearsal *rehearsal = rehearsal_create(db, asked, err);
    bool ok = rehearsal != NULL;

    for (size_t i = 0; ok && i < asked->screens->count; i++) {
        struct programme programme;
        ok = rehearsal_screen(rehearsal, asked->screens->items[i], &programme, err);
        if (ok)
            put_screen_gaps(writer, &programme);
    }
    rehearsal_destroy(rehearsal);
    return ok;
}

static void handle_gaps(struct http_request *request, void *context)
{
    struct api *api = context;
    struct screen_list all;
    struct text_list screens;
    struct asking_page page;
    struct error error;
    size_t limit;
    bool more = false;
    struct rehearsal_request asked = {.screens = &screens};

    if (!asking_limit(request, &limit, &error) ||
        !query_span(request, api, GAPS_DAYS, &asked.from_ms, &asked.until_ms, &error)) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&page);
    struct db *db = readers_take(&api->readers);
    bool ok = schedule_screens(request, db, &all, &error);
    if (ok) {
        page_screens(&all, asking_text(request, "after"), limit, request_arena(request), &screens,
                     &more);
        ok = write_gaps(db, &asked, &page.writer, &error);
    }
    readers_give(&api->readers, db);
    if (ok) {
        asking_answer(request, api, &page, more ? screens.items[screens.count - 1] : NULL);
    } else {
        asking_drop(&page);
        answer_problem(request, &error);
    }
}

static const struct api_query explain_queries[] = {
    {"at", API_QUERY_INSTANT, "Now when it is not said"},
    {0},
};
static const struct api_query programme_queries[] = {
    {"from", API_QUERY_INSTANT, "Now when it is not said"},
    {"until", API_QUERY_INSTANT, "At most 91 days later; a week when it is not said"},
    {0},
};
static const struct api_query gap_queries[] = {
    ASKING_LIMIT,
    ASKING_AFTER,
    {"from", API_QUERY_INSTANT, "Now when it is not said"},
    {"until", API_QUERY_INSTANT, "At most 91 days later; 90 when it is not said"},
    {0},
};
static const struct api_query page_queries[] = {ASKING_LIMIT, ASKING_AFTER, {0}};
static const struct api_query holiday_queries[] = {
    {"from", API_QUERY_DATE, "First day of the list; today when it is not said"},
    {"until", API_QUERY_DATE, "Last day; a year later when it is not said"},
    {0},
};

static const struct api_route schedule_routes[] = {
    {.http = {HTTP_GET, "/api/v1/screens/{id}/explain", PERMISSION_READ, handle_explain, 0,
              HTTP_SLOW},
     .about = "Say what a screen shows at an instant, and why",
     .shape = API_OBJECT,
     .queries = explain_queries},
    {.http = {HTTP_GET, "/api/v1/screens/{id}/programme", PERMISSION_READ, handle_programme, 0,
              HTTP_SLOW},
     .about = "Tell a screen's programme, stretch by stretch, with its gaps",
     .shape = API_OBJECT,
     .queries = programme_queries},
    {.http = {HTTP_GET, "/api/v1/groups/{id}/programme", PERMISSION_READ, handle_group_programme, 0,
              HTTP_SLOW},
     .about = "Tell what a group's screens show, each different programme once",
     .shape = API_OBJECT,
     .queries = programme_queries},
    {.http = {HTTP_GET, "/api/v1/gaps", PERMISSION_READ, handle_gaps, 0, HTTP_SLOW},
     .about = "List the screens with the opening hours of the days to come for which nothing is "
              "planned",
     .shape = API_OBJECT,
     .queries = gap_queries},
    {.http = {HTTP_POST, "/api/v1/rules/check", PERMISSION_PUBLISH, api_rule_check, RULE_BODY_MAX,
              HTTP_SLOW},
     .about = "Say what a rule would do in the next 90 days, without saving it",
     .takes = &rule_form,
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/api/v1/exposure", PERMISSION_READ, api_exposure, 0, HTTP_SLOW},
     .about = "List organisations by what they lack of the minimum exposure planned for them",
     .shape = API_OBJECT,
     .queries = page_queries},
    {.http = {HTTP_PUT, "/api/v1/exposure", PERMISSION_SETTINGS, api_exposure_set, SETTING_BODY_MAX,
              HTTP_SLOW},
     .about = "Set the seconds a week that each organisation is due on the whole network",
     .takes_type = "application/json",
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/api/v1/holidays", PERMISSION_READ, api_holidays, 0, HTTP_SLOW},
     .about = "Tell the holidays that rules and opening hours go by",
     .shape = API_OBJECT,
     .queries = holiday_queries,
     .tagged = true},
    {.http = {HTTP_PUT, "/api/v1/holidays", PERMISSION_SETTINGS, api_holidays_set,
              HOLIDAYS_BODY_MAX, HTTP_SLOW},
     .about = "Replace the site's own holidays",
     .takes_type = "application/json",
     .shape = API_NOTHING,
     .tagged = true},
};

API_SECTION(section_schedule, "Programming", schedule_routes);
