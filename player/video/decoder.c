#include "player/video/decoder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/cpu.h>
#include <libavutil/hwcontext.h>

#include "core/log.h"
#include "player/video/film_file.h"
#include "player/video/video_hardware_codec.h"

/* So much of a film may be damaged at a stretch before it is given up. */
#define DAMAGE_MAX_US 1000000
enum {
    /* One thread decodes 1080p30 in a third of the time there is, with a tenth less CPU and 10 MB
     * less than two; more are taken when frames come late. */
    THREADS = 1,
    THREADS_WIDE = 4,
    PACKETS_WITHOUT_FRAME_MAX = 300,
    FRAMES_BEFORE_KEY_MAX = 60, /* after a seek, in films that mark no key frames */
};

struct decoder {
    struct decoder_interrupt interrupt;
    struct video_hardware *hardware; /* NULL: not, or no longer */
    struct film_file file;
    AVCodecContext *codec;
    AVPacket *packet;
    AVFrame *frame;
    struct picture_maker maker;
    int64_t last_us;   /* position of the last frame that came out; -1 after a seek */
    int64_t end_us;    /* where that frame ends */
    int64_t given_us;  /* position of the last frame given; -1 after a seek */
    int64_t packet_us; /* position of the newest packet that says */
    int64_t floor_us;  /* frames up to here have been given already */
    int64_t seek_us;   /* a frame at or before this is looked for; -1: no longer */
    int64_t seek_back_us;
    bool any;       /* a frame has been given since the film was opened */
    bool await_key; /* nothing is given before a key frame */
    int before_key; /* frames left out for that since the seek */
    bool damage;    /* … because of damage at damage_us, not of a seek */
    int64_t damage_us;
    int silent_packets; /* since a frame came out */
    int64_t damaged;
    /* More threads are wanted; the switch waits for a key frame, before which the old codec is
     * emptied. */
    bool wide, widened, switching;
    AVPacket *key_packet;
};

static bool stopped(struct decoder *decoder)
{
    return decoder->interrupt.stop(decoder->interrupt.context) != 0;
}

/* FFmpeg offers formats best first; software ones stand at the end. */
static enum AVPixelFormat handle_formats(AVCodecContext *codec, const enum AVPixelFormat *formats)
{
    struct decoder *decoder = codec->opaque;
    for (const enum AVPixelFormat *format = formats; *format != AV_PIX_FMT_NONE; format++) {
        if (*format == AV_PIX_FMT_VAAPI && codec->hw_device_ctx) {
            return *format;
        }
    }
    if (decoder->hardware && codec->hw_device_ctx) {
        video_hardware_refuse(decoder->hardware, VIDEO_HARDWARE_VAAPI, (int)codec->codec_id,
                              "the driver has no such profile or size");
    }
    return avcodec_default_get_format(codec, formats);
}

static int threads_at_most(void)
{
    int cores = av_cpu_count();
    return cores < THREADS_WIDE ? cores : THREADS_WIDE;
}

/* Opens a decoder by name; NULL: FFmpeg's own of that codec. Takes over `device`. */
static int open_codec(struct decoder *decoder, const char *name, AVBufferRef *device)
{
    const AVCodecParameters *parameters = decoder->file.stream->codecpar;
    const AVCodec *codec =
        name ? avcodec_find_decoder_by_name(name) : avcodec_find_decoder(parameters->codec_id);
    AVCodecContext *context = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!context) {
        av_buffer_unref(&device);
        return codec ? AVERROR(ENOMEM) : AVERROR_DECODER_NOT_FOUND;
    }
    int status = avcodec_parameters_to_context(context, parameters);
    context->pkt_timebase = decoder->file.stream->time_base;
    context->max_pixels = FILM_CODED_PIXELS_MAX;
    context->opaque = decoder;
    decoder->widened = decoder->wide;
    context->thread_count = name || device ? 1 : decoder->wide ? threads_at_most() : THREADS;
    if (device) {
        context->hw_device_ctx = device;
        context->get_format = handle_formats;
    }
    if (status >= 0) {
        status = avcodec_open2(context, codec, NULL);
    }
    if (status < 0) {
        avcodec_free_context(&context);
        return status;
    }
    decoder->codec = context;
    snprintf(decoder->file.facts.decoder, sizeof decoder->file.facts.decoder, "%s", codec->name);
    return 0;
}

