/* Staff's documents: what is taken, what is refused and with which words, and that nothing is taken
 * by half. */
#include "tests/unit/server_content/content_fixture.h"

#include "playlists/template.h"
#include "server/store/editorial.h"
#include "server/store/fleet.h"
#include "server/store/programming.h"

#define SCREENS                                                                                    \
    "{\"format\":1,\"sites\":[{\"id\":\"hall\",\"name\":\"Hall\",\"commune\":\"Rouen\","           \
    "\"address\":\"76000 Rouen\"}],\"groups\":[{\"id\":\"bornes\",\"name\":\"Bornes\"}],"          \
    "\"screens\":[{\"id\":\"e1\",\"name\":\"Écran 1\",\"site\":\"hall\",\"groups\":[\"bornes\"]," \
    "\"width_px\":1920,\"height_px\":1080,\"diagonal_mm\":1400,\"viewing_distance_mm\":4000,"      \
    "\"bottom_edge_mm\":1900,\"kiosk\":false,\"time_zone\":\"Europe/Paris\","                      \
    "\"languages\":[\"fr\"],\"opening\":[{\"days\":[\"mo\"],\"from\":\"05:00\","                   \
    "\"until\":\"00:30\"}]}]}"
#define ANNOUNCEMENT(id)                                                                           \
    "{\"id\":\"" id "\",\"title\":\"Bienvenue\",\"text\":\"Bonjour !\",\"pictogram\":\"info\","    \
    "\"severity\":\"info\",\"from\":\"2026-01-01\",\"until\":\"2026-12-31\"}"
#define ANNOUNCEMENTS "{\"format\":1,\"announcements\":[" ANNOUNCEMENT("bienvenue") "]}"
#define PLAYLIST(id, entry)                                                                        \
    "{\"format\":1,\"id\":\"" id "\",\"title\":\"Essai\",\"strip\":true,\"entries\":[" entry "]}"
#define WELCOME "{\"slide\":{\"template\":\"announcement\",\"announcement\":\"bienvenue\"}}"
#define PORTRAIT(organisation, quote, file, from)                                                  \
    "{\"format\":1,\"portraits\":[{\"id\":\"p1\",\"organisation\":\"" organisation "\","           \
    "\"leader_name\":\"Awa\",\"leader_role\":\"directrice\",\"quote\":\"" quote "\","              \
    "\"story\":\"Elle répare.\",\"photo\":{\"file\":\"" file "\",\"focal_x\":0.5,"                 \
    "\"focal_y\":0.4,\"alt\":\"Awa\",\"credit\":\"Moi\",\"consent_date\":\"2026-01-12\"},"         \
    "\"url\":\"https://a.example/\",\"from\":\"" from "\",\"until\":\"2026-12-31\","               \
    "\"sector\":\"reemploi\"}]}"
#define RULE(playlist, screens, rest)                                                              \
    "{\"format\":1,\"rules\":[{\"id\":\"r1\",\"title\":\"Essai\",\"playlist\":\"" playlist         \
    "\",\"screens\":[" screens "],\"groups\":[],\"from\":\"2026-01-01\","                          \
    "\"until\":\"2026-12-31\"," rest "}]}"

#define WRITTEN(template, texts) "{\"slide\":{\"template\":\"" template "\",\"texts\":{" texts "}}}"
#define SUM "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void load(struct fixture *f, enum document_kind kind, const char *text)
{
    struct document_report report;
    const char *path = fixture_document(f, "doc/document.json", text);
    assert_ok(document_load(f->db, &f->media, f->arena, kind, path, &report, &f->err), f->err);
}

/* The fixture with all that documents may refer to. */
static void prepare(struct fixture *f)
{
    fixture_organisation(f, "ressourcerie", "La Ressourcerie");
    fixture_photo(f, "doc/photos/awa.jpg");
    fixture_photo(f, "dehors.jpg");
    char *link = arena_printf(f->arena, "%s/doc/photos/dehors.jpg", f->folder);
    assert_int_equal(symlink("../../dehors.jpg", link), 0);
    load(f, DOCUMENT_SCREENS, SCREENS);
    load(f, DOCUMENT_ANNOUNCEMENTS, ANNOUNCEMENTS);
    load(f, DOCUMENT_PLAYLIST, PLAYLIST("boucle", WELCOME));
}

