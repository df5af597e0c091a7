#include "server/worker/pictures.h"

#include <stdio.h>
#include <string.h>

#include <vips/vips.h>

#include "core/log.h"
#include "server/worker/pictures_private.h"
#include "server/worker/report.h"

#define JPEG_QUALITY 85

bool pictures_init(const char *program, struct error *err)
{
    static const char *const taken[] = {
        "VipsForeignLoadPng",   "VipsForeignLoadJpeg", "VipsForeignLoadWebp", "VipsForeignLoadTiff",
        "VipsForeignLoadNsgif", "VipsForeignLoadHeif", "VipsForeignLoadPdf"};

    if (VIPS_INIT(program) != 0)
        return pictures_failed(err, ERROR_INTERNAL, "libvips ne démarre pas",
                               "libvips does not start");
    vips_operation_block_set("VipsForeignLoad", TRUE);
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        vips_operation_block_set(taken[i], FALSE);
    vips_cache_set_max(0); /* nothing is asked twice */
    return true;
}

bool pictures_failed(struct error *err, enum error_kind kind, const char *fr, const char *en)
{
    log_write(LOG_INFO, "libvips", "%s", vips_error_buffer());
    vips_error_clear();
    return error_set(err, kind, "%s%.0s", "%.0s%s", fr, en);
}

static bool unreadable(struct error *err)
{
    return pictures_failed(err, ERROR_INVALID,
                           "cette image est abîmée ou incomplète ; enregistrez-la de nouveau en "
                           "JPEG ou PNG et renvoyez-la",
                           "this picture is damaged or cut short; save it again as JPEG or PNG and "
                           "send it again");
}

/* Header only: nothing is decoded until the size is known. */
static VipsImage *open_picture(const char *path, struct error *err)
{
    VipsImage *image = vips_image_new_from_file(path, "access", VIPS_ACCESS_SEQUENTIAL, NULL);

    if (image == NULL) {
        unreadable(err);
        return NULL;
    }
    int64_t pixels = (int64_t)vips_image_get_width(image) * vips_image_get_height(image);
    if (pixels <= PICTURE_PIXELS_MAX)
        return image;
    g_object_unref(image);
    error_set(err, ERROR_LIMIT,
              "image de %lld mégapixels ; %d au plus : réduisez-la à 4000 pixels de large",
              "picture of %lld megapixels; at most %d: reduce it to a width of 4000 pixels",
              (long long)(pixels / 1000000), (int)(PICTURE_PIXELS_MAX / 1000000));
    return NULL;
}

static void note_frames(const VipsImage *image, const char *path)
{
    char bytes[4096];
    int pages = vips_image_get_n_pages((VipsImage *)image);
    FILE *file = fopen(path, "rbe");
    size_t got = file != NULL ? fread(bytes, 1, sizeof(bytes), file) : 0;

    if (file != NULL)
        fclose(file);
    /* An animated PNG says so before its first picture; libvips does not see it. */
    if (pages > 1 || memmem(bytes, got, "acTL", 4) != NULL)
        report_note("cette image est animée ou en plusieurs vues : seule la première est montrée ; "
                    "pour du mouvement, envoyez un film MP4",
                    "this picture is animated or has several views: only the first is shown; for "
                    "motion send an MP4 film");
}

static int save(VipsImage *image, const char *path, bool png)
{
    return png ? vips_pngsave(image, path, "compression", 6, "strip", TRUE, NULL)
               : vips_jpegsave(image, path, "Q", JPEG_QUALITY, "strip", TRUE, "optimize_coding",
                               TRUE, NULL);
}

bool pictures_save(VipsImage *image, const char *folder, const char *role, int page,
                   struct error *err)
{
    bool png = vips_image_hasalpha(image);
    char name[64], path[4096];

    snprintf(name, sizeof(name), "%s-%d.%s", role, page, png ? "png" : "jpg");
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    if (save(image, path, png) != 0)
        return unreadable(err);
    report_file(&(struct made_file){.role = role,
                                    .page = page,
                                    .type = png ? "image/png" : "image/jpeg",
                                    .width = vips_image_get_width(image),
                                    .height = vips_image_get_height(image),
                                    .file = name});
    return true;
}

/* Decoded once, at the size wanted (JPEG and WebP shrink while they are decoded), upright and in
 * sRGB, into memory. */
static VipsImage *load(const char *path, int longest, struct error *err)
{
    VipsImage *lazy = NULL;
    VipsImage *image = NULL;

    if (vips_thumbnail(path, &lazy, longest, "height", longest, "size", VIPS_SIZE_DOWN,
                       "export_profile", "srgb", "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL) == 0)
        image = vips_image_copy_memory(lazy);
    if (lazy != NULL)
        g_object_unref(lazy);
    if (image == NULL)
        unreadable(err);
    return image;
}

VipsImage *pictures_smaller(VipsImage *image, int longest)
{
    VipsImage *lazy = NULL;
    VipsImage *smaller = NULL;

    if (vips_thumbnail_image(image, &lazy, longest, "height", longest, "size", VIPS_SIZE_DOWN,
                             NULL) == 0)
        smaller = vips_image_copy_memory(lazy);
    if (lazy != NULL)
        g_object_unref(lazy);
    return smaller;
}

static bool save_thumbnail(VipsImage *image, const char *folder, struct error *err)
{
    VipsImage *smaller = pictures_smaller(image, PICTURE_THUMBNAIL_PX);

    if (smaller == NULL)
        return unreadable(err);
    bool ok = pictures_save(smaller, folder, "thumbnail", 0, err);
    g_object_unref(smaller);
    return ok;
}

bool pictures_make_poster(const char *path, const char *folder, const char *role, struct error *err)
{
    VipsImage *image = load(path, PICTURE_SCREEN_PX, err);

    if (image == NULL)
        return false;
    bool ok = pictures_save(image, folder, role, 0, err) && save_thumbnail(image, folder, err);
    g_object_unref(image);
    return ok;
}

bool pictures_make(const char *path, const char *folder, struct error *err)
{
    VipsImage *header = open_picture(path, err);

    if (header == NULL)
        return false;
    int width = vips_image_get_width(header);
    int height = vips_image_get_height(header);
    bool turned = vips_image_get_orientation(header) >= 5;
    note_frames(header, path);
    g_object_unref(header);
    report_original(turned ? height : width, turned ? width : height, 0, 1);
    report_progress(10);

    return pictures_make_poster(path, folder, "screen", err);
}
