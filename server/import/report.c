#include "server/import/report.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"

#define TEXT_MAX 512

void import_report_init(struct import_report *report)
{
    *report =
        (struct import_report){.arena = arena_create(), .file = "", .layout = "", .encoding = ""};
}

void import_report_finish(struct import_report *report)
{
    free(report->notes);
    arena_destroy(report->arena);
    *report = (struct import_report){0};
}

/* One more slot, or NULL when the list is full. */
static struct import_note *next_note(struct import_report *report)
{
    if (report->note_count >= IMPORT_NOTES_MAX)
        return NULL;
    if (report->note_count == report->note_capacity) {
        report->note_capacity = report->note_capacity ? report->note_capacity * 2 : 64;
        report->notes = realloc(report->notes, report->note_capacity * sizeof(*report->notes));
        if (!report->notes)
            abort();
    }
    return &report->notes[report->note_count++];
}

/* A precision in a format may have cut a value inside a letter. */
static const char *whole_letters(struct arena *arena, const char *text)
{
    char *whole = arena_alloc(arena, strlen(text) + 1);
    const char *end = text + strlen(text);
    size_t length = 0;

    while (text < end) {
        const char *at = text;
        utf8_next(&text, end);
        if (!utf8_valid(at, (size_t)(text - at)))
            continue;
        memcpy(whole + length, at, (size_t)(text - at));
        length += (size_t)(text - at);
    }
    whole[length] = '\0';
    return whole;
}

void import_report_note(struct import_report *report, enum import_severity severity, int line,
                        const char *field, const char *fr, const char *en, ...)
{
    char text[2][TEXT_MAX];
    va_list arguments;

    if (severity == IMPORT_REJECTED)
        report->rejected++;
    else
        report->warnings++;
    struct import_note *note = next_note(report);
    if (!note)
        return;
    va_start(arguments, en);
    vsnprintf(text[LANG_FR], TEXT_MAX, fr, arguments);
    va_end(arguments);
    va_start(arguments, en);
    vsnprintf(text[LANG_EN], TEXT_MAX, en, arguments);
    va_end(arguments);
    *note = (struct import_note){
        .severity = severity,
        .line = line,
        .field = arena_strdup(report->arena, field ? field : ""),
        .fr = whole_letters(report->arena, text[LANG_FR]),
        .en = whole_letters(report->arena, text[LANG_EN]),
    };
}

static int by_line(const void *a, const void *b)
{
    const struct import_note *const *first = a;
    const struct import_note *const *second = b;

    if ((*first)->line != (*second)->line)
        return (*first)->line < (*second)->line ? -1 : 1;
    return *first < *second ? -1 : *first > *second;
}

static void print_note(const struct import_note *note, enum lang lang, FILE *out)
{
    fprintf(out, "  %s",
            lang_pick(lang, note->severity == IMPORT_REJECTED ? "refusé" : "à voir",
                      note->severity == IMPORT_REJECTED ? "rejected" : "warning"));
    if (note->line > 0)
        fprintf(out, lang_pick(lang, ", ligne %d", ", line %d"), note->line);
    if (*note->field)
        fprintf(out, ", %s", note->field);
    fprintf(out, lang_pick(lang, " : %s\n", ": %s\n"), lang_pick(lang, note->fr, note->en));
}

static void print_summary(const struct import_report *report, enum lang lang, FILE *out)
{
    fprintf(out, "%s (%s, %s)\n", report->file, report->layout, report->encoding);
    fprintf(out,
            lang_pick(lang,
                      "lus : %zu ; créés : %zu, modifiés : %zu, inchangés : %zu, fusionnés : %zu, "
                      "refusés : %zu, remarques : %zu\n",
                      "read: %zu; created: %zu, updated: %zu, unchanged: %zu, merged: %zu, "
                      "rejected: %zu, warnings: %zu\n"),
            report->read, report->created, report->updated, report->unchanged, report->merged,
            report->rejected, report->warnings);
    if (report->occurrences > 0)
        fprintf(out, lang_pick(lang, "dates à venir : %zu\n", "dates to come: %zu\n"),
                report->occurrences);
}

void import_report_print(const struct import_report *report, enum lang lang, FILE *out)
{
    const struct import_note **sorted = calloc(report->note_count + 1, sizeof(const void *));
    size_t noted = report->rejected + report->warnings;

    print_summary(report, lang, out);
    if (!sorted)
        return;
    for (size_t i = 0; i < report->note_count; i++)
        sorted[i] = &report->notes[i];
    qsort(sorted, report->note_count, sizeof(*sorted), by_line);
    for (size_t i = 0; i < report->note_count; i++)
        print_note(sorted[i], lang, out);
    if (noted > report->note_count)
        fprintf(out, lang_pick(lang, "  non montrées : %zu\n", "  not shown: %zu\n"),
                noted - report->note_count);
    free(sorted);
}
