#include <stdlib.h>
#include <string.h>

#include "server/content/directory_parts.h"
#include "server/store/media_items.h"

void directory_media_wish(struct directory_media *media, const struct directory_wish *wish)
{
    if (wish->asked == NULL || wish->asked[0] == '\0') {
        return;
    }
    if (media->wish_count == media->wish_capacity) {
        size_t capacity = media->wish_capacity > 0 ? media->wish_capacity * 2 : 256;
        struct directory_wish *wishes = arena_array(media->arena, capacity, sizeof *wishes);
        if (media->wish_count > 0) {
            memcpy(wishes, media->wishes, media->wish_count * sizeof *wishes);
        }
        media->wishes = wishes;
        media->wish_capacity = capacity;
    }
    struct directory_wish *kept = &media->wishes[media->wish_count++];
    *kept = *wish;
    kept->asked = arena_strdup(media->arena, wish->asked);
    kept->id = arena_strdup(media->arena, wish->id);
}

/* What must come first, then what was changed last. */
static int by_claim(const void *left, const void *right)
{
    const struct directory_wish *a = left;
    const struct directory_wish *b = right;
    if (a->spared != b->spared) {
        return a->spared ? 1 : -1;
    }
    if (a->updated_ms != b->updated_ms) {
        return a->updated_ms > b->updated_ms ? -1 : 1;
    }
    int order = strcmp(a->id, b->id);
    return order != 0 ? order : (int)a->kind - (int)b->kind;
}

static int by_file(const void *left, const void *right)
{
    const struct directory_wish *a = left;
    const struct directory_wish *b = right;
    int order = strcmp(a->asked, b->asked);
    return order != 0 ? order : by_claim(left, right);
}

/* A file that several records name stands for the one that comes first. */
static void forget_repeats(struct directory_media *media)
{
    size_t kept = 0;
    qsort(media->wishes, media->wish_count, sizeof *media->wishes, by_file);
    for (size_t i = 0; i < media->wish_count; i++) {
        if (i == 0 || strcmp(media->wishes[i].asked, media->wishes[kept - 1].asked) != 0) {
            media->wishes[kept++] = media->wishes[i];
        }
    }
    media->wish_count = kept;
}

static int by_asked(const void *left, const void *right)
{
    return strcmp(((const struct directory_pick *)left)->asked,
                  ((const struct directory_pick *)right)->asked);
}

static int by_hash(const void *left, const void *right)
{
    return strcmp(((const struct media_record *)left)->sha256,
                  ((const struct media_record *)right)->sha256);
}

/* Room that is left for what may be left out. */
struct room {
    int64_t pictures, films;
};

static bool is_of_kind(const struct directory_wish *wish, const struct media_record *record)
{
    static const char *const types[] = {
        [USE_PICTURE] = "image/", [USE_FILM] = "video/", [USE_CAPTIONS] = CAPTIONS_TYPE};
    return strncmp(record->type, types[wish->kind], strlen(types[wish->kind])) == 0;
}

/* False with ERROR_NOT_FOUND when there is nothing to show, or no room for it. */
static bool choose(struct directory_media *media, struct db *db, const struct directory_wish *wish,
                   struct room *room, struct media_record *out, struct error *err)
{
    int64_t *left = wish->kind == USE_FILM ? &room->films : &room->pictures;
    struct rendition smaller;
    if (!media_shown(db, media->arena, wish->asked, out, err)) {
        return false;
    }
    bool fits = !wish->spared || wish->kind == USE_CAPTIONS || out->size <= *left;
    if (is_of_kind(wish, out) && fits) {
        *left -= wish->spared && wish->kind != USE_CAPTIONS ? out->size : 0;
        return true;
    }
    if (wish->kind != USE_PICTURE) {
        return error_set(err, ERROR_NOT_FOUND, "pas de place", "no room");
    }
    return renditions_get(db, media->arena, wish->asked, "thumbnail", 0, &smaller, err) &&
           media_records_get(db, media->arena, smaller.sha256, out, err);
}

bool directory_media_settle(struct directory_media *media, struct db *db, struct error *err)
{
    struct room room = {DIRECTORY_PICTURES_BYTES, DIRECTORY_FILMS_BYTES};
    media->picks = arena_array(media->arena, media->wish_count, sizeof *media->picks);
    if (media->wish_count > 1) {
        forget_repeats(media);
        qsort(media->wishes, media->wish_count, sizeof *media->wishes, by_claim);
    }
    for (size_t i = 0; i < media->wish_count && media->count < DIRECTORY_MEDIA_MAX; i++) {
        struct directory_pick *pick = &media->picks[media->count];
        struct error cause;
        error_clear(&cause);
        pick->asked = media->wishes[i].asked;
        if (choose(media, db, &media->wishes[i], &room, &pick->shown, &cause)) {
            media->count++;
        } else if (cause.kind != ERROR_NOT_FOUND && cause.kind != ERROR_CONFLICT) {
            *err = cause;
            return false;
        }
    }
    if (media->count > 1) {
        qsort(media->picks, media->count, sizeof *media->picks, by_asked);
    }
    return true;
}

const char *directory_media_shown(const struct directory_media *media, const char *asked)
{
    const struct directory_pick wanted = {.asked = asked};
    const struct directory_pick *found =
        asked[0] == '\0' || media->count == 0
            ? NULL
            : bsearch(&wanted, media->picks, media->count, sizeof *media->picks, by_asked);
    return found == NULL ? "" : found->shown.sha256;
}

struct media_record_list directory_media_files(const struct directory_media *media)
{
    struct media_record_list list = {
        0, arena_array(media->arena, media->count, sizeof(struct media_record))};
    for (size_t i = 0; i < media->count; i++) {
        list.items[i] = media->picks[i].shown;
    }
    if (media->count > 1) {
        qsort(list.items, media->count, sizeof *list.items, by_hash);
    }
    for (size_t i = 0; i < media->count; i++) {
        if (i == 0 || strcmp(list.items[i].sha256, list.items[list.count - 1].sha256) != 0) {
            list.items[list.count++] = list.items[i];
        }
    }
    return list;
}
