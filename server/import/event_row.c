#include "server/import/event_row.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/hash.h"
#include "core/strbuf.h"
#include "core/utf8.h"
#include "server/import/event_fields.h"
#include "server/import/fields.h"

#define SHORT_BYTES_MAX 300
#define LONG_BYTES_MAX 4000
#define NUMBERS_MAX 8
#define DAY_MINUTES 1440

/* --- when ------------------------------------------------------------------------------------ */

static const char *const months[] = {"janvier",   "fevrier", "mars",     "avril",
                                     "mai",       "juin",    "juillet",  "aout",
                                     "septembre", "octobre", "novembre", "decembre"};

static int month_of(const char *word, size_t length)
{
    for (int i = 0; i < 12; i++)
        if (length >= 3 && length <= strlen(months[i]) && strncmp(word, months[i], length) == 0)
            return i + 1;
    return 0;
}

/* The words and numbers of a moment: folding has made spaces of all that stands between. */
struct moment_reader {
    const char *at;
    int numbers[NUMBERS_MAX];
    size_t digits[NUMBERS_MAX];
    size_t count;
    int month;          /* by name */
    size_t month_after; /* after so many numbers */
    size_t hour;        /* index of the number in front of an "h"; NUMBERS_MAX: none */
};

static bool read_number(struct moment_reader *reader)
{
    size_t length = strspn(reader->at, "0123456789");

    if (length > 4 || reader->count == NUMBERS_MAX)
        return false;
    reader->digits[reader->count] = length;
    reader->numbers[reader->count++] = (int)strtol(reader->at, NULL, 10);
    reader->at += length;
    return true;
}

static bool read_word(struct moment_reader *reader)
{
    static const char *const passed[] = {"lundi",  "mardi",    "mercredi", "jeudi", "vendredi",
                                         "samedi", "dimanche", "le",       "a",     "de",
                                         "t",      "er",       "z",        "min"};
    size_t length = strspn(reader->at, "abcdefghijklmnopqrstuvwxyz");
    const char *word = reader->at;
    int month = month_of(word, length);

    reader->at += length;
    if (length == 1 && *word == 'h' && reader->count > 0 && reader->hour == NUMBERS_MAX) {
        reader->hour = reader->count - 1;
        return true;
    }
    if (month > 0 && reader->month == 0) {
        reader->month = month;
        reader->month_after = reader->count;
        return true;
    }
    for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
        if (strlen(passed[i]) == length && strncmp(word, passed[i], length) == 0)
            return true;
    return false;
}

static bool set_day(struct event_moment *out, int year, int month, int day, size_t year_digits)
{
    if (year_digits == 2)
        year += 2000;
    else if (year_digits != 4)
        return false;
    if (year < 1990 || year > 2200 || !civil_valid_date(year, month, day))
        return false;
    out->has_day = true;
    out->day = civil_days(year, month, day);
    return true;
}

static bool set_time(struct event_moment *out, const struct moment_reader *reader, size_t from)
{
    size_t left = reader->count - from;
    int hour, minute;

    if (left == 0)
        return true;
    if (left > 3 || (left == 1 && reader->hour == NUMBERS_MAX))
        return false;
    hour = reader->numbers[from];
    minute = left > 1 ? reader->numbers[from + 1] : 0;
    if (hour > 23 || minute > 59)
        return false;
    out->minute = hour * 60 + minute;
    return true;
}

static bool understand(const struct moment_reader *reader, struct event_moment *out)
{
    const int *n = reader->numbers;

    if (reader->month > 0)
        return reader->month_after == 1 && reader->count >= 2 &&
               set_day(out, n[1], reader->month, n[0], reader->digits[1]) &&
               set_time(out, reader, 2);
    if (reader->count >= 3 && reader->hour != 0 && reader->digits[0] == 4)
        return set_day(out, n[0], n[1], n[2], 4) && set_time(out, reader, 3);
    if (reader->count >= 3 && reader->hour != 0 &&
        set_day(out, n[2], n[1], n[0], reader->digits[2]))
        return set_time(out, reader, 3);
    return reader->count <= 3 && reader->count > 0 && set_time(out, reader, 0);
}

