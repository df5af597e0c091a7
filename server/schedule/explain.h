/* What a screen shows at an instant, which rule won, which lost and why: from the same functions
 * that assemble manifests, so that the answer is what the player does with a manifest made now. */
#ifndef VITRINE_SERVER_SCHEDULE_EXPLAIN_H
#define VITRINE_SERVER_SCHEDULE_EXPLAIN_H

#include "core/lang.h"
#include "playlists/slide.h"
#include "server/schedule/choice.h"

enum explain_verdict {
    EXPLAIN_WON,
    EXPLAIN_MIXED,
    EXPLAIN_EMPTY,
    EXPLAIN_BELOW,
    EXPLAIN_BESIDE,
    EXPLAIN_BEFORE_DATES,
    EXPLAIN_AFTER_DATES,
    EXPLAIN_OTHER_WEEKDAY,
    EXPLAIN_OTHER_HOURS,
    EXPLAIN_OTHER_DAY,
    EXPLAIN_EXCEPTED_DAY,
    EXPLAIN_HOLIDAY,
    EXPLAIN_NO_HOLIDAY,
    EXPLAIN_SCHOOL_HOLIDAYS,
    EXPLAIN_NO_SCHOOL_HOLIDAY,
    EXPLAIN_NO_ZONE,
};

struct explained_rule {
    const struct rule *rule; /* what explain tells of it: id, title, class, playlist, zone */
    enum explain_verdict verdict;
};

/* What a zone shows at the instant. */
struct explained_zone {
    const char *zone;        /* "main", "side", "news"… */
    const struct rule *rule; /* that won; NULL: nothing is planned; the player's built-in slide in
                                the main zone, the zone's fill in others */
    const char *playlist;    /* "" without a rule, as all that follows */
    struct slide slide;      /* on screen at that instant */
    size_t item;             /* its place in the loop, from 0 */
    size_t item_count;
    int64_t loop_ms; /* length of the loop */
    int64_t item_from_ms;
    int64_t item_until_ms;
    enum transition_kind transition;
    int64_t transition_ms;
};

/* Strings and structs live in the arena that explain_screen was given. */
struct explanation {
    const char *screen;
    const char *screen_name;
    int64_t at_ms;
    int64_t local_ms; /* the screen's wall clock, as if UTC (core/civil.h) */
    const char *layout;
    const char *holiday;     /* the name of that day's public holiday; "": none */
    bool full_screen;        /* the main zone covers the others */
    bool strip;              /* the layout's strip shows */
    bool closed;             /* outside opening hours: the screen is dark */
    int64_t closed_until_ms; /* when that ends or begins next; INT64_MAX: never */
    struct explained_zone main;
    size_t zone_count; /* the other zones of the layout, also those that are covered */
    struct explained_zone zones[MANIFEST_ZONES_MAX];
    size_t rule_count; /* published rules that address the screen: speaking ones by zone and
                          preference, then the silent ones by id */
    struct explained_rule *rules;
};

bool explain_screen(struct db *db, struct arena *arena, const char *screen_id, int64_t at_ms,
                    struct explanation *out, struct error *err) __attribute__((warn_unused_result));

const char *explain_verdict_tag(enum explain_verdict verdict); /* "won", "holiday", … */
/* "l’emporte", "perd face à une classe plus haute", … */
const char *explain_verdict_text(enum explain_verdict verdict, enum lang lang);

#endif
