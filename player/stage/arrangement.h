/* A layout in effect: its zones in pixels, a lane for each, and the strip's date and clock. The
 * stage has one that shows and, before a layout changes, one that is made ready. Main thread only.
 */
#ifndef VITRINE_PLAYER_STAGE_ARRANGEMENT_H
#define VITRINE_PLAYER_STAGE_ARRANGEMENT_H

#include "player/scene/zones.h"
#include "player/stage/lane.h"

struct arrangement;

/* What is wanted at an instant. */
struct arrangement_wish {
    struct edition *edition;              /* not retained; NULL: nothing */
    const struct manifest_layout *layout; /* NULL: one zone, no strip */
    const struct manifest_loop *loop;     /* of the main zone; NULL: nothing is planned */
    enum interval_class class;
};

struct arrangement *arrangement_create(struct lane_host *host, const struct arrangement_wish *wish,
                                       int bottom);
void arrangement_destroy(struct arrangement *arrangement); /* accepts NULL */

/* Whether it is divided as the wish wants it. Then arrangement_follow makes it play that. */
bool arrangement_fits(const struct arrangement *arrangement, const struct arrangement_wish *wish,
                      int bottom);
void arrangement_follow(struct arrangement *arrangement, const struct arrangement_wish *wish);
void arrangement_retry(struct arrangement *arrangement);

bool arrangement_take(struct arrangement *arrangement, struct job *job); /* as lane_take */
void arrangement_prepare(struct arrangement *arrangement, struct lane_time now, int64_t at_ms);
enum arrangement_ready { ARRANGEMENT_NOT, ARRANGEMENT_MAIN, ARRANGEMENT_ALL };
/* MAIN: other zones would show their colour for the time being. */
enum arrangement_ready arrangement_ready(struct arrangement *arrangement, int64_t at_ms);
void arrangement_adopt(struct arrangement *arrangement, struct lane_time now);

bool arrangement_tick(struct arrangement *arrangement, struct lane_time now, int64_t horizon_ms);
int64_t arrangement_next_wake(struct arrangement *arrangement, struct lane_time now,
                              int64_t horizon_ms);
void arrangement_settle(struct arrangement *arrangement);
void arrangement_put(struct arrangement *arrangement, struct lane_time now);
/* All of it as one canvas of the size of its area: a zone's own where it covers all, else a new one
 * (*made_out). NULL when memory is out. */
const struct canvas *arrangement_compose(struct arrangement *arrangement, struct lane_time now,
                                         struct canvas **made_out);
void arrangement_cover(struct arrangement *arrangement, struct lane_time now, bool covered);

const struct slide *arrangement_slide(const struct arrangement *arrangement); /* main zone's */
struct edition *arrangement_edition(const struct arrangement *arrangement);   /* not retained */
struct rect arrangement_area(const struct arrangement *arrangement);
bool arrangement_still_moment(const struct arrangement *arrangement);
bool arrangement_healthy(struct arrangement *arrangement, struct lane_time now);

#endif
