#include "playlists/typography.h"

#include <string.h>

#include "core/utf8.h"
#include "playlists/typography_words.h"

/* A run of letters and digits. */
struct word {
    const char *start;
    const char *end;
    char before; /* separator in front: ' ', '-', '.', … ; '\0' at the start of the text */
    char after;  /* likewise behind */
    size_t letters;
    bool digits;
    bool lower; /* holds a letter in lower case */
    bool upper;
};

static const char *const small_words[] = {"DE",  "DU",   "DES", "LA",   "LE",   "LES",
                                          "ET",  "EN",   "AU",  "AUX",  "SUR",  "SOUS",
                                          "PAR", "POUR", "OU",  "DANS", "AVEC", "CHEZ"};

static const char *const acronyms[] = {
    "SCOP",  "SCIC",  "SARL", "SAS",    "SASU",   "EURL", "SA",    "SCI",     "SNC",    "GIE",
    "CCAS",  "CIAS",  "GEIQ", "ESAT",   "ADAPEI", "MJC",  "ESS",   "EI",      "AI",     "ACI",
    "ETTI",  "EITI",  "EATT", "IAE",    "PME",    "TPE",  "CAE",   "CPIE",    "AMAP",   "APF",
    "CFA",   "CRESS", "UDAF", "UNAPEI", "ADMR",   "ADIE", "EHPAD", "IME",     "ITEP",   "SESSAD",
    "CIDFF", "ZAC",   "ZA",   "ZI",     "ZAE",    "UFCV", "FALC",  "URIOPSS", "ADRESS", "APEI",
    "SAVS",  "ESRP",  "CHU",  "AFPA",   "GRETA",  "MSA",  "CAF",   "CPAM",    "URSSAF", "UES",
    "AIBV",  "AEI",   "ODS",  "ODD"};

/* With the acronyms, what comes before a name proper, which starts with its article: "Assoc Le
 * Grenier", "ESAT Les Ateliers". */
static const char *const forms[] = {"ASSOC", "ASS", "ASSOCIATION", "STE", "SOCIETE"};

/* Shortened words that have no vowel, and are no acronyms. */
static const char *const shortened[] = {"ST", "DR", "MR", "BD", "PT", "GD", "PR"};

/* Places of the area whose article is part of the name, by the word behind it. */
static const char *const places[] = {"PETIT",   "GRAND",   "HAVRE", "HOULME",  "TRAIT",
                                     "TREPORT", "BOUILLE", "LONDE", "ANDELYS", "VAUDREUIL"};

#define IN(word, list) is_in(word, list, sizeof(list) / sizeof(list)[0])

static bool word_equals(const struct word *word, const char *text)
{
    size_t length = (size_t)(word->end - word->start);
    return strlen(text) == length && memcmp(word->start, text, length) == 0;
}

static bool is_in(const struct word *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (word_equals(word, list[i])) {
            return true;
        }
    }
    return false;
}

/* The next word at or behind `cursor`; false when there is none. A combining mark belongs to its
 * letter; separators beyond ASCII count as '?'. */
static bool next_word(const char *cursor, const char *end, char before, struct word *word_out)
{
    struct word word = {.before = before};
    while (cursor < end) {
        const char *at = cursor;
        uint32_t c = utf8_next(&cursor, end);
        bool letter = utf8_is_letter(c);
        bool digit = utf8_is_digit(c);
        bool mark = word.start != NULL && c >= 0x300 && c < 0x370;
        if (!letter && !digit && !mark) {
            char separator = c < 0x80 ? (char)c : c == 0x2019 ? '\'' : c == 0xA0 ? ' ' : '?';
            if (word.start != NULL) {
                word.end = at;
                word.after = separator;
                break;
            }
            word.before = separator;
            continue;
        }
        if (word.start == NULL) {
            word.start = at;
        }
        word.letters += letter;
        word.digits = word.digits || digit;
        word.lower = word.lower || utf8_upper(c) != c;
        word.upper = word.upper || utf8_lower(c) != c;
        word.end = cursor;
    }
    *word_out = word;
    return word.start != NULL;
}

/* Whether most words are in capitals: "Rue DE LA PAIX" is, "MJC Duclair" is not. */
static bool is_in_capitals(const char *text, const char *end)
{
    size_t capitals = 0;
    size_t mixed = 0;
    bool mixed_first = false;
    struct word word = {.after = '\0'};
    for (const char *cursor = text; next_word(cursor, end, word.after, &word); cursor = word.end) {
        if (word.lower) {
            mixed_first = mixed_first || (capitals == 0 && mixed == 0);
            mixed++;
        } else if (word.upper && !word.digits) {
            capitals++;
        }
    }
    return capitals > mixed || (capitals == mixed && mixed_first);
}

static bool has_vowel(const struct word *word)
{
    const char *cursor = word->start;
    while (cursor < word->end) {
        uint32_t c = utf8_next(&cursor, word->end);
        if (c >= 0x80 || strchr("AEIOUY", (int)c) != NULL) {
            return true;
        }
    }
    return false;
}

static bool is_roman(const struct word *word)
{
    size_t length = (size_t)(word->end - word->start);
    return length >= 2 && strspn(word->start, "IVX") >= length;
}

