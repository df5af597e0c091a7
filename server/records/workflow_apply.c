#include <assert.h>
#include <string.h>

#include "server/records/workflow_private.h"
#include "server/store/accounts.h"
#include "server/store/fleet.h"
#include "server/store/programming.h"

#define REASON_MAX 1000          /* bytes */
#define EMERGENCY_IDS "urgence-" /* server/fleet/emergency.h */

/* One step under way, in its transaction. */
struct work {
    struct db *db;
    struct arena *arena;
    const struct user *user;
    const struct workflow_step *step;
    const struct resource *resource;
    int64_t now_ms;
    struct loaded now;     /* as it was before */
    struct record_row row; /* as it is to be */
    const void *value;     /* CREATE, EDIT, RESTORE */
    const char *document;  /* of value, or as it was */
};

/* --- what is refused ------------------------------------------------------------------------- */

static bool not_there(const struct work *work, struct error *err)
{
    return error_set(err, ERROR_NOT_FOUND, "%s introuvable%.0s : « %s »",
                     "%.0s%s not found: \"%s\"", work->resource->noun_fr, work->resource->noun_en,
                     work->step->id);
}

static bool impossible(const struct work *work, struct error *err)
{
    static const char *const fr[] = {"brouillon", "à valider", "validée", "publiée", "archivée"};
    static const char *const en[] = {"a draft", "submitted", "approved", "published", "archived"};
    enum state state = work->now.state.state;

    return error_set(err, ERROR_CONFLICT,
                     "« %s » n’est pas possible ici : la fiche est%.0s : %s%.0s",
                     "\"%s\" is not possible here: the record is%.0s%.0s %s",
                     workflow_action_tag(work->step->action), "", fr[state], en[state]);
}

/* --- who may --------------------------------------------------------------------------------- */

static bool add_sites(struct work *work, const void *value, struct text_list *sites,
                      struct error *err)
{
    struct text_list more = {0};

    if (work->resource->sites != NULL &&
        !work->resource->sites(work->db, work->arena, value, &more, err))
        return false;
    const char **items = arena_array(work->arena, sites->count + more.count + 1, sizeof(*items));
    for (size_t i = 0; i < sites->count; i++)
        items[i] = sites->items[i];
    for (size_t i = 0; i < more.count; i++)
        items[sites->count + i] = more.items[i];
    *sites = (struct text_list){sites->count + more.count, items};
    return true;
}

/* Sites of what is shown, of the working copy and of what it is to become: whoever changes a rule
 * touches the screens that it leaves as well. */
static bool touched_sites(struct work *work, struct text_list *sites, struct error *err)
{
    const struct loaded *now = &work->now;
    void *copy = NULL;

    *sites = (struct text_list){0};
    if (work->resource->sites == NULL) {
        const char **items = arena_array(work->arena, 1, sizeof(*items));
        items[0] = work->row.site;
        *sites = (struct text_list){1, items};
        return true;
    }
    if (now->entity != NULL && !add_sites(work, now->entity, sites, err))
        return false;
    if (now->state.document != now->entity_document && now->state.document[0] != '\0' &&
        (!resource_decode(work->resource, now->state.document, strlen(now->state.document),
                          work->arena, &copy, err) ||
         !add_sites(work, copy, sites, err)))
        return false;
    return work->value == NULL || add_sites(work, work->value, sites, err);
}

static bool may(struct work *work, struct error *err)
{
    enum permission permission = workflow_permission(work->resource, work->step->action);
    bool own =
        work->step->action == WORKFLOW_APPROVE && workflow_wrote(&work->now.row, work->user->name);
    struct text_list sites;

    if (!touched_sites(work, &sites, err))
        return false;
    struct auth_subject subject = {
        .site_count = sites.count, .sites = sites.items, .author = own ? work->user->name : ""};
    if (auth_allows(work->user, permission, &subject))
        return true;
    if (work->resource->hidden && work->step->action != WORKFLOW_CREATE &&
        !auth_allows(work->user, PERMISSION_READ, &subject))
        return not_there(work, err);
    if (own &&
        auth_allows(work->user, permission, &(struct auth_subject){sites.count, sites.items, NULL}))
        return error_set(
            err, ERROR_DENIED,
            "vous avez écrit une partie de ce texte : quelqu’un d’autre doit le valider",
            "you wrote a part of this text: somebody else has to approve it");
    return error_set(err, ERROR_DENIED, "vous n’avez pas le droit de faire cela ici",
                     "you may not do this here");
}

