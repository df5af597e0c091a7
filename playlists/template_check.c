#include "playlists/template_check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "playlists/template_codec.h"

/* What the player knows to draw (player/scene/icon.h). */
static const char *const icons[] = {
    "info",      "travaux",       "horaires",  "velo",       "accessibilite", "merci",
    "appel",     "urgence",       "emergency", "calendrier", "alimentation",  "batiment",
    "culture",   "environnement", "numerique", "mobilite",   "textile",       "services",
    "sante",     "education",     "habitat",   "finance",    "reemploi",      "energie",
    "insertion", "lieu",          "telephone", "courriel",   "web",           "billet",
    "personne",  "porte",         "film",      "coche",
};

bool template_icon_known(const char *name)
{
    for (size_t i = 0; i < sizeof icons / sizeof icons[0]; i++) {
        if (strcmp(icons[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static double linear(uint32_t channel)
{
    double value = channel / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double luminance(uint32_t colour)
{
    return 0.2126 * linear(colour >> 16 & 0xFF) + 0.7152 * linear(colour >> 8 & 0xFF) +
           0.0722 * linear(colour & 0xFF);
}

double template_contrast(uint32_t a, uint32_t b)
{
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

static bool check_contrast(const char *ink, uint32_t text, const char *ground, uint32_t behind,
                           struct error *err)
{
    double contrast = template_contrast(text, behind);
    if (contrast >= TEMPLATE_CONTRAST_LEAST) {
        return true;
    }
    error_set(err, ERROR_INVALID, "« %s » sur « %s » : contraste de %.1f, %.0f au moins",
              "\"%s\" on \"%s\": contrast of %.1f, %.0f at least", ink, ground, contrast,
              TEMPLATE_CONTRAST_LEAST);
    error_field(err, ink);
    error_field(err, "colours");
    return false;
}

/* A text stands on the panel, and on the rounds where they go under it. */
static bool check_ink(const struct template_look *look, const struct slot_spec *spec,
                      struct error *err)
{
    const struct template_colours *colours = &look->colours;
    static const char *const names[] = {"main", "accent", "quiet", "head"};
    const uint32_t inks[] = {colours->main, colours->accent, colours->quiet, colours->head};
    bool head = spec->place == PLACE_HEAD;
    bool one_surface = look->visual == VISUAL_NONE || look->visual == VISUAL_ROUND ||
                       colours->visual == colours->panel;
    bool rounds = look->motif != MOTIF_NONE && (head || one_surface);
    return check_contrast(names[spec->ink], inks[spec->ink], head ? "visual" : "panel",
                          head ? colours->visual : colours->panel, err) &&
           (!rounds ||
            check_contrast(names[spec->ink], inks[spec->ink], "motif", colours->motif, err));
}

/* What is drawn besides the template's own slots (player/scene/slide_words.h). */
static bool is_derived(const struct template *template, const char *slot)
{
    return (strcmp(slot, "credit") == 0 && template->photo) ||
           (strcmp(slot, "legal") == 0 && template_slot(template, "sign") != NULL);
}

static bool check_spec(const struct template *template, const struct template_look *look,
                       const struct slot_spec *spec, struct error *err)
{
    bool rows = spec->dress == DRESS_ROWS;
    const char *slot = rows && strcmp(spec->slot, "row") == 0 ? "row_1" : spec->slot;
    if (template_slot(template, slot) == NULL && !is_derived(template, slot)) {
        error_set(err, ERROR_INVALID, "ce modèle n’a pas de texte « %s »",
                  "this template has no text \"%s\"", slot);
        error_field(err, "slot");
        return false;
    }
    if (rows != (strcmp(spec->slot, "row") == 0)) {
        error_set(err, ERROR_INVALID, "« rows » va avec le texte « row », et lui avec « rows »",
                  "\"rows\" goes with the text \"row\", and that one with \"rows\"");
        error_field(err, "dress");
        return false;
    }
    if (spec->with[0] != '\0' && template_slot(template, spec->with) == NULL) {
        error_set(err, ERROR_INVALID, "ce modèle n’a pas de texte « %s »",
                  "this template has no text \"%s\"", spec->with);
        error_field(err, "with");
        return false;
    }
    if ((spec->place == PLACE_HEAD) && look->visual != VISUAL_HEAD) {
        error_set(err, ERROR_INVALID, "« head » demande un visuel du genre « head »",
                  "\"head\" needs a visual of the kind \"head\"");
        error_field(err, "place");
        return false;
    }
    if (spec->icon[0] != '\0' && !template_icon_known(spec->icon)) {
        error_set(err, ERROR_INVALID, "icône inconnue : « %s »", "unknown icon: \"%s\"",
                  spec->icon);
        error_field(err, "icon");
        return false;
    }
    return true;
}

/* A head without room would hide its texts. */
static bool check_head(const struct template_look *look, struct error *err)
{
    static const char *const names[2][2] = {{"width.large", "width.small"},
                                            {"height.large", "height.small"}};
    for (int i = 0; look->visual == VISUAL_HEAD && i < 4; i++) {
        if (look->extent[i / 2][i % 2] < 1) {
            error_set(err, ERROR_INVALID, "une partie « head » a au moins une unité",
                      "a \"head\" part has at least one unit");
            error_field(err, names[i / 2][i % 2]);
            error_field(err, "visual");
            return false;
        }
    }
    return true;
}

bool template_check_look(const struct template *template, const struct template_look *look,
                         struct error *err)
{
    if (!check_head(look, err)) {
        return false;
    }
    for (size_t i = 0; i < look->spec_count; i++) {
        const struct slot_spec *spec = &look->specs[i];
        bool twice = false;
        for (size_t j = 0; j < i; j++) {
            twice = twice || strcmp(look->specs[j].slot, spec->slot) == 0;
        }
        if (twice) {
            error_set(err, ERROR_INVALID, "ce texte figure deux fois", "this text is there twice");
        }
        if (twice || !check_spec(template, look, spec, err)) {
            char field[32];
            snprintf(field, sizeof field, "column[%zu]", i);
            error_field(err, field);
            return false;
        }
        if (!check_ink(look, spec, err)) {
            return false;
        }
    }
    if (look->sign[0] != '\0' && !template_icon_known(look->sign)) {
        error_set(err, ERROR_INVALID, "icône inconnue : « %s »", "unknown icon: \"%s\"",
                  look->sign);
        error_field(err, "sign");
        error_field(err, "visual");
        return false;
    }
    /* Signs, and the words of calendar cards. */
    return check_contrast("sign", look->colours.sign, "disc", look->colours.disc, err);
}

bool template_check_variant(const struct template *template, const struct template_variant *variant,
                            struct error *err)
{
    const struct template_slot *slot = template_slot(template, variant->slot);
    bool known = false;
    for (size_t i = 0; slot != NULL && i < slot->choice_count; i++) {
        known = known || strcmp(slot->choices[i], variant->value) == 0;
    }
    if (!known) {
        error_set(err, ERROR_INVALID, "« %s » n’est pas une valeur du texte « %s »",
                  "\"%s\" is no value of the text \"%s\"", variant->value, variant->slot);
        error_field(err, "value");
        return false;
    }
    if (strcmp(variant->template, template->name) == 0) {
        error_set(err, ERROR_INVALID, "un autre modèle est attendu",
                  "another template is expected");
        error_field(err, "template");
        return false;
    }
    return true;
}
