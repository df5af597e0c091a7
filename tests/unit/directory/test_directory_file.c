/* A directory file: written, read back, asked, and refused when it is damaged. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/files.h"
#include "core/utf8.h"
#include "directory/directory_build.h"

struct fixture {
    char folder[64], path[96], other[96];
    struct directory *directory;
    struct arena *arena;
    struct directory_answer answer;
    struct error error;
};

static void ok(struct fixture *f, bool done)
{
    if (!done)
        fail_msg("%s", f->error.en);
}

static const struct {
    struct directory_organisation record;
    const char *sort_key, *words;
    int sector, commune;
} organisations[] = {
    {{.id = "o-source",
      .name = "La Source",
      .activity = "Restauration",
      .sector = "alimentation",
      .commune = "Rouen",
      .latitude = 49.44,
      .longitude = 1.09,
      .placed = true,
      .site_id = "creapolis",
      .floor = "2",
      .summary = "Cuisiner ensemble",
      .phone = "02 00 00 00 00"},
     "source",
     "traiteur repas",
     0,
     0},
    {{.id = "o-velo",
      .name = "Cœur de Vélo",
      .acronym = "C.D.V.",
      .sign = "L’Échappée",
      .activity = "Réparation de cycles",
      .sector = "mobilite",
      .commune = "Elbeuf",
      .latitude = 49.28,
      .longitude = 1.01},
     "coeur de velo",
     "",
     1,
     1},
    {{.id = "o-abeille",
      .name = "Atelier de l’Abeille",
      .activity = "Couture",
      .sector = "textile",
      .commune = "Elbeuf",
      .latitude = NAN,
      .longitude = 1},
     "atelier de l abeille",
     "retouches",
     2,
     1},
    {{.id = "o-76",
      .name = "76 Services",
      .activity = "Ménage",
      .sector = "alimentation",
      .commune = "Rouen",
      .latitude = 49.45,
      .longitude = 1.1},
     "76 services",
     "",
     0,
     0},
    {{.id = "o-pain",
      .name = "Pain d’Elbeuf",
      .activity = "Boulangerie",
      .sector = "alimentation",
      .commune = "Elbeuf",
      .latitude = 49.29,
      .longitude = 1.0},
     "pain d elbeuf",
     "",
     0,
     1},
};
#define COUNT (sizeof(organisations) / sizeof(organisations[0]))
enum { ABEILLE, VELO, PAIN, SOURCE, SERVICES }; /* rows: A–Z, then # */

static const struct directory_event events[] = {
    {.id = "e-2",
     .title = "Marché",
     .commune = "Elbeuf",
     .start_ms = 5000,
     .end_ms = 6000,
     .start_minute = 600,
     .organisation = "o-velo",
     .focal_x = NAN},
    {.id = "e-1",
     .title = "Portes ouvertes",
     .commune = "Rouen",
     .status = "complet",
     .start_ms = 1000,
     .end_ms = 2000,
     .local_day = 20000,
     .all_day = true},
    {.id = "e-1", .title = "Portes ouvertes", .commune = "Rouen", .start_ms = 9000, .end_ms = 9500},
};

static const struct directory_portrait portraits[] = {
    {.id = "p-b",
     .organisation = "o-velo",
     .organisation_name = "Cœur de Vélo",
     .leader_name = "Z",
     .from_ms = 0,
     .until_ms = 100,
     .film = "f00d",
     .captions = "beef"},
    {.id = "p-a",
     .organisation_name = "Atelier",
     .quote = "Coudre, c’est relier",
     .from_ms = 50,
     .until_ms = 1000},
};

