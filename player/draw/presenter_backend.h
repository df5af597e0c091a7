/* What a back end of the presenter does; presenter.c checks arguments, keeps the fade and the areas
 * to show, and calls these. */
#ifndef VITRINE_PLAYER_DRAW_PRESENTER_BACKEND_H
#define VITRINE_PLAYER_DRAW_PRESENTER_BACKEND_H

#include <SDL.h>

#include "player/draw/presenter.h"
#include "player/draw/screen_area.h"

/* More areas than this are shown as one: each costs the display server a request. */
enum { DIRTY_MAX = 24 };

struct dirty {
    struct rect rects[DIRTY_MAX]; /* window coordinates */
    int count;
};

void dirty_add(struct dirty *dirty, struct rect rect);

struct backend {
    bool mixes_itself;
    bool (*init)(struct presenter *presenter, struct error *err);
    void (*finish)(struct presenter *presenter);
    /* Size of the window's pixels; the old ones are gone. */
    bool (*resize)(struct presenter *presenter, struct error *err);
    /* Writes `area` (in the screen's coordinates, inside everything). */
    void (*put)(struct presenter *presenter, const struct screen *screen, const struct mix *mix,
                struct rect area);
    /* The fade's canvases and differences are in presenter->fade. */
    void (*fade_begin)(struct presenter *presenter);
    void (*fade)(struct presenter *presenter);
    void (*fade_end)(struct presenter *presenter);
    void (*show)(struct presenter *presenter, const struct rect *rects, int count);
    /* The window's pixels, 0xFFRRGGBB; false when they cannot be read. */
    bool (*read)(struct presenter *presenter, struct canvas *window);
};

extern const struct backend surface_backend;
extern const struct backend renderer_backend;

/* Mixing in turned blocks costs four times as much as in rows, so a back end that mixes itself gets
 * the canvases turned once; `screen` is then the window's upright, else the presenter's. */
struct fade {
    struct screen screen;
    struct mix mix; /* in coordinates of `screen` */
    struct canvas *turned[2];
    struct difference difference;
    bool active;
    bool whole; /* the next step draws where the canvases are equal, too */
};

struct presenter {
    struct SDL_Window *window;
    const struct backend *backend;
    struct screen screen;
    struct fade fade;
    struct dirty dirty;
    char name[32];
    /* Renderer back end only. */
    SDL_Renderer *renderer;
    SDL_Texture *below, *above; /* what stands; the fade's second canvas, mixed over it */
    bool hardware;
};

/* Visible part of a rectangle of the fade's canvases, in the coordinates of fade.screen. */
struct rect presenter_fade_area(const struct presenter *presenter, struct rect rect);

#endif
