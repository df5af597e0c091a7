#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#define REPLACEMENT 0xFFFD

/* Length of the well-formed sequence at `s` with its code point, 0 when malformed (Unicode 15,
 * table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF). */
static size_t decode(const unsigned char *s, size_t room, uint32_t *code_point_out)
{
    if (s[0] < 0x80) {
        *code_point_out = s[0];
        return 1;
    }
    size_t need = s[0] < 0xC2 ? 0 : s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : s[0] < 0xF5 ? 4 : 0;
    if (need == 0 || need > room) {
        return 0;
    }
    uint32_t code_point = s[0] & (0xFFu >> (need + 1));
    for (size_t i = 1; i < need; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
        code_point = code_point << 6 | (s[i] & 0x3Fu);
    }
    bool overlong = (need == 3 && code_point < 0x800) || (need == 4 && code_point < 0x10000);
    if (overlong || code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) {
        return 0;
    }
    *code_point_out = code_point;
    return need;
}

bool utf8_valid(const char *bytes, size_t length)
{
    const unsigned char *s = (const unsigned char *)bytes;
    const unsigned char *end = s + length;
    while (s < end) {
        uint64_t eight;
        if (end - s >= 8 && (memcpy(&eight, s, 8), (eight & UINT64_C(0x8080808080808080)) == 0)) {
            s += 8;
            continue;
        }
        uint32_t code_point;
        size_t step = decode(s, (size_t)(end - s), &code_point);
        if (step == 0) {
            return false;
        }
        s += step;
    }
    return true;
}

uint32_t utf8_next(const char **cursor, const char *end)
{
    uint32_t code_point = REPLACEMENT;
    size_t step = decode((const unsigned char *)*cursor, (size_t)(end - *cursor), &code_point);
    *cursor += step == 0 ? 1 : step;
    return code_point;
}

bool utf8_is_letter(uint32_t code_point)
{
    switch (utf8proc_category((utf8proc_int32_t)code_point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return true;
    default:
        return false;
    }
}

bool utf8_is_digit(uint32_t code_point)
{
    return utf8proc_category((utf8proc_int32_t)code_point) == UTF8PROC_CATEGORY_ND;
}

uint32_t utf8_lower(uint32_t code_point)
{
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)code_point);
}

uint32_t utf8_upper(uint32_t code_point)
{
    return (uint32_t)utf8proc_toupper((utf8proc_int32_t)code_point);
}

/* Letters, and numbers of all kinds: "Ⅳ" and "½" are searched for too. */
static bool is_letter_or_number(utf8proc_int32_t code_point)
{
    utf8proc_category_t category = utf8proc_category(code_point);
    return utf8_is_letter((uint32_t)code_point) || category == UTF8PROC_CATEGORY_ND ||
           category == UTF8PROC_CATEGORY_NL || category == UTF8PROC_CATEGORY_NO;
}

void utf8_append(struct strbuf *out, uint32_t code_point)
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point < 0xE000)) {
        code_point = REPLACEMENT;
    }
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t length = utf8proc_encode_char((utf8proc_int32_t)code_point, bytes);
    strbuf_append_bytes(out, bytes, (size_t)length);
}

size_t utf8_length(const char *text)
{
    const char *end = text + strlen(text);
    size_t count = 0;
    while (text < end) {
        utf8_next(&text, end);
        count++;
    }
    return count;
}

size_t utf8_graphemes(const char *text)
{
    const char *end = text + strlen(text);
    if (text == end) {
        return 0;
    }
    size_t count = 1;
    utf8proc_int32_t state = 0;
    utf8proc_int32_t before = (utf8proc_int32_t)utf8_next(&text, end);
    while (text < end) {
        utf8proc_int32_t after = (utf8proc_int32_t)utf8_next(&text, end);
        if (utf8proc_grapheme_break_stateful(before, after, &state)) {
            count++;
        }
        before = after;
    }
    return count;
}

