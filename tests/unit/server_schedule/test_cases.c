/* tests/cases/schedule.test: rules and content in, what a screen shows at an instant out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/civil.h"
#include "core/files.h"
#include "playlists/timeline.h"
#include "server/content/layouts.h"
#include "server/schedule/assemble.h"

#define CASES_FILE TESTS_DIR "/cases/schedule.test"
#define MOST 64

/* One case as far as it has been read. */
struct stage {
    int line;
    char name[128];
    struct arena *arena;
    int64_t now_ms;
    struct zone *zone;
    struct screen_rule screen_rules[MOST];
    struct rule rules[MOST];
    size_t rule_count;
    struct playlist *playlists[MOST];
    size_t playlist_count;
    struct portrait portraits[MOST];
    size_t portrait_count;
    struct announcement announcements[MOST];
    size_t announcement_count;
    struct organisation organisations[MOST];
    size_t organisation_count;
    struct event_occurrence occurrences[MOST];
    size_t occurrence_count;
    struct layout *layout;
    struct holidays *holidays;
    const char *opening;
    struct manifest *manifest; /* made by the first question */
};

static void *copy_in(struct arena *arena, const void *items, size_t count, size_t size)
{
    void *copy = arena_array(arena, count, size);
    if (count > 0) {
        memcpy(copy, items, count * size);
    }
    return copy;
}

static void bad(const struct stage *stage, const char *what)
{
    fail_msg("schedule.test:%d (%s): %s", stage->line, stage->name, what);
}

static char *word(char **rest)
{
    char *text = strtok_r(NULL, " ", rest);
    return text;
}

static char *needed(struct stage *stage, char **rest)
{
    char *text = word(rest);
    if (text == NULL) {
        bad(stage, "a word is missing");
    }
    return text;
}

static int64_t instant(struct stage *stage, const char *text)
{
    int64_t ms = 0;
    if (!civil_parse_instant(text, &ms)) {
        bad(stage, text);
    }
    return ms;
}

/* "2026-01-01..2026-12-31"; NULL: always. */
static void period(struct stage *stage, const char *text, int64_t *from, int64_t *until)
{
    *from = DAY_MIN;
    *until = DAY_MAX;
    if (text == NULL || strcmp(text, "always") == 0) {
        return;
    }
    char begin[11] = {0};
    if (strlen(text) != 22) {
        bad(stage, text);
    }
    memcpy(begin, text, 10);
    if (!civil_parse_date(begin, from) || !civil_parse_date(text + 12, until)) {
        bad(stage, text);
    }
}

static const char *keep(struct stage *stage, const char *text)
{
    return arena_strdup(stage->arena, text);
}

static void read_announcement(struct stage *stage, char **rest)
{
    struct announcement *announcement = &stage->announcements[stage->announcement_count++];
    *announcement = (struct announcement){.text = "", .pictogram = "", .url = ""};
    announcement->id = keep(stage, needed(stage, rest));
    announcement->title = announcement->id;
    announcement->state = STATE_PUBLISHED;
    period(stage, word(rest), &announcement->from_day, &announcement->until_day);
}

static void read_portrait(struct stage *stage, char **rest)
{
    struct portrait *portrait = &stage->portraits[stage->portrait_count++];
    *portrait = (struct portrait){.leader_name = "Awa",
                                  .leader_role = "",
                                  .quote = "Bonjour",
                                  .story = "",
                                  .short_title = "",
                                  .photo = "",
                                  .alt = "",
                                  .credit = "",
                                  .consent_date = "",
                                  .url = ""};
    portrait->id = keep(stage, needed(stage, rest));
    portrait->organisation = keep(stage, needed(stage, rest));
    portrait->sector = keep(stage, needed(stage, rest));
    period(stage, word(rest), &portrait->from_day, &portrait->until_day);
}

static void read_company(struct stage *stage, char **rest)
{
    struct organisation *organisation = &stage->organisations[stage->organisation_count++];
    *organisation = (struct organisation){.enseigne = "",
                                          .naf_label = "Menuiserie",
                                          .resume = "",
                                          .adresse = "",
                                          .commune = "Rouen",
                                          .telephone = "",
                                          .site_web = "",
                                          .diffusable = true,
                                          .state = STATE_PUBLISHED};
    organisation->id = keep(stage, needed(stage, rest));
    organisation->nom = organisation->id;
}

