/* programme_bench FOLDER SCREENS RULES DIFFERENT: fills a database in the empty folder with that
 * many screens and rules and prints name=value lines: publish_s (all manifests made, sealed and
 * stored), again_s (nothing new: made and compared), and so per screen in milliseconds. Of the
 * screens each is reached by all rules; DIFFERENT of them have a set of rules of their own besides,
 * the others share programmes. A fifth of the rules recur, one in ten knows holidays. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/clock.h"
#include "core/files.h"
#include "server/schedule/publish.h"
#include "server/store/schema.h"

#define PLAYLISTS 20
#define SLIDES 12
#define GROUPS 8

struct bench {
    struct db *db;
    struct arena *arena;
    struct media_store media;
    struct sign_keys keys;
    int64_t now_ms, today;
    size_t screens, rules, different;
    struct error error;
};

static double seconds(void)
{
    struct clock clock = clock_system();
    return (double)clock_mono_ns(&clock) / 1e9;
}

static bool fill_content(struct bench *bench)
{
    enum upsert_result result;
    for (size_t i = 0; i < PLAYLISTS * SLIDES; i++) {
        struct announcement announcement = {.id = arena_printf(bench->arena, "a%zu", i),
                                            .title = arena_printf(bench->arena, "Annonce %zu", i),
                                            .text = "Ce que tout le monde peut lire ici.",
                                            .pictogram = "info",
                                            .from_day = bench->today - 10,
                                            .until_day = bench->today + 400,
                                            .state = STATE_PUBLISHED};
        if (!announcements_upsert(bench->db, bench->arena, &announcement, &result, &bench->error)) {
            return false;
        }
    }
    for (size_t i = 0; i < PLAYLISTS; i++) {
        struct strbuf document;
        strbuf_init(&document);
        strbuf_printf(&document,
                      "{\"format\":1,\"id\":\"p%zu\",\"title\":\"P\",\"strip\":true,\"entries\":[",
                      i);
        for (size_t k = 0; k < SLIDES; k++) {
            strbuf_printf(&document,
                          "%s{\"slide\":{\"template\":\"announcement\",\"announcement\":\"a%zu\"}}",
                          k > 0 ? "," : "", i * SLIDES + k);
        }
        strbuf_append(&document, "]}");
        struct playlist_record playlist = {
            .id = arena_printf(bench->arena, "p%zu", i), .title = "P", .document = document.bytes};
        bool ok = playlists_upsert(bench->db, bench->arena, &playlist, &result, &bench->error);
        strbuf_finish(&document);
        if (!ok) {
            return false;
        }
    }
    return true;
}

static bool fill_screens(struct bench *bench)
{
    enum upsert_result result;
    static const char *languages[] = {"fr"};
    for (size_t i = 0; i < GROUPS; i++) {
        struct group group = {.id = arena_printf(bench->arena, "g%zu", i), .name = "G"};
        if (!groups_upsert(bench->db, bench->arena, &group, &result, &bench->error)) {
            return false;
        }
    }
    for (size_t i = 0; i < bench->screens; i++) {
        const char **groups = arena_array(bench->arena, 1, sizeof *groups);
        groups[0] = arena_printf(bench->arena, "g%zu", i % GROUPS);
        struct screen screen = {
            .id = arena_printf(bench->arena, "ecran-%zu", i),
            .name = arena_printf(bench->arena, "Écran %zu", i),
            .site = "",
            .groups = {1, groups},
            .width_px = 1920,
            .height_px = 1080,
            .diagonal_mm = 1400,
            .viewing_distance_mm = 4000,
            .bottom_edge_mm = 1900,
            .time_zone = "Europe/Paris",
            .languages = {1, languages},
            .opening = "[{\"days\":[\"mo\",\"tu\",\"we\",\"th\",\"fr\",\"sa\"],\"from\":\"05:00\","
                       "\"until\":\"24:00\"},{\"holidays\":true,\"from\":\"08:00\",\"until\":"
                       "\"22:00\"}]",
            .layout = "plein"};
        if (!screens_upsert(bench->db, bench->arena, &screen, &result, &bench->error)) {
            return false;
        }
    }
    return true;
}

/* Names of the screens that differ, a different half of them for each rule. */
static struct text_list own_screens(struct bench *bench, size_t rule)
{
    struct text_list list = {0, arena_array(bench->arena, bench->different + 1, sizeof(char *))};
    for (size_t i = 0; i < bench->different; i++) {
        if (((i * 2654435761u) >> (rule % 24) & 1u) != 0) {
            list.items[list.count++] = arena_printf(bench->arena, "ecran-%zu", i);
        }
    }
    return list;
}

