/* The directory as a kiosk holds it: organisations, events, portraits and communes in one SQLite
 * file that the server builds (directory_build.h), ships as a content-addressed file, and the kiosk
 * asks offline at each key. Organisations are rows 0 … count-1 in A–Z order, so that a long list is
 * arithmetic. A struct directory is one open file, read only, used by one thread at a time. */
#ifndef VITRINE_DIRECTORY_DIRECTORY_H
#define VITRINE_DIRECTORY_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/lang.h"

#define DIRECTORY_FORMAT 2
#define DIRECTORY_TYPE "application/vnd.sqlite3"
#define DIRECTORY_BYTES_MAX (512 * 1024 * 1024)
#define DIRECTORY_ROWS_MAX 200000
#define DIRECTORY_LETTERS 27 /* A–Z, then # */
#define DIRECTORY_VALUES_MAX 128
#define DIRECTORY_NO_ROW UINT32_MAX

/* What a list can be narrowed by. An organisation may have several values of each. */
enum directory_facet {
    DIRECTORY_SECTOR,
    DIRECTORY_COMMUNE,
    DIRECTORY_FAMILY,    /* ESS family */
    DIRECTORY_INSERTION, /* type of insertion: ACI, EI, ESAT… */
    DIRECTORY_RSE,       /* RSE offer */
    DIRECTORY_RESERVED,  /* public markets that may be reserved for it */
    DIRECTORY_FACETS
};

struct directory_values {
    uint64_t bits[DIRECTORY_VALUES_MAX / 64]; /* by number of the value */
};

/* All strings are never NULL; "" where nothing is known. */
struct directory_organisation {
    uint32_t row;
    const char *id;
    const char *name; /* as people read it */
    const char *sign; /* enseigne, when it differs */
    const char *acronym;
    char initial;         /* 'A'–'Z' or '#' */
    const char *family;   /* "Coopérative", as people read it, in French */
    const char *types;    /* "Atelier et chantier d’insertion, entreprise adaptée" */
    const char *sector;   /* key of the main one: "alimentation" */
    const char *activity; /* NAF label or sector, ready to read */
    const char *summary;  /* mission */
    const char *plain;    /* the same in easy-to-read language (FALC) */
    const char *offer;
    const char *values;
    const char *address; /* street line */
    const char *postcode;
    const char *commune;
    bool in_metropole;
    bool placed; /* latitude and longitude are those of its address; else of its commune */
    double latitude, longitude; /* WGS 84; 0, 0: nowhere */
    const char *phone;
    const char *email;
    const char *website;
    const char *hours;
    const char *site_id; /* incubator, "" for none */
    const char *floor;
    const char *office;
    const char *picture; /* SHA-256 in hex of one of the manifest's files, "" for none */
    const char *picture_alt, *picture_credit;
    double focal_x, focal_y; /* 0–1 */
    const char *portrait;    /* id of its portrait, "" */
};

/* Dates are local to the Métropole: readers need no time zone data. */
struct directory_event {
    const char *id; /* uid */
    const char *title;
    const char *summary;
    const char *place, *address, *commune;
    const char *organisation; /* id, "" when it is not in the directory */
    const char *organiser;
    const char *price, *access, *url;
    const char *status; /* "", "complet", "reprogrammé"…; in French */
    const char *picture, *picture_alt, *picture_credit;
    double focal_x, focal_y;
    int64_t start_ms, end_ms;     /* of one occurrence */
    int64_t local_day;            /* days since 1970-01-01, of its start */
    int start_minute, end_minute; /* local, of the day */
    bool all_day;
};

struct directory_portrait {
    const char *id;
    const char *organisation; /* id, "" when it is not in the directory */
    const char *organisation_name;
    const char *leader_name, *leader_role;
    const char *quote, *story;
    const char *plain; /* the story in easy-to-read language, "" */
    const char *picture, *picture_alt, *picture_credit;
    double focal_x, focal_y;
    const char *film;     /* SHA-256 in hex of one of the manifest's files, "" for none */
    const char *captions; /* of the film: WebVTT, another of them, "" */
    const char *url;
    int64_t from_ms, until_ms; /* shows meanwhile */
};

struct directory_commune {
    const char *code; /* INSEE */
    const char *name;
    double latitude, longitude; /* of its centre */
    size_t ring_count;          /* outlines: closed rings of points */
    const struct directory_ring {
        size_t count;
        const struct directory_point {
            float longitude, latitude;
        } * points;
    } * rings;
};

struct directory;

/* ERROR_NOT_FOUND, ERROR_INVALID (no directory, another format, damaged). Reads what the lists need
 * into memory (some 200 bytes an organisation); everything else is read when it is asked for. */
struct directory *directory_open(const char *path, struct error *err)
    __attribute__((warn_unused_result));
