/* A kiosk's counters of an hour, decoded for intake.c. */
#ifndef VITRINE_SERVER_FLEET_INTAKE_COUNTERS_H
#define VITRINE_SERVER_FLEET_INTAKE_COUNTERS_H

#include "core/json.h"
#include "server/store/counters.h"

/* screen, boot and sequence are the caller's to fill. What counts nothing is left out. */
bool intake_decode_counters(const cJSON *record, int64_t now_ms, struct arena *arena,
                            struct kiosk_record *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
