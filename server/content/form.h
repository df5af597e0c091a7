/* The JSON form of a struct: one table of fields, from which a body is read strictly, a record is
 * written, and the API describes itself (JSON Schema 2020-12). A form is data: documents that staff
 * load, bodies of the API, exports and the history all use the same one. */
#ifndef VITRINE_SERVER_CONTENT_FORM_H
#define VITRINE_SERVER_CONTENT_FORM_H

#include "core/json.h"
#include "server/store/entity.h"

enum form_type {
    FORM_LINE,     /* const char *: one line, no control characters; min, max in bytes */
    FORM_TEXT,     /* const char *: several lines */
    FORM_ID,       /* const char *: fields.h */
    FORM_URL,      /* const char *: http(s) */
    FORM_HASH,     /* const char *: 64 lower case hexadecimal digits */
    FORM_DATE,     /* int64_t: local day; "2026-11-24" */
    FORM_ISO_DATE, /* const char *: "2026-11-24", kept as text */
    FORM_INSTANT,  /* int64_t: Unix ms; "2026-11-24T08:10:00+01:00"; written in UTC, 0 is null */
    FORM_MINUTES,  /* int: of the day; "08:10"; min 1 allows "24:00" */
    FORM_WEEKDAYS, /* unsigned: ["mo", …] */
    FORM_INT,      /* int64_t, between min and max */
    FORM_NUMBER,   /* double, between least and most */
    FORM_BOOL,     /* bool */
    FORM_CHOICE,   /* an enum, as its tag */
    FORM_IDS,      /* struct text_list of ids, none twice; max items */
    FORM_LINES,    /* struct text_list of short texts; max items */
    FORM_GROUP,    /* an object of fields of the same struct */
    FORM_OTHER,    /* decode and encode functions of its own */
};

struct form;

struct form_field {
    const char *name;
    enum form_type type;
    size_t offset; /* in the struct; FORM_GROUP: not used */
    int64_t min, max;
    double least, most;
    bool required;  /* else missing or null gives "", 0, false, an empty list, or `absent` */
    bool read_only; /* written; refused in a body */
    bool derived;   /* follows from other fields: written, and passed over in a body, so that what
                       was read can be sent back */
    int64_t absent; /* of FORM_DATE, FORM_MINUTES, FORM_WEEKDAYS, FORM_INT, FORM_CHOICE */
    double absent_number;    /* of FORM_NUMBER; out of its bounds: written as null */
    const char *const *tags; /* FORM_CHOICE; FORM_LINES: what they may be, NULL for anything */
    size_t tag_count;
    const struct form *group; /* FORM_GROUP */
    /* FORM_OTHER; out and value point to the member. decode is called whether it is there or not.
     */
    bool (*decode)(const cJSON *object, const char *key, struct arena *arena, void *out,
                   struct error *err);
    void (*encode)(struct json_writer *writer, const char *key, const void *value);
    void (*schema)(struct json_writer *writer, const char *key);
    const char *about; /* English, a phrase: for the API's description */
};

struct form {
    const char *name; /* "Portrait": of the schema */
    size_t size;      /* of the struct */
    const struct form_field *fields;
    size_t field_count;
    /* What fields together must be, and what follows from them; object is what was read. May be
     * NULL. Sets err->field. */
    bool (*check)(const cJSON *object, void *value, struct error *err);
    /* Of a form whose codec stands elsewhere (playlists), in place of the fields, which then only
     * tell what its schema says. */
    bool (*decode)(const cJSON *object, struct arena *arena, void *out, struct error *err);
    void (*encode)(const void *value, struct json_writer *writer);
};

#define FORM_FIELDS(array) .fields = (array), .field_count = sizeof(array) / sizeof((array)[0])

/* Reads the object into the zeroed struct at out; strings are in the arena. Unknown members, wrong
 * types and lengths are refused with err->field. */
bool form_decode(const struct form *form, const cJSON *object, struct arena *arena, void *out,
                 struct error *err) __attribute__((warn_unused_result));
/* Members only: the caller has begun the object, and may add more. */
void form_encode(const struct form *form, const void *value, struct json_writer *writer);
/* For a form's check: whether the last day follows the first, else the field is "until". */
bool form_check_period(int64_t from_day, int64_t until_day, struct error *err)
    __attribute__((warn_unused_result));
/* "2026-11-24". */
void form_put_date(struct json_writer *writer, const char *key, int64_t day);
/* The schema of the object as a body; `answer`: as it is written, which may have further members.
 */
void form_schema(const struct form *form, bool answer, struct json_writer *writer, const char *key);

#endif
