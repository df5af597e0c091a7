#include "server/store/migrations.h"

/* Uploads under way, the library of media and their renditions. */
const char migration_media[] = "";
