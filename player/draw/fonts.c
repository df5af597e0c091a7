#include "player/draw/fonts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <SDL_ttf.h>

#include "core/files.h"
#include "core/utf8.h"

enum face_id {
    ATKINSON_REGULAR,
    ATKINSON_SEMIBOLD,
    ATKINSON_EXTRABOLD,
    NOTO_REGULAR,
    NOTO_BOLD,
    SYMBOLS_REGULAR,
    SYMBOLS_BOLD,
    ARABIC_REGULAR,
    ARABIC_BOLD,
    EMOJI,
    FACES
};

enum {
    REFERENCE_PX = 512, /* em at which widths are measured */
    OPEN_MAX = 8,       /* faces kept at drawing sizes; each costs 50 to 300 kB */
    WIDTH_SLOTS = 2048,
    WIDTH_TEXT_MAX = 24,
};

/* SDL2_ttf takes whole points: at 18 dots per inch a point is a quarter of a pixel. */
enum { QUARTERS_DPI = 18 };

static const struct {
    const char *file;
    bool embolden; /* there is no bold file */
    bool has_capitals;
    double em_factor; /* per em of the text face, where capitals cannot be compared */
} faces[FACES] = {
    [ATKINSON_REGULAR] = {"AtkinsonHyperlegibleNext-Regular.ttf", false, true, 0},
    [ATKINSON_SEMIBOLD] = {"AtkinsonHyperlegibleNext-SemiBold.ttf", false, true, 0},
    [ATKINSON_EXTRABOLD] = {"AtkinsonHyperlegibleNext-ExtraBold.ttf", false, true, 0},
    [NOTO_REGULAR] = {"NotoSans-Regular.ttf", false, true, 0},
    [NOTO_BOLD] = {"NotoSans-Bold.ttf", false, true, 0},
    [SYMBOLS_REGULAR] = {"NotoSansSymbols-Subset.ttf", false, false, 0.95},
    [SYMBOLS_BOLD] = {"NotoSansSymbols-Subset.ttf", true, false, 0.95},
    [ARABIC_REGULAR] = {"NotoSansArabic-Regular.ttf", false, false, 1.0},
    [ARABIC_BOLD] = {"NotoSansArabic-Bold.ttf", false, false, 1.0},
    [EMOJI] = {"NotoEmoji-Regular.ttf", false, false, 0.85},
};

static const uint8_t fallback[TEXT_WEIGHTS][5] = {
    [TEXT_REGULAR] = {ATKINSON_REGULAR, NOTO_REGULAR, SYMBOLS_REGULAR, ARABIC_REGULAR, EMOJI},
    [TEXT_SEMIBOLD] = {ATKINSON_SEMIBOLD, NOTO_BOLD, SYMBOLS_BOLD, ARABIC_BOLD, EMOJI},
    [TEXT_EXTRABOLD] = {ATKINSON_EXTRABOLD, NOTO_BOLD, SYMBOLS_BOLD, ARABIC_BOLD, EMOJI},
};

struct reference {
    TTF_Font *font;
    bool failed;       /* do not try to open it again */
    double em_per_cap; /* 0 until known */
};

struct open_font {
    TTF_Font *font; /* NULL: free */
    int face, quarters;
    unsigned last_use;
};

struct width_slot {
    char text[WIDTH_TEXT_MAX]; /* "" when free */
    uint8_t face;
    bool rtl;
    float width;
};

struct font_book {
    char folder[1024];
    struct reference references[FACES];
    struct open_font open[OPEN_MAX];
    unsigned uses;
    struct width_slot *widths;
};

static TTF_Font *open_face(const struct font_book *book, int face, int quarters)
{
    char path[1280];
    if (!path_join(path, sizeof path, book->folder, faces[face].file))
        return NULL;
    TTF_Font *font = TTF_OpenFontDPI(path, quarters, QUARTERS_DPI, QUARTERS_DPI);
    if (font) {
        TTF_SetFontHinting(font, TTF_HINTING_NONE);
        TTF_SetFontKerning(font, 1);
        if (faces[face].embolden)
            TTF_SetFontStyle(font, TTF_STYLE_BOLD);
    }
    return font;
}

