#include "playlists/playlist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/utf8.h"

#define SLUG_LENGTH_MAX 80
#define TITLE_LENGTH_MAX 80
#define COMMUNES_MAX 71
#define COMMUNE_LENGTH_MAX 80
#define BYTES_PER_CHARACTER 4

/* The two kinds of entry and what each may have. */
struct slide_kind {
    enum playlist_entry_kind kind;
    const char *template;
    const char *member; /* that names the subject */
    bool slug;          /* the subject is one of our own ids */
    size_t length_max;
};

static const struct slide_kind slide_kinds[] = {
    {ENTRY_PORTRAIT, "portrait", "portrait", true, SLUG_LENGTH_MAX},
    {ENTRY_EVENT, "event", "event", false, 255},
    {ENTRY_HIGHLIGHT, "highlight", "organisation", false, 120},
    {ENTRY_ANNOUNCEMENT, "announcement", "announcement", true, SLUG_LENGTH_MAX},
};

struct source_kind {
    enum playlist_entry_kind kind;
    const char *source;
    const char *members[9];
};

static const struct source_kind source_kinds[] = {
    {ENTRY_SOURCE_PORTRAITS,
     "portraits",
     {"source", "sector", "count", "weight", "duration_s", NULL}},
    {ENTRY_SOURCE_EVENTS,
     "events",
     {"source", "days", "communes", "count", "weight", "duration_s", NULL}},
    {ENTRY_SOURCE_HIGHLIGHTS,
     "highlights",
     {"source", "sector", "site", "communes", "count", "weight", "duration_s", NULL}},
};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static bool fail_field(struct error *err, const char *field)
{
    error_field(err, field);
    return false;
}

/* [a-z0-9]+(-[a-z0-9]+)* */
static bool is_slug(const char *text)
{
    bool letter_before = false;
    for (; *text != '\0'; text++) {
        bool letter = (*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9');
        if (!letter && (*text != '-' || !letter_before)) {
            return false;
        }
        letter_before = letter;
    }
    return letter_before;
}

/* A text of 1 to `max` characters; the schema counts characters, not bytes. */
static bool get_text(const cJSON *object, const char *key, size_t max, struct arena *arena,
                     const char **text_out, struct error *err)
{
    if (!json_get_string(object, key, 1, max * BYTES_PER_CHARACTER, arena, text_out, err)) {
        return false;
    }
    size_t length = utf8_length(*text_out);
    if (length > max) {
        error_set(err, ERROR_LIMIT, "texte trop long : %zu caractères, %zu au plus",
                  "text too long: %zu characters, at most %zu", length, max);
        return fail_field(err, key);
    }
    return true;
}

static bool get_slug(const cJSON *object, const char *key, struct arena *arena,
                     const char **text_out, struct error *err)
{
    if (!get_text(object, key, SLUG_LENGTH_MAX, arena, text_out, err)) {
        return false;
    }
    if (!is_slug(*text_out)) {
        error_set(err, ERROR_INVALID,
                  "identifiant attendu : lettres minuscules sans accent, chiffres, traits d’union",
                  "an identifier is expected: lower-case letters, digits, hyphens");
        return fail_field(err, key);
    }
    return true;
}

static bool get_optional_slug(const cJSON *object, const char *key, struct arena *arena,
                              const char **text_out, struct error *err)
{
    *text_out = "";
    return cJSON_GetObjectItemCaseSensitive(object, key) == NULL ||
           get_slug(object, key, arena, text_out, err);
}

static bool get_optional_int(const cJSON *object, const char *key, int min, int max, int absent,
                             int *value_out, struct error *err)
{
    *value_out = absent;
    if (cJSON_GetObjectItemCaseSensitive(object, key) == NULL) {
        return true;
    }
    int64_t value;
    if (!json_get_int(object, key, min, max, &value, err)) {
        return false;
    }
    *value_out = (int)value;
    return true;
}

static bool get_duration(const cJSON *object, struct playlist_entry *entry, struct error *err)
{
    int seconds;
    if (!get_optional_int(object, "duration_s", 3, 120, 0, &seconds, err)) {
        return false;
    }
    entry->duration_ms = (int64_t)seconds * 1000;
    return true;
}

static bool decode_slide(const cJSON *object, struct arena *arena, struct playlist_entry *entry,
                         struct error *err)
{
    const cJSON *slide = json_get_object(object, "slide", err);
    const char *template;
    if (slide == NULL || !json_get_string(slide, "template", 1, 40, arena, &template, err)) {
        return false;
    }
    const struct slide_kind *kind = NULL;
    for (size_t i = 0; i < COUNT_OF(slide_kinds); i++) {
        if (strcmp(slide_kinds[i].template, template) == 0) {
            kind = &slide_kinds[i];
        }
    }
    if (kind == NULL) {
        error_set(err, ERROR_INVALID,
                  "« %s » : portrait, event, highlight ou announcement est attendu",
                  "\"%s\": portrait, event, highlight or announcement is expected", template);
        return fail_field(err, "template");
    }
    const char *const keys[] = {"template", kind->member, NULL};
    entry->kind = kind->kind;
    return json_only_keys(slide, keys, err) &&
           (kind->slug
                ? get_slug(slide, kind->member, arena, &entry->subject, err)
                : get_text(slide, kind->member, kind->length_max, arena, &entry->subject, err));
}

static bool decode_slide_entry(const cJSON *object, struct arena *arena,
                               struct playlist_entry *entry, struct error *err)
{
    static const char *const keys[] = {"slide", "duration_s", NULL};
    if (!json_only_keys(object, keys, err)) {
        return false;
    }
    if (!decode_slide(object, arena, entry, err)) {
        bool itself = cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(object, "slide"));
        return itself ? fail_field(err, "slide") : false;
    }
    return get_duration(object, entry, err);
}

