#include <string.h>

#include "core/utf8.h"
#include "directory/directory_private.h"

static size_t letters_alone(const char *at)
{
    size_t count = 0;

    while (at[2 * count] != '\0' && (unsigned char)at[2 * count] < 0x80 &&
           (at[2 * count + 1] == ' ' || at[2 * count + 1] == '\0')) {
        count++;
        if (at[2 * count - 1] == '\0')
            break;
    }
    return count;
}

void directory_fold(const char *text, struct strbuf *out)
{
    struct strbuf folded;

    strbuf_init(&folded);
    utf8_fold(text, &folded);
    for (const char *at = folded.bytes; *at != '\0';) {
        size_t alone = letters_alone(at);
        bool elided = alone == 2 && (*at == 'l' || *at == 'd');
        size_t length = strcspn(at, " ");
        if (out->length > 0)
            strbuf_append_char(out, ' ');
        if (alone > 1 && !elided) {
            for (size_t i = 0; i < alone; i++)
                strbuf_append_char(out, at[2 * i]);
            length = 2 * alone - 1;
        } else {
            utf8_append_word(out, at, length);
        }
        at += length;
        at += *at == ' ';
    }
    strbuf_finish(&folded);
}

bool directory_next_word(const char **cursor, const char **word_out, size_t *length_out)
{
    const char *at = *cursor + strspn(*cursor, " ");
    size_t length = strcspn(at, " ");

    *word_out = at;
    *cursor = at + length;
    if (length > DIRECTORY_WORD_MAX) {
        length = DIRECTORY_WORD_MAX;
        while (((unsigned char)at[length] & 0xC0) == 0x80)
            length--;
    }
    *length_out = length;
    return length > 0;
}

bool directory_small_word(const char *word, size_t length)
{
    static const char *const small[] = {"a",   "au",   "aux", "d",   "de",  "des", "du", "en",
                                        "et",  "l",    "la",  "le",  "les", "ou",  "un", "une",
                                        "par", "pour", "sur", "the", "and", "of"};

    for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
        if (strlen(small[i]) == length && memcmp(small[i], word, length) == 0)
            return true;
    return false;
}

size_t directory_letters(const char *word, size_t length)
{
    size_t letters = 0;

    for (size_t i = 0; i < length; i++)
        letters += ((unsigned char)word[i] & 0xC0) != 0x80;
    return letters;
}

bool directory_word_counts(const char *word, size_t length)
{
    return directory_letters(word, length) > 1 && !directory_small_word(word, length);
}

size_t directory_singular(const char *word, size_t length)
{
    bool plural = length >= 4 && (word[length - 1] == 's' || word[length - 1] == 'x');

    return plural ? length - 1 : length;
}