static const struct {
    enum document_kind kind;
    const char *text;
    enum error_kind error;
    const char *field;
    const char *words; /* of the French message */
} refused[] = {
    {DOCUMENT_ANNOUNCEMENTS, "{\"format\":1,\n\"announcements\":[", ERROR_INVALID, "", ""},
    {DOCUMENT_ANNOUNCEMENTS, "{\"format\":2,\"announcements\":[]}", ERROR_INVALID, "format", ""},
    {DOCUMENT_ANNOUNCEMENTS, "{\"format\":1,\"annonces\":[]}", ERROR_INVALID, "annonces", ""},
    {DOCUMENT_ANNOUNCEMENTS,
     "{\"format\":1,\"announcements\":[" ANNOUNCEMENT("a") "," ANNOUNCEMENT("a") "]}",
     ERROR_CONFLICT, "announcements", "« a »"},
    {DOCUMENT_ANNOUNCEMENTS, "{\"format\":1,\"announcements\":[" ANNOUNCEMENT("Été") "]}",
     ERROR_INVALID, "announcements[0].id", "identifiant"},
    {DOCUMENT_ANNOUNCEMENTS,
     "{\"format\":1,\"announcements\":[" ANNOUNCEMENT(
         "a") ",{\"id\":\"b\",\"title\":\"B\","
              "\"text\":\"\",\"pictogram\":\"info\",\"severity\":\"grave\",\"from\":\"2026-01-01\","
              "\"until\":\"2026-12-31\"}]}",
     ERROR_INVALID, "announcements[1].severity", "« grave »"},
    {DOCUMENT_ANNOUNCEMENTS,
     "{\"format\":1,\"announcements\":[{\"id\":\"b\",\"title\":\"B\",\"text\":\"\","
     "\"pictogram\":\"info\",\"severity\":\"info\",\"from\":\"2026-02-30\","
     "\"until\":\"2026-12-31\"}]}",
     ERROR_INVALID, "announcements[0].from", "« 2026-02-30 »"},
    {DOCUMENT_ANNOUNCEMENTS,
     "{\"format\":1,\"announcements\":[{\"id\":\"b\",\"title\":\"B\",\"text\":\"\","
     "\"pictogram\":\"info\",\"severity\":\"info\",\"from\":\"2026-12-31\","
     "\"until\":\"2026-01-01\"}]}",
     ERROR_INVALID, "announcements[0].until", "précède"},
    {DOCUMENT_ANNOUNCEMENTS,
     "{\"format\":1,\"announcements\":[{\"id\":\"b\",\"title\":\"B\",\"text\":\"\","
     "\"pictogram\":\"info\",\"severity\":\"info\",\"url\":\"javascript:alert(1)\","
     "\"from\":\"2026-01-01\",\"until\":\"2026-12-31\"}]}",
     ERROR_INVALID, "announcements[0].url", "adresse web"},
    {DOCUMENT_PORTRAITS,
     PORTRAIT("ressourcerie", "un deux trois quatre cinq six sept huit neuf dix onze douze treize",
              "photos/awa.jpg", "2026-01-01"),
     ERROR_LIMIT, "portraits[0].quote", "retirez-en 1"},
    {DOCUMENT_PORTRAITS, PORTRAIT("inconnue", "Bonjour", "photos/awa.jpg", "2026-01-01"),
     ERROR_NOT_FOUND, "portraits[0].organisation", "« inconnue »"},
    {DOCUMENT_PORTRAITS, PORTRAIT("ressourcerie", "Bonjour", "../awa.jpg", "2026-01-01"),
     ERROR_INVALID, "portraits[0].photo.file", "« .. »"},
    {DOCUMENT_PORTRAITS, PORTRAIT("ressourcerie", "Bonjour", "photos/../../x", "2026-01-01"),
     ERROR_INVALID, "portraits[0].photo.file", "« .. »"},
    {DOCUMENT_PORTRAITS, PORTRAIT("ressourcerie", "Bonjour", "/etc/passwd", "2026-01-01"),
     ERROR_INVALID, "portraits[0].photo.file", "relatif"},
    {DOCUMENT_PORTRAITS, PORTRAIT("ressourcerie", "Bonjour", "photos/absente.jpg", "2026-01-01"),
     ERROR_NOT_FOUND, "portraits[0].photo.file", "absente.jpg"},
    {DOCUMENT_PORTRAITS, PORTRAIT("ressourcerie", "Bonjour", "photos/awa.jpg", "hier"),
     ERROR_INVALID, "portraits[0].from", "« hier »"},
    {DOCUMENT_PORTRAITS, PORTRAIT("ressourcerie", "Bonjour", "photos/awa.jpg", ""), ERROR_INVALID,
     "portraits[0].from", "date absente"},
    {DOCUMENT_PORTRAITS, PORTRAIT("ressourcerie", "   ", "photos/awa.jpg", "2026-01-01"),
     ERROR_INVALID, "portraits[0].quote", "vide"},
    {DOCUMENT_PORTRAITS, PORTRAIT("ressourcerie", "Bonjour", "photos/dehors.jpg", "2026-01-01"),
     ERROR_DENIED, "portraits[0].photo.file", "sort du dossier"},
    {DOCUMENT_PORTRAITS, PORTRAIT("ressourcerie", "Bonjour", "photos", "2026-01-01"), ERROR_INVALID,
     "portraits[0].photo.file", "dossier"},
    {DOCUMENT_PLAYLIST,
     PLAYLIST("p", "{\"slide\":{\"template\":\"portrait\",\"portrait\":\"absent\"}}"),
     ERROR_NOT_FOUND, "entries[0].slide.portrait", "« absent »"},
    {DOCUMENT_PLAYLIST,
     PLAYLIST("p", WELCOME ",{\"slide\":{\"template\":\"event\",\"event\":\"x@y\"}}"),
     ERROR_NOT_FOUND, "entries[1].slide.event", "« x@y »"},
    {DOCUMENT_PLAYLIST, PLAYLIST("p", "{\"source\":\"highlights\",\"site\":\"lune\"}"),
     ERROR_NOT_FOUND, "entries[0].site", "« lune »"},
    {DOCUMENT_PLAYLIST, PLAYLIST("p", "{\"source\":\"tweets\"}"), ERROR_INVALID,
     "entries[0].source", ""},
    {DOCUMENT_PLAYLIST, PLAYLIST("p", WRITTEN("quote", "\"quote\":\"Oui\"")), ERROR_INVALID,
     "entries[0].slide.texts.author", ""},
    {DOCUMENT_PLAYLIST,
     PLAYLIST("p", WRITTEN("quote", "\"quote\":\"Oui\",\"author\":\"Awa\",\"age\":\"7\"")),
     ERROR_INVALID, "entries[0].slide.texts", ""},
    {DOCUMENT_PLAYLIST, PLAYLIST("p", WRITTEN("inconnu", "\"title\":\"T\"")), ERROR_INVALID,
     "entries[0].slide.template", "inconnu"},
    {DOCUMENT_PLAYLIST,
     PLAYLIST("p", "{\"slide\":{\"template\":\"qr_call\",\"texts\":{\"title\":\"T\"},"
                   "\"link\":\"javascript:alert(1)\"}}"),
     ERROR_INVALID, "entries[0].slide.link", "adresse web"},
    {DOCUMENT_PLAYLIST,
     PLAYLIST("p", "{\"slide\":{\"template\":\"quote\",\"texts\":{\"quote\":\"Oui\","
                   "\"author\":\"Awa\"},\"organisation\":\"inconnue\"}}"),
     ERROR_NOT_FOUND, "entries[0].slide.organisation", "« inconnue »"},
    {DOCUMENT_PLAYLIST,
     PLAYLIST("p", "{\"slide\":{\"template\":\"quote\",\"texts\":{\"quote\":\"Oui\","
                   "\"author\":\"Awa\"},\"picture\":{\"file\":\"photos/absente.jpg\"}}}"),
     ERROR_NOT_FOUND, "entries[0].slide.picture.file", "absente.jpg"},
    {DOCUMENT_PLAYLIST, PLAYLIST("p", "{\"film\":{\"file\":\"absent.mp4\"}}"), ERROR_NOT_FOUND,
     "entries[0].film.file", "absent.mp4"},
    {DOCUMENT_PLAYLIST, PLAYLIST("p", "{\"film\":{\"file\":\"photos/awa.jpg\"}}"), ERROR_INVALID,
     "entries[0].film.file", "MP4"},
    {DOCUMENT_PLAYLIST, PLAYLIST("p", "{\"film\":{\"file_sha256\":\"" SUM "\"}}"), ERROR_NOT_FOUND,
     "entries[0].film.file_sha256", ""},
    {DOCUMENT_PLAYLIST, PLAYLIST("p", "{\"source\":\"now_here\",\"site\":\"lune\"}"),
     ERROR_NOT_FOUND, "entries[0].site", "« lune »"},
    {DOCUMENT_LAYOUT,
     "{\"format\":1,\"id\":\"l\",\"title\":\"L\",\"strip\":\"none\",\"zones\":[{\"id\":\"main\","
     "\"landscape\":[0,0,11,9],\"portrait\":[0,0,9,16]},{\"id\":\"logo\",\"kind\":\"logo\","
     "\"file\":\"logo.png\",\"landscape\":[11,0,5,9]}]}",
     ERROR_NOT_FOUND, "zones[1].file", "logo.png"},
    {DOCUMENT_TEMPLATE, "{\"format\":1,\"name\":\"x\"}", ERROR_INVALID, "title", ""},
    {DOCUMENT_RULES, RULE("boucle", "\"e1\"", "\"class\":\"emergency\",\"zone\":\"side\""),
     ERROR_INVALID, "rules[0].zone", "urgence"},
    {DOCUMENT_RULES, RULE("boucle", "\"e1\"", "\"class\":\"base\",\"full_screen\":true"),
     ERROR_INVALID, "rules[0].full_screen", "takeover"},
    {DOCUMENT_RULES, RULE("boucle", "\"e1\"", "\"class\":\"base\",\"starts\":\"demain\""),
     ERROR_INVALID, "rules[0].starts", "« demain »"},
    {DOCUMENT_RULES,
     RULE("boucle", "\"e1\"",
          "\"class\":\"base\",\"starts\":\"2026-11-24T10:00:00+01:00\","
          "\"ends\":\"2026-11-24T09:00:00Z\""),
     ERROR_INVALID, "rules[0].ends", "ne suit pas"},
    {DOCUMENT_RULES,
     "{\"format\":1,\"rules\":[{\"id\":\"r1\",\"title\":\"Essai\",\"playlist\":\"boucle\","
     "\"screens\":[\"e1\"],\"groups\":[],\"class\":\"base\","
     "\"starts\":\"2026-11-24T10:00:00+01:00\"}]}",
     ERROR_INVALID, "rules[0].from", "date absente"},
    {DOCUMENT_RULES, RULE("absente", "\"e1\"", "\"class\":\"base\""), ERROR_NOT_FOUND,
     "rules[0].playlist", "« absente »"},
    {DOCUMENT_RULES, RULE("boucle", "\"e1\",\"e2\"", "\"class\":\"base\""), ERROR_NOT_FOUND,
     "rules[0].screens", "« e2 »"},
    {DOCUMENT_RULES, RULE("boucle", "", "\"class\":\"base\""), ERROR_INVALID, "rules[0].screens",
     "aucun écran"},
    {DOCUMENT_RULES, RULE("boucle", "\"e1\"", "\"class\":\"urgence\""), ERROR_INVALID,
     "rules[0].class", "« urgence »"},
    {DOCUMENT_RULES, RULE("boucle", "\"e1\"", "\"class\":\"base\",\"share\":0.5"), ERROR_INVALID,
     "rules[0].share", "campagne"},
    {DOCUMENT_RULES, RULE("boucle", "\"e1\"", "\"class\":\"campaign\",\"share\":1.5"),
     ERROR_INVALID, "rules[0].share", ""},
    {DOCUMENT_RULES, RULE("boucle", "\"e1\"", "\"class\":\"base\",\"weekdays\":[\"lundi\"]"),
     ERROR_INVALID, "rules[0].weekdays", "mo, tu"},
    {DOCUMENT_RULES, RULE("boucle", "\"e1\"", "\"class\":\"base\",\"weekdays\":[\"mo\",\"mo\"]"),
     ERROR_INVALID, "rules[0].weekdays", "« mo »"},
    {DOCUMENT_RULES,
     RULE("boucle", "\"e1\"", "\"class\":\"base\",\"hours\":{\"from\":\"8h\",\"until\":\"09:00\"}"),
     ERROR_INVALID, "rules[0].hours.from", "« 8h »"},
    {DOCUMENT_RULES,
     RULE("boucle", "\"e1\"",
          "\"class\":\"base\",\"hours\":{\"from\":\"24:00\",\"until\":\"09:00\"}"),
     ERROR_INVALID, "rules[0].hours.from", "« 24:00 »"},
    {DOCUMENT_RULES, RULE("boucle", "\"e1\"", "\"class\":\"base\",\"priority\":3"), ERROR_INVALID,
     "rules[0].priority", "sont admis : id, title, playlist"},
};

