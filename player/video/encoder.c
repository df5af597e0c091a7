#include "player/video/encoder.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SIDE_MIN 64
#define SIDE_MAX 4096
#define RATE_MAX 60
/* Flat surfaces and small text: visually lossless at about 2 Mbit a second. */
#define QUALITY "18"
/* A key frame every two seconds, so that players seek and networks cut without trouble. */
#define KEY_SECONDS 2

struct encoder {
    struct encoder_options options;
    char *part; /* where it is written until it is whole; NULL once it is not there any more */
    char *path;
    AVFormatContext *format;
    AVCodecContext *codec;
    AVStream *stream;
    struct SwsContext *scaler;
    AVFrame *frame;
    AVPacket *packet;
    int64_t count;
};

static bool refused(struct error *err, int code)
{
    char text[AV_ERROR_MAX_STRING_SIZE];
    av_strerror(code, text, sizeof text);
    return error_set(err, ERROR_INTERNAL, "l’encodeur H.264 refuse de travailler : %s",
                     "the H.264 encoder refuses to work: %s", text);
}

static bool unwritable(struct error *err, const struct encoder *encoder, int code)
{
    char text[AV_ERROR_MAX_STRING_SIZE];
    av_strerror(code, text, sizeof text);
    error_set(err, ERROR_IO, "le film ne peut pas être écrit : %s",
              "the film cannot be written: %s", text);
    error_at(err, encoder->path, 0);
    return false;
}

static bool check_options(const struct encoder_options *options, struct error *err)
{
    bool sides = options->width >= SIDE_MIN && options->width <= SIDE_MAX &&
                 options->height >= SIDE_MIN && options->height <= SIDE_MAX &&
                 options->width % 2 == 0 && options->height % 2 == 0;
    if (!sides || options->rate < 1 || options->rate > RATE_MAX) {
        return error_set(err, ERROR_INVALID,
                         "film de %d × %d à %d images par seconde : côtés pairs de %d à %d, 1 à %d "
                         "images par seconde",
                         "film of %d × %d at %d frames a second: even sides of %d to %d, 1 to %d "
                         "frames a second",
                         options->width, options->height, options->rate, SIDE_MIN, SIDE_MAX,
                         RATE_MAX);
    }
    return true;
}

static bool open_codec(struct encoder *encoder, struct error *err)
{
    const struct encoder_options *options = &encoder->options;
    const AVCodec *kind = avcodec_find_encoder_by_name("libx264");
    if (kind == NULL) {
        return error_set(err, ERROR_NOT_FOUND, "pas d’encodeur H.264 (libx264) dans ce FFmpeg",
                         "no H.264 encoder (libx264) in this FFmpeg");
    }
    AVCodecContext *codec = avcodec_alloc_context3(kind);
    if (codec == NULL) {
        abort();
    }
    encoder->codec = codec;
    codec->width = options->width;
    codec->height = options->height;
    codec->time_base = (AVRational){1, options->rate};
    codec->framerate = (AVRational){options->rate, 1};
    codec->pix_fmt = AV_PIX_FMT_YUV420P;
    codec->color_range = AVCOL_RANGE_MPEG;
    codec->color_primaries = AVCOL_PRI_BT709;
    codec->color_trc = AVCOL_TRC_BT709;
    codec->colorspace = AVCOL_SPC_BT709;
    codec->gop_size = KEY_SECONDS * options->rate;
    codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    av_opt_set(codec->priv_data, "preset", "medium", 0);
    av_opt_set(codec->priv_data, "profile", "high", 0);
    av_opt_set(codec->priv_data, "tune", "stillimage", 0);
    av_opt_set(codec->priv_data, "crf", QUALITY, 0);
    int code = avcodec_open2(codec, kind, NULL);
    return code >= 0 || refused(err, code);
}

static bool open_file(struct encoder *encoder, struct error *err)
{
    AVDictionary *how = NULL;
    int code = avformat_alloc_output_context2(&encoder->format, NULL, "mp4", encoder->part);
    if (code < 0) {
        return unwritable(err, encoder, code);
    }
    encoder->stream = avformat_new_stream(encoder->format, NULL);
    if (encoder->stream == NULL) {
        abort();
    }
    encoder->stream->time_base = encoder->codec->time_base;
    encoder->stream->avg_frame_rate = encoder->codec->framerate;
    code = avcodec_parameters_from_context(encoder->stream->codecpar, encoder->codec);
    if (code >= 0) {
        code = avio_open(&encoder->format->pb, encoder->part, AVIO_FLAG_WRITE);
    }
    if (code >= 0) {
        av_dict_set(&how, "movflags", "+faststart", 0);
        code = avformat_write_header(encoder->format, &how);
        av_dict_free(&how);
    }
    return code >= 0 || unwritable(err, encoder, code);
}

