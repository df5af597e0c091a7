#include "server/store/editorial.h"

#include <assert.h>

#include "server/store/record.h"

static const char *const severity_tags[] = {"info", "important", "emergency"};
static const struct choice severity_choice = {severity_tags,
                                              sizeof(severity_tags) / sizeof(severity_tags[0])};

static const struct field portrait_fields[] = {
    FIELD(portrait, id, FIELD_TEXT),
    FIELD(portrait, organisation, FIELD_TEXT),
    FIELD(portrait, leader_name, FIELD_TEXT),
    FIELD(portrait, leader_role, FIELD_TEXT),
    FIELD(portrait, quote, FIELD_TEXT),
    FIELD(portrait, story, FIELD_TEXT),
    FIELD(portrait, short_title, FIELD_TEXT),
    FIELD(portrait, sector, FIELD_TEXT),
    FIELD(portrait, photo, FIELD_TEXT),
    FIELD(portrait, focal_x, FIELD_REAL),
    FIELD(portrait, focal_y, FIELD_REAL),
    FIELD(portrait, alt, FIELD_TEXT),
    FIELD(portrait, credit, FIELD_TEXT),
    FIELD(portrait, consent_date, FIELD_TEXT),
    FIELD(portrait, falc, FIELD_TEXT),
    FIELD(portrait, film, FIELD_TEXT),
    FIELD(portrait, captions, FIELD_TEXT),
    FIELD(portrait, url, FIELD_TEXT),
    FIELD(portrait, from_day, FIELD_INT64),
    FIELD(portrait, until_day, FIELD_INT64),
    FIELD_TAGGED(portrait, state, &state_choice),
    FIELD_QUIET(portrait, updated_ms, FIELD_INT64),
};

static const struct record portrait_record = {
    .table = "portraits",
    .noun_fr = "portrait",
    .noun_en = "portrait",
    .size = sizeof(struct portrait),
    RECORD_FIELDS(portrait_fields),
    .key_count = 1,
    .content = true,
    .directory = true,
};

static const struct field announcement_fields[] = {
    FIELD(announcement, id, FIELD_TEXT),
    FIELD(announcement, title, FIELD_TEXT),
    FIELD_AS(announcement, text, FIELD_TEXT, "words"),
    FIELD(announcement, pictogram, FIELD_TEXT),
    FIELD_TAGGED(announcement, severity, &severity_choice),
    FIELD(announcement, url, FIELD_TEXT),
    FIELD(announcement, from_day, FIELD_INT64),
    FIELD(announcement, until_day, FIELD_INT64),
    FIELD_TAGGED(announcement, state, &state_choice),
    FIELD_QUIET(announcement, updated_ms, FIELD_INT64),
};

static const struct record announcement_record = {
    .table = "announcements",
    .noun_fr = "annonce",
    .noun_en = "announcement",
    .size = sizeof(struct announcement),
    RECORD_FIELDS(announcement_fields),
    .key_count = 1,
    .content = true,
};

const char *severity_tag(enum severity severity)
{
    assert((size_t)severity < severity_choice.count);
    return severity_tags[severity];
}

bool portraits_list(struct db *db, struct arena *arena, const char *sector, int64_t from_day,
                    int64_t until_day, struct portrait_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(until_day), db_int(from_day), db_text(sector),
                                      db_text(state_choice.tags[STATE_PUBLISHED])};
    void *items = NULL;
    bool ok = record_list(db, &portrait_record, arena,
                          "WHERE from_day <= $1 AND until_day >= $2 AND ($3 = '' OR sector = $3) "
                          "AND state = $4 ORDER BY id",
                          values, 4, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool portraits_get(struct db *db, struct arena *arena, const char *id, struct portrait *out,
                   struct error *err)
{
    return record_get(db, &portrait_record, arena, id, out, err);
}

bool portraits_upsert(struct db *db, struct arena *arena, const struct portrait *portrait,
                      enum upsert_result *out, struct error *err)
{
    return record_upsert(db, &portrait_record, arena, portrait, out, err);
}

bool portraits_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &portrait_record, id, err);
}

bool announcements_list(struct db *db, struct arena *arena, struct announcement_list *out,
                        struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &announcement_record, arena, "ORDER BY id", NULL, 0, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}

bool announcements_get(struct db *db, struct arena *arena, const char *id, struct announcement *out,
                       struct error *err)
{
    return record_get(db, &announcement_record, arena, id, out, err);
}

bool announcements_upsert(struct db *db, struct arena *arena,
                          const struct announcement *announcement, enum upsert_result *out,
                          struct error *err)
{
    return record_upsert(db, &announcement_record, arena, announcement, out, err);
}

bool announcements_delete(struct db *db, const char *id, struct error *err)
{
    return record_delete(db, &announcement_record, id, err);
}
