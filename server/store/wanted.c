#include "server/store/wanted.h"

#include "server/store/record.h"

static const char *const state_tags[] = {"waiting", "done", "failed", "expired"};
static const struct choice wanted_choice = {state_tags, sizeof(state_tags) / sizeof(state_tags[0])};

static const struct field wanted_fields[] = {
    FIELD(wanted, id, FIELD_TEXT),
    FIELD(wanted, screen, FIELD_TEXT),
    FIELD(wanted, kind, FIELD_TEXT),
    FIELD(wanted, number, FIELD_INT64),
    FIELD_AS(wanted, user, FIELD_TEXT, "user_name"),
    FIELD(wanted, asked_ms, FIELD_INT64),
    FIELD(wanted, expires_ms, FIELD_INT64),
    FIELD_TAGGED(wanted, state, &wanted_choice),
    FIELD(wanted, ended_ms, FIELD_INT64),
    FIELD(wanted, reason, FIELD_TEXT),
};

static const struct record wanted_record = {
    .table = "wanted",
    .noun_fr = "demande à l’écran",
    .noun_en = "wish for the screen",
    .size = sizeof(struct wanted),
    RECORD_FIELDS(wanted_fields),
    .key_count = 1,
};

static const struct field screenshot_fields[] = {
    FIELD(screenshot, screen, FIELD_TEXT),       FIELD(screenshot, id, FIELD_TEXT),
    FIELD(screenshot, received_ms, FIELD_INT64), FIELD(screenshot, width, FIELD_INT64),
    FIELD(screenshot, height, FIELD_INT64),      FIELD(screenshot, size, FIELD_INT64),
};

static const struct record screenshot_record = {
    .table = "screenshots",
    .noun_fr = "photo de l’écran",
    .noun_en = "picture of the screen",
    .size = sizeof(struct screenshot),
    RECORD_FIELDS(screenshot_fields),
    .key_count = 1,
};

const char *wanted_state_tag(enum wanted_state state)
{
    return state_tags[state];
}

enum wanted_state wanted_state_at(const struct wanted *wanted, int64_t now_ms)
{
    return wanted->state == WANTED_WAITING && now_ms >= wanted->expires_ms ? WANTED_EXPIRED
                                                                           : wanted->state;
}

bool wanted_put(struct db *db, const struct wanted *wanted, struct error *err)
{
    return record_put(db, &wanted_record, wanted, err);
}

bool wanted_get(struct db *db, struct arena *arena, const char *id, struct wanted *out,
                struct error *err)
{
    return record_get(db, &wanted_record, arena, id, out, err);
}

bool wanted_find(struct db *db, struct arena *arena, const char *screen, const char *kind,
                 int64_t now_ms, struct wanted *out, struct error *err)
{
    const struct db_value values[] = {db_text(screen), db_text(kind), db_int(now_ms)};

    return record_find(db, &wanted_record, arena,
                       "screen = $1 AND kind = $2 AND state = 'waiting' AND expires_ms > $3 "
                       "ORDER BY asked_ms LIMIT 1",
                       values, 3, out, err);
}

static bool read_wanted(struct db *db, struct arena *arena, const char *tail,
                        const struct db_value *values, size_t count, struct wanted_list *out,
                        struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &wanted_record, arena, tail, values, count, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool wanted_list_waiting(struct db *db, struct arena *arena, struct wanted_list *out,
                         struct error *err)
{
    return read_wanted(db, arena, "WHERE state = 'waiting' ORDER BY screen, asked_ms", NULL, 0, out,
                       err);
}

bool wanted_list(struct db *db, struct arena *arena, const char *screen, size_t limit,
                 struct wanted_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(screen), db_int((int64_t)limit)};

    return read_wanted(db, arena, "WHERE screen = $1 ORDER BY asked_ms DESC, id LIMIT $2", values,
                       2, out, err);
}

bool wanted_end(struct db *db, const char *screen, const char *id, enum wanted_state state,
                const char *reason, int64_t now_ms, struct error *err)
{
    const struct db_value values[] = {db_text(id), db_text(screen), db_text(state_tags[state]),
                                      db_text(reason), db_int(now_ms)};

    if (!db_run(db,
                "UPDATE wanted SET state = $3, reason = $4, ended_ms = $5 WHERE id = $1 AND "
                "screen = $2 AND state = 'waiting' AND expires_ms > $5",
                values, 5, err))
        return false;
    return db_changed(db) > 0 ||
           error_set(err, ERROR_NOT_FOUND, "ce n’est pas ou plus demandé à cet écran",
                     "this is not wanted of that screen, or not any more");
}

bool wanted_tidy(struct db *db, int64_t asked_before_ms, int64_t now_ms, struct error *err)
{
    const struct db_value asked[] = {db_int(asked_before_ms)};
    const struct db_value now[] = {db_int(now_ms)};

    return db_run(db,
                  "UPDATE wanted SET state = 'expired', ended_ms = expires_ms WHERE "
                  "state = 'waiting' AND expires_ms <= $1",
                  now, 1, err) &&
           db_run(db, "DELETE FROM wanted WHERE asked_ms < $1", asked, 1, err);
}

bool screenshots_put(struct db *db, const struct screenshot *screenshot, struct error *err)
{
    return record_put(db, &screenshot_record, screenshot, err);
}

bool screenshots_get(struct db *db, struct arena *arena, const char *screen, struct screenshot *out,
                     struct error *err)
{
    return record_get(db, &screenshot_record, arena, screen, out, err);
}
