/* Routes of files on their way in: the tus protocol 1.0 (https://tus.io), so that standard clients
 * resume what broke off, and one request for small files. */
#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/json.h"
#include "core/utf8.h"
#include "server/api/asking.h"
#include "server/api/media_parts.h"
#include "server/store/fleet.h"

#define TUS_VERSION "1.0.0"
#define PIECE_TYPE "application/offset+octet-stream"
#define BODY_MAX                                                                                   \
    ((size_t)16 * 1024 * 1024 * 1024) /* of any setting; the setting is asked before               \
                                       */
#define METADATA_MAX 4096

/* --- what clients say ------------------------------------------------------------------------ */

static bool version_right(struct http_request *request)
{
    const char *version = request_header(request, "Tus-Resumable");
    struct error error;

    answer_header(request, "Tus-Resumable", TUS_VERSION);
    if (version != NULL && strcmp(version, TUS_VERSION) == 0)
        return true;
    answer_header(request, "Tus-Version", TUS_VERSION);
    error_set(&error, ERROR_STALE,
              "il faut le protocole tus " TUS_VERSION " (en-tête Tus-Resumable)",
              "the tus protocol " TUS_VERSION " is needed (header Tus-Resumable)");
    answer_problem(request, &error);
    return false;
}

static bool read_number(struct http_request *request, const char *header, int64_t *out,
                        struct error *err)
{
    const char *text = request_header(request, header);
    size_t length = text != NULL ? strlen(text) : 0;

    if (length == 0 || length > 18 || strspn(text, "0123456789") != length) {
        error_set(err, ERROR_INVALID, "l’en-tête %s doit être un nombre d’octets",
                  "the header %s must be a number of bytes", header);
        return error_field(err, header);
    }
    *out = strtoll(text, NULL, 10);
    return true;
}

static bool refuse_metadata(const char *key, struct error *err)
{
    error_set(err, ERROR_INVALID, "« %.40s » n’est pas un texte en base64",
              "\"%.40s\" is no text in base64", key);
    return error_field(err, "Upload-Metadata");
}

static bool plain_text(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return false;
    }
    return utf8_valid(text, length);
}

/* The value of one key in "key base64,key base64"; "" without. */
static bool metadata(struct http_request *request, const char *key, const char **out,
                     struct error *err)
{
    struct arena *arena = request_arena(request);
    const char *text = request_header(request, "Upload-Metadata");
    size_t key_length = strlen(key);

    *out = "";
    for (const char *at = text; at != NULL && *at != '\0';) {
        at += strspn(at, ", ");
        size_t length = strcspn(at, ",");
        if (length > key_length && strncmp(at, key, key_length) == 0 && at[key_length] == ' ') {
            char *value = arena_alloc(arena, length + 1);
            const char *encoded = at + key_length + 1;
            size_t size;
            if (length > METADATA_MAX ||
                sodium_base642bin((unsigned char *)value, length, encoded, length - key_length - 1,
                                  " ", &size, NULL, sodium_base64_VARIANT_ORIGINAL) != 0 ||
                !plain_text(value, size))
                return refuse_metadata(key, err);
            *out = value;
            return true;
        }
        at += length;
    }
    return true;
}

/* Only the last part: what a client's folders are called is nobody's business. */
static bool check_name(struct arena *arena, const char **name, struct error *err)
{
    const char *slash = strrchr(*name, '/');
    const char *backslash = strrchr(*name, '\\');

    if (slash != NULL)
        *name = slash + 1;
    if (backslash != NULL && backslash + 1 > *name)
        *name = backslash + 1;
    if (**name == '\0')
        *name = arena_strdup(arena, "sans nom");
    if (plain_text(*name, strlen(*name)) && strlen(*name) <= UPLOAD_NAME_MAX)
        return true;
    error_set(err, ERROR_INVALID, "le nom du fichier est trop long, ou n’est pas du texte",
              "the file's name is too long, or no text");
    return error_field(err, "filename");
}

/* "" is the person's only site, or the network. */
static bool check_site(struct http_request *request, struct api *api, const char **site,
                       struct error *err)
{
    const struct user *user = request_identity(request);
    struct site found;

    if (**site == '\0' && user->sites.count == 1)
        *site = user->sites.items[0];
    if (!auth_allows(user, PERMISSION_WRITE,
                     &(struct auth_subject){.site_count = 1, .sites = site})) {
        error_set(err, ERROR_DENIED, "dites pour lequel de vos sites est ce fichier",
                  "say for which of your sites this file is");
        return error_field(err, "site");
    }
    struct db *db = readers_take(&api->readers);
    bool ok = **site == '\0' || sites_get(db, request_arena(request), *site, &found, err);
    readers_give(&api->readers, db);
    return ok || error_field(err, "site");
}

/* --- answers --------------------------------------------------------------------------------- */

static void put_state(struct http_request *request, const struct upload *upload, int64_t offset)
{
    char date[64];
    time_t at = (time_t)(upload->row.expires_ms / 1000);
    struct tm parts;

    gmtime_r(&at, &parts);
    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    answer_header(request, "Upload-Expires", date);
    answer_header(request, "Upload-Offset",
                  arena_printf(request_arena(request), "%lld", (long long)offset));
}

