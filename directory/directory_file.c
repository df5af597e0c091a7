#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "directory/directory_private.h"

bool directory_damaged(struct error *err)
{
    return error_set(err, ERROR_INVALID, "le fichier de l’annuaire est abîmé : il faut le refaire",
                     "the directory's file is damaged: it has to be built anew");
}

bool directory_failed(sqlite3 *db, struct error *err)
{
    int code = db != NULL ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;

    if (code == SQLITE_IOERR_SHORT_READ ||
        ((code & 0xff) != SQLITE_IOERR && (code & 0xff) != SQLITE_CANTOPEN &&
         (code & 0xff) != SQLITE_NOMEM && (code & 0xff) != SQLITE_FULL))
        return directory_damaged(err);
    return error_set(err, ERROR_IO, "le fichier de l’annuaire : %s", "the directory's file: %s",
                     db != NULL ? sqlite3_errmsg(db) : "no memory");
}

/* --- columns --------------------------------------------------------------------------------- */

/* A whole blob and a NUL; NULL on failure. */
static void *column(struct directory *directory, int number, size_t *size_out, struct error *err)
{
    sqlite3_blob *blob = NULL;
    char *bytes = NULL;

    if (sqlite3_blob_open(directory->db, "main", "columns", "bytes", number, 0, &blob) !=
        SQLITE_OK) {
        directory_failed(directory->db, err);
    } else {
        int size = sqlite3_blob_bytes(blob);
        bytes = malloc((size_t)size + 1);
        if (bytes == NULL) {
            error_set(err, ERROR_LIMIT, "l’annuaire ne tient pas en mémoire",
                      "the directory does not fit into memory");
        } else if (sqlite3_blob_read(blob, bytes, size, 0) != SQLITE_OK) {
            directory_failed(directory->db, err);
            free(bytes);
            bytes = NULL;
        } else {
            bytes[size] = '\0';
            *size_out = (size_t)size;
        }
    }
    sqlite3_blob_close(blob);
    return bytes;
}

/* One of exactly `count` items of `item` bytes. */
static void *items(struct directory *directory, int number, size_t count, size_t item,
                   struct error *err)
{
    size_t size;
    void *bytes = column(directory, number, &size, err);

    if (bytes != NULL && size != count * item) {
        directory_damaged(err);
        free(bytes);
        return NULL;
    }
    return bytes;
}

/* Finds where the strings begin, each of them followed by `more` others, and that they stand in
 * order. */
static bool read_strings(struct directory *directory, int number, bool more,
                         struct directory_strings *out, struct error *err)
{
    size_t size, count = 0;
    const char *before = NULL;

    out->texts = column(directory, number, &size, err);
    if (out->texts == NULL)
        return false;
    for (size_t i = 0; i < size; i++)
        count += out->texts[i] == '\0';
    if ((size > 0 && out->texts[size - 1] != '\0') || (more && count % 2 != 0) ||
        count > UINT32_MAX / 2 || size > UINT32_MAX)
        return directory_damaged(err);
    out->count = (uint32_t)(more ? count / 2 : count);
    out->offsets = malloc((out->count + 1) * sizeof(out->offsets[0]));
    if (out->offsets == NULL)
        abort();
    const char *at = out->texts;
    for (uint32_t i = 0; i < out->count; i++) {
        out->offsets[i] = (uint32_t)(at - out->texts);
        if (before != NULL && strcmp(before, at) > 0)
            return directory_damaged(err);
        before = at;
        at += strlen(at) + 1;
        if (more)
            at += strlen(at) + 1;
    }
    return true;
}

/* So that whoever reads a list later needs to check nothing. */
static bool list_is_sound(const struct directory_dictionary *dictionary, uint32_t word,
                          uint32_t row_count)
{
    const uint8_t *at = dictionary->rows + dictionary->starts[word];
    const uint8_t *end = dictionary->rows + dictionary->starts[word + 1];
    uint64_t next = 0;
    uint32_t rows = 0;

    while (at < end) {
        uint64_t number = 0;
        unsigned shift = 0;
        do {
            if (at == end || shift > 21)
                return false;
            number |= (uint64_t)(*at & 0x7f) << shift;
            shift += 7;
        } while ((*at++ & 0x80) != 0);
        next += (number >> DIRECTORY_CLASS_BITS) + 1;
        if (next > row_count || (number & ((1 << DIRECTORY_CLASS_BITS) - 1)) >= DIRECTORY_CLASSES)
            return false;
        rows++;
    }
    return rows == dictionary->sizes[word] && rows > 0;
}