static void read_event(struct stage *stage, char **rest)
{
    struct event_occurrence *occurrence = &stage->occurrences[stage->occurrence_count++];
    struct event *event = &occurrence->event;
    struct occurrence *at = &occurrence->at;
    *occurrence = (struct event_occurrence){.event = {.short_title = "",
                                                      .place = "Rouen",
                                                      .commune = "Rouen",
                                                      .in_metropole = true,
                                                      .organiser = "",
                                                      .price = "",
                                                      .access = "",
                                                      .url = "",
                                                      .image = "",
                                                      .image_alt = "",
                                                      .image_credit = ""}};
    event->uid = keep(stage, needed(stage, rest));
    event->title = event->uid;
    at->start_ms = instant(stage, needed(stage, rest));
    at->end_ms = instant(stage, needed(stage, rest));
    const char *company = word(rest);
    event->organisation = company == NULL ? "" : keep(stage, company);
    at->local_day = zone_day(stage->zone, at->start_ms);
    at->local_last_day = zone_day(stage->zone, at->end_ms);
    at->local_minute =
        (int)((zone_to_local(stage->zone, at->start_ms) - at->local_day * CIVIL_DAY_MS) / 60000);
    at->local_end_minute =
        (int)((zone_to_local(stage->zone, at->end_ms) - at->local_last_day * CIVIL_DAY_MS) / 60000);
}

static void read_source_options(struct stage *stage, char *options, struct playlist_entry *entry)
{
    char *rest = NULL;
    for (char *option = strtok_r(options, ",", &rest); option != NULL;
         option = strtok_r(NULL, ",", &rest)) {
        char *value = strchr(option, '=');
        if (value == NULL) {
            continue; /* the source's own name */
        }
        *value++ = '\0';
        if (strcmp(option, "sector") == 0) {
            entry->sector = keep(stage, value);
        } else if (strcmp(option, "count") == 0) {
            entry->count = (int)strtol(value, NULL, 10);
        } else if (strcmp(option, "weight") == 0) {
            entry->weight = (int)strtol(value, NULL, 10);
        } else if (strcmp(option, "days") == 0) {
            entry->days = (int)strtol(value, NULL, 10);
        } else {
            bad(stage, option);
        }
    }
}

static void read_entry(struct stage *stage, char *text, struct playlist_entry *entry)
{
    *entry = (struct playlist_entry){
        .subject = "", .weight = 1, .sector = "", .site = "", .heading = ""};
    if (text[1] == ':') {
        char *duration = strchr(text, '/');
        if (duration != NULL) {
            *duration++ = '\0';
            entry->duration_ms = strtol(duration, NULL, 10) * 1000;
        }
        entry->subject = keep(stage, text + 2);
        entry->kind = text[0] == 'a'   ? ENTRY_ANNOUNCEMENT
                      : text[0] == 'p' ? ENTRY_PORTRAIT
                      : text[0] == 'e' ? ENTRY_EVENT
                                       : ENTRY_HIGHLIGHT;
        return;
    }
    if (strncmp(text, "portraits", 9) == 0) {
        entry->kind = ENTRY_SOURCE_PORTRAITS;
    } else if (strncmp(text, "events", 6) == 0) {
        entry->kind = ENTRY_SOURCE_EVENTS;
    } else if (strncmp(text, "highlights", 10) == 0) {
        entry->kind = ENTRY_SOURCE_HIGHLIGHTS;
    } else if (strncmp(text, "agenda", 6) == 0) {
        entry->kind = ENTRY_SOURCE_AGENDA;
    } else if (strncmp(text, "news", 4) == 0) {
        entry->kind = ENTRY_SOURCE_NEWS;
        entry->announcements = true;
    } else {
        bad(stage, text);
    }
    read_source_options(stage, text, entry);
}

static void read_playlist(struct stage *stage, char **rest)
{
    struct playlist *playlist = calloc(1, sizeof *playlist);
    stage->playlists[stage->playlist_count++] = playlist;
    playlist->arena = arena_create();
    playlist->id = keep(stage, needed(stage, rest));
    playlist->title = playlist->id;
    playlist->entries = arena_array(playlist->arena, MOST, sizeof *playlist->entries);
    for (char *text = word(rest); text != NULL; text = word(rest)) {
        if (strcmp(text, "strip") == 0) {
            playlist->strip = true;
        } else if (strncmp(text, "transition=", 11) == 0) {
            assert_true(transition_parse(text + 11, &playlist->transition));
        } else {
            read_entry(stage, text, &playlist->entries[playlist->entry_count++]);
        }
    }
}

