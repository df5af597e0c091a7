#include "server/content/contours.h"

#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/json.h"

#define FILE_BYTES_MAX (1024 * 1024)
#define COMMUNES_MAX 500
#define PATH_BYTES_MAX 65536
#define PLANE_MOST 1e6

/* From the drawing's units to degrees. */
struct plane {
    double west, north, per_longitude, per_latitude;
};

static struct directory_point point_of(const struct plane *plane, long x, long y)
{
    return (struct directory_point){
        (float)(plane->west + (double)x / plane->per_longitude),
        (float)(plane->north - (double)y / plane->per_latitude),
    };
}

static bool fault(struct error *err)
{
    error_set(err, ERROR_INVALID, "un contour est de la forme « M1 2l3 4-5 6z »",
              "an outline looks like \"M1 2l3 4-5 6z\"");
    return error_field(err, "path");
}

static bool read_pair(const char **at, long *x_out, long *y_out)
{
    char *end;
    *x_out = strtol(*at, &end, 10);
    bool ok = end != *at;
    *at = end;
    *y_out = strtol(*at, &end, 10);
    ok = ok && end != *at;
    *at = end;
    return ok;
}

/* "M677 473l-8 0-3-38z": absolute, then steps. */
static bool read_ring(const char **at, const struct plane *plane, struct arena *arena,
                      struct directory_ring *out, struct error *err)
{
    long x, y, step_x, step_y;
    size_t most = strcspn(*at, "z") / 2 + 1;
    struct directory_point *points = arena_array(arena, most, sizeof *points);
    if (*(*at)++ != 'M' || !read_pair(at, &x, &y) || *(*at)++ != 'l') {
        return fault(err);
    }
    points[0] = point_of(plane, x, y);
    *out = (struct directory_ring){1, points};
    while (**at != 'z') {
        if (out->count == most || !read_pair(at, &step_x, &step_y)) {
            return fault(err);
        }
        x += step_x;
        y += step_y;
        points[out->count++] = point_of(plane, x, y);
    }
    (*at)++;
    return true;
}

static bool read_path(const char *path, const struct plane *plane, struct arena *arena,
                      struct directory_commune *out, struct error *err)
{
    size_t count = 0;
    for (const char *p = path; *p != '\0'; p++) {
        count += *p == 'M';
    }
    struct directory_ring *rings = arena_array(arena, count, sizeof *rings);
    const char *at = path;
    while (*at != '\0') {
        if (out->ring_count == count) {
            return fault(err);
        }
        if (!read_ring(&at, plane, arena, &rings[out->ring_count++], err)) {
            return false;
        }
    }
    out->rings = rings;
    return true;
}

static bool read_commune(const cJSON *object, const struct plane *plane, struct arena *arena,
                         struct directory_commune *out, struct error *err)
{
    const char *path = "";
    double x, y;
    const cJSON *centre = json_get_object(object, "centre", err);
    if (centre == NULL || !json_get_string(object, "code", 5, 5, arena, &out->code, err) ||
        !json_get_string(object, "name", 1, 200, arena, &out->name, err) ||
        !json_get_string(object, "path", 1, PATH_BYTES_MAX, arena, &path, err) ||
        !json_get_number(centre, "x", -PLANE_MOST, PLANE_MOST, &x, err) ||
        !json_get_number(centre, "y", -PLANE_MOST, PLANE_MOST, &y, err)) {
        return false;
    }
    out->longitude = plane->west + x / plane->per_longitude;
    out->latitude = plane->north - y / plane->per_latitude;
    return read_path(path, plane, arena, out, err);
}

static bool read_all(const cJSON *root, struct arena *arena, struct directory_commune_list *out,
                     struct error *err)
{
    struct plane plane;
    size_t count = 0;
    const cJSON *object = json_get_object(root, "plane", err);
    if (object == NULL || !json_get_number(object, "west", -180, 180, &plane.west, err) ||
        !json_get_number(object, "north", -90, 90, &plane.north, err) ||
        !json_get_number(object, "per_longitude", 1, PLANE_MOST, &plane.per_longitude, err) ||
        !json_get_number(object, "per_latitude", 1, PLANE_MOST, &plane.per_latitude, err)) {
        return false;
    }
    const cJSON *array = json_get_array(root, "communes", COMMUNES_MAX, &count, err);
    if (array == NULL) {
        return false;
    }
    struct directory_commune *communes = arena_array(arena, count, sizeof *communes);
    *out = (struct directory_commune_list){0, communes};
    for (const cJSON *one = array->child; one != NULL; one = one->next) {
        communes[out->count] = (struct directory_commune){0};
        if (!read_commune(one, &plane, arena, &communes[out->count++], err)) {
            return false;
        }
    }
    return true;
}

bool contours_load(const char *folder, struct arena *arena, struct directory_commune_list *out,
                   struct error *err)
{
    const char *path = arena_printf(arena, "%s/data/communes_contours.json", folder);
    char *bytes = NULL;
    size_t length = 0;
    if (!file_read(path, FILE_BYTES_MAX, &bytes, &length, err)) {
        error_at(err, path, 0);
        return false;
    }
    cJSON *root = json_parse(bytes, length, FILE_BYTES_MAX, err);
    bool ok = root != NULL && read_all(root, arena, out, err);
    if (!ok) {
        error_at(err, path, 0);
    }
    cJSON_Delete(root);
    free(bytes);
    return ok;
}

const struct directory_commune *contours_find(const struct directory_commune_list *communes,
                                              const char *code)
{
    for (size_t i = 0; i < communes->count; i++) {
        if (strcmp(communes->items[i].code, code) == 0) {
            return &communes->items[i];
        }
    }
    return NULL;
}
