/* What the kiosk's map costs: making markers of very many organisations, drawing its ground, and a
 * frame while fingers drag or stretch it. Communes and organisations are made up: as many, and of
 * as many points, as the Métropole's. Prints one line a figure, CPU of the process. Usage:
 * map_bench [organisations] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "directory/directory.h"
#include "player/kiosk/kiosk_kit.h"
#include "player/kiosk/kiosk_map.h"
#include "player/kiosk/kiosk_places.h"

enum { COMMUNES = 71, COLUMNS = 9, POINTS = 48, ROUNDS = 20, FRAMES = 60, COUNT_MOST = 10000000 };

static struct directory_point points[COMMUNES][POINTS];
static struct directory_ring rings[COMMUNES];
static struct directory_commune communes[COMMUNES];
static const struct directory_commune_list list = {COMMUNES, communes};

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double chance(void)
{
    static uint32_t seed = 11;
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) / (double)(1 << 24);
}

/* A grid of ragged discs over 0.52° × 0.3°. */
static void make_communes(void)
{
    for (int i = 0; i < COMMUNES; i++) {
        double latitude = 49.27 + i / COLUMNS * 0.037, longitude = 0.8 + i % COLUMNS * 0.058;
        for (int j = 0; j < POINTS; j++) {
            double angle = 2 * M_PI * j / (POINTS - 1), radius = 0.02 + 0.003 * chance();
            points[i][j] = (struct directory_point){(float)(longitude + radius * 1.4 * cos(angle)),
                                                    (float)(latitude + radius * sin(angle))};
        }
        rings[i] = (struct directory_ring){POINTS, points[i]};
        communes[i] = (struct directory_commune){.name = "Saint-Martin-du-Vivier",
                                                 .latitude = latitude,
                                                 .longitude = longitude,
                                                 .ring_count = 1,
                                                 .rings = &rings[i]};
    }
}

static void bench_places(const float *lat_lon, const uint32_t *rows, uint32_t count)
{
    static const struct kiosk_projection projection = {49.4, 1.03};
    static const struct rectf area = {-22, -20, 44, 40};
    struct kiosk_places places = {0};
    double begin = cpu_ms(), worst = 0;
    for (int i = 0; i < ROUNDS; i++)
        if (!kiosk_places_set(&places, &projection, area, lat_lon, rows, count))
            exit(1);
    printf("places %u %.2f\n", count, (cpu_ms() - begin) / ROUNDS);
    for (int level = 0; level < KIOSK_PLACES_LEVELS; level++) {
        begin = cpu_ms();
        for (int i = 0; i < ROUNDS; i++) {
            places.level = -1;
            kiosk_places_cluster(&places, level);
        }
        worst = fmax(worst, (cpu_ms() - begin) / ROUNDS);
    }
    printf("clusters %u %.2f\n", count, worst);
    kiosk_places_finish(&places);
}

static void bench_frames(struct kiosk_map *map, const struct kiosk_kit *kit,
                         struct text_engine *text, struct canvas *canvas)
{
    double begin = cpu_ms();
    kiosk_map_draw(map, kit, text, canvas);
    printf("first %.2f\n", cpu_ms() - begin);
    begin = cpu_ms();
    for (int i = 0; i < FRAMES; i++)
        kiosk_map_draw(map, kit, text, canvas);
    printf("rest %.2f\n", (cpu_ms() - begin) / FRAMES);
    kiosk_map_zoom(map, 1, true, 0);
    kiosk_map_down(map, 1, 960, 540, 0);
    begin = cpu_ms();
    for (int i = 0; i < FRAMES; i++) {
        kiosk_map_move(map, 1, 960 - 5 * i, 540 - 3 * i, 16 * i);
        kiosk_map_draw(map, kit, text, canvas);
    }
    printf("drag %.2f\n", (cpu_ms() - begin) / FRAMES);
    kiosk_map_cancel(map);
    kiosk_map_zoom(map, 0, true, 0);
    kiosk_map_down(map, 1, 900, 540, 0);
    kiosk_map_down(map, 2, 1000, 540, 0);
    begin = cpu_ms();
    for (int i = 0; i < FRAMES; i++) {
        kiosk_map_move(map, 2, 1000 + 10 * i, 540, 16 * i);
        kiosk_map_draw(map, kit, text, canvas);
    }
    printf("pinch %.2f\n", (cpu_ms() - begin) / FRAMES);
    kiosk_map_cancel(map);
}

int main(int argc, char **argv)
{
    long wanted = argc > 1 ? strtol(argv[1], NULL, 10) : 100000;
    uint32_t count = (uint32_t)(wanted > 0 && wanted < COUNT_MOST ? wanted : COUNT_MOST);
    float *lat_lon = malloc(2 * (size_t)count * sizeof(*lat_lon));
    uint32_t *rows = malloc(count * sizeof(*rows));
    struct error err;
    struct text_engine *text = text_engine_create(VITRINE_SOURCE_DIR "/assets/fonts", &err);
    make_communes();
    struct kiosk_map *map = kiosk_map_create(&list);
    struct canvas *canvas = canvas_create(1920, 1080);
    if (lat_lon == NULL || rows == NULL || text == NULL || map == NULL || canvas == NULL)
        return 1;
    for (uint32_t i = 0; i < count; i++) {
        lat_lon[2 * (size_t)i] = (float)(49.26 + 0.28 * chance());
        lat_lon[2 * (size_t)i + 1] = (float)(0.79 + 0.49 * chance());
        rows[i] = i;
    }
    bench_places(lat_lon, rows, count);
    struct metrics metrics = metrics_make(1920, 1080, 1092, 600);
    struct kiosk_layout layout = kiosk_layout_make(&metrics, 800, (struct kiosk_modes){0});
    struct kiosk_kit kit = {&layout, kiosk_kit_theme(false), LANG_FR, 1, false};
    kiosk_map_place(map, (struct rect){0, 0, 1920, 1080}, &kit);
    if (!kiosk_map_set_rows(map, lat_lon, rows, count))
        return 1;
    bench_frames(map, &kit, text, canvas);
    canvas_destroy(canvas);
    kiosk_map_destroy(map);
    text_engine_destroy(text);
    free(rows);
    free(lat_lon);
    return 0;
}
