#include "player/draw/passage.h"

#include <stdlib.h>
#include <string.h>

#include <fribidi.h>
#include <linebreak.h>
#include <utf8proc.h>

#include "core/utf8.h"

/* Code points and what the libraries say about each. */
struct analysis {
    uint32_t *points;
    char *breaks; /* libunibreak: after each */
    FriBidiLevel *levels;
    FriBidiLevel *bases;
    size_t count;
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count ? count : 1, size);
    if (!memory)
        abort();
    return memory;
}

/* Line ends become \n, tabs spaces; other control characters go. */
static size_t read_points(const char *text, uint32_t *points)
{
    const char *end = text + strlen(text);
    size_t count = 0;
    while (text < end) {
        uint32_t point = utf8_next(&text, end);
        if (point == 0x2028 || point == 0x2029)
            point = '\n';
        if (point == '\t')
            point = ' ';
        if ((point < 0x20 && point != '\n') || (point >= 0x7F && point < 0xA0))
            continue;
        points[count++] = point;
    }
    return count;
}

static bool needs_bidi(const struct analysis *all)
{
    for (size_t i = 0; i < all->count; i++) {
        uint32_t point = all->points[i];
        if ((point >= 0x0590 && point <= 0x08FF) || (point >= 0x200E && point <= 0x200F) ||
            (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
            (point >= 0xFB1D && point <= 0xFEFC) || (point >= 0x10800 && point <= 0x1EFFF))
            return true;
    }
    return false;
}

/* Levels of one paragraph. When FriBidi is out of memory the text stays left to right. */
static void paragraph_levels(const uint32_t *points, size_t count, FriBidiLevel *levels,
                             FriBidiLevel *bases)
{
    FriBidiCharType *types = allocate(count, sizeof *types);
    FriBidiBracketType *brackets = allocate(count, sizeof *brackets);
    FriBidiParType base = FRIBIDI_PAR_ON;
    fribidi_get_bidi_types(points, (FriBidiStrIndex)count, types);
    fribidi_get_bracket_types(points, (FriBidiStrIndex)count, types, brackets);
    if (!fribidi_get_par_embedding_levels_ex(types, brackets, (FriBidiStrIndex)count, &base,
                                             levels)) {
        memset(levels, 0, count * sizeof *levels);
        base = FRIBIDI_PAR_LTR;
    }
    for (size_t i = 0; i < count; i++)
        bases[i] = FRIBIDI_IS_RTL(base) ? 1 : 0;
    free(types);
    free(brackets);
}

static void find_levels(struct analysis *all)
{
    if (!needs_bidi(all))
        return;
    for (size_t start = 0, i = 0; i < all->count; i++) {
        if (all->points[i] == '\n' || i + 1 == all->count) {
            paragraph_levels(all->points + start, i + 1 - start, all->levels + start,
                             all->bases + start);
            start = i + 1;
        }
    }
}

/* libunibreak 1.1 aborts on regional indicators (flags) and U+FFFF, and takes emoji for letters.
 * Lines may break before and after emoji as around an ideograph (UAX #14, classes EB and ID). */
static void find_breaks(struct analysis *all)
{
    enum { IDEOGRAPH = 0x4E00, LETTER = 'A', FIRST_EMOJI = 0x1F000, LAST_EMOJI = 0x1FAFF };
    utf32_t *plain = allocate(all->count, sizeof *plain);
    for (size_t i = 0; i < all->count; i++) {
        uint32_t point = all->points[i];
        if (point >= FIRST_EMOJI && point <= LAST_EMOJI)
            plain[i] = IDEOGRAPH;
        else
            plain[i] = (point & 0xFFFE) == 0xFFFE ? LETTER : point;
    }
    set_linebreaks_utf32(plain, all->count, "fr", all->breaks);
    free(plain);
}

static void analysis_init(struct analysis *all, const char *text)
{
    size_t most = strlen(text);
    all->points = allocate(most, sizeof *all->points);
    all->count = read_points(text, all->points);
    all->breaks = allocate(all->count, 1);
    all->levels = allocate(all->count, sizeof *all->levels);
    all->bases = allocate(all->count, sizeof *all->bases);
    find_breaks(all);
    find_levels(all);
}

static void analysis_finish(struct analysis *all)
{
    free(all->points);
    free(all->breaks);
    free(all->levels);
    free(all->bases);
}

static const char *script_of(uint32_t point)
{
    static const struct {
        uint32_t first, last;
        char script[5];
    } ranges[] = {
        {0x0041, 0x02AF, "Latn"}, {0x0370, 0x03FF, "Grek"}, {0x0400, 0x052F, "Cyrl"},
        {0x0590, 0x05FF, "Hebr"}, {0x0600, 0x06FF, "Arab"}, {0x0750, 0x077F, "Arab"},
        {0x08A0, 0x08FF, "Arab"}, {0x0900, 0x097F, "Deva"}, {0x1E00, 0x1EFF, "Latn"},
        {0x1F00, 0x1FFF, "Grek"}, {0xFB50, 0xFDFF, "Arab"}, {0xFE70, 0xFEFC, "Arab"},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return ranges[i].script;
    return "Zyyy";
}

/* Width in ems of spaces that may be missing from a face; 0 for what is no space. U+202F is 1/5 em
 * in every face, because the text face lacks it and another face's would differ from size to size.
 */
static float space_width(uint32_t point)
{
    switch (point) {
    case 0x2002:
        return 0.5f;
    case 0x2003:
    case 0x3000:
        return 1.0f;
    case 0x2004:
        return 0.333f;
    case 0x2005:
    case 0x00A0:
        return 0.25f;
    case 0x2006:
        return 0.167f;
    case 0x2007:
        return 0.6f;
    case 0x2008:
        return 0.25f;
    case 0x2009:
    case 0x202F:
    case 0x205F:
        return 0.2f;
    case 0x200A:
        return 0.1f;
    default:
        return 0;
    }
}

static enum cluster_kind kind_of(struct font_book *book, int face, uint32_t point)
{
    switch (point) {
    case ' ':
        return CLUSTER_SPACE;
    case '\n':
        return CLUSTER_NEWLINE;
    case 0x00AD:
        return CLUSTER_HYPHEN;
    case 0x200B:
    case 0x2060:
    case 0xFEFF:
        return CLUSTER_HIDDEN;
    case 0x202F:
        return CLUSTER_GAP;
    default:
        return space_width(point) > 0 && !font_book_has(book, face, point) ? CLUSTER_GAP
                                                                           : CLUSTER_GLYPHS;
    }
}

/* Code points that stand for one that no face has: hyphens that only differ in line breaking, and
 * the replacement character for all else. */
static uint32_t substitute(uint32_t point)
{
    return point == 0x2010 || point == 0x2011 ? '-' : 0xFFFD;
}

/* Chooses face and script, and appends the cluster's text. Spaces and punctuation between Arabic
 * letters stay with them, so that a phrase is shaped in one go. */
static void add_cluster(struct passage *passage, struct font_book *book, enum text_weight weight,
                        const struct analysis *all, size_t from, size_t to)
{
    /* One colour only: the tones would be hatched squares beside the hand. */
    enum { FIRST_SKIN_TONE = 0x1F3FB, LAST_SKIN_TONE = 0x1F3FF };
    uint32_t *points = all->points + from;
    size_t count = to - from;
    struct cluster *last =
        passage->cluster_count > 0 ? &passage->clusters[passage->cluster_count - 1] : NULL;
    struct cluster cluster = {.start = (uint32_t)passage->text.length,
                              .level = all->levels[from],
                              .break_after = all->breaks[to - 1] <= LINEBREAK_ALLOWBREAK,
                              .must_break = points[0] == '\n'};
    const char *script = script_of(points[0]);
    bool common = strcmp(script, "Zyyy") == 0;
    int face = font_book_primary(weight);
    cluster.kind = (uint8_t)kind_of(book, face, points[0]);
    if (cluster.kind == CLUSTER_GLYPHS || cluster.kind == CLUSTER_SPACE) {
        if (common && last && last->font.rtl && (cluster.level & 1) && count == 1 &&
            font_book_has(book, last->font.face, points[0])) {
            face = last->font.face;
            script = last->font.script;
        } else if ((face = font_book_find(book, weight, points, count)) < 0) {
            uint32_t other = substitute(points[0]);
            face = font_book_find(book, weight, &other, 1);
            face = face < 0 ? font_book_primary(weight) : face;
            points[0] = other;
            count = 1;
        }
        for (size_t i = 0; i < count; i++)
            if (i == 0 || points[i] < FIRST_SKIN_TONE || points[i] > LAST_SKIN_TONE)
                utf8_append(&passage->text, points[i]);
    }
    if (cluster.kind == CLUSTER_GAP)
        cluster.gap = space_width(points[0]) * (float)font_book_em(book, face, 1);
    cluster.length = (uint32_t)passage->text.length - cluster.start;
    cluster.font.face = (uint8_t)face;
    cluster.font.rtl = cluster.level & 1;
    memcpy(cluster.font.script, common && strcmp(script, "Zyyy") == 0 ? "Latn" : script, 5);
    passage->base_levels[passage->cluster_count] = all->bases[from];
    passage->clusters[passage->cluster_count++] = cluster;
}

static void find_clusters(struct passage *passage, struct font_book *book, enum text_weight weight,
                          const struct analysis *all)
{
    utf8proc_int32_t state = 0;
    size_t from = 0;
    passage->clusters = allocate(all->count, sizeof *passage->clusters);
    passage->base_levels = allocate(all->count, 1);
    for (size_t i = 1; i <= all->count; i++) {
        if (i == all->count ||
            utf8proc_grapheme_break_stateful((utf8proc_int32_t)all->points[i - 1],
                                             (utf8proc_int32_t)all->points[i], &state)) {
            add_cluster(passage, book, weight, all, from, i);
            from = i;
        }
    }
    /* A break is between two clusters; the last has none after it. */
    if (passage->cluster_count > 0)
        passage->clusters[passage->cluster_count - 1].break_after = true;
}

static void measure_piece(struct passage *passage, struct font_book *book, enum text_weight weight,
                          struct piece *piece)
{
    piece->visible_end = piece->end;
    while (piece->visible_end > piece->first) {
        uint8_t kind = passage->clusters[piece->visible_end - 1].kind;
        if (kind != CLUSTER_SPACE && kind != CLUSTER_NEWLINE)
            break;
        piece->visible_end--;
    }
    piece->width =
        (float)passage_width(passage, book, weight, piece->first, piece->visible_end, NULL);
    piece->space =
        (float)passage_width(passage, book, weight, piece->visible_end, piece->end, NULL);
    piece->must_break = passage->clusters[piece->end - 1].must_break;
}

static void find_pieces(struct passage *passage, struct font_book *book, enum text_weight weight)
{
    int first = 0;
    passage->pieces = allocate((size_t)passage->cluster_count, sizeof *passage->pieces);
    for (int i = 0; i < passage->cluster_count; i++) {
        if (!passage->clusters[i].break_after && !passage->clusters[i].must_break)
            continue;
        struct piece *piece = &passage->pieces[passage->piece_count++];
        piece->first = first;
        piece->end = first = i + 1;
        measure_piece(passage, book, weight, piece);
    }
}

void passage_init(struct passage *passage, struct font_book *book, enum text_weight weight,
                  const char *text)
{
    struct analysis all = {0};
    *passage = (struct passage){0};
    strbuf_init(&passage->text);
    analysis_init(&all, text);
    find_clusters(passage, book, weight, &all);
    find_pieces(passage, book, weight);
    analysis_finish(&all);
}

void passage_finish(struct passage *passage)
{
    strbuf_finish(&passage->text);
    free(passage->clusters);
    free(passage->pieces);
    free(passage->base_levels);
}

static bool same_stretch(const struct stretch *stretch, const struct cluster *cluster)
{
    return stretch->text.length > 0 && stretch->level == cluster->level &&
           stretch->font.face == cluster->font.face &&
           memcmp(stretch->font.script, cluster->font.script, 4) == 0;
}

static struct stretch *new_stretch(struct stretch *stretches, int *count,
                                   const struct font_choice *font, int8_t level)
{
    struct stretch *stretch = &stretches[(*count)++];
    *stretch = (struct stretch){.font = *font, .level = level};
    strbuf_init(&stretch->text);
    return stretch;
}

struct stretch *passage_stretches(const struct passage *passage, struct font_book *book,
                                  enum text_weight weight, int first, int end, const char *suffix,
                                  int *count_out)
{
    struct stretch *stretches = allocate((size_t)(end - first) + 1, sizeof *stretches);
    struct stretch *last = NULL;
    int count = 0;
    for (int i = first; i < end; i++) {
        const struct cluster *cluster = &passage->clusters[i];
        if (cluster->kind == CLUSTER_GAP) {
            last = new_stretch(stretches, &count, &cluster->font, cluster->level);
            last->width = cluster->gap;
        } else if (cluster->length > 0) {
            if (!last || !same_stretch(last, cluster))
                last = new_stretch(stretches, &count, &cluster->font, cluster->level);
            strbuf_append_bytes(&last->text, passage->text.bytes + cluster->start, cluster->length);
        }
    }
    if (suffix) {
        int8_t level = end > 0 ? passage->base_levels[end - 1] : 0;
        struct font_choice font = {(uint8_t)font_book_primary(weight), level & 1, "Latn"};
        struct cluster like = {.font = font, .level = level};
        if (!last || !same_stretch(last, &like))
            last = new_stretch(stretches, &count, &font, level);
        strbuf_append(&last->text, suffix);
    }
    for (int i = 0; i < count; i++)
        if (stretches[i].text.length > 0)
            stretches[i].width = font_book_width(book, &stretches[i].font, stretches[i].text.bytes);
    *count_out = count;
    return stretches;
}

void stretches_free(struct stretch *stretches, int count)
{
    for (int i = 0; i < count; i++)
        strbuf_finish(&stretches[i].text);
    free(stretches);
}

double passage_width(const struct passage *passage, struct font_book *book, enum text_weight weight,
                     int first, int end, const char *suffix)
{
    int count;
    struct stretch *stretches =
        passage_stretches(passage, book, weight, first, end, suffix, &count);
    double width = 0;
    for (int i = 0; i < count; i++)
        width += stretches[i].width;
    stretches_free(stretches, count);
    return width;
}
