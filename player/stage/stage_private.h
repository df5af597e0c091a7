/* What the parts of a stage share: stage_plan.c says what should show, stage.c brings it to the
 * screen. */
#ifndef VITRINE_PLAYER_STAGE_STAGE_PRIVATE_H
#define VITRINE_PLAYER_STAGE_STAGE_PRIVATE_H

#include "player/stage/arrangement.h"
#include "player/stage/stage.h"

/* The next layout is drawn this long before it is due. */
#define STAGE_AHEAD_MS 15000

/* From one arrangement to another as a whole. */
struct change {
    struct transition *transition; /* NULL: none runs */
    struct arrangement *leaving;   /* whose canvas is the first picture; NULL: `first` is ours */
    struct canvas *first, *second; /* made for it; NULL: a zone's own */
    int64_t from_ns, length_ns, step_frame;
};

struct stage {
    struct lane_host host;
    struct stage_screen screen;
    bool always_reduced;
    struct edition *edition; /* NULL: none */
    struct edition *urgent;  /* NULL: none */
    struct edition *calm;    /* the edition without its emergencies; NULL: as it is */

    struct arrangement *current; /* NULL: nothing shows yet */
    struct arrangement *coming;  /* NULL: no other layout is near */
    int64_t coming_ms;           /* when it is due */
    int64_t due_ns;              /* since when it has been; 0: not yet */
    struct change change;
    int64_t horizon_ms; /* when another layout shows, as of the last tick */

    struct lane_time ticked; /* when it looked last: what falls between that and now is overdue */
    bool covered;
    bool dark;
    int64_t dark_until_ms;
    int64_t dark_from_ns;
    unsigned shift;
    int64_t shift_ns; /* of the last one */
};

/* stage_plan.c */
/* The urgent edition, while it is the newer one; NULL: none. */
struct edition *stage_urgent(const struct stage *stage);
struct arrangement_wish stage_wish_at(const struct stage *stage, int64_t at_ms);
/* As manifest_closed_at; until_out is required. */
bool stage_closed_at(const struct stage *stage, int64_t at_ms, int64_t *until_out);
/* The next instant after `at_ms` at which the layout, the edition or the dark may change. */
int64_t stage_boundary_after(const struct stage *stage, int64_t at_ms);
/* When something else than `arrangement` must show, as far as it matters now; INT64_MAX: not for
 * STAGE_AHEAD_MS. While it is dark (arrangement NULL) that is the opening. */
int64_t stage_find_horizon(const struct stage *stage, const struct arrangement *arrangement,
                           int64_t now_ms);

#endif
