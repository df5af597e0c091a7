/* Originals and what is made of them: the folder beside the public one, and the rows of
 * server/store/media_items.h. Originals are never public: they have the photographer's position in
 * them, and whatever else. */
#ifndef VITRINE_SERVER_MEDIA_LIBRARY_H
#define VITRINE_SERVER_MEDIA_LIBRARY_H

#include "core/clock.h"
#include "server/media/media.h"
#include "server/store/media_items.h"
#include "server/store/writer.h"

struct library {
    const char *media_folder; /* borrowed, as all here: what is public */
    const char *originals;
    const char *uploads; /* what is still coming in; of the same file system as originals */
    const char *scratch;
    struct writer *writer;
    struct clock clock;
};

/* Makes the folders, and forgets what the last run of the server left half done: what was being
 * processed waits again; files that nobody knows go. */
bool library_open(const struct library *library, struct error *err)
    __attribute__((warn_unused_result));

/* What is known of a file before anybody has looked at it. */
struct received {
    const char *name;
    const char *site;
    const char *author;
};

/* Takes the file, which is gone afterwards, as an original. The same content again is the same item
 * and keeps its name; one that was refused gets another chance. What sniff refuses becomes an item
 * that is refused. */
bool library_receive(const struct library *library, struct arena *arena, const char *path,
                     const struct sha256 *sha256, const struct received *about,
                     struct media_item *out, struct error *err) __attribute__((warn_unused_result));

/* With its files, those of its renditions that nothing else needs included. ERROR_CONFLICT naming
 * what uses it. In the caller's transaction, as far as rows go. */
bool library_remove(const struct library *library, struct db *db, struct arena *arena,
                    const char *sha256, struct error *err) __attribute__((warn_unused_result));

/* Removes a folder with all that is in it; no such folder is fine. */
void library_remove_folder(const char *path);

/* What was refused a month ago goes. */
bool library_tidy(const struct library *library, struct error *err)
    __attribute__((warn_unused_result));

#endif
