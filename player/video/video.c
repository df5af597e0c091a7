#include "player/video/video.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <libavutil/log.h>

#include "player/video/decoder.h"
#include "player/video/video_hardware_codec.h"

#define EARLY_US 500
#define FAR_US 1000000
#define INDEX_US 10000000
/* So far behind the clock, deblocking and then whole frames are left out where no others suffer. */
#define HURRY_FILTER_US 60000
#define HURRY_SKIP_US 300000
enum {
    QUEUE = 4,
    LATE_FRAMES = 15, /* of one film, before more threads decode it */
};

enum jump { JUMP_NONE, JUMP_ASKED, JUMP_UNDER_WAY };

/* The caller and the decode thread each hold a reference; who lets go last frees. */
struct video {
    pthread_mutex_t lock;
    pthread_cond_t work; /* room in the queue, a jump, or the end of it all */
    atomic_bool closing;
    char *path;
    struct video_options options;

    /* With the lock held. */
    int references;
    struct picture queue[QUEUE];
    int head, count;
    int64_t wanted_us; /* where the caller's clock was when it last asked */
    int64_t newest_us; /* of what has been queued; -1 after a jump */
    enum jump jump;
    bool starving; /* the caller found nothing that will be due */
    bool at_end, failed, has_facts;
    struct error error;
    struct video_facts facts;
    struct video_figures figures;

    /* The caller's. */
    struct picture given;
    bool stale; /* it is from before a jump: whatever comes next takes its place */
};

/* What only the decode thread knows. */
struct run {
    struct decoder *decoder;
    int64_t target_us;      /* the newest frame up to here is looked for; -1: every frame counts */
    int64_t follow_us;      /* how far the target may follow the clock */
    struct picture nearest; /* the best so far */
    int64_t decoded_us;     /* position of the last frame decoded */
    int64_t queued_us;      /* and of the last one queued; -1: none */
    enum decoder_hurry hurry;
    int late;   /* frames decoded in a hurry that leaves out others */
    bool leaps; /* frames may be missing between queued_us and the next */
};

static void release(struct video *video)
{
    pthread_mutex_lock(&video->lock);
    bool last = --video->references == 0;
    pthread_mutex_unlock(&video->lock);
    if (!last) {
        return;
    }
    assert(video->count == 0);
    pthread_cond_destroy(&video->work);
    pthread_mutex_destroy(&video->lock);
    free(video->path);
    free(video);
}

/* With the lock held. */
static void clear_queue(struct video *video)
{
    while (video->count > 0) {
        picture_finish(&video->queue[video->head]);
        video->head = (video->head + 1) % QUEUE;
        video->count--;
    }
}

/* With the lock held. */
static void wake(struct video *video)
{
    if (video->options.wake && !atomic_load(&video->closing)) {
        video->options.wake(video->options.context);
    }
}

static int handle_stop(void *context)
{
    struct video *video = context;
    return atomic_load(&video->closing);
}

static void fail(struct video *video, const struct error *err)
{
    pthread_mutex_lock(&video->lock);
    video->error = *err;
    error_at(&video->error, video->path, 0);
    video->failed = true;
    wake(video);
    pthread_mutex_unlock(&video->lock);
}

static void end(struct video *video)
{
    pthread_mutex_lock(&video->lock);
    video->at_end = true;
    if (video->jump == JUMP_UNDER_WAY) {
        video->jump = JUMP_NONE;
    }
    wake(video);
    pthread_mutex_unlock(&video->lock);
}

