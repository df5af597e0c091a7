#include "server/auth/session.h"

#include <string.h>

#include "core/log.h"
#include "core/utf8.h"
#include "server/auth/internal.h"
#include "server/auth/second_factor.h"
#include "server/store/settings.h"

#define WAITING_MAX 4 /* the others are sent away: threads that wait are missed elsewhere */
#define BUSY_RETRY_S 2
#define AGENT_MAX 160
/* A session's last activity is written at most that often. */
#define SEEN_GRAIN_MS 60000

static bool too_many(int retry_after_s, int *retry_after_s_out, struct error *err)
{
    *retry_after_s_out = retry_after_s;
    return error_set(err, ERROR_LIMIT, "trop d’essais : réessayez dans %d s",
                     "too many tries: try again in %d s", retry_after_s);
}

static int later(int a, int b)
{
    return a > b ? a : b;
}

/* Who did what, in the trail. What was typed for a name that nobody has may be a password: it is
 * left out. A flood of failures is cut, the trail stays readable. */
static bool note(struct auth *auth, struct db *db, const char *user, const char *action,
                 const char *detail, const struct session_peer *peer, struct arena *arena,
                 struct error *err)
{
    return audit_add(
        db,
        &(struct audit_entry){
            .time_ms = clock_wall_ms(&auth->clock),
            .user = user,
            .action = action,
            .subject = user,
            .detail = arena_printf(arena, "%s%s%s", detail, *detail ? ", " : "", peer->address)},
        err);
}

void session_note_failure(struct auth *auth, struct writer *writer, struct arena *arena,
                          const char *user, const char *action, const struct session_peer *peer)
{
    struct error ignored;

    if (throttle_wait_s(auth->throttle, THROTTLE_JOURNAL, "") > 0)
        return;
    throttle_fail(auth->throttle, THROTTLE_JOURNAL, "");
    if (!note(auth, writer_take(writer), user, action, "", peer, arena, &ignored))
        log_error(LOG_ERROR, "audit", &ignored);
    writer_give(writer);
}

static bool begin_session(struct auth *auth, struct db *db, struct arena *arena,
                          const struct user *user, const char *method,
                          const struct session_peer *peer, struct session_grant *out,
                          struct error *err)
{
    int64_t now_ms = clock_wall_ms(&auth->clock);
    const char *agent = peer->agent != NULL && utf8_valid(peer->agent, strlen(peer->agent))
                            ? arena_strndup(arena, peer->agent, strnlen(peer->agent, AGENT_MAX))
                            : "";
    char hash[SHA256_HEX_SIZE];

    random_token(out->token, 32);
    auth_hash_token(out->token, hash);
    out->code_wanted = false;
    out->user = *user;
    return credentials_expire(db, now_ms, err) &&
           sessions_put(db,
                        &(struct session){.token_hash = hash,
                                          .user = user->name,
                                          .created_ms = now_ms,
                                          .seen_ms = now_ms,
                                          .expires_ms = now_ms + SESSION_MS,
                                          .method = method,
                                          .agent = agent},
                        err) &&
           note(auth, db, user->name, "login", method, peer, arena, err);
}

static bool begin_step(struct auth *auth, struct db *db, const struct user *user,
                       const char *method, struct session_grant *out, struct error *err)
{
    int64_t now_ms = clock_wall_ms(&auth->clock);
    char hash[SHA256_HEX_SIZE];

    random_token(out->token, 32);
    auth_hash_token(out->token, hash);
    out->code_wanted = true;
    out->user = *user;
    return credentials_expire(db, now_ms, err) &&
           passes_put(db,
                      &(struct pass){.token_hash = hash,
                                     .kind = "step",
                                     .user = user->name,
                                     .words = method,
                                     .created_ms = now_ms,
                                     .expires_ms = now_ms + SESSION_STEP_MS},
                      err);
}

static bool let_in(struct auth *auth, struct db *db, struct arena *arena, const struct user *user,
                   const char *method, const struct session_peer *peer, struct session_grant *out,
                   struct error *err)
{
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = user->totp_active ? begin_step(auth, db, user, method, out, err)
                                : begin_session(auth, db, arena, user, method, peer, out, err);
    return db_leave(db, own, ok, err);
}

/* Takes a place among those that log in; with true it must be left again. */
static bool enter(struct auth *auth, const char *name, const char *address, int *retry_after_s_out,
                  struct error *err)
{
    int wait_s = later(throttle_wait_s(auth->throttle, THROTTLE_NAME, name),
                       throttle_wait_s(auth->throttle, THROTTLE_PEER, address));

    pthread_mutex_lock(&auth->lock);
    if (wait_s == 0 && auth->logins == WAITING_MAX)
        wait_s = BUSY_RETRY_S;
    if (wait_s == 0)
        auth->logins++;
    pthread_mutex_unlock(&auth->lock);
    return wait_s == 0 || too_many(wait_s, retry_after_s_out, err);
}

