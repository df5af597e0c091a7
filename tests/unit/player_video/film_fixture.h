/* Films made for a test: each frame carries its number as sixteen black and white bars, so that
 * what is shown can be told from what should be. The ffmpeg command makes them, in a folder of the
 * test's own. */
#ifndef VITRINE_TESTS_FILM_FIXTURE_H
#define VITRINE_TESTS_FILM_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "player/video/video.h"

extern char **environ;

enum { BARS = 16, FILM_WIDTH = 320, FILM_HEIGHT = 180, FILM_RATE = 30 };

static char film_folder[64];

static inline const char *film_path(char *buf, size_t size, const char *name)
{
    snprintf(buf, size, "%s/%s", film_folder, name);
    return buf;
}

/* Group setup and teardown. */
static inline int films_setup(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    snprintf(film_folder, sizeof film_folder, "/tmp/vitrine-films-XXXXXX");
    return mkdtemp(film_folder) ? 0 : -1;
}

static inline int films_teardown(void **state)
{
    (void)state;
    DIR *folder = opendir(film_folder);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", film_folder, entry->d_name);
        unlink(path);
    }
    if (folder) {
        closedir(folder);
    }
    return rmdir(film_folder);
}

/* The frame's number as bars, above noise that gives the coder something to code. */
static inline void film_bars(uint8_t *luma, int width, int height, int number)
{
    for (int x = 0; x < width; x++) {
        luma[x] = (number >> (x * BARS / width) & 1) != 0 ? 235 : 16;
    }
    for (int y = 1; y < height; y++) {
        memcpy(luma + (size_t)y * (size_t)width, luma, (size_t)width);
    }
    uint32_t noise = (uint32_t)number + 1;
    for (size_t i = (size_t)width * (size_t)(height * 3 / 4); i < (size_t)width * (size_t)height;
         i++) {
        noise = noise * 1664525 + 1013904223;
        luma[i] = (uint8_t)(100 + (noise >> 26));
    }
}

struct film {
    int frames, width, height, rate; /* 0: the fixture's */
    const char *arguments;           /* of ffmpeg, after the input; blanks separate */
};

static inline bool write_all(int fd, const void *bytes, size_t length)
{
    const char *next = bytes;
    while (length > 0) {
        ssize_t written = write(fd, next, length);
        if (written <= 0) {
            return false;
        }
        next += written;
        length -= (size_t)written;
    }
    return true;
}

static inline void write_y4m(int fd, const struct film *film)
{
    size_t luma = (size_t)film->width * (size_t)film->height;
    size_t chroma = (size_t)((film->width + 1) / 2) * (size_t)((film->height + 1) / 2);
    uint8_t *frame = malloc(luma + 2 * chroma);
    char head[128];
    int length = snprintf(head, sizeof head, "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420mpeg2\n",
                          film->width, film->height, film->rate);
    bool ok = write_all(fd, head, (size_t)length);
    memset(frame + luma, 128, 2 * chroma);
    for (int i = 0; ok && i < film->frames; i++) {
        film_bars(frame, film->width, film->height, i);
        ok = write_all(fd, "FRAME\n", 6) && write_all(fd, frame, luma + 2 * chroma);
    }
    free(frame);
}

