#include "tests/fuzz/import_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    import_input(data, size, import_annuaire);
    return 0;
}
