#include "core/json_scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/utf8.h"

/* cJSON reads a number through a buffer of 63 characters. */
#define NUMBER_LENGTH_MAX 60
/* Up to here comparing all pairs of keys beats sorting them. */
#define FEW_KEYS 16

/* A member's name as it reads after its escapes, for finding duplicates. */
struct key {
    const char *text;
    size_t length;
    const char *at; /* where its quote opens */
};

struct scan {
    const char *start;
    const char *at;
    const char *end;
    struct key *keys; /* of all open objects, innermost last */
    size_t key_count;
    size_t key_capacity;
    struct arena *arena; /* keys with escapes; made when there is one */
    struct error *err;
};

static bool fail_at(struct scan *scan, const char *at, enum error_kind kind, const char *fr,
                    const char *en)
{
    int line = 1;
    for (const char *c = scan->start; c < at; c++) {
        line += *c == '\n';
    }
    error_set(scan->err, kind, "%s%.0s", "%.0s%s", fr, en);
    error_at(scan->err, NULL, line);
    return false;
}

static bool fail(struct scan *scan, const char *fr, const char *en)
{
    if (scan->at >= scan->end) {
        return fail_at(scan, scan->end, ERROR_INVALID, "le document JSON s’arrête trop tôt",
                       "the JSON document ends too early");
    }
    return fail_at(scan, scan->at, ERROR_INVALID, fr, en);
}

static void skip_space(struct scan *scan)
{
    while (scan->at < scan->end &&
           (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t')) {
        scan->at++;
    }
}

static bool next_is(const struct scan *scan, char c)
{
    return scan->at < scan->end && *scan->at == c;
}

/* Four hexadecimal digits at `at`. */
static bool read_hex4(const struct scan *scan, const char *at, uint32_t *value_out)
{
    uint32_t value = 0;
    if (scan->end - at < 4) {
        return false;
    }
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        uint32_t digit;
        if (c >= '0' && c <= '9') {
            digit = (uint32_t)(c - '0');
        } else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')) {
            digit = (uint32_t)((c | 0x20) - 'a' + 10);
        } else {
            return false;
        }
        value = value * 16 + digit;
    }
    *value_out = value;
    return true;
}

/* \uXXXX or a surrogate pair, with scan->at on the backslash; moves behind it. */
static bool take_unicode(struct scan *scan, uint32_t *code_point_out)
{
    uint32_t value;
    if (!read_hex4(scan, scan->at + 2, &value)) {
        return fail(scan, "\\u doit être suivi de quatre chiffres hexadécimaux",
                    "\\u must be followed by four hexadecimal digits");
    }
    if (value == 0) {
        return fail(scan, "le caractère \\u0000 n’est pas admis", "\\u0000 is not allowed");
    }
    size_t length = 6;
    if (value >= 0xD800 && value < 0xE000) {
        uint32_t low = 0;
        const char *second = scan->at + 6;
        if (value >= 0xDC00 || scan->end - second < 6 || second[0] != '\\' || second[1] != 'u' ||
            !read_hex4(scan, second + 2, &low) || low < 0xDC00 || low >= 0xE000) {
            return fail(scan, "\\u : moitié de paire sans l’autre",
                        "\\u: half a surrogate pair without the other");
        }
        value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
        length = 12;
    }
    scan->at += length;
    *code_point_out = value;
    return true;
}

/* One escape with scan->at on its backslash; moves behind it. */
static bool take_escape(struct scan *scan, uint32_t *code_point_out)
{
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    if (scan->end - scan->at < 2) {
        scan->at = scan->end;
        return fail(scan, "", "");
    }
    char c = scan->at[1];
    if (c == 'u') {
        return take_unicode(scan, code_point_out);
    }
    const char *name = c == '\0' ? NULL : strchr(names, c);
    if (name == NULL) {
        return fail(scan, "échappement inconnu après « \\ »", "unknown escape after \"\\\"");
    }
    *code_point_out = (unsigned char)values[name - names];
    scan->at += 2;
    return true;
}

/* A string with scan->at on its opening quote. */
static bool take_string(struct scan *scan, bool *escaped_out)
{
    const char *open = scan->at;
    *escaped_out = false;
    scan->at++;
    while (scan->at < scan->end) {
        unsigned char c = (unsigned char)*scan->at;
        if (c == '"') {
            scan->at++;
            return true;
        }
        if (c < 0x20) {
            return fail(scan, "caractère de commande dans un texte (texte non fermé ?)",
                        "control character in a text (text not closed?)");
        }
        if (c == '\\') {
            uint32_t code_point;
            *escaped_out = true;
            if (!take_escape(scan, &code_point)) {
                return false;
            }
        } else {
            scan->at++;
        }
    }
    return fail_at(scan, open, ERROR_INVALID, "ce texte n’est pas fermé par un guillemet",
                   "this text is not closed by a quote");
}

