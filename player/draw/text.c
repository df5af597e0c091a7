#include "player/draw/text.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "player/draw/lines.h"

#define ELLIPSIS "…"
#define LONE_MOST 4 /* letters and marks of "le" or "Ici," */

static const double default_line_height = 1.75;

struct text_engine {
    struct font_book *book;
    struct font_metrics metrics[TEXT_WEIGHTS];
};

/* One mask on a line; made at its first drawing, because many layouts are only measured. */
struct text_run {
    struct font_choice font;
    char *text;
    double x; /* of the pen's start, from the box's left */
    bool rendered;
    struct font_mask mask;
};

struct text_line {
    struct text_run *runs; /* left to right */
    int run_count;
    double width;
};

struct text_layout {
    struct text_engine *engine;
    struct text_style style; /* cap_height as chosen */
    int width;               /* of the box */
    struct text_line *lines;
    int line_count;
    bool truncated;
    bool lone;
};

/* Why it is global: fonts.h. */
static pthread_mutex_t library_lock = PTHREAD_MUTEX_INITIALIZER;

struct text_engine *text_engine_create(const char *font_folder, struct error *err)
{
    struct text_engine *engine = calloc(1, sizeof *engine);
    if (!engine) {
        error_set(err, ERROR_INTERNAL, "mémoire insuffisante", "not enough memory");
        return NULL;
    }
    pthread_mutex_lock(&library_lock);
    engine->book = font_book_create(font_folder, err);
    for (int weight = 0; engine->book && weight < TEXT_WEIGHTS; weight++)
        engine->metrics[weight] = font_book_metrics(engine->book, (enum text_weight)weight);
    pthread_mutex_unlock(&library_lock);
    if (!engine->book) {
        free(engine);
        return NULL;
    }
    return engine;
}

void text_engine_destroy(struct text_engine *engine)
{
    if (!engine)
        return;
    pthread_mutex_lock(&library_lock);
    font_book_destroy(engine->book);
    pthread_mutex_unlock(&library_lock);
    free(engine);
}

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort();
    return memory;
}

static double line_distance(const struct text_style *style)
{
    return (style->line_height > 0 ? style->line_height : default_line_height) * style->cap_height;
}

static int ascent_px(const struct text_engine *engine, const struct text_style *style)
{
    return (int)ceil(engine->metrics[style->weight].ascender * style->cap_height - 0.01);
}

static int descent_px(const struct text_engine *engine, const struct text_style *style)
{
    return (int)ceil(engine->metrics[style->weight].descender * style->cap_height - 0.01);
}

static int height_px(const struct text_engine *engine, const struct text_style *style, int lines)
{
    return ascent_px(engine, style) + (int)lround((lines - 1) * line_distance(style)) +
           descent_px(engine, style);
}

/* Lines that a box of this height holds, at least one. */
static int lines_in(const struct text_engine *engine, const struct text_style *style, int height)
{
    int rest = height - height_px(engine, style, 1);
    int lines = rest > 0 ? 1 + (int)floor(rest / line_distance(style)) : 1;
    return style->max_lines > 0 && style->max_lines < lines ? style->max_lines : lines;
}

/* Unicode bidirectional algorithm, rule L2, on stretches: every run of stretches at or above a
 * level is reversed, from the highest level to the lowest odd one. */
static void reorder(struct stretch *stretches, int count)
{
    int8_t highest = 0;
    for (int i = 0; i < count; i++)
        highest = stretches[i].level > highest ? stretches[i].level : highest;
    for (int8_t level = highest; level >= 1; level--) {
        for (int first = 0; first < count; first++) {
            if (stretches[first].level < level)
                continue;
            int end = first;
            while (end < count && stretches[end].level >= level)
                end++;
            for (int a = first, b = end - 1; a < b; a++, b--) {
                struct stretch kept = stretches[a];
                stretches[a] = stretches[b];
                stretches[b] = kept;
            }
            first = end;
        }
    }
}

