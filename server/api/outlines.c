/* The map's ground: outlines of the communes (assets/data/outlines.py). */
#include "server/api/outlines_embedded.h"
#include "server/api/routes.h"

static void handle_outlines(struct http_request *request, void *context)
{
    const struct embedded_file *file = &outline_files[0];

    (void)context;
    if (request_has_etag(request, file->etag))
        answer_not_modified(request, file->etag);
    else
        answer_bytes(request, "application/json", file->bytes, file->size, file->etag,
                     "private, max-age=86400");
}

static const struct api_member plane_members[] = {
    {.name = "west", .type = API_NUMBER, .about = "Longitude of x = 0, degrees"},
    {.name = "north", .type = API_NUMBER, .about = "Latitude of y = 0, degrees"},
    {.name = "per_longitude", .type = API_NUMBER, .about = "Units a degree to the east"},
    {.name = "per_latitude", .type = API_NUMBER, .about = "Units a degree to the south"},
    {.name = "width", .type = API_INT},
    {.name = "height", .type = API_INT},
    {0},
};
static const struct api_member point_members[] = {
    {.name = "x", .type = API_INT},
    {.name = "y", .type = API_INT},
    {0},
};
static const struct api_member commune_members[] = {
    {.name = "code", .type = API_TEXT, .about = "Of INSEE"},
    {.name = "name", .type = API_TEXT},
    {.name = "centre", .type = API_PART, .parts = point_members},
    {.name = "path", .type = API_TEXT, .about = "As the attribute d of SVG"},
    {0},
};
static const struct api_member outlines_members[] = {
    {.name = "source",
     .type = API_TEXT,
     .about = "Whose data these are, to be named beside the map"},
    {.name = "plane", .type = API_PART, .parts = plane_members},
    {.name = "communes", .type = API_PARTS, .parts = commune_members},
    {0},
};

static const struct api_route routes[] = {
    {.http = {HTTP_GET, "/api/v1/communes/outlines", PERMISSION_READ, handle_outlines, 0,
              HTTP_SLOW},
     .about = "Give the outlines of the communes, for a map",
     .shape = API_OBJECT,
     .members = outlines_members},
};

API_SECTION(section_outlines, "Map", routes);
