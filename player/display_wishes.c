/* What the server wants of a display: a picture of it, that it says which one it is, that the
 * player starts anew. */
#include <stdlib.h>

#include "core/log.h"
#include "playlists/enrolment.h"
#include "player/display_private.h"
#include "player/stage/identify.h"

#define IDENTIFY_NS (INT64_C(60) * 1000000000)

static struct canvas *draw_identification(const struct display *display, int number)
{
    const struct manifest_screen *screen =
        display->current != NULL ? &display->current->manifest->screen : NULL;
    const struct options *options = display->shared->options;
    char code[ENROLMENT_CODE_SIZE] = "";
    int width, height;
    if (display->has_keys) {
        enrolment_code(&display->keys.public, code);
    }
    presenter_size(display->presenter, &width, &height);
    struct metrics metrics =
        metrics_make(width, height, screen != NULL ? screen->diagonal_mm : options->diagonal_mm,
                     screen != NULL ? screen->viewing_distance_mm : options->distance_mm);
    struct identify_facts facts = {.lang = display_lang(display),
                                   .name = screen != NULL ? screen->name : "",
                                   .site = screen != NULL ? screen->site : "",
                                   .id = display->server.screen,
                                   .code = code,
                                   .number = number};
    return identify_draw(display->shared->text, &metrics, &facts);
}

static void identify(struct display *display, const struct sync_event *event)
{
    display_end_identification(display);
    if (display->presenter != NULL) {
        display->identification = draw_identification(display, event->number);
    }
    if (display->identification == NULL) {
        sync_answer(display->sync, event->wanted, "nothing can be drawn", false);
        return;
    }
    display->identified_ns = clock_mono_ns(&display->shared->machine) + IDENTIFY_NS;
    sync_answer(display->sync, event->wanted, NULL, false);
}

/* Nobody would start it again: then it stays. */
static void restart(struct display *display, const struct sync_event *event)
{
    bool supervised = getenv("NOTIFY_SOCKET") != NULL;
    log_write(LOG_WARN, "restart_wanted", "supervised=%d", supervised);
    sync_answer(display->sync, event->wanted,
                supervised ? NULL : "the player was not started by systemd", supervised);
}

void display_take_wish(struct display *display, const struct sync_event *event)
{
    switch (event->wish) {
    case SYNC_WISH_SCREENSHOT:
        if (!display_send_screenshot(display, event->wanted)) {
            sync_answer(display->sync, event->wanted, "the screen cannot be read back", false);
        }
        break;
    case SYNC_WISH_IDENTIFY:
        identify(display, event);
        break;
    case SYNC_WISH_RESTART:
        restart(display, event);
        break;
    }
}

void display_end_identification(struct display *display)
{
    canvas_destroy(display->identification);
    display->identification = NULL;
    display->identification_put = false;
}

bool display_identifies(struct display *display)
{
    if (display->identification != NULL &&
        (display->emergency ||
         clock_mono_ns(&display->shared->machine) >= display->identified_ns)) {
        display_end_identification(display);
    }
    return display->identification != NULL;
}

bool display_put_identification(struct display *display)
{
    const struct canvas *canvas = display->identification;
    if (display->identification_put) {
        return false;
    }
    display->identification_put = true;
    presenter_put(display->presenter, canvas, (struct rect){0, 0, canvas->width, canvas->height}, 0,
                  0);
    presenter_flush(display->presenter);
    return true;
}
