#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "player/video/captions.h"

static struct captions *parse(const char *text)
{
    struct error err;
    struct captions *captions = captions_parse(text, strlen(text), &err);
    if (!captions) {
        fail_msg("%s: %s", text, err.en);
    }
    return captions;
}

static void test_texts(void **state)
{
    (void)state;
    static const struct {
        const char *what, *file;
        int64_t at_ms;
        const char *shows; /* "" nothing */
    } cases[] = {
        {"a cue", "WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour", 1000, "Bonjour"},
        {"before it", "WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour", 999, ""},
        {"its last millisecond", "WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour", 1999, "Bonjour"},
        {"its end", "WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour", 2000, ""},
        {"with hours", "WEBVTT\n\n01:00:01.000 --> 01:00:02.000\nBonjour", 3601500, "Bonjour"},
        {"more than 99 hours", "WEBVTT\n\n100:00:00.000 --> 100:00:01.000\nA", 360000000, "A"},
        {"an identifier", "WEBVTT\n\nintro - 1\n00:00.000 --> 00:02.000\nBonjour", 0, "Bonjour"},
        {"settings", "WEBVTT\n\n00:00.000 --> 00:02.000 line:0 align:start\nBonjour", 0, "Bonjour"},
        {"a title and Windows lines",
         "WEBVTT Titre\r\n\r\n00:00.000 --> 00:02.000\r\nUn\r\ndeux\r\n\r\n", 0, "Un\ndeux"},
        {"lines of old Macs", "WEBVTT\r\r00:00.000 --> 00:02.000\rUn\rdeux\r", 0, "Un\ndeux"},
        {"a byte order mark", "\xEF\xBB\xBFWEBVTT\n\n00:00.000 --> 00:02.000\nUn", 0, "Un"},
        {"no empty line after the header", "WEBVTT\n00:00.000 --> 00:02.000\nUn", 0, "Un"},
        {"notes, styles and regions",
         "WEBVTT\n\nNOTE rien\nà voir\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\n"
         "00:00.000 --> 00:02.000\nUn",
         0, "Un"},
        {"tags",
         "WEBVTT\n\n00:00.000 --> 00:02.000\n<b>Un</b> <i.x>deux</i> <c.jaune>trois</c> "
         "<00:01.000>quatre <lang fr>cinq</lang>",
         0, "Un deux trois quatre cinq"},
        {"voices",
         "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Aïcha>Un\n<v.fort Aïcha>deux</v>\n<v Bob>trois", 0,
         "Aïcha: Un\ndeux\nBob: trois"},
        {"entities",
         "WEBVTT\n\n00:00.000 --> 00:02.000\nR&amp;D &lt;3 &gt; a&nbsp;b &#233; &foo; &", 0,
         "R&D <3 > a\u00A0b é &foo; &"},
        {"a tag without an end", "WEBVTT\n\n00:00.000 --> 00:02.000\nUn <b deux", 0, "Un "},
        {"overlapping cues in the file's order",
         "WEBVTT\n\n00:00.000 --> 00:05.000\nUn\n\n00:01.000 --> 00:02.000\nDeux", 1500,
         "Un\nDeux"},
        {"no empty line between cues",
         "WEBVTT\n\n00:00.000 --> 00:01.000\nUn\n00:01.000 --> 00:02.000\nDeux", 1500, "Deux"},
        {"a cue that ends before it starts is left out",
         "WEBVTT\n\n00:02.000 --> 00:01.000\nMal\n\n00:01.000 --> 00:02.000\nBien", 1500, "Bien"},
        {"60 seconds are none",
         "WEBVTT\n\n00:00.000 --> 00:60.000\nMal\n\n00:01.000 --> 00:02.000\nBien", 1500, "Bien"},
        {"SubRip's comma is none",
         "WEBVTT\n\n00:00,000 --> 00:05,000\nMal\n\n00:01.000 --> 00:02.000\nBien", 1500, "Bien"},
        {"nothing but blanks", "WEBVTT\n\n00:00.000 --> 00:05.000\n \t<b> </b>", 1500, ""},
        {"malformed UTF-8", "WEBVTT\n\n00:00.000 --> 00:05.000\nUn\xFF", 0, "Un\uFFFD"},
        {"control characters", "WEBVTT\n\n00:00.000 --> 00:05.000\nUn\tdeux", 0, "Un deux"},
        {"no cue at all", "WEBVTT", 0, ""},
    };
    struct strbuf out;
    strbuf_init(&out);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct captions *captions = parse(cases[i].file);
        bool any = captions_at(captions, cases[i].at_ms, &out);
        if (strcmp(out.bytes, cases[i].shows) != 0 || any != (cases[i].shows[0] != '\0')) {
            fail_msg("%s: “%s” instead of “%s”", cases[i].what, out.bytes, cases[i].shows);
        }
        captions_destroy(captions);
    }
    strbuf_finish(&out);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const files[] = {"", "Bonjour", "WEBVTTX\n", "\nWEBVTT\n",
                                        "1\n00:00:00,000 --> 00:00:01,000\nSubRip\n"};
    struct error err;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        assert_null(captions_parse(files[i], strlen(files[i]), &err));
        assert_non_null(strstr(err.fr, "WEBVTT"));
    }
    char *large = malloc(CAPTIONS_BYTES_MAX + 1);
    memset(large, '\n', CAPTIONS_BYTES_MAX + 1);
    memcpy(large, "WEBVTT", 6);
    struct captions *captions = captions_parse(large, CAPTIONS_BYTES_MAX, &err);
    assert_non_null(captions);
    captions_destroy(captions);
    assert_null(captions_parse(large, CAPTIONS_BYTES_MAX + 1, &err));
    assert_int_equal(err.kind, ERROR_LIMIT);
    free(large);
    assert_null(captions_load("/nonexistent/film.vtt", &err));
}

static void test_changes(void **state)
{
    (void)state;
    struct captions *captions = parse("WEBVTT\n\n00:01.000 --> 00:05.000\nUn\n\n"
                                      "00:03.000 --> 00:04.000\nDeux\n");
    static const int64_t changes[] = {1000, 3000, 4000, 5000};
    int64_t position = 0;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        position = captions_next_ms(captions, position);
        assert_int_equal(position, changes[i]);
    }
    assert_int_equal(captions_next_ms(captions, position), INT64_MAX);
    captions_destroy(captions);
}

static void test_many_cues(void **state)
{
    (void)state;
    struct strbuf file;
    struct error err;
    strbuf_init(&file);
    strbuf_append(&file, "WEBVTT\n\n");
    for (int i = 0; i < CAPTIONS_CUES_MAX + 10; i++) {
        strbuf_printf(&file, "%02d:%02d.000 --> %02d:%02d.500\n%d\n\n", i / 60 % 60, i % 60,
                      i / 60 % 60, i % 60, i);
    }
    struct captions *captions = captions_parse(file.bytes, file.length, &err);
    assert_non_null(captions);
    assert_int_equal(captions_count(captions), CAPTIONS_CUES_MAX);
    captions_destroy(captions);
    strbuf_finish(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_many_cues),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
