/* Routes of the players. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "server/api/internal.h"
#include "server/api/metrics.h"
#include "server/api/routes.h"
#include "server/fleet/enrolment.h"
#include "server/fleet/intake.h"
#include "server/fleet/screenshot.h"
#include "server/fleet/wish.h"
#include "server/media/media.h"
#include "server/store/sums.h"

#define WAIT_MAX_S 55
#define ENROLMENT_RETRY_S 5
#define MANIFEST_RETRY_S 10
#define MANIFEST_TYPE "application/vnd.vitrine.manifest"

static void answer_enrolment(struct http_request *request, const struct api *api,
                             const struct enrolment_answer *answer)
{
    struct strbuf body;
    struct json_writer writer;
    char key[SIGN_PUBLIC_HEX_SIZE];

    hex_encode(api->keys.public.bytes, SIGN_PUBLIC_SIZE, key);
    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "state", answer->has_token ? "approved" : "pending");
    if (answer->has_token) {
        json_put_string(&writer, "screen", answer->screen);
        json_put_string(&writer, "token", answer->token);
        json_put_string(&writer, "server_key", key);
    } else {
        json_put_string(&writer, "challenge", answer->challenge);
        /* Approved, but this request signed an older challenge: the next one gets the token. */
        json_put_int(&writer, "retry_after_s",
                     answer->state == ENROLMENT_APPROVED ? 0 : ENROLMENT_RETRY_S);
    }
    json_end_object(&writer);
    answer_json(request, answer->has_token ? ANSWER_OK : ANSWER_ACCEPTED, &body);
    strbuf_finish(&body);
}

