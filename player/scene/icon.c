#include "player/scene/icon.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define GRID 24.0
#define SIZE_MAX_PX 1024
#define HALF_STROKE 1.0 /* units */
#define NEAR                                                                                       \
    3.0 /* units from which a distance need not be exact: a pixel of the smallest icon             \
           is less */

enum stroke_kind { STROKE_END, STROKE_LINE, STROKE_ARC, STROKE_DISC };

/* A line from (a, b) to (c, d); an arc around (a, b) of radius r from c to d degrees, clockwise
 * from the right; a disc around (a, b) of radius r. In units. */
struct stroke {
    enum stroke_kind kind;
    double a, b, c, d, r;
};

/* clang-format off */
#define L(x1, y1, x2, y2) {STROKE_LINE, x1, y1, x2, y2, 0}
#define A(x, y, radius, from, to) {STROKE_ARC, x, y, from, to, radius}
#define O(x, y, radius) {STROKE_ARC, x, y, 0, 360, radius}
#define D(x, y, radius) {STROKE_DISC, x, y, 0, 0, radius}

#define STROKES_MAX 15
static const struct stroke icons[ICONS][STROKES_MAX + 1] = {
    [ICON_BACK] = {L(4, 12, 20, 12), L(4, 12, 11, 5), L(4, 12, 11, 19)},
    [ICON_HOME] = {L(3, 11.5, 12, 4), L(12, 4, 21, 11.5), L(5.5, 10, 5.5, 20), L(18.5, 10, 18.5, 20),
                   L(5.5, 20, 18.5, 20), L(12, 15, 12, 20)},
    [ICON_SEARCH] = {O(10.5, 10.5, 6.5), L(15.4, 15.4, 20.5, 20.5)},
    [ICON_CLOSE] = {L(6, 6, 18, 18), L(18, 6, 6, 18)},
    [ICON_UP] = {L(5, 15.5, 12, 8.5), L(12, 8.5, 19, 15.5)},
    [ICON_DOWN] = {L(5, 8.5, 12, 15.5), L(12, 15.5, 19, 8.5)},
    [ICON_RIGHT] = {L(9, 5, 16, 12), L(16, 12, 9, 19)},
    [ICON_PIN] = {A(12, 9.5, 6.5, 150, 390), L(6.37, 12.75, 12, 21), L(17.63, 12.75, 12, 21),
                  D(12, 9.5, 2.1)},
    [ICON_PHONE] = {L(8, 3, 16, 3), A(16, 4.5, 1.5, 270, 360), L(17.5, 4.5, 17.5, 19.5),
                    A(16, 19.5, 1.5, 0, 90), L(16, 21, 8, 21), A(8, 19.5, 1.5, 90, 180),
                    L(6.5, 19.5, 6.5, 4.5), A(8, 4.5, 1.5, 180, 270), D(12, 17.6, 1.2)},
    [ICON_MAIL] = {L(4.5, 5.5, 19.5, 5.5), A(19.5, 7, 1.5, 270, 360), L(21, 7, 21, 17),
                   A(19.5, 17, 1.5, 0, 90), L(19.5, 18.5, 4.5, 18.5), A(4.5, 17, 1.5, 90, 180),
                   L(3, 17, 3, 7), A(4.5, 7, 1.5, 180, 270), L(3.6, 6.6, 12, 13), L(12, 13, 20.4, 6.6)},
    [ICON_WEB] = {O(12, 12, 9), L(3, 12, 21, 12), A(19.5, 12, 11.5, 129, 231), A(4.5, 12, 11.5, -51, 51)},
    [ICON_CLOCK] = {O(12, 12, 9), L(12, 6.8, 12, 12), L(12, 12, 15.6, 14.2)},
    [ICON_PERSON] = {O(12, 7.6, 4.2), A(12, 21, 7.8, 180, 360)},
    [ICON_CALENDAR] = {L(5.5, 5.5, 18.5, 5.5), A(18.5, 7, 1.5, 270, 360), L(20, 7, 20, 19),
                       A(18.5, 19, 1.5, 0, 90), L(18.5, 20.5, 5.5, 20.5), A(5.5, 19, 1.5, 90, 180),
                       L(4, 19, 4, 7), A(5.5, 7, 1.5, 180, 270), L(4, 10.5, 20, 10.5), L(8, 3, 8, 7),
                       L(16, 3, 16, 7), D(8.4, 14, 1.25), D(12, 14, 1.25), D(15.6, 14, 1.25)},
    [ICON_TICKET] = {O(12, 12, 9), A(13.2, 12, 4.2, 55, 305), L(7, 10.7, 12.6, 10.7), L(7, 13.3, 12, 13.3)},
    [ICON_INFO] = {O(12, 12, 9.4), L(12, 11, 12, 17), D(12, 7.2, 1.5)},
    [ICON_WORKS] = {L(12, 3, 21.5, 19.5), L(21.5, 19.5, 2.5, 19.5), L(2.5, 19.5, 12, 3), D(12, 9.2, 1.4),
                    L(11.6, 11.4, 9.4, 16.4), L(11.4, 12.2, 14.4, 14), L(14.4, 14, 15.2, 16.4)},
    [ICON_BICYCLE] = {O(5.8, 15.6, 4), O(18.2, 15.6, 4), L(5.8, 15.6, 9, 9.2), L(9, 9.2, 16, 9.2),
                      L(18.2, 15.6, 15, 5.8), L(15, 5.8, 17.8, 5.8), L(5.8, 15.6, 11.6, 15.6),
                      L(11.6, 15.6, 16, 9.2), L(11.6, 15.6, 8.2, 6.8), L(6.8, 6.8, 9.8, 6.8)},
    [ICON_ACCESS] = {O(12, 12, 9.8), D(12, 6.8, 1.7), L(7.4, 10, 16.6, 10), L(12, 10, 12, 13.6),
                     L(12, 13.6, 9.4, 18.2), L(12, 13.6, 14.6, 18.2)},
    [ICON_HEART] = {A(7.7, 9.1, 4.4, 142, 346), A(16.3, 9.1, 4.4, 194, 398), L(4.23, 11.8, 12, 20),
                    L(19.77, 11.8, 12, 20)},
    [ICON_MEGAPHONE] = {L(4, 9.5, 8.5, 9.5), L(8.5, 9.5, 17, 4.5), L(17, 4.5, 17, 19), L(17, 19, 8.5, 14.5),
                        L(8.5, 14.5, 4, 14.5), L(4, 14.5, 4, 9.5), L(6.6, 14.5, 8, 20), L(8, 20, 10.4, 20),
                        L(10.4, 20, 9.4, 15), A(17, 11.8, 3.2, -62, 62)},
    [ICON_WARNING] = {L(12, 3, 21.8, 20), L(21.8, 20, 2.2, 20), L(2.2, 20, 12, 3), L(12, 9.4, 12, 13.8),
                      D(12, 17, 1.4)},
    [ICON_FOOD] = {L(7, 3.5, 7, 20.5), L(4, 3.5, 4, 8), L(10, 3.5, 10, 8), A(7, 8, 3, 0, 180),
                   L(17.5, 3.5, 17.5, 20.5), A(17.5, 8.5, 3.6, 110, 250), L(16.27, 5.1, 17.5, 3.5),
                   L(16.27, 11.9, 17.5, 13)},
    [ICON_BUILDING] = {L(3, 20.5, 21, 20.5), L(5, 20.5, 5, 10), L(5, 10, 11.5, 10), L(11.5, 20.5, 11.5, 3.5),
                       L(11.5, 3.5, 19, 3.5), L(19, 3.5, 19, 20.5), D(8.2, 13.4, 1.1), D(8.2, 17, 1.1),
                       D(15.3, 7.4, 1.1), D(15.3, 11.2, 1.1), D(15.3, 15, 1.1)},
    [ICON_CULTURE] = {L(9, 17.5, 9, 5.5), L(9, 5.5, 20, 3.5), L(20, 3.5, 20, 15.5), O(6.4, 17.5, 2.6),
                      O(17.4, 15.5, 2.6), L(9, 9.5, 20, 7.5)},
    [ICON_LEAF] = {A(17.285, 15.785, 11.5, 168.9, 281.1), A(8.215, 6.715, 11.5, -11.1, 101.1),
                   L(3.5, 20.5, 13.6, 10.4)},
    [ICON_SCREEN] = {L(4.5, 4.5, 19.5, 4.5), A(19.5, 6, 1.5, 270, 360), L(21, 6, 21, 14.5),
                     A(19.5, 14.5, 1.5, 0, 90), L(19.5, 16, 4.5, 16), A(4.5, 14.5, 1.5, 90, 180),
                     L(3, 14.5, 3, 6), A(4.5, 6, 1.5, 180, 270), L(12, 16, 12, 20.5), L(8, 20.5, 16, 20.5),
                     L(9.6, 8, 7.4, 10.2), L(7.4, 10.2, 9.6, 12.4), L(14.4, 8, 16.6, 10.2),
                     L(16.6, 10.2, 14.4, 12.4)},
    [ICON_THREAD] = {O(6.2, 17.8, 2.8), O(17.8, 17.8, 2.8), L(7.8, 15.5, 16.6, 3.5), L(16.2, 15.5, 7.4, 3.5)},
    [ICON_HANDS] = {O(8.8, 8, 3.4), A(8.8, 20.5, 6, 180, 360), A(16, 8.4, 3, -130, 130),
                    A(15.6, 20.5, 5.6, 285, 360)},
    [ICON_HEALTH] = {O(12, 12, 9.4), L(12, 7.5, 12, 16.5), L(7.5, 12, 16.5, 12)},
    [ICON_BOOK] = {L(12, 6.4, 12, 20), A(7.6, 12.6, 7.6, 233, 305), L(3, 6.5, 3, 18.4),
                   A(7.6, 26.2, 9, 239, 299), A(16.4, 12.6, 7.6, 235, 307), L(21, 6.5, 21, 18.4),
                   A(16.4, 26.2, 9, 241, 301)},
    [ICON_HOUSE] = {L(3, 11.5, 12, 4), L(12, 4, 21, 11.5), L(5.5, 10, 5.5, 20), L(18.5, 10, 18.5, 20),
                    L(5.5, 20, 18.5, 20), A(10.2, 12.7, 1.85, 145, 335), A(13.8, 12.7, 1.85, 205, 395),
                    L(8.7, 13.8, 12, 17.2), L(15.3, 13.8, 12, 17.2)},
    [ICON_COIN] = {O(12, 12, 9.4), A(13.2, 12, 4.4, 55, 305), L(6.8, 10.6, 12.6, 10.6),
                   L(6.8, 13.4, 12, 13.4)},
    [ICON_LOOP] = {A(12, 12, 8.2, 195, 335), A(12, 12, 8.2, 15, 155), L(20, 4.2, 19.43, 8.53),
                   L(19.43, 8.53, 15.2, 8.2), L(4, 19.8, 4.57, 15.47), L(4.57, 15.47, 8.8, 15.8)},
    [ICON_BOLT] = {L(13.4, 2.8, 5, 13.4), L(5, 13.4, 11.4, 13.4), L(11.4, 13.4, 10.6, 21.2),
                   L(10.6, 21.2, 19, 10.6), L(19, 10.6, 12.6, 10.6), L(12.6, 10.6, 13.4, 2.8)},
    [ICON_STEPS] = {L(3, 20.5, 8.5, 20.5), L(8.5, 20.5, 8.5, 16), L(8.5, 16, 14, 16), L(14, 16, 14, 11.5),
                    L(14, 11.5, 20.5, 11.5), L(6, 11, 13, 4), L(8.2, 3.8, 13.2, 3.8), L(13.2, 3.8, 13.2, 8.8)},
    [ICON_PLAY] = {O(12, 12, 9.4), L(10, 8.2, 16, 12), L(16, 12, 10, 15.8), L(10, 15.8, 10, 8.2)},
    [ICON_CHECK] = {L(5, 12.5, 10, 17.5), L(10, 17.5, 19.5, 7)},
    [ICON_DOOR] = {L(6, 21, 6, 3.5), L(6, 3.5, 18, 3.5), L(18, 3.5, 18, 21), L(3, 21, 21, 21),
                   D(14.4, 12.4, 1.3)},
    [ICON_TOUCH] = {A(10, 6.5, 5, 135, 405), A(10, 6.5, 1.7, 180, 360), L(8.3, 6.5, 8.3, 15.5),
                    L(11.7, 6.5, 11.7, 12), L(8.3, 15.5, 5.5, 13.8), L(5.5, 13.8, 4.4, 15.3),
                    L(4.4, 15.3, 9.2, 21.5), L(9.2, 21.5, 17.6, 21.5), L(17.6, 21.5, 19.2, 14.2),
                    L(19.2, 14.2, 11.7, 12)},
    [ICON_FILTER] = {L(4, 6, 20, 6), L(7, 12, 17, 12), L(10, 18, 14, 18)},
    [ICON_LIST] = {D(4.5, 6, 1.4), D(4.5, 12, 1.4), D(4.5, 18, 1.4), L(9, 6, 20, 6), L(9, 12, 20, 12),
                   L(9, 18, 20, 18)},
    [ICON_PLUS] = {L(12, 5, 12, 19), L(5, 12, 19, 12)},
    [ICON_MINUS] = {L(5, 12, 19, 12)},
    [ICON_SPEAKER] = {L(4, 9.5, 7.5, 9.5), L(7.5, 9.5, 12, 5.5), L(12, 5.5, 12, 18.5),
                      L(12, 18.5, 7.5, 14.5), L(7.5, 14.5, 4, 14.5), L(4, 14.5, 4, 9.5),
                      A(12, 12, 4, -50, 50), A(12, 12, 8, -50, 50)},
    [ICON_LOWER] = {L(12, 3, 12, 15), L(12, 15, 7, 10), L(12, 15, 17, 10), L(4, 20, 20, 20)},
    [ICON_LARGER] = {L(2.5, 19, 8.5, 4), L(8.5, 4, 14.5, 19), L(5, 13.5, 12, 13.5), L(19, 8, 19, 16),
                     L(15.5, 12, 22.5, 12)},
    [ICON_CONTRAST] = {O(12, 12, 9), A(12, 12, 6.6, -90, 90), A(12, 12, 4.4, -90, 90),
                       A(12, 12, 2.2, -90, 90), L(12, 3, 12, 21)},
};