/* --- what is asked --------------------------------------------------------------------------- */

/* Whose a new record is to be. */
static bool choose_site(struct work *work, struct error *err)
{
    const struct user *user = work->user;
    const char *site = work->step->site;
    struct error cause;
    struct site known;

    if (site == NULL && user->sites.count > 1) {
        error_set(err, ERROR_INVALID, "dites pour lequel de vos sites",
                  "say for which of your sites");
        return error_field(err, "site");
    }
    if (site == NULL)
        site = user->sites.count == 1 ? user->sites.items[0] : "";
    work->row.site = site;
    if (site[0] == '\0' || sites_get(work->db, work->arena, site, &known, &cause))
        return true;
    if (cause.kind == ERROR_NOT_FOUND)
        error_set(&cause, ERROR_INVALID, "il n’y a pas de site « %s »", "there is no site \"%s\"",
                  site);
    if (err != NULL)
        *err = cause;
    return error_field(err, "site");
}

static bool check_reason(const struct work *work, struct error *err)
{
    const char *reason = work->step->reason;

    if (reason == NULL || reason[strspn(reason, " \n\t")] == '\0')
        error_set(err, ERROR_INVALID, "dites pourquoi", "say why");
    else if (strlen(reason) > REASON_MAX)
        error_set(err, ERROR_INVALID, "ce texte est trop long", "this text is too long");
    else
        return true;
    return error_field(err, "reason");
}

static bool take_revision(struct work *work, struct error *err)
{
    struct revision_row revision;
    struct error cause;
    void *value;

    if (!revisions_get(work->db, work->arena, work->resource->kind, work->step->id,
                       work->step->revision, &revision, &cause)) {
        if (cause.kind == ERROR_NOT_FOUND)
            error_set(&cause, ERROR_INVALID, "il n’y a pas de version %lld",
                      "there is no revision %lld", (long long)work->step->revision);
        if (err != NULL)
            *err = cause;
        return error_field(err, "revision");
    }
    if (!resource_decode(work->resource, revision.document, strlen(revision.document), work->arena,
                         &value, err))
        return false;
    work->value = value;
    return true;
}

static bool check_id(const struct work *work, struct error *err)
{
    const char *id = *(const char *const *)(const void *)((const char *)work->value +
                                                          work->resource->form->fields[0].offset);

    if (strcmp(id, work->step->id) == 0)
        return true;
    error_set(err, ERROR_INVALID, "l’identifiant d’une fiche ne change pas",
              "a record's id never changes");
    return error_field(err, work->resource->form->fields[0].name);
}

static bool take_value(struct work *work, struct error *err)
{
    enum workflow_action action = work->step->action;
    struct strbuf document;

    work->document = work->now.state.document;
    if (action == WORKFLOW_RETURN && !check_reason(work, err))
        return false;
    if (action == WORKFLOW_RESTORE && !take_revision(work, err))
        return false;
    if (action == WORKFLOW_CREATE || action == WORKFLOW_EDIT)
        work->value = work->step->value;
    if (work->value == NULL)
        return true;
    if (!check_id(work, err))
        return false;
    strbuf_init(&document);
    resource_encode(work->resource, work->value, &document);
    work->document = arena_strndup(work->arena, document.bytes, document.length);
    strbuf_finish(&document);
    return true;
}

/* --- the step itself ------------------------------------------------------------------------- */

static void no_copy(struct record_row *row)
{
    row->state = "";
    row->document = "";
    row->editors = "";
    row->submitter = "";
    row->reason = "";
}

/* Puts the record into its own table in that state. */
static bool put(struct work *work, void *value, enum state state, struct error *err)
{
    const struct resource *resource = work->resource;

    if (resource->has_state)
        *(enum state *)(void *)((char *)value + resource->state_offset) = state;
    return resource->put(work->db, work->arena, value, work->now_ms, err);
}

static bool publish(struct work *work, struct error *err)
{
    const struct resource *resource = work->resource;
    void *value;

    if (!resource_decode(resource, work->document, strlen(work->document), work->arena, &value,
                         err) ||
        (resource->publishable != NULL &&
         !resource->publishable(work->db, work->arena, value, work->now_ms, err)) ||
        !put(work, value, STATE_PUBLISHED, err))
        return false;
    no_copy(&work->row);
    work->row.published = true;
    return true;
}

