#include "playlists/template_codec.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "core/utf8.h"
#include "playlists/template_check.h"

#define LABEL_MAX 120 /* characters */
#define ABOUT_MAX 400
#define CHARACTERS_MAX 1000

/* A document being read. */
struct reading {
    struct arena *arena;
    struct template *template;
    struct error *err;
};

static bool there(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key) != NULL;
}

static bool fail(struct reading *reading, const char *field, const char *fr, const char *en)
{
    error_set(reading->err, ERROR_INVALID, "%s%.0s", "%.0s%s", fr, en);
    if (field != NULL) {
        error_field(reading->err, field);
    }
    return false;
}

static bool within(struct reading *reading, bool good, const char *field)
{
    if (!good) {
        error_field(reading->err, field);
    }
    return good;
}

/* Members that may be missing keep what *out has. */
static bool maybe_bool(struct reading *reading, const cJSON *object, const char *key, bool *out)
{
    return !there(object, key) || json_get_bool(object, key, out, reading->err);
}

static bool maybe_int(struct reading *reading, const cJSON *object, const char *key, int min,
                      int max, int *out)
{
    int64_t value = *out;
    bool good = !there(object, key) || json_get_int(object, key, min, max, &value, reading->err);
    *out = (int)value;
    return good;
}

static bool maybe_number(struct reading *reading, const cJSON *object, const char *key, double max,
                         double *out)
{
    return !there(object, key) || json_get_number(object, key, 0, max, out, reading->err);
}

static bool get_name(struct reading *reading, const cJSON *object, const char *key,
                     const char **out)
{
    if (!json_get_string(object, key, 1, 40, reading->arena, out, reading->err)) {
        return false;
    }
    return slide_name_valid(*out) ||
           fail(reading, key, "minuscules sans accent, chiffres et _ attendus",
                "lower-case letters a-z, digits and _ are expected");
}

static bool maybe_name(struct reading *reading, const cJSON *object, const char *key,
                       const char **out)
{
    return !there(object, key) || get_name(reading, object, key, out);
}

static bool get_choice(struct reading *reading, const cJSON *object, const char *key,
                       const char *const *names, int *out)
{
    const char *text;
    if (!json_get_string(object, key, 1, 40, reading->arena, &text, reading->err)) {
        return false;
    }
    char expected[160] = "";
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], text) == 0) {
            *out = i;
            return true;
        }
        size_t length = strlen(expected);
        snprintf(expected + length, sizeof expected - length, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    error_set(reading->err, ERROR_INVALID, "« %s » : un de %s est attendu",
              "\"%s\": one of %s is expected", text, expected);
    error_field(reading->err, key);
    return false;
}

static bool maybe_choice(struct reading *reading, const cJSON *object, const char *key,
                         const char *const *names, int *out)
{
    return !there(object, key) || get_choice(reading, object, key, names, out);
}

static const char *const places[] = {"top", "body", "bottom", "head", NULL};
static const char *const tiers[] = {"headline", "fact", "credit", "emergency", NULL};
static const char *const weights[] = {"regular", "semibold", "extrabold", NULL};
static const char *const inks[] = {"main", "accent", "quiet", "head", NULL};
static const char *const dresses[] = {"none",  "icon", "indent", "quote", "rule", "date",
                                      "badge", "card", "figure", "rows",  NULL};
static const char *const kinds[] = {"none", "photo", "round", "qr", "head", NULL};
static const char *const sides[] = {"left", "right", "top", NULL};
static const char *const motifs[] = {"rounds", "sun", "none", NULL};

