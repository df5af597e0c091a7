#include "server/fleet/wish.h"

#include <string.h>

#include "core/json.h"
#include "core/sign.h"
#include "server/store/fleet.h"

#define ID_BYTES 16

static bool check_kind(const char *kind, struct error *err)
{
    static const char *const kinds[] = {WANTED_SCREENSHOT, WANTED_IDENTIFY, WANTED_RESTART};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kind, kinds[i]) == 0)
            return true;
    }
    error_set(err, ERROR_INVALID, "« %s » n’est pas une commande : screenshot, identify ou restart",
              "\"%s\" is no command: screenshot, identify or restart", kind);
    return error_field(err, "kind");
}

/* Which of its site's screens it is, in order of id: what a person counts on the wall. */
static bool number_of(struct db *db, struct arena *arena, const struct screen *screen,
                      int64_t *number_out, struct error *err)
{
    struct screen_list all;

    *number_out = 1;
    if (!screens_list(db, arena, &all, err))
        return false;
    for (size_t i = 0; i < all.count && strcmp(all.items[i].id, screen->id) < 0; i++)
        *number_out += strcmp(all.items[i].site, screen->site) == 0;
    return true;
}

static bool ask_anew(struct db *db, struct arena *arena, const struct screen *screen,
                     const char *kind, const char *user, int64_t now_ms, struct wanted *out,
                     struct error *err)
{
    char *id = arena_alloc(arena, 2 * ID_BYTES + 1);

    random_token(id, ID_BYTES);
    *out = (struct wanted){.id = id,
                           .screen = screen->id,
                           .kind = kind,
                           .user = user,
                           .asked_ms = now_ms,
                           .expires_ms = now_ms + WISH_MS,
                           .state = WANTED_WAITING,
                           .reason = ""};
    return (strcmp(kind, WANTED_IDENTIFY) != 0 ||
            number_of(db, arena, screen, &out->number, err)) &&
           wanted_tidy(db, 0, now_ms, err) && /* one that expired is not told beside it */
           wanted_put(db, out, err);
}

bool wish_ask(struct db *db, struct arena *arena, const char *screen, const char *kind,
              const char *user, int64_t now_ms, struct wanted *out, struct error *err)
{
    struct screen known;
    struct error cause;
    bool own;

    error_clear(&cause);
    if (!check_kind(kind, err) || !db_join(db, &own, err))
        return false;
    bool ok = screens_get(db, arena, screen, &known, err);
    if (ok && !wanted_find(db, arena, screen, kind, now_ms, out, &cause))
        ok = ask_anew(db, arena, &known, kind, user, now_ms, out, err);
    return db_leave(db, own, ok, err);
}

static bool decode_answer(const cJSON *json, struct arena *arena, enum wanted_state *state_out,
                          const char **reason_out, struct error *err)
{
    static const char *const keys[] = {"result", "reason", NULL};
    const char *result;

    *reason_out = "";
    if (!json_only_keys(json, keys, err) ||
        !json_get_string(json, "result", 1, 16, arena, &result, err) ||
        (json_has(json, "reason") &&
         !json_get_string(json, "reason", 0, WISH_REASON_MAX, arena, reason_out, err)))
        return false;
    *state_out = strcmp(result, "done") == 0 ? WANTED_DONE : WANTED_FAILED;
    if (*state_out == WANTED_DONE || strcmp(result, "failed") == 0)
        return true;
    error_set(err, ERROR_INVALID, "« %s » n’est pas un résultat : done ou failed",
              "\"%s\" is no result: done or failed", result);
    return error_field(err, "result");
}

bool wish_answer(struct db *db, struct arena *arena, const char *screen, const char *id,
                 const char *body, size_t length, int64_t now_ms, struct error *err)
{
    enum wanted_state state;
    const char *reason;
    cJSON *json = json_parse(body, length, WISH_BODY_MAX, err);
    bool ok = json != NULL && decode_answer(json, arena, &state, &reason, err) &&
              wanted_end(db, screen, id, state, reason, now_ms, err);

    cJSON_Delete(json);
    return ok;
}
