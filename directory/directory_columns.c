/* What an open directory holds in memory, as blobs: dictionaries, names, sets
 * (directory_private.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "directory/directory_index.h"
#include "directory/directory_making.h"
#include "directory/directory_synonyms.h"

static bool write_column(struct directory_build *build, int number, const void *bytes, size_t size,
                         struct error *err)
{
    sqlite3_stmt *insert = NULL;
    bool ok = directory_written(
        build,
        size <= INT32_MAX &&
            sqlite3_prepare_v2(build->db, "INSERT INTO columns (number, bytes) VALUES (?, ?)", -1,
                               &insert, NULL) == SQLITE_OK,
        err);

    if (ok) {
        sqlite3_bind_int(insert, 1, number);
        sqlite3_bind_blob(insert, 2, size > 0 ? bytes : "", (int)size, SQLITE_STATIC);
        ok = directory_written(build, sqlite3_step(insert) == SQLITE_DONE, err);
    }
    sqlite3_finalize(insert);
    return ok;
}

static bool write_dictionary(struct directory_build *build, int first,
                             struct directory_index_blobs *blobs, struct error *err)
{
    bool ok = write_column(build, first, blobs->texts.bytes, blobs->texts.length, err) &&
              write_column(build, first + 1, blobs->starts.bytes, blobs->starts.length, err) &&
              write_column(build, first + 2, blobs->sizes.bytes, blobs->sizes.length, err) &&
              write_column(build, first + 3, blobs->rows.bytes, blobs->rows.length, err);

    directory_index_blobs_finish(blobs);
    return ok;
}

struct synonym_taker {
    struct directory_index *index;
    uint32_t row;
};

static void take_synonym(void *context, const char *word, size_t length)
{
    const struct synonym_taker *taker = context;

    directory_index_word(taker->index, taker->row, DIRECTORY_IN_SYNONYM, word, length, "");
}

static void index_values(struct directory_build *build, struct directory_index *index,
                         const struct directory_made_organisation *made, uint32_t row)
{
    for (int facet = 0; facet < DIRECTORY_FACETS; facet++)
        for (size_t i = 0; i < build->value_counts[facet]; i++)
            if (made->values[facet].bits[i / 64] >> i % 64 & 1) {
                const struct directory_value *value = &build->values[facet][i];
                enum directory_class found =
                    facet == DIRECTORY_COMMUNE ? DIRECTORY_IN_COMMUNE : DIRECTORY_IN_OFFER;
                directory_index_text(index, row, found, value->labels[LANG_FR]);
                if (facet != DIRECTORY_COMMUNE)
                    directory_index_text(index, row, found, value->labels[LANG_EN]);
            }
}

static void index_organisation(struct directory_build *build, struct directory_index *index,
                               const struct directory_made_organisation *made, uint32_t row)
{
    const struct directory_organisation *of = &made->record;
    struct strbuf told;

    directory_index_text(index, row, DIRECTORY_IN_SIGN, of->sign);
    directory_index_text(index, row, DIRECTORY_IN_SIGN, of->acronym);
    directory_index_text(index, row, DIRECTORY_IN_NAME, of->name);
    directory_index_text(index, row, DIRECTORY_IN_OFFER, of->activity);
    directory_index_text(index, row, DIRECTORY_IN_OFFER, of->types);
    directory_index_text(index, row, DIRECTORY_IN_OFFER, of->family);
    directory_index_text(index, row, DIRECTORY_IN_OFFER, of->offer);
    directory_index_text(index, row, DIRECTORY_IN_OFFER, made->words);
    directory_index_text(index, row, DIRECTORY_IN_COMMUNE, of->commune);
    index_values(build, index, made, row);
    strbuf_init(&told);
    directory_fold(of->name, &told);
    directory_fold(of->sign, &told);
    directory_fold(of->activity, &told);
    directory_fold(of->offer, &told);
    directory_fold(made->words, &told);
    struct synonym_taker taker = {index, row};
    directory_synonyms(told.bytes, take_synonym, &taker);
    strbuf_finish(&told);
}

static bool write_words(struct directory_build *build, struct error *err)
{
    const struct directory_made_organisation *items = build->organisations.items;
    struct directory_index index = {.arena = build->arena};
    struct directory_index_blobs blobs;

    for (size_t i = 0; i < build->organisations.count; i++)
        index_organisation(build, &index, &items[i], (uint32_t)i);
    directory_index_sort(&index);
    directory_index_words(&index, &blobs);
    bool ok = write_dictionary(build, DIRECTORY_WORDS, &blobs, err);
    if (ok) {
        directory_index_prefixes(&index, (uint32_t)build->organisations.count, &blobs);
        ok = write_dictionary(build, DIRECTORY_PREFIXES, &blobs, err);
    }
    directory_index_finish(&index);
    return ok;
}

struct name {
    const char *text;
    uint32_t row; /* as in DIRECTORY_NAME_ROWS */
};

static void add_name(struct directory_build *build, struct directory_list *names, const char *text,
                     uint32_t row)
{
    struct strbuf folded;

    strbuf_init(&folded);
    directory_fold(text, &folded);
    if (folded.length > 0) {
        struct name *name = directory_list_add(names, sizeof(*name));
        name->text = arena_strdup(build->arena, folded.bytes);
        name->row = row;
    }
    strbuf_finish(&folded);
}

static int by_text(const void *a, const void *b)
{
    const struct name *one = a, *other = b;
    int order = strcmp(one->text, other->text);

    return order != 0 ? order : one->row < other->row ? -1 : one->row > other->row;
}