static void leave(struct auth *auth)
{
    pthread_mutex_lock(&auth->lock);
    auth->logins--;
    pthread_mutex_unlock(&auth->lock);
}

/* An account without a password is like one that is not there: as slow. */
static bool try_password(struct auth *auth, struct writer *writer, struct arena *arena,
                         const char *name, const char *password, struct user *user_out,
                         bool *known_out, bool *right_out, struct error *err)
{
    *known_out = users_get(writer_take(writer), arena, name, user_out, err);
    writer_give(writer);
    if (!*known_out && err->kind != ERROR_NOT_FOUND)
        return false;
    bool usable = *known_out && user_out->password_hash[0] != '\0';
    *right_out =
        auth_password_right(auth, usable ? user_out->password_hash : auth->decoy, password) &&
        usable && user_out->active;
    return true;
}

bool session_login(struct auth *auth, struct writer *writer, struct arena *arena, const char *name,
                   const char *password, const struct session_peer *peer, struct session_grant *out,
                   struct error *err)
{
    bool known, right = false;
    struct user user;

    if (!enter(auth, name, peer->address, &out->retry_after_s, err))
        return false;
    bool tried = try_password(auth, writer, arena, name, password, &user, &known, &right, err);
    leave(auth);
    if (!tried)
        return false;
    if (!right) {
        throttle_fail(auth->throttle, THROTTLE_NAME, name);
        throttle_fail(auth->throttle, THROTTLE_PEER, peer->address);
        session_note_failure(auth, writer, arena, known ? user.name : "", "login.failed", peer);
        return error_set(err, ERROR_DENIED, "nom ou mot de passe faux", "wrong name or password");
    }
    /* The peer's count stays: it may be guessing other names. */
    throttle_forgive(auth->throttle, THROTTLE_NAME, name);
    bool ok = let_in(auth, writer_take(writer), arena, &user, "password", peer, out, err);
    writer_give(writer);
    return ok;
}

static bool prove(struct auth *auth, struct db *db, struct arena *arena, const struct pass *pass,
                  const char *code, const struct session_peer *peer, struct session_grant *out,
                  struct error *err)
{
    struct user user;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = users_get(db, arena, pass->user, &user, err);
    if (ok && !user.active)
        ok = error_set(err, ERROR_NOT_FOUND, "ce compte est fermé", "this account is closed");
    ok = ok && second_factor_spend(auth, db, arena, pass->user, code, err) &&
         passes_spend(db, pass->token_hash, err) &&
         begin_session(auth, db, arena, &user, arena_printf(arena, "%s+code", pass->words), peer,
                       out, err);
    return db_leave(db, own, ok, err);
}

bool session_prove(struct auth *auth, struct writer *writer, struct arena *arena,
                   const char *step_token, const char *code, const struct session_peer *peer,
                   struct session_grant *out, struct error *err)
{
    int64_t now_ms = clock_wall_ms(&auth->clock);
    char hash[SHA256_HEX_SIZE];
    struct pass pass;

    auth_hash_token(step_token, hash);
    struct db *db = writer_take(writer);
    bool ok = passes_get(db, arena, hash, "step", now_ms, &pass, err);
    int wait_s = ok ? throttle_wait_s(auth->throttle, THROTTLE_CODE, pass.user) : 0;
    if (wait_s > 0)
        ok = too_many(wait_s, &out->retry_after_s, err);
    bool tried = ok;
    ok = ok && prove(auth, db, arena, &pass, code, peer, out, err);
    writer_give(writer);
    if (ok) {
        throttle_forgive(auth->throttle, THROTTLE_CODE, pass.user);
    } else if (tried && err->kind == ERROR_DENIED) {
        throttle_fail(auth->throttle, THROTTLE_CODE, pass.user);
        session_note_failure(auth, writer, arena, pass.user, "login.code_failed", peer);
    }
    return ok;
}

bool session_vouched(struct auth *auth, struct writer *writer, struct arena *arena,
                     const char *name, const char *method, const struct session_peer *peer,
                     struct session_grant *out, struct error *err)
{
    struct user user;

    struct db *db = writer_take(writer);
    bool ok = users_get(db, arena, name, &user, err);
    if (ok && !user.active)
        ok = error_set(err, ERROR_DENIED, "ce compte est fermé", "this account is closed");
    ok = ok && let_in(auth, db, arena, &user, method, peer, out, err);
    writer_give(writer);
    return ok;
}

static bool over(const struct session *session, int64_t now_ms)
{
    return now_ms >= session->expires_ms || now_ms - session->seen_ms >= SESSION_IDLE_MS;
}

/* An administrator without the second factor that the house asks for may only get one. */
static bool find_user(struct db *db, struct arena *arena, const char *name, struct user *out,
                      struct error *err)
{
    int64_t wanted = 0;

    if (!users_get(db, arena, name, out, err))
        return false;
    if (out->role == ROLE_ADMINISTRATOR && !out->totp_active &&
        !settings_get_int(db, SESSION_SECOND_FACTOR, 0, &wanted, err))
        return false;
    out->unproven = wanted != 0;
    return true;
}

