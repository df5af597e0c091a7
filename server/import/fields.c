#include "server/import/fields.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "core/strbuf.h"
#include "core/utf8.h"

#define SLUG_MAX 64

static bool is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xa0 || c == 0x202f || c == 0x2007;
}

/* Narrow and non-breaking spaces between words are typography, which is put in when it is drawn. */
const char *field_tidy(struct arena *arena, const char *text)
{
    struct strbuf spaced;
    struct strbuf composed;
    const char *end = text + strlen(text);
    bool space = false;

    strbuf_init(&spaced);
    while (text < end) {
        uint32_t c = utf8_next(&text, end);
        if (is_space(c)) {
            space = spaced.length > 0;
            continue;
        }
        if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfeff)
            continue;
        if (space)
            strbuf_append_char(&spaced, ' ');
        space = false;
        utf8_append(&spaced, c);
    }
    strbuf_init(&composed);
    utf8_compose(spaced.bytes, &composed);
    const char *tidy = arena_strndup(arena, composed.bytes, composed.length);
    strbuf_finish(&composed);
    strbuf_finish(&spaced);
    return tidy;
}

/* Copies the digits; false when there is anything else but separators, or more than max. */
static bool digits_of(const char *text, char *digits, size_t max, size_t *count_out)
{
    size_t count = 0;
    const char *end = text + strlen(text);

    while (text < end) {
        uint32_t c = utf8_next(&text, end);
        if (is_space(c) || c == '.' || c == '-' || c == '/')
            continue;
        if (c < '0' || c > '9')
            return false;
        if (count < max)
            digits[count] = (char)c;
        count++;
    }
    *count_out = count;
    return true;
}

static unsigned luhn_sum(const char *digits, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++) {
        unsigned digit = (unsigned)(digits[count - 1 - i] - '0');
        if (i % 2 == 1)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum;
}

static bool is_la_poste(const char *digits)
{
    unsigned sum = 0;

    if (memcmp(digits, "356000000", 9) != 0)
        return false;
    for (size_t i = 0; i < 14; i++)
        sum += (unsigned)(digits[i] - '0');
    return sum % 5 == 0;
}

/* "3,93597E+13": what a spreadsheet makes of a long number. */
static bool is_exponent(const char *text)
{
    text += strspn(text, "0123456789.,");
    return (*text == 'E' || *text == 'e') && text[1] == '+' && text[2] >= '0' && text[2] <= '9';
}

const char *field_cut(struct arena *arena, const char *text, size_t max)
{
    if (strlen(text) <= max)
        return text;
    size_t length = max;
    while (length > max / 2 && text[length] != ' ')
        length--;
    if (text[length] != ' ')
        for (length = max; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80;)
            length--;
    return arena_printf(arena, "%.*s…", (int)length, text);
}

enum siret_fault field_siret(const char *text, char siret_out[15])
{
    size_t count;

    memset(siret_out, 0, 15);
    if (!digits_of(text, siret_out, 14, &count))
        return is_exponent(text) ? SIRET_EXPONENT : SIRET_CHARACTERS;
    if (count == 0)
        return SIRET_EMPTY;
    if (count == 13)
        return SIRET_SHORT;
    if (count != 14)
        return SIRET_LENGTH;
    if (strspn(siret_out, "0") == 14)
        return SIRET_KEY;
    if (luhn_sum(siret_out, 14) % 10 != 0 && !is_la_poste(siret_out))
        return SIRET_KEY;
    return SIRET_GOOD;
}

bool field_rna(struct arena *arena, const char *text, const char **out)
{
    if ((text[0] != 'W' && text[0] != 'w') || strlen(text) != 10 ||
        strspn(text + 1, "0123456789") != 9)
        return false;
    *out = arena_printf(arena, "W%s", text + 1);
    return true;
}

bool field_postcode(struct arena *arena, const char *text, const char **out)
{
    char digits[5];
    size_t count;

    if (!digits_of(text, digits, sizeof(digits), &count) || (count != 5 && count != 4))
        return false;
    *out = arena_printf(arena, "%s%.*s", count == 4 ? "0" : "", (int)count, digits);
    return true;
}

/* How much of the text is its first number. */
static size_t first_phone(const char *text)
{
    size_t length = strcspn(text, "/,;");
    const char * or = strstr(text, " ou ");

    /* Some divide the pairs of digits by slashes. */
    if (length < 9 && text[length] == '/')
        length += strcspn(text + length, ",;");
    return or &&(size_t)(or -text) < length ? (size_t)(or -text) : length;
}

/* "+33 (0)2 35…": the zero is for calls from inside. */
static void drop_trunk_zero(char *text)
{
    char *zero = strstr(text, "(0)");

    if (zero && *text == '+')
        memmove(zero, zero + 3, strlen(zero + 3) + 1);
}