static bool is_ascii(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* Appends the text with its malformed bytes replaced. */
static void append_repaired(struct strbuf *out, const char *text, size_t length)
{
    const char *end = text + length;
    while (text < end) {
        utf8_append(out, utf8_next(&text, end));
    }
}

/* Code points that composition never touches, whatever stands around them: a quick yes for Latin,
 * general punctuation, currencies and most emoji. */
static bool stands_alone(uint32_t code_point)
{
    return code_point < 0x300 || (code_point >= 0x2002 && code_point < 0x2070) ||
           (code_point >= 0x20A0 && code_point < 0x20D0) ||
           (code_point >= 0x1F300 && code_point < 0x1FB00);
}

bool utf8_composed(const char *text)
{
    size_t length = strlen(text);
    if (is_ascii(text, length)) {
        return true;
    }
    if (!utf8_valid(text, length)) {
        return false;
    }
    const char *end = text + length;
    const char *cursor = text;
    bool quick = true;
    while (quick && cursor < end) {
        quick = stands_alone(utf8_next(&cursor, end));
    }
    if (quick) {
        return true;
    }
    struct strbuf composed;
    strbuf_init(&composed);
    utf8_compose(text, &composed);
    bool same = composed.length == length && memcmp(composed.bytes, text, length) == 0;
    strbuf_finish(&composed);
    return same;
}

void utf8_compose(const char *text, struct strbuf *out)
{
    size_t length = strlen(text);
    if (is_ascii(text, length)) {
        strbuf_append_bytes(out, text, length);
        return;
    }
    struct strbuf repaired;
    strbuf_init(&repaired);
    append_repaired(&repaired, text, length);
    utf8proc_uint8_t *composed = NULL;
    utf8proc_ssize_t size =
        utf8proc_map((const utf8proc_uint8_t *)repaired.bytes, (utf8proc_ssize_t)repaired.length,
                     &composed, UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    if (size < 0) {
        abort(); /* well-formed input: only memory can be out */
    }
    strbuf_append_bytes(out, composed, (size_t)size);
    free(composed);
    strbuf_finish(&repaired);
}

/* A run of separators is written as one space when the next letter comes, so none ends the text. */
struct folding {
    struct strbuf *out;
    size_t start;
    bool space_due;
};

static void fold_one(struct folding *folding, utf8proc_int32_t code_point)
{
    if (!is_letter_or_number(code_point)) {
        folding->space_due = true;
        return;
    }
    if (folding->space_due && folding->out->length > folding->start) {
        strbuf_append_char(folding->out, ' ');
    }
    folding->space_due = false;
    if (code_point == 0x153) {
        strbuf_append(folding->out, "oe");
    } else if (code_point == 0xE6) {
        strbuf_append(folding->out, "ae");
    } else {
        utf8_append(folding->out, (uint32_t)code_point);
    }
}

void utf8_fold(const char *text, struct strbuf *out)
{
    const char *end = text + strlen(text);
    struct folding folding = {.out = out, .start = out->length};
    while (text < end) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x80) {
            fold_one(&folding, c >= 'A' && c <= 'Z' ? c + 32 : c);
            text++;
            continue;
        }
        utf8proc_int32_t parts[32];
        int boundary = 0;
        utf8proc_ssize_t count =
            utf8proc_decompose_char((utf8proc_int32_t)utf8_next(&text, end), parts, 32,
                                    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD |
                                        UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
                                    &boundary);
        for (utf8proc_ssize_t i = 0; i < count && i < 32; i++) {
            fold_one(&folding, parts[i]);
        }
    }
}

size_t utf8_from_cp1252(const char *bytes, size_t length, struct strbuf *out)
{
    /* 0x80-0x9F of Windows-1252; 0 where it defines nothing. */
    static const uint16_t high[32] = {
        0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
        0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};
    size_t undefined = 0;
    for (size_t i = 0; i < length; i++) {
        uint32_t c = (unsigned char)bytes[i];
        if (c >= 0x80 && c < 0xA0) {
            c = high[c - 0x80];
            if (c == 0) {
                c = REPLACEMENT;
                undefined++;
            }
        }
        utf8_append(out, c);
    }
    return undefined;
}

void utf8_append_word(struct strbuf *out, const char *word, size_t length)
{
    if (length == 2 && memcmp(word, "st", 2) == 0)
        strbuf_append(out, "saint");
    else if (length == 3 && memcmp(word, "ste", 3) == 0)
        strbuf_append(out, "sainte");
    else
        strbuf_append_bytes(out, word, length);
}
