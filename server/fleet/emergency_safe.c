#include <string.h>

#include "playlists/playlist.h"
#include "server/fleet/emergency_private.h"

#define TITLE "L’économie sociale et solidaire"
#define TEXT "Métropole Rouen Normandie"

static bool put_playlist(struct db *db, struct arena *arena, int64_t now_ms, struct error *err)
{
    struct playlist_slide slide = {.template = "welcome",
                                   .lang = "fr",
                                   .link = "",
                                   .organisation = "",
                                   .text_count = 2,
                                   .texts = {{"title", TITLE}, {"text", TEXT}}};
    struct playlist_entry entry = {
        .kind = ENTRY_WRITTEN, .slide = &slide, .weight = 1, .sector = "", .site = ""};
    struct playlist playlist = {.id = EMERGENCY_SAFE_ID,
                                .title = EMERGENCY_SAFE_TITLE,
                                .entry_count = 1,
                                .entries = &entry};
    enum upsert_result result;
    struct strbuf document;

    strbuf_init(&document);
    playlist_encode(&playlist, &document);
    bool ok = playlists_upsert(db, arena,
                               &(struct playlist_record){.id = EMERGENCY_SAFE_ID,
                                                         .title = EMERGENCY_SAFE_TITLE,
                                                         .document = document.bytes,
                                                         .updated_ms = now_ms},
                               &result, err);
    strbuf_finish(&document);
    return ok;
}

static bool end_all(struct db *db, struct arena *arena, const char *user, int64_t now_ms,
                    struct error *err)
{
    struct emergency_list running;

    if (!emergency_list(db, arena, now_ms, &running, err))
        return false;
    for (size_t i = 0; i < running.count; i++) {
        if (!emergency_end(db, arena, running.items[i].id, user, now_ms, err))
            return false;
    }
    return true;
}

bool emergency_safe_start(struct db *db, struct arena *arena, const char *user, int64_t now_ms,
                          struct error *err)
{
    struct emergency safe = {.id = EMERGENCY_SAFE_ID,
                             .title = EMERGENCY_SAFE_TITLE,
                             .text = "",
                             .from_ms = now_ms,
                             .until_ms = now_ms + EMERGENCY_LENGTH_MAX_MS};
    struct screen_list screens;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = end_all(db, arena, user, now_ms, err) && screens_list(db, arena, &screens, err);
    if (ok) {
        safe.screens.items = arena_array(arena, screens.count, sizeof(const char *));
        for (; safe.screens.count < screens.count; safe.screens.count++)
            safe.screens.items[safe.screens.count] = screens.items[safe.screens.count].id;
    }
    ok = ok && put_playlist(db, arena, now_ms, err) && emergency_put_rule(db, arena, &safe, err) &&
         emergency_note(db, "emergency.safe-start", safe.id, safe.title, user, now_ms, err);
    return db_leave(db, own, ok, err);
}

bool emergency_safe_end(struct db *db, struct arena *arena, const char *user, int64_t now_ms,
                        struct error *err)
{
    struct error cause;

    if (emergency_end(db, arena, EMERGENCY_SAFE_ID, user, now_ms, &cause))
        return true;
    if (cause.kind == ERROR_NOT_FOUND)
        error_set(&cause, ERROR_NOT_FOUND, "les écrans ne sont pas sur l’image neutre",
                  "the screens do not show the neutral slide");
    if (err != NULL)
        *err = cause;
    return false;
}
