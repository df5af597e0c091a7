#include "server/store/notices.h"

#include <string.h>

#include "server/store/record.h"

const char *const notice_tags[NOTICE_KINDS] = {"approval_wanted",   "approval_given", "sent_back",
                                               "emergency_waiting", "screen_silent",  "ends_soon"};
static const struct choice kind_choice = {notice_tags, NOTICE_KINDS};

static const struct field notice_fields[] = {
    FIELD(notice, number, FIELD_INT64),
    FIELD_AS(notice, user, FIELD_TEXT, "user_name"),
    FIELD_TAGGED(notice, kind, &kind_choice),
    FIELD(notice, source, FIELD_TEXT),
    FIELD(notice, record_kind, FIELD_TEXT),
    FIELD(notice, record, FIELD_TEXT),
    FIELD(notice, title, FIELD_TEXT),
    FIELD_AS(notice, by, FIELD_TEXT, "by_user"),
    FIELD_AS(notice, text, FIELD_TEXT, "words"),
    FIELD(notice, time_ms, FIELD_INT64),
    FIELD(notice, read_ms, FIELD_INT64),
};

static const struct record notice_record = {
    .table = "notices",
    .noun_fr = "notification",
    .noun_en = "notice",
    .size = sizeof(struct notice),
    RECORD_FIELDS(notice_fields),
    .key_count = 1,
};

struct choices {
    const char *user;
    struct text_list mail;
};

static const struct field choice_fields[] = {
    FIELD_AS(choices, user, FIELD_TEXT, "user_name"),
    FIELD(choices, mail, FIELD_LIST),
};

static const struct record choice_record = {
    .table = "notice_choices",
    .noun_fr = "choix de notifications",
    .noun_en = "choice of notices",
    .size = sizeof(struct choices),
    RECORD_FIELDS(choice_fields),
    .key_count = 1,
};

bool notices_add(struct db *db, const struct notice *notice, bool *added_out, struct error *err)
{
    const struct db_value values[] = {
        db_text(notice->user),   db_text(notice_tags[notice->kind]),
        db_text(notice->source), db_text(notice->record_kind),
        db_text(notice->record), db_text(notice->title),
        db_text(notice->by),     db_text(notice->text),
        db_int(notice->time_ms),
    };

    bool ok = db_run(db,
                     "INSERT INTO notices (number, user_name, kind, source, record_kind, record, "
                     "title, by_user, words, time_ms, read_ms) "
                     "SELECT coalesce(max(number), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, 0 "
                     "FROM notices WHERE true ON CONFLICT (user_name, source) DO NOTHING",
                     values, 9, err);
    *added_out = ok && db_changed(db) > 0;
    return ok;
}

bool notices_page(struct db *db, struct arena *arena, const char *user, int64_t before, bool unread,
                  size_t limit, struct notice_list *out, struct error *err)
{
    const struct db_value values[] = {db_text(user), db_int(before), db_int(unread),
                                      db_int((int64_t)limit)};
    void *items = NULL;
    bool ok = record_list(db, &notice_record, arena,
                          "WHERE user_name = $1 AND ($2 = 0 OR number < $2) AND "
                          "($3 = 0 OR read_ms = 0) ORDER BY number DESC LIMIT $4",
                          values, 4, &items, &out->count, err);

    out->items = items;
    return ok;
}

bool notices_unread(struct db *db, const char *user, int64_t *count_out, int64_t *newest_out,
                    struct error *err)
{
    const struct db_value values[] = {db_text(user)};

    return record_scalar(db, "SELECT count(*) FROM notices WHERE user_name = $1 AND read_ms = 0",
                         values, 1, count_out, err) &&
           record_scalar(db, "SELECT coalesce(max(number), 0) FROM notices WHERE user_name = $1",
                         values, 1, newest_out, err);
}

bool notices_read(struct db *db, const char *user, int64_t number, int64_t now_ms,
                  struct error *err)
{
    const struct db_value values[] = {db_text(user), db_int(number), db_int(now_ms)};
    int64_t theirs = 0;

    if (number == 0)
        return db_run(db, "UPDATE notices SET read_ms = $2 WHERE user_name = $1 AND read_ms = 0",
                      (const struct db_value[]){values[0], values[2]}, 2, err);
    if (!record_scalar(db, "SELECT count(*) FROM notices WHERE user_name = $1 AND number = $2",
                       values, 2, &theirs, err))
        return false;
    if (theirs == 0)
        return error_set(err, ERROR_NOT_FOUND, "il n’y a pas de notification %lld",
                         "there is no notice %lld", (long long)number);
    return db_run(db,
                  "UPDATE notices SET read_ms = $3 WHERE user_name = $1 AND number = $2 AND "
                  "read_ms = 0",
                  values, 3, err);
}

bool notices_settle(struct db *db, const char *record_kind, const char *record, int64_t now_ms,
                    struct error *err)
{
    const struct db_value values[] = {db_text(notice_tags[NOTICE_APPROVAL_WANTED]),
                                      db_text(record_kind), db_text(record), db_int(now_ms)};

    return db_run(db,
                  "UPDATE notices SET read_ms = $4 WHERE kind = $1 AND record_kind = $2 AND "
                  "record = $3 AND read_ms = 0",
                  values, 4, err);
}

bool notices_expire(struct db *db, int64_t before_ms, struct error *err)
{
    const struct db_value values[] = {db_int(before_ms)};

    return db_run(db, "DELETE FROM notices WHERE time_ms < $1", values, 1, err);
}

bool notice_choices_get(struct db *db, struct arena *arena, const char *user,
                        bool mail_out[NOTICE_KINDS], struct error *err)
{
    struct choices choices;
    struct error cause;

    bool chosen = record_get(db, &choice_record, arena, user, &choices, &cause);
    if (!chosen && cause.kind != ERROR_NOT_FOUND) {
        if (err != NULL)
            *err = cause;
        return false;
    }
    for (size_t kind = 0; kind < NOTICE_KINDS; kind++) {
        mail_out[kind] = !chosen;
        for (size_t i = 0; chosen && i < choices.mail.count; i++)
            mail_out[kind] |= strcmp(choices.mail.items[i], notice_tags[kind]) == 0;
    }
    return true;
}

bool notice_choices_put(struct db *db, const char *user, const bool mail[NOTICE_KINDS],
                        struct error *err)
{
    const char *tags[NOTICE_KINDS];
    struct choices choices = {user, {0, tags}};

    for (size_t kind = 0; kind < NOTICE_KINDS; kind++) {
        if (mail[kind])
            tags[choices.mail.count++] = notice_tags[kind];
    }
    return record_put(db, &choice_record, &choices, err);
}
