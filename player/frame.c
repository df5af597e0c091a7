#include "player/frame.h"

#include "core/civil.h"

bool local_minute_equal(struct local_minute a, struct local_minute b)
{
    return a.days == b.days && a.minutes == b.minutes;
}

bool frame_same(const struct frame *a, const struct frame *b)
{
    return a->edition == b->edition && a->slide == b->slide && a->revision == b->revision &&
           a->strip == b->strip && a->width == b->width && a->height == b->height;
}

struct local_minute frame_minute(const struct edition *edition, int64_t wall_ms)
{
    int64_t local_ms = wall_ms;
    if (edition != NULL) {
        local_ms += (int64_t)manifest_offset_s(edition->manifest, wall_ms) * 1000;
    }
    int64_t days = local_ms / CIVIL_DAY_MS;
    if (local_ms % CIVIL_DAY_MS < 0) {
        days--;
    }
    return (struct local_minute){days, (int)((local_ms - days * CIVIL_DAY_MS) / 60000)};
}

/* A canvas on part of another one's rows. */
static struct canvas part_of(const struct canvas *canvas, struct rect part)
{
    return (struct canvas){.pixels = canvas->pixels + (size_t)part.y * (size_t)canvas->stride,
                           .width = part.w,
                           .height = part.h,
                           .stride = canvas->stride,
                           .clip = {0, 0, part.w, part.h}};
}

struct rect frame_strip(const struct frame *frame)
{
    int height = frame->strip ? strip_height(&frame->metrics) : 0;
    return (struct rect){0, frame->height - height, frame->width, height};
}

void frame_draw_strip(const struct frame *frame, struct text_engine *text, struct canvas *canvas)
{
    const struct manifest_screen *screen = &frame->edition->manifest->screen;
    struct slide_view view = {.text = text, .metrics = frame->metrics};
    struct canvas part = part_of(canvas, frame_strip(frame));
    strip_draw(&view, screen->name, screen->language_count > 0 ? screen->languages[0] : "fr",
               frame->minute.days, frame->minute.minutes, &part);
}

bool frame_draw(const struct frame *frame, struct text_engine *text,
                const struct picture_source *pictures, struct canvas *canvas)
{
    struct slide_view view = {.text = text, .pictures = *pictures, .metrics = frame->metrics};
    struct rect strip = frame_strip(frame);
    struct canvas zone = part_of(canvas, (struct rect){0, 0, frame->width, strip.y});
    if (!slide_view_draw(&view, frame->slide, &zone, NULL)) {
        return false;
    }
    if (strip.h > 0) {
        frame_draw_strip(frame, text, canvas);
    }
    return true;
}
