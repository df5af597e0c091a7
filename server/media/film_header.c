#include "server/media/film_header.h"

#include <stdlib.h>
#include <string.h>

#include <libavcodec/codec_desc.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>

#include "core/utf8.h"

#define DEMUXERS "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm"
#define STREAMS_MAX "16"
/* What is looked at when the header does not tell all. */
#define PROBE_BYTES "8000000"
#define PROBE_US "5000000"

/* An MP4 whose index stands in front opens although its end is missing: an upload broke off. */
static bool is_whole(const AVFormatContext *film)
{
    int64_t size = avio_size(film->pb);
    for (unsigned i = 0; i < film->nb_streams; i++) {
        AVStream *stream = film->streams[i];
        for (int k = avformat_index_get_entries_count(stream) - 1; k >= 0; k--) {
            const AVIndexEntry *entry = avformat_index_get_entry(stream, k);
            if (entry->pos + entry->size > size) {
                return false;
            }
        }
    }
    return true;
}

static AVFormatContext *open_film(const char *path, struct error *err)
{
    AVFormatContext *film = NULL;
    AVDictionary *options = NULL;
    char *url = malloc(strlen(path) + sizeof "file:");
    if (url == NULL) {
        abort();
    }
    /* Else "concat:…" or "http:…" would be a path. */
    memcpy(url, "file:", 5);
    memcpy(url + 5, path, strlen(path) + 1);
    av_dict_set(&options, "protocol_whitelist", "file", 0);
    av_dict_set(&options, "format_whitelist", DEMUXERS, 0);
    av_dict_set(&options, "max_streams", STREAMS_MAX, 0);
    av_dict_set(&options, "probesize", PROBE_BYTES, 0);
    av_dict_set(&options, "analyzeduration", PROBE_US, 0);
    int result = avformat_open_input(&film, url, NULL, &options);
    av_dict_free(&options);
    free(url);
    if (result >= 0 && avformat_find_stream_info(film, NULL) >= 0 && is_whole(film)) {
        return film;
    }
    avformat_close_input(&film);
    error_set(err, ERROR_INVALID,
              "ce n’est pas un film MP4 ou WebM entier ; exportez-le de nouveau en MP4 (H.264)",
              "this is no whole MP4 or WebM film; export it again as MP4 (H.264)");
    return NULL;
}

static const AVStream *video_stream(const AVFormatContext *film, struct error *err)
{
    int index = av_find_best_stream((AVFormatContext *)film, AVMEDIA_TYPE_VIDEO, -1, -1, NULL, 0);
    const AVStream *stream = index >= 0 ? film->streams[index] : NULL;
    if (stream == NULL || (stream->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
        error_set(err, ERROR_INVALID, "ce fichier ne contient pas d’images de film",
                  "this file holds no moving pictures");
        return NULL;
    }
    switch (stream->codecpar->codec_id) {
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
    case AV_CODEC_ID_VP8:
    case AV_CODEC_ID_VP9:
    case AV_CODEC_ID_AV1:
        return stream;
    default:
        error_set(err, ERROR_INVALID,
                  "codec « %s » ; les écrans lisent H.264, HEVC, VP8, VP9 et AV1 : exportez le "
                  "film en MP4 (H.264)",
                  "codec \"%s\"; screens play H.264, HEVC, VP8, VP9 and AV1: export the film as "
                  "MP4 (H.264)",
                  avcodec_get_name(stream->codecpar->codec_id));
        return NULL;
    }
}

static bool is_turned(const AVStream *stream)
{
    const uint8_t *matrix = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, NULL);
    double angle = matrix == NULL ? 0 : av_display_rotation_get((const int32_t *)matrix);
    return (angle > 45 && angle < 135) || (angle < -45 && angle > -135);
}

static bool read_size(const AVStream *stream, struct film_header *out, struct error *err)
{
    int64_t width = stream->codecpar->width;
    int64_t height = stream->codecpar->height;
    bool turned = is_turned(stream);
    out->width = turned ? height : width;
    out->height = turned ? width : height;
    int64_t longer = width > height ? width : height;
    int64_t shorter = width > height ? height : width;
    if (shorter < 16 || longer > FILM_LONG_SIDE_MAX || shorter > FILM_SHORT_SIDE_MAX) {
        return error_set(err, ERROR_LIMIT,
                         "film de %lld × %lld pixels ; de 16 × 16 à %d × %d sont admis, 1920 × "
                         "1080 suffit",
                         "film of %lld × %lld pixels; 16 × 16 to %d × %d are allowed, 1920 × 1080 "
                         "will do",
                         (long long)width, (long long)height, FILM_LONG_SIDE_MAX,
                         FILM_SHORT_SIDE_MAX);
    }
    return true;
}

/* The picture's own length: sound may go on for longer. */
static bool read_length(const AVFormatContext *film, const AVStream *stream,
                        struct film_header *out, struct error *err)
{
    out->length_ms = 0;
    if (stream->duration != AV_NOPTS_VALUE && stream->duration > 0) {
        out->length_ms = av_rescale_q(stream->duration, stream->time_base, (AVRational){1, 1000});
    } else if (film->duration != AV_NOPTS_VALUE && film->duration > 0) {
        out->length_ms = film->duration / (AV_TIME_BASE / 1000);
    }
    if (out->length_ms <= 0) {
        return error_set(err, ERROR_INVALID,
                         "ce film ne dit pas sa durée ; exportez-le de nouveau en MP4 (H.264)",
                         "this film does not tell its length; export it again as MP4 (H.264)");
    }
    if (out->length_ms > FILM_LENGTH_MAX_MS) {
        return error_set(err, ERROR_LIMIT, "film de %lld s ; %d s au plus (10 minutes)",
                         "film of %lld s; at most %d s (10 minutes)",
                         (long long)(out->length_ms / 1000), (int)(FILM_LENGTH_MAX_MS / 1000));
    }
    return true;
}

bool film_header_read(const char *path, struct film_header *out, struct error *err)
{
    av_log_set_level(AV_LOG_QUIET); /* what it would say of a broken film is said here */
    AVFormatContext *film = open_film(path, err);
    if (film == NULL) {
        return false;
    }
    const AVStream *stream = video_stream(film, err);
    bool webm = strstr(film->iformat->name, "webm") != NULL;
    *out = (struct film_header){.type = webm ? "video/webm" : "video/mp4"};
    bool ok = stream != NULL && read_size(stream, out, err) && read_length(film, stream, out, err);
    avformat_close_input(&film);
    return ok;
}

bool captions_check(const char *bytes, size_t length, struct error *err)
{
    static const char mark[] = "\xef\xbb\xbf";
    static const char magic[] = "WEBVTT";
    size_t start = length >= 3 && memcmp(bytes, mark, 3) == 0 ? 3 : 0;
    size_t end = start + sizeof magic - 1;
    if (length < end || memcmp(bytes + start, magic, sizeof magic - 1) != 0 ||
        (length > end && strchr(" \t\r\n", bytes[end]) == NULL)) {
        return error_set(err, ERROR_INVALID,
                         "ce n’est pas un fichier WebVTT ; sa première ligne est « WEBVTT »",
                         "this is no WebVTT file; its first line is \"WEBVTT\"");
    }
    if (memchr(bytes, '\0', length) != NULL || !utf8_valid(bytes, length)) {
        return error_set(err, ERROR_INVALID,
                         "les sous-titres ne sont pas en UTF-8 ; enregistrez-les ainsi",
                         "the captions are not UTF-8; save them so");
    }
    return true;
}
