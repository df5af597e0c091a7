/* Shared by the files of search/ only.
 * documents holds a row per record; its rowid is the place in the order of titles, with gaps for
 * those that come later: words (FTS5, without content) gives rowids upwards, so that the first page
 * of a word that half the records have costs no more than a page. */
#ifndef VITRINE_SEARCH_SEARCH_PRIVATE_H
#define VITRINE_SEARCH_SEARCH_PRIVATE_H

#include <sqlite3.h>

#include "core/strbuf.h"
#include "search/search.h"

#define SEARCH_VERSION 1 /* PRAGMA user_version */
#define SEARCH_GAP (INT64_C(1) << 32)

enum search_statement {
    SEARCH_FIND,    /* kind, id → rowid, folded */
    SEARCH_BEFORE,  /* sort, kind, id → rowid of the one before */
    SEARCH_AFTER,   /* the one behind */
    SEARCH_INSERT,  /* a row */
    SEARCH_DELETE,  /* rowid */
    SEARCH_INDEX,   /* rowid, folded */
    SEARCH_UNINDEX, /* rowid, folded */
    SEARCH_NAME,    /* a term */
    SEARCH_TERMS,   /* from, until → terms */
    SEARCH_WALK,    /* kind → id, stamp */
    SEARCH_MATCH,   /* expression, after, → rows */
    SEARCH_ALL,     /* after → rows */
    SEARCH_STATEMENTS
};

struct search {
    sqlite3 *db;
    sqlite3_stmt *statements[SEARCH_STATEMENTS]; /* prepared when first used */
};

/* Words of that many bytes and more stand in `terms`: those that have longer beginnings than the
 * index of prefixes knows. Unfinished words with more than SEARCH_TERMS_MAX of them are merged. */
#define SEARCH_TERM_MIN 5
#define SEARCH_TERMS_MAX 200

extern const char search_schema[];

bool search_failed(sqlite3 *db, struct error *err);
bool search_script(sqlite3 *db, const char *sql, struct error *err)
    __attribute__((warn_unused_result));
/* Reset and without values; NULL on failure. */
sqlite3_stmt *search_statement(struct search *search, enum search_statement which,
                               struct error *err) __attribute__((warn_unused_result));
void search_bind_text(sqlite3_stmt *statement, int number, const char *text);
/* Binds kind, id, title, subtitle, folded words and facets, folded title, facets, stamp to 1…8. The
 * strbufs hold what is bound. */
void search_bind_document(sqlite3_stmt *statement, const struct search_document *document,
                          struct strbuf *folded, struct strbuf *sort);

#endif
