#include "server/schedule/assemble.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "server/schedule/assemble_parts.h"
#include "server/schedule/opening.h"

/* Clocks of expired manifests still know summer from winter for a year. */
#define OFFSETS_BEYOND_MS (INT64_C(366) * CIVIL_DAY_MS)

size_t assemble_zone_rules(const struct screen_rule *rules, size_t count, const char *zone,
                           struct arena *arena, struct screen_rule **rules_out)
{
    const char *name = strcmp(zone, LAYOUT_MAIN) == 0 ? "" : zone;
    struct screen_rule *kept = arena_array(arena, count, sizeof *kept);
    size_t kept_count = 0;
    for (size_t i = 0; i < count; i++) {
        const char *of = rules[i].rule->zone == NULL ? "" : rules[i].rule->zone;
        if (strcmp(of, name) == 0) {
            kept[kept_count++] = rules[i];
        }
    }
    *rules_out = kept;
    return kept_count;
}

static void add_interval(struct assembly *assembly, struct draft_track *track,
                         const struct rule *rule, const struct choice *choice, int64_t from_ms,
                         int64_t until_ms)
{
    if (track->count == track->capacity) {
        track->intervals = assembly_grown(assembly, track->intervals, track->count,
                                          &track->capacity, sizeof *track->intervals);
    }
    bool main = track == assembly->tracks;
    track->intervals[track->count++] = (struct manifest_interval){
        .from_ms = from_ms,
        .until_ms = until_ms,
        .origin_ms = from_ms,
        .loop = assembly_draft_loop(assembly, choice),
        .layout = main ? assembly_layout(assembly, choice) : 0,
        .class = (enum interval_class)rule->class,
        .rule = assembly_own(assembly, rule->id),
    };
}

/* A track on its way through its rules' segments. */
struct filling {
    struct assembly *assembly;
    struct draft_track *track;
    const struct screen_rule *rules;
    int64_t full_ms; /* where the manifest ends because it is full */
};

static bool take_choice(void *context, const struct choice *choice, int64_t from_ms,
                        int64_t until_ms)
{
    struct filling *filling = context;
    if (choice->item_count == 0) {
        return true;
    }
    if (!assembly_has_room(filling->assembly, choice->item_count)) {
        filling->full_ms = from_ms;
        return false;
    }
    add_interval(filling->assembly, filling->track, filling->rules[choice->winner].rule, choice,
                 from_ms, until_ms);
    return true;
}

/* Returns how far the track reaches. */
static int64_t fill_track(struct assembly *assembly, struct draft_track *track, int64_t from_ms,
                          int64_t until_ms)
{
    const struct assemble_inputs *inputs = assembly->inputs;
    struct arena *plan = arena_create();
    struct screen_rule *rules = NULL;
    struct rule_segment *segments = NULL;
    size_t rule_count =
        assemble_zone_rules(inputs->rules, inputs->rule_count, track->zone, plan, &rules);
    size_t count =
        rules_segments(rules, rule_count, inputs->zone, from_ms, until_ms, plan, &segments);
    struct filling filling = {assembly, track, rules, until_ms};
    for (size_t i = 0; i < count; i++) {
        if (!choice_each(inputs->repertoire, rules, &segments[i], inputs->zone, inputs->lang,
                         assembly->scratch, take_choice, &filling)) {
            until_ms = filling.full_ms;
            break;
        }
    }
    arena_destroy(plan);
    return until_ms;
}

static void hand_over_tracks(struct assembly *assembly)
{
    struct manifest *manifest = assembly->manifest;
    size_t others = assembly->track_count - 1;
    manifest->interval_count = assembly->tracks[0].count;
    manifest->intervals = assembly->tracks[0].intervals;
    manifest->tracks = arena_array(manifest->arena, others, sizeof *manifest->tracks);
    manifest->track_count = others;
    for (size_t i = 0; i < others; i++) {
        manifest->tracks[i] = (struct manifest_track){assembly->tracks[i + 1].count,
                                                      assembly->tracks[i + 1].intervals};
    }
}

