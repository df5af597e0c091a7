/* Files that people bring: CSV, XLSX and iCalendar, looked at, mapped, rehearsed, applied, undone.
 */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "server/api/asking.h"
#include "server/store/fleet.h"

#define BODY_MAX ((size_t)64 * 1024)
#define ID_LETTERS 16
#define TEXT_MAX 300

/* --- answers --------------------------------------------------------------------------------- */

static void put_fields(struct json_writer *writer, const struct import_file *file, enum lang lang)
{
    enum mapping_kind kind;
    size_t count;

    (void)mapping_kind_parse(file->kind, &kind);
    const struct mapping_field *fields = mapping_fields(kind, &count);
    json_begin_array(writer, "fields");
    for (size_t i = 0; i < count; i++) {
        json_begin_object(writer, NULL);
        json_put_string(writer, "field", fields[i].tag);
        json_put_string(writer, "label", lang_pick(lang, fields[i].fr, fields[i].en));
        json_put_bool(writer, "needed", fields[i].needed);
        json_end_object(writer);
    }
    json_end_array(writer);
}

static void put_counts(struct json_writer *writer, const struct import_file *file)
{
    json_begin_object(writer, "counts");
    json_put_int(writer, "rows", file->row_count);
    json_put_int(writer, "created", file->created);
    json_put_int(writer, "changed", file->changed);
    json_put_int(writer, "unchanged", file->unchanged);
    json_put_int(writer, "merged", file->merged);
    json_put_int(writer, "rejected", file->rejected);
    json_put_int(writer, "warned", file->warned);
    json_put_int(writer, "undone", file->undone);
    json_put_int(writer, "kept", file->kept);
    json_end_object(writer);
}

static void put_import(struct http_request *request, struct api *api, struct json_writer *writer,
                       const struct import_file *file, bool whole)
{
    enum lang lang = request_lang(request);

    json_begin_object(writer, NULL);
    json_put_string(writer, "id", file->id);
    json_put_string(writer, "name", file->name);
    json_put_string(writer, "user", file->user_name);
    json_put_int(writer, "size", file->size);
    json_put_string(writer, "state", file->state);
    json_put_string(writer, "kind", file->kind);
    json_put_string(writer, "format", file->format);
    json_put_string(writer, "source", file->source);
    json_put_string(writer, "licence", file->licence);
    json_put_string(writer, "site", file->site);
    json_put_string(writer, "mode", file->mode);
    json_put_string(writer, "message", lang_pick(lang, file->message_fr, file->message_en));
    put_counts(writer, file);
    json_put_int(writer, "created_ms", file->created_ms);
    json_put_int(writer, "applied_ms", file->applied_ms);
    json_put_string(writer, "applied_by", file->applied_by);
    json_put_int(writer, "undone_ms", file->undone_ms);
    json_put_string(writer, "undone_by", file->undone_by);
    if (whole) {
        json_put_int(writer, "progress", desk_percent(api->imports, file->id));
        json_put_bool(writer, "may_publish", delivery_may_publish(request_identity(request)));
        json_put_int(writer, "sheet", file->sheet);
        json_put_int(writer, "header_line", file->header_line);
        json_put_bool(writer, "capitals", file->capitals);
        json_put_raw(writer, "look", file->look);
        json_put_raw(writer, "mapping", file->mapping);
        put_fields(writer, file, lang);
    }
    json_end_object(writer);
}

static void answer_import(struct http_request *request, struct api *api,
                          const struct import_file *file, enum answer_state state)
{
    struct json_writer writer;
    struct strbuf body;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    put_import(request, api, &writer, file, true);
    answer_json(request, state, &body);
    strbuf_finish(&body);
}

/* What this person may not see is not there. */
static bool find(struct http_request *request, struct db *db, struct import_file *out,
                 struct error *err)
{
    const char *id = request_param(request, "id");

    if (imports_get(db, request_arena(request), id, out, err))
        return delivery_sees(request_identity(request), out) ||
               error_set(err, ERROR_NOT_FOUND, "Import introuvable : « %s »",
                         "Import not found: \"%s\"", id);
    return false;
}

