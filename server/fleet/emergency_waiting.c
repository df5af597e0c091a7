#include <string.h>

#include "server/fleet/emergency_private.h"
#include "server/store/alerts.h"

static void add_site(struct text_list *sites, const char *site)
{
    for (size_t i = 0; i < sites->count; i++) {
        if (strcmp(sites->items[i], site) == 0)
            return;
    }
    sites->items[sites->count++] = site;
}

bool emergency_reach(struct db *db, struct arena *arena, const struct emergency *emergency,
                     struct text_list *sites_out, bool *many_out, struct error *err)
{
    struct screen_list screens;
    size_t nowhere = 0;

    if (!screens_list(db, arena, &screens, err))
        return false;
    *sites_out = (struct text_list){0, arena_array(arena, screens.count, sizeof(const char *))};
    for (size_t i = 0; i < screens.count; i++) {
        const struct screen *screen = &screens.items[i];
        if (!emergency_names(&emergency->screens, &emergency->groups, screen))
            continue;
        add_site(sites_out, screen->site);
        nowhere += screen->site[0] == '\0';
    }
    *many_out = emergency->everywhere || sites_out->count > 1 || nowhere > 1;
    return true;
}

bool emergency_ask(struct db *db, struct arena *arena, struct emergency *emergency,
                   const char *user, int64_t now_ms, struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = emergency_check(db, arena, emergency, now_ms, err);
    emergency->id = emergency_make_id(now_ms, arena);
    emergency->user = user;
    emergency->asked_ms = now_ms;
    emergency->lapses_ms = now_ms + EMERGENCY_WAITS_MS;
    ok = ok &&
         alerts_put(db,
                    &(struct alert){.id = emergency->id,
                                    .title = emergency->title,
                                    .text = emergency->text,
                                    .everywhere = emergency->everywhere,
                                    .screens = emergency->screens,
                                    .groups = emergency->groups,
                                    .length_ms = emergency->until_ms - now_ms,
                                    .user = user,
                                    .asked_ms = now_ms,
                                    .lapses_ms = emergency->lapses_ms},
                    err) &&
         emergency_audit(db, "emergency.ask", emergency->id, emergency->title, user, now_ms, err);
    return db_leave(db, own, ok, err);
}

static struct emergency from_alert(const struct alert *alert, int64_t now_ms)
{
    return (struct emergency){.id = alert->id,
                              .title = alert->title,
                              .text = alert->text,
                              .everywhere = alert->everywhere,
                              .screens = alert->screens,
                              .groups = alert->groups,
                              .until_ms = now_ms + alert->length_ms,
                              .user = alert->user,
                              .asked_ms = alert->asked_ms,
                              .lapses_ms = alert->lapses_ms};
}

bool emergency_asked(struct db *db, struct arena *arena, const char *id, int64_t now_ms,
                     struct emergency *out, struct error *err)
{
    struct alert alert;
    struct error cause;

    if (alerts_get(db, arena, id, now_ms, &alert, &cause)) {
        *out = from_alert(&alert, now_ms);
        return true;
    }
    if (cause.kind == ERROR_NOT_FOUND)
        error_set(
            &cause, ERROR_NOT_FOUND,
            "aucune urgence « %s » n’attend de confirmation, ou elle a attendu trop longtemps",
            "no emergency \"%s\" waits for confirmation, or it waited for too long", id);
    if (err != NULL)
        *err = cause;
    return false;
}

bool emergency_waiting(struct db *db, struct arena *arena, int64_t now_ms,
                       struct emergency_list *out, struct error *err)
{
    struct alert_list alerts;

    if (!alerts_list(db, arena, now_ms, &alerts, err))
        return false;
    out->count = alerts.count;
    out->items = arena_array(arena, alerts.count, sizeof(*out->items));
    for (size_t i = 0; i < alerts.count; i++)
        out->items[i] = from_alert(&alerts.items[i], now_ms);
    return true;
}

bool emergency_confirm(struct db *db, struct arena *arena, struct emergency *emergency,
                       const char *user, int64_t now_ms, struct error *err)
{
    bool own;

    if (strcmp(emergency->user, user) == 0)
        return error_set(err, ERROR_DENIED,
                         "vous avez demandé cette urgence : quelqu’un d’autre doit la confirmer",
                         "you asked for this emergency: somebody else has to confirm it");
    if (!db_join(db, &own, err))
        return false;
    bool ok = alerts_delete(db, emergency->id, err) &&
              emergency_audit(db, "emergency.confirm", emergency->id, emergency->title, user,
                              now_ms, err) &&
              emergency_start(db, arena, emergency, emergency->user, now_ms, err);
    return db_leave(db, own, ok, err);
}

bool emergency_drop(struct db *db, const char *id, const char *user, int64_t now_ms,
                    struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = alerts_delete(db, id, err) &&
              emergency_audit(db, "emergency.drop", id, "", user, now_ms, err);
    return db_leave(db, own, ok, err);
}