static uint8_t shared_bytes(const char *a, const char *b)
{
    uint8_t count = 0;

    while (a[count] != '\0' && a[count] == b[count])
        count++;
    return count;
}

static bool read_dictionary(struct directory *directory, int first,
                            struct directory_dictionary *out, struct error *err)
{
    size_t size;

    if (!read_strings(directory, first, true, &out->words, err))
        return false;
    uint32_t count = out->words.count;
    if ((out->starts = items(directory, first + 1, (size_t)count + 1, sizeof(uint32_t), err)) ==
            NULL ||
        (out->sizes = items(directory, first + 2, count, sizeof(uint32_t), err)) == NULL ||
        (out->rows = column(directory, first + 3, &size, err)) == NULL)
        return false;
    out->shared = malloc((size_t)count + 1);
    if (out->shared == NULL)
        abort();
    if (out->starts[0] != 0 || out->starts[count] != size)
        return directory_damaged(err);
    for (uint32_t i = 0; i < count; i++) {
        const char *word = directory_string(&out->words, i);
        if (strlen(word) > DIRECTORY_WORD_MAX || word[0] == '\0' ||
            out->starts[i] > out->starts[i + 1] || out->starts[i + 1] > size)
            return directory_damaged(err);
        out->shared[i] =
            i > 0 ? shared_bytes(word, directory_string(&out->words, i - 1)) : (uint8_t)0;
    }
    for (uint32_t i = 0; i < count; i++)
        if (!list_is_sound(out, i, directory->count))
            return directory_damaged(err);
    return true;
}

static bool read_names(struct directory *directory, struct error *err)
{
    if (!read_strings(directory, DIRECTORY_NAMES, false, &directory->names, err) ||
        (directory->name_rows = items(directory, DIRECTORY_NAME_ROWS, directory->names.count,
                                      sizeof(uint32_t), err)) == NULL)
        return false;
    for (uint32_t i = 0; i < directory->names.count; i++)
        if (directory->name_rows[i] / 2 >= directory->count)
            return directory_damaged(err);
    return true;
}

static bool read_rows(struct directory *directory, struct error *err)
{
    uint32_t count = directory->count;

    if ((directory->initials = items(directory, DIRECTORY_INITIALS, count, 1, err)) == NULL ||
        (directory->places = items(directory, DIRECTORY_PLACES, count, 2 * sizeof(float), err)) ==
            NULL ||
        (directory->main_sectors = items(directory, DIRECTORY_MAIN, count, 1, err)) == NULL ||
        (directory->sites = items(directory, DIRECTORY_SITES, count, sizeof(uint16_t), err)) ==
            NULL ||
        !read_strings(directory, DIRECTORY_SITE_NAMES, false, &directory->site_names, err))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        char initial = directory->initials[i];
        if ((initial != '#' && (initial < 'A' || initial > 'Z')) ||
            directory->sites[i] > directory->site_names.count ||
            (directory->main_sectors[i] != DIRECTORY_NO_SECTOR &&
             directory->main_sectors[i] >= directory->value_counts[DIRECTORY_SECTOR]))
            return directory_damaged(err);
    }
    return true;
}

/* --- values, communes ------------------------------------------------------------------------- */

static sqlite3_stmt *prepare(struct directory *directory, const char *sql, struct error *err)
{
    sqlite3_stmt *statement = NULL;

    if (sqlite3_prepare_v2(directory->db, sql, -1, &statement, NULL) != SQLITE_OK)
        directory_failed(directory->db, err);
    return statement;
}

static const char *text_of(struct directory *directory, sqlite3_stmt *statement, int number)
{
    const char *text = (const char *)sqlite3_column_text(statement, number);

    return arena_strdup(directory->arena, text != NULL ? text : "");
}

