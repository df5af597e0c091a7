#include <string.h>

#include "core/strbuf.h"
#include "playlists/playlist.h"
#include "server/content/fields.h"
#include "server/content/loading.h"
#include "server/content/slides_lists.h"
#include "server/content/templates.h"
#include "server/store/programming.h"

#define RULES_MAX 20000
#define RULE_SCREENS_MAX 2000
#define RULE_GROUPS_MAX 1000
#define CAMPAIGN_SHARE_DEFAULT 0.5

static bool refuse(struct error *err, const char *key)
{
    error_field(err, key);
    return false;
}

/* As it will be made when it is shown. */
static bool check_written(struct loading *loading, struct playlist_slide *slide, struct error *err)
{
    struct slide made;
    if (slide->organisation[0] != '\0' &&
        !loading_reference(loading, REFERENCE_ORGANISATION, slide->organisation, "organisation",
                           err)) {
        return false;
    }
    if (!loading_media(loading, MEDIA_PICTURE, "file", &slide->picture, NULL, err)) {
        return refuse(err, "picture");
    }
    struct template_set *templates = templates_load(loading->db, loading->arena, err);
    bool ok =
        templates != NULL && slides_written(slide, templates, LANG_FR, loading->arena, &made, err);
    template_set_destroy(templates);
    return ok;
}

static bool check_film(struct loading *loading, struct playlist_film *film, struct error *err)
{
    struct film_header header;
    if (!loading_media(loading, MEDIA_FILM, "file", &film->file, &header, err) ||
        !loading_media(loading, MEDIA_CAPTIONS, "captions", &film->captions, NULL, err)) {
        return false;
    }
    film->length_ms = header.length_ms;
    return true;
}

static bool check_entry(struct loading *loading, const struct playlist_entry *entry,
                        struct error *err)
{
    switch (entry->kind) {
    case ENTRY_PORTRAIT:
        return loading_reference(loading, REFERENCE_PORTRAIT, entry->subject, "slide.portrait",
                                 err);
    case ENTRY_EVENT:
        return loading_reference(loading, REFERENCE_EVENT, entry->subject, "slide.event", err);
    case ENTRY_HIGHLIGHT:
        return loading_reference(loading, REFERENCE_ORGANISATION, entry->subject,
                                 "slide.organisation", err);
    case ENTRY_ANNOUNCEMENT:
        return loading_reference(loading, REFERENCE_ANNOUNCEMENT, entry->subject,
                                 "slide.announcement", err);
    case ENTRY_WRITTEN:
        return check_written(loading, entry->slide, err) || refuse(err, "slide");
    case ENTRY_FILM:
        return check_film(loading, entry->film, err) || refuse(err, "film");
    case ENTRY_SOURCE_NOW_HERE:
    case ENTRY_SOURCE_FIGURE:
    case ENTRY_SOURCE_HIGHLIGHTS:
        return entry->site[0] == '\0' ||
               loading_reference(loading, REFERENCE_SITE, entry->site, "site", err);
    case ENTRY_SOURCE_PORTRAITS:
    case ENTRY_SOURCE_EVENTS:
    case ENTRY_SOURCE_AGENDA:
    case ENTRY_SOURCE_NEWS:
        return true;
    }
    return true;
}

static bool store_playlist(struct loading *loading, const struct playlist *playlist,
                           struct error *err)
{
    for (size_t i = 0; i < playlist->entry_count; i++) {
        if (!check_entry(loading, &playlist->entries[i], err)) {
            field_in_element(err, "entries", i);
            return false;
        }
    }
    struct strbuf document;
    strbuf_init(&document);
    playlist_encode(playlist, &document);
    struct playlist_record record = {.id = playlist->id,
                                     .title = playlist->title,
                                     .document = document.bytes,
                                     .updated_ms = loading->media->now_ms};
    enum upsert_result result;
    bool ok = playlists_upsert(loading->db, loading->arena, &record, &result, err);
    if (ok) {
        loading_count(loading, result);
    }
    strbuf_finish(&document);
    return ok;
}

bool loading_playlist(struct loading *loading, const char *bytes, size_t length, struct error *err)
{
    struct playlist *playlist = playlist_decode(bytes, length, err);
    if (playlist == NULL) {
        return false;
    }
    bool ok = store_playlist(loading, playlist, err);
    playlist_destroy(playlist);
    return ok;
}

static bool read_class(const cJSON *object, struct arena *arena, enum rule_class *out,
                       struct error *err)
{
    const char *text = NULL;
    if (!json_get_string(object, "class", 1, 32, arena, &text, err)) {
        return false;
    }
    for (int i = RULE_BASE; i <= RULE_EMERGENCY; i++) {
        if (strcmp(text, rule_class_tag((enum rule_class)i)) == 0) {
            *out = (enum rule_class)i;
            return true;
        }
    }
    error_set(err, ERROR_INVALID,
              "« %s » n’est pas une classe ; écrivez base, campaign, takeover ou emergency",
              "\"%s\" is no class; write base, campaign, takeover or emergency", text);
    return refuse(err, "class");
}

static bool read_hours(const cJSON *object, struct rule *rule, struct error *err)
{
    static const char *const keys[] = {"from", "until", NULL};
    rule->from_minute = 0;
    rule->until_minute = 1440;
    if (!json_has(object, "hours")) {
        return true;
    }
    const cJSON *hours = json_get_object(object, "hours", err);
    if (hours == NULL) {
        return false;
    }
    if (!json_only_keys(hours, keys, err) ||
        !field_minutes(hours, "from", false, &rule->from_minute, err) ||
        !field_minutes(hours, "until", true, &rule->until_minute, err)) {
        return refuse(err, "hours");
    }
    return true;
}

