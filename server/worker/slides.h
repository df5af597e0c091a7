/* Presentations (PPTX, ODP) by LibreOffice, to PDF and then to pages. */
#ifndef VITRINE_SERVER_WORKER_SLIDES_H
#define VITRINE_SERVER_WORKER_SLIDES_H

#include "core/error.h"

#define SLIDES_PROGRAM "/usr/bin/soffice"

/* ERROR_NOT_FOUND when LibreOffice is not installed. */
bool slides_make(const char *path, const char *folder, struct error *err)
    __attribute__((warn_unused_result));

#endif
