#include "server/fleet/intake.h"

#include <string.h>

#include "core/json.h"
#include "core/log.h"
#include "core/sign.h"
#include "server/fleet/intake_counters.h"

#define TIME_MAX INT64_C(4102444800000) /* 2100 */
#define REFUSED_BYTES_MAX 2000
#define SEQUENCE_MAX (INT64_C(1) << 52)
#define COUNT_MAX (INT64_C(1) << 52)
#define ID_MAX 200
#define TITLE_MAX 1000

static bool decode_fault(const cJSON *record, struct arena *arena, struct report *report,
                         struct error *err)
{
    static const char *const keys[] = {"sequence", "time_ms", "kind", "code", "detail", NULL};

    report->kind = REPORT_FAULT;
    report->software = report->manifest = "";
    return json_only_keys(record, keys, err) &&
           json_get_string(record, "code", 1, 64, arena, &report->code, err) &&
           json_get_string(record, "detail", 0, 1000, arena, &report->detail, err);
}

/* What a machine can tell of itself; each may be missing. */
static const struct {
    const char *key;
    enum { HEALTH_COUNT, HEALTH_NUMBER, HEALTH_WORD } type;
} health[] = {
    {"frames", HEALTH_COUNT},      {"dropped", HEALTH_COUNT},   {"temperature_c", HEALTH_NUMBER},
    {"disk_free", HEALTH_COUNT},   {"disk_size", HEALTH_COUNT}, {"memory", HEALTH_COUNT},
    {"quarantined", HEALTH_COUNT}, {"clock", HEALTH_WORD},      {"display", HEALTH_WORD},
};

#define HEALTH_COUNT_OF (sizeof(health) / sizeof(health[0]))
#define WORD_MAX 32
#define CELSIUS_MAX 300

/* Checked and written anew, so that what the page gets is never a player's own bytes. */
static bool copy_health(const cJSON *record, struct arena *arena, struct json_writer *writer,
                        struct error *err)
{
    for (size_t i = 0; i < HEALTH_COUNT_OF; i++) {
        const char *key = health[i].key, *word;
        int64_t count;
        double number;
        if (!json_has(record, key))
            continue;
        if (health[i].type == HEALTH_COUNT) {
            if (!json_get_int(record, key, 0, COUNT_MAX, &count, err))
                return false;
            json_put_int(writer, key, count);
        } else if (health[i].type == HEALTH_NUMBER) {
            if (!json_get_number(record, key, -CELSIUS_MAX, CELSIUS_MAX, &number, err))
                return false;
            json_put_number(writer, key, number);
        } else {
            if (!json_get_string(record, key, 1, WORD_MAX, arena, &word, err))
                return false;
            json_put_string(writer, key, word);
        }
    }
    return true;
}

static bool decode_heartbeat(const cJSON *record, struct arena *arena, struct report *report,
                             struct error *err)
{
    static const char *const own[] = {"sequence", "time_ms",  "kind",
                                      "software", "manifest", "uptime_s"};
    const char *keys[sizeof(own) / sizeof(own[0]) + HEALTH_COUNT_OF + 1] = {NULL};
    struct json_writer writer;
    struct strbuf detail;

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        keys[i] = own[i];
    for (size_t i = 0; i < HEALTH_COUNT_OF; i++)
        keys[sizeof(own) / sizeof(own[0]) + i] = health[i].key;
    report->kind = REPORT_HEARTBEAT;
    report->code = "";
    strbuf_init(&detail);
    json_writer_init(&writer, &detail);
    json_begin_object(&writer, NULL);
    bool ok = json_only_keys(record, keys, err) &&
              json_get_string(record, "software", 1, 64, arena, &report->software, err) &&
              json_get_string(record, "manifest", 0, 48, arena, &report->manifest, err) &&
              json_get_int(record, "uptime_s", 0, INT64_C(1) << 40, &report->uptime_s, err) &&
              copy_health(record, arena, &writer, err);
    json_end_object(&writer);
    report->detail = arena_strdup(arena, detail.bytes);
    strbuf_finish(&detail);
    return ok;
}

