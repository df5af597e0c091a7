#include <stdio.h>
#include <stdlib.h>

#include "core/sign.h"
#include "player/render_serve.h"

enum { EXIT_USAGE = 2 };

static int fail(const struct error *err, enum lang lang, int code)
{
    char text[1024];
    fprintf(stderr, "vitrine-render : %s\n", error_text(err, lang, text, sizeof text));
    return code;
}

int main(int argc, char **argv)
{
    struct render_options options;
    struct error err = {0};
    if (!sign_init()) {
        return EXIT_FAILURE;
    }
    if (!render_options_read(argc, argv, &options, &err)) {
        return fail(&err, options.lang, EXIT_USAGE);
    }
    bool done = true;
    switch (options.action) {
    case RENDER_HELP:
        render_options_help(options.lang);
        break;
    case RENDER_VERSION:
        puts("vitrine-render " VITRINE_VERSION);
        break;
    case RENDER_SLIDE:
        done = render_slide(&options, &err);
        break;
    case RENDER_FILM:
        done = render_film(&options, &err);
        break;
    case RENDER_SERVE:
        done = render_serve(&options, &err);
        break;
    case RENDER_SCREEN:
        done = render_screen(&options, &err);
        break;
    }
    return done ? EXIT_SUCCESS : fail(&err, options.lang, EXIT_FAILURE);
}
