#include "import_fixture.h"

#include "core/civil.h"
#include "server/import/event_fields.h"
#include "server/store/events.h"

#define CALENDAR(events) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" events "END:VCALENDAR\r\n"
#define EVENT(uid, lines) "BEGIN:VEVENT\r\nUID:" uid "\r\nSUMMARY:Forum\r\n" lines "END:VEVENT\r\n"

/* All stored dates of an event: "2026-11-24 18:30–22:00; 2026-11-25" in local time. */
static const char *dates_of(struct fixture *f, const char *uid)
{
    struct event_occurrence_list list;
    struct strbuf out;

    assert_ok(f, events_occurrences_of(f->db, f->arena, uid, INT64_MIN / 2, INT64_MAX / 2, &list,
                                       &f->err));
    strbuf_init(&out);
    for (size_t i = 0; i < list.count; i++) {
        const struct occurrence *at = &list.items[i].at;
        const struct civil day = civil_from_ms(at->local_day * CIVIL_DAY_MS);
        const struct civil last = civil_from_ms(at->local_last_day * CIVIL_DAY_MS);
        strbuf_printf(&out, "%s%04d-%02d-%02d", i ? "; " : "", day.year, day.month, day.day);
        if (at->local_minute >= 0)
            strbuf_printf(&out, " %02d:%02d", at->local_minute / 60, at->local_minute % 60);
        if (at->local_last_day != at->local_day)
            strbuf_printf(&out, "–%04d-%02d-%02d", last.year, last.month, last.day);
        if (at->local_end_minute >= 0)
            strbuf_printf(&out, "–%02d:%02d", at->local_end_minute / 60, at->local_end_minute % 60);
    }
    const char *text = arena_strdup(f->arena, out.bytes);
    strbuf_finish(&out);
    return text;
}