static bool times_right(const struct play *play, int64_t now_ms, struct error *err)
{
    const char *field = play->until_ms <= play->from_ms ||
                                play->until_ms - play->from_ms > INTAKE_PLAY_MAX_MS ||
                                play->until_ms > now_ms + INTAKE_AHEAD_MS
                            ? "until_ms"
                            : NULL;
    if (field == NULL)
        return true;
    error_set(err, ERROR_INVALID,
              "une diffusion finit après son début, dure un jour au plus et n’est pas à venir",
              "a play ends after it began, lasts a day at most and is not to come");
    error_field(err, field);
    return false;
}

static bool decode_play(const cJSON *record, int64_t now_ms, struct arena *arena, struct play *play,
                        struct error *err)
{
    static const char *const keys[] = {"sequence", "time_ms",      "kind",     "slide", "title",
                                       "subject",  "organisation", "playlist", "rule",  "zone",
                                       "manifest", "from_ms",      "until_ms", NULL};

    return json_only_keys(record, keys, err) &&
           json_get_string(record, "slide", 1, ID_MAX, arena, &play->slide, err) &&
           json_get_string(record, "title", 0, TITLE_MAX, arena, &play->title, err) &&
           json_get_string(record, "subject", 0, ID_MAX, arena, &play->subject, err) &&
           json_get_string(record, "organisation", 0, ID_MAX, arena, &play->organisation, err) &&
           json_get_string(record, "playlist", 0, ID_MAX, arena, &play->playlist, err) &&
           json_get_string(record, "rule", 0, ID_MAX, arena, &play->rule, err) &&
           json_get_string(record, "zone", 0, ID_MAX, arena, &play->zone, err) &&
           json_get_string(record, "manifest", 0, 48, arena, &play->manifest, err) &&
           json_get_int(record, "from_ms", INTAKE_TIME_MIN, TIME_MAX, &play->from_ms, err) &&
           json_get_int(record, "until_ms", INTAKE_TIME_MIN, TIME_MAX, &play->until_ms, err) &&
           times_right(play, now_ms, err);
}

static bool wrong_kind(const char *kind, struct error *err)
{
    error_set(err, ERROR_INVALID, "« %s » n’est pas un genre de relevé",
              "\"%s\" is no kind of record", kind);
    error_field(err, "kind");
    return false;
}

/* Into the first free place of its kind; it is taken when the record is good. */
static bool decode_record(const cJSON *record, int64_t now_ms, struct arena *arena,
                          struct intake *out, struct error *err)
{
    struct report *report = &out->reports[out->count];
    struct play *play = &out->plays[out->play_count];
    const char *kind;

    if (!json_get_int(record, "time_ms", 0, TIME_MAX, &report->time_ms, err) ||
        !json_get_string(record, "kind", 1, 16, arena, &kind, err))
        return false;
    if (strcmp(kind, "play") == 0) {
        play->sequence = report->sequence;
        bool ok = decode_play(record, now_ms, arena, play, err);
        out->play_count += ok;
        return ok;
    }
    if (strcmp(kind, "counters") == 0) {
        struct kiosk_record *counters = &out->counters[out->counter_count];
        *counters = (struct kiosk_record){
            .screen = report->screen, .boot = report->boot, .sequence = report->sequence};
        bool ok = intake_decode_counters(record, now_ms, arena, counters, err);
        out->counter_count += ok;
        return ok;
    }
    bool fault = strcmp(kind, "fault") == 0, recovery = strcmp(kind, "recovery") == 0;
    if (!fault && !recovery && strcmp(kind, "heartbeat") != 0)
        return wrong_kind(kind, err);
    if (!(fault || recovery ? decode_fault : decode_heartbeat)(record, arena, report, err))
        return false;
    if (recovery)
        report->kind = REPORT_RECOVERY;
    if (report->kind == REPORT_HEARTBEAT) {
        out->software = report->software;
        out->manifest = report->manifest;
    }
    out->count++;
    return true;
}

