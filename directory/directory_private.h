/* Shared by the files of directory/ only: what the file holds and how it stands in memory. */
#ifndef VITRINE_DIRECTORY_DIRECTORY_PRIVATE_H
#define VITRINE_DIRECTORY_DIRECTORY_PRIVATE_H

#include <sqlite3.h>

#include "core/strbuf.h"
#include "directory/directory.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers of the file are little-endian");

/* --- records: one description of each kind, for its table, its writing and its reading --- */

enum directory_field_type {
    DIRECTORY_TEXT, /* const char * */
    DIRECTORY_REAL, /* double */
    DIRECTORY_BIG,  /* int64_t */
    DIRECTORY_INT,  /* int */
    DIRECTORY_FLAG, /* bool */
    DIRECTORY_CHAR, /* char */
};

struct directory_field {
    const char *column;
    enum directory_field_type type;
    size_t offset; /* in the record's struct */
};

struct directory_table {
    const char *name;
    const char *keys; /* what follows the columns in CREATE TABLE */
    size_t field_count;
    const struct directory_field *fields;
};

/* Events are what all their occurrences share; an occurrence has its event's id. */
extern const struct directory_table directory_organisations, directory_events_table,
    directory_occurrences, directory_portraits_table;

void directory_append_columns(struct strbuf *out, const struct directory_table *table,
                              const char *prefix, bool types);
/* From parameter or column `first` on. Parameters hold what the record points to. */
void directory_bind(sqlite3_stmt *statement, int first, const struct directory_table *table,
                    const void *record);
void directory_take(sqlite3_stmt *statement, int first, const struct directory_table *table,
                    struct arena *arena, void *record_out);

/* --- columns: blobs that are read into memory at once --- */

enum directory_column {
    DIRECTORY_WORDS = 1, /* rowid in the table `columns`; words and prefixes are dictionaries */
    DIRECTORY_WORD_STARTS,
    DIRECTORY_WORD_SIZES,
    DIRECTORY_WORD_ROWS,
    DIRECTORY_PREFIXES,
    DIRECTORY_PREFIX_STARTS,
    DIRECTORY_PREFIX_SIZES,
    DIRECTORY_PREFIX_ROWS,
    DIRECTORY_NAMES,     /* sorted: all that a name, sign or acronym may be asked by */
    DIRECTORY_NAME_ROWS, /* uint32_t of each: row * 2, + 1 when it is a sign or an acronym */
    DIRECTORY_INITIALS,  /* char of each row */
    DIRECTORY_PLACES,    /* float: latitude, longitude of each row */
    DIRECTORY_MAIN,      /* uint8_t of each row: its main sector; DIRECTORY_NO_SECTOR */
    DIRECTORY_SITES,     /* uint16_t of each row: place in site names, from 1; 0 for none */
    DIRECTORY_SITE_NAMES,
    DIRECTORY_SETS, /* of each facet from here on: for each value the set of its rows */
};
#define DIRECTORY_NO_SECTOR 255

/* Where a word stands in a record, best first. */
enum directory_class {
    DIRECTORY_IN_SIGN, /* or acronym */
    DIRECTORY_IN_NAME,
    DIRECTORY_IN_OFFER, /* activity, offer, further words, labels of its values */
    DIRECTORY_IN_SYNONYM,
    DIRECTORY_IN_COMMUNE,
    DIRECTORY_CLASSES
};
#define DIRECTORY_CLASS_BITS 3

/* Strings, each ended by NUL, in the order of their bytes. */
struct directory_strings {
    uint32_t count;
    char *texts;
    uint32_t *offsets;
};

/* Words, each with the rows that have it: as variable-length numbers (7 bits a byte, the lowest
 * first), of which the lowest DIRECTORY_CLASS_BITS are the class and the others the rows skipped
 * since the one before. Each word is followed in `texts` by how people write it, "" when that is
 * the same. */
struct directory_dictionary {
    struct directory_strings words; /* count is of words alone, offsets too */
    uint8_t *shared;                /* bytes that a word has in common with the one before */
    uint32_t *starts, *sizes; /* of each list: its first byte (and the end of all), its rows */
    uint8_t *rows;
};

struct directory_value {
    const char *key, *labels[2];
};

