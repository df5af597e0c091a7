/* Publication: manifests assembled, compared with what is out, sealed and stored as the screen's
 * next version. A new version is made only when what the screen would show differs, or when less
 * than PUBLISH_REMAINING_MS of the last one is left. */
#ifndef VITRINE_SERVER_SCHEDULE_PUBLISH_H
#define VITRINE_SERVER_SCHEDULE_PUBLISH_H

#include "core/sign.h"
#include "server/content/directory_file.h"
#include "server/media/media.h"
#include "server/schedule/plan.h"
#include "server/store/manifests.h"

#define PUBLISH_REMAINING_MS (INT64_C(60) * 86400000)
/* settings.h: raised by one when a backup is restored, so that players take what follows. */
#define PUBLISH_EPOCH_SETTING "manifest_epoch"

struct publication {
    bool changed;
    struct manifest_record record;   /* what is out now; its parts only when changed */
    const struct manifest *manifest; /* what it shows; for publish_watch alone, else NULL */
};

struct publish_counts {
    size_t published; /* anew */
    size_t unchanged;
    size_t failed; /* each logged */
    bool stopped;  /* by `between`: the screens after it were not looked at */
};

/* What the caller of publish_all wants; anything may be NULL. */
struct publish_watch {
    const struct text_list *first; /* ids of the screens to begin with */
    /* Those are known to change: they get a new version without being compared with what is out,
     * which costs as much as making it. */
    bool first_anew;
    /* The kiosks' directory, as somebody else makes it beside the writer, and does not stop to hold
     * while this runs. NULL: made here for the first kiosk, unless `directory_later`; then kiosks
     * keep what they have. */
    const struct directory_made *directory;
    bool directory_later;
    /* Told of each screen that was looked at, as soon as what is new of it and of some others is
     * stored; what it gets lives until it returns. */
    void (*published)(void *context, const struct publication *publication);
    /* Called a few dozen times a second between screens, with nothing open in db: others may have
     * it meanwhile. False ends the run. */
    bool (*between)(void *context);
    void *context;
};

/* db is the writer. The result is in the arena. */
bool publish_screen(struct db *db, const struct media_store *media, const struct sign_keys *keys,
                    struct arena *arena, const char *screen_id, int64_t now_ms,
                    struct publication *out, struct error *err) __attribute__((warn_unused_result));

/* All screens from one reading of the content. One screen's failure does not stop the others; false
 * only when nothing could be done at all. */
bool publish_all(struct db *db, const struct media_store *media, const struct sign_keys *keys,
                 int64_t now_ms, const struct publish_watch *watch,
                 struct publish_counts *counts_out, struct error *err)
    __attribute__((warn_unused_result));

/* Whether two manifests of one screen show the same in [from, until). */
bool publish_same(const struct manifest *a, const struct manifest *b, int64_t from_ms,
                  int64_t until_ms);

#endif
