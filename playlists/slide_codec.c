#include "playlists/slide_codec.h"

#include <stdio.h>

#define STRING_BYTES_MAX 8192

void json_put_sum(struct json_writer *writer, const char *key, const struct sha256 *sum)
{
    char hex[SHA256_HEX_SIZE];
    sha256_to_hex(sum, hex);
    json_put_string(writer, key, hex);
}

bool json_get_sum(const cJSON *object, const char *key, struct sha256 *sum_out, struct error *err)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    if (!cJSON_IsString(item) || !sha256_from_hex(item->valuestring, sum_out)) {
        error_set(err, ERROR_INVALID, "64 chiffres hexadécimaux minuscules sont attendus",
                  "64 lower-case hexadecimal digits are expected");
        error_field(err, key);
        return false;
    }
    return true;
}

void slide_encode(struct json_writer *writer, const struct slide *slide)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "id", slide->id);
    json_put_string(writer, "template", slide->template);
    json_put_string(writer, "subject", slide->subject);
    json_put_string(writer, "organisation", slide->organisation);
    json_put_string(writer, "title", slide->title);
    json_put_string(writer, "lang", slide->lang);
    json_put_string(writer, "link", slide->link);
    json_put_int(writer, "duration_ms", slide->duration_ms);
    json_begin_object(writer, "texts");
    for (size_t i = 0; i < slide->text_count; i++) {
        json_put_string(writer, slide->texts[i].slot, slide->texts[i].text);
    }
    json_end_object(writer);
    json_begin_array(writer, "pictures");
    for (size_t i = 0; i < slide->picture_count; i++) {
        const struct slide_picture *picture = &slide->pictures[i];
        json_begin_object(writer, NULL);
        json_put_string(writer, "slot", picture->slot);
        json_put_sum(writer, "file", &picture->file);
        json_put_number(writer, "focal_x", picture->focal_x);
        json_put_number(writer, "focal_y", picture->focal_y);
        json_put_string(writer, "alt", picture->alt);
        json_put_string(writer, "credit", picture->credit);
        json_end_object(writer);
    }
    json_end_array(writer);
    if (slide->has_video) {
        json_begin_object(writer, "video");
        json_put_sum(writer, "file", &slide->video.file);
        if (slide->video.has_captions) {
            json_put_sum(writer, "captions", &slide->video.captions);
        }
        json_put_int(writer, "length_ms", slide->video.length_ms);
        json_end_object(writer);
    }
    json_end_object(writer);
}

static bool get_string(const cJSON *object, const char *key, struct arena *arena,
                       const char **text_out, struct error *err)
{
    return json_get_string(object, key, 0, STRING_BYTES_MAX, arena, text_out, err);
}

static bool decode_texts(const cJSON *object, struct arena *arena, struct slide *slide,
                         struct error *err)
{
    const cJSON *texts = json_get_object(object, "texts", err);
    if (texts == NULL) {
        return false;
    }
    for (const cJSON *item = texts->child; item != NULL; item = item->next) {
        if (!cJSON_IsString(item) || slide->text_count == SLIDE_TEXTS_MAX) {
            error_set(err, ERROR_INVALID, "un texte est attendu, %d au plus",
                      "a text is expected, at most %d", SLIDE_TEXTS_MAX);
            error_field(err, item->string);
            error_field(err, "texts");
            return false;
        }
        slide->texts[slide->text_count++] = (struct slide_text){
            .slot = arena_strdup(arena, item->string),
            .text = arena_strdup(arena, item->valuestring),
        };
    }
    return true;
}

static bool decode_picture(const cJSON *object, struct arena *arena, struct slide_picture *picture,
                           struct error *err)
{
    static const char *const keys[] = {"slot", "file", "focal_x", "focal_y", "alt", "credit", NULL};
    return json_only_keys(object, keys, err) &&
           get_string(object, "slot", arena, &picture->slot, err) &&
           json_get_sum(object, "file", &picture->file, err) &&
           json_get_number(object, "focal_x", 0, 1, &picture->focal_x, err) &&
           json_get_number(object, "focal_y", 0, 1, &picture->focal_y, err) &&
           get_string(object, "alt", arena, &picture->alt, err) &&
           get_string(object, "credit", arena, &picture->credit, err);
}

static bool decode_pictures(const cJSON *object, struct arena *arena, struct slide *slide,
                            struct error *err)
{
    const cJSON *array =
        json_get_array(object, "pictures", SLIDE_PICTURES_MAX, &slide->picture_count, err);
    if (array == NULL) {
        return false;
    }
    size_t index = 0;
    for (const cJSON *item = array->child; item != NULL; item = item->next, index++) {
        if (!decode_picture(item, arena, &slide->pictures[index], err)) {
            char field[32];
            snprintf(field, sizeof field, "pictures[%zu]", index);
            error_field(err, field);
            return false;
        }
    }
    return true;
}

static bool decode_video(const cJSON *object, struct slide *slide, struct error *err)
{
    static const char *const keys[] = {"file", "captions", "length_ms", NULL};
    struct slide_video *video = &slide->video;
    slide->has_video = cJSON_GetObjectItemCaseSensitive(object, "video") != NULL;
    if (!slide->has_video) {
        return true;
    }
    const cJSON *member = json_get_object(object, "video", err);
    if (member == NULL) {
        return false;
    }
    video->has_captions = cJSON_GetObjectItemCaseSensitive(member, "captions") != NULL;
    if (!json_only_keys(member, keys, err) || !json_get_sum(member, "file", &video->file, err) ||
        (video->has_captions && !json_get_sum(member, "captions", &video->captions, err)) ||
        !json_get_int(member, "length_ms", 1, SLIDE_VIDEO_MS_MAX, &video->length_ms, err)) {
        error_field(err, "video");
        return false;
    }
    return true;
}

bool slide_decode(const cJSON *object, struct arena *arena, struct slide *slide_out,
                  struct error *err)
{
    static const char *const keys[] = {"id",    "template", "subject", "organisation",
                                       "title", "lang",     "link",    "duration_ms",
                                       "texts", "pictures", "video",   NULL};
    *slide_out = (struct slide){0};
    return json_only_keys(object, keys, err) &&
           get_string(object, "id", arena, &slide_out->id, err) &&
           get_string(object, "template", arena, &slide_out->template, err) &&
           get_string(object, "subject", arena, &slide_out->subject, err) &&
           get_string(object, "organisation", arena, &slide_out->organisation, err) &&
           get_string(object, "title", arena, &slide_out->title, err) &&
           get_string(object, "lang", arena, &slide_out->lang, err) &&
           get_string(object, "link", arena, &slide_out->link, err) &&
           json_get_int(object, "duration_ms", INT64_MIN, INT64_MAX, &slide_out->duration_ms,
                        err) &&
           decode_texts(object, arena, slide_out, err) &&
           decode_pictures(object, arena, slide_out, err) && decode_video(object, slide_out, err);
}
