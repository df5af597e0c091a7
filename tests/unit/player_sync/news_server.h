/* A server that publishes: long-polls wait for the next manifest, files come as slowly as a test
 * likes, and every question is counted. */
#ifndef VITRINE_TESTS_NEWS_SERVER_H
#define VITRINE_TESTS_NEWS_SERVER_H

#include <time.h>

#include "core/files.h"
#include "player/sync/state.h"
#include "playlists/manifest.h"
#include "tests/unit/player_sync/lying_server.h"

#define NEWS_TOKEN "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define NEWS_FILES_MAX 8
#define NEWS_FROM_MS INT64_C(1767225600000)
#define NEWS_UNTIL_MS INT64_C(4102444800000)

struct news_file {
    size_t length;
    unsigned char *bytes;
    struct sha256 sha256;
    atomic_int asked;
    atomic_int resumed;   /* asked with a Range */
    atomic_bool drips;    /* a kibibyte every ten milliseconds */
    atomic_int truncated; /* this many answers break off in the middle */
};

struct news {
    struct lying_server server;
    struct sign_keys keys;
    pthread_mutex_t lock;
    struct strbuf sealed;
    char etag[64];         /* of what is published; "": nothing */
    char headers[256];     /* added to its answers */
    bool frozen;           /* says 304 at once, whatever is asked */
    char wanted[64];       /* "": none */
    int screenshot_status; /* of the next upload, then 204 */
    atomic_int polls, bodies, uploads;
    char last_etag[64]; /* If-None-Match of the last poll */
    size_t upload_length;
    struct news_file files[NEWS_FILES_MAX];
};

/* A file of reproducible bytes. */
static __attribute__((unused)) void news_add_file(struct news *news, size_t index, size_t length)
{
    struct news_file *file = &news->files[index];
    uint32_t state = (uint32_t)index * 2654435761u + 1;
    file->length = length;
    file->bytes = malloc(length);
    if (file->bytes == NULL) {
        abort();
    }
    for (size_t i = 0; i < length; i++) {
        state = state * 1664525u + 1013904223u;
        file->bytes[i] = (unsigned char)(state >> 24);
    }
    sha256_of(file->bytes, length, &file->sha256);
}

/* What a manifest shows: files by index, each a slide's picture, one after the other. */
struct issue {
    int64_t version;
    size_t file_count;
    size_t files[NEWS_FILES_MAX];
    bool emergency;
    bool emergency_has_file;
    size_t emergency_file;
};

static __attribute__((unused)) int news_compare(const void *a, const void *b)
{
    return memcmp(a, b, SHA256_SIZE); /* the hash is first in struct manifest_file */
}

static __attribute__((unused)) void news_slide(const struct news *news, struct manifest *manifest,
                                               const char *id, bool has_file, size_t file)
{
    struct slide *slide = &manifest->slides[manifest->slide_count++];
    *slide = (struct slide){.id = arena_strdup(manifest->arena, id),
                            .template = has_file ? "portrait" : "announcement",
                            .subject = "",
                            .organisation = "",
                            .title = "",
                            .lang = "fr",
                            .link = "",
                            .duration_ms = 10000};
    slide->texts[slide->text_count++] =
        (struct slide_text){has_file ? "company" : "title", "Station fermée"};
    if (has_file) {
        const struct news_file *from = &news->files[file];
        slide->texts[slide->text_count++] = (struct slide_text){"leader", "Zoé Lefèvre"};
        slide->texts[slide->text_count++] = (struct slide_text){"quote", "Une seconde vie."};
        slide->pictures[slide->picture_count++] = (struct slide_picture){.slot = "photo",
                                                                         .file = from->sha256,
                                                                         .focal_x = 0.5,
                                                                         .focal_y = 0.5,
                                                                         .alt = "",
                                                                         .credit = ""};
        manifest->files[manifest->file_count++] =
            (struct manifest_file){from->sha256, (int64_t)from->length, "image/jpeg"};
    }
}

