#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/json.h"
#include "core/log.h"
#include "server/http/header.h"
#include "server/http/internal.h"

static void set_answer(struct http_request *request, unsigned status, struct MHD_Response *response)
{
    assert(request->response == NULL);
    if (response == NULL) /* out of memory or descriptors: the connection is cut */
        log_write(LOG_ERROR, "http_answer", "no response could be made, status %u", status);
    for (const struct answer_header *at = request->headers; response != NULL && at != NULL;
         at = at->next)
        MHD_add_response_header(response, at->name, at->value);
    request->response = response;
    request->status = status;
}

static struct MHD_Response *copy_of(const void *bytes, size_t length)
{
    return MHD_create_response_from_buffer(length, (void *)(uintptr_t)bytes, MHD_RESPMEM_MUST_COPY);
}

void answer_header(struct http_request *request, const char *name, const char *value)
{
    struct answer_header *header = arena_alloc(request->arena, sizeof(*header));

    header->name = name;
    header->value = arena_strdup(request->arena, value);
    header->next = request->headers;
    request->headers = header;
}

void answer_json(struct http_request *request, enum answer_state state, const struct strbuf *body)
{
    static const unsigned statuses[] = {MHD_HTTP_OK, MHD_HTTP_CREATED, MHD_HTTP_ACCEPTED,
                                        MHD_HTTP_SERVICE_UNAVAILABLE};

    answer_header(request, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    answer_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    answer_header(request, "X-Content-Type-Options", "nosniff");
    set_answer(request, statuses[state], copy_of(body->bytes, body->length));
}

static const char *quoted(struct http_request *request, const char *etag)
{
    return arena_printf(request->arena, "\"%s\"", etag);
}

void answer_json_tagged(struct http_request *request, enum answer_state state,
                        const struct strbuf *body, const char *etag)
{
    answer_header(request, MHD_HTTP_HEADER_ETAG, quoted(request, etag));
    answer_json(request, state, body);
}

static void describe(struct http_request *request, const char *type, const char *etag,
                     const char *cache_control)
{
    answer_header(request, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    answer_header(request, "X-Content-Type-Options", "nosniff");
    if (etag != NULL)
        answer_header(request, MHD_HTTP_HEADER_ETAG, quoted(request, etag));
    if (cache_control != NULL)
        answer_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, cache_control);
}

void answer_bytes(struct http_request *request, const char *type, const void *bytes, size_t length,
                  const char *etag, const char *cache_control)
{
    describe(request, type, etag, cache_control);
    set_answer(request, MHD_HTTP_OK, copy_of(bytes, length));
}

void answer_shared(struct http_request *request, const char *type, const void *bytes, size_t length,
                   const char *etag, const char *cache_control, void (*release)(void *context),
                   void *context)
{
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        length, (void *)(uintptr_t)bytes, release, context);

    if (response == NULL)
        release(context);
    describe(request, type, etag, cache_control);
    set_answer(request, MHD_HTTP_OK, response);
}

static void answer_outside(struct http_request *request, int64_t size)
{
    answer_header(request, MHD_HTTP_HEADER_CONTENT_RANGE,
                  arena_printf(request->arena, "bytes */%lld", (long long)size));
    answer_status(request, MHD_HTTP_RANGE_NOT_SATISFIABLE, "la plage demandée est hors du fichier",
                  "the range asked for is outside the file");
}

