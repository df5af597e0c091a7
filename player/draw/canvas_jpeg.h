/* A canvas as a JPEG, for screenshots. */
#ifndef VITRINE_PLAYER_DRAW_CANVAS_JPEG_H
#define VITRINE_PLAYER_DRAW_CANVAS_JPEG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"
#include "player/draw/canvas.h"

/* Shrunk so that its longer side is at most `side` px. The bytes, at most `limit` of them, are
 * freed with free(). */
bool canvas_encode_jpeg(const struct canvas *canvas, int side, size_t limit, void **bytes_out,
                        size_t *length_out, struct error *err) __attribute__((warn_unused_result));

#endif
