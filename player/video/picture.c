#include "player/video/picture.h"

#include <string.h>

#include <libavutil/buffer.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

/* Films from 720 lines on that do not say are BT.709, as players assume. */
enum { HIGH_DEFINITION_LINES = 720, PLANE_ALIGN = 64 };

static bool fail_memory(struct error *err)
{
    return error_set(err, ERROR_LIMIT, "mémoire insuffisante pour ce film",
                     "not enough memory for this film");
}

static enum video_matrix matrix_of(const AVFrame *frame)
{
    switch (frame->colorspace) {
    case AVCOL_SPC_BT709:
    case AVCOL_SPC_BT2020_NCL: /* nearer to BT.709 than to BT.601 */
    case AVCOL_SPC_BT2020_CL:
        return VIDEO_BT709;
    case AVCOL_SPC_BT470BG:
    case AVCOL_SPC_SMPTE170M:
    case AVCOL_SPC_SMPTE240M:
    case AVCOL_SPC_FCC:
        return VIDEO_BT601;
    default:
        return frame->height >= HIGH_DEFINITION_LINES ? VIDEO_BT709 : VIDEO_BT601;
    }
}

static bool is_rgb(const AVFrame *frame)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
    return format && (format->flags & AV_PIX_FMT_FLAG_RGB) != 0;
}

/* Planes of the pool for I420 of this size. Fresh memory for each frame would cost more in page
 * faults than the conversion itself. */
static AVFrame *pooled_frame(struct picture_maker *maker, int width, int height)
{
    int stride = FFALIGN(width, PLANE_ALIGN);
    int half_stride = FFALIGN((width + 1) / 2, PLANE_ALIGN);
    size_t luma = (size_t)stride * (size_t)height;
    size_t chroma = (size_t)half_stride * (size_t)((height + 1) / 2);
    size_t size = luma + 2 * chroma + PLANE_ALIGN;
    if (maker->pool_size != size) {
        av_buffer_pool_uninit(&maker->pool);
        maker->pool = av_buffer_pool_init(size, NULL);
        maker->pool_size = maker->pool ? size : 0;
    }
    AVFrame *frame = av_frame_alloc();
    if (!maker->pool || !frame) {
        av_frame_free(&frame);
        return NULL;
    }
    frame->buf[0] = av_buffer_pool_get(maker->pool);
    if (!frame->buf[0]) {
        av_frame_free(&frame);
        return NULL;
    }
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = width;
    frame->height = height;
    frame->data[0] = frame->buf[0]->data;
    frame->data[1] = frame->data[0] + luma;
    frame->data[2] = frame->data[1] + chroma;
    frame->linesize[0] = stride;
    frame->linesize[1] = frame->linesize[2] = half_stride;
    return frame;
}

static void copy_colours(AVFrame *target, const AVFrame *source)
{
    target->colorspace = source->colorspace;
    target->color_range = source->color_range;
    target->sample_aspect_ratio = source->sample_aspect_ratio;
}

/* Replaces *frame by the same as I420. Colours keep their matrix and range; RGB becomes BT.709. */
static bool convert(struct picture_maker *maker, AVFrame **frame, struct error *err)
{
    AVFrame *source = *frame;
    enum AVPixelFormat format = (enum AVPixelFormat)source->format;
    bool rgb = is_rgb(source);
    if (!sws_isSupportedInput(format)) {
        const char *name = av_get_pix_fmt_name(format);
        return error_set(err, ERROR_INVALID, "format de pixels « %s » non pris en charge",
                         "pixel format “%s” is not supported", name ? name : "?");
    }
    AVFrame *target = pooled_frame(maker, source->width, source->height);
    maker->scaler = sws_getCachedContext(maker->scaler, source->width, source->height, format,
                                         target ? target->width : 0, target ? target->height : 0,
                                         AV_PIX_FMT_YUV420P, SWS_BILINEAR, NULL, NULL, NULL);
    if (!target || !maker->scaler) {
        av_frame_free(&target);
        return fail_memory(err);
    }
    copy_colours(target, source);
    if (rgb) {
        target->colorspace = AVCOL_SPC_BT709;
        target->color_range = AVCOL_RANGE_MPEG;
    }
    const int *table =
        sws_getCoefficients(matrix_of(target) == VIDEO_BT709 ? SWS_CS_ITU709 : SWS_CS_ITU601);
    int full = target->color_range == AVCOL_RANGE_JPEG;
    sws_setColorspaceDetails(maker->scaler, table, rgb || full, table, full, 0, 1 << 16, 1 << 16);
    sws_scale(maker->scaler, (const uint8_t *const *)source->data, source->linesize, 0,
              source->height, target->data, target->linesize);
    av_frame_free(frame);
    *frame = target;
    return true;
}

