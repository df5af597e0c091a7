#include "player/kiosk/kiosk_icon.h"

#include <math.h>
#include <string.h>

#define GRID 24.0
#define SIZE_MAX_PX 256
#define STROKE 1.15 /* half width, in units of the grid */

/* A stroke from a to b; with r > 0 the arc of radius r around a from angle b.x to b.y (degrees,
 * clockwise from the right); `solid` discs ignore b. */
struct stroke {
    double ax, ay, bx, by, r;
    bool solid;
};

#define LINE(ax, ay, bx, by)                                                                       \
    {                                                                                              \
        ax, ay, bx, by, 0, false                                                                   \
    }
#define ARC(x, y, r, from, to)                                                                     \
    {                                                                                              \
        x, y, from, to, r, false                                                                   \
    }
#define DISC(x, y, r)                                                                              \
    {                                                                                              \
        x, y, 0, 0, r, true                                                                        \
    }

#define STROKES_MAX 12
static const struct stroke icons[KIOSK_ICONS][STROKES_MAX] = {
    [KIOSK_ICON_BACK] = {LINE(4, 12, 20, 12), LINE(4, 12, 11, 5), LINE(4, 12, 11, 19)},
    [KIOSK_ICON_HOME] = {LINE(3, 11.5, 12, 4), LINE(12, 4, 21, 11.5), LINE(5.5, 10, 5.5, 20),
                         LINE(18.5, 10, 18.5, 20), LINE(5.5, 20, 18.5, 20), LINE(12, 14.5, 12, 20)},
    [KIOSK_ICON_LANGUAGE] = {ARC(12, 12, 9, 0, 360), LINE(3, 12, 21, 12),
                             ARC(19.5, 12, 11.5, 129, 231), ARC(4.5, 12, 11.5, -51, 51)},
    [KIOSK_ICON_ACCESS] = {ARC(12, 12, 10.3, 0, 360), DISC(12, 6.4, 1.9), LINE(6.8, 10, 17.2, 10),
                           LINE(12, 10, 12, 13.5), LINE(12, 13.5, 9, 18.6),
                           LINE(12, 13.5, 15, 18.6)},
    [KIOSK_ICON_UP] = {LINE(5, 15.5, 12, 8.5), LINE(12, 8.5, 19, 15.5)},
    [KIOSK_ICON_DOWN] = {LINE(5, 8.5, 12, 15.5), LINE(12, 15.5, 19, 8.5)},
    [KIOSK_ICON_RIGHT] = {LINE(9, 5, 16, 12), LINE(16, 12, 9, 19)},
    [KIOSK_ICON_CLOSE] = {LINE(6, 6, 18, 18), LINE(18, 6, 6, 18)},
    [KIOSK_ICON_CHECK] = {LINE(5, 12.5, 10, 17.5), LINE(10, 17.5, 19.5, 7)},
    [KIOSK_ICON_PIN] = {ARC(12, 9.5, 6.5, 150, 390), LINE(6.4, 12.75, 12, 21),
                        LINE(17.6, 12.75, 12, 21), DISC(12, 9.5, 2.2)},
    [KIOSK_ICON_PHONE] = {LINE(7, 3, 17, 3), LINE(17, 3, 17, 21), LINE(17, 21, 7, 21),
                          LINE(7, 21, 7, 3), DISC(12, 17.8, 1.3)},
    [KIOSK_ICON_MAIL] = {LINE(3, 6, 21, 6), LINE(21, 6, 21, 18), LINE(21, 18, 3, 18),
                         LINE(3, 18, 3, 6), LINE(3, 6.5, 12, 13), LINE(12, 13, 21, 6.5)},
    [KIOSK_ICON_CLOCK] = {ARC(12, 12, 9, 0, 360), LINE(12, 7, 12, 12), LINE(12, 12, 15.5, 14)},
    [KIOSK_ICON_DOOR] = {LINE(6, 21, 6, 3.5), LINE(6, 3.5, 18, 3.5), LINE(18, 3.5, 18, 21),
                         LINE(3, 21, 21, 21), DISC(14.4, 12.4, 1.3)},
    [KIOSK_ICON_TOUCH] = {ARC(10, 6.5, 5, 135, 405), ARC(10, 6.5, 1.7, 180, 360),
                          LINE(8.3, 6.5, 8.3, 15.5), LINE(11.7, 6.5, 11.7, 12),
                          LINE(8.3, 15.5, 5.5, 13.8), LINE(5.5, 13.8, 4.4, 15.3),
                          LINE(4.4, 15.3, 9.2, 21.5), LINE(9.2, 21.5, 17.6, 21.5),
                          LINE(17.6, 21.5, 19.2, 14.2), LINE(19.2, 14.2, 11.7, 12)},
    [KIOSK_ICON_LOW] = {LINE(12, 3, 12, 15), LINE(12, 15, 7, 10), LINE(12, 15, 17, 10),
                        LINE(4, 20, 20, 20)},
    [KIOSK_ICON_LARGE] = {LINE(2.5, 19, 8.5, 4), LINE(8.5, 4, 14.5, 19), LINE(5, 13.5, 12, 13.5),
                          LINE(19, 8, 19, 16), LINE(15.5, 12, 22.5, 12)},
    [KIOSK_ICON_CONTRAST] = {ARC(12, 12, 9, 0, 360), ARC(12, 12, 6.6, -90, 90),
                             ARC(12, 12, 4.4, -90, 90), ARC(12, 12, 2.2, -90, 90),
                             LINE(12, 3, 12, 21)},
};

