/* Programs that the worker starts in its own sandbox. */
#ifndef VITRINE_SERVER_WORKER_PROGRAMS_H
#define VITRINE_SERVER_WORKER_PROGRAMS_H

#include "core/error.h"

/* Called with each line of the program's standard output. */
typedef void (*program_line)(const char *line, void *context);

/* words[0] is the program's path; NULL at the end. Waits for its end; true when it ended with 0.
 * What it says on standard error goes to the worker's. */
bool program_run(const char *const *words, program_line line, void *context, struct error *err)
    __attribute__((warn_unused_result));

#endif
