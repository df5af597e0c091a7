/* The page that says which screen this is: its name, its code and its number, large enough to be
 * read by who walks past a row of screens. */
#ifndef VITRINE_PLAYER_STAGE_IDENTIFY_H
#define VITRINE_PLAYER_STAGE_IDENTIFY_H

#include "core/lang.h"
#include "player/draw/canvas.h"
#include "player/draw/text.h"
#include "player/scene/metrics.h"

struct identify_facts {
    enum lang lang;
    const char *name; /* the screen's; "" while it has none */
    const char *site; /* where it is; "" */
    const char *id;   /* by which staff know it; "" */
    const char *code; /* of its key, as at enrolment; "" */
    int number;       /* among its site's screens; 0: not known */
};

/* NULL when memory is out. */
struct canvas *identify_draw(struct text_engine *text, const struct metrics *metrics,
                             const struct identify_facts *facts);

#endif
