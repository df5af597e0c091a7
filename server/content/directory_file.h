/* The kiosks' directory (directory/directory.h) from the store: displayable organisations, what
 * takes place within DIRECTORY_FILE_DAYS, published portraits, the communes, all in words that
 * people read; and the media that they name, which travel beside it. The bytes, and with them the
 * file's name, change only when one of them does. */
#ifndef VITRINE_SERVER_CONTENT_DIRECTORY_FILE_H
#define VITRINE_SERVER_CONTENT_DIRECTORY_FILE_H

#include "server/media/media.h"

#define DIRECTORY_FILE_DAYS 90
#define DIRECTORY_FILE_NAME "annuaire.sqlite"

/* A player's memory card has bounds. Pictures of portraits and events always come along; of
 * organisations the ones changed last in the size of a screen, as far as these bytes reach, the
 * others as thumbnails; of films those of the portraits changed last. What has no room is left out:
 * its record shows without. */
#define DIRECTORY_PICTURES_BYTES (INT64_C(512) * 1024 * 1024)
#define DIRECTORY_FILMS_BYTES (INT64_C(2) * 1024 * 1024 * 1024)
#define DIRECTORY_MEDIA_MAX 12000

/* Another one when the file may be another: what it is made from was changed, or a day began. */
struct directory_stamp {
    int64_t version;
    int64_t day;
};
bool directory_file_stamp(struct db *db, int64_t now_ms, struct directory_stamp *out,
                          struct error *err) __attribute__((warn_unused_result));
bool directory_stamp_equal(const struct directory_stamp *a, const struct directory_stamp *b);

struct directory_made {
    struct directory_stamp stamp;   /* of what it was made from */
    struct media_record directory;  /* not in the store yet: media_records_add */
    struct media_record_list media; /* that it names, each once, in order of hash */
};

/* Makes it beside the media and puts it among them. db is only read, in one transaction: a reader
 * of its own holds nobody up. What comes out is in the arena. */
bool directory_file_make(struct db *db, const char *media_folder, int64_t now_ms,
                         struct arena *arena, struct directory_made *out, struct error *err)
    __attribute__((warn_unused_result));

#endif
