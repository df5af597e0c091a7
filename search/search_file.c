#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/utf8.h"
#include "search/search_private.h"

/* No positions (detail=none): words are ANDed, never neighbours. ":" begins what folded words never
 * hold: facets. Beginnings of up to four letters have an index of their own. A longer one would be
 * merged from all documents of all its words each time, half the file for "associat": `terms` names
 * these words, which are few, and each is asked for by itself. */
const char search_schema[] =
    "CREATE TABLE documents ("
    "  place INTEGER PRIMARY KEY,"
    "  kind TEXT NOT NULL,"
    "  id TEXT NOT NULL,"
    "  title TEXT NOT NULL,"
    "  subtitle TEXT NOT NULL,"
    "  folded TEXT NOT NULL,"
    "  sort TEXT NOT NULL,"
    "  facets TEXT NOT NULL,"
    "  stamp INTEGER NOT NULL);"
    "CREATE VIRTUAL TABLE words USING fts5(folded, content='', columnsize=0, detail=none,"
    "  prefix='1 2 3 4', tokenize=\"ascii tokenchars ':-'\");"
    "CREATE TABLE terms (term TEXT PRIMARY KEY) WITHOUT ROWID;";

static const char *const texts[SEARCH_STATEMENTS] = {
    [SEARCH_FIND] = "SELECT place, folded FROM documents WHERE kind = ?1 AND id = ?2",
    [SEARCH_BEFORE] = "SELECT place FROM documents WHERE (sort, kind, id) < (?1, ?2, ?3) "
                      "ORDER BY sort DESC, kind DESC, id DESC LIMIT 1",
    [SEARCH_AFTER] = "SELECT place FROM documents WHERE (sort, kind, id) > (?1, ?2, ?3) "
                     "ORDER BY sort, kind, id LIMIT 1",
    [SEARCH_INSERT] = "INSERT INTO documents (kind, id, title, subtitle, folded, sort, facets, "
                      "stamp, place) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [SEARCH_DELETE] = "DELETE FROM documents WHERE place = ?1",
    [SEARCH_INDEX] = "INSERT INTO words (rowid, folded) VALUES (?1, ?2)",
    [SEARCH_UNINDEX] = "INSERT INTO words (words, rowid, folded) VALUES ('delete', ?1, ?2)",
    [SEARCH_NAME] = "INSERT OR IGNORE INTO terms (term) VALUES (?1)",
    [SEARCH_TERMS] = "SELECT term FROM terms WHERE term >= ?1 AND term < ?2",
    [SEARCH_WALK] = "SELECT id, stamp FROM documents WHERE kind = ?1 ORDER BY id",
    [SEARCH_MATCH] = "SELECT d.kind, d.id, d.title, d.subtitle, d.facets FROM words w "
                     "CROSS JOIN documents d ON d.place = w.rowid "
                     "WHERE w.words MATCH ?1 AND w.rowid > ?2 ORDER BY w.rowid",
    [SEARCH_ALL] = "SELECT kind, id, title, subtitle, facets FROM documents WHERE place > ?2 "
                   "ORDER BY place",
};

bool search_failed(sqlite3 *db, struct error *err)
{
    return error_set(err, ERROR_IO, "l’index de recherche : %s", "the search index: %s",
                     db != NULL ? sqlite3_errmsg(db) : "no memory");
}

bool search_script(sqlite3 *db, const char *sql, struct error *err)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || search_failed(db, err);
}

sqlite3_stmt *search_statement(struct search *search, enum search_statement which,
                               struct error *err)
{
    sqlite3_stmt **statement = &search->statements[which];

    if (*statement == NULL &&
        sqlite3_prepare_v3(search->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT, statement,
                           NULL) != SQLITE_OK) {
        search_failed(search->db, err);
        return NULL;
    }
    sqlite3_reset(*statement);
    sqlite3_clear_bindings(*statement);
    return *statement;
}

void search_bind_text(sqlite3_stmt *statement, int number, const char *text)
{
    sqlite3_bind_text(statement, number, text, -1, SQLITE_STATIC);
}

/* "site:creapolis state:draft" → " :site:creapolis :state:draft" */
static void append_facets(struct strbuf *out, const char *facets)
{
    while (*(facets += strspn(facets, " ")) != '\0') {
        size_t length = strcspn(facets, " ");
        strbuf_append(out, " :");
        strbuf_append_bytes(out, facets, length);
        facets += length;
    }
}

void search_bind_document(sqlite3_stmt *statement, const struct search_document *document,
                          struct strbuf *folded, struct strbuf *sort)
{
    strbuf_clear(folded);
    strbuf_clear(sort);
    utf8_fold(document->title, sort);
    strbuf_append(folded, sort->bytes);
    strbuf_append_char(folded, ' ');
    utf8_fold(document->words, folded);
    strbuf_append(folded, " :kind:");
    strbuf_append(folded, document->kind);
    append_facets(folded, document->facets);
    search_bind_text(statement, 1, document->kind);
    search_bind_text(statement, 2, document->id);
    search_bind_text(statement, 3, document->title);
    search_bind_text(statement, 4, document->subtitle);
    search_bind_text(statement, 5, folded->bytes);
    search_bind_text(statement, 6, sort->bytes);
    search_bind_text(statement, 7, document->facets);
    sqlite3_bind_int64(statement, 8, document->stamp);
}

static int64_t version_of(sqlite3 *db)
{
    sqlite3_stmt *statement = NULL;
    int64_t version = -1;

    if (sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW)
        version = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return version;
}

struct search *search_open(const char *path, bool write, struct error *err)
{
    int flags = (write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX;
    struct search *search;

    if (!file_exists(path)) {
        error_set(err, ERROR_NOT_FOUND, "il n’y a pas d’index de recherche",
                  "there is no search index");
        return NULL;
    }
    search = calloc(1, sizeof(*search));
    if (search == NULL)
        abort();
    if (sqlite3_open_v2(path, &search->db, flags, NULL) != SQLITE_OK) {
        search_failed(search->db, err);
    } else if (version_of(search->db) != SEARCH_VERSION) {
        error_set(err, ERROR_INVALID, "« %s » n’est pas un index de recherche de cette version",
                  "\"%s\" is no search index of this version", path);
    } else if (sqlite3_busy_timeout(search->db, 5000) != SQLITE_OK ||
               !search_script(search->db, "PRAGMA mmap_size = 1073741824", err)) {
        search_failed(search->db, err);
    } else {
        return search;
    }
    search_close(search);
    return NULL;
}

void search_close(struct search *search)
{
    if (search == NULL)
        return;
    for (int i = 0; i < SEARCH_STATEMENTS; i++)
        sqlite3_finalize(search->statements[i]);
    sqlite3_close(search->db);
    free(search);
}

bool search_verify(struct search *search, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(search->db, "PRAGMA integrity_check(1)", -1, &statement, NULL) ==
                  SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;

    if (!ok) {
        search_failed(search->db, err);
    } else if (strcmp((const char *)sqlite3_column_text(statement, 0), "ok") != 0) {
        ok = error_set(err, ERROR_IO, "l’index de recherche est abîmé : %s",
                       "the search index is damaged: %s",
                       (const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    return ok;
}
