#include "server/import/calendar_bridge.h"

static void take_note(void *context, enum calendar_severity severity, const struct error *text)
{
    import_report_note(context, severity == CALENDAR_REJECTED ? IMPORT_REJECTED : IMPORT_WARNING,
                       text->line, text->field, "%s%.0s", "%.0s%s", text->fr, text->en);
}

struct calendar_notes import_calendar_notes(struct import_report *report)
{
    return (struct calendar_notes){take_note, report};
}

struct occurrence *import_occurrences(struct arena *arena, const struct recurrence_result *dates)
{
    struct occurrence *items = arena_array(arena, dates->count, sizeof(*items));

    for (size_t i = 0; i < dates->count; i++) {
        const struct calendar_occurrence *from = &dates->items[i];
        items[i] = (struct occurrence){.start_ms = from->start_ms,
                                       .end_ms = from->end_ms,
                                       .all_day = from->all_day,
                                       .local_day = from->local_day,
                                       .local_minute = from->local_minute,
                                       .local_last_day = from->local_last_day,
                                       .local_end_minute = from->local_end_minute};
    }
    return items;
}
