#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/files.h"
#include "core/hash.h"
#include "core/sign.h"
#include "server/store/devices.h"
#include "server/store/editorial.h"
#include "server/store/fleet.h"
#include "server/store/programming.h"
#include "server/store/schema.h"
#include "server/store/wanted.h"
#include "tests/bench/fleet/fleet.h"

#define TOKENS_FILE "fleet-tokens"
#define PLAYLIST "simulation"
#define ANNOUNCEMENT "simulation"

static bool open_store(const char *data, struct db **db_out, struct error *err)
{
    char path[PATH_MAX];

    *db_out = store_open(path_join(path, sizeof(path), data, "vitrine.db"), DB_WRITER, err);
    return *db_out != NULL;
}

static bool put_announcement(struct db *db, struct arena *arena, int round, struct error *err)
{
    enum upsert_result result;
    struct announcement announcement = {.id = ANNOUNCEMENT,
                                        .title = arena_printf(arena, "Essai numéro %d", round),
                                        .text = "Ce texte change à chaque tour de la mesure.",
                                        .pictogram = "info",
                                        .url = "",
                                        .from_day = DAY_MIN,
                                        .until_day = DAY_MAX,
                                        .state = STATE_PUBLISHED};

    return announcements_upsert(db, arena, &announcement, &result, err);
}

static bool put_playlist(struct db *db, struct arena *arena, struct error *err)
{
    enum upsert_result result;
    struct playlist_record playlist = {
        .id = PLAYLIST,
        .title = "Simulation",
        .document = "{\"format\":1,\"id\":\"" PLAYLIST "\",\"title\":\"Simulation\",\"strip\":true,"
                    "\"entries\":[{\"slide\":{\"template\":\"announcement\",\"announcement\":"
                    "\"" ANNOUNCEMENT "\"}}]}"};

    return playlists_upsert(db, arena, &playlist, &result, err);
}

static bool put_rule(struct db *db, struct arena *arena, const char *id, const char *screen,
                     const char *group, struct error *err)
{
    enum upsert_result result;
    struct rule rule = {.id = id,
                        .title = id,
                        .playlist = PLAYLIST,
                        .class = RULE_CAMPAIGN,
                        .from_day = DAY_MIN,
                        .until_day = DAY_MAX,
                        .weekdays = 0x7f,
                        .until_minute = 1440,
                        .share = 0.2,
                        .zone = "",
                        .state = STATE_PUBLISHED};

    if (screen != NULL)
        rule.screens = (struct text_list){1, &screen};
    if (group != NULL)
        rule.groups = (struct text_list){1, &group};
    return rules_upsert(db, arena, &rule, &result, err);
}

static bool put_groups(struct db *db, struct arena *arena, const struct fleet_options *options,
                       struct error *err)
{
    enum upsert_result result;
    bool ok = true;

    for (int i = 0; ok && i < options->groups; i++) {
        struct group group = {arena_printf(arena, "simulation-%d", i + 1),
                              arena_printf(arena, "Simulation %d", i + 1)};
        ok = groups_upsert(db, arena, &group, &result, err) &&
             put_rule(db, arena, group.id, NULL, group.id, err);
    }
    return ok;
}

static bool put_device(struct db *db, const char *screen, int64_t now_ms, FILE *tokens,
                       struct error *err)
{
    unsigned char token[32];
    char hex[65], hash[SHA256_HEX_SIZE], key[65];
    struct sha256 sum;

    random_bytes(token, sizeof(token));
    hex_encode(token, sizeof(token), hex);
    sha256_of(token, sizeof(token), &sum);
    sha256_to_hex(&sum, hash);
    random_token(key, 32);
    fprintf(tokens, "%s\n", hex);
    return devices_put(db,
                       &(struct device){.screen = screen,
                                        .public_key = key,
                                        .token_hash = hash,
                                        .software = "vitrine-fleet",
                                        .manifest = "",
                                        .enrolled_ms = now_ms,
                                        .last_seen_ms = now_ms},
                       err);
}

