/* screen screenshot, identify, restart: what is wanted of a screen's player. */
#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "server/api/api.h"
#include "server/commands/internal.h"
#include "server/fleet/screenshot.h"
#include "server/fleet/wish.h"
#include "server/store/devices.h"

#define WAIT_S 120
#define LOOK_MS 200
#define SILENT_S 180 /* a player asks at least once a minute */

static void pause_ms(long ms)
{
    struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

/* Who waits wants to know what for. */
static void print_asked(struct command *command, const char *screen)
{
    int64_t now_ms = clock_wall_ms(&command->clock);
    struct device device;
    struct error ignored;

    fprintf(stderr,
            lang_pick(command->lang, "Demandé à l’écran %s ; attente de %d s au plus.\n",
                      "Asked the screen %s; waiting %d s at most.\n"),
            screen, WAIT_S);
    if (!devices_get(command->db, command->arena, screen, &device, &ignored))
        fputs(lang_pick(command->lang, "Cet écran n’a pas encore de lecteur.\n",
                        "This screen has no player yet.\n"),
              stderr);
    else if (now_ms - device.last_seen_ms > SILENT_S * 1000)
        fprintf(stderr,
                lang_pick(command->lang,
                          "Son lecteur se tait depuis %" PRId64 " min : est-il allumé et relié ?\n",
                          "Its player has been silent for %" PRId64 " min: is it on and linked?\n"),
                (now_ms - device.last_seen_ms) / 60000);
}

/* One line that counts, where somebody looks on. */
static void print_progress(const struct command *command, int waited_s)
{
    if (isatty(STDERR_FILENO))
        fprintf(stderr, lang_pick(command->lang, "\r%d s… ", "\r%d s… "), waited_s);
}

static bool arrived(struct command *command, const char *screen, const char *id)
{
    struct screenshot screenshot;
    struct arena *arena = arena_create();
    struct error ignored;
    bool is = screenshots_get(command->db, arena, screen, &screenshot, &ignored) &&
              strcmp(screenshot.id, id) == 0;

    arena_destroy(arena);
    return is;
}

static bool wait_for_it(struct command *command, const char *screen, const char *id)
{
    bool is = false;

    for (int waited_ms = 0; waited_ms < WAIT_S * 1000 && !is; waited_ms += LOOK_MS) {
        if (waited_ms % 1000 == 0)
            print_progress(command, waited_ms / 1000);
        pause_ms(LOOK_MS);
        is = arrived(command, screen, id);
    }
    if (isatty(STDERR_FILENO))
        fputs("\r", stderr);
    return is ||
           error_set(&command->error, ERROR_NOT_FOUND,
                     "l’écran « %s » n’a rien envoyé en %d s ; la demande reste ouverte dix "
                     "minutes, refaites cette commande plus tard",
                     "the screen \"%s\" has sent nothing within %d s; the wish stays open for ten "
                     "minutes, run this command again later",
                     screen, WAIT_S);
}

int command_screenshot(struct command *command, const char *screen)
{
    char folder[PATH_MAX], path[PATH_MAX];
    struct wanted wanted;

    if (!command_open(command) ||
        !wish_ask(command->db, command->arena, screen, WANTED_SCREENSHOT, "",
                  clock_wall_ms(&command->clock), &wanted, &command->error))
        return command_fail(command);
    print_asked(command, screen);
    if (!wait_for_it(command, screen, wanted.id))
        return command_fail(command);
    if (api_screenshot_folder(command->options.data, folder, sizeof(folder)) == NULL ||
        screenshot_path(folder, screen, path, sizeof(path)) == NULL) {
        error_set(&command->error, ERROR_INVALID, "le chemin « %s » est trop long",
                  "the path \"%s\" is too long", command->options.data);
        return command_fail(command);
    }
    puts(path);
    return COMMAND_DONE;
}

static bool wait_for_answer(struct command *command, const char *id, struct wanted *out)
{
    bool ended = false;

    for (int waited_ms = 0; waited_ms < WAIT_S * 1000 && !ended; waited_ms += LOOK_MS) {
        if (waited_ms % 1000 == 0)
            print_progress(command, waited_ms / 1000);
        pause_ms(LOOK_MS);
        if (!wanted_get(command->db, command->arena, id, out, &command->error))
            return false;
        ended = wanted_state_at(out, clock_wall_ms(&command->clock)) != WANTED_WAITING;
    }
    if (isatty(STDERR_FILENO))
        fputs("\r", stderr);
    return ended || error_set(&command->error, ERROR_NOT_FOUND,
                              "l’écran « %s » n’a pas répondu en %d s ; la demande reste ouverte "
                              "dix minutes (les lecteurs d’avant la version du serveur ne savent "
                              "que se photographier)",
                              "the screen \"%s\" has not answered within %d s; the wish stays "
                              "open for ten minutes (players older than the server can only take "
                              "pictures of themselves)",
                              out->screen, WAIT_S);
}

int command_wish(struct command *command, const char *screen, const char *kind)
{
    struct wanted wanted, answer;

    if (!command_open(command) ||
        !wish_ask(command->db, command->arena, screen, kind, "", clock_wall_ms(&command->clock),
                  &wanted, &command->error))
        return command_fail(command);
    print_asked(command, screen);
    if (!wait_for_answer(command, wanted.id, &answer))
        return command_fail(command);
    if (answer.state != WANTED_DONE) {
        error_set(&command->error, ERROR_CONFLICT, "le lecteur de « %s » ne l’a pas fait : %s",
                  "the player of \"%s\" has not done it: %s", screen, answer.reason);
        return command_fail(command);
    }
    printf(lang_pick(command->lang, "%s : fait\n", "%s: done\n"), screen);
    return COMMAND_DONE;
}
