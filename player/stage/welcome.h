/* The built-in slide: what a screen shows when it has no programme. It is an edition of one slide,
 * so that it is drawn, replaced and freed as any other. */
#ifndef VITRINE_PLAYER_STAGE_WELCOME_H
#define VITRINE_PLAYER_STAGE_WELCOME_H

#include "core/lang.h"
#include "core/sign.h"
#include "player/sync/sync.h"

struct welcome_facts {
    enum lang lang;
    const struct sign_keys *keys; /* NULL: no key could be kept (disk) */
    bool enrolled;                /* then code and fingerprint are of no use to anybody */
    enum sync_status status;
};

/* One reference belongs to the caller. */
struct edition *welcome_create(const struct welcome_facts *facts);

#endif
