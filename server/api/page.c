/* The desk's files, and health. */
#include <string.h>

#include "server/api/embedded.h"
#include "server/api/internal.h"
#include "server/api/routes.h"
#include "server/store/settings.h"

#define PLACE_LEVELS_MAX 6
#define PLACE_WORD_MAX 250

/* Style attributes are set through the DOM; nothing else of this page is inline. */
static const char policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' blob:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

static bool takes_gzip(struct http_request *request)
{
    const char *accepted = request_header(request, "Accept-Encoding");

    return accepted != NULL && strstr(accepted, "gzip") != NULL;
}

static void answer_page_file(struct http_request *request, const struct page_file *page)
{
    const struct embedded_file *file = &page->file;
    bool packed = page->gzip != NULL && takes_gzip(request);

    answer_header(request, "Content-Security-Policy", policy);
    answer_header(request, "Referrer-Policy", "no-referrer");
    answer_header(request, "Vary", "Accept-Encoding");
    if (request_has_etag(request, file->etag)) {
        answer_not_modified(request, file->etag);
        return;
    }
    if (packed)
        answer_header(request, "Content-Encoding", "gzip");
    answer_bytes(request, page->type, packed ? page->gzip : file->bytes,
                 packed ? page->gzip_size : file->size, file->etag,
                 page->kept ? "public, max-age=31536000, immutable" : "no-cache");
}

/* A missing file of the desk, and no place: records' ids have dots as well, but deeper. */
static bool is_file(const char *name)
{
    static const char *const endings[] = {".js",  ".css",   ".html", ".map", ".json", ".svg",
                                          ".png", ".woff2", ".ico",  ".php", ".txt",  ".xml"};
    const char *ending = strrchr(name, '.');

    if (ending == NULL || strchr(name, '/') != NULL)
        return false;
    for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
        if (strcmp(ending, endings[i]) == 0)
            return true;
    }
    return false;
}

/* Few levels of plain words, as the desk writes them; what is left of "%" was escaped twice. */
static bool is_place(const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789._~@:+-";
    size_t levels = 0;

    for (const char *at = name; *at != '\0'; levels++) {
        size_t length = strspn(at, plain);
        if (length == 0 || length > PLACE_WORD_MAX || strspn(at, ".") == length ||
            (at[length] != '\0' && at[length] != '/'))
            return false;
        at += length + (at[length] == '/');
    }
    return levels <= PLACE_LEVELS_MAX && !is_file(name);
}

/* Only names of the table are served: no path of the request reaches the disk. A path that names no
 * file is a place of the desk, which finds it itself. */
void api_page(struct http_request *request, void *context)
{
    const char *name = request_param(request, "place");
    struct error error;

    (void)context;
    for (size_t i = 0; name != NULL && i < page_file_count; i++) {
        if (strcmp(name, page_files[i].file.name) == 0) {
            answer_page_file(request, &page_files[i]);
            return;
        }
    }
    if (name == NULL || is_place(name)) {
        answer_page_file(request, &page_files[0]);
        return;
    }
    error_set(&error, ERROR_NOT_FOUND, "rien à cette adresse", "nothing at this address");
    answer_problem(request, &error);
}

void api_home(struct http_request *request, void *context)
{
    (void)context;
    answer_redirect(request, "/admin/");
}

void api_health(struct http_request *request, void *context)
{
    (void)context;
    answer_bytes(request, "text/plain; charset=utf-8", "ok\n", 3, NULL, "no-store");
}

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/healthz", PERMISSION_NONE, api_health, 0, HTTP_QUICK},
     .about = "Tell that the program runs",
     .shape = API_BYTES,
     .media_type = "text/plain"},
    {.http = {HTTP_GET, "/readyz", PERMISSION_NONE, api_ready, 0, HTTP_SLOW},
     .about = "Tell whether requests can be answered, and what keeps them from it",
     .shape = API_OBJECT},
    {.http = {HTTP_GET, "/", PERMISSION_NONE, api_home, 0, HTTP_QUICK},
     .about = "Go to the desk",
     .shape = API_REDIRECT},
    {.http = {HTTP_GET, "/admin", PERMISSION_NONE, api_home, 0, HTTP_QUICK},
     .about = "Go to the desk",
     .shape = API_REDIRECT},
    {.http = {HTTP_GET, "/admin/", PERMISSION_NONE, api_page, 0, HTTP_QUICK},
     .about = "Give the desk",
     .shape = API_BYTES,
     .media_type = "text/html"},
    {.http = {HTTP_GET, "/admin/{place*}", PERMISSION_NONE, api_page, 0, HTTP_QUICK},
     .about = "Give a file of the desk, or the desk at one of its places",
     .shape = API_BYTES,
     .media_type = "application/octet-stream"},
};

API_SECTION(section_service, "Service", routes);