/* The response takes the descriptor. */
static void answer_descriptor(struct http_request *request, int fd, int64_t size, const char *type,
                              const char *etag)
{
    const char *if_range = request_header(request, MHD_HTTP_HEADER_IF_RANGE);
    const char *range_text = request_header(request, MHD_HTTP_HEADER_RANGE);
    int64_t first = 0, last = size - 1;
    enum header_range range = RANGE_ALL;

    if (if_range == NULL || strcmp(if_range, quoted(request, etag)) == 0)
        range = header_range(range_text, size, &first, &last);
    if (range == RANGE_OUTSIDE) {
        close(fd);
        answer_outside(request, size);
        return;
    }
    if (range == RANGE_PART)
        answer_header(request, MHD_HTTP_HEADER_CONTENT_RANGE,
                      arena_printf(request->arena, "bytes %lld-%lld/%lld", (long long)first,
                                   (long long)last, (long long)size));
    answer_header(request, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    answer_header(request, "X-Content-Type-Options", "nosniff");
    answer_header(request, MHD_HTTP_HEADER_ETAG, quoted(request, etag));
    answer_header(request, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    /* What one has to be known for is kept by nobody in between. */
    answer_header(request, MHD_HTTP_HEADER_CACHE_CONTROL,
                  request->route->permission == 0 ? "public, max-age=31536000, immutable"
                                                  : "private, max-age=31536000, immutable");
    set_answer(
        request, range == RANGE_PART ? MHD_HTTP_PARTIAL_CONTENT : MHD_HTTP_OK,
        MHD_create_response_from_fd_at_offset64((uint64_t)(last - first + 1), fd, (uint64_t)first));
}

/* A player takes "not found" at its word: trouble of ours must not look like it. */
static void answer_unopened(struct http_request *request, const char *path, int cause)
{
    struct error error;

    if (cause == ENOENT || cause == ENOTDIR) {
        error_set(&error, ERROR_NOT_FOUND, "ce fichier n’est pas ici", "no such file here");
    } else {
        error_set_errno(&error, cause, "ce fichier ne peut être lu", "this file cannot be read");
        error_at(&error, path, 0);
    }
    answer_problem(request, &error);
}

void answer_file(struct http_request *request, const char *path, const char *type)
{
    const char *slash = strrchr(path, '/');
    const char *etag = slash != NULL ? slash + 1 : path;
    struct stat status;

    if (request_has_etag(request, etag)) {
        answer_not_modified(request, etag);
        return;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0) {
        answer_unopened(request, path, errno);
        if (fd >= 0)
            close(fd);
        return;
    }
    if (!S_ISREG(status.st_mode)) {
        close(fd);
        answer_unopened(request, path, ENOENT);
        return;
    }
    answer_descriptor(request, fd, status.st_size, type, etag);
}

void answer_not_modified(struct http_request *request, const char *etag)
{
    answer_header(request, MHD_HTTP_HEADER_ETAG, quoted(request, etag));
    set_answer(request, MHD_HTTP_NOT_MODIFIED, copy_of("", 0));
}

void answer_empty(struct http_request *request)
{
    answer_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    set_answer(request, MHD_HTTP_NO_CONTENT, copy_of("", 0));
}

void answer_redirect(struct http_request *request, const char *location)
{
    answer_header(request, MHD_HTTP_HEADER_LOCATION, location);
    set_answer(request, MHD_HTTP_SEE_OTHER, copy_of("", 0));
}

/* RFC 9457. */
static void answer_details(struct http_request *request, unsigned status, const char *detail,
                           const char *field, int line)
{
    struct strbuf body;
    struct json_writer writer;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    json_put_string(&writer, "type", "about:blank");
    json_put_string(&writer, "title", MHD_get_reason_phrase_for(status));
    json_put_int(&writer, "status", status);
    json_put_string(&writer, "detail", detail);
    if (field != NULL && *field != '\0')
        json_put_string(&writer, "field", field);
    if (line > 0)
        json_put_int(&writer, "line", line);
    json_end_object(&writer);
    answer_header(request, MHD_HTTP_HEADER_CONTENT_TYPE, "application/problem+json");
    answer_header(request, MHD_HTTP_HEADER_CONTENT_LANGUAGE, lang_tag(request_lang(request)));
    answer_header(request, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    set_answer(request, status, copy_of(body.bytes, body.length));
    strbuf_finish(&body);
}

void answer_status(struct http_request *request, unsigned status, const char *fr, const char *en)
{
    answer_details(request, status, lang_pick(request_lang(request), fr, en), NULL, 0);
}

void answer_problem(struct http_request *request, const struct error *err)
{
    static const unsigned statuses[] = {
        [ERROR_NONE] = MHD_HTTP_INTERNAL_SERVER_ERROR,
        [ERROR_INVALID] = MHD_HTTP_BAD_REQUEST,
        [ERROR_NOT_FOUND] = MHD_HTTP_NOT_FOUND,
        [ERROR_CONFLICT] = MHD_HTTP_CONFLICT,
        [ERROR_DENIED] = MHD_HTTP_FORBIDDEN,
        [ERROR_LIMIT] = MHD_HTTP_CONTENT_TOO_LARGE,
        [ERROR_IO] = MHD_HTTP_INTERNAL_SERVER_ERROR,
        [ERROR_NETWORK] = MHD_HTTP_BAD_GATEWAY,
        [ERROR_INTERNAL] = MHD_HTTP_INTERNAL_SERVER_ERROR,
        [ERROR_BUSY] = MHD_HTTP_SERVICE_UNAVAILABLE,
        [ERROR_STALE] = MHD_HTTP_PRECONDITION_FAILED,
    };
    unsigned status = statuses[err->kind];

    if (status == MHD_HTTP_SERVICE_UNAVAILABLE) {
        log_error(LOG_WARN, "http_problem", err);
        answer_unavailable(request, 10);
        return;
    }
    if (status == MHD_HTTP_INTERNAL_SERVER_ERROR) {
        log_error(LOG_ERROR, "http_problem", err);
        answer_status(request, status, "le serveur a eu un ennui ; son journal dit lequel",
                      "the server had a trouble; its log says which");
        return;
    }
    answer_details(request, status, lang_pick(request_lang(request), err->fr, err->en), err->field,
                   err->line);
}

void answer_outcome(struct http_request *request, bool ok, const struct error *err)
{
    if (ok)
        answer_empty(request);
    else
        answer_problem(request, err);
}

void answer_wrong_type(struct http_request *request, const char *type)
{
    struct error error;

    error_set(&error, ERROR_INVALID, "cette adresse prend un corps de type %s",
              "this address takes a body of type %s", type);
    answer_status(request, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, error.fr, error.en);
}

void answer_no_room(struct http_request *request)
{
    answer_status(request, MHD_HTTP_INSUFFICIENT_STORAGE,
                  "le disque du serveur n’a plus assez de place pour ce fichier ; prévenez "
                  "l’administrateur",
                  "the server's disk has not enough room for this file; tell the administrator");
}

void answer_unauthenticated(struct http_request *request)
{
    answer_header(request, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer");
    answer_status(request, MHD_HTTP_UNAUTHORIZED, "il faut d’abord se faire connaître",
                  "you must say who you are first");
}

void answer_unconditional(struct http_request *request)
{
    answer_status(request, MHD_HTTP_PRECONDITION_REQUIRED,
                  "dites par If-Match ce que vous avez lu, pour que rien d’autrui ne se perde",
                  "say by If-Match what you have read, so that nobody's work is lost");
}

void answer_too_many(struct http_request *request, int retry_after_s)
{
    answer_header(request, MHD_HTTP_HEADER_RETRY_AFTER,
                  arena_printf(request->arena, "%d", retry_after_s));
    answer_status(request, MHD_HTTP_TOO_MANY_REQUESTS, "trop de demandes, réessayez plus tard",
                  "too many requests, try again later");
}

void answer_unavailable(struct http_request *request, int retry_after_s)
{
    answer_header(request, MHD_HTTP_HEADER_RETRY_AFTER,
                  arena_printf(request->arena, "%d", retry_after_s));
    answer_status(request, MHD_HTTP_SERVICE_UNAVAILABLE, "le service revient bientôt",
                  "the service will be back soon");
}