/* Now is 2026-11-23 12:00 UTC: the window goes from 2026-11-22 12:00 to 2027-12-28 12:00 UTC. */
static void test_dates(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *label;
        const char *lines;
        const char *dates;
    } cases[] = {
        {"UTC", "DTSTART:20261124T173000Z\r\nDTEND:20261124T210000Z\r\n", "2026-11-24 18:30–22:00"},
        {"floating is local", "DTSTART:20261124T183000\r\nDURATION:PT3H30M\r\n",
         "2026-11-24 18:30–22:00"},
        {"other zone", "DTSTART;TZID=America/New_York:20261124T183000\r\nDURATION:PT1H\r\n",
         "2026-11-25 00:30–01:30"},
        {"prefixed zone",
         "DTSTART;TZID=/freeassociation.sourceforge.net/Europe/London:20261124T183000\r\n",
         "2026-11-24 19:30"},
        {"no end", "DTSTART:20261124T183000\r\n", "2026-11-24 18:30"},
        {"end = start", "DTSTART:20261124T183000\r\nDTEND:20261124T183000\r\n", "2026-11-24 18:30"},
        {"end before start", "DTSTART:20261124T183000\r\nDTEND:20261123T183000\r\n",
         "2026-11-24 18:30"},
        {"past midnight", "DTSTART:20261124T220000\r\nDTEND:20261125T020000\r\n",
         "2026-11-24 22:00–2026-11-25–02:00"},
        {"one whole day", "DTSTART;VALUE=DATE:20261124\r\n", "2026-11-24"},
        {"whole day, DTEND = DTSTART",
         "DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261124\r\n", "2026-11-24"},
        {"two whole days", "DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261126\r\n",
         "2026-11-24–2026-11-25"},
        {"whole days by duration", "DTSTART;VALUE=DATE:20261124\r\nDURATION:P2D\r\n",
         "2026-11-24–2026-11-25"},
        {"past", "DTSTART:20261101T183000\r\n", ""},
        {"began yesterday, still on", "DTSTART:20261120T090000\r\nDTEND:20261125T180000\r\n",
         "2026-11-20 09:00–2026-11-25–18:00"},
        {"too far away", "DTSTART:20280101T183000\r\n", ""},
        {"weekly over the change to winter time",
         "DTSTART;TZID=Europe/Paris:20271017T100000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n",
         "2027-10-17 10:00; 2027-10-24 10:00; 2027-10-31 10:00; 2027-11-07 10:00"},
        {"COUNT counts from the start", "DTSTART:20261120T090000\r\nRRULE:FREQ=DAILY;COUNT=5\r\n",
         "2026-11-23 09:00; 2026-11-24 09:00"},
        {"UNTIL in UTC, included",
         "DTSTART;TZID=Europe/Paris:20261124T100000\r\n"
         "RRULE:FREQ=DAILY;UNTIL=20261126T090000Z\r\n",
         "2026-11-24 10:00; 2026-11-25 10:00; 2026-11-26 10:00"},
        {"UNTIL as a date", "DTSTART:20261124T100000\r\nRRULE:FREQ=DAILY;UNTIL=20261125\r\n",
         "2026-11-24 10:00; 2026-11-25 10:00"},
        {"first Thursday of November, every year",
         "DTSTART;TZID=Europe/Paris:20201105T183000\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1TH\r\n",
         "2027-11-04 18:30"},
        {"last Friday of the month",
         "DTSTART:20261127T183000\r\nRRULE:FREQ=MONTHLY;BYDAY=-1FR;COUNT=3\r\n",
         "2026-11-27 18:30; 2026-12-25 18:30; 2027-01-29 18:30"},
        {"every second Sunday, from a Thursday",
         "DTSTART:20261126T100000\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;UNTIL=20261230\r\n",
         "2026-11-26 10:00; 2026-11-29 10:00; 2026-12-13 10:00; 2026-12-27 10:00"},
        {"every second Tuesday, from a Thursday",
         "DTSTART:20261126T100000\r\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20261230\r\n",
         "2026-11-26 10:00; 2026-12-08 10:00; 2026-12-22 10:00"},
        {"the 31st skips short months", "DTSTART:20261231T100000\r\nRRULE:FREQ=MONTHLY;COUNT=3\r\n",
         "2026-12-31 10:00; 2027-01-31 10:00; 2027-03-31 10:00"},
        {"whole days, weekly",
         "DTSTART;VALUE=DATE:20261124\r\nRRULE:FREQ=WEEKLY;UNTIL=20261208\r\n",
         "2026-11-24; 2026-12-01; 2026-12-08"},
        {"EXDATE",
         "DTSTART:20261124T100000\r\nRRULE:FREQ=DAILY;COUNT=4\r\n"
         "EXDATE:20261125T100000,20261126T100000\r\n",
         "2026-11-24 10:00; 2026-11-27 10:00"},
        {"EXDATE in UTC",
         "DTSTART;TZID=Europe/Paris:20261124T100000\r\n"
         "RRULE:FREQ=DAILY;COUNT=2\r\nEXDATE:20261125T090000Z\r\n",
         "2026-11-24 10:00"},
        {"EXDATE as a day",
         "DTSTART:20261124T100000\r\nRRULE:FREQ=DAILY;COUNT=3\r\n"
         "EXDATE;VALUE=DATE:20261125\r\n",
         "2026-11-24 10:00; 2026-11-26 10:00"},
        {"EXDATE of the first",
         "DTSTART:20261124T100000\r\nRRULE:FREQ=DAILY;COUNT=2\r\n"
         "EXDATE:20261124T100000\r\n",
         "2026-11-25 10:00"},
        {"RDATE",
         "DTSTART:20261124T100000\r\nDTEND:20261124T110000\r\n"
         "RDATE:20261201T150000\r\nRDATE;VALUE=PERIOD:20261202T150000/PT2H\r\n",
         "2026-11-24 10:00–11:00; 2026-12-01 15:00–16:00; 2026-12-02 15:00–17:00"},
        {"RDATE already in the rule",
         "DTSTART:20261124T100000\r\nRRULE:FREQ=DAILY;COUNT=2\r\n"
         "RDATE:20261125T100000\r\n",
         "2026-11-24 10:00; 2026-11-25 10:00"},
        {"an hour that comes twice: the first",
         "DTSTART;TZID=Europe/Paris:20271031T023000\r\nDURATION:PT1H\r\n",
         "2027-10-31 02:30–02:30"},
        {"an hour that the change to summer time skips",
         "DTSTART;TZID=Europe/Paris:20270328T023000\r\nDURATION:PT1H\r\n",
         "2027-03-28 03:30–04:30"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *uid = arena_printf(f->arena, "case-%zu", i);
        const char *text = arena_printf(
            f->arena, CALENDAR("BEGIN:VEVENT\r\nUID:%s\r\nSUMMARY:Forum\r\n%sEND:VEVENT\r\n"), uid,
            cases[i].lines);
        assert_ok(f, run_evenements(f, put_text(f, "e.ics", text)));
        if (f->report.created != 1 || strcmp(dates_of(f, uid), cases[i].dates) != 0)
            fail_msg("%s: \"%s\"", cases[i].label, dates_of(f, uid));
    }
}

