/* What is wanted of players, and who asks in a screen's name. */
#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "server/fleet/roster_private.h"

/* A machine that ended may have left one question on its way: it comes back once. */
#define RETURNS_CLONED 3
#define RETURNS_WITHIN_MS (INT64_C(10) * 60 * 1000)

static const char *const kinds[WISH_KINDS] = {WANTED_IDENTIFY, WANTED_SCREENSHOT, WANTED_RESTART};

/* NULL: of a kind that this program does not know. */
static struct roster_waiting *place_of(struct roster_entry *entry, const char *kind)
{
    for (size_t i = 0; i < WISH_KINDS; i++) {
        if (strcmp(kinds[i], kind) == 0)
            return &entry->wishes[i];
    }
    return NULL;
}

/* True when it is another wish than before. */
static bool set_wish(struct roster_entry *entry, const struct wanted *wanted)
{
    struct roster_waiting *place = place_of(entry, wanted->kind);

    if (place == NULL)
        return false;
    bool other = strcmp(place->id, wanted->id) != 0;
    place->in_store = true;
    place->until_ms = wanted->expires_ms;
    if (other) {
        snprintf(place->id, sizeof(place->id), "%s", wanted->id);
        place->number = wanted->number;
        place->told_ms = 0;
    }
    return other;
}

uint64_t roster_set_wish(struct roster *roster, const struct wanted *wanted)
{
    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = roster_need(roster, wanted->screen);
    set_wish(entry, wanted);
    uint64_t key = entry->key;
    pthread_mutex_unlock(&roster->lock);
    return key;
}

static struct roster_waiting *find_wish(struct roster_entry *entry, const char *id)
{
    for (size_t i = 0; entry != NULL && i < WISH_KINDS; i++) {
        if (strcmp(entry->wishes[i].id, id) == 0)
            return &entry->wishes[i];
    }
    return NULL;
}

void roster_drop_wish(struct roster *roster, const char *screen, const char *id)
{
    pthread_mutex_lock(&roster->lock);
    struct roster_waiting *wish = find_wish(roster_find(roster, screen), id);
    if (wish != NULL)
        wish->id[0] = '\0';
    pthread_mutex_unlock(&roster->lock);
}

int64_t roster_wish_told(struct roster *roster, const char *screen, const char *id)
{
    pthread_mutex_lock(&roster->lock);
    const struct roster_waiting *wish = find_wish(roster_find(roster, screen), id);
    int64_t told_ms = wish != NULL ? wish->told_ms : 0;
    pthread_mutex_unlock(&roster->lock);
    return told_ms;
}

static bool is_due(const struct roster_waiting *wish, int64_t now_ms)
{
    bool told_lately = wish->told_ms != 0 && wish->told_ms <= now_ms &&
                       now_ms - wish->told_ms < ROSTER_TELL_AGAIN_MS;

    return wish->id[0] != '\0' && now_ms < wish->until_ms && !told_lately;
}

bool roster_take_wish(struct roster *roster, const char *screen, int64_t now_ms,
                      struct roster_wish *out)
{
    bool tell = false;

    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = roster_find(roster, screen);
    for (size_t i = 0; entry != NULL && !tell && i < WISH_KINDS; i++) {
        struct roster_waiting *wish = &entry->wishes[i];
        tell = is_due(wish, now_ms);
        if (!tell)
            continue;
        wish->told_ms = now_ms;
        memcpy(out->id, wish->id, sizeof(out->id));
        snprintf(out->kind, sizeof(out->kind), "%s", kinds[i]);
        out->number = wish->number;
    }
    pthread_mutex_unlock(&roster->lock);
    return tell;
}

static void forget_wishes(struct roster_entry *entry, void *context)
{
    (void)context;
    for (size_t i = 0; i < WISH_KINDS; i++) {
        if (!entry->wishes[i].in_store)
            entry->wishes[i].id[0] = '\0';
        entry->wishes[i].in_store = false;
    }
}

bool roster_refresh_wishes(struct roster *roster, struct db *db,
                           void (*changed)(void *context, uint64_t key), void *context,
                           struct error *err)
{
    struct arena *arena = arena_create();
    struct wanted_list list;
    bool ok = wanted_list_waiting(db, arena, &list, err);
    uint64_t *keys = ok ? arena_array(arena, list.count + 1, sizeof(*keys)) : NULL;
    size_t count = 0;

    if (ok) {
        pthread_mutex_lock(&roster->lock);
        for (size_t i = 0; i < list.count; i++) {
            struct roster_entry *entry = roster_need(roster, list.items[i].screen);
            if (set_wish(entry, &list.items[i]))
                keys[count++] = entry->key;
        }
        roster_each(roster, forget_wishes, NULL);
        pthread_mutex_unlock(&roster->lock);
    }
    /* Without the lock: who is woken asks for it. */
    for (size_t i = 0; changed != NULL && i < count; i++)
        changed(context, keys[i]);
    arena_destroy(arena);
    return ok;
}

/* Where it stands among the last ones; the oldest place when it is new. */
static size_t boot_place(const struct roster_entry *entry, const char *boot, bool *known_out)
{
    size_t place = 0;

    while (place < ROSTER_BOOTS && strcmp(entry->boots[place].id, boot) != 0)
        place++;
    *known_out = place < ROSTER_BOOTS;
    return *known_out ? place : ROSTER_BOOTS - 1;
}

void roster_note_boot(struct roster *roster, const char *screen, const char *boot, const char *peer,
                      int64_t now_ms)
{
    bool known;

    pthread_mutex_lock(&roster->lock);
    struct roster_entry *entry = roster_need(roster, screen);
    size_t place = boot_place(entry, boot, &known);
    if (place > 0) {
        memmove(&entry->boots[1], &entry->boots[0], place * sizeof(entry->boots[0]));
        snprintf(entry->boots[0].id, sizeof(entry->boots[0].id), "%s", boot);
        if (known) {
            bool goes_on = now_ms - entry->returned_ms < RETURNS_WITHIN_MS;
            entry->boot_returns = goes_on ? entry->boot_returns + 1 : 1;
            entry->returned_ms = now_ms;
            entry->cloned |= entry->boot_returns >= RETURNS_CLONED;
        }
    }
    snprintf(entry->boots[0].peer, sizeof(entry->boots[0].peer), "%s", peer);
    pthread_mutex_unlock(&roster->lock);
}

struct clones {
    struct arena *arena;
    struct clone {
        struct clone *next;
        const char *screen;
        const char *who;
    } * first;
};

static void collect_clone(struct roster_entry *entry, void *context)
{
    struct clones *clones = context;

    if (!entry->cloned)
        return;
    entry->cloned = false;
    struct clone *clone = arena_alloc(clones->arena, sizeof(*clone));
    *clone = (struct clone){clones->first, arena_strdup(clones->arena, entry->id),
                            arena_printf(clones->arena, "%.8s (%s), %.8s (%s)", entry->boots[0].id,
                                         entry->boots[0].peer, entry->boots[1].id,
                                         entry->boots[1].peer)};
    clones->first = clone;
}

void roster_take_clones(struct roster *roster,
                        void (*cloned)(void *context, const char *screen, const char *who),
                        void *context)
{
    struct clones clones = {.arena = arena_create()};

    pthread_mutex_lock(&roster->lock);
    roster_each(roster, collect_clone, &clones);
    pthread_mutex_unlock(&roster->lock);
    for (const struct clone *clone = clones.first; clone != NULL; clone = clone->next)
        cloned(context, clone->screen, clone->who);
    arena_destroy(clones.arena);
}
