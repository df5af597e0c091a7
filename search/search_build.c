#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/files.h"
#include "search/search_private.h"

struct search_build {
    char path[PATH_MAX];
    char temporary[PATH_MAX];
    sqlite3 *db;
    sqlite3_stmt *add;
    struct strbuf folded, sort; /* of the document being added */
};

/* The file is nobody's until it is whole: no journal, no sync but the last. Documents come in any
 * order and are sorted once, so that the index is written in the order it is read. */
static const char prepare[] =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;"
    "PRAGMA temp_store = FILE; BEGIN;"
    "CREATE TEMP TABLE incoming (kind TEXT, id TEXT, title TEXT, subtitle TEXT, folded TEXT,"
    "  sort TEXT, facets TEXT, stamp INTEGER);";

static const char sort_sql[] =
    "INSERT INTO documents (place, kind, id, title, subtitle, folded, sort, facets, stamp)"
    "  SELECT row_number() OVER (ORDER BY sort, kind, id) << 32, kind, id, title, subtitle, folded,"
    "  sort, facets, stamp FROM incoming;"
    "CREATE UNIQUE INDEX documents_key ON documents (kind, id);"
    "CREATE INDEX documents_sort ON documents (sort, kind, id);"
    "INSERT INTO words (rowid, folded) SELECT place, folded FROM documents ORDER BY place;"
    "INSERT INTO words (words) VALUES ('optimize');"
    "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row);"
    "INSERT INTO terms SELECT term FROM temp.vocabulary"
    "  WHERE length(CAST(term AS BLOB)) >= 5 AND term NOT LIKE ':%';"
    "COMMIT; DROP TABLE incoming;";

struct search_build *search_build_begin(const char *path, struct error *err)
{
    struct search_build *build = calloc(1, sizeof(*build));

    if (build == NULL)
        abort();
    strbuf_init(&build->folded);
    strbuf_init(&build->sort);
    int length = snprintf(build->temporary, sizeof(build->temporary), "%s.new", path);
    if (length < 0 || (size_t)length >= sizeof(build->temporary)) {
        error_set(err, ERROR_INVALID, "le chemin « %s » est trop long",
                  "the path \"%s\" is too long", path);
        goto fail;
    }
    snprintf(build->path, sizeof(build->path), "%s", path);
    unlink(build->temporary);
    if (sqlite3_open_v2(build->temporary, &build->db,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK ||
        sqlite3_exec(build->db, prepare, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(build->db, search_schema, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(build->db,
                           "INSERT INTO incoming (kind, id, title, subtitle, folded, sort, facets, "
                           "stamp) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                           -1, &build->add, NULL) != SQLITE_OK) {
        search_failed(build->db, err);
        goto fail;
    }
    return build;
fail:
    search_build_abandon(build);
    return NULL;
}

bool search_build_add(struct search_build *build, const struct search_document *document,
                      struct error *err)
{
    search_bind_document(build->add, document, &build->folded, &build->sort);
    bool ok = sqlite3_step(build->add) == SQLITE_DONE;
    sqlite3_reset(build->add);
    return ok || search_failed(build->db, err);
}

static void finish(struct search_build *build)
{
    sqlite3_finalize(build->add);
    sqlite3_close(build->db);
    build->add = NULL;
    build->db = NULL;
}

bool search_build_end(struct search_build *build, struct error *err)
{
    char version[40], journal[PATH_MAX + 16];

    snprintf(version, sizeof(version), "PRAGMA user_version = %d", SEARCH_VERSION);
    bool ok = search_script(build->db, sort_sql, err) && search_script(build->db, version, err);
    finish(build);
    /* What a crash left of the old file's last change would be undone in the new one. */
    snprintf(journal, sizeof(journal), "%s-journal", build->path);
    unlink(journal);
    ok = ok && file_commit(build->temporary, build->path, err);
    search_build_abandon(build);
    return ok;
}

void search_build_abandon(struct search_build *build)
{
    if (build == NULL)
        return;
    finish(build);
    unlink(build->temporary);
    strbuf_finish(&build->folded);
    strbuf_finish(&build->sort);
    free(build);
}