/* Target is height × width for 90 and 270. In tiles, so that columns do not miss the cache. */
static void turn_plane(uint8_t *target, int target_stride, const uint8_t *source, int source_stride,
                       int width, int height, int rotation)
{
    enum { TILE = 32 };
    for (int top = 0; top < height; top += TILE) {
        for (int left = 0; left < width; left += TILE) {
            for (int y = top; y < height && y < top + TILE; y++) {
                const uint8_t *row = source + (ptrdiff_t)y * source_stride;
                for (int x = left; x < width && x < left + TILE; x++) {
                    int to_x = rotation == 90    ? height - 1 - y
                               : rotation == 180 ? width - 1 - x
                                                 : y;
                    int to_y = rotation == 90    ? x
                               : rotation == 180 ? height - 1 - y
                                                 : width - 1 - x;
                    target[(ptrdiff_t)to_y * target_stride + to_x] = row[x];
                }
            }
        }
    }
}

/* Replaces *frame, which is I420, by the same turned. */
static bool turn(struct picture_maker *maker, AVFrame **frame, int rotation, struct error *err)
{
    AVFrame *source = *frame;
    bool across = rotation != 180;
    AVFrame *target = pooled_frame(maker, across ? source->height : source->width,
                                   across ? source->width : source->height);
    if (!target) {
        return fail_memory(err);
    }
    copy_colours(target, source);
    if (across && source->sample_aspect_ratio.num > 0) {
        target->sample_aspect_ratio =
            av_make_q(source->sample_aspect_ratio.den, source->sample_aspect_ratio.num);
    }
    for (int i = 0; i < 3; i++) {
        int width = i == 0 ? source->width : (source->width + 1) / 2;
        int height = i == 0 ? source->height : (source->height + 1) / 2;
        turn_plane(target->data[i], target->linesize[i], source->data[i], source->linesize[i],
                   width, height, rotation);
    }
    av_frame_free(frame);
    *frame = target;
    return true;
}

static bool drawable(int format)
{
    return format == AV_PIX_FMT_YUV420P || format == AV_PIX_FMT_YUVJ420P ||
           format == AV_PIX_FMT_YUVA420P;
}

bool picture_init(struct picture *picture_out, struct picture_maker *maker, struct AVFrame *frame,
                  int rotation, struct error *err)
{
    AVFrame *kept = av_frame_alloc();
    if (!kept) {
        return fail_memory(err);
    }
    av_frame_move_ref(kept, frame);
    bool as_it_is = drawable(kept->format) || (kept->format == AV_PIX_FMT_NV12 && rotation == 0);
    if ((!as_it_is && !convert(maker, &kept, err)) ||
        (rotation != 0 && !turn(maker, &kept, rotation, err))) {
        av_frame_free(&kept);
        return false;
    }
    bool two_planes = kept->format == AV_PIX_FMT_NV12;
    struct video_image *image = &picture_out->image;
    *picture_out = (struct picture){.frame = kept, .pixel_aspect = 1};
    image->width = kept->width;
    image->height = kept->height;
    image->format = two_planes ? VIDEO_NV12 : VIDEO_I420;
    image->matrix = matrix_of(kept);
    image->full_range =
        kept->color_range == AVCOL_RANGE_JPEG || kept->format == AV_PIX_FMT_YUVJ420P;
    for (int i = 0; i < (two_planes ? 2 : 3); i++) {
        image->planes[i] = kept->data[i];
        image->strides[i] = kept->linesize[i];
    }
    AVRational aspect = kept->sample_aspect_ratio;
    if (aspect.num > 0 && aspect.den > 0) {
        picture_out->pixel_aspect = av_q2d(aspect);
    }
    return true;
}

void picture_finish(struct picture *picture)
{
    av_frame_free(&picture->frame);
    *picture = (struct picture){0};
}

void picture_maker_finish(struct picture_maker *maker)
{
    sws_freeContext(maker->scaler);
    av_buffer_pool_uninit(&maker->pool);
    *maker = (struct picture_maker){0};
}