/* {"fr": …, "en": …}, by enum lang. */
static bool get_words(struct reading *reading, const cJSON *object, const char *key, size_t max,
                      const char *out[2])
{
    static const char *const keys[] = {"fr", "en", NULL};
    const cJSON *words = json_get_object(object, key, reading->err);
    if (words == NULL) {
        return false;
    }
    if (!json_only_keys(words, keys, reading->err) ||
        !json_get_string(words, "fr", 1, 4 * max, reading->arena, &out[LANG_FR], reading->err) ||
        !json_get_string(words, "en", 1, 4 * max, reading->arena, &out[LANG_EN], reading->err)) {
        return within(reading, false, key);
    }
    if (utf8_length(out[LANG_FR]) > max || utf8_length(out[LANG_EN]) > max) {
        error_set(reading->err, ERROR_LIMIT, "%zu caractères au plus", "at most %zu characters",
                  max);
        return within(reading, false, key);
    }
    return (utf8_composed(out[LANG_FR]) && utf8_composed(out[LANG_EN])) ||
           fail(reading, key, "texte qui n’est pas de l’UTF-8 composé (NFC)",
                "text that is not composed UTF-8 (NFC)");
}

static bool get_choices(struct reading *reading, const cJSON *object, struct template_slot *slot)
{
    const cJSON *array =
        json_get_array(object, "choices", TEMPLATE_CHOICES_MAX, &slot->choice_count, reading->err);
    if (array == NULL) {
        return false;
    }
    const char **choices = arena_array(reading->arena, slot->choice_count, sizeof *choices);
    size_t count = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next) {
        if (!cJSON_IsString(item) || !slide_name_valid(item->valuestring)) {
            return fail(reading, "choices", "minuscules sans accent, chiffres et _ attendus",
                        "lower-case letters a-z, digits and _ are expected");
        }
        choices[count++] = arena_strdup(reading->arena, item->valuestring);
    }
    slot->choices = choices;
    return count > 0 || fail(reading, "choices", "au moins une valeur est attendue",
                             "at least one value is expected");
}

static bool get_slot_facts(struct reading *reading, const cJSON *object, struct template_slot *slot)
{
    slot->read = true;
    return get_words(reading, object, "label", LABEL_MAX, slot->label) &&
           maybe_bool(reading, object, "required", &slot->required) &&
           maybe_bool(reading, object, "read", &slot->read) &&
           maybe_int(reading, object, "characters", 0, CHARACTERS_MAX, &slot->characters) &&
           (!there(object, "choices") || get_choices(reading, object, slot));
}

static bool add_slot(struct reading *reading, const struct template_slot *slot)
{
    struct template *template = reading->template;
    if (template_slot(template, slot->name) != NULL) {
        return fail(reading, "name", "ce nom figure deux fois", "this name is there twice");
    }
    if (template->slot_count == TEMPLATE_SLOTS_MAX) {
        error_set(reading->err, ERROR_LIMIT, "%d textes au plus", "at most %d texts",
                  TEMPLATE_SLOTS_MAX);
        return false;
    }
    ((struct template_slot *)template->slots)[template->slot_count++] = *slot;
    return true;
}

/* One of a list's three texts, for each of its rows. */
static bool add_row_slot(struct reading *reading, const cJSON *rows, const char *key,
                         const char *suffix, int row)
{
    static const char *const keys[] = {"label", "required", "read", "characters", NULL};
    const cJSON *object = json_get_object(rows, key, reading->err);
    if (object == NULL) {
        return false;
    }
    struct template_slot slot = {0};
    if (!json_only_keys(object, keys, reading->err) || !get_slot_facts(reading, object, &slot)) {
        return within(reading, false, key);
    }
    slot.name = arena_printf(reading->arena, "row_%d%s", row, suffix);
    slot.required = slot.required && row == 1;
    for (enum lang lang = LANG_FR; lang <= LANG_EN; lang++) {
        slot.label[lang] = arena_printf(reading->arena, "%s %d", slot.label[lang], row);
    }
    return within(reading, add_slot(reading, &slot), key);
}

