#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "server/http/internal.h"

/* What a player's question needs while it is parked, with thousands of others. */
#define REQUEST_MEMORY 1024

/* Stands for a request until its first call when its address is one that C strings would cut. */
static char refused_uri;

void *exchange_look_at_uri(void *context, const char *uri, struct MHD_Connection *mhd)
{
    (void)context;
    (void)mhd;
    return strstr(uri, "%00") != NULL ? &refused_uri : NULL;
}

struct framing {
    int lengths;
    int encodings;
    bool bad_length;
    bool chunked_only;
};

static enum MHD_Result count_framing(void *context, enum MHD_ValueKind kind, const char *key,
                                     const char *value)
{
    struct framing *framing = context;

    (void)kind;
    if (strcasecmp(key, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0) {
        framing->lengths++;
        framing->bad_length |=
            value == NULL || *value == '\0' || strspn(value, "0123456789") != strlen(value);
    } else if (strcasecmp(key, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0) {
        framing->encodings++;
        framing->chunked_only = value != NULL && strcasecmp(value, "chunked") == 0;
    }
    return MHD_YES;
}

/* Two ways to say where a body ends make request smuggling possible (RFC 9112, 6.3). */
static bool framing_accepted(struct http_request *request)
{
    struct framing framing = {.chunked_only = true};

    MHD_get_connection_values(request->mhd, MHD_HEADER_KIND, count_framing, &framing);
    request->has_body = framing.encodings > 0;
    if (framing.lengths > 1 || framing.encodings > 1 || framing.bad_length ||
        !framing.chunked_only || (framing.lengths > 0 && framing.encodings > 0)) {
        answer_status(request, MHD_HTTP_BAD_REQUEST, "longueur de la requête ambiguë",
                      "the request's length is ambiguous");
        return false;
    }
    return true;
}

static void answer_too_long(struct http_request *request)
{
    answer_status(request, MHD_HTTP_CONTENT_TOO_LARGE, "la requête est trop longue",
                  "the request is too long");
}

static bool length_accepted(struct http_request *request)
{
    const char *text = request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);

    if (text == NULL)
        return true;
    unsigned long long length = strtoull(text, NULL, 10);
    request->has_body = length > 0;
    if (strlen(text) > 18 || length > request->route->body_max) {
        answer_too_long(request);
        return false;
    }
    return true;
}

static void answer_no_route(struct http_request *request, unsigned allowed)
{
    const char *length = request_header(request, MHD_HTTP_HEADER_CONTENT_LENGTH);
    struct error error;

    request->has_body |= length != NULL && strcmp(length, "0") != 0;
    if (allowed != 0) {
        answer_allow(request, allowed);
    } else {
        error_set(&error, ERROR_NOT_FOUND, "rien à cette adresse", "nothing at this address");
        answer_problem(request, &error);
    }
}

bool request_authorised(struct http_request *request)
{
    const struct http_config *config = &request->server->config;

    return request->route->permission == 0 ||
           config->authorise(request, request->route->permission, config->context);
}

/* What can be refused before the body comes. A refusal is left as the request's answer. */
static void begin(struct http_request *request, bool uri_refused)
{
    unsigned allowed;

    if (uri_refused || !framing_accepted(request)) {
        request->has_body = true; /* what follows cannot be trusted to be a request */
        if (request->response == NULL)
            answer_status(request, MHD_HTTP_BAD_REQUEST, "l’adresse contient un octet nul",
                          "the address contains a null byte");
        return;
    }
    request->route = route_find(&request->server->config, request->method, request->path,
                                request->arena, &request->params, &allowed);
    if (request->route == NULL)
        answer_no_route(request, allowed);
    else if (length_accepted(request) && request->route->pace != HTTP_SLOW &&
             request->route->pace != HTTP_STREAM && !request_authorised(request))
        assert(request->response != NULL);
}

static struct http_request *create(struct http_server *server, struct MHD_Connection *mhd,
                                   const char *path, const char *method)
{
    struct arena *arena = arena_create_small(REQUEST_MEMORY);
    struct http_request *request = arena_alloc(arena, sizeof(*request));
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

    request->server = server;
    request->mhd = mhd;
    request->connection = info->socket_context;
    request->arena = arena;
    request->path = path;
    request->method = method;
    request->wakes_before = atomic_load(&server->wakes);
    request->began_ns = clock_mono_ns(&server->config.clock);
    strbuf_init(&request->body);
    return request;
}

enum MHD_Result exchange_queue_answer(struct http_request *request)
{
    request->phase = PHASE_ANSWERED;
    request->answered_ns = clock_mono_ns(&request->server->config.clock);
    return request->response != NULL
               ? MHD_queue_response(request->mhd, request->status, request->response)
               : MHD_NO;
}

static void take_body(struct http_request *request, const char *bytes, size_t size)
{
    struct http_server *server = request->server;

    if (request->response != NULL) /* already refused: what is left is not kept */
        return;
    if (request->body.length + size > request->route->body_max) {
        answer_too_long(request);
    } else if (server->body_bytes + size > BODIES_MAX) {
        answer_unavailable(request, 5);
    } else {
        strbuf_append_bytes(&request->body, bytes, size);
        server->body_bytes += size;
    }
}

/* The request is in: the keeper's deadline is met, and stopping waits for the answer. */
void exchange_note_arrival(struct http_request *request)
{
    struct http_server *server = request->server;

    if (request->under_way)
        return;
    request->under_way = true;
    request->began_ns = clock_mono_ns(&server->config.clock);
    pthread_mutex_lock(&server->lock);
    request->connection->waiting_since_ms = 0;
    server->under_way++;
    pthread_mutex_unlock(&server->lock);
}

static enum MHD_Result run_handler(struct http_request *request)
{
    struct http_server *server = request->server;

    if (request->route->pace != HTTP_QUICK) {
        if (workers_push(server, request, JOB_HANDLE))
            return MHD_YES;
        answer_unavailable(request, 5);
        return exchange_queue_answer(request);
    }
    if (request->was_parked)
        request->began_ns = clock_mono_ns(&server->config.clock);
    request->route->handle(request, server->config.context);
    if (request->phase != PHASE_PARKED)
        return exchange_queue_answer(request);
    pthread_mutex_lock(&server->lock);
    park_insert(server, request);
    pthread_mutex_unlock(&server->lock);
    return MHD_YES;
}

enum MHD_Result exchange_handle(void *context, struct MHD_Connection *mhd, const char *url,
                                const char *method, const char *version, const char *upload,
                                size_t *upload_size, void **request_context)
{
    struct http_request *request = *request_context;

    (void)version;
    if (request == NULL || *request_context == &refused_uri) {
        bool uri_refused = *request_context == &refused_uri;
        request = create(context, mhd, url, method);
        *request_context = request;
        begin(request, uri_refused);
        /* An answer queued in this first call closes the connection: right for a refused body that
         * is still to come, a waste for everything else. */
        if (request->response != NULL)
            return request->has_body ? exchange_queue_answer(request) : MHD_YES;
        return request->route->pace == HTTP_STREAM ? stream_begin(request) : MHD_YES;
    }
    if (request->route != NULL && request->route->pace == HTTP_STREAM)
        return stream_continue(request, upload, upload_size);
    if (*upload_size > 0) {
        take_body(request, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    if (request->phase == PHASE_ANSWERED || request->response != NULL)
        return exchange_queue_answer(request);
    exchange_note_arrival(request);
    return run_handler(request);
}

static void tell_answered(const struct http_request *request)
{
    const struct http_config *config = &request->server->config;
    int64_t took_ns = request->answered_ns - request->began_ns;

    if (config->answered != NULL)
        config->answered(
            config->context,
            &(struct http_answered){.route = request->route,
                                    .method = request->method,
                                    .status = request->answered_ns != 0 ? request->status : 0,
                                    .took_us = took_ns > 0 ? took_ns / 1000 : 0});
}

void exchange_complete(void *context, struct MHD_Connection *mhd, void **request_context,
                       enum MHD_RequestTerminationCode code)
{
    struct http_server *server = context;
    struct http_request *request = *request_context;

    (void)mhd;
    if (request == NULL || *request_context == &refused_uri)
        return;
    *request_context = NULL;
    tell_answered(request);
    stream_close(request);
    server->body_bytes -= request->body.length;
    pthread_mutex_lock(&server->lock);
    server->counts.answered++;
    if (request->under_way && --server->under_way == 0 && server->stopping)
        pthread_cond_signal(&server->quiet);
    if (code == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        request->connection->waiting_since_ms = server_now_ms(server);
    pthread_mutex_unlock(&server->lock);
    if (request->response != NULL)
        MHD_destroy_response(request->response);
    strbuf_finish(&request->body);
    arena_destroy(request->arena); /* the request lives in it */
}
