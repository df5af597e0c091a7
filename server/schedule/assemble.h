/* A screen's manifest from rules and content: for each zone and each stretch of local time the loop
 * of the rule that wins, cut where a shown event ends. What stands for a day depends on that day
 * alone, never on the instant of assembly, so that a publication does not make screens jump. */
#ifndef VITRINE_SERVER_SCHEDULE_ASSEMBLE_H
#define VITRINE_SERVER_SCHEDULE_ASSEMBLE_H

#include "playlists/layout.h"
#include "playlists/manifest.h"
#include "server/content/directory_file.h"
#include "server/schedule/repertoire.h"
#include "server/schedule/rules.h"
#include "server/store/fleet.h"

#define ASSEMBLE_DAYS 90

/* All borrowed. */
struct assemble_inputs {
    const struct screen *screen;
    const char *site_name; /* of the screen's site; "" when none */
    uint32_t accent;       /* likewise; 0 */
    const struct zone *zone;
    const struct holidays *holidays; /* of opening hours; NULL: none */
    enum lang lang;                  /* of dates and fixed words on slides */
    const struct layout *layout;
    const struct media_record *logos; /* one for each of the layout's zones; without hash: not
                                         there; NULL: none is */
    size_t rule_count;
    const struct screen_rule *rules; /* of all zones */
    struct repertoire *repertoire;
    const struct directory_made *directory; /* of kiosks; NULL: none */
};

/* The pure part: from the beginning of now's local day to that of the day ASSEMBLE_DAYS later, or
 * as far as the manifest's limits reach. The result passes manifest_check. */
struct manifest *assemble(const struct assemble_inputs *inputs, int64_t now_ms, int64_t epoch,
                          int64_t version, struct error *err) __attribute__((warn_unused_result));

/* The manifest of another screen that shows the same: its own description, everything else borrowed
 * from `like`, which must outlive it. */
struct manifest *assemble_like(const struct manifest *like, const struct assemble_inputs *inputs,
                               struct error *err) __attribute__((warn_unused_result));

/* Which way round the screen's picture is (playlists/layout.h). */
int assemble_way(const struct screen *screen);
/* Those of the rules that are for the zone; LAYOUT_MAIN's name none. In the arena. */
size_t assemble_zone_rules(const struct screen_rule *rules, size_t count, const char *zone,
                           struct arena *arena, struct screen_rule **rules_out);

#endif
