/* Forms: what a body may say of every type of field, and that what is written reads back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/civil.h"
#include "server/content/form.h"

enum colour { RED, GREEN };

struct thing {
    const char *id;
    const char *line;
    const char *text;
    const char *link;
    const char *hash;
    int64_t day;
    const char *iso;
    int64_t at_ms;
    int minute;
    int end_minute;
    unsigned weekdays;
    int64_t count;
    double share;
    bool flag;
    enum colour colour;
    struct text_list ids;
    struct text_list lines;
    struct text_list tags;
    int64_t seen;
    const char *inner;
    int64_t depth;
};

static const char *const colours[] = {"red", "green"};

static const struct form_field inner_fields[] = {
    {.name = "inner",
     .type = FORM_LINE,
     .offset = offsetof(struct thing, inner),
     .min = 1,
     .max = 5,
     .required = true},
    {.name = "depth",
     .type = FORM_INT,
     .offset = offsetof(struct thing, depth),
     .max = 9,
     .absent = 4},
};

static const struct form inner_form = {
    .name = "Inner", .size = sizeof(struct thing), FORM_FIELDS(inner_fields)};

#define AT(member) .offset = offsetof(struct thing, member)

static const struct form_field fields[] = {
    {.name = "id", .type = FORM_ID, AT(id), .required = true},
    {.name = "line", .type = FORM_LINE, AT(line), .min = 1, .max = 8, .required = true},
    {.name = "text", .type = FORM_TEXT, AT(text), .max = 10},
    {.name = "link", .type = FORM_URL, AT(link)},
    {.name = "hash", .type = FORM_HASH, AT(hash)},
    {.name = "day", .type = FORM_DATE, AT(day), .absent = DAY_MAX},
    {.name = "iso", .type = FORM_ISO_DATE, AT(iso)},
    {.name = "at", .type = FORM_INSTANT, AT(at_ms)},
    {.name = "minute", .type = FORM_MINUTES, AT(minute), .absent = 60},
    {.name = "end_minute", .type = FORM_MINUTES, AT(end_minute), .min = 1, .absent = 1440},
    {.name = "weekdays", .type = FORM_WEEKDAYS, AT(weekdays), .absent = 0x7f},
    {.name = "count", .type = FORM_INT, AT(count), .min = -5, .max = 5, .absent = 2},
    {.name = "share",
     .type = FORM_NUMBER,
     AT(share),
     .least = 0.25,
     .most = 1,
     .absent_number = 0.5},
    {.name = "flag", .type = FORM_BOOL, AT(flag)},
    {.name = "colour",
     .type = FORM_CHOICE,
     AT(colour),
     .tags = colours,
     .tag_count = 2,
     .absent = GREEN},
    {.name = "ids", .type = FORM_IDS, AT(ids), .max = 2},
    {.name = "lines", .type = FORM_LINES, AT(lines), .max = 2},
    {.name = "tags", .type = FORM_LINES, AT(tags), .max = 2, .tags = colours, .tag_count = 2},
    {.name = "seen", .type = FORM_INT, AT(seen), .max = 9, .derived = true},
    {.name = "group", .type = FORM_GROUP, .group = &inner_form},
};

static bool check_thing(const cJSON *object, void *value, struct error *err)
{
    struct thing *thing = value;
    (void)object;
    if (strcmp(thing->line, "check") != 0) {
        return true;
    }
    error_set(err, ERROR_INVALID, "non", "no");
    error_field(err, "line");
    return false;
}

static const struct form thing_form = {
    .name = "Thing", .size = sizeof(struct thing), FORM_FIELDS(fields), .check = check_thing};

static bool decode(const char *text, struct arena *arena, struct thing *out, struct error *err)
{
    cJSON *json = json_parse(text, strlen(text), 10000, err);
    assert_non_null(json);
    *out = (struct thing){0};
    error_clear(err);
    bool ok = form_decode(&thing_form, json, arena, out, err);
    cJSON_Delete(json);
    return ok;
}

#define THING(more) "{\"id\":\"a-1\",\"line\":\"Été\"" more "}"
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const struct {
    const char *text;
    enum error_kind error;
    const char *field;
    const char *words; /* of the French message */
} refused[] = {
    {"[]", ERROR_INVALID, "", "objet"},
    {"{\"line\":\"x\"}", ERROR_INVALID, "id", "manquant"},
    {"{\"id\":\"É\",\"line\":\"x\"}", ERROR_INVALID, "id", "identifiant"},
    {"{\"id\":\"a\",\"line\":null}", ERROR_INVALID, "line", "texte"},
    {"{\"id\":\"a\",\"line\":\"  \"}", ERROR_INVALID, "line", "vide"},
    {"{\"id\":\"a\",\"line\":\"a\\nb\"}", ERROR_INVALID, "line", "ligne"},
    {"{\"id\":\"a\",\"line\":\"123456789\"}", ERROR_LIMIT, "line", "9 octets"},
    {"{\"id\":\"a\",\"line\":\"check\"}", ERROR_INVALID, "line", "non"},
    {THING(",\"nom\":1"), ERROR_INVALID, "nom", "sont admis : id, line"},
    {THING(",\"text\":7"), ERROR_INVALID, "text", "texte"},
    {THING(",\"text\":\"0123456789a\""), ERROR_LIMIT, "text", "octets"},
    {THING(",\"text\":\"a\\u0007\""), ERROR_INVALID, "text", "commande"},
    {THING(",\"link\":\"ftp://x\""), ERROR_INVALID, "link", "adresse web"},
    {THING(",\"hash\":\"abc\""), ERROR_INVALID, "hash", "SHA-256"},
    {THING(",\"day\":\"2026-02-30\""), ERROR_INVALID, "day", "« 2026-02-30 »"},
    {THING(",\"iso\":\"hier\""), ERROR_INVALID, "iso", "date"},
    {THING(",\"at\":\"2026-11-24\""), ERROR_INVALID, "at", "instant"},
    {THING(",\"minute\":\"24:00\""), ERROR_INVALID, "minute", "heure"},
    {THING(",\"end_minute\":\"24:01\""), ERROR_INVALID, "end_minute", "heure"},
    {THING(",\"weekdays\":[]"), ERROR_INVALID, "weekdays", "aucun jour"},
    {THING(",\"weekdays\":[\"lu\"]"), ERROR_INVALID, "weekdays", "mo, tu"},
    {THING(",\"count\":6"), ERROR_INVALID, "count", "hors limites"},
    {THING(",\"count\":1.5"), ERROR_INVALID, "count", "entier"},
    {THING(",\"count\":\"1\""), ERROR_INVALID, "count", "entier"},
    {THING(",\"share\":0.1"), ERROR_INVALID, "share", "hors limites"},
    {THING(",\"flag\":1"), ERROR_INVALID, "flag", "true"},
    {THING(",\"colour\":\"blue\""), ERROR_INVALID, "colour", "red, green"},
    {THING(",\"ids\":[\"a\",\"b\",\"c\"]"), ERROR_LIMIT, "ids", "2 au plus"},
    {THING(",\"ids\":[\"a\",\"a\"]"), ERROR_INVALID, "ids", "deux fois"},
    {THING(",\"ids\":\"a\""), ERROR_INVALID, "ids", "liste"},
    {THING(",\"lines\":[\"a,b\"]"), ERROR_INVALID, "lines", "virgule"},
    {THING(",\"lines\":[1]"), ERROR_INVALID, "lines", "textes"},
    {THING(",\"tags\":[\"blue\"]"), ERROR_INVALID, "tags", "red, green"},
    {THING(",\"group\":[]"), ERROR_INVALID, "group", "objet"},
    {THING(",\"group\":{}"), ERROR_INVALID, "group.inner", "manquant"},
    {THING(",\"group\":{\"inner\":\"x\",\"outer\":1}"), ERROR_INVALID, "group.outer", "inconnu"},
    {THING(",\"group\":{\"inner\":\"x\",\"depth\":10}"), ERROR_INVALID, "group.depth", "limites"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct arena *arena = arena_create();
        struct thing thing;
        struct error err;
        bool ok = decode(refused[i].text, arena, &thing, &err);
        if (ok || err.kind != refused[i].error || strcmp(err.field, refused[i].field) != 0 ||
            strstr(err.fr, refused[i].words) == NULL || err.en[0] == '\0') {
            fail_msg("%s: %d, kind %d, field \"%s\", %s", refused[i].text, ok, (int)err.kind,
                     err.field, err.fr);
        }
        arena_destroy(arena);
    }
}

