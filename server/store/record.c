#include "server/store/record.h"

#include <assert.h>
#include <string.h>

static const char *const state_tags[] = {"draft", "submitted", "approved", "published", "archived"};
const struct choice state_choice = {state_tags, sizeof(state_tags) / sizeof(state_tags[0])};

static const void *at(const void *value, const struct field *field)
{
    return (const char *)value + field->offset;
}

static const char *text_at(const void *value, const struct field *field)
{
    const char *text = *(const char *const *)at(value, field);

    return text ? text : "";
}

static bool join(const struct text_list *list, struct arena *arena, const char **out,
                 struct error *err)
{
    size_t size = 1;

    for (size_t i = 0; i < list->count; i++) {
        if (strchr(list->items[i], ',') || !*list->items[i])
            return error_set(err, ERROR_INVALID, "« %s » ne peut pas être un identifiant",
                             "\"%s\" cannot be an identifier", list->items[i]);
        size += strlen(list->items[i]) + 1;
    }
    char *text = arena_alloc(arena, size);
    char *end = text;
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            *end++ = ',';
        end = stpcpy(end, list->items[i]);
    }
    *out = text;
    return true;
}

static void split(const char *text, struct arena *arena, struct text_list *out)
{
    size_t count = *text ? 1 : 0;

    for (const char *c = text; *c; c++)
        count += *c == ',';
    out->count = count;
    out->items = arena_array(arena, count, sizeof(*out->items));
    for (size_t i = 0; i < count; i++) {
        size_t length = strcspn(text, ",");
        out->items[i] = arena_strndup(arena, text, length);
        text += length + 1;
    }
}

static bool value_of(const struct field *field, const void *value, struct arena *arena,
                     struct db_value *out, struct error *err)
{
    switch (field->type) {
    case FIELD_TEXT:
        *out = db_text(text_at(value, field));
        break;
    case FIELD_INT64:
        *out = db_int(*(const int64_t *)at(value, field));
        break;
    case FIELD_INT:
        *out = db_int(*(const int *)at(value, field));
        break;
    case FIELD_BOOL:
        *out = db_int(*(const bool *)at(value, field) ? 1 : 0);
        break;
    case FIELD_REAL:
        *out = db_real(*(const double *)at(value, field));
        break;
    case FIELD_CHOICE: {
        unsigned index = *(const unsigned *)at(value, field);
        assert(index < field->choice->count);
        *out = db_text(field->choice->tags[index]);
        break;
    }
    case FIELD_LIST: {
        const char *text = NULL;
        if (!join(at(value, field), arena, &text, err)) {
            error_field(err, field->column);
            return false;
        }
        *out = db_text(text);
        break;
    }
    case FIELD_BYTES:
        *out = db_bytes(*(const void *const *)at(value, field),
                        *(const size_t *)(const void *)((const char *)value + field->offset_size));
        break;
    }
    return true;
}

static bool read_choice(const struct record *record, const struct field *field, const char *tag,
                        unsigned *out, struct error *err)
{
    for (size_t i = 0; i < field->choice->count; i++) {
        if (strcmp(field->choice->tags[i], tag) == 0) {
            *out = (unsigned)i;
            return true;
        }
    }
    return error_set(err, ERROR_INTERNAL, "valeur inconnue dans la base : %s.%s = « %s »",
                     "unknown value in the database: %s.%s = \"%s\"", record->table, field->column,
                     tag);
}

bool record_read(const struct record *record, struct db_statement *statement, int column,
                 struct arena *arena, void *out, struct error *err)
{
    for (size_t i = 0; i < record->field_count; i++, column++) {
        const struct field *field = &record->fields[i];
        void *member = (char *)out + field->offset;
        switch (field->type) {
        case FIELD_TEXT:
            *(const char **)member = db_column_text(statement, column, arena);
            break;
        case FIELD_INT64:
            *(int64_t *)member = db_column_int(statement, column);
            break;
        case FIELD_INT:
            *(int *)member = (int)db_column_int(statement, column);
            break;
        case FIELD_BOOL:
            *(bool *)member = db_column_int(statement, column) != 0;
            break;
        case FIELD_REAL:
            *(double *)member = db_column_real(statement, column);
            break;
        case FIELD_CHOICE:
            if (!read_choice(record, field, db_column_text(statement, column, arena), member, err))
                return false;
            break;
        case FIELD_LIST:
            split(db_column_text(statement, column, arena), arena, member);
            break;
        case FIELD_BYTES:
            *(const void **)member = db_column_bytes(
                statement, column, arena, (size_t *)(void *)((char *)out + field->offset_size));
            break;
        }
    }
    return true;
}

void record_columns(const struct record *record, const char *prefix, struct strbuf *out)
{
    for (size_t i = 0; i < record->field_count; i++) {
        strbuf_append(out, i ? ", " : "");
        strbuf_append(out, prefix);
        strbuf_append(out, record->fields[i].column);
    }
}