static void test_refused_with_place_and_words(void **state)
{
    struct fixture *f = *state;
    prepare(f);
    int64_t version = 0;
    assert_ok(settings_content_version(f->db, &version, &f->err), f->err);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct document_report report;
        struct error err;
        error_clear(&err);
        const char *path = fixture_document(f, "doc/essai.json", refused[i].text);
        assert_false(
            document_load(f->db, &f->media, f->arena, refused[i].kind, path, &report, &err));
        if (err.kind != refused[i].error || strcmp(err.field, refused[i].field) != 0 ||
            strstr(err.fr, refused[i].words) == NULL || strcmp(err.file, path) != 0 ||
            err.en[0] == '\0') {
            fail_msg("case %zu: kind %d, file %s, field \"%s\", \"%s\"", i, (int)err.kind, err.file,
                     err.field, err.fr);
        }
        assert_false(db_in_transaction(f->db));
    }
    /* Nothing of them was kept: the second announcement's fault takes the first one back. */
    int64_t after = 0;
    assert_ok(settings_content_version(f->db, &after, &f->err), f->err);
    assert_int_equal(after, version);
    struct announcement_list announcements;
    assert_ok(announcements_list(f->db, f->arena, &announcements, &f->err), f->err);
    assert_int_equal(announcements.count, 1);
}

