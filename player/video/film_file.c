#include "player/video/film_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>

/* So far from the ends that adding to it does not overflow. */
#define TIMESTAMP_MAX (INT64_MAX / 8)

bool film_file_fail(struct error *err, int status)
{
    char why[AV_ERROR_MAX_STRING_SIZE] = "";
    if (status == AVERROR(ENOMEM)) {
        return error_set(err, ERROR_LIMIT, "mémoire insuffisante pour ce film",
                         "not enough memory for this film");
    }
    if (status < 0 && status != AVERROR_INVALIDDATA && status != AVERROR_EOF &&
        status != AVERROR(EINVAL) && AVUNERROR(status) > 0 && AVUNERROR(status) < 200) {
        return error_set_errno(err, AVUNERROR(status), "ce film ne peut pas être lu",
                               "this film cannot be read");
    }
    av_strerror(status, why, sizeof why);
    return error_set(err, ERROR_INVALID,
                     "ce fichier n’est pas un film lisible (MP4, WebM ou MPEG-TS) : %s",
                     "this file is not a readable film (MP4, WebM or MPEG-TS): %s", why);
}

int64_t film_file_position(const struct film_file *file, int64_t timestamp)
{
    int64_t ticks;
    if (__builtin_sub_overflow(timestamp, file->origin, &ticks)) {
        return 0;
    }
    int64_t position = av_rescale_q(ticks, file->stream->time_base, AV_TIME_BASE_Q);
    return position > FILM_POSITION_MAX ? FILM_POSITION_MAX : position > 0 ? position : 0;
}

bool film_file_check_size(int width, int height, struct error *err)
{
    if (width > 0 && height > 0 && width <= VIDEO_SIDE_MAX && height <= VIDEO_SIDE_MAX &&
        (int64_t)width * height <= VIDEO_PIXELS_MAX) {
        return true;
    }
    if (width <= 0 || height <= 0) {
        return error_set(err, ERROR_INVALID, "dimensions illisibles, ou bien trop grandes",
                         "dimensions unreadable, or far too large");
    }
    return error_set(err, ERROR_LIMIT,
                     "image de %d × %d pixels, au plus %d × %d : exportez le film plus petit",
                     "picture of %d × %d pixels, at most %d × %d: export the film smaller", width,
                     height, VIDEO_SIDE_MAX, VIDEO_PIXELS_MAX / VIDEO_SIDE_MAX);
}

static bool open_file(struct film_file *file, const char *path, int (*stop)(void *), void *context,
                      struct error *err)
{
    struct stat facts;
    char url[4096 + 8];
    if (stat(path, &facts) != 0) {
        return error_set_errno(err, errno, "ce film ne peut pas être lu",
                               "this film cannot be read");
    }
    if (!S_ISREG(facts.st_mode) || facts.st_size == 0) {
        return error_set(err, ERROR_INVALID, "ce n’est pas un fichier, ou il est vide",
                         "this is not a file, or it is empty");
    }
    if (snprintf(url, sizeof url, "file:%s", path) >= (int)sizeof url) {
        return error_set(err, ERROR_INVALID, "chemin trop long", "path too long");
    }
    file->format = avformat_alloc_context();
    if (!file->format) {
        return film_file_fail(err, AVERROR(ENOMEM));
    }
    file->format->interrupt_callback = (AVIOInterruptCB){stop, context};
    AVDictionary *options = NULL;
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    av_dict_set(&options, "format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts", 0);
    av_dict_set(&options, "codec_whitelist", "h264,hevc,vp8,vp9,av1,libdav1d,mpeg4", 0);
    av_dict_set(&options, "max_streams", "64", 0);
    av_dict_set(&options, "probesize", "2000000", 0);
    int status = avformat_open_input(&file->format, url, NULL, &options);
    av_dict_free(&options);
    return status >= 0 || film_file_fail(err, status);
}

/* Looking into a stream decodes some of it and makes opening dearer: only where the container does
 * not say the size (MPEG-TS) or how frames are reordered (H.264 in Matroska). */
