#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"
#include "core/utf8.h"
#include "server/content/directory_parts.h"
#include "server/content/labels.h"
#include "server/import/vocabulary.h"

/* Of an organisation outside the 71 communes. */
#define ELSEWHERE "hors"

/* Which public markets the law lets be reserved for a type of insertion: Code de la commande
 * publique, L2113-12 (EA, ESAT) and L2113-13 (SIAE). */
static const struct {
    const char *type;
    const char *market;
} by_law[] = {
    {"ACI", "insertion"}, {"AI", "insertion"},   {"EA", "handicap"},   {"EATT", "handicap"},
    {"EI", "insertion"},  {"EITI", "insertion"}, {"ESAT", "handicap"}, {"ETTI", "insertion"},
};

#define BY_LAW_COUNT (sizeof by_law / sizeof *by_law)

typedef void take_key(void *context, enum directory_facet facet, const char *key);

static bool has(const struct text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], text) == 0) {
            return true;
        }
    }
    return false;
}

static void each_market(const struct organisation *organisation, take_key *take, void *context)
{
    for (size_t i = 0; i < VOCABULARY_MARCHES_RESERVES; i++) {
        const char *key = vocabulary_marches_reserves[i].key;
        bool is = has(&organisation->marches_reserves, key);
        for (size_t j = 0; j < BY_LAW_COUNT; j++) {
            is = is || (strcmp(by_law[j].market, key) == 0 &&
                        has(&organisation->types_iae, by_law[j].type));
        }
        if (is) {
            take(context, DIRECTORY_RESERVED, key);
        }
    }
}

static void each_key(const struct organisation *organisation, take_key *take, void *context)
{
    for (size_t i = 0; i < organisation->secteurs.count; i++) {
        take(context, DIRECTORY_SECTOR, organisation->secteurs.items[i]);
    }
    take(context, DIRECTORY_COMMUNE,
         organisation->in_metropole && organisation->code_insee[0] != '\0'
             ? organisation->code_insee
             : ELSEWHERE);
    if (organisation->famille_ess != FAMILLE_INCONNUE) {
        take(context, DIRECTORY_FAMILY, famille_ess_tag(organisation->famille_ess));
    }
    for (size_t i = 0; i < organisation->types_iae.count; i++) {
        take(context, DIRECTORY_INSERTION, organisation->types_iae.items[i]);
    }
    for (size_t i = 0; i < organisation->rse.count; i++) {
        take(context, DIRECTORY_RSE, organisation->rse.items[i]);
    }
    each_market(organisation, take, context);
}

static struct facet_value *find(struct facet_list *list, const char *key)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].key, key) == 0) {
            return &list->items[i];
        }
    }
    return NULL;
}

/* --- counting -------------------------------------------------------------------------------- */

struct counting {
    struct facets *facets;
    const struct organisation *organisation;
};

static struct facet_value value_of(struct counting *counting, enum directory_facet facet,
                                   const char *key)
{
    struct arena *arena = counting->facets->arena;
    enum famille_ess family = counting->organisation->famille_ess;
    const struct term *term = NULL;
    key = arena_strdup(arena, key);
    switch (facet) {
    case DIRECTORY_SECTOR:
        return (struct facet_value){.key = key,
                                    .fr = label_sector_in(key, LANG_FR, arena),
                                    .en = label_sector_in(key, LANG_EN, arena)};
    case DIRECTORY_COMMUNE:
        if (strcmp(key, ELSEWHERE) == 0) {
            return (struct facet_value){
                .key = key, .fr = "Hors Métropole", .en = "Outside the Métropole"};
        }
        key = arena_strdup(arena, key);
        const char *name = arena_strdup(arena, counting->organisation->commune);
        return (struct facet_value){.key = key, .fr = name, .en = name};
    case DIRECTORY_FAMILY:
        return (struct facet_value){.key = key,
                                    .fr = label_family_in(family, LANG_FR),
                                    .en = label_family_in(family, LANG_EN)};
    case DIRECTORY_INSERTION:
        if (label_insertion_type(key) == NULL) {
            break;
        }
        return (struct facet_value){.key = key,
                                    .fr = label_insertion_type_in(key, LANG_FR),
                                    .en = label_insertion_type_in(key, LANG_EN)};
    case DIRECTORY_RSE:
        term = vocabulary_find(vocabulary_rse, VOCABULARY_RSE, key, arena);
        break;
    case DIRECTORY_RESERVED:
        term =
            vocabulary_find(vocabulary_marches_reserves, VOCABULARY_MARCHES_RESERVES, key, arena);
        break;
    case DIRECTORY_FACETS:
        break;
    }
    return (struct facet_value){
        .key = key, .fr = term ? term->fr : key, .en = term ? term->en : key};
}

