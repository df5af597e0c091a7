#include "server/schedule/assemble.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "server/schedule/choice.h"

/* Clocks of expired manifests still know summer from winter for a year. */
#define OFFSETS_BEYOND_MS (INT64_C(366) * CIVIL_DAY_MS)

/* A loop before equal ones are made one. */
struct draft_loop {
    struct manifest_loop loop;
    size_t number; /* in order of time */
};

/* A manifest in the making. */
struct assembly {
    const struct assemble_inputs *inputs;
    struct manifest *manifest;
    struct arena *scratch; /* emptied after each segment */
    uint64_t mark;
    size_t slide_capacity;
    size_t interval_capacity;
    struct draft_loop *loops; /* one an interval */
};

static const char *own(struct assembly *assembly, const char *text)
{
    return arena_strdup(assembly->manifest->arena, text);
}

/* Arrays that grow double; the arena keeps the old ones until the manifest goes. */
static void *grown(struct arena *arena, const void *items, size_t count, size_t *capacity,
                   size_t size)
{
    *capacity = *capacity == 0 ? 64 : *capacity * 2;
    void *copy = arena_array(arena, *capacity, size);
    if (items != NULL) {
        memcpy(copy, items, count * size);
    }
    return copy;
}

static void more_slides(struct assembly *assembly)
{
    struct manifest *manifest = assembly->manifest;
    manifest->slides = grown(manifest->arena, manifest->slides, manifest->slide_count,
                             &assembly->slide_capacity, sizeof *manifest->slides);
}

/* Loops are drafted one an interval. */
static void more_intervals(struct assembly *assembly)
{
    struct manifest *manifest = assembly->manifest;
    size_t capacity = assembly->interval_capacity;
    assembly->loops = grown(manifest->arena, assembly->loops, manifest->interval_count, &capacity,
                            sizeof *assembly->loops);
    manifest->intervals = grown(manifest->arena, manifest->intervals, manifest->interval_count,
                                &assembly->interval_capacity, sizeof *manifest->intervals);
}

static void copy_slide(struct assembly *assembly, const struct slide *from, struct slide *to)
{
    *to = *from;
    to->id = own(assembly, from->id);
    to->template = own(assembly, from->template);
    to->subject = own(assembly, from->subject);
    to->organisation = own(assembly, from->organisation);
    to->title = own(assembly, from->title);
    to->lang = own(assembly, from->lang);
    to->link = own(assembly, from->link);
    for (size_t i = 0; i < from->text_count; i++) {
        to->texts[i].slot = own(assembly, from->texts[i].slot);
        to->texts[i].text = own(assembly, from->texts[i].text);
    }
    for (size_t i = 0; i < from->picture_count; i++) {
        to->pictures[i].slot = own(assembly, from->pictures[i].slot);
        to->pictures[i].alt = own(assembly, from->pictures[i].alt);
        to->pictures[i].credit = own(assembly, from->pictures[i].credit);
    }
}

static size_t slide_index(struct assembly *assembly, struct repertoire_slide *shown)
{
    struct manifest *manifest = assembly->manifest;
    if (shown->mark == assembly->mark) {
        return shown->index;
    }
    if (manifest->slide_count == assembly->slide_capacity) {
        more_slides(assembly);
    }
    shown->mark = assembly->mark;
    shown->index = manifest->slide_count;
    copy_slide(assembly, shown->slide, &manifest->slides[manifest->slide_count++]);
    return shown->index;
}

static void add_interval(struct assembly *assembly, const struct choice *choice, int64_t from_ms,
                         int64_t until_ms)
{
    struct manifest *manifest = assembly->manifest;
    size_t number = manifest->interval_count;
    if (number == assembly->interval_capacity) {
        more_intervals(assembly);
    }
    struct manifest_loop *loop = &assembly->loops[number].loop;
    assembly->loops[number].number = number;
    loop->playlist = own(assembly, choice->playlist);
    loop->transition_ms = 500;
    loop->item_count = choice->item_count;
    loop->items = arena_array(manifest->arena, choice->item_count, sizeof *loop->items);
    for (size_t i = 0; i < choice->item_count; i++) {
        loop->items[i].slide = slide_index(assembly, choice->items[i].slide);
        loop->items[i].duration_ms = choice->items[i].duration_ms;
    }
    enum interval_class class =
        (enum interval_class)assembly->inputs->rules[choice->winner].rule->class;
    manifest->intervals[number] = (struct manifest_interval){
        .from_ms = from_ms,
        .until_ms = until_ms,
        .origin_ms = from_ms,
        .loop = number,
        .layout = choice->strip && class != INTERVAL_EMERGENCY ? LAYOUT_STRIP : LAYOUT_WHOLE,
        .class = class,
        .rule = own(assembly, assembly->inputs->rules[choice->winner].rule->id),
    };
    manifest->interval_count++;
}

