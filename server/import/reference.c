#include "server/import/reference.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/strbuf.h"
#include "core/utf8.h"
#include "server/import/table.h"

#define REFERENCE_ROWS_MAX 2000
#define REFERENCE_FIELD_MAX 1000

struct naf {
    const char *code;
    const char *label;
};

struct communes {
    struct arena *arena; /* the reference's */
    size_t count;
    struct commune items[REFERENCE_ROWS_MAX]; /* sorted by key */
};

struct reference {
    struct arena *arena;
    struct communes metropole;
    struct communes others;
    size_t naf_count;
    struct naf nafs[REFERENCE_ROWS_MAX];
};

static bool word_is(const char *word, size_t length, const char *text)
{
    return strlen(text) == length && memcmp(word, text, length) == 0;
}

/* Without the article in front, and without what the post adds behind: "rouen cedex 1". */
static void make_key(const char *name, struct strbuf *out)
{
    struct strbuf folded;

    strbuf_init(&folded);
    utf8_fold(name, &folded);
    const char *word = folded.bytes;
    bool first = true;
    while (*word) {
        size_t length = strcspn(word, " ");
        if (!first && (word_is(word, length, "cedex") || isdigit((unsigned char)*word)))
            break;
        bool article = first && word[length] != '\0' &&
                       (word_is(word, length, "le") || word_is(word, length, "la") ||
                        word_is(word, length, "les") || word_is(word, length, "l"));
        if (!article) {
            if (out->length > 0)
                strbuf_append_char(out, ' ');
            utf8_append_word(out, word, length);
        }
        first = false;
        word += length + strspn(word + length, " ");
    }
    strbuf_finish(&folded);
}

static bool add_commune(void *context, const struct table_row *row, struct error *err)
{
    struct communes *communes = context;
    struct strbuf key;

    if (row->line == 1)
        return true;
    if (row->count != 3 || communes->count == REFERENCE_ROWS_MAX) {
        error_set(err, ERROR_INVALID, "il faut trois colonnes", "there must be three columns");
        error_at(err, NULL, row->line);
        return false;
    }
    strbuf_init(&key);
    make_key(row->fields[1], &key);
    communes->items[communes->count++] = (struct commune){
        .code_insee = arena_strdup(communes->arena, row->fields[0]),
        .name = arena_strdup(communes->arena, row->fields[1]),
        .key = arena_strdup(communes->arena, key.bytes),
        .postcodes = arena_strdup(communes->arena, row->fields[2]),
    };
    strbuf_finish(&key);
    return true;
}

static bool add_naf(void *context, const struct table_row *row, struct error *err)
{
    struct reference *reference = context;

    if (row->line == 1)
        return true;
    if (row->count != 2 || reference->naf_count == REFERENCE_ROWS_MAX) {
        error_set(err, ERROR_INVALID, "il faut deux colonnes", "there must be two columns");
        error_at(err, NULL, row->line);
        return false;
    }
    reference->nafs[reference->naf_count++] = (struct naf){
        .code = arena_strdup(reference->arena, row->fields[0]),
        .label = arena_strdup(reference->arena, row->fields[1]),
    };
    return true;
}

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct naf *)a)->code, ((const struct naf *)b)->code);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct commune *)a)->key, ((const struct commune *)b)->key);
}

static bool load_table(const char *folder, const char *name, table_row_handler *add, void *context,
                       struct error *err)
{
    char path[4096];
    struct table_format format;

    if (!path_join(path, sizeof(path), folder, name))
        return error_set(err, ERROR_LIMIT, "chemin trop long", "path too long");
    return table_scan(path, &format, err) &&
           table_read(path, &format, REFERENCE_FIELD_MAX, add, context, err);
}

struct reference *reference_load(const char *folder, struct error *err)
{
    struct reference *reference = calloc(1, sizeof(*reference));

    if (!reference)
        abort();
    reference->arena = arena_create();
    reference->metropole.arena = reference->others.arena = reference->arena;
    if (!load_table(folder, "data/communes.csv", add_commune, &reference->metropole, err) ||
        !load_table(folder, "data/communes_76.csv", add_commune, &reference->others, err) ||
        !load_table(folder, "data/naf.csv", add_naf, reference, err)) {
        reference_destroy(reference);
        return NULL;
    }
    qsort(reference->metropole.items, reference->metropole.count, sizeof(struct commune), by_key);
    qsort(reference->others.items, reference->others.count, sizeof(struct commune), by_key);
    qsort(reference->nafs, reference->naf_count, sizeof(reference->nafs[0]), by_code);
    return reference;
}

void reference_destroy(struct reference *reference)
{
    if (!reference)
        return;
    arena_destroy(reference->arena);
    free(reference);
}

