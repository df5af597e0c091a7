#include "player/video/captions.h"

#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/utf8.h"

struct cue {
    int64_t from_ms, until_ms;
    size_t text; /* in captions.texts */
};

struct captions {
    struct cue *cues;
    size_t count;
    struct strbuf texts; /* NUL after each */
};

/* What is still to be read. */
struct scan {
    const char *next, *end;
};

struct span {
    const char *bytes;
    size_t length;
};

/* Lines end with LF, CRLF or CR. False at the end of the file. */
static bool next_line(struct scan *scan, struct span *line_out)
{
    if (scan->next == scan->end) {
        return false;
    }
    const char *end = scan->next;
    while (end < scan->end && *end != '\n' && *end != '\r') {
        end++;
    }
    *line_out = (struct span){scan->next, (size_t)(end - scan->next)};
    if (end < scan->end) {
        end += *end == '\r' && end + 1 < scan->end && end[1] == '\n' ? 2 : 1;
    }
    scan->next = end;
    return true;
}

static bool starts_with(struct span text, const char *start)
{
    size_t length = strlen(start);
    return text.length >= length && memcmp(text.bytes, start, length) == 0;
}

static const char *find_arrow(struct span line)
{
    return memmem(line.bytes, line.length, "-->", 3);
}

static void skip_blanks(const char **cursor, const char *end)
{
    while (*cursor < end && (**cursor == ' ' || **cursor == '\t')) {
        (*cursor)++;
    }
}

/* Digits to a number below 10 to the power of `most`; their count, 0 when there are none or more.
 */
static int read_digits(const char **cursor, const char *end, int most, int64_t *value_out)
{
    int count = 0;
    *value_out = 0;
    while (*cursor < end && **cursor >= '0' && **cursor <= '9') {
        if (++count > most) {
            return 0;
        }
        *value_out = *value_out * 10 + (**cursor - '0');
        (*cursor)++;
    }
    return count;
}

static bool skip_char(const char **cursor, const char *end, char c)
{
    if (*cursor == end || **cursor != c) {
        return false;
    }
    (*cursor)++;
    return true;
}

/* [hh…:]mm:ss.ttt */
static bool read_time(const char **cursor, const char *end, int64_t *ms_out)
{
    int64_t hours = 0, minutes, seconds, thousandths;
    int digits = read_digits(cursor, end, 6, &minutes);
    if (digits == 0 || !skip_char(cursor, end, ':')) {
        return false;
    }
    int second = read_digits(cursor, end, 2, &seconds);
    if (second != 2) {
        return false;
    }
    if (skip_char(cursor, end, ':')) {
        hours = minutes;
        minutes = seconds;
        digits = second;
        if (read_digits(cursor, end, 2, &seconds) != 2) {
            return false;
        }
    }
    if (digits != 2 || minutes > 59 || seconds > 59 || !skip_char(cursor, end, '.') ||
        read_digits(cursor, end, 3, &thousandths) != 3) {
        return false;
    }
    *ms_out = ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths;
    return true;
}

/* "00:01.000 --> 00:04.000 position:10%": what follows the second time is where it would stand. */
static bool read_timing(struct span line, struct cue *cue_out)
{
    const char *cursor = line.bytes, *end = line.bytes + line.length;
    skip_blanks(&cursor, end);
    if (!read_time(&cursor, end, &cue_out->from_ms)) {
        return false;
    }
    skip_blanks(&cursor, end);
    if (end - cursor < 3 || memcmp(cursor, "-->", 3) != 0) {
        return false;
    }
    cursor += 3;
    skip_blanks(&cursor, end);
    return read_time(&cursor, end, &cue_out->until_ms) &&
           (cursor == end || *cursor == ' ' || *cursor == '\t') &&
           cue_out->until_ms > cue_out->from_ms;
}

static const struct {
    const char *name;
    const char *text;
} entities[] = {
    {"amp;", "&"}, {"lt;", "<"},        {"gt;", ">"}, {"quot;", "\""},
    {"lrm;", ""},  {"nbsp;", "\u00A0"}, {"rlm;", ""},
};

/* After the '&' at *cursor; what is no entity of WebVTT or numeric reference stays as it is. */
static void append_entity(const char **cursor, const char *end, struct strbuf *out)
{
    struct span rest = {*cursor + 1, (size_t)(end - *cursor - 1)};
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (starts_with(rest, entities[i].name)) {
            strbuf_append(out, entities[i].text);
            *cursor += 1 + strlen(entities[i].name);
            return;
        }
    }
    if (starts_with(rest, "#") && rest.length > 2) {
        const char *digit = rest.bytes + 1;
        int64_t value;
        if (read_digits(&digit, end, 7, &value) > 0 && skip_char(&digit, end, ';') &&
            value >= ' ' && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF)) {
            utf8_append(out, (uint32_t)value);
            *cursor = digit;
            return;
        }
    }
    strbuf_append_char(out, '&');
    (*cursor)++;
}

/* <v.loud Name>: the name, when it is another than the voice before. */
static void append_voice(struct span tag, struct span *voice, struct strbuf *out)
{
    const char *name = tag.bytes + 1, *end = tag.bytes + tag.length;
    while (name < end && *name != ' ' && *name != '\t') {
        name++;
    }
    skip_blanks(&name, end);
    struct span speaker = {name, (size_t)(end - name)};
    if (speaker.length == 0 || (speaker.length == voice->length &&
                                memcmp(speaker.bytes, voice->bytes, speaker.length) == 0)) {
        return;
    }
    strbuf_append_bytes(out, speaker.bytes, speaker.length);
    strbuf_append(out, ": ");
    *voice = speaker;
}

