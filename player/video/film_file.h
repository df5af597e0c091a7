/* A film's container: which files are read at all, which stream is the picture, and what it says of
 * itself. Protocols, containers, codecs and dimensions are checked before any decoder is opened.
 * Decode thread only. */
#ifndef VITRINE_PLAYER_VIDEO_FILM_FILE_H
#define VITRINE_PLAYER_VIDEO_FILM_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/error.h"
#include "player/video/video.h"

struct AVFormatContext;
struct AVPacket;
struct AVStream;

/* Coded dimensions are rounded up to whole blocks of 64. */
#define FILM_CODED_PIXELS_MAX ((VIDEO_SIDE_MAX + 64) * (2160 + 64))

/* A day: what a file says beyond that is nonsense. */
#define FILM_POSITION_MAX 86400000000

struct film_file {
    struct AVFormatContext *format;
    struct AVStream *stream;
    struct video_facts facts; /* but the decoder's */
    int64_t frame_us;         /* length of a frame on average, ≥ 1 */
    bool length_sure;         /* facts.length_us is the picture's, not that of the longest stream */
    int64_t origin;           /* the stream's time where the film starts */
    struct AVPacket *first;   /* read already */
    bool has_first;
};

/* stop: asked often, may be NULL; not 0 gives up. False leaves a file to finish too. */
bool film_file_init(struct film_file *file, const char *path, int (*stop)(void *context),
                    void *context, struct error *err) __attribute__((warn_unused_result));
void film_file_finish(struct film_file *file); /* accepts one that is zeroed */

/* From the stream's time to microseconds from the film's start, 0–FILM_POSITION_MAX. */
int64_t film_file_position(const struct film_file *file, int64_t timestamp);
/* The picture's next packet: 0, or an AVERROR. */
int film_file_read(struct film_file *file, struct AVPacket *packet);
/* To a key frame at or before the position, as far as the container knows; to the first one when
 * the position is before it. */
bool film_file_seek(struct film_file *file, int64_t position_us);
/* Position of the last key frame at or before the position; -1 when the file has no index. */
int64_t film_file_key_before(const struct film_file *file, int64_t position_us);

bool film_file_check_size(int width, int height, struct error *err)
    __attribute__((warn_unused_result));
/* What a library's AVERROR means to people; returns false. */
bool film_file_fail(struct error *err, int status);

#endif
