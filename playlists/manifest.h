/* The manifest: one signed document per screen with all that it shows in the next 90 days, in
 * concrete UTC intervals. It is the contract between server and player; docs/protocol.md is its
 * reference. A loaded manifest is immutable and owns one arena; threads may read it freely. */
#ifndef VITRINE_PLAYLISTS_MANIFEST_H
#define VITRINE_PLAYLISTS_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/hash.h"
#include "core/sign.h"
#include "core/strbuf.h"
#include "playlists/slide.h"

#define MANIFEST_FORMAT 2
#define MANIFEST_BYTES_MAX (16 * 1024 * 1024)
#define MANIFEST_HORIZON_MS (INT64_C(90) * 86400000)
#define MANIFEST_FILES_MAX 20000
#define MANIFEST_SLIDES_MAX 20000
#define MANIFEST_LOOPS_MAX 20000
#define MANIFEST_INTERVALS_MAX 50000
#define MANIFEST_LOOP_ITEMS_MAX 2000
#define MANIFEST_LAYOUTS_MAX 100
#define MANIFEST_ZONES_MAX 8
#define MANIFEST_TRACKS_MAX 16
#define MANIFEST_TEMPLATES_MAX 100
#define MANIFEST_CLOSED_MAX 2000
#define MANIFEST_WHOLE 10000 /* a zone's whole width or height */

/* What is known of the screen; the player takes its sizes and its words from here. */
struct manifest_screen {
    const char *id;
    const char *name; /* "Théâtre des Arts, quai 2" */
    const char *site; /* site's name, "" when none */
    const char *site_id;
    int width_px; /* as people see it, after rotation */
    int height_px;
    int rotation; /* 0, 90, 180, 270: clockwise turn of the picture on the panel */
    int diagonal_mm;
    int viewing_distance_mm;
    int bottom_edge_mm; /* height of the picture's lower edge above the floor */
    bool kiosk;
    const char *time_zone; /* IANA name, for people; the player uses `offsets` */
    size_t language_count;
    const char *languages[4];
    bool reduced_motion; /* nothing travels over the screen: slide and wipe are shown as fades */
    uint32_t accent;     /* 0xRRGGBB: of the kiosk's pages; 0: the usual one */
};

/* From this instant on, local time is UTC + offset. So players need no time zone data. */
struct manifest_offset {
    int64_t from_ms;
    int offset_s;
};

struct manifest_file {
    struct sha256 sha256;
    int64_t size;     /* bytes */
    const char *type; /* "image/jpeg", "image/png", "application/json" */
};

/* How a loop's items follow each other. */
enum transition_kind { TRANSITION_FADE, TRANSITION_CUT, TRANSITION_SLIDE, TRANSITION_WIPE };

struct manifest_item {
    size_t slide;        /* index into slides */
    int64_t duration_ms; /* > 0 */
};

struct manifest_loop {
    const char *playlist; /* id of the playlist it comes from */
    enum transition_kind transition;
    int64_t transition_ms; /* 0 - 2 000 */
    int64_t length_ms;     /* sum of the durations; derived, not on the wire */
    size_t item_count;     /* ≥ 1 */
    struct manifest_item *items;
};

/* Rising: what shows in a higher class came before the lower ones. An emergency is shown at once,
 * also from a manifest whose other files are still under way (docs/protocol.md). */
enum interval_class { INTERVAL_BASE, INTERVAL_CAMPAIGN, INTERVAL_TAKEOVER, INTERVAL_EMERGENCY };

/* Sorted, not overlapping, from < until. Between intervals there is nothing planned: the player
 * shows its built-in slide (main zone) or the zone's fill (others). */
struct manifest_interval {
    int64_t from_ms;
    int64_t until_ms;
    int64_t origin_ms; /* ≤ from_ms: the instant at which the loop's first item began; keeps its
                          value across versions so that a publication does not make screens jump */
    size_t loop;       /* index into loops */
    size_t layout;     /* index into layouts: the zones that show meanwhile; 0 in other tracks */
    enum interval_class class;
    const char *rule; /* id of the rule that won */
};

/* What a zone beside the main one plays: intervals of its own. */
struct manifest_track {
    size_t interval_count;
    struct manifest_interval *intervals;
};

enum zone_kind { ZONE_LOOP, ZONE_LOGO };
enum strip_edge { STRIP_NONE, STRIP_BOTTOM, STRIP_TOP };

struct manifest_zone {
    const char *id; /* "main", "side"… */
    enum zone_kind kind;
    int x, y, w, h;     /* in 1/MANIFEST_WHOLE of the picture less the strip */
    size_t track;       /* loop: 0 is the main one, then index + 1 into tracks */
    struct sha256 file; /* logo: one of the manifest's files, drawn whole with room around it */
    uint32_t fill;      /* 0xRRGGBB, behind what shows */
};

/* How a screen is divided. Zone 0 is the main one, of track 0; zones do not overlap. */
struct manifest_layout {
    const char *id;
    enum strip_edge strip; /* place, date and clock; as high as its text is (player/scene) */
    size_t strip_track;    /* news in the strip, one after the other; 0: none */
    size_t zone_count;     /* ≥ 1 */
    struct manifest_zone zones[MANIFEST_ZONES_MAX];
};

/* A template document (playlists/template.h) that goes before the player's own of that name: what
 * the server previewed is what the screen draws. */
struct manifest_template {
    const char *name;
    struct sha256 file;
};