static bool says_enough(const AVFormatContext *format, const AVCodecParameters *stream)
{
    bool mov = strncmp(format->iformat->name, "mov,", 4) == 0;
    bool reorders = stream->codec_id != AV_CODEC_ID_VP8 && stream->codec_id != AV_CODEC_ID_VP9 &&
                    stream->codec_id != AV_CODEC_ID_AV1;
    return stream->width > 0 && (mov || !reorders);
}

static bool look_into(struct film_file *file, struct error *err)
{
    AVFormatContext *format = file->format;
    bool enough = (format->ctx_flags & AVFMTCTX_NOHEADER) == 0;
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVCodecParameters *stream = format->streams[i]->codecpar;
        if (stream->codec_type != AVMEDIA_TYPE_VIDEO) {
            format->streams[i]->discard = AVDISCARD_ALL;
            continue;
        }
        enough = enough && says_enough(format, stream);
        if (stream->width > 0 && !film_file_check_size(stream->width, stream->height, err)) {
            return false;
        }
    }
    if (enough) {
        return true;
    }
    AVDictionary **options = calloc(format->nb_streams + 1, sizeof *options);
    if (!options) {
        return film_file_fail(err, AVERROR(ENOMEM));
    }
    unsigned count = format->nb_streams;
    for (unsigned i = 0; i < count; i++) {
        av_dict_set_int(&options[i], "max_pixels", FILM_CODED_PIXELS_MAX, 0);
        av_dict_set(&options[i], "threads", "1", 0);
    }
    int status = avformat_find_stream_info(format, options);
    for (unsigned i = 0; i < count; i++) {
        av_dict_free(&options[i]);
    }
    free(options);
    return status >= 0 || film_file_fail(err, status);
}

static bool codec_allowed(enum AVCodecID codec)
{
    switch (codec) {
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
    case AV_CODEC_ID_VP8:
    case AV_CODEC_ID_VP9:
    case AV_CODEC_ID_AV1:
    case AV_CODEC_ID_MPEG4:
        return true;
    default:
        return false;
    }
}

