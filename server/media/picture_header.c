#include "server/media/picture_header.h"

#include <stdbool.h>
#include <string.h>

struct bytes {
    const uint8_t *at;
    size_t size;
};

static uint32_t big16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static uint32_t big32(const uint8_t *at)
{
    return big16(at) << 16 | big16(at + 2);
}

static uint32_t little16(const uint8_t *at)
{
    return (uint32_t)at[1] << 8 | at[0];
}

static uint32_t little24(const uint8_t *at)
{
    return (uint32_t)at[2] << 16 | little16(at);
}

static uint32_t little32(const uint8_t *at)
{
    return little16(at + 2) << 16 | little16(at);
}

static bool refuse_truncated(const char *kind, struct error *err)
{
    return error_set(err, ERROR_INVALID,
                     "image %s incomplète ou abîmée ; enregistrez-la de nouveau",
                     "truncated or damaged %s picture; save it again", kind);
}

/* PNG specification, third edition, 5.2 and 11.2.1. Chunks are walked so that a file that was cut
 * is refused here, not on a screen. */
static bool read_png(struct bytes file, struct picture_header *out, struct error *err)
{
    size_t at = 8;

    if (file.size < 33 || big32(file.at + 8) != 13 || memcmp(file.at + 12, "IHDR", 4) != 0)
        return refuse_truncated("PNG", err);
    out->type = "image/png";
    out->width = big32(file.at + 16);
    out->height = big32(file.at + 20);
    while (file.size - at >= 12) {
        uint32_t length = big32(file.at + at);
        if (length > file.size - at - 12)
            break;
        if (memcmp(file.at + at + 4, "IEND", 4) == 0)
            return true;
        at += (size_t)length + 12;
    }
    return refuse_truncated("PNG", err);
}

/* Frame headers: ITU-T T.81, table B.1: SOF0–SOF15 without DHT, JPG, DAC. */
static bool is_frame_marker(uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* A decoder shows a cut JPEG without a complaint, with grey below: the end marker must be there.
 * Some cameras add bytes behind it. */
static bool jpeg_ends(struct bytes file)
{
    for (size_t i = file.size; i >= 2; i--)
        if (file.at[i - 2] == 0xff && file.at[i - 1] == 0xd9)
            return true;
    return false;
}

static bool read_jpeg(struct bytes file, struct picture_header *out, struct error *err)
{
    size_t at = 2;

    while (file.size - at >= 4) {
        if (file.at[at] != 0xff)
            break;
        uint8_t marker = file.at[at + 1];
        if (marker == 0xff) { /* fill byte */
            at++;
            continue;
        }
        size_t length = big16(file.at + at + 2);
        if (length < 2 || length > file.size - at - 2)
            break;
        if (is_frame_marker(marker)) {
            if (length < 8)
                break;
            out->type = "image/jpeg";
            out->height = big16(file.at + at + 5);
            out->width = big16(file.at + at + 7);
            struct bytes rest = {file.at + at + length, file.size - at - length};
            return jpeg_ends(rest) ? true : refuse_truncated("JPEG", err);
        }
        if (marker == 0xda || marker == 0xd9) /* scan or end before a frame */
            break;
        at += length + 2;
    }
    return refuse_truncated("JPEG", err);
}

/* WebP container specification: RIFF size, then VP8, VP8L or VP8X (RFC 9649). */
static bool read_webp(struct bytes file, struct picture_header *out, struct error *err)
{
    if (file.size < 30 || little32(file.at + 4) > file.size - 8 ||
        little32(file.at + 16) > file.size - 20)
        return refuse_truncated("WebP", err);
    const uint8_t *data = file.at + 20;
    out->type = "image/webp";
    if (memcmp(file.at + 12, "VP8X", 4) == 0) {
        out->width = (int64_t)little24(data + 4) + 1;
        out->height = (int64_t)little24(data + 7) + 1;
    } else if (memcmp(file.at + 12, "VP8L", 4) == 0 && data[0] == 0x2f) {
        uint32_t bits = little32(data + 1);
        out->width = (bits & 0x3fff) + 1;
        out->height = (bits >> 14 & 0x3fff) + 1;
    } else if (memcmp(file.at + 12, "VP8 ", 4) == 0 && memcmp(data + 3, "\x9d\x01\x2a", 3) == 0) {
        out->width = little16(data + 6) & 0x3fff;
        out->height = little16(data + 8) & 0x3fff;
    } else {
        return refuse_truncated("WebP", err);
    }
    return true;
}

static bool read_any(struct bytes file, struct picture_header *out, struct error *err)
{
    if (file.size >= 8 && memcmp(file.at, "\x89PNG\r\n\x1a\n", 8) == 0)
        return read_png(file, out, err);
    if (file.size >= 4 && memcmp(file.at, "\xff\xd8\xff", 3) == 0)
        return read_jpeg(file, out, err);
    if (file.size >= 12 && memcmp(file.at, "RIFF", 4) == 0 && memcmp(file.at + 8, "WEBP", 4) == 0)
        return read_webp(file, out, err);
    return error_set(
        err, ERROR_INVALID,
        "ce fichier n’est ni une image PNG, ni JPEG, ni WebP ; convertissez-la d’abord",
        "this file is no PNG, JPEG or WebP picture; convert it first");
}

bool picture_header_read(const void *bytes, size_t size, int64_t pixels_max,
                         struct picture_header *out, struct error *err)
{
    const struct bytes file = {bytes, size};

    *out = (struct picture_header){0};
    if (!read_any(file, out, err))
        return false;
    if (out->width == 0 || out->height == 0)
        return error_set(err, ERROR_LIMIT, "image sans largeur ou sans hauteur",
                         "picture without width or height");
    if (out->width > pixels_max / out->height)
        return error_set(
            err, ERROR_LIMIT, "image trop grande : %lld × %lld pixels ; %lld millions au plus",
            "picture too large: %lld × %lld pixels; %lld million at most", (long long)out->width,
            (long long)out->height, (long long)(pixels_max / 1000000));
    return true;
}
