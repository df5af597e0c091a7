#include "server/calendar/calendar.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/files.h"
#include "core/source.h"
#include "core/strbuf.h"
#include "core/utf8.h"

#define CALENDAR_BYTES_MAX (32 * 1024 * 1024)
#define DEPTH_MAX 8
#define BLOCK_LINES_MAX 5000

struct open_block {
    const char *name;
    int line;
};

struct parser {
    struct calendar *calendar;
    const struct calendar_notes *notes;
    struct error *err;
    struct open_block open[DEPTH_MAX];
    size_t depth;
    bool seen_calendar;
    struct calendar_block block; /* the event or time zone under way */
    size_t block_depth;          /* 0: none */
    bool block_is_event;
    struct strbuf lines;  /* its struct calendar_line, one behind the other */
    struct strbuf events; /* finished struct calendar_block */
    struct strbuf zones;
};

static bool fail(struct parser *parser, int line, const char *fr, const char *en, const char *what)
{
    error_set(parser->err, ERROR_INVALID, fr, en, what);
    error_at(parser->err, NULL, line);
    return false;
}

/* Splits "NAME;PARAMS:VALUE"; quotes hide ':' and ';'. False when it is no property. */
static bool split_line(struct arena *arena, const char *text, int number, struct calendar_line *out)
{
    size_t name = 0;
    bool quoted = false;

    while (isalnum((unsigned char)text[name]) || text[name] == '-')
        name++;
    if (name == 0 || (text[name] != ';' && text[name] != ':'))
        return false;
    size_t colon = name;
    while (text[colon] && (quoted || text[colon] != ':')) {
        quoted = quoted != (text[colon] == '"');
        colon++;
    }
    if (!text[colon])
        return false;
    char *capitals = arena_strndup(arena, text, name);
    for (char *c = capitals; *c; c++)
        *c = (char)toupper((unsigned char)*c);
    *out = (struct calendar_line){.line = number,
                                  .text = text,
                                  .name = capitals,
                                  .params = arena_strndup(arena, text + name, colon - name),
                                  .value = text + colon + 1};
    return true;
}

static void keep_line(struct parser *parser, const struct calendar_line *line)
{
    if (parser->block.count < BLOCK_LINES_MAX) {
        strbuf_append_bytes(&parser->lines, line, sizeof(*line));
        parser->block.count++;
    }
}

static bool begin_block(struct parser *parser, const struct calendar_line *line)
{
    bool event = strcasecmp(line->value, "VEVENT") == 0;
    bool zone = strcasecmp(line->value, "VTIMEZONE") == 0;

    if (parser->depth == 0 && strcasecmp(line->value, "VCALENDAR") != 0)
        return fail(parser, line->line,
                    "bloc %s en dehors d’un calendrier : il manque BEGIN:VCALENDAR",
                    "block %s outside of a calendar: BEGIN:VCALENDAR is missing", line->value);
    if (parser->depth == DEPTH_MAX)
        return fail(parser, line->line, "trop de blocs l’un dans l’autre (%s)",
                    "too many blocks inside each other (%s)", line->value);
    if (event && parser->block_depth > 0 && parser->block_is_event)
        return fail(parser, line->line, "un %s commence avant la fin du précédent",
                    "a %s begins before the end of the one before", line->value);
    parser->open[parser->depth++] = (struct open_block){line->value, line->line};
    parser->seen_calendar = true;
    if ((event || zone) && parser->block_depth == 0) {
        parser->block = (struct calendar_block){.line = line->line};
        parser->block_depth = parser->depth;
        parser->block_is_event = event;
        strbuf_clear(&parser->lines);
    } else if (parser->block_depth > 0 && !parser->block_is_event) {
        keep_line(parser, line);
    }
    return true;
}

static bool end_block(struct parser *parser, const struct calendar_line *line)
{
    struct arena *arena = parser->calendar->arena;

    if (parser->depth == 0)
        return fail(parser, line->line, "END:%s sans BEGIN", "END:%s without a BEGIN", line->value);
    const struct open_block *open = &parser->open[parser->depth - 1];
    if (strcasecmp(open->name, line->value) != 0) {
        error_set(parser->err, ERROR_INVALID,
                  "END:%s, mais c’est %s, ouvert ligne %d, qui doit se fermer",
                  "END:%s, but it is %s, opened on line %d, that must close", line->value,
                  open->name, open->line);
        error_at(parser->err, NULL, line->line);
        return false;
    }
    if (parser->depth == parser->block_depth) {
        size_t size = parser->block.count * sizeof(struct calendar_line);
        parser->block.lines = arena_array(arena, parser->block.count, sizeof(struct calendar_line));
        memcpy(parser->block.lines, parser->lines.bytes, size);
        strbuf_append_bytes(parser->block_is_event ? &parser->events : &parser->zones,
                            &parser->block, sizeof(parser->block));
        parser->block_depth = 0;
    }
    parser->depth--;
    return true;
}

