#include "player/draw/transition.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

#include "player/draw/image.h"
#include "player/draw/presenter_backend.h"

/* The wipe's soft edge as a part of the width. */
enum { EDGE_PART = 6 };

/* Eased steps: 0 to 1 << 30. */
enum { EASED_SHIFT = 30 };

/* Where a transition is drawn from: its own canvases on the presenter's screen, or the turned ones
 * on the window's upright. `turn` says where the picture's right is then. */
struct view {
    struct screen screen;
    const struct canvas *first, *second;
    int x, y;
    int turn;
};

/* What one step is made of: slide has two pieces, wipe up to three. */
enum { PIECES_MAX = 3 };

struct piece {
    struct mix mix;
    struct rect area;
};

/* Slow at both ends: 3 t² − 2 t³. */
static int64_t ease(int step)
{
    int64_t t = step;
    return t * t * (3 * TRANSITION_STEPS - 2 * t);
}

static int edge_width(int width)
{
    return width / EDGE_PART + 1;
}

/* What a step comes to: weight of the second canvas (fade, cut), columns moved (slide), columns
 * that the edge's front has passed (wipe). Steps of the same place look the same. */
static int place_of(enum transition_kind kind, int step, int width)
{
    const int64_t half = INT64_C(1) << (EASED_SHIFT - 1);
    switch (kind) {
    case TRANSITION_CUT:
        return step > 0 ? 256 : 0;
    case TRANSITION_SLIDE:
        return (int)((ease(step) * width + half) >> EASED_SHIFT);
    case TRANSITION_WIPE:
        return (int)((ease(step) * (width + edge_width(width)) + half) >> EASED_SHIFT);
    case TRANSITION_FADE:
        break;
    }
    return (step * 256 + TRANSITION_STEPS / 2) / TRANSITION_STEPS;
}

static bool lies(const struct view *view)
{
    return view->turn % 180 == 0;
}

/* Columns of the picture. */
static int width_of(const struct view *view)
{
    return lies(view) ? view->second->width : view->second->height;
}

/* Columns [from, until) of the picture, in the view's coordinates. */
static struct rect columns(const struct view *view, int from, int until)
{
    int width = width_of(view);
    from = from < 0 ? 0 : from > width ? width : from;
    until = until < from ? from : until > width ? width : until;
    int low = view->turn < 180 ? from : width - until;
    if (lies(view))
        return (struct rect){view->x + low, view->y, until - from, view->second->height};
    return (struct rect){view->x, view->y + low, view->second->width, until - from};
}

/* A canvas alone, moved by that many columns. */
static struct mix moved(const struct view *view, const struct canvas *canvas, int by)
{
    int along = view->turn < 180 ? by : -by;
    return (struct mix){.first = canvas,
                        .x = view->x + (lies(view) ? along : 0),
                        .y = view->y + (lies(view) ? 0 : along)};
}

/* The edge's weights, of 256, as smooth as the easing, over columns [front - edge, front). */
static void fill_ramp(const struct view *view, int front, uint16_t *ramp)
{
    int width = width_of(view), edge = edge_width(width);
    int from = front > edge ? front - edge : 0, until = front < width ? front : width;
    int64_t m = 2 * edge;
    for (int i = from; i < until; i++) {
        int64_t n = 2 * (front - i) - 1;
        int64_t weight = (n * n * (3 * m - 2 * n) * 256 + m * m * m / 2) / (m * m * m);
        ramp[view->turn < 180 ? i : width - 1 - i] = (uint16_t)weight;
    }
}

static int add_piece(struct piece *pieces, int count, struct mix mix, struct rect area)
{
    if (rect_empty(area))
        return count;
    pieces[count] = (struct piece){mix, area};
    return count + 1;
}

/* ramp: memory for as many columns as the picture has. */
static int make_pieces(const struct view *view, enum transition_kind kind, int place,
                       uint16_t *ramp, struct piece pieces[PIECES_MAX])
{
    int width = width_of(view), edge = edge_width(width), count = 0;
    struct mix mix = {.first = view->first, .second = view->second, .x = view->x, .y = view->y};
    switch (kind) {
    case TRANSITION_SLIDE:
        count = add_piece(pieces, count, moved(view, view->first, -place),
                          columns(view, 0, width - place));
        return add_piece(pieces, count, moved(view, view->second, width - place),
                         columns(view, width - place, width));
    case TRANSITION_WIPE:
        count =
            add_piece(pieces, count, moved(view, view->second, 0), columns(view, 0, place - edge));
        fill_ramp(view, place, ramp);
        mix.ramp = ramp;
        mix.ramp_down = !lies(view);
        count = add_piece(pieces, count, mix, columns(view, place - edge, place));
        return add_piece(pieces, count, moved(view, view->first, 0), columns(view, place, width));
    case TRANSITION_CUT:
    case TRANSITION_FADE:
        break;
    }
    if (place == 0 || place == 256)
        mix = moved(view, place == 0 ? view->first : view->second, 0);
    mix.t = place % 256 == 0 ? 0 : (unsigned)place;
    return add_piece(pieces, count, mix, columns(view, 0, width));
}