static bool read_values(struct directory *directory, struct error *err)
{
    sqlite3_stmt *statement = prepare(directory,
                                      "SELECT facet, number, \"key\", label_fr, label_en "
                                      "FROM facet_values ORDER BY facet, number",
                                      err);
    int step = SQLITE_DONE;
    bool ok = statement != NULL;

    for (size_t facet = 0; facet < DIRECTORY_FACETS; facet++)
        directory->values[facet] =
            arena_array(directory->arena, DIRECTORY_VALUES_MAX, sizeof(struct directory_value));
    while (ok && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        int facet = sqlite3_column_int(statement, 0), number = sqlite3_column_int(statement, 1);
        ok = facet >= 0 && facet < DIRECTORY_FACETS && number < DIRECTORY_VALUES_MAX &&
             number == (int)directory->value_counts[facet];
        if (ok)
            directory->values[facet][directory->value_counts[facet]++] =
                (struct directory_value){text_of(directory, statement, 2),
                                         {[LANG_FR] = text_of(directory, statement, 3),
                                          [LANG_EN] = text_of(directory, statement, 4)}};
        else
            directory_damaged(err);
    }
    ok = ok && (step == SQLITE_DONE || directory_failed(directory->db, err));
    sqlite3_finalize(statement);
    for (int facet = 0; ok && facet < DIRECTORY_FACETS; facet++) {
        size_t words = directory->value_counts[facet] * directory->set_words;
        directory->sets[facet] =
            items(directory, DIRECTORY_SETS + facet, words, sizeof(uint64_t), err);
        ok = directory->sets[facet] != NULL;
        /* No row behind the last. */
        for (size_t i = directory->set_words; ok && directory->count % 64 != 0 && i <= words;
             i += directory->set_words)
            if (directory->sets[facet][i - 1] >> directory->count % 64 != 0)
                ok = directory_damaged(err);
    }
    return ok;
}

/* uint32_t number of rings, of each its number of points, then the points. */
static bool read_rings(struct directory *directory, const uint8_t *bytes, size_t size,
                       struct directory_commune *out)
{
    uint32_t count, points;

    if (size < sizeof(count))
        return false;
    memcpy(&count, bytes, sizeof(count));
    size_t at = ((size_t)count + 1) * sizeof(count);
    if (at > size)
        return false;
    struct directory_ring *rings = arena_array(directory->arena, count, sizeof(rings[0]));
    for (uint32_t i = 0; i < count; i++) {
        memcpy(&points, bytes + (i + 1) * sizeof(count), sizeof(points));
        size_t length = (size_t)points * sizeof(struct directory_point);
        if (length > size - at)
            return false;
        void *copy = arena_alloc(directory->arena, length);
        memcpy(copy, bytes + at, length);
        rings[i] = (struct directory_ring){.count = points, .points = copy};
        at += length;
    }
    out->ring_count = count;
    out->rings = rings;
    return at == size;
}

static bool read_communes(struct directory *directory, struct error *err)
{
    sqlite3_stmt *statement = prepare(directory,
                                      "SELECT code, name, latitude, longitude, rings "
                                      "FROM communes ORDER BY number",
                                      err);
    int step = SQLITE_DONE;
    bool ok = statement != NULL;
    size_t count = 0, room = 0;
    struct directory_commune *communes = NULL;

    while (ok && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        if (count == room) {
            struct directory_commune *more =
                arena_array(directory->arena, room = 2 * room + 64, sizeof(more[0]));
            if (count > 0)
                memcpy(more, communes, count * sizeof(more[0]));
            communes = more;
        }
        communes[count] = (struct directory_commune){
            .code = text_of(directory, statement, 0),
            .name = text_of(directory, statement, 1),
            .latitude = sqlite3_column_double(statement, 2),
            .longitude = sqlite3_column_double(statement, 3),
        };
        const uint8_t *rings = sqlite3_column_blob(statement, 4);
        size_t size = (size_t)sqlite3_column_bytes(statement, 4);
        ok = (rings != NULL && read_rings(directory, rings, size, &communes[count++])) ||
             directory_damaged(err);
    }
    ok = ok && (step == SQLITE_DONE || directory_failed(directory->db, err));
    sqlite3_finalize(statement);
    directory->communes = (struct directory_commune_list){count, communes};
    return ok;
}

static bool read_head(struct directory *directory, struct error *err)
{
    sqlite3_stmt *statement = prepare(directory, "SELECT generated, count FROM head", err);
    bool ok = statement != NULL &&
              (sqlite3_step(statement) == SQLITE_ROW || directory_failed(directory->db, err));

    if (ok) {
        int64_t count = sqlite3_column_int64(statement, 1);
        directory->generated = text_of(directory, statement, 0);
        ok = (count >= 0 && count <= DIRECTORY_ROWS_MAX) || directory_damaged(err);
        directory->count = ok ? (uint32_t)count : 0;
        directory->set_words = (directory->count + 63) / 64;
    }
    sqlite3_finalize(statement);
    return ok;
}

/* --- the file --------------------------------------------------------------------------------- */

