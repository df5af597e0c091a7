#include "server/store/agenda.h"

#include "server/store/record.h"

#define SOON_DAYS 14 /* before which events come to screens */

/* kind, id, title, site, author, editor, day, since_ms */
#define COLUMNS(kind, id, title, day)                                                              \
    "SELECT '" kind "', x." id ", x." title ", coalesce(r.site, ''), coalesce(r.author, ''), "     \
    "coalesce(r.editor, ''), " day ", x.updated_ms "
#define RECORD(kind, id) "LEFT JOIN records r ON r.kind = '" kind "' AND r.id = x." id " "

static bool list(struct db *db, struct arena *arena, const char *sql, const struct db_value *values,
                 size_t count, size_t limit, struct agenda_list *out, struct error *err)
{
    struct db_statement *statement = db_query(db, sql, values, count, err);
    enum db_step step = DB_FAILED;

    *out = (struct agenda_list){.items = arena_array(arena, limit, sizeof(*out->items))};
    while (statement != NULL && out->count < limit && (step = db_step(statement, err)) == DB_ROW)
        out->items[out->count++] =
            (struct agenda_item){.kind = db_column_text(statement, 0, arena),
                                 .id = db_column_text(statement, 1, arena),
                                 .title = db_column_text(statement, 2, arena),
                                 .site = db_column_text(statement, 3, arena),
                                 .author = db_column_text(statement, 4, arena),
                                 .editor = db_column_text(statement, 5, arena),
                                 .day = db_column_int(statement, 6),
                                 .since_ms = db_column_int(statement, 7)};
    if (step == DB_ROW)
        db_reset(statement);
    return statement != NULL && step != DB_FAILED;
}

bool agenda_ending(struct db *db, struct arena *arena, int64_t from_day, int64_t until_day,
                   size_t limit, struct agenda_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(from_day), db_int(until_day), db_int((int64_t)limit)};
    static const char sql[] = "SELECT * FROM (" COLUMNS(
        "portrait", "id", "leader_name",
        "x.until_day") "FROM portraits x " RECORD("portrait",
                                                  "id") "WHERE x.state = 'published' AND "
                                                        "x.until_day BETWEEN $1 AND $2 "
                                                        "UNION ALL " COLUMNS("announcement", "id", "title", "x.until_day") "FROM announcements x " RECORD(
                                                            "announcement",
                                                            "id") "WHERE x.state = 'published' AND "
                                                                  "x.until_day BETWEEN $1 AND $2 "
                                                                  "AND "
                                                                  "x.id NOT LIKE 'urgence-%' "
                                                                  "UNION ALL " COLUMNS("rule", "id", "title", "x.until_day") "FROM rules x " RECORD(
                                                                      "rule",
                                                                      "id") "WHERE x.state = "
                                                                            "'published' AND "
                                                                            "x.until_day BETWEEN "
                                                                            "$1 AND $2 AND "
                                                                            "x.class <> "
                                                                            "'emergency' "
                                                                            "UNION ALL " COLUMNS(
                                                                                "event", "uid",
                                                                                "title",
                                                                                "max(o.local_last_"
                                                                                "day)") "FROM "
                                                                                        "events x "
                                                                                        "JOIN "
                                                                                        "occurrence"
                                                                                        "s o ON "
                                                                                        "o.event = "
                                                                                        "x."
                                                                                        "uid"
                                                                                        " " RECORD("event",
                                                                                                   "uid") "WHERE x.state = 'published' AND x.recurrence <> '' "
                                                                                                          "GROUP BY x.uid, x.title, r.site, r.author, r.editor, x.updated_ms "
                                                                                                          "HAVING max(o.local_last_day) BETWEEN $1 AND $2) AS ending "
                                                                                                          "ORDER BY 7, 1, 2 LIMIT $3";

    return list(db, arena, sql, values, 3, limit, out, err);
}

#define NEVER_PLAYED(id)                                                                           \
    "NOT EXISTS (SELECT 1 FROM play_items i JOIN play_hours h ON h.item = i.number "               \
    "AND h.plays > 0 WHERE i.subject = x." id ") "

bool agenda_never_shown(struct db *db, struct arena *arena, int64_t day, size_t limit,
                        struct agenda_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(day), db_int(day + SOON_DAYS), db_int((int64_t)limit)};
    static const char sql[] = "SELECT * FROM (" COLUMNS("portrait", "id", "leader_name", "x.until_day") "FROM portraits x " RECORD(
        "portrait",
        "id") "WHERE x.state = 'published' AND x.from_day <= $1 AND x.until_day >= $1 "
              "AND " NEVER_PLAYED("id") "UNION ALL " COLUMNS("announcement", "id", "title",
                                                             "x.until_day") "FROM announcements "
                                                                            "x " RECORD("announceme"
                                                                                        "nt",
                                                                                        "id") "WHER"
                                                                                              "E "
                                                                                              "x."
                                                                                              "stat"
                                                                                              "e = "
                                                                                              "'pub"
                                                                                              "lish"
                                                                                              "ed' "
                                                                                              "AND "
                                                                                              "x."
                                                                                              "from"
                                                                                              "_day"
                                                                                              " <= "
                                                                                              "$1 "
                                                                                              "AND "
                                                                                              "x."
                                                                                              "unti"
                                                                                              "l_"
                                                                                              "day "
                                                                                              ">= "
                                                                                              "$1 "
                                                                                              "AND "
                                                                                              "x."
                                                                                              "id "
                                                                                              "NOT "
                                                                                              "LIKE"
                                                                                              " '"
                                                                                              "urge"
                                                                                              "nce-"
                                                                                              "%' "
                                                                                              "AND"
                                                                                              " " NEVER_PLAYED("id") "UNION ALL " COLUMNS(
                                                                                                  "event",
                                                                                                  "uid",
                                                                                                  "title",
                                                                                                  "max(o.local_last_day)") "FROM events x JOIN occurrences o ON o.event = x.uid AND o.local_last_day >= $1 AND "
                                                                                                                           "o.local_day <= $2 " RECORD("event", "uid") "WHERE x.state = 'published' AND " NEVER_PLAYED(
                                                                                                                               "uid") "GROUP BY x.uid, x.title, r.site, r.author, r.editor, x.updated_ms) AS unseen "
                                                                                                                                      "ORDER BY 8, 1, 2 LIMIT $3";

    return list(db, arena, sql, values, 3, limit, out, err);
}