static void test_own_time_zone(void **state)
{
    struct fixture *f = *state;

    assert_ok(
        f,
        run_evenements(
            f,
            put_text(
                f, "e.ics",
                "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Chez nous\nBEGIN:STANDARD\n"
                "DTSTART:16010101T000000\nTZOFFSETFROM:-0741\nTZOFFSETTO:-0741\nEND:STANDARD\n"
                "END:VTIMEZONE\n"
                "BEGIN:VEVENT\nUID:a\nSUMMARY:x\nDTSTART;TZID=Chez "
                "nous:20261124T101900\nEND:VEVENT\n"
                "BEGIN:VEVENT\nUID:b\nSUMMARY:x\n"
                "DTSTART;TZID=\"(UTC+01:00) Brussels, Copenhagen, Madrid, Paris\":20261124T101900\n"
                "END:VEVENT\nEND:VCALENDAR\n")));
    check_counts(f, 2, 2, 0, 0, 0, 0);
    assert_string_equal(dates_of(f, "a"), "2026-11-24 19:00"); /* 18:00 UTC */
    assert_string_equal(dates_of(f, "b"), "2026-11-24 10:19");
    find_note(f, 18, "fuseau horaire inconnu « (UTC+01:00) Brussels, Copenhagen, Madrid, Paris »");
}

