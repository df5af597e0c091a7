#include "server/store/exporting.h"

#include "server/store/record.h"
#include "server/store/statement.h"

bool exporting_events(struct db *db, struct arena *arena, struct text_list *out, struct error *err)
{
    int64_t count;

    *out = (struct text_list){0};
    if (!record_scalar(db, "SELECT count(*) FROM events WHERE state = 'published'", NULL, 0, &count,
                       err))
        return false;
    const char **items = arena_array(arena, (size_t)count + 1, sizeof(*items));
    struct db_statement *statement =
        db_query(db, "SELECT uid FROM events WHERE state = 'published' ORDER BY uid", NULL, 0, err);
    enum db_step step = statement != NULL ? db_step(statement, err) : DB_FAILED;
    for (; step == DB_ROW; step = db_step(statement, err)) {
        if (out->count < (size_t)count)
            items[out->count++] = db_column_text(statement, 0, arena);
    }
    out->items = items;
    return step == DB_DONE;
}
