#include "server/measure/annual.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "server/content/labels.h"
#include "server/measure/period.h"
#include "server/store/cells.h"

#define UNKNOWN "Non renseigné"
#define OUTSIDE "Sans site"

#define STRETCHES 13 /* the year before, then twelve months */
#define SITES_TOLD_APART 64

/* Of an organisation, by its index. */
struct owner {
    const char *id; /* NULL: not seen this year */
    int64_t plays, shown_ms, planned_ms;
    unsigned shown_in; /* a bit for each stretch */
};

/* What the callbacks need. */
struct gathering {
    struct arena *arena;
    struct annual *annual;
    struct annual_totals *totals;
    size_t month;
    bool places; /* counts by screen and site too */

    size_t screen_count, owner_count;
    struct owner *owners;
    unsigned *seen_in;  /* of screens, a bit for each stretch */
    uint64_t *sites_of; /* of screens, a bit for each of the first sites */
    uint8_t *seen_on;   /* owners × screens */
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

/* An organisation with what is known of it, into the list and its groups. */
static bool add_organisation(struct db *db, struct gathering *gathering, size_t index,
                             struct error *err)
{
    const struct owner *owner = &gathering->owners[index];
    struct annual *annual = gathering->annual;
    struct arena *arena = gathering->arena;

    annual->organisations = grow(arena, annual->organisations, annual->organisation_count,
                                 &annual->organisation_capacity, sizeof(*annual->organisations));
    struct organisation_figure *kept = &annual->organisations[annual->organisation_count++];
    if (!figures_organisation(db, arena, owner->id, kept, err))
        return false;
    kept->famille_ess = family_label(kept->famille_ess);
    kept->secteur = label_sector(kept->secteur, arena);
    kept->plays = owner->plays;
    kept->shown_ms = owner->shown_ms;
    kept->planned_ms = owner->planned_ms;
    for (size_t i = 0; i < gathering->screen_count; i++)
        kept->screens += gathering->seen_on[index * gathering->screen_count + i];
    add_to_group(gathering, &annual->families, kept->famille_ess, kept);
    add_to_group(gathering, &annual->sectors, kept->secteur, kept);
    add_to_group(gathering, &annual->communes, kept->commune, kept);
    return true;
}

static bool add_organisations(struct db *db, struct gathering *gathering, struct error *err)
{
    struct annual *annual = gathering->annual;

    for (size_t i = 0; gathering->owners != NULL && i < gathering->owner_count; i++) {
        const struct owner *owner = &gathering->owners[i];
        annual->before.organisations += (owner->shown_in & 1) != 0;
        annual->totals.organisations += owner->shown_in > 1;
        for (size_t k = 0; k < 12; k++)
            annual->months[k].organisations += (owner->shown_in >> (k + 1) & 1) != 0;
        if (owner->id != NULL && !add_organisation(db, gathering, i, err))
            return false;
    }
    return true;
}

static void make_room(struct gathering *gathering)
{
    size_t screens = gathering->screen_count, owners = gathering->owner_count;

    gathering->owners = arena_array(gathering->arena, owners, sizeof(*gathering->owners));
    gathering->seen_in = arena_array(gathering->arena, screens, sizeof(unsigned));
    gathering->sites_of = arena_array(gathering->arena, screens, sizeof(uint64_t));
    gathering->seen_on = arena_array(gathering->arena, owners * screens, 1);
    memset(gathering->owners, 0, owners * sizeof(*gathering->owners));
    memset(gathering->seen_in, 0, screens * sizeof(unsigned));
    memset(gathering->sites_of, 0, screens * sizeof(uint64_t));
    memset(gathering->seen_on, 0, owners * screens);
}

static void add_cell(struct annual_place *place, const struct cell *cell)
{
    place->plays += cell->plays;
    place->shown_ms += cell->shown_ms;
    place->planned_ms += cell->planned_ms;
}

static void add_to_places(struct gathering *gathering, const struct cell *cell)
{
    struct annual *annual = gathering->annual;
    struct annual_place *screen =
        find_place(gathering, &annual->screens, cell->screen, cell->screen_name);
    struct annual_place *site = find_place(gathering, &annual->sites, cell->site, cell->site_name);
    size_t index = (size_t)(site - annual->sites.items);

    add_cell(screen, cell);
    screen->site_name = cell->site_name;
    add_cell(site, cell);
    if (index < SITES_TOLD_APART && (gathering->sites_of[cell->screen_index] >> index & 1) == 0) {
        gathering->sites_of[cell->screen_index] |= UINT64_C(1) << index;
        site->screens++;
    }
}

static void add_to_owner(struct gathering *gathering, const struct cell *cell)
{
    struct owner *owner = &gathering->owners[cell->organisation_index];

    owner->shown_in |= cell->shown_ms > 0 ? 1u << cell->stretch : 0;
    if (cell->stretch == 0)
        return;
    owner->id = cell->organisation;
    owner->plays += cell->plays;
    owner->shown_ms += cell->shown_ms;
    owner->planned_ms += cell->planned_ms;
    gathering->seen_on[cell->organisation_index * gathering->screen_count + cell->screen_index] = 1;
}

static void take_cell(void *context, const struct cell *cell)
{
    struct gathering *gathering = context;
    struct annual *annual = gathering->annual;
    bool before = cell->stretch == 0;
    struct annual_totals *totals = before ? &annual->before : &annual->months[cell->stretch - 1];

    if (gathering->owners == NULL)
        make_room(gathering);
    totals->plays += cell->plays;
    totals->shown_ms += cell->shown_ms;
    totals->planned_ms += cell->planned_ms;
    totals->screens += (gathering->seen_in[cell->screen_index] >> cell->stretch & 1) == 0;
    gathering->seen_in[cell->screen_index] |= 1u << cell->stretch;
    if (!before)
        add_to_places(gathering, cell);
    if (*cell->organisation != '\0')
        add_to_owner(gathering, cell);
}

static bool take_availability(void *context, const struct availability *availability)
{
    struct gathering *gathering = context;

    gathering->totals->open += availability->open;
    gathering->totals->seen += availability->seen;
    if (!gathering->places)
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
    if (!gathering->places)
        return true;
    struct annual *annual = gathering->annual;
    add_use(find_place(gathering, &annual->screens, figure->screen, figure->screen_name), figure,
            gathering->month);
    add_use(find_place(gathering, &annual->sites, figure->site, figure->site_name), figure,
            gathering->month);
    return true;
}

/* Signs of life and kiosks of a stretch; with places, also by screen and site. */
static bool gather_use(struct db *db, const struct figures_scope *scope,
                       struct gathering *gathering, const struct period *period, struct error *err)
{
    int64_t from = period->from_hour, until = period->until_hour;

