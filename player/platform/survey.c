#include "player/platform/survey.h"

#include <SDL.h>
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/input.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "player/draw/presenter.h"

/* --- Displays --- */

static void list_drivers(char *text, size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < SDL_GetNumVideoDrivers() && used < size; i++) {
        const char *name = SDL_GetVideoDriver(i);
        if (strcmp(name, "dummy") != 0 && strcmp(name, "offscreen") != 0 &&
            strcmp(name, "evdev") != 0) {
            int written = snprintf(text + used, size - used, "%s%s", used > 0 ? " " : "", name);
            used += written > 0 ? (size_t)written : 0;
        }
    }
}

static void try_presenter(struct survey_display *display)
{
    SDL_Window *window = SDL_CreateWindow("Vitrine", 0, 0, 64, 64, SDL_WINDOW_HIDDEN);
    struct presenter *presenter =
        window != NULL ? presenter_create(window, PRESENTER_AUTO, 0, NULL) : NULL;
    if (presenter != NULL) {
        snprintf(display->presenter, sizeof display->presenter, "%s", presenter_name(presenter));
    }
    presenter_destroy(presenter);
    if (window != NULL) {
        SDL_DestroyWindow(window);
    }
}

bool survey_display(int index, bool windows, struct survey_display *display_out, struct error *err)
{
    SDL_DisplayMode mode;
    memset(display_out, 0, sizeof *display_out);
    SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    list_drivers(display_out->tried, sizeof display_out->tried);
    /* Without this SDL falls back on a driver that shows nothing; and libwayland complains on
     * standard error where there is no session. */
    if (getenv("SDL_VIDEODRIVER") == NULL) {
        SDL_SetHint(SDL_HINT_VIDEODRIVER,
                    getenv("XDG_RUNTIME_DIR") != NULL ? "wayland,x11,KMSDRM" : "x11,KMSDRM");
    }
    if (SDL_Init(SDL_INIT_VIDEO) != 0) {
        return error_set(err, ERROR_IO, "%s", "%s", SDL_GetError());
    }
    bool ok = true;
    snprintf(display_out->driver, sizeof display_out->driver, "%s", SDL_GetCurrentVideoDriver());
    display_out->count = SDL_GetNumVideoDisplays();
    if (SDL_GetDesktopDisplayMode(index, &mode) != 0) {
        ok = error_set(err, ERROR_NOT_FOUND, "il n’y a pas d’écran numéro %d",
                       "there is no display number %d", index);
    } else {
        display_out->width = mode.w;
        display_out->height = mode.h;
        display_out->refresh = mode.refresh_rate;
        if (windows || strcmp(display_out->driver, "KMSDRM") != 0) {
            try_presenter(display_out);
        }
    }
    SDL_Quit();
    return ok;
}

/* --- Devices --- */

/* Whether a device is of the kind, and its name; the descriptor is -1 when it cannot be opened. */
typedef bool (*device_test)(const char *entry, int fd, char *name, size_t size);

static void note_denied(const char *path, struct survey_devices *devices)
{
    struct stat status;
    if (devices->denied[0] != '\0' || stat(path, &status) != 0) {
        return;
    }
    const struct group *group = getgrgid(status.st_gid);
    snprintf(devices->denied, sizeof devices->denied, "%s", path);
    snprintf(devices->group, sizeof devices->group, "%s", group != NULL ? group->gr_name : "");
}

static void survey(const char *folder, const char *prefix, device_test test,
                   struct survey_devices *devices)
{
    char path[80];
    char name[80] = "";
    memset(devices, 0, sizeof *devices);
    DIR *entries = opendir(folder);
    if (entries == NULL) {
        return;
    }
    for (const struct dirent *entry = readdir(entries); entry != NULL; entry = readdir(entries)) {
        if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%.40s", folder, entry->d_name);
        int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (test == NULL || test(entry->d_name, fd, name, sizeof name)) {
            devices->count++;
            if (fd < 0) {
                note_denied(path, devices);
            } else if (devices->usable++ == 0) {
                snprintf(devices->name, sizeof devices->name, "%s", name);
            }
        }
        if (fd >= 0) {
            close(fd);
        }
    }
    closedir(entries);
}

void survey_render_nodes(struct survey_devices *devices_out)
{
    survey("/dev/dri", "renderD", NULL, devices_out);
}

void survey_cards(struct survey_devices *devices_out)
{
    survey("/dev/dri", "card", NULL, devices_out);
}

/* Whether a bitmap of /sys, words of long in hexadecimal with the lowest last, has the bit. */
static bool has_bit(char *text, unsigned bit)
{
    const unsigned word_bits = 8 * sizeof(unsigned long);
    text[strcspn(text, "\n")] = '\0';
    for (unsigned skip = bit / word_bits; skip > 0; skip--) {
        char *space = strrchr(text, ' ');
        if (space == NULL) {
            return false;
        }
        *space = '\0';
    }
    const char *space = strrchr(text, ' ');
    return (strtoul(space != NULL ? space + 1 : text, NULL, 16) >> bit % word_bits & 1) != 0;
}

/* From /sys, which everybody may read. */
static bool is_touch(const char *entry, int fd, char *name, size_t size)
{
    char path[128];
    char text[256] = "";
    snprintf(path, sizeof path, "/sys/class/input/%.40s/device/capabilities/abs", entry);
    FILE *stream = fopen(path, "re");
    if (stream == NULL) {
        return false;
    }
    bool touch = fgets(text, sizeof text, stream) != NULL && has_bit(text, ABS_MT_POSITION_X);
    fclose(stream);
    if (fd >= 0 && ioctl(fd, EVIOCGNAME(size), name) < 0) {
        name[0] = '\0';
    }
    return touch;
}

void survey_touch(struct survey_devices *devices_out)
{
    survey("/dev/input", "event", is_touch, devices_out);
}

static bool is_decoder(const char *entry, int fd, char *name, size_t size)
{
    struct v4l2_capability capability;
    (void)entry;
    if (fd < 0) {
        return true; /* it may be one */
    }
    memset(&capability, 0, sizeof capability);
    if (ioctl(fd, VIDIOC_QUERYCAP, &capability) != 0) {
        return false;
    }
    snprintf(name, size, "%.31s", (const char *)capability.card);
    return (capability.device_caps & (V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE)) != 0;
}

void survey_decoders(struct survey_devices *devices_out)
{
    survey("/dev", "video", is_decoder, devices_out);
}
