#include "server/fleet/emergency.h"

#include <stdio.h>
#include <string.h>

#include "core/civil.h"
#include "core/sign.h"
#include "core/utf8.h"
#include "playlists/playlist.h"
#include "server/content/slides.h"
#include "server/content/zone.h"
#include "server/fleet/emergency_private.h"
#include "server/schedule/rules.h"
#include "server/store/accounts.h"
#include "server/store/alerts.h"
#include "server/store/editorial.h"
#include "server/store/fleet.h"
#include "server/store/programming.h"
#include "server/store/settings.h"

#define ID_PREFIX "urgence-"
#define JUST_ENDED_MS 60000
#define TIME_ZONE "Europe/Paris" /* of dates, in lists that are not of one screen */

/* --- what is asked --------------------------------------------------------------------------- */

static bool blank(const char *text)
{
    return text == NULL || strspn(text, " \n\t") == strlen(text);
}

static bool check_text(const char *text, const char *field, size_t max, bool lines,
                       struct error *err)
{
    if (strlen(text) > max || !utf8_valid(text, strlen(text))) {
        error_set(err, ERROR_INVALID, "ce texte est trop long, ou n’est pas de l’UTF-8",
                  "this text is too long, or no UTF-8");
        return error_field(err, field);
    }
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' && !(lines && *text == '\n')) {
            error_set(err, ERROR_INVALID, "les caractères de commande ne sont pas admis",
                      "control characters are not allowed");
            return error_field(err, field);
        }
    }
    return true;
}

static bool check_texts(const struct emergency *emergency, struct error *err)
{
    if (blank(emergency->title)) {
        error_set(err, ERROR_INVALID, "il faut un titre", "a title is needed");
        return error_field(err, "title");
    }
    return check_text(emergency->title, "title", EMERGENCY_TITLE_MAX, false, err) &&
           check_text(emergency->text, "text", EMERGENCY_TEXT_MAX, true, err);
}

static bool check_time(const struct emergency *emergency, int64_t now_ms, struct error *err)
{
    if (emergency->until_ms <= now_ms) {
        error_set(err, ERROR_INVALID, "la fin est déjà passée", "the end is over already");
        return error_field(err, "until");
    }
    if (emergency->until_ms - now_ms > EMERGENCY_LENGTH_MAX_MS) {
        error_set(err, ERROR_INVALID, "une urgence dure sept jours au plus",
                  "an emergency lasts seven days at most");
        return error_field(err, "until");
    }
    return true;
}

static const struct screen *find_screen(const struct screen_list *screens, const char *id)
{
    for (size_t i = 0; i < screens->count; i++) {
        if (strcmp(screens->items[i].id, id) == 0)
            return &screens->items[i];
    }
    return NULL;
}

static bool list_has(const struct text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], text) == 0)
            return true;
    }
    return false;
}

static void name_all(struct emergency *emergency, const struct screen_list *screens,
                     struct arena *arena)
{
    emergency->screens.items = arena_array(arena, screens->count, sizeof(const char *));
    emergency->screens.count = screens->count;
    for (size_t i = 0; i < screens->count; i++)
        emergency->screens.items[i] = screens->items[i].id;
}

static bool check_groups(struct db *db, struct arena *arena, const struct text_list *groups,
                         struct error *err)
{
    struct group_list known;

    if (groups->count > 0 && !groups_list(db, arena, &known, err))
        return false;
    for (size_t i = 0; i < groups->count; i++) {
        bool found = false;
        for (size_t k = 0; !found && k < known.count; k++)
            found = strcmp(known.items[k].id, groups->items[i]) == 0;
        if (found)
            continue;
        error_set(err, ERROR_INVALID, "il n’y a pas de groupe « %s »", "there is no group \"%s\"",
                  groups->items[i]);
        return error_field(err, "groups");
    }
    return true;
}

static bool check_places(struct db *db, struct arena *arena, struct emergency *emergency,
                         struct error *err)
{
    struct screen_list screens;

