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

static bool refuse_slot(struct error *err, const char *fr, const char *en, const char *slot)
{
    error_set(err, ERROR_INVALID, fr, en, slot);
    error_field(err, "slots");
    return false;
}

static bool has_choices(const struct template_slot *slot, const struct template_slot *shipped)
{
    bool all = true;
    for (size_t i = 0; slot->choice_count > 0 && i < shipped->choice_count; i++) {
        bool found = false;
        for (size_t k = 0; k < slot->choice_count; k++) {
            found = found || strcmp(slot->choices[k], shipped->choices[i]) == 0;
        }
        all = all && found;
    }
    return all && (shipped->choice_count > 0 || slot->choice_count == 0);
}

/* Slides that were written, or that the server writes itself, must still find their places in what
 * replaces a shipped template: an emergency's instruction would be lost without a word. */
static bool takes_slides_of(const struct template *template, const struct template *shipped,
                            struct error *err)
{
    for (size_t i = 0; i < shipped->slot_count; i++) {
        const struct template_slot *slot = template_slot(template, shipped->slots[i].name);
        if (slot == NULL || !has_choices(slot, &shipped->slots[i])) {
            return refuse_slot(err,
                               "ce modèle remplace un modèle livré, dont il doit garder le texte "
                               "« %s » et ses valeurs ; ou donnez-lui un autre nom",
                               "this template replaces a shipped one, whose text \"%s\" and its "
                               "values it must keep; or give it another name",
                               shipped->slots[i].name);
        }
    }
    for (size_t i = 0; i < template->slot_count; i++) {
        const struct template_slot *slot = template_slot(shipped, template->slots[i].name);
        if (template->slots[i].required && (slot == NULL || !slot->required)) {
            return refuse_slot(err,
                               "ce modèle remplace un modèle livré, qui ne demande pas le texte "
                               "« %s » ; ou donnez-lui un autre nom",
                               "this template replaces a shipped one, which does not need the text "
                               "\"%s\"; or give it another name",
                               template->slots[i].name);
        }
    }
    if (template->photo >= shipped->photo && template->film >= shipped->film &&
        template->link_required <= shipped->link_required) {
        return true;
    }
    return error_set(err, ERROR_INVALID,
                     "ce modèle remplace un modèle livré : il prend une photo (photo) ou un film "
                     "(film) si celui-ci en prend, et n’exige un lien (link) que s’il en exige un",
                     "this template replaces a shipped one: it takes a photo or a film where that "
                     "one does, and needs a link only where that one needs it");
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
    const struct template_set *builtin = template_set_builtin();
    struct template_set *set = template_set_overlay(builtin, &document, 1, err);
    if (set == NULL) {
        return false;
    }
    const char *name = template_name(loading, bytes, length);
    const struct template *shipped = template_set_find(builtin, name);
    bool ok = shipped == NULL || takes_slides_of(template_set_find(set, name), shipped, err);
    template_set_destroy(set);
    if (!ok) {
        return false;
    }
    const struct template_record record = {
        .name = name,
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
