#include "playlists/typography.h"

#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/utf8.h"

#define NBSP 0xA0
#define NARROW_NBSP 0x202F
#define APOSTROPHE 0x2019
#define ELLIPSIS 0x2026
#define OPEN_QUOTE 0xAB
#define CLOSE_QUOTE 0xBB
#define EURO 0x20AC
#define NBSP_TEXT "\u00A0"

static const char *const months_fr[] = {"janvier",   "février", "mars",     "avril",
                                        "mai",       "juin",    "juillet",  "août",
                                        "septembre", "octobre", "novembre", "décembre"};
static const char *const months_en[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
static const char *const weekdays_fr[] = {"lundi",    "mardi",  "mercredi", "jeudi",
                                          "vendredi", "samedi", "dimanche"};
static const char *const weekdays_en[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                          "Friday", "Saturday", "Sunday"};

/* A text as code points; spaces are ' ', NBSP or NARROW_NBSP, never two in a row. */
struct points {
    uint32_t *at;
    bool *verbatim; /* part of a URL or of an address */
    size_t count;
};

/* What stands behind either end of a text: as good as a new line. */
static uint32_t point(const struct points *points, size_t index)
{
    return index < points->count ? points->at[index] : '\n';
}

static bool is_space(uint32_t c)
{
    return c == ' ' || c == NBSP || c == NARROW_NBSP;
}

static bool is_blank(uint32_t c)
{
    return is_space(c) || c == '\n';
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(uint32_t c)
{
    return utf8_is_letter(c) || utf8_is_digit(c);
}

static bool is_double_sign(uint32_t c)
{
    return c == ';' || c == '!' || c == '?';
}

/* Space of whatever kind, as one of the three that are kept apart; 0 when it is none. */
static uint32_t as_space(uint32_t c)
{
    if (c == NBSP || c == NARROW_NBSP) {
        return c;
    }
    bool space = c == ' ' || c == '\t' || (c >= 0x2000 && c <= 0x200A) || c == 0x205F ||
                 c == 0x3000 || c == 0x1680;
    return space ? ' ' : 0;
}

static bool is_control(uint32_t c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7F && c < 0xA0) || c == 0xFEFF;
}

/* Without control characters, and "\r\n" as "\n": before composing, since a dropped character can
 * bring a letter and its accent together. */
static void drop_controls(const char *text, struct strbuf *out)
{
    const char *end = text + strlen(text);
    while (text < end) {
        uint32_t c = utf8_next(&text, end);
        if (c == '\r' && (text == end || *text != '\n')) {
            c = '\n';
        }
        if (!is_control(c)) {
            utf8_append(out, c);
        }
    }
}

/* Of two spaces in a row the one that forbids a break is kept, the narrow one first. */
static uint32_t merge_spaces(uint32_t a, uint32_t b)
{
    if (a == NARROW_NBSP || b == NARROW_NBSP) {
        return NARROW_NBSP;
    }
    return a == NBSP || b == NBSP ? NBSP : ' ';
}

static void read_points(const struct strbuf *text, struct points *points)
{
    points->at = calloc(text->length + 1, sizeof *points->at);
    points->verbatim = calloc(text->length + 1, sizeof *points->verbatim);
    if (points->at == NULL || points->verbatim == NULL) {
        abort();
    }
    const char *cursor = text->bytes;
    const char *end = cursor + text->length;
    uint32_t pending = 0;
    size_t count = 0;
    while (cursor < end) {
        uint32_t c = utf8_next(&cursor, end);
        uint32_t space = as_space(c);
        if (space != 0) {
            pending = pending == 0 ? space : merge_spaces(pending, space);
            continue;
        }
        if (pending != 0 && c != '\n' && count > 0 && points->at[count - 1] != '\n') {
            points->at[count++] = pending;
        }
        pending = 0;
        points->at[count++] = c;
    }
    points->count = count;
}

static bool ends_token(uint32_t c)
{
    return is_blank(c) || c == OPEN_QUOTE || c == CLOSE_QUOTE;
}

/* Whether the token holds "://", begins with "www." or is an e-mail address. */
static bool is_address(const struct points *points, size_t from, size_t until)
{
    static const char www[] = "www.";
    size_t match = 0;
    while (match < 4 && from + match < until &&
           utf8_lower(points->at[from + match]) == (uint32_t)www[match]) {
        match++;
    }
    bool address = match == 4;
    for (size_t i = from + 1; i + 1 < until && !address; i++) {
        uint32_t c = points->at[i];
        uint32_t next = points->at[i + 1];
        address = (c == '@' && is_word(points->at[i - 1]) && is_word(next)) ||
                  (c == ':' && next == '/' && point(points, i + 2) == '/');
    }
    return address;
}

static void mark_addresses(struct points *points)
{
    size_t from = 0;
    while (from < points->count) {
        size_t until = from;
        while (until < points->count && !ends_token(points->at[until])) {
            until++;
        }
        bool address = is_address(points, from, until);
        for (size_t i = from; i < until; i++) {
            points->verbatim[i] = address;
        }
        from = until + 1;
    }
}

/* Length of the word of the list that stands at `from` and ends there, 0 when none does. */
static size_t match_word(const struct points *points, size_t from, const char *const *words,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *word = words[i];
        const char *end = word + strlen(word);
        size_t at = from;
        bool same = true;
        while (same && word < end) {
            same = utf8_next(&word, end) == point(points, at++);
        }
        if (same && !is_word(point(points, at))) {
            return at - from;
        }
    }
    return 0;
}

