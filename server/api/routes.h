/* The one table of routes, in sections by subject, with what the API's description (OpenAPI) tells
 * of each. A section stands beside its handlers and holds no more than a subject's routes. */
#ifndef VITRINE_SERVER_API_ROUTES_H
#define VITRINE_SERVER_API_ROUTES_H

#include "server/auth/auth.h"
#include "server/content/form.h"
#include "server/http/server.h"

enum api_shape {
    API_NOTHING, /* 204 */
    API_ONE,     /* a JSON object of `gives` */
    API_PAGE,    /* {"items": [objects of `gives`], "next": key or null} */
    API_OBJECT,  /* a JSON object without form: `members` tell it, or nothing does */
    API_BYTES,   /* `media_type` */
    API_REDIRECT,
};

enum api_query_type { API_QUERY_TEXT, API_QUERY_INT, API_QUERY_DATE, API_QUERY_INSTANT };

struct api_query {
    const char *name;
    enum api_query_type type;
    const char *about;
};

/* What an answer holds that no form writes; a table ends with name NULL. */
enum api_member_type { API_TEXT, API_INT, API_NUMBER, API_BOOL, API_TEXTS, API_PART, API_PARTS };

struct api_member {
    const char *name;
    enum api_member_type type;
    bool optional; /* may not be there */
    bool nullable;
    const struct api_member *parts; /* API_PART: of the object, API_PARTS: of each in the array */
    const char *about;
};

struct api_route {
    struct http_route http;
    const char *about;        /* English, a phrase: "List the portraits" */
    const struct form *takes; /* the body; NULL: none, or `takes_type` */
    const char *takes_type;   /* of a body that is no form: "application/offset+octet-stream" */
    enum api_shape shape;
    const struct form *gives;
    const struct api_member *members; /* API_OBJECT, or of each object of API_PAGE; beside `gives`:
                                         what is told besides */
    const char *media_type;           /* API_BYTES */
    const struct api_query *queries;  /* ends with name NULL; NULL: none */
    bool tagged;                      /* answers with ETag; changes ask for If-Match */
    bool record;                      /* `gives` is told with its state (workflow_encode) */
    bool created;                     /* answers 201 with Location */
};

struct api_section {
    const char *subject; /* "Portraits" */
    size_t count;
    const struct api_route *routes;
};

#define API_SECTION(variable, title, array)                                                        \
    const struct api_section variable = {title, sizeof(array) / sizeof((array)[0]), array}

/* One each, in the file of its subject; api_routes.c puts them together. */
extern const struct api_section section_service; /* health, the admin page */
extern const struct api_section section_players;
extern const struct api_section section_session;
extern const struct api_section section_desk;
extern const struct api_section section_people;
extern const struct api_section section_login_oidc;
extern const struct api_section section_screens;
extern const struct api_section section_enrolments;
extern const struct api_section section_emergencies;
extern const struct api_section section_organisations;
extern const struct api_section section_portraits;
extern const struct api_section section_events;
extern const struct api_section section_announcements;
extern const struct api_section section_playlists;
extern const struct api_section section_rules;
extern const struct api_section section_groups;
extern const struct api_section section_sites;
extern const struct api_section section_description;
extern const struct api_section section_measure;
extern const struct api_section section_schedule;
extern const struct api_section section_workflow;
extern const struct api_section section_approvals;
extern const struct api_section section_attendance;
extern const struct api_section section_notices;
extern const struct api_section section_today;
extern const struct api_section section_previews;
extern const struct api_section section_legibility;
extern const struct api_section section_playlist_trial;
extern const struct api_section section_outlines;
extern const struct api_section section_layouts;
extern const struct api_section section_names;
extern const struct api_section section_search;
extern const struct api_section section_media;
extern const struct api_section section_uploads;
extern const struct api_section section_imports;

extern const struct api_section *const api_sections[];
extern const size_t api_section_count;

/* All routes for the HTTP server, in an array that the caller frees. */
struct http_route *api_routes(size_t *count_out);

#endif