/* These texts are made anew for every call, so they are made without printf. n ≤ 99. */
static void append_placeholder(struct strbuf *out, size_t n)
{
    strbuf_append_char(out, '$');
    if (n > 9)
        strbuf_append_char(out, (char)('0' + n / 10));
    strbuf_append_char(out, (char)('0' + n % 10));
}

/* "SELECT columns FROM table <word> <tail>", in a strbuf that the caller finishes. */
static void select_text(const struct record *record, const char *word, const char *tail,
                        struct strbuf *sql)
{
    strbuf_init(sql);
    strbuf_append(sql, "SELECT ");
    record_columns(record, "", sql);
    strbuf_append(sql, " FROM ");
    strbuf_append(sql, record->table);
    strbuf_append(sql, word);
    strbuf_append(sql, tail);
}

static bool not_found(const struct record *record, const struct db_value *key, struct error *err)
{
    return error_set(err, ERROR_NOT_FOUND, "%s%.0s introuvable : « %s »",
                     "%.0s%s not found: \"%s\"", record->noun_fr, record->noun_en,
                     key->type == DB_TEXT ? (const char *)key->bytes : "");
}

/* DB_ROW: *out is filled; DB_DONE: there is none. */
static enum db_step find(struct db *db, const struct record *record, struct arena *arena,
                         const char *where, const struct db_value *values, size_t count, void *out,
                         struct error *err)
{
    struct strbuf sql;

    select_text(record, " WHERE ", where, &sql);
    struct db_statement *statement = db_query(db, sql.bytes, values, count, err);
    strbuf_finish(&sql);
    if (!statement)
        return DB_FAILED;
    enum db_step step = db_step(statement, err);
    if (step != DB_ROW)
        return step;
    memset(out, 0, record->size);
    bool ok = record_read(record, statement, 0, arena, out, err);
    db_reset(statement);
    return ok ? DB_ROW : DB_FAILED;
}

bool record_find(struct db *db, const struct record *record, struct arena *arena, const char *where,
                 const struct db_value *values, size_t count, void *out, struct error *err)
{
    enum db_step step = find(db, record, arena, where, values, count, out, err);

    if (step == DB_DONE)
        return not_found(record, &values[0], err);
    return step == DB_ROW;
}

static void key_where(const struct record *record, struct strbuf *out)
{
    for (size_t i = 0; i < record->key_count; i++) {
        strbuf_append(out, i ? " AND " : "");
        strbuf_append(out, record->fields[i].column);
        strbuf_append(out, " = ");
        append_placeholder(out, i + 1);
    }
}

bool record_get(struct db *db, const struct record *record, struct arena *arena, const char *key,
                void *out, struct error *err)
{
    const struct db_value values[] = {db_text(key)};
    struct strbuf where;

    assert(record->key_count == 1);
    strbuf_init(&where);
    key_where(record, &where);
    bool ok = record_find(db, record, arena, where.bytes, values, 1, out, err);
    strbuf_finish(&where);
    return ok;
}

bool record_list(struct db *db, const struct record *record, struct arena *arena, const char *tail,
                 const struct db_value *values, size_t count, void **items_out, size_t *count_out,
                 struct error *err)
{
    struct strbuf sql;
    struct strbuf items;

    select_text(record, " ", tail, &sql);
    struct db_statement *statement = db_query(db, sql.bytes, values, count, err);
    strbuf_finish(&sql);
    if (!statement)
        return false;
    strbuf_init(&items);
    size_t found = 0;
    enum db_step step;
    void *item = arena_alloc(arena, record->size);
    while ((step = db_step(statement, err)) == DB_ROW) {
        memset(item, 0, record->size);
        if (!record_read(record, statement, 0, arena, item, err)) {
            db_reset(statement);
            step = DB_FAILED;
            break;
        }
        strbuf_append_bytes(&items, item, record->size);
        found++;
    }
    if (step == DB_DONE) {
        *items_out = arena_array(arena, found, record->size);
        memcpy(*items_out, items.bytes, found * record->size);
        *count_out = found;
    }
    strbuf_finish(&items);
    return step == DB_DONE;
}

static void put_text(const struct record *record, struct strbuf *sql)
{
    strbuf_init(sql);
    strbuf_append(sql, "INSERT INTO ");
    strbuf_append(sql, record->table);
    strbuf_append(sql, " (");
    record_columns(record, "", sql);
    strbuf_append(sql, ") VALUES (");
    for (size_t i = 0; i < record->field_count; i++) {
        strbuf_append(sql, i ? ", " : "");
        append_placeholder(sql, i + 1);
    }
    strbuf_append(sql, ") ON CONFLICT (");
    for (size_t i = 0; i < record->key_count; i++) {
        strbuf_append(sql, i ? ", " : "");
        strbuf_append(sql, record->fields[i].column);
    }
    strbuf_append(sql, ") DO UPDATE SET ");
    for (size_t i = record->key_count; i < record->field_count; i++) {
        strbuf_append(sql, i > record->key_count ? ", " : "");
        strbuf_append(sql, record->fields[i].column);
        strbuf_append(sql, " = excluded.");
        strbuf_append(sql, record->fields[i].column);
    }
}

