#include "server/mail/message.h"

#include <ctype.h>
#include <string.h>

#include "core/civil.h"

#define LINE_MAX_BYTES 76
#define WORD_MAX_BYTES 39 /* of an encoded word: 64 with what is around it, 73 behind "Subject: "  \
                           */

bool message_address_valid(const char *address)
{
    const char *at = strrchr(address, '@');
    size_t length = strlen(address);

    if (at == NULL || at == address || at[1] == '\0' || strchr(address, '@') != at ||
        length > MESSAGE_ADDRESS_MAX)
        return false;
    for (const char *c = address; *c != '\0'; c++) {
        if (!isgraph((unsigned char)*c) || strchr("<>()[],;:\\\"", *c) != NULL)
            return false;
    }
    return true;
}

static void put_base64(struct strbuf *out, const char *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned word = (unsigned)(unsigned char)bytes[i] << 16;
        word |= left > 1 ? (unsigned)(unsigned char)bytes[i + 1] << 8 : 0;
        word |= left > 2 ? (unsigned)(unsigned char)bytes[i + 2] : 0;
        strbuf_append_char(out, digits[word >> 18]);
        strbuf_append_char(out, digits[word >> 12 & 63]);
        strbuf_append_char(out, left > 1 ? digits[word >> 6 & 63] : '=');
        strbuf_append_char(out, left > 2 ? digits[word & 63] : '=');
    }
}

/* RFC 2047: words of whole characters, one a line. Line ends in a text would begin a header. */
static void put_words(struct strbuf *out, const char *text)
{
    while (*text != '\0') {
        size_t length = 0;
        while (text[length] != '\0') {
            size_t next = length + 1;
            while (((unsigned char)text[next] & 0xc0) == 0x80)
                next++;
            if (next > WORD_MAX_BYTES)
                break;
            length = next;
        }
        strbuf_append(out, "=?UTF-8?B?");
        put_base64(out, text, length);
        strbuf_append(out, "?=");
        text += length;
        if (*text != '\0')
            strbuf_append(out, "\r\n ");
    }
}

static void put_date(struct strbuf *out, int64_t time_ms)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil civil = civil_from_ms(time_ms);

    strbuf_printf(out, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n",
                  days[civil_weekday(time_ms / CIVIL_DAY_MS)], civil.day, months[civil.month - 1],
                  civil.year, civil.hour, civil.minute, civil.second);
}

/* One line; breaks softly where it would be too long. A point at a line's begin is curl's business.
 */
static void put_line(struct strbuf *out, const char *line, size_t length)
{
    size_t column = 0;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)line[i];
        bool last = i + 1 == length;
        bool plain = (c > ' ' && c < 127 && c != '=') || (c == ' ' && !last);
        size_t wide = plain ? 1 : 3;
        if (column + wide > LINE_MAX_BYTES - 1) {
            strbuf_append(out, "=\r\n");
            column = 0;
        }
        if (plain)
            strbuf_append_char(out, (char)c);
        else
            strbuf_printf(out, "=%02X", c);
        column += wide;
    }
    strbuf_append(out, "\r\n");
}

void message_write(const struct message *message, struct strbuf *out)
{
    const char *text = message->text;

    strbuf_append(out, "From: ");
    put_words(out, message->name);
    strbuf_printf(out, " <%s>\r\nTo: <%s>\r\nSubject: ", message->from, message->to);
    put_words(out, message->subject);
    strbuf_append(out, "\r\n");
    put_date(out, message->time_ms);
    strbuf_printf(out,
                  "Message-ID: <%s@%s>\r\nMIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n"
                  "Content-Type: text/plain; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
                  message->id, strrchr(message->from, '@') + 1);
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        put_line(out, text, length);
        text += length + (text[length] == '\n');
    }
}