/* Rules that would keep a naive reader busy for hours. */
static void test_endless_rules(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *rule;
        const char *words;
    } cases[] = {
        {"FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "plus fine que le jour"},
        {"FREQ=MINUTELY", "plus fine que le jour"},
        {"FREQ=HOURLY;COUNT=3", "plus fine que le jour"},
        {"FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5;BYSECOND=1,2", "plus fine que le jour"},
        {"FREQ=MONTHLY;BYDAY=6MO", "impossible"},
        {"FREQ=MONTHLY;BYSETPOS=-366;BYDAY=MO", "impossible"},
        {"FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "impossible"},
        {"FREQ=YEARLY;BYMONTH=2,4;BYMONTHDAY=-31,31", "impossible"},
        {"FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31", "impossible"},
        {"FREQ=DAILY;INTERVAL=0", "illisible"},
        {"FREQ=PARFOIS", "illisible"},
        {"", "illisible"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = arena_printf(
            f->arena,
            CALENDAR("BEGIN:VEVENT\r\nUID:e%zu\r\nSUMMARY:x\r\nDTSTART:20261124T100000\r\n"
                     "RRULE:%s\r\nEND:VEVENT\r\n"),
            i, cases[i].rule);
        assert_ok(f, run_evenements(f, put_text(f, "e.ics", text)));
        find_note(f, 7, cases[i].words);
        assert_string_equal(dates_of(f, arena_printf(f->arena, "e%zu", i)), "2026-11-24 10:00");
    }
    assert_ok(f,
              run_evenements(
                  f, put_text(f, "e.ics",
                              CALENDAR(EVENT(
                                  "many",
                                  "DTSTART:20261124T000000\r\n"
                                  "RRULE:FREQ=DAILY;BYHOUR=0,2,4,6,8,10,12,14,16,18,20,22\r\n")))));
    assert_int_equal(f->report.occurrences, IMPORT_OCCURRENCES_MAX);
    find_note(f, 3, "plus de 1000 dates");
}

static void test_one_date_of_a_series(void **state)
{
    struct fixture *f = *state;
    struct event event;

    assert_ok(
        f, run_evenements(
               f, put_text(f, "e.ics",
                           CALENDAR(EVENT("s", "DTSTART;TZID=Europe/"
                                               "Paris:20261124T100000\r\nRRULE:FREQ=DAILY;COUNT="
                                               "4\r\n") "BEGIN:VEVENT\r\nUID:s\r\nSUMMARY:Forum "
                                                        "déplacé\r\n"
                                                        "RECURRENCE-ID;TZID=Europe/"
                                                        "Paris:20261125T100000\r\n"
                                                        "DTSTART;TZID=Europe/"
                                                        "Paris:20261125T150000\r\nEND:VEVENT\r\n"
                                                        "BEGIN:VEVENT\r\nUID:s\r\nSUMMARY:Forum "
                                                        "annulé\r\nSTATUS:CANCELLED\r\n"
                                                        "RECURRENCE-ID:20261126T090000Z\r\nDTSTART:"
                                                        "20261126T090000Z\r\nEND:VEVENT\r\n"))));
    check_counts(f, 3, 3, 0, 0, 0, 0);
    assert_string_equal(dates_of(f, "s"), "2026-11-24 10:00; 2026-11-27 10:00");
    assert_string_equal(dates_of(f, "s/20261125T100000"), "2026-11-25 15:00");
    assert_ok(f, events_get(f->db, f->arena, "s/20261126T090000Z", &event, &f->err));
    assert_int_equal(event.status, EVENT_ANNULE);
}

static void test_versions(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *lines;
        size_t created;
        size_t updated;
        size_t unchanged;
        const char *title;
    } steps[] = {
        {"SUMMARY:Un\r\nSEQUENCE:1\r\n", 1, 0, 0, "Un"},
        {"SUMMARY:Un\r\nSEQUENCE:1\r\n", 0, 0, 1, "Un"},
        {"SUMMARY:Deux\r\nSEQUENCE:2\r\n", 0, 1, 0, "Deux"},
        {"SUMMARY:Vieux\r\nSEQUENCE:1\r\n", 0, 0, 1, "Deux"},
        {"SUMMARY:Deux bis\r\nSEQUENCE:2\r\n", 0, 1, 0, "Deux bis"},
        {"SUMMARY:Sans\r\n", 0, 0, 1, "Deux bis"},
        {"SUMMARY:Deux bis\r\nSEQUENCE:3\r\nSTATUS:CANCELLED\r\n", 0, 1, 0, "Deux bis"},
    };
    struct event event;

    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        const char *text =
            arena_printf(f->arena,
                         CALENDAR("BEGIN:VEVENT\r\nUID:v\r\nDTSTART:20261124T100000\r\n%s"
                                  "END:VEVENT\r\n"),
                         steps[i].lines);
        assert_ok(f, run_evenements(f, put_text(f, "e.ics", text)));
        check_counts(f, 1, steps[i].created, steps[i].updated, steps[i].unchanged, 0, 0);
        assert_ok(f, events_get(f->db, f->arena, "v", &event, &f->err));
        assert_string_equal(event.title, steps[i].title);
    }
    assert_int_equal(event.status, EVENT_ANNULE);
    assert_int_equal(f->report.occurrences, 0); /* none that anybody will see */
    /* Two versions in one file: the higher sequence, wherever it stands. */
    assert_ok(
        f, run_evenements(
               f, put_text(f, "e.ics",
                           CALENDAR(EVENT("w", "DTSTART:20261124T110000\r\nSEQUENCE:5\r\n")
                                        EVENT("w", "DTSTART:20261124T100000\r\nSEQUENCE:4\r\n")))));
    check_counts(f, 2, 1, 0, 0, 1, 0);
    assert_string_equal(dates_of(f, "w"), "2026-11-24 11:00");
    find_note(f, 9, "aussi à la ligne 3");
    assert_ok(
        f,
        run_evenements(
            f, put_text(f, "e.ics",
                        "BEGIN:VCALENDAR\nMETHOD:CANCEL\n" EVENT(
                            "w", "DTSTART:20261124T110000\r\nSEQUENCE:6\r\n") "END:VCALENDAR\n")));
    assert_ok(f, events_get(f->db, f->arena, "w", &event, &f->err));
    assert_int_equal(event.status, EVENT_ANNULE);
}

static void test_time_passes(void **state)
{
    struct fixture *f = *state;
    const char *path = put_text(
        f, "e.ics", CALENDAR(EVENT("p", "DTSTART;VALUE=DATE:20261123\r\nRRULE:FREQ=WEEKLY\r\n")));

    assert_ok(f, run_evenements(f, path));
    size_t before = f->report.occurrences;
    f->options.now_ms += 70 * CIVIL_DAY_MS;
    assert_ok(f, run_evenements(f, path));
    check_counts(f, 1, 0, 0, 1, 0, 0);
    assert_int_equal(f->report.occurrences, before);
    assert_memory_equal(dates_of(f, "p"), "2027-02-01", 10);
}