static double distance_to_line(const struct stroke *stroke, double x, double y)
{
    double dx = stroke->bx - stroke->ax, dy = stroke->by - stroke->ay;
    double length = dx * dx + dy * dy;
    double t = ((x - stroke->ax) * dx + (y - stroke->ay) * dy) / length;
    t = fmin(fmax(t, 0.0), 1.0);
    return hypot(x - stroke->ax - t * dx, y - stroke->ay - t * dy);
}

static double distance_to_arc(const struct stroke *stroke, double x, double y)
{
    double dx = x - stroke->ax, dy = y - stroke->ay;
    double angle = atan2(dy, dx) * 180.0 / M_PI;
    while (angle < stroke->bx)
        angle += 360.0;
    if (angle <= stroke->by)
        return fabs(hypot(dx, dy) - stroke->r);
    double nearest = INFINITY;
    for (int end = 0; end < 2; end++) {
        double at = (end == 0 ? stroke->bx : stroke->by) * M_PI / 180.0;
        nearest = fmin(nearest, hypot(dx - stroke->r * cos(at), dy - stroke->r * sin(at)));
    }
    return nearest;
}

/* How far the point is from the ink, in units; negative inside. */
static double distance_to(const struct stroke *stroke, double x, double y)
{
    if (stroke->solid)
        return hypot(x - stroke->ax, y - stroke->ay) - stroke->r;
    if (stroke->r > 0.0)
        return distance_to_arc(stroke, x, y) - STROKE;
    return distance_to_line(stroke, x, y) - STROKE;
}

static bool is_end(const struct stroke *stroke)
{
    return stroke->ax == 0.0 && stroke->ay == 0.0;
}

void kiosk_icon_draw(struct canvas *canvas, enum kiosk_icon icon, int x, int y, int size,
                     color fill)
{
    if (icon == KIOSK_ICON_NONE || size <= 0)
        return;
    if (size > SIZE_MAX_PX)
        size = SIZE_MAX_PX;
    uint8_t mask[SIZE_MAX_PX * SIZE_MAX_PX];
    double unit = GRID / size;
    for (int row = 0; row < size; row++) {
        for (int column = 0; column < size; column++) {
            double nearest = GRID;
            for (int i = 0; i < STROKES_MAX && !is_end(&icons[icon][i]); i++)
                nearest = fmin(nearest, distance_to(&icons[icon][i], (column + 0.5) * unit,
                                                    (row + 0.5) * unit));
            double coverage = fmin(fmax(0.5 - nearest / unit, 0.0), 1.0);
            mask[row * size + column] = (uint8_t)lround(coverage * 255.0);
        }
    }
    canvas_draw_mask(canvas, mask, size, size, size, x, y, fill);
}