static bool get_rows(struct reading *reading, const cJSON *object)
{
    static const char *const keys[] = {"count", "text", "label", "detail", NULL};
    int64_t count;
    if (!json_only_keys(object, keys, reading->err) ||
        !json_get_int(object, "count", 1, TEMPLATE_ROWS_MAX, &count, reading->err)) {
        return false;
    }
    for (int row = 1; row <= count; row++) {
        if (!add_row_slot(reading, object, "text", "", row) ||
            !add_row_slot(reading, object, "label", "_label", row) ||
            !add_row_slot(reading, object, "detail", "_detail", row)) {
            return false;
        }
    }
    return true;
}

static bool get_slot(struct reading *reading, const cJSON *object)
{
    static const char *const keys[] = {"name",       "label",   "required", "read",
                                       "characters", "choices", NULL};
    struct template_slot slot = {0};
    return json_only_keys(object, keys, reading->err) &&
           get_name(reading, object, "name", &slot.name) &&
           get_slot_facts(reading, object, &slot) && add_slot(reading, &slot);
}

static bool get_slots(struct reading *reading, const cJSON *root)
{
    size_t count;
    const cJSON *array = json_get_array(root, "slots", TEMPLATE_SLOTS_MAX, &count, reading->err);
    if (array == NULL) {
        return false;
    }
    reading->template->slots =
        arena_array(reading->arena, TEMPLATE_SLOTS_MAX, sizeof *reading->template->slots);
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, index++) {
        char field[32];
        snprintf(field, sizeof field, "slots[%zu]", index);
        if (!within(reading, get_slot(reading, item), field)) {
            return false;
        }
    }
    if (!there(root, "rows")) {
        return true;
    }
    const cJSON *rows = json_get_object(root, "rows", reading->err);
    return rows != NULL && within(reading, get_rows(reading, rows), "rows");
}

static bool maybe_colour(struct reading *reading, const cJSON *object, const char *key,
                         bool partial, uint32_t *out)
{
    const char *text;
    if (partial && !there(object, key)) {
        return true;
    }
    if (!json_get_string(object, key, 7, 7, reading->arena, &text, reading->err)) {
        return false;
    }
    if (text[0] != '#' || strspn(text + 1, "0123456789ABCDEF") != 6) {
        return fail(reading, key, "couleur « #RRVVBB » attendue, en majuscules",
                    "a colour \"#RRGGBB\" is expected, in capitals");
    }
    unsigned value;
    sscanf(text + 1, "%6X", &value);
    *out = value;
    return true;
}

static bool get_colours(struct reading *reading, const cJSON *look, bool partial,
                        struct template_colours *out)
{
    static const char *const keys[] = {"panel", "visual", "disc",  "sign", "motif", "rule",
                                       "main",  "accent", "quiet", "head", NULL};
    uint32_t *const values[] = {&out->panel, &out->visual, &out->disc,   &out->sign,  &out->motif,
                                &out->rule,  &out->main,   &out->accent, &out->quiet, &out->head};
    if (partial && !there(look, "colours")) {
        return true;
    }
    const cJSON *object = json_get_object(look, "colours", reading->err);
    if (object == NULL) {
        return false;
    }
    bool good = json_only_keys(object, keys, reading->err);
    for (size_t i = 0; good && keys[i] != NULL; i++) {
        good = maybe_colour(reading, object, keys[i], partial, values[i]);
    }
    return within(reading, good, "colours");
}

static bool get_extents(struct reading *reading, const cJSON *visual, const char *key, double *out)
{
    static const char *const keys[] = {"large", "small", "none", NULL};
    const cJSON *object = json_get_object(visual, key, reading->err);
    if (object == NULL) {
        return false;
    }
    bool good = json_only_keys(object, keys, reading->err);
    for (int size = 0; good && size < VISUAL_SIZES; size++) {
        good = json_get_number(object, keys[size], 0, 9, &out[size], reading->err);
    }
    return within(reading, good, key);
}

