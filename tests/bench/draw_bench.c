/* What drawing costs: CPU a frame of every transition (photos, slides, every rotation) and of
 * films, text layout, picture decoding and memory. Prints one line a figure; CPU is the process's
 * own (CLOCK_PROCESS_CPUTIME_ID). Usage: draw_bench [photo.jpg photo.jpg] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <SDL.h>

#include "player/draw/image.h"
#include "player/draw/presenter.h"
#include "player/draw/text.h"
#include "player/draw/video_image.h"

enum { WIDTH = 1920, HEIGHT = 1080, FRAMES = 240 };

static double cpu_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void fail(const struct error *err)
{
    char text[1024];
    fprintf(stderr, "draw_bench: %s\n", error_text(err, LANG_EN, text, sizeof text));
    exit(1);
}

static struct canvas *photo_canvas(const struct image *image, int width, int height, bool mirrored)
{
    struct canvas *canvas = canvas_create(width, height);
    struct rectf crop =
        crop_to_focus(image->width, image->height, 0.5, mirrored ? 0.1 : 0.9, width, height);
    if (mirrored) /* another part, so that no pixel stays where it was */
        crop = (struct rectf){crop.x + crop.w / 4, crop.y, crop.w / 2, crop.h / 2};
    canvas_draw_image(canvas, image, crop, (struct rect){0, 0, width, height}, 0);
    return canvas;
}

/* A portrait slide as templates draw them: one background, a card, a photo, three texts. */
static struct canvas *slide_canvas(struct text_engine *engine, const struct image *image,
                                   const char *title, const char *story, double focus)
{
    struct canvas *canvas = canvas_create(WIDTH, HEIGHT);
    struct text_style head = {TEXT_EXTRABOLD, 60, 0, TEXT_START, 3, true};
    struct text_style body = {TEXT_REGULAR, 28, 0, TEXT_START, 0, false};
    struct text_layout *layout;
    canvas_fill(canvas, COLOR_RGB(0x0B1F3A));
    canvas_draw_image(canvas, image,
                      crop_to_focus(image->width, image->height, focus, focus, 760, 900),
                      (struct rect){90, 90, 760, 900}, 24);
    layout = text_layout_fit(engine, title, &head, 40, 880, 400, NULL);
    text_layout_draw(layout, canvas, 940, 120, COLOR_RGB(0xFFC845));
    text_layout_destroy(layout);
    layout = text_layout_create(engine, story, &body, 880);
    text_layout_draw(layout, canvas, 940, 480, COLOR_RGB(0xFFFFFF));
    text_layout_destroy(layout);
    return canvas;
}

static long memory_kb(const char *field)
{
    char line[256];
    long value = -1;
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, field, strlen(field)) == 0)
            value = strtol(line + strlen(field), NULL, 10);
    if (file)
        fclose(file);
    return value;
}

struct screen_bench {
    SDL_Window *window;
    struct presenter *presenter;
};

static struct screen_bench open_screen(int rotation)
{
    struct error err;
    bool upright = rotation % 180 == 0;
    struct screen_bench screen;
    screen.window = SDL_CreateWindow("draw_bench", 0, 0, upright ? WIDTH : HEIGHT,
                                     upright ? HEIGHT : WIDTH, SDL_WINDOW_BORDERLESS);
    screen.presenter = presenter_create(screen.window, PRESENTER_SURFACE, rotation, &err);
    if (!screen.presenter)
        fail(&err);
    return screen;
}

static void close_screen(struct screen_bench *screen)
{
    presenter_destroy(screen->presenter);
    SDL_DestroyWindow(screen->window);
}

/* With a pause, frames stand as far apart as on a screen: meanwhile other work takes the cache. */
static void bench_transition(enum transition_kind kind, const char *what,
                             const struct canvas *first, const struct canvas *second, int rotation,
                             unsigned pause_us)
{
    static const char *const names[] = {"fade", "cut", "slide", "wipe"};
    struct screen_bench screen = open_screen(rotation);
    double longest = 0;
    presenter_put(screen.presenter, first, (struct rect){0, 0, first->width, first->height}, 0, 0);
    presenter_flush(screen.presenter);
    double begin = cpu_ms();
    struct transition *transition = transition_create(screen.presenter, kind, first, second, 0, 0);
    for (bool more = true; more;) {
        double from = cpu_ms();
        more = transition_prepare(transition);
        double band = cpu_ms() - from;
        longest = band > longest ? band : longest;
    }
    transition_show(transition, 0);
    presenter_flush(screen.presenter);
    double first_frame = cpu_ms();
    for (int i = 1; i <= FRAMES; i++) {
        if (pause_us > 0)
            usleep(pause_us);
        transition_show(transition, i % 256 * (TRANSITION_STEPS / 256));
        presenter_flush(screen.presenter);
    }
    double end = cpu_ms();
    printf("%s %-28s %3d°  %.2f ms/frame, begin %.2f ms, longest band %.2f ms\n", names[kind], what,
           rotation, (end - first_frame) / FRAMES, first_frame - begin, longest);
    transition_destroy(transition);
    close_screen(&screen);
}

