#include "server/store/migrations.h"

/* Working copies that await approval, and the history of every record. */
const char migration_records[] = "";
