#include "server/auth/people.h"

#include <string.h>

#include "core/utf8.h"
#include "server/auth/internal.h"
#include "server/auth/second_factor.h"
#include "server/store/fleet.h"

#define NAME_MAX_BYTES 64
#define TEXT_MAX_BYTES 254

static bool audit(struct db *db, const struct user *actor, const char *action, const char *name,
                  const char *detail, int64_t now_ms, struct error *err)
{
    return audit_add(db,
                     &(struct audit_entry){.time_ms = now_ms,
                                           .user = actor != NULL ? actor->name : "",
                                           .action = action,
                                           .subject = name,
                                           .detail = detail},
                     err);
}

/* The network's people are touched by who is bound to no site. */
static bool may_manage(const struct user *actor, const struct user *other)
{
    static const char *const network[] = {""};
    bool everywhere = other->sites.count == 0;

    return actor == NULL ||
           auth_allows(actor, PERMISSION_PEOPLE,
                       &(struct auth_subject){.site_count = everywhere ? 1 : other->sites.count,
                                              .sites = everywhere ? network : other->sites.items});
}

bool people_sees(const struct user *actor, const struct user *other)
{
    return may_manage(actor, other);
}

static bool find(struct db *db, struct arena *arena, const struct user *actor, const char *name,
                 struct user *out, struct error *err)
{
    if (!users_get(db, arena, name, out, err))
        return false;
    return may_manage(actor, out) ||
           error_set(err, ERROR_NOT_FOUND, "aucun compte « %s »", "no account \"%s\"", name);
}

static bool at_field(struct error *err, const char *field, bool never)
{
    error_field(err, field);
    return never;
}

/* It stands in paths, in the trail and in logins: no space, no slash, nothing unseen. */
static bool name_right(const char *name)
{
    const char *end = name + strlen(name);

    if (*name == '\0' || strlen(name) > NAME_MAX_BYTES || !utf8_valid(name, strlen(name)))
        return false;
    for (const char *at = name; at < end;) {
        uint32_t c = utf8_next(&at, end);
        if (!utf8_is_letter(c) && !utf8_is_digit(c) && (c >= 128 || strchr(".-_@", (int)c) == NULL))
            return false;
    }
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static bool line_right(const char *text)
{
    if (text == NULL)
        return true;
    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 127)
            return false;
    }
    return utf8_valid(text, strlen(text)) && strlen(text) <= TEXT_MAX_BYTES;
}

static bool email_right(const char *email)
{
    if (email == NULL || *email == '\0')
        return true;
    const char *sign = strchr(email, '@');
    return line_right(email) && sign != NULL && sign != email && sign[1] != '\0' &&
           strchr(sign + 1, '@') == NULL && strchr(email, ' ') == NULL;
}

static bool sites_known(struct db *db, struct arena *arena, const struct text_list *sites,
                        struct error *err)
{
    struct site site;

    for (size_t i = 0; i < sites->count; i++) {
        if (sites_get(db, arena, sites->items[i], &site, err))
            continue;
        if (err->kind != ERROR_NOT_FOUND)
            return false;
        error_set(err, ERROR_INVALID, "aucun site « %s »", "no site \"%s\"", sites->items[i]);
        error_field(err, "sites");
        return false;
    }
    return true;
}

static bool check(struct db *db, struct arena *arena, const struct user *user, struct error *err)
{
    if (!name_right(user->name))
        return at_field(
            err, "name",
            error_set(
                err, ERROR_INVALID,
                "un nom de compte a des lettres, des chiffres, « . », « - », « _ » ou « @ », "
                "64 octets au plus",
                "an account's name has letters, digits, \".\", \"-\", \"_\" or \"@\", 64 bytes "
                "at most"));
    if (!line_right(user->display))
        return at_field(err, "display",
                        error_set(err, ERROR_INVALID, "ce nom n’est pas une ligne de texte",
                                  "this name is no line of text"));
    if (!email_right(user->email))
        return at_field(err, "email",
                        error_set(err, ERROR_INVALID, "ce n’est pas une adresse de courriel",
                                  "this is no e-mail address"));
    if (!line_right(user->oidc_subject))
        return at_field(err, "oidc_subject",
                        error_set(err, ERROR_INVALID, "ce n’est pas un identifiant OpenID",
                                  "this is no OpenID subject"));
    return sites_known(db, arena, &user->sites, err);
}

