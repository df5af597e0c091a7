#include "server/store/cells.h"

#include <stdlib.h>
#include <string.h>

#include "server/store/record.h"

struct place {
    int64_t number;
    const char *screen, *screen_name, *site, *site_name;
    size_t index; /* of the screen */
    bool in_scope;
};

static const struct field place_fields[] = {
    FIELD(place, number, FIELD_INT64),     FIELD(place, screen, FIELD_TEXT),
    FIELD(place, screen_name, FIELD_TEXT), FIELD(place, site, FIELD_TEXT),
    FIELD(place, site_name, FIELD_TEXT),
};

static const struct record place_record = {
    .table = "play_places",
    .noun_fr = "écran",
    .noun_en = "screen",
    .size = sizeof(struct place),
    RECORD_FIELDS(place_fields),
    .key_count = 1,
};

struct item {
    int64_t number;
    const char *organisation, *subject;
    size_t index; /* of the organisation */
};

static const struct field item_fields[] = {
    FIELD(item, number, FIELD_INT64),
    FIELD(item, organisation, FIELD_TEXT),
    FIELD(item, subject, FIELD_TEXT),
};

static const struct record item_record = {
    .table = "play_items",
    .noun_fr = "diffusion",
    .noun_en = "play",
    .size = sizeof(struct item),
    RECORD_FIELDS(item_fields),
    .key_count = 1,
};

/* Open addressing; stretch 0 to 31, numbers of places and items below 2^29. */
struct slot {
    uint64_t key; /* 0: free */
    int64_t plays, shown_ms, planned_ms;
};

struct cells {
    size_t count, capacity; /* a power of two */
    struct slot *slots;
};

static size_t slot_of(const struct cells *cells, uint64_t key)
{
    size_t at = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 20) & (cells->capacity - 1);

    while (cells->slots[at].key != 0 && cells->slots[at].key != key)
        at = (at + 1) & (cells->capacity - 1);
    return at;
}

static void grow(struct cells *cells)
{
    struct cells bigger = {.count = cells->count, .capacity = cells->capacity * 2};

    if (bigger.capacity == 0)
        bigger.capacity = 1 << 12;
    bigger.slots = calloc(bigger.capacity, sizeof(*bigger.slots));
    if (bigger.slots == NULL)
        abort();
    for (size_t i = 0; i < cells->capacity; i++) {
        if (cells->slots[i].key != 0)
            bigger.slots[slot_of(&bigger, cells->slots[i].key)] = cells->slots[i];
    }
    free(cells->slots);
    *cells = bigger;
}

static struct slot *find(struct cells *cells, size_t stretch, int64_t place, int64_t item)
{
    uint64_t key = ((uint64_t)stretch + 1) << 58 | (uint64_t)place << 29 | (uint64_t)item;

    if (cells->count * 3 >= cells->capacity * 2)
        grow(cells);
    struct slot *slot = &cells->slots[slot_of(cells, key)];
    cells->count += slot->key == 0;
    slot->key = key;
    return slot;
}

/* Hours come in order, so that the stretch only moves on. */
static bool walk(struct db *db, const int64_t *bounds, size_t stretch_count, struct cells *cells,
                 struct error *err)
{
    const struct db_value values[] = {db_int(bounds[0]), db_int(bounds[stretch_count])};
    struct db_statement *statement =
        db_query(db,
                 "SELECT hour, place, item, plays, length_ms, planned_ms FROM play_hours "
                 "WHERE hour >= $1 AND hour < $2 ORDER BY hour",
                 values, 2, err);
    enum db_step step = DB_FAILED;
    size_t stretch = 0;

    while (statement != NULL && (step = db_step(statement, err)) == DB_ROW) {
        while (db_column_int(statement, 0) >= bounds[stretch + 1])
            stretch++;
        struct slot *slot =
            find(cells, stretch, db_column_int(statement, 1), db_column_int(statement, 2));
        slot->plays += db_column_int(statement, 3);
        slot->shown_ms += db_column_int(statement, 4);
        slot->planned_ms += db_column_int(statement, 5);
    }
    return step == DB_DONE;
}

static bool scope_has(const struct figures_scope *scope, const char *site)
{
    if (scope->site != NULL && *scope->site != '\0' && strcmp(scope->site, site) != 0)
        return false;
    if (scope->sites == NULL || scope->sites->count == 0)
        return true;
    for (size_t i = 0; i < scope->sites->count; i++) {
        if (strcmp(scope->sites->items[i], site) == 0)
            return true;
    }
    return false;
}

/* Sorted by text: equal ones stand together and get one index. Then by number again. */
static size_t index_places(struct place *places, size_t count, const struct figures_scope *scope)
{
    size_t index = 0;

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(places[i].screen, places[i - 1].screen) != 0)
            index++;
        places[i].index = index;
        places[i].in_scope = scope_has(scope, places[i].site);
    }
    return count > 0 ? index + 1 : 0;
}

