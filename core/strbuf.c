#include "core/strbuf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 64

/* What an empty buffer holds until its first byte; never written, since its capacity is 0. */
static const char nothing[1] = "";

void strbuf_init(struct strbuf *buf)
{
    *buf = (struct strbuf){.bytes = (char *)(uintptr_t)nothing};
}

void strbuf_finish(struct strbuf *buf)
{
    if (buf->capacity > 0) {
        free(buf->bytes);
    }
    *buf = (struct strbuf){0};
}

void strbuf_clear(struct strbuf *buf)
{
    buf->length = 0;
    if (buf->capacity > 0) {
        buf->bytes[0] = '\0';
    }
}

/* Room for `more` bytes and the NUL. */
static void reserve(struct strbuf *buf, size_t more)
{
    if (more < buf->capacity - buf->length) {
        return;
    }
    if (more > SIZE_MAX / 4 || buf->length > SIZE_MAX / 4) {
        abort();
    }
    size_t capacity = buf->capacity == 0 ? FIRST_CAPACITY : buf->capacity * 2;
    if (capacity < buf->length + more + 1) {
        capacity = buf->length + more + 1;
    }
    char *bytes = realloc(buf->capacity == 0 ? NULL : buf->bytes, capacity);
    if (bytes == NULL) {
        abort();
    }
    bytes[buf->length] = '\0';
    buf->bytes = bytes;
    buf->capacity = capacity;
}

void strbuf_append(struct strbuf *buf, const char *text)
{
    strbuf_append_bytes(buf, text, strlen(text));
}

void strbuf_append_bytes(struct strbuf *buf, const void *bytes, size_t length)
{
    if (length == 0) {
        return;
    }
    reserve(buf, length);
    memcpy(buf->bytes + buf->length, bytes, length);
    buf->length += length;
    buf->bytes[buf->length] = '\0';
}

void strbuf_append_char(struct strbuf *buf, char c)
{
    reserve(buf, 1);
    buf->bytes[buf->length++] = c;
    buf->bytes[buf->length] = '\0';
}

void strbuf_printf(struct strbuf *buf, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    size_t room = buf->capacity - buf->length;
    int length = vsnprintf(buf->bytes + buf->length, room, format, args);
    va_end(args);
    if (length < 0) {
        abort();
    }
    if ((size_t)length >= room) {
        reserve(buf, (size_t)length);
        vsnprintf(buf->bytes + buf->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    buf->length += (size_t)length;
}

char *strbuf_take(struct strbuf *buf, size_t *length_out)
{
    reserve(buf, 1); /* so that there is something to free */
    char *bytes = buf->bytes;
    if (length_out != NULL) {
        *length_out = buf->length;
    }
    strbuf_init(buf);
    return bytes;
}
