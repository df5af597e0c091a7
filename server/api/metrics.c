#include "server/api/metrics.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/log.h"
#include "server/api/internal.h"
#include "server/api/metrics_text.h"
#include "server/api/routes.h"

#define SLOW_US 1000000
#define CLASSES 6 /* 0: nobody left to answer to, 1xx … 5xx */

static const int64_t bounds_us[] = {250,   500,    1000,   2500,   5000,    10000,   25000,
                                    50000, 100000, 250000, 500000, 1000000, 2500000, 10000000};
#define BUCKETS (sizeof(bounds_us) / sizeof(bounds_us[0]) + 1)

struct section_counts {
    const char *subject;
    _Atomic uint64_t answers[CLASSES];
    _Atomic uint64_t buckets[BUCKETS]; /* not yet summed up */
    _Atomic uint64_t took_us;
};

struct metrics {
    const struct http_route *routes;
    size_t route_count;
    size_t *section_of; /* by route */
    size_t section_count;
    struct section_counts *sections; /* the last is for what fits no route */
    _Atomic uint64_t plays_taken, plays_refused;
};

struct metrics *metrics_create(const struct http_route *routes, size_t route_count)
{
    struct metrics *metrics = calloc(1, sizeof(*metrics));
    size_t route = 0;

    if (metrics == NULL)
        abort();
    metrics->routes = routes;
    metrics->route_count = route_count;
    metrics->section_count = api_section_count + 1;
    metrics->sections = calloc(metrics->section_count, sizeof(*metrics->sections));
    metrics->section_of = calloc(route_count, sizeof(*metrics->section_of));
    if (metrics->sections == NULL || metrics->section_of == NULL)
        abort();
    for (size_t i = 0; i < api_section_count; i++) {
        metrics->sections[i].subject = api_sections[i]->subject;
        for (size_t k = 0; k < api_sections[i]->count && route < route_count; k++)
            metrics->section_of[route++] = i;
    }
    metrics->sections[api_section_count].subject = "None";
    return metrics;
}

void metrics_destroy(struct metrics *metrics)
{
    if (metrics == NULL)
        return;
    free(metrics->sections);
    free(metrics->section_of);
    free(metrics);
}

/* One thread writes; others read. */
static void count(_Atomic uint64_t *counter, uint64_t more)
{
    atomic_store_explicit(counter, atomic_load_explicit(counter, memory_order_relaxed) + more,
                          memory_order_relaxed);
}

