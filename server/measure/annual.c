#include "server/measure/annual.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "server/content/labels.h"
#include "server/measure/period.h"

#define UNKNOWN "Non renseigné"
#define OUTSIDE "Sans site"

/* What the callbacks of one question need. */
struct gathering {
    struct arena *arena;
    struct annual *annual;
    struct annual_totals *totals;
    size_t month;
    struct annual_places *places; /* or NULL */
};

/* Room for one more. */
static void *grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t more = *capacity > 0 ? *capacity * 2 : 64;
    void *grown = arena_array(arena, more, size);
    if (count > 0)
        memcpy(grown, items, count * size);
    *capacity = more;
    return grown;
}

static struct annual_group *find_group(struct gathering *gathering, struct annual_groups *groups,
                                       const char *name)
{
    for (size_t i = 0; i < groups->count; i++) {
        if (strcmp(groups->items[i].name, name) == 0)
            return &groups->items[i];
    }
    groups->items = grow(gathering->arena, groups->items, groups->count, &groups->capacity,
                         sizeof(*groups->items));
    groups->items[groups->count] =
        (struct annual_group){.name = arena_strdup(gathering->arena, name)};
    return &groups->items[groups->count++];
}

static struct annual_place *find_place(struct gathering *gathering, struct annual_places *places,
                                       const char *id, const char *name)
{
    for (size_t i = 0; i < places->count; i++) {
        if (strcmp(places->items[i].id, id) == 0)
            return &places->items[i];
    }
    places->items = grow(gathering->arena, places->items, places->count, &places->capacity,
                         sizeof(*places->items));
    places->items[places->count] =
        (struct annual_place){.id = arena_strdup(gathering->arena, id),
                              .name = arena_strdup(gathering->arena, *name != '\0' ? name
                                                                     : *id != '\0' ? id
                                                                                   : OUTSIDE),
                              .site = "",
                              .site_name = ""};
    return &places->items[places->count++];
}

static void add_to_group(struct gathering *gathering, struct annual_groups *groups,
                         const char *name, const struct organisation_figure *figure)
{
    struct annual_group *group = find_group(gathering, groups, *name != '\0' ? name : UNKNOWN);

    group->organisations += figure->shown_ms > 0;
    group->plays += figure->plays;
    group->shown_ms += figure->shown_ms;
    group->planned_ms += figure->planned_ms;
}

static const char *family_label(const char *tag)
{
    for (int i = FAMILLE_INCONNUE; i <= FAMILLE_AUTRE_ORGANISME; i++) {
        if (strcmp(tag, famille_ess_tag((enum famille_ess)i)) == 0)
            return i == FAMILLE_INCONNUE ? UNKNOWN : famille_ess_label((enum famille_ess)i);
    }
    return UNKNOWN;
}

static bool take_organisation(void *context, const struct organisation_figure *figure)
{
    struct gathering *gathering = context;
    struct annual *annual = gathering->annual;
    struct arena *arena = gathering->arena;

    annual->organisations = grow(arena, annual->organisations, annual->organisation_count,
                                 &annual->organisation_capacity, sizeof(*annual->organisations));
    struct organisation_figure *kept = &annual->organisations[annual->organisation_count++];
    *kept = *figure;
    kept->id = arena_strdup(arena, figure->id);
    kept->name = arena_strdup(arena, figure->name);
    kept->famille_ess = family_label(figure->famille_ess);
    kept->secteur = label_sector(arena_strdup(arena, figure->secteur), arena);
    kept->commune = arena_strdup(arena, figure->commune);
    kept->site = arena_strdup(arena, figure->site);
    add_to_group(gathering, &annual->families, kept->famille_ess, kept);
    add_to_group(gathering, &annual->sectors, kept->secteur, kept);
    add_to_group(gathering, &annual->communes, kept->commune, kept);
    return true;
}

static bool count_organisation(void *context, const struct organisation_figure *figure)
{
    struct gathering *gathering = context;

    gathering->totals->organisations += figure->shown_ms > 0;
    return true;
}

