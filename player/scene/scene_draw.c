#include "player/scene/scene.h"
#include "player/scene/scene_walk.h"

#define PRESSED_SHADE 0x33000000u
#define RING_OUTER 0xFF0B1F3Au
#define RING_INNER 0xFFFFC845u

struct rect scene_walk_place(const struct scene_walk *walk, const struct scene_node *node)
{
    return (struct rect){walk->x + node->rect.x, walk->y + node->rect.y, node->rect.w,
                         node->rect.h};
}

struct scene_walk scene_walk_into(const struct scene_walk *walk, const struct scene_node *node)
{
    struct rect place = scene_walk_place(walk, node);
    struct scene_walk inner = {place.x, place.y - node->scroll_y, walk->clip};
    if (node->clip) {
        inner.clip = rect_intersect(walk->clip, place);
    }
    return inner;
}

static int ring_width(const struct scene_node *node)
{
    int shorter = node->rect.w < node->rect.h ? node->rect.w : node->rect.h;
    int width = shorter / 24;
    return width < 3 ? 3 : width > 8 ? 8 : width;
}

static struct rect grown(struct rect rect, int by)
{
    return (struct rect){rect.x - by, rect.y - by, rect.w + 2 * by, rect.h + 2 * by};
}

/* What the node itself paints, without its children. */
static struct rect painted(const struct scene_node *node, struct rect place)
{
    struct rect area = place;
    if (node->kind == SCENE_TEXT) {
        /* Marks and swashes may reach out of the lines' box. */
        int around = (int)text_layout_cap_height(node->layout);
        area = rect_union(area, grown(place, around));
    }
    if (node->shadow_blur > 0) {
        struct rect shade = grown(place, 2 * node->shadow_blur);
        shade.y += node->shadow_y;
        area = rect_union(area, shade);
    }
    return area;
}

static void draw_text(const struct scene_node *node, struct rect place, struct canvas *canvas)
{
    int room = place.h - text_layout_height(node->layout);
    int down = node->valign == SCENE_TOP ? 0 : node->valign == SCENE_MIDDLE ? room / 2 : room;
    text_layout_draw(node->layout, canvas, place.x, place.y + down, node->fill);
}

static void draw_square(const struct scene_node *node, struct rect place, struct canvas *canvas)
{
    int side = place.w < place.h ? place.w : place.h;
    int x = place.x + (place.w - side) / 2, y = place.y + (place.h - side) / 2;
    if (node->kind == SCENE_ICON) {
        icon_draw(canvas, node->icon, x, y, side, node->fill);
    } else {
        canvas_draw_qr(canvas, node->text, x, y, side);
    }
}

static void draw_box(const struct scene_node *node, struct rect place, struct canvas *canvas)
{
    if (node->shadow_blur > 0) {
        canvas_shadow(canvas, place, node->radius, node->shadow_blur, node->shadow_y, node->shadow);
    }
    if (node->fill >> 24 != 0) {
        canvas_fill_round(canvas, place, node->radius, node->fill);
    }
    if (node->stroke_width > 0) {
        canvas_stroke_round(canvas, place, node->radius, node->stroke_width, node->stroke);
    }
}

static void draw_node(const struct scene_node *node, struct rect place, struct canvas *canvas)
{
    switch (node->kind) {
    case SCENE_GROUP:
        break;
    case SCENE_BOX:
        draw_box(node, place, canvas);
        break;
    case SCENE_TEXT:
        draw_text(node, place, canvas);
        break;
    case SCENE_IMAGE:
        canvas_draw_image(canvas, node->image, node->source, place, node->radius);
        break;
    case SCENE_ICON:
    case SCENE_QR:
        draw_square(node, place, canvas);
        break;
    }
}

static void draw_states(const struct scene_node *node, struct rect place, struct canvas *canvas)
{
    if (node->pressed) {
        canvas_fill_round(canvas, place, node->radius, PRESSED_SHADE);
    }
    /* Inside its edge, where neighbours and clips leave it whole. */
    if (node->focused) {
        int width = ring_width(node);
        canvas_stroke_round(canvas, place, node->radius, width, RING_OUTER);
        canvas_stroke_round(canvas, grown(place, -width), node->radius - width, width, RING_INNER);
    }
}

static void draw_tree(const struct scene_node *node, const struct scene_walk *walk,
                      struct canvas *canvas)
{
    if (node->hidden || rect_empty(walk->clip)) {
        return;
    }
    struct rect place = scene_walk_place(walk, node);
    bool seen = !rect_empty(rect_intersect(painted(node, place), walk->clip));
    if (seen) {
        canvas_set_clip(canvas, &walk->clip);
        draw_node(node, place, canvas);
    }
    struct scene_walk inner = scene_walk_into(walk, node);
    for (const struct scene_node *child = node->first_child; child != NULL; child = child->next) {
        draw_tree(child, &inner, canvas);
    }
    if (seen && (node->pressed || node->focused)) {
        canvas_set_clip(canvas, &walk->clip);
        draw_states(node, place, canvas);
    }
}

void scene_draw(const struct scene *scene, struct canvas *canvas, const struct rect *clip)
{
    struct rect former = canvas->clip;
    struct scene_walk walk = {0, 0, clip != NULL ? rect_intersect(former, *clip) : former};
    draw_tree(scene_root(scene), &walk, canvas);
    canvas_set_clip(canvas, &former);
}

static struct rect dirty_tree(const struct scene_node *node, const struct scene_walk *walk)
{
    struct rect area = rect_intersect(painted(node, scene_walk_place(walk, node)), walk->clip);
    struct scene_walk inner = scene_walk_into(walk, node);
    for (const struct scene_node *child = node->first_child; child != NULL; child = child->next) {
        area = rect_union(area, dirty_tree(child, &inner));
    }
    return area;
}

/* The walk at which the node stands. */
static struct scene_walk walk_to(const struct scene_node *node)
{
    if (node->parent == NULL) {
        return (struct scene_walk){0, 0, node->rect};
    }
    struct scene_walk walk = walk_to(node->parent);
    return scene_walk_into(&walk, node->parent);
}

struct rect scene_node_dirty(const struct scene_node *node)
{
    struct scene_walk walk = walk_to(node);
    return dirty_tree(node, &walk);
}
