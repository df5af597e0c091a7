#include "server/records/replacing.h"

#include <string.h>

#include "core/hash.h"
#include "server/records/workflow_private.h"
#include "server/store/accounts.h"

#define HASH_LENGTH (SHA256_HEX_SIZE - 1)

struct pair {
    const char *old, *with; /* with NULL: there is no such page */
    int64_t page;
};

struct pair_list {
    size_t count;
    struct pair *items;
};

struct replacing {
    struct db *db;
    struct arena *arena;
    const struct user *user;
    int64_t now_ms;
    struct pair_list pairs;
};

/* The item itself, and what was made of it that records can name. */
static bool make_pairs(struct replacing *work, const struct media_item *old,
                       const struct media_item *with, struct error *err)
{
    struct rendition_list before, after;

    if (!renditions_list(work->db, work->arena, old->sha256, &before, err) ||
        !renditions_list(work->db, work->arena, with->sha256, &after, err))
        return false;
    struct pair *pairs = arena_array(work->arena, before.count + 1, sizeof(*pairs));
    pairs[0] = (struct pair){old->sha256, with->sha256, 0};
    for (size_t i = 0; i < before.count; i++) {
        const struct rendition *one = &before.items[i];
        pairs[i + 1] = (struct pair){one->sha256, NULL, one->page};
        for (size_t j = 0; j < after.count; j++) {
            if (strcmp(after.items[j].role, one->role) == 0 && after.items[j].page == one->page)
                pairs[i + 1].with = after.items[j].sha256;
        }
    }
    work->pairs = (struct pair_list){before.count + 1, pairs};
    return true;
}

/* In one pass: what stands in for one page may be what stood for another. *missing_out is the page
 * that the document shows and the new media does not have, else 0. */
static const char *exchanged(const struct replacing *work, const char *document,
                             int64_t *missing_out)
{
    char *copy = arena_strdup(work->arena, document);

    *missing_out = 0;
    for (char *at = copy; strlen(at) >= HASH_LENGTH; at++) {
        for (size_t i = 0; i < work->pairs.count; i++) {
            const struct pair *pair = &work->pairs.items[i];
            if (memcmp(at, pair->old, HASH_LENGTH) != 0)
                continue;
            if (pair->with != NULL)
                memcpy(at, pair->with, HASH_LENGTH);
            else
                *missing_out = pair->page > 0 ? pair->page : 1;
            at += HASH_LENGTH - 1;
            break;
        }
    }
    return copy;
}

static bool may(struct replacing *work, const struct resource *resource,
                const struct loaded *record, const char *title, struct error *err)
{
    enum permission permission = record->state.live ? PERMISSION_PUBLISH : resource->write;
    struct text_list sites = {1, (const char **)(uintptr_t)&record->row.site};

    if (resource->sites != NULL && record->entity != NULL &&
        !resource->sites(work->db, work->arena, record->entity, &sites, err))
        return false;
    return auth_allows(work->user, permission,
                       &(struct auth_subject){sites.count, sites.items, NULL}) ||
           error_set(err, ERROR_DENIED,
                     "ce média sert à « %.100s », que vous n’avez pas le droit de %s : demandez à "
                     "quelqu’un qui publie%.0s",
                     "this media is used by \"%.100s\", which you may not %.0s%s: ask somebody who "
                     "publishes",
                     title, record->state.live ? "publier" : "modifier",
                     record->state.live ? "publish" : "change");
}

static bool put_entity(struct replacing *work, const struct resource *resource,
                       const struct loaded *record, const char *document, struct error *err)
{
    void *value;

    if (!resource_decode(resource, document, strlen(document), work->arena, &value, err))
        return false;
    if (resource->has_state)
        *(enum state *)(void *)((char *)value + resource->state_offset) = record->entity_state;
    return resource->put(work->db, work->arena, value, work->now_ms, err);
}

/* As an edit of the working copy: an approval was of something else. */
static void put_copy(struct replacing *work, struct loaded *record, const char *document)
{
    struct record_row *row = &record->row;
    enum state state = record->state.state;

    row->document = document;
    if (state == STATE_SUBMITTED || state == STATE_APPROVED) {
        row->state = state_tag(STATE_DRAFT);
        row->submitter = "";
        row->reviewer = "";
    }
    row->editor = work->user->name;
    if (!workflow_wrote(row, work->user->name))
        row->editors = arena_printf(work->arena, "%s%s%s", row->editors,
                                    row->editors[0] != '\0' ? "\n" : "", work->user->name);
}

