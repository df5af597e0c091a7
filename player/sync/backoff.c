#include "player/sync/backoff.h"

int64_t backoff_ms(int failures, uint32_t chance)
{
    int64_t whole = BACKOFF_CAP_MS;
    if (failures < 1) {
        failures = 1;
    }
    if (failures < 10) {
        whole = INT64_C(1000) << (failures - 1);
        whole = whole < BACKOFF_CAP_MS ? whole : BACKOFF_CAP_MS;
    }
    return whole / 2 + (int64_t)(chance % (uint32_t)(whole / 2 + 1));
}

int64_t backoff_spread(int64_t ms, uint32_t chance)
{
    return ms + (int64_t)(chance % (uint32_t)(ms / 5 + 1));
}
