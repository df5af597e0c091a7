#include "playlists/directory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/json.h"
#include "core/utf8.h"
#include "playlists/typography.h"

#define TEXT_BYTES_MAX 8000

/* Members that are texts, in the order of the document. `required` ones are never "". */
struct text_member {
    const char *key;
    size_t offset;
    bool required;
};

#define MEMBER(name, needed)                                                                       \
    {                                                                                              \
#name, offsetof(struct directory_entry, name), needed                                      \
    }

static const struct text_member text_members[] = {
    MEMBER(id, true),        MEMBER(name, true),      MEMBER(sign, false),
    MEMBER(sort_key, false), MEMBER(family, false),   MEMBER(types, false),
    MEMBER(activity, false), MEMBER(summary, false),  MEMBER(offer, false),
    MEMBER(address, false),  MEMBER(postcode, false), MEMBER(commune, false),
    MEMBER(phone, false),    MEMBER(email, false),    MEMBER(website, false),
    MEMBER(hours, false),    MEMBER(site_id, false),  MEMBER(floor, false),
    MEMBER(office, false),
};

#define TEXT_MEMBERS (sizeof text_members / sizeof text_members[0])

static const char **text_of(struct directory_entry *entry, const struct text_member *member)
{
    return (const char **)((char *)entry + member->offset);
}

static const char *text_in(const struct directory_entry *entry, const struct text_member *member)
{
    return *(const char *const *)((const char *)entry + member->offset);
}

struct directory *directory_create(void)
{
    struct directory *directory = calloc(1, sizeof *directory);
    if (directory == NULL) {
        abort();
    }
    directory->arena = arena_create();
    directory->generated = "";
    return directory;
}

void directory_destroy(struct directory *directory)
{
    if (directory != NULL) {
        arena_destroy(directory->arena);
        free(directory);
    }
}

static int compare_entries(const void *a, const void *b)
{
    const struct directory_entry *first = a;
    const struct directory_entry *second = b;
    int order = strcmp(first->sort_key, second->sort_key);
    return order != 0 ? order : strcmp(first->id, second->id);
}

void directory_sort(struct directory *directory)
{
    struct strbuf folded;
    strbuf_init(&folded);
    for (size_t i = 0; i < directory->entry_count; i++) {
        struct directory_entry *entry = &directory->entries[i];
        if (entry->sort_key == NULL || entry->sort_key[0] == '\0') {
            strbuf_clear(&folded);
            utf8_fold(entry->name, &folded);
            entry->sort_key = arena_strndup(directory->arena, folded.bytes, folded.length);
        }
        if (entry->initial == '\0') {
            entry->initial = typography_initial(entry->name);
        }
    }
    strbuf_finish(&folded);
    if (directory->entry_count > 0) {
        qsort(directory->entries, directory->entry_count, sizeof *directory->entries,
              compare_entries);
    }
}

void directory_encode(const struct directory *directory, struct strbuf *out)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_put_int(&writer, "format", DIRECTORY_FORMAT);
    json_put_string(&writer, "generated", directory->generated);
    json_begin_array(&writer, "entries");
    for (size_t i = 0; i < directory->entry_count; i++) {
        const struct directory_entry *entry = &directory->entries[i];
        char initial[2] = {entry->initial, '\0'};
        json_begin_object(&writer, NULL);
        for (size_t j = 0; j < TEXT_MEMBERS; j++) {
            const char *text = text_in(entry, &text_members[j]);
            if (text != NULL && text[0] != '\0') {
                json_put_string(&writer, text_members[j].key, text);
            }
        }
        json_put_string(&writer, "initial", initial);
        json_put_bool(&writer, "in_metropole", entry->in_metropole);
        json_end_object(&writer);
    }
    json_end_array(&writer);
    json_end_object(&writer);
}

static const struct text_member *find_member(const char *key)
{
    for (size_t i = 0; i < TEXT_MEMBERS; i++) {
        if (strcmp(text_members[i].key, key) == 0) {
            return &text_members[i];
        }
    }
    return NULL;
}

static bool decode_initial(const cJSON *object, struct arena *arena, char *initial_out,
                           struct error *err)
{
    const char *text;
    if (!json_get_string(object, "initial", 1, 1, arena, &text, err)) {
        return false;
    }
    if (text[0] != '#' && (text[0] < 'A' || text[0] > 'Z')) {
        error_set(err, ERROR_INVALID, "une lettre de A à Z ou « # » est attendue",
                  "a letter from A to Z or \"#\" is expected");
        error_field(err, "initial");
        return false;
    }
    *initial_out = text[0];
    return true;
}

