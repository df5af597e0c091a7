/* Films by the FFmpeg libraries. Each open film has one decode thread and a queue of four frames,
 * which are the decoder's own (no plane is copied unless its format has to be converted). The
 * caller, one thread, owns the clock and asks for the frame at a position; nothing here blocks it
 * for longer than taking a lock. Sound is left out: only the picture's stream is read and decoded.
 *
 * Gapless: open the next film while the present one plays (a second ahead is plenty: opening takes
 * 1 ms of CPU, the first frame 20 to 100); it decodes its first frames and then waits. The same for
 * a film that follows itself. An open film of 1080p holds 30 MB: about five frames of 3.1 MB here
 * and as many in the decoder. Films begin with one decoder thread, as fewest CPU seconds; when
 * frames come late more take over at the next key frame. */
#ifndef VITRINE_PLAYER_VIDEO_VIDEO_H
#define VITRINE_PLAYER_VIDEO_VIDEO_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "player/draw/canvas.h"
#include "player/draw/video_image.h"

/* The longer side and the area of what is decoded; either orientation. */
#define VIDEO_SIDE_MAX 3840
#define VIDEO_PIXELS_MAX (3840 * 2160)

struct video;
struct video_hardware; /* video_hardware.h */

struct video_options {
    int64_t from_us; /* the first frame wanted is the one shown at this position */
    /* Tried first; NULL: software only. Outlives the call, not the film. */
    struct video_hardware *hardware;
    /* Called from the decode thread when there is something to look at: the first frame, a frame
     * that video_frame asked for in vain, the end, a failure. With a lock held: it must not call
     * video_*. Never called once video_close has returned. May be NULL. */
    void (*wake)(void *context);
    void *context;
};

enum video_state {
    VIDEO_OPENING, /* no frame yet */
    VIDEO_READY,
    VIDEO_ENDED,  /* the last frame has been given and stays */
    VIDEO_FAILED, /* video_error says why; a frame given before stays valid */
};

struct video_facts {
    int width, height; /* of the upright picture in square pixels */
    int rotation;      /* by which the file wants to be turned; done already */
    double rate;       /* frames a second on average; 0 when the file does not say */
    int64_t length_us; /* 0 when the file does not say */
    char codec[24];    /* "h264" */
    char decoder[48];  /* "h264", "h264 (vaapi)", "h264_v4l2m2m" */
    bool hardware;
    char no_hardware[160]; /* in English, why not; "" when it is used or was not asked for */
};

struct video_figures {
    int64_t shown;   /* frames that video_frame gave as new */
    int64_t dropped; /* frames of the film passed over because they came too late */
    int64_t damaged; /* frames left out because they could not be decoded rightly */
    int64_t seeks;   /* jumps because the position was far off */
};

/* Returns at once; NULL only when a thread cannot be had. Files: MP4, Matroska and WebM, MPEG-TS
 * with H.264, HEVC, VP8, VP9, AV1 or MPEG-4 part 2, up to VIDEO_PIXELS_MAX; anything else becomes
 * VIDEO_FAILED. `path` is a file of this machine: no protocols. */
struct video *video_open(const char *path, const struct video_options *options, struct error *err)
    __attribute__((warn_unused_result));
/* The decode thread ends by itself and frees what is left. Images given before are gone. Accepts
 * NULL. */
void video_close(struct video *video);

enum video_state video_state(struct video *video);
/* Of VIDEO_FAILED, else NULL. Valid until video_close. */
const struct error *video_error(struct video *video);

/* The newest frame due at `position_us` from the film's start (half a millisecond early counts, so
 * that rounding does not matter). True when it is another one than the call before gave;
 * *image_out is set whenever there is a frame, else NULL, and is valid until the next call.
 * Before the first frame's time the first frame is given. A position more than a second ahead of
 * what is decoded, or behind what is shown, makes the decoder jump to it; the frame before stays
 * meanwhile. */
bool video_frame(struct video *video, int64_t position_us, const struct video_image **image_out);
/* Position at which the next queued frame is due; INT64_MAX when there is none now (wake tells when
 * one comes). */
int64_t video_next_us(struct video *video);

/* The part of `image` (in its pixels) that fills width:height, with the focal point (0–1) as
 * central as the edges allow; minds pixels that are not square. */
struct rectf video_crop(struct video *video, const struct video_image *image, double focal_x,
                        double focal_y, int width, int height);

/* False (and nothing filled) until the file's header has been read. */
bool video_facts(struct video *video, struct video_facts *facts_out);
void video_figures(struct video *video, struct video_figures *figures_out);

#endif
