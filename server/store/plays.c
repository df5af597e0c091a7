#include "server/store/plays.h"

#include "server/store/record.h"

/* The number of a row with these values: there, or added. `insert` leaves what is there alone. */
static bool number_of(struct db *db, const char *insert, const char *select,
                      const struct db_value *values, size_t count, int64_t *number_out,
                      struct error *err)
{
    struct db_statement *statement = db_query(db, select, values, count, err);

    if (statement == NULL)
        return false;
    enum db_step step = db_step(statement, err);
    if (step == DB_ROW) {
        *number_out = db_column_int(statement, 0);
        db_reset(statement);
        return true;
    }
    return step == DB_DONE && db_run(db, insert, values, count, err) &&
           record_scalar(db, select, values, count, number_out, err);
}

static bool name_number(struct db *db, const char *name, int64_t *number_out, struct error *err)
{
    const struct db_value values[] = {db_text(name)};

    return number_of(db,
                     "INSERT INTO play_names (number, name) "
                     "SELECT coalesce(max(number), 0) + 1, $1 FROM play_names",
                     "SELECT number FROM play_names WHERE name = $1", values, 1, number_out, err);
}

static bool item_number(struct db *db, const struct play *play, int64_t *number_out,
                        struct error *err)
{
    const struct db_value values[] = {db_text(play->slide),    db_text(play->title),
                                      db_text(play->subject),  db_text(play->organisation),
                                      db_text(play->playlist), db_text(play->rule),
                                      db_text(play->zone)};

    return number_of(db,
                     "INSERT INTO play_items (number, slide, title, subject, organisation, "
                     "playlist, rule, zone) SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, "
                     "$5, $6, $7 FROM play_items",
                     "SELECT number FROM play_items WHERE slide = $1 AND title = $2 AND "
                     "subject = $3 AND organisation = $4 AND playlist = $5 AND rule = $6 AND "
                     "zone = $7",
                     values, sizeof(values) / sizeof(values[0]), number_out, err);
}

static bool add_play(struct db *db, const struct play *play, int64_t screen, int64_t boot,
                     struct error *err)
{
    int64_t item;

    if (!item_number(db, play, &item, err))
        return false;
    const struct db_value values[] = {db_int(screen),
                                      db_int(boot),
                                      db_int(play->sequence),
                                      db_int(item),
                                      db_text(play->manifest),
                                      db_int(play->from_ms),
                                      db_int(play->until_ms - play->from_ms)};
    return db_run(db,
                  "INSERT INTO plays (screen, boot, sequence, item, manifest, from_ms, length_ms) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                  values, sizeof(values) / sizeof(values[0]), err);
}

bool plays_add(struct db *db, const struct play *plays, size_t count, size_t *stored_out,
               struct error *err)
{
    int64_t screen, boot;
    size_t stored = 0;
    bool own;
    bool ok = true;

    if (!db_join(db, &own, err))
        return false;
    for (size_t i = 0; ok && i < count; i++) {
        ok = name_number(db, plays[i].screen, &screen, err) &&
             name_number(db, plays[i].boot, &boot, err) &&
             add_play(db, &plays[i], screen, boot, err);
        if (ok && db_changed(db) > 0)
            stored++;
    }
    *stored_out = stored;
    return db_leave(db, own, ok, err);
}

static const struct field sum_fields[] = {
    FIELD(play_sum, title, FIELD_TEXT),
    FIELD(play_sum, organisation, FIELD_TEXT),
    FIELD(play_sum, count, FIELD_INT64),
    FIELD(play_sum, length_ms, FIELD_INT64),
};

static const struct record sum_record = {
    .table = "(SELECT title, organisation, sum(plays) AS count, sum(length) AS length_ms FROM "
             "(SELECT item, count(*) AS plays, sum(length_ms) AS length FROM plays JOIN play_names "
             "ON play_names.number = plays.screen WHERE name = $1 AND from_ms >= $2 AND "
             "from_ms < $3 GROUP BY item) AS by_item JOIN play_items ON number = item "
             "GROUP BY title, organisation) AS sums",
    .noun_fr = "diffusion",
    .noun_en = "play",
    .size = sizeof(struct play_sum),
    RECORD_FIELDS(sum_fields),
    .key_count = 2,
};

bool plays_sum(struct db *db, struct arena *arena, const char *screen, int64_t from_ms,
               int64_t until_ms, struct play_sum_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(screen), db_int(from_ms), db_int(until_ms)};
    void *items = NULL;
    bool ok = record_list(db, &sum_record, arena, "ORDER BY length_ms DESC, title, organisation",
                          values, 3, &items, &out->count, err);

    out->items = items;
    return ok;
}

struct name {
    const char *name;
};

static const struct field name_fields[] = {FIELD(name, name, FIELD_TEXT)};

static const struct record name_record = {
    .table = "play_names",
    .noun_fr = "écran",
    .noun_en = "screen",
    .size = sizeof(struct name),
    RECORD_FIELDS(name_fields),
    .key_count = 1,
};

bool plays_screens(struct db *db, struct arena *arena, struct text_list *out, struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &name_record, arena,
                          "WHERE EXISTS (SELECT 1 FROM plays WHERE screen = number) ORDER BY name",
                          NULL, 0, &items, &out->count, err);
    const struct name *names = items;

    if (!ok)
        return false;
    out->items = arena_array(arena, out->count, sizeof(*out->items));
    for (size_t i = 0; i < out->count; i++)
        out->items[i] = names[i].name;
    return true;
}

/* By screen, because of the index. Texts that no play names any more stay: they are few. */
bool plays_expire(struct db *db, int64_t before_ms, int64_t limit, int64_t *count_out,
                  struct error *err)
{
    const struct db_value values[] = {db_int(before_ms), db_int(limit)};

    if (!db_run(db,
                "DELETE FROM plays WHERE (screen, boot, sequence) IN ("
                "SELECT screen, boot, sequence FROM play_names JOIN plays ON screen = number "
                "WHERE from_ms < $1 LIMIT $2)",
                values, 2, err))
        return false;
    *count_out = db_changed(db);
    return true;
}
