/* A lane: what one zone of a layout shows, item after item, by the clock. The next item is drawn
 * ahead by the worker (or its film opened) while the present one stands, the transition between
 * them prepared in idle moments, and begun on the instant, so that neighbouring screens are in
 * step. What cannot be shown is skipped: the next item that can shows instead until its own time is
 * over. The old picture stays until the new one is ready, so a zone is never black. Main thread
 * only. */
#ifndef VITRINE_PLAYER_STAGE_LANE_H
#define VITRINE_PLAYER_STAGE_LANE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"
#include "player/draw/presenter.h"
#include "player/report/quarantine.h"
#include "player/report/spool.h"
#include "player/stage/worker.h"
#include "player/video/video_hardware.h"

#define LANE_FRAME_NS INT64_C(16666667)
/* A film is opened so long before it is due: it seldom takes a tenth of it. */
#define LANE_FILM_AHEAD_MS 3000

struct lane;

struct lane_figures {
    int64_t frames;  /* presented: steps of transitions and frames of films */
    int64_t dropped; /* refreshes of 1/60 s that a transition missed, frames that a film passed over
                      */
    int64_t transitions;
};

/* What the lanes of a display share. It outlives them. */
struct lane_host {
    struct worker *worker;
    struct clock clock;
    int display;
    const struct state *state;
    struct spool *spool;             /* NULL: plays are told to nobody */
    struct quarantine *quarantine;   /* NULL: none */
    struct video_hardware *hardware; /* NULL: none */
    void (*wake)(void *context);     /* any thread */
    /* `repair` is a file to be fetched again; NULL: none. */
    void (*fault)(void *context, const char *code, const char *detail, const struct sha256 *repair);
    void *context;

    struct presenter *presenter; /* NULL: not yet; things are drawn ahead meanwhile */
    struct text_engine *text;    /* NULL while presenter is */
    struct metrics metrics;      /* of the whole picture */
    struct edition *welcome;     /* what the main zone shows when nothing is planned */
    unsigned revision;           /* of all frames */
    uint64_t tickets;            /* given out so far */
    unsigned films_marked;       /* bits: which of the display's slots of quarantine are taken */
    bool reduced_motion;
    struct lane_figures figures;
};

enum lane_kind {
    LANE_MAIN, /* shows the welcome slide when nothing is planned */
    LANE_SIDE, /* shows its colour then */
    LANE_NEWS, /* the strip's; shows the place's name then */
    LANE_LOGO,
};

struct lane_zone {
    enum lane_kind kind;
    char id[64]; /* for proof of play */
    struct rect rect;
    struct sha256 file; /* logo */
    uint32_t fill;
};

/* Now, by both clocks. */
struct lane_time {
    int64_t wall_ms;
    int64_t mono_ns;
};

struct lane *lane_create(struct lane_host *host, const struct lane_zone *zone);
/* Ends what shows: it is told to the spool. Accepts NULL. */
void lane_destroy(struct lane *lane);
const struct lane_zone *lane_zone(const struct lane *lane);

/* What plays; NULL: nothing. `track` as in timeline_track_at. What shows stays until what should
 * show is ready. */
void lane_set_edition(struct lane *lane, struct edition *edition, size_t track);
/* Pictures that were missing are there: what could not be shown is tried again. */
void lane_retry(struct lane *lane);

/* A JOB_DRAW that came back; false: it is not this lane's. Else the lane owns it. */
bool lane_take(struct lane *lane, struct job *job);
/* Asks for what shows at that instant (now or later) without bringing it to the screen. */
void lane_prepare(struct lane *lane, struct lane_time now, int64_t at_ms);
/* Whether that is ready, or never will be. */
bool lane_ready(struct lane *lane, int64_t at_ms);
/* What is prepared counts as shown from now on; whoever calls brings it to the screen. */
void lane_adopt(struct lane *lane, struct lane_time now);

/* Brings the zone up to date: films, transitions, the next item. Items that begin at `horizon_ms`
 * or later are not prepared. True when something was put (the caller flushes). */
bool lane_tick(struct lane *lane, struct lane_time now, int64_t horizon_ms);
/* When to tick again at the latest (monotonic). */
int64_t lane_next_wake(struct lane *lane, struct lane_time now, int64_t horizon_ms);

/* Ends a transition under way; the caller puts all anew. */
void lane_settle(struct lane *lane);
/* Puts all of what shows, or the zone's colour. */
void lane_put(struct lane *lane);
/* Draws it into a canvas of the whole picture. */
void lane_compose(struct lane *lane, struct canvas *canvas);
/* The canvas of what shows when it is a still picture; NULL otherwise. */
const struct canvas *lane_still(const struct lane *lane);
/* Somebody covers the zone, or it is dark: films close, and nothing counts as shown until it is
 * uncovered. */
void lane_cover(struct lane *lane, struct lane_time now, bool covered);

const struct slide *lane_slide(const struct lane *lane); /* that shows; NULL: none */
bool lane_shows(const struct lane *lane);                /* anything at all */
/* Whether no transition is under way. */
bool lane_still_moment(const struct lane *lane);
/* False: something has been due for more than ten seconds and does not show. */
bool lane_healthy(struct lane *lane, struct lane_time now);

#endif
