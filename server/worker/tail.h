/* Looks for what does not belong to a file: a second format behind its end, or the end itself. */
#ifndef VITRINE_SERVER_WORKER_TAIL_H
#define VITRINE_SERVER_WORKER_TAIL_H

#include "core/error.h"

/* PNG, JPEG, GIF and WebP must be whole, and what follows their end must not begin as an archive,
 * a program, a document or a page; no file but a presentation may end as a ZIP archive does. What
 * cameras append (second views, motion) is let pass: it does not reach renditions. */
bool tail_check(const char *path, struct error *err) __attribute__((warn_unused_result));

#endif
