#include "server/store/migrations.h"

/* Rules with recurrence and exceptions, public holidays, minimum exposure. */
const char migration_schedule[] = "";
