/* What a back end of the presenter does; presenter.c and transition.c check arguments, clip, keep
 * the areas to show, and call these. Inside the presenter window coordinates are those of the
 * picture in its place: only the back ends know how far it is shifted. */
#ifndef VITRINE_PLAYER_DRAW_PRESENTER_BACKEND_H
#define VITRINE_PLAYER_DRAW_PRESENTER_BACKEND_H

#include <SDL.h>

#include "player/draw/presenter.h"
#include "player/draw/screen_area.h"
#include "player/draw/video_image.h"

/* More areas than this are shown as one: each costs the display server a request. */
enum { DIRTY_MAX = 24 };

/* What is prepared of a transition goes in bands of this many pixels. */
enum { BAND_PIXELS = 128 * 1024 };

/* Film textures kept: zones with films of different sizes. */
enum { FILM_TEXTURES = 3 };

struct dirty {
    struct rect rects[DIRTY_MAX]; /* window coordinates */
    int count;
};

void dirty_add(struct dirty *dirty, struct rect rect);

struct backend {
    bool keeps_picture; /* all of it, however the window shows it; but it can be lost */
    bool few_areas;     /* many small areas cost it more than what encloses them */
    bool mixes_roughly; /* within a level or two */
    bool (*init)(struct presenter *presenter, struct error *err);
    void (*finish)(struct presenter *presenter);
    /* Size of the window's pixels; the old ones are gone. */
    bool (*resize)(struct presenter *presenter, struct error *err);
    /* Writes `area` (in the screen's coordinates, inside everything). `screen` is the presenter's,
     * or the window's upright. */
    void (*put)(struct presenter *presenter, const struct screen *screen, const struct mix *mix,
                struct rect area);
    void (*fill)(struct presenter *presenter, struct rect window, color fill);
    /* `area` is the visible part of `target`. False when it leaves that to put. */
    bool (*put_video)(struct presenter *presenter, const struct video_image *image,
                      struct rectf source, struct rect target, struct rect area);
    /* Takes a transition's canvas 0 or 1 over, so that paint is fast: rows [from, until) of it as
     * it stands in the window. Downwards, so that fresh memory is entered bit by bit. */
    bool (*takes)(const struct presenter *presenter);
    bool (*take)(struct transition *transition, int which, int from, int until);
    void (*release)(struct transition *transition);
    /* As put, from what was taken. */
    void (*paint)(struct transition *transition, const struct screen *screen, const struct mix *mix,
                  struct rect area);
    void (*show)(struct presenter *presenter, const struct rect *rects, int count);
    /* The picture in the window's orientation, not shifted, 0xFFRRGGBB; false when it cannot be
     * read. */
    bool (*read)(struct presenter *presenter, struct canvas *window);
};

extern const struct backend surface_backend;
extern const struct backend renderer_backend;

/* How far the preparation is; canvas 1 comes first because it is known first. */
enum transition_stage { TAKE_SECOND, TAKE_FIRST, COMPARE, PREPARED };

struct transition {
    struct presenter *presenter; /* NULL: over */
    struct transition *next;
    enum transition_kind kind;
    const struct canvas *pictures[2]; /* [0] may be NULL */
    int x, y;
    enum transition_stage stage;
    int row; /* of the stage */
    /* Mixing in turned blocks costs four times as much as in rows, so the surface back end turns
     * the canvases; the GPU has textures. Both in the window's orientation. */
    bool taken[2];
    struct canvas *turned[2];
    SDL_Texture *textures[2];
    struct difference difference;
    bool compared;
    bool whole; /* the next step draws all of it */
    int place;  /* of the step drawn last; its meaning is the kind's */
};

struct presenter {
    struct SDL_Window *window;
    const struct backend *backend;
    struct screen screen;
    int shift_x, shift_y; /* of the picture in the window, in window pixels */
    struct transition *transitions;
    struct dirty dirty;
    char name[32];
    /* Renderer back end only. */
    SDL_Renderer *renderer;
    SDL_Texture *picture; /* all that was put */
    Uint32 picture_format;
    struct film_texture {
        SDL_Texture *texture;
        enum video_format format;
        int width, height;
        unsigned long used;
    } films[FILM_TEXTURES];
    unsigned long film_uses;
    bool hardware;
};

/* The part of the screen that can be seen, in its coordinates. */
struct rect presenter_visible(const struct presenter *presenter, const struct screen *screen);
/* `window` will be shown at the next flush, and with it the edges that repeat it. */
void presenter_touch(struct presenter *presenter, struct rect window);

/* transition.c, for presenter.c. */
void transition_invalidate(struct transition *transition, bool lost);
void transition_orphan(struct transition *transition);
/* transition.c, for the back ends: a canvas's own screen, turned as the presenter's. */
struct screen transition_turned_screen(const struct transition *transition);

#endif
