/* Routes of the records that people keep. Those of screens stand with the fleet's. */
#include "server/api/content.h"
#include "server/content/forms.h"

#define BODY_MAX ((size_t)64 * 1024)
#define RULE_BODY_MAX ((size_t)256 * 1024)      /* names up to 2 000 screens */
#define PLAYLIST_BODY_MAX ((size_t)1024 * 1024) /* 200 entries */

#define BY_STATE                                                                                   \
    {                                                                                              \
        "state", API_QUERY_TEXT, "draft, submitted, approved, published or archived"               \
    }
#define BY_SITE                                                                                    \
    {                                                                                              \
        "site", API_QUERY_TEXT, "Id of the site that they are in or belong to"                     \
    }
#define BY_ORGANISATION                                                                            \
    {                                                                                              \
        "organisation", API_QUERY_TEXT, "Id of the organisation"                                   \
    }
#define BY_COMMUNE                                                                                 \
    {                                                                                              \
        "commune", API_QUERY_TEXT, "Name; case and accents do not count"                           \
    }
#define BY_SECTOR                                                                                  \
    {                                                                                              \
        "sector", API_QUERY_TEXT, "Id of the sector"                                               \
    }

static const struct api_query organisation_queries[] = {
    ASKING_LIMIT, ASKING_AFTER, BY_STATE, BY_SITE, BY_COMMUNE, BY_SECTOR, {0},
};
static const struct api_query portrait_queries[] = {
    ASKING_LIMIT, ASKING_AFTER, BY_STATE, BY_SITE, BY_ORGANISATION, BY_SECTOR, {0},
};
static const struct api_query event_queries[] = {
    ASKING_LIMIT, ASKING_AFTER, BY_STATE, BY_SITE, BY_ORGANISATION, BY_COMMUNE, {0},
};
static const struct api_query content_queries[] = {
    ASKING_LIMIT, ASKING_AFTER, BY_STATE, BY_SITE, {0},
};
static const struct api_query place_queries[] = {ASKING_LIMIT, ASKING_AFTER, {0}};

static const struct api_route organisation_routes[] = {
    CONTENT_ROUTES("organisations", "an organisation", organisation_form, organisation_queries,
                   PERMISSION_WRITE, BODY_MAX),
};
API_SECTION(section_organisations, "Organisations", organisation_routes);

static const struct api_route portrait_routes[] = {
    CONTENT_ROUTES("portraits", "a portrait", portrait_form, portrait_queries, PERMISSION_WRITE,
                   BODY_MAX),
};
API_SECTION(section_portraits, "Portraits", portrait_routes);

static const struct api_route event_routes[] = {
    CONTENT_ROUTES("events", "an event", event_form, event_queries, PERMISSION_WRITE, BODY_MAX),
};
API_SECTION(section_events, "Events", event_routes);

static const struct api_route announcement_routes[] = {
    CONTENT_ROUTES("announcements", "an announcement", announcement_form, content_queries,
                   PERMISSION_WRITE, BODY_MAX),
};
API_SECTION(section_announcements, "Announcements", announcement_routes);

static const struct api_route playlist_routes[] = {
    CONTENT_ROUTES("playlists", "a playlist", playlist_form, content_queries, PERMISSION_PUBLISH,
                   PLAYLIST_BODY_MAX),
};
API_SECTION(section_playlists, "Playlists", playlist_routes);

static const struct api_route rule_routes[] = {
    CONTENT_ROUTES("rules", "a rule", rule_form, content_queries, PERMISSION_PUBLISH,
                   RULE_BODY_MAX),
};
API_SECTION(section_rules, "Rules", rule_routes);

static const struct api_route group_routes[] = {
    CONTENT_ROUTES("groups", "a group of screens", group_form, place_queries, PERMISSION_OPERATE,
                   BODY_MAX),
};
API_SECTION(section_groups, "Groups", group_routes);

static const struct api_route site_routes[] = {
    CONTENT_ROUTES("sites", "a site", site_form, place_queries, PERMISSION_OPERATE, BODY_MAX),
};
API_SECTION(section_sites, "Sites", site_routes);