/* A stretch outside opening hours: the screen is dark. Sorted, not overlapping. The server leaves
 * emergencies out of them. */
struct manifest_closed {
    int64_t from_ms;
    int64_t until_ms;
};

struct manifest {
    struct arena *arena;
    int64_t epoch;   /* raised when the server's version numbers start anew (restored backup) */
    int64_t version; /* rises by one with every publication for this screen */
    int64_t created_ms;
    int64_t valid_until_ms; /* an expired manifest goes on playing its last interval's loop */
    struct manifest_screen screen;
    size_t offset_count; /* ≥ 1 */
    struct manifest_offset *offsets;
    size_t file_count;
    struct manifest_file *files; /* sorted by sha256, unique */
    size_t slide_count;
    struct slide *slides;
    size_t loop_count;
    struct manifest_loop *loops;
    size_t layout_count; /* ≥ 1 where there are intervals */
    struct manifest_layout *layouts;
    size_t interval_count; /* of the main zone */
    struct manifest_interval *intervals;
    size_t track_count;
    struct manifest_track *tracks; /* of the other zones */
    size_t closed_count;
    struct manifest_closed *closed;
    size_t template_count;
    struct manifest_template *templates; /* sorted by name, unique */
    bool has_directory;
    struct sha256 directory; /* kiosks: the directory (directory/directory.h), one of the files */
};

/* Arena made, everything else zero. */
struct manifest *manifest_create(void);
void manifest_destroy(struct manifest *manifest); /* accepts NULL */

enum { LAYOUT_WHOLE, LAYOUT_STRIP, LAYOUTS_PLAIN };
/* Makes the layouts that every screen has: the main zone alone, and with the strip below it. */
void manifest_add_plain_layouts(struct manifest *manifest);
/* Whether the interval's layout has a strip. */
bool manifest_interval_strip(const struct manifest *manifest,
                             const struct manifest_interval *interval);

/* Checks everything that the comments above promise, and that every index, file and slide is
 * right. Fills loops' length_ms. */
bool manifest_check(struct manifest *manifest, struct error *err)
    __attribute__((warn_unused_result));
/* The screen's description alone: what differs between screens with the same programme. */
bool manifest_check_screen(const struct manifest *manifest, struct error *err)
    __attribute__((warn_unused_result));

const struct manifest_file *manifest_file(const struct manifest *manifest,
                                          const struct sha256 *sha256);
/* Whether the screen is outside its opening hours; *until_out (may be NULL) is when that ends or
 * begins next, INT64_MAX: never. */
bool manifest_closed_at(const struct manifest *manifest, int64_t at_ms, int64_t *until_out);
/* The emergency that shows at that instant, or NULL. */
const struct manifest_interval *manifest_emergency_at(const struct manifest *manifest,
                                                      int64_t at_ms);
const char *transition_tag(enum transition_kind kind); /* "fade", "cut", "slide", "wipe" */
bool transition_parse(const char *tag, enum transition_kind *kind_out);
const char *interval_class_tag(enum interval_class class); /* "base", "campaign"… */
/* "#RRGGBB"; false for anything else. */
bool manifest_accent_parse(const char *text, uint32_t *rgb_out);
/* Local offset from UTC in seconds at that instant. */
int manifest_offset_s(const struct manifest *manifest, int64_t at_ms);

/* JSON, deterministic: the same manifest gives the same bytes. */
void manifest_encode(const struct manifest *manifest, struct strbuf *out);
/* Strict: unknown members, wrong types, bounds, and all of manifest_check. NULL on failure. */
struct manifest *manifest_decode(const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));

/* The signed form, as it travels and as it is stored: one line
 *   "vitrine-manifest 2 <public key, 64 hex> <signature, 128 hex> <length, 8 digits>\n"
 * followed by the JSON, whose first `length` bytes are the screen's own and whose rest many screens
 * share. The signature stands over "vitrine-manifest 2\n<length, 8 digits>\n<SHA-256 of the first
 * part, hex>\n<SHA-256 of the rest, hex>\n": a thousand screens cost a thousand short signatures,
 * not as many readings of what they share. In the older form
 *   "vitrine-manifest 1 <public key, 64 hex> <signature, 128 hex>\n"
 * the signature is over the exact bytes; it is still read, and made for players that ask for it. */
void manifest_seal(const char *json, size_t length, const struct sign_keys *keys,
                   struct strbuf *out);
void manifest_seal_old(const char *json, size_t length, const struct sign_keys *keys,
                       struct strbuf *out);
/* Line and first part alone; the rest, whose sum this is, is the caller's to append. */
void manifest_seal_head(const char *head, size_t length, const struct sha256 *rest_sum,
                        const struct sign_keys *keys, struct strbuf *out);
/* Where the JSON begins in sealed bytes, or in their line and first part; 0: they are not sealed.
 */
size_t manifest_sealed_json(const char *bytes, size_t length);
/* Checks the line and the signature by `key` before anything is parsed, then decodes. A manifest
 * signed by another key is ERROR_DENIED. */
struct manifest *manifest_open(const char *bytes, size_t length, const struct sign_public *key,
                               struct error *err) __attribute__((warn_unused_result));
/* Whether `next` may follow `current`: same screen, (epoch, version) greater. The same pair is
 * refused too: ERROR_CONFLICT; another screen's is ERROR_DENIED. */
bool manifest_follows(const struct manifest *current, const struct manifest *next,
                      struct error *err) __attribute__((warn_unused_result));

#endif