/* Left edge of a line of `width` px in the box. */
static double line_start(const struct text_layout *layout, double width, bool rtl)
{
    double room = layout->width - width;
    if (layout->style.align == TEXT_CENTER)
        return room / 2;
    return (layout->style.align == TEXT_END) != rtl ? room : 0;
}

static void make_line(struct text_layout *layout, const struct passage *passage,
                      const struct line *from, const char *suffix, struct text_line *line)
{
    int count;
    double cap = layout->style.cap_height;
    struct stretch *stretches =
        passage_stretches(passage, layout->engine->book, layout->style.weight, from->first,
                          from->end, suffix, &count);
    reorder(stretches, count);
    line->runs = allocate((size_t)count, sizeof *line->runs);
    line->width = 0;
    for (int i = 0; i < count; i++)
        line->width += stretches[i].width * cap;
    bool rtl = from->first < passage->cluster_count && passage->base_levels[from->first] & 1;
    double x = line_start(layout, line->width, rtl);
    for (int i = 0; i < count; i++) {
        if (stretches[i].text.length > 0)
            line->runs[line->run_count++] = (struct text_run){
                .font = stretches[i].font, .text = strbuf_take(&stretches[i].text, NULL), .x = x};
        x += stretches[i].width * cap;
    }
    stretches_free(stretches, count);
}

static bool ends_in_soft_hyphen(const struct passage *passage, const struct line *line)
{
    return line->end > line->first && line->end < passage->cluster_count &&
           passage->clusters[line->end - 1].kind == CLUSTER_HYPHEN;
}

static double range_width(const struct text_layout *layout, const struct passage *passage,
                          int first, int end, const char *suffix)
{
    return passage_width(passage, layout->engine->book, layout->style.weight, first, end, suffix) *
           layout->style.cap_height;
}

static bool is_dangling(const struct passage *passage, const struct cluster *cluster)
{
    static const char marks[] = " ,;:-([/";
    return cluster->length == 0 ||
           (cluster->length == 1 && strchr(marks, passage->text.bytes[cluster->start]) != NULL);
}

/* Cuts the last line that may be shown so that "…" fits after it: behind a word when that keeps
 * most of the line, else behind a character. */
static void cut_line(const struct text_layout *layout, const struct passage *passage,
                     struct line *line)
{
    const double keep = 0.6;
    int end = line->end, word = -1;
    while (end > line->first &&
           range_width(layout, passage, line->first, end, ELLIPSIS) > layout->width)
        end--;
    for (int i = end; i > line->first && word < 0; i--)
        if (passage->clusters[i - 1].break_after || i == line->end)
            word = i;
    if (word >= 0 && range_width(layout, passage, line->first, word, NULL) > keep * layout->width)
        end = word;
    while (end > line->first && is_dangling(passage, &passage->clusters[end - 1]))
        end--;
    line->end = end;
}

/* Shaping a whole line at once gives another width than its words one by one (kerning with
 * spaces). Where a line came out too long, everything is broken again for a little less. */
static void break_within(struct text_layout *layout, const struct passage *passage,
                         struct lines *lines)
{
    enum { TRIES = 4 };
    double cap = layout->style.cap_height, width = layout->width / cap;
    for (int try = 0; try < TRIES; try++) {
        double over = 0;
        lines_break(lines, passage, layout->engine->book, layout->style.weight, width);
        if (layout->style.balance)
            lines_balance(lines, passage, width);
        for (int i = 0; i < lines->count; i++)
            over = fmax(over, range_width(layout, passage, lines->items[i].first,
                                          lines->items[i].end, NULL) -
                                  layout->width);
        if (over <= 0.5 || lines->broken > 0 || try == TRIES - 1)
            return;
        width -= over / cap;
        lines_finish(lines);
    }
}

