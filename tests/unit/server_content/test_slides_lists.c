/* Slides that playlists write themselves, and lists. */
#include "tests/unit/server_content/content_fixture.h"

#include "playlists/template.h"
#include "server/content/slides_lists.h"

#define NBSP "\u00A0"

static const char *slot(const struct slide *slide, const char *name)
{
    const char *text = slide_text(slide, name);
    return text == NULL ? "" : text;
}

static const struct {
    int64_t day, last;
    int minute, end;
    bool all_day, with_year;
    enum lang lang;
    const char *text;
} dates[] = {
    {0, 0, 1110, 1200, false, false, LANG_FR, "mar." NBSP "24" NBSP "nov., 18" NBSP "h" NBSP "30"},
    {0, 0, 1110, 1200, false, false, LANG_EN, "Tue" NBSP "24" NBSP "Nov, 6:30" NBSP "pm"},
    {0, 0, 0, 1440, true, false, LANG_FR, "mar." NBSP "24" NBSP "nov."},
    {0, 0, 540, 600, false, true, LANG_FR, "mar." NBSP "24" NBSP "nov." NBSP "2026, 9" NBSP "h"},
    /* a night belongs to its evening, a weekend is two days */
    {0, 1, 1320, 120, false, false, LANG_FR, "mar." NBSP "24" NBSP "nov., 22" NBSP "h"},
    {4, 5, 600, 1080, false, false, LANG_FR, "28–29" NBSP "nov."},
    {4, 7, 600, 1080, false, false, LANG_FR, "28" NBSP "nov.–1er" NBSP "déc."},
    {4, 7, 600, 1080, true, true, LANG_EN, "28" NBSP "Nov–1" NBSP "Dec" NBSP "2026"},
};

static void test_short_dates(void **state)
{
    (void)state;
    int64_t tuesday = civil_days(2026, 11, 24);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        const struct occurrence at = {.all_day = dates[i].all_day,
                                      .local_day = tuesday + dates[i].day,
                                      .local_last_day = tuesday + dates[i].last,
                                      .local_minute = dates[i].minute,
                                      .local_end_minute = dates[i].end};
        struct strbuf text;
        strbuf_init(&text);
        slides_short_date(&at, dates[i].with_year, dates[i].lang, &text);
        assert_string_equal(text.bytes, dates[i].text);
        strbuf_finish(&text);
    }
}

static void test_written(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct slide first;
    struct slide second;
    struct error err;
    struct playlist_slide written = {.template = "quote",
                                     .lang = "",
                                     .link = "",
                                     .organisation = "",
                                     .text_count = 2,
                                     .texts = {{"quote", "On y va !"}, {"author", "Awa"}},
                                     .picture = {"", ""}};
    const struct template_set *set = template_set_builtin();
    assert_ok(slides_written(&written, set, LANG_FR, arena, &first, &err), err);
    assert_string_equal(slot(&first, "quote"), "On y va\u202F!");
    assert_string_equal(first.title, "On y va\u202F!");
    assert_string_equal(first.lang, "fr");
    assert_int_equal(first.duration_ms, 8000);
    written.lang = "en";
    assert_ok(slides_written(&written, set, LANG_FR, arena, &second, &err), err);
    assert_string_equal(second.lang, "en");
    assert_string_equal(slot(&second, "quote"), "On y va !");
    assert_string_not_equal(first.id, second.id);
    written.text_count = 1;
    assert_false(slides_written(&written, set, LANG_FR, arena, &second, &err));
    assert_string_equal(err.field, "texts.author");
    arena_destroy(arena);
}

static const struct {
    size_t figure;
    enum lang lang;
    const char *text;
} figures[] = {
    {0, LANG_FR, "0"},
    {999, LANG_FR, "999"},
    {1284, LANG_FR, "1\u202F284"},
    {1284, LANG_EN, "1,284"},
    {1000007, LANG_FR, "1\u202F000\u202F007"},
};

