/* The texts of a slide, one below the other in a column: sizes between each slot's wish and its
 * floor, all moved by one parameter so that their hierarchy stays; then lines cut when even the
 * floors are too large. For slide_scene.c and its tests. */
#ifndef VITRINE_PLAYER_SCENE_COLUMN_H
#define VITRINE_PLAYER_SCENE_COLUMN_H

#include "core/arena.h"
#include "player/scene/scene.h"
#include "player/scene/slide_view.h"

/* DRESS_ROWS: the rows that the slide has. */
struct column_row {
    const char *const *slots;          /* names of these three */
    const char *text, *label, *detail; /* NULL: none, but the text */
};
struct column_rows {
    int count, shown;
    bool details;
    struct column_row rows[TEMPLATE_ROWS_MAX];
};

struct column_item {
    const struct slot_spec *spec;
    enum slot_place place; /* in its column: PLACE_HEAD is the body of a column of its own */
    const char *text;
    const char *more; /* what goes with it: the hour, the unit; NULL: none */
    struct column_rows *rows;
    bool shown;
    int most_lines, lines;   /* as the template says, and now; 0: no limit */
    double cap;              /* chosen, px */
    int height;              /* with its dress, px */
    int excess;              /* characters too many at this size */
    const char *excess_slot; /* of a list: in which text most of them are */
};

struct column {
    struct text_engine *text;
    const struct metrics *metrics; /* of the zone */
    const struct template_look *look;
    struct arena *arena;
    enum icon icon; /* the slide's own */
    struct rect frame;
    int headline_lines; /* at most, for the next fit; 0: as the template says */
    bool body_middle;   /* else it follows the top */
    struct rect aside;  /* where the bottom's texts stand instead; empty: below the others */
    int bottom_left, bottom_right; /* how much narrower the bottom's texts stand, px */
    int bottom_least;              /* its height at least, px */
    bool squeeze;                  /* headlines below their floor rather than broken words */
    double ease;                   /* 1: wished sizes and gaps, 0: floors */
    int indent;                    /* of texts after a sign, px */
    int item_count;
    struct column_item items[TEMPLATE_SPECS_MAX];
};

struct column_source {
    const struct slide_view *view;
    const struct metrics *metrics;
    const struct template_look *look;
    const struct slide *slide;
    bool photo;     /* one shows: its credit is due */
    bool shortened; /* short_title in place of the headline */
};

/* Collects what the slide has to say, in the head or beside it. A slide without words for its
 * column says its title. */
void column_init(struct column *column, const struct column_source *source, bool head,
                 struct arena *arena);
/* Shows required slots and those whose drop is above `drop`, as large as they fit in the frame.
 * False when they do not fit at their floors, or, with all of them (drop 0), only near those. */
bool column_fit(struct column *column, int drop);
/* Makes it fit whatever it costs: fewer rows, fewer lines, then fewer slots. */
void column_cut(struct column *column);
void column_build(const struct column *column, struct scene_node *parent);
/* Whether it matters to nobody that this text is cut: a photo's credit. */
bool column_may_cut(const struct slot_spec *spec);
/* Height of all that shows, px. */
int column_height(const struct column *column);
/* Top of what stands at the bottom, px. */
int column_bottom_y(const struct column *column);

/* column_dress.c: one item with its dress at item->cap. Measuring sets height and excess. */
void column_item_measure(const struct column *column, struct column_item *item);
/* The largest size from `least` to `most` at which no word is broken; 0: there is none. */
double column_item_whole_words(const struct column *column, const struct column_item *item,
                               double most, double least);
/* Whether a short word stands on a line of its own. */
bool column_item_lone(const struct column *column, const struct column_item *item);
void column_item_build(const struct column *column, const struct column_item *item, int y,
                       struct scene_node *parent);

/* For column_*.c: units in px, an ink, where an item stands, one text measured and put. */
int column_units(const struct column *column, double count);
color column_ink(const struct column *column, enum slot_ink ink);
struct rect column_item_frame(const struct column *column, const struct column_item *item);
/* Height of a text at exactly this size; adds what does not fit to *excess. width_out may be
 * NULL. */
int column_text_height(const struct column *column, const char *text,
                       const struct text_style *style, int width, int *width_out, int *excess);
struct scene_node *column_text(struct scene_node *parent, struct rect rect, const char *text,
                               const struct text_style *style, color ink, const char *slot);
/* Moves a line of text so that its capitals stand in the middle of a box. */
void column_middle(struct scene_node *node, int y, int height);
enum text_weight column_weight(const struct slot_spec *spec);

/* column_date.c, column_rows.c: dresses of their own. */
void column_date_measure(const struct column *column, struct column_item *item);
void column_date_build(const struct column *column, const struct column_item *item, int y,
                       struct scene_node *parent);
/* In a narrow zone labels may break anywhere between words. */
struct column_rows *column_rows_read(const struct slide *slide, bool narrow, struct arena *arena);
void column_rows_measure(const struct column *column, struct column_item *item);
void column_rows_build(const struct column *column, const struct column_item *item, int y,
                       struct scene_node *parent);

#endif
