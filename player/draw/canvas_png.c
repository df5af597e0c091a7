#include "player/draw/canvas_png.h"

#include <SDL.h>
#include <SDL_image.h>
#include <stdint.h>
#include <stdlib.h>

#include "player/draw/image.h"

#define OVERHEAD ((size_t)64 * 1024) /* of what cannot be compressed: chunks and filters */

static bool encode(const struct canvas *canvas, void **bytes_out, size_t *length_out,
                   struct error *err)
{
    size_t limit = (size_t)canvas->width * (size_t)canvas->height * 4 + OVERHEAD;
    void *bytes = malloc(limit);
    SDL_Surface *view =
        SDL_CreateRGBSurfaceWithFormatFrom(canvas->pixels, canvas->width, canvas->height, 32,
                                           canvas->stride * 4, SDL_PIXELFORMAT_XRGB8888);
    SDL_Surface *rgb =
        view != NULL ? SDL_ConvertSurfaceFormat(view, SDL_PIXELFORMAT_RGB24, 0) : NULL;
    SDL_RWops *stream = bytes != NULL ? SDL_RWFromMem(bytes, (int)limit) : NULL;
    bool ok = rgb != NULL && stream != NULL && IMG_SavePNG_RW(rgb, stream, 0) == 0;
    Sint64 length = ok ? SDL_RWtell(stream) : 0;
    if (stream != NULL) {
        SDL_RWclose(stream);
    }
    SDL_FreeSurface(rgb);
    SDL_FreeSurface(view);
    if (!ok || length <= 0) {
        free(bytes);
        return error_set(err, ERROR_LIMIT, "image non codée en PNG : %s",
                         "picture not encoded as PNG: %s", SDL_GetError());
    }
    *bytes_out = bytes;
    *length_out = (size_t)length;
    return true;
}

bool canvas_encode_png(const struct canvas *canvas, int width, void **bytes_out, size_t *length_out,
                       struct error *err)
{
    if (width <= 0 || width >= canvas->width) {
        return encode(canvas, bytes_out, length_out, err);
    }
    int height = (int)(((int64_t)canvas->height * width + canvas->width / 2) / canvas->width);
    struct canvas *small = canvas_create(width, height > 0 ? height : 1);
    if (small == NULL) {
        return error_set(err, ERROR_LIMIT, "mémoire insuffisante pour une image",
                         "not enough memory for a picture");
    }
    struct image image = {canvas->pixels, canvas->stride, canvas->height, true};
    canvas_draw_image(small, &image, (struct rectf){0, 0, canvas->width, canvas->height},
                      (struct rect){0, 0, small->width, small->height}, 0);
    bool ok = encode(small, bytes_out, length_out, err);
    canvas_destroy(small);
    return ok;
}
