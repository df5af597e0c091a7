/* Draws a slide: the one implementation of the templates, behind the screen, the previews, the
 * goldens and the videos. A pure function of its arguments; may run in any thread. */
#ifndef VITRINE_PLAYER_SCENE_SLIDE_VIEW_H
#define VITRINE_PLAYER_SCENE_SLIDE_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "player/draw/canvas.h"
#include "player/draw/text.h"
#include "player/scene/metrics.h"
#include "playlists/slide.h"
#include "playlists/template.h"

/* Where pictures come from. `load` returns a decoded picture or NULL (with *err); `release` gives
 * it back. Both are called in the drawing thread. */
struct picture_source {
    const struct image *(*load)(void *context, const struct sha256 *file, struct error *err);
    void (*release)(void *context, const struct image *image);
    void *context;
};

struct slide_view {
    struct text_engine *text;
    struct picture_source pictures;
    struct metrics metrics;               /* of the whole picture, also when the zone is smaller */
    const struct template_set *templates; /* NULL: the built-in ones */
};

/* What a text that does not fit costs: for editors ("retirez 14 caractères"). */
struct slide_excess {
    char slot[32]; /* "" when everything fits */
    int characters;
};

/* Fills the whole canvas (its size is the zone's: the picture, less the strip where there is one).
 * A missing picture is replaced by the template's variant without one. Never fails on content;
 * false only when memory is out. excess_out may be NULL. */
bool slide_view_draw(const struct slide_view *view, const struct slide *slide,
                     struct canvas *canvas, struct slide_excess *excess_out);

/* The strip with place, date and clock below or above the zone. Its height in px, and its drawing:
 * minutes since midnight and days since 1970 in the screen's local time. */
int strip_height(const struct metrics *metrics);
void strip_draw(const struct slide_view *view, const char *place, const char *lang, int64_t days,
                int minutes, struct canvas *canvas);

#endif