static TTF_Font *reference_font(struct font_book *book, int face)
{
    struct reference *reference = &book->references[face];
    if (!reference->font && !reference->failed) {
        reference->font = open_face(book, face, 4 * REFERENCE_PX);
        reference->failed = reference->font == NULL;
    }
    return reference->font;
}

struct font_book *font_book_create(const char *folder, struct error *err)
{
    struct font_book *book = calloc(1, sizeof *book);
    struct width_slot *widths = calloc(WIDTH_SLOTS, sizeof *widths);
    if (!book || !widths || strlen(folder) >= sizeof book->folder || TTF_Init() != 0) {
        error_set(err, ERROR_INTERNAL, "impossible de préparer les polices",
                  "cannot prepare the fonts");
        free(widths);
        free(book);
        return NULL;
    }
    book->widths = widths;
    memcpy(book->folder, folder, strlen(folder) + 1);
    for (int weight = 0; weight < TEXT_WEIGHTS; weight++) {
        if (!reference_font(book, fallback[weight][0])) {
            error_set(err, ERROR_NOT_FOUND, "police %s illisible : réinstallez les polices",
                      "font %s cannot be read: install the fonts again",
                      faces[fallback[weight][0]].file);
            error_at(err, folder, 0);
            font_book_destroy(book);
            return NULL;
        }
    }
    return book;
}

void font_book_destroy(struct font_book *book)
{
    if (!book)
        return;
    for (int i = 0; i < OPEN_MAX; i++)
        if (book->open[i].font)
            TTF_CloseFont(book->open[i].font);
    for (int i = 0; i < FACES; i++)
        if (book->references[i].font)
            TTF_CloseFont(book->references[i].font);
    TTF_Quit();
    free(book->widths);
    free(book);
}

int font_book_open_count(const struct font_book *book)
{
    int count = 0;
    for (int i = 0; i < OPEN_MAX; i++)
        count += book->open[i].font != NULL;
    return count;
}

int font_book_primary(enum text_weight weight)
{
    return fallback[weight][0];
}

bool font_book_has(struct font_book *book, int face, uint32_t code_point)
{
    TTF_Font *font = reference_font(book, face);
    return font && TTF_GlyphIsProvided32(font, code_point) != 0;
}

/* Joiners, variation selectors and direction marks: shaping uses them, no glyph is needed. */
static bool is_ignorable(uint32_t code_point)
{
    return (code_point >= 0x200B && code_point <= 0x200F) || code_point == 0x00AD ||
           (code_point >= 0x202A && code_point <= 0x202E) ||
           (code_point >= 0x2060 && code_point <= 0x206F) ||
           (code_point >= 0xFE00 && code_point <= 0xFE0F) || code_point == 0xFEFF ||
           (code_point >= 0xE0000 && code_point <= 0xE01EF);
}

static bool has_all(struct font_book *book, int face, const uint32_t *cluster, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_ignorable(cluster[i]) && !font_book_has(book, face, cluster[i]))
            return false;
    return true;
}

int font_book_find(struct font_book *book, enum text_weight weight, const uint32_t *cluster,
                   size_t count)
{
    enum { EMOJI_STYLE = 0xFE0F, FIRST_EMOJI = 0x1F000, LAST_EMOJI = 0x1FAFF };
    bool emoji = false;
    for (size_t i = 0; i < count; i++)
        emoji |=
            cluster[i] == EMOJI_STYLE || (cluster[i] >= FIRST_EMOJI && cluster[i] <= LAST_EMOJI);
    if (emoji && has_all(book, EMOJI, cluster, count))
        return EMOJI;
    for (size_t i = 0; i < sizeof fallback[weight]; i++)
        if (has_all(book, fallback[weight][i], cluster, count))
            return fallback[weight][i];
    return -1;
}

