#include "player/platform/window.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#ifdef SDL_VIDEO_DRIVER_X11
#include <X11/Xlib.h>
#endif

#define MOUSE_FINGER INT64_C(-1)
#define TOUCH_PUMP_NS INT64_C(15000000)
#define SEEN_PUMP_NS INT64_C(250000000)

struct window {
    SDL_Window *sdl;
    int connection; /* descriptor of the display server, -1: none */
    bool no_input;  /* a driver that never has events */
    bool pressed;   /* the mouse's left button */
    bool video;     /* SDL's video was started, and is ended with the last window */
};

static void set_hints(void)
{
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "0");
    SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
    /* A window surface must not go through a software OpenGL. */
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
}

static int connection_of(SDL_Window *sdl)
{
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (!SDL_GetWindowWMInfo(sdl, &info)) {
        return -1;
    }
#ifdef SDL_VIDEO_DRIVER_X11
    if (info.subsystem == SDL_SYSWM_X11) {
        return ConnectionNumber(info.info.x11.display);
    }
#endif
    return -1;
}

static bool draws_nowhere(void)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    return strcmp(driver, "dummy") == 0 || strcmp(driver, "offscreen") == 0;
}

struct window *window_create(const struct window_options *options, struct error *err)
{
    struct window *window = calloc(1, sizeof *window);
    if (window == NULL) {
        abort();
    }
    set_hints();
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
        error_set(err, ERROR_IO, "pas d’écran : %s (SDL_VIDEODRIVER choisit le pilote)",
                  "no display: %s (SDL_VIDEODRIVER chooses the driver)", SDL_GetError());
        goto fail;
    }
    window->video = true;
    /* SDL falls back on it by itself when, say, X is not up yet: nobody would ever see a picture.
     */
    if (draws_nowhere() && getenv("SDL_VIDEODRIVER") == NULL) {
        error_set(
            err, ERROR_IO,
            "pas d’écran : ni X11, ni Wayland, ni KMS ne répond (SDL_VIDEODRIVER choisit le "
            "pilote)",
            "no display: neither X11 nor Wayland nor KMS answers (SDL_VIDEODRIVER chooses the "
            "driver)");
        goto fail;
    }
    bool windowed = options->width > 0;
    SDL_Rect bounds = {0, 0, options->width, options->height};
    if (SDL_GetDisplayBounds(options->display, &bounds) != 0) {
        error_set(err, ERROR_NOT_FOUND, "pas d’écran numéro %d", "no display number %d",
                  options->display);
        goto fail;
    }
    window->sdl = SDL_CreateWindow("Vitrine", bounds.x + options->beside * options->width, bounds.y,
                                   windowed ? options->width : bounds.w,
                                   windowed ? options->height : bounds.h,
                                   windowed ? 0 : SDL_WINDOW_BORDERLESS);
    if (window->sdl == NULL) {
        error_set(err, ERROR_IO, "pas de fenêtre : %s", "no window: %s", SDL_GetError());
        goto fail;
    }
    if (!windowed) {
        SDL_ShowCursor(SDL_DISABLE);
    }
    window->connection = connection_of(window->sdl);
    window->no_input = draws_nowhere();
    return window;
fail:
    window_destroy(window);
    return NULL;
}

void window_destroy(struct window *window)
{
    if (window != NULL) {
        if (window->sdl != NULL) {
            SDL_DestroyWindow(window->sdl);
        }
        if (window->video) {
            SDL_QuitSubSystem(SDL_INIT_VIDEO);
        }
        free(window);
    }
}

struct SDL_Window *window_sdl(struct window *window)
{
    return window->sdl;
}

const char *window_driver(const struct window *window)
{
    (void)window;
    return SDL_GetCurrentVideoDriver();
}

int window_drm_fd(const struct window *window)
{
#if defined(SDL_VIDEO_DRIVER_KMSDRM) && SDL_VERSION_ATLEAST(2, 0, 16)
    SDL_SysWMinfo info;
    SDL_VERSION(&info.version);
    if (SDL_GetWindowWMInfo(window->sdl, &info) && info.subsystem == SDL_SYSWM_KMSDRM) {
        return info.info.kmsdrm.drm_fd;
    }
#endif
    (void)window;
    return -1;
}

static bool take_window(struct window *window, const SDL_WindowEvent *event,
                        struct window_event *out)
{
    switch (event->event) {
    case SDL_WINDOWEVENT_CLOSE:
        out->kind = WINDOW_CLOSED;
        return true;
    case SDL_WINDOWEVENT_EXPOSED:
        out->kind = WINDOW_EXPOSED;
        return true;
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        out->kind = WINDOW_RESIZED;
        return true;
    case SDL_WINDOWEVENT_FOCUS_LOST:
    case SDL_WINDOWEVENT_HIDDEN:
        if (window->pressed) {
            window->pressed = false;
            out->kind = WINDOW_TOUCH_CANCEL;
            out->finger = MOUSE_FINGER;
            return true;
        }
        return false;
    default:
        return false;
    }
}

