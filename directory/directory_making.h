/* A directory file in the making; between directory_build.c, which takes and writes the records,
 * and directory_columns.c, which writes what is read at once. */
#ifndef VITRINE_DIRECTORY_DIRECTORY_MAKING_H
#define VITRINE_DIRECTORY_DIRECTORY_MAKING_H

#include "directory/directory_build.h"
#include "directory/directory_private.h"

struct directory_made_organisation {
    struct directory_organisation record;
    const char *sort_key, *words;
    struct directory_values values[DIRECTORY_FACETS];
};

struct directory_list {
    size_t count, room;
    void *items;
};

struct directory_build {
    sqlite3 *db;
    struct arena *arena;
    char *path, *temporary;
    const char *generated;
    struct directory_list organisations, events, portraits, communes;
    size_t value_counts[DIRECTORY_FACETS];
    struct directory_value values[DIRECTORY_FACETS][DIRECTORY_VALUES_MAX];
};

void *directory_list_add(struct directory_list *list, size_t size);
/* What SQLite said of the last step, when it did not go well. */
bool directory_written(struct directory_build *build, bool ok, struct error *err);
bool directory_run(struct directory_build *build, const char *sql, struct error *err);
/* The organisations are in their order by now. */
bool directory_write_columns(struct directory_build *build, struct error *err);

#endif
