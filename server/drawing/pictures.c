#include "server/drawing/pictures.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct kept {
    char key[PICTURES_KEY_SIZE]; /* "": free */
    char *question;
    struct drawing_picture picture; /* none yet: NULL */
    int64_t used_ms;
    uint64_t turn;
};

struct pictures {
    struct drawing *drawing;
    struct clock clock;
    pthread_mutex_t lock;
    struct kept kept[PICTURES_MAX];
    size_t bytes;
    uint64_t turn;
};

struct pictures *pictures_create(struct drawing *drawing, struct clock clock)
{
    struct pictures *pictures = calloc(1, sizeof *pictures);
    if (pictures == NULL) {
        abort();
    }
    pictures->drawing = drawing;
    pictures->clock = clock;
    pthread_mutex_init(&pictures->lock, NULL);
    return pictures;
}

static size_t weight_of(const struct kept *kept)
{
    return kept->key[0] == '\0' ? 0 : strlen(kept->question) + kept->picture.size;
}

static void drop(struct pictures *pictures, struct kept *kept)
{
    pictures->bytes -= weight_of(kept);
    free(kept->question);
    free(kept->picture.png);
    *kept = (struct kept){0};
}

void pictures_destroy(struct pictures *pictures)
{
    if (pictures == NULL) {
        return;
    }
    for (size_t i = 0; i < PICTURES_MAX; i++) {
        drop(pictures, &pictures->kept[i]);
    }
    pthread_mutex_destroy(&pictures->lock);
    free(pictures);
}

static struct kept *find(struct pictures *pictures, const char *key)
{
    for (size_t i = 0; i < PICTURES_MAX; i++) {
        if (strcmp(pictures->kept[i].key, key) == 0) {
            return &pictures->kept[i];
        }
    }
    return NULL;
}

/* A free place, or the one that was not looked at for longest. */
static struct kept *oldest(struct pictures *pictures, bool occupied)
{
    struct kept *found = NULL;
    for (size_t i = 0; i < PICTURES_MAX; i++) {
        struct kept *kept = &pictures->kept[i];
        if ((!occupied || kept->key[0] != '\0') && (found == NULL || kept->turn < found->turn)) {
            found = kept;
        }
    }
    return found;
}

static void use(struct pictures *pictures, struct kept *kept)
{
    kept->turn = ++pictures->turn;
    kept->used_ms = clock_mono_ms(&pictures->clock);
}

static void make_room(struct pictures *pictures)
{
    int64_t now_ms = clock_mono_ms(&pictures->clock);
    struct kept *last;
    while ((last = oldest(pictures, true)) != NULL &&
           (pictures->bytes > PICTURES_BYTES_MAX || now_ms - last->used_ms > PICTURES_LIFE_MS)) {
        drop(pictures, last);
    }
}

void pictures_promise(struct pictures *pictures, char *question, char key_out[PICTURES_KEY_SIZE])
{
    struct sha256 sum;
    char hex[SHA256_HEX_SIZE];
    sha256_of(question, strlen(question), &sum);
    sha256_to_hex(&sum, hex);
    memcpy(key_out, hex, PICTURES_KEY_SIZE - 1);
    key_out[PICTURES_KEY_SIZE - 1] = '\0';
    pthread_mutex_lock(&pictures->lock);
    struct kept *kept = find(pictures, key_out);
    if (kept != NULL) {
        free(question);
    } else {
        kept = oldest(pictures, false);
        drop(pictures, kept);
        memcpy(kept->key, key_out, PICTURES_KEY_SIZE);
        kept->question = question;
        pictures->bytes += weight_of(kept);
    }
    use(pictures, kept);
    make_room(pictures);
    pthread_mutex_unlock(&pictures->lock);
}

static bool copy_picture(const struct drawing_picture *from, struct drawing_picture *out)
{
    if (from->png == NULL || (out->png = malloc(from->size)) == NULL) {
        return false;
    }
    memcpy(out->png, from->png, from->size);
    out->size = from->size;
    return true;
}

/* The question of a key, or its picture when it is drawn already. */
static char *look(struct pictures *pictures, const char *key, struct drawing_picture *out)
{
    char *question = NULL;
    pthread_mutex_lock(&pictures->lock);
    struct kept *kept = key[0] == '\0' ? NULL : find(pictures, key);
    if (kept != NULL) {
        use(pictures, kept);
        question = copy_picture(&kept->picture, out) ? NULL : strdup(kept->question);
    }
    pthread_mutex_unlock(&pictures->lock);
    return question;
}

static void keep(struct pictures *pictures, const char *key, const struct drawing_picture *picture)
{
    pthread_mutex_lock(&pictures->lock);
    struct kept *kept = find(pictures, key);
    if (kept != NULL && kept->picture.png == NULL && copy_picture(picture, &kept->picture)) {
        pictures->bytes += kept->picture.size;
        make_room(pictures);
    }
    pthread_mutex_unlock(&pictures->lock);
}

bool pictures_get(struct pictures *pictures, const char *key, struct drawing_picture *out,
                  struct error *err)
{
    *out = (struct drawing_picture){0};
    char *question = look(pictures, key, out);
    if (out->png != NULL) {
        return true;
    }
    if (question == NULL) {
        return error_set(err, ERROR_NOT_FOUND, "cet aperçu n’est plus là : redemandez-le",
                         "this preview is gone: ask for it again");
    }
    bool drawn = drawing_slide(pictures->drawing, question, out, err);
    if (drawn) {
        keep(pictures, key, out);
    }
    free(question);
    return drawn;
}
