/* POST /api/v1/rules/check: what a rule would do, told before it is saved. */
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "server/api/schedule_parts.h"
#include "server/content/forms.h"
#include "server/content/references.h"
#include "server/content/zone.h"
#include "server/schedule/explain.h"
#include "server/schedule/trial.h"

#define CHECK_DAYS 90
#define BODY_MAX ((size_t)256 * 1024)
#define SCREENS_TOLD 200
#define GAPS_TOLD 50
#define CONFLICTS_TOLD 50
#define NEW_ID "programmation-a-l-essai" /* of a rule that has none yet */

/* All that is found, screen by screen. */
struct check {
    struct arena *arena;
    const struct rule *rule;
    int64_t from_ms, until_ms;
    struct text_list screens; /* that it reaches and the person sees */
    size_t unseen;            /* that it reaches besides */
    struct programme *programmes;
    enum trial_never *nevers;
};

static bool reaches(const struct rule *rule, const struct screen *screen)
{
    for (size_t i = 0; i < rule->screens.count; i++) {
        if (strcmp(rule->screens.items[i], screen->id) == 0)
            return true;
    }
    for (size_t i = 0; i < rule->groups.count; i++) {
        for (size_t k = 0; k < screen->groups.count; k++) {
            if (strcmp(rule->groups.items[i], screen->groups.items[k]) == 0)
                return true;
        }
    }
    return false;
}

static bool find_screens(struct http_request *request, struct db *db, struct check *check,
                         struct error *err)
{
    struct screen_list all;

    if (!screens_list(db, check->arena, &all, err))
        return false;
    check->screens.items = arena_array(check->arena, all.count, sizeof(*check->screens.items));
    for (size_t i = 0; i < all.count; i++) {
        if (!reaches(check->rule, &all.items[i]))
            continue;
        if (schedule_sees(request, all.items[i].site))
            check->screens.items[check->screens.count++] = all.items[i].id;
        else
            check->unseen++;
    }
    return true;
}

static bool rehearse(struct rehearsal *rehearsal, struct check *check, struct error *err)
{
    size_t count = check->screens.count;

    check->programmes = arena_array(check->arena, count, sizeof(*check->programmes));
    check->nevers = arena_array(check->arena, count, sizeof(*check->nevers));
    for (size_t i = 0; i < count; i++) {
        struct programme *programme = &check->programmes[i];
        if (!rehearsal_screen(rehearsal, check->screens.items[i], programme, err))
            return false;
        check->nevers[i] =
            trial_on(check->rule, &programme->trial, check->from_ms, check->until_ms);
    }
    return true;
}

/* It shows as soon as it does on one screen. */
static enum trial_never whole_verdict(const struct check *check)
{
    enum trial_never never = check->screens.count + check->unseen == 0 ? TRIAL_NO_SCREEN
                             : check->screens.count == 0               ? TRIAL_SHOWS
                                                                       : check->nevers[0];

    for (size_t i = 0; i < check->screens.count; i++) {
        if (check->nevers[i] == TRIAL_SHOWS || check->nevers[i] == TRIAL_LATER)
            never = check->nevers[i];
        if (never == TRIAL_SHOWS)
            break;
    }
    if (never == TRIAL_NO_DAY && trial_comes_later(check->rule, check->until_ms))
        return TRIAL_LATER;
    return never;
}

static void put_reason(struct json_writer *writer, const char *key, enum trial_never never,
                       enum lang lang)
{
    json_begin_object(writer, key);
    json_put_string(writer, "code", trial_never_tag(never));
    json_put_string(writer, "text", trial_never_text(never, lang));
    json_end_object(writer);
}

/* The first of each programme: screens that show the same tell the same. */
static bool is_first_of_key(const struct check *check, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (check->programmes[i].key == check->programmes[index].key)
            return false;
    }
    return true;
}

static void put_gaps(struct json_writer *writer, const struct check *check)
{
    size_t told = 0;

    json_begin_array(writer, "gaps");
    for (size_t i = 0; i < check->screens.count; i++) {
        const struct stretch_list *gaps = &check->programmes[i].gaps;
        for (size_t k = 0; k < gaps->count && told < GAPS_TOLD; k++, told++) {
            json_begin_object(writer, NULL);
            json_put_string(writer, "screen", check->programmes[i].screen);
            schedule_put_span(writer, gaps->items[k].from_ms, gaps->items[k].until_ms);
            json_end_object(writer);
        }
    }
    json_end_array(writer);
}

