/* Bodies of the API and documents: every object of the input, by every form. What a form takes it
 * must write so that it takes it again, as it was. */
#include "core/json.h"
#include "server/content/forms.h"
#include "tests/fuzz/fuzz.h"

static const struct form *const forms[] = {&organisation_form, &portrait_form, &event_form,
                                           &announcement_form, &playlist_form, &rule_form,
                                           &screen_form,       &group_form,    &site_form};

static void write(const struct form *form, const void *value, struct strbuf *out)
{
    struct json_writer writer;

    json_writer_init(&writer, out);
    json_begin_object(&writer, NULL);
    form_encode(form, value, &writer);
    json_end_object(&writer);
}

static void try_form(const struct form *form, const cJSON *object)
{
    struct arena *arena = arena_create();
    void *first = arena_alloc(arena, form->size), *second = arena_alloc(arena, form->size);
    struct strbuf once, twice;
    struct error error;

    strbuf_init(&once);
    strbuf_init(&twice);
    if (form_decode(form, object, arena, first, &error)) {
        write(form, first, &once);
        cJSON *again = json_parse(once.bytes, once.length, once.length, &error);
        MUST(again != NULL);
        if (!form_decode(form, again, arena, second, &error)) {
            fprintf(stderr, "%s: %s (%s)\n%s\n", form->name, error.en, error.field, once.bytes);
            abort();
        }
        write(form, second, &twice);
        MUST(once.length == twice.length && memcmp(once.bytes, twice.bytes, once.length) == 0);
        cJSON_Delete(again);
    }
    strbuf_finish(&once);
    strbuf_finish(&twice);
    arena_destroy(arena);
}

static void try_all(const cJSON *value)
{
    for (size_t i = 0; cJSON_IsObject(value) && i < sizeof(forms) / sizeof(forms[0]); i++)
        try_form(forms[i], value);
    for (const cJSON *child = value->child; child != NULL; child = child->next)
        try_all(child);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error;
    cJSON *root = json_parse((const char *)data, size, 1 << 20, &error);

    if (root != NULL)
        try_all(root);
    cJSON_Delete(root);
    return 0;
}
