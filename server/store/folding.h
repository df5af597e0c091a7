/* The folded form of names, in an arena (core/utf8.h). */
#ifndef VITRINE_SERVER_STORE_FOLDING_H
#define VITRINE_SERVER_STORE_FOLDING_H

#include "core/arena.h"

const char *folding_of(struct arena *arena, const char *text);

#endif
