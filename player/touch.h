/* Joins the kiosk to window and presenter: input in picture coordinates goes in, its pixels come to
 * the screen. Its pictures are the worker's, its films and its voice stand here. Main thread
 * only. */
#ifndef VITRINE_PLAYER_TOUCH_H
#define VITRINE_PLAYER_TOUCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lang.h"
#include "directory/directory.h"
#include "player/draw/presenter.h"
#include "player/draw/text.h"
#include "player/platform/window.h"
#include "player/report/spool.h"
#include "player/stage/worker.h"
#include "playlists/manifest.h"

struct touch;
struct video_hardware;

/* All but the screen outlive it. */
struct touch_config {
    struct text_engine *text;
    struct presenter *presenter;
    struct spool *spool; /* counts visits; NULL: nobody does */
    const struct manifest_screen *screen;
    enum lang lang;
    struct worker *worker; /* cuts pictures: JOB_PICTURE */
    int display;
    const struct state *state;       /* where pictures and films are */
    struct video_hardware *hardware; /* NULL: none */
    void (*wake)(void *context);     /* any thread: there is something to look at */
    void *context;
};

/* NULL when memory is out. */
struct touch *touch_create(const struct touch_config *config);
void touch_destroy(struct touch *touch); /* accepts NULL */

void touch_set_directory(struct touch *touch, struct directory *directory); /* takes it over */
void touch_set_picture(struct touch *touch, const char *hash, struct image *image); /* likewise */
void touch_set_time(struct touch *touch, int64_t wall_ms, int offset_s, int64_t now_ms);
/* `slide`: what the signage loop shows, which a touch on it opens; may be NULL. */
void touch_event(struct touch *touch, const struct window_event *event, const struct slide *slide,
                 int64_t now_ms);
/* Time-outs and motion: may open or close it. */
void touch_tick(struct touch *touch, int64_t now_ms);
/* Brings what changed to the screen; true when something was flushed. */
bool touch_put(struct touch *touch);
/* All of it is put the next time. */
void touch_invalidate(struct touch *touch);
int64_t touch_next_wake(const struct touch *touch, int64_t now_ms); /* KIOSK_NEVER: none */
bool touch_is_open(const struct touch *touch);
/* Rows at the picture's lower edge that are the kiosk's while it is closed. */
int touch_bottom(const struct touch *touch);

#endif
