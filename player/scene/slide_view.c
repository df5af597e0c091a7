#include "player/scene/slide_view.h"

#include "player/scene/slide_scene.h"

bool slide_view_draw(const struct slide_view *view, const struct slide *slide,
                     struct canvas *canvas, struct slide_excess *excess_out)
{
    struct slide_scene slide_scene;
    slide_scene_build(&slide_scene, view, slide, canvas->width, canvas->height, excess_out);
    scene_draw(slide_scene.scene, canvas, NULL);
    slide_scene_finish(&slide_scene);
    return true;
}
