/* What an import did, line by line, for the person who ran it. */
#ifndef VITRINE_SERVER_IMPORT_REPORT_H
#define VITRINE_SERVER_IMPORT_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "core/arena.h"
#include "core/lang.h"

enum import_severity {
    IMPORT_WARNING,  /* taken, but somebody should look */
    IMPORT_REJECTED, /* this row or event was left out */
};

struct import_note {
    enum import_severity severity;
    int line;          /* 1-based */
    const char *field; /* column or property as the file calls it */
    const char *fr;
    const char *en;
};

#define IMPORT_NOTES_MAX 10000

struct import_report {
    struct arena *arena; /* notes live here */
    const char *file;
    const char *layout;   /* "asp-siae", "vitrine", "icalendar" */
    const char *encoding; /* "UTF-8", "UTF-8 (BOM)", "Windows-1252" */
    size_t read;          /* rows (events) with content */
    size_t created;
    size_t updated;
    size_t unchanged;
    size_t merged; /* rows that were joined to an earlier row of the file (same SIRET) */
    size_t rejected;
    size_t warnings;
    size_t occurrences; /* events only */
    size_t note_count;  /* at most IMPORT_NOTES_MAX are kept; the counts go on */
    size_t note_capacity;
    struct import_note *notes; /* in order of the file */
};

void import_report_init(struct import_report *report);
void import_report_finish(struct import_report *report);
/* Both texts are printf formats for the same arguments. */
void import_report_note(struct import_report *report, enum import_severity severity, int line,
                        const char *field, const char *fr, const char *en, ...)
    __attribute__((format(printf, 5, 7), format(printf, 6, 7)));
/* Summary, then the notes, one a line. */
void import_report_print(const struct import_report *report, enum lang lang, FILE *out);

#endif