static bool is_unit(const struct points *points, size_t from)
{
    static const char *const units[] = {"h",   "min", "km",  "m",   "cm",   "mm",    "kg", "g",
                                        "t",   "l",   "L",   "ha",  "m²",   "km²",   "k€", "M€",
                                        "kWh", "MWh", "GWh", "kWc", "Mo",   "Go",    "px", "°C",
                                        "€",   "%",   "‰",   "$",   "euro", "euros", "£"};
    return match_word(points, from, units, sizeof units / sizeof units[0]) > 0;
}

static bool is_month(const struct points *points, size_t from)
{
    return match_word(points, from, months_fr, 12) > 0;
}

/* First code point of the word that ends before `end`. */
static size_t word_start(const struct points *points, size_t end)
{
    size_t start = end;
    while (start > 0 && !is_blank(points->at[start - 1]) && points->at[start - 1] != '(' &&
           points->at[start - 1] != OPEN_QUOTE) {
        start--;
    }
    return start;
}

/* "M." or "Mme" stands between `start` and `end`. */
static bool is_title_of_name(const struct points *points, size_t start, size_t end)
{
    static const char *const titles[] = {"M.",    "MM.", "Mme", "Mmes", "Mlle",
                                         "Mlles", "Dr",  "Pr",  "Me"};
    return match_word(points, start, titles, sizeof titles / sizeof titles[0]) == end - start;
}

/* The word before `end` is "1er". */
static bool is_first(const struct points *points, size_t start, size_t end)
{
    return end - start == 3 && points->at[start] == '1' && points->at[start + 1] == 'e' &&
           points->at[start + 2] == 'r';
}

/* Exactly three digits from `from` on, behind one to three: a group of a number. */
static bool is_thousands(const struct points *points, size_t before, size_t from)
{
    size_t digits = 0;
    while (digits < before && is_digit(points->at[before - 1 - digits])) {
        digits++;
    }
    return digits >= 1 && digits <= 3 && is_digit(point(points, from)) &&
           is_digit(point(points, from + 1)) && is_digit(point(points, from + 2)) &&
           !is_word(point(points, from + 3));
}

/* Whether the words around the space at `index` belong on one line. */
static bool holds_together(const struct points *points, size_t index)
{
    size_t start = word_start(points, index);
    size_t after = index + 1;
    uint32_t last = points->at[index - 1];
    uint32_t next = point(points, after);
    if (is_digit(last)) {
        return is_unit(points, after) || is_month(points, after);
    }
    if (last == 'h' && index - start == 1 && is_digit(next)) {
        return start >= 2 && is_digit(points->at[start - 2]);
    }
    if ((last == 0xB0 || last == 0xBA) && is_digit(next)) {
        return index - start == 2 && (points->at[start] | 0x20) == 'n';
    }
    if (is_first(points, start, index)) {
        return is_month(points, after);
    }
    return utf8_lower(next) != next && is_title_of_name(points, start, index);
}

/* What the space at `index` becomes; there is always something on both sides of it. */
static uint32_t french_space(const struct points *points, size_t index)
{
    uint32_t before = points->at[index - 1];
    uint32_t after = point(points, index + 1);
    if (before == OPEN_QUOTE || after == CLOSE_QUOTE) {
        return NBSP;
    }
    if (is_double_sign(after)) {
        return NARROW_NBSP;
    }
    if (after == ':' || holds_together(points, index)) {
        return NBSP;
    }
    return is_thousands(points, index, index + 1) ? NARROW_NBSP : points->at[index];
}

