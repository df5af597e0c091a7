#include "player/kiosk/kiosk_vcard.h"

#include <string.h>

/* RFC 2426, 4: backslash, comma, semicolon and newline are escaped in text values. */
static void append_escaped(struct strbuf *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '\\' || *c == ',' || *c == ';')
            strbuf_append_char(out, '\\');
        if (*c == '\n')
            strbuf_append(out, "\\n");
        else if ((unsigned char)*c >= 0x20)
            strbuf_append_char(out, *c);
    }
}

static void append_line(struct strbuf *out, const char *property, const char *value)
{
    if (value[0] == '\0')
        return;
    strbuf_append(out, property);
    append_escaped(out, value);
    strbuf_append(out, "\r\n");
}

bool kiosk_vcard_write(const struct directory_organisation *entry, bool brief, struct strbuf *out)
{
    if (entry->phone[0] == '\0' && entry->email[0] == '\0' && entry->website[0] == '\0' &&
        entry->address[0] == '\0')
        return false;
    strbuf_append(out, "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;;;;\r\n");
    append_line(out, "FN:", entry->name);
    append_line(out, "ORG:", entry->name);
    append_line(out, "TEL:", entry->phone);
    append_line(out, "EMAIL:", entry->email);
    append_line(out, "URL:", entry->website);
    if (!brief && entry->commune[0] != '\0') {
        strbuf_append(out, "ADR:;;");
        append_escaped(out, entry->address);
        strbuf_append(out, ";");
        append_escaped(out, entry->commune);
        strbuf_append(out, ";;");
        append_escaped(out, entry->postcode);
        strbuf_append(out, ";\r\n");
    }
    strbuf_append(out, "END:VCARD\r\n");
    return true;
}
