/* serve: the running server, until SIGTERM or SIGINT. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/files.h"
#include "core/log.h"
#include "server/api/api.h"
#include "server/commands/internal.h"
#include "server/store/plays.h"
#include "server/store/settings.h"
#include "server/store/sums.h"

static void wait_for_end(void)
{
    sigset_t signals;
    int received;

    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigwait(&signals, &received);
    log_write(LOG_INFO, "stopping", "signal %d", received);
}

/* Held until the end of the process: by it "restore" sees that the data are in use, and a second
 * server on the same data is refused. */
static bool lock_data(struct command *command)
{
    char path[PATH_MAX];

    if (!command_data_exists(command) ||
        path_join(path, sizeof(path), command->options.data, "lock") == NULL)
        return false;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        error_set_errno(&command->error, errno, "« %s » ne peut être écrit",
                        "\"%s\" cannot be written", path);
        return false;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true;
    close(fd);
    return error_set(&command->error, ERROR_BUSY, "un serveur tourne déjà avec « %s »",
                     "a server runs with \"%s\" already", command->options.data);
}

/* A player each holds a connection; the usual 1024 are soon taken. */
static void raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == limit.rlim_max)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        log_write(LOG_WARN, "descriptors", "the limit of open files cannot be raised");
}

/* Settings that other commands read in the store as well. What nobody has given stays as it is there
 * ("plays --keep"). */
static bool store_settings(struct command *command)
{
    const struct config *config = &command->config;

    bool ok = command_open(command) &&
              (!config_given(config, CONFIG_PLAYS_KEPT_DAYS) ||
               settings_set_int(command->db, PLAYS_KEPT_SETTING,
                                config_number(config, CONFIG_PLAYS_KEPT_DAYS), &command->error)) &&
              (!config_given(config, CONFIG_SUMS_KEPT_DAYS) ||
               settings_set_int(command->db, SUMS_KEPT_SETTING,
                                config_number(config, CONFIG_SUMS_KEPT_DAYS), &command->error));
    db_close(command->db);
    command->db = NULL;
    return ok;
}

int command_serve(struct command *command)
{
    char address[64], assets[PATH_MAX], renderer[PATH_MAX];
    sigset_t signals;
    int port = 0;

    if (command->word_count != 0)
        return command_misused(command, "serve [--listen ADRESSE:PORT] [--secure]");
    if (!config_listen(config_text(&command->config, CONFIG_LISTEN), address, sizeof(address),
                       &port))
        return command_fail(command);
    const char *assets_path = config_given(&command->config, CONFIG_ASSETS)
                                  ? config_text(&command->config, CONFIG_ASSETS)
                                  : assets_folder(assets, sizeof(assets));
    if (assets_path == NULL) {
        error_set(&command->error, ERROR_NOT_FOUND,
                  "dossier des polices et icônes introuvable : donnez --assets",
                  "folder of fonts and icons not found: give --assets");
        return command_fail(command);
    }
    if (!lock_data(command) || !store_settings(command))
        return command_fail(command);
    raise_descriptors();
    /* Blocked before the threads are made, so that none of them takes the signal. */
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    struct api_config config = {.data_folder = command->options.data,
                                .address = address,
                                .port = port,
                                .assets = assets_path,
                                .renderer = command_renderer(command, renderer, sizeof(renderer)),
                                .secure = config_flag(&command->config, CONFIG_SECURE),
                                .settings = &command->config,
                                .clock = command->clock};
    struct api *api = api_start(&config, &command->error);
    if (api == NULL)
        return command_fail(command);
    printf(lang_pick(command->lang, "Vitrine répond sur http://%s%s%s:%d/\n",
                     "Vitrine answers on http://%s%s%s:%d/\n"),
           strchr(address, ':') != NULL ? "[" : "", address,
           strchr(address, ':') != NULL ? "]" : "", api_port(api));
    fflush(stdout);
    wait_for_end();
    api_stop(api);
    return COMMAND_DONE;
}