static bool by_hardware(const struct decoder *decoder)
{
    return decoder->codec->hw_device_ctx || strstr(decoder->codec->codec->name, "_v4l2m2m");
}

static bool choose_decoder(struct decoder *decoder, struct error *err)
{
    int codec = (int)decoder->file.stream->codecpar->codec_id;
    struct video_hardware *hardware = decoder->hardware;
    if (hardware) {
        AVBufferRef *device = video_hardware_vaapi(hardware, codec);
        if (device && open_codec(decoder, NULL, device) >= 0) {
            return true;
        }
        const char *m2m = video_hardware_m2m(hardware, codec);
        int status = m2m ? open_codec(decoder, m2m, NULL) : 0;
        if (m2m && status >= 0) {
            decoder->file.facts.hardware = true;
            return true;
        }
        if (m2m) {
            char why[AV_ERROR_MAX_STRING_SIZE] = "";
            av_strerror(status, why, sizeof why);
            video_hardware_refuse(hardware, VIDEO_HARDWARE_M2M, codec, why);
        }
        video_hardware_reasons(hardware, codec, decoder->file.facts.no_hardware,
                               sizeof decoder->file.facts.no_hardware);
    }
    int status = open_codec(decoder, NULL, NULL);
    return status >= 0 || film_file_fail(err, status);
}

struct decoder *decoder_open(const char *path, struct video_hardware *hardware,
                             struct decoder_interrupt interrupt, struct error *err)
{
    struct decoder *decoder = calloc(1, sizeof *decoder);
    if (!decoder) {
        abort();
    }
    decoder->interrupt = interrupt;
    decoder->hardware = hardware;
    decoder->last_us = decoder->given_us = decoder->floor_us = decoder->seek_us = -1;
    decoder->packet = av_packet_alloc();
    decoder->key_packet = av_packet_alloc();
    decoder->frame = av_frame_alloc();
    if (!decoder->packet || !decoder->key_packet || !decoder->frame) {
        film_file_fail(err, AVERROR(ENOMEM));
    } else if (film_file_init(&decoder->file, path, interrupt.stop, interrupt.context, err) &&
               choose_decoder(decoder, err)) {
        return decoder;
    }
    decoder_close(decoder);
    return NULL;
}

void decoder_close(struct decoder *decoder)
{
    if (!decoder) {
        return;
    }
    picture_maker_finish(&decoder->maker);
    avcodec_free_context(&decoder->codec);
    film_file_finish(&decoder->file);
    av_packet_free(&decoder->packet);
    av_packet_free(&decoder->key_packet);
    av_frame_free(&decoder->frame);
    free(decoder);
}

const struct video_facts *decoder_facts(const struct decoder *decoder)
{
    return &decoder->file.facts;
}

int64_t decoder_frame_us(const struct decoder *decoder)
{
    return decoder->file.frame_us;
}

int64_t decoder_damaged(const struct decoder *decoder)
{
    return decoder->damaged;
}

int64_t decoder_key_before(struct decoder *decoder, int64_t position_us)
{
    return film_file_key_before(&decoder->file, position_us);
}

static bool seek(struct decoder *decoder, int64_t position_us, struct error *err)
{
    avcodec_flush_buffers(decoder->codec);
    decoder->last_us = -1;
    decoder->packet_us = decoder->end_us = position_us > 0 ? position_us : 0;
    decoder->switching = false;
    av_packet_unref(decoder->key_packet);
    decoder->damage = false;
    decoder->await_key = true;
    decoder->before_key = 0;
    decoder->silent_packets = 0;
    return film_file_seek(&decoder->file, position_us) ||
           error_set(err, ERROR_INVALID, "impossible d’aller à %.1f s dans ce film",
                     "cannot go to %.1f s in this film", (double)position_us / 1e6);
}

