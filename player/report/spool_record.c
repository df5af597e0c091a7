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

static size_t part_count(const struct spool_record *record)
{
    return record->is_play ? PARTS_MAX : sizeof fault_keys / sizeof fault_keys[0];
}

bool spool_record_check(const struct spool_record *record)
{
    size_t parts = 1;
    size_t length = strnlen(record->text, SPOOL_TEXT_MAX + 1);
    if (length > SPOOL_TEXT_MAX || !utf8_valid(record->text, length)) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        parts += record->text[i] == SPOOL_PART ? 1 : 0;
    }
    return parts == part_count(record) && record->text[0] != SPOOL_PART && record->sequence >= 1 &&
           record->sequence <= SPOOL_SEQUENCE_MAX && record->time_ms > -TIME_MAX &&
           record->time_ms < TIME_MAX && record->from_ms > -TIME_MAX &&
           record->from_ms < TIME_MAX && record->until_ms > -TIME_MAX &&
           record->until_ms < TIME_MAX;
}

void spool_record_write(const struct spool_record *record, struct json_writer *writer)
{
    const char *const *keys = record->is_play ? play_keys : fault_keys;
    char part[SPOOL_TEXT_MAX + 1];
    const char *at = record->text;
    json_begin_object(writer, NULL);
    json_put_int(writer, "sequence", record->sequence);
    json_put_int(writer, "time_ms", record->time_ms);
    json_put_string(writer, "kind", record->is_play ? "play" : "fault");
    for (size_t i = 0; i < part_count(record); i++) {
        size_t length = strcspn(at, "\x1f");
        memcpy(part, at, length);
        part[length] = '\0';
        json_put_string(writer, keys[i], part);
        at += length + (at[length] != '\0' ? 1 : 0);
    }
    if (record->is_play) {
        json_put_int(writer, "from_ms", record->from_ms);
        json_put_int(writer, "until_ms", record->until_ms);
    }
    json_end_object(writer);
}
