#include "server/store/migrations.h"

/* What a visitor of a kiosk is told of an organisation and of a portrait (ORGANISATION_NOWHERE in
 * organisations.h: nobody has said where it is), and the count of changes of what it knows. */
const char migration_kiosk[] =
    "INSERT INTO counters (name, value) VALUES ('directory', 1);"
    "ALTER TABLE organisations ADD COLUMN valeurs TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE organisations ADD COLUMN falc TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE organisations ADD COLUMN rse TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE organisations ADD COLUMN marches_reserves TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE organisations ADD COLUMN latitude DOUBLE PRECISION NOT NULL DEFAULT 999;"
    "ALTER TABLE organisations ADD COLUMN longitude DOUBLE PRECISION NOT NULL DEFAULT 999;"
    "ALTER TABLE organisations ADD COLUMN image TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE organisations ADD COLUMN image_alt TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE organisations ADD COLUMN image_credit TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE organisations ADD COLUMN focal_x DOUBLE PRECISION NOT NULL DEFAULT 0.5;"
    "ALTER TABLE organisations ADD COLUMN focal_y DOUBLE PRECISION NOT NULL DEFAULT 0.5;"
    "ALTER TABLE portraits ADD COLUMN falc TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE portraits ADD COLUMN film TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE portraits ADD COLUMN captions TEXT NOT NULL DEFAULT '';";

/* The colour that calls for a touch, by site. */
const char migration_themes[] = "ALTER TABLE sites ADD COLUMN accent TEXT NOT NULL DEFAULT '';";
