/* The scene tree: what slides and touch screens are made of. A scene owns its nodes and their text
 * layouts; images are the caller's and must outlive it. A tree is cheap: it is thrown away and
 * built anew at every change of state. One coordinate space, canvas pixels; a node's rect is
 * relative to its parent's, so that the presenter's rotation is the only other matrix. One thread
 * at a time. */
#ifndef VITRINE_PLAYER_SCENE_SCENE_H
#define VITRINE_PLAYER_SCENE_SCENE_H

#include <stdbool.h>
#include <stdint.h>

#include "player/draw/canvas.h"
#include "player/scene/icon.h"
#include "player/draw/image.h"
#include "player/draw/text.h"

struct scene;

enum scene_kind { SCENE_GROUP, SCENE_BOX, SCENE_TEXT, SCENE_IMAGE, SCENE_ICON, SCENE_QR };
enum scene_valign { SCENE_TOP, SCENE_MIDDLE, SCENE_BOTTOM };

/* Made by the functions below; what stands from `rect` on may be changed until the scene is
 * destroyed. Any node may have children, drawn after it. */
struct scene_node {
    enum scene_kind kind;
    struct scene *scene;
    int serial; /* in order of creation */
    struct scene_node *parent, *first_child, *last_child, *next;
    struct text_layout *layout; /* text: owned by the scene */
    const char *text;           /* text: as laid out; QR: the link */
    const struct image *image;
    struct rectf source; /* image: the part that shows, in image pixels */
    enum icon icon;

    struct rect rect; /* before the parent's scroll */
    color fill;       /* box: inside; text, icon: ink; alpha 0: none */
    color stroke;     /* box: inside its edge */
    int stroke_width;
    int radius;      /* box, image, focus ring */
    color shadow;    /* box */
    int shadow_blur; /* 0: none */
    int shadow_y;
    enum scene_valign valign; /* text in a rect that is higher */

    bool clip;    /* children show and are touched only inside the rect */
    int scroll_y; /* children stand this much higher */
    bool hidden;  /* neither it nor its children are drawn, touched or focused */

    const char *slot;  /* which text of the slide it is; "" */
    const char *label; /* accessible name; "" for decoration */
    int action;        /* what a touch does, in the caller's numbers; 0: not touchable */
    int64_t argument;  /* to what: an index, a letter */
    int focus;         /* place in the focus order, ties in order of creation; 0: never */
    bool pressed;
    bool focused;
};

struct scene *scene_create(struct text_engine *text, int width, int height);
void scene_destroy(struct scene *scene); /* accepts NULL */
struct scene_node *scene_root(const struct scene *scene);

struct scene_node *scene_group(struct scene_node *parent, struct rect rect);
struct scene_node *scene_box(struct scene_node *parent, struct rect rect, color fill, int radius);
/* The largest capital height from style->cap_height down to `floor` at which the text stands in the
 * rect, as text_layout_fit; rect.h 0 takes the height that the text needs. */
struct scene_node *scene_text(struct scene_node *parent, struct rect rect, const char *text,
                              const struct text_style *style, double floor, color ink);
/* Fills the rect; what does not fit is cropped around the focal point. */
struct scene_node *scene_image(struct scene_node *parent, struct rect rect,
                               const struct image *image, double focal_x, double focal_y,
                               int radius);
/* As large as the rect allows, centred in it. */
struct scene_node *scene_icon(struct scene_node *parent, struct rect rect, enum icon icon,
                              color ink);
struct scene_node *scene_qr(struct scene_node *parent, struct rect rect, const char *link);

/* Gives the node a copy of the text as its accessible name. */
void scene_set_label(struct scene_node *node, const char *label);

/* Draws the tree where it meets `clip` (NULL: everything); nothing outside is written. */
void scene_draw(const struct scene *scene, struct canvas *canvas, const struct rect *clip);

/* The topmost touchable node at (x, y). When there is none, the nearest whose rect, grown to at
 * least `target` px a side within its clips, holds the point. NULL: none. */
struct scene_node *scene_hit(const struct scene *scene, int x, int y, int target);
/* The node with that action and argument: to find it again in a new tree. NULL: gone, or
 * hidden. */
struct scene_node *scene_find(const struct scene *scene, int action, int64_t argument);
/* The neighbour in the focus order, around the ends; of NULL the first (forward) or the last. NULL:
 * no node takes the focus. */
struct scene_node *scene_focus_step(const struct scene *scene, const struct scene_node *node,
                                    bool forward);

/* On the canvas, whole. */
struct rect scene_node_rect(const struct scene_node *node);
/* All pixels that the node and its children touch in any state (shadow included) within their
 * clips: what must be drawn again when it changes. */
struct rect scene_node_dirty(const struct scene_node *node);

#endif
