/* The work on what people sent: takes items that wait, one after the other, and has vitrine-worker
 * (server/worker) make renditions of them. A worker that crashes, hangs or lies costs its item and
 * nothing else. Two threads: films and presentations do not hold up pictures. */
#ifndef VITRINE_SERVER_MEDIA_JOBS_H
#define VITRINE_SERVER_MEDIA_JOBS_H

#include "server/media/library.h"
#include "server/media/uploads.h"

struct jobs_config {
    const struct library *library; /* borrowed, as all here */
    struct uploads *uploads;       /* expired ones are removed now and then */
    const char *worker;            /* path of vitrine-worker */
};

struct jobs;

struct jobs *jobs_start(const struct jobs_config *config, struct error *err)
    __attribute__((warn_unused_result));
/* Something waits; otherwise they look every few seconds. Any thread. */
void jobs_kick(struct jobs *jobs);
/* Kills what is at work: it is done again at the next start. Accepts NULL. */
void jobs_stop(struct jobs *jobs);

#endif
