#include "playlists/template.h"

#include <string.h>

const struct template_slot *template_slot(const struct template *template, const char *name)
{
    for (size_t i = 0; i < template->slot_count; i++) {
        if (strcmp(template->slots[i].name, name) == 0) {
            return &template->slots[i];
        }
    }
    return NULL;
}

static bool fail(struct error *err, const char *field, const char *parent)
{
    error_field(err, field);
    if (parent != NULL) {
        error_field(err, parent);
    }
    return false;
}

static bool is_choice(const struct template_slot *slot, const char *text)
{
    bool known = slot->choice_count == 0 || text[0] == '\0';
    for (size_t i = 0; i < slot->choice_count; i++) {
        known = known || strcmp(slot->choices[i], text) == 0;
    }
    return known;
}

static bool check_text(const struct template *template, const struct slide_text *text,
                       struct error *err)
{
    const struct template_slot *slot = template_slot(template, text->slot);
    if (slot == NULL) {
        error_set(err, ERROR_INVALID, "le modèle « %s » n’a pas de texte « %s »",
                  "template \"%s\" has no text \"%s\"", template->name, text->slot);
        return fail(err, "texts", NULL);
    }
    if (!is_choice(slot, text->text)) {
        error_set(err, ERROR_INVALID, "« %.40s » n’est pas une des valeurs prévues (« %s »…)",
                  "\"%.40s\" is none of the values allowed (\"%s\"…)", text->text,
                  slot->choices[0]);
        return fail(err, text->slot, "texts");
    }
    return true;
}

static bool check_needs(const struct template *template, const struct slide *slide,
                        struct error *err)
{
    for (size_t i = 0; i < template->slot_count; i++) {
        const struct template_slot *slot = &template->slots[i];
        if (slot->required && slide_text(slide, slot->name) == NULL) {
            error_set(err, ERROR_INVALID, "le modèle « %s » demande ce texte",
                      "template \"%s\" needs this text", template->name);
            return fail(err, slot->name, "texts");
        }
    }
    if (template->link_required && slide->link[0] == '\0') {
        error_set(err, ERROR_INVALID, "le modèle « %s » demande une adresse pour son code QR",
                  "template \"%s\" needs an address for its QR code", template->name);
        return fail(err, "link", NULL);
    }
    return true;
}

bool template_check_slide(const struct template_set *set, const struct slide *slide,
                          struct error *err)
{
    const struct template *template = template_set_find(set, slide->template);
    if (template == NULL) {
        error_set(err, ERROR_INVALID, "modèle inconnu : « %.40s »", "unknown template: \"%.40s\"",
                  slide->template);
        return fail(err, "template", NULL);
    }
    for (size_t i = 0; i < slide->text_count; i++) {
        if (!check_text(template, &slide->texts[i], err)) {
            return false;
        }
    }
    if (slide->picture_count > 0 && !template->photo) {
        error_set(err, ERROR_INVALID, "le modèle « %s » n’a pas d’image",
                  "template \"%s\" has no picture", template->name);
        return fail(err, "pictures", NULL);
    }
    if (slide->has_video && !template->film) {
        error_set(err, ERROR_INVALID, "le modèle « %s » n’a pas de film",
                  "template \"%s\" has no film", template->name);
        return fail(err, "video", NULL);
    }
    return check_needs(template, slide, err);
}

static const struct template_look *variant_of(const struct template_set *set,
                                              const struct template *template,
                                              const struct slide *slide)
{
    for (size_t i = 0; i < template->variant_count; i++) {
        const struct template_variant *variant = &template->variants[i];
        const char *value = slide_text(slide, variant->slot);
        if (value == NULL || strcmp(value, variant->value) != 0) {
            continue;
        }
        const struct template *other =
            variant->template[0] != '\0' ? template_set_find(set, variant->template) : NULL;
        return variant->template[0] == '\0' ? &variant->look
               : other != NULL              ? &other->look
                                            : &template->look;
    }
    return &template->look;
}

const struct template_look *template_look(const struct template_set *set, const struct slide *slide)
{
    const struct template *template = template_set_find(set, slide->template);
    return template != NULL ? variant_of(set, template, slide)
                            : &template_set_find(set, "announcement")->look;
}
