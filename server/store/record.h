/* How a struct of this folder lies in a table: one description per entity, from which the
 * statements that read, compare and write it are made. Only the repositories use it. */
#ifndef VITRINE_SERVER_STORE_RECORD_H
#define VITRINE_SERVER_STORE_RECORD_H

#include "core/strbuf.h"
#include "server/store/entity.h"
#include "server/store/statement.h"

enum field_type {
    FIELD_TEXT,   /* const char * */
    FIELD_INT64,  /* int64_t */
    FIELD_INT,    /* int or unsigned */
    FIELD_BOOL,   /* bool, as 0 and 1 */
    FIELD_REAL,   /* double */
    FIELD_CHOICE, /* an enum, as its tag */
    FIELD_LIST,   /* struct text_list, with commas between: items are ids and tags */
    FIELD_BYTES,  /* const void *, its size_t follows at offset_size */
};

#define RECORD_FIELDS_MAX 64

/* Rows of a record's description: member of the struct, under its own name or another. */
#define FIELD(entity, member, kind)                                                                \
    {                                                                                              \
        .column = #member, .type = (kind), .offset = offsetof(struct entity, member)               \
    }
#define FIELD_AS(entity, member, kind, name)                                                       \
    {                                                                                              \
        .column = (name), .type = (kind), .offset = offsetof(struct entity, member)                \
    }
#define FIELD_QUIET(entity, member, kind)                                                          \
    {                                                                                              \
        .column = #member, .type = (kind), .offset = offsetof(struct entity, member),              \
        .quiet = true                                                                              \
    }
#define FIELD_TAGGED(entity, member, choices)                                                      \
    {                                                                                              \
        .column = #member, .type = FIELD_CHOICE, .offset = offsetof(struct entity, member),        \
        .choice = (choices)                                                                        \
    }
#define RECORD_FIELDS(array) .fields = (array), .field_count = sizeof(array) / sizeof((array)[0])

struct choice {
    const char *const *tags;
    size_t count;
};

struct field {
    const char *column;
    enum field_type type;
    size_t offset;
    bool quiet; /* not compared: a change of it alone is no change */
    const struct choice *choice;
    size_t offset_size;
};

struct record {
    const char *table;
    const char *noun_fr; /* for messages: "Structure" */
    const char *noun_en;
    size_t size; /* of the struct */
    const struct field *fields;
    size_t field_count;
    size_t key_count; /* the first fields are the key */
    bool content;     /* writes raise the content version */
    bool directory;   /* and the directory's: what kiosks know of it may have changed */
};

/* "a, b, c", each with prefix ("e.") in front. */
void record_columns(const struct record *record, const char *prefix, struct strbuf *out);
/* Reads the current row's columns, from `column` on, into the struct at out. */
bool record_read(const struct record *record, struct db_statement *statement, int column,
                 struct arena *arena, void *out, struct error *err)
    __attribute__((warn_unused_result));

/* ERROR_NOT_FOUND when no row has that key: `where` is what follows WHERE. */
bool record_find(struct db *db, const struct record *record, struct arena *arena, const char *where,
                 const struct db_value *values, size_t count, void *out, struct error *err)
    __attribute__((warn_unused_result));
/* By a key of one text. */
bool record_get(struct db *db, const struct record *record, struct arena *arena, const char *key,
                void *out, struct error *err) __attribute__((warn_unused_result));
/* tail is all that follows FROM table. *items_out is an array of the record's structs. */
bool record_list(struct db *db, const struct record *record, struct arena *arena, const char *tail,
                 const struct db_value *values, size_t count, void **items_out, size_t *count_out,
                 struct error *err) __attribute__((warn_unused_result));
/* Inserts or overwrites by key without looking. */
bool record_put(struct db *db, const struct record *record, const void *value, struct error *err)
    __attribute__((warn_unused_result));
/* Reads the one with the same key, compares, and writes only what differs. */
bool record_upsert(struct db *db, const struct record *record, struct arena *arena,
                   const void *value, enum upsert_result *out, struct error *err)
    __attribute__((warn_unused_result));
/* By a key of one text; ERROR_NOT_FOUND when there is none. */
bool record_delete(struct db *db, const struct record *record, const char *key, struct error *err)
    __attribute__((warn_unused_result));

/* Fills a child table (owner, item) from a list. */
bool record_children(struct db *db, const char *delete_sql, const char *insert_sql,
                     const char *owner, const struct text_list *items, struct error *err)
    __attribute__((warn_unused_result));

/* Single 64-bit value of a query that gives one row. */
bool record_scalar(struct db *db, const char *sql, const struct db_value *values, size_t count,
                   int64_t *value_out, struct error *err) __attribute__((warn_unused_result));

extern const struct choice state_choice;

#endif
