#include "core/json.h"
#include "server/measure/annual.h"
#include "server/measure/period.h"

static void put_share(struct json_writer *json, const char *key, int64_t part, int64_t whole)
{
    if (whole == 0)
        json_put_null(json, key);
    else
        json_put_number(json, key, (double)part / (double)whole);
}

static void put_use(struct json_writer *json, int64_t visits, int64_t sheets, int64_t lists,
                    int64_t searches)
{
    json_put_int(json, "visits", visits);
    json_put_int(json, "sheets", sheets);
    json_put_int(json, "lists", lists);
    json_put_int(json, "searches", searches);
}

static void put_totals(struct json_writer *json, const struct annual_totals *totals)
{
    json_put_int(json, "plays", totals->plays);
    json_put_int(json, "shown_ms", totals->shown_ms);
    json_put_int(json, "planned_ms", totals->planned_ms);
    json_put_int(json, "organisations", totals->organisations);
    json_put_int(json, "screens", totals->screens);
    put_share(json, "availability", totals->seen, totals->open);
    put_use(json, totals->visits, totals->sheets, totals->lists, totals->searches);
    json_put_int(json, "accessibility_modes", totals->accessible);
}

static void put_year(struct json_writer *json, const char *key, const struct annual_totals *totals)
{
    json_begin_object(json, key);
    put_totals(json, totals);
    json_put_int(json, "portraits", totals->published.portraits);
    json_put_int(json, "events", totals->published.events);
    json_put_int(json, "announcements", totals->published.announcements);
    json_end_object(json);
}

static void put_groups(struct json_writer *json, const char *key,
                       const struct annual_groups *groups)
{
    json_begin_array(json, key);
    for (size_t i = 0; i < groups->count; i++) {
        const struct annual_group *group = &groups->items[i];
        json_begin_object(json, NULL);
        json_put_string(json, "name", group->name);
        json_put_int(json, "organisations", group->organisations);
        json_put_int(json, "plays", group->plays);
        json_put_int(json, "shown_ms", group->shown_ms);
        json_put_int(json, "planned_ms", group->planned_ms);
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_places(struct json_writer *json, const char *key,
                       const struct annual_places *places)
{
    json_begin_array(json, key);
    for (size_t i = 0; i < places->count; i++) {
        const struct annual_place *place = &places->items[i];
        json_begin_object(json, NULL);
        json_put_string(json, "id", place->id);
        json_put_string(json, "name", place->name);
        json_put_int(json, "plays", place->plays);
        json_put_int(json, "shown_ms", place->shown_ms);
        json_put_int(json, "planned_ms", place->planned_ms);
        put_share(json, "availability", place->seen, place->open);
        put_use(json, place->visits, place->sheets, place->lists, place->searches);
        json_begin_array(json, "visits_by_month");
        for (size_t k = 0; k < 12; k++)
            json_put_int(json, NULL, place->month_visits[k]);
        json_end_array(json);
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_organisations(struct json_writer *json, const struct annual *annual)
{
    json_begin_array(json, "organisations");
    for (size_t i = 0; i < annual->organisation_count; i++) {
        const struct organisation_figure *figure = &annual->organisations[i];
        json_begin_object(json, NULL);
        json_put_string(json, "id", figure->id);
        json_put_string(json, "name", figure->name);
        json_put_string(json, "family", figure->famille_ess);
        json_put_string(json, "sector", figure->secteur);
        json_put_string(json, "commune", figure->commune);
        json_put_string(json, "site", figure->site);
        json_put_int(json, "plays", figure->plays);
        json_put_int(json, "shown_ms", figure->shown_ms);
        json_put_int(json, "planned_ms", figure->planned_ms);
        json_put_int(json, "screens", figure->screens);
        json_end_object(json);
    }
    json_end_array(json);
}

bool annual_json(struct db *db, const struct annual_request *request, struct strbuf *out,
                 struct error *err)
{
    struct arena *arena = arena_create();
    struct json_writer json;
    struct annual annual;
    bool ok = annual_gather(db, request, arena, &annual, err);

    if (ok) {
        json_writer_init(&json, out);
        json_begin_object(&json, NULL);
        json_put_int(&json, "year", annual.year);
        put_year(&json, "totals", &annual.totals);
        put_year(&json, "before", &annual.before);
        json_put_int(&json, "displayable", annual.displayable);
        json_put_int(&json, "never_shown", annual.never_shown);
        json_begin_array(&json, "months");
        for (size_t i = 0; i < 12; i++) {
            json_begin_object(&json, NULL);
            put_totals(&json, &annual.months[i]);
            json_end_object(&json);
        }
        json_end_array(&json);
        put_groups(&json, "families", &annual.families);
        put_groups(&json, "sectors", &annual.sectors);
        put_groups(&json, "communes", &annual.communes);
        put_places(&json, "sites", &annual.sites);
        put_places(&json, "screens", &annual.screens);
        put_organisations(&json, &annual);
        json_end_object(&json);
    }
    arena_destroy(arena);
    return ok;
}
