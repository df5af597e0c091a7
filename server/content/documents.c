#include "server/content/documents.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/source.h"
#include "server/content/fields.h"
#include "server/content/loading.h"
#include "server/content/locate.h"

#define FOLDER_FILES_MAX 1000
#define SINGLE_DOCUMENTS 6 /* feries, ecrans, annonces, portraits, images, programmations */

void loading_count(struct loading *loading, enum upsert_result result)
{
    loading->report->read++;
    switch (result) {
    case UPSERT_CREATED:
        loading->report->created++;
        break;
    case UPSERT_UPDATED:
        loading->report->updated++;
        break;
    case UPSERT_UNCHANGED:
        loading->report->unchanged++;
        break;
    }
}

static int compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Two elements with one id would silently be one record. Wrong ids are left to the element's own
 * reader. */
static bool ids_once(const cJSON *array, size_t count, struct arena *arena, struct error *err)
{
    const char **ids = arena_array(arena, count, sizeof *ids);
    size_t known = 0;
    for (const cJSON *element = array->child; element != NULL; element = element->next) {
        const cJSON *id = cJSON_GetObjectItemCaseSensitive(element, "id");
        if (cJSON_IsString(id)) {
            ids[known++] = id->valuestring;
        }
    }
    qsort(ids, known, sizeof *ids, compare_texts);
    for (size_t i = 1; i < known; i++) {
        if (strcmp(ids[i - 1], ids[i]) == 0) {
            return error_set(err, ERROR_CONFLICT, "l’identifiant « %.64s » est là deux fois",
                             "the id \"%.64s\" is there twice", ids[i]);
        }
    }
    return true;
}

bool loading_each(struct loading *loading, const cJSON *root, const char *key, size_t max,
                  bool (*take)(struct loading *, cJSON *, struct error *), struct error *err)
{
    size_t count = 0;
    const cJSON *array = json_get_array(root, key, max, &count, err);
    if (array == NULL) {
        return false;
    }
    if (!ids_once(array, count, loading->arena, err)) {
        error_field(err, key);
        return false;
    }
    size_t index = 0;
    for (cJSON *element = array->child; element != NULL; element = element->next) {
        if (!take(loading, element, err)) {
            field_in_element(err, key, index);
            return false;
        }
        index++;
    }
    return true;
}

bool loading_format(const cJSON *root, const char *const *keys, struct error *err)
{
    int64_t format = 0;
    return json_only_keys(root, keys, err) && json_get_int(root, "format", 1, 1, &format, err);
}

static bool load_json(struct loading *loading, enum document_kind kind, const char *bytes,
                      size_t length, struct error *err)
{
    cJSON *root = json_parse(bytes, length, DOCUMENT_BYTES_MAX, err);
    if (root == NULL) {
        return false;
    }
    bool ok = false;
    switch (kind) {
    case DOCUMENT_SCREENS:
        ok = loading_screens(loading, root, err);
        break;
    case DOCUMENT_ANNOUNCEMENTS:
        ok = loading_announcements(loading, root, err);
        break;
    case DOCUMENT_PORTRAITS:
        ok = loading_portraits(loading, root, err);
        break;
    case DOCUMENT_PICTURES:
        ok = loading_pictures(loading, root, err);
        break;
    case DOCUMENT_RULES:
        ok = loading_rules(loading, root, err);
        break;
    case DOCUMENT_PLAYLIST: /* have codecs of their own */
    case DOCUMENT_LAYOUT:
    case DOCUMENT_TEMPLATE:
    case DOCUMENT_HOLIDAYS:
        break;
    }
    cJSON_Delete(root);
    return ok;
}

static bool load_text(struct loading *loading, enum document_kind kind, const char *text,
                      size_t length, struct error *err)
{
    switch (kind) {
    case DOCUMENT_PLAYLIST:
        return loading_playlist(loading, text, length, err);
    case DOCUMENT_LAYOUT:
        return loading_layout(loading, text, length, err);
    case DOCUMENT_TEMPLATE:
        return loading_template(loading, text, length, err);
    case DOCUMENT_HOLIDAYS:
        return loading_holidays(loading, text, length, err);
    default:
        return load_json(loading, kind, text, length, err);
    }
}