    return figures_availability(db, scope, from, until, take_availability, gathering, err) &&
           figures_kiosks(db, scope, from, until, take_kiosk, gathering, err);
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

static int compare_organisations(const void *left, const void *right)
{
    const struct organisation_figure *a = left, *b = right;

    if (a->shown_ms != b->shown_ms)
        return a->shown_ms > b->shown_ms ? -1 : 1;
    return strcmp(a->id, b->id);
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

static bool gather_months(struct db *db, const struct figures_scope *scope,
                          const struct period *months, struct gathering *gathering,
                          struct error *err)
{
    struct annual *annual = gathering->annual;
    bool ok = true;

    gathering->places = true;
    for (size_t i = 0; ok && i < 12; i++) {
        gathering->month = i;
        gathering->totals = &annual->months[i];
        ok = gather_use(db, scope, gathering, &months[i], err);
        add_totals(&annual->totals, &annual->months[i]);
    }
    gathering->places = false;
    gathering->totals = &annual->before;
    return ok;
}

static bool gather_year(struct db *db, const struct figures_scope *scope, const struct zone *zone,
                        struct gathering *gathering, struct error *err)
{
    struct annual *annual = gathering->annual;
    int64_t first = civil_days(annual->year, 1, 1), bounds[STRETCHES + 1];
    struct period before = period_at(zone, GRAIN_TOTAL, civil_days(annual->year - 1, 1, 1), first);
    struct period months[12];

    bounds[0] = before.from_hour;
    for (int i = 0; i < 12; i++) {
        months[i] = period_at(zone, GRAIN_MONTH, civil_days(annual->year, i + 1, 1), INT64_MAX);
        bounds[1 + i] = months[i].from_hour;
    }
    bounds[STRETCHES] = months[11].until_hour;
    return figures_cells(db, gathering->arena, scope, bounds, STRETCHES, &gathering->screen_count,
                         &gathering->owner_count, take_cell, gathering, err) &&
           add_organisations(db, gathering, err) &&
           gather_months(db, scope, months, gathering, err) &&
           gather_use(db, scope, gathering, &before, err) &&
           figures_published(db, scope, bounds[1], bounds[STRETCHES], &annual->totals.published,
                             err) &&
           figures_published(db, scope, bounds[0], bounds[1], &annual->before.published, err) &&
           figures_never_shown(db, bounds[1], bounds[STRETCHES], &annual->displayable,
                               &annual->never_shown, err);
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
    out->totals.screens = (int64_t)out->screens.count;
    sort(out->organisations, out->organisation_count, sizeof(struct organisation_figure),
         compare_organisations);
    sort(out->families.items, out->families.count, sizeof(struct annual_group), compare_groups);
    sort(out->sectors.items, out->sectors.count, sizeof(struct annual_group), compare_groups);
    sort(out->communes.items, out->communes.count, sizeof(struct annual_group), compare_groups);
    sort(out->sites.items, out->sites.count, sizeof(struct annual_place), compare_places);
    sort(out->screens.items, out->screens.count, sizeof(struct annual_place), compare_places);
    return ok;
}
