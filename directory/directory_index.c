#include "directory/directory_index.h"

#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"

/* Beginnings that more words than this have get merged rows. */
#define PREFIX_WORDS 24
#define PREFIX_BYTES_MAX 6

void directory_index_word(struct directory_index *index, uint32_t row, enum directory_class found,
                          const char *word, size_t length, const char *written)
{
    if (!directory_word_counts(word, length))
        return;
    if (index->count == index->room) {
        index->room = index->room > 0 ? 2 * index->room : 4096;
        index->items = realloc(index->items, index->room * sizeof(index->items[0]));
        if (index->items == NULL)
            abort();
    }
    index->items[index->count++] =
        (struct directory_posting){.word = arena_strndup(index->arena, word, length),
                                   .written = written,
                                   .row = row,
                                   .found = (uint8_t)found};
}

/* Capitals alone are how registers write, not how people do. */
static bool shouts(const char *text, size_t length)
{
    const char *end = text + length;
    size_t letters = 0;

    while (text < end) {
        uint32_t letter = utf8_next(&text, end);
        if (utf8_is_letter(letter) && utf8_lower(letter) == letter)
            return false;
        letters++;
    }
    return letters > 1;
}

/* Words as people write them end at spaces, apostrophes, hyphens and the like. */
static size_t raw_word(const char *at)
{
    static const char *const ends[] = {" ", "'", "’",  "-", ",",  ".", "/",
                                       "(", ")", "«",  "»", "&",  ";", ":",
                                       "!", "?", "\"", "·", "\n", "+", "\xc2\xa0"};
    size_t length = 0;

    while (at[length] != '\0') {
        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
            if (strncmp(at + length, ends[i], strlen(ends[i])) == 0)
                return length;
        length++;
    }
    return length;
}

/* How the folded word stands in the text from *cursor on, which then lies behind it; "" when it
 * does not, or not otherwise. */
static const char *written_in(struct directory_index *index, const char **cursor, const char *word,
                              size_t length)
{
    struct strbuf raw, folded;
    const char *written = NULL;

    strbuf_init(&raw);
    strbuf_init(&folded);
    for (const char *at = *cursor; *at != '\0' && written == NULL;) {
        size_t size = raw_word(at);
        strbuf_clear(&raw);
        strbuf_clear(&folded);
        strbuf_append_bytes(&raw, at, size);
        utf8_fold(raw.bytes, &folded);
        at += size;
        if (size == 0) /* over what ended a word */
            utf8_next(&at, at + strlen(at));
        if (size == 0 || folded.length != length || memcmp(folded.bytes, word, length) != 0)
            continue;
        *cursor = at;
        written = strcmp(raw.bytes, folded.bytes) == 0 || shouts(raw.bytes, size)
                      ? ""
                      : arena_strdup(index->arena, raw.bytes);
    }
    strbuf_finish(&raw);
    strbuf_finish(&folded);
    return written != NULL ? written : "";
}

void directory_index_text(struct directory_index *index, uint32_t row, enum directory_class found,
                          const char *text)
{
    struct strbuf folded;
    const char *word, *cursor = text;
    size_t length;

    if (text[0] == '\0')
        return;
    strbuf_init(&folded);
    directory_fold(text, &folded);
    const char *at = folded.bytes;
    while (directory_next_word(&at, &word, &length))
        directory_index_word(index, row, found, word, length,
                             written_in(index, &cursor, word, length));
    strbuf_finish(&folded);
}

static int compare(const void *a, const void *b)
{
    const struct directory_posting *one = a, *other = b;
    int order = strcmp(one->word, other->word);

    if (order == 0)
        order = one->row < other->row ? -1 : one->row > other->row;
    if (order == 0)
        order = (int)one->found - (int)other->found;
    return order != 0 ? order : strcmp(other->written, one->written);
}

void directory_index_sort(struct directory_index *index)
{
    if (index->count > 0)
        qsort(index->items, index->count, sizeof(index->items[0]), compare);
}

static void append_number(struct strbuf *out, uint32_t number)
{
    strbuf_append_bytes(out, &number, sizeof(number));
}

static void append_row(struct strbuf *out, uint32_t skipped, uint8_t found)
{
    uint32_t number = skipped << DIRECTORY_CLASS_BITS | found;

    while (number > 0x7f) {
        strbuf_append_char(out, (char)(number | 0x80));
        number >>= 7;
    }
    strbuf_append_char(out, (char)number);
}

