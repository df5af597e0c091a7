#include "core/lang.h"

#include <stdlib.h>
#include <strings.h>

enum lang lang_from_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            return strncasecmp(value, "en", 2) == 0 ? LANG_EN : LANG_FR;
        }
    }
    return LANG_FR;
}

bool lang_parse(const char *tag, enum lang *lang_out)
{
    if (tag == NULL) {
        return false;
    }
    static const enum lang langs[] = {LANG_FR, LANG_EN};
    for (size_t i = 0; i < sizeof langs / sizeof langs[0]; i++) {
        if (strncasecmp(tag, lang_tag(langs[i]), 2) == 0 && (tag[2] == '\0' || tag[2] == '-')) {
            *lang_out = langs[i];
            return true;
        }
    }
    return false;
}

const char *lang_tag(enum lang lang)
{
    return lang_pick(lang, "fr", "en");
}
