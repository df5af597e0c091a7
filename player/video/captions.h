/* Captions: WebVTT (https://www.w3.org/TR/webvtt1/) to plain text by position. Settings, styles and
 * notes are passed over; bad cues are left out; tags are dropped, but <v Name> puts "Name: " in
 * front where the voice changes. Immutable once read. */
#ifndef VITRINE_PLAYER_VIDEO_CAPTIONS_H
#define VITRINE_PLAYER_VIDEO_CAPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/error.h"
#include "core/strbuf.h"

#define CAPTIONS_BYTES_MAX (1024 * 1024)
#define CAPTIONS_CUES_MAX 5000

struct captions;

/* Fails only when the header "WEBVTT" is missing or the text is too long; cues beyond
 * CAPTIONS_CUES_MAX are left out. Malformed UTF-8 becomes U+FFFD. */
struct captions *captions_parse(const char *bytes, size_t length, struct error *err)
    __attribute__((warn_unused_result));
struct captions *captions_load(const char *path, struct error *err)
    __attribute__((warn_unused_result));
void captions_destroy(struct captions *captions); /* accepts NULL */

size_t captions_count(const struct captions *captions);
/* What shows at the position: the cues of that time, in the file's order, joined by new lines.
 * Replaces what is in `out`; false (and "") when there is none. */
bool captions_at(const struct captions *captions, int64_t position_ms, struct strbuf *out);
/* The next position after `position_ms` at which that may change; INT64_MAX when it never does. */
int64_t captions_next_ms(const struct captions *captions, int64_t position_ms);

#endif
