#include "server/export/documents.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "server/content/forms.h"
#include "server/export/documents_private.h"
#include "server/media/media.h"
#include "server/store/looks.h"
#include "server/store/site_documents.h"

#define DAY_FIRST (-1000000)
#define DAY_LAST 10000000
#define EMERGENCY_PREFIX "urgence-" /* of what server/fleet/emergency makes; it ends by itself */

static bool is_emergency(const char *id)
{
    return strncmp(id, EMERGENCY_PREFIX, strlen(EMERGENCY_PREFIX)) == 0;
}

static const char *ending_of(const char *type)
{
    static const char *const endings[][2] = {{"image/jpeg", "jpg"},  {"image/png", "png"},
                                             {"image/webp", "webp"}, {"video/mp4", "mp4"},
                                             {"video/webm", "webm"}, {"text/vtt", "vtt"}};

    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (strcmp(type, endings[i][0]) == 0)
            return endings[i][1];
    }
    return "bin";
}

static bool copy_file(const char *from, const char *to, struct error *err)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = in >= 0 ? open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644) : -1;
    ssize_t done = 1;

    while (out >= 0 && done > 0)
        done = copy_file_range(in, NULL, out, NULL, 1 << 24, 0);
    bool ok = out >= 0 && done == 0;
    if (!ok) {
        error_set_errno(err, errno, "« %s » ne peut être copié", "\"%s\" cannot be copied", from);
        error_at(err, to, 0);
    }
    if (in >= 0)
        close(in);
    if (out >= 0 && close(out) != 0 && ok)
        ok = error_set_errno(err, errno, "écriture impossible", "cannot write");
    return ok;
}

/* As screens get it, else as it was sent in. */
static bool find_media(const struct exporting *exporting, const char *sha256, char path[PATH_MAX])
{
    struct sha256 sum;

    return sha256_from_hex(sha256, &sum) &&
           ((media_path(exporting->options->media_folder, &sum, path, PATH_MAX) != NULL &&
             file_exists(path)) ||
            (media_path(exporting->options->originals, &sum, path, PATH_MAX) != NULL &&
             file_exists(path)));
}

bool export_media(struct exporting *exporting, const char *folder, const char *sha256,
                  const char **path_out, struct error *err)
{
    struct media_record record;
    struct error missing;
    char from[PATH_MAX];

    *path_out = "";
    if (!find_media(exporting, sha256, from) ||
        !media_records_get(exporting->options->db, exporting->arena, sha256, &record, &missing)) {
        exporting->report->left_out++;
        return true;
    }
    const char *path =
        arena_printf(exporting->arena, "medias/%s.%s", sha256, ending_of(record.type));
    const char *place = arena_printf(exporting->arena, "%s/%s", exporting->options->to, folder);
    const char *to = arena_printf(exporting->arena, "%s/%s", place, path);
    if (!folder_create(arena_printf(exporting->arena, "%s/medias", place), 0755, err) ||
        (!file_exists(to) && !copy_file(from, to, err)))
        return false;
    exporting->report->media++;
    *path_out = path;
    return true;
}

bool export_text(struct exporting *exporting, const char *name, const struct strbuf *text,
                 struct error *err)
{
    const char *path = arena_printf(exporting->arena, "%s/%s", exporting->options->to, name);
    char *folder = arena_strdup(exporting->arena, path);

    *strrchr(folder, '/') = '\0';
    return folder_create(folder, 0755, err) &&
           file_write_atomic(path, text->bytes, text->length, 0644, err);
}

/* "file_sha256": hash, or a photo's "media": hash, becomes "file": path. */
static bool rewrite(struct exporting *exporting, const char *folder, cJSON *object,
                    struct error *err)
{
    cJSON *next;

    for (cJSON *child = object->child; child != NULL; child = next) {
        next = child->next;
        if (cJSON_IsObject(child) || cJSON_IsArray(child)) {
            if (!rewrite(exporting, folder, child, err))
                return false;
            continue;
        }
        size_t length = child->string != NULL ? strlen(child->string) : 0;
        bool photo = length == 5 && strcmp(child->string, "media") == 0;
        bool file = length > 7 && strcmp(child->string + length - 7, "_sha256") == 0;
        if (!cJSON_IsString(child) || (!photo && !file))
            continue;
        const char *key =
            photo ? "file"
                  : arena_strndup(exporting->arena, child->string, length - strlen("_sha256"));
        const char *path;
        if (!export_media(exporting, folder, child->valuestring, &path, err))
            return false;
        cJSON_DeleteItemFromObjectCaseSensitive(object, key);
        cJSON *made = *path != '\0' ? cJSON_CreateString(path) : cJSON_CreateNull();
        made->string = strdup(key);
        cJSON_ReplaceItemViaPointer(object, child, made);
    }
    return true;
}

