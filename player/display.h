/* One display of the process: its state folder and keys, its programme, window, stage, kiosk,
 * network thread and reports. To the server each is a screen of its own. The process (player.c)
 * owns what they share and runs the main loop. Main thread only. */
#ifndef VITRINE_PLAYER_DISPLAY_H
#define VITRINE_PLAYER_DISPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/error.h"
#include "player/inbox.h"
#include "player/options.h"
#include "player/platform/window.h"
#include "player/report/quarantine.h"
#include "player/report/spool.h"
#include "player/stage/lane.h"
#include "player/sync/timekeeper.h"

struct display;

/* What the displays of a process share; outlives them. */
struct display_shared {
    const struct options *options;
    struct clock machine; /* as it is */
    struct clock reports; /* what time it really is, as far as is known; any thread */
    struct clock shown;   /* what is shown: --at moves it. Main thread */
    int64_t started_ms;   /* monotonic */
    struct timekeeper *keeper;
    struct inbox *inbox;
    struct worker *worker;
    struct scrubber *scrubber;       /* NULL: no thread for it */
    struct text_engine *text;        /* the worker's; NULL until its fonts are there */
    struct quarantine *quarantine;   /* NULL until the first display has its folder */
    struct video_hardware *hardware; /* NULL: none */
    bool restart;                    /* the server wants the player to start anew */
};

/* Reads the state folder (STATE, STATE/display-2, …) and asks for the first frame. Content never
 * makes it fail: only another player on the same folder does. */
struct display *display_create(struct display_shared *shared, int index, struct error *err)
    __attribute__((warn_unused_result));
/* Opens its window. */
bool display_open(struct display *display, struct error *err) __attribute__((warn_unused_result));
/* Ends what plays and the network thread; the worker may still draw for it. */
void display_stop(struct display *display);
/* Worker and scrubber are gone. Accepts NULL. */
void display_destroy(struct display *display);

const char *display_folder(const struct display *display);
struct window *display_window(const struct display *display);
struct spool *display_spool(const struct display *display);

void display_take_sync(struct display *display, const struct sync_event *event);
void display_take_job(struct display *display, struct job *job); /* owns it from now on */
void display_input(struct display *display, const struct window_event *event);
/* Brings kiosk and stage up to date, and saves the frame when that is wanted. */
void display_present(struct display *display);
/* Once something shows, or after a while. */
void display_start_sync(struct display *display);
void display_refresh(struct display *display); /* asks the server now */
/* Everything is put anew: the display's power came back. */
void display_put_all(struct display *display);
int64_t display_next_wake(struct display *display); /* monotonic ns */

bool display_lost(const struct display *display);  /* it does not take pictures any more */
bool display_shows(const struct display *display); /* a first frame is on the screen */
bool display_wants_power(const struct display *display);
bool display_healthy(struct display *display);
bool display_has_touch(const struct display *display);
struct lane_figures display_figures(const struct display *display);
/* What the next heartbeat says, with its figures filled in here, and a clock for the next start. */
void display_set_health(struct display *display, struct spool_health *health);
/* "1-17, en ligne": for one line about the process. */
const char *display_words(const struct display *display, char *buf, size_t size);

#endif