static void build(struct fixture *f, const char *path, bool backwards)
{
    static const struct directory_point points[] = {{1.0f, 49.0f}, {1.1f, 49.0f}, {1.1f, 49.1f}};
    static const struct directory_ring ring = {3, points};
    static const char *const sectors[] = {"alimentation", "mobilite", "textile"};
    static const char *const labels[] = {"Alimentation", "Mobilité", "Textile"};
    struct directory_build *made = directory_build_begin(path, "2026-11-20", &f->error);

    ok(f, made != NULL);
    for (int i = 0; i < 3; i++)
        ok(f, directory_build_value(made, DIRECTORY_SECTOR, sectors[i], labels[i], "English",
                                    &f->error));
    ok(f, directory_build_value(made, DIRECTORY_COMMUNE, "76540", "Rouen", "Rouen", &f->error));
    ok(f, directory_build_value(made, DIRECTORY_COMMUNE, "76231", "Elbeuf", "Elbeuf", &f->error));
    for (size_t n = 0; n < COUNT; n++) {
        size_t i = backwards ? COUNT - 1 - n : n;
        struct directory_values values[DIRECTORY_FACETS] = {0};
        values[DIRECTORY_SECTOR].bits[0] = UINT64_C(1) << organisations[i].sector;
        values[DIRECTORY_COMMUNE].bits[0] = UINT64_C(1) << organisations[i].commune;
        ok(f,
           directory_build_organisation(made, &organisations[i].record, organisations[i].sort_key,
                                        values, organisations[i].words, &f->error));
    }
    for (size_t n = 0; n < 3; n++)
        ok(f, directory_build_event(made, &events[backwards ? 2 - n : n], &f->error));
    for (size_t n = 0; n < 2; n++)
        ok(f, directory_build_portrait(made, &portraits[backwards ? 1 - n : n], &f->error));
    ok(f, directory_build_commune(made,
                                  &(struct directory_commune){.code = "76231",
                                                              .name = "Elbeuf",
                                                              .latitude = 49.28,
                                                              .longitude = 1.01,
                                                              .ring_count = 1,
                                                              .rings = &ring},
                                  &f->error));
    ok(f, directory_build_end(made, &f->error));
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    snprintf(f->folder, sizeof(f->folder), "/tmp/vitrine-directory-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof(f->path), "%s/directory.db", f->folder);
    snprintf(f->other, sizeof(f->other), "%s/other.db", f->folder);
    f->arena = arena_create();
    build(f, f->path, false);
    f->directory = directory_open(f->path, &f->error);
    ok(f, f->directory != NULL);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    directory_answer_finish(&f->answer);
    directory_close(f->directory);
    arena_destroy(f->arena);
    unlink(f->path);
    unlink(f->other);
    rmdir(f->folder);
    free(f);
    return 0;
}

static void test_order_and_fields(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"Atelier de l’Abeille", "Cœur de Vélo", "Pain d’Elbeuf",
                                        "La Source", "76 Services"};
    struct directory_organisation read;

    assert_int_equal(directory_count(f->directory), COUNT);
    assert_string_equal(directory_generated(f->directory), "2026-11-20");
    for (uint32_t row = 0; row < COUNT; row++) {
        ok(f, directory_organisation(f->directory, f->arena, row, &read, &f->error));
        assert_string_equal(read.name, names[row]);
        assert_int_equal(directory_row(f->directory, read.id), row);
    }
    assert_int_equal(read.initial, '#');
    ok(f, directory_organisation(f->directory, f->arena, SOURCE, &read, &f->error));
    assert_string_equal(read.floor, "2");
    assert_string_equal(read.phone, "02 00 00 00 00");
    assert_string_equal(read.email, "");
    assert_true(read.placed);
    assert_float_equal(read.latitude, 49.44, 1e-9);
    assert_int_equal(directory_row(f->directory, "nobody"), DIRECTORY_NO_ROW);
    assert_false(directory_organisation(f->directory, f->arena, COUNT, &read, &f->error));
    assert_string_equal(directory_value_label(f->directory, DIRECTORY_SECTOR, 1, LANG_FR),
                        "Mobilité");
}

static void test_places(void **state)
{
    struct fixture *f = *state;
    const float *places = directory_places(f->directory);
    const struct directory_commune_list *communes = directory_communes(f->directory);

    assert_true(isnan(places[2 * ABEILLE])); /* half a place is none */
    assert_true(isnan(places[2 * ABEILLE + 1]));
    assert_float_equal(places[2 * SOURCE], 49.44, 1e-5);
    assert_int_equal(communes->count, 1);
    assert_int_equal(communes->items[0].rings[0].count, 3);
    assert_float_equal(communes->items[0].rings[0].points[2].latitude, 49.1, 1e-5);
}

