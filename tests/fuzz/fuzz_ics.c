#include "tests/fuzz/import_target.h"

static bool import(struct db *db, const char *path, const struct import_options *options,
                   struct import_report *report, struct error *err)
{
    return import_evenements(db, NULL, path, options, report, err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    import_input(data, size, import);
    return 0;
}