static void test_fields(void **state)
{
    struct fixture *f = *state;
    struct event e;

    assert_ok(
        f,
        run_evenements(
            f,
            put_text(
                f, "e.ics",
                CALENDAR(
                    "BEGIN:VEVENT\r\nUID:f\r\nSUMMARY:Ciné-débat : l’usine\\, ensemble\r\n"
                    "DTSTART:20261124T100000\r\n"
                    "DESCRIPTION:Première  ligne\\nDeuxième\\; avec\r\n  suite\r\n"
                    "LOCATION:Cinéma Grand Mercure\\, rue du Neubourg\\, 76500 ELBEUF\r\n"
                    "ORGANIZER;CN=\"La Ruche; Rouen\":mailto:x@exemple.fr\r\n"
                    "URL:https://exemple.fr/x\r\nCATEGORIES:culture,ess\r\n"
                    "X-VITRINE-TARIF:5 €\\, solidaire 3 €\r\nX-VITRINE-ACCESSIBILITE:Plain-pied\r\n"
                    "X-VITRINE-COURT:Ciné-débat\r\nX-VITRINE-ALT:Une "
                    "salle\r\nX-VITRINE-STATUT:complet\r\n"
                    "BEGIN:VALARM\r\nDESCRIPTION:Pas celle-ci\r\nSUMMARY:ni ça\r\nEND:VALARM\r\n"
                    "END:VEVENT\r\n"))));
    check_counts(f, 1, 1, 0, 0, 0, 0);
    assert_int_equal(f->report.warnings, 0);
    assert_ok(f, events_get(f->db, f->arena, "f", &e, &f->err));
    assert_string_equal(e.title, "Ciné-débat : l’usine, ensemble");
    assert_string_equal(e.description, "Première ligne\nDeuxième; avec suite");
    assert_string_equal(e.place, "Cinéma Grand Mercure");
    assert_string_equal(e.address, "rue du Neubourg");
    assert_string_equal(e.code_postal, "76500");
    assert_string_equal(e.commune, "Elbeuf");
    assert_string_equal(e.code_insee, "76231");
    assert_true(e.in_metropole);
    assert_string_equal(e.organiser, "La Ruche; Rouen");
    assert_string_equal(e.price, "5 €, solidaire 3 €");
    assert_string_equal(e.access, "Plain-pied");
    assert_string_equal(e.short_title, "Ciné-débat");
    assert_string_equal(e.image_alt, "Une salle");
    assert_string_equal(e.url, "https://exemple.fr/x");
    assert_int_equal(e.status, EVENT_COMPLET);
    assert_int_equal(e.state, STATE_PUBLISHED);
    assert_string_equal(e.recurrence, "DTSTART:20261124T100000");
}

static void test_locations(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *location;
        const char *place;
        const char *address;
        const char *postcode;
        const char *commune;
        bool in_metropole;
    } cases[] = {
        {"Innopolis, 72 rue de la République, 76140 Le Petit-Quevilly", "Innopolis",
         "72 rue de la République", "76140", "Le Petit-Quevilly", true},
        {"Créapolis, 76000 Rouen", "Créapolis", "", "76000", "Rouen", true},
        {"Place de l’Hôtel-de-Ville, Sotteville-lès-Rouen", "Place de l’Hôtel-de-Ville", "", "",
         "Sotteville-lès-Rouen", true},
        {"7 cours Gambetta, 76500 Elbeuf", "", "7 cours Gambetta", "76500", "Elbeuf", true},
        {"12 rue X 76000 ROUEN", "", "12 rue X", "76000", "Rouen", true},
        {"Salle des fêtes, 76400 FECAMP", "Salle des fêtes", "", "76400", "Fécamp", false},
        {"Rouen", "", "", "", "Rouen", true},
        {"Halle aux Toiles", "Halle aux Toiles", "", "", "", false},
        {"", "", "", "", "", false},
        {"Quai 76, bât. B, 2e étage, 76000 Rouen", "Quai 76", "bât. B, 2e étage", "76000", "Rouen",
         true},
    };
    char assets[4096];
    assert_non_null(assets_folder(assets, sizeof(assets)));
    struct reference *reference = reference_load(assets, &f->err);
    assert_non_null(reference);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct event e = {0};
        event_location_read(reference, f->arena, cases[i].location, &e);
        if (strcmp(e.place, cases[i].place) != 0 || strcmp(e.address, cases[i].address) != 0 ||
            strcmp(e.code_postal, cases[i].postcode) != 0 ||
            strcmp(e.commune, cases[i].commune) != 0 || e.in_metropole != cases[i].in_metropole)
            fail_msg("%s: \"%s\" \"%s\" \"%s\" \"%s\"", cases[i].location, e.place, e.address,
                     e.code_postal, e.commune);
    }
    reference_destroy(reference);
}

