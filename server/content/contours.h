/* Outlines of the 71 communes, from assets/data/communes_contours.json (outlines.py says what
 * stands in it). Everything is in the caller's arena. */
#ifndef VITRINE_SERVER_CONTENT_CONTOURS_H
#define VITRINE_SERVER_CONTENT_CONTOURS_H

#include "directory/directory.h"

/* folder: the asset folder (core/files.h). In order of code. */
bool contours_load(const char *folder, struct arena *arena, struct directory_commune_list *out,
                   struct error *err) __attribute__((warn_unused_result));
/* By INSEE's code; NULL when it is none of them. */
const struct directory_commune *contours_find(const struct directory_commune_list *communes,
                                              const char *code);

#endif
