/* Makes a directory file: records in any order, then end sorts, indexes and puts it into place. The
 * same records give the same bytes, so that the file's hash changes only when a record does. */
#ifndef VITRINE_DIRECTORY_DIRECTORY_BUILD_H
#define VITRINE_DIRECTORY_DIRECTORY_BUILD_H

#include "directory/directory.h"

struct directory_build;

/* NULL on failure. `generated`: ISO date of the newest record. */
struct directory_build *directory_build_begin(const char *path, const char *generated,
                                              struct error *err)
    __attribute__((warn_unused_result));

/* A value of a facet; numbered as they are added, at most DIRECTORY_VALUES_MAX. */
bool directory_build_value(struct directory_build *build, enum directory_facet facet,
                           const char *key, const char *label_fr, const char *label_en,
                           struct error *err) __attribute__((warn_unused_result));
/* `row` and `initial` of the organisation are not looked at. `sort_key`: folded name. `values`:
 * what it has of each facet. `words`: further words that it is found by (activity in full, offer,
 * commune…; name, sign and acronym are taken by themselves). */
bool directory_build_organisation(struct directory_build *build,
                                  const struct directory_organisation *organisation,
                                  const char *sort_key,
                                  const struct directory_values values[DIRECTORY_FACETS],
                                  const char *words, struct error *err)
    __attribute__((warn_unused_result));
/* One call an occurrence; what is not of the occurrence must be the same each time. */
bool directory_build_event(struct directory_build *build, const struct directory_event *event,
                           struct error *err) __attribute__((warn_unused_result));
bool directory_build_portrait(struct directory_build *build,
                              const struct directory_portrait *portrait, struct error *err)
    __attribute__((warn_unused_result));
bool directory_build_commune(struct directory_build *build, const struct directory_commune *commune,
                             struct error *err) __attribute__((warn_unused_result));

/* Frees in any case. */
bool directory_build_end(struct directory_build *build, struct error *err)
    __attribute__((warn_unused_result));
void directory_build_abandon(struct directory_build *build); /* accepts NULL */

#endif