/* Nobody writes it: no locks, no journal. */
static bool open_database(struct directory *directory, const char *path, struct error *err)
{
    struct strbuf uri;
    sqlite3_stmt *statement;
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;

    strbuf_init(&uri);
    strbuf_append(&uri, "file:");
    for (; *path != '\0'; path++)
        if (strchr("%?#", *path) != NULL)
            strbuf_printf(&uri, "%%%02X", (unsigned)*path);
        else
            strbuf_append_char(&uri, *path);
    strbuf_append(&uri, "?immutable=1");
    int opened = sqlite3_open_v2(uri.bytes, &directory->db, flags, NULL);
    strbuf_finish(&uri);
    if (opened != SQLITE_OK)
        return directory_failed(directory->db, err);
    sqlite3_db_config(directory->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(directory->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (sqlite3_exec(directory->db, "PRAGMA cell_size_check = ON; PRAGMA cache_size = -1024;", NULL,
                     NULL, NULL) != SQLITE_OK ||
        (statement = prepare(directory, "PRAGMA user_version", NULL)) == NULL)
        return directory_failed(directory->db, err);
    bool ok = sqlite3_step(statement) == SQLITE_ROW || directory_failed(directory->db, err);
    if (ok && sqlite3_column_int(statement, 0) != DIRECTORY_FORMAT)
        ok = error_set(
            err, ERROR_INVALID, "ce fichier n’est pas un annuaire de cette version (format %d)",
            "this file is not a directory of this version (format %d)", DIRECTORY_FORMAT);
    sqlite3_finalize(statement);
    return ok;
}

struct directory *directory_open(const char *path, struct error *err)
{
    int64_t size = 0;

    if (!file_exists(path) || !file_size(path, &size)) {
        error_set(err, ERROR_NOT_FOUND, "il n’y a pas d’annuaire", "there is no directory");
        return NULL;
    }
    if (size > DIRECTORY_BYTES_MAX) {
        error_set(err, ERROR_INVALID, "le fichier de l’annuaire est trop grand",
                  "the directory's file is too large");
        return NULL;
    }
    struct directory *directory = calloc(1, sizeof(*directory));
    if (directory == NULL)
        abort();
    directory->arena = arena_create();
    if (!open_database(directory, path, err) || !read_head(directory, err) ||
        !read_values(directory, err) || !read_communes(directory, err) ||
        !read_dictionary(directory, DIRECTORY_WORDS, &directory->words, err) ||
        !read_dictionary(directory, DIRECTORY_PREFIXES, &directory->prefixes, err) ||
        !read_names(directory, err) || !read_rows(directory, err)) {
        directory_close(directory);
        return NULL;
    }
    size_t room = 64 * directory->set_words;
    directory->total = malloc(3 * room + 1);
    if (directory->total == NULL)
        abort();
    directory->costs = directory->total + room;
    directory->spare = directory->costs + room;
    sqlite3_db_release_memory(directory->db);
    return directory;
}

static void dictionary_finish(struct directory_dictionary *dictionary)
{
    free(dictionary->words.texts);
    free(dictionary->words.offsets);
    free(dictionary->shared);
    free(dictionary->starts);
    free(dictionary->sizes);
    free(dictionary->rows);
}

void directory_close(struct directory *directory)
{
    if (directory == NULL)
        return;
    for (size_t i = 0; i < DIRECTORY_STATEMENTS; i++)
        sqlite3_finalize(directory->statements[i]);
    sqlite3_close(directory->db);
    dictionary_finish(&directory->words);
    dictionary_finish(&directory->prefixes);
    free(directory->names.texts);
    free(directory->names.offsets);
    free(directory->name_rows);
    free(directory->initials);
    free(directory->places);
    free(directory->main_sectors);
    free(directory->sites);
    free(directory->site_names.texts);
    free(directory->site_names.offsets);
    for (size_t i = 0; i < DIRECTORY_FACETS; i++)
        free(directory->sets[i]);
    free(directory->total);
    arena_destroy(directory->arena);
    free(directory);
}

const char *directory_generated(const struct directory *directory)
{
    return directory->generated;
}

uint32_t directory_count(const struct directory *directory)
{
    return directory->count;
}

size_t directory_value_count(const struct directory *directory, enum directory_facet facet)
{
    return directory->value_counts[facet];
}

const char *directory_value_label(const struct directory *directory, enum directory_facet facet,
                                  size_t value, enum lang lang)
{
    return directory->values[facet][value].labels[lang];
}

const char *directory_value_key(const struct directory *directory, enum directory_facet facet,
                                size_t value)
{
    return directory->values[facet][value].key;
}

const float *directory_places(const struct directory *directory)
{
    return directory->places;
}

const struct directory_commune_list *directory_communes(const struct directory *directory)
{
    return &directory->communes;
}