static const struct {
    const char *name;
    enum icon icon;
} names[] = {
    {"info", ICON_INFO},           {"travaux", ICON_WORKS},
    {"horaires", ICON_CLOCK},      {"velo", ICON_BICYCLE},
    {"accessibilite", ICON_ACCESS}, {"merci", ICON_HEART},
    {"appel", ICON_MEGAPHONE},     {"urgence", ICON_WARNING},
    {"emergency", ICON_WARNING},   {"calendrier", ICON_CALENDAR},
    {"alimentation", ICON_FOOD},   {"batiment", ICON_BUILDING},
    {"culture", ICON_CULTURE},     {"environnement", ICON_LEAF},
    {"numerique", ICON_SCREEN},    {"mobilite", ICON_BICYCLE},
    {"textile", ICON_THREAD},      {"services", ICON_HANDS},
    {"sante", ICON_HEALTH},        {"education", ICON_BOOK},
    {"habitat", ICON_HOUSE},       {"finance", ICON_COIN},
    {"reemploi", ICON_LOOP},       {"energie", ICON_BOLT},
    {"insertion", ICON_STEPS},     {"lieu", ICON_PIN},
    {"telephone", ICON_PHONE},     {"courriel", ICON_MAIL},
    {"web", ICON_WEB},             {"billet", ICON_TICKET},
    {"personne", ICON_PERSON},     {"porte", ICON_DOOR},
    {"film", ICON_PLAY},           {"coche", ICON_CHECK},
};
/* clang-format on */

