#include <string.h>

#include "playlists/layout.h"
#include "playlists/template.h"
#include "server/content/fields.h"
#include "server/content/loading.h"
#include "server/store/looks.h"

static bool store_layout(struct loading *loading, struct layout *layout, struct error *err)
{
    for (size_t i = 0; i < layout->zone_count; i++) {
        struct layout_zone *zone = &layout->zones[i];
        if (zone->kind == ZONE_LOGO &&
            !loading_media(loading, MEDIA_PICTURE, "file", &zone->logo, NULL, err)) {
            field_in_element(err, "zones", i);
            return false;
        }
    }
    struct strbuf document;
    strbuf_init(&document);
    layout_encode(layout, &document);
    const struct layout_record record = {.id = layout->id,
                                         .title = layout->title,
                                         .document = document.bytes,
                                         .updated_ms = loading->media->now_ms};
    enum upsert_result result;
    bool ok = layouts_upsert(loading->db, loading->arena, &record, &result, err);
    if (ok) {
        loading_count(loading, result);
    }
    strbuf_finish(&document);
    return ok;
}

bool loading_layout(struct loading *loading, const char *bytes, size_t length, struct error *err)
{
    struct layout *layout = layout_decode(bytes, length, err);
    if (layout == NULL) {
        return false;
    }
    bool ok = store_layout(loading, layout, err);
    layout_destroy(layout);
    return ok;
}

/* Its name, of a document that is known to be a template. */
static const char *template_name(struct loading *loading, const char *bytes, size_t length)
{
    cJSON *root = json_parse(bytes, length, TEMPLATE_BYTES_MAX, NULL);
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(root, "name");
    const char *copy = cJSON_IsString(name) ? arena_strdup(loading->arena, name->valuestring) : "";
    cJSON_Delete(root);
    return copy;
}

bool loading_template(struct loading *loading, const char *bytes, size_t length, struct error *err)
{
    const struct template_document document = {bytes, length};
    struct template_set *set = template_set_overlay(template_set_builtin(), &document, 1, err);
    if (set == NULL) {
        return false;
    }
    template_set_destroy(set);
    const struct template_record record = {
        .name = template_name(loading, bytes, length),
        .document = arena_strndup(loading->arena, bytes, length),
        .updated_ms = loading->media->now_ms,
    };
    enum upsert_result result;
    if (!templates_upsert(loading->db, loading->arena, &record, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}
