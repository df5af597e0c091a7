#include "player/kiosk/kiosk_scroll.h"

#include <math.h>

#define FRICTION_MS 325.0 /* time constant of a fling: it goes speed × this far */
#define SPEED_WINDOW_MS 100
#define SPEED_LEAST 0.05 /* px/ms: slower is a release, not a fling */
#define SPEED_MOST 6.0   /* px/ms: faster comes from jittery panels */
#define RETURN_MS 250
#define CRAWL_PX 40.0    /* left to go: less looks like standing still */
#define EDGE_REACH 220.0 /* px past an edge that no pull exceeds */

static double clamp(const struct kiosk_scroll *scroll, double offset)
{
    return fmin(fmax(offset, 0.0), scroll->limit);
}

/* A pull past the edge gives less the farther it goes, and never more than EDGE_REACH. */
static double resist(const struct kiosk_scroll *scroll, double pulled)
{
    double inside = clamp(scroll, pulled);
    double beyond = pulled - inside;
    return inside + beyond / (1.0 + fabs(beyond) / EDGE_REACH) * 0.55;
}

double kiosk_scroll_curve(double t)
{
    double rest = 1.0 - fmin(fmax(t, 0.0), 1.0);
    return 1.0 - rest * rest * rest;
}

void kiosk_scroll_set_limit(struct kiosk_scroll *scroll, double limit)
{
    scroll->limit = fmax(limit, 0.0);
    kiosk_scroll_jump(scroll, scroll->offset);
}

void kiosk_scroll_jump(struct kiosk_scroll *scroll, double offset)
{
    scroll->offset = round(clamp(scroll, offset));
    scroll->motion = SCROLL_STILL;
}

void kiosk_scroll_ease(struct kiosk_scroll *scroll, double target, int duration_ms, int64_t now_ms)
{
    if (duration_ms <= 0) {
        kiosk_scroll_jump(scroll, target);
        return;
    }
    scroll->motion = SCROLL_EASE;
    scroll->start = scroll->offset;
    scroll->target = round(clamp(scroll, target));
    scroll->start_ms = now_ms;
    scroll->duration_ms = duration_ms;
}

static void add_sample(struct kiosk_scroll *scroll, int y, int64_t now_ms)
{
    int slot = scroll->sample_count++ % KIOSK_SCROLL_SAMPLES;
    scroll->samples[slot].ms = now_ms;
    scroll->samples[slot].y = y;
}

void kiosk_scroll_grab(struct kiosk_scroll *scroll, int y, int64_t now_ms)
{
    scroll->motion = SCROLL_DRAG;
    scroll->drag_offset = scroll->offset;
    scroll->last_y = y;
    scroll->sample_count = 0;
    add_sample(scroll, y, now_ms);
}

void kiosk_scroll_drag(struct kiosk_scroll *scroll, int y, int64_t now_ms)
{
    if (scroll->motion != SCROLL_DRAG)
        kiosk_scroll_grab(scroll, y, now_ms);
    scroll->drag_offset += scroll->last_y - y;
    scroll->last_y = y;
    scroll->offset = resist(scroll, scroll->drag_offset);
    add_sample(scroll, y, now_ms);
}

/* Speed of the content in px/ms over the last SPEED_WINDOW_MS; 0 when the finger rested. */
static double release_speed(const struct kiosk_scroll *scroll, int64_t now_ms)
{
    int count =
        scroll->sample_count < KIOSK_SCROLL_SAMPLES ? scroll->sample_count : KIOSK_SCROLL_SAMPLES;
    int64_t oldest_ms = now_ms;
    int oldest_y = scroll->last_y;
    for (int i = 0; i < count; i++) {
        int slot = (scroll->sample_count - 1 - i) % KIOSK_SCROLL_SAMPLES;
        if (now_ms - scroll->samples[slot].ms > SPEED_WINDOW_MS)
            break;
        oldest_ms = scroll->samples[slot].ms;
        oldest_y = scroll->samples[slot].y;
    }
    if (now_ms - oldest_ms < 8)
        return 0.0;
    double speed = (oldest_y - scroll->last_y) / (double)(now_ms - oldest_ms);
    return fmin(fmax(speed, -SPEED_MOST), SPEED_MOST);
}

void kiosk_scroll_release(struct kiosk_scroll *scroll, bool still, int64_t now_ms)
{
    if (scroll->motion != SCROLL_DRAG)
        return;
    double inside = clamp(scroll, scroll->offset);
    if (inside != scroll->offset) {
        kiosk_scroll_ease(scroll, inside, still ? 0 : RETURN_MS, now_ms);
        return;
    }
    double speed = still ? 0.0 : release_speed(scroll, now_ms);
    if (fabs(speed) < SPEED_LEAST) {
        kiosk_scroll_jump(scroll, scroll->offset);
        return;
    }
    scroll->motion = SCROLL_FLING;
    scroll->start = scroll->offset;
    scroll->target = scroll->offset + speed * FRICTION_MS;
    scroll->start_ms = now_ms;
}

bool kiosk_scroll_tick(struct kiosk_scroll *scroll, int64_t now_ms)
{
    double before = scroll->offset;
    double elapsed = (double)(now_ms - scroll->start_ms);
    double way = scroll->target - scroll->start;
    if (scroll->motion == SCROLL_FLING) {
        double offset = scroll->start + way * (1.0 - exp(-elapsed / FRICTION_MS));
        bool at_edge = offset != clamp(scroll, offset);
        if (at_edge || fabs(scroll->target - offset) < 0.5)
            kiosk_scroll_jump(scroll, at_edge ? offset : scroll->target);
        else
            scroll->offset = offset;
    } else if (scroll->motion == SCROLL_EASE) {
        if (elapsed >= scroll->duration_ms)
            kiosk_scroll_jump(scroll, scroll->target);
        else
            scroll->offset =
                scroll->start + way * kiosk_scroll_curve(elapsed / scroll->duration_ms);
    }
    return scroll->offset != before;
}

bool kiosk_scroll_moves(const struct kiosk_scroll *scroll)
{
    return scroll->motion == SCROLL_FLING || scroll->motion == SCROLL_EASE;
}

bool kiosk_scroll_runs(const struct kiosk_scroll *scroll)
{
    return kiosk_scroll_moves(scroll) && fabs(scroll->target - scroll->offset) > CRAWL_PX;
}