/* Takes the picture over. */
static void queue_picture(struct video *video, struct run *run, struct picture *picture)
{
    int64_t frame_us = decoder_frame_us(run->decoder);
    int64_t gap_us = picture->position_us - run->queued_us;
    if (run->leaps && run->queued_us >= 0 && gap_us > frame_us + frame_us / 2) {
        picture->missed = (int)((gap_us + frame_us / 2) / frame_us) - 1;
    }
    pthread_mutex_lock(&video->lock);
    video->facts = *decoder_facts(run->decoder);
    video->figures.damaged = decoder_damaged(run->decoder);
    if (video->jump == JUMP_ASKED || atomic_load(&video->closing)) {
        picture_finish(picture); /* nobody wants it any more */
    } else {
        assert(video->count < QUEUE);
        video->queue[(video->head + video->count++) % QUEUE] = *picture;
        video->newest_us = picture->position_us;
        video->jump = JUMP_NONE;
        run->queued_us = picture->position_us;
        run->leaps = run->hurry == HURRY_SKIP;
        if (video->starving) {
            video->starving = false;
            wake(video);
        }
    }
    pthread_mutex_unlock(&video->lock);
    *picture = (struct picture){0};
}

/* While a position is looked for, only the last frame up to it is queued; then all are. */
static void take_picture(struct video *video, struct run *run, struct picture *picture,
                         int64_t clock_us)
{
    run->decoded_us = picture->position_us;
    if (run->target_us < 0) {
        queue_picture(video, run, picture);
        return;
    }
    if (clock_us > run->target_us) {
        run->target_us = clock_us < run->follow_us ? clock_us : run->follow_us;
    }
    bool beyond = picture->position_us > run->target_us + EARLY_US;
    if (run->nearest.frame && beyond) {
        queue_picture(video, run, &run->nearest);
    }
    picture_finish(&run->nearest);
    if (beyond) {
        run->target_us = -1;
        queue_picture(video, run, picture);
    } else {
        run->nearest = *picture;
    }
}

/* While a position is looked for, the decoder itself leaves out what is needless. */
static void choose_hurry(struct run *run, int64_t clock_us)
{
    int64_t behind_us = clock_us - run->decoded_us;
    if (behind_us <= 0 || run->decoded_us < 0 || run->target_us >= 0) {
        run->hurry = HURRY_NONE;
    } else if (behind_us > HURRY_SKIP_US) {
        run->hurry = HURRY_SKIP;
        if (++run->late == LATE_FRAMES) {
            decoder_widen(run->decoder);
        }
        run->leaps = true;
    } else if (behind_us > HURRY_FILTER_US && run->hurry == HURRY_NONE) {
        run->hurry = HURRY_FILTER;
    }
}

static bool start_looking(struct video *video, struct run *run, int64_t target_us,
                          struct error *err)
{
    picture_finish(&run->nearest);
    run->target_us = target_us;
    run->follow_us = target_us + FAR_US;
    run->leaps = target_us > run->queued_us;
    if (!run->leaps) {
        run->queued_us = -1;
    }
    /* Going forward a little, a key frame that has been passed is no short cut. Further on, some
     * containers do not know their key frames before they have been asked to go there. */
    if (run->decoded_us >= 0 && target_us > run->decoded_us &&
        target_us < run->decoded_us + INDEX_US) {
        int64_t key_us = decoder_key_before(run->decoder, target_us);
        if (key_us >= 0 && key_us <= run->decoded_us) {
            return true;
        }
    }
    run->decoded_us = -1;
    pthread_mutex_lock(&video->lock);
    video->figures.seeks++;
    pthread_mutex_unlock(&video->lock);
    return decoder_seek(run->decoder, target_us, err);
}

/* Waits for something to do; false: the film is closed. */
static bool await_work(struct video *video, struct run *run, bool *jump_out, int64_t *clock_us_out)
{
    pthread_mutex_lock(&video->lock);
    while (!atomic_load(&video->closing) && video->jump != JUMP_ASKED &&
           (video->count == QUEUE || video->at_end)) {
        pthread_cond_wait(&video->work, &video->lock);
    }
    *jump_out = video->jump == JUMP_ASKED;
    if (*jump_out) {
        video->jump = JUMP_UNDER_WAY;
        video->at_end = false;
    }
    *clock_us_out = video->wanted_us;
    choose_hurry(run, video->wanted_us);
    pthread_mutex_unlock(&video->lock);
    return !atomic_load(&video->closing);
}