static bool decode_communes(const cJSON *object, struct arena *arena, struct playlist_entry *entry,
                            struct error *err)
{
    if (cJSON_GetObjectItemCaseSensitive(object, "communes") == NULL) {
        return true;
    }
    const cJSON *array =
        json_get_array(object, "communes", COMMUNES_MAX, &entry->commune_count, err);
    if (array == NULL) {
        return false;
    }
    if (entry->commune_count == 0) {
        error_set(err, ERROR_INVALID, "liste vide : retirez ce champ pour toute la Métropole",
                  "empty list: leave this field out for the whole Métropole");
        return fail_field(err, "communes");
    }
    entry->communes = arena_array(arena, entry->commune_count, sizeof *entry->communes);
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, index++) {
        size_t length = cJSON_IsString(item) ? utf8_length(item->valuestring) : 0;
        bool twice = false;
        for (size_t i = 0; length > 0 && i < index; i++) {
            twice = twice || strcmp(entry->communes[i], item->valuestring) == 0;
        }
        if (length == 0 || length > COMMUNE_LENGTH_MAX || twice) {
            error_set(
                err, ERROR_INVALID, "nom de commune attendu, de 1 à %d caractères, une fois chacun",
                "a commune's name is expected, 1 to %d characters, once each", COMMUNE_LENGTH_MAX);
            char field[32];
            snprintf(field, sizeof field, "communes[%zu]", index);
            return fail_field(err, field);
        }
        entry->communes[index] = arena_strdup(arena, item->valuestring);
    }
    return true;
}

static bool decode_source_entry(const cJSON *object, struct arena *arena,
                                struct playlist_entry *entry, struct error *err)
{
    const char *source;
    if (!json_get_string(object, "source", 1, 40, arena, &source, err)) {
        return false;
    }
    const struct source_kind *kind = NULL;
    for (size_t i = 0; i < COUNT_OF(source_kinds); i++) {
        if (strcmp(source_kinds[i].source, source) == 0) {
            kind = &source_kinds[i];
        }
    }
    if (kind == NULL) {
        error_set(err, ERROR_INVALID, "« %s » : portraits, events ou highlights est attendu",
                  "\"%s\": portraits, events or highlights is expected", source);
        return fail_field(err, "source");
    }
    entry->kind = kind->kind;
    if (!json_only_keys(object, kind->members, err) ||
        !get_optional_slug(object, "sector", arena, &entry->sector, err) ||
        !get_optional_slug(object, "site", arena, &entry->site, err) ||
        !get_optional_int(object, "count", 1, 50, 0, &entry->count, err) ||
        !get_optional_int(object, "weight", 1, 10, 1, &entry->weight, err) ||
        !decode_communes(object, arena, entry, err)) {
        return false;
    }
    if (kind->kind == ENTRY_SOURCE_EVENTS) {
        int64_t days;
        if (!json_get_int(object, "days", 1, PLAYLIST_DAYS_MAX, &days, err)) {
            return false;
        }
        entry->days = (int)days;
    }
    return get_duration(object, entry, err);
}

static bool decode_entry(const cJSON *object, struct arena *arena, struct playlist_entry *entry,
                         struct error *err)
{
    entry->subject = "";
    entry->sector = "";
    entry->site = "";
    entry->weight = 1;
    bool slide = cJSON_GetObjectItemCaseSensitive(object, "slide") != NULL;
    bool source = cJSON_GetObjectItemCaseSensitive(object, "source") != NULL;
    if (slide == source) {
        return error_set(err, ERROR_INVALID, "une entrée a soit « slide », soit « source »",
                         "an entry has either \"slide\" or \"source\"");
    }
    return slide ? decode_slide_entry(object, arena, entry, err)
                 : decode_source_entry(object, arena, entry, err);
}

