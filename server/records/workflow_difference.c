#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "server/records/workflow.h"

#define DOCUMENT_MAX (1024 * 1024)
#define FIELDS_MAX 256

static const char *printed(const cJSON *value, struct arena *arena)
{
    char *text = value != NULL ? cJSON_PrintUnformatted(value) : NULL;
    const char *kept = arena_strdup(arena, text != NULL ? text : "null");

    cJSON_free(text);
    return kept;
}

/* Objects are compared member by member, all else whole. */
static void compare(const char *field, const cJSON *before, const cJSON *after, struct arena *arena,
                    struct difference_list *out);

static void compare_members(const char *prefix, const cJSON *before, const cJSON *after,
                            struct arena *arena, struct difference_list *out)
{
    const char *dot = *prefix != '\0' ? "." : "";
    const cJSON *member;

    cJSON_ArrayForEach(member, after)
    {
        compare(arena_printf(arena, "%s%s%s", prefix, dot, member->string),
                cJSON_GetObjectItemCaseSensitive(before, member->string), member, arena, out);
    }
    cJSON_ArrayForEach(member, before)
    {
        if (cJSON_GetObjectItemCaseSensitive(after, member->string) == NULL)
            compare(arena_printf(arena, "%s%s%s", prefix, dot, member->string), member, NULL, arena,
                    out);
    }
}

static void compare(const char *field, const cJSON *before, const cJSON *after, struct arena *arena,
                    struct difference_list *out)
{
    if (cJSON_IsObject(before) && cJSON_IsObject(after)) {
        compare_members(field, before, after, arena, out);
        return;
    }
    const char *was = printed(before, arena), *is = printed(after, arena);
    if (strcmp(was, is) != 0 && out->count < FIELDS_MAX)
        out->items[out->count++] = (struct difference){field, was, is};
}

bool workflow_difference(const struct record_state *state, struct arena *arena,
                         struct difference_list *out, struct error *err)
{
    const char *published = state->published[0] != '\0' ? state->published : "{}";
    cJSON *before = json_parse(published, strlen(published), DOCUMENT_MAX, err);
    cJSON *after = before != NULL
                       ? json_parse(state->document, strlen(state->document), DOCUMENT_MAX, err)
                       : NULL;

    *out = (struct difference_list){.items =
                                        arena_array(arena, FIELDS_MAX, sizeof(struct difference))};
    if (after != NULL)
        compare_members("", before, after, arena, out);
    cJSON_Delete(before);
    cJSON_Delete(after);
    return after != NULL;
}
