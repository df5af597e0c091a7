#include <stdlib.h>

#include "server/api/routes.h"

const struct api_section *const api_sections[] = {
    &section_service,       &section_players,       &section_session,        &section_people,
    &section_desk,          &section_login_oidc,    &section_screens,        &section_enrolments,
    &section_emergencies,   &section_measure,       &section_workflow,       &section_approvals,
    &section_search,        &section_organisations, &section_portraits,      &section_events,
    &section_announcements, &section_playlists,     &section_rules,          &section_schedule,
    &section_groups,        &section_sites,         &section_description,    &section_media,
    &section_uploads,       &section_imports,       &section_attendance,     &section_notices,
    &section_today,         &section_previews,      &section_playlist_trial, &section_outlines,
    &section_layouts,       &section_legibility,    &section_names,
};
const size_t api_section_count = sizeof(api_sections) / sizeof(api_sections[0]);

struct http_route *api_routes(size_t *count_out)
{
    size_t count = 0;

    for (size_t i = 0; i < api_section_count; i++)
        count += api_sections[i]->count;
    struct http_route *routes = calloc(count, sizeof(*routes));
    if (routes == NULL)
        abort();
    *count_out = 0;
    for (size_t i = 0; i < api_section_count; i++) {
        for (size_t k = 0; k < api_sections[i]->count; k++)
            routes[(*count_out)++] = api_sections[i]->routes[k].http;
    }
    return routes;
}
