#include "player/scene/scene.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

/* Tall enough for any text that is cut by its number of lines alone. */
#define HEIGHT_FREE 1000000

struct scene {
    struct arena *arena;
    struct text_engine *text;
    struct scene_node *root;
    int node_count;
};

static struct scene_node *add_node(struct scene *scene, struct scene_node *parent,
                                   enum scene_kind kind, struct rect rect)
{
    struct scene_node *node = arena_alloc(scene->arena, sizeof *node);
    node->kind = kind;
    node->scene = scene;
    node->serial = scene->node_count++;
    node->parent = parent;
    node->rect = rect;
    node->text = node->slot = node->label = "";
    if (parent == NULL) {
        return node;
    }
    if (parent->last_child != NULL) {
        parent->last_child->next = node;
    } else {
        parent->first_child = node;
    }
    parent->last_child = node;
    return node;
}

struct scene *scene_create(struct text_engine *text, int width, int height)
{
    struct arena *arena = arena_create();
    struct scene *scene = arena_alloc(arena, sizeof *scene);
    scene->arena = arena;
    scene->text = text;
    scene->root = add_node(scene, NULL, SCENE_GROUP, (struct rect){0, 0, width, height});
    scene->root->clip = true;
    return scene;
}

static void destroy_layouts(struct scene_node *node)
{
    text_layout_destroy(node->layout);
    for (struct scene_node *child = node->first_child; child != NULL; child = child->next) {
        destroy_layouts(child);
    }
}

void scene_destroy(struct scene *scene)
{
    if (scene == NULL) {
        return;
    }
    destroy_layouts(scene->root);
    arena_destroy(scene->arena);
}

struct scene_node *scene_root(const struct scene *scene)
{
    return scene->root;
}

struct scene_node *scene_group(struct scene_node *parent, struct rect rect)
{
    return add_node(parent->scene, parent, SCENE_GROUP, rect);
}

struct scene_node *scene_box(struct scene_node *parent, struct rect rect, color fill, int radius)
{
    struct scene_node *node = add_node(parent->scene, parent, SCENE_BOX, rect);
    node->fill = fill;
    node->radius = radius;
    return node;
}

struct scene_node *scene_text(struct scene_node *parent, struct rect rect, const char *text,
                              const struct text_style *style, double floor, color ink)
{
    struct scene_node *node = add_node(parent->scene, parent, SCENE_TEXT, rect);
    node->text = arena_strdup(parent->scene->arena, text);
    node->label = node->text;
    node->fill = ink;
    node->layout = text_layout_fit(parent->scene->text, text, style, floor, rect.w,
                                   rect.h > 0 ? rect.h : HEIGHT_FREE, NULL);
    if (rect.h == 0) {
        node->rect.h = text_layout_height(node->layout);
    }
    return node;
}

struct scene_node *scene_image(struct scene_node *parent, struct rect rect,
                               const struct image *image, double focal_x, double focal_y,
                               int radius)
{
    struct scene_node *node = add_node(parent->scene, parent, SCENE_IMAGE, rect);
    node->image = image;
    node->source = crop_to_focus(image->width, image->height, focal_x, focal_y, rect.w, rect.h);
    node->radius = radius;
    return node;
}

struct scene_node *scene_icon(struct scene_node *parent, struct rect rect, enum icon icon,
                              color ink)
{
    struct scene_node *node = add_node(parent->scene, parent, SCENE_ICON, rect);
    node->icon = icon;
    node->fill = ink;
    return node;
}

struct scene_node *scene_qr(struct scene_node *parent, struct rect rect, const char *link)
{
    struct scene_node *node = add_node(parent->scene, parent, SCENE_QR, rect);
    node->text = arena_strdup(parent->scene->arena, link);
    return node;
}

void scene_set_label(struct scene_node *node, const char *label)
{
    node->label = arena_strdup(node->scene->arena, label);
}

struct rect scene_node_rect(const struct scene_node *node)
{
    struct rect rect = node->rect;
    for (const struct scene_node *above = node->parent; above != NULL; above = above->parent) {
        rect.x += above->rect.x;
        rect.y += above->rect.y - above->scroll_y;
    }
    return rect;
}