    if (!screens_list(db, arena, &screens, err))
        return false;
    if (emergency->everywhere)
        name_all(emergency, &screens, arena);
    if (emergency->screens.count + emergency->groups.count == 0) {
        error_set(err, ERROR_INVALID, "cette urgence ne vise aucun écran",
                  "this emergency addresses no screen");
        return error_field(err, "screens");
    }
    for (size_t i = 0; i < emergency->screens.count; i++) {
        if (find_screen(&screens, emergency->screens.items[i]) == NULL) {
            error_set(err, ERROR_INVALID, "il n’y a pas d’écran « %s »",
                      "there is no screen \"%s\"", emergency->screens.items[i]);
            return error_field(err, "screens");
        }
    }
    return check_groups(db, arena, &emergency->groups, err);
}

/* --- in the store ---------------------------------------------------------------------------- */

bool emergency_audit(struct db *db, const char *action, const char *id, const char *title,
                     const char *user, int64_t now_ms, struct error *err)
{
    return audit_add(
        db,
        &(struct audit_entry){
            .time_ms = now_ms, .user = user, .action = action, .subject = id, .detail = title},
        err);
}

bool emergency_note(struct db *db, const char *action, const char *id, const char *title,
                    const char *user, int64_t now_ms, struct error *err)
{
    int64_t number;

    return settings_get_int(db, EMERGENCY_SETTING, 0, &number, err) &&
           settings_set_int(db, EMERGENCY_SETTING, number + 1, err) &&
           emergency_audit(db, action, id, title, user, now_ms, err);
}

static struct announcement announcement_of(const struct emergency *emergency)
{
    return (struct announcement){.id = emergency->id,
                                 .title = emergency->title,
                                 .text = emergency->text,
                                 .pictogram = "",
                                 .severity = SEVERITY_EMERGENCY,
                                 .url = "",
                                 .from_day = emergency->from_ms / CIVIL_DAY_MS - 1,
                                 .until_day = emergency->until_ms / CIVIL_DAY_MS + 1,
                                 .state = STATE_PUBLISHED,
                                 .updated_ms = emergency->from_ms};
}

static bool put_playlist(struct db *db, struct arena *arena, const struct emergency *emergency,
                         struct error *err)
{
    struct playlist_entry entry = {.kind = ENTRY_ANNOUNCEMENT,
                                   .subject = emergency->id,
                                   .weight = 1,
                                   .sector = "",
                                   .site = ""};
    struct playlist playlist = {
        .id = emergency->id, .title = emergency->title, .entry_count = 1, .entries = &entry};
    enum upsert_result result;
    struct strbuf document;

    strbuf_init(&document);
    playlist_encode(&playlist, &document);
    bool ok = playlists_upsert(db, arena,
                               &(struct playlist_record){.id = emergency->id,
                                                         .title = emergency->title,
                                                         .document = document.bytes,
                                                         .updated_ms = emergency->from_ms},
                               &result, err);
    strbuf_finish(&document);
    return ok;
}

bool emergency_put_rule(struct db *db, struct arena *arena, const struct emergency *emergency,
                        struct error *err)
{
    enum upsert_result result;

    return rules_upsert(db, arena,
                        &(struct rule){.id = emergency->id,
                                       .title = emergency->title,
                                       .playlist = emergency->id,
                                       .screens = emergency->screens,
                                       .groups = emergency->groups,
                                       .class = RULE_EMERGENCY,
                                       .from_day = DAY_MIN,
                                       .until_day = DAY_MAX,
                                       .weekdays = 0x7f,
                                       .until_minute = 1440,
                                       .from_ms = emergency->from_ms,
                                       .until_ms = emergency->until_ms,
                                       .share = 1,
                                       .zone = "",
                                       .state = STATE_PUBLISHED,
                                       .updated_ms = emergency->from_ms},
                        &result, err);
}

/* "urgence-20261123-150712-3f9a": what people can say over a telephone. */
const char *emergency_make_id(int64_t now_ms, struct arena *arena)
{
    struct civil now = civil_from_ms(now_ms);
    char chance[5];

    random_token(chance, 2);
    return arena_printf(arena, ID_PREFIX "%04d%02d%02d-%02d%02d%02d-%s", now.year, now.month,
                        now.day, now.hour, now.minute, now.second, chance);
}