/* The folder part of a path; "." for a bare name. */
static const char *folder_of(const char *path, struct arena *arena)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return ".";
    }
    return slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
}

/* A field whose place is not known yet gets its line. */
static void place_error(struct error *err, const char *path, const char *text, size_t length)
{
    if (err == NULL) {
        return;
    }
    bool placed = err->line != 0 || err->field[0] == '\0';
    error_at(err, path, placed ? 0 : locate_line(text, length, err->field));
}

bool document_load(struct db *db, const struct media_store *media, struct arena *arena,
                   enum document_kind kind, const char *path, struct document_report *report_out,
                   struct error *err)
{
    *report_out = (struct document_report){.kind = kind, .file = arena_strdup(arena, path)};
    struct loading loading = {db, media, arena, folder_of(path, arena), report_out};
    char *bytes = NULL;
    size_t length = 0;
    if (!source_check(path, err) || !file_read(path, DOCUMENT_BYTES_MAX, &bytes, &length, err)) {
        error_at(err, path, 0);
        return false;
    }
    /* Editors on Windows put a byte order mark in front. */
    size_t mark = strncmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    const char *text = bytes + mark;
    bool own = false;
    bool ok = db_join(db, &own, err);
    if (ok) {
        ok = load_text(&loading, kind, text, length - mark, err);
        if (!ok) {
            place_error(err, path, text, length - mark);
        }
        ok = db_leave(db, own, ok, err);
    }
    free(bytes);
    return ok;
}

/* The *.json of the folder but schemas, sorted; none when the folder is not there. */
static bool list_files(const char *folder, struct arena *arena, struct text_list *out,
                       struct error *err)
{
    *out = (struct text_list){0};
    DIR *stream = opendir(folder);
    if (stream == NULL) {
        return errno == ENOENT ||
               error_set_errno(err, errno, "lecture du dossier « %s » impossible",
                               "cannot read the folder \"%s\"", folder);
    }
    out->items = arena_array(arena, FOLDER_FILES_MAX, sizeof *out->items);
    bool ok = true;
    for (struct dirent *entry = readdir(stream); ok && entry != NULL; entry = readdir(stream)) {
        size_t length = strlen(entry->d_name);
        if (length <= 5 || entry->d_name[0] == '.' ||
            strcmp(entry->d_name + length - 5, ".json") != 0 ||
            strstr(entry->d_name, ".schema.json") != NULL) {
            continue;
        }
        if (out->count == FOLDER_FILES_MAX) {
            ok = error_set(err, ERROR_LIMIT, "plus de %d documents dans « %s »",
                           "more than %d documents in \"%s\"", FOLDER_FILES_MAX, folder);
        } else {
            out->items[out->count++] = arena_printf(arena, "%s/%s", folder, entry->d_name);
        }
    }
    closedir(stream);
    qsort(out->items, out->count, sizeof *out->items, compare_texts);
    return ok;
}

/* A whole folder on its way into the store. */
struct folder_load {
    struct db *db;
    const struct media_store *media;
    struct arena *arena;
    const char *folder;
    struct text_list templates, layouts, playlists; /* paths */
    struct document_report_list reports;
};

static bool load_one(struct folder_load *load, enum document_kind kind, const char *path,
                     struct error *err)
{
    struct document_report *report = &load->reports.items[load->reports.count];
    if (!document_load(load->db, load->media, load->arena, kind, path, report, err)) {
        return false;
    }
    load->reports.count++;
    return true;
}

static bool load_if_there(struct folder_load *load, enum document_kind kind, const char *name,
                          struct error *err)
{
    const char *path = arena_printf(load->arena, "%s/%s", load->folder, name);
    return !file_exists(path) || load_one(load, kind, path, err);
}