bool event_moment_read(const char *text, struct event_moment *out)
{
    struct moment_reader reader = {.hour = NUMBERS_MAX};
    struct strbuf folded;
    bool ok = strlen(text) < 80;

    *out = (struct event_moment){.minute = -1};
    strbuf_init(&folded);
    if (ok)
        utf8_fold(text, &folded);
    reader.at = folded.bytes;
    while (ok && *reader.at) {
        if (*reader.at == ' ')
            reader.at++;
        else if (*reader.at >= '0' && *reader.at <= '9')
            ok = read_number(&reader);
        else if (*reader.at >= 'a' && *reader.at <= 'z')
            ok = read_word(&reader);
        else
            ok = false;
    }
    /* "10:00" is an hour, "10-00" is none. */
    ok = ok && (reader.count != 2 || reader.month > 0 || reader.hour == 0 || strchr(text, ':'));
    ok = ok && understand(&reader, out);
    strbuf_finish(&folded);
    return ok;
}

/* --- the row --------------------------------------------------------------------------------- */

static const char *cell(const struct event_row_reader *reader, const struct table_row *row,
                        enum event_column column)
{
    int index = reader->columns->index[column];

    return index >= 0 && (size_t)index < row->count ? field_tidy(reader->arena, row->fields[index])
                                                    : "";
}

static const char *text_cell(const struct event_row_reader *reader, const struct table_row *row,
                             enum event_column column, size_t max)
{
    const char *text = cell(reader, row, column), *kept = field_cut(reader->arena, text, max);

    if (kept != text)
        import_report_note(reader->report, IMPORT_WARNING, row->line,
                           reader->columns->names[column],
                           "texte démesuré (%zu octets), coupé à %zu",
                           "text far too long (%zu bytes), cut at %zu", strlen(text), max);
    return kept;
}

static bool reject(const struct event_row_reader *reader, const struct table_row *row,
                   enum event_column column, const char *fr, const char *en)
{
    import_report_note(reader->report, IMPORT_REJECTED, row->line, reader->columns->names[column],
                       "%s%.0s : « %.60s »", "%.0s%s: \"%.60s\"", fr, en,
                       cell(reader, row, column));
    return false;
}

/* A day or an hour; an empty cell is none. */
static bool read_moment(const struct event_row_reader *reader, const struct table_row *row,
                        enum event_column column, bool day, struct event_moment *out)
{
    const char *text = cell(reader, row, column);

    *out = (struct event_moment){.minute = -1};
    if (!*text)
        return true;
    if (event_moment_read(text, out) && (!day || out->has_day))
        return true;
    return reject(reader, row, column,
                  day ? "date illisible (écrivez 24/11/2026 ou 2026-11-24)"
                      : "heure illisible (écrivez 18:30 ou 18 h 30)",
                  day ? "this date cannot be read (write 24/11/2026 or 2026-11-24)"
                      : "this time cannot be read (write 18:30)");
}

static void put_moment(struct strbuf *out, const char *name, int64_t day, int minute)
{
    const struct civil at = civil_from_ms(day * CIVIL_DAY_MS);

    if (minute < 0)
        strbuf_printf(out, "%s;VALUE=DATE:%04d%02d%02d", name, at.year, at.month, at.day);
    else
        strbuf_printf(out, "%s;TZID=Europe/Paris:%04d%02d%02dT%02d%02d00", name, at.year, at.month,
                      at.day, minute / 60, minute % 60);
}

static const char *make_lines(const struct event_row_reader *reader,
                              const struct event_moment *start, const struct event_moment *end)
{
    struct strbuf out;

    strbuf_init(&out);
    put_moment(&out, "DTSTART", start->day, start->minute);
    if (start->minute < 0 || end->minute >= 0) {
        strbuf_append_char(&out, '\n');
        put_moment(&out, "DTEND", end->day + (start->minute < 0), end->minute);
    }
    const char *lines = arena_strndup(reader->arena, out.bytes, out.length);
    strbuf_finish(&out);
    return lines;
}

static bool read_when(const struct event_row_reader *reader, const struct table_row *row,
                      struct event *out)
{
    struct event_moment start, start_time, end, end_time;

    if (!read_moment(reader, row, EVENT_COLUMN_START, true, &start) ||
        !read_moment(reader, row, EVENT_COLUMN_START_TIME, false, &start_time) ||
        !read_moment(reader, row, EVENT_COLUMN_END, false, &end) ||
        !read_moment(reader, row, EVENT_COLUMN_END_TIME, false, &end_time))
        return false;
    if (!start.has_day)
        return reject(reader, row, EVENT_COLUMN_START, "date de début absente",
                      "the first day is missing");
    if (start_time.minute >= 0)
        start.minute = start_time.minute;
    if (end_time.minute >= 0)
        end.minute = end_time.minute;
    if (!end.has_day)
        end.day = start.day;
    if (start.minute < 0)
        end.minute = -1;
    /* An evening that ends after midnight. */
    if (!end.has_day && end.minute >= 0 && end.minute < start.minute)
        end.day++;
    if (end.day < start.day ||
        (end.day == start.day && end.minute >= 0 && end.minute < start.minute))
        return reject(reader, row, EVENT_COLUMN_END, "la fin précède le début",
                      "the end is before the beginning");
    /* Several days without an hour of the end: it goes on until the last of them is over. */
    if (start.minute >= 0 && end.minute < 0 && end.day > start.day)
        end.minute = DAY_MINUTES - 1;
    out->all_day = start.minute < 0;
    out->recurrence = make_lines(reader, &start, &end);
    return true;
}