/* "2026-12-25,2026-12-26" */
static struct text_list read_list(struct stage *stage, const char *text, char separator)
{
    struct text_list list = {0, arena_array(stage->arena, MOST, sizeof(char *))};
    for (const char *at = text; at != NULL && list.count < MOST;) {
        const char *end = strchr(at, separator);
        list.items[list.count++] = end == NULL
                                       ? arena_strdup(stage->arena, at)
                                       : arena_strndup(stage->arena, at, (size_t)(end - at));
        at = end == NULL ? NULL : end + 1;
    }
    return list;
}

static enum day_policy read_policy(struct stage *stage, const char *tag)
{
    for (int i = 0; i < 4; i++) {
        if (strcmp(tag, day_policy_tags[i]) == 0) {
            return (enum day_policy)i;
        }
    }
    bad(stage, tag);
    return DAYS_SAME;
}

/* "06:30-09:30+16:30-19:00" */
static void read_rule_hours(struct stage *stage, const char *text, struct rule *rule)
{
    char from[6] = {0};
    char until[6] = {0};
    if (strlen(text) < 11) {
        bad(stage, text);
    }
    memcpy(from, text, 5);
    memcpy(until, text + 6, 5);
    if (!civil_parse_time_of_day(from, &rule->from_minute) ||
        !civil_parse_time_of_day(until, &rule->until_minute)) {
        bad(stage, text);
    }
    if (text[11] == '+') {
        rule->more_hours = read_list(stage, text + 12, '+');
    }
}

/* Of recurrence and holidays; false when it is none of them. */
static bool read_day_option(struct stage *stage, const char *option, struct rule *rule)
{
    if (strncmp(option, "recur=", 6) == 0) {
        rule->recurrence = keep(stage, option + 6);
    } else if (strncmp(option, "except=", 7) == 0) {
        rule->except = read_list(stage, option + 7, ',');
    } else if (strncmp(option, "also=", 5) == 0) {
        rule->also = read_list(stage, option + 5, ',');
    } else if (strncmp(option, "holidays=", 9) == 0) {
        rule->holidays = read_policy(stage, option + 9);
    } else if (strncmp(option, "school=", 7) == 0) {
        rule->school_holidays = read_policy(stage, option + 7);
    } else if (strncmp(option, "hours=", 6) == 0) {
        read_rule_hours(stage, option + 6, rule);
    } else {
        return false;
    }
    return true;
}

static void read_rule_option(struct stage *stage, const char *option, struct rule *rule,
                             bool *names_screen)
{
    static const char *const days[] = {"mo", "tu", "we", "th", "fr", "sa", "su"};
    if (strncmp(option, "days=", 5) == 0) {
        rule->weekdays = 0;
        for (unsigned i = 0; i < 7; i++) {
            rule->weekdays |= strstr(option + 5, days[i]) != NULL ? 1u << i : 0;
        }
    } else if (strncmp(option, "share=", 6) == 0) {
        rule->share = strtod(option + 6, NULL);
    } else if (strncmp(option, "zone=", 5) == 0) {
        rule->zone = keep(stage, option + 5);
    } else if (strcmp(option, "keep-zones") == 0) {
        rule->keep_zones = true;
    } else if (strncmp(option, "starts=", 7) == 0) {
        rule->from_ms = instant(stage, option + 7);
    } else if (strncmp(option, "ends=", 5) == 0) {
        rule->until_ms = instant(stage, option + 5);
    } else if (strcmp(option, "by-group") == 0) {
        *names_screen = false;
    } else if (!read_day_option(stage, option, rule)) {
        bad(stage, option);
    }
}

static void read_rule(struct stage *stage, char **rest)
{
    struct rule *rule = &stage->rules[stage->rule_count];
    struct screen_rule *screen_rule = &stage->screen_rules[stage->rule_count++];
    *rule = (struct rule){.weekdays = 0x7f, .until_minute = 1440, .share = 1};
    *screen_rule = (struct screen_rule){rule, true, NULL};
    rule->id = keep(stage, needed(stage, rest));
    rule->title = rule->id;
    rule->playlist = keep(stage, needed(stage, rest));
    const char *class = needed(stage, rest);
    for (int i = RULE_BASE; i <= RULE_EMERGENCY; i++) {
        if (strcmp(class, rule_class_tag((enum rule_class)i)) == 0) {
            rule->class = (enum rule_class)i;
        }
    }
    period(stage, needed(stage, rest), &rule->from_day, &rule->until_day);
    for (const char *option = word(rest); option != NULL; option = word(rest)) {
        read_rule_option(stage, option, rule, &screen_rule->names_screen);
    }
}