static bool fill_rules(struct bench *bench)
{
    static const char *groups[GROUPS];
    enum upsert_result result;
    for (size_t i = 0; i < GROUPS; i++) {
        groups[i] = arena_printf(bench->arena, "g%zu", i);
    }
    for (size_t i = 0; i < bench->rules; i++) {
        struct rule rule = {.id = arena_printf(bench->arena, "r%03zu", i),
                            .title = "Règle",
                            .playlist = arena_printf(bench->arena, "p%zu", i % PLAYLISTS),
                            .groups = {GROUPS, groups},
                            .screens = own_screens(bench, i),
                            .class = i % 20 == 0  ? RULE_BASE
                                     : i % 4 == 0 ? RULE_TAKEOVER
                                                  : RULE_CAMPAIGN,
                            .from_day = bench->today - 30 + (int64_t)(i % 60),
                            .until_day = bench->today + 20 + (int64_t)(i * 7 % 200),
                            .weekdays = 0x7f,
                            .from_minute = 15 * (int)(i * 5 % 80),
                            .until_minute = 15 * (int)(i * 5 % 80 + 1 + i % 12),
                            .share = 0.1,
                            .recurrence = i % 5 == 0 ? "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH" : "",
                            .holidays = i % 10 == 3 ? DAYS_EXCEPT : DAYS_SAME,
                            .zone = "",
                            .state = STATE_PUBLISHED};
        if (i % 20 == 0) {
            rule.until_day = bench->today + 300;
            rule.from_minute = 0;
            rule.until_minute = 1440;
            rule.recurrence = "";
        }
        if (!rules_upsert(bench->db, bench->arena, &rule, &result, &bench->error)) {
            return false;
        }
    }
    return true;
}

static bool publish(struct bench *bench, const char *name)
{
    struct publish_watch watch = {0};
    struct publish_counts counts;
    double began = seconds();
    if (!publish_all(bench->db, &bench->media, &bench->keys, bench->now_ms, &watch, &counts,
                     &bench->error)) {
        return false;
    }
    double took = seconds() - began;
    printf("%s_s=%.2f\n%s_ms=%.2f\n%s_published=%zu\n%s_failed=%zu\n", name, took, name,
           took * 1000 / (double)bench->screens, name, counts.published, name, counts.failed);
    return true;
}

static bool run(struct bench *bench, const char *folder)
{
    char path[PATH_MAX];
    bool own = false;
    bench->db =
        store_open(path_join(path, sizeof path, folder, "vitrine.db"), DB_WRITER, &bench->error);
    if (bench->db == NULL || !db_join(bench->db, &own, &bench->error)) {
        return false;
    }
    bool ok = fill_content(bench) && fill_screens(bench) && fill_rules(bench);
    if (!db_leave(bench->db, own, ok, &bench->error)) {
        return false;
    }
    bench->media = (struct media_store){
        .folder = arena_strdup(bench->arena, path_join(path, sizeof path, folder, "media")),
        .db = bench->db,
        .now_ms = bench->now_ms};
    sign_init();
    sign_keys_generate(&bench->keys);
    return publish(bench, "publish") && publish(bench, "again");
}

int main(int argc, char **argv)
{
    struct clock clock = clock_system();
    struct bench bench = {.arena = arena_create(), .now_ms = clock_wall_ms(&clock)};
    if (argc != 5) {
        fprintf(stderr, "programme_bench FOLDER SCREENS RULES DIFFERENT\n");
        return 2;
    }
    bench.today = bench.now_ms / CIVIL_DAY_MS;
    bench.screens = strtoul(argv[2], NULL, 10);
    bench.rules = strtoul(argv[3], NULL, 10);
    bench.different = strtoul(argv[4], NULL, 10);
    bool ok = run(&bench, argv[1]);
    if (!ok) {
        fprintf(stderr, "%s\n", bench.error.en);
    }
    db_close(bench.db);
    arena_destroy(bench.arena);
    return ok ? 0 : 1;
}
