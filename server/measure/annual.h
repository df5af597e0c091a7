/* The year in figures, for the yearly evaluation of the plan for the social and solidarity economy:
 * what was shown of whom, where, against what was planned, with the year before beside it. As JSON,
 * or as a workbook that can be handed in. */
#ifndef VITRINE_SERVER_MEASURE_ANNUAL_H
#define VITRINE_SERVER_MEASURE_ANNUAL_H

#include "core/strbuf.h"
#include "server/store/figures.h"

struct annual_request {
    int year;
    struct figures_scope scope;
};

struct annual_totals {
    int64_t plays, shown_ms, planned_ms;
    int64_t organisations; /* shown at least once */
    int64_t screens;       /* that showed or should have */
    int64_t open, seen;    /* figures_availability */
    int64_t visits, sheets, lists, searches;
    int64_t accessible; /* visits with an accessibility mode */
    struct published_counts published;
};

struct annual_group {
    const char *name; /* as people read it */
    int64_t organisations, plays, shown_ms, planned_ms;
};

struct annual_groups {
    size_t count, capacity;
    struct annual_group *items; /* most shown first */
};

struct annual_place {
    const char *id, *name;
    const char *site, *site_name; /* of screens */
    int64_t plays, shown_ms, planned_ms, screens;
    int64_t open, seen;
    int64_t visits, sheets, lists, searches;
    int64_t month_visits[12];
};

struct annual_places {
    size_t count, capacity;
    struct annual_place *items;
};

struct annual {
    int year;
    struct annual_totals totals, before;
    struct annual_totals months[12];
    int64_t displayable, never_shown; /* of the directory as it is now */
    size_t organisation_count, organisation_capacity;
    struct organisation_figure *organisations; /* most shown first */
    struct annual_groups families, sectors, communes;
    struct annual_places sites, screens;
};

/* Everything, in the arena. */
bool annual_gather(struct db *db, const struct annual_request *request, struct arena *arena,
                   struct annual *out, struct error *err) __attribute__((warn_unused_result));

bool annual_json(struct db *db, const struct annual_request *request, struct strbuf *out,
                 struct error *err) __attribute__((warn_unused_result));
/* A workbook at path; scratch is a folder for what it is made of. */
bool annual_book(struct db *db, const struct annual_request *request, const char *path,
                 const char *scratch, struct error *err) __attribute__((warn_unused_result));

#endif