static void describe_screen(struct assembly *assembly)
{
    const struct screen *from = assembly->inputs->screen;
    struct manifest_screen *to = &assembly->manifest->screen;
    *to = (struct manifest_screen){
        .id = assembly_own(assembly, from->id),
        .name = assembly_own(assembly, from->name),
        .site = assembly_own(assembly, assembly->inputs->site_name),
        .site_id = assembly_own(assembly, from->site),
        .width_px = (int)from->width_px,
        .height_px = (int)from->height_px,
        .rotation = (int)from->rotation,
        .diagonal_mm = (int)from->diagonal_mm,
        .viewing_distance_mm = (int)from->viewing_distance_mm,
        .bottom_edge_mm = (int)from->bottom_edge_mm,
        .kiosk = from->kiosk,
        .time_zone = assembly_own(assembly, from->time_zone),
        .reduced_motion = from->reduced_motion,
        .accent = assembly->inputs->accent,
    };
    size_t most = sizeof to->languages / sizeof *to->languages;
    for (size_t i = 0; i < from->languages.count && i < most; i++) {
        to->languages[to->language_count++] = assembly_own(assembly, from->languages.items[i]);
    }
}

static void describe_offsets(struct assembly *assembly, int64_t from_ms, int64_t until_ms)
{
    struct manifest *manifest = assembly->manifest;
    const struct zone *zone = assembly->inputs->zone;
    int64_t last_ms = until_ms + OFFSETS_BEYOND_MS;
    size_t count = zone_offsets(zone, from_ms, last_ms, NULL, 0);
    struct zone_offset *offsets = arena_array(assembly->scratch, count, sizeof *offsets);
    zone_offsets(zone, from_ms, last_ms, offsets, count);
    manifest->offsets = arena_array(manifest->arena, count, sizeof *manifest->offsets);
    for (size_t i = 0; i < count; i++) {
        manifest->offsets[i] = (struct manifest_offset){offsets[i].from_ms, offsets[i].offset_s};
    }
    manifest->offset_count = count;
}

static void describe_opening(struct assembly *assembly, int64_t from_ms, int64_t until_ms)
{
    struct manifest *manifest = assembly->manifest;
    const struct screen *screen = assembly->inputs->screen;
    manifest->closed_count =
        opening_closed(screen->opening == NULL ? "" : screen->opening, assembly->inputs->zone,
                       assembly->inputs->holidays, from_ms, until_ms, manifest->intervals,
                       manifest->interval_count, manifest->arena, &manifest->closed);
}

struct manifest *assemble_like(const struct manifest *like, const struct assemble_inputs *inputs,
                               struct error *err)
{
    struct manifest *manifest = manifest_create();
    struct arena *arena = manifest->arena;
    struct assembly assembly = {.inputs = inputs, .manifest = manifest};
    *manifest = *like;
    manifest->arena = arena;
    describe_screen(&assembly);
    if (!manifest_check_screen(manifest, err)) { /* the rest was checked with `like` */
        manifest_destroy(manifest);
        return NULL;
    }
    return manifest;
}

struct manifest *assemble(const struct assemble_inputs *inputs, int64_t now_ms, int64_t epoch,
                          int64_t version, struct error *err)
{
    int64_t today = zone_day(inputs->zone, now_ms);
    int64_t from_ms = zone_day_start(inputs->zone, today);
    int64_t until_ms = zone_day_start(inputs->zone, today + ASSEMBLE_DAYS);
    struct manifest *manifest = manifest_create();
    struct assembly assembly = {.inputs = inputs,
                                .manifest = manifest,
                                .scratch = arena_create(),
                                .mark = repertoire_mark(inputs->repertoire)};
    assembly_name_tracks(&assembly);
    for (size_t i = 0; i < assembly.track_count; i++) {
        until_ms = fill_track(&assembly, &assembly.tracks[i], from_ms, until_ms);
    }
    manifest->epoch = epoch;
    manifest->version = version;
    manifest->created_ms = now_ms;
    manifest->valid_until_ms = until_ms > now_ms ? until_ms : now_ms;
    assembly_settle_loops(&assembly);
    hand_over_tracks(&assembly);
    assembly_add_templates(&assembly);
    assembly_collect_files(&assembly);
    describe_screen(&assembly);
    describe_offsets(&assembly, from_ms, until_ms);
    describe_opening(&assembly, from_ms, until_ms);
    arena_destroy(assembly.scratch);
    if (!manifest_check(manifest, err)) {
        manifest_destroy(manifest);
        return NULL;
    }
    return manifest;
}
