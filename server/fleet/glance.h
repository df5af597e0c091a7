/* What a manifest shows in the hours to come, and nothing else of it: small enough to be kept of
 * every screen, so that a list of a thousand screens says what each shows without reading a
 * thousand manifests. */
#ifndef VITRINE_SERVER_FLEET_GLANCE_H
#define VITRINE_SERVER_FLEET_GLANCE_H

#include "playlists/manifest.h"

#define GLANCE_MS (INT64_C(2) * 3600 * 1000)

/* For timeline_at of the main zone and manifest_closed_at between these instants, and for nothing
 * else. The caller destroys it with manifest_destroy. */
struct manifest *glance_create(const struct manifest *manifest, int64_t from_ms, int64_t until_ms);

#endif
