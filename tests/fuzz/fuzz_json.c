#include "core/json.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error;

    cJSON_Delete(json_parse((const char *)data, size, 1 << 20, &error));
    return 0;
}
