#include "playlists/playlist.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/utf8.h"
#include "playlists/playlist_fields.h"
#include "playlists/playlist_written.h"

#define TITLE_LENGTH_MAX 80
#define COMMUNES_MAX 71
#define COUNT_MAX 50
#define MEANING_LENGTH_MAX 120
#define SHORT_LENGTH_MAX 60
#define COMMUNE_LENGTH_MAX 80

/* Entries by what they name, and what each may have. */
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
    const char *members[10];
    bool days; /* needed */
    int count_max;
};

static const struct source_kind source_kinds[] = {
    {ENTRY_SOURCE_PORTRAITS,
     "portraits",
     {"source", "sector", "count", "weight", "duration_s", NULL},
     false,
     COUNT_MAX},
    {ENTRY_SOURCE_EVENTS,
     "events",
     {"source", "days", "communes", "count", "weight", "duration_s", NULL},
     true,
     COUNT_MAX},
    {ENTRY_SOURCE_HIGHLIGHTS,
     "highlights",
     {"source", "sector", "site", "communes", "count", "weight", "duration_s", NULL},
     false,
     COUNT_MAX},
    {ENTRY_SOURCE_AGENDA,
     "agenda",
     {"source", "days", "communes", "count", "title", "duration_s", NULL},
     true,
     PLAYLIST_ROWS_MAX},
    {ENTRY_SOURCE_NOW_HERE,
     "now_here",
     {"source", "site", "count", "title", "weight", "duration_s", NULL},
     false,
     PLAYLIST_ROWS_MAX},
    {ENTRY_SOURCE_NEWS,
     "news",
     {"source", "days", "communes", "announcements", "count", "weight", "duration_s", NULL},
     true,
     COUNT_MAX},
    {ENTRY_SOURCE_FIGURE,
     "figure",
     {"source", "sector", "site", "communes", "meaning", "unit", "origin", "duration_s", NULL},
     false,
     COUNT_MAX},
};

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

static bool get_duration(const cJSON *object, struct playlist_entry *entry, struct error *err)
{
    int seconds;
    if (!document_optional_int(object, "duration_s", 3, 120, 0, &seconds, err)) {
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
    if (kind == NULL || cJSON_GetObjectItemCaseSensitive(slide, "texts") != NULL) {
        entry->kind = ENTRY_WRITTEN;
        return playlist_slide_decode(slide, arena, &entry->slide, err);
    }
    const char *const keys[] = {"template", kind->member, NULL};
    entry->kind = kind->kind;
    return json_only_keys(slide, keys, err) &&
           (kind->slug ? document_slug(slide, kind->member, arena, &entry->subject, err)
                       : document_text(slide, kind->member, 1, kind->length_max, arena,
                                       &entry->subject, err));
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
        return itself ? error_field(err, "slide") : false;
    }
    return get_duration(object, entry, err);
}

/* A film lasts as long as it lasts. */
static bool decode_film_entry(const cJSON *object, struct arena *arena,
                              struct playlist_entry *entry, struct error *err)
{
    static const char *const keys[] = {"film", NULL};
    const cJSON *film = json_get_object(object, "film", err);
    entry->kind = ENTRY_FILM;
    if (film == NULL || !json_only_keys(object, keys, err)) {
        return false;
    }
    return playlist_film_decode(film, arena, &entry->film, err) || error_field(err, "film");
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
        return error_field(err, "communes");
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
            return error_field(err, field);
        }
        entry->communes[index] = arena_strdup(arena, item->valuestring);
    }
    return true;
}

/* Who is here is asked of one site; elsewhere it narrows the choice. */
static bool get_site(const cJSON *object, enum playlist_entry_kind kind, struct arena *arena,
                     const char **site_out, struct error *err)
{
    return kind == ENTRY_SOURCE_NOW_HERE
               ? document_slug(object, "site", arena, site_out, err)
               : document_optional_slug(object, "site", arena, site_out, err);
}

static bool get_words(const cJSON *object, enum playlist_entry_kind kind, struct arena *arena,
                      struct playlist_entry *entry, struct error *err)
{
    return document_optional_text(object, "title", SHORT_LENGTH_MAX, arena, &entry->heading, err) &&
           (kind != ENTRY_SOURCE_FIGURE ||
            document_text(object, "meaning", 1, MEANING_LENGTH_MAX, arena, &entry->meaning, err)) &&
           document_optional_text(object, "unit", SHORT_LENGTH_MAX, arena, &entry->unit, err) &&
           document_optional_text(object, "origin", SHORT_LENGTH_MAX, arena, &entry->origin, err);
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
        error_set(err, ERROR_INVALID,
                  "« %s » : portraits, events, highlights, agenda, now_here, news ou figure est "
                  "attendu",
                  "\"%s\": portraits, events, highlights, agenda, now_here, news or figure is "
                  "expected",
                  source);
        return error_field(err, "source");
    }
    entry->kind = kind->kind;
    if (!json_only_keys(object, kind->members, err) ||
        !document_optional_slug(object, "sector", arena, &entry->sector, err) ||
        !get_site(object, kind->kind, arena, &entry->site, err) ||
        !document_optional_int(object, "count", 1, kind->count_max, 0, &entry->count, err) ||
        !document_optional_int(object, "weight", 1, 10, 1, &entry->weight, err) ||
        !decode_communes(object, arena, entry, err)) {
        return false;
    }
    if (kind->days) {
        int64_t days;
        if (!json_get_int(object, "days", 1, PLAYLIST_DAYS_MAX, &days, err)) {
            return false;
        }
        entry->days = (int)days;
    }
    entry->announcements = kind->kind == ENTRY_SOURCE_NEWS;
    if (cJSON_GetObjectItemCaseSensitive(object, "announcements") != NULL &&
        !json_get_bool(object, "announcements", &entry->announcements, err)) {
        return false;
    }
    return get_words(object, kind->kind, arena, entry, err) && get_duration(object, entry, err);
}

