/* Files on their way in, piece by piece and in as many requests as it takes. How far one has come
 * is the size of its file, so nothing is lost with the process; what has passed through it is
 * hashed on the way. Any thread. */
#ifndef VITRINE_SERVER_MEDIA_UPLOADS_H
#define VITRINE_SERVER_MEDIA_UPLOADS_H

#include "server/media/library.h"
#include "server/store/uploads.h"

#define UPLOAD_KEPT_MS (INT64_C(24) * 3600 * 1000) /* since its last byte */
#define UPLOADS_OF_ONE 10                          /* unfinished ones of one person */
#define UPLOAD_NAME_MAX 200

struct uploads;

/* Both borrowed; max_bytes is of one file. */
struct uploads *uploads_create(const struct library *library, int64_t max_bytes);
void uploads_destroy(struct uploads *uploads); /* accepts NULL */
int64_t uploads_max_bytes(const struct uploads *uploads);

struct upload {
    struct upload_row row;
    int64_t offset;
};

enum upload_room { UPLOAD_FITS, UPLOAD_NO_ROOM };

/* ERROR_LIMIT: too large; ERROR_CONFLICT: too many unfinished. *room_out is UPLOAD_NO_ROOM, and
 * nothing made, when the disk would be full (some room is left for the server itself). */
bool uploads_start(struct uploads *uploads, struct arena *arena, const struct received *about,
                   int64_t length, enum upload_room *room_out, struct upload *out,
                   struct error *err) __attribute__((warn_unused_result));
/* ERROR_NOT_FOUND also for what is somebody else's, or has expired. */
bool uploads_find(struct uploads *uploads, struct arena *arena, const char *user, const char *id,
                  struct upload *out, struct error *err) __attribute__((warn_unused_result));
bool uploads_cancel(struct uploads *uploads, struct arena *arena, const char *user, const char *id,
                    struct error *err) __attribute__((warn_unused_result));

/* Writing goes through a pen; who opens a second one takes the upload over, and the first one's
 * next write is ERROR_CONFLICT: a client whose line broke comes back before we know of it. */
struct upload_pen;
/* ERROR_CONFLICT when offset is not where it stands, ERROR_LIMIT when `length` more bytes (-1:
 * unknown) are too many. */
bool uploads_open(struct uploads *uploads, const struct upload *upload, int64_t offset,
                  int64_t length, struct upload_pen **pen_out, struct error *err)
    __attribute__((warn_unused_result));
bool upload_write(struct upload_pen *pen, const void *bytes, size_t size, struct error *err)
    __attribute__((warn_unused_result));
/* Why the last write failed: the disk is full. */
bool upload_out_of_room(const struct upload_pen *pen);
int64_t upload_offset(const struct upload_pen *pen);
void upload_close(struct upload_pen *pen);
/* Closes it and gives the upload up; its row goes when it expires. */
void upload_abandon(struct upload_pen *pen);
/* All of it is there: it becomes an item, and the upload is over. Closes the pen in any case. */
bool upload_finish(struct upload_pen *pen, struct arena *arena, struct media_item *out,
                   struct error *err) __attribute__((warn_unused_result));

/* Removes what has had no byte for UPLOAD_KEPT_MS. */
bool uploads_expire(struct uploads *uploads, struct error *err) __attribute__((warn_unused_result));

#endif
