#include "server/schedule/plan.h"

#include <string.h>

#include "core/log.h"
#include "playlists/timeline.h"
#include "server/content/layouts.h"

/* A logo whose file is gone is left out. */
static bool read_logos(struct db *db, struct arena *arena, struct screen_plan *plan,
                       struct error *err)
{
    for (size_t i = 0; i < plan->layout->zone_count; i++) {
        const struct layout_zone *zone = &plan->layout->zones[i];
        struct error cause;
        error_clear(&cause);
        if (zone->kind == ZONE_LOGO &&
            !media_shown(db, arena, zone->logo.sha256, &plan->logos[i], &cause)) {
            plan->logos[i] = (struct media_record){0};
            if (cause.kind != ERROR_NOT_FOUND && cause.kind != ERROR_CONFLICT) {
                if (err != NULL) {
                    *err = cause;
                }
                return false;
            }
        }
    }
    return true;
}

/* A layout that cannot be had any more is no reason to show nothing. */
static bool read_layout(struct db *db, struct arena *arena, struct screen_plan *plan,
                        struct error *err)
{
    struct error cause;
    error_clear(&cause);
    plan->layout = layouts_find(db, plan->screen.layout, &cause);
    if (plan->layout == NULL) {
        if (cause.kind != ERROR_NOT_FOUND && cause.kind != ERROR_INVALID) {
            if (err != NULL) {
                *err = cause;
            }
            return false;
        }
        error_at(&cause, plan->screen.id, 0);
        log_error(LOG_WARN, "layout_missing", &cause);
        plan->layout = layouts_fallback();
    }
    return read_logos(db, arena, plan, err);
}

/* Read from the store, with the site's name; a site that is gone has none. */
static bool read_screen(struct db *db, struct arena *arena, const char *screen_id,
                        struct screen_plan *plan, struct error *err)
{
    if (!screens_get(db, arena, screen_id, &plan->screen, err)) {
        return false;
    }
    struct site site;
    struct error cause;
    error_clear(&cause);
    plan->site_name = "";
    plan->accent = 0;
    if (plan->screen.site[0] != '\0') {
        if (sites_get(db, arena, plan->screen.site, &site, &cause)) {
            plan->site_name = site.name;
            (void)manifest_accent_parse(site.accent, &plan->accent);
        } else if (cause.kind != ERROR_NOT_FOUND) {
            if (err != NULL) {
                *err = cause;
            }
            return false;
        }
    }
    plan->zone = zone_open(plan->screen.time_zone, err);
    return plan->zone != NULL && read_layout(db, arena, plan, err);
}

static bool read_rules(struct db *db, const struct rulebook *rulebook, struct arena *arena,
                       int64_t days, struct screen_plan *plan, struct error *err)
{
    if (rulebook == NULL) {
        struct rulebook_span span = rulebook_span_of(plan->day, days);
        plan->own = rulebook_load(db, arena, plan->screen.id, &span, err);
        rulebook = plan->own;
    }
    if (rulebook == NULL) {
        return false;
    }
    plan->holidays = rulebook_holidays(rulebook);
    plan->rule_count = rulebook_of_screen(rulebook, &plan->screen, arena, &plan->screen_rules);
    plan->playlists.items = arena_array(arena, plan->rule_count, sizeof *plan->playlists.items);
    for (size_t i = 0; i < plan->rule_count; i++) {
        plan->playlists.items[plan->playlists.count++] = plan->screen_rules[i].rule->playlist;
    }
    return true;
}

static enum lang first_language(const struct screen *screen)
{
    enum lang lang = LANG_FR;
    bool known = screen->languages.count > 0 && lang_parse(screen->languages.items[0], &lang);
    return known ? lang : LANG_FR;
}

bool screen_plan_load(struct db *db, const struct rulebook *rulebook, struct arena *arena,
                      const char *screen_id, int64_t now_ms, int64_t days,
                      struct screen_plan *plan_out, struct error *err)
{
    *plan_out = (struct screen_plan){0};
    if (!read_screen(db, arena, screen_id, plan_out, err)) {
        screen_plan_finish(plan_out);
        return false;
    }
    plan_out->lang = first_language(&plan_out->screen);
    plan_out->day = zone_day(plan_out->zone, now_ms);
    if (!read_rules(db, rulebook, arena, days, plan_out, err)) {
        screen_plan_finish(plan_out);
        return false;
    }
    return true;
}

void screen_plan_finish(struct screen_plan *plan)
{
    zone_close(plan->zone);
    layout_destroy(plan->layout);
    rulebook_destroy(plan->own);
    plan->own = NULL;
    plan->zone = NULL;
    plan->layout = NULL;
}

void screen_plan_inputs(const struct screen_plan *plan, struct repertoire *repertoire,
                        const struct directory_made *directory, struct assemble_inputs *inputs_out)
{
    *inputs_out = (struct assemble_inputs){
        .screen = &plan->screen,
        .site_name = plan->site_name,
        .accent = plan->accent,
        .zone = plan->zone,
        .lang = plan->lang,
        .layout = plan->layout,
        .logos = plan->logos,
        .holidays = plan->holidays,
        .rule_count = plan->rule_count,
        .rules = plan->screen_rules,
        .repertoire = repertoire,
        .directory = plan->screen.kiosk ? directory : NULL,
    };
}

