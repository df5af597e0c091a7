/* The render worker: one thread that loads fonts and templates, decodes pictures and draws frames
 * ahead of time, so that the main thread only ever brings finished canvases to the screen. A job
 * belongs to the worker from worker_post until it is delivered. One for the process,
 * whatever its displays. */
#ifndef VITRINE_PLAYER_STAGE_WORKER_H
#define VITRINE_PLAYER_STAGE_WORKER_H

#include "directory/directory.h"
#include "player/draw/canvas.h"
#include "player/draw/image.h"
#include "player/report/quarantine.h"
#include "player/stage/frame.h"
#include "player/sync/state.h"
#include "player/sync/sync.h"

#define WORKER_DISPLAYS_MAX 8
#define WORKER_QUARANTINE_SLOT 0

struct worker;

enum job_kind {
    JOB_DRAW,       /* `frame` into `canvas` */
    JOB_PROOF,      /* like JOB_DRAW, for a manifest that is not current yet */
    JOB_DIRECTORY,  /* the edition's directory */
    JOB_PICTURE,    /* `picture` cut and scaled, for the kiosk */
    JOB_SCREENSHOT, /* `canvas` to `jpeg` */
    JOB_DAMAGE,     /* of the scrubber: `damaged` is not what its name says, or missing */
};

struct job {
    enum job_kind kind;
    int display;               /* whose it is */
    const struct state *state; /* where its files are */
    uint64_t ticket;           /* the asker's own number */
    bool urgent;               /* before all that waits */
    struct frame frame;        /* its edition is retained while the job lives */
    struct canvas *canvas;     /* NULL, or one of the frame's size to draw over */
    struct edition *edition;   /* retained */
    struct {
        char hash[SHA256_HEX_SIZE];
        int width, height;
        double focal_x, focal_y;
    } picture;
    char wanted[SYNC_WANTED_SIZE];
    /* Results. */
    bool done; /* drawn, decoded or encoded */
    struct directory *directory;
    struct image *image;
    void *jpeg; /* free() */
    size_t jpeg_length;
    const char *code; /* fault code; NULL: none. A frame may be drawn in spite of a fault */
    char detail[512];
    bool repair; /* `damaged` must be fetched again */
    struct sha256 damaged;
    struct job *next;
};

/* The edition may be NULL. */
struct job *job_create(enum job_kind kind, int display, const struct state *state,
                       struct edition *edition);
void job_destroy(struct job *job); /* with its canvas and results; accepts NULL */

struct worker_config {
    const char *assets; /* folder with fonts and templates */
    /* Called in the worker's thread; must not block. The job is the receiver's from then on. */
    void (*deliver)(void *context, struct job *job);
    void *context;
};

/* Fonts are loaded in the thread, while the caller opens its window. */
struct worker *worker_create(const struct worker_config *config, struct error *err)
    __attribute__((warn_unused_result));
void worker_destroy(struct worker *worker); /* finishes the job under way; accepts NULL */

/* Waits until the fonts are there; NULL when they could not be loaded. */
struct text_engine *worker_text(struct worker *worker, struct error *err)
    __attribute__((warn_unused_result));
/* Marks slides while they are drawn; before the first job. Outlives the worker. */
void worker_set_quarantine(struct worker *worker, struct quarantine *quarantine);
void worker_post(struct worker *worker, struct job *job);

#endif