static bool take_digits(struct scan *scan)
{
    const char *first = scan->at;
    while (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9') {
        scan->at++;
    }
    return scan->at > first;
}

static bool take_number(struct scan *scan)
{
    const char *fr = "nombre mal écrit";
    const char *en = "malformed number";
    const char *first = scan->at;
    scan->at += next_is(scan, '-');
    if (next_is(scan, '0')) {
        scan->at++;
        if (scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9') {
            return fail(scan, fr, en);
        }
    } else if (!take_digits(scan)) {
        return fail(scan, fr, en);
    }
    if (next_is(scan, '.')) {
        scan->at++;
        if (!take_digits(scan)) {
            return fail(scan, fr, en);
        }
    }
    if (next_is(scan, 'e') || next_is(scan, 'E')) {
        scan->at++;
        scan->at += next_is(scan, '+') || next_is(scan, '-');
        if (!take_digits(scan)) {
            return fail(scan, fr, en);
        }
    }
    if (scan->at - first > NUMBER_LENGTH_MAX) {
        return fail_at(scan, first, ERROR_LIMIT, "nombre trop long", "number too long");
    }
    return true;
}

static bool take_word(struct scan *scan, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, word, length) != 0) {
        return fail(scan, "valeur JSON attendue", "a JSON value is expected");
    }
    scan->at += length;
    return true;
}

static bool take_plain(struct scan *scan)
{
    bool escaped;
    switch (scan->at < scan->end ? *scan->at : '\0') {
    case '"':
        return take_string(scan, &escaped);
    case 't':
        return take_word(scan, "true");
    case 'f':
        return take_word(scan, "false");
    case 'n':
        return take_word(scan, "null");
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return take_number(scan);
    default:
        return fail(scan, "valeur JSON attendue", "a JSON value is expected");
    }
}

/* The name between `open` and scan->at as it reads: "\u0061" and "a" are the same member. */
static struct key unescaped_key(struct scan *scan, const char *open)
{
    if (scan->arena == NULL) {
        scan->arena = arena_create();
    }
    struct strbuf text;
    strbuf_init(&text);
    struct scan again = {.start = scan->start, .at = open + 1, .end = scan->at - 1};
    while (again.at < again.end) {
        uint32_t code_point = 0;
        if (*again.at != '\\') {
            strbuf_append_char(&text, *again.at++);
        } else if (take_escape(&again, &code_point)) {
            utf8_append(&text, code_point);
        }
    }
    struct key key = {.text = arena_strndup(scan->arena, text.bytes, text.length),
                      .length = text.length,
                      .at = open};
    strbuf_finish(&text);
    return key;
}

/* "name" : */
static bool take_key(struct scan *scan)
{
    if (!next_is(scan, '"')) {
        return fail(scan, "nom de champ entre guillemets attendu",
                    "a field name in quotes is expected");
    }
    const char *open = scan->at;
    bool escaped;
    if (!take_string(scan, &escaped)) {
        return false;
    }
    if (scan->key_count == scan->key_capacity) {
        scan->key_capacity = scan->key_capacity == 0 ? 64 : scan->key_capacity * 2;
        struct key *more = realloc(scan->keys, scan->key_capacity * sizeof *more);
        if (more == NULL) {
            abort();
        }
        scan->keys = more;
    }
    scan->keys[scan->key_count++] =
        escaped
            ? unescaped_key(scan, open)
            : (struct key){.text = open + 1, .length = (size_t)(scan->at - open) - 2, .at = open};
    skip_space(scan);
    if (!next_is(scan, ':')) {
        return fail(scan, "« : » attendu après le nom du champ",
                    "\":\" is expected after the field name");
    }
    scan->at++;
    return true;
}

static int compare_keys(const void *a, const void *b)
{
    const struct key *first = a;
    const struct key *second = b;
    if (first->length != second->length) {
        return first->length < second->length ? -1 : 1;
    }
    int order = memcmp(first->text, second->text, first->length);
    if (order != 0) {
        return order;
    }
    return first->at < second->at ? -1 : first->at > second->at;
}