enum directory_statement {
    DIRECTORY_READ_ORGANISATION,
    DIRECTORY_READ_ROW,
    DIRECTORY_READ_EVENTS,
    DIRECTORY_READ_EVENT,
    DIRECTORY_READ_PORTRAITS,
    DIRECTORY_STATEMENTS
};

struct directory {
    sqlite3 *db;
    sqlite3_stmt *statements[DIRECTORY_STATEMENTS]; /* prepared when first used */
    struct arena *arena;                            /* of labels and communes */
    const char *generated;
    uint32_t count;
    size_t set_words; /* 64-bit words of a set of rows */
    struct directory_dictionary words;
    struct directory_dictionary prefixes; /* beginnings that so many words have that their rows are
                                             kept merged */
    struct directory_strings names;
    uint32_t *name_rows;
    char *initials;
    float *places;
    uint8_t *main_sectors;
    uint16_t *sites;
    struct directory_strings site_names;
    size_t value_counts[DIRECTORY_FACETS];
    struct directory_value *values[DIRECTORY_FACETS];
    uint64_t *sets[DIRECTORY_FACETS];
    struct directory_commune_list communes;
    /* Of the question being answered: costs of each row (directory_costs_kernels.h). */
    uint8_t *total, *costs, *spare;
};

/* ERROR_IO when reading failed, else the file is damaged. */
bool directory_failed(sqlite3 *db, struct error *err);
bool directory_damaged(struct error *err);
/* Reset and without values; NULL on failure. */
sqlite3_stmt *directory_statement(struct directory *directory, enum directory_statement which,
                                  struct error *err) __attribute__((warn_unused_result));

/* --- words: the same for records and questions --- */

#define DIRECTORY_WORD_MAX 60 /* bytes; what is longer is cut */

/* Folded as everywhere (core/utf8.h), and letters that stand alone put together: "A.H.A.P.S." →
 * "ahaps"; but "l’a" may become "l’atelier". */
void directory_fold(const char *text, struct strbuf *out);
/* The next word between spaces, at most DIRECTORY_WORD_MAX bytes of it; false at the end. */
bool directory_next_word(const char **cursor, const char **word_out, size_t *length_out);
/* "de", "la": too frequent to tell anything. */
bool directory_small_word(const char *word, size_t length);
size_t directory_letters(const char *word, size_t length);
/* Whether it counts at all: two letters, not a small word. */
bool directory_word_counts(const char *word, size_t length);
/* Its length without the plural's s or x. */
size_t directory_singular(const char *word, size_t length);

/* --- looking words up --- */

/* The strings that begin so are those from *from_out to before *until_out. */
void directory_strings_range(const struct directory_strings *strings, const char *beginning,
                             size_t length, uint32_t *from_out, uint32_t *until_out);
const char *directory_string(const struct directory_strings *strings, uint32_t number);
/* As people write it. */
const char *directory_word_written(const struct directory_dictionary *dictionary, uint32_t word);

/* A reader of one list; row is DIRECTORY_NO_ROW after the last. */
struct directory_rows {
    const uint8_t *at, *end;
    uint32_t row;
    enum directory_class found;
};
void directory_rows_begin(const struct directory_dictionary *dictionary, uint32_t word,
                          struct directory_rows *rows_out);
static inline bool directory_rows_next(struct directory_rows *rows)
{
    uint32_t number, shift = 7;

    if (rows->at == rows->end) {
        rows->row = DIRECTORY_NO_ROW;
        return false;
    }
    number = *rows->at & 0x7f;
    while ((*rows->at++ & 0x80) != 0) {
        number |= (uint32_t)(*rows->at & 0x7f) << shift;
        shift += 7;
    }
    rows->found = (enum directory_class)(number & ((1 << DIRECTORY_CLASS_BITS) - 1));
    rows->row += 1 + (number >> DIRECTORY_CLASS_BITS); /* the first: NO_ROW + 1 is 0 */
    return true;
}

struct directory_near {
    uint32_t word;
    uint8_t distance;
    bool whole; /* else only its beginning is near */
};
struct directory_nears {
    size_t count, room;
    struct directory_near *items;
};
/* Appends the words that begin with something at most so far from `word` (inserted, left out,
 * wrong and transposed letters, each once). */
void directory_near_words(const struct directory_dictionary *dictionary, const char *word,
                          size_t length, unsigned distance, struct directory_nears *out);

#endif