static void test_absent(void **state)
{
    static const char *const texts[] = {
        THING(""),
        THING(",\"text\":null,\"link\":\"\",\"hash\":null,\"day\":null,\"iso\":\"\",\"at\":null,"
              "\"minute\":null,\"count\":null,\"share\":null,\"flag\":null,\"colour\":null,"
              "\"ids\":null,\"lines\":null,\"group\":null,\"seen\":8"),
    };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct arena *arena = arena_create();
        struct thing thing;
        struct error err;
        assert_true(decode(texts[i], arena, &thing, &err));
        assert_string_equal(thing.text, "");
        assert_string_equal(thing.link, "");
        assert_string_equal(thing.hash, "");
        assert_string_equal(thing.iso, "");
        assert_string_equal(thing.inner, "");
        assert_int_equal(thing.day, DAY_MAX);
        assert_int_equal(thing.at_ms, 0);
        assert_int_equal(thing.minute, 60);
        assert_int_equal(thing.end_minute, 1440);
        assert_int_equal(thing.weekdays, 0x7f);
        assert_int_equal(thing.count, 2);
        assert_int_equal(thing.depth, 4);
        assert_true(thing.share == 0.5);
        assert_false(thing.flag);
        assert_int_equal(thing.colour, GREEN);
        assert_int_equal(thing.ids.count + thing.lines.count, 0);
        assert_int_equal(thing.seen, 0); /* derived: what a body says of it does not count */
        arena_destroy(arena);
    }
}

