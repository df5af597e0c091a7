/* Going down a scene tree: where a node's children stand and what clips them. For scene_*.c only.
 */
#ifndef VITRINE_PLAYER_SCENE_SCENE_WALK_H
#define VITRINE_PLAYER_SCENE_SCENE_WALK_H

#include "player/scene/scene.h"

struct scene_walk {
    int x, y; /* of the parent's content on the canvas */
    struct rect clip;
};

struct rect scene_walk_place(const struct scene_walk *walk, const struct scene_node *node);
struct scene_walk scene_walk_into(const struct scene_walk *walk, const struct scene_node *node);

#endif
