#include "server/delivery/slice.h"

#include "server/store/accounts.h"

bool slice_begin(struct slice *slice, const struct delivery_work *work, struct writer *writer,
                 struct error *err)
{
    *slice = (struct slice){.work = work, .writer = writer, .db = writer_take(writer)};
    slice->since_ms = clock_mono_ms(work->clock);
    if (db_begin(slice->db, err))
        return true;
    writer_give(writer);
    return false;
}

static bool still_allowed(const struct slice *slice, struct error *err)
{
    const struct user *was = slice->work->user;
    struct arena *arena = arena_create();
    struct user is;

    bool ok = users_get(slice->db, arena, was->name, &is, err);
    if (ok && (!is.active || is.role != was->role))
        ok = error_set(err, ERROR_DENIED, "le compte de qui l’a lancé n’a plus ce droit",
                       "the account of who began it no longer has this right");
    arena_destroy(arena);
    return ok;
}

bool slice_next(struct slice *slice, struct error *err)
{
    if (slice->work->stopped && atomic_load(slice->work->stopped))
        return error_set(err, ERROR_BUSY, "le serveur s’arrête", "the server stops");
    if (clock_mono_ms(slice->work->clock) - slice->since_ms < SLICE_MS)
        return true;
    if (!db_commit(slice->db, err))
        return false;
    writer_give(slice->writer);
    slice->db = writer_take(slice->writer);
    slice->since_ms = clock_mono_ms(slice->work->clock);
    return still_allowed(slice, err) && db_begin(slice->db, err);
}

bool slice_end(struct slice *slice, bool ok, struct error *err)
{
    if (ok)
        ok = db_commit(slice->db, err);
    else
        db_rollback(slice->db);
    writer_give(slice->writer);
    return ok;
}
