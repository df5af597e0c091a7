#include "server/store/folding.h"

#include "core/utf8.h"

const char *folding_of(struct arena *arena, const char *text)
{
    struct strbuf folded;

    strbuf_init(&folded);
    utf8_fold(text ? text : "", &folded);
    const char *copy = arena_strndup(arena, folded.bytes, folded.length);
    strbuf_finish(&folded);
    return copy;
}
