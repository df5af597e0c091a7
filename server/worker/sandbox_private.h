/* Shared by the files of the sandbox only. */
#ifndef VITRINE_SERVER_WORKER_SANDBOX_PRIVATE_H
#define VITRINE_SERVER_WORKER_SANDBOX_PRIVATE_H

#include "server/worker/sandbox.h"

bool sandbox_restrict_files(const struct sandbox *sandbox, enum sandbox_walls *walls_out,
                            struct error *err) __attribute__((warn_unused_result));
bool sandbox_restrict_calls(const struct sandbox *sandbox, struct error *err)
    __attribute__((warn_unused_result));

#endif