/* Every highlights source may draw from every company. */
static struct repertoire *make_repertoire(struct stage *stage)
{
    struct arena *arena = arena_create();
    struct text_list ids = {0, arena_array(arena, MOST, sizeof(const char *))};
    for (size_t i = 0; i < stage->organisation_count; i++) {
        ids.items[ids.count++] = stage->organisations[i].id;
    }
    struct repertoire_pool *pools = arena_array(arena, MOST * MOST, sizeof *pools);
    size_t pool_count = 0;
    for (size_t i = 0; i < stage->playlist_count; i++) {
        for (size_t k = 0; k < stage->playlists[i]->entry_count; k++) {
            if (stage->playlists[i]->entries[k].kind == ENTRY_SOURCE_HIGHLIGHTS) {
                pools[pool_count++] = (struct repertoire_pool){stage->playlists[i]->id, k, ids, ""};
            }
        }
    }
    struct repertoire_inputs inputs = {
        .playlist_count = stage->playlist_count,
        .playlists =
            copy_in(arena, stage->playlists, stage->playlist_count, sizeof *stage->playlists),
        .portraits = {stage->portrait_count, copy_in(arena, stage->portraits, stage->portrait_count,
                                                     sizeof *stage->portraits)},
        .announcements = {stage->announcement_count,
                          copy_in(arena, stage->announcements, stage->announcement_count,
                                  sizeof *stage->announcements)},
        .occurrences = {stage->occurrence_count,
                        copy_in(arena, stage->occurrences, stage->occurrence_count,
                                sizeof *stage->occurrences)},
        .organisations = {stage->organisation_count,
                          copy_in(arena, stage->organisations, stage->organisation_count,
                                  sizeof *stage->organisations)},
        .pool_count = pool_count,
        .pools = pools,
    };
    stage->playlist_count = 0; /* the repertoire owns them now */
    return repertoire_create(&inputs, arena);
}

/* As the rulebook does it. */
static void work_days_out(struct stage *stage)
{
    int64_t first = zone_day(stage->zone, stage->now_ms) - 1;
    for (size_t i = 0; i < stage->rule_count; i++) {
        stage->screen_rules[i].days = rule_days_make(&stage->rules[i], stage->holidays, first,
                                                     ASSEMBLE_DAYS + 2, stage->arena);
    }
}

static const struct manifest *manifest_of(struct stage *stage)
{
    if (stage->manifest != NULL) {
        return stage->manifest;
    }
    work_days_out(stage);
    struct repertoire *repertoire = make_repertoire(stage);
    const char *languages[] = {"fr"};
    struct screen screen = {.id = "ecran",
                            .name = "Écran",
                            .site = "",
                            .width_px = 1920,
                            .height_px = 1080,
                            .diagonal_mm = 1000,
                            .viewing_distance_mm = 3000,
                            .time_zone = "Europe/Paris",
                            .opening = stage->opening,
                            .languages = {1, languages}};
    struct layout *layout = stage->layout == NULL ? layouts_fallback() : stage->layout;
    stage->layout = layout;
    struct assemble_inputs inputs = {.screen = &screen,
                                     .layout = layout,
                                     .site_name = "",
                                     .zone = stage->zone,
                                     .holidays = stage->holidays,
                                     .lang = LANG_FR,
                                     .rule_count = stage->rule_count,
                                     .rules = stage->screen_rules,
                                     .repertoire = repertoire};
    struct error err;
    stage->manifest = assemble(&inputs, stage->now_ms, 1, 1, &err);
    repertoire_destroy(repertoire);
    if (stage->manifest == NULL) {
        bad(stage, err.en);
    }
    return stage->manifest;
}