/* The first transition after start, none of it prepared, and the memory of a turned one. */
static void bench_unprepared(const struct canvas *first, const struct canvas *second, int rotation)
{
    enum { STEPS = 30 };
    struct screen_bench screen = open_screen(rotation);
    double longest = 0, begin = cpu_ms();
    struct transition *transition =
        transition_create(screen.presenter, TRANSITION_FADE, first, second, 0, 0);
    for (int i = 0; i <= STEPS; i++) {
        double from = cpu_ms();
        transition_show(transition, i * TRANSITION_STEPS / STEPS);
        presenter_flush(screen.presenter);
        double frame = cpu_ms() - from;
        longest = frame > longest ? frame : longest;
    }
    double end = cpu_ms();
    long during = memory_kb("Pss:");
    transition_destroy(transition);
    printf("fade %-28s %3d°  %.2f ms/frame, longest frame %.2f ms, Pss %ld kB, after it %ld kB\n",
           "not prepared", rotation, (end - begin) / (STEPS + 1), longest, during,
           memory_kb("Pss:"));
    close_screen(&screen);
}

enum { FILM_FRAMES = 4 };

static void bench_video(const char *what, int width, int height, enum video_format format,
                        struct rect target, int rotation, unsigned pause_us)
{
    size_t size = (size_t)width * (size_t)height * 3 / 2;
    uint8_t *frames[FILM_FRAMES];
    struct screen_bench screen = open_screen(rotation);
    for (int i = 0; i < FILM_FRAMES; i++) {
        frames[i] = malloc(size);
        for (size_t k = 0; k < size; k++)
            frames[i][k] = (uint8_t)(k * 7 + k / 1000 + (size_t)i * 50);
    }
    double begin = 0;
    for (int i = -FILM_FRAMES; i < FRAMES; i++) {
        const uint8_t *at = frames[(i + FILM_FRAMES) % FILM_FRAMES];
        const uint8_t *chroma = at + (size_t)width * (size_t)height;
        struct video_image image = {
            .width = width,
            .height = height,
            .format = format,
            .planes = {at, chroma, chroma + (size_t)width * (size_t)height / 4},
            .strides = {width, format == VIDEO_NV12 ? width : width / 2, width / 2},
            .matrix = VIDEO_BT709};
        if (i == 0)
            begin = cpu_ms();
        if (pause_us > 0)
            usleep(pause_us);
        presenter_put_video(screen.presenter, &image, (struct rectf){0, 0, width, height}, target);
        presenter_flush(screen.presenter);
    }
    printf("video %-28s %3d°  %.2f ms/frame\n", what, rotation, (cpu_ms() - begin) / FRAMES);
    for (int i = 0; i < FILM_FRAMES; i++)
        free(frames[i]);
    close_screen(&screen);
}

static void bench_videos(void)
{
    const struct rect all = {0, 0, WIDTH, HEIGHT}, zone = {0, 0, 1440, 810};
    bench_video("1080p, 60 a second", 1920, 1080, VIDEO_I420, all, 0, 16000);
    for (int rotation = 0; rotation < 360; rotation += 90)
        bench_video("1080p", 1920, 1080, VIDEO_I420, all, rotation, 0);
    bench_video("1080p NV12", 1920, 1080, VIDEO_NV12, all, 0, 0);
    bench_video("720p to 1080p, 60 a second", 1280, 720, VIDEO_I420, all, 0, 16000);
    bench_video("720p to 1080p", 1280, 720, VIDEO_I420, all, 0, 0);
    bench_video("1080p to 1440 × 810", 1920, 1080, VIDEO_I420, zone, 0, 0);
    bench_video("2160p to 1080p", 3840, 2160, VIDEO_I420, all, 0, 0);
}

