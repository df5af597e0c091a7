#include "player/draw/lines.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

/* Sums of widths rounded to float may miss by this much. */
#define WIDTH_SLACK 1e-4

int lines_count(const struct passage *passage, double width, bool *broken_out)
{
    int count = 0;
    bool open = false;
    double used = 0, space = 0;
    *broken_out = false;
    for (int i = 0; i < passage->piece_count; i++) {
        const struct piece *piece = &passage->pieces[i];
        *broken_out |= piece->width > width + WIDTH_SLACK;
        if (!open || used + space + piece->width > width + WIDTH_SLACK) {
            count++;
            used = piece->width;
        } else {
            used += space + piece->width;
        }
        space = piece->space;
        open = !piece->must_break;
    }
    return count;
}

static struct line *add_line(struct lines *lines, int first)
{
    if (lines->count == lines->capacity) {
        lines->capacity = lines->capacity ? 2 * lines->capacity : 8;
        lines->items = realloc(lines->items, (size_t)lines->capacity * sizeof *lines->items);
        if (!lines->items)
            abort();
    }
    struct line *line = &lines->items[lines->count++];
    *line = (struct line){first, first, first};
    return line;
}

/* A word wider than the line: as many clusters as fit on each. Returns the last, open line and its
 * width. At least one cluster stands on every line. */
static double break_word(struct lines *lines, const struct passage *passage, struct font_book *book,
                         enum text_weight weight, const struct piece *piece, double width)
{
    struct line *line = add_line(lines, piece->first);
    double used = 0;
    bool first_part = true;
    for (int i = piece->first; i < piece->visible_end; i++) {
        double cluster = passage_width(passage, book, weight, i, i + 1, NULL);
        if (used + cluster > width + WIDTH_SLACK && i > line->first) {
            line->end = line->next = i;
            line = add_line(lines, i);
            used = 0;
            first_part = false;
        }
        lines->broken += !first_part;
        used += cluster;
    }
    return used;
}

void lines_break(struct lines *lines, const struct passage *passage, struct font_book *book,
                 enum text_weight weight, double width)
{
    struct line *line = NULL;
    double used = 0, space = 0;
    *lines = (struct lines){0};
    for (int i = 0; i < passage->piece_count; i++) {
        const struct piece *piece = &passage->pieces[i];
        if (line && used + space + piece->width <= width + WIDTH_SLACK) {
            used += space + piece->width;
        } else if (piece->width <= width + WIDTH_SLACK) {
            line = add_line(lines, piece->first);
            used = piece->width;
        } else {
            used = break_word(lines, passage, book, weight, piece, width);
            line = &lines->items[lines->count - 1];
        }
        line->end = piece->visible_end;
        line->next = piece->end;
        space = piece->space;
        if (piece->must_break)
            line = NULL;
    }
}

/* A line of a heading that ends in "de" or "à" reads badly. */
static bool ends_in_short_word(const struct piece *piece)
{
    return piece->visible_end - piece->first <= 2 && piece->end > piece->visible_end;
}

/* "Saint-" apart from "Marc" reads badly, too. */
static bool ends_in_hyphen(const struct passage *passage, const struct piece *piece)
{
    int last = piece->visible_end - 1;
    return last > piece->first && piece->end == piece->visible_end &&
           passage->text.bytes[passage->clusters[last].start] == '-';
}

/* Dynamic programming over the pieces [first, first + count) of one paragraph: cost[k][j] is the
 * least sum of squared widths when k + 1 lines end with piece j. Equal lines have the least sum. */
static void balance_paragraph(struct line *items, int line_count, const struct passage *passage,
                              int first, int count, double width)
{
    size_t cells = (size_t)line_count * (size_t)count;
    float *cost = malloc(cells * sizeof *cost);
    int *from = malloc(cells * sizeof *from);
    if (!cost || !from)
        goto done;
    for (size_t i = 0; i < cells; i++)
        cost[i] = FLT_MAX;
    for (int k = 0; k < line_count; k++) {
        for (int j = k; j < count; j++) {
            const struct piece *last = &passage->pieces[first + j];
            double used = last->width;
            double penalty = k + 1 == line_count             ? 0
                             : ends_in_short_word(last)      ? 0.04 * width * width
                             : ends_in_hyphen(passage, last) ? 0.2 * width * width
                                                             : 0;
            for (int i = j; i >= k && used <= width + WIDTH_SLACK; i--) {
                float before = i == 0 ? (k == 0 ? 0 : FLT_MAX)
                                      : (k == 0 ? FLT_MAX : cost[(k - 1) * count + i - 1]);
                float sum = before + (float)(used * used + penalty);
                if (before < FLT_MAX && sum < cost[k * count + j]) {
                    cost[k * count + j] = sum;
                    from[k * count + j] = i;
                }
                if (i > 0)
                    used +=
                        passage->pieces[first + i - 1].width + passage->pieces[first + i - 1].space;
            }
        }
    }
    if (cost[cells - 1] < FLT_MAX) {
        for (int k = line_count - 1, j = count - 1; k >= 0; k--) {
            int i = from[k * count + j];
            items[k] = (struct line){passage->pieces[first + i].first,
                                     passage->pieces[first + j].visible_end,
                                     passage->pieces[first + j].end};
            j = i - 1;
        }
    }
done:
    free(cost);
    free(from);
}

void lines_balance(struct lines *lines, const struct passage *passage, double width)
{
    enum { PIECES_MAX = 400 }; /* longer paragraphs are prose: nobody sees the difference */
    int line = 0;
    if (lines->broken > 0)
        return;
    for (int first = 0; first < passage->piece_count;) {
        int end = first, line_end = line;
        while (end < passage->piece_count && !passage->pieces[end++].must_break)
            ;
        int last_cluster = passage->pieces[end - 1].end;
        while (line_end < lines->count && lines->items[line_end].next <= last_cluster)
            line_end++;
        if (line_end - line > 1 && end - first <= PIECES_MAX)
            balance_paragraph(lines->items + line, line_end - line, passage, first, end - first,
                              width);
        first = end;
        line = line_end;
    }
}

void lines_finish(struct lines *lines)
{
    free(lines->items);
}
