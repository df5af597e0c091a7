#include "playlists/playlist_written.h"

#include <stdio.h>
#include <string.h>

#include "core/lang.h"

#define LINK_LENGTH_MAX 300
#define ORGANISATION_LENGTH_MAX 120
#define ALT_LENGTH_MAX 500
#define CREDIT_LENGTH_MAX 120
#define TITLE_LENGTH_MAX 120
#define SLOT_LENGTH_MAX 40

static bool fail_slot(struct error *err, const char *slot)
{
    char field[16 + SLOT_LENGTH_MAX];
    snprintf(field, sizeof field, "texts.%.*s", SLOT_LENGTH_MAX, slot);
    return error_field(err, field);
}

static bool decode_texts(const cJSON *object, struct arena *arena, struct playlist_slide *slide,
                         struct error *err)
{
    const cJSON *texts = json_get_object(object, "texts", err);
    if (texts == NULL) {
        return false;
    }
    for (const cJSON *item = texts->child; item != NULL; item = item->next) {
        if (!slide_name_valid(item->string)) {
            error_set(err, ERROR_INVALID,
                      "nom de texte attendu : lettres minuscules sans accent, chiffres, « _ »",
                      "a text's name is expected: lower-case letters, digits, \"_\"");
            return fail_slot(err, item->string);
        }
        if (slide->text_count == SLIDE_TEXTS_MAX) {
            error_set(err, ERROR_LIMIT, "plus de %d textes", "more than %d texts", SLIDE_TEXTS_MAX);
            return error_field(err, "texts");
        }
        struct slide_text *text = &slide->texts[slide->text_count++];
        text->slot = arena_strdup(arena, item->string);
        if (!json_get_string(texts, item->string, 0, SLIDE_TEXT_BYTES_MAX, arena, &text->text,
                             err)) {
            return error_field(err, "texts");
        }
    }
    return true;
}

static bool get_share(const cJSON *object, const char *key, double *share_out, struct error *err)
{
    *share_out = 0.5;
    return cJSON_GetObjectItemCaseSensitive(object, key) == NULL ||
           json_get_number(object, key, 0, 1, share_out, err);
}

static bool decode_picture(const cJSON *object, struct arena *arena, struct playlist_slide *slide,
                           struct error *err)
{
    static const char *const keys[] = {"file",    "file_sha256", "alt", "credit",
                                       "focal_x", "focal_y",     NULL};
    slide->alt = slide->credit = "";
    if (cJSON_GetObjectItemCaseSensitive(object, "picture") == NULL) {
        return true;
    }
    const cJSON *picture = json_get_object(object, "picture", err);
    slide->has_picture = true;
    if (picture == NULL) {
        return false;
    }
    return (json_only_keys(picture, keys, err) &&
            document_file(picture, "file", true, arena, &slide->picture, err) &&
            document_optional_text(picture, "alt", ALT_LENGTH_MAX, arena, &slide->alt, err) &&
            document_optional_text(picture, "credit", CREDIT_LENGTH_MAX, arena, &slide->credit,
                                   err) &&
            get_share(picture, "focal_x", &slide->focal_x, err) &&
            get_share(picture, "focal_y", &slide->focal_y, err)) ||
           error_field(err, "picture");
}

static bool get_lang(const cJSON *object, struct arena *arena, const char **lang_out,
                     struct error *err)
{
    enum lang lang;
    *lang_out = "";
    if (cJSON_GetObjectItemCaseSensitive(object, "lang") == NULL) {
        return true;
    }
    if (!json_get_string(object, "lang", 1, 16, arena, lang_out, err)) {
        return false;
    }
    if (!lang_parse(*lang_out, &lang)) {
        error_set(err, ERROR_INVALID, "« %s » n’est pas une langue connue ; écrivez fr ou en",
                  "\"%s\" is no known language; write fr or en", *lang_out);
        return error_field(err, "lang");
    }
    return true;
}

