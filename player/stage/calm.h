/* An edition without its emergencies: what plays when a newer manifest has ended them and is not
 * complete yet. */
#ifndef VITRINE_PLAYER_STAGE_CALM_H
#define VITRINE_PLAYER_STAGE_CALM_H

#include "player/sync/edition.h"

/* What went before an emergency goes on in its place. NULL when there is none in it; else one
 * reference belongs to the caller. */
struct edition *calm_edition(const struct edition *edition);

#endif