enum icon icon_by_name(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(names[i].name, name) == 0) {
            return names[i].icon;
        }
    }
    return ICON_NONE;
}

static double distance_to_line(const struct stroke *line, double x, double y)
{
    double dx = line->c - line->a, dy = line->d - line->b;
    double along = ((x - line->a) * dx + (y - line->b) * dy) / (dx * dx + dy * dy);
    along = fmin(fmax(along, 0.0), 1.0);
    return hypot(x - line->a - along * dx, y - line->b - along * dy);
}

static double distance_to_end(const struct stroke *arc, double degrees, double dx, double dy)
{
    double at = degrees * M_PI / 180.0;
    return hypot(dx - arc->r * cos(at), dy - arc->r * sin(at));
}

static double distance_to_arc(const struct stroke *arc, double x, double y)
{
    double dx = x - arc->a, dy = y - arc->b;
    double beside = fabs(hypot(dx, dy) - arc->r);
    if (beside > NEAR) {
        return beside;
    }
    double angle = atan2(dy, dx) * 180.0 / M_PI;
    while (angle < arc->c) {
        angle += 360.0;
    }
    if (angle <= arc->d) {
        return beside;
    }
    return fmin(distance_to_end(arc, arc->c, dx, dy), distance_to_end(arc, arc->d, dx, dy));
}

