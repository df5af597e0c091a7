#include "player/draw/video_image.h"

#include "player/draw/video_scaler.h"

bool video_image_draw(const struct video_image *image, struct rectf source, struct canvas *canvas,
                      struct rect target)
{
    struct video_scaler *scaler = video_scaler_create(image, source, target);
    struct rect area = rect_intersect(target, canvas->clip);
    if (scaler && !rect_empty(area))
        video_scaler_write(scaler, area,
                           canvas->pixels + (ptrdiff_t)area.y * canvas->stride + area.x,
                           canvas->stride, true);
    video_scaler_destroy(scaler);
    return scaler != NULL;
}