static int clamp_step(int step)
{
    return step < 0 ? 0 : step > TRANSITION_STEPS ? TRANSITION_STEPS : step;
}

void transition_mix(enum transition_kind kind, int step, const struct canvas *first,
                    const struct canvas *second, struct canvas *target)
{
    assert(first->width == second->width && first->height == second->height);
    assert(first->width == target->width && first->height == target->height);
    uint16_t ramp[IMAGE_SIDE_MAX];
    struct piece pieces[PIECES_MAX];
    struct view view = {{target->width, target->height, 0}, first, second, 0, 0, 0};
    struct pixel_target pixels = {target->pixels, target->stride * 4, SDL_PIXELFORMAT_ARGB8888, 0,
                                  0};
    int place = place_of(kind, clamp_step(step), first->width);
    int count = make_pieces(&view, kind, place, ramp, pieces);
    for (int i = 0; i < count; i++) {
        struct rect area = rect_intersect(pieces[i].area, target->clip);
        if (!rect_empty(area))
            screen_write(&view.screen, &pieces[i].mix, area, &pixels);
    }
}

struct transition *transition_create(struct presenter *presenter, enum transition_kind kind,
                                     const struct canvas *first, const struct canvas *second, int x,
                                     int y)
{
    assert(!first || (first->width == second->width && first->height == second->height));
    struct transition *transition = calloc(1, sizeof *transition);
    if (!transition)
        abort();
    transition->presenter = presenter;
    transition->kind = kind;
    transition->pictures[0] = first;
    transition->pictures[1] = second;
    transition->x = x;
    transition->y = y;
    transition->whole = true;
    transition->next = presenter->transitions;
    presenter->transitions = transition;
    return transition;
}

/* Prepared anew from there on. */
static void rewind_to(struct transition *transition, enum transition_stage stage)
{
    if (transition->stage < stage)
        return;
    transition->stage = stage;
    transition->row = 0;
    transition->taken[0] = false;
    if (stage == TAKE_SECOND)
        transition->taken[1] = false;
    transition->compared = false;
    difference_finish(&transition->difference);
}

static void forget_prepared(struct transition *transition)
{
    transition->presenter->backend->release(transition);
    rewind_to(transition, TAKE_SECOND);
}

void transition_invalidate(struct transition *transition, bool lost)
{
    transition->whole = true;
    if (lost)
        forget_prepared(transition);
}

void transition_orphan(struct transition *transition)
{
    struct transition **link = &transition->presenter->transitions;
    while (*link != transition)
        link = &(*link)->next;
    *link = transition->next;
    forget_prepared(transition);
    transition->presenter = NULL;
}

void transition_destroy(struct transition *transition)
{
    if (!transition)
        return;
    if (transition->presenter)
        transition_orphan(transition);
    free(transition);
}

void transition_set_first(struct transition *transition, const struct canvas *first)
{
    assert(!first || (first->width == transition->pictures[1]->width &&
                      first->height == transition->pictures[1]->height));
    transition->pictures[0] = first;
    transition->whole = true;
    rewind_to(transition, TAKE_FIRST);
}

/* A cut draws one canvas once; who sees the second alone needs nothing of the first. */
static enum transition_kind kind_of(const struct transition *transition)
{
    return transition->pictures[0] ? transition->kind : TRANSITION_CUT;
}

static void next_stage(struct transition *transition)
{
    transition->stage++;
    transition->row = 0;
    if (transition->stage == TAKE_FIRST && transition->kind == TRANSITION_CUT)
        transition->stage = PREPARED;
    /* When everything moves, equal places do not stay equal. */
    if (transition->stage == COMPARE && transition->kind == TRANSITION_SLIDE)
        transition->stage = PREPARED;
}

struct screen transition_turned_screen(const struct transition *transition)
{
    const struct canvas *canvas = transition->pictures[1];
    int rotation = transition->presenter->screen.rotation;
    bool upright = rotation % 180 == 0;
    return (struct screen){upright ? canvas->width : canvas->height,
                           upright ? canvas->height : canvas->width, rotation};
}

/* A band of taking canvas `which`. When that is refused the transition is drawn as it is. */
static void take_band(struct transition *transition, int which)
{
    struct screen screen = transition_turned_screen(transition);
    int rows = BAND_PIXELS / screen.width > 0 ? BAND_PIXELS / screen.width : 1;
    int until = transition->row + rows < screen.height ? transition->row + rows : screen.height;
    const struct backend *backend = transition->presenter->backend;
    if (!backend->takes(transition->presenter) || (which == 0 && !transition->taken[1]) ||
        !backend->take(transition, which, transition->row, until)) {
        backend->release(transition);
        transition->taken[0] = transition->taken[1] = false;
        next_stage(transition);
        return;
    }
    transition->row = until;
    if (until == screen.height) {
        transition->taken[which] = true;
        next_stage(transition);
    }
}

