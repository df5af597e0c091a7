/* A slide as a scene tree: what slide_view_draw draws, for whoever wants to look at its nodes. */
#ifndef VITRINE_PLAYER_SCENE_SLIDE_SCENE_H
#define VITRINE_PLAYER_SCENE_SLIDE_SCENE_H

#include "player/scene/scene.h"
#include "player/scene/slide_view.h"

#define SLIDE_SCENE_TEXTS_MAX (2 * TEMPLATE_SPECS_MAX)

/* A text that shows. */
struct slide_scene_text {
    char slot[40];  /* of a list: the row that is farthest from fitting, else "row_1" */
    int characters; /* that do not fit */
};

struct slide_scene {
    struct scene *scene;
    const struct picture_source *pictures;
    const struct image *photo; /* of the source; NULL: none */
    size_t text_count;
    struct slide_scene_text texts[SLIDE_SCENE_TEXTS_MAX];
};

/* For a zone of width × height px. Never fails on content. excess_out may be NULL. */
void slide_scene_build(struct slide_scene *slide_scene, const struct slide_view *view,
                       const struct slide *slide, int width, int height,
                       struct slide_excess *excess_out);
void slide_scene_finish(struct slide_scene *slide_scene);

#endif
