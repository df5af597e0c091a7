/* What the parts of a lane share: lane_cue.c says what should show, lane_film.c opens and plays
 * films, lane_showing.c keeps proof of play, lane.c draws ahead and brings it all to the screen. */
#ifndef VITRINE_PLAYER_STAGE_LANE_PRIVATE_H
#define VITRINE_PLAYER_STAGE_LANE_PRIVATE_H

#include "player/stage/lane.h"
#include "player/stage/reel.h"
#include "playlists/timeline.h"

/* What should show. Strings belong to the frame's edition. */
struct cue {
    bool any; /* false: nothing of what is planned can be shown */
    struct frame frame;
    const struct manifest_loop *loop; /* NULL: nothing is planned, or it is no loop */
    const char *rule;
    enum interval_class class;
    int64_t from_ms;      /* since when it should show; INT64_MIN: for ever */
    int64_t item_from_ms; /* when its own time begins: > from_ms when it stands in for another */
    int64_t item_until_ms;
    int64_t change_ms;      /* when something else should show; INT64_MAX: never */
    int64_t valid_until_ms; /* its interval's end, after which it is not to be seen any more */
    bool again;             /* the same film went before: nothing is faded */
};

struct picture {
    struct cue cue;
    struct edition *edition; /* retained: what the cue points into */
    struct canvas *canvas;   /* NULL: none; of a film its first picture, until it is replaced */
    struct reel *reel;       /* NULL: still */
    unsigned mark;           /* the reel's slot of quarantine; 0: none */
};

enum ahead_state {
    AHEAD_NONE,
    AHEAD_ASKED, /* the worker has it, or the film opens */
    AHEAD_READY,
};

/* What counts as shown, for proof of play. */
struct showing {
    struct edition *edition; /* retained; NULL: nothing is counted */
    struct cue cue;
    int64_t from_ms; /* wall */
    int64_t from_ns; /* monotonic */
};

struct failed {
    const struct slide *slide;
    int64_t until_ns; /* tried again then */
};

struct lane {
    struct lane_host *host;
    struct lane_zone zone;
    struct edition *edition;         /* retained; NULL: none */
    const struct manifest *manifest; /* the edition's */
    size_t track;

    struct picture shown; /* canvas NULL: nothing yet */
    struct picture ahead;
    enum ahead_state ahead_state;
    uint64_t ticket;        /* of the job under way */
    int64_t ahead_asked_ns; /* when it was asked for */
    int64_t ahead_at_ms;    /* when it is to show, wall */
    struct failed *failed;  /* all that failed in this edition */
    size_t failed_count;
    size_t failed_room;
    int64_t retry_ns; /* nothing is asked for before */

    struct transition *transition; /* from shown to ahead; NULL: none */
    bool prepared;                 /* nothing is left to be done beforehand */
    bool running;
    int64_t from_ns;
    int64_t length_ns;
    int64_t step_frame; /* last one presented */

    bool covered;
    struct showing showing;
    int64_t moved_ns; /* when a film last gave a new picture */
    int64_t late_ns;  /* since when what is due does not show; 0: it shows */

    const struct slide *pages_of; /* whose pages are known */
    int pages;
};

/* lane_cue.c */
struct cue lane_cue_at(struct lane *lane, int64_t at_ms);
/* Whether the picture is what the cue wants. */
bool lane_picture_is(const struct picture *picture, const struct cue *cue);
void lane_fail(struct lane *lane, const struct slide *slide, int64_t for_ns);

/* lane_film.c */
int64_t lane_film_position_ms(const struct cue *cue, int64_t wall_ms);
/* Opens lane->ahead's film. */
void lane_film_open(struct lane *lane, struct lane_time now);
/* Looks after the film that is being opened: ready, failed, or too slow. */
void lane_film_look(struct lane *lane, struct lane_time now);
/* Brings the one that shows to its position, without putting it. */
void lane_film_catch_up(struct lane *lane, struct lane_time now);
/* Goes on with the one that shows; true when something was put. */
bool lane_film_tick(struct lane *lane, struct lane_time now);
/* Its present picture into shown.canvas, for what follows it. */
void lane_film_freeze(struct lane *lane);
int64_t lane_film_wake(struct lane *lane, struct lane_time now);
void lane_picture_clear(struct lane *lane, struct picture *picture);

/* lane_showing.c */
/* `picture` shows from now on, or begins to come in. */
void lane_showing_begin(struct lane *lane, const struct picture *picture, struct lane_time now);
void lane_showing_end(struct lane *lane, struct lane_time now);
/* The same item began anew: each round is a play of its own. */
void lane_showing_turn(struct lane *lane, const struct cue *cue, struct lane_time now);

#endif