static const char *folded(const char *text, struct arena *arena)
{
    struct strbuf out;
    strbuf_init(&out);
    utf8_fold(text, &out);
    const char *kept = arena_strndup(arena, out.bytes, out.length);
    strbuf_finish(&out);
    return kept;
}

static void count_key(void *context, enum directory_facet facet, const char *key)
{
    struct counting *counting = context;
    struct facet_list *list = &counting->facets->lists[facet];
    struct facet_value *value = find(list, key);
    if (value == NULL) {
        if (list->count == FACET_SEEN_MAX) {
            return;
        }
        value = &list->items[list->count++];
        *value = value_of(counting, facet, key);
        value->order = folded(value->fr, counting->facets->arena);
    }
    value->uses++;
}

void facets_count(struct facets *facets, const struct organisation *organisation)
{
    struct counting counting = {facets, organisation};
    each_key(organisation, count_key, &counting);
}

/* --- settling -------------------------------------------------------------------------------- */

static int by_use(const void *left, const void *right)
{
    const struct facet_value *a = left;
    const struct facet_value *b = right;
    return a->uses != b->uses ? (a->uses > b->uses ? -1 : 1) : strcmp(a->key, b->key);
}

static int by_label(const void *left, const void *right)
{
    const struct facet_value *a = left;
    const struct facet_value *b = right;
    int order = strcmp(a->order, b->order);
    return order != 0 ? order : strcmp(a->key, b->key);
}

bool facets_settle(struct facets *facets, struct directory_build *build, struct error *err)
{
    for (enum directory_facet facet = 0; facet < DIRECTORY_FACETS; facet++) {
        struct facet_list *list = &facets->lists[facet];
        qsort(list->items, list->count, sizeof *list->items, by_use);
        if (list->count > DIRECTORY_VALUES_MAX) {
            list->count = DIRECTORY_VALUES_MAX;
        }
        if (facet != DIRECTORY_FAMILY) {
            qsort(list->items, list->count, sizeof *list->items, by_label);
        }
        for (size_t i = 0; i < list->count; i++) {
            const struct facet_value *value = &list->items[i];
            if (!directory_build_value(build, facet, value->key, value->fr, value->en, err)) {
                return false;
            }
        }
    }
    return true;
}

/* --- reading --------------------------------------------------------------------------------- */

struct marking {
    const struct facets *facets;
    struct directory_values *values;
};

static void mark_key(void *context, enum directory_facet facet, const char *key)
{
    struct marking *marking = context;
    const struct facet_list *list = &marking->facets->lists[facet];
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i].key, key) == 0) {
            marking->values[facet].bits[i / 64] |= UINT64_C(1) << (i % 64);
            return;
        }
    }
}

void facets_of(const struct facets *facets, const struct organisation *organisation,
               struct directory_values values_out[DIRECTORY_FACETS])
{
    struct marking marking = {facets, values_out};
    memset(values_out, 0, DIRECTORY_FACETS * sizeof *values_out);
    each_key(organisation, mark_key, &marking);
}
