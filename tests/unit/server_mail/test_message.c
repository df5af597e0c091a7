/* What goes over the line: headers that hold, lines that are short, nothing that can be slipped in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "server/mail/message.h"
#include "server/mail/postman.h"

static void addresses(void **state)
{
    static const struct {
        const char *address;
        bool valid;
    } cases[] = {
        {"lea@ville.example", true},
        {"prenom.nom+vitrine@metropole-rouen.example", true},
        {"", false},
        {"lea", false},
        {"@ville.example", false},
        {"lea@", false},
        {"lea@ville@example", false},
        {"lea@ville.example\r\nBcc: tous@ville.example", false},
        {"lea ville@example", false},
        {"<lea@ville.example>", false},
        {"lea@ville.example,bob@ville.example", false},
        {"l\xc3\xa9"
         "a@ville.example",
         false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(message_address_valid(cases[i].address), cases[i].valid);
}

static void write_one(const char *subject, const char *text, struct strbuf *out)
{
    strbuf_init(out);
    message_write(&(struct message){.from = "vitrine@ville.example",
                                    .name = "Vitrine",
                                    .to = "lea@ville.example",
                                    .subject = subject,
                                    .text = text,
                                    .id = "1.2",
                                    .time_ms = INT64_C(1795467845000)},
                  out);
}

static void headers_and_text(void **state)
{
    struct strbuf out;

    (void)state;
    write_one("Été", "Été = 2 €\n.\nfin ", &out);
    assert_non_null(strstr(out.bytes, "To: <lea@ville.example>\r\n"));
    assert_non_null(strstr(out.bytes, "Subject: =?UTF-8?B?w4l0w6k=?=\r\n"));
    assert_non_null(strstr(out.bytes, "Date: Mon, 23 Nov 2026 21:04:05 +0000\r\n"));
    assert_non_null(strstr(out.bytes, "Message-ID: <1.2@ville.example>\r\n"));
    assert_non_null(strstr(out.bytes, "\r\n\r\n=C3=89t=C3=A9 =3D 2 =E2=82=AC\r\n.\r\nfin=20\r\n"));
    strbuf_finish(&out);
}

/* A title that holds line ends becomes no header of its own. */
static void nothing_is_slipped_in(void **state)
{
    struct strbuf out;

    (void)state;
    write_one("Titre\r\nBcc: tous@ville.example", "texte", &out);
    assert_null(strstr(out.bytes, "\nBcc:"));
    strbuf_finish(&out);
}

static void lines_are_short(void **state)
{
    char subject[1024] = "", text[4096] = "";
    struct strbuf out;
    size_t longest = 0;

    (void)state;
    for (int i = 0; i < 100; i++)
        strcat(subject, i % 3 == 0 ? "é" : "€");
    for (int i = 0; i < 500; i++)
        strcat(text, i % 5 == 0 ? "œuvre " : "a");
    write_one(subject, text, &out);
    for (const char *line = out.bytes; *line != '\0';) {
        size_t length = strcspn(line, "\r");
        longest = length > longest ? length : longest;
        line += length + 2;
    }
    assert_in_range(longest, 60, 76);
    strbuf_finish(&out);
}

static void tries_grow_rarer(void **state)
{
    (void)state;
    assert_int_equal(postman_delay_ms(0), 30000);
    assert_int_equal(postman_delay_ms(1), 60000);
    assert_int_equal(postman_delay_ms(4), 480000);
    assert_int_equal(postman_delay_ms(60), POSTMAN_MOST_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses),
        cmocka_unit_test(headers_and_text),
        cmocka_unit_test(nothing_is_slipped_in),
        cmocka_unit_test(lines_are_short),
        cmocka_unit_test(tries_grow_rarer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