/* What the account would get must be the actor's to give. */
static bool may_give(const struct user *actor, const struct user *user, bool alert_new,
                     struct error *err)
{
    if (actor == NULL)
        return true;
    for (int i = PERMISSION_SESSION; i < PERMISSIONS; i++) {
        if (auth_permits(user->role, (enum permission)i) &&
            !auth_permits(actor->role, (enum permission)i)) {
            error_set(err, ERROR_DENIED, "ce rôle donne plus de droits que vous n’en avez",
                      "this role gives more rights than you have");
            error_field(err, "role");
            return false;
        }
    }
    if (alert_new && !actor->alert) {
        error_set(err, ERROR_DENIED, "qui n’a pas le droit d’urgence ne peut pas le donner",
                  "who has no right to emergencies cannot give it");
        error_field(err, "alert");
        return false;
    }
    if (may_manage(actor, user))
        return true;
    error_set(err, ERROR_DENIED, "choisissez parmi vos propres sites, un au moins",
              "choose among your own sites, at least one");
    error_field(err, "sites");
    return false;
}

/* Who can log in as somebody has their rights: what leads to that is for who has them already. */
static bool may_stand_in(const struct user *actor, const struct user *other, struct error *err)
{
    return actor == NULL || actor->alert || !other->alert ||
           error_set(err, ERROR_DENIED,
                     "« %s » a le droit d’urgence, que vous n’avez pas : c’est à quelqu’un qui "
                     "l’a de faire cela",
                     "\"%s\" has the right to emergencies, which you have not: somebody who has "
                     "it does this",
                     other->name);
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static bool same_identity(const struct user *a, const struct user *b)
{
    return same_text(a->email, b->email) && same_text(a->oidc_subject, b->oidc_subject);
}

static const char *describe(struct arena *arena, const struct user *user)
{
    struct strbuf text;

    strbuf_init(&text);
    strbuf_append(&text, role_tag(user->role));
    for (size_t i = 0; i < user->sites.count; i++)
        strbuf_printf(&text, "%s%s", i == 0 ? " @ " : ",", user->sites.items[i]);
    if (user->alert)
        strbuf_append(&text, " +alert");
    if (!user->active)
        strbuf_append(&text, " closed");
    const char *copy = arena_strdup(arena, text.bytes);
    strbuf_finish(&text);
    return copy;
}

bool people_create(struct db *db, struct arena *arena, const struct user *actor,
                   const struct user *user, int64_t now_ms, struct error *err)
{
    struct user value = *user, existing;
    bool own;

    value.created_ms = now_ms;
    if (!db_join(db, &own, err))
        return false;
    bool ok = check(db, arena, user, err) && may_give(actor, user, user->alert, err);
    if (ok && users_get(db, arena, user->name, &existing, err)) {
        error_set(err, ERROR_CONFLICT, "le compte « %s » existe déjà",
                  "the account \"%s\" exists already", user->name);
        error_field(err, "name");
        ok = false;
    } else if (ok) {
        ok = err->kind == ERROR_NOT_FOUND && users_put(db, &value, err) &&
             audit(db, actor, "user.create", user->name, describe(arena, user), now_ms, err);
    }
    return db_leave(db, own, ok, err);
}

static bool same_list(const struct text_list *a, const struct text_list *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (strcmp(a->items[i], b->items[i]) != 0)
            return false;
    }
    return true;
}

static bool chief(const struct user *user)
{
    return user->role == ROLE_ADMINISTRATOR && user->active && user->sites.count == 0;
}

static bool not_the_last(struct db *db, const struct user *was, const struct user *becomes,
                         struct error *err)
{
    int64_t chiefs = 0;

    if (!chief(was) || chief(becomes))
        return true;
    if (!users_count_chiefs(db, &chiefs, err))
        return false;
    return chiefs > 1 ||
           error_set(err, ERROR_CONFLICT,
                     "« %s » est le dernier administrateur du réseau : nommez-en un autre d’abord",
                     "\"%s\" is the network's last administrator: name another one first",
                     was->name);
}

bool people_change(struct db *db, struct arena *arena, const struct user *actor,
                   const struct user *user, int64_t now_ms, struct error *err)
{
    struct user was, value;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = find(db, arena, actor, user->name, &was, err) && check(db, arena, user, err) &&
              may_give(actor, user, user->alert && !was.alert, err) &&
              (!user->alert || same_identity(user, &was) || may_stand_in(actor, &was, err)) &&
              not_the_last(db, &was, user, err);
    if (ok) {
        value = was;
        value.role = user->role;
        value.sites = user->sites;
        value.alert = user->alert;
        value.display = user->display;
        value.email = user->email;
        value.active = user->active;
        value.oidc_issuer = user->oidc_issuer;
        value.oidc_subject = user->oidc_subject;
        bool scope_changed = value.role != was.role || value.alert != was.alert ||
                             value.active != was.active || !same_list(&value.sites, &was.sites);
        ok = users_put(db, &value, err) &&
             (!scope_changed ||
              (sessions_delete_user(db, was.name, err) &&
               passes_delete_user(db, was.name, value.active ? "step" : NULL, err))) &&
             audit(db, actor, "user.change", was.name, describe(arena, &value), now_ms, err);
    }
    return db_leave(db, own, ok, err);
}