static void answer_upload(struct http_request *request, const struct upload *upload,
                          enum answer_state state)
{
    struct json_writer writer;
    struct strbuf body;

    put_state(request, upload, upload->offset);
    answer_header(request, "Upload-Length",
                  arena_printf(request_arena(request), "%lld", (long long)upload->row.length));
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "id", upload->row.id);
    json_put_string(&writer, "name", upload->row.name);
    json_put_string(&writer, "site", upload->row.site);
    json_put_int(&writer, "length", upload->row.length);
    json_put_int(&writer, "offset", upload->offset);
    json_put_int(&writer, "created_ms", upload->row.created_ms);
    json_put_int(&writer, "expires_ms", upload->row.expires_ms);
    json_end_object(&writer);
    answer_json(request, state, &body);
    strbuf_finish(&body);
}

/* --- tus ------------------------------------------------------------------------------------- */

static void handle_options(struct http_request *request, void *context)
{
    struct api *api = context;

    answer_header(request, "Tus-Resumable", TUS_VERSION);
    answer_header(request, "Tus-Version", TUS_VERSION);
    answer_header(request, "Tus-Extension", "creation,expiration,termination");
    answer_header(request, "Tus-Max-Size",
                  arena_printf(request_arena(request), "%lld",
                               (long long)uploads_max_bytes(api->media->uploads)));
    answer_empty(request);
}

static bool start(struct http_request *request, struct api *api, const char *name, const char *site,
                  int64_t length, enum upload_room *room_out, struct upload *out, struct error *err)
{
    const struct user *user = request_identity(request);

    return check_name(request_arena(request), &name, err) && check_site(request, api, &site, err) &&
           uploads_start(api->media->uploads, request_arena(request),
                         &(struct received){name, site, user->name}, length, room_out, out, err);
}

static void handle_create(struct http_request *request, void *context)
{
    struct api *api = context;
    struct upload upload;
    enum upload_room room;
    const char *name, *site;
    struct error error;
    int64_t length;

    if (!version_right(request))
        return;
    if (!read_number(request, "Upload-Length", &length, &error) ||
        !metadata(request, "filename", &name, &error) ||
        !metadata(request, "site", &site, &error) ||
        !start(request, api, name, site, length, &room, &upload, &error)) {
        answer_problem(request, &error);
    } else if (room == UPLOAD_NO_ROOM) {
        answer_no_room(request);
    } else {
        answer_header(request, "Location",
                      arena_printf(request_arena(request), "/api/v1/uploads/%s", upload.row.id));
        answer_upload(request, &upload, ANSWER_CREATED);
    }
}

static bool find(struct http_request *request, struct api *api, struct upload *out,
                 struct error *err)
{
    const struct user *user = request_identity(request);

    return uploads_find(api->media->uploads, request_arena(request), user->name,
                        request_param(request, "id"), out, err);
}

static void handle_state(struct http_request *request, void *context)
{
    struct upload upload;
    struct error error;

    if (!version_right(request))
        return;
    if (find(request, context, &upload, &error))
        answer_upload(request, &upload, ANSWER_OK);
    else
        answer_problem(request, &error);
}

static void handle_cancel(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct user *user = request_identity(request);
    struct error error;

    if (!version_right(request))
        return;
    if (uploads_cancel(api->media->uploads, request_arena(request), user->name,
                       request_param(request, "id"), &error))
        answer_empty(request);
    else
        answer_problem(request, &error);
}

/* A body on its way to the disk; in the request's arena. */
struct incoming {
    struct api *api;
    struct upload upload;
    struct upload_pen *pen;
    bool whole; /* one request is all there will be */
};

static bool take_bytes(struct http_request *request, const void *bytes, size_t size, void *state)
{
    struct incoming *incoming = state;
    struct error error;

    if (upload_write(incoming->pen, bytes, size, &error))
        return true;
    if (upload_out_of_room(incoming->pen))
        answer_no_room(request);
    else
        answer_problem(request, &error);
    return false;
}

static bool finish(struct http_request *request, struct incoming *incoming, struct media_item *item,
                   struct error *err)
{
    struct upload_pen *pen = incoming->pen;

    incoming->pen = NULL;
    if (!upload_finish(pen, request_arena(request), item, err))
        return false;
    jobs_kick(incoming->api->media->jobs);
    return true;
}

static void end_piece(struct http_request *request, void *state)
{
    struct incoming *incoming = state;
    int64_t offset = upload_offset(incoming->pen);
    struct media_item item;
    struct error error;

    if (offset < incoming->upload.row.length) {
        upload_close(incoming->pen);
    } else if (finish(request, incoming, &item, &error)) {
        answer_header(request, "Vitrine-Media", item.sha256);
    } else {
        answer_problem(request, &error);
        return;
    }
    put_state(request, &incoming->upload, offset);
    answer_empty(request);
}

