/* The signage loop: what timeline_at says, drawn ahead by the worker, cross-faded by the presenter.
 * The old frame stays until the next one is ready, so the screen is never black. Main thread only.
 */
#ifndef VITRINE_PLAYER_SIGNAGE_H
#define VITRINE_PLAYER_SIGNAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"
#include "player/draw/presenter.h"
#include "player/worker.h"

#define SIGNAGE_FADE_MS 500
#define SIGNAGE_FRAME_NS INT64_C(16666667)

struct signage;

struct signage_screen {
    int width, height; /* of the whole picture */
    int bottom;        /* rows at the lower edge that are not ours (the kiosk's button) */
    int diagonal_mm;   /* until a manifest says; 0: unknown */
    int viewing_distance_mm;
};

struct signage_figures {
    int64_t frames;  /* presented in fades */
    int64_t dropped; /* refreshes of 1/60 s that a fade missed */
    int64_t fades;
};

/* `worker` and `clock` outlive it. `welcome` is retained: what shows when nothing is planned. */
struct signage *signage_create(struct worker *worker, const struct clock *clock,
                               struct edition *welcome);
void signage_destroy(struct signage *signage); /* accepts NULL */

/* The presenter may be missing at first: frames are drawn ahead meanwhile. */
void signage_set_presenter(struct signage *signage, struct presenter *presenter,
                           struct text_engine *text);
void signage_set_screen(struct signage *signage, const struct signage_screen *screen);
void signage_set_welcome(struct signage *signage, struct edition *welcome);
void signage_set_edition(struct signage *signage, struct edition *edition); /* retained */
/* Pictures that were missing are there: draw what shows anew. */
void signage_refresh(struct signage *signage);

/* The frame that this edition would show at that instant (its first planned one when nothing is),
 * for JOB_PROOF. False: the edition plans nothing at all. */
bool signage_proof_frame(const struct signage *signage, struct edition *edition, int64_t wall_ms,
                         struct frame *frame_out);

/* A JOB_DRAW that came back; owns it from now on. */
void signage_take(struct signage *signage, struct job *job);
/* Asks for the next frame, starts and advances fades, keeps the strip's clock. True when something
 * was flushed to the screen. */
bool signage_tick(struct signage *signage);
/* When to tick again at the latest, in monotonic ns of the clock. */
int64_t signage_next_wake(const struct signage *signage);
/* Everything is put anew (exposed, kiosk closed); ends a fade at once. True when flushed. */
bool signage_put(struct signage *signage);

bool signage_shows(const struct signage *signage); /* a first frame is on the screen */
struct signage_figures signage_figures(const struct signage *signage);

#endif