static bool take_exposure(void *context, const struct exposure *exposure)
{
    struct gathering *gathering = context;

    gathering->totals->plays += exposure->plays;
    gathering->totals->shown_ms += exposure->shown_ms;
    gathering->totals->planned_ms += exposure->planned_ms;
    gathering->totals->screens++;
    if (gathering->places == NULL)
        return true;
    struct annual_place *place =
        find_place(gathering, gathering->places, exposure->id, exposure->name);
    place->plays += exposure->plays;
    place->shown_ms += exposure->shown_ms;
    place->planned_ms += exposure->planned_ms;
    place->screens += exposure->screens;
    place->site_name = arena_strdup(gathering->arena, exposure->detail);
    return true;
}

static bool take_availability(void *context, const struct availability *availability)
{
    struct gathering *gathering = context;

    gathering->totals->open += availability->open;
    gathering->totals->seen += availability->seen;
    if (gathering->places == NULL)
        return true;
    struct annual *annual = gathering->annual;
    struct annual_place *both[] = {
        find_place(gathering, &annual->screens, availability->screen, availability->screen_name),
        find_place(gathering, &annual->sites, availability->site, availability->site_name)};
    for (size_t i = 0; i < 2; i++) {
        both[i]->open += availability->open;
        both[i]->seen += availability->seen;
    }
    return true;
}

static void add_use(struct annual_place *place, const struct kiosk_figure *figure, size_t month)
{
    if (strcmp(figure->counter, "sessions") == 0) {
        place->visits += figure->count;
        place->month_visits[month] += figure->count;
    } else if (strcmp(figure->counter, "sheet") == 0) {
        place->sheets += figure->count;
    } else if (strcmp(figure->counter, "lists") == 0) {
        place->lists += figure->count;
    } else if (strcmp(figure->counter, "searches") == 0) {
        place->searches += figure->count;
    }
}

static bool take_kiosk(void *context, const struct kiosk_figure *figure)
{
    struct gathering *gathering = context;
    struct annual_place sum = {0};

    add_use(&sum, figure, 0);
    gathering->totals->visits += sum.visits;
    gathering->totals->sheets += sum.sheets;
    gathering->totals->lists += sum.lists;
    gathering->totals->searches += sum.searches;
    if (strcmp(figure->counter, "mode") == 0)
        gathering->totals->accessible += figure->count;
    if (gathering->places == NULL)
        return true;
    struct annual *annual = gathering->annual;
    add_use(find_place(gathering, &annual->screens, figure->screen, figure->screen_name), figure,
            gathering->month);
    add_use(find_place(gathering, &annual->sites, figure->site, figure->site_name), figure,
            gathering->month);
    return true;
}

/* Sums of a stretch; with places, also by screen and site. */
static bool gather_totals(struct db *db, const struct figures_scope *scope,
                          struct gathering *gathering, const struct period *period,
                          struct error *err)
{
    int64_t from = period->from_hour, until = period->until_hour;

    return figures_exposure(db, FIGURES_BY_SCREEN, scope, from, until, take_exposure, gathering,
                            err) &&
           figures_availability(db, scope, from, until, take_availability, gathering, err) &&
           figures_kiosks(db, scope, from, until, take_kiosk, gathering, err) &&
           figures_organisations(db, scope, from, until, count_organisation, gathering, err);
}

static void add_totals(struct annual_totals *sum, const struct annual_totals *part)
{
    sum->plays += part->plays;
    sum->shown_ms += part->shown_ms;
    sum->planned_ms += part->planned_ms;
    sum->open += part->open;
    sum->seen += part->seen;
    sum->visits += part->visits;
    sum->sheets += part->sheets;
    sum->lists += part->lists;
    sum->searches += part->searches;
    sum->accessible += part->accessible;
}

