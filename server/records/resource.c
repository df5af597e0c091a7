#include "server/records/resource.h"

#include <string.h>

#define DOCUMENT_BYTES_MAX ((size_t)1024 * 1024)

const struct resource *const resources[] = {
    &resource_organisation, &resource_portrait, &resource_event,
    &resource_announcement, &resource_playlist, &resource_rule,
    &resource_screen,       &resource_group,    &resource_site,
};
const size_t resource_count = sizeof(resources) / sizeof(resources[0]);

const struct resource *resource_find(const char *kind)
{
    for (size_t i = 0; i < resource_count; i++)
        if (strcmp(resources[i]->kind, kind) == 0)
            return resources[i];
    return NULL;
}

const struct resource *resource_find_plural(const char *plural)
{
    for (size_t i = 0; i < resource_count; i++)
        if (strcmp(resources[i]->plural, plural) == 0)
            return resources[i];
    return NULL;
}

void resource_encode(const struct resource *resource, const void *value, struct strbuf *out)
{
    struct json_writer writer;

    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    form_encode(resource->form, value, &writer);
    json_end_object(&writer);
}

bool resource_decode(const struct resource *resource, const char *bytes, size_t length,
                     struct arena *arena, void **value_out, struct error *err)
{
    cJSON *json = json_parse(bytes, length, DOCUMENT_BYTES_MAX, err);

    if (json == NULL)
        return false;
    *value_out = arena_alloc(arena, resource->form->size);
    bool ok = form_decode(resource->form, json, arena, *value_out, err);
    cJSON_Delete(json);
    return ok;
}
