#include "server/calendar/notes.h"

#include <stdarg.h>
#include <stdio.h>

void calendar_note(const struct calendar_notes *notes, enum calendar_severity severity, int line,
                   const char *field, const char *fr, const char *en, ...)
{
    struct error text;
    va_list arguments;

    if (notes == NULL)
        return;
    error_clear(&text);
    text.kind = ERROR_INVALID;
    text.line = line;
    snprintf(text.field, sizeof(text.field), "%s", field);
    va_start(arguments, en);
    vsnprintf(text.fr, sizeof(text.fr), fr, arguments);
    va_end(arguments);
    va_start(arguments, en);
    vsnprintf(text.en, sizeof(text.en), en, arguments);
    va_end(arguments);
    notes->take(notes->context, severity, &text);
}