static bool get_visual(struct reading *reading, const cJSON *look, bool partial,
                       struct template_look *out)
{
    static const char *const keys[] = {"kind",  "motif",  "side",        "sign",
                                       "width", "height", "large_until", NULL};
    if (partial && !there(look, "visual")) {
        return true;
    }
    const cJSON *object = json_get_object(look, "visual", reading->err);
    if (object == NULL) {
        return false;
    }
    int kind = 0, motif = (int)out->motif, side = (int)out->side;
    bool good = json_only_keys(object, keys, reading->err) &&
                get_choice(reading, object, "kind", kinds, &kind) &&
                maybe_choice(reading, object, "motif", motifs, &motif) &&
                maybe_choice(reading, object, "side", sides, &side) &&
                maybe_name(reading, object, "sign", &out->sign) &&
                maybe_int(reading, object, "large_until", 0, DROP_MOST, &out->large_until);
    out->visual = (enum visual_kind)kind;
    out->motif = (enum visual_motif)motif;
    out->side = (enum visual_side)side;
    bool extent = out->visual != VISUAL_NONE;
    good = good && (!(extent || there(object, "width")) ||
                    get_extents(reading, object, "width", out->extent[0]));
    good = good && (!(extent || there(object, "height")) ||
                    get_extents(reading, object, "height", out->extent[1]));
    return within(reading, good, "visual");
}

static bool get_spec(struct reading *reading, const cJSON *object, struct slot_spec *spec)
{
    static const char *const keys[] = {"slot",   "place", "tier",    "size", "lines",
                                       "weight", "ink",   "gap",     "drop", "dress",
                                       "icon",   "with",  "columns", "keep", NULL};
    static const char *const keeps[] = {"details", "rows", NULL};
    int place = 0, tier = 0, weight = 0, ink = 0, dress = 0, keep = 0;
    *spec = (struct slot_spec){.icon = "", .with = "", .columns = 1};
    bool good = json_only_keys(object, keys, reading->err) &&
                get_name(reading, object, "slot", &spec->slot) &&
                get_choice(reading, object, "place", places, &place) &&
                get_choice(reading, object, "tier", tiers, &tier) &&
                json_get_number(object, "size", 0.1, 4, &spec->size, reading->err) &&
                maybe_int(reading, object, "lines", 0, 12, &spec->lines) &&
                maybe_choice(reading, object, "weight", weights, &weight) &&
                maybe_choice(reading, object, "ink", inks, &ink) &&
                maybe_number(reading, object, "gap", 2, &spec->gap) &&
                maybe_int(reading, object, "drop", 0, DROP_MOST, &spec->drop) &&
                maybe_choice(reading, object, "dress", dresses, &dress) &&
                maybe_name(reading, object, "icon", &spec->icon) &&
                maybe_name(reading, object, "with", &spec->with) &&
                maybe_int(reading, object, "columns", 1, 2, &spec->columns) &&
                maybe_choice(reading, object, "keep", keeps, &keep);
    spec->place = (enum slot_place)place;
    spec->tier = (enum text_tier)tier;
    spec->weight = (enum slot_weight)weight;
    spec->ink = (enum slot_ink)ink;
    spec->dress = (enum slot_dress)dress;
    spec->keep_rows = keep == 1;
    return good;
}

static bool get_column(struct reading *reading, const cJSON *look, bool partial,
                       struct template_look *out)
{
    if (partial && !there(look, "column")) {
        return true;
    }
    const cJSON *array =
        json_get_array(look, "column", TEMPLATE_SPECS_MAX, &out->spec_count, reading->err);
    if (array == NULL) {
        return false;
    }
    struct slot_spec *specs = arena_array(reading->arena, out->spec_count, sizeof *specs);
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, index++) {
        char field[32];
        snprintf(field, sizeof field, "column[%zu]", index);
        if (!within(reading, get_spec(reading, item, &specs[index]), field)) {
            return false;
        }
    }
    out->specs = specs;
    return index > 0 || fail(reading, "column", "au moins un texte est attendu",
                             "at least one text is expected");
}

