#include "server/store/plays.h"

#include <stdlib.h>
#include <string.h>

#include "core/strbuf.h"
#include "server/store/record.h"
#include "server/store/sums.h"

#define ROWS_AT_ONCE 24
#define SPARSE 8 /* numbers so far apart are looked for one by one */

static bool name_number(struct db *db, const char *name, int64_t *number_out, struct error *err)
{
    static const char select[] = "SELECT number FROM play_names WHERE name = $1";
    const struct db_value values[] = {db_text(name)};
    struct db_statement *statement = db_query(db, select, values, 1, err);

    if (statement == NULL)
        return false;
    enum db_step step = db_step(statement, err);
    if (step == DB_ROW) {
        *number_out = db_column_int(statement, 0);
        db_reset(statement);
        return true;
    }
    return step == DB_DONE &&
           db_run(db,
                  "INSERT INTO play_names (number, name) "
                  "SELECT coalesce(max(number), 0) + 1, $1 FROM play_names",
                  values, 1, err) &&
           record_scalar(db, select, values, 1, number_out, err);
}

/* A play with the number of its item, while it is looked whether it is new. */
struct candidate {
    const struct play *play;
    int64_t item;
};

/* Plays of one start of one screen's player. */
struct batch {
    struct db *db;
    struct arena *arena; /* emptied after each batch */
    int64_t screen, boot, place;
    struct candidate *candidates; /* in order of their sequence, none twice */
    size_t count;
};

static int compare_candidates(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;

    if (a->play->sequence != b->play->sequence)
        return a->play->sequence < b->play->sequence ? -1 : 1;
    return a->play < b->play ? -1 : a->play > b->play; /* the first of two stays */
}

/* Takes those in [first, last] out that are there. */
static bool drop_known(struct batch *batch, int64_t first, int64_t last, struct error *err)
{
    const struct db_value values[] = {db_int(batch->screen), db_int(batch->boot), db_int(first),
                                      db_int(last)};
    struct db_statement *statement =
        db_query(batch->db,
                 "SELECT sequence FROM plays WHERE screen = $1 AND boot = $2 AND "
                 "sequence >= $3 AND sequence <= $4 ORDER BY sequence",
                 values, 4, err);
    enum db_step step;
    size_t at = 0;

    if (statement == NULL)
        return false;
    while ((step = db_step(statement, err)) == DB_ROW) {
        int64_t known = db_column_int(statement, 0);
        while (at < batch->count && batch->candidates[at].play->sequence < known)
            at++;
        if (at < batch->count && batch->candidates[at].play->sequence == known)
            batch->candidates[at].item = -1;
    }
    return step == DB_DONE;
}

static bool keep_new(struct batch *batch, struct error *err)
{
    struct candidate *candidates = batch->candidates;
    size_t kept = 0;
    bool ok = true;

    qsort(candidates, batch->count, sizeof(*candidates), compare_candidates);
    for (size_t i = 0; i < batch->count; i++) {
        if (kept == 0 || candidates[kept - 1].play->sequence != candidates[i].play->sequence)
            candidates[kept++] = candidates[i];
    }
    batch->count = kept;
    int64_t first = candidates[0].play->sequence, last = candidates[kept - 1].play->sequence;
    if (last - first < (int64_t)kept * SPARSE) {
        ok = drop_known(batch, first, last, err);
    } else {
        for (size_t i = 0; ok && i < batch->count; i++) {
            int64_t one = candidates[i].play->sequence;
            ok = drop_known(batch, one, one, err);
        }
    }
    kept = 0;
    for (size_t i = 0; i < batch->count; i++) {
        if (candidates[i].item >= 0)
            candidates[kept++] = candidates[i];
    }
    batch->count = kept;
    return ok;
}

static bool same_item(const struct play *a, const struct play *b)
{
    return strcmp(a->slide, b->slide) == 0 && strcmp(a->title, b->title) == 0 &&
           strcmp(a->subject, b->subject) == 0 && strcmp(a->organisation, b->organisation) == 0 &&
           strcmp(a->playlist, b->playlist) == 0 && strcmp(a->rule, b->rule) == 0 &&
           strcmp(a->zone, b->zone) == 0;
}

/* A loop's items come again and again: each is looked up once. */
static bool find_items(struct batch *batch, struct error *err)
{
    struct candidate *known = arena_array(batch->arena, batch->count, sizeof(*known));
    size_t known_count = 0;

    for (size_t i = 0; i < batch->count; i++) {
        struct candidate *candidate = &batch->candidates[i];
        const struct play *play = candidate->play;
        size_t k = 0;
        while (k < known_count && !same_item(known[k].play, play))
            k++;
        if (k == known_count) {
            const struct play_item item = {play->slide,        play->title,    play->subject,
                                           play->organisation, play->playlist, play->rule,
                                           play->zone};
            if (!items_number(batch->db, &item, &candidate->item, err))
                return false;
            known[known_count++] = *candidate;
        }
        candidate->item = known[k].item;
    }
    return true;
}

static bool insert_rows(struct batch *batch, const struct candidate *rows, size_t count,
                        struct error *err)
{
    struct db_value values[2 + ROWS_AT_ONCE * 5];
    size_t filled = 2;
    struct strbuf sql;

