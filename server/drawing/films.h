/* Films of playlists (MP4), made one after the other by vitrine-render in the background: a sealed
 * manifest goes in, a file comes out and is kept for a while. Nothing of them outlives the server:
 * whoever wants a film again asks again. Any thread. */
#ifndef VITRINE_SERVER_DRAWING_FILMS_H
#define VITRINE_SERVER_DRAWING_FILMS_H

#include <stdint.h>

#include "core/clock.h"
#include "core/error.h"

#define FILMS_ID_SIZE 33
#define FILMS_PATH_SIZE (4096 + 64)
#define FILMS_WAITING_MAX 4
#define FILMS_PERSON_MAX 2 /* of one person, that wait or are being made */
#define FILMS_KEPT_MAX 8
#define FILMS_LIFE_MS (INT64_C(24) * 3600 * 1000)
#define FILMS_LENGTH_MAX_S 600

struct films;

struct films_config {
    const char *renderer, *assets, *media;
    const char *folder; /* emptied at the start */
    struct clock clock;
};

/* Strings are copied. */
struct films *films_start(const struct films_config *config, struct error *err)
    __attribute__((warn_unused_result));
/* Kills what is being made; the folder is emptied. Accepts NULL. */
void films_stop(struct films *films);

struct films_order {
    const char *owner;    /* who asks */
    const void *manifest; /* sealed */
    size_t manifest_size;
    const char *key_hex; /* that seals it */
    int64_t at_ms;       /* from this instant on */
    int64_t length_ms;   /* FILMS_LENGTH_MAX_S at most is filmed */
};

/* ERROR_BUSY when too many wait, in all or of this owner. When too many are kept, the oldest of
 * whoever has most of them goes: nobody's only one for somebody's tenth. */
bool films_ask(struct films *films, const struct films_order *order, char id_out[FILMS_ID_SIZE],
               struct error *err) __attribute__((warn_unused_result));

enum films_state { FILMS_WAITING, FILMS_MAKING, FILMS_READY, FILMS_FAILED };
const char *films_state_tag(enum films_state state); /* "waiting", … */

struct films_look {
    enum films_state state;
    int progress; /* 0-100 */
    int64_t size; /* bytes, when it is ready */
    struct error error;
    char path[FILMS_PATH_SIZE]; /* of the file, when it is ready */
};

/* ERROR_NOT_FOUND when there is none of that id (any more). */
bool films_look(struct films *films, const char *id, struct films_look *out, struct error *err)
    __attribute__((warn_unused_result));
/* Gives up what is made or throws away what is there. */
bool films_drop(struct films *films, const char *id, struct error *err)
    __attribute__((warn_unused_result));

#endif
