/* Long-polls: requests whose handler waits for something new. */
#include <assert.h>

#include "server/http/internal.h"

void request_park(struct http_request *request, uint64_t key, int wait_s)
{
    assert(request->route->pace == HTTP_QUICK && !request->was_parked && request->response == NULL);
    request->was_parked = true;
    request->phase = PHASE_PARKED;
    request->park_key = key;
    request->park_until_ms = server_now_ms(request->server) + (int64_t)wait_s * 1000;
}

static void unlink_request(struct http_server *server, struct http_request *request)
{
    *request->park_link = request->park_next;
    if (request->park_next != NULL)
        request->park_next->park_link = request->park_link;
    request->park_next = NULL;
    request->park_link = NULL;
    server->counts.parked--;
}

/* The handler runs again when libmicrohttpd calls exchange_handle. */
static void resume(struct http_server *server, struct http_request *request)
{
    unlink_request(server, request);
    request->phase = PHASE_READING;
    MHD_resume_connection(request->mhd);
}

void park_insert(struct http_server *server, struct http_request *request)
{
    size_t index = request->park_key % PARK_BUCKETS;
    struct http_request **bucket = &server->parked[index];

    MHD_suspend_connection(request->mhd);
    request->park_next = *bucket;
    request->park_link = bucket;
    if (*bucket != NULL)
        (*bucket)->park_link = &request->park_next;
    *bucket = request;
    server->counts.parked++;
    /* What its handler looked at may have changed between the look and now: it was not here yet to
     * be woken. */
    if (server->stopping || server->woken_last[index] > request->wakes_before)
        resume(server, request);
}

void park_wake(struct http_server *server, const uint64_t *key, int64_t until_ms)
{
    size_t first = key != NULL ? *key % PARK_BUCKETS : 0;
    size_t last = key != NULL ? first : PARK_BUCKETS - 1;

    for (size_t i = first; i <= last; i++) {
        struct http_request *next;
        for (struct http_request *request = server->parked[i]; request != NULL; request = next) {
            next = request->park_next;
            if ((key == NULL || request->park_key == *key) && request->park_until_ms <= until_ms)
                resume(server, request);
        }
    }
}

void http_server_wake(struct http_server *server, uint64_t key)
{
    pthread_mutex_lock(&server->lock);
    server->woken_last[key % PARK_BUCKETS] = atomic_fetch_add(&server->wakes, 1) + 1;
    park_wake(server, &key, INT64_MAX);
    pthread_mutex_unlock(&server->lock);
}
