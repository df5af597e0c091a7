#include "player/kiosk/kiosk_skyline.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define UNITS_WIDE 120.0
#define UNITS_HIGH 34.0
#define WATER_UNITS 3.0
#define SAMPLES 4

/* Silhouettes from left to right, in units of 1/120 of the picture's width: x, width, height, and
 * the height of the gable or spire on top. */
static const struct silhouette {
    short x, width, height, spire;
} silhouettes[] = {
    {0, 4, 5, 2},    {4, 3, 7, 2},    {7, 4, 6, 3},   {11, 3, 8, 2},  {14, 5, 5, 2},
    {19, 3, 9, 2},   {22, 4, 6, 3},   {26, 3, 7, 2},  {31, 3, 15, 3}, /* Saint-Maclou */
    {29, 7, 7, 2},   {36, 4, 6, 2},   {40, 3, 8, 3},  {43, 18, 9, 3}, /* the cathedral's nave, */
    {44, 4, 15, 2},  {50, 4, 14, 15}, {57, 4, 16, 3},                 /* its towers and spire */
    {61, 4, 7, 2},   {65, 3, 6, 3},   {68, 4, 8, 2},  {72, 5, 14, 0}, /* Saint-Ouen's crown */
    {73, 3, 17, 2},  {70, 11, 7, 2},  {81, 4, 6, 2},  {85, 3, 7, 3},  {88, 4, 5, 2},
    {96, 2, 18, 0},  {94, 6, 3, 0}, /* Gustave-Flaubert bridge */
    {108, 2, 18, 0}, {106, 6, 3, 0},  {92, 28, 2, 0}, {95, 4, 17, 0}, {107, 4, 17, 0},
};

/* Height of the roofs above the quay at x, in units. */
static double roof_at(double x)
{
    double highest = 0.0;
    for (size_t i = 0; i < sizeof(silhouettes) / sizeof(silhouettes[0]); i++) {
        const struct silhouette *shape = &silhouettes[i];
        double from_axis = fabs(x - shape->x - shape->width / 2.0) / (shape->width / 2.0);
        if (from_axis <= 1.0)
            highest = fmax(highest, shape->height + shape->spire * (1.0 - from_axis));
    }
    return highest;
}

static uint32_t shade(uint32_t color, double coverage)
{
    uint32_t alpha = (uint32_t)lround(fmin(fmax(coverage, 0.0), 1.0) * 255.0);
    return (color & 0x00FFFFFFu) | alpha << 24;
}

/* One column of pixels: each one's share below the roofs, from four samples across it. */
static void draw_column(struct image *image, int x, double unit, uint32_t walls, uint32_t water)
{
    int quay = (int)(image->height - WATER_UNITS * unit);
    double roofs[SAMPLES];
    for (int i = 0; i < SAMPLES; i++)
        roofs[i] = quay - roof_at(fmod((x + (i + 0.5) / SAMPLES) / unit, UNITS_WIDE)) * unit;
    for (int y = 0; y < image->height; y++) {
        double coverage = 0.0;
        for (int i = 0; i < SAMPLES; i++)
            coverage += fmin(fmax(y + 1.0 - roofs[i], 0.0), 1.0) / SAMPLES;
        image->pixels[(size_t)y * (size_t)image->width + (size_t)x] =
            y >= quay ? shade(water, 1.0) : shade(walls, coverage);
    }
}

struct image *kiosk_skyline_create(int width, int height_max, uint32_t walls, uint32_t water)
{
    double unit = fmin(width / UNITS_WIDE, height_max / UNITS_HIGH);
    int height = (int)(UNITS_HIGH * unit);
    if (width <= 0 || height <= 0 || width > IMAGE_SIDE_MAX || height > IMAGE_SIDE_MAX)
        return NULL;
    struct image *image = calloc(1, sizeof(*image));
    uint32_t *pixels = calloc((size_t)width * (size_t)height, sizeof(*pixels));
    if (image == NULL || pixels == NULL) {
        free(image);
        free(pixels);
        return NULL;
    }
    *image = (struct image){.pixels = pixels, .width = width, .height = height};
    for (int x = 0; x < width; x++)
        draw_column(image, x, unit, walls, water);
    return image;
}

void kiosk_skyline_destroy(struct image *skyline)
{
    if (skyline == NULL)
        return;
    free(skyline->pixels);
    free(skyline);
}
