/* Words to records: an FTS5 file that is built once or kept up to date, and asked at each key that
 * somebody presses. Texts are folded (core/utf8.h) before they are stored and asked, so that
 * accents and case never matter. The server keeps one of all that people may look for; a kiosk gets
 * one of what it shows, as a file. A struct search is one connection, used by one thread at a time;
 * one may write while others read. */
#ifndef VITRINE_SEARCH_SEARCH_H
#define VITRINE_SEARCH_SEARCH_H

#include "core/arena.h"
#include "core/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEARCH_LIMIT_MAX 200
#define SEARCH_WORDS_MAX 12 /* of a question; more are not looked at */
#define SEARCH_KEY_SIZE 400

struct search_document {
    const char *kind; /* "organisation"; lower-case letters and digits, as in facets */
    const char *id;
    const char *title;    /* as people read it; results are in its order */
    const char *subtitle; /* "Elbeuf" */
    const char *words;    /* all that it is found by, the title included by itself */
    const char *facets;   /* "site:creapolis state:draft": [a-z0-9:-], spaces between; "" */
    int64_t stamp;        /* whatever tells the caller that the record has changed */
};

/* --- a whole file ---------------------------------------------------------------------------- */

struct search_build;

/* Documents go into a file beside `path`, which takes its place at the end: whoever has the old one
 * open goes on with it. */
struct search_build *search_build_begin(const char *path, struct error *err)
    __attribute__((warn_unused_result));
bool search_build_add(struct search_build *build, const struct search_document *document,
                      struct error *err) __attribute__((warn_unused_result));
/* Sorts, indexes, puts into place; frees in any case. */
bool search_build_end(struct search_build *build, struct error *err)
    __attribute__((warn_unused_result));
void search_build_abandon(struct search_build *build); /* accepts NULL */

/* --- one that is kept ------------------------------------------------------------------------ */

struct search;

/* ERROR_NOT_FOUND without a file, ERROR_INVALID for one that is none or of another version: build
 * it. */
struct search *search_open(const char *path, bool write, struct error *err)
    __attribute__((warn_unused_result));
void search_close(struct search *search); /* accepts NULL */
/* Reads all of it. */
bool search_verify(struct search *search, struct error *err) __attribute__((warn_unused_result));

/* Changes between begin and commit are seen together. ERROR_LIMIT of put: there is no place left
 * between its neighbours, the file has to be built anew. */
bool search_begin(struct search *search, struct error *err) __attribute__((warn_unused_result));
bool search_commit(struct search *search, struct error *err) __attribute__((warn_unused_result));
void search_rollback(struct search *search);
bool search_put(struct search *search, const struct search_document *document, struct error *err)
    __attribute__((warn_unused_result));
/* Nothing when it is not there. */
bool search_remove(struct search *search, const char *kind, const char *id, struct error *err)
    __attribute__((warn_unused_result));

/* The documents of one kind in order of id, by bytes: to see what has changed. *id_out is NULL
 * after the last, and holds until the next call. One walk at a time. */
bool search_walk(struct search *search, const char *kind, struct error *err)
    __attribute__((warn_unused_result));
bool search_walk_next(struct search *search, const char **id_out, int64_t *stamp_out,
                      struct error *err) __attribute__((warn_unused_result));

/* --- questions ------------------------------------------------------------------------------- */

struct search_hit {
    const char *kind;
    const char *id;
    const char *title;
    const char *subtitle;
    const char *facets;
};

struct search_query {
    const char *text;   /* words, all of which must be there, the last one begun perhaps; "": all */
    const char *kind;   /* "" or NULL: any */
    const char *facets; /* all of which must be there; NULL: any */
    const char *after;  /* key of the last hit of the page before; "" or NULL: the first page */
    size_t limit;       /* 1 to SEARCH_LIMIT_MAX */
    bool (*keep)(void *context, const struct search_hit *hit); /* NULL: all */
    void *context;
};

struct search_hits {
    size_t count;
    struct search_hit *items;
    bool more;
};

/* In order of title. */
bool search_ask(struct search *search, struct arena *arena, const struct search_query *query,
                struct search_hits *out, struct error *err) __attribute__((warn_unused_result));
/* "organisation/siret-…": for the next page. */
const char *search_key(const struct search_hit *hit, char key_out[SEARCH_KEY_SIZE]);

#endif
