/* The library: what people sent, how far it has come, and what was made of it. An item is known by
 * the SHA-256 of its original; the files that screens get are its renditions, each with a record of
 * its own in media_records.h. A file that was loaded as it is, is its own rendition. */
#ifndef VITRINE_SERVER_STORE_MEDIA_ITEMS_H
#define VITRINE_SERVER_STORE_MEDIA_ITEMS_H

#include "server/store/media_records.h"

enum item_kind { ITEM_PICTURE, ITEM_FILM, ITEM_PAGES, ITEM_SLIDES, ITEM_CAPTIONS };
enum item_state { ITEM_RECEIVED, ITEM_PROCESSING, ITEM_READY, ITEM_REFUSED };
#define ITEM_KINDS 5
#define ITEM_STATES 4
extern const char *const item_kind_tags[ITEM_KINDS]; /* "picture", "film", "pages", … */
extern const char *const item_state_tags[ITEM_STATES];

#define ITEM_TRIES_MAX 3

struct media_item {
    const char *sha256; /* of the original; the key */
    enum item_kind kind;
    enum item_state state;
    const char *type;
    const char *name; /* as people call it */
    int64_t size;
    int64_t width, height; /* upright; 0 until they are known */
    int64_t length_ms;     /* of a film */
    int64_t pages;
    int64_t progress; /* 0 to 100 */
    int64_t tries;
    const char *note_fr; /* why it is refused, or what to know of one that is ready */
    const char *note_en;
    bool original;    /* kept, and made into renditions; else the file is its own rendition */
    const char *site; /* whose it is; "": the network's */
    const char *author;
    const char *alt;
    const char *credit;
    int64_t created_ms;
    int64_t updated_ms;
};

struct media_item_list {
    size_t count;
    struct media_item *items;
};

bool media_items_put(struct db *db, const struct media_item *item, struct error *err)
    __attribute__((warn_unused_result));
bool media_items_get(struct db *db, struct arena *arena, const char *sha256, struct media_item *out,
                     struct error *err) __attribute__((warn_unused_result));
/* Its renditions' rows go with it; ERROR_NOT_FOUND when there is none. */
bool media_items_delete(struct db *db, const char *sha256, struct error *err)
    __attribute__((warn_unused_result));

struct media_item_page {
    const char *after; /* "" or the key of the last one before: media_items_key */
    size_t limit;
    int kind, state;   /* -1: any */
    const char *site;  /* NULL: any */
    const char *words; /* in name, alt, credit; "": any */
};
/* Newest first. A malformed `after` is ERROR_INVALID. */
bool media_items_list(struct db *db, struct arena *arena, const struct media_item_page *page,
                      struct media_item_list *out, struct error *err)
    __attribute__((warn_unused_result));
const char *media_items_key(struct arena *arena, const struct media_item *item);

/* The one that waits longest, of the kinds in the bit set; ERROR_NOT_FOUND when none waits. It is
 * processing from now on, and that is one try more. */
bool media_items_take(struct db *db, struct arena *arena, unsigned kinds, int64_t now_ms,
                      struct media_item *out, struct error *err)
    __attribute__((warn_unused_result));
bool media_items_progress(struct db *db, const char *sha256, int64_t progress, struct error *err)
    __attribute__((warn_unused_result));
/* What was being processed when the server ended waits again. */
bool media_items_resume(struct db *db, struct error *err) __attribute__((warn_unused_result));
/* Refused ones that nobody has touched since. */
bool media_items_stale(struct db *db, struct arena *arena, int64_t before_ms,
                       struct media_item_list *out, struct error *err)
    __attribute__((warn_unused_result));

struct rendition {
    const char *original; /* with role and page the key */
    const char *role;     /* "large", "screen", "thumbnail", "film", "poster", "page" */
    int64_t page;         /* from 1; 0 for what is no page */
    const char *sha256;
    const char *type;
    int64_t width, height;
    int64_t length_ms;
    int64_t size;
};

struct rendition_list {
    size_t count;
    struct rendition *items;
};

/* In order of role and page. Screens may get another file now: the content version rises. */
bool renditions_put(struct db *db, const struct rendition *rendition, struct error *err)
    __attribute__((warn_unused_result));
bool renditions_list(struct db *db, struct arena *arena, const char *original,
                     struct rendition_list *out, struct error *err)
    __attribute__((warn_unused_result));
bool renditions_get(struct db *db, struct arena *arena, const char *original, const char *role,
                    int64_t page, struct rendition *out, struct error *err)
    __attribute__((warn_unused_result));
/* How many renditions of all items are this very file. */
bool renditions_count(struct db *db, const char *sha256, int64_t *count_out, struct error *err)
    __attribute__((warn_unused_result));

/* What screens show of a media: a picture's or film's rendition, or the file itself where it has
 * none. ERROR_NOT_FOUND when it is unknown, ERROR_CONFLICT when it is not ready or of a kind that
 * is not shown as one picture or film. */
bool media_shown(struct db *db, struct arena *arena, const char *sha256, struct media_record *out,
                 struct error *err) __attribute__((warn_unused_result));

/* Records that name the media: "portrait", "event", "playlist", "layout", "template", and working
 * copies by their kind. */
struct media_use {
    const char *kind;
    const char *id;
    const char *title;
};
struct media_use_list {
    size_t count;
    struct media_use *items;
};
/* At most MEDIA_USES_MAX. */
#define MEDIA_USES_MAX 1000
bool media_uses(struct db *db, struct arena *arena, const char *sha256, struct media_use_list *out,
                struct error *err) __attribute__((warn_unused_result));

#endif