static bool same_key(const struct key *a, const struct key *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* The later one of two members with the same name, NULL when all differ. */
static const struct key *find_duplicate(struct key *keys, size_t count)
{
    if (count <= FEW_KEYS) {
        for (size_t i = 1; i < count; i++) {
            for (size_t j = 0; j < i; j++) {
                if (same_key(&keys[i], &keys[j])) {
                    return &keys[i];
                }
            }
        }
        return NULL;
    }
    qsort(keys, count, sizeof *keys, compare_keys);
    for (size_t i = 1; i < count; i++) {
        if (same_key(&keys[i], &keys[i - 1])) {
            return &keys[i];
        }
    }
    return NULL;
}

static bool check_keys(struct scan *scan, size_t first)
{
    const struct key *twice = find_duplicate(scan->keys + first, scan->key_count - first);
    if (twice != NULL) {
        fail_at(scan, twice->at, ERROR_INVALID, "ce champ figure deux fois",
                "this field is there twice");
        char name[64];
        size_t length = twice->length < sizeof name ? twice->length : sizeof name - 1;
        memcpy(name, twice->text, length);
        name[length] = '\0';
        error_field(scan->err, name);
        return false;
    }
    scan->key_count = first;
    return true;
}

/* What is open: one level for each '{' and '['. */
struct level {
    bool object;
    size_t first_key;
};

/* Opens the container at scan->at and moves to its first value. *empty_out when it closes at
 * once, which it then has. */
static bool open_level(struct scan *scan, struct level *levels, size_t *depth, bool *empty_out)
{
    if (*depth == JSON_DEPTH_MAX) {
        return fail_at(scan, scan->at, ERROR_LIMIT, "trop de niveaux imbriqués (32 au plus)",
                       "nested too deeply (32 levels at most)");
    }
    bool object = *scan->at == '{';
    levels[(*depth)++] = (struct level){.object = object, .first_key = scan->key_count};
    scan->at++;
    skip_space(scan);
    *empty_out = next_is(scan, object ? '}' : ']');
    if (*empty_out) {
        scan->at++;
        (*depth)--;
        return true;
    }
    return !object || take_key(scan);
}

/* After a value: a comma and the next member, or the ends of levels. *done_out at the end of the
 * outermost value. */
static bool after_value(struct scan *scan, const struct level *levels, size_t *depth,
                        bool *done_out)
{
    while (*depth > 0) {
        const struct level *level = &levels[*depth - 1];
        skip_space(scan);
        if (next_is(scan, ',')) {
            scan->at++;
            skip_space(scan);
            return !level->object || take_key(scan);
        }
        if (!next_is(scan, level->object ? '}' : ']')) {
            return level->object
                       ? fail(scan, "« , » ou « } » attendu", "\",\" or \"}\" is expected")
                       : fail(scan, "« , » ou « ] » attendu", "\",\" or \"]\" is expected");
        }
        if (level->object && !check_keys(scan, level->first_key)) {
            return false;
        }
        scan->at++;
        (*depth)--;
    }
    *done_out = true;
    return true;
}

static bool scan_document(struct scan *scan)
{
    struct level levels[JSON_DEPTH_MAX];
    size_t depth = 0;
    bool done = false;
    while (!done) {
        skip_space(scan);
        bool complete = true;
        if (next_is(scan, '{') || next_is(scan, '[')) {
            if (!open_level(scan, levels, &depth, &complete)) {
                return false;
            }
        } else if (!take_plain(scan)) {
            return false;
        }
        if (complete && !after_value(scan, levels, &depth, &done)) {
            return false;
        }
    }
    skip_space(scan);
    if (scan->at < scan->end) {
        return fail(scan, "texte en trop après la fin du document JSON",
                    "text after the end of the JSON document");
    }
    return true;
}

/* The first malformed byte; only called when there is one. */
static const char *first_malformed(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    while (bytes < end) {
        const char *at = bytes;
        if (utf8_next(&bytes, end) == 0xFFFD && bytes - at == 1) {
            return at;
        }
    }
    return end;
}

bool json_scan(const char *bytes, size_t length, struct error *err)
{
    struct scan scan = {.start = bytes, .at = bytes, .end = bytes + length, .err = err};
    if (!utf8_valid(bytes, length)) {
        return fail_at(&scan, first_malformed(bytes, length), ERROR_INVALID,
                       "ce n’est pas de l’UTF-8 ; enregistrez le fichier en UTF-8",
                       "this is not UTF-8; save the file as UTF-8");
    }
    bool ok = scan_document(&scan);
    free(scan.keys);
    arena_destroy(scan.arena);
    return ok;
}
