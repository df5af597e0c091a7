#include "server/content/form_draft.h"

#include <stdlib.h>

static void note(struct form_problems *problems, const struct error *err)
{
    if (problems->count < FORM_PROBLEMS_MAX) {
        problems->items[problems->count++] = *err;
    }
}

/* A form of this field alone, that need not be there, reads the member or says why not. */
static bool decode_one(const struct form_field *field, const cJSON *object, struct arena *arena,
                       void *out, struct error *err)
{
    struct form_field lone = *field;
    lone.required = false;
    struct form form = {.name = "", .fields = &lone, .field_count = 1};
    return form_decode(&form, object, arena, out, err);
}

static void decode_member(const struct form_field *field, cJSON *item, struct arena *arena,
                          void *out, struct form_problems *problems)
{
    struct error err = {0};
    cJSON *lone = cJSON_CreateObject();
    if (lone == NULL) {
        abort();
    }
    bool there = item != NULL && !cJSON_IsNull(item) && !field->read_only && !field->derived;
    if (there && !cJSON_AddItemReferenceToObject(lone, field->name, item)) {
        abort();
    }
    if (!decode_one(field, lone, arena, out, &err)) {
        if (there) {
            note(problems, &err);
        }
        cJSON_DeleteItemFromObjectCaseSensitive(lone, field->name);
        if (!decode_one(field, lone, arena, out, &err) && !there) {
            note(problems, &err);
        }
    }
    cJSON_Delete(lone);
}

void form_decode_draft(const struct form *form, const cJSON *object, struct arena *arena, void *out,
                       struct form_problems *problems)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const struct form_field *field = &form->fields[i];
        cJSON *item = cJSON_GetObjectItemCaseSensitive(object, field->name);
        if (field->type != FORM_GROUP) {
            decode_member(field, item, arena, out, problems);
            continue;
        }
        size_t before = problems->count;
        form_decode_draft(field->group, item, arena, out, problems);
        for (size_t k = before; k < problems->count; k++) {
            error_field(&problems->items[k], field->name);
        }
    }
}