static bool choose_stream(struct film_file *file, struct error *err)
{
    AVFormatContext *format = file->format;
    int best = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    if (best < 0 || (format->streams[best]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
        return error_set(err, ERROR_INVALID,
                         "ce fichier n’a pas d’images animées (son seul, ou fichier tronqué)",
                         "this file has no moving picture (sound only, or cut off)");
    }
    file->stream = format->streams[best];
    for (unsigned i = 0; i < format->nb_streams; i++) {
        format->streams[i]->discard = i == (unsigned)best ? AVDISCARD_DEFAULT : AVDISCARD_ALL;
    }
    const AVCodecParameters *stream = file->stream->codecpar;
    if (!codec_allowed(stream->codec_id) || !avcodec_find_decoder(stream->codec_id)) {
        return error_set(err, ERROR_INVALID,
                         "film codé en « %s », qui n’est pas pris en charge : exportez-le en H.264",
                         "film coded as “%s”, which is not supported: export it as H.264",
                         avcodec_get_name(stream->codec_id));
    }
    return film_file_check_size(stream->width, stream->height, err);
}

/* Clockwise, in quarter turns. Telephones write it. */
static int rotation_of(const AVStream *stream)
{
    size_t size = 0;
    const uint8_t *matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
    if (!matrix || size < 9 * sizeof(int32_t)) {
        return 0;
    }
    double counter_clockwise = av_display_rotation_get((const int32_t *)(const void *)matrix);
    if (!(counter_clockwise > -361 && counter_clockwise < 361)) {
        return 0;
    }
    int rotation = (int)((lround(-counter_clockwise) + 360) % 360);
    return rotation % 90 == 0 ? rotation : 0;
}

static void gather_facts(struct film_file *file)
{
    const AVStream *stream = file->stream;
    struct video_facts *facts = &file->facts;
    AVRational rate =
        stream->avg_frame_rate.num > 0 ? stream->avg_frame_rate : stream->r_frame_rate;
    if (rate.num > 0 && rate.den > 0) {
        facts->rate = av_q2d(rate);
    }
    /* 25 frames a second while a file does not say. */
    file->frame_us = facts->rate > 0 ? (int64_t)(1e6 / facts->rate) : 40000;
    if (file->frame_us < 1) {
        file->frame_us = 1;
    }
    if (stream->duration > 0) {
        facts->length_us = av_rescale_q(stream->duration, stream->time_base, AV_TIME_BASE_Q);
        file->length_sure = strncmp(file->format->iformat->name, "mov,", 4) == 0;
    } else if (file->format->duration > 0) {
        facts->length_us = file->format->duration;
    }
    if (facts->length_us < 0 || facts->length_us > FILM_POSITION_MAX) {
        facts->length_us = 0;
        file->length_sure = false;
    }
    facts->rotation = rotation_of(stream);
    int width = stream->codecpar->width, height = stream->codecpar->height;
    AVRational aspect = av_guess_sample_aspect_ratio(file->format, file->stream, NULL);
    if (aspect.num > 0 && aspect.den > 0) {
        int64_t wide = av_rescale(width, aspect.num, aspect.den);
        if (wide > 0 && wide <= 4 * VIDEO_SIDE_MAX) {
            width = (int)wide;
        }
    }
    bool across = facts->rotation % 180 != 0;
    facts->width = across ? height : width;
    facts->height = across ? width : height;
    snprintf(facts->codec, sizeof facts->codec, "%s", avcodec_get_name(stream->codecpar->codec_id));
}

/* Where the film starts is only known once its first packet is. */
static bool read_first(struct film_file *file, struct error *err)
{
    int status;
    do {
        av_packet_unref(file->first);
        status = av_read_frame(file->format, file->first);
    } while (status >= 0 && file->first->stream_index != file->stream->index);
    if (status < 0) {
        return film_file_fail(err, status);
    }
    file->has_first = true;
    if (file->stream->start_time != AV_NOPTS_VALUE) {
        file->origin = file->stream->start_time;
    } else if (file->first->pts != AV_NOPTS_VALUE) {
        file->origin = file->first->pts;
    }
    if (file->origin > TIMESTAMP_MAX || file->origin < -TIMESTAMP_MAX) {
        file->origin = 0;
    }
    return true;
}

bool film_file_init(struct film_file *file, const char *path, int (*stop)(void *context),
                    void *context, struct error *err)
{
    *file = (struct film_file){.first = av_packet_alloc()};
    if (!file->first) {
        return film_file_fail(err, AVERROR(ENOMEM));
    }
    if (!open_file(file, path, stop, context, err) || !look_into(file, err) ||
        !choose_stream(file, err) || !read_first(file, err)) {
        return false;
    }
    gather_facts(file);
    return true;
}

void film_file_finish(struct film_file *file)
{
    avformat_close_input(&file->format);
    av_packet_free(&file->first);
    *file = (struct film_file){0};
}

int film_file_read(struct film_file *file, struct AVPacket *packet)
{
    if (file->has_first) {
        file->has_first = false;
        av_packet_move_ref(packet, file->first);
        return 0;
    }
    int status;
    while ((status = av_read_frame(file->format, packet)) >= 0) {
        if (packet->stream_index == file->stream->index) {
            return 0;
        }
        av_packet_unref(packet);
    }
    return status;
}

/* The stream's time of a position. */
static int64_t to_timestamp(const struct film_file *file, int64_t position_us)
{
    return file->origin + av_rescale_q(position_us, AV_TIME_BASE_Q, file->stream->time_base);
}

bool film_file_seek(struct film_file *file, int64_t position_us)
{
    file->has_first = false;
    av_packet_unref(file->first);
    int64_t timestamp = to_timestamp(file, position_us);
    int stream = file->stream->index;
    return av_seek_frame(file->format, stream, timestamp, AVSEEK_FLAG_BACKWARD) >= 0 ||
           av_seek_frame(file->format, stream, timestamp, 0) >= 0;
}

int64_t film_file_key_before(const struct film_file *file, int64_t position_us)
{
    const AVIndexEntry *entry = avformat_index_get_entry_from_timestamp(
        file->stream, to_timestamp(file, position_us), AVSEEK_FLAG_BACKWARD);
    return entry ? film_file_position(file, entry->timestamp) : -1;
}
