/* When a screen's place is open, as documents and the API say it:
 *   [{"days": ["mo", "tu"], "from": "07:00", "until": "19:00"},     hours of weekdays
 *    {"holidays": true, "from": "09:00", "until": "12:00"},         of public holidays instead
 *    {"holidays": true, "closed": true}]                            or none at all on them
 * Hours that end before they begin run past midnight; until may be "24:00". A list without an entry
 * for holidays treats them as any other day; an empty one says always open. */
#ifndef VITRINE_SERVER_CONTENT_OPENING_H
#define VITRINE_SERVER_CONTENT_OPENING_H

#include "core/json.h"

#define OPENING_HOURS_MAX 21

struct opening_hours {
    unsigned days; /* bit 0 = Monday; 0: of public holidays */
    int from_minute, until_minute;
};

struct opening {
    bool has_holidays; /* on public holidays only those without days count */
    size_t count;
    struct opening_hours hours[OPENING_HOURS_MAX];
};

/* The member of that name, checked and written in one form, as the store keeps it: "" without or
 * empty. For forms (form.h): out is a const char *. */
bool opening_decode(const cJSON *object, const char *key, struct arena *arena, void *out,
                    struct error *err) __attribute__((warn_unused_result));
void opening_encode(struct json_writer *writer, const char *key, const void *value);
void opening_schema(struct json_writer *writer, const char *key);

/* As the store keeps it. What cannot be read is always open. */
void opening_read(const char *text, struct opening *out);

#endif
