#include "server/store/mails.h"

#include "server/store/record.h"

static const struct field mail_fields[] = {
    FIELD(mail, number, FIELD_INT64),     FIELD(mail, recipient, FIELD_TEXT),
    FIELD(mail, subject, FIELD_TEXT),     FIELD_AS(mail, text, FIELD_TEXT, "words"),
    FIELD(mail, created_ms, FIELD_INT64), FIELD(mail, tries, FIELD_INT64),
    FIELD(mail, next_ms, FIELD_INT64),    FIELD(mail, problem, FIELD_TEXT),
};

static const struct record mail_record = {
    .table = "mails",
    .noun_fr = "message",
    .noun_en = "message",
    .size = sizeof(struct mail),
    RECORD_FIELDS(mail_fields),
    .key_count = 1,
};

bool mails_add(struct db *db, const struct mail *mail, struct error *err)
{
    const struct db_value values[] = {db_text(mail->recipient), db_text(mail->subject),
                                      db_text(mail->text), db_int(mail->created_ms),
                                      db_int(mail->next_ms)};
    int64_t count = 0;

    if (!record_scalar(db, "SELECT count(*) FROM mails", NULL, 0, &count, err))
        return false;
    if (count >= MAILS_MAX)
        return error_set(err, ERROR_LIMIT, "%d messages attendent déjà d’être envoyés",
                         "%d messages wait to be sent already", MAILS_MAX);
    return db_run(db,
                  "INSERT INTO mails (number, recipient, subject, words, created_ms, tries, "
                  "next_ms, problem) "
                  "SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, 0, $5, '' FROM mails",
                  values, 5, err);
}

bool mails_due(struct db *db, struct arena *arena, int64_t now_ms, size_t limit,
               struct mail_list *out, struct error *err)
{
    const struct db_value values[] = {db_int(now_ms), db_int((int64_t)limit)};
    void *items = NULL;
    bool ok = record_list(db, &mail_record, arena,
                          "WHERE next_ms <= $1 ORDER BY next_ms, number LIMIT $2", values, 2,
                          &items, &out->count, err);

    out->items = items;
    return ok;
}

bool mails_drop(struct db *db, int64_t number, struct error *err)
{
    const struct db_value values[] = {db_int(number)};

    return db_run(db, "DELETE FROM mails WHERE number = $1", values, 1, err);
}

bool mails_put_off(struct db *db, int64_t number, int64_t next_ms, const char *problem,
                   struct error *err)
{
    const struct db_value values[] = {db_int(number), db_int(next_ms), db_text(problem)};

    return db_run(db,
                  "UPDATE mails SET tries = tries + 1, next_ms = $2, problem = $3 "
                  "WHERE number = $1",
                  values, 3, err);
}

bool mails_waiting(struct db *db, int64_t *count_out, int64_t *oldest_ms_out, struct error *err)
{
    return record_scalar(db, "SELECT count(*) FROM mails", NULL, 0, count_out, err) &&
           record_scalar(db, "SELECT coalesce(min(created_ms), 0) FROM mails", NULL, 0,
                         oldest_ms_out, err);
}
