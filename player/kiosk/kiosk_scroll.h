/* Scrolling with a finger: drag with resistance past the edges, fling with friction, eased moves.
 * Positions are closed formulas of time, so that they do not depend on how often ticks come. */
#ifndef VITRINE_PLAYER_KIOSK_KIOSK_SCROLL_H
#define VITRINE_PLAYER_KIOSK_KIOSK_SCROLL_H

#include <stdbool.h>
#include <stdint.h>

#define KIOSK_SCROLL_SAMPLES 8

enum kiosk_scroll_motion { SCROLL_STILL, SCROLL_DRAG, SCROLL_FLING, SCROLL_EASE };

struct kiosk_scroll {
    double offset; /* px of content above the view; may be outside 0–limit while
                      dragged */
    double limit;  /* largest offset, ≥ 0 */
    enum kiosk_scroll_motion motion;
    double drag_offset; /* where the finger has pulled to, without resistance */
    int last_y;
    struct {
        int64_t ms;
        int y;
    } samples[KIOSK_SCROLL_SAMPLES]; /* ring: the finger's recent way, for its
                                        speed */
    int sample_count;
    double start, target; /* fling and ease */
    int64_t start_ms;
    int duration_ms;
};

/* Keeps the offset where it can. A motion under way ends. */
void kiosk_scroll_set_limit(struct kiosk_scroll *scroll, double limit);
void kiosk_scroll_jump(struct kiosk_scroll *scroll, double offset);
/* duration_ms 0 jumps. */
void kiosk_scroll_ease(struct kiosk_scroll *scroll, double target, int duration_ms, int64_t now_ms);

/* A finger takes hold at y; whatever moved stands still. */
void kiosk_scroll_grab(struct kiosk_scroll *scroll, int y, int64_t now_ms);
void kiosk_scroll_drag(struct kiosk_scroll *scroll, int y, int64_t now_ms);
/* It lets go: flings on with the speed of the last 100 ms, or returns from past an edge. `still`:
 * no fling (reduced motion). */
void kiosk_scroll_release(struct kiosk_scroll *scroll, bool still, int64_t now_ms);

/* True when the offset is another than at the last call. */
bool kiosk_scroll_tick(struct kiosk_scroll *scroll, int64_t now_ms);
bool kiosk_scroll_moves(const struct kiosk_scroll *scroll); /* fling or ease under way */
/* It moves so far yet that a touch means "stop"; the crawl at its end is not noticed any more. */
bool kiosk_scroll_runs(const struct kiosk_scroll *scroll);

/* Ease-out of motion: 0–1 → 0–1, cubic. */
double kiosk_scroll_curve(double t);

#endif