static bool decode_document(const cJSON *root, struct playlist *playlist, struct error *err)
{
    static const char *const keys[] = {"format", "id", "title", "strip", "entries", NULL};
    int64_t format;
    if (!json_only_keys(root, keys, err) ||
        !json_get_int(root, "format", PLAYLIST_FORMAT, PLAYLIST_FORMAT, &format, err) ||
        !get_slug(root, "id", playlist->arena, &playlist->id, err) ||
        !get_text(root, "title", TITLE_LENGTH_MAX, playlist->arena, &playlist->title, err) ||
        !json_get_bool(root, "strip", &playlist->strip, err)) {
        return false;
    }
    const cJSON *array =
        json_get_array(root, "entries", PLAYLIST_ENTRIES_MAX, &playlist->entry_count, err);
    if (array == NULL) {
        return false;
    }
    if (playlist->entry_count == 0) {
        error_set(err, ERROR_INVALID, "il faut au moins une entrée",
                  "at least one entry is needed");
        return fail_field(err, "entries");
    }
    playlist->entries =
        arena_array(playlist->arena, playlist->entry_count, sizeof *playlist->entries);
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, index++) {
        if (!decode_entry(item, playlist->arena, &playlist->entries[index], err)) {
            char field[32];
            snprintf(field, sizeof field, "entries[%zu]", index);
            return fail_field(err, field);
        }
    }
    return true;
}

struct playlist *playlist_decode(const char *bytes, size_t length, struct error *err)
{
    cJSON *root = json_parse(bytes, length, PLAYLIST_BYTES_MAX, err);
    if (root == NULL) {
        return NULL;
    }
    struct playlist *playlist = calloc(1, sizeof *playlist);
    if (playlist == NULL) {
        abort();
    }
    playlist->arena = arena_create();
    if (!decode_document(root, playlist, err)) {
        playlist_destroy(playlist);
        playlist = NULL;
    }
    cJSON_Delete(root);
    return playlist;
}

static void encode_source(struct json_writer *writer, const struct playlist_entry *entry)
{
    for (size_t i = 0; i < COUNT_OF(source_kinds); i++) {
        if (source_kinds[i].kind == entry->kind) {
            json_put_string(writer, "source", source_kinds[i].source);
        }
    }
    if (entry->kind == ENTRY_SOURCE_EVENTS) {
        json_put_int(writer, "days", entry->days);
    }
    if (entry->sector[0] != '\0') {
        json_put_string(writer, "sector", entry->sector);
    }
    if (entry->site[0] != '\0') {
        json_put_string(writer, "site", entry->site);
    }
    if (entry->commune_count > 0) {
        json_begin_array(writer, "communes");
        for (size_t i = 0; i < entry->commune_count; i++) {
            json_put_string(writer, NULL, entry->communes[i]);
        }
        json_end_array(writer);
    }
    if (entry->count > 0) {
        json_put_int(writer, "count", entry->count);
    }
    if (entry->weight > 1) {
        json_put_int(writer, "weight", entry->weight);
    }
}

static void encode_entry(struct json_writer *writer, const struct playlist_entry *entry)
{
    const struct slide_kind *kind = NULL;
    for (size_t i = 0; i < COUNT_OF(slide_kinds); i++) {
        if (slide_kinds[i].kind == entry->kind) {
            kind = &slide_kinds[i];
        }
    }
    json_begin_object(writer, NULL);
    if (kind != NULL) {
        json_begin_object(writer, "slide");
        json_put_string(writer, "template", kind->template);
        json_put_string(writer, kind->member, entry->subject);
        json_end_object(writer);
    } else {
        encode_source(writer, entry);
    }
    if (entry->duration_ms > 0) {
        json_put_int(writer, "duration_s", entry->duration_ms / 1000);
    }
    json_end_object(writer);
}

void playlist_encode(const struct playlist *playlist, struct strbuf *out)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    json_put_int(&writer, "format", PLAYLIST_FORMAT);
    json_put_string(&writer, "id", playlist->id);
    json_put_string(&writer, "title", playlist->title);
    json_put_bool(&writer, "strip", playlist->strip);
    json_begin_array(&writer, "entries");
    for (size_t i = 0; i < playlist->entry_count; i++) {
        encode_entry(&writer, &playlist->entries[i]);
    }
    json_end_array(&writer);
    json_end_object(&writer);
}

void playlist_destroy(struct playlist *playlist)
{
    if (playlist != NULL) {
        arena_destroy(playlist->arena);
        free(playlist);
    }
}
