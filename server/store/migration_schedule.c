#include "server/store/migrations.h"

/* Rules with recurrence and exceptions, the site's own holidays, planned exposure of companies. */
const char migration_schedule[] =
    "ALTER TABLE rules ADD COLUMN more_hours TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE rules ADD COLUMN recurrence TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE rules ADD COLUMN except_days TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE rules ADD COLUMN also_days TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE rules ADD COLUMN holidays TEXT NOT NULL DEFAULT 'same';"
    "ALTER TABLE rules ADD COLUMN school_holidays TEXT NOT NULL DEFAULT 'same';"

    "CREATE TABLE documents ("
    "  name TEXT PRIMARY KEY,"
    "  document TEXT NOT NULL,"
    "  updated_ms BIGINT NOT NULL);"

    "CREATE TABLE exposures ("
    "  organisation TEXT PRIMARY KEY,"
    "  planned_ms BIGINT NOT NULL,"
    "  planned_28_ms BIGINT NOT NULL,"
    "  screens BIGINT NOT NULL,"
    "  due_ms BIGINT NOT NULL,"
    "  due_before_ms BIGINT NOT NULL);"
    "CREATE INDEX exposures_order ON exposures (planned_ms, organisation);";
