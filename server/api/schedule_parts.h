/* Shared by the files of the schedule's routes only. */
#ifndef VITRINE_SERVER_API_SCHEDULE_PARTS_H
#define VITRINE_SERVER_API_SCHEDULE_PARTS_H

#include "server/api/asking.h"
#include "server/store/fleet.h"

/* Whether the request's person sees the screens of that site. */
bool schedule_sees(const struct http_request *request, const char *site);
/* The screens that they see, in order of id. */
bool schedule_screens(struct http_request *request, struct db *db, struct screen_list *out,
                      struct error *err) __attribute__((warn_unused_result));
/* "until_ms" and "from_ms" of an object. */
void schedule_put_span(struct json_writer *writer, int64_t from_ms, int64_t until_ms);

void api_rule_check(struct http_request *request, void *context);
void api_exposure(struct http_request *request, void *context);
void api_exposure_set(struct http_request *request, void *context);
void api_holidays(struct http_request *request, void *context);
void api_holidays_set(struct http_request *request, void *context);

#endif
