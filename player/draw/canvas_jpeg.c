#include "player/draw/canvas_jpeg.h"

#include <SDL.h>
#include <SDL_image.h>
#include <stdlib.h>
#include <string.h>

#include "player/draw/image.h"

#define QUALITY 82

static bool encode(const struct canvas *canvas, size_t limit, void **bytes_out, size_t *length_out,
                   struct error *err)
{
    void *bytes = malloc(limit);
    SDL_Surface *surface =
        SDL_CreateRGBSurfaceWithFormatFrom(canvas->pixels, canvas->width, canvas->height, 32,
                                           canvas->stride * 4, SDL_PIXELFORMAT_RGB888);
    SDL_RWops *stream = bytes != NULL ? SDL_RWFromMem(bytes, (int)limit) : NULL;
    bool ok = surface != NULL && stream != NULL && IMG_SaveJPG_RW(surface, stream, 0, QUALITY) == 0;
    Sint64 length = ok ? SDL_RWtell(stream) : 0;
    if (stream != NULL) {
        SDL_RWclose(stream);
    }
    SDL_FreeSurface(surface);
    if (!ok || length <= 0 || (size_t)length >= limit) {
        free(bytes);
        return error_set(err, ERROR_LIMIT, "image non codée en JPEG : %s",
                         "picture not encoded as JPEG: %s", SDL_GetError());
    }
    *bytes_out = bytes;
    *length_out = (size_t)length;
    return true;
}

bool canvas_encode_jpeg(const struct canvas *canvas, int side, size_t limit, void **bytes_out,
                        size_t *length_out, struct error *err)
{
    int longer = canvas->width > canvas->height ? canvas->width : canvas->height;
    if (longer <= side) {
        return encode(canvas, limit, bytes_out, length_out, err);
    }
    double scale = (double)side / longer;
    int width = (int)(canvas->width * scale);
    int height = (int)(canvas->height * scale);
    struct canvas *small = canvas_create(width > 0 ? width : 1, height > 0 ? height : 1);
    if (small == NULL) {
        return error_set(err, ERROR_LIMIT, "mémoire insuffisante pour une copie d’écran",
                         "not enough memory for a screenshot");
    }
    struct image image = {canvas->pixels, canvas->stride, canvas->height, true};
    canvas_draw_image(small, &image, (struct rectf){0, 0, canvas->width, canvas->height},
                      (struct rect){0, 0, small->width, small->height}, 0);
    bool ok = encode(small, limit, bytes_out, length_out, err);
    canvas_destroy(small);
    return ok;
}
