/* until_pixel X Y RRGGBB SECONDS PROGRAM [ARGUMENT…]: milliseconds from just before fork and exec of
 * the program until the pixel of the X display has about that colour (within 12 a channel, so that
 * what a film's coding changes does not matter); then ends it with SIGTERM. The same measure for any
 * program that shows a picture. Exit code 1 when the colour does not come in time. */
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TOLERANCE 12

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static bool near(unsigned long a, unsigned long b)
{
    for (int shift = 0; shift <= 16; shift += 8) {
        int difference = (int)((a >> shift) & 0xFF) - (int)((b >> shift) & 0xFF);
        if (difference < -TOLERANCE || difference > TOLERANCE) {
            return false;
        }
    }
    return true;
}

static bool shows(Display *display, int x, int y, unsigned long colour)
{
    XImage *image = XGetImage(display, DefaultRootWindow(display), x, y, 1, 1, AllPlanes, ZPixmap);
    if (image == NULL) {
        return false;
    }
    bool found = near(XGetPixel(image, 0, 0), colour);
    XDestroyImage(image);
    return found;
}

int main(int argc, char **argv)
{
    if (argc < 6) {
        fprintf(stderr, "usage: until_pixel X Y RRGGBB SECONDS PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    int x = (int)strtol(argv[1], NULL, 10), y = (int)strtol(argv[2], NULL, 10);
    unsigned long colour = strtoul(argv[3], NULL, 16);
    Display *display = XOpenDisplay(NULL);
    if (display == NULL || shows(display, x, y, colour)) {
        fprintf(stderr, "until_pixel: no display, or the pixel has that colour already\n");
        return 2;
    }
    double began_ms = now_ms();
    double until_ms = began_ms + strtod(argv[4], NULL) * 1e3;
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        execvp(argv[5], argv + 5);
        _exit(127);
    }
    bool found = false;
    while (!found && now_ms() < until_ms) {
        found = shows(display, x, y, colour);
        if (!found) {
            nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        }
    }
    double took_ms = now_ms() - began_ms;
    kill(-pid, SIGTERM);
    waitpid(pid, NULL, 0);
    XCloseDisplay(display);
    if (found) {
        printf("%.1f\n", took_ms);
    }
    return found ? 0 : 1;
}
