#include "server/store/migrations.h"

/* Where sites are (SITE_NOWHERE in fleet.h: nobody has said). */
const char migration_places[] =
    "ALTER TABLE sites ADD COLUMN latitude DOUBLE PRECISION NOT NULL DEFAULT 999;"
    "ALTER TABLE sites ADD COLUMN longitude DOUBLE PRECISION NOT NULL DEFAULT 999;";