/* People look for the line, and their editor may have put a byte order mark in front. */
static void test_says_the_line(void **state)
{
    struct fixture *f = *state;
    struct document_report report;
    const char *path =
        fixture_document(f, "annonces.json",
                         "\xef\xbb\xbf{\n\"format\": 1,\n\"announcements\": [\n" ANNOUNCEMENT(
                             "a") ",\n{\"id\": \"b\",\n\"titre\": \"B\"}]}");
    assert_false(
        document_load(f->db, &f->media, f->arena, DOCUMENT_ANNOUNCEMENTS, path, &report, &f->err));
    assert_string_equal(f->err.field, "announcements[1].titre");
    assert_int_equal(f->err.line, 6);
    assert_non_null(strstr(f->err.fr, "title"));
    path = fixture_document(f, "annonces.json", "\xef\xbb\xbf" ANNOUNCEMENTS);
    assert_ok(
        document_load(f->db, &f->media, f->arena, DOCUMENT_ANNOUNCEMENTS, path, &report, &f->err),
        f->err);
}

/* The shipped template `name` as it is, but for its own name. */
static const char *renamed_template(struct fixture *f, const char *name, const char *to)
{
    const struct template *template = template_set_find(template_set_builtin(), name);
    const char *source = arena_strndup(f->arena, template->source, template->source_length);
    const char *old = arena_printf(f->arena, "\"name\": \"%s\"", name);
    const char *at = strstr(source, old);
    assert_non_null(at);
    return arena_printf(f->arena, "%.*s\"name\": \"%s\"%s", (int)(at - source), source, to,
                        at + strlen(old));
}