static bool is_kept(const struct word *word)
{
    if (word->digits || word->lower || !word->upper || word->letters == 1) {
        return true;
    }
    return IN(word, acronyms) || is_roman(word) ||
           (word->letters <= 5 && !has_vowel(word) && !IN(word, shortened));
}

/* "L OEUVRE", "D'ACTION": one letter that stands for an article before a vowel. */
static bool is_elision(const struct word *word, const struct word *next)
{
    if (next->start == NULL || next->letters < 2 || (word->after != ' ' && word->after != '\'')) {
        return false;
    }
    bool article = word_equals(word, "L") || word_equals(word, "D") || word_equals(word, "QU");
    const char *cursor = next->start;
    uint32_t first = utf8_next(&cursor, next->end);
    return article && (first >= 0x80 || strchr("AEIOUYH", (int)first) != NULL);
}

static bool is_bound(char separator)
{
    return separator == ' ' || separator == '-' || separator == '\'';
}

static bool is_article(const struct word *word)
{
    return word_equals(word, "LE") || word_equals(word, "LA") || word_equals(word, "LES");
}

static bool is_small(const struct word *word, const struct word *next)
{
    if (!is_bound(word->before) || !is_bound(word->after) || next->start == NULL) {
        return false;
    }
    return IN(word, small_words) && !(is_article(word) && IN(next, places));
}

static void append_lower(const char *cursor, const char *end, struct strbuf *out)
{
    while (cursor < end) {
        utf8_append(out, utf8_lower(utf8_next(&cursor, end)));
    }
}

/* The word in lower case, with the accents that capitals lack. */
static void append_spelt(const struct word *word, struct strbuf *out)
{
    const char *spelt = typography_words_spelling(word->start, (size_t)(word->end - word->start));
    if (spelt != NULL) {
        strbuf_append(out, spelt);
    } else {
        append_lower(word->start, word->end, out);
    }
}

static void append_title(const struct word *word, struct strbuf *out)
{
    size_t length = (size_t)(word->end - word->start);
    const char *spelt = typography_words_spelling(word->start, length);
    const char *cursor = spelt != NULL ? spelt : word->start;
    const char *end = spelt != NULL ? spelt + strlen(spelt) : word->end;
    utf8_append(out, utf8_upper(utf8_next(&cursor, end)));
    append_lower(cursor, end, out);
}

/* Separators as they stand, but runs of spaces as one. */
static void append_separators(const char *cursor, const char *end, struct strbuf *out)
{
    for (; cursor < end; cursor++) {
        bool again = *cursor == ' ' && (out->length == 0 || out->bytes[out->length - 1] == ' ');
        if (!again) {
            strbuf_append_char(out, *cursor);
        }
    }
}

/* Whether what stands between two words starts a name anew: " - ", "(", ":". */
static bool starts_anew(const char *cursor, const char *end)
{
    for (; cursor < end; cursor++) {
        if (strchr("(:/\"", *cursor) != NULL || (*cursor == '-' && end - cursor > 1)) {
            return true;
        }
    }
    return false;
}

/* Where in a name a word stands. */
enum place {
    PLACE_FIRST,      /* a name starts with it */
    PLACE_AFTER_FORM, /* behind "SARL": an article starts the name, "du" does not */
    PLACE_INSIDE,
};

/* Writes the word and what stands behind it. */
static void append_word(const struct word *word, const struct word *next, const char *end,
                        enum place place, struct strbuf *out)
{
    const char *stop = next->start != NULL ? next->start : end;
    bool starts = place == PLACE_FIRST ||
                  (place == PLACE_AFTER_FORM && (is_article(word) || word_equals(word, "L")));
    if (is_elision(word, next)) {
        if (starts) {
            append_title(word, out);
        } else {
            append_lower(word->start, word->end, out);
        }
        strbuf_append(out, "’");
        return;
    }
    bool inside = !starts && is_bound(word->before) && is_bound(word->after) && next->start != NULL;
    if (inside && word_equals(word, "A")) {
        strbuf_append(out, "à");
    } else if (is_kept(word)) {
        strbuf_append_bytes(out, word->start, (size_t)(word->end - word->start));
    } else if (!starts && is_small(word, next)) {
        append_spelt(word, out);
    } else {
        append_title(word, out);
    }
    append_separators(word->end, stop, out);
}

static enum place place_after(const struct word *word, const struct word *next, enum place place)
{
    if (starts_anew(word->end, next->start)) {
        return PLACE_FIRST;
    }
    bool form = IN(word, forms) || IN(word, acronyms);
    return place == PLACE_FIRST && form ? PLACE_AFTER_FORM : PLACE_INSIDE;
}

void typography_capitals_to_title(const char *text, struct strbuf *out)
{
    const char *end = text + strlen(text);
    while (end > text && end[-1] == ' ') {
        end--;
    }
    struct word word;
    if (!is_in_capitals(text, end) || !next_word(text, end, '\0', &word)) {
        strbuf_append_bytes(out, text, (size_t)(end - text));
        return;
    }
    while (*text == ' ') {
        text++;
    }
    append_separators(text, word.start, out);
    enum place place = PLACE_FIRST;
    for (;;) {
        struct word next;
        bool more = next_word(word.end, end, word.after, &next);
        append_word(&word, &next, end, place, out);
        if (!more) {
            return;
        }
        place = place_after(&word, &next, place);
        word = next;
    }
}
