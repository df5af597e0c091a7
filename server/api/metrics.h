/* What the server tells of itself to Prometheus (text format 0.0.4) on a listener of its own, and
 * its log lines about answers that were slow or failed. Counting is a few additions in the HTTP
 * server's thread, without locks. No label holds anything that somebody sent: routes are told by
 * their section and pattern. */
#ifndef VITRINE_SERVER_API_METRICS_H
#define VITRINE_SERVER_API_METRICS_H

#include "core/strbuf.h"
#include "server/http/server.h"

struct api;
struct metrics;

/* Sections and routes are the API's table, in its order. */
struct metrics *metrics_create(const struct http_route *routes, size_t route_count);
void metrics_destroy(struct metrics *metrics); /* accepts NULL */

/* For http_config.answered; the context is the struct api. */
void metrics_count_answer(void *context, const struct http_answered *answered);
/* Any thread. */
void metrics_count_plays(struct metrics *metrics, uint64_t taken, uint64_t refused);

/* The listener of the setting metrics_listen; none when that is empty. An address that is taken is
 * an error only when somebody chose it. */
bool metrics_start(struct api *api, struct error *err) __attribute__((warn_unused_result));
void metrics_stop(struct api *api);

/* The whole text, for the listener and for tests. */
void metrics_write(struct api *api, struct strbuf *out);

#endif