static void test_events(void **state)
{
    struct fixture *f = *state;
    struct directory_event_list list;
    struct directory_event event;

    ok(f,
       directory_events(f->directory, f->arena,
                        &(struct directory_event_query){.until_ms = INT64_MAX}, &list, &f->error));
    assert_int_equal(list.count, 3);
    assert_string_equal(list.items[0].status, "complet");
    assert_string_equal(list.items[2].status, "");
    assert_true(list.items[0].all_day);
    assert_float_equal(list.items[1].focal_x, 0.5, 1e-9);
    ok(f, directory_events(f->directory, f->arena,
                           &(struct directory_event_query){
                               .from_ms = 2000, .until_ms = 9000, .commune = "Elbeuf"},
                           &list, &f->error));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].organisation, "o-velo");
    ok(f, directory_event(f->directory, f->arena, "e-1", 3000, &event, &f->error));
    assert_int_equal(event.start_ms, 9000);
    ok(f, directory_event(f->directory, f->arena, "e-1", 99000, &event, &f->error));
    assert_int_equal(event.start_ms, 9000);
    assert_false(directory_event(f->directory, f->arena, "e-9", 0, &event, &f->error));
    assert_int_equal(f->error.kind, ERROR_NOT_FOUND);
}

static void test_portraits(void **state)
{
    struct fixture *f = *state;
    struct directory_portrait_list list;

    ok(f, directory_portraits(f->directory, f->arena, 60, &list, &f->error));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[0].id, "p-a"); /* Atelier before Cœur */
    assert_string_equal(list.items[1].captions, "beef");
    ok(f, directory_portraits(f->directory, f->arena, 100, &list, &f->error));
    assert_int_equal(list.count, 1);
}

static void test_similar(void **state)
{
    struct fixture *f = *state;
    uint32_t rows[4];
    size_t count;

    ok(f, directory_similar(f->directory, SOURCE, rows, 4, &count, &f->error));
    assert_int_equal(count, 2);
    assert_int_equal(rows[0], SERVICES); /* Rouen is nearer than Elbeuf */
    assert_int_equal(rows[1], PAIN);
}

/* --- questions ----------------------------------------------------------------------------------
 */

static void test_questions(void **state)
{
    static const struct {
        const char *text;
        enum directory_match match;
        int first;
        const char *suggestion;
    } cases[] = {
        {"la s", DIRECTORY_EXACT, SOURCE, ""},
        {"so", DIRECTORY_EXACT, SOURCE, ""},
        {"COEUR", DIRECTORY_EXACT, VELO, ""},
        {"cœur de vélo", DIRECTORY_EXACT, VELO, ""},
        {"cdv", DIRECTORY_EXACT, VELO, ""},
        {"l'echap", DIRECTORY_EXACT, VELO, ""},
        {"bicyclette", DIRECTORY_EXACT, VELO, ""}, /* a synonym */
        {"traiteurs", DIRECTORY_EXACT, SOURCE, ""},
        {"retouches elbeuf", DIRECTORY_EXACT, ABEILLE, ""},
        {"elbeuf", DIRECTORY_EXACT, PAIN, ""}, /* in the name before in the commune */
        {"abielle", DIRECTORY_CORRECTED, ABEILLE, "Abeille"},
        {"boulangrie", DIRECTORY_CORRECTED, PAIN, "Boulangerie"},
        {"abeille rouen", DIRECTORY_CORRECTED, ABEILLE, "Abeille"},
        {"xyzxyz", DIRECTORY_NEAREST, PAIN, "Alimentation"},
        {"texzzzz", DIRECTORY_NEAREST, ABEILLE, "Textile"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct directory_query query = {.text = cases[i].text};
        ok(f, directory_ask(f->directory, &query, &f->answer, &f->error));
        if (f->answer.row_count == 0 || f->answer.match != cases[i].match ||
            (int)f->answer.rows[0] != cases[i].first ||
            strcmp(f->answer.suggestion, cases[i].suggestion) != 0)
            fail_msg("« %s »: %u rows, first %d, match %d, « %s »", cases[i].text,
                     f->answer.row_count, f->answer.row_count > 0 ? (int)f->answer.rows[0] : -1,
                     (int)f->answer.match, f->answer.suggestion);
    }
}

static void test_everybody(void **state)
{
    static const char *const texts[] = {"", "a", "de la", "   ", "’", NULL};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct directory_query query = {.text = texts[i]};
        ok(f, directory_ask(f->directory, &query, &f->answer, &f->error));
        assert_int_equal(f->answer.row_count, COUNT);
        assert_false(f->answer.ranked);
        assert_int_equal(f->answer.letters['A' - 'A'], ABEILLE);
        assert_int_equal(f->answer.letters['S' - 'A'], SOURCE);
        assert_int_equal(f->answer.letters[26], SERVICES);
        assert_int_equal(f->answer.letters['B' - 'A'], DIRECTORY_NO_ROW);
    }
}

