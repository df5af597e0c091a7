/* Members that several documents have, read strictly. Each getter is like those of core/json.h:
 * false with err->field set. For the documents of this folder only. */
#ifndef VITRINE_SERVER_CONTENT_FIELDS_H
#define VITRINE_SERVER_CONTENT_FIELDS_H

#include "core/json.h"
#include "server/store/entity.h"

#define FIELD_ID_MAX 64
#define FIELD_URL_MAX 300

/* Lower-case letters, digits and hyphens, 1-64. */
bool field_id_valid(const char *id);
bool field_id(const cJSON *object, const char *key, struct arena *arena, const char **id_out,
              struct error *err) __attribute__((warn_unused_result));
/* A text of one line: no control characters. */
bool field_line(const cJSON *object, const char *key, size_t min, size_t max, struct arena *arena,
                const char **text_out, struct error *err) __attribute__((warn_unused_result));
/* Missing or null gives "". */
bool field_optional_text(const cJSON *object, const char *key, size_t max, struct arena *arena,
                         const char **text_out, struct error *err)
    __attribute__((warn_unused_result));
/* http:// or https://, without spaces; missing or null gives "". */
bool field_optional_url(const cJSON *object, const char *key, struct arena *arena,
                        const char **url_out, struct error *err)
    __attribute__((warn_unused_result));
/* "2026-11-24" → days since 1970. */
bool field_date(const cJSON *object, const char *key, int64_t *day_out, struct error *err)
    __attribute__((warn_unused_result));
/* "2026-11-24T08:10:00+01:00" → Unix ms; missing or null gives 0. */
bool field_optional_instant(const cJSON *object, const char *key, int64_t *ms_out,
                            struct error *err) __attribute__((warn_unused_result));
/* "08:10" → minutes. "24:00" only when `end`. */
bool field_minutes(const cJSON *object, const char *key, bool end, int *minutes_out,
                   struct error *err) __attribute__((warn_unused_result));
/* ["mo", …, "su"], at least one, none twice → bit 0 = Monday. */
bool field_weekdays(const cJSON *object, const char *key, unsigned *days_out, struct error *err)
    __attribute__((warn_unused_result));
/* A list of ids, none twice; may be empty. */
bool field_ids(const cJSON *object, const char *key, size_t max, struct arena *arena,
               struct text_list *ids_out, struct error *err) __attribute__((warn_unused_result));

/* "portraits[3]" in front of the field of an error. */
void field_in_element(struct error *err, const char *array, size_t index);
/* The two-letter names of days, Monday first. */
extern const char *const field_weekday_names[7];

#endif
