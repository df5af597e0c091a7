#include "player/sync/edition.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

struct shared_edition {
    struct edition edition; /* first: the pointer given out is this struct's */
    struct manifest *owned;
    atomic_int references;
};

struct edition *edition_create(struct manifest *manifest)
{
    struct shared_edition *shared = calloc(1, sizeof *shared);
    if (shared == NULL) {
        abort();
    }
    shared->edition.manifest = manifest;
    shared->owned = manifest;
    atomic_init(&shared->references, 1);
    return &shared->edition;
}

struct edition *edition_retain(struct edition *edition)
{
    if (edition != NULL) {
        atomic_fetch_add(&((struct shared_edition *)edition)->references, 1);
    }
    return edition;
}

void edition_release(struct edition *edition)
{
    struct shared_edition *shared = (struct shared_edition *)edition;
    if (shared != NULL && atomic_fetch_sub(&shared->references, 1) == 1) {
        manifest_destroy(shared->owned);
        free(shared);
    }
}

const char *edition_name(const struct edition *edition, char buf[EDITION_NAME_SIZE])
{
    buf[0] = '\0';
    if (edition != NULL) {
        snprintf(buf, EDITION_NAME_SIZE, "%" PRId64 "-%" PRId64, edition->manifest->epoch,
                 edition->manifest->version);
    }
    return buf;
}