/* Walks the members once: there can be 200 000 entries of 20. */
static bool decode_entry(const cJSON *object, struct arena *arena, struct directory_entry *entry,
                         struct error *err)
{
    if (!cJSON_IsObject(object)) {
        return error_set(err, ERROR_INVALID, "un objet { } est attendu",
                         "an object { } is expected");
    }
    for (size_t i = 0; i < TEXT_MEMBERS; i++) {
        *text_of(entry, &text_members[i]) = "";
    }
    for (const cJSON *item = object->child; item != NULL; item = item->next) {
        const struct text_member *member = find_member(item->string);
        bool known = member != NULL || strcmp(item->string, "initial") == 0 ||
                     strcmp(item->string, "in_metropole") == 0;
        if (!known || (member != NULL && !cJSON_IsString(item))) {
            error_set(err, ERROR_INVALID, known ? "un texte est attendu" : "champ inconnu",
                      known ? "a text is expected" : "unknown field");
            error_field(err, item->string);
            return false;
        }
        if (member != NULL) {
            size_t length = strlen(item->valuestring);
            if (length > TEXT_BYTES_MAX) {
                error_set(err, ERROR_LIMIT, "texte de %zu octets, %d au plus",
                          "text of %zu bytes, at most %d", length, TEXT_BYTES_MAX);
                error_field(err, item->string);
                return false;
            }
            *text_of(entry, member) = arena_strndup(arena, item->valuestring, length);
        }
    }
    for (size_t i = 0; i < TEXT_MEMBERS; i++) {
        if (text_members[i].required && text_in(entry, &text_members[i])[0] == '\0') {
            error_set(err, ERROR_INVALID, "manquant", "missing");
            error_field(err, text_members[i].key);
            return false;
        }
    }
    return decode_initial(object, arena, &entry->initial, err) &&
           json_get_bool(object, "in_metropole", &entry->in_metropole, err);
}

static bool decode_entries(const cJSON *root, struct directory *directory, struct error *err)
{
    const cJSON *array =
        json_get_array(root, "entries", DIRECTORY_ENTRIES_MAX, &directory->entry_count, err);
    if (array == NULL) {
        return false;
    }
    directory->entries =
        arena_array(directory->arena, directory->entry_count, sizeof *directory->entries);
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, index++) {
        struct directory_entry *entry = &directory->entries[index];
        bool ok = decode_entry(item, directory->arena, entry, err);
        if (ok && index > 0 && compare_entries(entry - 1, entry) >= 0) {
            ok =
                error_set(err, ERROR_INVALID, "les fiches ne sont pas triées, ou une est en double",
                          "the entries are not sorted, or one is there twice");
        }
        if (!ok) {
            char field[32];
            snprintf(field, sizeof field, "entries[%zu]", index);
            error_field(err, field);
            return false;
        }
    }
    return true;
}

static bool decode_document(const cJSON *root, struct directory *directory, struct error *err)
{
    static const char *const keys[] = {"format", "generated", "entries", NULL};
    int64_t format;
    int64_t days;
    if (!json_only_keys(root, keys, err) ||
        !json_get_int(root, "format", DIRECTORY_FORMAT, DIRECTORY_FORMAT, &format, err) ||
        !json_get_string(root, "generated", 0, 10, directory->arena, &directory->generated, err)) {
        return false;
    }
    if (directory->generated[0] != '\0' && !civil_parse_date(directory->generated, &days)) {
        error_set(err, ERROR_INVALID, "une date comme 2026-11-24 est attendue",
                  "a date like 2026-11-24 is expected");
        error_field(err, "generated");
        return false;
    }
    return decode_entries(root, directory, err);
}

struct directory *directory_decode(const char *bytes, size_t length, struct error *err)
{
    cJSON *root = json_parse(bytes, length, DIRECTORY_BYTES_MAX, err);
    if (root == NULL) {
        return NULL;
    }
    struct directory *directory = directory_create();
    if (!decode_document(root, directory, err)) {
        directory_destroy(directory);
        directory = NULL;
    }
    cJSON_Delete(root);
    return directory;
}
