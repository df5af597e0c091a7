/* The threads that run the handlers of slow routes. */
#include <assert.h>
#include <stdlib.h>

#include "server/http/internal.h"

#define WORKERS 2

bool workers_push(struct http_server *server, struct http_request *request, enum request_job job)
{
    pthread_mutex_lock(&server->lock);
    bool taken = !server->stopping;
    if (taken) {
        request->phase = PHASE_WORKING;
        request->job = job;
        request->connection->waiting_since_ms = 0; /* it waits for us now */
        MHD_suspend_connection(request->mhd);
        request->job_next = NULL;
        *server->job_last = request;
        server->job_last = &request->job_next;
        pthread_cond_signal(&server->job_wake);
    }
    pthread_mutex_unlock(&server->lock);
    return taken;
}

/* NULL when the server stops and nothing is left. */
static struct http_request *pop(struct http_server *server, bool *stopping_out)
{
    struct http_request *request;

    pthread_mutex_lock(&server->lock);
    while (server->job_first == NULL && !server->stopping)
        pthread_cond_wait(&server->job_wake, &server->lock);
    request = server->job_first;
    if (request != NULL) {
        server->job_first = request->job_next;
        if (server->job_first == NULL)
            server->job_last = &server->job_first;
    }
    *stopping_out = server->stopping;
    pthread_mutex_unlock(&server->lock);
    return request;
}

/* With the answer's phase when there is one; a stream that goes on is read again. */
static void give_back(struct http_server *server, struct http_request *request)
{
    bool answered = request->response != NULL || request->status != 0;

    assert(answered || (request->stream.sink != NULL && request->job != JOB_FINISH));
    pthread_mutex_lock(&server->lock);
    request->phase = answered ? PHASE_ANSWERED : PHASE_READING;
    if (!answered)
        request->connection->waiting_since_ms = server_now_ms(server);
    MHD_resume_connection(request->mhd);
    pthread_mutex_unlock(&server->lock);
}

static void *run(void *context)
{
    struct http_server *server = context;
    struct http_request *request;
    bool stopping;

    while ((request = pop(server, &stopping)) != NULL) {
        if (stopping)
            answer_unavailable(request, 5);
        else if (request->job != JOB_HANDLE)
            stream_work(request);
        else if (request->route->pace == HTTP_UPLOAD || request_authorised(request))
            request->route->handle(request, server->config.context);
        give_back(server, request);
    }
    return NULL;
}

bool workers_start(struct http_server *server, struct error *err)
{
    size_t count = server->config.workers > 0 ? (size_t)server->config.workers : WORKERS;
    int failed = 0;

    server->workers = calloc(count, sizeof(*server->workers));
    if (server->workers == NULL)
        abort();
    while (failed == 0 && server->worker_count < count) {
        failed = pthread_create(&server->workers[server->worker_count], NULL, run, server);
        if (failed == 0)
            server->worker_count++;
    }
    return failed == 0 || error_set_errno(err, failed, "impossible de créer un fil d’exécution",
                                          "cannot create a thread");
}

void workers_join(struct http_server *server)
{
    for (size_t i = 0; i < server->worker_count; i++)
        pthread_join(server->workers[i], NULL);
    free(server->workers);
}