/* What the server writes, emergencies first, must find its place in a site's own template. */
static void test_replaced_templates_take_the_same_slides(void **state)
{
    static const struct {
        const char *source, *name;
        const char *words; /* NULL: taken */
    } cases[] = {
        {"announcement", "announcement", NULL}, {"quote", "citation", NULL},
        {"quote", "announcement", "« title »"}, {"quote", "emergency", "« title »"},
        {"emergency", "video", "« title »"},    {"emergency", "announcement", "« severity »"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct document_report report;
        struct error err;
        error_clear(&err);
        const char *path = fixture_document(f, "templates/essai.json",
                                            renamed_template(f, cases[i].source, cases[i].name));
        bool ok = document_load(f->db, &f->media, f->arena, DOCUMENT_TEMPLATE, path, &report, &err);
        if (ok != (cases[i].words == NULL) ||
            (!ok && (strstr(err.fr, cases[i].words) == NULL || strcmp(err.field, "slots") != 0))) {
            fail_msg("%s as %s: field \"%s\", \"%s\"", cases[i].source, cases[i].name, err.field,
                     err.fr);
        }
    }
}

static const struct {
    const char *from; /* in SCREENS */
    const char *to;
    const char *field;
} wrong_screens[] = {
    {"Europe/Paris", "Europe/Rouen", "screens[0].time_zone"},
    {"Europe/Paris", "../../secret", "screens[0].time_zone"},
    {"\"site\":\"hall\"", "\"site\":\"cave\"", "screens[0].site"},
    {"\"groups\":[\"bornes\"]", "\"groups\":[\"autres\"]", "screens[0].groups"},
    {"\"width_px\":1920", "\"width_px\":0", "screens[0].width_px"},
    {"\"width_px\":1920", "\"width_px\":\"1920\"", "screens[0].width_px"},
    {"\"kiosk\":false", "\"kiosk\":false,\"rotation\":45", "screens[0].rotation"},
    {"\"languages\":[\"fr\"]", "\"languages\":[\"de\"]", "screens[0].languages"},
    {"\"languages\":[\"fr\"]", "\"languages\":[]", "screens[0].languages"},
    {"\"from\":\"05:00\"", "\"from\":\"5\"", "screens[0].opening[0].from"},
    {"\"Écran 1\"", "\"a\\u000ab\"", "screens[0].name"},
    {"\"kiosk\":false,", "", "screens[0].kiosk"},
    {"\"kiosk\":false", "\"kiosk\":false,\"layout\":\"damier\"", "screens[0].layout"},
    {"\"kiosk\":false", "\"kiosk\":false,\"layout\":\"colonne-logo\"", "screens[0].layout"},
    {"\"kiosk\":false", "\"kiosk\":false,\"reduced_motion\":1", "screens[0].reduced_motion"},
};

static void test_wrong_screens(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof wrong_screens / sizeof *wrong_screens; i++) {
        const char *at = strstr(SCREENS, wrong_screens[i].from);
        const char *text = arena_printf(f->arena, "%.*s%s%s", (int)(at - SCREENS), SCREENS,
                                        wrong_screens[i].to, at + strlen(wrong_screens[i].from));
        struct document_report report;
        struct error err;
        error_clear(&err);
        const char *path = fixture_document(f, "ecrans.json", text);
        assert_false(
            document_load(f->db, &f->media, f->arena, DOCUMENT_SCREENS, path, &report, &err));
        if (strcmp(err.field, wrong_screens[i].field) != 0) {
            fail_msg("case %zu: field \"%s\", %s", i, err.field, err.en);
        }
    }
    struct site_list sites;
    assert_ok(sites_list(f->db, f->arena, &sites, &f->err), f->err);
    assert_int_equal(sites.count, 0);
}

