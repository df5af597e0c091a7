#include "player/kiosk/kiosk_pictures.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/hash.h"

#define PLACES 64
#define BYTES_MAX (24u * 1024 * 1024)

struct place {
    char hash[SHA256_HEX_SIZE]; /* "": free */
    int width, height;
    bool answered;
    struct image *image; /* NULL: not there */
    uint64_t used;
};

struct kiosk_pictures {
    struct place places[PLACES];
    uint64_t clock;
};

struct kiosk_pictures *kiosk_pictures_create(void)
{
    struct kiosk_pictures *pictures = calloc(1, sizeof(*pictures));
    if (pictures == NULL)
        abort();
    return pictures;
}

static void empty(struct place *place)
{
    image_destroy(place->image);
    *place = (struct place){0};
}

void kiosk_pictures_destroy(struct kiosk_pictures *pictures)
{
    if (pictures == NULL)
        return;
    for (int i = 0; i < PLACES; i++)
        empty(&pictures->places[i]);
    free(pictures);
}

const struct image *kiosk_pictures_get(struct kiosk_pictures *pictures, const char *hash, int width,
                                       int height, bool *ask_out)
{
    struct place *oldest = NULL;
    *ask_out = false;
    pictures->clock++;
    for (int i = 0; i < PLACES; i++) {
        struct place *place = &pictures->places[i];
        if (strcmp(place->hash, hash) == 0 && place->width == width && place->height == height) {
            place->used = pictures->clock;
            return place->image;
        }
        /* One that shows now may not go here, in the middle of a page. */
        if (place->image == NULL && (oldest == NULL || place->used < oldest->used))
            oldest = place;
    }
    if (oldest == NULL)
        return NULL;
    *oldest = (struct place){.width = width, .height = height, .used = pictures->clock};
    snprintf(oldest->hash, sizeof(oldest->hash), "%s", hash);
    *ask_out = true;
    return NULL;
}

void kiosk_pictures_retry(struct kiosk_pictures *pictures)
{
    for (int i = 0; i < PLACES; i++)
        if (pictures->places[i].image == NULL)
            empty(&pictures->places[i]);
}

static size_t bytes_of(const struct place *place)
{
    return place->image == NULL
               ? 0
               : (size_t)place->image->width * (size_t)place->image->height * sizeof(uint32_t);
}

/* Until the pictures take less than they may, and some places are free. */
static void make_room(struct kiosk_pictures *pictures)
{
    for (;;) {
        size_t bytes = 0;
        int taken = 0;
        struct place *oldest = NULL;
        for (int i = 0; i < PLACES; i++) {
            struct place *place = &pictures->places[i];
            bytes += bytes_of(place);
            taken += place->image != NULL;
            if (place->image != NULL && (oldest == NULL || place->used < oldest->used))
                oldest = place;
        }
        if (oldest == NULL || (bytes <= BYTES_MAX && taken <= PLACES * 3 / 4))
            return;
        empty(oldest);
    }
}

bool kiosk_pictures_put(struct kiosk_pictures *pictures, const char *hash, struct image *image)
{
    for (int i = 0; i < PLACES; i++) {
        struct place *place = &pictures->places[i];
        if (place->answered || strcmp(place->hash, hash) != 0 ||
            (image != NULL && (place->width != image->width || place->height != image->height)))
            continue;
        place->answered = true;
        place->image = image;
        make_room(pictures);
        return true;
    }
    image_destroy(image);
    return false;
}
