/* Values of request headers, read without a request: what RFC 9110 and RFC 7240 let a client write.
 * What is malformed is read as if it were not there. */
#ifndef VITRINE_SERVER_HTTP_HEADER_H
#define VITRINE_SERVER_HTTP_HEADER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/lang.h"

enum header_range { RANGE_ALL, RANGE_PART, RANGE_OUTSIDE };

/* One range of bytes of a file of `size`; *first_out and *last_out are set for RANGE_PART only.
 * Several ranges at once, or what is no range, are RANGE_ALL (RFC 9110, 14.2 allows a server to
 * ignore Range). text may be NULL, as in all of these. */
enum header_range header_range(const char *text, int64_t size, int64_t *first_out,
                               int64_t *last_out);
/* The language of ours that Accept-Language likes best; the first named among equals, French when
 * it names none. */
enum lang header_lang(const char *text);
/* Whether If-None-Match names this entity tag (given without quotes), or is "*". */
bool header_has_etag(const char *text, const char *etag);
/* Whether Accept-Encoding takes gzip, by name or by "*". */
bool header_accepts_gzip(const char *text);
/* Seconds of "wait=n" among the preferences of Prefer, at most an hour; 0 without. */
int header_wait_s(const char *text);

#endif
