/* The layout document: how a screen is divided into zones, once for landscape and once for
 * portrait. Documented by playlists/layout.schema.json; this codec and that schema say the same.
 * Which rules play in which zone is programming's business (server/schedule). */
#ifndef VITRINE_PLAYLISTS_LAYOUT_H
#define VITRINE_PLAYLISTS_LAYOUT_H

#include "core/arena.h"
#include "core/error.h"
#include "core/strbuf.h"
#include "playlists/manifest.h"
#include "playlists/playlist_fields.h"

#define LAYOUT_FORMAT 1
#define LAYOUT_BYTES_MAX (64 * 1024)
#define LAYOUT_MAIN "main" /* the first zone of every layout */
#define LAYOUT_NEWS "news" /* the zone in the strip */
#define LAYOUT_FILL 0x0B1F3A
/* The grid that zones are given in, over the picture less the strip. */
#define LAYOUT_LONG_UNITS 16
#define LAYOUT_SHORT_UNITS 9

enum { LAYOUT_LANDSCAPE, LAYOUT_PORTRAIT, LAYOUT_WAYS };

/* In grid units; w 0: the zone is not there in this orientation. */
struct layout_rect {
    double x, y, w, h;
};

struct layout_zone {
    const char *id; /* slug */
    enum zone_kind kind;
    struct document_file logo; /* ZONE_LOGO: the picture */
    uint32_t fill;             /* 0xRRGGBB */
    struct layout_rect at[LAYOUT_WAYS];
};

/* Zones of one orientation do not overlap and stay on the grid; ids are unique. */
struct layout {
    struct arena *arena;
    const char *id;
    const char *title;
    enum strip_edge strip;
    bool news; /* the strip pages news: a zone LAYOUT_NEWS */
    size_t zone_count;
    struct layout_zone zones[MANIFEST_ZONES_MAX]; /* the first is LAYOUT_MAIN, a loop, both ways */
};

struct layout *layout_decode(const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));
void layout_encode(const struct layout *layout, struct strbuf *out);
void layout_destroy(struct layout *layout); /* accepts NULL */

/* Whether rules may name the zone: a loop, or the news of the strip. */
bool layout_has_loop(const struct layout *layout, const char *zone);
/* The place in a manifest's measure. Zones that touch on the grid touch there too. */
void layout_place(const struct layout_rect *rect, int way, struct manifest_zone *zone_out);

#endif