bool people_set_password(struct db *db, struct arena *arena, const char *name, const char *hash,
                         int64_t now_ms, const char *by, struct error *err)
{
    struct user user;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = users_get(db, arena, name, &user, err);
    user.password_hash = hash;
    ok = ok && users_put(db, &user, err) && sessions_delete_user(db, name, err) &&
         passes_delete_user(db, name, NULL, err) &&
         audit_add(db,
                   &(struct audit_entry){.time_ms = now_ms,
                                         .user = by,
                                         .action = "user.password",
                                         .subject = name,
                                         .detail = ""},
                   err);
    return db_leave(db, own, ok, err);
}

bool people_reset_begin(struct db *db, struct arena *arena, const struct user *actor,
                        const char *name, int64_t now_ms, char token_out[PEOPLE_TOKEN_SIZE],
                        struct error *err)
{
    char hash[SHA256_HEX_SIZE];
    struct user user;
    bool own;

    random_token(token_out, 32);
    auth_hash_token(token_out, hash);
    if (!db_join(db, &own, err))
        return false;
    bool ok = find(db, arena, actor, name, &user, err) && may_stand_in(actor, &user, err);
    if (ok && !user.active)
        ok = error_set(err, ERROR_CONFLICT, "ce compte est fermé : rouvrez-le d’abord",
                       "this account is closed: open it again first");
    ok = ok && passes_delete_user(db, user.name, "reset", err) &&
         passes_put(db,
                    &(struct pass){.token_hash = hash,
                                   .kind = "reset",
                                   .user = user.name,
                                   .created_ms = now_ms,
                                   .expires_ms = now_ms + PEOPLE_LINK_MS},
                    err) &&
         audit(db, actor, "user.reset_link", user.name, "", now_ms, err);
    return db_leave(db, own, ok, err);
}

bool people_reset_find(struct db *db, struct arena *arena, const char *token, int64_t now_ms,
                       const char **name_out, struct error *err)
{
    char hash[SHA256_HEX_SIZE];
    struct user user;
    struct pass pass;

    auth_hash_token(token, hash);
    if (!passes_get(db, arena, hash, "reset", now_ms, &pass, err) ||
        !users_get(db, arena, pass.user, &user, err))
        return false;
    *name_out = user.name;
    return user.active ||
           error_set(err, ERROR_NOT_FOUND, "ce compte est fermé", "this account is closed");
}

bool people_reset_finish(struct db *db, struct arena *arena, const char *token, const char *hash,
                         int64_t now_ms, struct error *err)
{
    char token_hash[SHA256_HEX_SIZE];
    const char *name;
    bool own;

    auth_hash_token(token, token_hash);
    if (!db_join(db, &own, err))
        return false;
    bool ok = people_reset_find(db, arena, token, now_ms, &name, err) &&
              passes_spend(db, token_hash, err) &&
              people_set_password(db, arena, name, hash, now_ms, name, err);
    return db_leave(db, own, ok, err);
}

/* Who runs the provider could else make themselves an administrator by an address, or begin an
 * emergency. */
static bool may_link(const struct user *user, struct error *err)
{
    return (user->role != ROLE_ADMINISTRATOR && !user->alert && user->oidc_subject[0] == '\0') ||
           error_set(err, ERROR_NOT_FOUND, "« %s » est à relier par un administrateur",
                     "\"%s\" is to be linked by an administrator", user->name);
}

bool people_find_vouched(struct db *db, struct arena *arena, const char *issuer,
                         const char *subject, const char *link_email, int64_t now_ms,
                         struct user *out, struct error *err)
{
    bool own;

    if (users_find_oidc(db, arena, issuer, subject, out, err))
        return true;
    if (err->kind != ERROR_NOT_FOUND || link_email == NULL)
        return false;
    if (!db_join(db, &own, err))
        return false;
    bool ok = users_find_email(db, arena, link_email, out, err) && may_link(out, err);
    if (ok) {
        out->oidc_issuer = issuer;
        out->oidc_subject = subject;
        ok = users_put(db, out, err) &&
             audit(db, NULL, "user.link", out->name, subject, now_ms, err);
    }
    if (!ok && err->kind == ERROR_CONFLICT)
        err->kind = ERROR_NOT_FOUND; /* several have the address: none is meant */
    return db_leave(db, own, ok, err);
}

bool people_drop_second_factor(struct db *db, struct arena *arena, const struct user *actor,
                               const char *name, int64_t now_ms, struct error *err)
{
    struct user user;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = find(db, arena, actor, name, &user, err) && may_stand_in(actor, &user, err) &&
              second_factor_remove(db, arena, user.name, err) &&
              sessions_delete_user(db, user.name, err) &&
              passes_delete_user(db, user.name, "step", err) &&
              audit(db, actor, "user.second_factor_off", user.name, "", now_ms, err);
    return db_leave(db, own, ok, err);
}
