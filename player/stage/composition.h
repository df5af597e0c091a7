/* What a screen shows at an instant, drawn whole and without a screen: zones, strip, films and,
 * where wanted, the transitions between them. For previews and for films (vitrine-render); the
 * screen itself gets the same pixels zone by zone from its lanes. One thread at a time. */
#ifndef VITRINE_PLAYER_STAGE_COMPOSITION_H
#define VITRINE_PLAYER_STAGE_COMPOSITION_H

#include "player/scene/slide_view.h"
#include "player/sync/edition.h"

struct composition;

struct composition_config {
    struct edition *edition; /* retained */
    struct edition *welcome; /* retained: what shows when nothing is planned */
    struct slide_view view;  /* its metrics are the whole picture's */
    /* Where a film or its captions are: a path that stays valid, or NULL with *err. */
    const char *(*film_path)(void *context, const struct sha256 *file, struct error *err);
    /* A film that cannot be shown, once each; its zone keeps its colour. */
    void (*fault)(void *context, const struct error *err);
    void *context;
    bool transitions; /* else an item shows whole from its first instant on */
};

struct composition *composition_create(const struct composition_config *config);
void composition_destroy(struct composition *composition); /* accepts NULL */

/* Into a canvas of the metrics' size. Rising instants are quick: what still shows is kept. False
 * when memory is out. */
bool composition_draw(struct composition *composition, int64_t at_ms, struct canvas *canvas);

#endif
