/* Shared by the files of server/api only. */
#ifndef VITRINE_SERVER_API_INTERNAL_H
#define VITRINE_SERVER_API_INTERNAL_H

#include <limits.h>
#include <stdatomic.h>

#include "server/api/api.h"
#include "server/auth/auth.h"
#include "server/delivery/desk.h"
#include "server/drawing/pictures.h"
#include "server/fleet/publisher.h"
#include "server/fleet/roster.h"
#include "server/http/server.h"
#include "server/import/reference.h"
#include "server/measure/accountant.h"
#include "server/store/readers.h"
#include "server/store/writer.h"

struct api {
    struct api_config config;
    char media_folder[PATH_MAX];
    char screenshot_folder[PATH_MAX];
    char scratch_folder[PATH_MAX];
    struct sign_keys keys;
    struct writer writer;
    struct readers readers; /* for questions; the writer is for changes */
    struct db *looker;      /* the publisher's reader */
    struct db *gatherer;    /* the reader of the kiosks' directory */
    struct roster *roster;
    struct auth *auth;
    struct oidc *oidc;       /* NULL: local accounts only */
    atomic_int oidc_waiting; /* for the provider */
    struct publisher *publisher;
    struct accountant *accountant;
    struct keeper *keeper;         /* of the search's index */
    struct attendance *attendance; /* people on records */
    struct herald *herald;         /* tells people what happens */
    struct postman *postman;       /* NULL: no mail server is set */
    char *link_url;                /* of the herald's links */
    struct api_media *media;
    struct desk *imports;
    struct http_server *http;
    struct http_server *metrics_http; /* NULL: none */
    struct metrics *metrics;
    int64_t started_ms;
    struct http_route *routes;   /* owned */
    struct reference *reference; /* what drafts are told in; NULL: the lists are not there */
    struct drawing *drawing;
    struct pictures *pictures; /* previews that were promised */
    atomic_int drawings_asked; /* drawn or waiting */
    struct films *films;
};

/* Players. */
void api_enrol(struct http_request *request, void *context);
void api_manifest(struct http_request *request, void *context);
void api_reports(struct http_request *request, void *context);
void api_media(struct http_request *request, void *context);
void api_screenshot_sent(struct http_request *request, void *context);
void api_wish_answered(struct http_request *request, void *context);

/* People. */
bool api_oidc_start(struct api *api, struct error *err) __attribute__((warn_unused_result));
void api_oidc_stop(struct api *api);
void api_summary(struct http_request *request, void *context);
void api_frame(struct http_request *request, void *context);
void api_enrolments(struct http_request *request, void *context);
void api_approve(struct http_request *request, void *context);
void api_refuse(struct http_request *request, void *context);
void api_screenshot(struct http_request *request, void *context);
void api_screenshot_ask(struct http_request *request, void *context);

bool api_media_start(struct api *api, struct error *err) __attribute__((warn_unused_result));
void api_media_stop(struct api *api);

/* The admin page and health. */
void api_page(struct http_request *request, void *context);
void api_home(struct http_request *request, void *context);
void api_health(struct http_request *request, void *context);
void api_ready(struct http_request *request, void *context);

/* The one gate: players by token, people by session, role and origin. */
bool api_authorise(struct http_request *request, int permission, void *context);
const char *api_cookie_name(const struct api *api);
bool api_instant(struct http_request *request, const struct api *api, int64_t *at_ms_out,
                 struct error *err);

/* Around what is drawn for a request: false, and answered, when too many draw or wait already. */
bool api_draw_begin(struct api *api, struct http_request *request);
void api_draw_end(struct api *api);
/* Answers the picture, which it frees. */
void api_draw_answer(struct http_request *request, struct drawing_picture *picture,
                     const char *cache_control);
/* The width of "?width=", 0 without one. */
bool api_draw_width(struct http_request *request, int *width_out, struct error *err)
    __attribute__((warn_unused_result));
#define API_DRAW_WIDTH                                                                             \
    {                                                                                              \
        "width", API_QUERY_INT, "Reduced to so many pixels: 64 to 1920"                            \
    }

/* The manifest a screen has now, decoded; NULL with err when it has none. */
struct manifest *api_current_manifest(struct api *api, const char *screen, struct error *err);

#endif
