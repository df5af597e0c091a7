#include <stdio.h>
#include <stdlib.h>

#include "core/files.h"
#include "core/log.h"
#include "core/sign.h"
#include "player/doctor.h"
#include "player/options.h"
#include "player/player.h"

/* RESTART: the server wants it; systemd starts it again. */
enum { EXIT_USAGE = 2, EXIT_RESTART = 75 };

static int fail(const struct error *err, enum lang lang, int code)
{
    char text[1024];
    fprintf(stderr, lang_pick(lang, "vitrine-player : %s\n", "vitrine-player: %s\n"),
            error_text(err, lang, text, sizeof text));
    return code;
}

int main(int argc, char **argv)
{
    struct options options;
    struct error err;
    if (!sign_init()) {
        return EXIT_FAILURE;
    }
    if (!options_read(argc, argv, &options, &err)) {
        return fail(&err, options.lang, EXIT_USAGE);
    }
    if (options.action == OPTIONS_HELP) {
        options_print_help(options.lang);
        return EXIT_SUCCESS;
    }
    if (options.action == OPTIONS_VERSION) {
        puts("vitrine-player " VITRINE_VERSION);
        return EXIT_SUCCESS;
    }
    if (options.action == OPTIONS_DOCTOR) {
        return doctor_run(&options, stdout);
    }
    if (options.frames_to != NULL && !folder_create(options.frames_to, 0755, &err)) {
        return fail(&err, options.lang, EXIT_USAGE);
    }
    struct player *player = player_create(&options, &err);
    if (player == NULL) {
        return fail(&err, options.lang, EXIT_FAILURE);
    }
    int code = EXIT_SUCCESS;
    if (!player_run(player, &err)) {
        code = fail(&err, options.lang, EXIT_FAILURE);
    } else if (player_wants_restart(player)) {
        code = EXIT_RESTART;
    }
    player_destroy(player);
    return code;
}