void directory_close(struct directory *directory); /* accepts NULL */

const char *directory_generated(const struct directory *directory); /* ISO date of newest record */
uint32_t directory_count(const struct directory *directory);        /* organisations */

size_t directory_value_count(const struct directory *directory, enum directory_facet facet);
/* Label of a value, in the order of which they are numbered (A–Z in French; families by size). */
const char *directory_value_label(const struct directory *directory, enum directory_facet facet,
                                  size_t value, enum lang lang);
/* "alimentation": for icons and colours. */
const char *directory_value_key(const struct directory *directory, enum directory_facet facet,
                                size_t value);

/* --- questions ------------------------------------------------------------------------------- */

struct directory_query {
    /* As typed; "": all. Words of less than 2 letters do not count, nor do small ones ("de la"),
     * except at the beginning of a name ("la s" finds « La Source »). Each may be only begun. */
    const char *text;
    struct directory_values chosen[DIRECTORY_FACETS]; /* OR within a facet, AND between them */
    const char *site_id;                              /* only in this building; "" or NULL: any */
    enum lang lang;                                   /* of the sectors in a suggestion */
};

enum directory_match {
    DIRECTORY_EXACT, /* every word is there, perhaps as a beginning or a synonym */
    /* Only with typos forgiven, or with a word left out: `suggestion` is what was understood. */
    DIRECTORY_CORRECTED,
    DIRECTORY_NEAREST, /* nothing was; the nearest sectors instead, `suggestion` names them */
};

struct directory_answer {
    uint32_t row_count, row_room;
    /* Best first when there is text, else A–Z. Best: exact name, exact sign or acronym, beginning
     * of a name, of a sign; then by word: sign, name, activity or offer, synonym, commune. */
    uint32_t *rows;
    /* How many there would be with this value chosen beside what is chosen in other facets. */
    uint32_t counts[DIRECTORY_FACETS][DIRECTORY_VALUES_MAX];
    uint32_t letters[DIRECTORY_LETTERS]; /* place in `rows` of the first of each; DIRECTORY_NO_ROW;
                                            only in A–Z order */
    bool ranked;                         /* best first: not in A–Z order */
    enum directory_match match;
    char suggestion[200];
};

/* Never an empty answer to words unless the facets alone leave nobody. The caller finishes the
 * answer, which may be reused. */
bool directory_ask(struct directory *directory, const struct directory_query *query,
                   struct directory_answer *out, struct error *err)
    __attribute__((warn_unused_result));
void directory_answer_finish(struct directory_answer *answer); /* zero-initialised is fine */

/* --- records: strings stand in the arena ------------------------------------------------------ */

bool directory_organisation(struct directory *directory, struct arena *arena, uint32_t row,
                            struct directory_organisation *out, struct error *err)
    __attribute__((warn_unused_result));
/* DIRECTORY_NO_ROW when it is not there. */
uint32_t directory_row(struct directory *directory, const char *id);
/* Similar ones: same sector, near, not itself; at most `most`. */
bool directory_similar(struct directory *directory, uint32_t row, uint32_t *rows_out, size_t most,
                       size_t *count_out, struct error *err) __attribute__((warn_unused_result));
/* Where each organisation stands: latitude, longitude of row r at [2r], [2r + 1]; NAN: nowhere. */
const float *directory_places(const struct directory *directory);

struct directory_event_query {
    int64_t from_ms, until_ms; /* occurrences that touch it; until INT64_MAX: all there are */
    const char *commune;       /* name, "" or NULL: any */
    const char *organisation;  /* id, "" or NULL: any */
    size_t limit;              /* 0: all */
};
struct directory_event_list {
    size_t count;
    struct directory_event *items; /* by start, then id */
};
bool directory_events(struct directory *directory, struct arena *arena,
                      const struct directory_event_query *query, struct directory_event_list *out,
                      struct error *err) __attribute__((warn_unused_result));
/* The occurrence of that event that is on or comes next after at_ms, else its last one.
 * ERROR_NOT_FOUND. */
bool directory_event(struct directory *directory, struct arena *arena, const char *id,
                     int64_t at_ms, struct directory_event *out, struct error *err)
    __attribute__((warn_unused_result));

struct directory_portrait_list {
    size_t count;
    struct directory_portrait *items; /* by organisation's name */
};
bool directory_portraits(struct directory *directory, struct arena *arena, int64_t at_ms,
                         struct directory_portrait_list *out, struct error *err)
    __attribute__((warn_unused_result));

struct directory_commune_list {
    size_t count;
    const struct directory_commune *items; /* by name */
};
/* In memory: holds as long as the directory is open. */
const struct directory_commune_list *directory_communes(const struct directory *directory);

#endif
