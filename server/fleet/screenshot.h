/* Pictures of what screens really show: somebody asks, the player is told (docs/protocol.md, 4),
 * and what it sends becomes the screen's last screenshot: a file, and a row that says when. */
#ifndef VITRINE_SERVER_FLEET_SCREENSHOT_H
#define VITRINE_SERVER_FLEET_SCREENSHOT_H

#include "server/store/wanted.h"
#include "server/store/writer.h"

#define SCREENSHOT_BYTES_MAX (2 * 1024 * 1024)
#define SCREENSHOT_PIXELS_MAX (INT64_C(64) * 1000 * 1000)

/* The player's answer to wish `id`, kept as the screen's last screenshot in `folder`.
 * ERROR_NOT_FOUND when it is not wanted (any more), ERROR_INVALID and ERROR_LIMIT for what is no
 * JPEG or has too many pixels. The writer is not held while the file is written. Then:
 * roster_drop_wish. */
bool screenshot_take(struct writer *writer, struct arena *arena, const char *folder,
                     const char *screen, const char *id, const void *bytes, size_t size,
                     int64_t now_ms, struct error *err) __attribute__((warn_unused_result));

/* Where the screen's last one is; NULL when the path does not fit. */
char *screenshot_path(const char *folder, const char *screen, char *buf, size_t size);

#endif
