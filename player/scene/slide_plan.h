/* A slide being laid out: the zone, the picture's part of it, and the texts'. slide_scene.c makes
 * the plan, slide_visual.c draws the picture's part. For these two only. */
#ifndef VITRINE_PLAYER_SCENE_SLIDE_PLAN_H
#define VITRINE_PLAYER_SCENE_SLIDE_PLAN_H

#include "player/scene/column.h"

#define PLAN_MARGIN 0.6    /* of what is read to the edges, units; the safe area is 0.5 */
#define PLAN_GAP 0.45      /* between photo or sign and card */
#define PLAN_ROUND_GAP 0.5 /* between a round photo and the texts beside it */

struct slide_plan {
    const struct slide_view *view;
    const struct slide *slide;
    const struct template_look *look;
    struct metrics metrics; /* of the zone */
    const struct slide_picture *picture;
    const struct image *photo;
    bool link; /* there is one, and it makes a code that can be scanned */
    enum visual_size size;
    bool squeeze;   /* column.h */
    bool sign;      /* beside a head's texts */
    double stretch; /* of a head, so that its texts fit in */
    int width, height;
    struct rect visual; /* empty: none */
    /* What the slide says, by whether it is shortened and whether the photo shows. */
    struct plan_words {
        bool read;
        struct column head, column;
    } words[2][2];
    struct column head; /* VISUAL_HEAD: the texts in the visual */
    struct column column;
};

int slide_plan_units(const struct slide_plan *plan, double count);
/* Whether the visual lies above the texts. */
bool slide_plan_stacked(const struct slide_plan *plan);

/* slide_visual.c. Whether the slide's link can be drawn as a code where the zone is as it is. */
bool slide_visual_link(const struct slide_plan *plan);
/* Width and height of the card with the code, px. */
struct rect slide_visual_card(const struct slide_plan *plan);
void slide_visual_add(const struct slide_plan *plan, struct scene_node *root);

#endif