static void handle_bad_line(struct parser *parser, int number)
{
    if (parser->block_depth > 0 && parser->block_is_event && parser->depth == parser->block_depth) {
        if (parser->block.bad_line == 0)
            parser->block.bad_line = number;
        return;
    }
    calendar_note(parser->notes, CALENDAR_WARNING, number, "",
                  "cette ligne n’est pas une propriété ; laissée de côté",
                  "this line is no property; left out");
}

static bool handle_line(struct parser *parser, const char *text, int number)
{
    struct calendar_line line;

    if (!*text) {
        calendar_note(parser->notes, CALENDAR_WARNING, number, "",
                      "ligne vide au milieu du calendrier",
                      "blank line in the middle of the calendar");
        return true;
    }
    if (!split_line(parser->calendar->arena, text, number, &line)) {
        if (!parser->seen_calendar)
            return fail(parser, number, "ce n’est pas un calendrier iCalendar%s",
                        "this is no iCalendar file%s", "");
        handle_bad_line(parser, number);
        return true;
    }
    if (strcmp(line.name, "BEGIN") == 0)
        return begin_block(parser, &line);
    if (strcmp(line.name, "END") == 0) {
        if (parser->block_depth > 0 && parser->depth > parser->block_depth &&
            !parser->block_is_event)
            keep_line(parser, &line);
        return end_block(parser, &line);
    }
    if (!parser->seen_calendar)
        return fail(parser, number, "ce n’est pas un calendrier iCalendar%s",
                    "this is no iCalendar file%s", "");
    if (strcmp(line.name, "METHOD") == 0 && parser->depth == 1)
        parser->calendar->cancelled = strcasecmp(line.value, "CANCEL") == 0;
    if (parser->block_depth > 0 &&
        (!parser->block_is_event || parser->depth == parser->block_depth))
        keep_line(parser, &line);
    return true;
}

/* The physical line at *cursor without its end; moves on. */
static size_t take_line(const char **cursor, const char *end)
{
    const char *start = *cursor;
    const char *newline = memchr(start, '\n', (size_t)(end - start));
    size_t length = (size_t)((newline ? newline : end) - start);

    *cursor = newline ? newline + 1 : end;
    if (length > 0 && start[length - 1] == '\r')
        length--;
    return length;
}

/* Unfolds: a line that begins with a space or tab goes on with the one before (RFC 5545, 3.1). */
static bool parse_lines(struct parser *parser, const char *bytes, size_t length)
{
    const char *end = bytes + length;
    const char *cursor = bytes;
    int number = 0;
    bool ok = true;
    struct strbuf unfolded;

    while (end > bytes && isspace((unsigned char)end[-1]))
        end--;
    strbuf_init(&unfolded);
    while (ok && cursor < end) {
        int first = number + 1;
        const char *at = cursor;
        size_t size = take_line(&cursor, end);
        number++;
        strbuf_clear(&unfolded);
        strbuf_append_bytes(&unfolded, at, size);
        while (cursor < end && (*cursor == ' ' || *cursor == '\t')) {
            at = cursor;
            size = take_line(&cursor, end);
            number++;
            strbuf_append_bytes(&unfolded, at + 1, size - 1);
        }
        ok = handle_line(
            parser, arena_strndup(parser->calendar->arena, unfolded.bytes, unfolded.length), first);
    }
    strbuf_finish(&unfolded);
    if (!ok)
        return false;
    if (!parser->seen_calendar)
        return fail(parser, 0, "fichier vide%s", "empty file%s", "");
    if (parser->depth > 0)
        return fail(parser, parser->open[parser->depth - 1].line,
                    "bloc %s jamais fermé : le fichier est coupé",
                    "block %s never closed: the file was cut",
                    parser->open[parser->depth - 1].name);
    return true;
}

static struct calendar_block *take_blocks(struct arena *arena, const struct strbuf *blocks,
                                          size_t *count_out)
{
    *count_out = blocks->length / sizeof(struct calendar_block);
    struct calendar_block *items = arena_array(arena, *count_out, sizeof(*items));
    memcpy(items, blocks->bytes, blocks->length);
    return items;
}

