/* The record of a kiosk's counters (docs/protocol.md). */
#include <string.h>

#include "core/json.h"
#include "server/fleet/intake.h"
#include "server/fleet/intake_counters.h"
#include "server/store/sums.h"

#define COUNT_MAX 1000000
#define SHEETS_MAX 500
#define SUBJECT_MAX 200
#define SUBJECTS_MAX 16 /* languages, modes */

static const struct {
    const char *key;
    const char *counter;
    size_t subjects_max; /* 0: a number; else an object of numbers */
} members[] = {
    {"sessions", "sessions", 0},     {"lists", "lists", 0},
    {"searches", "searches", 0},     {"languages", "language", SUBJECTS_MAX},
    {"modes", "mode", SUBJECTS_MAX}, {"sheets", "sheet", SHEETS_MAX},
};
#define MEMBERS (sizeof(members) / sizeof(members[0]))

static bool decode_subjects(const cJSON *record, size_t member, struct arena *arena,
                            struct kiosk_count *counts, size_t *count, struct error *err)
{
    const cJSON *object = json_get_object(record, members[member].key, err);
    size_t found = 0;

    if (object == NULL)
        return false;
    for (const cJSON *item = object->child; item != NULL; item = item->next) {
        struct kiosk_count *out = &counts[*count];
        if (++found > members[member].subjects_max || strlen(item->string) > SUBJECT_MAX) {
            error_set(err, ERROR_INVALID, "%s compte trop de choses, ou des noms trop longs",
                      "%s counts too many things, or names that are too long", members[member].key);
            error_field(err, members[member].key);
            return false;
        }
        *out = (struct kiosk_count){.counter = members[member].counter,
                                    .subject = arena_strdup(arena, item->string)};
        if (!json_get_int(object, item->string, 0, COUNT_MAX, &out->count, err))
            return false;
        *count += out->count > 0;
    }
    return true;
}

bool intake_decode_counters(const cJSON *record, int64_t now_ms, struct arena *arena,
                            struct kiosk_record *out, struct error *err)
{
    const char *keys[MEMBERS + 5] = {"sequence", "time_ms", "kind", "hour_ms"};
    struct kiosk_count *counts =
        arena_array(arena, MEMBERS + SHEETS_MAX + 2 * SUBJECTS_MAX + 1, sizeof(*counts));
    int64_t hour_ms;

    for (size_t i = 0; i < MEMBERS; i++)
        keys[4 + i] = members[i].key;
    if (!json_only_keys(record, keys, err) ||
        !json_get_int(record, "hour_ms", INTAKE_TIME_MIN, now_ms + INTAKE_AHEAD_MS, &hour_ms, err))
        return false;
    if (hour_ms % HOUR_MS != 0) {
        error_set(err, ERROR_INVALID, "les bornes comptent par heure entière",
                  "kiosks count by the full hour");
        error_field(err, "hour_ms");
        return false;
    }
    out->hour = hour_ms / HOUR_MS;
    out->counts = counts;
    for (size_t i = 0; i < MEMBERS; i++) {
        if (members[i].subjects_max > 0) {
            if (!decode_subjects(record, i, arena, counts, &out->count, err))
                return false;
            continue;
        }
        counts[out->count] = (struct kiosk_count){.counter = members[i].counter, .subject = ""};
        if (!json_get_int(record, members[i].key, 0, COUNT_MAX, &counts[out->count].count, err))
            return false;
        out->count += counts[out->count].count > 0;
    }
    return true;
}
