#include "server/drawing/films.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/civil.h"
#include "core/files.h"
#include "core/hash.h"
#include "core/log.h"
#include "core/sign.h"

#define FILMS_MAX (FILMS_WAITING_MAX + FILMS_KEPT_MAX + 1)
#define PATH_SIZE FILMS_PATH_SIZE
#define LIMIT_MS (30 * 60 * 1000)
#define STEP_MS 200
#define ID_BYTES 16
#define OWNER_SIZE 256
#define NICENESS 10 /* pictures go first */

struct film {
    char id[FILMS_ID_SIZE]; /* "": none */
    char owner[OWNER_SIZE];
    char key_hex[SIGN_PUBLIC_HEX_SIZE];
    int64_t at_ms;
    int seconds;
    enum films_state state;
    int progress;
    int64_t size;
    struct error error;
    bool dropped;
    int64_t asked_ms;
    uint64_t turn;
};

struct films {
    char renderer[PATH_MAX], media[PATH_MAX], assets[PATH_MAX + 32], folder[PATH_MAX];
    struct clock clock;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t asked;
    bool started, stopping;
    struct film films[FILMS_MAX];
    uint64_t turn;
};

static bool film_path(const struct films *films, const char *id, const char *ending,
                      char path[PATH_SIZE])
{
    return snprintf(path, PATH_SIZE, "%s/%s.%s", films->folder, id, ending) < PATH_SIZE;
}

static void remove_files(const struct films *films, const char *id)
{
    static const char *const endings[] = {"mp4", "mp4.part", "manifest"};
    char path[PATH_SIZE];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (film_path(films, id, endings[i], path)) {
            unlink(path);
        }
    }
}