    values[0] = db_int(batch->screen);
    values[1] = db_int(batch->boot);
    strbuf_init(&sql);
    strbuf_append(&sql, "INSERT INTO plays (screen, boot, sequence, item, manifest, from_ms, "
                        "length_ms) VALUES ");
    for (size_t i = 0; i < count; i++) {
        const struct play *play = rows[i].play;
        size_t n = filled + 1;
        strbuf_printf(&sql, "%s($1, $2, $%zu, $%zu, $%zu, $%zu, $%zu)", i > 0 ? ", " : "", n, n + 1,
                      n + 2, n + 3, n + 4);
        values[filled++] = db_int(play->sequence);
        values[filled++] = db_int(rows[i].item);
        values[filled++] = db_text(play->manifest);
        values[filled++] = db_int(play->from_ms);
        values[filled++] = db_int(play->until_ms - play->from_ms);
    }
    bool ok = db_run(batch->db, sql.bytes, values, filled, err);
    strbuf_finish(&sql);
    return ok;
}

static bool insert_plays(struct batch *batch, struct error *err)
{
    bool ok = true;
    size_t step;

    for (size_t i = 0; ok && i < batch->count; i += step) {
        step = batch->count - i >= ROWS_AT_ONCE ? ROWS_AT_ONCE : 1;
        ok = insert_rows(batch, &batch->candidates[i], step, err);
    }
    return ok;
}

/* It counts in the hour in which it began; its time is parted at full hours. */
static size_t split_play(const struct candidate *candidate, struct hour_sum *out)
{
    int64_t from_ms = candidate->play->from_ms, until_ms = candidate->play->until_ms;
    size_t count = 0;

    while (from_ms < until_ms) {
        int64_t hour = from_ms / HOUR_MS;
        int64_t end_ms = (hour + 1) * HOUR_MS < until_ms ? (hour + 1) * HOUR_MS : until_ms;
        if (out != NULL)
            out[count] = (struct hour_sum){.hour = hour,
                                           .item = candidate->item,
                                           .plays = count == 0,
                                           .length_ms = end_ms - from_ms,
                                           .slots = hour_slots(hour, from_ms, end_ms)};
        count++;
        from_ms = end_ms;
    }
    return count;
}

static bool sum_plays(struct batch *batch, struct error *err)
{
    size_t count = 0;

    for (size_t i = 0; i < batch->count; i++)
        count += split_play(&batch->candidates[i], NULL);
    struct hour_sum *sums = arena_array(batch->arena, count, sizeof(*sums));
    count = 0;
    for (size_t i = 0; i < batch->count; i++)
        count += split_play(&batch->candidates[i], &sums[count]);
    return sums_add(batch->db, batch->place, sums, sums_merge(sums, count), err);
}

static bool add_batch(struct batch *batch, const struct play *plays, size_t count,
                      size_t *stored_out, struct error *err)
{
    batch->candidates = arena_array(batch->arena, count, sizeof(*batch->candidates));
    batch->count = count;
    for (size_t i = 0; i < count; i++)
        batch->candidates[i] = (struct candidate){.play = &plays[i]};
    bool ok = name_number(batch->db, plays[0].screen, &batch->screen, err) &&
              name_number(batch->db, plays[0].boot, &batch->boot, err) && keep_new(batch, err) &&
              (batch->count == 0 ||
               (places_number(batch->db, plays[0].screen, &batch->place, err) &&
                find_items(batch, err) && insert_plays(batch, err) && sum_plays(batch, err)));
    *stored_out += batch->count;
    arena_reset(batch->arena);
    return ok;
}

bool plays_add(struct db *db, const struct play *plays, size_t count, size_t *stored_out,
               struct error *err)
{
    bool own;
    bool ok = true;
    size_t length;

    *stored_out = 0;
    if (!db_join(db, &own, err))
        return false;
    struct batch batch = {.db = db, .arena = arena_create()};
    for (size_t i = 0; ok && i < count; i += length) {
        for (length = 1; i + length < count; length++) {
            if (strcmp(plays[i].screen, plays[i + length].screen) != 0 ||
                strcmp(plays[i].boot, plays[i + length].boot) != 0)
                break;
        }
        ok = add_batch(&batch, &plays[i], length, stored_out, err);
    }
    arena_destroy(batch.arena);
    return db_leave(db, own, ok, err);
}

static const struct field sum_fields[] = {
    FIELD(play_sum, title, FIELD_TEXT),
    FIELD(play_sum, organisation, FIELD_TEXT),
    FIELD(play_sum, count, FIELD_INT64),
    FIELD(play_sum, length_ms, FIELD_INT64),
};

static const struct record sum_record = {
    .table = "(SELECT i.title AS title, i.organisation AS organisation, sum(plays) AS count, "
             "sum(length_ms) AS length_ms FROM play_places p "
             "JOIN play_hours h ON h.place = p.number JOIN play_items i ON i.number = h.item "
             "WHERE p.screen = $1 AND h.hour >= $2 AND h.hour < $3 AND h.length_ms > 0 "
             "GROUP BY i.title, i.organisation) AS sums",
    .noun_fr = "diffusion",
    .noun_en = "play",
    .size = sizeof(struct play_sum),
    RECORD_FIELDS(sum_fields),
    .key_count = 2,
};

bool plays_sum(struct db *db, struct arena *arena, const char *screen, int64_t from_ms,
               int64_t until_ms, struct play_sum_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(screen), db_int(from_ms / HOUR_MS),
                                      db_int(until_ms / HOUR_MS)};
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
    .table = "(SELECT DISTINCT screen AS name FROM play_places) AS names",
    .noun_fr = "écran",
    .noun_en = "screen",
    .size = sizeof(struct name),
    RECORD_FIELDS(name_fields),
    .key_count = 1,
};

bool plays_screens(struct db *db, struct arena *arena, struct text_list *out, struct error *err)
{
    void *items = NULL;
    bool ok =
        record_list(db, &name_record, arena, "ORDER BY name", NULL, 0, &items, &out->count, err);
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