static bool put_screen(struct db *db, struct arena *arena, const struct fleet_options *options,
                       const struct screen *like, int index, FILE *tokens, struct error *err)
{
    struct clock clock = clock_system();
    enum upsert_result result;
    struct screen screen = *like;
    const char *group = arena_printf(arena, "simulation-%d", index % options->groups + 1);

    screen.id = arena_printf(arena, "simulation-%05d", index + 1);
    screen.name = arena_printf(arena, "Simulation %d", index + 1);
    screen.groups.items = arena_array(arena, like->groups.count + 1, sizeof(char *));
    memcpy(screen.groups.items, like->groups.items, like->groups.count * sizeof(char *));
    screen.groups.items[like->groups.count] = group;
    screen.groups.count = like->groups.count + 1;
    screen.updated_ms = clock_wall_ms(&clock);
    return screens_upsert(db, arena, &screen, &result, err) &&
           (!options->differ || put_rule(db, arena, screen.id, screen.id, NULL, err)) &&
           put_device(db, screen.id, screen.updated_ms, tokens, err);
}

static bool find_model(struct db *db, struct arena *arena, const char *like, struct screen *out,
                       struct error *err)
{
    struct screen_list all;

    if (like != NULL)
        return screens_get(db, arena, like, out, err);
    if (!screens_list(db, arena, &all, err))
        return false;
    if (all.count == 0)
        return error_set(err, ERROR_NOT_FOUND, "aucun écran : chargez d’abord un site",
                         "no screen: load a site first");
    *out = all.items[0];
    return true;
}

bool fleet_make(const struct fleet_options *options, struct error *err)
{
    struct arena *arena = arena_create();
    struct db *db = NULL;
    struct screen like;
    char path[PATH_MAX];
    FILE *tokens = fopen(path_join(path, sizeof(path), options->data, TOKENS_FILE), "we");

    bool ok = tokens != NULL ? open_store(options->data, &db, err)
                             : error_set(err, ERROR_IO, "« %s » ne s’écrit pas",
                                         "\"%s\" cannot be written", path);
    ok = ok && find_model(db, arena, options->like, &like, err) && db_begin(db, err) &&
         put_announcement(db, arena, 0, err) && put_playlist(db, arena, err) &&
         put_groups(db, arena, options, err);
    for (int i = 0; ok && i < options->players; i++)
        ok = put_screen(db, arena, options, &like, i, tokens, err);
    ok = ok && db_commit(db, err);
    if (tokens != NULL)
        fclose(tokens);
    db_close(db);
    arena_destroy(arena);
    return ok;
}

bool fleet_tokens(const char *data, char (**tokens_out)[FLEET_TOKEN_SIZE], size_t *count_out,
                  struct error *err)
{
    char path[PATH_MAX];
    char *bytes;
    size_t size;

    if (!file_read(path_join(path, sizeof(path), data, TOKENS_FILE), 64 << 20, &bytes, &size, err))
        return false;
    *count_out = size / FLEET_TOKEN_SIZE;
    *tokens_out = calloc(*count_out + 1, FLEET_TOKEN_SIZE);
    if (*tokens_out == NULL)
        abort();
    for (size_t i = 0; i < *count_out; i++)
        memcpy((*tokens_out)[i], bytes + i * FLEET_TOKEN_SIZE, FLEET_TOKEN_SIZE - 1);
    free(bytes);
    return true;
}

static bool want_pictures(struct db *db, struct arena *arena, int players, struct error *err)
{
    struct clock clock = clock_system();
    int64_t now_ms = clock_wall_ms(&clock);
    bool ok = true;

    for (int i = 0; ok && i < players; i++) {
        char id[33];
        random_token(id, 16);
        ok = wanted_put(db,
                        &(struct wanted){.screen = arena_printf(arena, "simulation-%05d", i + 1),
                                         .id = id,
                                         .kind = WANTED_SCREENSHOT,
                                         .user = "",
                                         .asked_ms = now_ms,
                                         .expires_ms = now_ms + 60000},
                        err);
    }
    return ok;
}

bool fleet_change(const struct fleet_options *options, int round, struct error *err)
{
    struct arena *arena = arena_create();
    struct db *db = NULL;
    bool ok = open_store(options->data, &db, err) && db_begin(db, err) &&
              (options->change == FLEET_WISH
                   ? want_pictures(db, arena, options->players, err)
                   : put_announcement(db, arena, round + (int)(fleet_now_ms() / 1000), err)) &&
              db_commit(db, err);

    db_close(db);
    arena_destroy(arena);
    return ok;
}
