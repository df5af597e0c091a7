/* Numbers about what the store holds, for measures and health: quick to ask, whatever has grown. */
#ifndef VITRINE_SERVER_STORE_HEALTH_FIGURES_H
#define VITRINE_SERVER_STORE_HEALTH_FIGURES_H

#include "server/store/entity.h"

#define HEALTH_STATES_MAX 8

struct health_figures {
    int64_t screens, screens_enrolled, screens_heard; /* heard of since the instant asked for */
    int64_t enrolments_pending;
    int64_t media_files, media_bytes;
    size_t job_states;
    struct {
        char name[24]; /* state of a media item: "received", "ready"… */
        int64_t count;
    } jobs[HEALTH_STATES_MAX];
};

/* In one reading transaction. */
bool health_figures_read(struct db *db, int64_t heard_since_ms, struct health_figures *out,
                         struct error *err) __attribute__((warn_unused_result));

#endif
