#include "player/draw/image.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <SDL_image.h>

#include "core/files.h"
#include "player/draw/blend_kernels.h"

/* What a header says, and whether the file is whole. */
struct header {
    const char *type;
    int width, height;
    int components; /* JPEG */
    bool adobe;     /* JPEG with Adobe's segment: CMYK is stored inverted */
};

static uint32_t big_endian(const uint8_t *bytes, int count)
{
    uint32_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 8 | bytes[i];
    return value;
}

static uint32_t little_endian(const uint8_t *bytes, int count)
{
    uint32_t value = 0;
    while (count-- > 0)
        value = value << 8 | bytes[count];
    return value;
}

static bool broken(const char *type, struct error *err)
{
    return error_set(err, ERROR_INVALID, "image %s abîmée ; exportez-la de nouveau",
                     "the %s picture is damaged; export it again", type);
}

static bool truncated(const char *type, struct error *err)
{
    return error_set(err, ERROR_INVALID,
                     "image %s incomplète : la fin manque ; renvoyez le fichier",
                     "the %s picture is incomplete: its end is missing; send the file again", type);
}

/* PNG (ISO/IEC 15948, clause 5): chunks of length, type, data, CRC from IHDR to IEND. */
static bool read_png(const uint8_t *bytes, size_t length, struct header *header, struct error *err)
{
    enum { SIGNATURE = 8, CHUNK_FRAME = 12, IHDR_LENGTH = 13 };
    header->type = "PNG";
    if (length < SIGNATURE + CHUNK_FRAME + IHDR_LENGTH)
        return truncated(header->type, err);
    const uint8_t *ihdr = bytes + SIGNATURE;
    uint32_t width = big_endian(ihdr + 8, 4), height = big_endian(ihdr + 12, 4);
    if (big_endian(ihdr, 4) != IHDR_LENGTH || memcmp(ihdr + 4, "IHDR", 4) != 0 ||
        width > INT32_MAX || height > INT32_MAX)
        return broken(header->type, err);
    header->width = (int)width;
    header->height = (int)height;
    for (size_t at = SIGNATURE; length - at >= CHUNK_FRAME;) {
        size_t data = big_endian(bytes + at, 4);
        if (data > length - at - CHUNK_FRAME)
            break;
        if (memcmp(bytes + at + 4, "IEND", 4) == 0)
            return true;
        at += CHUNK_FRAME + data;
    }
    return truncated(header->type, err);
}

/* Position after the entropy-coded data that begins at `at`: the next marker that is neither a
 * stuffed zero nor a restart. `length` when there is none. */
static size_t skip_scan(const uint8_t *bytes, size_t length, size_t at)
{
    for (; at + 1 < length; at++) {
        uint8_t next = bytes[at + 1];
        if (bytes[at] == 0xFF && next != 0x00 && next != 0xFF && (next < 0xD0 || next > 0xD7))
            return at;
    }
    return length;
}

/* JPEG (ITU-T T.81, annex B): segments from SOI to EOI; the frame header SOFn has the size. libjpeg
 * fills what is missing with grey and only warns, so EOI is looked for here. */
static bool read_jpeg(const uint8_t *bytes, size_t length, struct header *header, struct error *err)
{
    enum { SOF_FIRST = 0xC0, SOF_LAST = 0xCF, DHT = 0xC4, JPG = 0xC8, DAC = 0xCC };
    enum { EOI = 0xD9, SOS = 0xDA, APP14 = 0xEE, SOF_LENGTH = 8 };
    header->type = "JPEG";
    size_t at = 2;
    while (at + 3 < length || (at + 1 < length && bytes[at + 1] == EOI)) {
        uint8_t marker = bytes[at + 1];
        if (bytes[at] != 0xFF)
            return broken(header->type, err);
        if (marker == 0xFF) {
            at++;
            continue;
        }
        if (marker == EOI)
            return header->width > 0 ? true : broken(header->type, err);
        size_t segment = big_endian(bytes + at + 2, 2);
        if (segment < 2)
            return broken(header->type, err);
        if (segment > length - at - 2)
            break;
        if (marker >= SOF_FIRST && marker <= SOF_LAST && marker != DHT && marker != JPG &&
            marker != DAC && segment >= SOF_LENGTH && header->width == 0) {
            header->height = (int)big_endian(bytes + at + 5, 2);
            header->width = (int)big_endian(bytes + at + 7, 2);
            header->components = bytes[at + 9];
        }
        if (marker == APP14 && segment >= 7 && memcmp(bytes + at + 4, "Adobe", 5) == 0)
            header->adobe = true;
        at += 2 + segment;
        if (marker == SOS)
            at = skip_scan(bytes, length, at);
    }
    return truncated(header->type, err);
}