static void bench_text(struct text_engine *engine)
{
    static const char sentence[] =
        "Depuis 2009, quinze salariés en insertion donnent une seconde vie à trois cents tonnes "
        "d’objets par an : meubles, vélos, livres, vaisselle et bien plus encore, dans un atelier "
        "ouvert à tous. ";
    enum { SENTENCES = 10, RUNS = 20 };
    char text[SENTENCES * sizeof sentence] = "";
    struct text_style style = {TEXT_REGULAR, 20, 0, TEXT_START, 0, false};
    for (int i = 0; i < SENTENCES; i++)
        strcat(text, sentence);
    text_layout_destroy(text_layout_create(engine, text, &style, 900));
    double begin = cpu_ms();
    for (int i = 0; i < RUNS; i++)
        text_layout_destroy(text_layout_create(engine, text, &style, 900));
    double laid_out = cpu_ms();
    style.cap_height = 60;
    style.balance = true;
    for (int i = 0; i < RUNS; i++)
        text_layout_destroy(text_layout_fit(engine, text, &style, 8, 900, 900, NULL));
    printf("text 320 words: layout %.2f ms, fit and balance %.2f ms\n", (laid_out - begin) / RUNS,
           (cpu_ms() - laid_out) / RUNS);
}

int main(int argc, char **argv)
{
    struct error err;
    const char *paths[2] = {argc > 1 ? argv[1]
                                     : VITRINE_SOURCE_DIR "/assets/demo/photos/ressourcerie.jpg",
                            argc > 2 ? argv[2] : NULL};
    SDL_setenv("SDL_FRAMEBUFFER_ACCELERATION", "0", 1);
    if (SDL_Init(SDL_INIT_VIDEO) != 0) {
        fprintf(stderr, "draw_bench: %s\n", SDL_GetError());
        return 1;
    }
    printf("video driver %s\n", SDL_GetCurrentVideoDriver());
    struct text_engine *engine = text_engine_create(VITRINE_SOURCE_DIR "/assets/fonts", &err);
    if (!engine)
        fail(&err);
    printf("memory with text, no picture: Pss %ld kB\n", memory_kb("Pss:"));
    double begin = cpu_ms();
    struct image *first = image_load(paths[0], &err);
    double decoded = cpu_ms();
    if (!first)
        fail(&err);
    printf("decode %d × %d: %.1f ms\n", first->width, first->height, decoded - begin);
    struct image *second = paths[1] ? image_load(paths[1], &err) : first;
    if (!second)
        fail(&err);
    begin = cpu_ms();
    struct canvas *photo_a = photo_canvas(first, WIDTH, HEIGHT, false);
    printf("draw photo to 1920 × 1080: %.1f ms\n", cpu_ms() - begin);
    struct canvas *photo_b = photo_canvas(second, WIDTH, HEIGHT, second == first);
    begin = cpu_ms();
    struct canvas *slide_a = slide_canvas(
        engine, first, "La ressourcerie de l’Œuvre, où rien ne se perd !",
        "Quinze salariés en insertion donnent une seconde vie à 300 tonnes d’objets.", 0.5);
    printf("draw slide: %.1f ms\n", cpu_ms() - begin);
    struct canvas *slide_b = slide_canvas(
        engine, second, "Le café des familles ouvre samedi",
        "Un lieu pour souffler, cuisiner et jouer ensemble, au cœur du quartier.", 0.2);
    bench_transition(TRANSITION_FADE, "two photos, 60 a second", photo_a, photo_b, 0, 16000);
    for (int rotation = 0; rotation < 360; rotation += 90)
        bench_transition(TRANSITION_FADE, "two photos", photo_a, photo_b, rotation, 0);
    bench_transition(TRANSITION_FADE, "two slides", slide_a, slide_b, 0, 0);
    bench_transition(TRANSITION_FADE, "two slides", slide_a, slide_b, 90, 0);
    bench_transition(TRANSITION_FADE, "a slide and itself", slide_a, slide_a, 0, 0);
    for (enum transition_kind kind = TRANSITION_CUT; kind <= TRANSITION_WIPE; kind++) {
        bench_transition(kind, "two photos, 60 a second", photo_a, photo_b, 0, 16000);
        for (int rotation = 0; rotation < 180; rotation += 90)
            bench_transition(kind, "two photos", photo_a, photo_b, rotation, 0);
        bench_transition(kind, "two slides", slide_a, slide_b, 0, 0);
    }
    for (int rotation = 0; rotation < 180; rotation += 90)
        bench_unprepared(photo_a, photo_b, rotation);
    bench_videos();
    bench_text(engine);
    printf("memory at the end: Pss %ld kB\n", memory_kb("Pss:"));
    canvas_destroy(photo_a);
    canvas_destroy(photo_b);
    canvas_destroy(slide_a);
    canvas_destroy(slide_b);
    if (second != first)
        image_destroy(second);
    image_destroy(first);
    text_engine_destroy(engine);
    SDL_Quit();
    return 0;
}
