/* The words of the dictionary stand in order, so that a table of distances can be kept from one to
 * the next as far as they begin alike, and all that begin with something hopeless are passed over
 * by looking at a byte each. */
#include <stdlib.h>
#include <string.h>

#include "directory/directory_private.h"

#define SIDE (DIRECTORY_WORD_MAX + 2)
#define ALIVE SIDE /* no depth */

struct table {
    const char *asked;
    size_t length;
    unsigned most;
    uint8_t cells[SIDE][SIDE]; /* [depth][i]: from i letters asked to `depth` of the word */
    uint8_t begun[SIDE];       /* the least of cells[…][length] up to that depth */
};

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The row for the word's first `depth` letters; false when nothing near can begin so. Cells far
 * from the diagonal are too far in any case and only have to say so to their neighbours. */
static bool fill(struct table *table, const char *word, size_t depth)
{
    uint8_t *row = table->cells[depth];
    const uint8_t *before = table->cells[depth - 1];
    const uint8_t far = (uint8_t)(table->most + 1);
    size_t from = depth > table->most ? depth - table->most : 0;
    size_t until = depth + table->most < table->length ? depth + table->most : table->length;
    unsigned nearest = far;

    if (from > 0 && from - 1 <= table->length)
        row[from - 1] = far;
    for (size_t i = from; i <= until; i++) {
        unsigned cell;
        if (i == 0) {
            cell = (unsigned)depth;
        } else {
            cell = before[i - 1] + (table->asked[i - 1] == word[depth - 1] ? 0u : 1u);
            cell = least(cell, row[i - 1] + 1u);
            cell = least(cell, before[i] + 1u);
            if (i > 1 && depth > 1 && table->asked[i - 1] == word[depth - 2] &&
                table->asked[i - 2] == word[depth - 1])
                cell = least(cell, table->cells[depth - 2][i - 2] + 1u);
        }
        row[i] = (uint8_t)least(cell, far);
        nearest = least(nearest, row[i]);
    }
    if (until < table->length)
        row[until + 1] = far;
    uint8_t whole = until == table->length && from <= until ? row[until] : far;
    table->begun[depth] = whole < table->begun[depth - 1] ? whole : table->begun[depth - 1];
    return nearest <= table->most;
}

static void append(struct directory_nears *out, uint32_t word, unsigned distance, bool whole)
{
    if (out->count == out->room) {
        out->room = out->room > 0 ? 2 * out->room : 64;
        out->items = realloc(out->items, out->room * sizeof(out->items[0]));
        if (out->items == NULL)
            abort();
    }
    out->items[out->count++] = (struct directory_near){word, (uint8_t)distance, whole};
}

void directory_near_words(const struct directory_dictionary *dictionary, const char *word,
                          size_t length, unsigned distance, struct directory_nears *out)
{
    struct table table = {.asked = word, .length = length, .most = distance};
    size_t dead = ALIVE; /* the depth at which the last word that was looked at became hopeless */

    for (size_t i = 0; i <= length; i++)
        table.cells[0][i] = (uint8_t)least((unsigned)i, distance + 1);
    table.begun[0] = (uint8_t)least((unsigned)length, distance + 1);
    for (uint32_t number = 0; number < dictionary->words.count; number++) {
        size_t depth = dictionary->shared[number];
        if (depth >= dead) {
            if (table.begun[dead] <= distance)
                append(out, number, table.begun[dead], false);
            continue;
        }
        const char *text = directory_string(&dictionary->words, number);
        dead = ALIVE;
        while (text[depth] != '\0' && dead == ALIVE)
            if (!fill(&table, text, ++depth))
                dead = depth;
        size_t end = strlen(text);
        bool whole = dead == ALIVE && end + distance >= length && end <= length + distance &&
                     table.cells[end][length] <= distance;
        if (whole)
            append(out, number, table.cells[end][length], true);
        else if (table.begun[depth] <= distance)
            append(out, number, table.begun[depth], false);
    }
}