static void test_facets(void **state)
{
    struct fixture *f = *state;
    struct directory_query query = {.text = ""};

    query.chosen[DIRECTORY_COMMUNE].bits[0] = 1 << 1; /* Elbeuf */
    ok(f, directory_ask(f->directory, &query, &f->answer, &f->error));
    assert_int_equal(f->answer.row_count, 3);
    assert_int_equal(f->answer.counts[DIRECTORY_SECTOR][0], 1);
    assert_int_equal(f->answer.counts[DIRECTORY_SECTOR][1], 1);
    assert_int_equal(f->answer.counts[DIRECTORY_COMMUNE][0], 2); /* as if chosen instead */
    query.chosen[DIRECTORY_SECTOR].bits[0] = 1 << 1 | 1 << 2;
    ok(f, directory_ask(f->directory, &query, &f->answer, &f->error));
    assert_int_equal(f->answer.row_count, 2);
    assert_int_equal(f->answer.counts[DIRECTORY_COMMUNE][0], 0);
    query.text = "pain"; /* not of these sectors: others of them are shown */
    ok(f, directory_ask(f->directory, &query, &f->answer, &f->error));
    assert_int_equal(f->answer.match, DIRECTORY_NEAREST);
    assert_true(f->answer.row_count > 0);
    query = (struct directory_query){.text = "", .site_id = "creapolis"};
    ok(f, directory_ask(f->directory, &query, &f->answer, &f->error));
    assert_int_equal(f->answer.row_count, 1);
    assert_int_equal(f->answer.rows[0], SOURCE);
}

/* Whatever is typed: somebody is shown, each once, and what was understood is text. */
static void test_anything(void **state)
{
    static const char *const pieces[] = {
        "é", "œ",    "'",  "’",       " ",  "-",
        "a", "b",    "e",  "elbeuf",  "so", "76",
        "ß", "ع",    "😀",  "%",       "\"", "s",
        "x", "pain", "de", "boulang", "\t", "restaurationrestaurationrestauration"};
    struct fixture *f = *state;
    uint32_t seed = 7;

    for (int i = 0; i < 3000; i++) {
        char text[512] = "";
        uint64_t seen = 0;
        struct directory_query query = {.text = text};
        seed = seed * 1664525u + 1013904223u;
        for (uint32_t count = seed >> 28; count > 0; count--) {
            seed = seed * 1664525u + 1013904223u;
            strcat(text, pieces[(seed >> 8) % (sizeof(pieces) / sizeof(pieces[0]))]);
        }
        ok(f, directory_ask(f->directory, &query, &f->answer, &f->error));
        for (uint32_t row = 0; row < f->answer.row_count; row++)
            seen |= UINT64_C(1) << f->answer.rows[row];
        if (f->answer.row_count == 0 || __builtin_popcountll(seen) != (int)f->answer.row_count ||
            seen >> COUNT != 0 || !utf8_valid(f->answer.suggestion, strlen(f->answer.suggestion)))
            fail_msg("« %s »: %u rows, « %s »", text, f->answer.row_count, f->answer.suggestion);
    }
}

