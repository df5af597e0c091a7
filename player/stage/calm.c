#include "player/stage/calm.h"

#include <string.h>

#include "core/log.h"

static bool has_emergency(const struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->interval_count; i++) {
        if (manifest->intervals[i].class == INTERVAL_EMERGENCY) {
            return true;
        }
    }
    return false;
}

static void remove_emergencies(struct manifest *manifest)
{
    size_t kept = 0;
    for (size_t i = 0; i < manifest->interval_count; i++) {
        const struct manifest_interval *interval = &manifest->intervals[i];
        struct manifest_interval *before = kept > 0 ? &manifest->intervals[kept - 1] : NULL;
        if (interval->class != INTERVAL_EMERGENCY) {
            manifest->intervals[kept++] = *interval;
        } else if (before != NULL && before->until_ms == interval->from_ms) {
            before->until_ms = interval->until_ms;
        }
    }
    manifest->interval_count = kept;
}

/* A copy of its own, so that it lives and dies like any other edition. It is made rarely. */
struct edition *calm_edition(const struct edition *edition)
{
    if (!has_emergency(edition->manifest)) {
        return NULL;
    }
    struct strbuf json;
    struct error err;
    strbuf_init(&json);
    manifest_encode(edition->manifest, &json);
    struct manifest *manifest = manifest_decode(json.bytes, json.length, &err);
    strbuf_finish(&json);
    if (manifest == NULL) {
        log_error(LOG_ERROR, "calm_failed", &err);
        return NULL;
    }
    remove_emergencies(manifest);
    return edition_create(manifest);
}