static const char *conflict_text(const struct rehearsal_conflict *conflict, enum lang lang)
{
    if (conflict->hides && conflict->outcome == OUTCOME_BELOW)
        return lang_pick(lang,
                         "passe avant : sa classe est plus haute, ou les campagnes prennent "
                         "toute la boucle",
                         "comes first: its class is higher, or campaigns take the whole loop");
    if (conflict->hides)
        return lang_pick(lang, "passe avant : même classe, plus précise ou plus récente",
                         "comes first: the same class, more specific or newer");
    if (conflict->outcome == OUTCOME_BELOW)
        return lang_pick(lang, "ne s’affichera plus pendant ce temps : sa classe est plus basse",
                         "will not show meanwhile: its class is lower");
    return lang_pick(lang,
                     "ne s’affichera plus pendant ce temps : même classe, moins précise ou "
                     "plus ancienne",
                     "will not show meanwhile: the same class, less specific or older");
}

static void put_conflicts(struct json_writer *writer, const struct check *check, enum lang lang)
{
    size_t told = 0;

    json_begin_array(writer, "conflicts");
    for (size_t i = 0; i < check->screens.count; i++) {
        const struct rehearsal_conflict_list *list = &check->programmes[i].trial.conflicts;
        for (size_t k = 0; is_first_of_key(check, i) && k < list->count; k++) {
            const struct rehearsal_conflict *conflict = &list->items[k];
            if (told++ >= CONFLICTS_TOLD)
                break;
            json_begin_object(writer, NULL);
            json_put_string(writer, "screen", check->programmes[i].screen);
            json_put_string(writer, "rule", conflict->rule->id);
            json_put_string(writer, "title", conflict->rule->title);
            json_put_string(writer, "class", rule_class_tag(conflict->rule->class));
            json_put_bool(writer, "preferred", conflict->hides);
            schedule_put_span(writer, conflict->from_ms, conflict->until_ms);
            json_put_int(writer, "total_ms", conflict->total_ms);
            json_put_string(writer, "why", conflict_text(conflict, lang));
            json_end_object(writer);
        }
    }
    json_end_array(writer);
}

static int compare_instants(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

    return (a > b) - (a < b);
}

/* Where most screens that show it are: one clock tells its hours, a group may have several. */
static const char *main_time_zone(const struct check *check)
{
    const char *chosen = NULL;
    size_t most = 0;

    for (size_t i = 0; i < check->screens.count; i++) {
        size_t alike = 0;
        for (size_t k = 0; k < check->screens.count; k++)
            alike += check->programmes[k].trial.start_count > 0 &&
                     strcmp(check->programmes[k].time_zone, check->programmes[i].time_zone) == 0;
        if (alike > most) {
            most = alike;
            chosen = check->programmes[i].time_zone;
        }
    }
    return chosen;
}

/* The first instants at which it begins to show, on any of the screens of that time zone. */
static void put_next(struct json_writer *writer, const struct check *check)
{
    const char *zone = main_time_zone(check);
    size_t count = 0, told = 0;
    int64_t *starts =
        arena_array(check->arena, check->screens.count * REHEARSAL_STARTS + 1, sizeof(*starts));

    for (size_t i = 0; zone != NULL && i < check->screens.count; i++) {
        const struct rehearsal_trial *trial = &check->programmes[i].trial;
        if (!is_first_of_key(check, i) || strcmp(check->programmes[i].time_zone, zone) != 0)
            continue;
        for (size_t k = 0; k < trial->start_count; k++)
            starts[count++] = trial->starts[k];
    }
    qsort(starts, count, sizeof(*starts), compare_instants);
    if (zone != NULL)
        json_put_string(writer, "next_time_zone", zone);
    else
        json_put_null(writer, "next_time_zone");
    json_begin_array(writer, "next");
    for (size_t i = 0; i < count && told < REHEARSAL_STARTS; i++) {
        if (i > 0 && starts[i] == starts[i - 1])
            continue;
        json_put_int(writer, NULL, starts[i]);
        told++;
    }
    json_end_array(writer);
}

static void put_screens(struct json_writer *writer, const struct check *check, enum lang lang)
{
    json_begin_array(writer, "screens");
    for (size_t i = 0; i < check->screens.count && i < SCREENS_TOLD; i++) {
        const struct programme *programme = &check->programmes[i];
        json_begin_object(writer, NULL);
        json_put_string(writer, "id", programme->screen);
        json_put_string(writer, "name", programme->name);
        json_put_int(writer, "holds_ms", programme->trial.holds_ms);
        json_put_int(writer, "shown_ms", programme->trial.shown_ms);
        if (check->nevers[i] == TRIAL_SHOWS)
            json_put_null(writer, "never");
        else
            put_reason(writer, "never", check->nevers[i], lang);
        json_end_object(writer);
    }
    json_end_array(writer);
    json_put_int(writer, "screen_count", (int64_t)(check->screens.count + check->unseen));
}

