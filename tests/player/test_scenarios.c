/* vitrine-player as a process, judged by the frames that it showed. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/files.h"
#include "player/draw/image.h"
#include "player/sync/state.h"

#define WIDTH 640
#define HEIGHT 360
#define SIZE "640x360"
#define ARGUMENTS_MAX 32
#define FRAMES_MAX 600
/* 2026-11-24T08:10:07+01:00, in the middle of a minute */
#define INSTANT "2026-11-24T07:10:07Z"
#define INSTANT_MS INT64_C(1795504207000)

struct house {
    char folder[64];
    char state[96];
    char frames[96];
    char log[96];
};

static int setup(void **context)
{
    struct house *house = calloc(1, sizeof *house);
    strcpy(house->folder, "/tmp/vitrine-player-XXXXXX");
    assert_non_null(mkdtemp(house->folder));
    snprintf(house->state, sizeof house->state, "%s/state", house->folder);
    snprintf(house->frames, sizeof house->frames, "%s/frames", house->folder);
    snprintf(house->log, sizeof house->log, "%s/log", house->folder);
    *context = house;
    return 0;
}

static int teardown(void **context)
{
    struct house *house = *context;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", house->folder);
    int status = system(command);
    free(house);
    return status;
}

/* Starts a program with a NULL-terminated list of arguments; its log is appended. */
static pid_t start(const struct house *house, const char *program, ...)
{
    const char *argv[ARGUMENTS_MAX] = {program};
    va_list list;
    int count = 1;
    va_start(list, program);
    while ((argv[count] = va_arg(list, const char *)) != NULL) {
        count++;
        assert_true(count < ARGUMENTS_MAX);
    }
    va_end(list);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* nothing outlives a failed test */
        int log = open(house->log, O_WRONLY | O_CREAT | O_APPEND, 0644);
        dup2(log, STDERR_FILENO);
        execv(program, (char *const *)argv);
        _exit(127);
    }
    assert_true(pid > 0);
    return pid;
}

