#include "player/video/video_hardware.h"
#include "player/video/video_hardware_codec.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavutil/hwcontext.h>

#include "core/log.h"

static const struct {
    enum AVCodecID codec;
    const char *m2m;
} codecs[] = {
    {AV_CODEC_ID_H264, "h264_v4l2m2m"},
    {AV_CODEC_ID_HEVC, "hevc_v4l2m2m"},
    {AV_CODEC_ID_VP8, "vp8_v4l2m2m"},
    {AV_CODEC_ID_VP9, "vp9_v4l2m2m"},
    {AV_CODEC_ID_AV1, NULL},
    {AV_CODEC_ID_MPEG4, "mpeg4_v4l2m2m"},
};
enum { CODECS = sizeof codecs / sizeof codecs[0] };

static const char *const way_names[VIDEO_HARDWARE_WAYS] = {"VAAPI", "V4L2 M2M"};

struct video_hardware {
    pthread_mutex_t lock;
    int references;
    char *device;
    bool looked;
    AVBufferRef *vaapi;                            /* NULL: none */
    char refused[VIDEO_HARDWARE_WAYS][CODECS][72]; /* why; "" while nothing speaks against it */
};

struct video_hardware *video_hardware_create(const char *device)
{
    struct video_hardware *hardware = calloc(1, sizeof *hardware);
    if (!hardware) {
        abort();
    }
    pthread_mutex_init(&hardware->lock, NULL);
    hardware->references = 1;
    hardware->device = device ? strdup(device) : NULL;
    return hardware;
}

struct video_hardware *video_hardware_reference(struct video_hardware *hardware)
{
    pthread_mutex_lock(&hardware->lock);
    hardware->references++;
    pthread_mutex_unlock(&hardware->lock);
    return hardware;
}

void video_hardware_destroy(struct video_hardware *hardware)
{
    if (!hardware) {
        return;
    }
    pthread_mutex_lock(&hardware->lock);
    bool last = --hardware->references == 0;
    pthread_mutex_unlock(&hardware->lock);
    if (last) {
        av_buffer_unref(&hardware->vaapi);
        pthread_mutex_destroy(&hardware->lock);
        free(hardware->device);
        free(hardware);
    }
}

static int codec_index(int codec)
{
    for (int i = 0; i < CODECS; i++) {
        if ((int)codecs[i].codec == codec) {
            return i;
        }
    }
    return -1;
}

/* With the lock held. A missing device speaks against every codec and is one line of the log. */
static void look(struct video_hardware *hardware)
{
    hardware->looked = true;
    int status =
        av_hwdevice_ctx_create(&hardware->vaapi, AV_HWDEVICE_TYPE_VAAPI, hardware->device, NULL, 0);
    if (status >= 0) {
        log_write(LOG_INFO, "video_hardware", "VAAPI device opened");
        return;
    }
    char why[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(status, why, sizeof why);
    log_write(LOG_INFO, "video_hardware", "no VAAPI device (%s): films are decoded without it",
              why);
    for (int i = 0; i < CODECS; i++) {
        snprintf(hardware->refused[VIDEO_HARDWARE_VAAPI][i],
                 sizeof hardware->refused[VIDEO_HARDWARE_VAAPI][i], "no device (%s)", why);
    }
}

struct AVBufferRef *video_hardware_vaapi(struct video_hardware *hardware, int codec)
{
    AVBufferRef *device = NULL;
    int i = codec_index(codec);
    pthread_mutex_lock(&hardware->lock);
    if (!hardware->looked) {
        look(hardware);
    }
    if (i >= 0 && hardware->vaapi && hardware->refused[VIDEO_HARDWARE_VAAPI][i][0] == '\0') {
        device = av_buffer_ref(hardware->vaapi);
    }
    pthread_mutex_unlock(&hardware->lock);
    return device;
}

const char *video_hardware_m2m(struct video_hardware *hardware, int codec)
{
    const char *name = NULL;
    int i = codec_index(codec);
    pthread_mutex_lock(&hardware->lock);
    if (i >= 0 && hardware->refused[VIDEO_HARDWARE_M2M][i][0] == '\0') {
        name = codecs[i].m2m;
    }
    pthread_mutex_unlock(&hardware->lock);
    return name;
}

void video_hardware_refuse(struct video_hardware *hardware, enum video_hardware_way way, int codec,
                           const char *reason)
{
    int i = codec_index(codec);
    bool first = false;
    if (i < 0) {
        return;
    }
    pthread_mutex_lock(&hardware->lock);
    char *refused = hardware->refused[way][i];
    if (refused[0] == '\0') {
        snprintf(refused, sizeof hardware->refused[way][i], "%s", reason);
        first = true;
    }
    pthread_mutex_unlock(&hardware->lock);
    if (first) {
        log_write(LOG_INFO, "video_hardware", "%s does not decode %s (%s): not tried again",
                  way_names[way], avcodec_get_name((enum AVCodecID)codec), reason);
    }
}

void video_hardware_reasons(struct video_hardware *hardware, int codec, char *text, size_t size)
{
    int i = codec_index(codec);
    text[0] = '\0';
    if (i < 0) {
        return;
    }
    pthread_mutex_lock(&hardware->lock);
    const char *m2m = hardware->refused[VIDEO_HARDWARE_M2M][i];
    snprintf(text, size, "VAAPI: %s; V4L2 M2M: %s", hardware->refused[VIDEO_HARDWARE_VAAPI][i],
             codecs[i].m2m ? m2m : "no such decoder");
    pthread_mutex_unlock(&hardware->lock);
}