static bool load_each(struct folder_load *load, enum document_kind kind,
                      const struct text_list *files, struct error *err)
{
    for (size_t i = 0; i < files->count; i++) {
        if (!load_one(load, kind, files->items[i], err)) {
            return false;
        }
    }
    return true;
}

static bool load_all(struct folder_load *load, struct error *err)
{
    if (!load_each(load, DOCUMENT_TEMPLATE, &load->templates, err) ||
        !load_each(load, DOCUMENT_LAYOUT, &load->layouts, err) ||
        !load_if_there(load, DOCUMENT_HOLIDAYS, "feries.json", err) ||
        !load_if_there(load, DOCUMENT_SCREENS, "ecrans.json", err) ||
        !load_if_there(load, DOCUMENT_ANNOUNCEMENTS, "annonces.json", err) ||
        !load_if_there(load, DOCUMENT_PORTRAITS, "portraits.json", err) ||
        !load_if_there(load, DOCUMENT_PICTURES, "images.json", err) ||
        !load_each(load, DOCUMENT_PLAYLIST, &load->playlists, err)) {
        return false;
    }
    if (!load_if_there(load, DOCUMENT_RULES, "programmations.json", err)) {
        return false;
    }
    return load->reports.count > 0 ||
           error_set(err, ERROR_NOT_FOUND,
                     "aucun document dans « %s » ; sont attendus feries.json, ecrans.json, "
                     "annonces.json, portraits.json, images.json, programmations.json et les "
                     "*.json de playlists, layouts et "
                     "templates",
                     "no document in \"%s\"; expected are feries.json, ecrans.json, annonces.json, "
                     "portraits.json, images.json, programmations.json and the *.json of "
                     "playlists, layouts "
                     "and templates",
                     load->folder);
}

bool content_load_folder(struct db *db, const struct media_store *media, struct arena *arena,
                         const char *folder, const char *playlist_folder,
                         struct document_report_list *reports_out, struct error *err)
{
    *reports_out = (struct document_report_list){0};
    struct folder_load load = {.db = db, .media = media, .arena = arena, .folder = folder};
    if (playlist_folder == NULL) {
        playlist_folder = arena_printf(arena, "%s/playlists", folder);
    }
    if (!list_files(arena_printf(arena, "%s/templates", folder), arena, &load.templates, err) ||
        !list_files(arena_printf(arena, "%s/layouts", folder), arena, &load.layouts, err) ||
        !list_files(playlist_folder, arena, &load.playlists, err)) {
        return false;
    }
    load.reports.items = arena_array(
        arena, load.templates.count + load.layouts.count + load.playlists.count + SINGLE_DOCUMENTS,
        sizeof *load.reports.items);
    bool own = false;
    if (!db_join(db, &own, err)) {
        return false;
    }
    if (!db_leave(db, own, load_all(&load, err), err)) {
        return false;
    }
    *reports_out = load.reports;
    return true;
}

const char *document_kind_label(enum document_kind kind, enum lang lang)
{
    switch (kind) {
    case DOCUMENT_TEMPLATE:
        return lang_pick(lang, "Modèle", "Template");
    case DOCUMENT_LAYOUT:
        return lang_pick(lang, "Mise en page", "Layout");
    case DOCUMENT_HOLIDAYS:
        return lang_pick(lang, "Jours fériés", "Holidays");
    case DOCUMENT_SCREENS:
        return lang_pick(lang, "Écrans", "Screens");
    case DOCUMENT_ANNOUNCEMENTS:
        return lang_pick(lang, "Annonces", "Announcements");
    case DOCUMENT_PORTRAITS:
        return "Portraits";
    case DOCUMENT_PICTURES:
        return lang_pick(lang, "Images des structures", "Organisations' pictures");
    case DOCUMENT_PLAYLIST:
        return "Playlist";
    case DOCUMENT_RULES:
        return lang_pick(lang, "Programmations", "Programming");
    }
    return "";
}
