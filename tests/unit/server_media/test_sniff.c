/* What a file is by its bytes, and what the worker's words mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "server/media/sniff.h"
#include "server/media/work.h"

#define TAKEN(name, bytes, kind, type)                                                             \
    {                                                                                              \
        name, bytes, sizeof(bytes) - 1, kind, type                                                 \
    }
#define REFUSED(name, bytes)                                                                       \
    {                                                                                              \
        name, bytes, sizeof(bytes) - 1, ITEM_PICTURE, NULL                                         \
    }

static void test_sniff(void **state)
{
    static const struct {
        const char *name, *bytes;
        size_t size;
        enum item_kind kind;
        const char *type;
    } cases[] = {
        TAKEN("a.jpg", "\xff\xd8\xff\xe0", ITEM_PICTURE, "image/jpeg"),
        TAKEN("a.JPEG", "\xff\xd8\xff\xe0", ITEM_PICTURE, "image/jpeg"),
        TAKEN("sans extension", "\xff\xd8\xff\xe0", ITEM_PICTURE, "image/jpeg"),
        TAKEN("photo.de.vacances", "\xff\xd8\xff\xe0", ITEM_PICTURE, "image/jpeg"),
        TAKEN("a.png", "\x89PNG\r\n\x1a\n", ITEM_PICTURE, "image/png"),
        TAKEN("a.webp", "RIFF\x10\0\0\0WEBPVP8 ", ITEM_PICTURE, "image/webp"),
        TAKEN("IMG_1.HEIC",
              "\0\0\0\x18"
              "ftypheic",
              ITEM_PICTURE, "image/heic"),
        TAKEN("a.mov",
              "\0\0\0\x14"
              "ftypqt  ",
              ITEM_FILM, "video/mp4"),
        TAKEN("a.webm", "\x1a\x45\xdf\xa3", ITEM_FILM, "video/webm"),
        TAKEN("a.pdf", "%PDF-1.7", ITEM_PAGES, "application/pdf"),
        TAKEN("a.vtt", "\xef\xbb\xbfWEBVTT", ITEM_CAPTIONS, "text/vtt"),
        TAKEN("a.pptx", "PK\x03\x04", ITEM_SLIDES,
              "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        REFUSED("a.zip", "PK\x03\x04"),
        REFUSED("a.docx", "PK\x03\x04"),
        REFUSED("a.jpg", "\x89PNG\r\n\x1a\n"),
        REFUSED("a.png", "%PDF-1.7"),
        REFUSED("a.mp4", "\x1a\x45\xdf\xa3"),
        REFUSED("a.svg", "<svg xmlns="),
        REFUSED("a.wav", "RIFF\x10\0\0\0WAVEfmt "),
        REFUSED("a.jpg", "\xff\xd8"),
        REFUSED("a.jpg", ""),
        REFUSED("a.bmp", "BM\x36\0\0\0"),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sniffed sniffed = {0};
        struct error error;
        bool taken = sniff(cases[i].bytes, cases[i].size, cases[i].name, &sniffed, &error);
        if (taken != (cases[i].type != NULL) ||
            (taken && (sniffed.kind != cases[i].kind || strcmp(sniffed.type, cases[i].type) != 0)))
            fail_msg("%s (%zu): %s", cases[i].name, i, taken ? sniffed.type : error.en);
        if (!taken)
            assert_int_equal(error.kind, ERROR_INVALID);
    }
}

/* A worker may have been taken over by what it looked at: it can say anything. */
static void test_worker_words(void **state)
{
    static const struct {
        const char *line;
        bool sense;
    } cases[] = {
        {"done", true},
        {"progress\t50", true},
        {"progress\t101", false},
        {"progress\t-1", false},
        {"progress\t", false},
        {"note\tun\tone", true},
        {"note\tun", false},
        {"note\t\xff\tone", false},
        {"refused\tnon\tno", true},
        {"original\t10\t20\t0\t1", true},
        {"original\t10\t20\t0\t99999999999999999999", false},
        {"file\tscreen\t0\timage/jpeg\t10\t20\t0\tscreen-0.jpg", true},
        {"file\tscreen\t0\ttext/html\t10\t20\t0\tscreen-0.jpg", false},
        {"file\tother\t0\timage/jpeg\t10\t20\t0\tscreen-0.jpg", false},
        {"file\tscreen\t0\timage/jpeg\t10\t20\t0\t../../key", false},
        {"file\tscreen\t0\timage/jpeg\t10\t20\t0\t..", false},
        {"file\tscreen\t0\timage/jpeg\t10\t20\t0\t/etc/passwd", false},
        {"file\tscreen\t0\timage/jpeg\t10\t20\t0", false},
        {"", false},
        {"quit", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct work_result result = {0};
        enum work_end end = WORK_BROKEN;
        char line[256];
        int percent = -1;
        snprintf(line, sizeof(line), "%s", cases[i].line);
        if (work_line(line, &result, &end, &percent) != cases[i].sense)
            fail_msg("\"%s\"", cases[i].line);
    }
}

static void test_too_many_files(void **state)
{
    struct work_result result = {0};
    enum work_end end;
    int percent;

    (void)state;
    for (int i = 0; i <= WORK_FILES_MAX; i++) {
        char line[] = "file\tpage\t1\timage/png\t1\t1\t0\ta.png";
        assert_int_equal(work_line(line, &result, &end, &percent), i < WORK_FILES_MAX);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sniff),
        cmocka_unit_test(test_worker_words),
        cmocka_unit_test(test_too_many_files),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
