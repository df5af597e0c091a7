#include <string.h>

#include "server/content/fields.h"
#include "server/content/forms.h"
#include "server/content/loading.h"

#define ELEMENTS_MAX 5000

static bool take_announcement(struct loading *loading, cJSON *object, struct error *err)
{
    struct announcement announcement = {.state = STATE_PUBLISHED,
                                        .updated_ms = loading->media->now_ms};
    enum upsert_result result;
    if (!form_decode(&announcement_form, object, loading->arena, &announcement, err) ||
        !announcements_upsert(loading->db, loading->arena, &announcement, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

bool loading_announcements(struct loading *loading, const cJSON *root, struct error *err)
{
    static const char *const keys[] = {"format", "announcements", NULL};
    return loading_format(root, keys, err) &&
           loading_each(loading, root, "announcements", ELEMENTS_MAX, take_announcement, err);
}

/* A document names the photo as a file beside it; the form, by its hash. */
static bool take_photo(struct loading *loading, cJSON *object, struct error *err)
{
    cJSON *photo = cJSON_GetObjectItemCaseSensitive(object, "photo");
    struct document_file file = {"", ""};
    if (json_get_object(object, "photo", err) == NULL) {
        return false;
    }
    if (!json_get_string(photo, "file", 1, 500, loading->arena, &file.path, err) ||
        !loading_media(loading, MEDIA_PICTURE, "file", &file, NULL, err)) {
        return error_field(err, "photo");
    }
    cJSON_DeleteItemFromObjectCaseSensitive(photo, "file");
    cJSON_AddStringToObject(photo, "media", file.sha256);
    return true;
}

/* So with the film and its captions, where there is one. */
static bool take_film(struct loading *loading, cJSON *object, struct error *err)
{
    cJSON *film = cJSON_GetObjectItemCaseSensitive(object, "film");
    struct document_file file = {"", ""}, captions = {"", ""};
    struct film_header header;
    if (film == NULL || cJSON_IsNull(film)) {
        return true;
    }
    if (json_get_object(object, "film", err) == NULL) {
        return false;
    }
    if (!json_has(film, "file")) { /* an export writes what is not there as null */
        cJSON_DeleteItemFromObjectCaseSensitive(object, "film");
        return true;
    }
    if (!json_get_string(film, "file", 1, 500, loading->arena, &file.path, err) ||
        !loading_media(loading, MEDIA_FILM, "file", &file, &header, err) ||
        !json_get_string(film, "captions", 1, 500, loading->arena, &captions.path, err) ||
        !loading_media(loading, MEDIA_CAPTIONS, "captions", &captions, NULL, err)) {
        return error_field(err, "film");
    }
    cJSON_DeleteItemFromObjectCaseSensitive(film, "file");
    cJSON_AddStringToObject(film, "media", file.sha256);
    cJSON_DeleteItemFromObjectCaseSensitive(film, "captions");
    cJSON_AddStringToObject(film, "captions_sha256", captions.sha256);
    return true;
}

/* What a document holds is shown at once. */
static bool check_photo(const struct portrait *portrait, struct error *err)
{
    const char *missing = portrait->alt[0] == '\0'            ? "alt"
                          : portrait->credit[0] == '\0'       ? "credit"
                          : portrait->consent_date[0] == '\0' ? "consent_date"
                                                              : NULL;
    if (missing == NULL) {
        return true;
    }
    error_set(err, ERROR_INVALID, "manquant", "missing");
    error_field(err, missing);
    return error_field(err, "photo");
}

static bool take_portrait(struct loading *loading, cJSON *object, struct error *err)
{
    struct portrait portrait = {.state = STATE_PUBLISHED, .updated_ms = loading->media->now_ms};
    struct arena *arena = loading->arena;
    enum upsert_result result;
    if (!take_photo(loading, object, err) || !take_film(loading, object, err) ||
        !form_decode(&portrait_form, object, arena, &portrait, err) ||
        !check_photo(&portrait, err) ||
        !references_check(loading->db, arena, REFERRED_ORGANISATION, portrait.organisation,
                          "organisation", err) ||
        !portraits_upsert(loading->db, arena, &portrait, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

bool loading_portraits(struct loading *loading, const cJSON *root, struct error *err)
{
    static const char *const keys[] = {"format", "portraits", NULL};
    return loading_format(root, keys, err) &&
           loading_each(loading, root, "portraits", ELEMENTS_MAX, take_portrait, err);
}

/* Of an organisation that is there; what else it says stays. */
static bool take_picture(struct loading *loading, cJSON *object, struct error *err)
{
    static const char *const keys[] = {"id", "file", "alt", "credit", "focal_x", "focal_y", NULL};
    struct organisation organisation;
    struct arena *arena = loading->arena;
    struct document_file file = {"", ""};
    enum upsert_result result;
    const char *id = "";
    if (!json_only_keys(object, keys, err) || !field_id(object, "id", arena, &id, err)) {
        return false;
    }
    if (!json_has(object, "file")) { /* an export writes a file that was lost as null */
        return true;
    }
    if (!organisations_get(loading->db, arena, id, &organisation, err) ||
        !json_get_string(object, "file", 1, 500, arena, &file.path, err) ||
        !loading_media(loading, MEDIA_PICTURE, "file", &file, NULL, err) ||
        !field_line(object, "alt", 1, 1000, arena, &organisation.image_alt, err) ||
        !field_line(object, "credit", 1, 200, arena, &organisation.image_credit, err) ||
        !json_get_number(object, "focal_x", 0, 1, &organisation.focal_x, err) ||
        !json_get_number(object, "focal_y", 0, 1, &organisation.focal_y, err)) {
        return false;
    }
    organisation.image = file.sha256;
    organisation.updated_ms = loading->media->now_ms;
    if (!organisations_upsert(loading->db, arena, &organisation, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

bool loading_pictures(struct loading *loading, const cJSON *root, struct error *err)
{
    static const char *const keys[] = {"format", "organisations", NULL};
    return loading_format(root, keys, err) &&
           loading_each(loading, root, "organisations", ELEMENTS_MAX, take_picture, err);
}