/* How far the point is from the ink, in units; negative inside. Exact where it is small. */
static double distance_to(const struct stroke *stroke, double x, double y)
{
    switch (stroke->kind) {
    case STROKE_LINE:
        return distance_to_line(stroke, x, y) - HALF_STROKE;
    case STROKE_ARC:
        return distance_to_arc(stroke, x, y) - HALF_STROKE;
    case STROKE_DISC:
        return hypot(x - stroke->a, y - stroke->b) - stroke->r;
    case STROKE_END:
        break;
    }
    return GRID;
}

/* The pixels that a stroke may touch, as [from, until) of columns (or rows). */
static void reach(const struct stroke *stroke, bool rows, int size, int *from_out, int *until_out)
{
    double middle = rows ? stroke->b : stroke->a, around = stroke->r + HALF_STROKE;
    double low = middle - around, high = middle + around;
    if (stroke->kind == STROKE_LINE) {
        double other = rows ? stroke->d : stroke->c;
        low = fmin(middle, other) - HALF_STROKE;
        high = fmax(middle, other) + HALF_STROKE;
    }
    *from_out = (int)fmax(floor(low * size / GRID) - 1, 0);
    *until_out = (int)fmin(ceil(high * size / GRID) + 1, size);
}

static void draw_stroke(const struct stroke *stroke, uint8_t *mask, int size)
{
    double unit = GRID / size;
    int left, right, top, bottom;
    reach(stroke, false, size, &left, &right);
    reach(stroke, true, size, &top, &bottom);
    for (int row = top; row < bottom; row++) {
        uint8_t *line = mask + (size_t)row * (size_t)size;
        for (int column = left; column < right; column++) {
            double distance = distance_to(stroke, (column + 0.5) * unit, (row + 0.5) * unit);
            double coverage = fmin(fmax(0.5 - distance / unit, 0.0), 1.0);
            uint8_t ink = (uint8_t)lround(coverage * 255.0);
            line[column] = ink > line[column] ? ink : line[column];
        }
    }
}

void icon_draw(struct canvas *canvas, enum icon icon, int x, int y, int size, color fill)
{
    size = size > SIZE_MAX_PX ? SIZE_MAX_PX : size;
    uint8_t *mask = size > 0 ? calloc((size_t)size, (size_t)size) : NULL;
    if (mask == NULL || icon == ICON_NONE) {
        free(mask);
        return;
    }
    for (const struct stroke *stroke = icons[icon]; stroke->kind != STROKE_END; stroke++) {
        draw_stroke(stroke, mask, size);
    }
    canvas_draw_mask(canvas, mask, size, size, size, x, y, fill);
    free(mask);
}
