#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "search/search_private.h"

/* "a b" → "a" AND "b"; a facet may be anything that somebody sent. */
static void append_words(struct strbuf *out, const char *words, const char *before, size_t max)
{
    for (size_t i = 0; i < max && *(words += strspn(words, " ")) != '\0'; i++) {
        size_t length = strcspn(words, " ");
        strbuf_append(out, out->length > 0 ? " AND \"" : "\"");
        strbuf_append(out, before);
        for (; length > 0; length--, words++)
            strbuf_append_char(out, *words == '"' ? '-' : *words);
        strbuf_append_char(out, '"');
    }
}

/* The words that begin so, each asked for by itself; false when they are too many, or none. */
static bool append_terms(struct search *search, struct strbuf *out, const char *beginning,
                         bool *ok_out, struct error *err)
{
    sqlite3_stmt *terms = search_statement(search, SEARCH_TERMS, err);
    struct strbuf until, words;
    size_t count = 0;
    int step = SQLITE_DONE;

    *ok_out = terms != NULL;
    if (terms == NULL)
        return false;
    strbuf_init(&until);
    strbuf_init(&words);
    strbuf_append(&until, beginning);
    strbuf_append_char(&until, (char)0xff); /* above all that UTF-8 begins with */
    search_bind_text(terms, 1, beginning);
    sqlite3_bind_text(terms, 2, until.bytes, (int)until.length, SQLITE_STATIC);
    while ((step = sqlite3_step(terms)) == SQLITE_ROW && ++count <= SEARCH_TERMS_MAX) {
        strbuf_append(&words, count > 1 ? " OR \"" : "(\"");
        strbuf_append(&words, (const char *)sqlite3_column_text(terms, 0));
        strbuf_append_char(&words, '"');
    }
    *ok_out = step == SQLITE_ROW || step == SQLITE_DONE || search_failed(search->db, err);
    sqlite3_reset(terms);
    sqlite3_clear_bindings(terms);
    bool few = *ok_out && count > 0 && count <= SEARCH_TERMS_MAX;
    if (few) {
        strbuf_append(out, out->length > 0 ? " AND " : "");
        strbuf_append(out, words.bytes);
        strbuf_append_char(out, ')');
    }
    strbuf_finish(&until);
    strbuf_finish(&words);
    return few;
}

static bool expression(struct search *search, const struct search_query *query, struct strbuf *out,
                       struct error *err)
{
    struct strbuf folded;
    bool ok = true;

    strbuf_init(&folded);
    utf8_fold(query->text, &folded);
    char *space = strrchr(folded.bytes, ' ');
    char *last = space != NULL ? space + 1 : folded.bytes;
    if (space != NULL)
        *space = '\0';
    if (query->kind != NULL && query->kind[0] != '\0')
        append_words(out, query->kind, ":kind:", 1);
    if (query->facets != NULL)
        append_words(out, query->facets, ":", SEARCH_WORDS_MAX);
    if (space != NULL)
        append_words(out, folded.bytes, "", SEARCH_WORDS_MAX);
    if (last[0] != '\0' &&
        (strlen(last) < SEARCH_TERM_MIN || !append_terms(search, out, last, &ok, err))) {
        append_words(out, last, "", 1);
        strbuf_append_char(out, '*');
    }
    strbuf_finish(&folded);
    return ok;
}

/* Where the page before ended. */
static bool after_place(struct search *search, const char *key, int64_t *place_out,
                        struct error *err)
{
    const char *slash = key != NULL ? strchr(key, '/') : NULL;

    *place_out = INT64_MIN;
    if (key == NULL || key[0] == '\0')
        return true;
    sqlite3_stmt *find = search_statement(search, SEARCH_FIND, err);
    if (find == NULL)
        return false;
    int step = SQLITE_DONE;
    if (slash != NULL) {
        sqlite3_bind_text(find, 1, key, (int)(slash - key), SQLITE_STATIC);
        search_bind_text(find, 2, slash + 1);
        step = sqlite3_step(find);
    }
    if (step == SQLITE_ROW)
        *place_out = sqlite3_column_int64(find, 0);
    sqlite3_reset(find);
    sqlite3_clear_bindings(find);
    if (step == SQLITE_ROW)
        return true;
    if (step != SQLITE_DONE)
        return search_failed(search->db, err);
    error_set(err, ERROR_INVALID, "cette page n’est plus là : recommencez la recherche",
              "this page is gone: search anew");
    return error_field(err, "after");
}

static const char *column(sqlite3_stmt *statement, int number, struct arena *arena)
{
    const char *text = (const char *)sqlite3_column_text(statement, number);

    return arena_strdup(arena, text != NULL ? text : "");
}

static bool take(sqlite3_stmt *statement, struct arena *arena, const struct search_query *query,
                 struct search_hits *out)
{
    struct search_hit hit = {.kind = column(statement, 0, arena),
                             .id = column(statement, 1, arena),
                             .title = column(statement, 2, arena),
                             .subtitle = column(statement, 3, arena),
                             .facets = column(statement, 4, arena)};

    if (query->keep != NULL && !query->keep(query->context, &hit))
        return true;
    if (out->count == query->limit) {
        out->more = true;
        return false;
    }
    out->items[out->count++] = hit;
    return true;
}

bool search_ask(struct search *search, struct arena *arena, const struct search_query *query,
                struct search_hits *out, struct error *err)
{
    struct strbuf words;
    int64_t after;
    int step = SQLITE_DONE;

    *out = (struct search_hits){.items = arena_array(arena, query->limit, sizeof(*out->items))};
    if (!after_place(search, query->after, &after, err))
        return false;
    strbuf_init(&words);
    sqlite3_stmt *statement = NULL;
    if (expression(search, query, &words, err))
        statement = search_statement(search, words.length > 0 ? SEARCH_MATCH : SEARCH_ALL, err);
    if (statement != NULL) {
        if (words.length > 0)
            search_bind_text(statement, 1, words.bytes);
        sqlite3_bind_int64(statement, 2, after);
        while ((step = sqlite3_step(statement)) == SQLITE_ROW && take(statement, arena, query, out))
            continue;
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
    strbuf_finish(&words);
    return statement != NULL &&
           (step == SQLITE_ROW || step == SQLITE_DONE || search_failed(search->db, err));
}

const char *search_key(const struct search_hit *hit, char key_out[SEARCH_KEY_SIZE])
{
    snprintf(key_out, SEARCH_KEY_SIZE, "%s/%s", hit->kind, hit->id);
    return key_out;
}