static bool note(struct replacing *work, const struct resource *resource, struct loaded *record,
                 const char *document, struct error *err)
{
    struct record_row *row = &record->row;

    row->updated_ms = work->now_ms;
    if (row->title[0] == '\0')
        row->title = workflow_title(document, row->id, work->arena);
    return records_put(work->db, row, err) &&
           revisions_add(work->db,
                         &(struct revision_row){.kind = resource->kind,
                                                .id = row->id,
                                                .time_ms = work->now_ms,
                                                .user = work->user->name,
                                                .action = "replace",
                                                .reason = "",
                                                .document = document},
                         err) &&
           audit_add(work->db,
                     &(struct audit_entry){
                         .time_ms = work->now_ms,
                         .user = work->user->name,
                         .action = arena_printf(work->arena, "%s.replace", resource->kind),
                         .subject = row->id,
                         .detail = row->title},
                     err);
}

static bool replace_in(struct replacing *work, const struct media_use *use, struct error *err)
{
    const struct resource *resource = resource_find(use->kind);
    struct loaded record;
    int64_t missing[2];

    if (resource == NULL)
        return error_set(
            err, ERROR_CONFLICT, "ce média sert au modèle « %.100s », qui ne se change pas ici",
            "this media is used by the layout \"%.100s\", which is not changed here", use->title);
    if (!workflow_load_parts(work->db, work->arena, resource, use->id, &record, err) ||
        !may(work, resource, &record, use->title, err))
        return false;
    const char *entity = exchanged(work, record.entity_document, &missing[0]);
    const char *copy = exchanged(work, record.row.document, &missing[1]);
    if (missing[0] != 0 || missing[1] != 0)
        return error_set(err, ERROR_CONFLICT,
                         "« %.100s » montre la page %d, que le nouveau document n’a pas",
                         "\"%.100s\" shows page %d, which the new document has not", use->title,
                         (int)(missing[0] != 0 ? missing[0] : missing[1]));
    if (strcmp(entity, record.entity_document) != 0 &&
        !put_entity(work, resource, &record, entity, err))
        return false;
    if (strcmp(copy, record.row.document) != 0)
        put_copy(work, &record, copy);
    return note(work, resource, &record, copy[0] != '\0' ? copy : entity, err);
}

static bool done_before(const struct media_use_list *lists, size_t list,
                        const struct media_use *use)
{
    for (size_t i = 0; i < list; i++) {
        for (size_t j = 0; j < lists[i].count; j++) {
            if (strcmp(lists[i].items[j].kind, use->kind) == 0 &&
                strcmp(lists[i].items[j].id, use->id) == 0)
                return true;
        }
    }
    return false;
}

/* All uses are known before the first is changed: afterwards they name other hashes. */
static bool replace_all(struct replacing *work, struct error *err)
{
    size_t count = work->pairs.count;
    struct media_use_list *lists = arena_array(work->arena, count, sizeof(*lists));

    for (size_t i = 0; i < count; i++) {
        if (!media_uses(work->db, work->arena, work->pairs.items[i].old, &lists[i], err))
            return false;
        if (lists[i].count == MEDIA_USES_MAX)
            return error_set(err, ERROR_LIMIT, "ce média sert à plus de %d fiches",
                             "this media is used by more than %d records", MEDIA_USES_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < lists[i].count; j++) {
            const struct media_use *use = &lists[i].items[j];
            if (!done_before(lists, i, use) && !replace_in(work, use, err))
                return false;
        }
    }
    return true;
}

static bool check(const struct media_item *old, const struct media_item *with, struct error *err)
{
    if (strcmp(old->sha256, with->sha256) == 0)
        return error_set(err, ERROR_CONFLICT, "c’est le même fichier : il n’y a rien à remplacer",
                         "this is the same file: there is nothing to replace");
    if (old->kind != with->kind)
        return error_set(
            err, ERROR_CONFLICT,
            "un média ne se remplace que par un autre de la même sorte : une image par "
            "une image, un film par un film",
            "a media is replaced only by another of its kind: a picture by a picture, "
            "a film by a film");
    return with->state == ITEM_READY ||
           error_set(err, ERROR_CONFLICT,
                     "« %.100s » n’est pas prêt ; attendez la fin de sa préparation",
                     "\"%.100s\" is not ready; wait until it is prepared", with->name);
}

bool media_replace(struct db *db, struct arena *arena, const struct user *user,
                   const struct media_item *old, const struct media_item *with, int64_t now_ms,
                   struct error *err)
{
    struct replacing work = {.db = db, .arena = arena, .user = user, .now_ms = now_ms};
    bool own;

    if (!check(old, with, err) || !db_join(db, &own, err))
        return false;
    bool ok = make_pairs(&work, old, with, err) && replace_all(&work, err) &&
              audit_add(db,
                        &(struct audit_entry){.time_ms = now_ms,
                                              .user = user->name,
                                              .action = "media.replace",
                                              .subject = old->sha256,
                                              .detail = with->sha256},
                        err);
    return db_leave(db, own, ok, err);
}
