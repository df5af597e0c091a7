/* Pictures that were promised: a question by its key, drawn when somebody first looks, and kept for
 * a while. Bounded in number, bytes and age; nothing is written to disk. Any thread. */
#ifndef VITRINE_SERVER_DRAWING_PICTURES_H
#define VITRINE_SERVER_DRAWING_PICTURES_H

#include "core/clock.h"
#include "core/hash.h"
#include "server/drawing/drawing.h"

#define PICTURES_KEY_SIZE 33 /* hexadecimal, with its NUL */
#define PICTURES_MAX 512
#define PICTURES_BYTES_MAX ((size_t)48 * 1024 * 1024)
#define PICTURES_LIFE_MS (10 * 60 * 1000)

struct pictures;

struct pictures *pictures_create(struct drawing *drawing, struct clock clock);
void pictures_destroy(struct pictures *pictures); /* accepts NULL */

/* Takes the question over. The same question has the same key. */
void pictures_promise(struct pictures *pictures, char *question, char key_out[PICTURES_KEY_SIZE]);
/* A copy of the picture. ERROR_NOT_FOUND when nothing is promised by this key (any more). */
bool pictures_get(struct pictures *pictures, const char *key, struct drawing_picture *out,
                  struct error *err) __attribute__((warn_unused_result));

#endif
