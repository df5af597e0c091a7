/* A canvas as the bytes of a PNG, whole or reduced, for previews. */
#ifndef VITRINE_PLAYER_DRAW_CANVAS_PNG_H
#define VITRINE_PLAYER_DRAW_CANVAS_PNG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/error.h"
#include "player/draw/canvas.h"

/* Reduced to `width` px where it is wider (0: never), by area averages. The bytes are freed with
 * free(). */
bool canvas_encode_png(const struct canvas *canvas, int width, void **bytes_out, size_t *length_out,
                       struct error *err) __attribute__((warn_unused_result));

#endif
