/* What a film costs: played at its pace for some seconds into a window, each frame at its time.
 * Prints name=value lines: CPU a frame (the whole process; and the part of the drawing thread),
 * time to the first frame, frames dropped, memory. CPU is the process's own; what an X server does
 * with the pixels is not in it. Usage: video_bench film [seconds [decode]]; "decode" draws nothing.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <SDL.h>

#include "player/draw/presenter.h"
#include "player/video/video.h"

static double ms_of(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void fail(const struct error *err)
{
    char text[1024];
    fprintf(stderr, "video_bench: %s\n", error_text(err, LANG_EN, text, sizeof text));
    exit(1);
}

static long memory_kib(void)
{
    char line[256];
    long value = -1;
    FILE *file = fopen("/proc/self/smaps_rollup", "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, "Pss:", 4) == 0)
            value = strtol(line + 4, NULL, 10);
    if (file)
        fclose(file);
    return value;
}

static void handle_wake(void *context)
{
    uint64_t one = 1;
    ssize_t written = write(*(int *)context, &one, sizeof one);
    (void)written;
}

/* Until the next frame is due, or the bell rings. */
static void wait_for_frame(struct video *video, int bell, double position_ms)
{
    int64_t next_us = video_next_us(video);
    struct pollfd poll_fd = {bell, POLLIN, 0};
    double wait_ms = next_us == INT64_MAX ? 100 : (double)next_us / 1e3 - position_ms;
    uint64_t rings;
    if (wait_ms <= 0)
        return;
    struct timespec timeout = {(time_t)(wait_ms / 1e3),
                               (long)((wait_ms - 1e3 * (double)(long)(wait_ms / 1e3)) * 1e6)};
    if (ppoll(&poll_fd, 1, &timeout, NULL) > 0) {
        ssize_t got = read(bell, &rings, sizeof rings);
        (void)got;
    }
}

static void put(struct presenter *presenter, struct video *video, const struct video_image *image)
{
    int width, height;
    presenter_size(presenter, &width, &height);
    presenter_put_video(presenter, image, video_crop(video, image, 0.5, 0.5, width, height),
                        (struct rect){0, 0, width, height});
    presenter_flush(presenter);
}

int main(int argc, char **argv)
{
    struct error err;
    if (argc < 2) {
        fprintf(stderr, "usage: video_bench film [seconds [decode]]\n");
        return 2;
    }
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 10;
    bool draws = argc < 4;
    SDL_setenv("SDL_FRAMEBUFFER_ACCELERATION", "0", 1);
    if (SDL_Init(SDL_INIT_VIDEO) != 0) {
        fprintf(stderr, "video_bench: %s\n", SDL_GetError());
        return 1;
    }
    SDL_Window *window = SDL_CreateWindow("video_bench", 0, 0, 1920, 1080, SDL_WINDOW_BORDERLESS);
    struct presenter *presenter = presenter_create(window, PRESENTER_SURFACE, 0, &err);
    if (!presenter)
        fail(&err);
    long before_kib = memory_kib();
    int bell = eventfd(0, 0);
    const struct video_image *image = NULL;
    double opened = ms_of(CLOCK_MONOTONIC);
    struct video_options options = {.wake = handle_wake, .context = &bell};
    struct video *video = video_open(argv[1], &options, &err);
    if (!video)
        fail(&err);
    while (!video_frame(video, 0, &image)) {
        if (video_state(video) == VIDEO_FAILED)
            fail(video_error(video));
        wait_for_frame(video, bell, 0);
    }
    if (draws)
        put(presenter, video, image);
    double start = ms_of(CLOCK_MONOTONIC);
    double cpu = ms_of(CLOCK_PROCESS_CPUTIME_ID), own = ms_of(CLOCK_THREAD_CPUTIME_ID);
    double latest = 0;
    for (double position = 0; position < seconds * 1e3;) {
        position = ms_of(CLOCK_MONOTONIC) - start;
        double due = (double)video_next_us(video) / 1e3;
        if (video_frame(video, (int64_t)(position * 1e3), &image)) {
            if (draws)
                put(presenter, video, image);
            double late = ms_of(CLOCK_MONOTONIC) - start - due;
            latest = late > latest ? late : latest;
        }
        if (video_state(video) == VIDEO_FAILED)
            fail(video_error(video));
        if (video_state(video) == VIDEO_ENDED)
            break;
        wait_for_frame(video, bell, ms_of(CLOCK_MONOTONIC) - start);
    }
    cpu = ms_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    own = ms_of(CLOCK_THREAD_CPUTIME_ID) - own;
    struct video_figures figures;
    video_figures(video, &figures);
    double frames = (double)figures.shown;
    printf("video_driver=%s\n", SDL_GetCurrentVideoDriver());
    printf("video_first_frame_ms=%.1f\n", start - opened);
    printf("video_cpu_ms_per_frame=%.2f\n", cpu / frames);
    printf("video_draw_ms_per_frame=%.2f\n", own / frames);
    printf("video_frames=%lld\n", (long long)figures.shown);
    printf("video_dropped=%lld\n", (long long)figures.dropped);
    printf("video_latest_ms=%.1f\n", latest);
    printf("video_memory_kib=%ld\n", memory_kib() - before_kib);
    printf("video_process_kib=%ld\n", memory_kib());
    video_close(video);
    presenter_destroy(presenter);
    SDL_DestroyWindow(window);
    SDL_Quit();
    close(bell);
    return 0;
}