/* Compact JSON to a document that people can read, its files beside it. */
static bool write_document(struct exporting *exporting, const char *folder, const char *name,
                           const char *json, size_t length, struct error *err)
{
    cJSON *root = json_parse(json, length, length, err);
    struct strbuf text;

    bool ok = root != NULL && rewrite(exporting, folder, root, err);
    char *printed = ok ? cJSON_Print(root) : NULL;
    if (ok && printed == NULL)
        abort();
    strbuf_init(&text);
    if (ok) {
        strbuf_append(&text, printed);
        strbuf_append_char(&text, '\n');
        ok =
            export_text(exporting,
                        *folder != '\0' ? arena_printf(exporting->arena, "%s/%s.json", folder, name)
                                        : arena_printf(exporting->arena, "%s.json", name),
                        &text, err);
    }
    cJSON_free(printed);
    cJSON_Delete(root);
    strbuf_finish(&text);
    return ok;
}

/* A document being written: {"format": 1, "name": [records…], …}. */
struct sheet {
    struct strbuf text;
    struct json_writer writer;
};

static void sheet_begin(struct sheet *sheet)
{
    strbuf_init(&sheet->text);
    json_writer_init(&sheet->writer, &sheet->text);
    json_begin_object(&sheet->writer, NULL);
    json_put_int(&sheet->writer, "format", 1);
}

static void sheet_put(struct sheet *sheet, const struct form *form, const void *value)
{
    json_begin_object(&sheet->writer, NULL);
    form_encode(form, value, &sheet->writer);
    json_end_object(&sheet->writer);
}

static bool sheet_end(struct sheet *sheet, struct exporting *exporting, const char *name, bool ok,
                      struct error *err)
{
    json_end_object(&sheet->writer);
    ok = ok && write_document(exporting, "", name, sheet->text.bytes, sheet->text.length, err);
    strbuf_finish(&sheet->text);
    return ok;
}

static bool export_fleet(struct exporting *exporting, struct error *err)
{
    struct db *db = exporting->options->db;
    struct arena *arena = exporting->arena;
    struct site_list sites = {0};
    struct group_list groups = {0};
    struct screen_list screens = {0};
    struct sheet sheet;

    bool ok = sites_list(db, arena, &sites, err) && groups_list(db, arena, &groups, err) &&
              screens_list(db, arena, &screens, err);
    sheet_begin(&sheet);
    json_begin_array(&sheet.writer, "sites");
    for (size_t i = 0; i < sites.count; i++)
        sheet_put(&sheet, &site_form, &sites.items[i]);
    json_end_array(&sheet.writer);
    json_begin_array(&sheet.writer, "groups");
    for (size_t i = 0; i < groups.count; i++)
        sheet_put(&sheet, &group_form, &groups.items[i]);
    json_end_array(&sheet.writer);
    json_begin_array(&sheet.writer, "screens");
    for (size_t i = 0; i < screens.count; i++)
        sheet_put(&sheet, &screen_form, &screens.items[i]);
    json_end_array(&sheet.writer);
    exporting->report->screens = screens.count;
    return sheet_end(&sheet, exporting, "ecrans", ok, err);
}

static bool export_announcements(struct exporting *exporting, struct error *err)
{
    struct announcement_list list = {0};
    struct sheet sheet;

    bool ok = announcements_list(exporting->options->db, exporting->arena, &list, err);
    sheet_begin(&sheet);
    json_begin_array(&sheet.writer, "announcements");
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].state != STATE_PUBLISHED || is_emergency(list.items[i].id))
            continue;
        sheet_put(&sheet, &announcement_form, &list.items[i]);
        exporting->report->announcements++;
    }
    json_end_array(&sheet.writer);
    return sheet_end(&sheet, exporting, "annonces", ok, err);
}

