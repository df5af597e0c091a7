/* UTF-8: validation, walking, and the folded form that matching and search compare. */
#ifndef VITRINE_CORE_UTF8_H
#define VITRINE_CORE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/strbuf.h"

bool utf8_valid(const char *bytes, size_t length);
/* Decodes one code point at *cursor (< end) and moves on; malformed input gives U+FFFD and moves on
 * one byte. */
uint32_t utf8_next(const char **cursor, const char *end);
bool utf8_is_letter(uint32_t code_point);
bool utf8_is_digit(uint32_t code_point); /* decimal digits of any script */
/* One code point's simple case mapping; itself when it has none. */
uint32_t utf8_lower(uint32_t code_point);
uint32_t utf8_upper(uint32_t code_point);
void utf8_append(struct strbuf *out, uint32_t code_point);
/* Number of code points / of user-perceived characters (grapheme clusters). */
size_t utf8_length(const char *text);
size_t utf8_graphemes(const char *text);
/* Whether the text is well-formed and in NFC already; fast on what people write in Europe. */
bool utf8_composed(const char *text);
/* NFC; malformed bytes become U+FFFD. */
void utf8_compose(const char *text, struct strbuf *out);
/* Folded form: NFKD, marks dropped, case folded, œ→oe, æ→ae, ß→ss; every run of what is neither
 * letter nor digit becomes one space; none at either end. "L’Œuvre d’Ÿ" → "l oeuvre d y". */
void utf8_fold(const char *text, struct strbuf *out);
/* A folded word in the form that names are compared by: registers shorten "saint" and "sainte" to
 * "st" and "ste", people do not, or the other way round. */
void utf8_append_word(struct strbuf *out, const char *word, size_t length);
/* Windows-1252 to UTF-8 (undefined bytes become U+FFFD; returns how many there were). */
size_t utf8_from_cp1252(const char *bytes, size_t length, struct strbuf *out);

#endif