static bool read_share(const cJSON *object, struct rule *rule, struct error *err)
{
    rule->share = rule->class == RULE_CAMPAIGN ? CAMPAIGN_SHARE_DEFAULT : 1;
    if (!json_has(object, "share")) {
        return true;
    }
    if (rule->class != RULE_CAMPAIGN) {
        error_set(err, ERROR_INVALID,
                  "seule une campagne (class: campaign) partage la boucle ; retirez ce champ",
                  "only a campaign (class: campaign) shares the loop; remove this field");
        return refuse(err, "share");
    }
    return json_get_number(object, "share", 0.01, 1, &rule->share, err);
}

/* Dates bound a rule in the screen's local time; instants, exactly and everywhere at once. Every
 * published thing has an end. */
static bool read_bounds(const cJSON *object, struct rule *rule, struct error *err)
{
    if (!field_optional_instant(object, "starts", &rule->from_ms, err) ||
        !field_optional_instant(object, "ends", &rule->until_ms, err)) {
        return false;
    }
    if (rule->until_ms != 0 && rule->until_ms <= rule->from_ms) {
        error_set(err, ERROR_INVALID, "la fin (ends) ne suit pas le début (starts)",
                  "the end (ends) does not follow the beginning (starts)");
        return refuse(err, "ends");
    }
    bool dated = json_has(object, "from") || json_has(object, "until");
    if (!dated && rule->from_ms != 0 && rule->until_ms != 0) {
        rule->from_day = DAY_MIN;
        rule->until_day = DAY_MAX;
        return true;
    }
    return field_period(object, &rule->from_day, &rule->until_day, err);
}

static bool read_zone(const cJSON *object, struct arena *arena, struct rule *rule,
                      struct error *err)
{
    if (!field_optional_id(object, "zone", arena, &rule->zone, err)) {
        return false;
    }
    if (strcmp(rule->zone, "main") == 0) {
        rule->zone = "";
    }
    if (rule->zone[0] != '\0' && rule->class == RULE_EMERGENCY) {
        error_set(err, ERROR_INVALID, "une urgence prend l’écran ; retirez ce champ",
                  "an emergency takes the screen; remove this field");
        return refuse(err, "zone");
    }
    if (!json_has(object, "full_screen")) {
        return true;
    }
    bool full = true;
    if (!json_get_bool(object, "full_screen", &full, err)) {
        return false;
    }
    if (rule->zone[0] != '\0' || rule->class < RULE_TAKEOVER) {
        error_set(err, ERROR_INVALID,
                  "ce champ ne vaut que pour takeover et emergency dans la zone principale ; "
                  "retirez-le",
                  "this field is for takeover and emergency in the main zone only; remove it");
        return refuse(err, "full_screen");
    }
    rule->keep_zones = !full;
    return true;
}

static bool check_targets(struct loading *loading, const struct rule *rule, struct error *err)
{
    if (rule->screens.count + rule->groups.count == 0) {
        error_set(err, ERROR_INVALID,
                  "cette programmation ne vise aucun écran ; nommez un écran ou un groupe",
                  "this rule addresses no screen; name a screen or a group");
        return refuse(err, "screens");
    }
    for (size_t i = 0; i < rule->screens.count; i++) {
        if (!loading_reference(loading, REFERENCE_SCREEN, rule->screens.items[i], "screens", err)) {
            return false;
        }
    }
    return loading_groups(loading, &rule->groups, err);
}

static bool take_rule(struct loading *loading, const cJSON *object, struct error *err)
{
    static const char *const keys[] = {
        "id",     "title", "playlist", "screens", "groups", "class", "from",        "until",
        "starts", "ends",  "weekdays", "hours",   "share",  "zone",  "full_screen", NULL};
    struct rule rule = {
        .weekdays = 0x7f, .state = STATE_PUBLISHED, .updated_ms = loading->media->now_ms};
    struct arena *arena = loading->arena;
    enum upsert_result result;
    if (!json_only_keys(object, keys, err) || !field_id(object, "id", arena, &rule.id, err) ||
        !field_line(object, "title", 1, 200, arena, &rule.title, err) ||
        !field_id(object, "playlist", arena, &rule.playlist, err) ||
        !loading_reference(loading, REFERENCE_PLAYLIST, rule.playlist, "playlist", err) ||
        !field_ids(object, "screens", RULE_SCREENS_MAX, arena, &rule.screens, err) ||
        !field_ids(object, "groups", RULE_GROUPS_MAX, arena, &rule.groups, err) ||
        !check_targets(loading, &rule, err) || !read_class(object, arena, &rule.class, err) ||
        !read_bounds(object, &rule, err) || !read_zone(object, arena, &rule, err) ||
        (json_has(object, "weekdays") &&
         !field_weekdays(object, "weekdays", &rule.weekdays, err)) ||
        !read_hours(object, &rule, err) || !read_share(object, &rule, err) ||
        !rules_upsert(loading->db, arena, &rule, &result, err)) {
        return false;
    }
    loading_count(loading, result);
    return true;
}

bool loading_rules(struct loading *loading, const cJSON *root, struct error *err)
{
    static const char *const keys[] = {"format", "rules", NULL};
    return loading_format(root, keys, err) &&
           loading_each(loading, root, "rules", RULES_MAX, take_rule, err);
}
