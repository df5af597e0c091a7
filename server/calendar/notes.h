/* What reading a calendar has to say, line by line, to who asked for it. */
#ifndef VITRINE_SERVER_CALENDAR_NOTES_H
#define VITRINE_SERVER_CALENDAR_NOTES_H

#include "core/error.h"

enum calendar_severity {
    CALENDAR_WARNING,  /* taken, but somebody should look */
    CALENDAR_REJECTED, /* this event was left out */
};

struct calendar_notes {
    /* `text` is borrowed for the call; its line and field tell the place. */
    void (*take)(void *context, enum calendar_severity severity, const struct error *text);
    void *context;
};

/* Both texts are printf formats for the same arguments. notes NULL: nobody wants to know. */
void calendar_note(const struct calendar_notes *notes, enum calendar_severity severity, int line,
                   const char *field, const char *fr, const char *en, ...)
    __attribute__((format(printf, 5, 7), format(printf, 6, 7)));

#endif