/* WebP container (RFC 9649): RIFF, length, WEBP, then VP8 , VP8L or VP8X. */
static bool read_webp(const uint8_t *bytes, size_t length, struct header *header, struct error *err)
{
    header->type = "WebP";
    if (length < 30 || little_endian(bytes + 4, 4) > length - 8)
        return truncated(header->type, err);
    const uint8_t *chunk = bytes + 12, *data = bytes + 20;
    if (memcmp(chunk, "VP8 ", 4) == 0) {
        header->width = (int)(little_endian(data + 6, 2) & 0x3FFF);
        header->height = (int)(little_endian(data + 8, 2) & 0x3FFF);
    } else if (memcmp(chunk, "VP8L", 4) == 0) {
        uint32_t bits = little_endian(data + 1, 4);
        header->width = (int)(bits & 0x3FFF) + 1;
        header->height = (int)(bits >> 14 & 0x3FFF) + 1;
    } else if (memcmp(chunk, "VP8X", 4) == 0) {
        header->width = (int)little_endian(data + 4, 3) + 1;
        header->height = (int)little_endian(data + 7, 3) + 1;
    } else {
        return broken(header->type, err);
    }
    return true;
}

static bool read_header(const uint8_t *bytes, size_t length, struct header *header,
                        struct error *err)
{
    if (length > IMAGE_BYTES_MAX)
        return error_set(err, ERROR_LIMIT, "image trop lourde : %d Mo au plus",
                         "picture too large: %d MB at most", IMAGE_BYTES_MAX / (1024 * 1024));
    if (length >= 8 && memcmp(bytes, "\x89PNG\r\n\x1A\n", 8) == 0)
        return read_png(bytes, length, header, err);
    if (length >= 3 && memcmp(bytes, "\xFF\xD8\xFF", 3) == 0)
        return read_jpeg(bytes, length, header, err);
    if (length >= 12 && memcmp(bytes, "RIFF", 4) == 0 && memcmp(bytes + 8, "WEBP", 4) == 0)
        return read_webp(bytes, length, header, err);
    return error_set(
        err, ERROR_INVALID,
        "ce n’est pas une image PNG, JPEG ou WebP ; exportez-la dans l’un de ces formats",
        "this is not a PNG, JPEG or WebP picture; export it as one of these");
}

static bool check_header(const void *bytes, size_t length, struct header *header, struct error *err)
{
    *header = (struct header){0};
    if (!read_header(bytes, length, header, err))
        return false;
    if (header->width < 1 || header->height < 1)
        return broken(header->type, err);
    if (header->width > IMAGE_SIDE_MAX || header->height > IMAGE_SIDE_MAX ||
        (int64_t)header->width * header->height > IMAGE_PIXELS_MAX)
        return error_set(err, ERROR_LIMIT,
                         "image de %d × %d pixels : %d au plus par côté et %d millions en tout",
                         "picture of %d × %d pixels: at most %d a side and %d million in all",
                         header->width, header->height, IMAGE_SIDE_MAX, IMAGE_PIXELS_MAX / 1000000);
    return true;
}

bool image_probe(const void *bytes, size_t length, int *width_out, int *height_out,
                 const char **type_out, struct error *err)
{
    struct header header;
    if (!check_header(bytes, length, &header, err))
        return false;
    *width_out = header.width;
    *height_out = header.height;
    *type_out = header.type;
    return true;
}

/* The library's own lazy initialisation is not made for several threads. */
static void start_library(void)
{
    IMG_Init(IMG_INIT_PNG | IMG_INIT_JPG | IMG_INIT_WEBP);
}

static bool all_opaque(const uint32_t *pixels, size_t count)
{
    uint32_t all = 0xFF000000u;
    for (size_t i = 0; i < count; i++)
        all &= pixels[i];
    return all == 0xFF000000u;
}