bool emergency_check(struct db *db, struct arena *arena, struct emergency *emergency,
                     int64_t now_ms, struct error *err)
{
    struct slide slide;

    if (emergency->text == NULL)
        emergency->text = "";
    if (!check_texts(emergency, err) || !check_time(emergency, now_ms, err) ||
        !check_places(db, arena, emergency, err))
        return false;
    return emergency_slide(emergency, arena, &slide, err);
}

/* By the screens that its groups have now: one that two people would have to begin must not come
 * about by screens that join a group afterwards. */
static bool name_screens(struct db *db, struct arena *arena, struct emergency *emergency,
                         struct error *err)
{
    struct screen_list screens;
    struct text_list named = {0};

    if (emergency->groups.count == 0)
        return true;
    if (!screens_list(db, arena, &screens, err))
        return false;
    named.items = arena_array(arena, screens.count, sizeof(*named.items));
    for (size_t i = 0; i < screens.count; i++) {
        if (emergency_names(&emergency->screens, &emergency->groups, &screens.items[i]))
            named.items[named.count++] = screens.items[i].id;
    }
    emergency->screens = named;
    emergency->groups = (struct text_list){0};
    if (named.count > 0)
        return true;
    error_set(err, ERROR_INVALID, "aucun écran n’est dans ces groupes",
              "no screen is in these groups");
    return error_field(err, "groups");
}

bool emergency_start(struct db *db, struct arena *arena, struct emergency *emergency,
                     const char *user, int64_t now_ms, struct error *err)
{
    enum upsert_result result;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    if (emergency->id == NULL)
        emergency->id = emergency_make_id(now_ms, arena);
    emergency->from_ms = now_ms;
    bool ok = emergency_check(db, arena, emergency, now_ms, err) &&
              name_screens(db, arena, emergency, err);
    struct announcement announcement = announcement_of(emergency);
    ok = ok && announcements_upsert(db, arena, &announcement, &result, err) &&
         put_playlist(db, arena, emergency, err) && emergency_put_rule(db, arena, emergency, err) &&
         emergency_note(db, "emergency.start", emergency->id, emergency->title, user, now_ms, err);
    return db_leave(db, own, ok, err);
}

static bool over(const struct rule *rule, int64_t now_ms)
{
    return rule->state != STATE_PUBLISHED || (rule->until_ms != 0 && rule->until_ms <= now_ms);
}

/* The rule stays for a while, bounded, so that its screens are told first of its end as well. */
bool emergency_end(struct db *db, struct arena *arena, const char *id, const char *user,
                   int64_t now_ms, struct error *err)
{
    enum upsert_result result;
    struct error cause;
    struct rule rule;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    error_clear(&cause);
    bool found = rules_get(db, arena, id, &rule, &cause);
    bool ok = found || cause.kind == ERROR_NOT_FOUND;
    if (!ok && err != NULL)
        *err = cause;
    if (ok && (!found || rule.class != RULE_EMERGENCY || over(&rule, now_ms)))
        ok = error_set(err, ERROR_NOT_FOUND, "aucune urgence « %s » n’est en cours",
                       "no emergency \"%s\" is running", id);
    if (ok) {
        rule.until_ms = now_ms > rule.from_ms ? now_ms : rule.from_ms + 1;
        rule.updated_ms = now_ms;
        ok = rules_upsert(db, arena, &rule, &result, err) &&
             emergency_note(
                 db, strcmp(id, EMERGENCY_SAFE_ID) == 0 ? "emergency.safe-end" : "emergency.end",
                 id, rule.title, user, now_ms, err);
    }
    return db_leave(db, own, ok, err);
}

static bool describe(struct db *db, struct arena *arena, const struct rule *rule,
                     struct emergency *out, struct error *err)
{
    struct announcement announcement = {.text = ""};
    struct error cause;

    error_clear(&cause);
    if (!announcements_get(db, arena, rule->id, &announcement, &cause) &&
        cause.kind != ERROR_NOT_FOUND) {
        if (err != NULL)
            *err = cause;
        return false;
    }
    *out = (struct emergency){.id = rule->id,
                              .title = rule->title,
                              .text = announcement.text,
                              .screens = rule->screens,
                              .groups = rule->groups,
                              .from_ms = rule->from_ms,
                              .until_ms = rule->until_ms,
                              .safe = strcmp(rule->id, EMERGENCY_SAFE_ID) == 0};
    return true;
}

