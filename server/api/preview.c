/* What a screen shows at an instant, drawn by vitrine-render: the same drawing code as the
 * screen's, in a process of its own, so that no picture can take the server down. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/civil.h"
#include "core/files.h"
#include "server/api/fleet_parts.h"

#define DRAW_MS 15000
#define PNG_MAX (64 * 1024 * 1024)
#define PREVIEWS_ASKED_MAX 4 /* each holds a worker that players need too */

/* Waits in small steps rather than for ever: a child that hangs is killed, and so is one that would
 * hold up the end. */
static bool wait_for(struct api *api, pid_t child, int *status_out)
{
    const struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};

    for (int waited_ms = 0; waited_ms < DRAW_MS && !atomic_load(&api->stopping); waited_ms += 5) {
        pid_t done = waitpid(child, status_out, WNOHANG);
        if (done == child)
            return true;
        if (done < 0 && errno != EINTR)
            return false;
        nanosleep(&pause, NULL);
    }
    kill(child, SIGKILL);
    waitpid(child, status_out, 0);
    return false;
}

static bool run_renderer(struct api *api, const struct drawing *drawing, const char *document_path,
                         const char *png_path, struct error *err)
{
    const char *argv[DRAWING_WORDS_MAX + 8] = {api->config.renderer, drawing->command};
    char assets[PATH_MAX + 32];
    size_t count = 2;
    pid_t child;
    int status = 0;

    if (drawing->option != NULL)
        argv[count++] = drawing->option;
    argv[count++] = document_path;
    for (size_t i = 0; drawing->words[i] != NULL; i++)
        argv[count++] = drawing->words[i];
    argv[count++] = "-o";
    argv[count++] = png_path;
    snprintf(assets, sizeof(assets), "VITRINE_ASSETS=%s", api->config.assets);
    char *environment[] = {assets, "PATH=/usr/bin:/bin", "LANG=C.UTF-8", NULL};
    int failed = posix_spawn(&child, api->config.renderer, NULL, NULL,
                             (char *const *)(uintptr_t)argv, environment);
    if (failed != 0)
        return error_set_errno(err, failed, "impossible de lancer %s", "cannot start %s",
                               api->config.renderer);
    if (!wait_for(api, child, &status) || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return error_set(err, ERROR_INTERNAL, "vitrine-render a échoué (état %d)",
                         "vitrine-render failed (status %d)", status);
    return true;
}

bool api_draw_begin(struct api *api)
{
    if (atomic_fetch_add(&api->previews_asked, 1) < PREVIEWS_ASKED_MAX)
        return true;
    atomic_fetch_sub(&api->previews_asked, 1);
    return false;
}

void api_draw_end(struct api *api)
{
    atomic_fetch_sub(&api->previews_asked, 1);
}

bool api_draw(struct api *api, const struct drawing *drawing, char **png_out, size_t *size_out,
              struct error *err)
{
    char name[32], document_path[PATH_MAX + 64], png_path[PATH_MAX + 64];

    random_token(name, 8);
    snprintf(document_path, sizeof(document_path), "%s/%s.document", api->scratch_folder, name);
    snprintf(png_path, sizeof(png_path), "%s/%s.png", api->scratch_folder, name);
    while (sem_wait(&api->previews) != 0)
        continue;
    bool ok =
        file_write_atomic(document_path, drawing->document, drawing->document_size, 0600, err) &&
        run_renderer(api, drawing, document_path, png_path, err) &&
        file_read(png_path, PNG_MAX, png_out, size_out, err);
    sem_post(&api->previews);
    unlink(document_path);
    unlink(png_path);
    return ok;
}

static void answer_frame(struct http_request *request, struct api *api, int64_t at_ms)
{
    const char *screen = request_param(request, "id");
    char at[32], key[SIGN_PUBLIC_HEX_SIZE];
    struct error error;
    char *png = NULL;
    size_t size = 0;

    const struct roster_manifest *sealed = roster_manifest(api->roster, screen);
    if (sealed == NULL) {
        error_set(&error, ERROR_NOT_FOUND, "l’écran « %s » n’a pas encore de programme",
                  "the screen \"%s\" has no programme yet", screen);
        answer_problem(request, &error);
        return;
    }
    civil_format_instant(at_ms, at, sizeof(at));
    hex_encode(api->keys.public.bytes, SIGN_PUBLIC_SIZE, key);
    const char *words[] = {"--key", key, "--media", api->media_folder, "--at", at, NULL};
    bool ok =
        api_draw(api, &(struct drawing){"screen", "--manifest", sealed->bytes, sealed->size, words},
                 &png, &size, &error);
    roster_release(api->roster, sealed);
    if (ok)
        answer_bytes(request, "image/png", png, size, NULL, "no-store");
    else
        answer_problem(request, &error);
    free(png);
}

void api_frame(struct http_request *request, void *context)
{
    struct api *api = context;
    struct error error;
    int64_t at_ms;

    if (!api_instant(request, api, &at_ms, &error)) {
        answer_problem(request, &error);
        return;
    }
    if (!fleet_sees(request, api))
        return;
    if (!api_draw_begin(api)) {
        answer_unavailable(request, 2);
        return;
    }
    answer_frame(request, api, at_ms);
    api_draw_end(api);
}
