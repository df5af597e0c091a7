#include "server/store/wanted.h"

#include "server/store/record.h"

static const struct field wanted_fields[] = {
    FIELD(wanted, screen, FIELD_TEXT),    FIELD(wanted, id, FIELD_TEXT),
    FIELD(wanted, kind, FIELD_TEXT),      FIELD_AS(wanted, user, FIELD_TEXT, "user_name"),
    FIELD(wanted, asked_ms, FIELD_INT64), FIELD(wanted, expires_ms, FIELD_INT64),
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

bool wanted_put(struct db *db, const struct wanted *wanted, struct error *err)
{
    return record_put(db, &wanted_record, wanted, err);
}

bool wanted_get(struct db *db, struct arena *arena, const char *screen, struct wanted *out,
                struct error *err)
{
    return record_get(db, &wanted_record, arena, screen, out, err);
}

bool wanted_list(struct db *db, struct arena *arena, struct wanted_list *out, struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &wanted_record, arena, "ORDER BY screen", NULL, 0, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}

bool wanted_delete(struct db *db, const char *screen, struct error *err)
{
    const struct db_value values[] = {db_text(screen)};

    return db_run(db, "DELETE FROM wanted WHERE screen = $1", values, 1, err);
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

bool screenshots_list(struct db *db, struct arena *arena, struct screenshot_list *out,
                      struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &screenshot_record, arena, "ORDER BY screen", NULL, 0, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}
