#include <string.h>

#include "playlists/typography.h"
#include "server/content/fields.h"
#include "server/content/loading.h"
#include "server/store/editorial.h"

#define ELEMENTS_MAX 5000
#define QUOTE_WORDS_MAX 12
#define STORY_WORDS_MAX 80

static bool refuse(struct error *err, const char *key)
{
    error_field(err, key);
    return false;
}

static bool read_severity(const cJSON *object, struct arena *arena, enum severity *out,
                          struct error *err)
{
    const char *text = NULL;
    if (!json_get_string(object, "severity", 1, 32, arena, &text, err)) {
        return false;
    }
    for (int i = SEVERITY_INFO; i <= SEVERITY_EMERGENCY; i++) {
        if (strcmp(text, severity_tag((enum severity)i)) == 0) {
            *out = (enum severity)i;
            return true;
        }
    }
    error_set(err, ERROR_INVALID,
              "« %s » n’est pas un degré ; écrivez info, important ou emergency",
              "\"%s\" is no severity; write info, important or emergency", text);
    return refuse(err, "severity");
}

static bool take_announcement(struct loading *loading, const cJSON *object, struct error *err)
{
    static const char *const keys[] = {"id",  "title", "text",  "pictogram", "severity",
                                       "url", "from",  "until", NULL};
    struct announcement announcement = {.state = STATE_PUBLISHED,
                                        .updated_ms = loading->media->now_ms};
    struct arena *arena = loading->arena;
    enum upsert_result result;
    if (!json_only_keys(object, keys, err) ||
        !field_id(object, "id", arena, &announcement.id, err) ||
        !field_line(object, "title", 1, 200, arena, &announcement.title, err) ||
        !json_get_string(object, "text", 0, 1000, arena, &announcement.text, err) ||
        !field_optional_id(object, "pictogram", arena, &announcement.pictogram, err) ||
        !read_severity(object, arena, &announcement.severity, err) ||
        !field_optional_url(object, "url", arena, &announcement.url, err) ||
        !field_period(object, &announcement.from_day, &announcement.until_day, err) ||
        !announcements_upsert(loading->db, arena, &announcement, &result, err)) {
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

/* It is drawn only where there is room for all of it. */
static bool check_story(const char *story, struct error *err)
{
    size_t words = typography_words(story);
    if (words <= STORY_WORDS_MAX) {
        return true;
    }
    error_set(err, ERROR_LIMIT,
              "le récit compte %zu mots ; l’écran en montre %d au plus : retirez-en %zu",
              "the story has %zu words; the screen shows %d at most: remove %zu", words,
              STORY_WORDS_MAX, words - STORY_WORDS_MAX);
    return refuse(err, "story");
}

static bool check_quote(const char *quote, struct error *err)
{
    size_t words = typography_words(quote);
    if (words <= QUOTE_WORDS_MAX) {
        return true;
    }
    error_set(err, ERROR_LIMIT,
              "la citation compte %zu mots ; l’écran en montre %d au plus : retirez-en %zu",
              "the quote has %zu words; the screen shows %d at most: remove %zu", words,
              QUOTE_WORDS_MAX, words - QUOTE_WORDS_MAX);
    return refuse(err, "quote");
}

static bool read_photo(struct loading *loading, const cJSON *photo, struct portrait *portrait,
                       struct error *err)
{
    static const char *const keys[] = {"file",   "focal_x",      "focal_y", "alt",
                                       "credit", "consent_date", NULL};
    struct arena *arena = loading->arena;
    struct document_file file = {"", ""};
    int64_t consent_day = 0;
    bool ok = json_only_keys(photo, keys, err) &&
              json_get_string(photo, "file", 1, 500, arena, &file.path, err) &&
              json_get_number(photo, "focal_x", 0, 1, &portrait->focal_x, err) &&
              json_get_number(photo, "focal_y", 0, 1, &portrait->focal_y, err) &&
              field_line(photo, "alt", 1, 1000, arena, &portrait->alt, err) &&
              field_line(photo, "credit", 1, 200, arena, &portrait->credit, err) &&
              field_date(photo, "consent_date", &consent_day, err) &&
              json_get_string(photo, "consent_date", 10, 10, arena, &portrait->consent_date, err) &&
              loading_media(loading, MEDIA_PICTURE, "file", &file, NULL, err);
    portrait->photo = file.sha256;
    return ok;
}

static bool take_portrait(struct loading *loading, const cJSON *object, struct error *err)
{
    static const char *const keys[] = {
        "id",    "organisation", "leader_name", "leader_role", "quote",  "short_title", "story",
        "photo", "url",          "from",        "until",       "sector", NULL};
    struct portrait portrait = {.state = STATE_PUBLISHED, .updated_ms = loading->media->now_ms};
    struct arena *arena = loading->arena;
    if (!json_only_keys(object, keys, err) || !field_id(object, "id", arena, &portrait.id, err) ||
        !field_id(object, "organisation", arena, &portrait.organisation, err) ||
        !loading_reference(loading, REFERENCE_ORGANISATION, portrait.organisation, "organisation",
                           err) ||
        !field_line(object, "leader_name", 1, 200, arena, &portrait.leader_name, err) ||
        !field_line(object, "leader_role", 0, 200, arena, &portrait.leader_role, err) ||
        !field_line(object, "quote", 1, 500, arena, &portrait.quote, err) ||
        !check_quote(portrait.quote, err) ||
        !field_optional_text(object, "short_title", 120, arena, &portrait.short_title, err) ||
        !json_get_string(object, "story", 0, 2000, arena, &portrait.story, err) ||
        !check_story(portrait.story, err) ||
        !field_optional_url(object, "url", arena, &portrait.url, err) ||
        !field_period(object, &portrait.from_day, &portrait.until_day, err) ||
        !field_id(object, "sector", arena, &portrait.sector, err)) {
        return false;
    }
    const cJSON *photo = json_get_object(object, "photo", err);
    if (photo == NULL) {
        return false;
    }
    if (!read_photo(loading, photo, &portrait, err)) {
        return refuse(err, "photo");
    }
    enum upsert_result result;
    if (!portraits_upsert(loading->db, arena, &portrait, &result, err)) {
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
