/* The processes themselves; for server/drawing only. */
#ifndef VITRINE_SERVER_DRAWING_POOL_H
#define VITRINE_SERVER_DRAWING_POOL_H

#include "core/parcel.h"
#include "server/drawing/drawing.h"

/* Waits for a process, asks it, and reads its answer, which the caller finishes. One that fails is
 * killed. */
bool pool_ask(struct drawing *drawing, const struct parcel *question, struct parcel *answer_out,
              struct error *err) __attribute__((warn_unused_result));

#endif
