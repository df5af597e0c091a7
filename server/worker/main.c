/* vitrine-worker KIND ORIGINAL FOLDER: makes what screens can show of one file that somebody sent.
 * Started by the server for each file; shuts itself in before it looks at it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "core/log.h"
#include "server/worker/films.h"
#include "server/worker/pictures.h"
#include "server/worker/report.h"
#include "server/worker/sandbox.h"
#include "server/worker/slides.h"
#include "server/worker/tail.h"

#define MIB (INT64_C(1024) * 1024)
#define LOOPS_SIZE 4096
#define EXIT_OURS 3 /* nothing is the file's fault */

struct job {
    const char *kind;
    bool (*make)(const char *path, const char *folder, struct error *err);
    const char *const *programs;
    bool local_sockets;
    int64_t memory_bytes;
    int64_t cpu_s;
    int64_t file_bytes;
};

static bool make_pages(const char *path, const char *folder, struct error *err)
{
    return pictures_make_pages(path, folder, 0, err);
}

static const char *const film_programs[] = {FILM_PROGRAM, "/usr/lib", "/lib64", NULL};
static const char *const slides_programs[] = {"/usr", "/bin", "/lib", "/lib64", NULL};

static const struct job jobs[] = {
    {"picture", pictures_make, NULL, false, 2048 * MIB, 60, 256 * MIB},
    {"pages", make_pages, NULL, false, 2048 * MIB, 240, 256 * MIB},
    {"film", films_make, film_programs, false, 4096 * MIB, 7200, 2048 * MIB},
    {"slides", slides_make, slides_programs, true, 6144 * MIB, 300, 1024 * MIB},
};

static const struct job *find_job(const char *kind)
{
    for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++) {
        if (strcmp(jobs[i].kind, kind) == 0)
            return &jobs[i];
    }
    return NULL;
}

static bool enter(const struct job *job, const char *original, const char *folder,
                  struct error *err)
{
    const bool slides = job->programs == slides_programs;
    const char *const readable[] = {original,
                                    "/usr",
                                    "/lib",
                                    "/lib64",
                                    "/etc/fonts",
                                    "/etc/ld.so.cache",
                                    "/var/cache/fontconfig",
                                    slides ? "/etc/libreoffice" : NULL,
                                    slides ? "/etc/passwd" : NULL, /* or it ignores HOME */
                                    slides ? "/var/lib/libreoffice" : NULL,
                                    slides ? "/var/spool/libreoffice" : NULL,
                                    NULL};
    const struct sandbox sandbox = {.folder = folder,
                                    .readable = readable,
                                    .programs = job->programs,
                                    .local_sockets = job->local_sockets,
                                    .memory_bytes = job->memory_bytes,
                                    .cpu_s = job->cpu_s,
                                    .file_bytes = job->file_bytes};
    enum sandbox_walls walls;

    if (!sandbox_enter(&sandbox, &walls, err))
        return false;
    if (walls == SANDBOX_NO_LANDLOCK)
        log_write(LOG_WARN, "sandbox", "this kernel has no Landlock: files are not walled off");
    return true;
}

static void set_environment(const char *folder)
{
    setenv("HOME", folder, 1); /* libraries' scratch files */
    setenv("TMPDIR", folder, 1);
    setenv("VIPS_CONCURRENCY", "2", 1);
    setenv("VIPS_DISC_THRESHOLD", "200m", 1);
}

/* ORC, which makes libvips's inner loops, maps a file of its code once to write and once to run; it
 * crashes where that is refused (a file system mounted noexec), and has to be left out there. */
static void choose_loops(const char *folder)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/loops", folder);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    void *code = MAP_FAILED;
    if (fd >= 0 && ftruncate(fd, LOOPS_SIZE) == 0)
        code = mmap(NULL, LOOPS_SIZE, PROT_READ | PROT_EXEC, MAP_SHARED, fd, 0);
    if (code == MAP_FAILED)
        setenv("VIPS_NOVECTOR", "1", 1);
    else
        munmap(code, LOOPS_SIZE);
    if (fd >= 0) {
        close(fd);
        unlink(path);
    }
}

int main(int argc, char **argv)
{
    const struct job *job = argc == 4 ? find_job(argv[1]) : NULL;
    struct error error;

    if (job == NULL) {
        fprintf(stderr, "vitrine-worker (picture|pages|film|slides) ORIGINAL FOLDER\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* the next server begins anew in the same folder */
    set_environment(argv[3]);
    bool ok = enter(job, argv[2], argv[3], &error);
    if (!ok) {
        log_error(LOG_ERROR, "sandbox", &error);
        return EXIT_OURS;
    }
    choose_loops(argv[3]);
    ok = tail_check(argv[2], &error) && pictures_init(argv[0], &error) &&
         job->make(argv[2], argv[3], &error);
    bool ours = !ok && (error.kind == ERROR_IO || error.kind == ERROR_INTERNAL);
    if (ok)
        report_done();
    else if (ours)
        log_error(LOG_ERROR, "worker", &error);
    else
        report_refused(&error);
    fflush(NULL);
    _exit(ours ? EXIT_OURS : 0); /* what libraries would tidy up ends with the process anyway */
}
