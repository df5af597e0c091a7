#include <string.h>

#include "playlists/playlist.h"
#include "server/content/fields.h"
#include "server/content/forms.h"

#define AT(member) .offset = offsetof(struct playlist_record, member)

static void schema_format(struct json_writer *writer, const char *key)
{
    json_put_raw(writer, key, "{\"const\":1}");
}

static void schema_transition(struct json_writer *writer, const char *key)
{
    json_begin_object(writer, key);
    json_begin_array(writer, "enum");
    for (int kind = TRANSITION_FADE; kind <= TRANSITION_WIPE; kind++) {
        json_put_string(writer, NULL, transition_tag((enum transition_kind)kind));
    }
    json_end_array(writer);
    json_end_object(writer);
}

static void schema_entries(struct json_writer *writer, const char *key)
{
    json_begin_object(writer, key);
    json_put_string(writer, "type", "array");
    json_put_int(writer, "maxItems", PLAYLIST_ENTRIES_MAX);
    json_put_raw(writer, "items",
                 "{\"type\":\"object\",\"anyOf\":[{\"required\":[\"slide\"]},{\"required\":["
                 "\"film\"]},{\"required\":[\"source\"]}]}");
    json_put_string(writer, "description",
                    "As playlists/playlist.schema.json says; files by their SHA-256");
    json_end_object(writer);
}

/* For the schema: the codec is playlists/playlist.h. */
static const struct form_field fields[] = {
    {.name = "id", .type = FORM_ID, AT(id), .required = true},
    {.name = "format", .type = FORM_OTHER, .schema = schema_format},
    {.name = "title", .type = FORM_LINE, AT(title), .min = 1, .max = 480, .required = true},
    {.name = "strip",
     .type = FORM_BOOL,
     .required = true,
     .about = "Whether the layout's strip stays while it plays"},
    {.name = "transition", .type = FORM_OTHER, .schema = schema_transition},
    {.name = "transition_ms", .type = FORM_INT, .max = 2000},
    {.name = "entries", .type = FORM_OTHER, .required = true, .schema = schema_entries},
};

/* Files beside a document are the loader's; a body names what is in the library. */
static bool check_files(const struct playlist *playlist, struct error *err)
{
    for (size_t i = 0; i < playlist->entry_count; i++) {
        const struct playlist_entry *entry = &playlist->entries[i];
        const char *field =
            entry->kind == ENTRY_WRITTEN && entry->slide->picture.path[0] != '\0'
                ? "slide.picture.file"
            : entry->kind == ENTRY_FILM && entry->film->file.path[0] != '\0'     ? "film.file"
            : entry->kind == ENTRY_FILM && entry->film->captions.path[0] != '\0' ? "film.captions"
                                                                                 : NULL;
        if (field != NULL) {
            error_set(err, ERROR_INVALID,
                      "un fichier de la médiathèque se nomme par son empreinte (…_sha256)",
                      "a file of the library is named by its hash (…_sha256)");
            error_field(err, field);
            field_in_element(err, "entries", i);
            return false;
        }
    }
    return true;
}

static void keep(const struct playlist *playlist, struct arena *arena, struct playlist_record *out)
{
    struct strbuf document;
    strbuf_init(&document);
    playlist_encode(playlist, &document);
    out->id = arena_strdup(arena, playlist->id);
    out->title = arena_strdup(arena, playlist->title);
    out->document = arena_strndup(arena, document.bytes, document.length);
    strbuf_finish(&document);
}

static bool decode(const cJSON *object, struct arena *arena, void *out, struct error *err)
{
    if (!cJSON_IsObject(object)) {
        return json_only_keys(object, (const char *const[]){NULL}, err);
    }
    cJSON *document = cJSON_Duplicate(object, true);
    if (!cJSON_HasObjectItem(document, "format")) {
        cJSON_AddNumberToObject(document, "format", PLAYLIST_FORMAT);
    }
    char *text = cJSON_PrintUnformatted(document);
    cJSON_Delete(document);
    if (text == NULL) {
        return error_set(err, ERROR_INTERNAL, "document JSON illisible",
                         "unreadable JSON document");
    }
    struct playlist *playlist = playlist_decode(text, strlen(text), err);
    cJSON_free(text);
    bool ok = playlist != NULL && check_files(playlist, err);
    if (ok) {
        keep(playlist, arena, out);
    }
    playlist_destroy(playlist);
    return ok;
}

static void encode(const void *value, struct json_writer *writer)
{
    json_put_members(writer, ((const struct playlist_record *)value)->document);
}

const struct form playlist_form = {.name = "Playlist",
                                   .size = sizeof(struct playlist_record),
                                   FORM_FIELDS(fields),
                                   .decode = decode,
                                   .encode = encode};
