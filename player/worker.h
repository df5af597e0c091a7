/* The render worker: one thread that loads fonts, decodes pictures and draws frames ahead of time,
 * so that the main thread only ever brings finished canvases to the screen. A job belongs to the
 * worker from worker_post until it comes back through the inbox. When there is no job it checks the
 * cached files of the manifest, one at a time. */
#ifndef VITRINE_PLAYER_WORKER_H
#define VITRINE_PLAYER_WORKER_H

#include "player/draw/canvas.h"
#include "player/frame.h"
#include "player/inbox.h"
#include "player/sync/state.h"
#include "playlists/directory.h"

struct worker;

enum job_kind {
    JOB_DRAW,      /* `frame` into `canvas` */
    JOB_PROOF,     /* like JOB_DRAW, for a manifest that is not current yet */
    JOB_DIRECTORY, /* the edition's directory */
    JOB_DAMAGE,    /* comes unasked: `damaged` is not what its name says, or missing */
};

struct job {
    enum job_kind kind;
    struct frame frame; /* its edition is retained while the job lives */
    struct canvas *canvas;
    struct edition *edition; /* retained */
    /* Results. */
    bool done; /* drawn, or decoded */
    struct directory *directory;
    const char *code; /* fault code; NULL: none. A frame may be drawn in spite of a fault */
    char detail[512];
    bool repair; /* `damaged` must be fetched again */
    struct sha256 damaged;
    struct job *next;
};

/* The edition may be NULL. */
struct job *job_create(enum job_kind kind, struct edition *edition);
void job_destroy(struct job *job); /* with its canvas and directory; accepts NULL */

/* Fonts are loaded in the thread, while the caller opens its window. All outlive the worker. */
struct worker *worker_create(const char *font_folder, const struct state *state,
                             struct inbox *inbox, struct error *err)
    __attribute__((warn_unused_result));
void worker_destroy(struct worker *worker); /* finishes the job under way; accepts NULL */

/* Waits until the fonts are there; NULL when they could not be loaded. */
struct text_engine *worker_text(struct worker *worker, struct error *err)
    __attribute__((warn_unused_result));
void worker_post(struct worker *worker, struct job *job);
/* Check this edition's files from its first one on; NULL: none. */
void worker_verify(struct worker *worker, struct edition *edition);

#endif
