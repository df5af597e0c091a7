#include "import_fixture.h"

#include <sys/stat.h>

#include "core/json.h"
#include "server/import/table.h"

struct rows {
    struct arena *arena;
    struct strbuf text; /* "a|b/c|d/" with line numbers in front */
    size_t limit;
};

static bool collect(void *context, const struct table_row *row, struct error *err)
{
    struct rows *rows = context;

    (void)err;
    strbuf_printf(&rows->text, "%d:", row->line);
    for (size_t i = 0; i < row->count && i < TABLE_COLUMNS_MAX; i++)
        strbuf_printf(&rows->text, "%s%s", i ? "|" : "", row->fields[i]);
    strbuf_append(&rows->text, "/");
    return true;
}

static void test_formats(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *label;
        const char *bytes;
        enum table_encoding encoding;
        char delimiter;
        const char *rows;
    } cases[] = {
        {"semicolon", "a;b\n1;2\n", TABLE_UTF8, ';', "1:a|b/2:1|2/"},
        {"comma, CRLF, BOM",
         "\xef\xbb\xbf"
         "a,b\r\n1,2\r\n",
         TABLE_UTF8_BOM, ',', "1:a|b/2:1|2/"},
        {"tab, no end of line", "a\tb\n1\t2", TABLE_UTF8, '\t', "1:a|b/2:1|2/"},
        {"Windows-1252", "nom;lieu\n\xc9t\xe9;C\x9cur \x80\n", TABLE_WINDOWS_1252, ';',
         "1:nom|lieu/2:Été|Cœur €/"},
        {"UTF-8", "nom;lieu\nÉté;Cœur\n", TABLE_UTF8, ';', "1:nom|lieu/2:Été|Cœur/"},
        {"quoted delimiter and quote", "a;b\n\"1;\"\"x\"\"\";2\n", TABLE_UTF8, ';',
         "1:a|b/2:1;\"x\"|2/"},
        {"quoted newlines keep the count", "a;b\n\"1\n2\r\n3\";x\n4;5\n", TABLE_UTF8, ';',
         "1:a|b/2:1\n2\r\n3|x/5:4|5/"},
        {"blank lines", "\n\na;b\n\n;\n1;2\n\n", TABLE_UTF8, ';', "3:a|b/6:1|2/"},
        {"delimiters in the header's quotes do not count", "\"a,,,\";b\n1;2\n", TABLE_UTF8, ';',
         "1:a,,,|b/2:1|2/"},
        {"empty fields", "a;b;c\n;;3\n", TABLE_UTF8, ';', "1:a|b|c/2:||3/"},
        {"quote in a text", "a;b\n5°49'17.97\"N;x \"y\" z\n", TABLE_UTF8, ';',
         "1:a|b/2:5°49'17.97\"N|x \"y\" z/"},
        {"spaces around", "a ; b\n 1 ;\" 2 \"\n", TABLE_UTF8, ';', "1:a|b/2:1| 2 /"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rows rows = {.arena = f->arena};
        struct table_format format;
        const char *path = put_text(f, "t.csv", cases[i].bytes);
        strbuf_init(&rows.text);
        assert_ok(f, table_scan(path, &format, &f->err));
        assert_int_equal(format.encoding, cases[i].encoding);
        assert_int_equal(format.delimiter, cases[i].delimiter);
        assert_ok(f, table_read(path, &format, 1000, collect, &rows, &f->err));
        if (strcmp(rows.text.bytes, cases[i].rows) != 0)
            fail_msg("%s: \"%s\"", cases[i].label, rows.text.bytes);
        strbuf_finish(&rows.text);
    }
}

/* A character may lie across the boundary of two blocks of 64 KiB. */
static void test_characters_across_blocks(void **state)
{
    struct fixture *f = *state;

    for (size_t shift = 0; shift < 6; shift++) {
        struct table_format format;
        struct strbuf text;
        strbuf_init(&text);
        strbuf_append(&text, "a;b\n");
        for (size_t i = 0; i < shift; i++)
            strbuf_append_char(&text, 'x');
        while (text.length < 200000)
            strbuf_append(&text, "é€𝄞");
        const char *path = put_file(f, "t.csv", text.bytes, text.length);
        assert_ok(f, table_scan(path, &format, &f->err));
        assert_int_equal(format.encoding, TABLE_UTF8);
        path = put_file(f, "t.csv", text.bytes, text.length - 1); /* cut in a character */
        assert_ok(f, table_scan(path, &format, &f->err));
        assert_int_equal(format.encoding, TABLE_WINDOWS_1252);
        strbuf_finish(&text);
    }
}