static bool archive(struct work *work, struct error *err)
{
    const struct resource *resource = work->resource;
    const struct loaded *now = &work->now;

    if (now->entity != NULL)
        work->document = now->entity_document;
    no_copy(&work->row);
    if (now->entity != NULL && resource->has_state)
        return put(work, now->entity, STATE_ARCHIVED, err);
    work->row.state = state_tag(STATE_ARCHIVED);
    work->row.document = work->document;
    return now->entity == NULL || resource->remove(work->db, work->arena, work->step->id, err);
}

/* The published version at once, and the working copy, so that it does not call it back. */
static bool cancel(struct work *work, struct error *err)
{
    const struct resource *resource = work->resource;
    struct strbuf document;
    void *copy;

    resource->cancel(work->now.entity);
    if (!put(work, work->now.entity, STATE_PUBLISHED, err))
        return false;
    if (work->now.state.working_copy &&
        !resource_decode(resource, work->document, strlen(work->document), work->arena, &copy, err))
        return false;
    if (work->now.state.working_copy)
        resource->cancel(copy);
    else
        copy = work->now.entity;
    strbuf_init(&document);
    resource_encode(resource, copy, &document);
    work->document = arena_strndup(work->arena, document.bytes, document.length);
    strbuf_finish(&document);
    if (work->now.state.working_copy)
        work->row.document = work->document;
    return true;
}

static bool erase(struct work *work, struct error *err)
{
    const struct loaded *now = &work->now;
    bool once_shown =
        now->row.published || (now->entity != NULL && now->entity_state == STATE_ARCHIVED);

    if (once_shown && !work->resource->direct)
        return error_set(err, ERROR_CONFLICT, "ce qui a été publié ne s’efface pas : archivez-le",
                         "what was published is not deleted: archive it");
    return (now->entity == NULL ||
            work->resource->remove(work->db, work->arena, work->step->id, err)) &&
           records_delete(work->db, work->resource->kind, work->step->id, err);
}

static void note_editor(struct work *work, bool anew)
{
    struct record_row *row = &work->row;

    if (anew || row->editors[0] == '\0')
        row->editors = work->user->name;
    else if (!workflow_wrote(row, work->user->name))
        row->editors = arena_printf(work->arena, "%s\n%s", row->editors, work->user->name);
}

/* What was approved or published is somebody's word already: only who changes it from there on
 * cannot approve it. */
static void write_copy(struct work *work, enum state next)
{
    struct record_row *row = &work->row;

    note_editor(work, !work->now.state.working_copy || work->now.state.state == STATE_APPROVED);
    row->state = state_tag(next);
    row->document = work->document;
    row->editor = work->user->name;
    if (work->now.state.state == STATE_APPROVED || !work->now.state.working_copy) {
        row->reviewer = "";
        row->reason = "";
    }
}

static bool act(struct work *work, enum state next, struct error *err)
{
    struct record_row *row = &work->row;

    switch (work->step->action) {
    case WORKFLOW_CREATE:
    case WORKFLOW_EDIT:
    case WORKFLOW_RESTORE:
    case WORKFLOW_REVIVE:
        write_copy(work, next);
        return true;
    case WORKFLOW_SUBMIT:
        row->submitter = work->user->name;
        row->reviewer = "";
        row->reason = "";
        break;
    case WORKFLOW_WITHDRAW:
        if (strcmp(row->submitter, work->user->name) != 0)
            return error_set(err, ERROR_DENIED, "seule la personne qui a soumis la fiche la retire",
                             "only who submitted the record withdraws it");
        break;
    case WORKFLOW_APPROVE:
        row->reviewer = work->user->name;
        row->reason = "";
        break;
    case WORKFLOW_RETURN:
        row->reviewer = work->user->name;
        row->reason = work->step->reason;
        break;
    case WORKFLOW_PUBLISH:
        return publish(work, err);
    case WORKFLOW_ARCHIVE:
        return archive(work, err);
    case WORKFLOW_DISCARD:
        no_copy(row);
        work->document = work->now.entity_document;
        return true;
    case WORKFLOW_CANCEL:
        return cancel(work, err);
    case WORKFLOW_DELETE:
        return erase(work, err);
    case WORKFLOW_ACTIONS:
        assert(false);
    }
    row->state = state_tag(next);
    row->document = work->document;
    return true;
}