static void mark(struct db *db, const struct record *record)
{
    if (record->directory)
        db_mark_directory(db);
    else if (record->content)
        db_mark_content(db);
}

bool record_put(struct db *db, const struct record *record, const void *value, struct error *err)
{
    struct db_value values[RECORD_FIELDS_MAX];
    struct arena *arena = arena_create();
    bool own;
    bool ok = db_join(db, &own, err);

    assert(record->field_count <= RECORD_FIELDS_MAX);
    if (!ok)
        goto out;
    for (size_t i = 0; ok && i < record->field_count; i++)
        ok = value_of(&record->fields[i], value, arena, &values[i], err);
    if (ok) {
        struct strbuf sql;
        put_text(record, &sql);
        ok = db_run(db, sql.bytes, values, record->field_count, err);
        strbuf_finish(&sql);
    }
    if (ok)
        mark(db, record);
    ok = db_leave(db, own, ok, err);
out:
    arena_destroy(arena);
    return ok;
}

static bool same_value(const struct db_value *a, const struct db_value *b)
{
    switch (a->type) {
    case DB_INT:
        return a->integer == b->integer;
    case DB_REAL:
        return !(a->real < b->real) && !(a->real > b->real);
    case DB_TEXT:
        return strcmp(a->bytes, b->bytes) == 0;
    case DB_BYTES:
        return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
    case DB_NULL:
        break;
    }
    return true;
}

static bool same(const struct record *record, const void *a, const void *b, struct arena *arena,
                 bool *same_out, struct error *err)
{
    *same_out = true;
    for (size_t i = record->key_count; i < record->field_count; i++) {
        struct db_value first;
        struct db_value second;
        if (record->fields[i].quiet)
            continue;
        if (!value_of(&record->fields[i], a, arena, &first, err) ||
            !value_of(&record->fields[i], b, arena, &second, err))
            return false;
        if (!same_value(&first, &second)) {
            *same_out = false;
            return true;
        }
    }
    return true;
}

bool record_upsert(struct db *db, const struct record *record, struct arena *arena,
                   const void *value, enum upsert_result *out, struct error *err)
{
    struct db_value keys[4];
    void *old = arena_alloc(arena, record->size);
    bool equal = false;
    struct strbuf where;
    bool own;

    assert(record->key_count <= 4);
    for (size_t i = 0; i < record->key_count; i++)
        if (!value_of(&record->fields[i], value, arena, &keys[i], err))
            return false;
    if (!db_join(db, &own, err))
        return false;
    strbuf_init(&where);
    key_where(record, &where);
    enum db_step step = find(db, record, arena, where.bytes, keys, record->key_count, old, err);
    strbuf_finish(&where);
    bool ok = step != DB_FAILED;
    if (ok && step == DB_ROW)
        ok = same(record, old, value, arena, &equal, err);
    if (ok && !equal)
        ok = record_put(db, record, value, err);
    if (ok)
        *out = step == DB_DONE ? UPSERT_CREATED : equal ? UPSERT_UNCHANGED : UPSERT_UPDATED;
    return db_leave(db, own, ok, err);
}

bool record_delete(struct db *db, const struct record *record, const char *key, struct error *err)
{
    const struct db_value values[] = {db_text(key)};
    struct strbuf sql;
    bool own;

    assert(record->key_count == 1);
    if (!db_join(db, &own, err))
        return false;
    strbuf_init(&sql);
    strbuf_printf(&sql, "DELETE FROM %s WHERE ", record->table);
    key_where(record, &sql);
    bool ok = db_run(db, sql.bytes, values, 1, err);
    strbuf_finish(&sql);
    if (ok && db_changed(db) == 0)
        ok = not_found(record, &values[0], err);
    if (ok)
        mark(db, record);
    return db_leave(db, own, ok, err);
}

bool record_children(struct db *db, const char *delete_sql, const char *insert_sql,
                     const char *owner, const struct text_list *items, struct error *err)
{
    struct db_value values[] = {db_text(owner), db_text("")};

    if (!db_run(db, delete_sql, values, 1, err))
        return false;
    for (size_t i = 0; i < items->count; i++) {
        values[1] = db_text(items->items[i]);
        if (!db_run(db, insert_sql, values, 2, err))
            return false;
    }
    return true;
}

bool record_scalar(struct db *db, const char *sql, const struct db_value *values, size_t count,
                   int64_t *value_out, struct error *err)
{
    struct db_statement *statement = db_query(db, sql, values, count, err);

    if (!statement || db_step(statement, err) != DB_ROW)
        return false;
    *value_out = db_column_int(statement, 0);
    db_reset(statement);
    return true;
}