static void test_refusals(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *label;
        const char *bytes;
        size_t size; /* 0: its length */
        int line;
        const char *words;
    } cases[] = {
        {"empty", "", 0, 0, "vide"},
        {"only a BOM", "\xef\xbb\xbf", 0, 0, "vide"},
        {"only white space", " \r\n\n", 0, 0, "vide"},
        {"NUL", "a;b\n1;\0;2\n", 11, 2, "octet nul"},
        {"UTF-16",
         "\xff\xfe"
         "a\0;\0b\0",
         8, 0, "UTF-16"},
        {"workbook", "PK\x03\x04\x14\0\6\0", 8, 0, "classeur"},
        {"old workbook", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, 0, "XLS"},
        {"web page", "<!doctype html>\n", 0, 0, "HTML"},
        {"PDF", "%PDF-1.7\n", 0, 0, "CSV UTF-8"},
        {"unterminated quote", "a;b\n1;2\n3;\"4\n5;6\n", 0, 3, "jamais fermé"},
        {"text behind a quote", "a;b\n1;2\n3;\"4\"x\n", 0, 3, "guillemet mal placé"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct rows rows = {.arena = f->arena};
        struct table_format format;
        size_t size = cases[i].size ? cases[i].size : strlen(cases[i].bytes);
        const char *path = put_file(f, "t.csv", cases[i].bytes, size);
        f->err = (struct error){0};
        strbuf_init(&rows.text);
        if (table_scan(path, &format, &f->err) &&
            table_read(path, &format, 1000, collect, &rows, &f->err))
            fail_msg("%s was taken", cases[i].label);
        strbuf_finish(&rows.text);
        if (!strstr(f->err.fr, cases[i].words) || f->err.line != cases[i].line)
            fail_msg("%s: line %d, %s", cases[i].label, f->err.line, f->err.fr);
        assert_string_equal(f->err.file, path);
    }
    struct table_format format;
    assert_false(table_scan(f->folder, &format, &f->err));
    assert_non_null(strstr(f->err.fr, "c’est un dossier"));
    assert_false(table_scan("/dev/zero", &format, &f->err));
    assert_non_null(strstr(f->err.fr, "pas un fichier ordinaire"));
    char *pipe = arena_printf(f->arena, "%s/pipe.csv", f->folder);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_false(table_scan(pipe, &format, &f->err)); /* and does not wait for a writer */
    assert_false(table_scan("/nowhere/x.csv", &format, &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
}

static void test_field_limit(void **state)
{
    struct fixture *f = *state;
    struct rows rows = {.arena = f->arena};
    struct table_format format;
    struct strbuf text;

    strbuf_init(&text);
    strbuf_append(&text, "a;b\n1;");
    while (text.length < 1024 * 1024)
        strbuf_append(&text, "xxxxxxxxxxxxxxxx");
    strbuf_append(&text, "\n");
    const char *path = put_file(f, "t.csv", text.bytes, text.length);
    strbuf_finish(&text);
    strbuf_init(&rows.text);
    assert_ok(f, table_scan(path, &format, &f->err));
    assert_false(table_read(path, &format, IMPORT_CSV_FIELD_MAX, collect, &rows, &f->err));
    assert_int_equal(f->err.line, 2);
    assert_non_null(strstr(f->err.fr, "champ démesuré"));
    strbuf_finish(&rows.text);
}

struct spectrum {
    struct arena *arena;
    const cJSON *next; /* object of the next row */
    const char *names[TABLE_COLUMNS_MAX];
    size_t count;
    const char *file;
};

static bool compare(void *context, const struct table_row *row, struct error *err)
{
    struct spectrum *s = context;
    (void)err;

    if (s->count == 0) {
        s->count = row->count;
        for (size_t i = 0; i < row->count; i++)
            s->names[i] = arena_strdup(s->arena, row->fields[i]);
        return true;
    }
    assert_non_null(s->next);
    for (size_t i = 0; i < s->count; i++) {
        const cJSON *wanted = cJSON_GetObjectItemCaseSensitive(s->next, s->names[i]);
        assert_non_null(wanted);
        if (strcmp(row->fields[i], wanted->valuestring) != 0)
            fail_msg("%s, line %d: \"%s\" is not \"%s\"", s->file, row->line, row->fields[i],
                     wanted->valuestring);
    }
    s->next = s->next->next;
    return true;
}

/* The published corpus, against its own JSON. */
static void test_csv_spectrum(void **state)
{
    static const char *const names[] = {
        "comma_in_quotes",
        "empty",
        "empty_crlf",
        "escaped_quotes",
        "json",
        "newlines",
        "newlines_crlf",
        "quotes_and_newlines",
        "simple",
        "simple_crlf",
        "utf8",

    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct spectrum s = {.arena = f->arena, .file = names[i]};
        struct table_format format;
        char *json;
        size_t size;
        const char *path =
            shared_file(f, arena_printf(f->arena, "csv-spectrum/csvs/%s.csv", names[i]));
        const char *wanted =
            shared_file(f, arena_printf(f->arena, "csv-spectrum/json/%s.json", names[i]));
        assert_ok(f, file_read(wanted, 10000, &json, &size, &f->err));
        cJSON *array = cJSON_Parse(json);
        assert_non_null(array);
        s.next = array->child;
        assert_ok(f, table_scan(path, &format, &f->err));
        assert_ok(f, table_read(path, &format, 1000, compare, &s, &f->err));
        assert_null(s.next);
        cJSON_Delete(array);
        free(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_formats),      CASE(test_characters_across_blocks),
        CASE(test_refusals),     CASE(test_field_limit),
        CASE(test_csv_spectrum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
