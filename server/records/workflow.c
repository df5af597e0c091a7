#include "server/records/workflow.h"

#include <string.h>

#include "core/hash.h"
#include "server/records/workflow_private.h"

#define DOCUMENT_MAX (1024 * 1024)

bool workflow_wrote(const struct record_row *row, const char *user)
{
    size_t length = strlen(user);

    for (const char *name = row->editors; *name != '\0'; name += *name == '\n') {
        size_t span = strcspn(name, "\n");
        if (span == length && memcmp(name, user, span) == 0)
            return true;
        name += span;
    }
    return false;
}

const char *workflow_title(const char *document, const char *id, struct arena *arena)
{
    static const char *const keys[] = {"title", "nom", "name", "leader_name", NULL};
    struct error ignored;
    const char *title = id;
    cJSON *json = json_parse(document, strlen(document), DOCUMENT_MAX, &ignored);

    for (int i = 0; json != NULL && keys[i] != NULL; i++) {
        const cJSON *member = cJSON_GetObjectItemCaseSensitive(json, keys[i]);
        if (!cJSON_IsString(member) || member->valuestring[0] == '\0')
            continue;
        title = arena_strdup(arena, member->valuestring);
        break;
    }
    cJSON_Delete(json);
    return title;
}

static bool load_row(struct db *db, struct arena *arena, const char *kind, const char *id,
                     struct record_row *out, struct error *err)
{
    struct error cause;

    if (records_get(db, arena, kind, id, out, &cause))
        return true;
    *out = (struct record_row){.kind = kind,
                               .id = id,
                               .state = "",
                               .document = "",
                               .title = "",
                               .site = "",
                               .author = "",
                               .editor = "",
                               .editors = "",
                               .submitter = "",
                               .reviewer = "",
                               .reason = ""};
    if (cause.kind == ERROR_NOT_FOUND)
        return true;
    if (err != NULL)
        *err = cause;
    return false;
}

static bool load_entity(struct db *db, struct arena *arena, const struct resource *resource,
                        const char *id, struct loaded *out, struct error *err)
{
    void *value = arena_alloc(arena, resource->form->size);
    struct error cause;
    struct strbuf document;

    out->entity = NULL;
    out->entity_document = "";
    if (!resource->get(db, arena, id, value, &cause)) {
        if (cause.kind == ERROR_NOT_FOUND)
            return true;
        if (err != NULL)
            *err = cause;
        return false;
    }
    out->entity = value;
    out->entity_state =
        resource->has_state
            ? *(const enum state *)(const void *)((const char *)value + resource->state_offset)
            : STATE_PUBLISHED;
    strbuf_init(&document);
    resource_encode(resource, value, &document);
    out->entity_document = arena_strndup(arena, document.bytes, document.length);
    strbuf_finish(&document);
    return true;
}

static void make_etag(struct record_state *state)
{
    const char *const texts[] = {state->document, state->published, state->site,  state->author,
                                 state->editor,   state->reviewer,  state->reason};
    char hex[SHA256_HEX_SIZE];
    struct sha256 sum;
    struct strbuf all;

    strbuf_init(&all);
    strbuf_printf(&all, "%d %d %d %lld", (int)state->state, state->live, state->working_copy,
                  (long long)state->updated_ms);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        strbuf_append_char(&all, '\0');
        strbuf_append(&all, texts[i]);
    }
    sha256_of(all.bytes, all.length, &sum);
    strbuf_finish(&all);
    sha256_to_hex(&sum, hex);
    memcpy(state->etag, hex, RESOURCE_ETAG_SIZE - 1);
    state->etag[RESOURCE_ETAG_SIZE - 1] = '\0';
}

static void describe(const struct resource *resource, struct loaded *loaded)
{
    const struct record_row *row = &loaded->row;
    struct record_state *state = &loaded->state;
    /* Without a state of its own an archived record lies in the row; an import may bring it back.
     */
    bool copy = row->document[0] != '\0' && state_parse(row->state, &state->state) &&
                !(state->state == STATE_ARCHIVED && loaded->entity != NULL);

    if (!copy)
        state->state = loaded->entity != NULL ? loaded->entity_state : STATE_DRAFT;
    state->live = loaded->entity != NULL && loaded->entity_state == STATE_PUBLISHED;
    state->working_copy = copy && state->state != STATE_ARCHIVED;
    state->document = copy ? row->document : loaded->entity_document;
    state->published = state->live ? loaded->entity_document : "";
    state->site = row->site;
    state->author = row->author;
    state->editor = row->editor;
    state->reviewer = row->reviewer;
    state->reason = row->reason;
    state->created_ms = row->created_ms;
    state->updated_ms = row->updated_ms;
    if (resource->direct)
        state->state = STATE_PUBLISHED;
    make_etag(state);
}

