#include "server/media/sniff.h"

#include <string.h>
#include <strings.h>

#include "server/media/film_header.h"

struct format {
    const char *type;
    enum item_kind kind;
    const char *names; /* ends of names, with spaces */
    size_t offset, length;
    const char *magic;
};

#define ODP "application/vnd.oasis.opendocument.presentation"
#define PPTX "application/vnd.openxmlformats-officedocument.presentationml.presentation"

/* The first that fits. */
static const struct format formats[] = {
    {"image/jpeg", ITEM_PICTURE, "jpg jpeg jpe jfif", 0, 3, "\xff\xd8\xff"},
    {"image/png", ITEM_PICTURE, "png apng", 0, 8, "\x89PNG\r\n\x1a\n"},
    {"image/webp", ITEM_PICTURE, "webp", 8, 4, "WEBP"},
    {"image/gif", ITEM_PICTURE, "gif", 0, 4, "GIF8"},
    {"image/tiff", ITEM_PICTURE, "tif tiff", 0, 4, "II*\0"},
    {"image/tiff", ITEM_PICTURE, "tif tiff", 0, 4, "MM\0*"},
    {"image/heic", ITEM_PICTURE, "heic heif hif", 4, 8, "ftypheic"},
    {"image/heic", ITEM_PICTURE, "heic heif hif", 4, 8, "ftypheix"},
    {"image/heic", ITEM_PICTURE, "heic heif hif avif", 4, 8, "ftypmif1"},
    {"image/avif", ITEM_PICTURE, "avif", 4, 8, "ftypavif"},
    {"video/mp4", ITEM_FILM, "mp4 m4v mov 3gp", 4, 4, "ftyp"},
    {"video/mp4", ITEM_FILM, "mov", 4, 4, "moov"},
    {"video/mp4", ITEM_FILM, "mov", 4, 4, "wide"},
    {"video/webm", ITEM_FILM, "webm mkv", 0, 4, "\x1a\x45\xdf\xa3"},
    {"application/pdf", ITEM_PAGES, "pdf ai", 0, 5, "%PDF-"},
    {CAPTIONS_TYPE, ITEM_CAPTIONS, "vtt", 0, 6, "WEBVTT"},
    {CAPTIONS_TYPE, ITEM_CAPTIONS, "vtt", 3, 6, "WEBVTT"},
    {ODP, ITEM_SLIDES, "odp", 30, 8 + sizeof(ODP) - 1, "mimetype" ODP},
    {PPTX, ITEM_SLIDES, "pptx ppsx", 0, 4, "PK\x03\x04"},
};
#define FORMAT_COUNT (sizeof(formats) / sizeof(formats[0]))

static const char *end_of(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot != NULL && strchr(dot, '/') == NULL ? dot + 1 : "";
}

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);

    for (const char *at = words; length > 0 && *at != '\0';) {
        size_t next = strcspn(at, " ");
        if (next == length && strncasecmp(at, word, length) == 0)
            return true;
        at += next + (at[next] == ' ');
    }
    return false;
}

static bool not_taken(const char *end, struct error *err)
{
    if (strcasecmp(end, "svg") == 0)
        return error_set(err, ERROR_INVALID,
                         "les dessins SVG ne sont pas pris ; exportez celui-ci en PNG ou en PDF",
                         "SVG drawings are not taken; export this one as PNG or PDF");
    if (strcasecmp(end, "ppt") == 0 || strcasecmp(end, "doc") == 0 || strcasecmp(end, "docx") == 0)
        return error_set(err, ERROR_INVALID, "ce document n’est pas pris ; exportez-le en PDF",
                         "this document is not taken; export it as PDF");
    return error_set(
        err, ERROR_INVALID,
        "ce fichier n’est ni une image (JPEG, PNG, WebP, HEIC, TIFF), ni un film (MP4, "
        "WebM), ni un PDF, ni une présentation (PPTX, ODP) ; exportez-le ainsi",
        "this file is no picture (JPEG, PNG, WebP, HEIC, TIFF), film (MP4, WebM), PDF "
        "or presentation (PPTX, ODP); export it as one of them");
}

/* A name that some format uses must be one of this format's. */
static bool check_name(const struct format *format, const char *end, struct error *err)
{
    if (has_word(format->names, end))
        return true;
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        if (has_word(formats[i].names, end))
            return error_set(err, ERROR_INVALID,
                             "le nom de ce fichier finit par « .%s », mais son contenu est %s : "
                             "enregistrez-le de nouveau sous son vrai type",
                             "this file's name ends in \".%s\", but its content is %s: save it "
                             "again as what it is",
                             end, format->type);
    }
    return true;
}

bool sniff(const void *bytes, size_t size, const char *name, struct sniffed *out, struct error *err)
{
    const char *end = end_of(name);

    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        const struct format *format = &formats[i];
        if (size < format->offset + format->length ||
            memcmp((const char *)bytes + format->offset, format->magic, format->length) != 0)
            continue;
        /* Any archive begins like a presentation. */
        if (format->kind == ITEM_SLIDES && !has_word(format->names, end))
            continue;
        *out = (struct sniffed){format->kind, format->type};
        return check_name(format, end, err);
    }
    return not_taken(end, err);
}