/* "rule : slide slide" or "nothing". */
static void describe(const struct manifest *manifest, const struct timeline *now,
                     struct strbuf *out)
{
    if (now->kind == TIMELINE_NOTHING) {
        strbuf_append(out, "nothing");
        return;
    }
    strbuf_printf(out, "%s :", now->interval->rule);
    for (size_t i = 0; i < now->loop->item_count; i++) {
        const struct slide *slide = &manifest->slides[now->loop->items[i].slide];
        const char *first = slide_text(slide, "row_1");
        if (slide->subject[0] != '\0') {
            strbuf_printf(out, " %s", slide->subject);
            continue;
        }
        strbuf_printf(out, " %s=%s", slide->template, first == NULL ? "" : first);
        for (int row = 2; row <= PLAYLIST_ROWS_MAX; row++) {
            char slot[16];
            snprintf(slot, sizeof slot, "row_%d", row);
            const char *text = slide_text(slide, slot);
            strbuf_printf(out, "%s%s", text == NULL ? "" : ",", text == NULL ? "" : text);
        }
    }
}

static void expect_track(struct stage *stage, size_t track, char **rest)
{
    const struct manifest *manifest = manifest_of(stage);
    int64_t at_ms = instant(stage, needed(stage, rest));
    struct timeline now = timeline_track_at(manifest, track, at_ms);
    struct strbuf got;
    strbuf_init(&got);
    describe(manifest, &now, &got);
    if (strcmp(got.bytes, *rest) != 0) {
        fail_msg("schedule.test:%d (%s): \"%s\" instead of \"%s\"", stage->line, stage->name,
                 got.bytes, *rest);
    }
    strbuf_finish(&got);
}

static void ask_at(struct stage *stage, char **rest)
{
    expect_track(stage, 0, rest);
}

/* In some layout of the manifest. */
static void ask_zone(struct stage *stage, char **rest)
{
    const struct manifest *manifest = manifest_of(stage);
    const char *zone = needed(stage, rest);
    for (size_t i = 0; i < manifest->layout_count; i++) {
        const struct manifest_layout *layout = &manifest->layouts[i];
        if (strcmp(zone, LAYOUT_NEWS) == 0 && layout->strip_track > 0) {
            expect_track(stage, layout->strip_track, rest);
            return;
        }
        for (size_t k = 0; k < layout->zone_count; k++) {
            if (strcmp(layout->zones[k].id, zone) == 0) {
                expect_track(stage, layout->zones[k].track, rest);
                return;
            }
        }
    }
    bad(stage, "no layout has that zone");
}

/* "colonne: main side strip" */
static void ask_layout(struct stage *stage, char **rest)
{
    const struct manifest *manifest = manifest_of(stage);
    struct timeline now = timeline_at(manifest, instant(stage, needed(stage, rest)));
    struct strbuf got;
    strbuf_init(&got);
    if (now.kind == TIMELINE_NOTHING) {
        bad(stage, "nothing is planned");
    }
    const struct manifest_layout *layout = &manifest->layouts[now.interval->layout];
    for (size_t i = 0; i < layout->zone_count; i++) {
        strbuf_printf(&got, "%s%s", i > 0 ? " " : "", layout->zones[i].id);
    }
    strbuf_append(&got, layout->strip == STRIP_NONE ? ""
                        : layout->strip_track > 0   ? " strip+news"
                                                    : " strip");
    if (strcmp(got.bytes, *rest) != 0) {
        fail_msg("schedule.test:%d (%s): \"%s\" instead of \"%s\"", stage->line, stage->name,
                 got.bytes, *rest);
    }
    strbuf_finish(&got);
}

/* Whether the screen is dark, and until when it stays as it is. */
static void ask_dark(struct stage *stage, char **rest, bool dark)
{
    const struct manifest *manifest = manifest_of(stage);
    int64_t at_ms = instant(stage, needed(stage, rest));
    int64_t until_ms = 0;
    bool closed = manifest_closed_at(manifest, at_ms, &until_ms);
    if (closed != dark || until_ms != instant(stage, needed(stage, rest))) {
        char until[32];
        civil_format_instant(until_ms, until, sizeof until);
        fail_msg("schedule.test:%d (%s): %s until %s", stage->line, stage->name,
                 closed ? "dark" : "lit", until);
    }
}

static void ask_closed(struct stage *stage, char **rest)
{
    ask_dark(stage, rest, true);
}

static void ask_open(struct stage *stage, char **rest)
{
    ask_dark(stage, rest, false);
}

