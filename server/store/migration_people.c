#include "server/store/migrations.h"

/* What people need beyond a password: scope, the right to alert, second factor, links. */
const char migration_people[] =
    "ALTER TABLE users ADD COLUMN display TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE users ADD COLUMN sites TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE users ADD COLUMN alert INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE users ADD COLUMN totp_secret TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE users ADD COLUMN totp_active INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE users ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;"
    "ALTER TABLE users ADD COLUMN oidc_issuer TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE users ADD COLUMN oidc_subject TEXT NOT NULL DEFAULT '';"
    /* Whoever could alert until now goes on to. */
    "UPDATE users SET alert = 1 WHERE role = 'administrator';"
    "CREATE UNIQUE INDEX users_oidc ON users (oidc_issuer, oidc_subject)"
    "  WHERE oidc_subject <> '';"

    "ALTER TABLE sessions ADD COLUMN method TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';"
    "CREATE INDEX sessions_user ON sessions (user_name);"

    /* Links and logins under way: used once, soon over. */
    "CREATE TABLE passes ("
    "  token_hash TEXT PRIMARY KEY,"
    "  kind TEXT NOT NULL,"
    "  user_name TEXT NOT NULL,"
    "  words TEXT NOT NULL,"
    "  created_ms BIGINT NOT NULL,"
    "  expires_ms BIGINT NOT NULL);"
    "CREATE INDEX passes_user ON passes (user_name, kind);"
    "CREATE INDEX passes_expiry ON passes (expires_ms);"

    "CREATE TABLE recovery_codes ("
    "  user_name TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,"
    "  code_hash TEXT NOT NULL,"
    "  PRIMARY KEY (user_name, code_hash));";