/* Whole, or in a variant what differs from *out. */
static bool get_look(struct reading *reading, const cJSON *parent, bool partial,
                     struct template_look *out)
{
    static const char *const keys[] = {"colours", "visual", "body", "column", NULL};
    static const char *const bodies[] = {"top", "middle", NULL};
    const cJSON *look = json_get_object(parent, "look", reading->err);
    if (look == NULL) {
        return false;
    }
    int body = out->body_middle;
    bool good = json_only_keys(look, keys, reading->err) &&
                get_colours(reading, look, partial, &out->colours) &&
                get_visual(reading, look, partial, out) &&
                maybe_choice(reading, look, "body", bodies, &body) &&
                get_column(reading, look, partial, out);
    out->body_middle = body == 1;
    good = good && template_check_look(reading->template, out, reading->err);
    return within(reading, good, "look");
}

static bool get_variant(struct reading *reading, const cJSON *object,
                        struct template_variant *variant)
{
    static const char *const keys[] = {"slot", "value", "template", "look", NULL};
    *variant = (struct template_variant){.template = "", .look = reading->template->look};
    if (!json_only_keys(object, keys, reading->err) ||
        !get_name(reading, object, "slot", &variant->slot) ||
        !get_name(reading, object, "value", &variant->value) ||
        !maybe_name(reading, object, "template", &variant->template)) {
        return false;
    }
    if (there(object, "look") == (variant->template[0] != '\0')) {
        return fail(reading, NULL, "« look » ou « template » attendu, l’un des deux",
                    "\"look\" or \"template\" is expected, one of the two");
    }
    return (variant->template[0] != '\0' || get_look(reading, object, true, &variant->look)) &&
           template_check_variant(reading->template, variant, reading->err);
}

static bool get_variants(struct reading *reading, const cJSON *root)
{
    struct template *template = reading->template;
    if (!there(root, "variants")) {
        return true;
    }
    const cJSON *array = json_get_array(root, "variants", TEMPLATE_VARIANTS_MAX,
                                        &template->variant_count, reading->err);
    if (array == NULL) {
        return false;
    }
    struct template_variant *variants =
        arena_array(reading->arena, template->variant_count, sizeof *variants);
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, index++) {
        char field[32];
        snprintf(field, sizeof field, "variants[%zu]", index);
        if (!within(reading, get_variant(reading, item, &variants[index]), field)) {
            return false;
        }
    }
    template->variants = variants;
    return true;
}

static bool read_root(struct reading *reading, const cJSON *root)
{
    static const char *const keys[] = {"$schema",  "format", "name",     "title", "about",
                                       "internal", "photo",  "film",     "link",  "slots",
                                       "rows",     "look",   "variants", NULL};
    static const char *const links[] = {"optional", "required", NULL};
    struct template *template = reading->template;
    int64_t format;
    int link = 0;
    bool good =
        json_only_keys(root, keys, reading->err) &&
        json_get_int(root, "format", TEMPLATE_FORMAT, TEMPLATE_FORMAT, &format, reading->err) &&
        get_name(reading, root, "name", &template->name) &&
        get_words(reading, root, "title", LABEL_MAX, template->title) &&
        get_words(reading, root, "about", ABOUT_MAX, template->about) &&
        maybe_bool(reading, root, "internal", &template->internal) &&
        maybe_bool(reading, root, "photo", &template->photo) &&
        maybe_bool(reading, root, "film", &template->film) &&
        maybe_choice(reading, root, "link", links, &link) && get_slots(reading, root) &&
        get_look(reading, root, false, &template->look) && get_variants(reading, root);
    template->link_required = link == 1;
    return good;
}

bool template_decode(const char *bytes, size_t length, struct arena *arena,
                     struct template *template_out, struct error *err)
{
    cJSON *root = json_parse(bytes, length, TEMPLATE_BYTES_MAX, err);
    if (root == NULL) {
        return false;
    }
    *template_out = (struct template){.look = {.sign = ""},
                                      .source = arena_strndup(arena, bytes, length),
                                      .source_length = length};
    struct reading reading = {arena, template_out, err};
    bool good = read_root(&reading, root);
    cJSON_Delete(root);
    return good;
}