bool session_user_fresh(struct auth *auth, struct db *db, struct arena *arena, const char *token,
                        struct user *user_out)
{
    int64_t now_ms = clock_wall_ms(&auth->clock);
    struct session session;
    struct error ignored;
    char hash[SHA256_HEX_SIZE];

    auth_hash_token(token, hash);
    return sessions_get(db, arena, hash, &session, &ignored) && !over(&session, now_ms) &&
           now_ms - session.seen_ms < SEEN_GRAIN_MS &&
           find_user(db, arena, session.user, user_out, &ignored) && user_out->active;
}

bool session_user(struct auth *auth, struct db *db, struct arena *arena, const char *token,
                  struct user *user_out, struct error *err)
{
    int64_t now_ms = clock_wall_ms(&auth->clock);
    struct session session;
    char hash[SHA256_HEX_SIZE];

    auth_hash_token(token, hash);
    if (!sessions_get(db, arena, hash, &session, err))
        return false;
    if (over(&session, now_ms))
        return sessions_delete(db, hash, err) &&
               error_set(err, ERROR_NOT_FOUND, "la session a expiré", "the session has expired");
    if (!find_user(db, arena, session.user, user_out, err))
        return false;
    if (!user_out->active)
        return error_set(err, ERROR_DENIED, "ce compte est fermé", "this account is closed");
    if (now_ms - session.seen_ms < SEEN_GRAIN_MS)
        return true;
    session.seen_ms = now_ms;
    return sessions_put(db, &session, err);
}

void session_hash(const char *token, char hash_out[SHA256_HEX_SIZE])
{
    auth_hash_token(token, hash_out);
}

bool session_alive(struct auth *auth, const struct session *session)
{
    return !over(session, clock_wall_ms(&auth->clock));
}

bool session_end(struct db *db, const char *token, struct error *err)
{
    char hash[SHA256_HEX_SIZE];

    auth_hash_token(token, hash);
    return sessions_delete(db, hash, err);
}

bool session_check_password(struct auth *auth, const struct user *user, const char *password,
                            int *retry_after_s_out, struct error *err)
{
    int wait_s = throttle_wait_s(auth->throttle, THROTTLE_NAME, user->name);

    if (wait_s > 0)
        return too_many(wait_s, retry_after_s_out, err);
    if (user->password_hash[0] == '\0')
        return error_set(err, ERROR_CONFLICT,
                         "ce compte n’a pas de mot de passe : demandez un lien à un administrateur",
                         "this account has no password: ask an administrator for a link");
    if (auth_password_right(auth, user->password_hash, password))
        return true;
    throttle_fail(auth->throttle, THROTTLE_NAME, user->name);
    return error_set(err, ERROR_DENIED, "le mot de passe n’est pas le bon",
                     "this is not the right password");
}

static bool replace_password(struct auth *auth, struct db *db, struct arena *arena,
                             const char *name, const char *hash, const struct session_peer *peer,
                             struct session_grant *out, struct error *err)
{
    struct user user;
    bool own;

    if (!db_join(db, &own, err))
        return false;
    bool ok = users_get(db, arena, name, &user, err);
    user.password_hash = hash;
    ok = ok && users_put(db, &user, err) && sessions_delete_user(db, name, err) &&
         passes_delete_user(db, name, NULL, err) &&
         note(auth, db, name, "user.password", "", peer, arena, err) &&
         begin_session(auth, db, arena, &user, "password", peer, out, err);
    return db_leave(db, own, ok, err);
}

bool session_change_password(struct auth *auth, struct writer *writer, struct arena *arena,
                             const struct user *user, const char *old, const char *password,
                             const struct session_peer *peer, struct session_grant *out,
                             struct error *err)
{
    char hash[crypto_pwhash_STRBYTES];

    if (!session_check_password(auth, user, old, &out->retry_after_s, err) ||
        !auth_hash_password(password, hash, sizeof(hash), err))
        return false;
    bool ok = replace_password(auth, writer_take(writer), arena, user->name, hash, peer, out, err);
    writer_give(writer);
    return ok;
}

void session_csrf(const char *token, char csrf_out[SESSION_TOKEN_SIZE])
{
    static const char purpose[] = "vitrine csrf";
    crypto_auth_hmacsha256_state state;
    uint8_t sum[crypto_auth_hmacsha256_BYTES];

    crypto_auth_hmacsha256_init(&state, (const uint8_t *)token, strlen(token));
    crypto_auth_hmacsha256_update(&state, (const uint8_t *)purpose, sizeof(purpose) - 1);
    crypto_auth_hmacsha256_final(&state, sum);
    hex_encode(sum, sizeof(sum), csrf_out);
}

bool session_csrf_right(const char *token, const char *csrf)
{
    char right[SESSION_TOKEN_SIZE];

    session_csrf(token, right);
    return csrf != NULL && strlen(csrf) == sizeof(right) - 1 &&
           constant_time_equal(csrf, right, sizeof(right) - 1);
}