static void append_text(struct span line, struct span *voice, struct strbuf *out)
{
    const char *cursor = line.bytes, *end = line.bytes + line.length;
    while (cursor < end) {
        if (*cursor == '&') {
            append_entity(&cursor, end, out);
        } else if (*cursor == '<') {
            const char *close = memchr(cursor, '>', (size_t)(end - cursor));
            struct span tag = {cursor + 1, (size_t)((close ? close : end) - cursor - 1)};
            if (starts_with(tag, "v ") || starts_with(tag, "v\t") || starts_with(tag, "v.")) {
                append_voice(tag, voice, out);
            }
            cursor = close ? close + 1 : end;
        } else if ((unsigned char)*cursor < ' ') {
            strbuf_append_char(out, ' ');
            cursor++;
        } else {
            strbuf_append_char(out, *cursor++);
        }
    }
}

static bool blank(const char *text)
{
    return text[strspn(text, " \n")] == '\0';
}

/* The lines up to an empty one are the cue's text. */
static void read_cue(struct captions *captions, struct scan *scan, struct cue cue)
{
    struct span line, voice = {NULL, 0};
    cue.text = captions->texts.length;
    for (bool first = true; next_line(scan, &line) && line.length > 0; first = false) {
        if (find_arrow(line)) { /* the empty line is missing */
            scan->next = line.bytes;
            break;
        }
        if (!first) {
            strbuf_append_char(&captions->texts, '\n');
        }
        append_text(line, &voice, &captions->texts);
    }
    strbuf_append_char(&captions->texts, '\0');
    if (captions->count < CAPTIONS_CUES_MAX && !blank(captions->texts.bytes + cue.text)) {
        captions->cues[captions->count++] = cue;
    }
}

static bool is_header(struct span line)
{
    return starts_with(line, "WEBVTT") &&
           (line.length == 6 || line.bytes[6] == ' ' || line.bytes[6] == '\t');
}

/* A line with an arrow begins a cue; every other, with what follows, is an identifier, a note, a
 * style or a region. */
static void read_cues(struct captions *captions, struct scan *scan)
{
    struct span line;
    while (captions->count < CAPTIONS_CUES_MAX && next_line(scan, &line)) {
        struct cue cue = {0};
        if (find_arrow(line) && read_timing(line, &cue)) {
            read_cue(captions, scan, cue);
        }
    }
}

struct captions *captions_parse(const char *bytes, size_t length, struct error *err)
{
    struct span line;
    if (length > CAPTIONS_BYTES_MAX) {
        error_set(err, ERROR_LIMIT, "sous-titres de plus de %d Kio", "captions over %d KiB",
                  CAPTIONS_BYTES_MAX / 1024);
        return NULL;
    }
    /* Composing also replaces malformed bytes; it stops at NUL, which no text has. */
    struct strbuf raw, text;
    strbuf_init(&raw);
    strbuf_init(&text);
    strbuf_append_bytes(&raw, bytes, length);
    utf8_compose(raw.bytes, &text);
    strbuf_finish(&raw);
    struct scan scan = {text.bytes, text.bytes + text.length};
    if (starts_with((struct span){text.bytes, text.length}, "\xEF\xBB\xBF")) {
        scan.next += 3;
    }
    struct captions *captions = NULL;
    if (!next_line(&scan, &line) || !is_header(line)) {
        error_set(err, ERROR_INVALID,
                  "ces sous-titres ne sont pas du WebVTT : la première ligne doit être « WEBVTT »",
                  "these captions are not WebVTT: the first line must be “WEBVTT”");
    } else {
        captions = calloc(1, sizeof *captions);
        struct cue *cues = captions ? calloc(CAPTIONS_CUES_MAX, sizeof *cues) : NULL;
        if (!cues) {
            abort();
        }
        captions->cues = cues;
        strbuf_init(&captions->texts);
        read_cues(captions, &scan);
    }
    strbuf_finish(&text);
    return captions;
}

struct captions *captions_load(const char *path, struct error *err)
{
    char *bytes;
    size_t length;
    if (!file_read(path, CAPTIONS_BYTES_MAX, &bytes, &length, err)) {
        return NULL;
    }
    struct captions *captions = captions_parse(bytes, length, err);
    if (!captions) {
        error_at(err, path, 0);
    }
    free(bytes);
    return captions;
}

void captions_destroy(struct captions *captions)
{
    if (captions) {
        strbuf_finish(&captions->texts);
        free(captions->cues);
        free(captions);
    }
}

size_t captions_count(const struct captions *captions)
{
    return captions->count;
}

bool captions_at(const struct captions *captions, int64_t position_ms, struct strbuf *out)
{
    strbuf_clear(out);
    for (size_t i = 0; i < captions->count; i++) {
        const struct cue *cue = &captions->cues[i];
        if (cue->from_ms <= position_ms && position_ms < cue->until_ms) {
            if (out->length > 0) {
                strbuf_append_char(out, '\n');
            }
            strbuf_append(out, captions->texts.bytes + cue->text);
        }
    }
    return out->length > 0;
}

int64_t captions_next_ms(const struct captions *captions, int64_t position_ms)
{
    int64_t next = INT64_MAX;
    for (size_t i = 0; i < captions->count; i++) {
        const struct cue *cue = &captions->cues[i];
        int64_t edge = cue->from_ms > position_ms ? cue->from_ms : cue->until_ms;
        if (edge > position_ms && edge < next) {
            next = edge;
        }
    }
    return next;
}
