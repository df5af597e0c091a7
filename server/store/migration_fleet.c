#include "server/store/migrations.h"

/* Commands for players, faults that open and close, machines that look alike. */
const char migration_fleet[] = "";