static void test_pictures(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *attach;
        const char *words; /* NULL: taken */
    } cases[] = {
        {"ATTACH;FMTTYPE=image/png:photos/p.png", NULL},
        {"ATTACH:photos/./p.png", NULL},
        {"ATTACH:../photos/p.png", "à côté du calendrier"},
        {"ATTACH:photos/../../p.png", "à côté du calendrier"},
        {"ATTACH:/etc/passwd", "à côté du calendrier"},
        {"ATTACH:file:///etc/passwd", "à côté du calendrier"},
        {"ATTACH:https://exemple.fr/x.png", "à côté du calendrier"},
        {"ATTACH:photos/none.png", "n’existe pas"},
        {"ATTACH:e.ics", "ni une image PNG"},
        {"ATTACH:photos", "c’est un dossier"},
        {"ATTACH:photos/link.png", "sort du dossier"},
        {"ATTACH:photos/beside.png", NULL},
    };
    char command[1024];
    struct event e;

    const char *picture = shared_file(f, "images/pngsuite/basn3p01.png");
    snprintf(command, sizeof(command),
             "mkdir '%s/photos' && cp '%s' '%s/photos/p.png' && ln -s '%s' '%s/photos/link.png' && "
             "ln -s p.png '%s/photos/beside.png'",
             f->folder, picture, f->folder, picture, f->folder, f->folder);
    assert_int_equal(system(command), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = arena_printf(
            f->arena,
            CALENDAR("BEGIN:VEVENT\r\nUID:i%zu\r\nSUMMARY:x\r\nDTSTART:20261124T100000\r\n"
                     "%s\r\nEND:VEVENT\r\n"),
            i, cases[i].attach);
        assert_ok(f, run_evenements(f, put_text(f, "e.ics", text)));
        check_counts(f, 1, 1, 0, 0, 0, 0);
        assert_ok(f, events_get(f->db, f->arena, arena_printf(f->arena, "i%zu", i), &e, &f->err));
        if ((strlen(e.image) == 64) != (cases[i].words == NULL))
            fail_msg("%s: \"%s\"", cases[i].attach, e.image);
        if (cases[i].words)
            find_note(f, 7, cases[i].words);
    }
}

/* Taken, but not as people may think: no word of it would be a loss in silence. */
static void test_remarks(void **state)
{
    struct fixture *f = *state;
    struct strbuf text;
    struct event e;

    strbuf_init(&text);
    strbuf_append(&text, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:r\nSUMMARY:Forum\n"
                         "DTSTART:20261124T100000\nDESCRIPTION:");
    for (size_t i = 0; i < 100000; i++)
        strbuf_append(&text, "très ");
    strbuf_append(&text, "\nEND:VEVENT\nEND:VCALENDAR\n");
    assert_ok(f, run_evenements(f, put_text(f, "e.ics", text.bytes)));
    strbuf_finish(&text);
    check_counts(f, 1, 1, 0, 0, 0, 0);
    find_note(f, 2, "sans lieu");
    find_note(f, 6, "coupé");
    assert_ok(f, events_get(f->db, f->arena, "r", &e, &f->err));
    assert_in_range(strlen(e.description), 1000, 5000);
}

static void test_refused_events(void **state)
{
    struct fixture *f = *state;

    assert_ok(
        f,
        run_evenements(
            f,
            put_text(
                f, "e.ics",
                "BEGIN:VCALENDAR\n"
                "BEGIN:VEVENT\nUID:1\nSUMMARY:Sans date\nEND:VEVENT\n"                  /* 2 */
                "BEGIN:VEVENT\nUID:2\nSUMMARY:x\nDTSTART:20261345T100000\nEND:VEVENT\n" /* 6 */
                "BEGIN:VEVENT\nUID:3\nDTSTART:20261124T100000\nEND:VEVENT\n"            /* 11 */
                "BEGIN:VEVENT\nUID:4\nSUMMARY:x\nCLASS:PRIVATE\nDTSTART:20261124\nEND:VEVENT\n"
                "BEGIN:VEVENT\nUID:5\nSUMMARY:x\npas une propriété\nDTSTART:20261124\nEND:VEVENT\n"
                "BEGIN:VEVENT\nUID:6\nSUMMARY:Bon\nDTSTART:20261124T100000\nEND:VEVENT\n"
                "n’importe quoi\n"
                "END:VCALENDAR\n")));
    check_counts(f, 6, 1, 0, 0, 0, 5);
    find_note(f, 2, "sans date de début");
    assert_string_equal(find_note(f, 9, "date de début illisible")->field, "DTSTART");
    find_note(f, 11, "sans titre");
    find_note(f, 15, "privé");
    find_note(f, 24, "pas une propriété");
    find_note(f, 32, "laissée de côté");
    assert_string_equal(dates_of(f, "6"), "2026-11-24 10:00");
}