static int compare_groups(const void *left, const void *right)
{
    const struct annual_group *a = left, *b = right;

    if (a->shown_ms != b->shown_ms)
        return a->shown_ms > b->shown_ms ? -1 : 1;
    return strcmp(a->name, b->name);
}

static int compare_places(const void *left, const void *right)
{
    const struct annual_place *a = left, *b = right;

    return strcmp(a->name, b->name);
}

static void sort(void *items, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    if (count > 0)
        qsort(items, count, size, compare);
}

/* Sites get their hours in one question of the whole year: a screen may have moved. */
static bool take_site(void *context, const struct exposure *exposure)
{
    struct gathering *gathering = context;
    struct annual_place *place =
        find_place(gathering, &gathering->annual->sites, exposure->id, exposure->name);

    place->plays = exposure->plays;
    place->shown_ms = exposure->shown_ms;
    place->planned_ms = exposure->planned_ms;
    place->screens = exposure->screens;
    return true;
}

static bool gather_months(struct db *db, const struct figures_scope *scope, const struct zone *zone,
                          struct gathering *gathering, struct error *err)
{
    struct annual *annual = gathering->annual;
    bool ok = true;

    gathering->places = &annual->screens;
    for (size_t i = 0; ok && i < 12; i++) {
        struct period month =
            period_at(zone, GRAIN_MONTH, civil_days(annual->year, (int)i + 1, 1), INT64_MAX);
        gathering->month = i;
        gathering->totals = &annual->months[i];
        ok = gather_totals(db, scope, gathering, &month, err);
        add_totals(&annual->totals, &annual->months[i]);
    }
    gathering->places = NULL;
    return ok;
}

static bool gather_year(struct db *db, const struct figures_scope *scope, const struct zone *zone,
                        struct gathering *gathering, struct error *err)
{
    struct annual *annual = gathering->annual;
    int64_t first = civil_days(annual->year, 1, 1), end = civil_days(annual->year + 1, 1, 1);
    struct period year = period_at(zone, GRAIN_TOTAL, first, end);
    struct period before = period_at(zone, GRAIN_TOTAL, civil_days(annual->year - 1, 1, 1), first);

    if (!gather_months(db, scope, zone, gathering, err) ||
        !figures_organisations(db, scope, year.from_hour, year.until_hour, take_organisation,
                               gathering, err) ||
        !figures_exposure(db, FIGURES_BY_SITE, scope, year.from_hour, year.until_hour, take_site,
                          gathering, err) ||
        !figures_published(db, scope, year.from_hour, year.until_hour, &annual->totals.published,
                           err) ||
        !figures_published(db, scope, before.from_hour, before.until_hour,
                           &annual->before.published, err) ||
        !figures_never_shown(db, year.from_hour, year.until_hour, &annual->displayable,
                             &annual->never_shown, err))
        return false;
    for (size_t i = 0; i < annual->organisation_count; i++)
        annual->totals.organisations += annual->organisations[i].shown_ms > 0;
    annual->totals.screens = (int64_t)annual->screens.count;
    gathering->totals = &annual->before;
    return gather_totals(db, scope, gathering, &before, err);
}

bool annual_gather(struct db *db, const struct annual_request *request, struct arena *arena,
                   struct annual *out, struct error *err)
{
    struct zone *zone = zone_open(PERIOD_ZONE, err);

    if (zone == NULL)
        return false;
    *out = (struct annual){.year = request->year};
    struct gathering gathering = {.arena = arena, .annual = out};
    bool ok = gather_year(db, &request->scope, zone, &gathering, err);
    zone_close(zone);
    sort(out->families.items, out->families.count, sizeof(struct annual_group), compare_groups);
    sort(out->sectors.items, out->sectors.count, sizeof(struct annual_group), compare_groups);
    sort(out->communes.items, out->communes.count, sizeof(struct annual_group), compare_groups);
    sort(out->sites.items, out->sites.count, sizeof(struct annual_place), compare_places);
    sort(out->screens.items, out->screens.count, sizeof(struct annual_place), compare_places);
    return ok;
}
