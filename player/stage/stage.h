/* The stage: all that one display shows. It picks the edition (an emergency that is under way
 * elsewhere, the current one, the built-in slide), brings its layouts to the screen as arrangements
 * of lanes and changes from one to the next as a whole, goes dark outside opening hours, and moves
 * the picture a little against burn-in. Main thread only; it knows neither window nor network. */
#ifndef VITRINE_PLAYER_STAGE_STAGE_H
#define VITRINE_PLAYER_STAGE_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "player/stage/lane.h"

struct stage;

/* All outlive the stage. */
struct stage_config {
    struct worker *worker;
    struct clock clock; /* the time that is shown */
    int display;
    const struct state *state;
    struct spool *spool;             /* NULL: proof of play goes nowhere */
    struct quarantine *quarantine;   /* NULL: none */
    struct video_hardware *hardware; /* NULL: none */
    void (*wake)(void *context);     /* any thread: the main thread has something to look at */
    /* As lane_host's. */
    void (*fault)(void *context, const char *code, const char *detail, const struct sha256 *repair);
    void *context;
    struct edition *welcome; /* retained: what shows when nothing is planned */
    bool reduced_motion;     /* whatever the manifest says */
};

struct stage_screen {
    int width, height; /* of the whole picture */
    int bottom;        /* rows at the lower edge that are not ours (the kiosk's button) */
    int diagonal_mm;   /* until a manifest says; 0: unknown */
    int viewing_distance_mm;
};

struct stage *stage_create(const struct stage_config *config);
void stage_destroy(struct stage *stage); /* accepts NULL */

/* The presenter may be missing at first: frames are drawn ahead meanwhile. To be taken away before
 * it is destroyed or resized. */
void stage_set_presenter(struct stage *stage, struct presenter *presenter,
                         struct text_engine *text);
void stage_set_screen(struct stage *stage, const struct stage_screen *screen);
void stage_set_welcome(struct stage *stage, struct edition *welcome); /* retained, as these */
void stage_set_edition(struct stage *stage, struct edition *edition);
/* Decides on emergencies while it is newer than the edition (SYNC_EVENT_URGENT); NULL: none. */
void stage_set_urgent(struct stage *stage, struct edition *urgent);
/* Files that were missing are there: draw what shows anew. */
void stage_refresh(struct stage *stage);
/* The kiosk covers the picture: nothing is presented, and nothing counts as shown. */
void stage_set_covered(struct stage *stage, bool covered);

/* The frame that this edition would show at that instant (its first planned one when nothing is),
 * for JOB_PROOF. False: the edition plans nothing at all. */
bool stage_proof_frame(const struct stage *stage, struct edition *edition, int64_t wall_ms,
                       struct frame *frame_out);

/* A JOB_DRAW that came back; owns it from now on. */
void stage_take(struct stage *stage, struct job *job);
/* Brings the picture up to date. True when something was flushed to the screen. */
bool stage_tick(struct stage *stage);
/* When to tick again at the latest, in monotonic ns of the clock. */
int64_t stage_next_wake(struct stage *stage);
/* Everything is put anew (exposed, kiosk closed); ends transitions at once. True when flushed. */
bool stage_put(struct stage *stage);

bool stage_shows(const struct stage *stage);   /* a first picture is on the screen, be it dark */
bool stage_is_dark(const struct stage *stage); /* outside opening hours */
/* What the main zone shows; NULL: nothing planned. Until the stage changes. */
const struct slide *stage_slide(const struct stage *stage);
/* Whether an emergency should show now: it goes before the kiosk. */
bool stage_has_emergency(const struct stage *stage);
/* Whether the display itself may be off: it has been dark for a while, and will be for longer. */
bool stage_wants_power(const struct stage *stage);
/* False: what should show has not been presented for more than ten seconds. */
bool stage_healthy(struct stage *stage);
struct lane_figures stage_figures(const struct stage *stage);

#endif
