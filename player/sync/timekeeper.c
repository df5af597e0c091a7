#include "player/sync/timekeeper.h"

#include <string.h>

#define NS_PER_MS 1000000
#define CERTAIN_HINTS 3
#define CERTAIN_SPAN_NS (INT64_C(600) * 1000000000)
#define UNCERTAINTY_MAX_MS 60000
/* Quartz of the cheap kind: one part in 5,000. */
#define DRIFT_DIVISOR 5000

static bool is_possible(int64_t ms)
{
    return ms >= TIMEKEEPER_EPOCH_MS && ms < TIMEKEEPER_END_MS;
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* What was `ms` at `since_ns` has become this. */
static int64_t run_on(int64_t ms, int64_t since_ns, int64_t now_ns)
{
    return ms + (now_ns - since_ns) / NS_PER_MS;
}

void timekeeper_init(struct timekeeper *keeper, int64_t floor_ms)
{
    memset(keeper, 0, sizeof *keeper);
    keeper->floor_ms = is_possible(floor_ms) ? floor_ms : 0;
}

void timekeeper_created(struct timekeeper *keeper, int64_t created_ms)
{
    /* The server may be ahead of us by what is let pass anyway. */
    int64_t floor_ms = created_ms - TIMEKEEPER_DIFFERENCE_MS;
    if (is_possible(created_ms) &&
        (keeper->created_ms == 0 ||
         floor_ms > run_on(keeper->created_ms, keeper->created_mono_ns, keeper->mono_ns))) {
        keeper->created_ms = floor_ms;
        keeper->created_mono_ns = keeper->mono_ns;
    }
}

/* --- What the server says --- */

/* Server time less monotonic time is between these. */
struct span {
    int64_t low;
    int64_t high;
};

static struct span hint_span(const struct timekeeper_hint *hint, int64_t now_ns)
{
    int64_t drift = (now_ns - hint->mono_ns) / NS_PER_MS / DRIFT_DIVISOR;
    int64_t middle = hint->server_ms - hint->mono_ns / NS_PER_MS;
    return (struct span){middle - hint->uncertainty_ms - drift,
                         middle + hint->uncertainty_ms + drift};
}

static bool narrow(struct span *span, const struct span *by)
{
    if (by->low > span->high || by->high < span->low) {
        return false;
    }
    span->low = by->low > span->low ? by->low : span->low;
    span->high = by->high < span->high ? by->high : span->high;
    return true;
}

struct vote {
    struct span span;
    size_t agreeing;
    int64_t oldest_ns, newest_ns; /* of those that agree */
};

/* Everybody who agrees with hint `index`, and what is left as common ground. */
static struct vote count_votes(const struct timekeeper *keeper, size_t index, int64_t now_ns)
{
    const struct timekeeper_hint *hints = keeper->hints;
    struct vote vote = {hint_span(&hints[index], now_ns), 1, hints[index].mono_ns,
                        hints[index].mono_ns};
    for (size_t i = keeper->hint_count; i-- > 0;) {
        struct span span = hint_span(&hints[i], now_ns);
        if (i != index && narrow(&vote.span, &span)) {
            vote.agreeing++;
            vote.oldest_ns = hints[i].mono_ns < vote.oldest_ns ? hints[i].mono_ns : vote.oldest_ns;
            vote.newest_ns = hints[i].mono_ns > vote.newest_ns ? hints[i].mono_ns : vote.newest_ns;
        }
    }
    return vote;
}

/* Most votes win; with as many on both sides the choice stays what it was. */
static void choose(struct timekeeper *keeper, int64_t now_ns, bool has_choice)
{
    struct span chosen = {keeper->choice_ms - keeper->choice_uncertainty_ms,
                          keeper->choice_ms + keeper->choice_uncertainty_ms};
    struct vote best = {.agreeing = 0};
    bool best_stays = false;
    for (size_t i = keeper->hint_count; i-- > 0;) {
        struct vote vote = count_votes(keeper, i, now_ns);
        struct span common = vote.span;
        bool stays = has_choice && narrow(&common, &chosen);
        if (vote.agreeing > best.agreeing ||
            (vote.agreeing == best.agreeing && stays && !best_stays)) {
            best = vote;
            best_stays = stays;
        }
    }
    keeper->choice_ms = best.span.low + (best.span.high - best.span.low) / 2;
    keeper->choice_uncertainty_ms = (best.span.high - best.span.low + 1) / 2;
    keeper->certain =
        best.agreeing >= CERTAIN_HINTS && best.newest_ns - best.oldest_ns >= CERTAIN_SPAN_NS;
}

void timekeeper_hint(struct timekeeper *keeper, const struct timekeeper_hint *hint)
{
    bool has_choice = keeper->hint_count > 0;
    if (!is_possible(hint->server_ms) || hint->uncertainty_ms < 0 ||
        hint->uncertainty_ms > UNCERTAINTY_MAX_MS) {
        return;
    }
    if (keeper->hint_count == TIMEKEEPER_HINTS) {
        memmove(&keeper->hints[0], &keeper->hints[1],
                (TIMEKEEPER_HINTS - 1) * sizeof keeper->hints[0]);
        keeper->hint_count--;
    }
    keeper->hints[keeper->hint_count++] = *hint;
    choose(keeper, hint->mono_ns, has_choice);
}

/* --- What time it is --- */

static int64_t server_ms(const struct timekeeper *keeper, int64_t mono_ns)
{
    return keeper->choice_ms + mono_ns / NS_PER_MS;
}

static bool server_agrees(const struct timekeeper *keeper, int64_t ms, int64_t mono_ns)
{
    return keeper->hint_count > 0 && distance(server_ms(keeper, mono_ns), ms) <=
                                         TIMEKEEPER_DIFFERENCE_MS + keeper->choice_uncertainty_ms;
}

/* The greater of the floors that hold now; 0: none. */
static int64_t floor_at(const struct timekeeper *keeper, int64_t mono_ns, bool with_created)
{
    int64_t floor = 0;
    if (keeper->floor_ms > 0) {
        floor = run_on(keeper->floor_ms, keeper->floor_mono_ns, mono_ns);
    }
    if (with_created && keeper->created_ms > 0) {
        int64_t created = run_on(keeper->created_ms, keeper->created_mono_ns, mono_ns);
        floor = created > floor ? created : floor;
    }
    return floor;
}

/* More than three years after what we know: nobody is believed alone. */
static bool is_far_ahead(const struct timekeeper *keeper, int64_t ms, int64_t mono_ns)
{
    int64_t floor = floor_at(keeper, mono_ns, true);
    return floor > 0 && ms > floor + TIMEKEEPER_AHEAD_MS;
}

/* What an unsynchronised machine is held against. */
static bool find_reference(const struct timekeeper *keeper, int64_t mono_ns, int64_t *ms_out,
                           enum timekeeper_source *source_out)
{
    if (keeper->hint_count > 0) {
        *ms_out = server_ms(keeper, mono_ns);
        *source_out = TIMEKEEPER_SERVER;
        if (keeper->certain || !is_far_ahead(keeper, *ms_out, mono_ns)) {
            return true;
        }
    }
    *ms_out = run_on(keeper->memory_ms, keeper->memory_mono_ns, mono_ns);
    *source_out = TIMEKEEPER_MEMORY;
    return keeper->remembers;
}

static int64_t judge(struct timekeeper *keeper, const struct timekeeper_reading *reading,
                     enum timekeeper_source *source_out)
{
    int64_t reference;
    enum timekeeper_source source;
    int64_t wall = reading->wall_ms < 0                   ? 0
                   : reading->wall_ms > TIMEKEEPER_END_MS ? TIMEKEEPER_END_MS
                                                          : reading->wall_ms;
    bool far = is_far_ahead(keeper, wall, reading->mono_ns) &&
               !server_agrees(keeper, wall, reading->mono_ns);
    if (reading->synchronised && !far) {
        *source_out = TIMEKEEPER_KERNEL;
        return wall;
    }
    if (find_reference(keeper, reading->mono_ns, &reference, &source)) {
        bool following = keeper->source == TIMEKEEPER_SERVER || keeper->source == TIMEKEEPER_MEMORY;
        int64_t allowed = following ? TIMEKEEPER_AGREEMENT_MS : TIMEKEEPER_DIFFERENCE_MS;
        allowed += source == TIMEKEEPER_SERVER ? keeper->choice_uncertainty_ms : 0;
        if (distance(wall, reference) > allowed) {
            *source_out = source;
            return reference;
        }
    } else if (far) {
        *source_out = TIMEKEEPER_FLOOR;
        return floor_at(keeper, reading->mono_ns, true);
    }
    *source_out = TIMEKEEPER_MACHINE;
    return wall;
}

static int64_t raise_to_floor(struct timekeeper *keeper, int64_t target, int64_t mono_ns,
                              enum timekeeper_source *source)
{
    bool kernel = *source == TIMEKEEPER_KERNEL;
    int64_t floor = floor_at(keeper, mono_ns, !kernel);
    if (floor < TIMEKEEPER_EPOCH_MS) {
        floor = run_on(TIMEKEEPER_EPOCH_MS, keeper->floor_mono_ns, mono_ns);
    }
    if (target >= floor) {
        return target;
    }
    if (target >= TIMEKEEPER_EPOCH_MS && (kernel || keeper->certain) &&
        server_agrees(keeper, target, mono_ns)) {
        keeper->floor_ms = target - TIMEKEEPER_FLOOR_MARGIN_MS;
        keeper->floor_mono_ns = mono_ns;
        keeper->created_ms = 0;
        return target;
    }
    *source = TIMEKEEPER_FLOOR;
    return floor;
}

/* Small corrections backwards are made by letting time pass at half speed. */
static int64_t smooth(const struct timekeeper *keeper, int64_t target_ns, int64_t elapsed_ns)
{
    int64_t slow = keeper->now_ns + elapsed_ns / 2;
    int64_t correction = target_ns - (keeper->now_ns + elapsed_ns);
    bool small = correction < 0 && correction > -(int64_t)TIMEKEEPER_SMOOTH_MS * NS_PER_MS;
    return small && target_ns < slow ? slow : target_ns;
}

static void start(struct timekeeper *keeper, int64_t mono_ns)
{
    keeper->started = true;
    keeper->mono_ns = mono_ns;
    keeper->floor_mono_ns = mono_ns;
    keeper->created_mono_ns = mono_ns;
}

int64_t timekeeper_now(struct timekeeper *keeper, const struct timekeeper_reading *reading)
{
    bool first = !keeper->started;
    if (first) {
        start(keeper, reading->mono_ns);
    }
    enum timekeeper_source source;
    int64_t target = judge(keeper, reading, &source);
    target = raise_to_floor(keeper, target, reading->mono_ns, &source);
    int64_t elapsed_ns =
        reading->mono_ns > keeper->mono_ns ? reading->mono_ns - keeper->mono_ns : 0;
    keeper->now_ns = first ? target * NS_PER_MS : smooth(keeper, target * NS_PER_MS, elapsed_ns);
    keeper->mono_ns += elapsed_ns;
    keeper->source = source;
    if (source == TIMEKEEPER_KERNEL) {
        keeper->remembers = true;
        keeper->memory_ms = target;
        keeper->memory_mono_ns = reading->mono_ns;
    }
    keeper->checked =
        source == TIMEKEEPER_KERNEL || source == TIMEKEEPER_SERVER || source == TIMEKEEPER_MEMORY ||
        (source == TIMEKEEPER_MACHINE && server_agrees(keeper, target, reading->mono_ns));
    return keeper->now_ns / NS_PER_MS;
}

int64_t timekeeper_floor(const struct timekeeper *keeper)
{
    if (keeper->checked) {
        return keeper->now_ns / NS_PER_MS - TIMEKEEPER_FLOOR_MARGIN_MS;
    }
    return floor_at(keeper, keeper->mono_ns, false);
}

enum timekeeper_source timekeeper_source(const struct timekeeper *keeper)
{
    return keeper->source;
}

const char *timekeeper_source_name(enum timekeeper_source source)
{
    switch (source) {
    case TIMEKEEPER_MACHINE:
        return "machine";
    case TIMEKEEPER_KERNEL:
        return "kernel";
    case TIMEKEEPER_SERVER:
        return "server";
    case TIMEKEEPER_MEMORY:
        return "memory";
    case TIMEKEEPER_FLOOR:
        break;
    }
    return "floor";
}
