/* Turning blocks of pixels by quarter turns. Compiled with -O3. */
#ifndef VITRINE_PLAYER_DRAW_ROTATE_KERNELS_H
#define VITRINE_PLAYER_DRAW_ROTATE_KERNELS_H

#include <stdint.h>

/* Turns width × height pixels clockwise by 90, 180 or 270 degrees. Strides in pixels; the target is
 * height × width for 90 and 270. They must not overlap. */
void rotate_block(uint32_t *target, int target_stride, const uint32_t *source, int source_stride,
                  int width, int height, int rotation);

#endif
