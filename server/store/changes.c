#include "server/store/changes.h"

#include "server/store/record.h"

bool changes_number(struct db *db, int64_t *number_out, struct error *err)
{
    return record_scalar(db, "PRAGMA data_version", NULL, 0, number_out, err);
}