bool field_phone(struct arena *arena, const char *text, const char **out)
{
    char digits[16];
    char first[64];
    size_t count;

    snprintf(first, sizeof(first), "%.*s", (int)first_phone(text), text);
    drop_trunk_zero(first);
    text = first;
    bool international = *text == '+';

    if (!digits_of(text + international, digits, sizeof(digits), &count) || count > sizeof(digits))
        return false;
    const char *number = digits;
    if (count >= 11 && memcmp(digits, "0033", 4) == 0) {
        number += 4;
        count -= 4;
    } else if (international && count >= 9 && memcmp(digits, "33", 2) == 0) {
        number += 2;
        count -= 2;
    } else if (international) {
        return false;
    }
    if (count == 4 && !international && (*number == '1' || *number == '3')) {
        *out = arena_printf(arena, "%.2s %.2s", number, number + 2);
        return true;
    }
    if (count == 10 && *number == '0') {
        number++;
        count--;
    }
    if (count != 9 || *number == '0')
        return false;
    *out = arena_printf(arena, "0%.1s %.2s %.2s %.2s %.2s", number, number + 1, number + 3,
                        number + 5, number + 7);
    return true;
}

/* A useful subset of RFC 5321's Mailbox: no quoted local parts, no address literals. */
static bool is_domain(const char *text)
{
    bool dot = false;
    char before = '.';

    for (const char *c = text; *c; c++) {
        if (!isalnum((unsigned char)*c) && *c != '-' && *c != '.' && (unsigned char)*c < 0x80)
            return false;
        if (*c == '.' && (before == '.' || before == '-'))
            return false;
        dot = dot || *c == '.';
        before = *c;
    }
    return dot && before != '.' && before != '-' && strlen(text) <= 253;
}

bool field_email(struct arena *arena, const char *text, const char **out)
{
    const char *at = strchr(text, '@');

    if (!at || at == text || at - text > 64 || strchr(at + 1, '@') || !is_domain(at + 1))
        return false;
    for (const char *c = text; c < at; c++)
        if ((unsigned char)*c <= ' ' || strchr("\"(),:;<>[]\\", *c))
            return false;
    char *email = arena_strdup(arena, text);
    for (char *c = email + (at - text); *c; c++)
        *c = (char)tolower((unsigned char)*c);
    *out = email;
    return true;
}

bool field_website(struct arena *arena, const char *text, const char **out)
{
    const char *host = text;
    char name[256];

    if (strncasecmp(text, "http://", 7) == 0)
        host += 7;
    else if (strncasecmp(text, "https://", 8) == 0)
        host += 8;
    else if (strstr(text, "://"))
        return false;
    size_t length = strcspn(host, "/?#:");
    if (length == 0 || length >= sizeof(name) || strchr(text, ' '))
        return false;
    memcpy(name, host, length);
    name[length] = '\0';
    if (!is_domain(name))
        return false;
    *out = host == text ? arena_printf(arena, "https://%s", text) : text;
    return true;
}

bool field_flag(const char *text, bool *out)
{
    static const char *const yes[] = {"1", "oui", "vrai", "x", "yes", "true"};
    static const char *const no[] = {"0", "non", "faux", "", "no", "false"};

    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
            *out = strcasecmp(text, yes[i]) == 0;
            return true;
        }
    }
    return false;
}

const char *field_slug(struct arena *arena, const char *text)
{
    struct strbuf folded;
    char *slug = arena_alloc(arena, SLUG_MAX + 1);
    size_t length = 0;

    strbuf_init(&folded);
    utf8_fold(text, &folded);
    for (const char *c = folded.bytes; *c && length < SLUG_MAX; c++) {
        if (isalnum((unsigned char)*c) && (unsigned char)*c < 0x80)
            slug[length++] = *c;
        else if (length > 0 && slug[length - 1] != '-')
            slug[length++] = '-';
    }
    while (length > 0 && slug[length - 1] == '-')
        slug[--length] = '\0';
    strbuf_finish(&folded);
    return slug;
}

bool field_degrees(const char *text, double most, double *out)
{
    double sign = *text == '-' ? -1 : 1, digits = 0, scale = 1;
    size_t count = 0;
    bool fraction = false;

    text += *text == '-' || *text == '+';
    for (; (*text >= '0' && *text <= '9') || ((*text == ',' || *text == '.') && !fraction);
         text++) {
        if (*text == ',' || *text == '.') {
            fraction = true;
            continue;
        }
        if (count++ < 15) { /* what a double holds exactly: one division rounds once */
            digits = digits * 10 + (*text - '0');
            scale *= fraction ? 10 : 1;
        } else if (!fraction) {
            return false;
        }
    }
    if (count == 0 || *text || digits / scale > most)
        return false;
    *out = sign * (digits / scale);
    return true;
}
