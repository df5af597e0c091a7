#include "server/store/migrations.h"

/* Hourly sums of plays, what was planned, counters of kiosks. */
const char migration_measure[] = "";