/* Screens, groups and sites: what is written is so. */
static bool act_directly(struct work *work, struct error *err)
{
    switch (work->step->action) {
    case WORKFLOW_CREATE:
    case WORKFLOW_EDIT:
    case WORKFLOW_RESTORE:
        work->row.editor = work->user->name;
        return work->resource->put(work->db, work->arena, work->value, work->now_ms, err);
    case WORKFLOW_DELETE:
        return erase(work, err);
    default:
        return impossible(work, err);
    }
}

static bool note(struct work *work, struct error *err)
{
    const struct workflow_step *step = work->step;
    const char *action = workflow_action_tag(step->action);
    const char *reason = step->action == WORKFLOW_RETURN ? step->reason : "";
    struct record_row *row = &work->row;

    row->title = workflow_title(work->document, step->id, work->arena);
    row->updated_ms = work->now_ms;
    if (step->action == WORKFLOW_CREATE) {
        row->author = work->user->name;
        row->created_ms = work->now_ms;
    }
    return (step->action == WORKFLOW_DELETE || records_put(work->db, row, err)) &&
           revisions_add(work->db,
                         &(struct revision_row){.kind = work->resource->kind,
                                                .id = step->id,
                                                .time_ms = work->now_ms,
                                                .user = work->user->name,
                                                .action = action,
                                                .reason = reason,
                                                .document = work->document},
                         err) &&
           audit_add(work->db,
                     &(struct audit_entry){
                         .time_ms = work->now_ms,
                         .user = work->user->name,
                         .action = arena_printf(work->arena, "%s.%s", work->resource->kind, action),
                         .subject = step->id,
                         .detail = reason[0] != '\0' ? reason : row->title},
                     err);
}

/* An edit that changes nothing is none: it takes no approval back. */
static bool same(const struct work *work)
{
    return (work->step->action == WORKFLOW_EDIT || work->step->action == WORKFLOW_RESTORE) &&
           strcmp(work->document, work->now.state.document) == 0;
}

/* Emergencies have an announcement, a playlist and a rule, but another way and another right. */
static bool is_emergency(const struct work *work)
{
    const struct rule *rule = work->now.entity;

    return strncmp(work->step->id, EMERGENCY_IDS, strlen(EMERGENCY_IDS)) == 0 ||
           (work->resource == &resource_rule && rule != NULL && rule->class == RULE_EMERGENCY);
}

static bool check(struct work *work, enum state *next_out, struct error *err)
{
    const struct workflow_step *step = work->step;
    const struct record_state *state = &work->now.state;
    bool there = state->document[0] != '\0', create = step->action == WORKFLOW_CREATE;

    if (is_emergency(work))
        return error_set(err, ERROR_CONFLICT,
                         "« %s » est une urgence : elle se lance et se termine parmi les urgences",
                         "\"%s\" is an emergency: it begins and ends among the emergencies",
                         step->id);
    if (there && create)
        return error_set(err, ERROR_CONFLICT, "« %s » existe déjà", "\"%s\" exists already",
                         step->id);
    if (!there && !create)
        return not_there(work, err);
    if ((create && !choose_site(work, err)) || !take_value(work, err) || !may(work, err))
        return false;
    if (step->expected != NULL && strcmp(step->expected, state->etag) != 0)
        return error_set(err, ERROR_STALE,
                         "quelqu’un l’a modifiée entre-temps : relisez-la d’abord",
                         "somebody has changed it meanwhile: read it again first");
    if (work->resource->direct)
        return true;
    return (workflow_next(work->resource->reviewed, create ? STATE_DRAFT : state->state,
                          state->live, step->action, next_out) &&
            (step->action != WORKFLOW_CANCEL || work->resource->cancel != NULL)) ||
           impossible(work, err);
}

bool workflow_apply(struct db *db, struct arena *arena, const struct user *user,
                    const struct workflow_step *step, int64_t now_ms, struct record_state *out,
                    struct error *err)
{
    struct work work = {.db = db,
                        .arena = arena,
                        .user = user,
                        .step = step,
                        .resource = step->resource,
                        .now_ms = now_ms};
    enum state next = STATE_DRAFT;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = workflow_load_parts(db, arena, step->resource, step->id, &work.now, err);
    work.row = work.now.row;
    ok = ok && check(&work, &next, err);
    if (ok && !same(&work))
        ok = (step->resource->direct ? act_directly(&work, err) : act(&work, next, err)) &&
             note(&work, err);
    ok = ok && workflow_load_parts(db, arena, step->resource, step->id, &work.now, err);
    *out = work.now.state;
    return db_leave(db, own, ok, err);
}