static void test_refused_files(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *label;
        const char *bytes;
        size_t size;
        int line;
        const char *words;
    } cases[] = {
        {"empty", "", 0, 0, "vide"},
        {"no calendar", "nom;commune\nx;y\n", 0, 1, "pas un calendrier"},
        {"property first", "VERSION:2.0\n", 0, 1, "pas un calendrier"},
        {"event without a calendar", "BEGIN:VEVENT\nEND:VEVENT\n", 0, 1,
         "il manque BEGIN:VCALENDAR"},
        {"cut in an event", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:x\n", 0, 2,
         "VEVENT jamais fermé"},
        {"cut behind an event",
         "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:x\nDTSTART:20261124\nEND:VEVENT\n", 0, 1,
         "VCALENDAR jamais fermé"},
        {"crossed", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\n", 0, 3, "ouvert ligne 2"},
        {"event in an event", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nBEGIN:VEVENT\n", 0, 3,
         "avant la fin du précédent"},
        {"END alone", "BEGIN:VCALENDAR\nEND:VCALENDAR\nEND:VEVENT\n", 0, 3, "sans BEGIN"},
        {"NUL", "BEGIN:VCALENDAR\nA:\0\nEND:VCALENDAR\n", 33, 2, "octet nul"},
        {"deep",
         "BEGIN:VCALENDAR\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\nBEGIN:A\n"
         "BEGIN:A\n",
         0, 9, "trop de blocs"},
    };
    int64_t count;

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t size = cases[i].size ? cases[i].size : strlen(cases[i].bytes);
        f->err = (struct error){0};
        if (run_evenements(f, put_file(f, "e.ics", cases[i].bytes, size)))
            fail_msg("%s was taken", cases[i].label);
        if (!strstr(f->err.fr, cases[i].words) || f->err.line != cases[i].line)
            fail_msg("%s: line %d, %s", cases[i].label, f->err.line, f->err.fr);
        assert_string_equal(f->err.file, f->file);
    }
    assert_ok(f, events_count(f->db, &count, &f->err));
    assert_int_equal(count, 0);
    assert_false(db_in_transaction(f->db));
}

/* Every file of the collection: what is in it (grep -c BEGIN:VEVENT), what is refused and why. A
 * second import changes nothing. */
