/* The store's part of assembly: what is known of one screen, and its manifest from the store. */
#ifndef VITRINE_SERVER_SCHEDULE_PLAN_H
#define VITRINE_SERVER_SCHEDULE_PLAN_H

#include "server/schedule/assemble.h"
#include "server/schedule/rulebook.h"

/* One screen with the published rules that name it or a group of it, in the caller's arena; rules
 * and their days are the rulebook's, which is in that arena too when the plan has its own. */
struct screen_plan {
    struct screen screen;
    const char *site_name; /* "" when none */
    uint32_t accent;       /* 0xRRGGBB; 0: the usual one */
    struct zone *zone;
    struct layout *layout;
    struct media_record logos[MANIFEST_ZONES_MAX]; /* of the layout's zones; without hash: none */
    enum lang lang;                                /* the screen's first language */
    int64_t day;                                   /* the local day of now */
    struct rulebook *own;                          /* made for this plan; NULL: borrowed */
    const struct holidays *holidays;               /* the rulebook's */
    size_t rule_count;
    struct screen_rule *screen_rules; /* by class downwards, then id */
    struct text_list playlists;       /* of the rules, with repetitions */
};

/* Rules that hold on some of the `days` local days from now's on; days 0: whenever they hold.
 * rulebook NULL: reads what this screen needs. */
bool screen_plan_load(struct db *db, const struct rulebook *rulebook, struct arena *arena,
                      const char *screen_id, int64_t now_ms, int64_t days,
                      struct screen_plan *plan_out, struct error *err)
    __attribute__((warn_unused_result));
void screen_plan_finish(struct screen_plan *plan);

/* Borrowed from the plan. directory is used by kiosks only and may be NULL. */
void screen_plan_inputs(const struct screen_plan *plan, struct repertoire *repertoire,
                        const struct directory_made *directory, struct assemble_inputs *inputs_out);

/* The screen's manifest as the store has it now. repertoire NULL: loads what this screen needs.
 * directory is used by kiosks only and may be NULL. The caller destroys the manifest. */
struct manifest *assemble_manifest(struct db *db, struct repertoire *repertoire,
                                   const struct directory_made *directory, const char *screen_id,
                                   int64_t now_ms, int64_t epoch, int64_t version,
                                   struct error *err) __attribute__((warn_unused_result));

/* A programme of that one playlist, whole and without strip, for a picture of that size: what a
 * film of it shows (times are those of `time_zone`). Its templates are put into the media store.
 * ERROR_NOT_FOUND when there is no such playlist or it has nothing to show at now_ms. The caller
 * destroys the manifest. */
struct manifest *assemble_playlist(struct db *db, const struct media_store *media,
                                   const char *playlist, const char *time_zone, int width_px,
                                   int height_px, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));
/* The same of a record that need not be stored. */
struct manifest *assemble_playlist_record(struct db *db, const struct media_store *media,
                                          const struct playlist_record *record,
                                          const char *time_zone, int width_px, int height_px,
                                          int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));

#endif