static bool take_finger(struct window *window, const SDL_TouchFingerEvent *event,
                        enum window_event_kind kind, struct window_event *out)
{
    int width;
    int height;
    SDL_GetWindowSize(window->sdl, &width, &height);
    out->kind = kind;
    /* Two panels may number their fingers alike. */
    out->finger =
        (int64_t)(((uint64_t)event->touchId << 32) ^ (uint64_t)event->fingerId) & INT64_MAX;
    out->x = (int)(event->x * (float)width);
    out->y = (int)(event->y * (float)height);
    return true;
}

static bool take_mouse(struct window *window, const SDL_Event *event, struct window_event *out)
{
    out->finger = MOUSE_FINGER;
    if (event->type == SDL_MOUSEMOTION) {
        out->kind = WINDOW_TOUCH_MOVE;
        out->x = event->motion.x;
        out->y = event->motion.y;
        return window->pressed;
    }
    if (event->button.button != SDL_BUTTON_LEFT) {
        return false;
    }
    window->pressed = event->type == SDL_MOUSEBUTTONDOWN;
    out->kind = window->pressed ? WINDOW_TOUCH_DOWN : WINDOW_TOUCH_UP;
    out->x = event->button.x;
    out->y = event->button.y;
    return true;
}

static bool take_key(const SDL_KeyboardEvent *event, struct window_event *out)
{
    bool shift = (event->keysym.mod & KMOD_SHIFT) != 0;
    switch (event->keysym.sym) {
    case SDLK_DOWN:
        out->kind = WINDOW_KEY_DOWN;
        return true;
    case SDLK_RIGHT:
        out->kind = WINDOW_KEY_RIGHT;
        return true;
    case SDLK_UP:
        out->kind = WINDOW_KEY_UP;
        return true;
    case SDLK_LEFT:
        out->kind = WINDOW_KEY_LEFT;
        return true;
    case SDLK_TAB:
        out->kind = shift ? WINDOW_KEY_PREVIOUS : WINDOW_KEY_NEXT;
        return true;
    case SDLK_RETURN:
    case SDLK_KP_ENTER:
    case SDLK_SPACE:
        out->kind = WINDOW_KEY_ACTIVATE;
        return true;
    case SDLK_ESCAPE:
    case SDLK_BACKSPACE:
        out->kind = WINDOW_KEY_BACK;
        return true;
    default:
        return false;
    }
}

static bool take(struct window *window, const SDL_Event *event, struct window_event *out)
{
    memset(out, 0, sizeof *out);
    switch (event->type) {
    case SDL_QUIT:
        out->kind = WINDOW_CLOSED;
        return true;
    case SDL_RENDER_TARGETS_RESET:
    case SDL_RENDER_DEVICE_RESET:
        out->kind = WINDOW_EXPOSED;
        return true;
    case SDL_WINDOWEVENT:
        return take_window(window, &event->window, out);
    case SDL_FINGERDOWN:
        return take_finger(window, &event->tfinger, WINDOW_TOUCH_DOWN, out);
    case SDL_FINGERMOTION:
        return take_finger(window, &event->tfinger, WINDOW_TOUCH_MOVE, out);
    case SDL_FINGERUP:
        return take_finger(window, &event->tfinger, WINDOW_TOUCH_UP, out);
    case SDL_MOUSEMOTION:
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        return take_mouse(window, event, out);
    case SDL_KEYDOWN:
        return take_key(&event->key, out);
    default:
        return false;
    }
}

/* Which window it is for; those that name none are the first one's. */
static Uint32 window_id(const SDL_Event *event)
{
    switch (event->type) {
    case SDL_WINDOWEVENT:
        return event->window.windowID;
    case SDL_FINGERDOWN:
    case SDL_FINGERMOTION:
    case SDL_FINGERUP:
        return event->tfinger.windowID;
    case SDL_MOUSEMOTION:
        return event->motion.windowID;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        return event->button.windowID;
    case SDL_KEYDOWN:
        return event->key.windowID;
    default:
        return 0;
    }
}

bool window_next_event(struct window *const *windows, size_t count, size_t *index_out,
                       struct window_event *event_out)
{
    SDL_Event event;
    while (SDL_PollEvent(&event)) {
        size_t index = 0;
        while (index < count && SDL_GetWindowID(windows[index]->sdl) != window_id(&event)) {
            index++;
        }
        *index_out = index < count ? index : 0;
        if (take(windows[*index_out], &event, event_out)) {
            return true;
        }
    }
    return false;
}

void window_wait(struct window *window, const struct wake *wake, int64_t timeout_ns, bool touch)
{
    /* What the driver has read already would not make its descriptor readable. */
    SDL_PumpEvents();
    if (timeout_ns <= 0 || SDL_HasEvents(SDL_FIRSTEVENT, SDL_LASTEVENT)) {
        return;
    }
    if (window->connection < 0 && !window->no_input) {
        int64_t pump_ns = touch ? TOUCH_PUMP_NS : SEEN_PUMP_NS;
        timeout_ns = timeout_ns < pump_ns ? timeout_ns : pump_ns;
    }
    struct pollfd fds[] = {{.fd = wake->event_fd, .events = POLLIN},
                           {.fd = wake->signal_fd, .events = POLLIN},
                           {.fd = window->connection, .events = POLLIN}};
    struct timespec timeout = {.tv_sec = timeout_ns / 1000000000,
                               .tv_nsec = timeout_ns % 1000000000};
    ppoll(fds, sizeof fds / sizeof fds[0], &timeout, NULL);
}
