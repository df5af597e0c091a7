/* The admin page's files, and health. */
#include <string.h>

#include "server/api/embedded.h"
#include "server/api/internal.h"
#include "server/api/routes.h"
#include "server/store/settings.h"

static const char *type_of(const char *name)
{
    static const struct {
        const char *ending;
        const char *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".ttf", "font/ttf"},
    };
    const char *ending = strrchr(name, '.');

    for (size_t i = 0; ending != NULL && i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(types[i].ending, ending) == 0)
            return types[i].type;
    }
    return "application/octet-stream";
}

static void answer_embedded(struct http_request *request, const struct embedded_file *file)
{
    answer_header(request, "Content-Security-Policy",
                  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
                  "img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
                  "frame-ancestors 'none'");
    answer_header(request, "Referrer-Policy", "no-referrer");
    if (request_has_etag(request, file->etag))
        answer_not_modified(request, file->etag);
    else
        answer_bytes(request, type_of(file->name), file->bytes, file->size, file->etag, "no-cache");
}

/* Only names of the table are served: no path of the request reaches the disk. */
void api_page(struct http_request *request, void *context)
{
    const char *name = strcmp(request_path(request), "/admin/") == 0
                           ? "index.html"
                           : request_param(request, "file");
    if (strcmp(name, "reset") == 0)
        name = "reset.html";
    struct error error;

    (void)context;
    for (size_t i = 0; i < embedded_file_count; i++) {
        if (strcmp(name, embedded_files[i].name) == 0) {
            answer_embedded(request, &embedded_files[i]);
            return;
        }
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
     .about = "Go to the admin page",
     .shape = API_REDIRECT},
    {.http = {HTTP_GET, "/admin", PERMISSION_NONE, api_home, 0, HTTP_QUICK},
     .about = "Go to the admin page",
     .shape = API_REDIRECT},
    {.http = {HTTP_GET, "/admin/", PERMISSION_NONE, api_page, 0, HTTP_QUICK},
     .about = "Give the admin page",
     .shape = API_BYTES,
     .media_type = "text/html"},
    {.http = {HTTP_GET, "/admin/{file}", PERMISSION_NONE, api_page, 0, HTTP_QUICK},
     .about = "Give a file of the admin page",
     .shape = API_BYTES,
     .media_type = "application/octet-stream"},
};

API_SECTION(section_service, "Service", routes);
