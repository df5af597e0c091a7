/* How one picture follows another: cut, cross-fade, slide, wipe. A transition belongs to a
 * presenter and covers its own area of the picture; several may run at once in areas that do not
 * meet. Main thread only. transition_mix gives the same pixels without a screen, in any thread. */
#ifndef VITRINE_PLAYER_DRAW_TRANSITION_H
#define VITRINE_PLAYER_DRAW_TRANSITION_H

#include <stdbool.h>

#include "player/draw/canvas.h"
#include "playlists/manifest.h"

struct presenter;
struct transition;

/* A transition goes from step 0, its first picture alone, to this one, its second alone. Slide and
 * wipe are eased inside (slow at both ends), so that steps follow the clock evenly. */
#define TRANSITION_STEPS 1024

/* Two canvases of one size at (x, y) of the picture; they outlive the transition and do not change
 * meanwhile. `first` may be NULL while it is not known yet. Slide: the second comes in from the
 * right and pushes the first out to the left. Wipe: a soft edge travels from left to right. Cut:
 * the second shows at any step above 0. */
struct transition *transition_create(struct presenter *presenter, enum transition_kind kind,
                                     const struct canvas *first, const struct canvas *second, int x,
                                     int y);
void transition_destroy(struct transition *transition); /* accepts NULL; what shows stays */

/* A film's last frame, just before the start. Has no effect on what is prepared of the second. */
void transition_set_first(struct transition *transition, const struct canvas *first);

/* One band of what can be done beforehand (turning or uploading the pictures, comparing them), at
 * most about 1 ms. True while there is more to do. What is prepared takes memory: on a turned
 * screen two pictures, with a GPU two textures. */
bool transition_prepare(struct transition *transition);

/* Draws a step; nothing shows before presenter_flush. What is not prepared costs time: such a frame
 * takes several milliseconds and one band is prepared with it. Nothing else may be put into the
 * area between two steps. Without a first canvas the second shows at any step above 0.
 *   presenter_invalidate and presenter_set_shift: the next step is drawn in full, even when it is
 *     the one shown before; call transition_prepare again.
 *   presenter_resize to another size, presenter_destroy: the transition is over; it draws nothing
 *     any more and waits for transition_destroy. */
void transition_show(struct transition *transition, int step);

/* A step of a transition into `target`, of the same size as both, within its clip: what the window
 * shows, to the pixel when there is no GPU. */
void transition_mix(enum transition_kind kind, int step, const struct canvas *first,
                    const struct canvas *second, struct canvas *target);

#endif
