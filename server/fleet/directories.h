/* Makes the kiosks' directory in a thread of its own, with a reader of its own: a large one takes
 * seconds, for which neither the writer nor the other screens wait. The publisher says when
 * something may have changed, is told when there is a new one, and holds one at a time. */
#ifndef VITRINE_SERVER_FLEET_DIRECTORIES_H
#define VITRINE_SERVER_FLEET_DIRECTORIES_H

#include "core/clock.h"
#include "server/content/directory_file.h"

struct directories;

struct directories_config {
    struct db *reader; /* theirs alone */
    const char *media_folder;
    struct clock clock;
    void (*ready)(void *context); /* called in their thread */
    void *context;
};

/* Makes the first one before it returns, where there is a kiosk: it starts with what it had. A
 * failure is logged, and tried again. No thread yet. */
struct directories *directories_create(const struct directories_config *config);
bool directories_start(struct directories *directories, struct error *err)
    __attribute__((warn_unused_result));
/* Looks whether another one is needed. Any thread. */
void directories_want(struct directories *directories);
/* True when there is a new one since the last call; the one before is given up. The publisher's
 * thread alone. */
bool directories_take(struct directories *directories);
/* The one that was taken; NULL: none yet. */
const struct directory_made *directories_current(const struct directories *directories);
void directories_destroy(struct directories *directories); /* accepts NULL; ends the thread */

/* Forgets the directory files of before, which no player asks for any more. db is the writer. */
bool directories_tidy(const struct directories *directories, struct db *db, int64_t now_ms,
                      struct error *err) __attribute__((warn_unused_result));

#endif