static void decode(struct video *video, struct run *run)
{
    struct error err;
    int64_t clock_us;
    bool jump;
    while (await_work(video, run, &jump, &clock_us)) {
        if (jump && !start_looking(video, run, clock_us, &err)) {
            fail(video, &err);
            return;
        }
        struct picture picture;
        switch (decoder_next(run->decoder, run->target_us, run->hurry, &picture, &err)) {
        case DECODER_PICTURE:
            take_picture(video, run, &picture, clock_us);
            break;
        case DECODER_END:
            if (run->nearest.frame) {
                queue_picture(video, run, &run->nearest);
            }
            run->target_us = -1;
            end(video);
            break;
        case DECODER_FAILED:
            if (run->nearest.frame) {
                queue_picture(video, run, &run->nearest);
            }
            fail(video, &err);
            return;
        case DECODER_STOPPED:
            return;
        }
    }
}

static void *decode_thread(void *context)
{
    struct video *video = context;
    struct error err;
    struct decoder_interrupt interrupt = {handle_stop, video};
    struct run run = {.target_us = -1, .decoded_us = -1, .queued_us = -1};
    error_clear(&err);
    run.decoder = decoder_open(video->path, video->options.hardware, interrupt, &err);
    if (run.decoder) {
        pthread_mutex_lock(&video->lock);
        video->facts = *decoder_facts(run.decoder);
        video->has_facts = true;
        pthread_mutex_unlock(&video->lock);
        if (video->options.from_us > 0) {
            run.target_us = video->options.from_us;
            run.follow_us = run.target_us + FAR_US;
        }
        if (video->options.from_us <= 0 ||
            decoder_seek(run.decoder, video->options.from_us, &err)) {
            decode(video, &run);
        } else {
            fail(video, &err);
        }
        picture_finish(&run.nearest);
        decoder_close(run.decoder);
    } else if (!atomic_load(&video->closing)) {
        fail(video, &err);
    }
    video_hardware_destroy(video->options.hardware);
    release(video);
    return NULL;
}

static bool start_thread(struct video *video, struct error *err)
{
    pthread_t thread;
    pthread_attr_t attributes;
    sigset_t all, before;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    /* Signals are the main thread's. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int status = pthread_create(&thread, &attributes, decode_thread, video);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return status == 0 || error_set_errno(err, status, "impossible de lancer le décodage d’un film",
                                          "cannot start decoding a film");
}

struct video *video_open(const char *path, const struct video_options *options, struct error *err)
{
    struct video *video = calloc(1, sizeof *video);
    if (!video || !(video->path = strdup(path))) {
        abort();
    }
    /* What is wrong with a film is told by video_error; FFmpeg's own lines tell more than anybody
     * wants to know. */
    av_log_set_level(AV_LOG_QUIET);
    pthread_mutex_init(&video->lock, NULL);
    pthread_cond_init(&video->work, NULL);
    video->options = *options;
    video->references = 2;
    video->wanted_us = options->from_us;
    video->newest_us = -1;
    video->starving = true;
    if (options->hardware) {
        video_hardware_reference(options->hardware);
    }
    if (start_thread(video, err)) {
        return video;
    }
    video_hardware_destroy(options->hardware);
    video->references = 1;
    release(video);
    return NULL;
}

void video_close(struct video *video)
{
    if (!video) {
        return;
    }
    pthread_mutex_lock(&video->lock);
    atomic_store(&video->closing, true);
    clear_queue(video);
    pthread_cond_signal(&video->work);
    pthread_mutex_unlock(&video->lock);
    picture_finish(&video->given);
    release(video);
}

