/* The texts of a slide, one below the other in a column: sizes between each slot's wish and its
 * floor, all moved by one parameter so that their hierarchy stays; then lines cut when even the
 * floors are too large. For slide_view.c and its tests. */
#ifndef VITRINE_PLAYER_SCENE_COLUMN_H
#define VITRINE_PLAYER_SCENE_COLUMN_H

#include "core/arena.h"
#include "player/scene/scene.h"
#include "player/scene/slide_view.h"
#include "player/scene/template.h"

struct column_item {
    const struct slot_spec *spec;
    const char *text;
    const char *more; /* DRESS_DATE: the time; NULL: none */
    bool shown;
    int most_lines, lines; /* as the template says, and now; 0: no limit */
    double cap;            /* chosen, px */
    int height;            /* with its dress, px */
    int excess;            /* characters too many at this size */
};

struct column {
    struct text_engine *text;
    const struct metrics *metrics;
    const struct template *template;
    struct arena *arena;
    enum icon icon; /* the slide's own */
    struct rect frame;
    double ease; /* 1: wished sizes and gaps, 0: floors */
    int indent;  /* of texts after a sign, px */
    int item_count;
    struct column_item items[TEMPLATE_SLOTS_MAX];
};

/* Collects what the slide has to say: the credit with a photo only, and short_title in place of the
 * headline when `shortened`. */
void column_init(struct column *column, const struct slide_view *view,
                 const struct template *template, const struct slide *slide, bool photo,
                 bool shortened, struct arena *arena);
/* Shows required slots and those whose drop is above `drop`, as large as they fit in the frame.
 * False when they do not fit at their floors, or, with all of them (drop 0), only near those. */
bool column_fit(struct column *column, int drop);
/* Makes it fit whatever it costs: fewer lines, then fewer slots. */
void column_cut(struct column *column);
void column_build(const struct column *column, struct scene_node *parent);

/* column_dress.c: one item with its dress at item->cap. Measuring sets height and excess. */
void column_item_measure(const struct column *column, struct column_item *item);
void column_item_build(const struct column *column, const struct column_item *item, int y,
                       struct scene_node *parent);

#endif
