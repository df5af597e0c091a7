#include "server/fleet/presence.h"

#include <string.h>

#include "core/log.h"

const char *presence_tag(enum presence presence)
{
    static const char *const tags[] = {"never", "ok", "late", "silent"};

    return tags[presence];
}

enum presence presence_of(int64_t last_seen_ms, int64_t since_ms, int64_t now_ms)
{
    int64_t silence_ms = now_ms - last_seen_ms;

    if (last_seen_ms == 0)
        return PRESENCE_NEVER;
    if (silence_ms >= PRESENCE_SILENT_MS && now_ms - since_ms >= PRESENCE_GRACE_MS)
        return PRESENCE_SILENT;
    return silence_ms >= PRESENCE_LATE_MS ? PRESENCE_LATE : PRESENCE_OK;
}

struct watch {
    struct db *db;
    int64_t now_ms;
    bool ok;
    struct error *err;
};

static void note_clone(void *context, const char *screen, const char *who)
{
    struct watch *watch = context;

    log_write(LOG_WARN, "cloned", "screen %s, %s", screen, who);
    watch->ok =
        watch->ok && faults_open(watch->db, screen, FAULT_CLONED, who, watch->now_ms, watch->err);
}

static bool is_open(const struct fault_list *open, const char *screen)
{
    for (size_t i = 0; i < open->count; i++) {
        if (strcmp(open->items[i].screen, screen) == 0 &&
            strcmp(open->items[i].code, FAULT_SILENT) == 0)
            return true;
    }
    return false;
}

/* It begins when the screen was heard last, and ends when it is heard again. */
static bool watch_silence(struct watch *watch, const struct device *device, int64_t seen_ms,
                          int64_t since_ms, bool was_silent)
{
    enum presence presence = presence_of(seen_ms, since_ms, watch->now_ms);

    if (presence == PRESENCE_SILENT && !was_silent)
        return faults_open(watch->db, device->screen, FAULT_SILENT, device->software, seen_ms,
                           watch->err);
    return presence == PRESENCE_SILENT || presence == PRESENCE_LATE || !was_silent ||
           faults_close(watch->db, device->screen, FAULT_SILENT, seen_ms, FAULT_BY_SERVER,
                        watch->err);
}

/* A screen that has no player any more is not silent. */
static bool close_orphans(struct watch *watch, const struct device_list *devices,
                          const struct fault_list *open)
{
    bool ok = true;

    for (size_t i = 0; ok && i < open->count; i++) {
        bool has_player = false;
        for (size_t k = 0; k < devices->count && !has_player; k++)
            has_player = strcmp(devices->items[k].screen, open->items[i].screen) == 0;
        if (!has_player)
            ok = faults_close(watch->db, open->items[i].screen, open->items[i].code, watch->now_ms,
                              FAULT_BY_SERVER, watch->err);
    }
    return ok;
}

bool presence_watch(struct db *db, struct roster *roster, int64_t since_ms, int64_t now_ms,
                    struct error *err)
{
    struct watch watch = {.db = db, .now_ms = now_ms, .ok = true, .err = err};
    struct arena *arena = arena_create();
    struct device_list devices;
    struct fault_list open;
    bool own;

    if (!db_join(db, &own, err)) {
        arena_destroy(arena);
        return false;
    }
    roster_take_clones(roster, note_clone, &watch);
    bool ok = watch.ok && devices_list(db, arena, &devices, err) &&
              faults_list_open(db, arena, &open, err);
    for (size_t i = 0; ok && i < devices.count; i++) {
        const struct device *device = &devices.items[i];
        int64_t heard_ms = roster_last_seen(roster, device->screen);
        ok = watch_silence(&watch, device,
                           heard_ms > device->last_seen_ms ? heard_ms : device->last_seen_ms,
                           since_ms, open.count > 0 && is_open(&open, device->screen));
    }
    ok = ok && close_orphans(&watch, &devices, &open) &&
         faults_close_quiet(db, now_ms - FAULT_QUIET_MS, now_ms, err);
    arena_destroy(arena);
    return db_leave(db, own, ok, err);
}
