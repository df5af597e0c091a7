#include "server/store/looks.h"

#include "server/store/record.h"

static const struct field layout_fields[] = {
    FIELD(layout_record, id, FIELD_TEXT),
    FIELD(layout_record, title, FIELD_TEXT),
    FIELD(layout_record, document, FIELD_TEXT),
    FIELD_QUIET(layout_record, updated_ms, FIELD_INT64),
};

static const struct record layout_record_record = {
    .table = "layouts",
    .noun_fr = "mise en page",
    .noun_en = "layout",
    .size = sizeof(struct layout_record),
    RECORD_FIELDS(layout_fields),
    .key_count = 1,
    .content = true,
};

static const struct field template_fields[] = {
    FIELD(template_record, name, FIELD_TEXT),
    FIELD(template_record, document, FIELD_TEXT),
    FIELD_QUIET(template_record, updated_ms, FIELD_INT64),
};

static const struct record template_record_record = {
    .table = "templates",
    .noun_fr = "modèle",
    .noun_en = "template",
    .size = sizeof(struct template_record),
    RECORD_FIELDS(template_fields),
    .key_count = 1,
    .content = true,
};

bool layouts_upsert(struct db *db, struct arena *arena, const struct layout_record *layout,
                    enum upsert_result *out, struct error *err)
{
    return record_upsert(db, &layout_record_record, arena, layout, out, err);
}

bool layouts_get(struct db *db, struct arena *arena, const char *id, struct layout_record *out,
                 struct error *err)
{
    return record_get(db, &layout_record_record, arena, id, out, err);
}

bool layouts_list(struct db *db, struct arena *arena, struct layout_record_list *out,
                  struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &layout_record_record, arena, "ORDER BY id", NULL, 0, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}

bool templates_upsert(struct db *db, struct arena *arena, const struct template_record *template,
                      enum upsert_result *out, struct error *err)
{
    return record_upsert(db, &template_record_record, arena, template, out, err);
}

bool templates_list(struct db *db, struct arena *arena, struct template_record_list *out,
                    struct error *err)
{
    void *items = NULL;
    bool ok = record_list(db, &template_record_record, arena, "ORDER BY name", NULL, 0, &items,
                          &out->count, err);

    out->items = items;
    return ok;
}