static void test_collection(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *name;
        size_t events;
        size_t rejected;
        size_t warnings;   /* but those of the next column */
        size_t placeless;  /* titled events without a LOCATION, each told: they cannot be shown */
        int line;          /* of a note; 0: none */
        const char *words; /* in it */
    } files[] = {
        {"blank_description", 1, 0, 0, 1, 0, NULL},
        {"blank_line_end", 0, 0, 0, 0, 0, NULL},
        {"blank_line_mid", 0, 0, 1, 0, 3, "ligne vide"},
        {"daily_recur", 1, 0, 0, 1, 0, NULL},
        {"day_long_recur_yearly", 1, 0, 0, 1, 0, NULL},
        {"duration_instead_of_dtend", 1, 0, 0, 1, 0, NULL},
        {"forced_types", 1, 0, 0, 1, 0, NULL},
        {"google_birthday", 4, 0, 2, 4, 12, "date illisible"},
        {"jours_feries_alsace-moselle", 143, 0, 0, 143, 0, NULL},
        {"jours_feries_metropole", 121, 0, 0, 121, 0, NULL},
        {"locale_datetime", 1, 0, 1, 1, 5, "sans identifiant"},
        {"minimal", 1, 0, 0, 1, 0, NULL},
        {"multiple_rrules", 1, 0, 0, 1, 0, NULL},
        {"only_dtstart_date", 1, 0, 0, 1, 0, NULL},
        {"only_dtstart_time", 1, 0, 0, 1, 0, NULL},
        {"parserv2", 1, 0, 0, 1, 0, NULL},
        {"rdate_exdate", 1, 1, 0, 0, 2, "sans titre"},
        {"recur_instances", 3, 0, 0, 2, 0, NULL},
        {"recur_instances_finite", 1, 0, 0, 0, 0, NULL},
        {"scenarios__apple", 3, 0, 0, 0, 0, NULL},
        {"scenarios__cozycloud", 3, 0, 0, 0, 0, NULL},
        {"scenarios__google", 3, 0, 0, 0, 0, NULL},
        {"scenarios__lightning", 3, 0, 0, 0, 0, NULL},
        {"scenarios__radicale", 3, 0, 0, 0, 0, NULL},
        {"timezone_from_file", 1, 0, 1, 1, 12, "sans identifiant"},
        {"timezones__America__Atikokan", 0, 0, 0, 0, 0, NULL},
        {"timezones__America__Denver", 0, 0, 0, 0, 0, NULL},
        {"timezones__America__Los_Angeles", 0, 0, 0, 0, 0, NULL},
        {"timezones__America__New_York", 0, 0, 0, 0, 0, NULL},
        {"timezones__Makebelieve__RDATE_test", 0, 0, 0, 0, 0, NULL},
        {"timezones__Makebelieve__RDATE_utc_test", 0, 0, 0, 0, 0, NULL},
        {"timezones__Makebelieve__RRULE_UNTIL_test", 0, 0, 0, 0, 0, NULL},
        {"tz", 1, 1, 0, 0, 4, "sans titre"},
        {"utc_negative_zero", 1, 0, 0, 1, 0, NULL},
    };

    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        const char *path =
            shared_file(f, arena_printf(f->arena, "evenements/ics/%s.ics", files[i].name));
        char command[256];
        snprintf(command, sizeof(command), "rm -f '%s/vitrine.db'*", f->folder);
        db_close(f->db);
        assert_int_equal(system(command), 0);
        f->db = store_open(arena_printf(f->arena, "%s/vitrine.db", f->folder), DB_WRITER, &f->err);
        f->store.db = f->db;
        size_t taken = files[i].events - files[i].rejected;
        assert_ok(f, run_evenements(f, path));
        check_counts(f, files[i].events, taken, 0, 0, 0, files[i].rejected);
        if (f->report.warnings != files[i].warnings + files[i].placeless)
            fail_msg("%s: %zu warnings", files[i].name, f->report.warnings);
        if (files[i].line > 0)
            find_note(f, files[i].line, files[i].words);
        assert_ok(f, run_evenements(f, path));
        check_counts(f, files[i].events, 0, 0, taken, 0, files[i].rejected);
    }
}

/* By hand, from the file itself: the public holidays of metropolitan France from 2026-11-22 to
 * 2027-12-28: Christmas 2026, and all eleven of 2027. */
static void test_public_holidays(void **state)
{
    struct fixture *f = *state;
    struct event_occurrence_list list;

    assert_ok(f, run_evenements(f, shared_file(f, "evenements/ics/jours_feries_metropole.ics")));
    assert_ok(f, events_occurrences(f->db, f->arena, 0, INT64_MAX / 2, NULL, 0, 0, &list, &f->err));
    assert_int_equal(list.count, 12);
    assert_string_equal(list.items[0].event.title, "Jour de Noël");
    assert_true(list.items[0].at.all_day);
    assert_int_equal(list.items[0].at.local_day, civil_days(2026, 12, 25));
    assert_true(list.items[0].at.start_ms ==
                civil_days(2026, 12, 24) * CIVIL_DAY_MS + 23 * 3600000);
    assert_true(list.items[0].at.end_ms == list.items[0].at.start_ms + CIVIL_DAY_MS);
}

static void test_windows_1252(void **state)
{
    struct fixture *f = *state;
    struct event e;

    assert_ok(
        f, run_evenements(f, put_text(f, "e.ics",
                                      CALENDAR("BEGIN:VEVENT\r\nUID:l\r\nSUMMARY:D\xe9"
                                               "bat \x96 march\xe9\r\nDTSTART:20261124T100000\r\n"
                                               "END:VEVENT\r\n"))));
    assert_string_equal(f->report.encoding, "Windows-1252");
    assert_ok(f, events_get(f->db, f->arena, "l", &e, &f->err));
    assert_string_equal(e.title, "Débat – marché");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_dates),          CASE(test_own_time_zone),
        CASE(test_endless_rules),  CASE(test_one_date_of_a_series),
        CASE(test_versions),       CASE(test_time_passes),
        CASE(test_fields),         CASE(test_locations),
        CASE(test_remarks),        CASE(test_pictures),
        CASE(test_refused_events), CASE(test_refused_files),
        CASE(test_collection),     CASE(test_public_holidays),
        CASE(test_windows_1252),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
