#include <stdlib.h>
#include <string.h>

#include "server/schedule/assemble_parts.h"

#define SLIDE_FILES_MOST 2 /* a picture; a film and its captions */

const char *assembly_own(struct assembly *assembly, const char *text)
{
    return arena_strdup(assembly->manifest->arena, text);
}

void *assembly_grown(struct assembly *assembly, const void *items, size_t count, size_t *capacity,
                     size_t size)
{
    *capacity = *capacity == 0 ? 64 : *capacity * 2;
    void *copy = arena_array(assembly->manifest->arena, *capacity, size);
    if (items != NULL) {
        memcpy(copy, items, count * size);
    }
    return copy;
}

static void copy_slide(struct assembly *assembly, const struct slide *from, struct slide *to)
{
    *to = *from;
    to->id = assembly_own(assembly, from->id);
    to->template = assembly_own(assembly, from->template);
    to->subject = assembly_own(assembly, from->subject);
    to->organisation = assembly_own(assembly, from->organisation);
    to->title = assembly_own(assembly, from->title);
    to->lang = assembly_own(assembly, from->lang);
    to->link = assembly_own(assembly, from->link);
    for (size_t i = 0; i < from->text_count; i++) {
        to->texts[i].slot = assembly_own(assembly, from->texts[i].slot);
        to->texts[i].text = assembly_own(assembly, from->texts[i].text);
    }
    for (size_t i = 0; i < from->picture_count; i++) {
        to->pictures[i].slot = assembly_own(assembly, from->pictures[i].slot);
        to->pictures[i].alt = assembly_own(assembly, from->pictures[i].alt);
        to->pictures[i].credit = assembly_own(assembly, from->pictures[i].credit);
    }
}

static size_t slide_index(struct assembly *assembly, struct repertoire_slide *shown)
{
    struct manifest *manifest = assembly->manifest;
    if (shown->mark == assembly->mark) {
        return shown->index;
    }
    if (manifest->slide_count == assembly->slide_capacity) {
        manifest->slides = assembly_grown(assembly, manifest->slides, manifest->slide_count,
                                          &assembly->slide_capacity, sizeof *manifest->slides);
    }
    const struct slide *slide = shown->slide;
    shown->mark = assembly->mark;
    shown->index = manifest->slide_count;
    copy_slide(assembly, slide, &manifest->slides[manifest->slide_count++]);
    assembly->file_most +=
        slide->picture_count + (slide->has_video ? 1 + (size_t)slide->video.has_captions : 0);
    return shown->index;
}

size_t assembly_draft_loop(struct assembly *assembly, const struct choice *choice)
{
    struct manifest *manifest = assembly->manifest;
    if (assembly->loop_count == assembly->loop_capacity) {
        assembly->loops = assembly_grown(assembly, assembly->loops, assembly->loop_count,
                                         &assembly->loop_capacity, sizeof *assembly->loops);
    }
    struct manifest_loop *loop = &assembly->loops[assembly->loop_count].loop;
    assembly->loops[assembly->loop_count].number = assembly->loop_count;
    loop->playlist = assembly_own(assembly, choice->playlist);
    loop->transition = choice->transition;
    loop->transition_ms = choice->transition_ms;
    loop->item_count = choice->item_count;
    loop->items = arena_array(manifest->arena, choice->item_count, sizeof *loop->items);
    for (size_t i = 0; i < choice->item_count; i++) {
        loop->items[i].slide = slide_index(assembly, choice->items[i].slide);
        loop->items[i].duration_ms = choice->items[i].duration_ms;
    }
    return assembly->loop_count++;
}

bool assembly_has_room(const struct assembly *assembly, size_t items)
{
    /* Beside the slides' files: layouts' logos, templates, the directory. */
    size_t others =
        MANIFEST_ZONES_MAX + MANIFEST_TEMPLATES_MAX + assembly_directory_files(assembly);
    return assembly->loop_count < MANIFEST_LOOPS_MAX &&
           assembly->manifest->slide_count + items < MANIFEST_SLIDES_MAX &&
           assembly->file_most + items * SLIDE_FILES_MOST + others < MANIFEST_FILES_MAX;
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
    if (a->transition != b->transition) {
        return a->transition < b->transition ? -1 : 1;
    }
    if (a->transition_ms != b->transition_ms) {
        return a->transition_ms < b->transition_ms ? -1 : 1;
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

void assembly_settle_loops(struct assembly *assembly)
{
    struct manifest *manifest = assembly->manifest;
    size_t count = assembly->loop_count;
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
    }
    for (size_t i = 0; i < assembly->track_count; i++) {
        for (size_t k = 0; k < assembly->tracks[i].count; k++) {
            struct manifest_interval *interval = &assembly->tracks[i].intervals[k];
            interval->loop = settled[first[interval->loop]];
        }
    }
    arena_reset(assembly->scratch);
}