static bool decode_entry(const cJSON *object, struct arena *arena, struct playlist_entry *entry,
                         struct error *err)
{
    entry->subject = "";
    entry->sector = "";
    entry->site = "";
    entry->weight = 1;
    entry->heading = entry->meaning = entry->unit = entry->origin = "";
    bool slide = cJSON_GetObjectItemCaseSensitive(object, "slide") != NULL;
    bool film = cJSON_GetObjectItemCaseSensitive(object, "film") != NULL;
    bool source = cJSON_GetObjectItemCaseSensitive(object, "source") != NULL;
    if (slide + film + source != 1) {
        return error_set(err, ERROR_INVALID, "une entrée a soit « slide », « film » ou « source »",
                         "an entry has either \"slide\", \"film\" or \"source\"");
    }
    return slide  ? decode_slide_entry(object, arena, entry, err)
           : film ? decode_film_entry(object, arena, entry, err)
                  : decode_source_entry(object, arena, entry, err);
}

static bool decode_transition(const cJSON *root, struct playlist *playlist, struct error *err)
{
    int ms;
    const char *tag = transition_tag(TRANSITION_FADE);
    if (!document_optional_int(root, "transition_ms", 0, 2000, PLAYLIST_TRANSITION_MS, &ms, err) ||
        (cJSON_GetObjectItemCaseSensitive(root, "transition") != NULL &&
         !json_get_string(root, "transition", 1, 16, playlist->arena, &tag, err))) {
        return false;
    }
    playlist->transition_ms = ms;
    if (!transition_parse(tag, &playlist->transition)) {
        error_set(err, ERROR_INVALID, "« %s » : fade, cut, slide ou wipe est attendu",
                  "\"%s\": fade, cut, slide or wipe is expected", tag);
        return error_field(err, "transition");
    }
    return true;
}

static bool decode_document(const cJSON *root, struct playlist *playlist, struct error *err)
{
    static const char *const keys[] = {"format",        "id",      "title", "strip", "transition",
                                       "transition_ms", "entries", NULL};
    int64_t format;
    if (!json_only_keys(root, keys, err) ||
        !json_get_int(root, "format", PLAYLIST_FORMAT, PLAYLIST_FORMAT, &format, err) ||
        !document_slug(root, "id", playlist->arena, &playlist->id, err) ||
        !document_text(root, "title", 1, TITLE_LENGTH_MAX, playlist->arena, &playlist->title,
                       err) ||
        !json_get_bool(root, "strip", &playlist->strip, err) ||
        !decode_transition(root, playlist, err)) {
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
        return error_field(err, "entries");
    }
    playlist->entries =
        arena_array(playlist->arena, playlist->entry_count, sizeof *playlist->entries);
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, index++) {
        if (!decode_entry(item, playlist->arena, &playlist->entries[index], err)) {
            char field[32];
            snprintf(field, sizeof field, "entries[%zu]", index);
            return error_field(err, field);
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
    if (entry->days > 0) {
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
    if (entry->kind == ENTRY_SOURCE_NEWS && !entry->announcements) {
        json_put_bool(writer, "announcements", false);
    }
    if (entry->count > 0) {
        json_put_int(writer, "count", entry->count);
    }
    if (entry->weight > 1) {
        json_put_int(writer, "weight", entry->weight);
    }
    const char *const words[][2] = {{"title", entry->heading},
                                    {"meaning", entry->meaning},
                                    {"unit", entry->unit},
                                    {"origin", entry->origin}};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (words[i][1][0] != '\0') {
            json_put_string(writer, words[i][0], words[i][1]);
        }
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
    } else if (entry->kind == ENTRY_WRITTEN) {
        playlist_slide_encode(writer, entry->slide);
    } else if (entry->kind == ENTRY_FILM) {
        playlist_film_encode(writer, entry->film);
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
    if (playlist->transition != TRANSITION_FADE) {
        json_put_string(&writer, "transition", transition_tag(playlist->transition));
    }
    if (playlist->transition_ms != PLAYLIST_TRANSITION_MS) {
        json_put_int(&writer, "transition_ms", playlist->transition_ms);
    }
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