/* Height of a glyph's top above the base line, in ems. */
static double glyph_top(TTF_Font *font, uint32_t code_point, double otherwise)
{
    int top;
    if (!font || TTF_GlyphMetrics32(font, code_point, NULL, NULL, NULL, &top, NULL) != 0)
        return otherwise;
    return top / (double)REFERENCE_PX;
}

static double em_per_cap(struct font_book *book, int face)
{
    struct reference *reference = &book->references[face];
    if (reference->em_per_cap == 0) {
        if (faces[face].has_capitals)
            reference->em_per_cap = 1 / fmax(0.1, glyph_top(reference_font(book, face), 'H', 0.7));
        else
            reference->em_per_cap = faces[face].em_factor * em_per_cap(book, ATKINSON_REGULAR);
    }
    return reference->em_per_cap;
}

struct font_metrics font_book_metrics(struct font_book *book, enum text_weight weight)
{
    int face = fallback[weight][0];
    TTF_Font *font = reference_font(book, face);
    struct font_metrics metrics = {.em = em_per_cap(book, face)};
    int bottom;
    metrics.ascender = fmax(1, glyph_top(font, 'd', 0.7) * metrics.em);
    if (TTF_GlyphMetrics32(font, 'g', NULL, NULL, &bottom, NULL, NULL) == 0)
        metrics.descender = -bottom / (double)REFERENCE_PX * metrics.em;
    return metrics;
}

double font_book_em(struct font_book *book, int face, double cap_height)
{
    return em_per_cap(book, face) * cap_height;
}

static void set_shaping(TTF_Font *font, const struct font_choice *choice)
{
    TTF_SetFontDirection(font, choice->rtl ? TTF_DIRECTION_RTL : TTF_DIRECTION_LTR);
    TTF_SetFontScriptName(font, choice->script);
}

/* FNV-1a. */
static uint32_t hash_text(const char *text, uint32_t seed)
{
    uint32_t hash = 2166136261u ^ seed;
    for (; *text; text++)
        hash = (hash ^ (uint8_t)*text) * 16777619u;
    return hash ^ hash >> 15;
}

static double shape_width(struct font_book *book, const struct font_choice *choice,
                          const char *text)
{
    TTF_Font *font = reference_font(book, choice->face);
    int width;
    if (!font)
        return 0;
    set_shaping(font, choice);
    if (TTF_SizeUTF8(font, text, &width, NULL) != 0)
        return 0;
    return width / (double)REFERENCE_PX * em_per_cap(book, choice->face);
}

double font_book_width(struct font_book *book, const struct font_choice *choice, const char *text)
{
    size_t length = strlen(text);
    if (length == 0 || length >= WIDTH_TEXT_MAX)
        return length == 0 ? 0 : shape_width(book, choice, text);
    uint32_t seed = choice->face | (uint32_t)choice->rtl << 7;
    struct width_slot *slot = &book->widths[hash_text(text, seed) % WIDTH_SLOTS];
    if (slot->face != choice->face || slot->rtl != choice->rtl || strcmp(slot->text, text) != 0) {
        slot->width = (float)shape_width(book, choice, text);
        slot->face = choice->face;
        slot->rtl = choice->rtl;
        memcpy(slot->text, text, length + 1);
    }
    return slot->width;
}

/* The face at a drawing size: open already, or in place of the one not used for longest. Changing
 * the size of a face that is open anyway is cheaper than opening it. */
