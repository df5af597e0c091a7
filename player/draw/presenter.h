/* Brings canvases to a screen. Two back ends behind one interface: the window surface with our own
 * vectorised blend (no GPU), and SDL_Renderer (GPU). Rotation is done here; the same matrix maps
 * touches back. Main thread only. */
#ifndef VITRINE_PLAYER_DRAW_PRESENTER_H
#define VITRINE_PLAYER_DRAW_PRESENTER_H

#include <stdbool.h>

#include "core/error.h"
#include "player/draw/canvas.h"
#include "player/draw/transition.h"

struct SDL_Window;
struct presenter;
struct video_image; /* video_image.h */

enum presenter_backend { PRESENTER_AUTO, PRESENTER_SURFACE, PRESENTER_RENDERER };

/* AUTO: RENDERER when SDL has a hardware "opengles2" or "opengl" driver that is not llvmpipe or
 * softpipe, else SURFACE. rotation: 0, 90, 180, 270 clockwise. The window stays the caller's. */
struct presenter *presenter_create(struct SDL_Window *window, enum presenter_backend backend,
                                   int rotation, struct error *err)
    __attribute__((warn_unused_result));
void presenter_destroy(struct presenter *presenter); /* accepts NULL */

const char *presenter_name(const struct presenter *presenter); /* "surface", "opengles2", … */

/* Size that people see, after rotation: what canvases are made for. */
void presenter_size(const struct presenter *presenter, int *width_out, int *height_out);

/* Puts `from` of the canvas at (x, y) of the picture. Nothing shows before presenter_flush; what is
 * put later lies over what was put before, of whichever kind. */
void presenter_put(struct presenter *presenter, const struct canvas *canvas, struct rect from,
                   int x, int y);
void presenter_fill(struct presenter *presenter, struct rect rect, color fill); /* opaque */
/* A film's frame, as video_image_draw does it; a GPU scales and converts it by itself. Nothing of
 * the image is kept. */
void presenter_put_video(struct presenter *presenter, const struct video_image *image,
                         struct rectf source, struct rect target);
/* Shows what was put since the last flush; does nothing when nothing was. */
void presenter_flush(struct presenter *presenter);
/* Everything is drawn again at the next flush: after expose, resume, lost textures. The caller puts
 * anew all that its picture is made of: canvases, fills, films' frames and the step of every
 * transition that runs. */
void presenter_invalidate(struct presenter *presenter);
/* Called after the window's size changed. Running transitions are over unless it is the old size.
 */
bool presenter_resize(struct presenter *presenter, struct error *err)
    __attribute__((warn_unused_result));

/* Burn-in care: moves the picture to the right and down by up to PRESENTER_SHIFT_MAX px. Its edge
 * pixels are repeated where it does not reach, and what it loses at the other side is not seen.
 * Coordinates of everything else stay as they were. After a change, as after presenter_invalidate:
 * the caller puts everything anew before the next flush. */
#define PRESENTER_SHIFT_MAX 8
void presenter_set_shift(struct presenter *presenter, int dx, int dy);

/* Window pixels to picture coordinates, always inside the picture. */
void presenter_map_touch(const struct presenter *presenter, int window_x, int window_y, int *x_out,
                         int *y_out);

/* Reads back what the screen shows now (tests, screenshots), moved back if it is shifted; edges
 * that are not seen may then repeat the pixels beside them. NULL when it cannot. */
struct canvas *presenter_snapshot(struct presenter *presenter);

#endif