size_t reference_commune_count(const struct reference *reference)
{
    return reference->metropole.count;
}

bool commune_has_postcode(const struct commune *commune, const char *postcode)
{
    return strlen(postcode) == 5 && strstr(commune->postcodes, postcode) != NULL;
}

static const struct commune *find(const struct communes *communes, const char *name)
{
    struct strbuf key;

    strbuf_init(&key);
    make_key(name, &key);
    const struct commune wanted = {.key = key.bytes};
    const struct commune *found =
        bsearch(&wanted, communes->items, communes->count, sizeof(struct commune), by_key);
    strbuf_finish(&key);
    return found;
}

bool reference_has_postcode(const struct reference *reference, const char *postcode)
{
    for (size_t i = 0; i < reference->metropole.count; i++)
        if (commune_has_postcode(&reference->metropole.items[i], postcode))
            return true;
    return false;
}

bool reference_is_commune(const struct reference *reference, const char *name)
{
    return find(&reference->metropole, name) || find(&reference->others, name);
}

const struct commune *reference_commune(const struct reference *reference, const char *name,
                                        const char *postcode)
{
    const struct commune *found = find(&reference->metropole, name);

    if (found && *postcode && strncmp(postcode, "76", 2) != 0 &&
        !commune_has_postcode(found, postcode))
        return NULL;
    return found;
}

static bool in_capitals(const char *name)
{
    const char *end = name + strlen(name);
    bool letter = false;

    while (name < end) {
        uint32_t c = utf8_next(&name, end);
        if (c >= 'a' && c <= 'z')
            return false;
        letter = letter || (c >= 'A' && c <= 'Z');
    }
    return letter;
}

static void append_commune_word(struct strbuf *out, const char *word, size_t length, bool first)
{
    static const char *const small[] = {"de", "du", "des", "la",   "le", "les", "en",  "sur",
                                        "et", "au", "aux", "sous", "d",  "l",   "pres"};
    bool lower = false;

    for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
        lower = lower || (!first && word_is(word, length, small[i]));
    if (!lower && word[0] >= 'a' && word[0] <= 'z') {
        strbuf_append_char(out, (char)toupper((unsigned char)word[0]));
        word++;
        length--;
    }
    strbuf_append_bytes(out, word, length);
}

/* INSEE's rule for names of communes: hyphens between the words, but not behind the article in
 * front. */
static const char *by_rule(struct arena *arena, const char *name)
{
    struct strbuf key;
    struct strbuf out;

    strbuf_init(&key);
    strbuf_init(&out);
    make_key(name, &key);
    if (strncasecmp(name, "LE ", 3) == 0 || strncasecmp(name, "LA ", 3) == 0)
        strbuf_append(&out, name[1] == 'E' || name[1] == 'e' ? "Le " : "La ");
    else if (strncasecmp(name, "LES ", 4) == 0)
        strbuf_append(&out, "Les ");
    else if (strncasecmp(name, "L ", 2) == 0 || strncasecmp(name, "L'", 2) == 0)
        strbuf_append(&out, "L’");
    bool elided = false;
    bool first = true;
    for (const char *word = key.bytes; *word;) {
        size_t length = strcspn(word, " ");
        if (!first)
            strbuf_append(&out, elided ? "’" : "-");
        append_commune_word(&out, word, length, first);
        elided = !first && (word_is(word, length, "l") || word_is(word, length, "d"));
        first = false;
        word += length + strspn(word + length, " ");
    }
    const char *readable = arena_strndup(arena, out.bytes, out.length);
    strbuf_finish(&out);
    strbuf_finish(&key);
    return readable;
}

const char *reference_readable(const struct reference *reference, struct arena *arena,
                               const char *name, const char *postcode)
{
    const struct commune *known =
        strncmp(postcode, "76", 2) == 0 ? find(&reference->others, name) : NULL;

    if (known)
        return known->name;
    return in_capitals(name) ? by_rule(arena, name) : name;
}

const char *naf_normalise(struct arena *arena, const char *text)
{
    char code[8];
    size_t length = 0;

    for (const char *c = text; *c; c++) {
        if (*c == '.' || *c == ' ')
            continue;
        if (length >= 5)
            return NULL;
        code[length++] = (char)toupper((unsigned char)*c);
    }
    code[length] = '\0';
    if (length != 5 || strspn(code, "0123456789") != 4 || code[4] < 'A' || code[4] > 'Z')
        return NULL;
    return arena_printf(arena, "%.2s.%s", code, code + 2);
}

const char *reference_naf_label(const struct reference *reference, const char *naf)
{
    const struct naf wanted = {.code = naf};
    const struct naf *found = bsearch(&wanted, reference->nafs, reference->naf_count,
                                      sizeof(reference->nafs[0]), by_code);

    return found ? found->label : NULL;
}
