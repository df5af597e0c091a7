/* evenements.ics (RFC 5545), with the properties that server/import reads. */
#include <string.h>

#include "server/export/documents_private.h"
#include "server/store/events.h"
#include "server/store/exporting.h"

#define LINE_MAX 74

/* A content line, folded between characters. */
static void put_line(struct strbuf *out, const char *line, size_t length)
{
    size_t column = 0;

    for (size_t i = 0; i < length; i++) {
        if (column >= LINE_MAX - 3 && ((unsigned char)line[i] & 0xc0) != 0x80) {
            strbuf_append(out, "\r\n ");
            column = 1;
        }
        strbuf_append_char(out, line[i]);
        column++;
    }
    strbuf_append(out, "\r\n");
}

static void put_text(struct strbuf *out, const char *name, const char *text)
{
    struct strbuf line;

    if (*text == '\0')
        return;
    strbuf_init(&line);
    strbuf_printf(&line, "%s:", name);
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            strbuf_append(&line, "\\n");
            continue;
        }
        if (*text == '\\' || *text == ',' || *text == ';')
            strbuf_append_char(&line, '\\');
        strbuf_append_char(&line, *text);
    }
    put_line(out, line.bytes, line.length);
    strbuf_finish(&line);
}

/* The lines of the recurrence: those of time zones stand outside events. */
static void put_recurrence(struct strbuf *out, const char *lines, bool zones)
{
    bool in_zone = false;

    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");
        bool begins = length == 15 && strncmp(lines, "BEGIN:VTIMEZONE", 15) == 0;
        in_zone = in_zone || begins;
        if (in_zone == zones)
            put_line(out, lines, length);
        if (length == 13 && strncmp(lines, "END:VTIMEZONE", 13) == 0)
            in_zone = false;
        lines += length + (lines[length] == '\n');
    }
}

static void put_place(struct strbuf *out, const struct event *event, struct arena *arena)
{
    const char *town = arena_printf(arena, "%s%s%s", event->code_postal,
                                    *event->code_postal != '\0' ? " " : "", event->commune);
    const char *const parts[] = {event->place, event->address, town};
    struct strbuf text;

    strbuf_init(&text);
    for (size_t i = 0; i < 3; i++) {
        if (*parts[i] != '\0')
            strbuf_printf(&text, "%s%s", text.length > 0 ? ", " : "", parts[i]);
    }
    put_text(out, "LOCATION", text.bytes);
    strbuf_finish(&text);
}

static void put_status(struct strbuf *out, enum event_status status)
{
    static const char *const ours[] = {
        [EVENT_REPROGRAMME] = "reprogramme", [EVENT_COMPLET] = "complet"};

    strbuf_append(out, status == EVENT_ANNULE ? "STATUS:CANCELLED\r\n" : "STATUS:CONFIRMED\r\n");
    if (status == EVENT_REPROGRAMME || status == EVENT_COMPLET)
        put_text(out, "X-VITRINE-STATUT", ours[status]);
}

static bool put_event(struct exporting *exporting, const struct event *event, struct strbuf *out,
                      struct error *err)
{
    const char *image = "";

    if (*event->image != '\0' && !export_media(exporting, "", event->image, &image, err))
        return false;
    put_recurrence(out, event->recurrence, true);
    strbuf_append(out, "BEGIN:VEVENT\r\n");
    put_text(out, "UID", event->uid);
    strbuf_append(out, "DTSTAMP:20260101T000000Z\r\n");
    strbuf_printf(out, "SEQUENCE:%lld\r\n", (long long)event->sequence);
    put_recurrence(out, event->recurrence, false);
    put_text(out, "SUMMARY", event->title);
    put_text(out, "X-VITRINE-COURT", event->short_title);
    put_text(out, "X-VITRINE-RESUME", event->resume);
    put_text(out, "DESCRIPTION", event->description);
    put_status(out, event->status);
    put_place(out, event, exporting->arena);
    put_text(out, "X-VITRINE-STRUCTURE", event->organisation);
    if (*event->organiser != '\0')
        strbuf_printf(out, "ORGANIZER;CN=\"%s\":mailto:contact@vitrine.invalid\r\n",
                      event->organiser);
    put_text(out, "X-VITRINE-TARIF", event->price);
    put_text(out, "X-VITRINE-ACCESSIBILITE", event->access);
    put_text(out, "CATEGORIES", event->categories);
    if (*event->url != '\0')
        strbuf_printf(out, "URL:%s\r\n", event->url);
    if (*image != '\0')
        strbuf_printf(out, "ATTACH:%s\r\n", image);
    put_text(out, "X-VITRINE-ALT", event->image_alt);
    put_text(out, "X-VITRINE-CREDIT", event->image_credit);
    strbuf_append(out, "END:VEVENT\r\n");
    exporting->report->events++;
    return true;
}

bool export_events(struct exporting *exporting, struct error *err)
{
    struct text_list uids;
    struct event event;
    struct strbuf text;
    bool ok = true;

    if (!exporting_events(exporting->options->db, exporting->arena, &uids, err))
        return false;
    strbuf_init(&text);
    strbuf_append(&text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Vitrine//FR\r\n");
    for (size_t i = 0; ok && i < uids.count; i++)
        ok = events_get(exporting->options->db, exporting->arena, uids.items[i], &event, err) &&
             put_event(exporting, &event, &text, err);
    strbuf_append(&text, "END:VCALENDAR\r\n");
    ok = ok && export_text(exporting, "evenements.ics", &text, err);
    strbuf_finish(&text);
    return ok;
}
