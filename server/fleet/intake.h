/* Reports from players: batches decoded record by record, so that a bad record never blocks its
 * batch (docs/protocol.md, 4). */
#ifndef VITRINE_SERVER_FLEET_INTAKE_H
#define VITRINE_SERVER_FLEET_INTAKE_H

#include "server/store/manifests.h"

#define INTAKE_BODY_MAX (256 * 1024)
#define INTAKE_RECORDS_MAX 500

struct intake {
    struct report *reports; /* the good ones */
    size_t count;
    size_t refused;
    int64_t acknowledged; /* highest sequence seen, good or bad; 0 with none */
    const char *software; /* of the newest heartbeat, or NULL */
    const char *manifest;
};

/* False only when the batch as a whole is no batch. */
bool intake_decode(const char *body, size_t length, const char *screen, int64_t now_ms,
                   struct arena *arena, struct intake *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