static const char *encode(const struct thing *thing, struct arena *arena)
{
    struct strbuf text;
    struct json_writer writer;
    strbuf_init(&text);
    json_writer_init(&writer, &text);
    json_begin_object(&writer, NULL);
    form_encode(&thing_form, thing, &writer);
    json_end_object(&writer);
    const char *copy = arena_strndup(arena, text.bytes, text.length);
    strbuf_finish(&text);
    return copy;
}

static void test_there_and_back(void **state)
{
    struct arena *arena = arena_create();
    struct thing thing;
    struct error err;
    (void)state;
    static const char full[] =
        "{\"id\":\"a-1\",\"line\":\"Été\",\"text\":\"a\\nb\",\"link\":\"https://x.fr\","
        "\"hash\":\"" HASH "\",\"day\":\"2028-02-29\",\"iso\":\"2026-11-24\","
        "\"at\":\"2026-11-24T07:10:00.000Z\",\"minute\":\"08:10\",\"end_minute\":\"24:00\","
        "\"weekdays\":[\"mo\",\"su\"],\"count\":-5,\"share\":0.25,\"flag\":true,"
        "\"colour\":\"red\",\"ids\":[\"b\",\"a\"],\"lines\":[\"É 1\"],\"tags\":[\"green\"],"
        "\"seen\":0,\"group\":{\"inner\":\"dedans\",\"depth\":3}}";
    assert_false(decode(full, arena, &thing, &err));
    assert_string_equal(err.field, "group.inner"); /* six bytes, five allowed */
    const char *at = strstr(full, "dedans");
    const char *fits = arena_printf(arena, "%.*s%s", (int)(at - full), full, at + 1);
    assert_true(decode(fits, arena, &thing, &err));
    assert_int_equal(thing.day, civil_days(2028, 2, 29));
    assert_string_equal(encode(&thing, arena), fits);

    assert_true(decode(THING(""), arena, &thing, &err));
    const char *empty = encode(&thing, arena);
    assert_non_null(strstr(empty, "\"day\":null"));
    struct thing again;
    cJSON *json = json_parse(empty, strlen(empty), 10000, &err);
    cJSON_DeleteItemFromObject(json, "group"); /* its inner text is needed where there is one */
    char *printed = cJSON_PrintUnformatted(json);
    assert_true(decode(printed, arena, &again, &err));
    assert_string_equal(encode(&again, arena), empty);
    cJSON_free(printed);
    cJSON_Delete(json);
    arena_destroy(arena);
}

static void test_read_only(void **state)
{
    static const struct form_field made[] = {
        {.name = "made", .type = FORM_INT, AT(seen), .max = 9, .read_only = true}};
    static const struct form form = {
        .name = "Made", .size = sizeof(struct thing), FORM_FIELDS(made)};
    static const char *const texts[] = {"{}", "{\"made\":null}", "{\"made\":1}"};
    struct thing thing = {.seen = 3};
    struct error err;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        cJSON *json = json_parse(texts[i], strlen(texts[i]), 100, &err);
        error_clear(&err);
        assert_int_equal(form_decode(&form, json, NULL, &thing, &err), i < 2);
        cJSON_Delete(json);
    }
    assert_string_equal(err.field, "made");
}

static void test_schema(void **state)
{
    struct strbuf text;
    struct json_writer writer;
    (void)state;
    strbuf_init(&text);
    json_writer_init(&writer, &text);
    form_schema(&thing_form, false, &writer, NULL);
    cJSON *schema = cJSON_Parse(text.bytes);
    assert_non_null(schema);
    const cJSON *properties = cJSON_GetObjectItem(schema, "properties");
    assert_int_equal(cJSON_GetArraySize(properties), sizeof fields / sizeof *fields);
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(schema, "required")), 2);
    assert_true(cJSON_IsFalse(cJSON_GetObjectItem(schema, "additionalProperties")));
    const cJSON *count = cJSON_GetObjectItem(properties, "count");
    assert_int_equal(cJSON_GetObjectItem(count, "minimum")->valueint, -5);
    assert_true(
        cJSON_IsTrue(cJSON_GetObjectItem(cJSON_GetObjectItem(properties, "seen"), "readOnly")));
    cJSON_Delete(schema);
    strbuf_finish(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_there_and_back), cmocka_unit_test(test_read_only),
        cmocka_unit_test(test_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