static size_t index_items(struct item *items, size_t count)
{
    size_t index = 0;

    for (size_t i = 0; i < count; i++) {
        if (i > 0 && strcmp(items[i].organisation, items[i - 1].organisation) != 0)
            index++;
        items[i].index = index;
    }
    return count > 0 ? index + 1 : 0;
}

static int compare_numbers(const void *left, const void *right)
{
    const int64_t *a = left, *b = right; /* the number is the first member of both */

    return *a < *b ? -1 : *a > *b;
}

struct known {
    struct place *places;
    size_t place_count;
    struct item *items;
    size_t item_count;
};

static void give(const struct cells *cells, const struct known *known, cell_take take,
                 void *context)
{
    for (size_t i = 0; i < cells->capacity; i++) {
        const struct slot *slot = &cells->slots[i];
        if (slot->key == 0)
            continue;
        int64_t place_number = (int64_t)(slot->key >> 29 & ((UINT64_C(1) << 29) - 1));
        int64_t item_number = (int64_t)(slot->key & ((UINT64_C(1) << 29) - 1));
        const struct place *place = bsearch(&place_number, known->places, known->place_count,
                                            sizeof(*place), compare_numbers);
        const struct item *item =
            bsearch(&item_number, known->items, known->item_count, sizeof(*item), compare_numbers);
        if (place == NULL || item == NULL || !place->in_scope)
            continue;
        struct cell cell = {.stretch = (size_t)(slot->key >> 58) - 1,
                            .screen = place->screen,
                            .screen_name = place->screen_name,
                            .site = place->site,
                            .site_name = place->site_name,
                            .screen_index = place->index,
                            .organisation = item->organisation,
                            .subject = item->subject,
                            .organisation_index = item->index,
                            .plays = slot->plays,
                            .shown_ms = slot->shown_ms,
                            .planned_ms = slot->planned_ms};
        take(context, &cell);
    }
}

bool figures_cells(struct db *db, struct arena *arena, const struct figures_scope *scope,
                   const int64_t *bounds, size_t stretch_count, size_t *screens_out,
                   size_t *organisations_out, cell_take take, void *context, struct error *err)
{
    struct cells cells = {0};
    struct known known = {0};
    void *places = NULL, *items = NULL;
    bool ok = walk(db, bounds, stretch_count, &cells, err) &&
              record_list(db, &place_record, arena, "ORDER BY screen, number", NULL, 0, &places,
                          &known.place_count, err) &&
              record_list(db, &item_record, arena, "ORDER BY organisation", NULL, 0, &items,
                          &known.item_count, err);

    if (ok) {
        known.places = places;
        known.items = items;
        *screens_out = index_places(known.places, known.place_count, scope);
        *organisations_out = index_items(known.items, known.item_count);
        qsort(known.places, known.place_count, sizeof(*known.places), compare_numbers);
        qsort(known.items, known.item_count, sizeof(*known.items), compare_numbers);
        give(&cells, &known, take, context);
    }
    free(cells.slots);
    return ok;
}

static const struct field organisation_fields[] = {
    FIELD_AS(organisation_figure, id, FIELD_TEXT, "o.id"),
    FIELD_AS(organisation_figure, name, FIELD_TEXT, "o.name"),
    FIELD_AS(organisation_figure, famille_ess, FIELD_TEXT, "o.famille_ess"),
    FIELD_AS(organisation_figure, secteur, FIELD_TEXT, "o.secteur"),
    FIELD_AS(organisation_figure, commune, FIELD_TEXT, "o.commune"),
    FIELD_AS(organisation_figure, site, FIELD_TEXT, "coalesce(t.name, '')"),
};

static const struct record organisation_record = {
    .table = "play_organisations o LEFT JOIN sites t ON t.id = o.site",
    .noun_fr = "structure",
    .noun_en = "organisation",
    .size = sizeof(struct organisation_figure),
    RECORD_FIELDS(organisation_fields),
    .key_count = 1,
};

bool figures_organisation(struct db *db, struct arena *arena, const char *id,
                          struct organisation_figure *out, struct error *err)
{
    const struct db_value values[] = {db_text(id)};
    void *items = NULL;
    size_t count;

    if (!record_list(db, &organisation_record, arena, "WHERE o.id = $1", values, 1, &items, &count,
                     err))
        return false;
    *out = count > 0 ? *(struct organisation_figure *)items
                     : (struct organisation_figure){.id = id,
                                                    .name = id,
                                                    .famille_ess = "",
                                                    .secteur = "",
                                                    .commune = "",
                                                    .site = ""};
    char *sectors = arena_strdup(arena, out->secteur);
    sectors[strcspn(sectors, ",")] = '\0'; /* the first is the main one */
    out->secteur = sectors;
    return true;
}
