/* The map: communes, organisations as points and clusters, and the fingers that move it. A part of
 * a page like the keyboard: time and touches are passed in, pixels are drawn on a canvas. It keeps
 * a picture of the ground as it was last drawn, so that dragging draws only what comes into view.
 *
 * Two fingers count here: what the first one pulls, both together stretch. What keys do on it is
 * the page's business, by its list and buttons. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_MAP_H
#define VITRINE_PLAYER_KIOSK_KIOSK_MAP_H

#include <stdbool.h>
#include <stdint.h>

#include "player/draw/canvas.h"
#include "player/draw/text.h"

#define KIOSK_MAP_DEEPEST 16.0 /* times the scale at which all of it is in view */
#define KIOSK_MAP_FLY_MS 280
#define KIOSK_MAP_NOBODY UINT32_MAX /* DIRECTORY_NO_ROW */

struct directory_commune_list;
struct kiosk_kit;
struct kiosk_map;

enum kiosk_map_change {
    KIOSK_MAP_SAME,
    KIOSK_MAP_LOOK,   /* draw again */
    KIOSK_MAP_POINT,  /* an organisation was tapped: row */
    KIOSK_MAP_PLACE,  /* several at one place, or as near as makes no difference: rows by
                         kiosk_map_place_rows until the view changes */
    KIOSK_MAP_GROUND, /* a tap where nothing is */
};

struct kiosk_map_result {
    enum kiosk_map_change change;
    uint32_t row;
    uint32_t count; /* at the place */
};

/* The communes must outlive the map. NULL when memory is out. */
struct kiosk_map *kiosk_map_create(const struct directory_commune_list *communes);
void kiosk_map_destroy(struct kiosk_map *map); /* accepts NULL */

/* Where it stands and how it looks; to be told again when one of them changes. What was in the
 * middle stays there. `kit` and its layout are not kept. */
void kiosk_map_place(struct kiosk_map *map, struct rect rect, const struct kiosk_kit *kit);
/* The rows of an answer. `lat_lon` (directory_places) must outlive the map, `rows` need not. False
 * when memory is out: the map is empty then. */
bool kiosk_map_set_rows(struct kiosk_map *map, const float *lat_lon, const uint32_t *rows,
                        uint32_t count) __attribute__((warn_unused_result));
/* Of commune `index`: how much its name matters, and whether it is chosen (all look the same when
 * none is). */
void kiosk_map_set_commune(struct kiosk_map *map, size_t index, uint32_t weight, bool chosen);
/* "Vous êtes ici"; NAN: the site is not in the directory. */
void kiosk_map_set_here(struct kiosk_map *map, double latitude, double longitude);
/* The one that is shown apart; KIOSK_MAP_NOBODY for none. When it is out of view the map goes
 * there, at once if `still`. */
void kiosk_map_select(struct kiosk_map *map, uint32_t row, bool still, int64_t now_ms);

struct kiosk_map_result kiosk_map_down(struct kiosk_map *map, int64_t finger, int x, int y,
                                       int64_t now_ms);
struct kiosk_map_result kiosk_map_move(struct kiosk_map *map, int64_t finger, int x, int y,
                                       int64_t now_ms);
/* `still`: nothing glides on (reduced motion). */
struct kiosk_map_result kiosk_map_up(struct kiosk_map *map, int64_t finger, int x, int y,
                                     bool still, int64_t now_ms);
void kiosk_map_cancel(struct kiosk_map *map); /* all fingers; what moves stands still */
/* By buttons: nearer (1), farther (-1), all of it (0). */
void kiosk_map_zoom(struct kiosk_map *map, int step, bool still, int64_t now_ms);
bool kiosk_map_can_zoom(const struct kiosk_map *map, int step);

/* True when it moved: draw again. */
bool kiosk_map_tick(struct kiosk_map *map, int64_t now_ms);
bool kiosk_map_moves(const struct kiosk_map *map); /* by itself: tick each frame */

uint32_t kiosk_map_missing(const struct kiosk_map *map); /* rows that are not on the map */
/* After KIOSK_MAP_PLACE: ascending; returns how many. */
uint32_t kiosk_map_place_rows(const struct kiosk_map *map, uint32_t *rows_out, uint32_t most);
/* Where a place on earth is on the canvas now. */
struct pointf kiosk_map_to_canvas(const struct kiosk_map *map, double latitude, double longitude);

/* Writes inside the rect and the canvas's clip. */
void kiosk_map_draw(struct kiosk_map *map, const struct kiosk_kit *kit, struct text_engine *text,
                    struct canvas *canvas);

#endif
