/* Emergencies: one message that takes screens at once, and ends by itself. One that reaches many
 * waits for a second person. And the neutral slide, which takes all screens from everything. In the
 * store it is an announcement, a playlist of it and a rule of class emergency that holds between
 * two instants, all three with the emergency's id; rules of that class that came by a document
 * count too. db is the writer in what changes something; each change raises EMERGENCY_SETTING, by
 * which the publisher sees that it must begin anew. */
#ifndef VITRINE_SERVER_FLEET_EMERGENCY_H
#define VITRINE_SERVER_FLEET_EMERGENCY_H

#include "playlists/slide.h"
#include "server/store/entity.h"

#define EMERGENCY_SETTING "emergency_number"          /* settings.h */
#define EMERGENCY_LENGTH_MS (INT64_C(60) * 60 * 1000) /* when nobody says how long */
#define EMERGENCY_LENGTH_MAX_MS (INT64_C(7) * 86400 * 1000)
#define EMERGENCY_TITLE_MAX 120 /* bytes; it is read from across a hall */
#define EMERGENCY_TEXT_MAX 400
#define EMERGENCY_KEPT_MS (INT64_C(86400) * 1000)    /* after its end; then it is forgotten */
#define EMERGENCY_WAITS_MS (INT64_C(30) * 60 * 1000) /* for the second person; then it lapses */
/* Behind all that start makes, before which a first rule wins: an emergency that begins while the
 * neutral slide is out shows on its screens, and the neutral slide again after it. */
#define EMERGENCY_SAFE_ID "urgence-neutre"
#define EMERGENCY_SAFE_TITLE "Image neutre sur tous les écrans"

struct emergency {
    const char *id; /* set by start */
    const char *title;
    const char *text;
    bool everywhere; /* asked for: all screens that there are; start fills `screens` */
    struct text_list screens;
    struct text_list groups;
    int64_t from_ms; /* set by start */
    int64_t until_ms;
    bool safe;        /* the neutral slide */
    const char *user; /* of those that wait: who asked */
    int64_t asked_ms; /* of those that wait; their from_ms and until_ms are not known yet */
    int64_t lapses_ms;
};

struct emergency_list {
    size_t count;
    struct emergency *items;
};

/* From now_ms until until_ms, under the id it has or a new one, on the screens that it names and
 * those that its groups have now (start puts them in `screens`). Texts, places and time are checked:
 * ERROR_INVALID with the field. The audit trail names the user ("" on the command line). */
bool emergency_start(struct db *db, struct arena *arena, struct emergency *emergency,
                     const char *user, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));

/* The sites of the screens that it reaches, each once; a screen without site counts as "". *many
 * tells whether a second person is needed to begin it: several sites, or several screens that
 * belong to none; everywhere always. */
bool emergency_reach(struct db *db, struct arena *arena, const struct emergency *emergency,
                     struct text_list *sites_out, bool *many_out, struct error *err)
    __attribute__((warn_unused_result));
/* Whether texts, time and places are right; names all screens when it is for everywhere. */
bool emergency_check(struct db *db, struct arena *arena, struct emergency *emergency,
                     int64_t now_ms, struct error *err) __attribute__((warn_unused_result));
/* Stores it until somebody else confirms it, EMERGENCY_WAITS_MS at most; sets id, user, asked_ms,
 * lapses_ms. It lasts as long as was asked for, from its confirmation. */
bool emergency_ask(struct db *db, struct arena *arena, struct emergency *emergency,
                   const char *user, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));
/* One that waits, as it would begin now; ERROR_NOT_FOUND when it does not, or has lapsed. */
bool emergency_asked(struct db *db, struct arena *arena, const char *id, int64_t now_ms,
                     struct emergency *out, struct error *err) __attribute__((warn_unused_result));
bool emergency_waiting(struct db *db, struct arena *arena, int64_t now_ms,
                       struct emergency_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Starts one that emergency_asked gave; ERROR_DENIED for who asked for it. */
bool emergency_confirm(struct db *db, struct arena *arena, struct emergency *emergency,
                       const char *user, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));
bool emergency_drop(struct db *db, const char *id, const char *user, int64_t now_ms,
                    struct error *err) __attribute__((warn_unused_result));

/* All screens there are now to the neutral slide, which names no emergency, until it is ended or
 * EMERGENCY_LENGTH_MAX_MS have gone; emergencies under way end. */
bool emergency_safe_start(struct db *db, struct arena *arena, const char *user, int64_t now_ms,
                          struct error *err) __attribute__((warn_unused_result));
/* ERROR_NOT_FOUND when it is not out. */
bool emergency_safe_end(struct db *db, struct arena *arena, const char *user, int64_t now_ms,
                        struct error *err) __attribute__((warn_unused_result));

/* Also the neutral slide, by its id. ERROR_NOT_FOUND when none of that id runs. */
bool emergency_end(struct db *db, struct arena *arena, const char *id, const char *user,
                   int64_t now_ms, struct error *err) __attribute__((warn_unused_result));
/* Those that run, the newest first. One that a document gives dates and hours is listed while they
 * hold in the Métropole's time, and ends with its last day. */
bool emergency_list(struct db *db, struct arena *arena, int64_t now_ms, struct emergency_list *out,
                    struct error *err) __attribute__((warn_unused_result));
/* Ids of the screens that this emergency concerns (id NULL: any), also when it ended a moment ago.
 */
bool emergency_screens(struct db *db, struct arena *arena, const char *id, int64_t now_ms,
                       struct text_list *out, struct error *err)
    __attribute__((warn_unused_result));
/* Forgets those that start made and that ended EMERGENCY_KEPT_MS ago; the audit trail stays. */
bool emergency_tidy(struct db *db, struct arena *arena, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));
/* The slide that it would show; only the texts are looked at. */
bool emergency_slide(const struct emergency *emergency, struct arena *arena,
                     struct slide *slide_out, struct error *err)
    __attribute__((warn_unused_result));

#endif