/* The space that is missing before `index`, 0 when none is. */
static uint32_t missing_space(const struct points *points, size_t index)
{
    uint32_t c = points->at[index];
    uint32_t before = index == 0 ? '\n' : points->at[index - 1];
    uint32_t after = point(points, index + 1);
    if (is_blank(before) || is_blank(c)) {
        return 0;
    }
    if (c == CLOSE_QUOTE || before == OPEN_QUOTE) {
        return NBSP;
    }
    if (points->verbatim[index] || is_double_sign(before) || before == ':' || before == '(' ||
        before == '[' || before == '/' || before == '-') {
        return 0;
    }
    if (before == '"' && after == '"') {
        return 0; /* the sign itself is quoted */
    }
    if (is_double_sign(c)) {
        return is_word(before) && is_word(after) ? 0 : NARROW_NBSP;
    }
    if (c == ':') {
        return is_blank(after) || after == CLOSE_QUOTE ? NBSP : 0;
    }
    bool amount = (c == EURO || c == '%') && is_digit(before) && !is_word(after);
    return amount ? NBSP : 0;
}

/* Three dots and no more begin at `index`. */
static bool is_three_dots(const struct points *points, size_t index)
{
    return points->at[index] == '.' && point(points, index + 1) == '.' &&
           point(points, index + 2) == '.' && point(points, index + 3) != '.' &&
           (index == 0 || points->at[index - 1] != '.');
}

static bool is_apostrophe(const struct points *points, size_t index)
{
    uint32_t after = point(points, index + 1);
    return points->at[index] == '\'' && index > 0 && utf8_is_letter(points->at[index - 1]) &&
           (is_word(after) || after == OPEN_QUOTE);
}

static void write_points(const struct points *points, enum lang lang, struct strbuf *out)
{
    bool french = lang == LANG_FR;
    for (size_t i = 0; i < points->count; i++) {
        uint32_t c = points->at[i];
        if (french && is_space(c)) {
            c = french_space(points, i);
        } else if (french) {
            uint32_t missing = missing_space(points, i);
            if (missing != 0) {
                utf8_append(out, missing);
            }
        }
        if (!points->verbatim[i] && is_apostrophe(points, i)) {
            c = APOSTROPHE;
        } else if (french && !points->verbatim[i] && is_three_dots(points, i)) {
            c = ELLIPSIS;
            i += 2;
        }
        utf8_append(out, c);
    }
}

void typography_apply(const char *text, enum lang lang, struct strbuf *out)
{
    struct strbuf clean;
    struct strbuf composed;
    struct points points;
    strbuf_init(&clean);
    strbuf_init(&composed);
    drop_controls(text, &clean);
    utf8_compose(clean.bytes, &composed);
    read_points(&composed, &points);
    mark_addresses(&points);
    write_points(&points, lang, out);
    free(points.at);
    free(points.verbatim);
    strbuf_finish(&composed);
    strbuf_finish(&clean);
}

size_t typography_words(const char *text)
{
    const char *end = text + strlen(text);
    size_t words = 0;
    bool counted = false;
    while (text < end) {
        uint32_t c = utf8_next(&text, end);
        if (as_space(c) != 0 || c == '\n') {
            counted = false;
        } else if (!counted && is_word(c)) {
            counted = true;
            words++;
        }
    }
    return words;
}

void typography_date(int64_t days, enum lang lang, bool with_year, struct strbuf *out)
{
    struct civil civil = civil_from_ms(days * CIVIL_DAY_MS);
    int weekday = civil_weekday(days);
    if (lang == LANG_EN) {
        strbuf_printf(out, "%s %d" NBSP_TEXT "%s", weekdays_en[weekday], civil.day,
                      months_en[civil.month - 1]);
    } else {
        strbuf_printf(out, "%s %d%s" NBSP_TEXT "%s", weekdays_fr[weekday], civil.day,
                      civil.day == 1 ? "er" : "", months_fr[civil.month - 1]);
    }
    if (with_year) {
        strbuf_printf(out, " %d", civil.year);
    }
}

void typography_time(int minutes, enum lang lang, struct strbuf *out)
{
    int hour = minutes / 60;
    int minute = minutes % 60;
    if (lang == LANG_FR) {
        strbuf_printf(out, "%d" NBSP_TEXT "h", hour);
        if (minute != 0) {
            strbuf_printf(out, NBSP_TEXT "%02d", minute);
        }
        return;
    }
    strbuf_printf(out, "%d", hour % 12 == 0 ? 12 : hour % 12);
    if (minute != 0) {
        strbuf_printf(out, ":%02d", minute);
    }
    strbuf_append(out, hour % 24 < 12 ? NBSP_TEXT "am" : NBSP_TEXT "pm");
}

char typography_initial(const char *name)
{
    struct strbuf folded;
    strbuf_init(&folded);
    utf8_fold(name, &folded);
    char first = folded.bytes[0];
    strbuf_finish(&folded);
    return first >= 'a' && first <= 'z' ? (char)(first - 32) : '#';
}