/* Fills in the lines of a layout, at most `most` (0: all). */
static void fill_layout(struct text_layout *layout, const struct passage *passage, int most)
{
    struct lines lines;
    break_within(layout, passage, &lines);
    layout->truncated = most > 0 && lines.count > most;
    layout->line_count = layout->truncated ? most : lines.count;
    layout->lone = false;
    layout->lines = allocate((size_t)layout->line_count, sizeof *layout->lines);
    for (int i = 0; i < layout->line_count; i++) {
        struct line *line = &lines.items[i];
        layout->lone |= layout->line_count > 1 && line->end - line->first <= LONE_MOST;
        const char *suffix = ends_in_soft_hyphen(passage, line) ? "-" : NULL;
        if (layout->truncated && i == layout->line_count - 1) {
            cut_line(layout, passage, line);
            suffix = ELLIPSIS;
        }
        make_line(layout, passage, line, suffix, &layout->lines[i]);
    }
    lines_finish(&lines);
}

static struct text_layout *new_layout(struct text_engine *engine, const struct text_style *style,
                                      int width)
{
    struct text_layout *layout = allocate(1, sizeof *layout);
    layout->engine = engine;
    layout->style = *style;
    layout->style.cap_height = fmin(fmax(style->cap_height, 1), 2000);
    layout->width = width > 0 ? width : 1;
    return layout;
}

struct text_layout *text_layout_create(struct text_engine *engine, const char *text,
                                       const struct text_style *style, int width)
{
    struct text_layout *layout = new_layout(engine, style, width);
    struct passage passage;
    pthread_mutex_lock(&library_lock);
    passage_init(&passage, engine->book, style->weight, text);
    fill_layout(layout, &passage, style->max_lines);
    passage_finish(&passage);
    pthread_mutex_unlock(&library_lock);
    return layout;
}

static void clear_lines(struct text_layout *layout)
{
    for (int i = 0; i < layout->line_count; i++) {
        struct text_line *line = &layout->lines[i];
        for (int k = 0; k < line->run_count; k++) {
            free(line->runs[k].mask.coverage);
            free(line->runs[k].text);
        }
        free(line->runs);
    }
    free(layout->lines);
    layout->lines = NULL;
    layout->line_count = 0;
}

/* The text stands in the box at this size, by the widths of its words. */
static bool fits(const struct text_layout *layout, const struct passage *passage, double cap_height,
                 int height)
{
    struct text_style style = layout->style;
    bool broken;
    style.cap_height = cap_height;
    int count = lines_count(passage, layout->width / cap_height, &broken);
    return !broken && (style.max_lines == 0 || count <= style.max_lines) &&
           height_px(layout->engine, &style, count > 0 ? count : 1) <= height;
}

/* The same of a finished layout. */
static bool stands(const struct text_layout *layout, int height)
{
    for (int i = 0; i < layout->line_count; i++)
        if (layout->lines[i].width > layout->width + 0.5)
            return false;
    return !layout->truncated &&
           height_px(layout->engine, &layout->style, layout->line_count) <= height;
}

/* User-perceived characters that must go: what stands beyond the lines that fit, and beyond the
 * box in words too wide for it. */
static int count_excess(const struct text_layout *layout, const struct passage *passage,
                        int most_lines)
{
    struct lines lines;
    int excess, end = passage->cluster_count;
    lines_break(&lines, passage, layout->engine->book, layout->style.weight,
                layout->width / layout->style.cap_height);
    while (end > 0 && passage->clusters[end - 1].length == 0)
        end--;
    excess = lines.count > most_lines ? end - lines.items[most_lines - 1].end : lines.broken;
    lines_finish(&lines);
    return excess > 1 ? excess : 1;
}

/* Fonts are opened at sizes of whole quarters of a pixel: smaller steps would change nothing. */
static double size_step(const struct text_layout *layout)
{
    return 0.25 / layout->engine->metrics[layout->style.weight].em;
}

static double best_cap_height(const struct text_layout *layout, const struct passage *passage,
                              double floor_height, int height)
{
    double step = size_step(layout);
    int low = 0, high = (int)ceil((layout->style.cap_height - floor_height) / step);
    if (high <= 0 || fits(layout, passage, layout->style.cap_height, height))
        return layout->style.cap_height;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (fits(layout, passage, floor_height + middle * step, height))
            low = middle;
        else
            high = middle;
    }
    return floor_height + low * step;
}

