/* The media store: immutable files by the SHA-256 of their content, folder/ab/abcdef…, each with a
 * record in the database (server/store/media_records.h). Files are written whole before they are
 * recorded; a file without a record does no harm. */
#ifndef VITRINE_SERVER_MEDIA_MEDIA_H
#define VITRINE_SERVER_MEDIA_MEDIA_H

#include "core/arena.h"
#include "core/error.h"
#include "core/hash.h"
#include "server/media/film_header.h"
#include "server/store/media_records.h"

#define MEDIA_BYTES_MAX (64 * 1024 * 1024)
#define MEDIA_FILM_BYTES_MAX (INT64_C(1024) * 1024 * 1024)
#define MEDIA_PIXELS_MAX (40 * 1000 * 1000)

struct media_store {
    const char *folder; /* borrowed */
    struct db *db;      /* the writer, borrowed */
    int64_t now_ms;     /* what records made through this struct get as their time */
};

/* Files that are added here are in the library as their own renditions (media_items.h). */

/* Adds a picture: PNG, JPEG or WebP by its magic bytes, with dimensions from its header (never
 * decoded), at most MEDIA_PIXELS_MAX pixels. Adding the same content again is no error. name is
 * the original name, for people; that of a file is its path's last part. */
bool media_add_file(const struct media_store *store, struct arena *arena, const char *path,
                    struct media_record *out, struct error *err)
    __attribute__((warn_unused_result));
bool media_add_bytes(const struct media_store *store, struct arena *arena, const void *bytes,
                     size_t size, const char *name, struct media_record *out, struct error *err)
    __attribute__((warn_unused_result));
/* Adds a film as film_header.h takes it, MEDIA_FILM_BYTES_MAX at most, copied in pieces. */
bool media_add_film(const struct media_store *store, struct arena *arena, const char *path,
                    struct media_record *out, struct film_header *header_out, struct error *err)
    __attribute__((warn_unused_result));
/* Adds captions: WebVTT. */
bool media_add_captions(const struct media_store *store, struct arena *arena, const char *path,
                        struct media_record *out, struct error *err)
    __attribute__((warn_unused_result));
/* Adds a document that the server itself made (the directory of a kiosk): any bytes, with the type
 * as given, not looked at. */
bool media_add_document(const struct media_store *store, struct arena *arena, const void *bytes,
                        size_t size, const char *type, const char *name, struct media_record *out,
                        struct error *err) __attribute__((warn_unused_result));

/* Takes the record away, then the file; nothing may name it any more. */
bool media_forget(const struct media_store *store, const char *sha256, struct error *err)
    __attribute__((warn_unused_result));

/* Moves a file of the same file system into the folder under its hash. Without a record it does no
 * harm; the database is not needed while it is read and brought to disk. */
bool media_adopt(const char *folder, const char *path, struct sha256 *sha256_out, int64_t *size_out,
                 struct error *err) __attribute__((warn_unused_result));

/* Writes folder/ab/<sha256> into buf; returns buf, or NULL when it does not fit. */
char *media_path(const char *folder, const struct sha256 *sha256, char *buf, size_t size);

#endif
