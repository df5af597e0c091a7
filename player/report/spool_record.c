#include "player/report/spool_record.h"

#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"
#include "core/utf8.h"
#include "player/report/spool.h"

#define CODE_MAX 40
#define DETAIL_MAX 512
#define ID_MAX 200
#define TITLE_MAX 1000
#define MANIFEST_MAX 48
#define PARTS_MAX 8
#define TIME_MAX (INT64_C(1) << 52)

static const char *const fault_keys[] = {"code", "detail"};
static const char *const play_keys[PARTS_MAX] = {
    "slide", "title", "subject", "organisation", "playlist", "rule", "zone", "manifest",
};

static void append_part(struct strbuf *text, const char *part, size_t max)
{
    size_t length = part != NULL ? strnlen(part, max + 1) : 0;
    if (length > max) {
        length = max;
        while (length > 0 && ((unsigned char)part[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    bool valid = utf8_valid(part, length); /* a peer's or a library's words may be anything */
    for (size_t i = 0; i < length; i++) {
        bool bad = part[i] == SPOOL_PART || (!valid && (unsigned char)part[i] >= 0x80);
        strbuf_append_char(text, bad ? '?' : part[i]);
    }
}

char *spool_fault_text(const char *code, const char *detail)
{
    struct strbuf text;
    strbuf_init(&text);
    append_part(&text, code, CODE_MAX);
    strbuf_append_char(&text, SPOOL_PART);
    append_part(&text, detail, DETAIL_MAX);
    return strbuf_take(&text, NULL);
}

char *spool_play_text(const struct spool_play *play)
{
    const struct {
        const char *part;
        size_t max;
    } parts[PARTS_MAX] = {
        {play->slide, ID_MAX},        {play->title, TITLE_MAX},       {play->subject, ID_MAX},
        {play->organisation, ID_MAX}, {play->playlist, ID_MAX},       {play->rule, ID_MAX},
        {play->zone, ID_MAX},         {play->manifest, MANIFEST_MAX},
    };
    struct strbuf text;
    strbuf_init(&text);
    for (size_t i = 0; i < PARTS_MAX; i++) {
        if (i > 0) {
            strbuf_append_char(&text, SPOOL_PART);
        }
        append_part(&text, parts[i].part, parts[i].max);
    }
    return strbuf_take(&text, NULL);
}

#define COUNTER_PARTS 3 /* then subjects, each "kind:name=count" */

static size_t part_count(const struct spool_record *record)
{
    return record->kind == SPOOL_PLAY ? PARTS_MAX : sizeof fault_keys / sizeof fault_keys[0];
}

static bool number_good(const char *at, size_t length)
{
    bool good = length > 0 && length < 10;
    for (size_t i = 0; i < length; i++) {
        good = good && at[i] >= '0' && at[i] <= '9';
    }
    return good;
}

/* Where the count of a subject begins; NULL when it has another form. */
static const char *subject_count(const char *part, size_t length)
{
    const char *colon = memchr(part, ':', length);
    const char *equals = memrchr(part, '=', length);
    if (colon == NULL || equals == NULL || equals <= colon + 1 ||
        !number_good(equals + 1, length - (size_t)(equals + 1 - part))) {
        return NULL;
    }
    return equals + 1;
}

static bool counters_good(const struct spool_record *record)
{
    const char *at = record->text;
    size_t part = 0;
    bool good = true;
    for (bool more = true; more && good; part++) {
        size_t length = strcspn(at, "\x1f");
        good = part < COUNTER_PARTS ? number_good(at, length) : subject_count(at, length) != NULL;
        more = at[length] != '\0';
        at += length + (more ? 1 : 0);
    }
    return good && part >= COUNTER_PARTS;
}

bool spool_record_check(const struct spool_record *record)
{
    size_t parts = 1;
    if (record->kind == SPOOL_COUNTERS && !counters_good(record)) {
        return false;
    }
    size_t length = strnlen(record->text, SPOOL_TEXT_MAX + 1);
    if (length > SPOOL_TEXT_MAX || !utf8_valid(record->text, length)) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        parts += record->text[i] == SPOOL_PART ? 1 : 0;
    }
    return (record->kind == SPOOL_COUNTERS || parts == part_count(record)) &&
           record->text[0] != SPOOL_PART && record->sequence >= 1 &&
           record->sequence <= SPOOL_SEQUENCE_MAX && record->time_ms > -TIME_MAX &&
           record->time_ms < TIME_MAX && record->from_ms > -TIME_MAX &&
           record->from_ms < TIME_MAX && record->until_ms > -TIME_MAX &&
           record->until_ms < TIME_MAX;
}

/* The subjects of a kind, as an object of numbers. */
static void write_subjects(const struct spool_record *record, const char *kind, const char *key,
                           struct json_writer *writer)
{
    char name[SPOOL_TEXT_MAX + 1];
    json_begin_object(writer, key);
    for (const char *at = strchr(record->text, SPOOL_PART); at != NULL;
         at = strchr(at, SPOOL_PART)) {
        size_t length = strcspn(++at, "\x1f");
        const char *count = subject_count(at, length);
        size_t prefix = strlen(kind);
        if (count == NULL || strncmp(at, kind, prefix) != 0 || at[prefix] != ':') {
            continue;
        }
        size_t size = (size_t)(count - 1 - (at + prefix + 1));
        memcpy(name, at + prefix + 1, size);
        name[size] = '\0';
        json_put_int(writer, name, strtoll(count, NULL, 10));
    }
    json_end_object(writer);
}

static void write_counters(const struct spool_record *record, struct json_writer *writer)
{
    static const char *const plain[COUNTER_PARTS] = {"sessions", "lists", "searches"};
    const char *at = record->text;
    json_begin_object(writer, NULL);
    json_put_int(writer, "sequence", record->sequence);
    json_put_int(writer, "time_ms", record->time_ms);
    json_put_string(writer, "kind", "counters");
    json_put_int(writer, "hour_ms", record->from_ms);
    for (size_t i = 0; i < COUNTER_PARTS; i++) {
        char *end;
        json_put_int(writer, plain[i], strtoll(at, &end, 10));
        at = *end != '\0' ? end + 1 : end;
    }
    write_subjects(record, "language", "languages", writer);
    write_subjects(record, "mode", "modes", writer);
    write_subjects(record, "sheet", "sheets", writer);
    json_end_object(writer);
}

void spool_record_write(const struct spool_record *record, struct json_writer *writer)
{
    if (record->kind == SPOOL_COUNTERS) {
        write_counters(record, writer);
        return;
    }
    bool is_play = record->kind == SPOOL_PLAY;
    const char *const *keys = is_play ? play_keys : fault_keys;
    char part[SPOOL_TEXT_MAX + 1];
    const char *at = record->text;
    json_begin_object(writer, NULL);
    json_put_int(writer, "sequence", record->sequence);
    json_put_int(writer, "time_ms", record->time_ms);
    bool over = !is_play && strcmp(at + strcspn(at, "\x1f"), "\x1f" SPOOL_OVER) == 0;
    json_put_string(writer, "kind", is_play ? "play" : over ? "recovery" : "fault");
    for (size_t i = 0; i < part_count(record); i++) {
        size_t length = strcspn(at, "\x1f");
        memcpy(part, at, length);
        part[length] = '\0';
        json_put_string(writer, keys[i], over && i > 0 ? "" : part);
        at += length + (at[length] != '\0' ? 1 : 0);
    }
    if (is_play) {
        json_put_int(writer, "from_ms", record->from_ms);
        json_put_int(writer, "until_ms", record->until_ms);
    }
    json_end_object(writer);
}
