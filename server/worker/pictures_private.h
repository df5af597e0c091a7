/* Shared by pictures.c and pages.c only. */
#ifndef VITRINE_SERVER_WORKER_PICTURES_PRIVATE_H
#define VITRINE_SERVER_WORKER_PICTURES_PRIVATE_H

#include <vips/vips.h>

#include "server/worker/pictures.h"

/* Sets the message; libvips's own goes to the log. */
bool pictures_failed(struct error *err, enum error_kind kind, const char *fr, const char *en);
/* Writes and reports it: JPEG, or PNG where something shows through. */
bool pictures_save(VipsImage *image, const char *folder, const char *role, int page,
                   struct error *err) __attribute__((warn_unused_result));
/* NULL when libvips fails. */
VipsImage *pictures_smaller(VipsImage *image, int longest);

#endif
