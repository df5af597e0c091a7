/* A text engine with the bundled fonts, for a test program's group. */
#ifndef VITRINE_TESTS_SCENE_FIXTURE_H
#define VITRINE_TESTS_SCENE_FIXTURE_H

#include <stdio.h>

#include "player/draw/text.h"

static struct text_engine *engine;

static int start_engine(void **state)
{
    (void)state;
    struct error err;
    engine = text_engine_create(TESTS_DIR "/../assets/fonts", &err);
    if (engine == NULL) {
        fprintf(stderr, "%s\n", err.en);
    }
    return engine == NULL ? -1 : 0;
}

static int stop_engine(void **state)
{
    (void)state;
    text_engine_destroy(engine);
    return 0;
}

#endif
