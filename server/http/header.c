#include "server/http/header.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANK " \t"

/* Digits only: strtoll alone would take signs and blanks. */
static bool take_number(const char **text, int64_t *value_out)
{
    char *end;

    if (**text < '0' || **text > '9')
        return false;
    errno = 0;
    *value_out = strtoll(*text, &end, 10);
    *text = end;
    return errno == 0;
}

enum header_range header_range(const char *text, int64_t size, int64_t *first_out,
                               int64_t *last_out)
{
    int64_t first, last = size - 1, count;

    if (text == NULL || strncasecmp(text, "bytes=", 6) != 0)
        return RANGE_ALL;
    text += 6;
    if (*text == '-') {
        text++;
        if (!take_number(&text, &count) || *text != '\0')
            return RANGE_ALL;
        first = count >= size ? 0 : size - count;
        if (count == 0 || size == 0)
            return RANGE_OUTSIDE;
    } else {
        if (!take_number(&text, &first) || *text++ != '-')
            return RANGE_ALL;
        if (*text != '\0' && (!take_number(&text, &last) || *text != '\0' || last < first))
            return RANGE_ALL;
        if (first >= size)
            return RANGE_OUTSIDE;
    }
    *first_out = first;
    *last_out = last < size - 1 ? last : size - 1;
    return RANGE_PART;
}

/* The weight of ";q=0.8" in thousandths, 1000 without. */
static int weight(const char *parameters, size_t length)
{
    const char *q = memchr(parameters, '=', length);
    int thousandths = 0, unit = 100;

    if (q == NULL)
        return 1000;
    q++;
    if (*q == '1')
        return 1000;
    if (q[0] != '0' || q[1] != '.')
        return 0;
    for (q += 2; *q >= '0' && *q <= '9' && unit > 0; q++, unit /= 10)
        thousandths += (*q - '0') * unit;
    return thousandths;
}

enum lang header_lang(const char *text)
{
    enum lang best = LANG_FR, lang;
    int best_weight = 0;

    while (text != NULL && *text != '\0') {
        char tag[4] = "";
        text += strspn(text, "," BLANK);
        size_t length = strcspn(text, ",;-" BLANK);
        size_t item = strcspn(text, ",");
        if (length < sizeof(tag)) {
            memcpy(tag, text, length);
            int liked = weight(text, item);
            if (lang_parse(tag, &lang) && liked > best_weight) {
                best = lang;
                best_weight = liked;
            }
        }
        text += item;
    }
    return best;
}

bool header_accepts_gzip(const char *text)
{
    bool others = false;

    while (text != NULL && *text != '\0') {
        text += strspn(text, "," BLANK);
        size_t length = strcspn(text, ",;" BLANK);
        size_t item = strcspn(text, ",");
        bool taken = weight(text, item) > 0;
        if (length == 4 && strncasecmp(text, "gzip", 4) == 0)
            return taken; /* what is named counts more than "*" */
        if (length == 1 && *text == '*')
            others = taken;
        text += item;
    }
    return others;
}

bool header_has_etag(const char *text, const char *etag)
{
    size_t length = strlen(etag);

    if (text == NULL)
        return false;
    if (strcmp(text, "*") == 0)
        return true;
    for (const char *at = strchr(text, '"'); at != NULL; at = strchr(at, '"')) {
        const char *end = strchr(++at, '"');
        if (end == NULL)
            return false;
        if ((size_t)(end - at) == length && memcmp(at, etag, length) == 0)
            return true;
        at = end + 1;
    }
    return false;
}

int header_wait_s(const char *text)
{
    while (text != NULL && *text != '\0') {
        int64_t wait_s;
        text += strspn(text, "," BLANK);
        if (strncasecmp(text, "wait=", 5) == 0) {
            text += 5;
            return !take_number(&text, &wait_s) ? 0 : wait_s > 3600 ? 3600 : (int)wait_s;
        }
        text += strcspn(text, ",");
    }
    return 0;
}
