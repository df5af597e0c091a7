/* Of pictures.h: the pages of a PDF. */
#include <vips/vips.h>

#include "server/worker/pictures_private.h"
#include "server/worker/report.h"

#define PAGES_MAX 50

static bool unreadable(struct error *err)
{
    return pictures_failed(err, ERROR_INVALID,
                           "ce PDF ne s’ouvre pas : il est abîmé ou protégé par un mot de passe ; "
                           "exportez-le de nouveau, sans protection",
                           "this PDF cannot be opened: it is damaged or protected by a password; "
                           "export it again without protection");
}

static VipsImage *open_page(const char *path, int page, double scale)
{
    VipsImage *image = NULL;

    return vips_pdfload(path, &image, "page", page, "scale", scale, NULL) == 0 ? image : NULL;
}

/* Drawn at the size it is shown, on white. */
static VipsImage *draw_page(const char *path, int page)
{
    VipsImage *header = open_page(path, page, 1);
    VipsImage *drawn = NULL, *flat = NULL, *image = NULL;

    if (header == NULL)
        return NULL;
    int longest = VIPS_MAX(vips_image_get_width(header), vips_image_get_height(header));
    g_object_unref(header);
    drawn = open_page(path, page, (double)PICTURE_SCREEN_PX / longest);
    if (drawn == NULL)
        return NULL;
    VipsArrayDouble *white = vips_array_double_newv(3, 255.0, 255.0, 255.0);
    if (vips_flatten(drawn, &flat, "background", white, NULL) == 0)
        image = vips_image_copy_memory(flat);
    vips_area_unref(VIPS_AREA(white));
    g_object_unref(drawn);
    if (flat != NULL)
        g_object_unref(flat);
    return image;
}

static bool make_page(const char *path, const char *folder, int page, struct error *err)
{
    VipsImage *image = draw_page(path, page);

    if (image == NULL)
        return unreadable(err);
    bool ok = pictures_save(image, folder, "page", page + 1, err);
    VipsImage *thumbnail = ok && page == 0 ? pictures_smaller(image, PICTURE_THUMBNAIL_PX) : NULL;
    if (thumbnail != NULL) {
        ok = pictures_save(thumbnail, folder, "thumbnail", 0, err);
        g_object_unref(thumbnail);
    }
    g_object_unref(image);
    return ok;
}

bool pictures_make_pages(const char *path, const char *folder, int from, struct error *err)
{
    VipsImage *first = open_page(path, 0, 1);

    if (first == NULL)
        return unreadable(err);
    int pages = vips_image_get_n_pages(first);
    int width = vips_image_get_width(first), height = vips_image_get_height(first);
    g_object_unref(first);
    if (pages > PAGES_MAX)
        return error_set(
            err, ERROR_LIMIT, "document de %d pages ; %d au plus : n’exportez que celles à montrer",
            "document of %d pages; at most %d: export only those to be shown", pages, PAGES_MAX);
    report_original(width, height, 0, pages);
    for (int i = 0; i < pages; i++) {
        if (!make_page(path, folder, i, err))
            return false;
        report_progress(from + (100 - from) * (i + 1) / pages);
    }
    return true;
}