/* The library hands the four inks of a CMYK JPEG over as they are, in an RGBA surface. */
static void convert_cmyk(const SDL_Surface *surface, bool inverted, uint32_t *pixels)
{
    for (int y = 0; y < surface->h; y++) {
        const uint8_t *inks = (const uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch;
        for (int x = 0; x < surface->w; x++, inks += 4) {
            uint32_t pixel = 0xFF;
            for (int i = 0; i < 3; i++) {
                uint32_t paper = inverted ? inks[i] : 255u - inks[i];
                uint32_t light = inverted ? inks[3] : 255u - inks[3];
                pixel = pixel << 8 | div255(paper * light);
            }
            *pixels++ = pixel;
        }
    }
}

/* What JPEG and most PNG pictures come as; SDL's own conversion takes as long as their decoding. */
static void convert_rgb(const SDL_Surface *surface, uint32_t *pixels)
{
    size_t width = (size_t)surface->w;
    for (int y = 0; y < surface->h; y++)
        blend_expand_rgb(pixels + (size_t)y * width,
                         (const uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch, width);
}

/* Whatever the surface's format is (palette, transparent colour, grey), in 0xAARRGGBB. */
static bool convert_any(SDL_Surface *surface, uint32_t *pixels)
{
    SDL_Surface *view = SDL_CreateRGBSurfaceWithFormatFrom(
        pixels, surface->w, surface->h, 32, surface->w * 4, SDL_PIXELFORMAT_ARGB8888);
    bool done = view && SDL_SetSurfaceBlendMode(surface, SDL_BLENDMODE_NONE) == 0 &&
                SDL_BlitSurface(surface, NULL, view, NULL) == 0;
    SDL_FreeSurface(view);
    return done;
}

static struct image *image_from_surface(SDL_Surface *surface, const struct header *header)
{
    size_t count = (size_t)surface->w * (size_t)surface->h;
    struct image *image = calloc(1, sizeof *image);
    uint32_t *pixels = calloc(count, sizeof *pixels);
    bool converted = false;
    if (image && pixels) {
        converted = true;
        if (header->components == 4 && surface->format->BytesPerPixel == 4)
            convert_cmyk(surface, header->adobe, pixels);
        else if (surface->format->format == SDL_PIXELFORMAT_RGB24 && !SDL_HasColorKey(surface))
            convert_rgb(surface, pixels);
        else
            converted = convert_any(surface, pixels);
    }
    if (!converted) {
        free(pixels);
        free(image);
        return NULL;
    }
    *image = (struct image){pixels, surface->w, surface->h, all_opaque(pixels, count)};
    return image;
}

/* Every colour number stands in the palette. */
static bool palette_holds(const SDL_Surface *surface)
{
    if (surface->format->BytesPerPixel != 1 || !surface->format->palette)
        return true;
    for (int y = 0; y < surface->h; y++) {
        const uint8_t *row = (const uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch;
        for (int x = 0; x < surface->w; x++)
            if (row[x] >= surface->format->palette->ncolors)
                return false;
    }
    return true;
}

struct image *image_decode(const void *bytes, size_t length, struct error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct header header;
    if (!check_header(bytes, length, &header, err))
        return NULL;
    pthread_once(&once, start_library);
    SDL_RWops *stream = SDL_RWFromConstMem(bytes, (int)length);
    SDL_Surface *surface = stream ? IMG_LoadTyped_RW(stream, 1, header.type) : NULL;
    if (!surface) {
        error_set(err, ERROR_INVALID, "image %s abîmée (%s) ; exportez-la de nouveau",
                  "the %s picture is damaged (%s); export it again", header.type, SDL_GetError());
        return NULL;
    }
    struct image *image = NULL;
    if (surface->w != header.width || surface->h != header.height || !palette_holds(surface))
        broken(header.type, err);
    else if (!(image = image_from_surface(surface, &header)))
        error_set(err, ERROR_LIMIT, "mémoire insuffisante pour une image de %d × %d pixels",
                  "not enough memory for a picture of %d × %d pixels", header.width, header.height);
    SDL_FreeSurface(surface);
    return image;
}

struct image *image_load(const char *path, struct error *err)
{
    char *bytes;
    size_t length;
    if (!file_read(path, IMAGE_BYTES_MAX, &bytes, &length, err))
        return NULL;
    struct image *image = image_decode(bytes, length, err);
    if (!image)
        error_at(err, path, 0);
    free(bytes);
    return image;
}

void image_destroy(struct image *image)
{
    if (!image)
        return;
    free(image->pixels);
    free(image);
}