static void test_figures(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct slide slide;
    struct error err;
    const struct playlist_entry entry = {.meaning = "structures", .unit = "", .origin = "INSEE"};
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        assert_ok(slides_figure(&entry, figures[i].figure, figures[i].lang, arena, &slide, &err),
                  err);
        assert_string_equal(slot(&slide, "figure"), figures[i].text);
        assert_string_equal(slot(&slide, "source"), "INSEE");
    }
    arena_destroy(arena);
}

static const struct {
    const char *floor, *office;
    enum lang lang;
    const char *text;
} rooms[] = {
    {"0", "12", LANG_FR, "RdC, 12"},
    {"1", "", LANG_FR, "1er étage"},
    {"2", "214", LANG_FR, "2e étage, 214"},
    {"2", "214", LANG_EN, "Floor 2, 214"},
    {"0", "", LANG_EN, "Ground"},
    {"Aile B", "3", LANG_FR, "Aile B, 3"},
    {"", "A2", LANG_FR, "A2"},
    {"", "", LANG_FR, ""},
};

static void test_rooms(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct slide slide;
    struct error err;
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        const struct organisation organisation = {.id = "a",
                                                  .nom = "ATELIER",
                                                  .enseigne = "L’Atelier",
                                                  .naf_label = "Menuiserie",
                                                  .etage = rooms[i].floor,
                                                  .bureau = rooms[i].office};
        const struct slides_row row = {.organisation = &organisation};
        assert_ok(slides_now_here("", "Hall", &row, 1, rooms[i].lang, arena, &slide, &err), err);
        assert_string_equal(slot(&slide, "row_1"), "L’Atelier");
        assert_string_equal(slot(&slide, "row_1_label"), rooms[i].text);
        assert_string_equal(slot(&slide, "row_1_detail"), "Menuiserie");
    }
    arena_destroy(arena);
}

/* One line of the strip: what, when, and where if there is room. */
static void test_news(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct slide slide;
    struct error err;
    const struct occurrence at = {.local_day = civil_days(2026, 11, 24),
                                  .local_last_day = civil_days(2026, 11, 24),
                                  .local_minute = 600};
    struct event event = {.uid = "e@x",
                          .title = "Grande fête de la coopération",
                          .short_title = "Fête",
                          .commune = "Rouen",
                          .organisation = "o1"};
    assert_ok(slides_event_news(&event, &at, false, LANG_FR, arena, &slide, &err), err);
    assert_string_equal(slot(&slide, "title"), "Fête, mar." NBSP "24" NBSP "nov., Rouen");
    assert_string_equal(slide.subject, "e@x");
    assert_string_equal(slide.organisation, "o1");
    event.short_title = "";
    assert_ok(slides_event_news(&event, &at, false, LANG_FR, arena, &slide, &err), err);
    assert_string_equal(slot(&slide, "title"),
                        "Grande fête de la coopération, mar." NBSP "24" NBSP "nov.");
    arena_destroy(arena);
}

static void test_film(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    struct slide slide;
    struct error err;
    static const char sum[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    static const int64_t lengths[][2] = {{100, 1000}, {2000, 2500}, {600000, 600000}};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        const struct playlist_film film = {
            .file = {"", sum}, .captions = {"", ""}, .title = "", .length_ms = lengths[i][0]};
        assert_ok(slides_film(&film, 500, LANG_FR, arena, &slide, &err), err);
        assert_true(slide.has_video);
        assert_false(slide.video.has_captions);
        assert_int_equal(slide.video.length_ms, lengths[i][0]);
        assert_int_equal(slide.duration_ms, lengths[i][1]);
    }
    arena_destroy(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_dates), cmocka_unit_test(test_written),
        cmocka_unit_test(test_figures),     cmocka_unit_test(test_rooms),
        cmocka_unit_test(test_news),        cmocka_unit_test(test_film),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