static bool find_to_read(struct http_request *request, struct api *api, struct import_file *out,
                         struct error *err)
{
    struct db *db = readers_take(&api->readers);
    bool ok = find(request, db, out, err);

    readers_give(&api->readers, db);
    return ok;
}

/* --- reading --------------------------------------------------------------------------------- */

static void handle_list(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    bool all = user->sites.count == 0 && delivery_may_publish(user);
    struct import_file_list files;
    struct asking_page page;
    struct error error;
    size_t limit;

    if (!asking_limit(request, &limit, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = readers_take(&api->readers);
    bool ok = imports_list(db, request_arena(request), all ? NULL : user->name,
                           asking_text(request, "after"), limit + 1, &files, &error);
    readers_give(&api->readers, db);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&page);
    for (size_t i = 0; i < files.count && i < limit; i++)
        put_import(request, api, &page.writer, &files.items[i], false);
    asking_answer(request, api, &page, files.count > limit ? files.items[limit - 1].id : NULL);
}

static void handle_get(struct http_request *request, void *context)
{
    struct import_file file;
    struct error error;

    if (find_to_read(request, context, &file, &error))
        answer_import(request, context, &file, ANSWER_OK);
    else
        answer_problem(request, &error);
}

static void put_line(struct json_writer *writer, const struct import_line *line, enum lang lang)
{
    json_begin_object(writer, NULL);
    json_put_int(writer, "number", line->number);
    json_put_int(writer, "line", line->line);
    json_put_string(writer, "fate", line->fate);
    json_put_string(writer, "record", line->record);
    json_put_string(writer, "title", line->title);
    json_put_raw(writer, "changes", line->changes);
    json_put_raw(writer, "notes", line->notes);
    json_put_string(writer, "undo", line->undo);
    json_put_string(writer, "undo_reason", lang_pick(lang, line->undo_fr, line->undo_en));
    json_end_object(writer);
}

static bool read_after(struct http_request *request, int64_t *out, struct error *err)
{
    const char *text = asking_text(request, "after");
    size_t length = strlen(text);

    *out = 0;
    if (length > 10 || strspn(text, "0123456789") != length) {
        error_set(err, ERROR_INVALID, "« %.20s » n’est pas un numéro de ligne",
                  "\"%.20s\" is no row's number", text);
        return error_field(err, "after");
    }
    for (size_t i = 0; i < length; i++)
        *out = *out * 10 + (text[i] - '0');
    return true;
}

static void handle_rows(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    struct import_line_list lines;
    struct import_file file;
    struct asking_page page;
    struct error error;
    int64_t after;
    size_t limit;

    bool ok = asking_limit(request, &limit, &error) && read_after(request, &after, &error);
    if (ok) {
        struct db *db = readers_take(&api->readers);
        ok = find(request, db, &file, &error) &&
             import_lines_page(db, arena, file.id, asking_text(request, "fate"), after, limit + 1,
                               &lines, &error);
        readers_give(&api->readers, db);
    }
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    asking_begin(&page);
    for (size_t i = 0; i < lines.count && i < limit; i++)
        put_line(&page.writer, &lines.items[i], request_lang(request));
    asking_answer(request, api, &page,
                  lines.count > limit
                      ? arena_printf(arena, "%lld", (long long)lines.items[limit - 1].number)
                      : NULL);
}

/* --- a file comes ---------------------------------------------------------------------------- */

struct incoming {
    struct api *api;
    struct import_file file;
    const char *path;
    int fd;
};

static bool take_bytes(struct http_request *request, const void *bytes, size_t size, void *state)
{
    struct incoming *incoming = state;
    const char *at = bytes;
    struct error error;

    incoming->file.size += (int64_t)size;
    while (size > 0) {
        ssize_t written = write(incoming->fd, at, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0 && errno == ENOSPC) {
            answer_no_room(request);
            return false;
        }
        if (written < 0) {
            error_set_errno(&error, errno, "écriture impossible", "cannot write");
            answer_problem(request, &error);
            return false;
        }
        at += written;
        size -= (size_t)written;
    }
    return true;
}

static bool keep_import(struct http_request *request, struct incoming *incoming, struct error *err)
{
    const char *kind_text = asking_text(request, "kind");
    enum mapping_kind kind;
    bool said = kind_text[0] != '\0';

    if (said && !mapping_kind_parse(kind_text, &kind)) {
        error_set(err, ERROR_INVALID, "« %.40s » : il y a organisations et events",
                  "\"%.40s\": there are organisations and events", kind_text);
        return error_field(err, "kind");
    }
    if (!delivery_look(incoming->path, request_arena(request), said ? &kind : NULL, 0, 0,
                       &incoming->file, err))
        return false;
    bool ok = imports_put(writer_take(&incoming->api->writer), &incoming->file, err);
    writer_give(&incoming->api->writer);
    return ok;
}

static void end_file(struct http_request *request, void *state)
{
    struct incoming *incoming = state;
    struct error error = {0};
    bool ok = close(incoming->fd) == 0 ||
              error_set_errno(&error, errno, "écriture impossible", "cannot write");

    if (ok && keep_import(request, incoming, &error)) {
        answer_header(
            request, "Location",
            arena_printf(request_arena(request), "/api/v1/imports/%s", incoming->file.id));
        answer_import(request, incoming->api, &incoming->file, ANSWER_CREATED);
        return;
    }
    unlink(incoming->path);
    error.file[0] = '\0';
    answer_problem(request, &error);
}

static void drop_file(struct http_request *request, void *state)
{
    struct incoming *incoming = state;

    (void)request;
    close(incoming->fd);
    unlink(incoming->path);
}

static const char *make_id(struct arena *arena)
{
    static const char letters[] = "bcdfghjklmnpqrstvwxz23456789";
    char *id = arena_alloc(arena, ID_LETTERS + 1);

    for (size_t i = 0; i < ID_LETTERS; i++)
        id[i] = letters[randombytes_uniform(sizeof(letters) - 1)];
    return id;
}

static bool read_name(struct http_request *request, const char **out, struct error *err)
{
    const char *name = asking_text(request, "name"), *slash = strrchr(name, '/');

    *out = slash != NULL ? slash + 1 : name;
    if (strlen(*out) <= DELIVERY_NAME_MAX && strpbrk(*out, "\r\n\t") == NULL)
        return true;
    error_set(err, ERROR_INVALID, "le nom du fichier est trop long", "the file's name is too long");
    return error_field(err, "name");
}

static bool begin_file(struct http_request *request, struct incoming *incoming, struct error *err)
{
    struct arena *arena = request_arena(request);
    const struct user *user = request_identity(request);
    struct import_file *file = &incoming->file;

    *file = (struct import_file){.id = make_id(arena),
                                 .user_name = user->name,
                                 .state = "mapped",
                                 .licence = "",
                                 .source = "",
                                 .site = user->sites.count > 0 ? user->sites.items[0] : "",
                                 .mode = "drafts",
                                 .message_fr = "",
                                 .message_en = "",
                                 .digest = "",
                                 .applied_by = "",
                                 .undone_by = "",
                                 .created_ms = clock_wall_ms(&incoming->api->config.clock)};
    file->updated_ms = file->created_ms;
    if (!read_name(request, &file->name, err))
        return false;
    incoming->path = desk_path(incoming->api->imports, arena, file->id);
    incoming->fd = open(incoming->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    return incoming->fd >= 0 || error_set_errno(err, errno, "écriture impossible", "cannot write");
}

static void handle_send(struct http_request *request, void *context)
{
    static const struct http_sink sink = {take_bytes, end_file, drop_file};
    struct incoming *incoming = arena_alloc(request_arena(request), sizeof(*incoming));
    struct error error;

    incoming->api = context;
    if (begin_file(request, incoming, &error))
        request_stream(request, &sink, incoming);
    else
        answer_problem(request, &error);
}

/* --- what its columns mean ------------------------------------------------------------------- */

/* What is being read or was applied stays as it is. */
static bool check_open(const struct import_file *file, struct error *err)
{
    return strcmp(file->state, "mapped") == 0 || strcmp(file->state, "rehearsed") == 0 ||
           error_set(err, ERROR_CONFLICT, "ce n’est plus possible : l’import est « %s »",
                     "this is not possible any more: the import is \"%s\"", file->state);
}

static bool take_text(const cJSON *json, const char *key, struct arena *arena, const char **out,
                      struct error *err)
{
    return !json_has(json, key) || json_get_string(json, key, 0, TEXT_MAX, arena, out, err);
}

static bool take_columns(const cJSON *json, struct import_file *file, struct arena *arena,
                         struct error *err)
{
    enum mapping_kind kind;
    size_t count;

    if (!json_has(json, "columns"))
        return true;
    const cJSON *array = json_get_array(json, "columns", TABLE_COLUMNS_MAX, &count, err);
    if (array == NULL)
        return false;
    (void)mapping_kind_parse(file->kind, &kind);
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        if (cJSON_IsNull(item) ||
            (cJSON_IsString(item) && mapping_field_find(kind, item->valuestring) != MAPPING_NONE))
            continue;
        error_set(err, ERROR_INVALID, "« %.60s » n’est pas un champ", "\"%.60s\" is no field",
                  cJSON_IsString(item) ? item->valuestring : "");
        return error_field(err, "columns");
    }
    char *printed = cJSON_PrintUnformatted(array);
    file->mapping = arena_strdup(arena, printed != NULL ? printed : "[]");
    cJSON_free(printed);
    return true;
}

static bool check_site(struct http_request *request, struct db *db, const char *id,
                       struct error *err)
{
    struct site site;

    if (auth_allows(request_identity(request), PERMISSION_WRITE,
                    &(struct auth_subject){.site_count = 1, .sites = &id}) &&
        (id[0] == '\0' || sites_get(db, request_arena(request), id, &site, err)))
        return true;
    error_set(err, ERROR_INVALID, "dites pour lequel de vos sites", "say for which of your sites");
    return error_field(err, "site");
}

static bool take_mapping(struct http_request *request, struct db *db, const cJSON *json,
                         struct import_file *file, struct error *err)
{
    static const char *const keys[] = {"columns", "source",   "licence", "site",
                                       "mode",    "capitals", NULL};
    struct arena *arena = request_arena(request);

    if (!json_only_keys(json, keys, err) || !take_columns(json, file, arena, err) ||
        !take_text(json, "source", arena, &file->source, err) ||
        !take_text(json, "licence", arena, &file->licence, err) ||
        !take_text(json, "site", arena, &file->site, err) ||
        !take_text(json, "mode", arena, &file->mode, err) ||
        (json_has(json, "capitals") && !json_get_bool(json, "capitals", &file->capitals, err)) ||
        !check_site(request, db, file->site, err))
        return false;
    if (strcmp(file->mode, "drafts") != 0 && strcmp(file->mode, "publish") != 0) {
        error_set(err, ERROR_INVALID, "il y a drafts et publish", "there are drafts and publish");
        return error_field(err, "mode");
    }
    return delivery_check(file, request_identity(request), arena, err);
}

static bool take_look(struct http_request *request, struct api *api, const cJSON *json,
                      struct import_file *file, struct error *err)
{
    static const char *const keys[] = {"kind", "sheet", "header_line", NULL};
    struct arena *arena = request_arena(request);
    const char *kind_text = file->kind;
    int64_t sheet = file->sheet, header_line = 0;
    enum mapping_kind kind;

    if (!json_only_keys(json, keys, err) || !take_text(json, "kind", arena, &kind_text, err) ||
        (json_has(json, "sheet") && !json_get_int(json, "sheet", 0, 63, &sheet, err)) ||
        (json_has(json, "header_line") &&
         !json_get_int(json, "header_line", 0, 1000000, &header_line, err)))
        return false;
    if (!mapping_kind_parse(kind_text, &kind)) {
        error_set(err, ERROR_INVALID, "« %.40s » : il y a organisations et events",
                  "\"%.40s\": there are organisations and events", kind_text);
        return error_field(err, "kind");
    }
    bool said = json_has(json, "kind");
    if (delivery_look(desk_path(api->imports, arena, file->id), arena, said ? &kind : NULL,
                      (size_t)sheet, (int)header_line, file, err))
        return true;
    if (err->kind == ERROR_IO || err->kind == ERROR_NOT_FOUND)
        error_set(err, ERROR_CONFLICT, "le fichier n’est plus là : envoyez-le de nouveau",
                  "the file is not there any more: send it again");
    err->file[0] = '\0';
    return false;
}

static cJSON *read_body(struct http_request *request, struct error *err)
{
    size_t length;
    const char *body = request_body(request, &length);

    return json_parse(body, length, BODY_MAX, err);
}

/* With the writer in hand. */
static bool keep_mapped(struct api *api, struct db *db, struct import_file *file, struct error *err)
{
    file->state = "mapped";
    file->updated_ms = clock_wall_ms(&api->config.clock);
    return imports_put(db, file, err);
}

static void answer_changed(struct http_request *request, struct api *api,
                           const struct import_file *file, bool ok, const struct error *error)
{
    if (ok)
        answer_import(request, api, file, ANSWER_OK);
    else
        answer_problem(request, error);
}

static void handle_mapping(struct http_request *request, void *context)
{
    struct api *api = context;
    struct import_file file;
    struct error error;
    cJSON *json = read_body(request, &error);
    bool ok = false;

    if (json != NULL) {
        struct db *db = writer_take(&api->writer);
        ok = find(request, db, &file, &error) && check_open(&file, &error) &&
             take_mapping(request, db, json, &file, &error) && keep_mapped(api, db, &file, &error);
        writer_give(&api->writer);
    }
    cJSON_Delete(json);
    answer_changed(request, api, &file, ok, &error);
}

static bool find_to_look(struct http_request *request, struct api *api, struct import_file *file,
                         struct error *err)
{
    struct db *db = readers_take(&api->readers);
    bool ok = find(request, db, file, err) && check_open(file, err);

    readers_give(&api->readers, db);
    return ok;
}

/* A large file takes seconds to read: nobody else's writing waits for that. */
static void handle_look(struct http_request *request, void *context)
{
    struct api *api = context;
    struct import_file file, now;
    struct error error;
    cJSON *json = read_body(request, &error);
    bool ok = json != NULL && find_to_look(request, api, &file, &error);
    int64_t seen_ms = ok ? file.updated_ms : 0;

    ok = ok && take_look(request, api, json, &file, &error);
    if (ok) {
        struct db *db = writer_take(&api->writer);
        ok = find(request, db, &now, &error) && check_open(&now, &error);
        if (ok && now.updated_ms != seen_ms)
            ok = error_set(&error, ERROR_CONFLICT,
                           "cet import a changé entre-temps : rechargez la page",
                           "this import has changed meanwhile: reload the page");
        ok = ok && keep_mapped(api, db, &file, &error);
        writer_give(&api->writer);
    }
    cJSON_Delete(json);
    answer_changed(request, api, &file, ok, &error);
}

/* --- steps ----------------------------------------------------------------------------------- */

static void begin_step(struct http_request *request, struct api *api, enum desk_step step)
{
    struct import_file file;
    struct error error;

    if (find_to_read(request, api, &file, &error) &&
        desk_begin(api->imports, request_arena(request), request_identity(request), file.id, step,
                   &file, &error))
        answer_import(request, api, &file, ANSWER_ACCEPTED);
    else
        answer_problem(request, &error);
}

static void handle_rehearse(struct http_request *request, void *context)
{
    begin_step(request, context, DESK_REHEARSE);
}

static void handle_apply(struct http_request *request, void *context)
{
    begin_step(request, context, DESK_APPLY);
}

static void handle_undo(struct http_request *request, void *context)
{
    begin_step(request, context, DESK_UNDO);
}

static void handle_delete(struct http_request *request, void *context)
{
    struct api *api = context;
    struct import_file file;
    struct error error;

    struct db *db = writer_take(&api->writer);
    bool ok = find(request, db, &file, &error) &&
              (strcmp(file.state, "undone") == 0 || check_open(&file, &error)) &&
              imports_delete(db, file.id, &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    unlink(desk_path(api->imports, request_arena(request), file.id));
    answer_empty(request);
}

/* --- routes ---------------------------------------------------------------------------------- */

static const struct api_member count_members[] = {
    {.name = "rows", .type = API_INT},
    {.name = "created", .type = API_INT},
    {.name = "changed", .type = API_INT},
    {.name = "unchanged", .type = API_INT},
    {.name = "merged", .type = API_INT},
    {.name = "rejected", .type = API_INT},
    {.name = "warned", .type = API_INT},
    {.name = "undone", .type = API_INT},
    {.name = "kept", .type = API_INT, .about = "Left by the undoing, changed since"},
    {0},
};

static const struct api_member column_members[] = {
    {.name = "title", .type = API_TEXT},    {.name = "filled", .type = API_INT},
    {.name = "samples", .type = API_TEXTS}, {.name = "guess", .type = API_TEXT, .nullable = true},
    {.name = "sure", .type = API_BOOL},     {0},
};

static const struct api_member look_members[] = {
    {.name = "encoding", .type = API_TEXT},
    {.name = "delimiter", .type = API_TEXT},
    {.name = "layout", .type = API_TEXT, .about = "A known one's name"},
    {.name = "rows", .type = API_INT},
    {.name = "sheets", .type = API_TEXTS},
    {.name = "columns", .type = API_PARTS, .parts = column_members},
    {0},
};

static const struct api_member field_members[] = {
    {.name = "field", .type = API_TEXT},
    {.name = "label", .type = API_TEXT},
    {.name = "needed", .type = API_BOOL},
    {0},
};

#define IMPORT_MEMBERS                                                                             \
    {.name = "id", .type = API_TEXT}, {.name = "name", .type = API_TEXT},                          \
        {.name = "user", .type = API_TEXT}, {.name = "size", .type = API_INT},                     \
        {.name = "state",                                                                          \
         .type = API_TEXT,                                                                         \
         .about = "mapped, rehearsing, rehearsed, applying, applied, undoing or undone"},          \
        {.name = "kind", .type = API_TEXT, .about = "organisations or events"},                    \
        {.name = "format", .type = API_TEXT, .about = "csv, xlsx or ics"},                         \
        {.name = "source", .type = API_TEXT}, {.name = "licence", .type = API_TEXT},               \
        {.name = "site", .type = API_TEXT},                                                        \
        {.name = "mode", .type = API_TEXT, .about = "drafts or publish"},                          \
        {.name = "message", .type = API_TEXT, .about = "Why the last step failed"},                \
        {.name = "counts", .type = API_PART, .parts = count_members},                              \
        {.name = "created_ms", .type = API_INT}, {.name = "applied_ms", .type = API_INT},          \
        {.name = "applied_by", .type = API_TEXT}, {.name = "undone_ms", .type = API_INT},          \
    {                                                                                              \
        .name = "undone_by", .type = API_TEXT                                                      \
    }

static const struct api_member listed_members[] = {IMPORT_MEMBERS, {0}};

static const struct api_member import_members[] = {
    IMPORT_MEMBERS,
    {.name = "progress", .type = API_INT, .about = "Hundredths of the step under way"},
    {.name = "may_publish", .type = API_BOOL},
    {.name = "sheet", .type = API_INT},
    {.name = "header_line", .type = API_INT},
    {.name = "capitals", .type = API_BOOL},
    {.name = "look", .type = API_PART, .parts = look_members},
    {.name = "mapping", .type = API_TEXTS, .about = "A field or null for each column"},
    {.name = "fields", .type = API_PARTS, .parts = field_members},
    {0},
};

static const struct api_member change_members[] = {
    {.name = "field", .type = API_TEXT},
    {0},
};

static const struct api_member note_members[] = {
    {.name = "severity", .type = API_TEXT, .about = "warning or rejected"},
    {.name = "field", .type = API_TEXT},
    {.name = "fr", .type = API_TEXT},
    {.name = "en", .type = API_TEXT},
    {0},
};

static const struct api_member row_members[] = {
    {.name = "number", .type = API_INT},
    {.name = "line", .type = API_INT, .about = "Of the file"},
    {.name = "fate", .type = API_TEXT, .about = "created, changed, unchanged, merged or rejected"},
    {.name = "record", .type = API_TEXT},
    {.name = "title", .type = API_TEXT},
    {.name = "changes", .type = API_PARTS, .parts = change_members, .about = "Before and after"},
    {.name = "notes", .type = API_PARTS, .parts = note_members},
    {.name = "undo", .type = API_TEXT, .about = "restored, partly, removed or kept"},
    {.name = "undo_reason", .type = API_TEXT},
    {0},
};

static const struct api_query list_queries[] = {ASKING_LIMIT, ASKING_AFTER, {0}};
static const struct api_query send_queries[] = {
    {"name", API_QUERY_TEXT, "The file's name"},
    {"kind", API_QUERY_TEXT, "organisations or events; told by the columns when it is not said"},
    {0},
};
static const struct api_query row_queries[] = {
    ASKING_LIMIT,
    ASKING_AFTER,
    {"fate", API_QUERY_TEXT,
     "created, changed, unchanged, merged, rejected; warned: with a warning; kept: by the undoing"},
    {0},
};

#define STEP(name, handler, words)                                                                 \
    {                                                                                              \
        .http =                                                                                    \
            {HTTP_POST, "/api/v1/imports/{id}/" name, PERMISSION_WRITE, handler, 0, HTTP_SLOW},    \
        .about = words, .shape = API_OBJECT, .members = import_members                             \
    }

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/imports", PERMISSION_WRITE, handle_list, 0, HTTP_SLOW},
     .about = "List imports, the newest first",
     .shape = API_PAGE,
     .members = listed_members,
     .queries = list_queries},
    {.http = {HTTP_POST, "/api/v1/imports", PERMISSION_WRITE, handle_send, DELIVERY_BYTES_MAX,
              HTTP_STREAM},
     .about = "Send a CSV, XLSX or iCalendar file, which is looked at",
     .takes_type = "application/octet-stream",
     .shape = API_OBJECT,
     .members = import_members,
     .queries = send_queries,
     .created = true},
    {.http = {HTTP_GET, "/api/v1/imports/{id}", PERMISSION_WRITE, handle_get, 0, HTTP_SLOW},
     .about = "An import, with its columns and the progress of a step",
     .shape = API_OBJECT,
     .members = import_members},
    {.http = {HTTP_PUT, "/api/v1/imports/{id}/mapping", PERMISSION_WRITE, handle_mapping, BODY_MAX,
              HTTP_SLOW},
     .about = "Say what the columns mean: {columns, source, licence, site, mode, capitals}",
     .takes_type = "application/json",
     .shape = API_OBJECT,
     .members = import_members},
    {.http = {HTTP_POST, "/api/v1/imports/{id}/look", PERMISSION_WRITE, handle_look, BODY_MAX,
              HTTP_SLOW},
     .about =
         "Look at another sheet or header line, or as another kind: {kind, sheet, header_line}",
     .takes_type = "application/json",
     .shape = API_OBJECT,
     .members = import_members},
    STEP("rehearse", handle_rehearse, "Find out what it would do, without doing it"),
    {.http = {HTTP_GET, "/api/v1/imports/{id}/rows", PERMISSION_WRITE, handle_rows, 0, HTTP_SLOW},
     .about = "Each row's fate",
     .shape = API_PAGE,
     .members = row_members,
     .queries = row_queries},
    STEP("apply", handle_apply, "Do what was rehearsed, all or nothing"),
    STEP("undo", handle_undo, "Put back what it changed, but for what was changed since"),
    {.http = {HTTP_DELETE, "/api/v1/imports/{id}", PERMISSION_WRITE, handle_delete, 0, HTTP_SLOW},
     .about = "Forget an import that is not applied"},
};

API_SECTION(section_imports, "Imports", routes);
