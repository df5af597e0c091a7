/* A manifest in the making; between assemble.c, which lays out its intervals, assemble_loops.c,
 * which gathers slides and loops, and assemble_looks.c, which adds layouts, templates and files. */
#ifndef VITRINE_SERVER_SCHEDULE_ASSEMBLE_PARTS_H
#define VITRINE_SERVER_SCHEDULE_ASSEMBLE_PARTS_H

#include "server/schedule/assemble.h"
#include "server/schedule/choice.h"

#define TRACKS_MOST (1 + MANIFEST_ZONES_MAX) /* main, other zones, news */

/* A loop before equal ones are made one. */
struct draft_loop {
    struct manifest_loop loop;
    size_t number; /* in order of making: what intervals name meanwhile */
};

/* Intervals of one zone. */
struct draft_track {
    const char *zone;
    size_t count, capacity;
    struct manifest_interval *intervals;
};

struct assembly {
    const struct assemble_inputs *inputs;
    struct manifest *manifest;
    struct arena *scratch; /* emptied after each segment */
    uint64_t mark;
    size_t slide_capacity;
    size_t file_most; /* of the slides so far, none counted twice: an upper bound */
    size_t loop_count, loop_capacity;
    struct draft_loop *loops; /* one an interval */
    size_t track_count;
    struct draft_track tracks[TRACKS_MOST]; /* the first is the main zone's */
    size_t layouts[2][2]; /* by full screen and strip: index + 1 of those made so far */
};

/* A copy in the manifest's arena. */
const char *assembly_own(struct assembly *assembly, const char *text);
/* Arrays that grow double; the arena keeps the old ones until the manifest goes. */
void *assembly_grown(struct assembly *assembly, const void *items, size_t count, size_t *capacity,
                     size_t size);

/* Drafts the choice's loop; returns its number. */
size_t assembly_draft_loop(struct assembly *assembly, const struct choice *choice);
/* Whether the manifest has room for that many more items. */
bool assembly_has_room(const struct assembly *assembly, size_t items);
/* Equal loops become one; loops stand in the order of their first use by the main zone, then the
 * others. Intervals get their indexes. */
void assembly_settle_loops(struct assembly *assembly);

/* Names the tracks that the screen's layout has. */
void assembly_name_tracks(struct assembly *assembly);
/* The layout for what the choice wants, made when first needed; index. */
size_t assembly_layout(struct assembly *assembly, const struct choice *choice);
/* The templates of the slides. */
void assembly_add_templates(struct assembly *assembly);
/* How many files the directory needs, with itself. */
size_t assembly_directory_files(const struct assembly *assembly);
/* All files that slides, layouts, templates and directory name. */
void assembly_collect_files(struct assembly *assembly);

#endif