bool workflow_load_parts(struct db *db, struct arena *arena, const struct resource *resource,
                         const char *id, struct loaded *out, struct error *err)
{
    if (!load_row(db, arena, resource->kind, id, &out->row, err) ||
        !load_entity(db, arena, resource, id, out, err))
        return false;
    describe(resource, out);
    return true;
}

bool workflow_load(struct db *db, struct arena *arena, const struct resource *resource,
                   const char *id, struct record_state *out, struct error *err)
{
    struct loaded loaded;

    if (!workflow_load_parts(db, arena, resource, id, &loaded, err))
        return false;
    *out = loaded.state;
    return out->document[0] != '\0' ||
           error_set(err, ERROR_NOT_FOUND, "%s introuvable%.0s : « %s »",
                     "%.0s%s not found: \"%s\"", resource->noun_fr, resource->noun_en, id);
}

bool workflow_history(struct db *db, struct arena *arena, const char *kind, const char *id,
                      int64_t before, size_t limit, struct revision_list *out, struct error *err)
{
    struct revision_row_list rows;

    if (!revisions_list(db, arena, kind, id, before, limit, &rows, err))
        return false;
    out->count = rows.count;
    out->items = arena_array(arena, rows.count, sizeof(*out->items));
    for (size_t i = 0; i < rows.count; i++)
        out->items[i] = (struct revision){.number = rows.items[i].number,
                                          .time_ms = rows.items[i].time_ms,
                                          .user = rows.items[i].user,
                                          .action = rows.items[i].action,
                                          .reason = rows.items[i].reason,
                                          .document = rows.items[i].document};
    return true;
}

bool workflow_visible(struct db *db, struct arena *arena, const struct user *user,
                      const struct resource *resource, const char *id, struct error *err)
{
    struct text_list sites = {0};
    struct loaded loaded;

    if (!resource->hidden || user->sites.count == 0)
        return true;
    if (!workflow_load_parts(db, arena, resource, id, &loaded, err) ||
        (loaded.entity != NULL && !resource->sites(db, arena, loaded.entity, &sites, err)))
        return false;
    return auth_allows(user, PERMISSION_READ,
                       &(struct auth_subject){sites.count, sites.items, NULL}) ||
           error_set(err, ERROR_NOT_FOUND, "%s introuvable%.0s : « %s »",
                     "%.0s%s not found: \"%s\"", resource->noun_fr, resource->noun_en, id);
}

static bool has_own_site(const struct resource *resource)
{
    for (size_t i = 0; i < resource->form->field_count; i++)
        if (strcmp(resource->form->fields[i].name, "site") == 0)
            return true;
    return false;
}

void workflow_encode(const struct resource *resource, const struct record_state *state,
                     struct json_writer *writer)
{
    json_put_members(writer, state->document);
    json_put_string(writer, "state", state_tag(state->state));
    json_put_bool(writer, "live", state->live);
    json_put_bool(writer, "working_copy", state->working_copy);
    if (!has_own_site(resource))
        json_put_string(writer, "site", state->site);
    json_put_string(writer, "author", state->author);
    json_put_string(writer, "editor", state->editor);
    json_put_string(writer, "reviewer", state->reviewer);
    json_put_string(writer, "reason", state->reason);
    json_put_int(writer, "created_ms", state->created_ms);
    json_put_int(writer, "updated_ms", state->updated_ms);
}

bool workflow_may_approve(struct db *db, struct arena *arena, const struct user *user,
                          const struct record_row *row, bool *may_out, struct error *err)
{
    const struct resource *resource = resource_find(row->kind);
    struct text_list sites = {1, (const char **)(uintptr_t)&row->site};
    void *value;

    *may_out = false;
    if (resource == NULL)
        return true;
    if (resource->sites != NULL &&
        (!resource_decode(resource, row->document, strlen(row->document), arena, &value, err) ||
         !resource->sites(db, arena, value, &sites, err)))
        return false;
    *may_out =
        auth_allows(user, PERMISSION_VALIDATE,
                    &(struct auth_subject){sites.count, sites.items,
                                           workflow_wrote(row, user->name) ? user->name : ""});
    return true;
}
