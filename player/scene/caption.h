/* Captions of a film: white on a solid navy panel at the bottom of its zone, at most two lines of
 * at least the fact tier's size. A canvas of its own, so that frames of the film go around it. */
#ifndef VITRINE_PLAYER_SCENE_CAPTION_H
#define VITRINE_PLAYER_SCENE_CAPTION_H

#include "core/lang.h"
#include "player/draw/canvas.h"
#include "player/draw/text.h"
#include "player/scene/metrics.h"

struct caption {
    struct canvas *canvas; /* opaque; the caller destroys it */
    int x, y;              /* of its top left in the zone */
};

/* `metrics` are those of the whole screen, width and height the zone's in px. Text goes through
 * typography_apply; lines of the file are kept when they fit in two, else broken anew; what does
 * not fit ends with "…". canvas is NULL when the text is blank or the zone is too small for a line.
 */
struct caption caption_draw(struct text_engine *text, const struct metrics *metrics, int width,
                            int height, const char *caption, enum lang lang);

#endif