void api_enrol(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    struct enrolment_request asked;
    struct enrolment_answer answer;
    struct error error;
    size_t length;
    const char *body = request_body(request, &length);

    if (!enrolment_request_decode(body, length, arena, &asked, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct db *db = writer_take(&api->writer);
    bool ok = enrolment_ask(db, arena, &asked, clock_wall_ms(&api->config.clock), &answer, &error);
    if (ok && answer.has_token) /* with the writer: of two tokens the later one stays */
        roster_set_device(api->roster, answer.screen, &answer.token_hash);
    writer_give(&api->writer);
    if (!ok && error.kind == ERROR_LIMIT) {
        answer_too_many(request, 600);
    } else if (!ok) {
        answer_problem(request, &error);
    } else if (answer.state == ENROLMENT_REFUSED) {
        error_set(&error, ERROR_DENIED, "un administrateur a refusé ce lecteur",
                  "an administrator refused this player");
        answer_problem(request, &error);
    } else {
        if (answer.has_token)
            publisher_kick(api->publisher);
        answer_enrolment(request, api, &answer);
    }
}

static void handle_sent(void *context)
{
    free(context);
}

/* Players of before the seal in two parts ask without naming it. */
static bool takes_parts(struct http_request *request)
{
    const char *accept = request_header(request, "Accept");

    return accept != NULL && strstr(accept, "seal=2") != NULL;
}

static void answer_manifest(struct http_request *request, struct api *api, const char *screen)
{
    char etag[ROSTER_ETAG_SIZE];
    size_t size = 0;
    bool parts = takes_parts(request);
    unsigned char *bytes = NULL;

    if (!parts)
        bytes = roster_manifest_old(api->roster, screen, &api->keys, etag, &size);
    else if (request_accepts_gzip(request))
        bytes = roster_manifest_gzip(api->roster, screen, etag, &size);
    if (bytes != NULL) {
        if (parts)
            answer_header(request, "Content-Encoding", "gzip");
        answer_shared(request, MANIFEST_TYPE, bytes, size, etag, "no-cache", handle_sent, bytes);
        return;
    }
    const struct roster_manifest *manifest = roster_manifest(api->roster, screen);
    /* The copy is one block of memory. */
    answer_shared(request, MANIFEST_TYPE, manifest->bytes, manifest->size, manifest->etag,
                  "no-cache", handle_sent, (void *)(uintptr_t)manifest);
}

/* Whether there is something to tell beside the manifest; the header is set then. */
static bool tell_wish(struct http_request *request, struct api *api, const char *screen)
{
    struct roster_wish wish;
    struct arena *arena = request_arena(request);

    if (!roster_take_wish(api->roster, screen, clock_wall_ms(&api->config.clock), &wish))
        return false;
    answer_header(request, "Vitrine-Wanted",
                  wish.number > 0 ? arena_printf(arena, "%s %s %lld", wish.kind, wish.id,
                                                 (long long)wish.number)
                                  : arena_printf(arena, "%s %s", wish.kind, wish.id));
    return true;
}

/* Said once per question: when it came, not when it is answered. */
static void note_boot(struct http_request *request, struct api *api, const char *screen)
{
    const char *boot = request_header(request, "Vitrine-Boot");
    unsigned char bytes[16];

    if (boot != NULL && hex_decode(boot, bytes, sizeof(bytes)))
        roster_note_boot(api->roster, screen, boot, request_peer(request),
                         clock_wall_ms(&api->config.clock));
}

/* Runs in the server's thread for every question of every player: no store, no copy. */
void api_manifest(struct http_request *request, void *context)
{
    struct api *api = context;
    struct roster_screen *screen = request_identity(request);
    int wait_s = request_prefer_wait_s(request);

    if (request_parked(request)) /* what authorise saw is as old as the wait */
        roster_etag(api->roster, screen->id, screen->etag);
    else
        note_boot(request, api, screen->id);
    bool newer = screen->etag[0] != '\0' && !request_has_etag(request, screen->etag);
    bool wanted = screen->etag[0] != '\0' && tell_wish(request, api, screen->id);
    if (!newer && !wanted && wait_s > 0 && !request_parked(request)) {
        request_park(request, screen->key, wait_s < WAIT_MAX_S ? wait_s : WAIT_MAX_S);
        return;
    }
    if (screen->etag[0] == '\0') {
        answer_unavailable(request, MANIFEST_RETRY_S);
        return;
    }
    answer_header(request, "Vary", "Accept, Accept-Encoding");
    if (newer)
        answer_manifest(request, api, screen->id);
    else
        answer_not_modified(request, screen->etag);
}

/* One transaction, and so one wait for the disk. */
static bool store_reports(struct db *db, const char *screen, const struct intake *intake,
                          int64_t now_ms, struct error *err)
{
    size_t stored;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = reports_add(db, intake->reports, intake->count, &stored, err) &&
              plays_add(db, intake->plays, intake->play_count, &stored, err) &&
              counters_add(db, intake->counters, intake->counter_count, now_ms, err) &&
              refused_add(db, intake->refused_records, intake->refused, err) &&
              (intake->software == NULL || sums_seen(db, screen, now_ms, err)) &&
              (intake->software == NULL ||
               devices_seen(db, screen, now_ms, intake->software, intake->manifest, err));
    return db_leave(db, own, ok, err);
}

void api_reports(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    const struct roster_screen *screen = request_identity(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct intake intake;
    struct error error;
    size_t length;
    const char *body = request_body(request, &length);

    if (!intake_decode(body, length, screen->id, now_ms, arena, &intake, &error)) {
        answer_problem(request, &error);
        return;
    }
    bool ok = store_reports(writer_take(&api->writer), screen->id, &intake, now_ms, &error);
    writer_give(&api->writer);
    if (!ok && error.kind == ERROR_NOT_FOUND) {
        answer_unauthenticated(request); /* its token was void before the roster knew */
        return;
    }
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    metrics_count_plays(api->metrics, intake.play_count, intake.refused);
    struct strbuf answer;
    struct json_writer writer;
    strbuf_init(&answer);
    json_writer_init(&writer, &answer);
    json_begin_object(&writer, NULL);
    json_put_int(&writer, "acknowledged", intake.acknowledged);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &answer);
    strbuf_finish(&answer);
}

void api_screenshot_sent(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct roster_screen *screen = request_identity(request);
    const char *type = request_header(request, "Content-Type");
    struct error error;
    size_t length;
    const char *body = request_body(request, &length);

    if (type == NULL || strcmp(type, "image/jpeg") != 0) {
        error_set(&error, ERROR_INVALID, "il faut une image de type image/jpeg",
                  "a picture of type image/jpeg is needed");
        answer_problem(request, &error);
        return;
    }
    if (!screenshot_take(&api->writer, request_arena(request), api->screenshot_folder, screen->id,
                         request_param(request, "id"), body, length,
                         clock_wall_ms(&api->config.clock), &error)) {
        answer_problem(request, &error);
        return;
    }
    roster_drop_wish(api->roster, screen->id, request_param(request, "id"));
    answer_empty(request);
}

void api_wish_answered(struct http_request *request, void *context)
{
    struct api *api = context;
    const struct roster_screen *screen = request_identity(request);
    const char *id = request_param(request, "id");
    struct error error;
    size_t length;
    const char *body = request_body(request, &length);

    bool ok = wish_answer(writer_take(&api->writer), request_arena(request), screen->id, id, body,
                          length, clock_wall_ms(&api->config.clock), &error);
    writer_give(&api->writer);
    if (!ok) {
        answer_problem(request, &error);
        return;
    }
    roster_drop_wish(api->roster, screen->id, id);
    answer_empty(request);
}

/* The type is in the file's first bytes: what players fetch is pictures and JSON. */
static const char *type_of(const char *path)
{
    unsigned char magic[12] = {0};
    FILE *file = fopen(path, "rbe");

    if (file != NULL) {
        if (fread(magic, 1, sizeof(magic), file) == 0)
            magic[0] = 0;
        fclose(file);
    }
    if (memcmp(magic, "\x89PNG", 4) == 0)
        return "image/png";
    if (memcmp(magic, "\xFF\xD8\xFF", 3) == 0)
        return "image/jpeg";
    if (memcmp(magic, "RIFF", 4) == 0 && memcmp(magic + 8, "WEBP", 4) == 0)
        return "image/webp";
    return magic[0] == '{' ? "application/json" : "application/octet-stream";
}

void api_media(struct http_request *request, void *context)
{
    struct api *api = context;
    struct sha256 sha256;
    struct error error;
    char path[PATH_MAX];

    if (!sha256_from_hex(request_param(request, "sha256"), &sha256) ||
        media_path(api->media_folder, &sha256, path, sizeof(path)) == NULL) {
        error_set(&error, ERROR_NOT_FOUND, "ce fichier n’est pas ici", "no such file here");
        answer_problem(request, &error);
        return;
    }
    answer_file(request, path, type_of(path));
}

#define ENROLMENT_BODY_MAX 4096

static const struct api_route routes[] = {
    {.http = {HTTP_POST, "/player/v1/enrolment", PERMISSION_NONE, api_enrol, ENROLMENT_BODY_MAX,
              HTTP_SLOW},
     .about = "Ask to be enrolled",
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/player/v1/manifest", PERMISSION_DEVICE, api_manifest, 0, HTTP_QUICK},
     .about = "Give the newest manifest, or wait for it",
     .shape = API_BYTES,
     .media_type = "application/octet-stream"},
    {.http = {HTTP_POST, "/player/v1/reports", PERMISSION_DEVICE, api_reports, INTAKE_BODY_MAX,
              HTTP_UPLOAD},
     .about = "Take plays, faults and heartbeats",
     .shape = API_OBJECT},
    {.http = {HTTP_PUT, "/player/v1/screenshots/{id}", PERMISSION_DEVICE, api_screenshot_sent,
              SCREENSHOT_BYTES_MAX, HTTP_UPLOAD},
     .about = "Take the picture that was wanted",
     .takes_type = "image/jpeg"},
    {.http = {HTTP_PUT, "/player/v1/wanted/{id}", PERMISSION_DEVICE, api_wish_answered,
              WISH_BODY_MAX, HTTP_UPLOAD},
     .about = "Take what came of a wish",
     .takes_type = "application/json"},
    {.http = {HTTP_GET, "/media/{sha256}", PERMISSION_NONE, api_media, 0, HTTP_QUICK},
     .about = "Give a file by its hash",
     .shape = API_BYTES,
     .media_type = "application/octet-stream"},
};

API_SECTION(section_players, "Players", routes);