/* Emergency for the first hour of 2099, the rest always: what matters here is what is fetched. */
static __attribute__((unused)) void news_make(const struct news *news, const struct issue *issue,
                                              struct strbuf *sealed_out)
{
    struct manifest *manifest = manifest_create();
    struct arena *arena = manifest->arena;
    struct strbuf json;
    char id[32];
    manifest->epoch = 2;
    manifest->version = issue->version;
    manifest->created_ms = NEWS_FROM_MS;
    manifest->valid_until_ms = NEWS_UNTIL_MS;
    manifest->screen = (struct manifest_screen){.id = "quai-2",
                                                .name = "Quai 2",
                                                .site = "",
                                                .site_id = "",
                                                .width_px = 320,
                                                .height_px = 180,
                                                .diagonal_mm = 1400,
                                                .viewing_distance_mm = 3000,
                                                .bottom_edge_mm = 700,
                                                .time_zone = "Europe/Paris",
                                                .language_count = 1,
                                                .languages = {"fr"}};
    manifest->offset_count = 1;
    manifest->offsets = arena_array(arena, 1, sizeof *manifest->offsets);
    manifest->files = arena_array(arena, NEWS_FILES_MAX + 1, sizeof *manifest->files);
    manifest->slides = arena_array(arena, NEWS_FILES_MAX + 2, sizeof *manifest->slides);
    manifest->loops = arena_array(arena, 2, sizeof *manifest->loops);
    manifest->intervals = arena_array(arena, 2, sizeof *manifest->intervals);
    struct manifest_item *items = arena_array(arena, NEWS_FILES_MAX + 2, sizeof *items);
    news_slide(news, manifest, "bonjour", false, 0);
    for (size_t i = 0; i < issue->file_count; i++) {
        snprintf(id, sizeof id, "portrait-%zu", issue->files[i]);
        news_slide(news, manifest, id, true, issue->files[i]);
    }
    for (size_t i = 0; i < manifest->slide_count; i++) {
        items[i] = (struct manifest_item){i, 10000};
    }
    manifest->loops[manifest->loop_count++] =
        (struct manifest_loop){.playlist = "essai",
                               .transition_ms = 500,
                               .item_count = manifest->slide_count,
                               .items = items};
    manifest->intervals[manifest->interval_count++] =
        (struct manifest_interval){.from_ms = NEWS_FROM_MS,
                                   .until_ms = NEWS_UNTIL_MS - 3600000,
                                   .origin_ms = NEWS_FROM_MS,
                                   .rule = "essai"};
    if (issue->emergency) {
        news_slide(news, manifest, "urgence", issue->emergency_has_file, issue->emergency_file);
        struct manifest_item *item = arena_array(arena, 1, sizeof *item);
        *item = (struct manifest_item){manifest->slide_count - 1, 10000};
        manifest->loops[manifest->loop_count++] = (struct manifest_loop){
            .playlist = "urgence", .transition_ms = 0, .item_count = 1, .items = item};
        manifest->loops[1].transition = TRANSITION_CUT;
        manifest->intervals[manifest->interval_count++] =
            (struct manifest_interval){.from_ms = NEWS_UNTIL_MS - 3600000,
                                       .until_ms = NEWS_UNTIL_MS,
                                       .origin_ms = NEWS_UNTIL_MS - 3600000,
                                       .loop = 1,
                                       .class = INTERVAL_EMERGENCY,
                                       .rule = "urgence"};
    }
    qsort(manifest->files, manifest->file_count, sizeof *manifest->files, news_compare);
    manifest_add_plain_layouts(manifest);
    strbuf_init(&json);
    manifest_encode(manifest, &json);
    manifest_seal(json.bytes, json.length, &news->keys, sealed_out);
    strbuf_finish(&json);
    manifest_destroy(manifest);
}

/* `headers` of the answer beside the ETag, "" for none. */
static __attribute__((unused)) void news_publish_bytes(struct news *news, const char *etag,
                                                       const char *headers, const void *bytes,
                                                       size_t length)
{
    pthread_mutex_lock(&news->lock);
    strbuf_clear(&news->sealed);
    strbuf_append_bytes(&news->sealed, bytes, length);
    snprintf(news->etag, sizeof news->etag, "%s", etag);
    snprintf(news->headers, sizeof news->headers, "%s", headers);
    pthread_mutex_unlock(&news->lock);
}

static __attribute__((unused)) void news_publish(struct news *news, const struct issue *issue)
{
    char etag[64];
    struct strbuf sealed;
    strbuf_init(&sealed);
    news_make(news, issue, &sealed);
    snprintf(etag, sizeof etag, "\"2-%lld\"", (long long)issue->version);
    news_publish_bytes(news, etag, "", sealed.bytes, sealed.length);
    strbuf_finish(&sealed);
}

