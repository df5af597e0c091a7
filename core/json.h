/* JSON at the edge: a strict parser over cJSON, checked getters, and a writer.
 * Strict: UTF-8 must be valid, no duplicate keys, no \u0000, no trailing bytes, depth ≤ 32, numbers
 * that are used as integers must be integers within ±(2^53 - 1), where a double stands for itself
 * alone. Text positions are given by line. */
#ifndef VITRINE_CORE_JSON_H
#define VITRINE_CORE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/strbuf.h"

#define JSON_DEPTH_MAX 32

/* Caller frees with cJSON_Delete. NULL on failure, err has line. `length` over `limit` is refused
 * before anything is read. */
cJSON *json_parse(const char *bytes, size_t length, size_t limit, struct error *err)
    __attribute__((warn_unused_result));

/* Getters: false with err->field set when the member is missing, of the wrong type or out of its
 * bounds. Strings are bounded in bytes and copied into the arena. */
bool json_get_string(const cJSON *object, const char *key, size_t min, size_t max,
                     struct arena *arena, const char **text_out, struct error *err)
    __attribute__((warn_unused_result));
bool json_get_int(const cJSON *object, const char *key, int64_t min, int64_t max,
                  int64_t *value_out, struct error *err) __attribute__((warn_unused_result));
bool json_get_number(const cJSON *object, const char *key, double min, double max,
                     double *value_out, struct error *err) __attribute__((warn_unused_result));
bool json_get_bool(const cJSON *object, const char *key, bool *value_out, struct error *err)
    __attribute__((warn_unused_result));
const cJSON *json_get_object(const cJSON *object, const char *key, struct error *err)
    __attribute__((warn_unused_result));
/* *count_out gets the number of elements; walk with ->child and ->next, never by index. */
const cJSON *json_get_array(const cJSON *object, const char *key, size_t max, size_t *count_out,
                            struct error *err) __attribute__((warn_unused_result));
/* True when the member exists and is not null: for optional members, before a getter. */
bool json_has(const cJSON *object, const char *key);
/* Refuses members that are not in `keys` (NULL-terminated) and values that are no object. */
bool json_only_keys(const cJSON *object, const char *const *keys, struct error *err)
    __attribute__((warn_unused_result));

/* Writer: appends to a strbuf; commas are its business. Keys are given to members of objects and
 * NULL to elements of arrays. Output is compact, member order is the caller's: the same calls give
 * the same bytes. */
struct json_writer {
    struct strbuf *out;
    bool comma;
};
void json_writer_init(struct json_writer *writer, struct strbuf *out);
void json_begin_object(struct json_writer *writer, const char *key);
void json_end_object(struct json_writer *writer);
void json_begin_array(struct json_writer *writer, const char *key);
void json_end_array(struct json_writer *writer);
void json_put_string(struct json_writer *writer, const char *key, const char *text); /* or NULL */
void json_put_int(struct json_writer *writer, const char *key, int64_t value);
void json_put_number(struct json_writer *writer, const char *key, double value);
void json_put_bool(struct json_writer *writer, const char *key, bool value);
void json_put_null(struct json_writer *writer, const char *key);
/* What is JSON already and known to be right: a value, or the members of an object. */
void json_put_raw(struct json_writer *writer, const char *key, const char *value);
void json_put_members(struct json_writer *writer, const char *object);

#endif
