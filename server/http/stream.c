/* Bodies that go to a sink while they come. The server's thread collects a piece, then suspends the
 * connection while a worker gives it to the sink: so a slow disk holds back its own client and
 * nobody else, and the time that the client has begins anew with each piece. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "server/http/internal.h"

/* A refused body that is nearly over is read to its end, so that the client hears why. */
#define WASTED_MAX ((size_t)1024 * 1024)

enum MHD_Result stream_begin(struct http_request *request)
{
    struct http_server *server = request->server;

    if (server->body_bytes + HTTP_PIECE_MAX > BODIES_MAX ||
        !workers_push(server, request, JOB_HANDLE)) {
        answer_unavailable(request, 5);
        return request->has_body ? exchange_queue_answer(request) : MHD_YES;
    }
    return MHD_YES;
}

static bool reserve(struct http_request *request)
{
    struct request_stream *stream = &request->stream;

    if (stream->bytes != NULL)
        return true;
    stream->bytes = malloc(HTTP_PIECE_MAX);
    if (stream->bytes == NULL)
        return false;
    request->server->body_bytes += HTTP_PIECE_MAX;
    return true;
}

static enum MHD_Result waste(struct http_request *request, size_t *size)
{
    request->stream.wasted += *size;
    *size = 0;
    return request->stream.wasted <= WASTED_MAX ? MHD_YES : MHD_NO;
}

/* Once a worker has the request, nothing of it is looked at here. */
static enum MHD_Result take(struct http_request *request, const char *bytes, size_t *size)
{
    struct request_stream *stream = &request->stream;
    size_t room = HTTP_PIECE_MAX - stream->length;
    size_t now = *size < room ? *size : room;

    if ((uint64_t)stream->taken + *size > request->route->body_max) {
        answer_status(request, MHD_HTTP_CONTENT_TOO_LARGE, "la requête est trop longue",
                      "the request is too long");
        return waste(request, size);
    }
    if (!reserve(request)) {
        answer_unavailable(request, 5);
        return waste(request, size);
    }
    memcpy(stream->bytes + stream->length, bytes, now);
    stream->length += now;
    stream->taken += (int64_t)now;
    *size -= now;
    if (stream->length < HTTP_PIECE_MAX || workers_push(request->server, request, JOB_PIECE))
        return MHD_YES;
    answer_unavailable(request, 5);
    return waste(request, size);
}

enum MHD_Result stream_continue(struct http_request *request, const char *bytes, size_t *size)
{
    /* libmicrohttpd calls again after a first call that suspended, before it reads the body: a
     * refusal now spares it. */
    if (!request->stream.asked) {
        request->stream.asked = true;
        if (request->response == NULL || !request->has_body)
            return MHD_YES;
        return exchange_queue_answer(request);
    }
    if (*size > 0)
        return request->response != NULL ? waste(request, size) : take(request, bytes, size);
    if (request->response != NULL)
        return exchange_queue_answer(request);
    exchange_note_arrival(request);
    if (!workers_push(request->server, request, JOB_FINISH)) {
        answer_unavailable(request, 5);
        return exchange_queue_answer(request);
    }
    return MHD_YES;
}

void request_stream(struct http_request *request, const struct http_sink *sink, void *state)
{
    assert(request->route->pace == HTTP_STREAM && request->response == NULL);
    request->stream.sink = sink;
    request->stream.state = state;
}

/* False: the sink has answered. */
static bool give(struct http_request *request)
{
    struct request_stream *stream = &request->stream;
    size_t length = stream->length;

    stream->length = 0;
    return length == 0 || stream->sink->bytes(request, stream->bytes, length, stream->state);
}

void stream_work(struct http_request *request)
{
    struct request_stream *stream = &request->stream;
    const struct http_sink *sink = stream->sink;

    if (give(request) && request->job == JOB_FINISH) {
        stream->sink = NULL;
        sink->end(request, stream->state);
    }
}

void stream_close(struct http_request *request)
{
    struct request_stream *stream = &request->stream;

    if (stream->sink != NULL) {
        (void)give(request);
        stream->sink->abort(request, stream->state);
    }
    if (stream->bytes != NULL) {
        free(stream->bytes);
        request->server->body_bytes -= HTTP_PIECE_MAX;
    }
}
