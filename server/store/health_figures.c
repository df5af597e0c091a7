#include "server/store/health_figures.h"

#include <stdio.h>

#include "server/store/record.h"
#include "server/store/statement.h"

static bool read_jobs(struct db *db, struct health_figures *out, struct error *err)
{
    struct arena *arena = arena_create();
    struct db_statement *statement = db_query(
        db, "SELECT state, count(*) FROM media_items GROUP BY state ORDER BY state", NULL, 0, err);
    enum db_step step = statement != NULL ? db_step(statement, err) : DB_FAILED;

    for (; step == DB_ROW; step = db_step(statement, err)) {
        if (out->job_states == HEALTH_STATES_MAX)
            continue;
        snprintf(out->jobs[out->job_states].name, sizeof(out->jobs[0].name), "%s",
                 db_column_text(statement, 0, arena));
        out->jobs[out->job_states++].count = db_column_int(statement, 1);
    }
    arena_destroy(arena);
    return step == DB_DONE;
}

static bool read_all(struct db *db, int64_t heard_since_ms, struct health_figures *out,
                     struct error *err)
{
    const struct db_value since[] = {db_int(heard_since_ms)};
    const struct {
        const char *sql;
        size_t values;
        int64_t *place;
    } questions[] = {
        {"SELECT count(*) FROM screens", 0, &out->screens},
        {"SELECT count(*) FROM devices", 0, &out->screens_enrolled},
        {"SELECT count(*) FROM devices WHERE last_seen_ms >= $1", 1, &out->screens_heard},
        {"SELECT count(*) FROM enrolments WHERE state = 'pending'", 0, &out->enrolments_pending},
        {"SELECT count(*) FROM media", 0, &out->media_files},
        {"SELECT coalesce(sum(size), 0) FROM media", 0, &out->media_bytes},
    };

    for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
        if (!record_scalar(db, questions[i].sql, since, questions[i].values, questions[i].place,
                           err))
            return false;
    }
    return read_jobs(db, out, err);
}

bool health_figures_read(struct db *db, int64_t heard_since_ms, struct health_figures *out,
                         struct error *err)
{
    bool own;

    *out = (struct health_figures){0};
    if (!db_join(db, &own, err))
        return false;
    bool ok = read_all(db, heard_since_ms, out, err);
    return db_leave(db, own, ok, err);
}
