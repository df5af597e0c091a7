#include "server/store/programming.h"

#include <assert.h>

#include "core/civil.h"
#include "server/store/record.h"

static const char *const class_tags[] = {"base", "campaign", "takeover", "emergency"};
static const struct choice class_choice = {class_tags, sizeof(class_tags) / sizeof(class_tags[0])};

const char *const day_policy_tags[4] = {"same", "also", "except", "only"};
static const struct choice policy_choice = {day_policy_tags, 4};

static const struct field playlist_fields[] = {
    FIELD(playlist_record, id, FIELD_TEXT),
    FIELD(playlist_record, title, FIELD_TEXT),
    FIELD_QUIET(playlist_record, version, FIELD_INT64),
    FIELD(playlist_record, document, FIELD_TEXT),
    FIELD_QUIET(playlist_record, updated_ms, FIELD_INT64),
};

static const struct record playlist_record_record = {
    .table = "playlists",
    .noun_fr = "playlist",
    .noun_en = "playlist",
    .size = sizeof(struct playlist_record),
    RECORD_FIELDS(playlist_fields),
    .key_count = 1,
    .content = true,
};

static const struct field rule_fields[] = {
    FIELD(rule, id, FIELD_TEXT),
    FIELD(rule, title, FIELD_TEXT),
    FIELD(rule, playlist, FIELD_TEXT),
    FIELD(rule, screens, FIELD_LIST),
    FIELD_AS(rule, groups, FIELD_LIST, "screen_groups"),
    FIELD_TAGGED(rule, class, &class_choice),
    FIELD(rule, from_day, FIELD_INT64),
    FIELD(rule, until_day, FIELD_INT64),
    FIELD(rule, weekdays, FIELD_INT),
    FIELD(rule, from_minute, FIELD_INT),
    FIELD(rule, until_minute, FIELD_INT),
    FIELD(rule, more_hours, FIELD_LIST),
    FIELD(rule, recurrence, FIELD_TEXT),
    FIELD_AS(rule, except, FIELD_LIST, "except_days"),
    FIELD_AS(rule, also, FIELD_LIST, "also_days"),
    FIELD_TAGGED(rule, holidays, &policy_choice),
    FIELD_TAGGED(rule, school_holidays, &policy_choice),
    FIELD(rule, from_ms, FIELD_INT64),
    FIELD(rule, until_ms, FIELD_INT64),
    FIELD(rule, share, FIELD_REAL),
    FIELD(rule, zone, FIELD_TEXT),
    FIELD(rule, keep_zones, FIELD_BOOL),
    FIELD_TAGGED(rule, state, &state_choice),
    FIELD_QUIET(rule, updated_ms, FIELD_INT64),
};

static const struct record rule_record = {
    .table = "rules",
    .noun_fr = "programmation",
    .noun_en = "rule",
    .size = sizeof(struct rule),
    RECORD_FIELDS(rule_fields),
    .key_count = 1,
    .content = true,
};

bool playlists_upsert(struct db *db, struct arena *arena, const struct playlist_record *playlist,
                      enum upsert_result *out, struct error *err)
{
    const struct db_value values[] = {db_text(playlist->id)};
    struct playlist_record next = *playlist;
    int64_t version = 0;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = record_scalar(db, "SELECT coalesce(max(version), 0) FROM playlists WHERE id = $1",
                            values, 1, &version, err);
    next.version = version + 1;
    ok = ok && record_upsert(db, &playlist_record_record, arena, &next, out, err);
    return db_leave(db, own, ok, err);
}

bool playlists_get(struct db *db, struct arena *arena, const char *id, struct playlist_record *out,
                   struct error *err)
{
    return record_get(db, &playlist_record_record, arena, id, out, err);
}

bool playlists_list(struct db *db, struct arena *arena, struct playlist_record_list *out,
                    struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &playlist_record_record, arena, "ORDER BY id", NULL, 0, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}

bool playlists_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &playlist_record_record, id, err);
}

const char *rule_class_tag(enum rule_class class)
{
    assert((size_t) class < class_choice.count);
    return class_tags[class];
}

bool rules_upsert(struct db *db, struct arena *arena, const struct rule *rule,
                  enum upsert_result *out, struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = record_upsert(db, &rule_record, arena, rule, out, err);
    if (ok && *out != UPSERT_UNCHANGED)
        ok = record_children(db, "DELETE FROM rule_screens WHERE rule = $1",
                             "INSERT INTO rule_screens (rule, screen) VALUES ($1, $2) "
                             "ON CONFLICT DO NOTHING",
                             rule->id, &rule->screens, err) &&
             record_children(db, "DELETE FROM rule_groups WHERE rule = $1",
                             "INSERT INTO rule_groups (rule, screen_group) VALUES ($1, $2) "
                             "ON CONFLICT DO NOTHING",
                             rule->id, &rule->groups, err);
    return db_leave(db, own, ok, err);
}

bool rules_get(struct db *db, struct arena *arena, const char *id, struct rule *out,
               struct error *err)
{
    return record_get(db, &rule_record, arena, id, out, err);
}

bool rules_list(struct db *db, struct arena *arena, struct rule_list *out, struct error *err)
{
    void *items = NULL;
    bool ok =
        record_list(db, &rule_record, arena, "ORDER BY id", NULL, 0, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool rules_for_screen(struct db *db, struct arena *arena, const char *screen, int64_t from_day,
                      int64_t until_day, struct rule_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(until_day),
                                      db_int(from_day),
                                      db_text(screen),
                                      db_text(state_choice.tags[STATE_PUBLISHED]),
                                      db_int((from_day - 1) * CIVIL_DAY_MS),
                                      db_int((until_day + 2) * CIVIL_DAY_MS)};
    void *items = NULL;
    bool ok = record_list(
        db, &rule_record, arena,
        "WHERE from_day <= $1 AND until_day >= $2 AND state = $4 "
        "AND (until_ms = 0 OR until_ms > $5) AND from_ms < $6 AND id IN ("
        "SELECT rule FROM rule_screens WHERE screen = $3 UNION "
        "SELECT rule FROM rule_groups JOIN screen_members USING (screen_group) WHERE screen = $3) "
        "ORDER BY CASE class WHEN 'base' THEN 0 WHEN 'campaign' THEN 1 WHEN 'takeover' THEN 2 "
        "ELSE 3 END DESC, id",
        values, 6, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool rules_published(struct db *db, struct arena *arena, int64_t from_day, int64_t until_day,
                     struct rule_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(until_day), db_int(from_day),
                                      db_text(state_choice.tags[STATE_PUBLISHED]),
                                      db_int((from_day - 1) * CIVIL_DAY_MS),
                                      db_int((until_day + 2) * CIVIL_DAY_MS)};
    void *items = NULL;
    bool ok = record_list(
        db, &rule_record, arena,
        "WHERE from_day <= $1 AND until_day >= $2 AND state = $3 "
        "AND (until_ms = 0 OR until_ms > $4) AND from_ms < $5 "
        "ORDER BY CASE class WHEN 'base' THEN 0 WHEN 'campaign' THEN 1 WHEN 'takeover' THEN 2 "
        "ELSE 3 END DESC, id",
        values, 5, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool rules_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &rule_record, id, err);
}