bool decoder_seek(struct decoder *decoder, int64_t position_us, struct error *err)
{
    decoder->given_us = decoder->floor_us = -1;
    decoder->seek_us = position_us;
    decoder->seek_back_us = 0;
    return seek(decoder, position_us, err);
}

/* Hardware that breaks down, maybe only at this film, is left; software goes on where it stopped.
 */
static bool retreat(struct decoder *decoder, const char *reason, struct error *err)
{
    struct video_facts *facts = &decoder->file.facts;
    int64_t given_us = decoder->given_us;
    int64_t from_us = given_us >= 0 ? given_us : decoder->seek_us >= 0 ? decoder->seek_us : 0;
    log_write(LOG_WARN, "video_hardware", "%s failed (%s): software goes on", facts->decoder,
              reason);
    snprintf(facts->no_hardware, sizeof facts->no_hardware, "%s: %s", facts->decoder, reason);
    decoder->hardware = NULL;
    facts->hardware = false;
    avcodec_free_context(&decoder->codec);
    int status = open_codec(decoder, NULL, NULL);
    if (status < 0) {
        return film_file_fail(err, status);
    }
    if (!decoder_seek(decoder, from_us, err)) {
        return false;
    }
    decoder->floor_us = given_us;
    return true;
}

/* False when there has been nothing but damage for too long. */
static bool note_damage(struct decoder *decoder, struct error *err)
{
    decoder->damaged++;
    decoder->silent_packets++;
    if (!decoder->damage) {
        decoder->damage = true;
        decoder->damage_us = decoder->last_us >= 0 ? decoder->end_us : decoder->packet_us;
    }
    decoder->await_key = true;
    if (decoder->packet_us - decoder->damage_us <= DAMAGE_MAX_US &&
        decoder->silent_packets <= PACKETS_WITHOUT_FRAME_MAX) {
        return true;
    }
    return error_set(err, ERROR_INVALID, "film abîmé à %.1f s : remplacez ce fichier",
                     "film damaged at %.1f s: replace this file", (double)decoder->damage_us / 1e6);
}

static bool handle_decode_error(struct decoder *decoder, int status, struct error *err)
{
    if (by_hardware(decoder)) {
        char why[AV_ERROR_MAX_STRING_SIZE] = "";
        av_strerror(status, why, sizeof why);
        return retreat(decoder, why, err);
    }
    return note_damage(decoder, err);
}

void decoder_widen(struct decoder *decoder)
{
    decoder->wide = threads_at_most() > THREADS;
}

/* The old codec has given its last frame: the key frame that was kept opens the new one. */
static bool switch_codec(struct decoder *decoder, struct error *err)
{
    decoder->switching = false;
    decoder->await_key = true; /* frames that lean on those before it cannot be decoded */
    decoder->before_key = 0;
    avcodec_free_context(&decoder->codec);
    int status = open_codec(decoder, NULL, NULL);
    if (status < 0) {
        return film_file_fail(err, status);
    }
    status = avcodec_send_packet(decoder->codec, decoder->key_packet);
    av_packet_unref(decoder->key_packet);
    return status >= 0 || handle_decode_error(decoder, status, err);
}

