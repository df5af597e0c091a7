/* The scene tree: what slides and kiosk screens are made of. A scene owns its nodes, its text
 * layouts and nothing else; images are the caller's and must live as long as the tree that shows
 * them. A tree is thrown away and built anew at every change: layouts of texts that come back are
 * kept, so that this is cheap. One coordinate space, canvas pixels; a node's rect is relative to its
 * parent's. One thread at a time. */
#ifndef VITRINE_PLAYER_SCENE_SCENE_H
#define VITRINE_PLAYER_SCENE_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lang.h"
#include "player/draw/canvas.h"
#include "player/draw/image.h"
#include "player/draw/text.h"

struct icon_cache; /* icons.h */
struct scene;

enum scene_kind { SCENE_GROUP, SCENE_BOX, SCENE_TEXT, SCENE_IMAGE, SCENE_ICON, SCENE_QR };
enum scene_valign { SCENE_TOP, SCENE_MIDDLE, SCENE_BOTTOM };

/* Made by the functions below; every field from `rect` down may be set until the tree is drawn, and
 * the states, `scroll_y` and `hidden` at any time. Any node may have children, drawn after it. */
struct scene_node {
    enum scene_kind kind;
    struct scene *scene;
    struct scene_node *parent, *first_child, *last_child, *next;

    struct rect rect;   /* in the parent's pixels, before the parent's scroll */
    color fill;         /* box: inside; text, icon: ink; alpha 0: none */
    color fill_end;     /* box without radius: gradient from fill (top, left) to this; 0: plain */
    bool gradient_horizontal;
    color pressed_fill; /* box: inside while pressed; 0: `fill` under 20 % of black */
    color stroke;
    int stroke_width;   /* inside the rect; 0: none */
    int radius;         /* box, image */
    int shadow_blur;    /* box; 0: none */
    int shadow_y;
    color shadow;

    struct text_layout *layout; /* text; owned by the scene */
    enum scene_valign valign;   /* text: where it stands in a rect that is higher */
    const char *text;           /* text: as given; QR: the link; icon: its name */
    const struct image *image;
    struct rectf source;        /* image: part shown, in image pixels */

    bool clip;    /* children show and are touched only inside the rect */
    int scroll_y; /* children stand this much higher */
    bool hidden;  /* neither it nor its children are drawn, touched or focused */

    const char *slot;   /* template slot, for tests and messages; "" */
    const char *label;  /* accessible name; "" when the node is decoration */
    int action;         /* what a touch does, the caller's numbers; 0: not touchable */
    int64_t argument;   /* of what: an index, a letter */
    int focus;          /* position in the focus order (ties: order of creation); 0: never */
    bool disabled;      /* keeps its place, takes neither touch nor focus */
    bool pressed;
    bool focused;
};

/* icons may be NULL when the tree shows none. */
struct scene *scene_create(struct text_engine *text, struct icon_cache *icons);
void scene_destroy(struct scene *scene); /* accepts NULL */

/* Drops the tree and starts a new one of this size; all former nodes are gone. Texts pass through
 * typography_apply in `lang`. Returns the root, a group. */
struct scene_node *scene_begin(struct scene *scene, int width, int height, enum lang lang);
struct scene_node *scene_root(const struct scene *scene);
/* A copy that lives as long as the tree. */
const char *scene_strdup(struct scene *scene, const char *text);

struct scene_node *scene_group(struct scene_node *parent, struct rect rect);
struct scene_node *scene_box(struct scene_node *parent, struct rect rect, color fill, int radius);
/* Laid out to rect.w; lines beyond style->max_lines are cut. rect.h 0: the text's own height, set
 * in the node. */
struct scene_node *scene_text(struct scene_node *parent, struct rect rect, const char *text,
                              const struct text_style *style, color ink);
/* text_layout_fit between floor and style->cap_height; rect.h > 0. */
struct scene_node *scene_text_fit(struct scene_node *parent, struct rect rect, const char *text,
                                  const struct text_style *style, double floor, color ink,
                                  int *excess_out);
/* Fills the rect; what does not fit is cropped around the focal point. */
struct scene_node *scene_image(struct scene_node *parent, struct rect rect,
                               const struct image *image, double focal_x, double focal_y,
                               int radius);
/* Drawn as large as the rect allows, centred. An unknown name draws nothing. */
struct scene_node *scene_icon(struct scene_node *parent, struct rect rect, const char *name,
                              color ink);
struct scene_node *scene_qr(struct scene_node *parent, struct rect rect, const char *link);

/* Draws the tree where it meets `clip` (NULL: everything). Writes nothing outside. */
void scene_draw(const struct scene *scene, struct canvas *canvas, const struct rect *clip);

/* The deepest touchable node at (x, y), the topmost of those that overlap. When there is none, the
 * nearest whose rect, grown on all sides to at least `target` pixels (within its clips), holds the
 * point. NULL: none. */
struct scene_node *scene_hit(const struct scene *scene, int x, int y, int target);
/* The node with that action and argument: to find it again in a new tree. NULL: gone. */
struct scene_node *scene_find(const struct scene *scene, int action, int64_t argument);
/* Neighbours in the focus order, around the ends; of NULL the first / the last. NULL: no node takes
 * the focus. Nothing is changed. */
struct scene_node *scene_focus_next(const struct scene *scene, const struct scene_node *node);
struct scene_node *scene_focus_previous(const struct scene *scene, const struct scene_node *node);

/* On the canvas, whole. */
struct rect scene_node_rect(const struct scene_node *node);
/* All pixels that the node and its children may touch in any state (shadow, focus ring), within
 * its clips and the scene: what must be drawn again when it changes. */
struct rect scene_node_dirty(const struct scene_node *node);
/* The smallest scroll_y of the nearest clipping group at which the node is whole (or as much as
 * fits), between 0 and the end of the content; the present one when nothing need move. Writes the
 * group; false when there is none. */
bool scene_reveal(const struct scene_node *node, struct scene_node **group_out, int *scroll_out);
/* Height of a group's content: the lowest edge of its children. */
int scene_content_height(const struct scene_node *group);

#endif