static bool open_picture(struct encoder *encoder, struct error *err)
{
    const struct encoder_options *options = &encoder->options;
    encoder->packet = av_packet_alloc();
    encoder->frame = av_frame_alloc();
    if (encoder->packet == NULL || encoder->frame == NULL) {
        abort();
    }
    encoder->frame->format = AV_PIX_FMT_YUV420P;
    encoder->frame->width = options->width;
    encoder->frame->height = options->height;
    encoder->scaler = sws_getContext(options->width, options->height, AV_PIX_FMT_BGR0,
                                     options->width, options->height, AV_PIX_FMT_YUV420P,
                                     SWS_BILINEAR | SWS_ACCURATE_RND, NULL, NULL, NULL);
    if (encoder->scaler == NULL || av_frame_get_buffer(encoder->frame, 0) < 0) {
        return error_set(err, ERROR_LIMIT, "mémoire insuffisante pour le film",
                         "not enough memory for the film");
    }
    sws_setColorspaceDetails(encoder->scaler, sws_getCoefficients(SWS_CS_ITU709), 1,
                             sws_getCoefficients(SWS_CS_ITU709), 0, 0, 1 << 16, 1 << 16);
    return true;
}

struct encoder *encoder_create(const struct encoder_options *options, struct error *err)
{
    if (!check_options(options, err)) {
        return NULL;
    }
    struct encoder *encoder = calloc(1, sizeof *encoder);
    if (encoder == NULL) {
        abort();
    }
    encoder->options = *options;
    encoder->path = strdup(options->path);
    if (encoder->path == NULL || asprintf(&encoder->part, "%s.part", options->path) < 0) {
        abort();
    }
    av_log_set_level(AV_LOG_ERROR);
    if (!open_codec(encoder, err) || !open_file(encoder, err) || !open_picture(encoder, err)) {
        encoder_destroy(encoder);
        return NULL;
    }
    return encoder;
}

/* Writes what the encoder has ready. `frame` NULL: the film is over. */
static bool encode(struct encoder *encoder, const AVFrame *frame, struct error *err)
{
    int code = avcodec_send_frame(encoder->codec, frame);
    if (code < 0) {
        return refused(err, code);
    }
    while ((code = avcodec_receive_packet(encoder->codec, encoder->packet)) >= 0) {
        encoder->packet->stream_index = encoder->stream->index;
        encoder->packet->duration = 1;
        av_packet_rescale_ts(encoder->packet, encoder->codec->time_base,
                             encoder->stream->time_base);
        code = av_interleaved_write_frame(encoder->format, encoder->packet);
        if (code < 0) {
            return unwritable(err, encoder, code);
        }
    }
    return code == AVERROR(EAGAIN) || code == AVERROR_EOF || refused(err, code);
}

bool encoder_add(struct encoder *encoder, const struct canvas *canvas, struct error *err)
{
    const uint8_t *rows[4] = {(const uint8_t *)canvas->pixels};
    int strides[4] = {canvas->stride * 4};
    int code = av_frame_make_writable(encoder->frame);
    if (code < 0) {
        return refused(err, code);
    }
    sws_scale(encoder->scaler, rows, strides, 0, encoder->options.height, encoder->frame->data,
              encoder->frame->linesize);
    encoder->frame->pts = encoder->count++;
    return encode(encoder, encoder->frame, err);
}

bool encoder_finish(struct encoder *encoder, struct error *err)
{
    if (!encode(encoder, NULL, err)) {
        return false;
    }
    int code = av_write_trailer(encoder->format);
    if (code >= 0) {
        code = avio_closep(&encoder->format->pb);
    }
    if (code < 0) {
        return unwritable(err, encoder, code);
    }
    if (rename(encoder->part, encoder->path) != 0) {
        return unwritable(err, encoder, AVERROR(errno));
    }
    free(encoder->part);
    encoder->part = NULL;
    return true;
}

void encoder_destroy(struct encoder *encoder)
{
    if (encoder == NULL) {
        return;
    }
    if (encoder->format != NULL) {
        avio_closep(&encoder->format->pb);
    }
    if (encoder->part != NULL) {
        unlink(encoder->part);
    }
    avformat_free_context(encoder->format);
    avcodec_free_context(&encoder->codec);
    av_frame_free(&encoder->frame);
    av_packet_free(&encoder->packet);
    sws_freeContext(encoder->scaler);
    free(encoder->part);
    free(encoder->path);
    free(encoder);
}