/* Hands the next packet to the codec; false when that is all, or *result_out says why. */
static bool feed(struct decoder *decoder, int64_t needless_us, enum decoder_hurry hurry,
                 enum decoder_result *result_out, struct error *err)
{
    AVPacket *packet = decoder->packet;
    int status = film_file_read(&decoder->file, packet);
    if (stopped(decoder)) {
        av_packet_unref(packet);
        *result_out = DECODER_STOPPED;
        return false;
    }
    if (status == AVERROR(EIO) || status == AVERROR(ENOMEM)) {
        film_file_fail(err, status);
        *result_out = DECODER_FAILED;
        return false;
    }
    if (status < 0) { /* also when the rest cannot be made sense of: finish() compares lengths */
        avcodec_send_packet(decoder->codec, NULL);
        return true;
    }
    bool timed = packet->pts != AV_NOPTS_VALUE;
    if (timed || packet->dts != AV_NOPTS_VALUE) {
        decoder->packet_us = film_file_position(&decoder->file, timed ? packet->pts : packet->dts);
    }
    if (decoder->wide && !decoder->widened && (packet->flags & AV_PKT_FLAG_KEY) != 0 &&
        !by_hardware(decoder)) {
        av_packet_move_ref(decoder->key_packet, packet);
        decoder->switching = true;
        avcodec_send_packet(decoder->codec, NULL);
        return true;
    }
    /* A position beyond the film's end needs its last frames. */
    int64_t length_us = decoder->file.facts.length_us;
    int64_t until_us = needless_us < length_us ? needless_us : length_us;
    bool needless = timed && decoder->packet_us + 2 * decoder->file.frame_us < until_us;
    decoder->codec->skip_frame =
        needless || hurry >= HURRY_SKIP ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
    decoder->codec->skip_loop_filter =
        needless || hurry >= HURRY_FILTER ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
    decoder->silent_packets++;
    status = (packet->flags & AV_PKT_FLAG_CORRUPT) != 0
                 ? AVERROR_INVALIDDATA
                 : avcodec_send_packet(decoder->codec, packet);
    av_packet_unref(packet);
    if ((status < 0 && !handle_decode_error(decoder, status, err)) ||
        (decoder->silent_packets > PACKETS_WITHOUT_FRAME_MAX && !note_damage(decoder, err))) {
        *result_out = DECODER_FAILED;
        return false;
    }
    return true;
}

/* From the GPU's memory into ours. */
static bool fetch_frame(struct decoder *decoder)
{
    if (decoder->frame->format != AV_PIX_FMT_VAAPI) {
        return true;
    }
    AVFrame *copy = av_frame_alloc();
    bool ok = copy && av_hwframe_transfer_data(copy, decoder->frame, 0) >= 0 &&
              av_frame_copy_props(copy, decoder->frame) >= 0;
    if (ok) {
        av_frame_unref(decoder->frame);
        av_frame_move_ref(decoder->frame, copy);
    }
    av_frame_free(&copy);
    if (ok && !decoder->file.facts.hardware) {
        struct video_facts *facts = &decoder->file.facts;
        facts->hardware = true;
        snprintf(facts->decoder, sizeof facts->decoder, "%s (vaapi)", decoder->codec->codec->name);
    }
    return ok;
}

static void place_frame(struct decoder *decoder)
{
    const AVFrame *frame = decoder->frame;
    int64_t position = frame->best_effort_timestamp == AV_NOPTS_VALUE
                           ? decoder->end_us
                           : film_file_position(&decoder->file, frame->best_effort_timestamp);
    if (position <= decoder->last_us) {
        position = decoder->last_us + 1;
    }
    int64_t length =
        frame->pkt_duration > 0
            ? av_rescale_q(frame->pkt_duration, decoder->file.stream->time_base, AV_TIME_BASE_Q)
            : decoder->file.frame_us;
    decoder->last_us = position;
    decoder->end_us = position + (length > 0 && length < FILM_POSITION_MAX ? length : 0);
}

/* Containers seek by decoding time, or not quite to a key frame; so it goes to before the start if
 * need be. */
static bool may_seek_earlier(const struct decoder *decoder)
{
    return decoder->seek_us >= 0 && decoder->seek_back_us <= decoder->seek_us;
}

static bool seek_earlier(struct decoder *decoder, struct error *err)
{
    decoder->seek_back_us = decoder->seek_back_us * 4 + DAMAGE_MAX_US;
    return seek(decoder, decoder->seek_us - decoder->seek_back_us, err);
}

enum verdict { VERDICT_SHOW, VERDICT_LEAVE_OUT, VERDICT_FAIL };