static __attribute__((unused)) void news_poll(struct news *news, const struct request *request,
                                              int fd)
{
    char etag[64];
    char headers[512];
    atomic_fetch_add(&news->polls, 1);
    request_header(request, "If-None-Match", etag, sizeof etag);
    for (int i = 0;; i++) {
        pthread_mutex_lock(&news->lock);
        snprintf(news->last_etag, sizeof news->last_etag, "%s", etag);
        bool newer = strcmp(etag, news->etag) != 0 && news->etag[0] != '\0' && !news->frozen;
        bool answers = newer || news->frozen || news->wanted[0] != '\0' || i == 200 ||
                       atomic_load(&news->server.stopping);
        if (answers) {
            char date[64];
            time_t now = time(NULL);
            struct tm parts;
            strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &parts));
            snprintf(headers, sizeof headers, "ETag: %s\r\nDate: %s\r\n%s%s%s%s", news->etag, date,
                     news->headers, news->wanted[0] != '\0' ? "Vitrine-Wanted: screenshot " : "",
                     news->wanted, news->wanted[0] != '\0' ? "\r\n" : "");
            news->wanted[0] = '\0';
            if (newer) {
                atomic_fetch_add(&news->bodies, 1);
                char *bytes = malloc(news->sealed.length);
                size_t length = news->sealed.length;
                memcpy(bytes, news->sealed.bytes, length);
                pthread_mutex_unlock(&news->lock);
                send_answer(fd, 200, headers, bytes, length);
                free(bytes);
                return;
            }
        }
        pthread_mutex_unlock(&news->lock);
        if (answers) {
            send_answer(fd, 304, headers, "", 0);
            return;
        }
        usleep(5000);
    }
}

static __attribute__((unused)) void news_send_file(struct news *news, struct news_file *file,
                                                   const struct request *request, int fd)
{
    char text[96];
    char head[512];
    size_t from = 0;
    atomic_fetch_add(&file->asked, 1);
    request_header(request, "Range", text, sizeof text);
    if (sscanf(text, "bytes=%zu-", &from) == 1) {
        atomic_fetch_add(&file->resumed, 1);
    }
    /* The Date is a cache's: of when it fetched the file itself. */
    int size = snprintf(head, sizeof head,
                        "HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %zu\r\n"
                        "Date: Mon, 01 Jan 2029 00:00:00 GMT\r\n",
                        from > 0 ? 206 : 200, file->length - from);
    if (from > 0) {
        size +=
            snprintf(head + size, sizeof head - (size_t)size,
                     "Content-Range: bytes %zu-%zu/%zu\r\n", from, file->length - 1, file->length);
    }
    snprintf(head + size, sizeof head - (size_t)size, "\r\n");
    if (!send_all(fd, head, strlen(head))) {
        return;
    }
    size_t until = file->length;
    if (atomic_fetch_sub(&file->truncated, 1) > 0) {
        until = from + (file->length - from) / 2;
    }
    while (from < until && !atomic_load(&news->server.stopping)) {
        bool drips = atomic_load(&file->drips);
        size_t piece = drips ? 1024 : 65536;
        piece = piece < until - from ? piece : until - from;
        if (!send_all(fd, file->bytes + from, piece)) {
            return;
        }
        from += piece;
        if (drips) {
            usleep(10000);
        }
    }
}

static __attribute__((unused)) void news_answer(void *context, const struct request *request,
                                                int fd)
{
    struct news *news = context;
    if (strncmp(request->path, "/media/", 7) == 0) {
        struct sha256 sum;
        for (size_t i = 0; sha256_from_hex(request->path + 7, &sum) && i < NEWS_FILES_MAX; i++) {
            if (news->files[i].bytes != NULL && sha256_equal(&news->files[i].sha256, &sum)) {
                news_send_file(news, &news->files[i], request, fd);
                return;
            }
        }
        send_answer(fd, 404, "", "{}", 2);
    } else if (strcmp(request->path, "/player/v1/manifest") == 0) {
        news_poll(news, request, fd);
    } else if (strncmp(request->path, "/player/v1/screenshots/", 23) == 0) {
        pthread_mutex_lock(&news->lock);
        int status = strcmp(request->method, "PUT") == 0 ? news->screenshot_status : 405;
        news->screenshot_status = 204;
        news->upload_length = request->body_length;
        pthread_mutex_unlock(&news->lock);
        send_answer(fd, status, "", "", 0);
        atomic_fetch_add(&news->uploads, 1);
    } else {
        send_answer(fd, 404, "", "{}", 2);
    }
}

static __attribute__((unused)) void news_start(struct news *news)
{
    sign_keys_generate(&news->keys);
    pthread_mutex_init(&news->lock, NULL);
    strbuf_init(&news->sealed);
    news->screenshot_status = 204;
    lying_server_start(&news->server, news_answer, news);
}

static __attribute__((unused)) void news_stop(struct news *news)
{
    lying_server_stop(&news->server);
    strbuf_finish(&news->sealed);
    pthread_mutex_destroy(&news->lock);
    for (size_t i = 0; i < NEWS_FILES_MAX; i++) {
        free(news->files[i].bytes);
    }
}

#endif