static uint64_t read_count(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static void log_answer(const struct http_answered *answered)
{
    bool slow = answered->took_us >= SLOW_US;

    if (answered->status >= 500 || slow)
        log_write(answered->status >= 500 ? LOG_ERROR : LOG_WARN, "request",
                  "%s %s status=%u took_ms=%lld", answered->method,
                  answered->route != NULL ? answered->route->pattern : "-", answered->status,
                  (long long)(answered->took_us / 1000));
}

void metrics_count_answer(void *context, const struct http_answered *answered)
{
    const struct api *api = context;
    struct metrics *metrics = api->metrics;
    size_t section = api_section_count, bucket = 0;

    if (answered->route != NULL)
        section = metrics->section_of[answered->route - metrics->routes];
    struct section_counts *counts = &metrics->sections[section];
    count(&counts->answers[answered->status / 100 % CLASSES], 1);
    log_answer(answered);
    if (answered->status == 0)
        return;
    while (bucket < BUCKETS - 1 && answered->took_us > bounds_us[bucket])
        bucket++;
    count(&counts->buckets[bucket], 1);
    count(&counts->took_us, (uint64_t)answered->took_us);
}

void metrics_count_plays(struct metrics *metrics, uint64_t taken, uint64_t refused)
{
    atomic_fetch_add_explicit(&metrics->plays_taken, taken, memory_order_relaxed);
    atomic_fetch_add_explicit(&metrics->plays_refused, refused, memory_order_relaxed);
}

static void write_answers(const struct metrics *metrics, struct strbuf *out)
{
    static const char *const classes[CLASSES] = {"gone", "1xx", "2xx", "3xx", "4xx", "5xx"};

    text_family(out, "vitrine_http_requests_total", "counter",
                "Requests that are over, by section of the API and class of status.");
    for (size_t i = 0; i < metrics->section_count; i++) {
        for (size_t k = 0; k < CLASSES; k++) {
            uint64_t value = read_count(&metrics->sections[i].answers[k]);
            const struct text_label labels[] = {{"section", metrics->sections[i].subject},
                                                {"class", classes[k]}};
            if (value > 0 || k == 2)
                text_sample(out, "vitrine_http_requests_total", labels, 2, (double)value);
        }
    }
}

static void write_section_latency(const struct section_counts *counts, struct strbuf *out)
{
    uint64_t sum = 0;
    char bound[32];
    struct text_label labels[] = {{"section", counts->subject}, {"le", bound}};

    for (size_t i = 0; i < BUCKETS; i++) {
        sum += read_count(&counts->buckets[i]);
        if (i < BUCKETS - 1)
            snprintf(bound, sizeof(bound), "%g", (double)bounds_us[i] / 1e6);
        else
            snprintf(bound, sizeof(bound), "+Inf");
        text_sample(out, "vitrine_http_request_seconds_bucket", labels, 2, (double)sum);
    }
    text_sample(out, "vitrine_http_request_seconds_sum", labels, 1,
                (double)read_count(&counts->took_us) / 1e6);
    text_sample(out, "vitrine_http_request_seconds_count", labels, 1, (double)sum);
}

static void write_latency(const struct metrics *metrics, struct strbuf *out)
{
    text_family(out, "vitrine_http_request_seconds", "histogram",
                "From a request's last byte, or from being woken, to its answer.");
    for (size_t i = 0; i < metrics->section_count; i++)
        write_section_latency(&metrics->sections[i], out);
}

void metrics_write(struct api *api, struct strbuf *out)
{
    const struct metrics *metrics = api->metrics;

    write_answers(metrics, out);
    write_latency(metrics, out);
    text_one(out, "vitrine_plays_taken_total", "counter",
             "Plays that players reported, also again.", (double)read_count(&metrics->plays_taken));
    text_one(out, "vitrine_plays_refused_total", "counter",
             "Records of players that were wrong and left out.",
             (double)read_count(&metrics->plays_refused));
    metrics_write_state(api, out);
}

static void handle_metrics(struct http_request *request, void *context)
{
    struct strbuf text;

    strbuf_init(&text);
    metrics_write(context, &text);
    answer_bytes(request, "text/plain; version=0.0.4; charset=utf-8", text.bytes, text.length, NULL,
                 "no-store");
    strbuf_finish(&text);
}

static const struct http_route metrics_routes[] = {
    {.method = HTTP_GET, .pattern = "/metrics", .handle = handle_metrics, .pace = HTTP_QUICK},
};

bool metrics_start(struct api *api, struct error *err)
{
    const char *text = config_text(api->config.settings, CONFIG_METRICS_LISTEN);
    struct error error;
    char address[64];
    int port;

    if (*text == '\0' || !config_listen(text, address, sizeof(address), &port))
        return true;
    api->metrics_http = http_server_start(&(struct http_config){.address = address,
                                                                .port = port,
                                                                .routes = metrics_routes,
                                                                .route_count = 1,
                                                                .context = api,
                                                                .clock = api->config.clock,
                                                                .workers = 1},
                                          &error);
    if (api->metrics_http != NULL) {
        log_write(LOG_INFO, "metrics", "http://%s:%d/metrics", address,
                  http_server_port(api->metrics_http));
        return true;
    }
    if (config_given(api->config.settings, CONFIG_METRICS_LISTEN)) {
        *err = error;
        return false;
    }
    log_error(LOG_WARN, "metrics", &error);
    return true;
}

void metrics_stop(struct api *api)
{
    http_server_stop(api->metrics_http);
    api->metrics_http = NULL;
}