/* One that a document names by dates and hours may be silent at the moment. */
static bool list_running(struct db *db, struct arena *arena, const struct rule_list *rules,
                         const struct zone *zone, int64_t now_ms, struct emergency_list *out,
                         struct error *err)
{
    out->items = arena_array(arena, rules->count, sizeof(*out->items));
    out->count = 0;
    /* Ids of start hold the time: backwards is the newest first. */
    for (size_t i = rules->count; i > 0; i--) {
        const struct rule *rule = &rules->items[i - 1];
        if (rule->class != RULE_EMERGENCY || over(rule, now_ms) ||
            rule_reason_at(rule, zone, now_ms) != RULE_SPEAKS)
            continue;
        struct emergency *emergency = &out->items[out->count++];
        if (!describe(db, arena, rule, emergency, err))
            return false;
        if (emergency->until_ms == 0)
            emergency->until_ms = zone_day_start(zone, rule->until_day + 1);
    }
    return true;
}

bool emergency_list(struct db *db, struct arena *arena, int64_t now_ms, struct emergency_list *out,
                    struct error *err)
{
    struct rule_list rules;
    struct zone *zone = zone_open(TIME_ZONE, err);
    bool ok = zone != NULL && rules_list(db, arena, &rules, err) &&
              list_running(db, arena, &rules, zone, now_ms, out, err);

    zone_close(zone);
    return ok;
}

bool emergency_names(const struct text_list *screens, const struct text_list *groups,
                     const struct screen *screen)
{
    if (list_has(screens, screen->id))
        return true;
    for (size_t i = 0; i < screen->groups.count; i++) {
        if (list_has(groups, screen->groups.items[i]))
            return true;
    }
    return false;
}

bool emergency_screens(struct db *db, struct arena *arena, const char *id, int64_t now_ms,
                       struct text_list *out, struct error *err)
{
    struct screen_list screens;
    struct rule_list rules;

    if (!rules_list(db, arena, &rules, err) || !screens_list(db, arena, &screens, err))
        return false;
    out->items = arena_array(arena, screens.count, sizeof(*out->items));
    out->count = 0;
    for (size_t i = 0; i < screens.count; i++) {
        bool first = false;
        for (size_t k = 0; !first && k < rules.count; k++)
            first =
                rules.items[k].class == RULE_EMERGENCY &&
                (id == NULL || strcmp(rules.items[k].id, id) == 0) &&
                !over(&rules.items[k], now_ms - JUST_ENDED_MS) &&
                emergency_names(&rules.items[k].screens, &rules.items[k].groups, &screens.items[i]);
        if (first)
            out->items[out->count++] = screens.items[i].id;
    }
    return true;
}

bool emergency_tidy(struct db *db, struct arena *arena, int64_t now_ms, struct error *err)
{
    struct rule_list rules;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = rules_list(db, arena, &rules, err);
    for (size_t i = 0; ok && i < rules.count; i++) {
        const struct rule *rule = &rules.items[i];
        if (rule->class != RULE_EMERGENCY || !over(rule, now_ms - EMERGENCY_KEPT_MS) ||
            strncmp(rule->id, ID_PREFIX, strlen(ID_PREFIX)) != 0 ||
            strcmp(rule->playlist, rule->id) != 0)
            continue;
        ok = rules_delete(db, rule->id, err) && playlists_delete(db, rule->playlist, err) &&
             (strcmp(rule->id, EMERGENCY_SAFE_ID) == 0 || announcements_delete(db, rule->id, err));
    }
    ok = ok && alerts_expire(db, now_ms, err);
    return db_leave(db, own, ok, err);
}

bool emergency_slide(const struct emergency *emergency, struct arena *arena,
                     struct slide *slide_out, struct error *err)
{
    struct emergency bare = {.id = ID_PREFIX "apercu",
                             .title = emergency->title,
                             .text = emergency->text != NULL ? emergency->text : ""};

    if (!check_texts(&bare, err))
        return false;
    struct announcement announcement = announcement_of(&bare);
    return slides_announcement(&announcement, LANG_FR, arena, slide_out, err);
}
