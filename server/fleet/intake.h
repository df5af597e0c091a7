/* Reports from players: batches decoded record by record, so that a bad record never blocks its
 * batch (docs/protocol.md, 4). */
#ifndef VITRINE_SERVER_FLEET_INTAKE_H
#define VITRINE_SERVER_FLEET_INTAKE_H

#include "server/store/counters.h"
#include "server/store/manifests.h"
#include "server/store/plays.h"

#define INTAKE_BODY_MAX (256 * 1024)
#define INTAKE_RECORDS_MAX 500
#define INTAKE_PLAY_MAX_MS (INT64_C(24) * 3600 * 1000)
#define INTAKE_TIME_MIN INT64_C(1577836800000)      /* 2020: no clock that was ever set is before */
#define INTAKE_AHEAD_MS (INT64_C(24) * 3600 * 1000) /* of our clock: further is no play */

struct intake {
    struct report *reports; /* the good ones; a heartbeat's detail is JSON, its further members */
    size_t count;
    struct play *plays; /* the good ones */
    size_t play_count;
    struct kiosk_record *counters; /* the good ones */
    size_t counter_count;
    struct refused_record *refused_records; /* with the reason */
    size_t refused;
    int64_t acknowledged; /* highest sequence seen, good or bad; 0 with none */
    const char *software; /* of the newest heartbeat, or NULL */
    const char *manifest;
};

/* boot, screen and texts live as long as the arena. False only when the batch as a whole is no
 * batch. */
bool intake_decode(const char *body, size_t length, const char *screen, int64_t now_ms,
                   struct arena *arena, struct intake *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
