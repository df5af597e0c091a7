/* What the worker tells its parent: lines of words on standard output (server/media/jobs.h reads
 * them). */
#ifndef VITRINE_SERVER_WORKER_REPORT_H
#define VITRINE_SERVER_WORKER_REPORT_H

#include <stdint.h>

#include "core/error.h"

struct made_file {
    const char *role;
    int page;         /* from 1; 0: no page */
    const char *type; /* "image/jpeg", … */
    int width, height;
    int64_t length_ms;
    const char *file; /* its name in the folder */
};

void report_progress(int percent);
/* What the original is: upright size; 0 for what does not apply. */
void report_original(int width, int height, int64_t length_ms, int pages);
void report_file(const struct made_file *file);
/* What people should know though all went well. */
void report_note(const char *fr, const char *en);
void report_refused(const struct error *err);
void report_done(void);

#endif