enum video_state video_state(struct video *video)
{
    enum video_state state = VIDEO_READY;
    pthread_mutex_lock(&video->lock);
    if (video->count == 0) {
        if (video->failed) {
            state = VIDEO_FAILED;
        } else if (video->at_end && video->jump == JUMP_NONE) {
            state = VIDEO_ENDED;
        } else if (!video->given.frame) {
            state = VIDEO_OPENING;
        }
    }
    pthread_mutex_unlock(&video->lock);
    return state;
}

const struct error *video_error(struct video *video)
{
    return video_state(video) == VIDEO_FAILED ? &video->error : NULL;
}

/* With the lock held: whether the clock is where decoding on does not lead to. */
static bool far_off(const struct video *video, int64_t position_us)
{
    if (!video->given.frame || video->stale || video->jump != JUMP_NONE || video->failed) {
        return false;
    }
    bool behind = position_us < video->given.position_us - FAR_US;
    bool ahead = !video->at_end && position_us > video->newest_us + FAR_US;
    return behind || ahead;
}

/* With the lock held. */
static bool take_due(struct video *video, int64_t position_us)
{
    bool taken = false;
    while (video->count > 0 && (!video->given.frame ||
                                video->queue[video->head].position_us <= position_us + EARLY_US)) {
        struct picture *next = &video->queue[video->head];
        if (taken) {
            video->figures.dropped++;
        }
        video->figures.dropped += next->missed;
        picture_finish(&video->given);
        video->given = *next;
        video->stale = false;
        *next = (struct picture){0};
        video->head = (video->head + 1) % QUEUE;
        video->count--;
        taken = true;
    }
    return taken;
}

bool video_frame(struct video *video, int64_t position_us, const struct video_image **image_out)
{
    bool taken = false;
    pthread_mutex_lock(&video->lock);
    video->wanted_us = position_us;
    if (far_off(video, position_us)) {
        if (position_us > video->given.position_us) {
            video->figures.dropped += video->count;
        }
        clear_queue(video);
        video->jump = JUMP_ASKED;
        video->stale = true;
        pthread_cond_signal(&video->work);
    } else {
        taken = take_due(video, position_us);
    }
    if (taken) {
        video->figures.shown++;
        pthread_cond_signal(&video->work);
    }
    video->starving = video->count == 0;
    pthread_mutex_unlock(&video->lock);
    *image_out = video->given.frame ? &video->given.image : NULL;
    return taken;
}

int64_t video_next_us(struct video *video)
{
    pthread_mutex_lock(&video->lock);
    int64_t next = video->count > 0 ? video->queue[video->head].position_us : INT64_MAX;
    pthread_mutex_unlock(&video->lock);
    return next;
}

struct rectf video_crop(struct video *video, const struct video_image *image, double focal_x,
                        double focal_y, int width, int height)
{
    /* The crop of the picture with square pixels, brought back to the image's. */
    double aspect = video->given.frame ? video->given.pixel_aspect : 1;
    double wide = image->width * aspect;
    double scale = wide > 8192 ? 8192 / wide : 1;
    int square_width = (int)(wide * scale + 0.5),
        square_height = (int)(image->height * scale + 0.5);
    struct rectf crop =
        crop_to_focus(square_width > 0 ? square_width : 1, square_height > 0 ? square_height : 1,
                      focal_x, focal_y, width, height);
    double across = (double)image->width / (square_width > 0 ? square_width : 1);
    double down = (double)image->height / (square_height > 0 ? square_height : 1);
    return (struct rectf){crop.x * across, crop.y * down, crop.w * across, crop.h * down};
}

bool video_facts(struct video *video, struct video_facts *facts_out)
{
    pthread_mutex_lock(&video->lock);
    bool known = video->has_facts;
    if (known) {
        *facts_out = video->facts;
    }
    pthread_mutex_unlock(&video->lock);
    return known;
}

void video_figures(struct video *video, struct video_figures *figures_out)
{
    pthread_mutex_lock(&video->lock);
    *figures_out = video->figures;
    pthread_mutex_unlock(&video->lock);
}