static void read_layout(struct stage *stage, char **rest)
{
    char path[256];
    char *bytes = NULL;
    size_t length = 0;
    struct error err;
    snprintf(path, sizeof path, TESTS_DIR "/../assets/layouts/%s.json", needed(stage, rest));
    assert_true(file_read(path, LAYOUT_BYTES_MAX, &bytes, &length, &err));
    stage->layout = layout_decode(bytes, length, &err);
    assert_non_null(stage->layout);
    free(bytes);
}

static void read_holidays(struct stage *stage, char **rest)
{
    struct error err;
    holidays_destroy(stage->holidays);
    stage->holidays = holidays_decode(*rest, strlen(*rest), &err);
    if (stage->holidays == NULL) {
        bad(stage, err.en);
    }
}

static void read_opening(struct stage *stage, char **rest)
{
    stage->opening = keep(stage, *rest);
}

static void ask_interval(struct stage *stage, char **rest)
{
    const struct manifest *manifest = manifest_of(stage);
    int64_t at_ms = instant(stage, needed(stage, rest));
    int64_t from_ms = instant(stage, needed(stage, rest));
    int64_t until_ms = instant(stage, needed(stage, rest));
    struct timeline now = timeline_at(manifest, at_ms);
    if (now.kind == TIMELINE_NOTHING) {
        bad(stage, "nothing is planned");
    }
    if (now.interval->from_ms != from_ms || now.interval->until_ms != until_ms) {
        char from[32];
        char until[32];
        civil_format_instant(now.interval->from_ms, from, sizeof from);
        civil_format_instant(now.interval->until_ms, until, sizeof until);
        fail_msg("schedule.test:%d (%s): from %s until %s", stage->line, stage->name, from, until);
    }
    assert_int_equal(now.interval->origin_ms, from_ms);
}

static void stage_finish(struct stage *stage)
{
    for (size_t i = 0; i < stage->playlist_count; i++) {
        playlist_destroy(stage->playlists[i]);
    }
    manifest_destroy(stage->manifest);
    layout_destroy(stage->layout);
    holidays_destroy(stage->holidays);
    zone_close(stage->zone);
    arena_destroy(stage->arena);
}

static void stage_init(struct stage *stage, int line, const char *name)
{
    struct error err;
    *stage = (struct stage){.line = line, .arena = arena_create()};
    snprintf(stage->name, sizeof stage->name, "%s", name);
    stage->zone = zone_open("Europe/Paris", &err);
    assert_non_null(stage->zone);
    stage->holidays = holidays_national();
}

static void obey(struct stage *stage, char *line)
{
    static const struct {
        const char *verb;
        void (*read)(struct stage *, char **);
    } verbs[] = {
        {"announcement", read_announcement},
        {"portrait", read_portrait},
        {"company", read_company},
        {"event", read_event},
        {"playlist", read_playlist},
        {"rule", read_rule},
        {"layout", read_layout},
        {"opening", read_opening},
        {"holidays", read_holidays},
        {"at", ask_at},
        {"zone-at", ask_zone},
        {"layout-at", ask_layout},
        {"dark", ask_closed},
        {"lit", ask_open},
        {"interval", ask_interval},
    };
    char *rest = NULL;
    const char *verb = strtok_r(line, " ", &rest);
    if (strcmp(verb, "now") == 0) {
        stage->now_ms = instant(stage, needed(stage, &rest));
        return;
    }
    if (strcmp(verb, "zone") == 0) {
        struct error err;
        zone_close(stage->zone);
        stage->zone = zone_open(needed(stage, &rest), &err);
        assert_non_null(stage->zone);
        return;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verb, verbs[i].verb) == 0) {
            verbs[i].read(stage, &rest);
            return;
        }
    }
    bad(stage, verb);
}

static void test_cases(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t length = 0;
    struct error err;
    assert_true(file_read(CASES_FILE, 1024 * 1024, &bytes, &length, &err));
    struct stage *stage = calloc(1, sizeof *stage);
    stage_init(stage, 0, "");
    int number = 0;
    size_t cases = 0;
    for (char *line = bytes; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end++ = '\0';
        }
        number++;
        stage->line = number;
        if (strncmp(line, "case ", 5) == 0) {
            stage_finish(stage);
            stage_init(stage, number, line + 5);
            cases++;
        } else if (line[0] != '\0' && line[0] != '#') {
            obey(stage, line);
        }
        line = end;
    }
    stage_finish(stage);
    free(stage);
    free(bytes);
    assert_true(cases > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cases)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