static void end_whole(struct http_request *request, void *state)
{
    struct incoming *incoming = state;
    struct media_item item;
    struct error error;

    if (finish(request, incoming, &item, &error)) {
        answer_header(request, "Location",
                      arena_printf(request_arena(request), "/api/v1/media/%s", item.sha256));
        media_answer(request, incoming->api, &item, ANSWER_CREATED);
    } else {
        answer_problem(request, &error);
    }
}

static void drop(struct http_request *request, void *state)
{
    struct incoming *incoming = state;

    (void)request;
    if (incoming->whole)
        upload_abandon(incoming->pen);
    else
        upload_close(incoming->pen);
}

static bool has_type(struct http_request *request, const char *type)
{
    const char *given = request_header(request, "Content-Type");

    return given != NULL && strcmp(given, type) == 0;
}

static void handle_piece(struct http_request *request, void *context)
{
    static const struct http_sink sink = {take_bytes, end_piece, drop};
    struct api *api = context;
    struct incoming *incoming = arena_alloc(request_arena(request), sizeof(*incoming));
    struct error error;
    int64_t offset;

    if (!version_right(request))
        return;
    if (!has_type(request, PIECE_TYPE)) {
        answer_wrong_type(request, PIECE_TYPE);
        return;
    }
    incoming->api = api;
    if (!read_number(request, "Upload-Offset", &offset, &error) ||
        !find(request, api, &incoming->upload, &error) ||
        !uploads_open(api->media->uploads, &incoming->upload, offset, request_length(request),
                      &incoming->pen, &error))
        answer_problem(request, &error);
    else
        request_stream(request, &sink, incoming);
}

/* --- in one request -------------------------------------------------------------------------- */

static void handle_whole(struct http_request *request, void *context)
{
    static const struct http_sink sink = {take_bytes, end_whole, drop};
    struct api *api = context;
    struct incoming *incoming = arena_alloc(request_arena(request), sizeof(*incoming));
    enum upload_room room = UPLOAD_FITS;
    struct error error;

    incoming->api = api;
    incoming->whole = true;
    bool ok = request_length(request) > 0 ||
              error_set(&error, ERROR_INVALID, "il faut un fichier, et sa taille (Content-Length)",
                        "a file is needed, and its size (Content-Length)");
    ok = ok && start(request, api, asking_text(request, "name"), asking_text(request, "site"),
                     request_length(request), &room, &incoming->upload, &error);
    if (ok && room == UPLOAD_NO_ROOM) {
        answer_no_room(request);
        return;
    }
    ok = ok && uploads_open(api->media->uploads, &incoming->upload, 0, request_length(request),
                            &incoming->pen, &error);
    if (ok)
        request_stream(request, &sink, incoming);
    else
        answer_problem(request, &error);
}

static const struct api_query whole_queries[] = {
    {"name", API_QUERY_TEXT, "The file's name"},
    {"site", API_QUERY_TEXT, "Id of the site it is to belong to; empty: the network"},
    {0},
};

static const struct api_member upload_members[] = {
    {.name = "id", .type = API_TEXT},        {.name = "name", .type = API_TEXT},
    {.name = "site", .type = API_TEXT},      {.name = "length", .type = API_INT},
    {.name = "offset", .type = API_INT},     {.name = "created_ms", .type = API_INT},
    {.name = "expires_ms", .type = API_INT}, {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_POST, "/api/v1/media", PERMISSION_WRITE, handle_whole, BODY_MAX, HTTP_STREAM},
     .about = "Send a file in one request",
     .takes_type = "application/octet-stream",
     .shape = API_ONE,
     .gives = &media_form,
     .queries = whole_queries,
     .tagged = false,
     .created = true},
    {.http = {HTTP_OPTIONS, "/api/v1/uploads", PERMISSION_NONE, handle_options, 0, HTTP_QUICK},
     .about = "What of the tus protocol is understood"},
    {.http = {HTTP_POST, "/api/v1/uploads", PERMISSION_WRITE, handle_create, 0, HTTP_SLOW},
     .about = "Begin to send a file (tus 1.0: Upload-Length; Upload-Metadata with filename, site)",
     .shape = API_OBJECT,
     .members = upload_members,
     .created = true},
    {.http = {HTTP_GET, "/api/v1/uploads/{id}", PERMISSION_WRITE, handle_state, 0, HTTP_SLOW},
     .about = "How far an upload has come (tus 1.0: HEAD)",
     .shape = API_OBJECT,
     .members = upload_members},
    {.http = {HTTP_PATCH, "/api/v1/uploads/{id}", PERMISSION_WRITE, handle_piece, BODY_MAX,
              HTTP_STREAM},
     .about = "Send a piece of an upload (tus 1.0); the last one is answered with Vitrine-Media",
     .takes_type = PIECE_TYPE},
    {.http = {HTTP_DELETE, "/api/v1/uploads/{id}", PERMISSION_WRITE, handle_cancel, 0, HTTP_SLOW},
     .about = "Give an upload up (tus 1.0: termination)"},
};

API_SECTION(section_uploads, "Uploads", routes);
