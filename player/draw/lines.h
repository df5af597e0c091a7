/* Breaking a passage into lines for a given width: greedily, or balanced with as many lines. Widths
 * are in capital heights. */
#ifndef VITRINE_PLAYER_DRAW_LINES_H
#define VITRINE_PLAYER_DRAW_LINES_H

#include "player/draw/passage.h"

struct line {
    int first, end; /* clusters, without the spaces at the end */
    int next;       /* where the following line begins */
};

struct lines {
    struct line *items;
    int count, capacity;
    int broken; /* clusters of words wider than the line that do not fit on its first part */
};

/* Lines that greedy breaking gives, without making them. broken_out: a word is wider than a line.
 */
int lines_count(const struct passage *passage, double width, bool *broken_out);

void lines_break(struct lines *lines, const struct passage *passage, struct font_book *book,
                 enum text_weight weight, double width);
/* Moves the breaks of each paragraph so that its lines are about equally long; the number of lines
 * stays. Does nothing where a word is broken. */
void lines_balance(struct lines *lines, const struct passage *passage, double width);
void lines_finish(struct lines *lines);

#endif
