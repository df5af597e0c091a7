/* Which node a finger or a key means. */
#include <limits.h>

#include "player/scene/scene.h"
#include "player/scene/scene_walk.h"

struct pick {
    int x, y, target;
    struct scene_node *exact; /* the last one wins: it is drawn on top */
    struct scene_node *near;
    long distance; /* squared, of near */
};

static int outside(int value, int from, int size)
{
    return value < from ? from - value : value >= from + size ? value - from - size + 1 : 0;
}

static void consider(struct pick *pick, struct scene_node *node, struct rect place,
                     struct rect clip)
{
    if (!rect_contains(clip, pick->x, pick->y)) {
        return;
    }
    int dx = outside(pick->x, place.x, place.w), dy = outside(pick->y, place.y, place.h);
    if (dx == 0 && dy == 0) {
        pick->exact = node;
        return;
    }
    int more_x = place.w < pick->target ? (pick->target - place.w + 1) / 2 : 0;
    int more_y = place.h < pick->target ? (pick->target - place.h + 1) / 2 : 0;
    long distance = (long)dx * dx + (long)dy * dy;
    if (dx <= more_x && dy <= more_y && distance < pick->distance) {
        pick->near = node;
        pick->distance = distance;
    }
}

static void pick_tree(struct pick *pick, struct scene_node *node, const struct scene_walk *walk)
{
    if (node->hidden) {
        return;
    }
    if (node->action != 0) {
        consider(pick, node, scene_walk_place(walk, node), walk->clip);
    }
    struct scene_walk inner = scene_walk_into(walk, node);
    for (struct scene_node *child = node->first_child; child != NULL; child = child->next) {
        pick_tree(pick, child, &inner);
    }
}

struct scene_node *scene_hit(const struct scene *scene, int x, int y, int target)
{
    struct pick pick = {.x = x, .y = y, .target = target, .distance = LONG_MAX};
    struct scene_node *root = scene_root(scene);
    struct scene_walk walk = {0, 0, root->rect};
    pick_tree(&pick, root, &walk);
    return pick.exact != NULL ? pick.exact : pick.near;
}

static struct scene_node *find(struct scene_node *node, int action, int64_t argument)
{
    if (node->hidden) {
        return NULL;
    }
    if (node->action == action && node->argument == argument) {
        return node;
    }
    for (struct scene_node *child = node->first_child; child != NULL; child = child->next) {
        struct scene_node *found = find(child, action, argument);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

struct scene_node *scene_find(const struct scene *scene, int action, int64_t argument)
{
    return action == 0 ? NULL : find(scene_root(scene), action, argument);
}

/* One pass over the tree: the nearest node after `from`, and the first of all to begin anew. */
struct step {
    const struct scene_node *from;
    bool forward;
    struct scene_node *next, *around;
};

/* Whether a stands before b on the way that the step goes. */
static bool sooner(const struct step *step, const struct scene_node *a, const struct scene_node *b)
{
    bool before = a->focus != b->focus ? a->focus < b->focus : a->serial < b->serial;
    return a != b && before == step->forward;
}

static void step_tree(struct step *step, struct scene_node *node)
{
    if (node->hidden) {
        return;
    }
    if (node->focus > 0) {
        if (step->around == NULL || sooner(step, node, step->around)) {
            step->around = node;
        }
        if (step->from != NULL && sooner(step, step->from, node) &&
            (step->next == NULL || sooner(step, node, step->next))) {
            step->next = node;
        }
    }
    for (struct scene_node *child = node->first_child; child != NULL; child = child->next) {
        step_tree(step, child);
    }
}

struct scene_node *scene_focus_step(const struct scene *scene, const struct scene_node *node,
                                    bool forward)
{
    struct step step = {.from = node, .forward = forward};
    step_tree(&step, scene_root(scene));
    return step.next != NULL ? step.next : step.around;
}
