#include "server/media/work.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/log.h"
#include "core/utf8.h"

#define LINE_MAX_BYTES 1024
#define WORDS_MAX 9
#define SIDE_MAX 100000
#define LENGTH_MAX_MS INT64_C(86400000)
#define STEP_MS 200

static size_t split(char *line, char *words[WORDS_MAX])
{
    size_t count = 0;

    for (char *word = line; word != NULL && count < WORDS_MAX; count++) {
        words[count] = word;
        word = strchr(word, '\t');
        if (word != NULL)
            *word++ = '\0';
    }
    return count;
}

static bool number(const char *text, int64_t max, int64_t *out)
{
    char *end;

    errno = 0;
    *out = strtoll(text, &end, 10);
    return errno == 0 && end != text && *end == '\0' && *out >= 0 && *out <= max;
}

static const char *known(const char *text, const char *const *list)
{
    while (*list != NULL && strcmp(*list, text) != 0)
        list++;
    return *list;
}

static bool take_file(char *const words[], struct work_result *out)
{
    static const char *const roles[] = {"screen", "thumbnail", "film", "poster", "page", NULL};
    static const char *const types[] = {"image/jpeg", "image/png", "video/mp4", NULL};

    if (out->count == WORK_FILES_MAX || known(words[1], roles) == NULL ||
        strspn(words[7], "abcdefghijklmnopqrstuvwxyz0123456789-.") != strlen(words[7]) ||
        words[7][0] == '.' || strlen(words[7]) >= sizeof(out->files[0].file))
        return false;
    struct work_file *file = &out->files[out->count++];
    snprintf(file->role, sizeof(file->role), "%s", words[1]);
    snprintf(file->file, sizeof(file->file), "%s", words[7]);
    file->type = known(words[3], types);
    return file->type != NULL && number(words[2], WORK_FILES_MAX, &file->page) &&
           number(words[4], SIDE_MAX, &file->width) && number(words[5], SIDE_MAX, &file->height) &&
           number(words[6], LENGTH_MAX_MS, &file->length_ms);
}

static bool take_note(char *const words[], struct work_result *out)
{
    if (!utf8_valid(words[1], strlen(words[1])) || !utf8_valid(words[2], strlen(words[2])) ||
        strlen(words[1]) >= sizeof(out->note_fr) || strlen(words[2]) >= sizeof(out->note_en))
        return false;
    snprintf(out->note_fr, sizeof(out->note_fr), "%s", words[1]);
    snprintf(out->note_en, sizeof(out->note_en), "%s", words[2]);
    return true;
}

bool work_line(char *line, struct work_result *out, enum work_end *end_out, int *percent_out)
{
    char *words[WORDS_MAX];
    size_t count = split(line, words);
    int64_t percent;

    if (count == 1 && strcmp(words[0], "done") == 0) {
        *end_out = WORK_DONE;
        return true;
    }
    if (count == 2 && strcmp(words[0], "progress") == 0) {
        if (!number(words[1], 100, &percent))
            return false;
        *percent_out = (int)percent;
        return true;
    }
    if (count == 3 && strcmp(words[0], "refused") == 0) {
        *end_out = WORK_REFUSED;
        return take_note(words, out);
    }
    if (count == 3 && strcmp(words[0], "note") == 0)
        return take_note(words, out);
    if (count == 5 && strcmp(words[0], "original") == 0)
        return number(words[1], SIDE_MAX, &out->width) &&
               number(words[2], SIDE_MAX, &out->height) &&
               number(words[3], LENGTH_MAX_MS, &out->length_ms) &&
               number(words[4], WORK_FILES_MAX, &out->pages);
    return count == 8 && strcmp(words[0], "file") == 0 && take_file(words, out);
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* In a group of its own, so that programs it starts end with it. */
static pid_t start(const struct work *work, int *out_fd)
{
    static char *environment[] = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", NULL};
    const char *words[] = {work->worker, item_kind_tags[work->kind], work->original, work->folder,
                           NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    int ends[2];
    pid_t child = -1;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawnattr_init(&attributes);
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none); /* the server blocks SIGTERM */
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    int failed = posix_spawn(&child, work->worker, &actions, &attributes,
                             (char *const *)(uintptr_t)words, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (failed == 0) {
        *out_fd = ends[0];
        return child;
    }
    close(ends[0]);
    log_write(LOG_ERROR, "worker", "%s cannot be started: %s", work->worker, strerror(failed));
    return -1;
}

struct listening {
    char text[LINE_MAX_BYTES];
    size_t length;
    enum work_end end;
    bool senseless;
};

/* Lines that are complete in what has been read. */
static void take_lines(const struct work *work, struct listening *listening,
                       struct work_result *out)
{
    char *newline;

    while ((newline = memchr(listening->text, '\n', listening->length)) != NULL) {
        int percent = -1;
        *newline = '\0';
        listening->senseless |= !work_line(listening->text, out, &listening->end, &percent);
        if (percent >= 0)
            work->progress(percent, work->context);
        size_t used = (size_t)(newline + 1 - listening->text);
        memmove(listening->text, newline + 1, listening->length - used);
        listening->length -= used;
    }
    listening->senseless |= listening->length == sizeof(listening->text);
}

/* Until the worker closes its end; false when it is to be killed. */
static bool listen_to(const struct work *work, int fd, struct listening *listening,
                      struct work_result *out)
{
    int64_t until_ms = now_ms() + work->limit_ms;

    while (!listening->senseless && now_ms() < until_ms && !atomic_load(work->stopping)) {
        struct pollfd waiting = {.fd = fd, .events = POLLIN};
        if (poll(&waiting, 1, STEP_MS) <= 0)
            continue;
        ssize_t got = read(fd, listening->text + listening->length,
                           sizeof(listening->text) - listening->length);
        if (got == 0)
            return true;
        if (got > 0)
            listening->length += (size_t)got;
        take_lines(work, listening, out);
    }
    return false;
}

enum work_end work_run(const struct work *work, struct work_result *out)
{
    struct listening listening = {.end = WORK_BROKEN};
    int fd = -1;
    int status = 0;

    memset(out, 0, sizeof(*out));
    pid_t child = start(work, &fd);
    if (child < 0)
        return WORK_TROUBLE;
    bool heard = listen_to(work, fd, &listening, out);
    close(fd);
    if (!heard)
        kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    kill(-child, SIGKILL); /* what it started and left behind */
    if (atomic_load(work->stopping))
        return WORK_STOPPED;
    if (heard && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return listening.end;
    log_write(LOG_WARN, "worker", "%s: status %d%s", work->original, status,
              heard ? "" : ", out of time or sense");
    return WIFEXITED(status) ? WORK_TROUBLE : WORK_BROKEN;
}