bool playlist_slide_decode(const cJSON *object, struct arena *arena,
                           struct playlist_slide **slide_out, struct error *err)
{
    static const char *const keys[] = {"template",     "texts",   "lang", "link",
                                       "organisation", "picture", NULL};
    struct playlist_slide *slide = arena_alloc(arena, sizeof *slide);
    *slide_out = slide;
    slide->picture = (struct document_file){"", ""};
    if (!json_only_keys(object, keys, err) ||
        !json_get_string(object, "template", 1, SLOT_LENGTH_MAX, arena, &slide->template, err)) {
        return false;
    }
    if (!slide_name_valid(slide->template)) {
        error_set(err, ERROR_INVALID,
                  "nom de modèle attendu : lettres minuscules sans accent, chiffres, « _ »",
                  "a template's name is expected: lower-case letters, digits, \"_\"");
        return error_field(err, "template");
    }
    return decode_texts(object, arena, slide, err) && get_lang(object, arena, &slide->lang, err) &&
           document_optional_text(object, "link", LINK_LENGTH_MAX, arena, &slide->link, err) &&
           document_optional_text(object, "organisation", ORGANISATION_LENGTH_MAX, arena,
                                  &slide->organisation, err) &&
           decode_picture(object, arena, slide, err);
}

static void put_filled(struct json_writer *writer, const char *key, const char *text)
{
    if (text[0] != '\0') {
        json_put_string(writer, key, text);
    }
}

static void put_share(struct json_writer *writer, const char *key, double share)
{
    if (share < 0.5 || share > 0.5) {
        json_put_number(writer, key, share);
    }
}

void playlist_slide_encode(struct json_writer *writer, const struct playlist_slide *slide)
{
    json_begin_object(writer, "slide");
    json_put_string(writer, "template", slide->template);
    json_begin_object(writer, "texts");
    for (size_t i = 0; i < slide->text_count; i++) {
        json_put_string(writer, slide->texts[i].slot, slide->texts[i].text);
    }
    json_end_object(writer);
    put_filled(writer, "lang", slide->lang);
    put_filled(writer, "link", slide->link);
    put_filled(writer, "organisation", slide->organisation);
    if (slide->has_picture) {
        json_begin_object(writer, "picture");
        document_put_file(writer, "file", &slide->picture);
        put_filled(writer, "alt", slide->alt);
        put_filled(writer, "credit", slide->credit);
        put_share(writer, "focal_x", slide->focal_x);
        put_share(writer, "focal_y", slide->focal_y);
        json_end_object(writer);
    }
    json_end_object(writer);
}

bool playlist_film_decode(const cJSON *object, struct arena *arena, struct playlist_film **film_out,
                          struct error *err)
{
    static const char *const keys[] = {"file",  "file_sha256", "captions", "captions_sha256",
                                       "title", "length_ms",   NULL};
    struct playlist_film *film = arena_alloc(arena, sizeof *film);
    int length_ms;
    *film_out = film;
    if (!json_only_keys(object, keys, err) ||
        !document_file(object, "file", true, arena, &film->file, err) ||
        !document_file(object, "captions", false, arena, &film->captions, err) ||
        !document_optional_text(object, "title", TITLE_LENGTH_MAX, arena, &film->title, err) ||
        !document_optional_int(object, "length_ms", 1, SLIDE_VIDEO_MS_MAX, 0, &length_ms, err)) {
        return false;
    }
    film->length_ms = length_ms;
    return true;
}

void playlist_film_encode(struct json_writer *writer, const struct playlist_film *film)
{
    json_begin_object(writer, "film");
    document_put_file(writer, "file", &film->file);
    document_put_file(writer, "captions", &film->captions);
    put_filled(writer, "title", film->title);
    if (film->length_ms > 0) {
        json_put_int(writer, "length_ms", film->length_ms);
    }
    json_end_object(writer);
}
