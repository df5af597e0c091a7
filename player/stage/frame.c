#include "player/stage/frame.h"

#include <string.h>

#include "core/civil.h"
#include "player/draw/image.h"

bool frame_same(const struct frame *a, const struct frame *b)
{
    return a->kind == b->kind && a->edition == b->edition && a->slide == b->slide &&
           a->page == b->page && sha256_equal(&a->file, &b->file) && a->fill == b->fill &&
           a->revision == b->revision && a->width == b->width && a->height == b->height;
}

bool frame_akin(const struct frame *a, const struct frame *b)
{
    return a->kind == b->kind && a->page == b->page && a->slide != NULL && b->slide != NULL &&
           strcmp(a->slide->id, b->slide->id) == 0;
}

struct strip_time frame_time(const struct manifest *manifest, int64_t wall_ms)
{
    int64_t local_ms = wall_ms + (int64_t)manifest_offset_s(manifest, wall_ms) * 1000;
    int64_t days = local_ms / CIVIL_DAY_MS;
    if (local_ms % CIVIL_DAY_MS < 0) {
        days--;
    }
    return (struct strip_time){days, (int)((local_ms - days * CIVIL_DAY_MS) / 60000)};
}

enum lang frame_lang(const struct manifest *manifest)
{
    enum lang lang = LANG_FR;
    if (manifest->screen.language_count > 0) {
        (void)lang_parse(manifest->screen.languages[0], &lang);
    }
    return lang;
}

/* Whole, in the middle, with room around it. */
static void draw_logo(const struct frame *frame, const struct slide_view *view,
                      struct canvas *canvas)
{
    struct error err;
    const struct image *image = view->pictures.load(view->pictures.context, &frame->file, &err);
    if (image == NULL) {
        return; /* the source has told of it */
    }
    int margin = (canvas->width < canvas->height ? canvas->width : canvas->height) / 10;
    double width = canvas->width - 2 * margin;
    double height = canvas->height - 2 * margin;
    double scale = width / image->width < height / image->height ? width / image->width
                                                                 : height / image->height;
    struct rect target = {.w = (int)(image->width * scale), .h = (int)(image->height * scale)};
    target.x = (canvas->width - target.w) / 2;
    target.y = (canvas->height - target.h) / 2;
    canvas_draw_image(canvas, image, (struct rectf){0, 0, image->width, image->height}, target, 0);
    view->pictures.release(view->pictures.context, image);
}

static void draw_news(const struct frame *frame, const struct slide_view *view,
                      struct canvas *canvas)
{
    const struct manifest *manifest = frame->edition->manifest;
    enum lang lang = frame_lang(manifest);
    const char *text = frame->slide != NULL ? slide_text(frame->slide, "title") : NULL;
    if (text != NULL) {
        strip_draw_news(view, text, lang, frame->page, canvas);
    } else {
        strip_draw_place(view, manifest->screen.name, lang, canvas);
    }
}

bool frame_draw(const struct frame *frame, const struct slide_view *view, struct canvas *canvas)
{
    switch (frame->kind) {
    case FRAME_SLIDE:
        return slide_view_draw(view, frame->slide, canvas, NULL);
    case FRAME_NEWS:
        draw_news(frame, view, canvas);
        return true;
    case FRAME_LOGO:
        canvas_fill(canvas, COLOR_RGB(frame->fill));
        draw_logo(frame, view, canvas);
        return true;
    case FRAME_FILM:
    case FRAME_EMPTY:
        canvas_fill(canvas, COLOR_RGB(frame->fill));
        return true;
    }
    return true;
}