static void read_place(const struct event_row_reader *reader, const struct table_row *row,
                       struct event *out)
{
    const char *commune = text_cell(reader, row, EVENT_COLUMN_COMMUNE, SHORT_BYTES_MAX);
    const char *postcode = cell(reader, row, EVENT_COLUMN_POSTCODE);
    const char *place = text_cell(reader, row, EVENT_COLUMN_PLACE, SHORT_BYTES_MAX);
    const char *address = text_cell(reader, row, EVENT_COLUMN_ADDRESS, SHORT_BYTES_MAX);

    /* A column alone holds all of it, as calendars do. */
    if (!*commune && !*postcode && !*address) {
        event_location_read(reader->reference, reader->arena, place, out);
    } else {
        if (*postcode && !field_postcode(reader->arena, postcode, &postcode))
            postcode = "";
        const struct commune *known = reference_commune(reader->reference, commune, postcode);
        out->place = place;
        out->address = address;
        out->code_postal = postcode;
        out->in_metropole = known != NULL;
        out->code_insee = known ? known->code_insee : "";
        out->commune =
            known ? known->name
                  : reference_readable(reader->reference, reader->arena, commune, postcode);
    }
    if (!*out->place && !*out->commune)
        import_report_note(
            reader->report, IMPORT_WARNING, row->line, reader->columns->names[EVENT_COLUMN_PLACE],
            "événement sans lieu : les écrans ne le montreront pas tant qu’il manque",
            "event without a place: screens do not show it as long as it is missing");
}

static const char *make_uid(const struct event_row_reader *reader, const struct table_row *row,
                            const struct event *event)
{
    const char *id = text_cell(reader, row, EVENT_COLUMN_ID, SHORT_BYTES_MAX);
    char hex[SHA256_HEX_SIZE];
    struct sha256 sum;

    if (*id)
        return id;
    const char *all =
        arena_printf(reader->arena, "%s\n%s\n%s", event->title, event->recurrence, event->place);
    sha256_of(all, strlen(all), &sum);
    sha256_to_hex(&sum, hex);
    return arena_printf(reader->arena, "table-%.24s", hex);
}

bool event_row_read(const struct event_row_reader *reader, const struct table_row *row,
                    struct event *out)
{
    *out = (struct event){.short_title = "",
                          .organisation = "",
                          .image = "",
                          .image_alt = "",
                          .image_credit = "",
                          .place = "",
                          .address = "",
                          .code_postal = "",
                          .code_insee = "",
                          .commune = ""};
    out->title = text_cell(reader, row, EVENT_COLUMN_TITLE, SHORT_BYTES_MAX);
    if (!*out->title)
        return reject(reader, row, EVENT_COLUMN_TITLE, "titre absent", "the title is missing");
    if (!read_when(reader, row, out))
        return false;
    read_place(reader, row, out);
    out->uid = make_uid(reader, row, out);
    out->resume = text_cell(reader, row, EVENT_COLUMN_RESUME, LONG_BYTES_MAX);
    out->description = text_cell(reader, row, EVENT_COLUMN_DESCRIPTION, LONG_BYTES_MAX);
    out->price = text_cell(reader, row, EVENT_COLUMN_PRICE, SHORT_BYTES_MAX);
    out->access = text_cell(reader, row, EVENT_COLUMN_ACCESS, SHORT_BYTES_MAX);
    out->organiser = text_cell(reader, row, EVENT_COLUMN_ORGANISER, SHORT_BYTES_MAX);
    out->categories = text_cell(reader, row, EVENT_COLUMN_CATEGORIES, SHORT_BYTES_MAX);
    const char *url = cell(reader, row, EVENT_COLUMN_URL);
    out->url = "";
    if (*url && !field_website(reader->arena, url, &out->url)) {
        out->url = "";
        import_report_note(reader->report, IMPORT_WARNING, row->line,
                           reader->columns->names[EVENT_COLUMN_URL],
                           "adresse web invalide, laissée de côté : « %.60s »",
                           "invalid web address, left out: \"%.60s\"", url);
    }
    return true;
}
