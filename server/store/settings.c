#include "server/store/settings.h"

#include "server/store/record.h"

struct setting {
    const char *name;
    int64_t number;
    const char *words;
};

static const struct field fields[] = {
    FIELD(setting, name, FIELD_TEXT),
    FIELD(setting, number, FIELD_INT64),
    FIELD(setting, words, FIELD_TEXT),
};

static const struct record setting_record = {
    .table = "settings",
    .noun_fr = "réglage",
    .noun_en = "setting",
    .size = sizeof(struct setting),
    RECORD_FIELDS(fields),
    .key_count = 1,
};

/* *found_out says whether the key is set. */
static bool get(struct db *db, struct arena *arena, const char *key, struct setting *out,
                bool *found_out, struct error *err)
{
    struct error problem = {0};

    *found_out = record_get(db, &setting_record, arena, key, out, &problem);
    if (*found_out || problem.kind == ERROR_NOT_FOUND)
        return true;
    if (err)
        *err = problem;
    return false;
}

bool settings_get_int(struct db *db, const char *key, int64_t fallback, int64_t *value_out,
                      struct error *err)
{
    struct arena *arena = arena_create();
    struct setting setting;
    bool found = false;
    bool ok = get(db, arena, key, &setting, &found, err);

    if (ok)
        *value_out = found ? setting.number : fallback;
    arena_destroy(arena);
    return ok;
}

bool settings_set_int(struct db *db, const char *key, int64_t value, struct error *err)
{
    const struct setting setting = {.name = key, .number = value};

    return record_put(db, &setting_record, &setting, err);
}

bool settings_get_text(struct db *db, struct arena *arena, const char *key, const char *fallback,
                       const char **value_out, struct error *err)
{
    struct setting setting;
    bool found = false;

    if (!get(db, arena, key, &setting, &found, err))
        return false;
    *value_out = found ? setting.words : fallback;
    return true;
}

bool settings_set_text(struct db *db, const char *key, const char *value, struct error *err)
{
    const struct setting setting = {.name = key, .words = value};

    return record_put(db, &setting_record, &setting, err);
}

bool settings_content_version(struct db *db, int64_t *version_out, struct error *err)
{
    return record_scalar(db, "SELECT value FROM counters WHERE name = 'content'", NULL, 0,
                         version_out, err);
}

bool settings_directory_version(struct db *db, int64_t *version_out, struct error *err)
{
    return record_scalar(db, "SELECT value FROM counters WHERE name = 'directory'", NULL, 0,
                         version_out, err);
}