/* annuaire.csv has no room for pictures. */
static bool export_pictures(struct exporting *exporting, struct error *err)
{
    struct organisation_list list = {0};
    struct organisation_filter all = {0};
    struct sheet sheet;

    bool ok = organisations_list(exporting->options->db, exporting->arena, &all, &list, err);
    sheet_begin(&sheet);
    json_begin_array(&sheet.writer, "organisations");
    for (size_t i = 0; i < list.count; i++) {
        const struct organisation *one = &list.items[i];
        if (one->image[0] == '\0')
            continue;
        json_begin_object(&sheet.writer, NULL);
        json_put_string(&sheet.writer, "id", one->id);
        json_put_string(&sheet.writer, "media", one->image);
        json_put_string(&sheet.writer, "alt", one->image_alt);
        json_put_string(&sheet.writer, "credit", one->image_credit);
        json_put_number(&sheet.writer, "focal_x", one->focal_x);
        json_put_number(&sheet.writer, "focal_y", one->focal_y);
        json_end_object(&sheet.writer);
    }
    json_end_array(&sheet.writer);
    return sheet_end(&sheet, exporting, "images", ok, err);
}

static bool export_portraits(struct exporting *exporting, struct error *err)
{
    struct portrait_list list = {0};
    struct sheet sheet;

    bool ok = portraits_list(exporting->options->db, exporting->arena, NULL, DAY_FIRST, DAY_LAST,
                             &list, err);
    sheet_begin(&sheet);
    json_begin_array(&sheet.writer, "portraits");
    for (size_t i = 0; i < list.count; i++)
        sheet_put(&sheet, &portrait_form, &list.items[i]);
    json_end_array(&sheet.writer);
    exporting->report->portraits = list.count;
    return sheet_end(&sheet, exporting, "portraits", ok, err);
}

static bool export_rules(struct exporting *exporting, struct error *err)
{
    struct rule_list list = {0};
    struct sheet sheet;

    bool ok = rules_list(exporting->options->db, exporting->arena, &list, err);
    sheet_begin(&sheet);
    json_begin_array(&sheet.writer, "rules");
    for (size_t i = 0; i < list.count; i++) {
        if (list.items[i].state != STATE_PUBLISHED || is_emergency(list.items[i].id))
            continue;
        sheet_put(&sheet, &rule_form, &list.items[i]);
        exporting->report->rules++;
    }
    json_end_array(&sheet.writer);
    return sheet_end(&sheet, exporting, "programmations", ok, err);
}

static bool export_playlists(struct exporting *exporting, struct error *err)
{
    struct playlist_record_list list;

    if (!playlists_list(exporting->options->db, exporting->arena, &list, err))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const struct playlist_record *one = &list.items[i];
        if (is_emergency(one->id))
            continue;
        if (!write_document(exporting, "playlists", one->id, one->document, strlen(one->document),
                            err))
            return false;
        exporting->report->playlists++;
    }
    return true;
}

static bool export_looks(struct exporting *exporting, struct error *err)
{
    struct db *db = exporting->options->db;
    struct layout_record_list layouts;
    struct template_record_list templates;
    struct site_document holidays;
    struct error missing;

    if (!layouts_list(db, exporting->arena, &layouts, err) ||
        !templates_list(db, exporting->arena, &templates, err))
        return false;
    for (size_t i = 0; i < layouts.count; i++) {
        const struct layout_record *one = &layouts.items[i];
        if (!write_document(exporting, "layouts", one->id, one->document, strlen(one->document),
                            err))
            return false;
    }
    for (size_t i = 0; i < templates.count; i++) {
        const struct template_record *one = &templates.items[i];
        if (!write_document(exporting, "templates", one->name, one->document, strlen(one->document),
                            err))
            return false;
    }
    if (site_documents_get(db, exporting->arena, SITE_DOCUMENT_HOLIDAYS, &holidays, &missing))
        return write_document(exporting, "", "feries", holidays.document, strlen(holidays.document),
                              err);
    if (missing.kind == ERROR_NOT_FOUND)
        return true;
    *err = missing;
    return false;
}

bool export_documents(const struct export_options *options, struct arena *arena,
                      struct export_report *report_out, struct error *err)
{
    struct exporting exporting = {.options = options, .arena = arena, .report = report_out};

    *report_out = (struct export_report){0};
    return folder_create(options->to, 0755, err) && export_organisations(&exporting, err) &&
           export_events(&exporting, err) && export_looks(&exporting, err) &&
           export_fleet(&exporting, err) && export_announcements(&exporting, err) &&
           export_portraits(&exporting, err) && export_pictures(&exporting, err) &&
           export_playlists(&exporting, err) && export_rules(&exporting, err);
}
