/* A text made ready for layout, whatever its size will be: user-perceived characters with their
 * face, script and bidi level, and the pieces between which lines may break, measured in capital
 * heights. Built under text.c's lock; read-only afterwards. */
#ifndef VITRINE_PLAYER_DRAW_PASSAGE_H
#define VITRINE_PLAYER_DRAW_PASSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/strbuf.h"
#include "player/draw/fonts.h"

enum cluster_kind {
    CLUSTER_GLYPHS,
    CLUSTER_SPACE,  /* vanishes at a line's end */
    CLUSTER_GAP,    /* a fixed width and no ink: U+202F and spaces that the face lacks */
    CLUSTER_HIDDEN, /* zero-width space */
    CLUSTER_HYPHEN, /* soft hyphen: shows only at a line's end */
    CLUSTER_NEWLINE,
};

struct cluster {
    uint32_t start, length; /* bytes of passage.text */
    struct font_choice font;
    uint8_t kind;
    int8_t level;     /* bidi embedding level */
    bool break_after; /* a line may end here */
    bool must_break;  /* it has to */
    float gap;        /* capital heights */
};

/* What stays on one line: clusters [first, end), those from `visible_end` on being spaces. */
struct piece {
    int first, visible_end, end;
    float width, space; /* of the visible part and of the spaces after it, capital heights */
    bool must_break;    /* the paragraph ends here */
};

struct passage {
    struct strbuf text; /* valid UTF-8, without control characters */
    struct cluster *clusters;
    int cluster_count;
    struct piece *pieces;
    int piece_count;
    int8_t *base_levels; /* of the paragraph that each cluster is in */
};

/* Memory for small things aborts when it is out, as everywhere. */
void passage_init(struct passage *passage, struct font_book *book, enum text_weight weight,
                  const char *text);
void passage_finish(struct passage *passage);

/* One stretch with one face, script and level, or one gap. */
struct stretch {
    struct font_choice font;
    int8_t level;
    struct strbuf text; /* empty: a gap */
    double width;       /* capital heights */
};

/* Cuts clusters [first, end) into stretches in reading order and measures them. `suffix` ("…" or
 * "-", or NULL) follows the last. The array is freed with stretches_free. */
struct stretch *passage_stretches(const struct passage *passage, struct font_book *book,
                                  enum text_weight weight, int first, int end, const char *suffix,
                                  int *count_out);
void stretches_free(struct stretch *stretches, int count);
/* Width of clusters [first, end) with the suffix, capital heights. */
double passage_width(const struct passage *passage, struct font_book *book, enum text_weight weight,
                     int first, int end, const char *suffix);

#endif