struct manifest *assemble_manifest(struct db *db, struct repertoire *repertoire,
                                   const struct directory_made *directory, const char *screen_id,
                                   int64_t now_ms, int64_t epoch, int64_t version,
                                   struct error *err)
{
    struct arena *arena = arena_create();
    struct screen_plan plan;
    if (!screen_plan_load(db, NULL, arena, screen_id, now_ms, ASSEMBLE_DAYS, &plan, err)) {
        arena_destroy(arena);
        return NULL;
    }
    struct repertoire *own = NULL;
    if (repertoire == NULL) {
        own = repertoire_load(db, &plan.playlists, plan.day, plan.day + ASSEMBLE_DAYS, err);
        repertoire = own;
    }
    struct manifest *manifest = NULL;
    if (repertoire != NULL) {
        struct assemble_inputs inputs;
        screen_plan_inputs(&plan, repertoire, directory, &inputs);
        manifest = assemble(&inputs, now_ms, epoch, version, err);
    }
    repertoire_destroy(own);
    screen_plan_finish(&plan);
    arena_destroy(arena);
    return manifest;
}

/* Sizes of a telephone's or a desk's picture matter to nobody: those of a usual screen. */
#define FILM_DIAGONAL_MM 1400
#define FILM_DISTANCE_MM 3000

/* The screen that a film stands for, always on the playlist. */
static void imagine_screen(struct screen_plan *plan, struct rule *rule, struct screen_rule *speaks,
                           const char *playlist)
{
    *rule = (struct rule){.id = "film",
                          .title = "",
                          .playlist = playlist,
                          .class = RULE_BASE,
                          .from_day = plan->day - 1,
                          .until_day = plan->day + 1,
                          .weekdays = 0x7f,
                          .until_minute = 1440,
                          .share = 1,
                          .zone = "",
                          .state = STATE_PUBLISHED};
    *speaks = (struct screen_rule){rule, true, NULL};
    plan->rule_count = 1;
    plan->screen_rules = speaks;
    plan->screen.id = "film";
    plan->screen.name = plan->screen.site = plan->screen.opening = plan->site_name = "";
    plan->accent = 0;
    plan->screen.layout = "plein";
    plan->screen.diagonal_mm = FILM_DIAGONAL_MM;
    plan->screen.viewing_distance_mm = FILM_DISTANCE_MM;
}

static struct manifest *assemble_film(struct db *db, const struct media_store *media,
                                      const struct screen_plan *plan,
                                      const struct playlist_record *record, int64_t now_ms,
                                      struct error *err)
{
    struct repertoire *repertoire =
        repertoire_load_trial(db, record, plan->day, plan->day + ASSEMBLE_DAYS, err);
    if (repertoire == NULL) {
        return NULL;
    }
    struct assemble_inputs inputs;
    screen_plan_inputs(plan, repertoire, NULL, &inputs);
    struct arena *arena = arena_create();
    struct manifest *manifest = assemble(&inputs, now_ms, 0, 0, err);
    bool right = manifest != NULL &&
                 repertoire_store_templates(repertoire, media, manifest, NULL, arena, err);
    if (right && timeline_at(manifest, now_ms).kind != TIMELINE_ITEM) {
        right =
            error_set(err, ERROR_NOT_FOUND, "la playlist « %s » n’a rien à montrer à cet instant",
                      "the playlist \"%s\" has nothing to show at that instant", record->id);
    }
    arena_destroy(arena);
    repertoire_destroy(repertoire);
    if (!right) {
        manifest_destroy(manifest);
        manifest = NULL;
    }
    return manifest;
}

struct manifest *assemble_playlist_record(struct db *db, const struct media_store *media,
                                          const struct playlist_record *record,
                                          const char *time_zone, int width_px, int height_px,
                                          int64_t now_ms, struct error *err)
{
    struct screen_plan plan = {
        .screen = {.time_zone = time_zone, .width_px = width_px, .height_px = height_px}};
    struct rule rule;
    struct screen_rule speaks;
    struct manifest *manifest = NULL;
    plan.zone = zone_open(time_zone, err);
    plan.layout = plan.zone == NULL ? NULL : layouts_find(db, "plein", err);
    if (plan.layout != NULL) {
        plan.day = zone_day(plan.zone, now_ms);
        imagine_screen(&plan, &rule, &speaks, record->id);
        manifest = assemble_film(db, media, &plan, record, now_ms, err);
    }
    screen_plan_finish(&plan);
    return manifest;
}

struct manifest *assemble_playlist(struct db *db, const struct media_store *media,
                                   const char *playlist, const char *time_zone, int width_px,
                                   int height_px, int64_t now_ms, struct error *err)
{
    struct playlist_record record;
    struct arena *arena = arena_create();
    struct manifest *manifest = NULL;
    if (playlists_get(db, arena, playlist, &record, err)) {
        manifest = assemble_playlist_record(db, media, &record, time_zone, width_px, height_px,
                                            now_ms, err);
    }
    arena_destroy(arena);
    return manifest;
}