/* --- files --------------------------------------------------------------------------------------
 */

static void test_same_bytes(void **state)
{
    struct fixture *f = *state;
    char *one, *other;
    size_t length, other_length;

    build(f, f->other, true);
    ok(f, file_read(f->path, 1 << 24, &one, &length, &f->error));
    ok(f, file_read(f->other, 1 << 24, &other, &other_length, &f->error));
    assert_int_equal(length, other_length);
    assert_memory_equal(one, other, length);
    free(one);
    free(other);
}

/* Whatever a broken disk makes of it: refused, or read without harm. */
static void test_damaged(void **state)
{
    struct fixture *f = *state;
    char *bytes;
    size_t length, refused = 0, tried = 0;

    ok(f, file_read(f->path, 1 << 24, &bytes, &length, &f->error));
    for (size_t at = 0; at < length; at += 61) {
        char kept = bytes[at];
        bytes[at] = (char)(kept ^ 0x5a);
        ok(f, file_write_atomic(f->other, bytes, length, 0600, &f->error));
        bytes[at] = kept;
        struct directory *directory = directory_open(f->other, &f->error);
        tried++;
        if (directory == NULL) {
            refused++;
            continue;
        }
        struct directory_query query = {.text = "boulangrie elbeuf"};
        struct directory_organisation read;
        ok(f, directory_ask(directory, &query, &f->answer, &f->error));
        for (uint32_t row = 0; row < directory_count(directory); row++)
            if (!directory_organisation(directory, f->arena, row, &read, &f->error))
                assert_true(f->error.fr[0] != '\0');
        directory_close(directory);
    }
    assert_true(refused > 10 && refused < tried);
    ok(f, file_write_atomic(f->other, bytes, length / 2, 0600, &f->error));
    assert_null(directory_open(f->other, &f->error));
    assert_int_equal(f->error.kind, ERROR_INVALID);
    ok(f, file_write_atomic(f->other, "{}", 2, 0600, &f->error));
    assert_null(directory_open(f->other, &f->error));
    assert_int_equal(f->error.kind, ERROR_INVALID);
    unlink(f->other);
    assert_null(directory_open(f->other, &f->error));
    assert_int_equal(f->error.kind, ERROR_NOT_FOUND);
    free(bytes);
}

static void test_empty(void **state)
{
    struct fixture *f = *state;
    struct directory_build *made = directory_build_begin(f->other, "", &f->error);
    struct directory_query query = {.text = "pain"};

    ok(f, made != NULL);
    ok(f, directory_build_end(made, &f->error));
    struct directory *directory = directory_open(f->other, &f->error);
    ok(f, directory != NULL);
    ok(f, directory_ask(directory, &query, &f->answer, &f->error));
    assert_int_equal(f->answer.row_count, 0);
    directory_close(directory);
}

static void test_twins_are_refused(void **state)
{
    struct fixture *f = *state;
    const struct directory_values none[DIRECTORY_FACETS] = {0};
    struct directory_organisation twin = {.id = "o", .name = "Deux"};
    struct directory_build *made = directory_build_begin(f->other, "", &f->error);

    for (int i = 0; i < 2; i++)
        ok(f, directory_build_organisation(made, &twin, "deux", none, "", &f->error));
    assert_false(directory_build_end(made, &f->error));
    assert_false(file_exists(f->other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_fields),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_events),
        cmocka_unit_test(test_portraits),
        cmocka_unit_test(test_similar),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_everybody),
        cmocka_unit_test(test_facets),
        cmocka_unit_test(test_anything),
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_twins_are_refused),
    };

    struct CMUnitTest with_file[sizeof(tests) / sizeof(tests[0])];
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        with_file[i] = tests[i];
        with_file[i].setup_func = set_up;
        with_file[i].teardown_func = tear_down;
    }
    return cmocka_run_group_tests_name("directory", with_file, NULL, NULL);
}
