/* Many stretches of the hourly sums (sums.h) from one walk through them: for a year's report, which
 * would else walk through tens of millions of rows for each of its questions. Summed in memory by
 * stretch, place and item: as many cells as a screen shows different things in a month. */
#ifndef VITRINE_SERVER_STORE_CELLS_H
#define VITRINE_SERVER_STORE_CELLS_H

#include "server/store/figures.h"

#define CELL_STRETCHES_MAX 32

struct cell {
    size_t stretch; /* index of its first boundary */
    const char *screen, *screen_name, *site, *site_name;
    size_t screen_index; /* 0 to screens - 1: the same screen has the same one */
    const char *organisation, *subject;
    size_t organisation_index; /* likewise; of "" too */
    int64_t plays, shown_ms, planned_ms;
};

/* Calls take for each cell, in no order; texts are in the arena. bounds has stretch_count + 1
 * hours, rising. screens_out and organisations_out are known before the first call. */
typedef void (*cell_take)(void *context, const struct cell *cell);
bool figures_cells(struct db *db, struct arena *arena, const struct figures_scope *scope,
                   const int64_t *bounds, size_t stretch_count, size_t *screens_out,
                   size_t *organisations_out, cell_take take, void *context, struct error *err)
    __attribute__((warn_unused_result));

/* What is known of an organisation, whose id is the caller's; sums are 0. One that nobody knows has
 * its id for a name. */
bool figures_organisation(struct db *db, struct arena *arena, const char *id,
                          struct organisation_figure *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
