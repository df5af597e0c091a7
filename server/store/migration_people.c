#include "server/store/migrations.h"

/* What people need beyond a password: scope, the right to alert, second factor, links. */
const char migration_people[] =
    "ALTER TABLE users ADD COLUMN display TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE users ADD COLUMN sites TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE users ADD COLUMN alert INTEGER NOT NULL DEFAULT 0;"
    /* Whoever could alert until now goes on to. */
    "UPDATE users SET alert = 1 WHERE role = 'administrator';";