/* False when the manifest is full: `*at_ms` is where it ends. Each slide has at most one picture,
 * and the directory is one more file. */
static bool add_segment(struct assembly *assembly, const struct rule_segment *segment,
                        int64_t *at_ms)
{
    const struct assemble_inputs *inputs = assembly->inputs;
    const struct manifest *manifest = assembly->manifest;
    *at_ms = segment->from_ms;
    while (*at_ms < segment->until_ms) {
        struct choice choice;
        choice_make(inputs->repertoire, inputs->rules, segment, *at_ms, inputs->zone, inputs->lang,
                    assembly->scratch, &choice);
        if (choice.item_count == 0) {
            /* Events only ever end within a day: what is empty stays empty. */
            return true;
        }
        if (manifest->interval_count == MANIFEST_LOOPS_MAX ||
            manifest->slide_count + choice.item_count >= MANIFEST_SLIDES_MAX ||
            manifest->slide_count + choice.item_count >= MANIFEST_FILES_MAX) {
            return false;
        }
        int64_t until_ms =
            choice.until_ms < segment->until_ms ? choice.until_ms : segment->until_ms;
        add_interval(assembly, &choice, *at_ms, until_ms);
        *at_ms = until_ms;
        arena_reset(assembly->scratch);
    }
    return true;
}

static int compare_loops(const void *left, const void *right)
{
    const struct manifest_loop *a = &((const struct draft_loop *)left)->loop;
    const struct manifest_loop *b = &((const struct draft_loop *)right)->loop;
    if (a->item_count != b->item_count) {
        return a->item_count < b->item_count ? -1 : 1;
    }
    for (size_t i = 0; i < a->item_count; i++) {
        const struct manifest_item *x = &a->items[i];
        const struct manifest_item *y = &b->items[i];
        if (x->slide != y->slide) {
            return x->slide < y->slide ? -1 : 1;
        }
        if (x->duration_ms != y->duration_ms) {
            return x->duration_ms < y->duration_ms ? -1 : 1;
        }
    }
    return strcmp(a->playlist, b->playlist);
}

static int compare_drafts(const void *left, const void *right)
{
    int order = compare_loops(left, right);
    if (order != 0) {
        return order;
    }
    size_t a = ((const struct draft_loop *)left)->number;
    size_t b = ((const struct draft_loop *)right)->number;
    return (a > b) - (a < b);
}

/* Equal loops become one; loops stand in the order of their first use. */
static void settle_loops(struct assembly *assembly)
{
    struct manifest *manifest = assembly->manifest;
    size_t count = manifest->interval_count;
    struct draft_loop *drafts = assembly->loops;
    size_t *first = arena_array(assembly->scratch, count, sizeof *first);
    size_t *settled = arena_array(assembly->scratch, count, sizeof *settled);
    const struct draft_loop **by_number = arena_array(assembly->scratch, count, sizeof(void *));
    if (count > 1) {
        qsort(drafts, count, sizeof *drafts, compare_drafts);
    }
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && compare_loops(&drafts[i - 1], &drafts[i]) == 0;
        first[drafts[i].number] = same ? first[drafts[i - 1].number] : drafts[i].number;
        by_number[drafts[i].number] = &drafts[i];
    }
    manifest->loops = arena_array(manifest->arena, count, sizeof *manifest->loops);
    for (size_t i = 0; i < count; i++) {
        if (first[i] == i) {
            settled[i] = manifest->loop_count;
            manifest->loops[manifest->loop_count++] = by_number[i]->loop;
        }
        manifest->intervals[i].loop = settled[first[i]];
    }
    arena_reset(assembly->scratch);
}

static int compare_files(const void *left, const void *right)
{
    return memcmp(((const struct manifest_file *)left)->sha256.bytes,
                  ((const struct manifest_file *)right)->sha256.bytes, SHA256_SIZE);
}

