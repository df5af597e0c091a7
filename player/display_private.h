/* What display.c (window, stage, kiosk) and display_state.c (folder, programme, network, reports)
 * share. */
#ifndef VITRINE_PLAYER_DISPLAY_PRIVATE_H
#define VITRINE_PLAYER_DISPLAY_PRIVATE_H

#include "player/display.h"
#include "player/stage/stage.h"
#include "player/sync/sync.h"
#include "player/touch.h"

struct display {
    struct display_shared *shared;
    int index;

    struct state state;
    struct sign_keys keys;
    bool has_keys;
    struct state_server server;
    struct edition *current; /* NULL: none */
    bool current_from_previous;
    struct edition *urgent; /* NULL: none */
    enum sync_status status;
    struct spool *spool;
    struct sync *sync;
    bool sync_tried;

    struct window *window;
    struct presenter *presenter;
    int rotation;
    struct stage *stage;
    struct touch *touch; /* NULL: no kiosk */
    bool touch_was_open;
    bool directory_missing; /* its file is damaged or not there */
    bool first_frame;
    bool dark; /* as of the last present, as is emergency */
    bool emergency;
    unsigned frames_saved;
    struct canvas *identification; /* covers all else; NULL: none */
    int64_t identified_ns;         /* when it ends, monotonic */
    bool identification_put;
    bool identified; /* as of the last present */
};

/* display_state.c */
bool display_load(struct display *display, struct error *err);
enum lang display_lang(const struct display *display);
struct edition *display_make_welcome(const struct display *display);
void display_record_fault(struct display *display, const char *code, const char *detail);
void display_record_job(struct display *display, const struct job *job);
void display_repair(struct display *display, const struct sha256 *file);

/* display_wishes.c */
void display_take_wish(struct display *display, const struct sync_event *event);
/* Whether the page that says which screen this is covers all else; an emergency ends it. */
bool display_identifies(struct display *display);
/* True when it was flushed. */
bool display_put_identification(struct display *display);
void display_end_identification(struct display *display);

/* display.c */
/* Another programme, perhaps of another kiosk or another rotation. */
void display_set_current(struct display *display, struct edition *edition);
void display_set_kiosk(struct display *display);
bool display_send_screenshot(struct display *display, const char *wanted);
/* Takes the kiosk's picture out of the job. */
void display_set_picture(struct display *display, struct job *job);
/* Takes the directory over; without a kiosk it is freed. */
void display_set_directory(struct display *display, struct directory *directory);

#endif