static bool take_record(const cJSON *record, int64_t now_ms, struct arena *arena,
                        struct intake *out, struct error *err)
{
    int64_t sequence;

    if (!json_get_int(record, "sequence", 1, SEQUENCE_MAX, &sequence, err))
        return false;
    if (sequence > out->acknowledged)
        out->acknowledged = sequence;
    out->reports[out->count].sequence = sequence;
    return decode_record(record, now_ms, arena, out, err);
}

/* As it came, for who looks into it; a sequence that is none is 0. */
static void put_aside(const cJSON *record, const struct report *report, const struct error *cause,
                      struct arena *arena, struct intake *out)
{
    const cJSON *sequence = cJSON_GetObjectItemCaseSensitive(record, "sequence");
    char *text = cJSON_PrintUnformatted(record);
    char reason[512];
    struct error ignored;
    int64_t number = 0;

    if (sequence != NULL && !json_get_int(record, "sequence", 1, SEQUENCE_MAX, &number, &ignored))
        number = 0;
    size_t length = text != NULL ? strnlen(text, REFUSED_BYTES_MAX) : 0;
    while (length > 0 && text[length] != '\0' && ((unsigned char)text[length] & 0xc0) == 0x80)
        length--; /* cut between characters */
    out->refused_records[out->refused++] = (struct refused_record){
        .screen = report->screen,
        .boot = report->boot,
        .sequence = number,
        .received_ms = report->received_ms,
        .reason = arena_strdup(arena, error_text(cause, LANG_EN, reason, sizeof(reason))),
        .record = arena_strndup(arena, text != NULL ? text : "", length)};
    cJSON_free(text);
}

/* One line of log for all that is refused: a player may send hundreds. */
static void take_records(const cJSON *records, const char *screen, const char *boot, int64_t now_ms,
                         struct arena *arena, struct intake *out)
{
    struct error error;

    for (const cJSON *record = records->child; record != NULL; record = record->next) {
        struct report *report = &out->reports[out->count];
        *report = (struct report){.screen = screen, .boot = boot, .received_ms = now_ms};
        out->plays[out->play_count] = (struct play){.screen = screen, .boot = boot};
        error_clear(&error);
        if (!take_record(record, now_ms, arena, out, &error))
            put_aside(record, report, &error, arena, out);
    }
    if (out->refused > 0)
        log_write(LOG_WARN, "reports_refused", "screen %s, %zu records, the first: %s", screen,
                  out->refused, out->refused_records[0].reason);
}

bool intake_decode(const char *body, size_t length, const char *screen, int64_t now_ms,
                   struct arena *arena, struct intake *out, struct error *err)
{
    static const char *const keys[] = {"boot", "records", NULL};
    uint8_t boot_bytes[16];
    const char *boot;
    const cJSON *records;
    size_t count;
    bool ok = false;
    cJSON *json = json_parse(body, length, INTAKE_BODY_MAX, err);

    memset(out, 0, sizeof(*out));
    if (json == NULL)
        return false;
    if (!json_only_keys(json, keys, err) ||
        !json_get_string(json, "boot", 32, 32, arena, &boot, err) ||
        (records = json_get_array(json, "records", INTAKE_RECORDS_MAX, &count, err)) == NULL)
        goto done;
    if (!hex_decode(boot, boot_bytes, sizeof(boot_bytes))) {
        error_set(err, ERROR_INVALID, "il faut 32 chiffres hexadécimaux",
                  "32 hexadecimal digits are needed");
        error_field(err, "boot");
        goto done;
    }
    /* One place more than can be filled: the next record is decoded into both. */
    out->reports = arena_array(arena, count + 1, sizeof(*out->reports));
    out->plays = arena_array(arena, count + 1, sizeof(*out->plays));
    out->counters = arena_array(arena, count + 1, sizeof(*out->counters));
    out->refused_records = arena_array(arena, count + 1, sizeof(*out->refused_records));
    take_records(records, arena_strdup(arena, screen), boot, now_ms, arena, out);
    ok = true;
done:
    cJSON_Delete(json);
    return ok;
}