/* Whether the frame that came out is one to show, and where. */
static enum verdict judge_frame(struct decoder *decoder, struct error *err)
{
    const AVFrame *frame = decoder->frame;
    if (!film_file_check_size(frame->width, frame->height, err)) {
        return VERDICT_FAIL;
    }
    bool clean = (frame->flags & AV_FRAME_FLAG_CORRUPT) == 0 && frame->decode_error_flags == 0;
    bool key = frame->key_frame != 0;
    bool seeking = decoder->await_key && !decoder->damage;
    if (seeking && !key && decoder->before_key++ < FRAMES_BEFORE_KEY_MAX) {
        return VERDICT_LEAVE_OUT;
    }
    if (!clean || (decoder->damage && !key)) {
        return note_damage(decoder, err) ? VERDICT_LEAVE_OUT : VERDICT_FAIL;
    }
    decoder->await_key = decoder->damage = false;
    decoder->silent_packets = 0;
    place_frame(decoder);
    if (decoder->last_us > decoder->seek_us && may_seek_earlier(decoder)) {
        return seek_earlier(decoder, err) ? VERDICT_LEAVE_OUT : VERDICT_FAIL;
    }
    decoder->seek_us = -1;
    return decoder->last_us > decoder->floor_us ? VERDICT_SHOW : VERDICT_LEAVE_OUT;
}

static enum decoder_result finish(struct decoder *decoder, struct error *err)
{
    const struct film_file *file = &decoder->file;
    int64_t missing_us = file->facts.length_us - decoder->end_us;
    if (decoder->last_us < 0 && !decoder->any) {
        error_set(err, ERROR_INVALID, "aucune image de ce film ne peut être lue",
                  "no picture of this film can be read");
        return DECODER_FAILED;
    }
    if (decoder->last_us >= 0 && file->length_sure && missing_us > DAMAGE_MAX_US) {
        error_set(err, ERROR_INVALID,
                  "film tronqué : il s’arrête à %.1f s sur %.1f s, remplacez ce fichier",
                  "film cut off: it ends at %.1f s of %.1f s, replace this file",
                  (double)decoder->end_us / 1e6, (double)file->facts.length_us / 1e6);
        return DECODER_FAILED;
    }
    return DECODER_END;
}

static bool deliver(struct decoder *decoder, struct picture *picture_out, struct error *err)
{
    struct video_facts *facts = &decoder->file.facts;
    if (decoder->given_us < 0 && decoder->codec->hw_device_ctx && !facts->hardware) {
        video_hardware_reasons(decoder->hardware, (int)decoder->codec->codec_id, facts->no_hardware,
                               sizeof facts->no_hardware);
    }
    decoder->any = true;
    decoder->given_us = decoder->last_us;
    if (!picture_init(picture_out, &decoder->maker, decoder->frame, facts->rotation, err)) {
        return false;
    }
    picture_out->position_us = decoder->given_us;
    return true;
}

enum decoder_result decoder_next(struct decoder *decoder, int64_t needless_us,
                                 enum decoder_hurry hurry, struct picture *picture_out,
                                 struct error *err)
{
    for (;;) {
        enum decoder_result result;
        int status = avcodec_receive_frame(decoder->codec, decoder->frame);
        if (status == AVERROR_EOF && decoder->switching) {
            if (!switch_codec(decoder, err)) {
                return DECODER_FAILED;
            }
            continue;
        }
        if (status == AVERROR_EOF && decoder->last_us < 0 && may_seek_earlier(decoder)) {
            if (!seek_earlier(decoder, err)) {
                return DECODER_FAILED;
            }
            continue;
        }
        if (status == AVERROR_EOF) {
            return finish(decoder, err);
        }
        if (status == AVERROR(EAGAIN)) {
            if (!feed(decoder, needless_us, hurry, &result, err)) {
                return result;
            }
            continue;
        }
        if (status < 0) {
            if (!handle_decode_error(decoder, status, err)) {
                return DECODER_FAILED;
            }
            continue;
        }
        enum verdict verdict = judge_frame(decoder, err);
        if (verdict == VERDICT_SHOW && fetch_frame(decoder)) {
            return deliver(decoder, picture_out, err) ? DECODER_PICTURE : DECODER_FAILED;
        }
        if (verdict == VERDICT_SHOW && !retreat(decoder, "frames cannot be read back", err)) {
            return DECODER_FAILED;
        }
        av_frame_unref(decoder->frame);
        if (verdict == VERDICT_FAIL) {
            return DECODER_FAILED;
        }
    }
}
