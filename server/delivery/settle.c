/* What a step that broke off leaves. */
#include <string.h>

#include "server/delivery/plan.h"
#include "server/store/records.h"

static void tell(struct import_file *file, struct arena *arena, const struct error *why)
{
    char text[800];

    if (!why || why->kind == ERROR_INTERNAL) {
        file->message_fr = why ? "erreur du serveur" : "le serveur s’est arrêté";
        file->message_en = why ? "the server failed" : "the server stopped";
        return;
    }
    file->message_fr = arena_strdup(arena, error_text(why, LANG_FR, text, sizeof(text)));
    file->message_en = arena_strdup(arena, error_text(why, LANG_EN, text, sizeof(text)));
}

/* Part of the rows stand in the store: that is an application, of these rows. */
static bool settle_application(struct db *db, struct arena *arena, struct import_file *file,
                               int64_t now_ms, struct error *err)
{
    struct import_tally tally;

    if (!import_lines_tally(db, file->id, &tally, err))
        return false;
    if (tally.created + tally.changed == 0) {
        file->applied_by = "";
        return true;
    }
    int64_t left = tally.waiting;
    if (!import_lines_reject_waiting(
            db, file->id,
            plan_note(arena, "l’import s’est arrêté avant cette ligne : elle n’est pas faite",
                      "the import stopped before this row: it is not done"),
            err) ||
        !import_lines_tally(db, file->id, &tally, err))
        return false;
    file->state = "applied";
    file->applied_ms = now_ms;
    file->created = tally.created;
    file->changed = tally.changed;
    file->rejected = tally.rejected;
    file->message_fr = arena_printf(
        arena,
        "%s. Fiches faites : %lld ; lignes non faites : %lld. Envoyez le fichier encore une fois "
        "pour finir, ou annulez ce qui est fait.",
        file->message_fr, (long long)(tally.created + tally.changed), (long long)left);
    file->message_en =
        arena_printf(arena,
                     "%s. Records done: %lld; rows not done: %lld. Send the file once more to "
                     "finish, or undo what is done.",
                     file->message_en, (long long)(tally.created + tally.changed), (long long)left);
    return audit_add(
        db,
        &(struct audit_entry){.time_ms = now_ms,
                              .user = file->applied_by,
                              .action = "import.apply",
                              .subject = file->id,
                              .detail = arena_printf(arena, "%s: +%lld ~%lld (-%lld)", file->name,
                                                     (long long)tally.created,
                                                     (long long)tally.changed, (long long)left)},
        err);
}

static bool settle_undoing(struct db *db, struct arena *arena, struct import_file *file,
                           struct error *err)
{
    struct import_tally tally;

    if (!import_lines_tally(db, file->id, &tally, err))
        return false;
    file->undone_by = "";
    if (tally.undone + tally.kept == 0)
        return true;
    file->undone = tally.undone;
    file->kept = tally.kept;
    file->message_fr =
        arena_printf(arena, "%s. Fiches déjà remises : %lld. Annulez encore une fois pour finir.",
                     file->message_fr, (long long)tally.undone);
    file->message_en = arena_printf(arena, "%s. Records put back: %lld. Undo once more to finish.",
                                    file->message_en, (long long)tally.undone);
    return true;
}

static bool settle(struct db *db, struct arena *arena, struct import_file *file,
                   const struct error *why, int64_t now_ms, struct error *err)
{
    bool applying = strcmp(file->state, "applying") == 0;
    bool undoing = strcmp(file->state, "undoing") == 0;

    tell(file, arena, why);
    /* Whoever waits is not blamed for what nobody has begun. */
    if (!applying && !undoing && !why)
        file->message_fr = file->message_en = "";
    file->state = undoing                                          ? "applied"
                  : applying && (!why || why->kind != ERROR_STALE) ? "rehearsed"
                                                                   : "mapped";
    file->updated_ms = now_ms;
    return (!applying || settle_application(db, arena, file, now_ms, err)) &&
           (!undoing || settle_undoing(db, arena, file, err)) && imports_put(db, file, err);
}

bool delivery_settle(struct writer *writer, struct arena *arena, struct import_file *file,
                     const struct error *why, int64_t now_ms, struct error *err)
{
    struct db *db = writer_take(writer);
    bool ok = db_begin(db, err);

    if (ok && settle(db, arena, file, why, now_ms, err))
        ok = db_commit(db, err);
    else
        ok = false;
    db_rollback(db);
    writer_give(writer);
    return ok;
}