static int finish(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char *read_text(const char *folder, const char *name)
{
    char path[256];
    char *bytes = NULL;
    size_t length;
    struct error err;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return file_read(path, 4 << 20, &bytes, &length, &err) ? bytes : NULL;
}

static bool log_has(const struct house *house, const char *text)
{
    char *bytes;
    size_t length;
    struct error err;
    if (!file_read(house->log, 1 << 20, &bytes, &length, &err)) {
        return false;
    }
    bool has = strstr(bytes, text) != NULL;
    free(bytes);
    return has;
}

/* Whether a record that waits for the server has these words. */
static bool spool_has(const struct house *house, const char *words)
{
    static const char *const names[] = {"spool/reports.db", "spool/reports.db-wal"};
    bool has = false;
    for (size_t i = 0; i < 2; i++) {
        char path[256];
        char *bytes;
        size_t length;
        struct error err;
        snprintf(path, sizeof path, "%s/%s", house->state, names[i]);
        if (file_read(path, 64 << 20, &bytes, &length, &err)) {
            has = has || memmem(bytes, length, words, strlen(words)) != NULL;
            free(bytes);
        }
    }
    return has;
}

static bool wait_for_log(const struct house *house, const char *text)
{
    for (int i = 0; i < 500; i++) {
        if (log_has(house, text)) {
            return true;
        }
        usleep(20000);
    }
    char *log = read_text(house->folder, "log");
    print_error("%s is not in the log:\n%s\n", text, log != NULL ? log : "(none)");
    free(log);
    return false;
}

#define make_manifest(house, ...)                                                                  \
    assert_int_equal(finish(start(house, MAKE_MANIFEST, __VA_ARGS__, NULL)), 0)
#define play(house, seconds, ...)                                                                  \
    start(house, PLAYER, "--state", (house)->state, "--windowed", SIZE, "--backend", "surface",    \
          "--frames-to", (house)->frames, "--quit-after", seconds, __VA_ARGS__, NULL)

/* --- Frames --- */

struct frames {
    int count;
    struct image *images[FRAMES_MAX];
    int64_t at_ms[FRAMES_MAX];
};

static int is_png(const struct dirent *entry)
{
    return strstr(entry->d_name, ".png") != NULL;
}

static struct frames *read_frames(const char *folder)
{
    struct dirent **names;
    struct frames *frames = calloc(1, sizeof *frames);
    int count = scandir(folder, &names, is_png, alphasort);
    assert_true(count > 0 && count < FRAMES_MAX);
    for (int i = 0; i < count; i++) {
        char path[512];
        struct error err;
        long long at;
        snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        assert_int_equal(sscanf(names[i]->d_name, "%*u-%lld", &at), 1);
        frames->at_ms[i] = at;
        frames->images[i] = image_load(path, &err);
        assert_non_null(frames->images[i]);
        assert_int_equal(frames->images[i]->width, WIDTH);
        assert_int_equal(frames->images[i]->height, HEIGHT);
        free(names[i]);
    }
    frames->count = count;
    free(names);
    return frames;
}

static void frames_free(struct frames *frames)
{
    for (int i = 0; i < frames->count; i++) {
        image_destroy(frames->images[i]);
    }
    free(frames);
}

static bool same_picture(const struct image *a, const struct image *b)
{
    return a->width == b->width && a->height == b->height &&
           memcmp(a->pixels, b->pixels,
                  (size_t)a->width * (size_t)a->height * sizeof a->pixels[0]) == 0;
}

/* Share of pixels that are black, in percent. */
static int blackness(const struct image *image)
{
    size_t count = (size_t)image->width * (size_t)image->height;
    size_t black = 0;
    for (size_t i = 0; i < count; i++) {
        black += (image->pixels[i] & 0xFFFFFF) == 0 ? 1 : 0;
    }
    return (int)(100 * black / count);
}

/* Whether every pixel of `between` lies between those of the two ends (± rounding). */
static bool is_mix(const struct image *between, const struct image *first, const struct image *last)
{
    size_t count = (size_t)between->width * (size_t)between->height;
    for (size_t i = 0; i < count; i++) {
        for (int shift = 0; shift < 24; shift += 8) {
            int a = (int)(first->pixels[i] >> shift & 0xFF);
            int b = (int)(last->pixels[i] >> shift & 0xFF);
            int x = (int)(between->pixels[i] >> shift & 0xFF);
            if (x < (a < b ? a : b) - 1 || x > (a > b ? a : b) + 1) {
                return false;
            }
        }
    }
    return true;
}

/* --- Scenarios --- */

static void make_two_slides(const struct house *house, const char *duration)
{
    char origin[48];
    snprintf(origin, sizeof origin, "origin=%lld", (long long)INSTANT_MS - 1000);
    make_manifest(house, house->state, "width=640", "height=360", "strip=1", duration, origin,
                  "photo:" PHOTOS "/cafe.jpg:Le Café des Voisins",
                  "photo:" PHOTOS "/textile.jpg:Fil & Fil");
}

#ifdef RENDER
/* What staff see in a preview is what people see on the quay: pixel by pixel. */
static void test_first_frame_is_the_preview(void **context)
{
    struct house *house = *context;
    char preview[128];
    struct error err;
    make_two_slides(house, "duration=20000");
    assert_int_equal(finish(play(house, "1.0", "--at", INSTANT)), 0);
    snprintf(preview, sizeof preview, "%s/preview.png", house->folder);
    assert_int_equal(finish(start(house, RENDER, "screen", "--state", house->state, "--at", INSTANT,
                                  "-o", preview, NULL)),
                     0);
    struct frames *frames = read_frames(house->frames);
    struct image *expected = image_load(preview, &err);
    assert_non_null(expected);
    assert_true(same_picture(frames->images[0], expected));
    image_destroy(expected);
    frames_free(frames);
}
#endif

static void test_fade_is_never_black(void **context)
{
    struct house *house = *context;
    make_two_slides(house, "duration=1500");
    assert_int_equal(finish(play(house, "3.2", "--at", INSTANT)), 0);
    struct frames *frames = read_frames(house->frames);
    const struct image *first = frames->images[0];
    const struct image *second = NULL;
    int fading = 0;
    /* The second slide begins half a second after the start and stands from 1.0 s to 2.0 s. */
    for (int i = 0; i < frames->count; i++) {
        if (frames->at_ms[i] < INSTANT_MS + 1950) { /* a busy machine is late */
            second = frames->images[i];
        }
    }
    assert_false(same_picture(first, second));
    for (int i = 0; i < frames->count; i++) {
        assert_true(blackness(frames->images[i]) < 20);
        assert_true(is_mix(frames->images[i], first, second));
        fading +=
            !same_picture(frames->images[i], first) && !same_picture(frames->images[i], second);
    }
    assert_true(fading >= 3); /* saving PNGs slows it down */
    /* The loop came round to the very same picture. */
    assert_true(same_picture(frames->images[frames->count - 1], first));
    frames_free(frames);
}

/* Two players of one manifest, started at different moments, are at the same slide. */
static void test_two_players_agree(void **context)
{
    struct house *house = *context;
    make_two_slides(house, "duration=4000");
    assert_int_equal(finish(play(house, "1.2", "--at", "2026-11-24T07:10:11Z")), 0);
    struct frames *late = read_frames(house->frames);
    char command[160];
    snprintf(command, sizeof command, "rm -rf '%s'", house->frames);
    assert_int_equal(system(command), 0);
    assert_int_equal(finish(play(house, "2.5", "--at", "2026-11-24T07:10:09Z")), 0);
    struct frames *early = read_frames(house->frames);
    assert_false(same_picture(late->images[0], early->images[0]));
    assert_true(same_picture(late->images[0], early->images[early->count - 1]));
    frames_free(late);
    frames_free(early);
}

static void test_killed_and_restarted(void **context)
{
    struct house *house = *context;
    make_two_slides(house, "duration=20000");
    for (int i = 0; i < 4; i++) {
        pid_t pid = play(house, "20", "--at", INSTANT);
        usleep((useconds_t)(20000 + 60000 * i));
        kill(pid, SIGKILL);
        assert_int_equal(finish(pid), 128 + SIGKILL);
    }
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s' '%s'", house->frames, house->log);
    assert_int_equal(system(command), 0);
    assert_int_equal(finish(play(house, "1.0", "--at", INSTANT)), 0);
    assert_true(log_has(house, "manifest=1-1 slot=current"));
    struct frames *frames = read_frames(house->frames);
    assert_true(blackness(frames->images[0]) < 20);
    frames_free(frames);
}

static void spoil(const char *path, long at)
{
    FILE *file = fopen(path, "r+b");
    assert_non_null(file);
    fseek(file, at, SEEK_SET);
    int byte = fgetc(file);
    fseek(file, at, SEEK_SET);
    fputc(byte ^ 1, file);
    fclose(file);
}

static void test_damaged_current(void **context)
{
    struct house *house = *context;
    char path[128];
    make_manifest(house, house->state, "version=8", "slot=previous", "text:Hier");
    make_manifest(house, house->state, "version=9", "text:Aujourd’hui");
    snprintf(path, sizeof path, "%s/current.manifest", house->state);
    spoil(path, 700);
    assert_int_equal(finish(play(house, "1.0", "--at", INSTANT)), 0);
    assert_true(log_has(house, "manifest=1-8 slot=previous"));
    assert_true(spool_has(house, "manifest_signature"));
}

/* A flipped bit in a picture: the slide shows without it, the fault is kept for the server. */
static void test_damaged_picture(void **context)
{
    struct house *house = *context;
    char command[256];
    make_two_slides(house, "duration=20000");
    snprintf(command, sizeof command,
             "for f in %s/cache/*/*; do printf x | dd of=$f bs=1 seek=999 conv=notrunc "
             "status=none; done",
             house->state);
    assert_int_equal(system(command), 0);
    assert_int_equal(finish(play(house, "1.0", "--at", INSTANT)), 0);
    struct frames *frames = read_frames(house->frames);
    assert_true(blackness(frames->images[0]) < 20);
    frames_free(frames);
    assert_true(spool_has(house, "file_hash"));
}

/* Nothing at all: a welcome slide with this key's code, the same after a restart, another with
 * another key. */
static void test_welcome(void **context)
{
    struct house *house = *context;
    char key[128];
    char command[160];
    struct stat info;
    struct frames *frames[3];
    snprintf(key, sizeof key, "%s/key", house->state);
    for (int i = 0; i < 3; i++) {
        snprintf(command, sizeof command, "rm -rf '%s'", house->frames);
        assert_int_equal(system(command), 0);
        if (i == 2) {
            assert_int_equal(unlink(key), 0);
        }
        assert_int_equal(finish(play(house, "1.0", "--at", INSTANT)), 0);
        frames[i] = read_frames(house->frames);
        assert_true(blackness(frames[i]->images[0]) < 20);
    }
    assert_int_equal(stat(key, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_true(same_picture(frames[0]->images[0], frames[1]->images[0]));
    assert_false(same_picture(frames[0]->images[0], frames[2]->images[0]));
    for (int i = 0; i < 3; i++) {
        frames_free(frames[i]);
    }
}

/* A server that cannot be reached is no reason to wait. */
static void test_offline(void **context)
{
    struct house *house = *context;
    make_two_slides(house, "duration=20000");
    assert_int_equal(finish(play(house, "1.5", "--at", INSTANT, "--server", "http://127.0.0.1:9")),
                     0);
    assert_true(log_has(house, "event=first_frame"));
    assert_true(log_has(house, "code=network"));
    struct frames *frames = read_frames(house->frames);
    assert_true(blackness(frames->images[0]) < 20);
    frames_free(frames);
}

/* No folder to write to: it still shows that, and does not exit. */
static void test_no_storage(void **context)
{
    struct house *house = *context;
    assert_int_equal(
        finish(start(house, PLAYER, "--state", "/proc/vitrine", "--windowed", SIZE, "--backend",
                     "surface", "--frames-to", house->frames, "--quit-after", "1.0", NULL)),
        0);
    assert_true(log_has(house, "code=storage"));
    struct frames *frames = read_frames(house->frames);
    assert_true(blackness(frames->images[0]) < 20);
    frames_free(frames);
}

/* One folder, two players: the second would undo what the first does, so it says so and ends. */
static void test_folder_is_taken(void **context)
{
    struct house *house = *context;
    make_two_slides(house, "duration=20000");
    pid_t first = play(house, "20", "--at", INSTANT);
    assert_true(wait_for_log(house, "event=first_frame"));
    assert_int_equal(finish(play(house, "20", "--lang", "fr")), 1);
    assert_true(log_has(house, "un autre lecteur utilise déjà le dossier"));
    kill(first, SIGKILL);
    assert_int_equal(finish(first), 128 + SIGKILL);
    assert_int_equal(finish(play(house, "0.5", "--lang", "en")), 0); /* the lock died with it */
}

static void test_terminates(void **context)
{
    struct house *house = *context;
    make_two_slides(house, "duration=20000");
    pid_t pid = play(house, "30", "--at", INSTANT, "--server", "http://127.0.0.1:9");
    assert_true(wait_for_log(house, "event=first_frame"));
    kill(pid, SIGHUP); /* asks the server again */
    usleep(100000);
    assert_int_equal(waitpid(pid, NULL, WNOHANG), 0);
    struct timespec before;
    struct timespec after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    kill(pid, SIGTERM);
    assert_int_equal(finish(pid), 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 2);
}

/* --- With a real window and a real finger --- */

/* A server of a free display; 0 when there is none on this machine. */
static pid_t start_xvfb(void)
{
    int ends[2];
    char text[16] = ":";
    if (access("/usr/bin/Xvfb", X_OK) != 0 || access("/usr/bin/xdotool", X_OK) != 0) {
        return 0;
    }
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", ends[1]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(STDOUT_FILENO);
        close(STDERR_FILENO);
        execl("/usr/bin/Xvfb", "Xvfb", "-displayfd", number, "-screen", "0", SIZE "x24",
              "-nolisten", "tcp", NULL);
        _exit(127);
    }
    close(ends[1]);
    size_t length = 1;
    while (length < sizeof text - 1 && read(ends[0], text + length, 1) == 1 &&
           text[length] != '\n') {
        length++;
    }
    close(ends[0]);
    assert_true(length > 1);
    text[length] = '\0';
    setenv("DISPLAY", text, 1);
    setenv("SDL_VIDEODRIVER", "x11", 1);
    return pid;
}

/* The newest frame that is wholly written. */
static struct image *newest_frame(const struct house *house)
{
    struct dirent **names;
    struct image *image = NULL;
    int count = scandir(house->frames, &names, is_png, alphasort);
    for (int i = count - 1; i >= 0; i--) {
        char path[512];
        struct error err;
        snprintf(path, sizeof path, "%s/%s", house->frames, names[i]->d_name);
        if (image == NULL) {
            image = image_load(path, &err);
        }
        free(names[i]);
    }
    if (count >= 0) {
        free(names);
    }
    return image;
}

/* Share of pixels that differ, in percent. */
static int difference(const struct image *a, const struct image *b)
{
    size_t count = (size_t)a->width * (size_t)a->height;
    size_t other = 0;
    for (size_t i = 0; i < count; i++) {
        other += a->pixels[i] != b->pixels[i] ? 1 : 0;
    }
    return (int)(100 * other / count);
}

/* Waits until what shows differs from `reference` by least to most percent, and stays so. */
static bool wait_for_picture(const struct house *house, const struct image *reference, int least,
                             int most)
{
    int steady = 0;
    for (int i = 0; i < 200 && steady < 3; i++) {
        struct image *image = newest_frame(house);
        int differs = image != NULL ? difference(image, reference) : -1;
        steady = differs >= least && differs <= most ? steady + 1 : 0;
        image_destroy(image);
        usleep(50000);
    }
    return steady == 3;
}

#define xdotool(house, ...)                                                                        \
    assert_int_equal(finish(start(house, "/usr/bin/xdotool", __VA_ARGS__, NULL)), 0)

/* A touch on the button opens the directory; Escape gives the signage loop back as it was. */
static void test_kiosk_opens_and_closes(void **context)
{
    struct house *house = *context;
    char origin[48];
    char directory[128];
    char option[160];
    pid_t xvfb = start_xvfb();
    if (xvfb == 0) {
        print_message("Xvfb or xdotool is not installed\n");
        skip();
    }
    snprintf(directory, sizeof directory, "%s/annuaire.sqlite", house->folder);
    snprintf(option, sizeof option, "directory=%s", directory);
    snprintf(origin, sizeof origin, "origin=%lld", (long long)INSTANT_MS);
    assert_int_equal(finish(start(house, MAKE_DIRECTORY, directory, "3", NULL)), 0);
    make_manifest(house, house->state, "width=640", "height=360", "strip=1", "kiosk=1", option,
                  "duration=600000", origin, "photo:" PHOTOS "/cafe.jpg:Le Café des Voisins");
    pid_t player = play(house, "45", "--at", INSTANT);
    assert_true(wait_for_log(house, "event=first_frame"));
    usleep(1500000); /* the button comes with the directory */
    struct image *closed = newest_frame(house);
    assert_non_null(closed);

    xdotool(house, "mousemove", "300", "345", "click", "1");
    assert_true(wait_for_picture(house, closed, 40, 100));
    xdotool(house, "key", "Escape");
    assert_true(wait_for_picture(house, closed, 0, 0));

    image_destroy(closed);
    kill(player, SIGTERM);
    assert_int_equal(finish(player), 0);
    kill(xvfb, SIGTERM);
    finish(xvfb);
    setenv("SDL_VIDEODRIVER", "dummy", 1);
}

/* SDL would draw into the void: whoever starts the player must hear that nobody sees it. */
static void test_no_display(void **context)
{
    struct house *house = *context;
    if (access("/dev/dri", F_OK) == 0) {
        print_message("this machine has a display of its own\n");
        skip();
    }
    unsetenv("SDL_VIDEODRIVER");
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    pid_t player = start(house, PLAYER, "--state", house->state, "--quit-after", "2", NULL);
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    assert_int_equal(finish(player), 1);
    assert_false(log_has(house, "event=first_frame"));
}

static void test_refused_options(void **context)
{
    static const char *const cases[][2] = {{"--server", "http://vitrine.example"},
                                           {"--server", "ftp://127.0.0.1"},
                                           {"--rotation", "45"},
                                           {"--windowed", "640"},
                                           {"--at", "demain"},
                                           {"--backend", "opengl"},
                                           {"--nonsense", "1"},
                                           {"--quit-after", "nan"},
                                           {"--quit-after", NULL}};
    struct house *house = *context;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(finish(start(house, PLAYER, cases[i][0], cases[i][1], NULL)), 2);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#ifdef RENDER
        cmocka_unit_test_setup_teardown(test_first_frame_is_the_preview, setup, teardown),
#endif
        cmocka_unit_test_setup_teardown(test_fade_is_never_black, setup, teardown),
        cmocka_unit_test_setup_teardown(test_two_players_agree, setup, teardown),
        cmocka_unit_test_setup_teardown(test_killed_and_restarted, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damaged_current, setup, teardown),
        cmocka_unit_test_setup_teardown(test_damaged_picture, setup, teardown),
        cmocka_unit_test_setup_teardown(test_welcome, setup, teardown),
        cmocka_unit_test_setup_teardown(test_offline, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_storage, setup, teardown),
        cmocka_unit_test_setup_teardown(test_folder_is_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(test_terminates, setup, teardown),
        cmocka_unit_test_setup_teardown(test_refused_options, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_display, setup, teardown),
        cmocka_unit_test_setup_teardown(test_kiosk_opens_and_closes, setup, teardown),
    };
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]); /* one scenario alone */
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
