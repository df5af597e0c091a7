/* The windows, one a display, and their input. Main thread only. Coordinates are window pixels:
 * presenter_map_touch turns them into the picture's. */
#ifndef VITRINE_PLAYER_PLATFORM_WINDOW_H
#define VITRINE_PLAYER_PLATFORM_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "player/platform/wake.h"

struct SDL_Window;
struct window;

struct window_options {
    int width, height; /* 0: borderless, of the display's size, cursor hidden */
    int display;       /* from 0 */
    int beside;        /* windows of this size that stand left of it on the same display */
};

enum window_event_kind {
    WINDOW_CLOSED,
    WINDOW_EXPOSED, /* what the window showed is lost */
    WINDOW_RESIZED,
    WINDOW_TOUCH_DOWN,
    WINDOW_TOUCH_MOVE,
    WINDOW_TOUCH_UP,
    WINDOW_TOUCH_CANCEL,
    WINDOW_KEY_NEXT,
    WINDOW_KEY_PREVIOUS,
    WINDOW_KEY_UP,
    WINDOW_KEY_DOWN,
    WINDOW_KEY_LEFT,
    WINDOW_KEY_RIGHT,
    WINDOW_KEY_ACTIVATE,
    WINDOW_KEY_BACK,
};

struct window_event {
    enum window_event_kind kind;
    int64_t finger; /* the mouse's left button is a finger, too */
    int x, y;
};

struct window *window_create(const struct window_options *options, struct error *err)
    __attribute__((warn_unused_result));
void window_destroy(struct window *window); /* accepts NULL */

struct SDL_Window *window_sdl(struct window *window);
const char *window_driver(const struct window *window); /* "x11", "KMSDRM", "dummy"… */

/* The descriptor of the DRM device that SDL's KMSDRM driver draws on; -1: another driver. */
int window_drm_fd(const struct window *window);

/* Next event that matters to one of the windows; false when there is none now. */
bool window_next_event(struct window *const *windows, size_t count, size_t *index_out,
                       struct window_event *event_out);

/* Sleeps until input, wake or the time-out. On X11 it costs nothing while nothing happens; other
 * drivers have no descriptor and are looked at every 15 ms when `touch`, every 250 ms otherwise.
 * Any of the windows will do. */
void window_wait(struct window *window, const struct wake *wake, int64_t timeout_ns, bool touch);

#endif
