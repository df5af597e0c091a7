/* A growing byte string. Always NUL-terminated at bytes[length]. Aborts when memory is out. */
#ifndef VITRINE_CORE_STRBUF_H
#define VITRINE_CORE_STRBUF_H

#include <stddef.h>

struct strbuf {
    char *bytes; /* never NULL after strbuf_init */
    size_t length;
    size_t capacity;
};

void strbuf_init(struct strbuf *buf);
void strbuf_finish(struct strbuf *buf);
void strbuf_clear(struct strbuf *buf); /* keeps the memory */
void strbuf_append(struct strbuf *buf, const char *text);
void strbuf_append_bytes(struct strbuf *buf, const void *bytes, size_t length);
void strbuf_append_char(struct strbuf *buf, char c);
void strbuf_printf(struct strbuf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Hands the bytes to the caller, who frees them with free(); buf is as after strbuf_init and
 * needs no strbuf_finish. */
char *strbuf_take(struct strbuf *buf, size_t *length_out);

#endif