static void add_file(struct assembly *assembly, const struct sha256 *sum,
                     const struct media_record *record)
{
    struct manifest *manifest = assembly->manifest;
    manifest->files[manifest->file_count++] =
        (struct manifest_file){*sum, record->size, own(assembly, record->type)};
}

static void collect_files(struct assembly *assembly)
{
    struct manifest *manifest = assembly->manifest;
    const struct media_record *directory = assembly->inputs->directory;
    size_t most = 1;
    for (size_t i = 0; i < manifest->slide_count; i++) {
        most += manifest->slides[i].picture_count;
    }
    manifest->files = arena_array(manifest->arena, most, sizeof *manifest->files);
    for (size_t i = 0; i < manifest->slide_count; i++) {
        for (size_t k = 0; k < manifest->slides[i].picture_count; k++) {
            const struct sha256 *sum = &manifest->slides[i].pictures[k].file;
            add_file(assembly, sum, repertoire_media(assembly->inputs->repertoire, sum));
        }
    }
    if (directory != NULL && sha256_from_hex(directory->sha256, &manifest->directory)) {
        manifest->has_directory = true;
        add_file(assembly, &manifest->directory, directory);
    }
    size_t kept = 0;
    if (manifest->file_count > 1) {
        qsort(manifest->files, manifest->file_count, sizeof *manifest->files, compare_files);
    }
    for (size_t i = 0; i < manifest->file_count; i++) {
        if (i == 0 || compare_files(&manifest->files[i], &manifest->files[kept - 1]) != 0) {
            manifest->files[kept++] = manifest->files[i];
        }
    }
    manifest->file_count = kept;
}

static void describe_screen(struct assembly *assembly)
{
    const struct screen *from = assembly->inputs->screen;
    struct manifest_screen *to = &assembly->manifest->screen;
    *to = (struct manifest_screen){
        .id = own(assembly, from->id),
        .name = own(assembly, from->name),
        .site = own(assembly, assembly->inputs->site_name),
        .site_id = own(assembly, from->site),
        .width_px = (int)from->width_px,
        .height_px = (int)from->height_px,
        .rotation = (int)from->rotation,
        .diagonal_mm = (int)from->diagonal_mm,
        .viewing_distance_mm = (int)from->viewing_distance_mm,
        .bottom_edge_mm = (int)from->bottom_edge_mm,
        .kiosk = from->kiosk,
        .time_zone = own(assembly, from->time_zone),
    };
    size_t most = sizeof to->languages / sizeof *to->languages;
    for (size_t i = 0; i < from->languages.count && i < most; i++) {
        to->languages[to->language_count++] = own(assembly, from->languages.items[i]);
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

struct manifest *assemble(const struct assemble_inputs *inputs, int64_t now_ms, int64_t epoch,
                          int64_t version, struct error *err)
{
    int64_t today = zone_day(inputs->zone, now_ms);
    int64_t from_ms = zone_day_start(inputs->zone, today);
    int64_t until_ms = zone_day_start(inputs->zone, today + ASSEMBLE_DAYS);
    struct assembly assembly = {.inputs = inputs,
                                .manifest = manifest_create(),
                                .scratch = arena_create(),
                                .mark = repertoire_mark(inputs->repertoire)};
    more_slides(&assembly);
    more_intervals(&assembly);
    struct arena *plan = arena_create();
    struct rule_segment *segments = NULL;
    size_t count = rules_segments(inputs->rules, inputs->rule_count, inputs->zone, from_ms,
                                  until_ms, plan, &segments);
    for (size_t i = 0; i < count; i++) {
        int64_t at_ms = 0;
        if (!add_segment(&assembly, &segments[i], &at_ms)) {
            until_ms = at_ms;
            break;
        }
        arena_reset(assembly.scratch);
    }
    struct manifest *manifest = assembly.manifest;
    manifest->epoch = epoch;
    manifest->version = version;
    manifest->created_ms = now_ms;
    manifest->valid_until_ms = until_ms > now_ms ? until_ms : now_ms;
    manifest_add_plain_layouts(manifest);
    settle_loops(&assembly);
    collect_files(&assembly);
    describe_screen(&assembly);
    describe_offsets(&assembly, from_ms, until_ms);
    arena_destroy(plan);
    arena_destroy(assembly.scratch);
    if (!manifest_check(manifest, err)) {
        manifest_destroy(manifest);
        return NULL;
    }
    return manifest;
}