static void write_folder(struct fixture *f)
{
    fixture_organisation(f, "ressourcerie", "La Ressourcerie");
    fixture_photo(f, "fonds/photos/awa.jpg");
    fixture_document(f, "fonds/ecrans.json", SCREENS);
    fixture_document(f, "fonds/annonces.json", ANNOUNCEMENTS);
    fixture_document(f, "fonds/portraits.json",
                     PORTRAIT("ressourcerie", "Bonjour", "photos/awa.jpg", "2026-01-01"));
    fixture_document(f, "fonds/images.json",
                     "{\"format\":1,\"organisations\":[{\"id\":\"ressourcerie\",\"file\":"
                     "\"photos/awa.jpg\",\"alt\":\"La boutique\",\"credit\":\"Nous\","
                     "\"focal_x\":0.25,\"focal_y\":0.5}]}");
    fixture_document(f, "fonds/playlists/boucle.json", PLAYLIST("boucle", WELCOME));
    fixture_document(f, "fonds/playlists/notes.txt", "not a playlist");
    fixture_document(f, "fonds/programmations.json",
                     RULE("boucle", "\"e1\"",
                          "\"class\":\"campaign\",\"hours\":{\"from\":\"22:00\","
                          "\"until\":\"02:00\"},\"weekdays\":[\"sa\",\"su\"]"));
}

