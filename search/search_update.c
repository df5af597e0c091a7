#include <string.h>

#include "search/search_private.h"

bool search_begin(struct search *search, struct error *err)
{
    return search_script(search->db, "BEGIN IMMEDIATE", err);
}

bool search_commit(struct search *search, struct error *err)
{
    if (search_script(search->db, "COMMIT", err))
        return true;
    search_rollback(search);
    return false;
}

void search_rollback(struct search *search)
{
    if (!sqlite3_get_autocommit(search->db))
        sqlite3_exec(search->db, "ROLLBACK", NULL, NULL, NULL);
}

static bool run(struct search *search, sqlite3_stmt *statement, struct error *err)
{
    bool ok = sqlite3_step(statement) == SQLITE_DONE;

    sqlite3_reset(statement);
    return ok || search_failed(search->db, err);
}

/* The index forgets only what it is told again, word by word. */
bool search_remove(struct search *search, const char *kind, const char *id, struct error *err)
{
    sqlite3_stmt *find = search_statement(search, SEARCH_FIND, err);
    sqlite3_stmt *unindex = search_statement(search, SEARCH_UNINDEX, err);
    sqlite3_stmt *remove = search_statement(search, SEARCH_DELETE, err);

    if (find == NULL || unindex == NULL || remove == NULL)
        return false;
    search_bind_text(find, 1, kind);
    search_bind_text(find, 2, id);
    int step = sqlite3_step(find);
    bool ok = true;
    if (step == SQLITE_ROW) {
        sqlite3_bind_int64(unindex, 1, sqlite3_column_int64(find, 0));
        sqlite3_bind_value(unindex, 2, sqlite3_column_value(find, 1));
        sqlite3_bind_int64(remove, 1, sqlite3_column_int64(find, 0));
        ok = run(search, unindex, err);
        sqlite3_reset(find);
        ok = ok && run(search, remove, err);
    } else if (step != SQLITE_DONE) {
        ok = search_failed(search->db, err);
    }
    sqlite3_reset(find);
    return ok;
}

/* The place of the neighbour on one side; `fallback` when there is none. */
static bool neighbour(struct search *search, enum search_statement which, const char *sort,
                      const struct search_document *document, int64_t fallback, int64_t *out,
                      struct error *err)
{
    sqlite3_stmt *statement = search_statement(search, which, err);

    if (statement == NULL)
        return false;
    search_bind_text(statement, 1, sort);
    search_bind_text(statement, 2, document->kind);
    search_bind_text(statement, 3, document->id);
    int step = sqlite3_step(statement);
    *out = step == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : fallback;
    sqlite3_reset(statement);
    return step == SQLITE_ROW || step == SQLITE_DONE || search_failed(search->db, err);
}

static bool place(struct search *search, const char *sort, const struct search_document *document,
                  int64_t *place_out, struct error *err)
{
    int64_t before, after;

    if (!neighbour(search, SEARCH_BEFORE, sort, document, 0, &before, err) ||
        !neighbour(search, SEARCH_AFTER, sort, document, before + 2 * SEARCH_GAP, &after, err))
        return false;
    *place_out = before + (after - before) / 2;
    return *place_out > before ||
           error_set(err, ERROR_LIMIT, "l’index de recherche est à refaire : plus de place",
                     "the search index has to be built anew: no place left");
}

/* What no document has any more stays until the file is built anew. */
static bool name_terms(struct search *search, const char *folded, struct error *err)
{
    sqlite3_stmt *name = search_statement(search, SEARCH_NAME, err);
    bool ok = name != NULL;

    while (ok && *(folded += strspn(folded, " ")) != '\0') {
        size_t length = strcspn(folded, " ");
        if (*folded != ':' && length >= SEARCH_TERM_MIN) {
            sqlite3_bind_text(name, 1, folded, (int)length, SQLITE_STATIC);
            ok = run(search, name, err);
        }
        folded += length;
    }
    return ok;
}

bool search_put(struct search *search, const struct search_document *document, struct error *err)
{
    sqlite3_stmt *insert, *index;
    struct strbuf folded, sort;
    int64_t at;

    if (!search_remove(search, document->kind, document->id, err) ||
        (insert = search_statement(search, SEARCH_INSERT, err)) == NULL ||
        (index = search_statement(search, SEARCH_INDEX, err)) == NULL)
        return false;
    strbuf_init(&folded);
    strbuf_init(&sort);
    search_bind_document(insert, document, &folded, &sort);
    bool ok = place(search, sort.bytes, document, &at, err);
    if (ok) {
        sqlite3_bind_int64(insert, 9, at);
        sqlite3_bind_int64(index, 1, at);
        search_bind_text(index, 2, folded.bytes);
        ok = run(search, insert, err) && run(search, index, err) &&
             name_terms(search, folded.bytes, err);
    }
    sqlite3_clear_bindings(insert);
    sqlite3_clear_bindings(index);
    strbuf_finish(&folded);
    strbuf_finish(&sort);
    return ok;
}

bool search_walk(struct search *search, const char *kind, struct error *err)
{
    sqlite3_stmt *walk = search_statement(search, SEARCH_WALK, err);

    if (walk == NULL)
        return false;
    sqlite3_bind_text(walk, 1, kind, -1, SQLITE_TRANSIENT);
    return true;
}

bool search_walk_next(struct search *search, const char **id_out, int64_t *stamp_out,
                      struct error *err)
{
    sqlite3_stmt *walk = search->statements[SEARCH_WALK];
    int step = sqlite3_step(walk);

    *id_out = NULL;
    if (step == SQLITE_ROW) {
        *id_out = (const char *)sqlite3_column_text(walk, 0);
        *stamp_out = sqlite3_column_int64(walk, 1);
        return true;
    }
    sqlite3_reset(walk);
    return step == SQLITE_DONE || search_failed(search->db, err);
}