static void blobs_init(struct directory_index_blobs *blobs)
{
    strbuf_init(&blobs->texts);
    strbuf_init(&blobs->starts);
    strbuf_init(&blobs->sizes);
    strbuf_init(&blobs->rows);
}

static void append_text(struct strbuf *out, const char *text)
{
    strbuf_append_bytes(out, text, strlen(text) + 1);
}

void directory_index_words(const struct directory_index *index, struct directory_index_blobs *out)
{
    const struct directory_posting *items = index->items;
    size_t until;

    blobs_init(out);
    for (size_t from = 0; from < index->count; from = until) {
        const char *written = "";
        uint32_t rows = 0, next = 0;
        append_number(&out->starts, (uint32_t)out->rows.length);
        for (until = from; until < index->count && strcmp(items[until].word, items[from].word) == 0;
             until++) {
            if (written[0] == '\0')
                written = items[until].written;
            if (until > from && items[until].row == items[until - 1].row)
                continue; /* the better place came first */
            append_row(&out->rows, items[until].row - next, items[until].found);
            next = items[until].row + 1;
            rows++;
        }
        append_number(&out->sizes, rows);
        append_text(&out->texts, items[from].word);
        append_text(&out->texts, written);
    }
    append_number(&out->starts, (uint32_t)out->rows.length);
}

/* --- beginnings ------------------------------------------------------------------------------- */

struct merge {
    uint8_t *found; /* of each row: its best class, DIRECTORY_CLASSES for none */
    uint32_t row_count;
    struct directory_index_blobs *out;
};

static void merge_prefix(struct merge *merge, const struct directory_posting *items, size_t count,
                         size_t length)
{
    struct directory_index_blobs *out = merge->out;
    uint32_t rows = 0, next = 0;

    memset(merge->found, DIRECTORY_CLASSES, merge->row_count);
    for (size_t i = 0; i < count; i++)
        if (items[i].found < merge->found[items[i].row])
            merge->found[items[i].row] = items[i].found;
    append_number(&out->starts, (uint32_t)out->rows.length);
    for (uint32_t row = 0; row < merge->row_count; row++) {
        if (merge->found[row] == DIRECTORY_CLASSES)
            continue;
        append_row(&out->rows, row - next, merge->found[row]);
        next = row + 1;
        rows++;
    }
    append_number(&out->sizes, rows);
    strbuf_append_bytes(&out->texts, items[0].word, length);
    strbuf_append_char(&out->texts, '\0');
    strbuf_append_char(&out->texts, '\0');
}

/* Postings that begin alike stand together: all of one beginning, then each longer one in it, which
 * is the order of strings. */
static void walk(struct merge *merge, const struct directory_posting *items, size_t count,
                 size_t length)
{
    size_t words = 0, until;

    for (size_t i = 0; i < count; i++)
        words += i == 0 || strcmp(items[i].word, items[i - 1].word) != 0;
    if (words <= PREFIX_WORDS)
        return;
    if (length > 1 && ((unsigned char)items[count - 1].word[length] & 0xC0) != 0x80)
        merge_prefix(merge, items, count, length);
    if (length == PREFIX_BYTES_MAX)
        return;
    for (size_t from = 0; from < count; from = until) {
        char next = items[from].word[length];
        for (until = from + 1; until < count && items[until].word[length] == next; until++)
            ;
        if (next != '\0')
            walk(merge, items + from, until - from, length + 1);
    }
}

void directory_index_prefixes(const struct directory_index *index, uint32_t row_count,
                              struct directory_index_blobs *out)
{
    struct merge merge = {.row_count = row_count, .out = out};

    blobs_init(out);
    merge.found = malloc((size_t)row_count + 1);
    if (merge.found == NULL)
        abort();
    walk(&merge, index->items, index->count, 0);
    append_number(&out->starts, (uint32_t)out->rows.length);
    free(merge.found);
}

void directory_index_blobs_finish(struct directory_index_blobs *blobs)
{
    strbuf_finish(&blobs->texts);
    strbuf_finish(&blobs->starts);
    strbuf_finish(&blobs->sizes);
    strbuf_finish(&blobs->rows);
}

void directory_index_finish(struct directory_index *index)
{
    free(index->items);
    index->items = NULL;
}