static bool write_names(struct directory_build *build, struct error *err)
{
    const struct directory_made_organisation *items = build->organisations.items;
    struct directory_list names = {0};
    struct strbuf texts, rows;

    for (uint32_t row = 0; row < build->organisations.count; row++) {
        add_name(build, &names, items[row].record.name, 2 * row);
        add_name(build, &names, items[row].record.sign, 2 * row + 1);
        add_name(build, &names, items[row].record.acronym, 2 * row + 1);
    }
    if (names.count > 0)
        qsort(names.items, names.count, sizeof(struct name), by_text);
    strbuf_init(&texts);
    strbuf_init(&rows);
    for (size_t i = 0; i < names.count; i++) {
        const struct name *name = (const struct name *)names.items + i;
        strbuf_append_bytes(&texts, name->text, strlen(name->text) + 1);
        strbuf_append_bytes(&rows, &name->row, sizeof(name->row));
    }
    bool ok = write_column(build, DIRECTORY_NAMES, texts.bytes, texts.length, err) &&
              write_column(build, DIRECTORY_NAME_ROWS, rows.bytes, rows.length, err);
    strbuf_finish(&texts);
    strbuf_finish(&rows);
    free(names.items);
    return ok;
}

static uint8_t main_sector(const struct directory_build *build, const char *key)
{
    for (size_t i = 0; key[0] != '\0' && i < build->value_counts[DIRECTORY_SECTOR]; i++)
        if (strcmp(build->values[DIRECTORY_SECTOR][i].key, key) == 0)
            return (uint8_t)i;
    return DIRECTORY_NO_SECTOR;
}

static int by_string(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The buildings' ids in order, each once, and of each row its place among them. */
static bool write_sites(struct directory_build *build, struct error *err)
{
    const struct directory_made_organisation *items = build->organisations.items;
    size_t count = build->organisations.count, sites = 0;
    const char **ids = calloc(count + 1, sizeof(ids[0]));
    uint16_t *of_rows = calloc(count + 1, sizeof(of_rows[0]));
    struct strbuf texts;

    if (ids == NULL || of_rows == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        ids[i] = items[i].record.site_id;
    qsort(ids, count, sizeof(ids[0]), by_string);
    strbuf_init(&texts);
    for (size_t i = 0; i < count; i++)
        if (ids[i][0] != '\0' && sites < UINT16_MAX &&
            (sites == 0 || strcmp(ids[i], ids[sites - 1]) != 0)) {
            strbuf_append_bytes(&texts, ids[i], strlen(ids[i]) + 1);
            ids[sites++] = ids[i];
        }
    for (size_t i = 0; i < count; i++) {
        const char **found =
            bsearch(&items[i].record.site_id, ids, sites, sizeof(ids[0]), by_string);
        of_rows[i] = (uint16_t)(found != NULL ? found - ids + 1 : 0);
    }
    bool ok = write_column(build, DIRECTORY_SITES, of_rows, count * sizeof(of_rows[0]), err) &&
              write_column(build, DIRECTORY_SITE_NAMES, texts.bytes, texts.length, err);
    strbuf_finish(&texts);
    free(of_rows);
    free(ids);
    return ok;
}

static bool write_rows(struct directory_build *build, struct error *err)
{
    const struct directory_made_organisation *items = build->organisations.items;
    size_t count = build->organisations.count;
    struct strbuf initials, places, sectors;

    strbuf_init(&initials);
    strbuf_init(&places);
    strbuf_init(&sectors);
    for (size_t i = 0; i < count; i++) {
        const struct directory_organisation *of = &items[i].record;
        bool somewhere = of->latitude != 0 || of->longitude != 0;
        const float place[2] = {somewhere ? (float)of->latitude : NAN,
                                somewhere ? (float)of->longitude : NAN};
        uint8_t sector = main_sector(build, of->sector);
        strbuf_append_char(&initials, of->initial);
        strbuf_append_bytes(&places, place, sizeof(place));
        strbuf_append_bytes(&sectors, &sector, 1);
    }
    bool ok = write_column(build, DIRECTORY_INITIALS, initials.bytes, initials.length, err) &&
              write_column(build, DIRECTORY_PLACES, places.bytes, places.length, err) &&
              write_column(build, DIRECTORY_MAIN, sectors.bytes, sectors.length, err);
    strbuf_finish(&initials);
    strbuf_finish(&places);
    strbuf_finish(&sectors);
    return ok;
}

static bool write_sets(struct directory_build *build, enum directory_facet facet, struct error *err)
{
    const struct directory_made_organisation *items = build->organisations.items;
    size_t set_words = (build->organisations.count + 63) / 64;
    uint64_t *sets = calloc(build->value_counts[facet] * set_words + 1, sizeof(sets[0]));

    if (sets == NULL)
        abort();
    for (size_t row = 0; row < build->organisations.count; row++)
        for (size_t i = 0; i < build->value_counts[facet]; i++)
            if (items[row].values[facet].bits[i / 64] >> i % 64 & 1)
                sets[i * set_words + row / 64] |= UINT64_C(1) << row % 64;
    bool ok = write_column(build, DIRECTORY_SETS + (int)facet, sets,
                           build->value_counts[facet] * set_words * sizeof(sets[0]), err);
    free(sets);
    return ok;
}

bool directory_write_columns(struct directory_build *build, struct error *err)
{
    bool ok =
        directory_run(
            build, "CREATE TABLE columns (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL)", err) &&
        write_words(build, err) && write_names(build, err) && write_rows(build, err) &&
        write_sites(build, err);

    for (int facet = 0; ok && facet < DIRECTORY_FACETS; facet++)
        ok = write_sets(build, (enum directory_facet)facet, err);
    return ok;
}
