/* What the decoder asks of a video_hardware; any decode thread. Codecs are FFmpeg's enum AVCodecID.
 */
#ifndef VITRINE_PLAYER_VIDEO_VIDEO_HARDWARE_CODEC_H
#define VITRINE_PLAYER_VIDEO_VIDEO_HARDWARE_CODEC_H

#include <stddef.h>

#include "player/video/video_hardware.h"

struct AVBufferRef;

enum video_hardware_way { VIDEO_HARDWARE_VAAPI, VIDEO_HARDWARE_M2M, VIDEO_HARDWARE_WAYS };

struct video_hardware *video_hardware_reference(struct video_hardware *hardware);

/* A new reference to the VAAPI device, or NULL when there is none or the codec was refused. */
struct AVBufferRef *video_hardware_vaapi(struct video_hardware *hardware, int codec);
/* "h264_v4l2m2m", or NULL when the codec has none or was refused. */
const char *video_hardware_m2m(struct video_hardware *hardware, int codec);

/* This way does not work for the codec: it is not tried again. Logged the first time. */
void video_hardware_refuse(struct video_hardware *hardware, enum video_hardware_way way, int codec,
                           const char *reason);
/* "VAAPI: …; V4L2 M2M: …": why this codec is decoded in software. */
void video_hardware_reasons(struct video_hardware *hardware, int codec, char *text, size_t size);

#endif