static void test_folder(void **state)
{
    struct fixture *f = *state;
    write_folder(f);
    const char *folder = arena_printf(f->arena, "%s/fonds", f->folder);
    struct document_report_list reports;
    assert_ok(content_load_folder(f->db, &f->media, f->arena, folder, NULL, &reports, &f->err),
              f->err);
    assert_int_equal(reports.count, 6);
    for (size_t i = 0; i < reports.count; i++) {
        const struct document_report *report = &reports.items[i];
        assert_int_equal(report->kind, DOCUMENT_SCREENS + i);
        assert_int_equal(report->read, i == 0 ? 3 : 1);
        assert_int_equal(report->kind == DOCUMENT_PICTURES ? report->updated : report->created,
                         report->read);
    }
    struct organisation organisation;
    assert_ok(organisations_get(f->db, f->arena, "ressourcerie", &organisation, &f->err), f->err);
    assert_int_equal(strlen(organisation.image), 64);
    assert_string_equal(organisation.image_alt, "La boutique");
    assert_true(organisation.focal_x == 0.25);
    assert_string_equal(organisation.commune, "Rouen");
    struct rule rule;
    assert_ok(rules_get(f->db, f->arena, "r1", &rule, &f->err), f->err);
    assert_int_equal(rule.from_minute, 1320);
    assert_int_equal(rule.until_minute, 120);
    assert_int_equal(rule.weekdays, 0x60);
    assert_true(rule.share == 0.5);
    assert_int_equal(rule.from_day, civil_days(2026, 1, 1));
    struct portrait portrait;
    assert_ok(portraits_get(f->db, f->arena, "p1", &portrait, &f->err), f->err);
    assert_int_equal(strlen(portrait.photo), 64);
    struct screen screen;
    assert_ok(screens_get(f->db, f->arena, "e1", &screen, &f->err), f->err);
    assert_string_equal(screen.opening,
                        "[{\"days\":[\"mo\"],\"from\":\"05:00\",\"until\":\"00:30\"}]");

    /* Again: nothing changes, and nobody is told that something did. */
    int64_t before = 0;
    int64_t after = 0;
    assert_ok(settings_content_version(f->db, &before, &f->err), f->err);
    assert_ok(content_load_folder(f->db, &f->media, f->arena, folder, NULL, &reports, &f->err),
              f->err);
    assert_ok(settings_content_version(f->db, &after, &f->err), f->err);
    assert_int_equal(before, after);
    for (size_t i = 0; i < reports.count; i++) {
        assert_int_equal(reports.items[i].unchanged, reports.items[i].read);
    }
}

static void test_folder_all_or_nothing(void **state)
{
    struct fixture *f = *state;
    write_folder(f);
    fixture_document(f, "fonds/programmations.json",
                     RULE("absente", "\"e1\"", "\"class\":\"base\""));
    const char *folder = arena_printf(f->arena, "%s/fonds", f->folder);
    struct document_report_list reports;
    assert_false(content_load_folder(f->db, &f->media, f->arena, folder, NULL, &reports, &f->err));
    assert_non_null(strstr(f->err.file, "programmations.json"));
    struct announcement_list announcements;
    assert_ok(announcements_list(f->db, f->arena, &announcements, &f->err), f->err);
    assert_int_equal(announcements.count, 0);

    assert_false(
        content_load_folder(f->db, &f->media, f->arena, f->folder, NULL, &reports, &f->err));
    assert_int_equal(f->err.kind, ERROR_NOT_FOUND);
}

static void test_edit_is_an_update(void **state)
{
    struct fixture *f = *state;
    prepare(f);
    struct document_report report;
    const char *path = fixture_document(
        f, "doc/annonces.json",
        "{\"format\":1,\"announcements\":[{\"id\":\"bienvenue\",\"title\":\"Bienvenue à tous\","
        "\"text\":\"\",\"pictogram\":\"info\",\"severity\":\"important\","
        "\"from\":\"2026-01-01\",\"until\":\"2026-12-31\"}," ANNOUNCEMENT("nouvelle") "]}");
    assert_ok(
        document_load(f->db, &f->media, f->arena, DOCUMENT_ANNOUNCEMENTS, path, &report, &f->err),
        f->err);
    assert_int_equal(report.read, 2);
    assert_int_equal(report.updated, 1);
    assert_int_equal(report.created, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_refused_with_place_and_words, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_wrong_screens, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_says_the_line, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_replaced_templates_take_the_same_slides, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_folder, fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(test_folder_all_or_nothing, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(test_edit_is_an_update, fixture_setup, fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
