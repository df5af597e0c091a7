/* Emergencies: one message that takes screens at once, and ends by itself. In the store it is an
 * announcement, a playlist of it and a rule of class emergency that holds between two instants, all
 * three with the emergency's id; rules of that class that came by a document count too. db is the
 * writer in what changes something; each change raises EMERGENCY_SETTING, by which the publisher
 * sees that it must begin anew. */
#ifndef VITRINE_SERVER_FLEET_EMERGENCY_H
#define VITRINE_SERVER_FLEET_EMERGENCY_H

#include "playlists/slide.h"
#include "server/store/entity.h"

#define EMERGENCY_SETTING "emergency_number"          /* settings.h */
#define EMERGENCY_LENGTH_MS (INT64_C(60) * 60 * 1000) /* when nobody says how long */
#define EMERGENCY_LENGTH_MAX_MS (INT64_C(7) * 86400 * 1000)
#define EMERGENCY_TITLE_MAX 120 /* bytes; it is read from across a hall */
#define EMERGENCY_TEXT_MAX 400
#define EMERGENCY_KEPT_MS (INT64_C(86400) * 1000) /* after its end; then it is forgotten */

struct emergency {
    const char *id; /* set by start */
    const char *title;
    const char *text;
    bool everywhere; /* asked for: all screens that there are; start fills `screens` */
    struct text_list screens;
    struct text_list groups;
    int64_t from_ms; /* set by start */
    int64_t until_ms;
};

struct emergency_list {
    size_t count;
    struct emergency *items;
};

/* From now_ms until until_ms. Texts, places and time are checked: ERROR_INVALID with the field. The
 * audit trail names the user ("" on the command line). */
bool emergency_start(struct db *db, struct arena *arena, struct emergency *emergency,
                     const char *user, int64_t now_ms, struct error *err)
    __attribute__((warn_unused_result));
/* ERROR_NOT_FOUND when none of that id runs. */
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
