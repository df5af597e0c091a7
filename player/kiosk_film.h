/* The film that a visitor watches on the kiosk, once, with its captions, without sound. Main
 * thread only. */
#ifndef VITRINE_PLAYER_KIOSK_FILM_H
#define VITRINE_PLAYER_KIOSK_FILM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "player/draw/presenter.h"

struct kiosk_film;
struct video_hardware;

struct kiosk_film_config {
    const char *path;
    const char *captions; /* NULL: none; when they cannot be read the film plays without */
    struct video_hardware *hardware;
    void (*wake)(void *context); /* any thread */
    void *context;
};

struct kiosk_film *kiosk_film_create(const struct kiosk_film_config *config, struct error *err)
    __attribute__((warn_unused_result));
void kiosk_film_destroy(struct kiosk_film *film); /* accepts NULL */

/* Puts the frame of that instant (monotonic; the first call is the film's start) into the rect;
 * `anew`: even when it is still the same. True when something was put. */
bool kiosk_film_put(struct kiosk_film *film, struct presenter *presenter, struct rect rect,
                    bool anew, int64_t now_ms);
const char *kiosk_film_caption(struct kiosk_film *film, int64_t now_ms); /* "": none now */
bool kiosk_film_over(struct kiosk_film *film, int64_t now_ms);           /* or it failed */

#endif
