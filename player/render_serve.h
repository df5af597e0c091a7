/* vitrine-render serve: a process that stays and draws what the content server asks, so that a
 * picture costs its drawing and not a start. Requests come on standard input and answers go to
 * standard output, one after the other (core/parcel.h). Heads are JSON:
 *
 *   {"do": "slide", "slide": {…}, "size": SIZE, "image_width": 640, "templates": ["…"]}
 *   {"do": "screen", "key": "…", "at_ms": 0, "image_width": 0}, the sealed manifest as bytes
 *   {"do": "sizes", "size": SIZE}
 *   {"do": "fit", "slide": {…}, "sizes": [SIZE…], "slots": ["quote"], "templates": []}
 *
 * SIZE is {"width", "height", "diagonal_mm", "distance_mm"}, with "strip", "zone_w" and "zone_h"
 * when it is a zone of that picture: its share in 1/MANIFEST_WHOLE of the picture less the strip,
 * if there is one. Templates are documents in place of the program's own. Pictures are drawn whole
 * and then reduced to image_width (0: not at all). Answers are {"ok": true} with a PNG as bytes, of
 * "fit" {"ok": true, "sizes": [{"texts": [{"slot", "characters"}]}], "most": [{"slot", "most"}]}:
 * the texts that show with what is too much of each; the most characters each slot can have, in the
 * tightest of the sizes where it shows at all, with everything else shown that shows now, or null.
 * Of "sizes" it is {"ok": true, "px_per_mm", "headline", "fact", "credit", "emergency"}: the least
 * heights of capitals, in pixels. What cannot be done is {"ok": false, "fr", "en"}.
 */
#ifndef VITRINE_PLAYER_RENDER_SERVE_H
#define VITRINE_PLAYER_RENDER_SERVE_H

#include "player/render.h"

/* Until standard input ends. */
bool render_serve(const struct render_options *options, struct error *err)
    __attribute__((warn_unused_result));

/* render_fit.c: "fit" of that slide; members of the answer. */
#define RENDER_FIT_SIZES_MAX 8
struct render_fit {
    const struct slide_view *views; /* one a size */
    size_t size_count;
    const struct slide *slide;
    size_t slot_count;
    const char *const *slots;
};
struct json_writer;
void render_fit(const struct render_fit *fit, struct json_writer *writer);

#endif
