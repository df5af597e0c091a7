#include "server/fleet/intake.h"

#include <string.h>

#include "core/json.h"
#include "core/log.h"
#include "core/sign.h"

#define TIME_MAX INT64_C(4102444800000) /* 2100 */

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

static bool decode_heartbeat(const cJSON *record, struct arena *arena, struct report *report,
                             struct error *err)
{
    static const char *const keys[] = {"sequence", "time_ms",  "kind", "software",
                                       "manifest", "uptime_s", NULL};

    report->kind = REPORT_HEARTBEAT;
    report->code = report->detail = "";
    return json_only_keys(record, keys, err) &&
           json_get_string(record, "software", 1, 64, arena, &report->software, err) &&
           json_get_string(record, "manifest", 0, 48, arena, &report->manifest, err) &&
           json_get_int(record, "uptime_s", 0, INT64_C(1) << 40, &report->uptime_s, err);
}

static bool decode_record(const cJSON *record, struct arena *arena, struct report *report,
                          struct error *err)
{
    const char *kind;

    if (!json_get_int(record, "time_ms", 0, TIME_MAX, &report->time_ms, err) ||
        !json_get_string(record, "kind", 1, 16, arena, &kind, err))
        return false;
    if (strcmp(kind, "fault") == 0)
        return decode_fault(record, arena, report, err);
    if (strcmp(kind, "heartbeat") == 0)
        return decode_heartbeat(record, arena, report, err);
    error_set(err, ERROR_INVALID, "« %s » n’est pas un genre de relevé",
              "\"%s\" is no kind of record", kind);
    error_field(err, "kind");
    return false;
}

static bool take_record(const cJSON *record, struct arena *arena, struct intake *out,
                        struct error *err)
{
    struct report *report = &out->reports[out->count];

    if (!json_get_int(record, "sequence", 1, INT64_C(1) << 52, &report->sequence, err))
        return false;
    if (report->sequence > out->acknowledged)
        out->acknowledged = report->sequence;
    if (!decode_record(record, arena, report, err))
        return false;
    if (report->kind == REPORT_HEARTBEAT) {
        out->software = report->software;
        out->manifest = report->manifest;
    }
    out->count++;
    return true;
}

/* One line of log for all that is refused: a player may send hundreds. */
static void take_records(const cJSON *records, const char *screen, const char *boot, int64_t now_ms,
                         struct arena *arena, struct intake *out)
{
    struct error first, error;
    char text[512];

    for (const cJSON *record = records->child; record != NULL; record = record->next) {
        out->reports[out->count] =
            (struct report){.screen = screen, .boot = boot, .received_ms = now_ms};
        if (!take_record(record, arena, out, &error) && out->refused++ == 0)
            first = error;
    }
    if (out->refused > 0)
        log_write(LOG_WARN, "reports_refused", "screen %s, %zu records, the first: %s", screen,
                  out->refused, error_text(&first, LANG_EN, text, sizeof(text)));
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
    out->reports = arena_array(arena, count, sizeof(*out->reports));
    take_records(records, screen, boot, now_ms, arena, out);
    ok = true;
done:
    cJSON_Delete(json);
    return ok;
}