static const char *warning_text(enum trial_never what, enum lang lang)
{
    switch (what) {
    case TRIAL_CLOSED:
        return lang_pick(lang, "une partie de ses heures tombe quand le lieu est fermé",
                         "part of its hours fall when the place is closed");
    case TRIAL_EMPTY:
        return lang_pick(lang, "sa playlist n’a par moments rien à montrer",
                         "its playlist has nothing to show at times");
    case TRIAL_HIDDEN:
        return lang_pick(lang,
                         "d’autres programmations passent avant pendant une partie de ses "
                         "heures",
                         "other rules come first for part of its hours");
    default:
        return trial_never_text(what, lang);
    }
}

static void put_warning(struct json_writer *writer, enum trial_never what, size_t screens,
                        int64_t lost_ms, enum lang lang)
{
    json_begin_object(writer, NULL);
    json_put_string(writer, "code", trial_never_tag(what));
    json_put_string(writer, "text", warning_text(what, lang));
    json_put_int(writer, "screens", (int64_t)screens);
    json_put_int(writer, "lost_ms", lost_ms);
    json_end_object(writer);
}

/* Where it shows on some screens or at some hours only. */
static void put_warnings(struct json_writer *writer, const struct check *check, enum lang lang)
{
    json_begin_array(writer, "warnings");
    for (enum trial_never what = TRIAL_PAST; what <= TRIAL_HIDDEN; what++) {
        size_t screens = 0;
        int64_t lost_ms = 0;
        for (size_t i = 0; i < check->screens.count; i++) {
            int64_t lost = trial_lost_ms(&check->programmes[i].trial, what);
            screens += check->nevers[i] == what || (check->nevers[i] == TRIAL_SHOWS && lost > 0);
            lost_ms += lost;
        }
        if (screens > 0)
            put_warning(writer, what, screens, lost_ms, lang);
    }
    json_end_array(writer);
}

static void answer_check(struct http_request *request, const struct check *check)
{
    enum lang lang = request_lang(request);
    enum trial_never never = whole_verdict(check);
    struct strbuf body;
    struct json_writer writer;

    strbuf_init(&body);
    json_writer_init(&writer, &body);
    json_begin_object(&writer, NULL);
    if (never == TRIAL_SHOWS || never == TRIAL_LATER)
        json_put_null(&writer, "never");
    else
        put_reason(&writer, "never", never, lang);
    schedule_put_span(&writer, check->from_ms, check->until_ms);
    put_next(&writer, check);
    put_gaps(&writer, check);
    put_conflicts(&writer, check, lang);
    put_warnings(&writer, check, lang);
    put_screens(&writer, check, lang);
    json_end_object(&writer);
    answer_json(request, ANSWER_OK, &body);
    strbuf_finish(&body);
}

static bool decode_rule(struct http_request *request, struct rule *out, struct error *err)
{
    size_t length;
    const char *body = request_body(request, &length);
    cJSON *json = json_parse(body, length, BODY_MAX, err);

    *out = (struct rule){0};
    if (cJSON_IsObject(json) && !json_has(json, "id")) {
        cJSON_DeleteItemFromObjectCaseSensitive(json, "id");
        cJSON_AddStringToObject(json, "id", NEW_ID);
    }
    bool ok = json != NULL && form_decode(&rule_form, json, request_arena(request), out, err);
    cJSON_Delete(json);
    return ok;
}

void api_rule_check(struct http_request *request, void *context)
{
    struct api *api = context;
    struct arena *arena = request_arena(request);
    int64_t now_ms = clock_wall_ms(&api->config.clock);
    struct rule rule;
    struct rehearsal *rehearsal = NULL;
    struct error error;

    if (!decode_rule(request, &rule, &error)) {
        answer_problem(request, &error);
        return;
    }
    struct check check = {.arena = arena,
                          .rule = &rule,
                          .from_ms = now_ms,
                          .until_ms = now_ms + CHECK_DAYS * CIVIL_DAY_MS};
    const struct rehearsal_request asked = {.screens = &check.screens,
                                            .from_ms = check.from_ms,
                                            .until_ms = check.until_ms,
                                            .trial = &rule};
    struct db *db = readers_take(&api->readers);
    bool ok =
        references_of_rule(db, arena, &rule, &error) && find_screens(request, db, &check, &error);
    if (ok)
        rehearsal = rehearsal_create(db, &asked, &error);
    ok = rehearsal != NULL && rehearse(rehearsal, &check, &error);
    readers_give(&api->readers, db);
    if (ok)
        answer_check(request, &check);
    else
        answer_problem(request, &error);
    rehearsal_destroy(rehearsal);
}
