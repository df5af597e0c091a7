#include "server/schedule/playlist_trial.h"

#include "server/schedule/choice.h"
#include "server/schedule/loop.h"

/* As for a screen on which this playlist wins alone (choice.c). */
static void arrange(struct playlist_trial *trial, enum lang lang, const struct zone *zone,
                    int64_t at_ms)
{
    struct repertoire_item *items;
    int64_t day = zone_day(zone, at_ms);
    size_t count = repertoire_resolve(trial->repertoire, trial->playlist, lang, zone, day, at_ms,
                                      trial->arena, &items);
    if (count == 0) {
        return;
    }
    struct loop_item *order = arena_array(trial->arena, count, sizeof *order);
    for (size_t i = 0; i < count; i++) {
        order[i] = (struct loop_item){i, choice_item_ms(&items[i], trial->playlist->transition_ms),
                                      choice_company(items[i].slide->slide)};
    }
    const struct loop_stream stream = {1, count, order};
    struct loop_item *loop;
    trial->count = loop_mix(&stream, 1, day, trial->arena, &loop);
    loop_separate(loop, trial->count);
    trial->items = arena_array(trial->arena, trial->count, sizeof *trial->items);
    for (size_t i = 0; i < trial->count; i++) {
        const struct repertoire_item *item = &items[loop[i].slide];
        trial->items[i] =
            (struct playlist_trial_item){item->slide->slide, loop[i].duration_ms, item->entry};
        trial->total_ms += loop[i].duration_ms;
    }
}

bool playlist_trial_init(struct playlist_trial *trial, struct db *db,
                         const struct playlist_record *record, enum lang lang,
                         const char *time_zone, int64_t at_ms, struct error *err)
{
    *trial = (struct playlist_trial){0};
    struct zone *zone = zone_open(time_zone, err);
    if (zone == NULL) {
        return false;
    }
    int64_t day = zone_day(zone, at_ms);
    trial->repertoire = repertoire_load_trial(db, record, day, day + 1, err);
    if (trial->repertoire != NULL) {
        trial->arena = arena_create();
        trial->playlist = repertoire_playlist(trial->repertoire, record->id);
    }
    bool ok = trial->playlist != NULL;
    if (ok) {
        arrange(trial, lang, zone, at_ms);
    } else if (trial->repertoire != NULL) {
        error_set(err, ERROR_INVALID, "cette playlist ne peut pas être lue",
                  "this playlist cannot be read");
        playlist_trial_finish(trial);
    }
    zone_close(zone);
    return ok;
}

void playlist_trial_finish(struct playlist_trial *trial)
{
    repertoire_destroy(trial->repertoire);
    arena_destroy(trial->arena);
    *trial = (struct playlist_trial){0};
}