/* Makes the lines; a little smaller, down to the floor, when their true widths are too large.
 * False, and no lines, when they do not stand even there. */
static bool fill_to_stand(struct text_layout *layout, const struct passage *passage,
                          double floor_height, int height)
{
    for (;;) {
        fill_layout(layout, passage, layout->style.max_lines);
        if (stands(layout, height))
            return true;
        clear_lines(layout);
        if (layout->style.cap_height <= floor_height)
            return false;
        layout->style.cap_height = fmax(floor_height, layout->style.cap_height - size_step(layout));
    }
}

struct text_layout *text_layout_fit(struct text_engine *engine, const char *text,
                                    const struct text_style *style, double floor, int width,
                                    int height, int *excess_out)
{
    struct text_layout *layout = new_layout(engine, style, width);
    double floor_height = fmin(fmax(floor, 1), layout->style.cap_height);
    struct passage passage;
    int excess = 0;
    pthread_mutex_lock(&library_lock);
    passage_init(&passage, engine->book, style->weight, text);
    layout->style.cap_height = best_cap_height(layout, &passage, floor_height, height);
    bool fitting = fits(layout, &passage, layout->style.cap_height, height);
    if (fitting)
        fitting = fill_to_stand(layout, &passage, floor_height, height);
    if (!fitting) {
        int most = lines_in(engine, &layout->style, height);
        layout->style.balance = false;
        excess = count_excess(layout, &passage, most);
        fill_layout(layout, &passage, most);
    }
    passage_finish(&passage);
    pthread_mutex_unlock(&library_lock);
    if (excess_out)
        *excess_out = excess;
    return layout;
}

void text_layout_destroy(struct text_layout *layout)
{
    if (!layout)
        return;
    clear_lines(layout);
    free(layout);
}

int text_layout_width(const struct text_layout *layout)
{
    double width = 0;
    for (int i = 0; i < layout->line_count; i++)
        width = fmax(width, layout->lines[i].width);
    return (int)ceil(width - 0.01);
}

int text_layout_height(const struct text_layout *layout)
{
    return layout->line_count > 0 ? height_px(layout->engine, &layout->style, layout->line_count)
                                  : 0;
}

int text_layout_lines(const struct text_layout *layout)
{
    return layout->line_count;
}

double text_layout_cap_height(const struct text_layout *layout)
{
    return layout->style.cap_height;
}

bool text_layout_lone(const struct text_layout *layout)
{
    return layout->lone;
}

bool text_layout_truncated(const struct text_layout *layout)
{
    return layout->truncated;
}

int text_layout_baseline(const struct text_layout *layout, int line)
{
    return ascent_px(layout->engine, &layout->style) +
           (int)lround(line * line_distance(&layout->style));
}

static void render_run(const struct text_layout *layout, struct text_run *run)
{
    if (run->rendered)
        return;
    pthread_mutex_lock(&library_lock);
    run->mask =
        font_book_render(layout->engine->book, &run->font, run->text, layout->style.cap_height);
    pthread_mutex_unlock(&library_lock);
    run->rendered = true;
}

void text_layout_draw(const struct text_layout *layout, struct canvas *canvas, int x, int y,
                      color fill)
{
    int reach = (int)line_distance(&layout->style) + 1;
    for (int i = 0; i < layout->line_count; i++) {
        int base = y + text_layout_baseline(layout, i);
        struct rect near = {x - reach, base - 2 * reach, layout->width + 2 * reach, 4 * reach};
        if (rect_empty(rect_intersect(near, canvas->clip)))
            continue;
        for (int k = 0; k < layout->lines[i].run_count; k++) {
            struct text_run *run = &layout->lines[i].runs[k];
            render_run(layout, run);
            if (run->mask.coverage)
                canvas_draw_mask(canvas, run->mask.coverage, run->mask.width, run->mask.width,
                                 run->mask.height, x + (int)lround(run->x) + run->mask.left,
                                 base - run->mask.top, fill);
        }
    }
}