/* A view to draw a place from. The turned one lacks the first canvas of a cut. */
static struct view view_of(const struct transition *transition, int place)
{
    const struct canvas *const *from = transition->pictures;
    struct view view = {transition->presenter->screen,
                        from[0] ? from[0] : from[1],
                        from[1],
                        transition->x,
                        transition->y,
                        0};
    bool ready = transition->taken[1] &&
                 (transition->taken[0] || (kind_of(transition) == TRANSITION_CUT && place > 0));
    if (ready && transition->turned[1]) {
        struct rect all = {view.x, view.y, view.second->width, view.second->height};
        struct rect window = screen_to_window(&view.screen, all);
        view.turn = view.screen.rotation;
        view.screen.rotation = 0;
        view.first = transition->taken[0] ? transition->turned[0] : transition->turned[1];
        view.second = transition->turned[1];
        view.x = window.x;
        view.y = window.y;
    }
    return view;
}

/* A band of comparing, of what will be drawn. */
static void compare_band(struct transition *transition)
{
    struct view view = view_of(transition, 256);
    int rows = BAND_PIXELS / view.second->width / DIFFERENCE_ROWS * DIFFERENCE_ROWS;
    int until = transition->row + (rows > DIFFERENCE_ROWS ? rows : DIFFERENCE_ROWS);
    bool known = difference_compare(&transition->difference, view.first, view.second,
                                    transition->row, until);
    transition->row = until;
    if (known && until < view.second->height)
        return;
    transition->compared = known;
    next_stage(transition);
}

bool transition_prepare(struct transition *transition)
{
    if (!transition->presenter)
        return false;
    switch (transition->stage) {
    case TAKE_SECOND:
        take_band(transition, 1);
        break;
    case TAKE_FIRST:
        if (transition->pictures[0])
            take_band(transition, 0);
        break;
    case COMPARE:
        compare_band(transition);
        break;
    case PREPARED:
        break;
    }
    return transition->stage == TAKE_SECOND || transition->stage == COMPARE ||
           (transition->stage == TAKE_FIRST && transition->pictures[0]);
}

static void paint(struct transition *transition, const struct view *view, const struct piece *piece,
                  struct rect area)
{
    struct presenter *presenter = transition->presenter;
    struct rect seen = rect_intersect(area, presenter_visible(presenter, &view->screen));
    seen = rect_intersect(seen, piece->area);
    if (!rect_empty(seen))
        presenter->backend->paint(transition, &view->screen, &piece->mix, seen);
}

/* Where the step differs from the one that shows: in these columns, and there where the canvases
 * differ. */
static void draw(struct transition *transition, const struct view *view, const struct piece *piece,
                 struct rect changed)
{
    struct rect all = {view->x, view->y, view->second->width, view->second->height};
    const struct difference *difference = &transition->difference;
    bool parts = transition->compared && !transition->whole;
    bool few = difference->count <= DIRTY_MAX || !transition->presenter->backend->few_areas;
    const struct rect *rects = !parts ? &all : few ? difference->rects : &difference->bounds;
    int count = !parts || !few ? 1 : difference->count;
    for (int i = 0; i < count; i++) {
        struct rect area = rects[i];
        area.x += parts ? view->x : 0;
        area.y += parts ? view->y : 0;
        paint(transition, view, piece, rect_intersect(area, changed));
    }
}

/* With very many small areas one request for all of them is cheaper than the areas saved. */
static void touch(struct transition *transition, const struct view *view, struct rect changed)
{
    const struct difference *difference = &transition->difference;
    bool parts = transition->compared && !transition->whole;
    bool few = parts && difference->count <= DIRTY_MAX;
    const struct rect *rects = !parts ? &changed : few ? difference->rects : &difference->bounds;
    int count = few ? difference->count : 1;
    for (int i = 0; i < count; i++) {
        struct rect area = rects[i];
        area.x += parts ? view->x : 0;
        area.y += parts ? view->y : 0;
        presenter_touch(transition->presenter,
                        screen_to_window(&view->screen, rect_intersect(area, changed)));
    }
}

void transition_show(struct transition *transition, int step)
{
    if (!transition->presenter)
        return;
    transition_prepare(transition);
    enum transition_kind kind = kind_of(transition);
    int place = place_of(kind, clamp_step(step), transition->pictures[1]->width);
    if ((place == 0 && !transition->pictures[0]) ||
        (place == transition->place && !transition->whole))
        return;
    /* A GPU may round the mix of two equal pixels: the ends are right everywhere. */
    if (step <= 0 || step >= TRANSITION_STEPS)
        transition->whole |= transition->presenter->backend->mixes_roughly;
    uint16_t ramp[IMAGE_SIDE_MAX];
    struct piece pieces[PIECES_MAX];
    struct view view = view_of(transition, place);
    int count = make_pieces(&view, kind, place, ramp, pieces);
    struct rect changed = columns(&view, 0, width_of(&view));
    if (kind == TRANSITION_WIPE && !transition->whole) {
        int low = place < transition->place ? place : transition->place;
        int high = place < transition->place ? transition->place : place;
        changed = columns(&view, low - edge_width(width_of(&view)), high);
    }
    for (int i = 0; i < count; i++)
        draw(transition, &view, &pieces[i], changed);
    touch(transition, &view, changed);
    transition->place = place;
    transition->whole = false;
}