static bool parse(struct calendar *calendar, const char *bytes, size_t length,
                  const struct calendar_notes *notes, struct error *err)
{
    struct parser parser = {.calendar = calendar, .notes = notes, .err = err};

    strbuf_init(&parser.lines);
    strbuf_init(&parser.events);
    strbuf_init(&parser.zones);
    bool ok = parse_lines(&parser, bytes, length);
    calendar->events = take_blocks(calendar->arena, &parser.events, &calendar->event_count);
    calendar->zones = take_blocks(calendar->arena, &parser.zones, &calendar->zone_count);
    strbuf_finish(&parser.zones);
    strbuf_finish(&parser.events);
    strbuf_finish(&parser.lines);
    return ok;
}

static bool check_no_nul(const char *bytes, size_t length, struct error *err)
{
    const char *nul = memchr(bytes, '\0', length);
    int line = 1;

    if (!nul)
        return true;
    for (const char *c = bytes; c < nul; c++)
        line += *c == '\n';
    error_set(err, ERROR_INVALID, "octet nul : ce fichier n’est pas du texte, ou il est abîmé",
              "NUL byte: this file is no text, or it is damaged");
    error_at(err, NULL, line);
    return false;
}

static struct calendar *calendar_create(void)
{
    struct calendar *calendar = calloc(1, sizeof(*calendar));

    if (!calendar)
        abort();
    calendar->arena = arena_create();
    return calendar;
}

struct calendar *calendar_read(const char *path, const struct calendar_notes *notes,
                               struct error *err)
{
    char *bytes;
    size_t length;
    struct strbuf converted;

    if (!source_check(path, err) || !file_read(path, CALENDAR_BYTES_MAX, &bytes, &length, err))
        return NULL;
    struct calendar *calendar = calendar_create();
    strbuf_init(&converted);
    calendar->windows_1252 = !utf8_valid(bytes, length);
    if (calendar->windows_1252)
        utf8_from_cp1252(bytes, length, &converted);
    else
        strbuf_append_bytes(&converted, bytes, length);
    size_t bom = strncmp(converted.bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    bool ok = check_no_nul(bytes, length, err) &&
              parse(calendar, converted.bytes + bom, converted.length - bom, notes, err);
    strbuf_finish(&converted);
    free(bytes);
    if (ok)
        return calendar;
    error_at(err, path, 0);
    calendar_destroy(calendar);
    return NULL;
}

struct calendar *calendar_parse(const char *text, const struct calendar_notes *notes,
                                struct error *err)
{
    struct calendar *calendar = calendar_create();

    if (parse(calendar, text, strlen(text), notes, err))
        return calendar;
    calendar_destroy(calendar);
    return NULL;
}

void calendar_destroy(struct calendar *calendar)
{
    if (!calendar)
        return;
    arena_destroy(calendar->arena);
    free(calendar);
}

const struct calendar_line *calendar_find(const struct calendar_block *block, const char *name)
{
    for (size_t i = 0; i < block->count; i++)
        if (strcmp(block->lines[i].name, name) == 0)
            return &block->lines[i];
    return NULL;
}

/* Moves past one parameter, from its ';' to the next or the end. */
static const char *skip_param(const char *at)
{
    bool quoted = false;

    for (at++; *at && (quoted || *at != ';'); at++)
        quoted = quoted != (*at == '"');
    return at;
}

const char *calendar_param(struct arena *arena, const struct calendar_line *line, const char *name)
{
    size_t length = strlen(name);

    for (const char *at = line->params; *at == ';';) {
        const char *next = skip_param(at);
        if (strncasecmp(at + 1, name, length) == 0 && at[1 + length] == '=') {
            const char *value = at + length + 2;
            size_t size = (size_t)(next - value);
            if (size >= 2 && value[0] == '"' && value[size - 1] == '"')
                return arena_strndup(arena, value + 1, size - 2);
            return arena_strndup(arena, value, size);
        }
        at = next;
    }
    return "";
}

const char *calendar_text(struct arena *arena, const char *value)
{
    char *text = arena_alloc(arena, strlen(value) + 1);
    char *end = text;

    for (; *value; value++) {
        if (*value == '\\' && value[1]) {
            value++;
            *end++ = *value == 'n' || *value == 'N' ? '\n' : *value;
        } else {
            *end++ = *value;
        }
    }
    return text;
}