/* Runs ffmpeg; `film` may be NULL when the arguments name an input of their own. */
static inline bool run_ffmpeg(const char *arguments, const struct film *film, const char *output)
{
    char copy[1024];
    char *argv[64] = {"ffmpeg", "-hide_banner", "-loglevel", "error", "-y"};
    int argc = 5, ends[2], status = -1;
    pid_t pid;
    if (film) {
        argv[argc++] = "-i";
        argv[argc++] = "pipe:0";
    }
    snprintf(copy, sizeof copy, "%s", arguments);
    char *rest = copy;
    for (char *word; (word = strtok_r(rest, " ", &rest)) && argc < 60;) {
        argv[argc++] = word;
    }
    argv[argc++] = (char *)output;
    if (pipe(ends) != 0) {
        return false;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    bool started = posix_spawnp(&pid, "ffmpeg", &actions, NULL, argv, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    if (started && film) {
        write_y4m(ends[1], film);
    }
    close(ends[1]);
    return started && waitpid(pid, &status, 0) == pid && status == 0;
}

/* Makes film_folder/name once; the test is skipped where there is no ffmpeg command. */
static inline const char *film_make(char *path, size_t size, const char *name, struct film film)
{
    film_path(path, size, name);
    if (access(path, F_OK) == 0) {
        return path;
    }
    film.frames = film.frames ? film.frames : 150;
    film.width = film.width ? film.width : FILM_WIDTH;
    film.height = film.height ? film.height : FILM_HEIGHT;
    film.rate = film.rate ? film.rate : FILM_RATE;
    const char *arguments =
        film.arguments ? film.arguments
                       : "-c:v libx264 -preset veryfast -g 60 -bf 2 -pix_fmt yuv420p -movflags "
                         "+faststart";
    if (!run_ffmpeg(arguments, &film, path)) {
        if (run_ffmpeg("-version", NULL, "-nostdin")) {
            fail_msg("ffmpeg cannot make %s with %s", name, arguments);
        }
        print_message("no ffmpeg command: test left out\n");
        skip();
    }
    return path;
}

/* The number that the frame carries; -1 when its bars are not clear. */
static inline int film_number(const struct video_image *image)
{
    int number = 0;
    const uint8_t *row = image->planes[0] + (ptrdiff_t)(image->height / 2) * image->strides[0];
    for (int i = 0; i < BARS; i++) {
        int luma = row[(2 * i + 1) * image->width / (2 * BARS)];
        if (luma > 64 && luma < 192) {
            return -1;
        }
        number |= (luma > 128) << i;
    }
    return number;
}

static inline int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static inline void sleep_us(int64_t us)
{
    struct timespec time = {us / 1000000, us % 1000000 * 1000};
    nanosleep(&time, NULL);
}

static inline struct video *film_open(const char *path, int64_t from_us)
{
    struct error err;
    struct video_options options = {.from_us = from_us};
    struct video *video = video_open(path, &options, &err);
    assert_non_null(video);
    return video;
}

/* Asks until the frame of this position is there; its number. The clock stands meanwhile. Fails the
 * test after five seconds. */
static inline int film_await(struct video *video, int64_t position_us)
{
    const struct video_image *image = NULL;
    int64_t due = (position_us + 500) * FILM_RATE / 1000000;
    for (int64_t begin = now_us(); now_us() - begin < 5000000; sleep_us(500)) {
        video_frame(video, position_us, &image);
        enum video_state state = video_state(video);
        if (state == VIDEO_FAILED) {
            fail_msg("%s", video_error(video)->en);
        }
        if (image && (state == VIDEO_ENDED || film_number(image) == due)) {
            return film_number(image);
        }
    }
    fail_msg("at %.3f s frame %d stays", (double)position_us / 1e6,
             image ? film_number(image) : -1);
    return -1;
}

static inline int64_t position_of(int frame)
{
    return frame * 1000000LL / FILM_RATE;
}

/* Plays frame by frame; every frame of the film shows, once, in order. */
static inline void play_through(struct video *video, int from, int frames)
{
    for (int i = from; i < frames; i++) {
        int shown = film_await(video, position_of(i));
        if (shown != i) {
            fail_msg("frame %d shows at the time of frame %d", shown, i);
        }
    }
}

/* Waits for the film to fail, which must not take long; the error. */
static inline const struct error *film_await_failure(struct video *video)
{
    const struct video_image *image = NULL;
    int64_t position_us = 0;
    for (int64_t begin = now_us(); now_us() - begin < 3000000; sleep_us(500)) {
        if (video_state(video) == VIDEO_FAILED) {
            return video_error(video);
        }
        video_frame(video, position_us, &image);
        int64_t next_us = video_next_us(video);
        position_us = next_us == INT64_MAX ? position_us : next_us;
    }
    fail_msg("no failure; at %.3f s in state %d", (double)position_us / 1e6, video_state(video));
    return NULL;
}

#endif