static void empty_folder(const char *folder)
{
    char path[PATH_SIZE];
    DIR *listing = opendir(folder);
    for (const struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
        if (entry->d_name[0] != '.' && path_join(path, sizeof path, folder, entry->d_name)) {
            unlink(path);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
}

static struct film *find(struct films *films, const char *id)
{
    for (size_t i = 0; i < FILMS_MAX; i++) {
        if (strcmp(films->films[i].id, id) == 0) {
            return &films->films[i];
        }
    }
    return NULL;
}

static bool is_over(const struct film *film)
{
    return film->state == FILMS_READY || film->state == FILMS_FAILED;
}

static void forget(struct films *films, struct film *film)
{
    remove_files(films, film->id);
    *film = (struct film){0};
}

static size_t kept_of(const struct films *films, const struct film *like)
{
    size_t kept = 0;
    for (size_t i = 0; i < FILMS_MAX; i++) {
        const struct film *film = &films->films[i];
        kept += film->id[0] != '\0' && is_over(film) && strcmp(film->owner, like->owner) == 0;
    }
    return kept;
}

/* The oldest of whoever has most; *kept_out counts everybody's. */
static struct film *find_spare(struct films *films, size_t *kept_out)
{
    struct film *spare = NULL;
    size_t most = 0;
    *kept_out = 0;
    for (size_t i = 0; i < FILMS_MAX; i++) {
        struct film *film = &films->films[i];
        if (film->id[0] == '\0' || !is_over(film)) {
            continue;
        }
        ++*kept_out;
        size_t of_owner = kept_of(films, film);
        if (of_owner > most || (of_owner == most && film->turn < spare->turn)) {
            spare = film;
            most = of_owner;
        }
    }
    return spare;
}

static void clear_old(struct films *films)
{
    int64_t now_ms = clock_mono_ms(&films->clock);
    size_t kept = 0;
    for (size_t i = 0; i < FILMS_MAX; i++) {
        struct film *film = &films->films[i];
        if (film->id[0] != '\0' && is_over(film) && now_ms - film->asked_ms > FILMS_LIFE_MS) {
            forget(films, film);
        }
    }
    for (struct film *spare = find_spare(films, &kept); kept >= FILMS_KEPT_MAX;
         spare = find_spare(films, &kept)) {
        forget(films, spare);
    }
}

/* --- Making one --- */

static pid_t start_renderer(const struct films *films, const struct film *film, int *from_out)
{
    char manifest[PATH_SIZE], output[PATH_SIZE], at[32], seconds[16];
    int ends[2];
    pid_t child = 0;
    if (!film_path(films, film->id, "manifest", manifest) ||
        !film_path(films, film->id, "mp4", output) || pipe2(ends, O_CLOEXEC) != 0) {
        return 0;
    }
    civil_format_instant(film->at_ms, at, sizeof at);
    snprintf(seconds, sizeof seconds, "%d", film->seconds);
    const char *argv[] = {
        films->renderer, "film", "--manifest", manifest, "--key", film->key_hex, "--media",
        films->media,    "--at", at,           "--for",  seconds, "-o",          output,
        "--lang",        "en",   NULL};
    const char *environment[] = {films->assets, "PATH=/usr/bin:/bin", "LANG=C.UTF-8", NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    int failed = posix_spawn(&child, films->renderer, &actions, NULL,
                             (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed != 0) {
        close(ends[0]);
        return 0;
    }
    setpriority(PRIO_PROCESS, (id_t)child, NICENESS);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *from_out = ends[0];
    return child;
}

/* "film: 40 %, 3 s left": the last one that was said. */
static int read_progress(const char *text, int before)
{
    const char *mark = "film: ";
    for (const char *at = strstr(text, mark); at != NULL; at = strstr(at + 1, mark)) {
        int percent = (int)strtol(at + strlen(mark), NULL, 10);
        before = percent >= before && percent <= 100 ? percent : before;
    }
    return before;
}

static void tell_progress(struct films *films, struct film *film, const char *text)
{
    pthread_mutex_lock(&films->lock);
    film->progress = read_progress(text, film->progress);
    pthread_mutex_unlock(&films->lock);
}

static bool given_up(struct films *films, const struct film *film)
{
    pthread_mutex_lock(&films->lock);
    bool up = films->stopping || film->dropped;
    pthread_mutex_unlock(&films->lock);
    return up;
}

/* Until it closes its end, is late, or is not wanted any more. */
static void follow(struct films *films, struct film *film, pid_t child, int from)
{
    char text[1024];
    int64_t until_ms = clock_mono_ms(&films->clock) + LIMIT_MS;
    for (;;) {
        struct pollfd entry = {.fd = from, .events = POLLIN};
        if (given_up(films, film) || clock_mono_ms(&films->clock) > until_ms) {
            kill(child, SIGKILL);
            return;
        }
        if (poll(&entry, 1, STEP_MS) <= 0) {
            continue;
        }
        ssize_t got = read(from, text, sizeof text - 1);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) {
            return;
        }
        if (got > 0) {
            text[got] = '\0';
            tell_progress(films, film, text);
        }
    }
}

static bool make(struct films *films, struct film *film, int64_t *size_out)
{
    char path[PATH_SIZE];
    struct stat status;
    int from = -1, ended = 0;
    pid_t child = start_renderer(films, film, &from);
    if (child == 0) {
        return false;
    }
    follow(films, film, child, from);
    close(from);
    while (waitpid(child, &ended, 0) < 0 && errno == EINTR) {
    }
    bool ok = WIFEXITED(ended) && WEXITSTATUS(ended) == 0 &&
              film_path(films, film->id, "mp4", path) && stat(path, &status) == 0;
    *size_out = ok ? status.st_size : 0;
    if (film_path(films, film->id, "manifest", path)) {
        unlink(path);
    }
    return ok;
}

static struct film *next_film(struct films *films)
{
    struct film *next = NULL;
    for (size_t i = 0; i < FILMS_MAX; i++) {
        struct film *film = &films->films[i];
        if (film->id[0] != '\0' && film->state == FILMS_WAITING &&
            (next == NULL || film->turn < next->turn)) {
            next = film;
        }
    }
    return next;
}

static void *work(void *context)
{
    struct films *films = context;
    pthread_mutex_lock(&films->lock);
    while (!films->stopping) {
        struct film *film = next_film(films);
        if (film == NULL) {
            pthread_cond_wait(&films->asked, &films->lock);
            continue;
        }
        int64_t size = 0;
        film->state = FILMS_MAKING;
        pthread_mutex_unlock(&films->lock);
        bool ok = make(films, film, &size);
        pthread_mutex_lock(&films->lock);
        film->state = ok ? FILMS_READY : FILMS_FAILED;
        film->progress = ok ? 100 : film->progress;
        film->size = size;
        if (film->dropped) {
            forget(films, film);
        } else if (!ok && !films->stopping) {
            error_set(&film->error, ERROR_INTERNAL, "le film n’a pas pu être fait",
                      "the film could not be made");
            log_write(LOG_WARN, "film_failed", "%s", film->id);
        }
    }
    pthread_mutex_unlock(&films->lock);
    return NULL;
}

/* --- Its users --- */

struct films *films_start(const struct films_config *config, struct error *err)
{
    struct films *films = calloc(1, sizeof *films);
    if (films == NULL) {
        abort();
    }
    films->clock = config->clock;
    snprintf(films->renderer, sizeof films->renderer, "%s", config->renderer);
    snprintf(films->media, sizeof films->media, "%s", config->media);
    snprintf(films->folder, sizeof films->folder, "%s", config->folder);
    snprintf(films->assets, sizeof films->assets, "VITRINE_ASSETS=%s", config->assets);
    pthread_mutex_init(&films->lock, NULL);
    pthread_cond_init(&films->asked, NULL);
    if (!folder_create(films->folder, 0700, err)) {
        films_stop(films);
        return NULL;
    }
    empty_folder(films->folder);
    int failed = pthread_create(&films->thread, NULL, work, films);
    if (failed != 0) {
        error_set_errno(err, failed, "impossible de lancer un fil", "cannot start a thread");
        films_stop(films);
        return NULL;
    }
    films->started = true;
    return films;
}

void films_stop(struct films *films)
{
    if (films == NULL) {
        return;
    }
    pthread_mutex_lock(&films->lock);
    films->stopping = true;
    pthread_cond_signal(&films->asked);
    pthread_mutex_unlock(&films->lock);
    if (films->started) {
        pthread_join(films->thread, NULL);
        empty_folder(films->folder);
    }
    pthread_cond_destroy(&films->asked);
    pthread_mutex_destroy(&films->lock);
    free(films);
}

static bool has_room(const struct films *films, const char *owner, struct error *err)
{
    size_t waiting = 0, own = 0;
    for (size_t i = 0; i < FILMS_MAX; i++) {
        const struct film *film = &films->films[i];
        bool unmade = film->id[0] != '\0' && !is_over(film) && !film->dropped;
        waiting += unmade && film->state == FILMS_WAITING;
        own += unmade && strcmp(film->owner, owner) == 0;
    }
    if (own >= FILMS_PERSON_MAX) {
        return error_set(
            err, ERROR_BUSY,
            "%d de vos films ne sont pas encore faits : attendez-en un, ou annulez-en un",
            "%d of your films are not made yet: wait for one, or cancel one", FILMS_PERSON_MAX);
    }
    return waiting < FILMS_WAITING_MAX ||
           error_set(err, ERROR_BUSY,
                     "trop de films attendent déjà : réessayez dans quelques minutes",
                     "too many films are waiting: try again in some minutes");
}

/* There is one: whatever waits, is made and is kept is less than there are places. */
static struct film *take_place(struct films *films)
{
    clear_old(films);
    struct film *place = find(films, "");
    assert(place != NULL);
    return place;
}

bool films_ask(struct films *films, const struct films_order *order, char id_out[FILMS_ID_SIZE],
               struct error *err)
{
    char path[PATH_SIZE];
    int64_t seconds = (order->length_ms + 999) / 1000;
    seconds = seconds < 1 ? 1 : seconds > FILMS_LENGTH_MAX_S ? FILMS_LENGTH_MAX_S : seconds;
    pthread_mutex_lock(&films->lock);
    struct film *film = NULL;
    if (has_room(films, order->owner, err)) {
        film = take_place(films);
        random_token(id_out, ID_BYTES);
        if (film_path(films, id_out, "manifest", path) &&
            file_write_atomic(path, order->manifest, order->manifest_size, 0600, err)) {
            *film = (struct film){.at_ms = order->at_ms,
                                  .seconds = (int)seconds,
                                  .asked_ms = clock_mono_ms(&films->clock),
                                  .turn = ++films->turn};
            snprintf(film->id, sizeof film->id, "%s", id_out);
            snprintf(film->owner, sizeof film->owner, "%s", order->owner);
            snprintf(film->key_hex, sizeof film->key_hex, "%s", order->key_hex);
            pthread_cond_signal(&films->asked);
        } else {
            film = NULL;
        }
    }
    pthread_mutex_unlock(&films->lock);
    return film != NULL;
}

const char *films_state_tag(enum films_state state)
{
    static const char *const tags[] = {"waiting", "making", "ready", "failed"};
    return tags[state];
}

static bool not_found(struct error *err)
{
    return error_set(err, ERROR_NOT_FOUND, "ce film n’est plus là : redemandez-le",
                     "this film is gone: ask for it again");
}

bool films_look(struct films *films, const char *id, struct films_look *out, struct error *err)
{
    pthread_mutex_lock(&films->lock);
    const struct film *film = id[0] == '\0' ? NULL : find(films, id);
    bool found = film != NULL && !film->dropped;
    if (found) {
        *out = (struct films_look){.state = film->state,
                                   .progress = film->progress,
                                   .size = film->size,
                                   .error = film->error};
        film_path(films, film->id, "mp4", out->path);
    }
    pthread_mutex_unlock(&films->lock);
    return found || not_found(err);
}

bool films_drop(struct films *films, const char *id, struct error *err)
{
    pthread_mutex_lock(&films->lock);
    struct film *film = id[0] == '\0' ? NULL : find(films, id);
    bool found = film != NULL && !film->dropped;
    if (found && film->state == FILMS_MAKING) {
        film->dropped = true;
    } else if (found) {
        forget(films, film);
    }
    pthread_mutex_unlock(&films->lock);
    return found || not_found(err);
}