static TTF_Font *sized_font(struct font_book *book, int face, int quarters)
{
    struct open_font *oldest = &book->open[0];
    for (int i = 0; i < OPEN_MAX; i++) {
        struct open_font *entry = &book->open[i];
        if (entry->font && entry->face == face && entry->quarters == quarters) {
            entry->last_use = ++book->uses;
            return entry->font;
        }
        if (!entry->font || (oldest->font && entry->last_use < oldest->last_use))
            oldest = entry;
    }
    if (oldest->font &&
        (oldest->face != face ||
         TTF_SetFontSizeDPI(oldest->font, quarters, QUARTERS_DPI, QUARTERS_DPI) != 0)) {
        TTF_CloseFont(oldest->font);
        oldest->font = NULL;
    }
    if (!oldest->font)
        oldest->font = open_face(book, face, quarters);
    oldest->face = face;
    oldest->quarters = quarters;
    oldest->last_use = ++book->uses;
    return oldest->font;
}

static bool row_has_ink(const SDL_Surface *surface, int y)
{
    const uint8_t *row = (const uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch;
    for (int x = 0; x < surface->w; x++)
        if (row[x])
            return true;
    return false;
}

static bool column_has_ink(const SDL_Surface *surface, int x)
{
    const uint8_t *cell = (const uint8_t *)surface->pixels + x;
    for (int y = 0; y < surface->h; y++)
        if (cell[(ptrdiff_t)y * surface->pitch])
            return true;
    return false;
}

/* SDL2_ttf does not tell where in its surface the pen started. It moves it only when ink would
 * stand left of the start or above the ascender, and then by as much as that, so that the first
 * column or row has ink. */
static void find_origin(TTF_Font *font, const struct font_choice *choice, const char *text,
                        const SDL_Surface *surface, int *x_out, int *y_out)
{
    const char *cursor = text;
    uint32_t first = utf8_next(&cursor, text + strlen(text));
    int bearing, moved = surface->h - TTF_FontHeight(font);
    *x_out = 0;
    if (!choice->rtl && column_has_ink(surface, 0) &&
        TTF_GlyphMetrics32(font, first, &bearing, NULL, NULL, NULL, NULL) == 0 && bearing < 0)
        *x_out = -bearing;
    *y_out = TTF_FontAscent(font) + (moved > 0 && row_has_ink(surface, 0) ? moved : 0);
}

static struct font_mask cut_to_ink(const SDL_Surface *surface, int origin_x, int origin_y)
{
    int left = 0, top = 0, right = surface->w, bottom = surface->h;
    while (top < bottom && !row_has_ink(surface, top))
        top++;
    while (bottom > top && !row_has_ink(surface, bottom - 1))
        bottom--;
    while (left < right && top < bottom && !column_has_ink(surface, left))
        left++;
    while (right > left && top < bottom && !column_has_ink(surface, right - 1))
        right--;
    struct font_mask mask = {NULL, right - left, bottom - top, left - origin_x, origin_y - top};
    if (mask.width > 0 && mask.height > 0)
        mask.coverage = malloc((size_t)mask.width * (size_t)mask.height);
    for (int y = 0; mask.coverage && y < mask.height; y++)
        memcpy(mask.coverage + (ptrdiff_t)y * mask.width,
               (const uint8_t *)surface->pixels + (ptrdiff_t)(top + y) * surface->pitch + left,
               (size_t)mask.width);
    return mask;
}

struct font_mask font_book_render(struct font_book *book, const struct font_choice *choice,
                                  const char *text, double cap_height)
{
    const SDL_Color black = {0, 0, 0, 255}, white = {255, 255, 255, 255};
    int quarters = (int)lround(4 * font_book_em(book, choice->face, cap_height));
    TTF_Font *font = sized_font(book, choice->face, quarters < 4 ? 4 : quarters);
    if (!font)
        return (struct font_mask){0};
    set_shaping(font, choice);
    /* An 8-bit surface whose colour numbers are the coverage. */
    SDL_Surface *surface = TTF_RenderUTF8_Shaded(font, text, white, black);
    if (!surface)
        return (struct font_mask){0};
    int x, y;
    find_origin(font, choice, text, surface, &x, &y);
    struct font_mask mask = cut_to_ink(surface, x, y);
    SDL_FreeSurface(surface);
    return mask;
}
