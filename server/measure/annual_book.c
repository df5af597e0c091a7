#include <stdio.h>

#include "server/export/book.h"
#include "server/measure/annual.h"
#include "server/measure/period.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct table_value or_none(int64_t number, bool known)
{
    struct table_value value = table_number(number);

    value.empty = !known;
    return value;
}

/* A year without anything is no year to compare with. */
static void put_front(struct book *book, const struct annual *annual)
{
    const struct annual_totals *now = &annual->totals, *before = &annual->before;
    bool known = before->planned_ms > 0 || before->plays > 0;
    int64_t shown_of_directory = annual->displayable - annual->never_shown;
    const struct book_figure figures[] = {
        {"Structures montrées au moins une fois", TABLE_COUNT, table_number(now->organisations),
         or_none(before->organisations, known)},
        {"Part des structures de l’annuaire jamais montrées",
         TABLE_PERCENT,
         table_share(annual->never_shown, annual->displayable),
         {.empty = true}},
        {"Heures d’écran montrées", TABLE_HOURS, table_number(now->shown_ms),
         or_none(before->shown_ms, known)},
        {"Heures d’écran prévues", TABLE_HOURS, table_number(now->planned_ms),
         or_none(before->planned_ms, known)},
        {"Part du prévu qui a été montrée", TABLE_PERCENT,
         table_share(now->shown_ms, now->planned_ms),
         table_share(before->shown_ms, before->planned_ms)},
        {"Passages à l’écran", TABLE_COUNT, table_number(now->plays),
         or_none(before->plays, known)},
        {"Écrans", TABLE_COUNT, table_number(now->screens), or_none(before->screens, known)},
        {"Disponibilité des écrans", TABLE_PERCENT, table_share(now->seen, now->open),
         table_share(before->seen, before->open)},
        {"Portraits publiés", TABLE_COUNT, table_number(now->published.portraits),
         or_none(before->published.portraits, known)},
        {"Événements annoncés", TABLE_COUNT, table_number(now->published.events),
         or_none(before->published.events, known)},
        {"Annonces publiées", TABLE_COUNT, table_number(now->published.announcements),
         or_none(before->published.announcements, known)},
        {"Visites aux bornes", TABLE_COUNT, table_number(now->visits),
         or_none(before->visits, known)},
        {"Fiches ouvertes aux bornes", TABLE_COUNT, table_number(now->sheets),
         or_none(before->sheets, known)},
    };
    char heading[64], before_title[16], directory[200];
    const char *const notes[] = {
        directory,
        "Heures prévues : programmes publiés, heures d’ouverture seulement. Heures montrées : "
        "preuves de diffusion des lecteurs.",
        "Disponibilité : part des heures d’ouverture pendant lesquelles l’écran a donné signe de "
        "vie, par tranches de cinq minutes.",
        "Les bornes comptent des usages par heure entière, sans aucune donnée personnelle.", NULL};
    const struct book_chart charts[] = {
        {.title = "Heures d’écran par mois",
         .sheet = "Mois",
         .category = 0,
         .series = {1, 2},
         .series_count = 2,
         .rows = 12,
         .hours = true},
        {.title = "Visites aux bornes par mois",
         .sheet = "Mois",
         .category = 0,
         .series = {6},
         .series_count = 1,
         .rows = 12},
    };
    struct book_sheet sheet = {.name = "Synthèse",
                               .heading = heading,
                               .remark = "L’économie sociale et solidaire sur les écrans de la "
                                         "Métropole Rouen Normandie"};

    snprintf(heading, sizeof(heading), "Bilan annuel %d", annual->year);
    snprintf(before_title, sizeof(before_title), "%d", annual->year - 1);
    snprintf(directory, sizeof(directory),
             "L’annuaire compte %lld structures affichables, dont %lld ont été montrées en %d.",
             (long long)annual->displayable, (long long)shown_of_directory, annual->year);
    book_front(book, &sheet, figures, COUNT(figures), before_title, notes, charts, COUNT(charts));
}

static void put_months(struct book *book, const struct annual *annual, const char *remark)
{
    static const struct table_column columns[] = {
        {"Mois", TABLE_TEXT, 16, false},
        {"Heures prévues", TABLE_HOURS, 13, true},
        {"Heures montrées", TABLE_HOURS, 13, true},
        {"Taux", TABLE_PERCENT, 9, false},
        {"Passages", TABLE_COUNT, 13, true},
        {"Structures montrées", TABLE_COUNT, 13, false},
        {"Visites aux bornes", TABLE_COUNT, 13, true},
        {"Fiches ouvertes", TABLE_COUNT, 13, true},
        {"Disponibilité", TABLE_PERCENT, 13, false},
    };
    struct book_sheet sheet = {"Mois", "Mois par mois", remark, columns, COUNT(columns)};

    book_begin(book, &sheet);
    for (int i = 0; i < 12; i++) {
        const struct annual_totals *month = &annual->months[i];
        bool any = month->planned_ms > 0 || month->plays > 0 || month->visits > 0;
        const struct table_value values[] = {
            table_text(period_month_name(i + 1)),
            or_none(month->planned_ms, any),
            or_none(month->shown_ms, any),
            table_share(month->shown_ms, month->planned_ms),
            or_none(month->plays, any),
            or_none(month->organisations, any),
            or_none(month->visits, any),
            or_none(month->sheets, any),
            table_share(month->seen, month->open),
        };
        book_row(book, values);
    }
    book_end(book);
}

static void put_organisations(struct book *book, const struct annual *annual, const char *remark)
{
    static const struct table_column columns[] = {
        {"Structure", TABLE_TEXT, 40, false},
        {"Famille de l’ESS", TABLE_TEXT, 24, false},
        {"Secteur", TABLE_TEXT, 26, false},
        {"Commune", TABLE_TEXT, 24, false},
        {"Site", TABLE_TEXT, 20, false},
        {"Heures prévues", TABLE_HOURS, 12, true},
        {"Heures montrées", TABLE_HOURS, 12, true},
        {"Taux", TABLE_PERCENT, 9, false},
        {"Passages", TABLE_COUNT, 11, true},
        {"Écrans", TABLE_COUNT, 9, false},
    };
    struct book_sheet sheet = {"Structures", "Structures montrées", remark, columns,
                               COUNT(columns)};

    book_begin(book, &sheet);
    for (size_t i = 0; i < annual->organisation_count; i++) {
        const struct organisation_figure *figure = &annual->organisations[i];
        const struct table_value values[] = {
            table_text(figure->name),       table_text(figure->famille_ess),
            table_text(figure->secteur),    table_text(figure->commune),
            table_text(figure->site),       table_number(figure->planned_ms),
            table_number(figure->shown_ms), table_share(figure->shown_ms, figure->planned_ms),
            table_number(figure->plays),    table_number(figure->screens),
        };
        book_row(book, values);
    }
    book_end(book);
}

static void put_groups(struct book *book, const struct annual_groups *groups, const char *name,
                       const char *heading, const char *title, const char *remark)
{
    const struct table_column columns[] = {
        {title, TABLE_TEXT, 44, false},
        {"Structures montrées", TABLE_COUNT, 13, true},
        {"Heures prévues", TABLE_HOURS, 13, true},
        {"Heures montrées", TABLE_HOURS, 13, true},
        {"Taux", TABLE_PERCENT, 9, false},
        {"Part du temps montré", TABLE_PERCENT, 13, false},
        {"Passages", TABLE_COUNT, 13, true},
    };
    struct book_sheet sheet = {name, heading, remark, columns, COUNT(columns)};
    int64_t all_ms = 0;

    for (size_t i = 0; i < groups->count; i++)
        all_ms += groups->items[i].shown_ms;
    book_begin(book, &sheet);
    for (size_t i = 0; i < groups->count; i++) {
        const struct annual_group *group = &groups->items[i];
        const struct table_value values[] = {
            table_text(group->name),
            table_number(group->organisations),
            table_number(group->planned_ms),
            table_number(group->shown_ms),
            table_share(group->shown_ms, group->planned_ms),
            table_share(group->shown_ms, all_ms),
            table_number(group->plays),
        };
        book_row(book, values);
    }
    book_end(book);
}

static void put_places(struct book *book, const struct annual_places *places, bool sites,
                       const char *remark)
{
    const struct table_column columns[] = {
        {sites ? "Site" : "Écran", TABLE_TEXT, 40, false},
        {"Heures prévues", TABLE_HOURS, 13, true},
        {"Heures montrées", TABLE_HOURS, 13, true},
        {"Taux", TABLE_PERCENT, 9, false},
        {"Passages", TABLE_COUNT, 13, true},
        {"Disponibilité", TABLE_PERCENT, 13, false},
        {"Visites aux bornes", TABLE_COUNT, 13, true},
        {sites ? "Écrans" : "Site", sites ? TABLE_COUNT : TABLE_TEXT, sites ? 9 : 30, false},
    };
    struct book_sheet sheet = {sites ? "Sites" : "Écrans", sites ? "Par site" : "Par écran", remark,
                               columns, COUNT(columns)};

    book_begin(book, &sheet);
    for (size_t i = 0; i < places->count; i++) {
        const struct annual_place *place = &places->items[i];
        const struct table_value values[] = {
            table_text(place->name),
            table_number(place->planned_ms),
            table_number(place->shown_ms),
            table_share(place->shown_ms, place->planned_ms),
            table_number(place->plays),
            table_share(place->seen, place->open),
            table_number(place->visits),
            sites ? table_number(place->screens) : table_text(place->site_name),
        };
        book_row(book, values);
    }
    book_end(book);
}

/* Kiosks of a site together: month by month. */
static void put_kiosks(struct book *book, const struct annual *annual, const char *remark)
{
    struct table_column columns[15] = {{"Site", TABLE_TEXT, 32, false}};
    struct book_sheet sheet = {"Bornes", "Usage des bornes, visites par site et par mois", remark,
                               columns, COUNT(columns)};

    for (int i = 0; i < 12; i++)
        columns[1 + i] = (struct table_column){period_month_name(i + 1), TABLE_COUNT, 10, true};
    columns[13] = (struct table_column){"Visites", TABLE_COUNT, 10, true};
    columns[14] = (struct table_column){"Fiches ouvertes", TABLE_COUNT, 11, true};
    book_begin(book, &sheet);
    for (size_t i = 0; i < annual->sites.count; i++) {
        const struct annual_place *site = &annual->sites.items[i];
        struct table_value values[15] = {table_text(site->name)};
        for (size_t k = 0; k < 12; k++)
            values[1 + k] = table_number(site->month_visits[k]);
        values[13] = table_number(site->visits);
        values[14] = table_number(site->sheets);
        if (site->visits > 0 || site->sheets > 0)
            book_row(book, values);
    }
    book_end(book);
}

bool annual_book(struct db *db, const struct annual_request *request, const char *path,
                 const char *scratch, struct error *err)
{
    struct arena *arena = arena_create();
    char title[64], remark[160];
    struct annual annual;

    if (!annual_gather(db, request, arena, &annual, err)) {
        arena_destroy(arena);
        return false;
    }
    const char *site = request->scope.site != NULL ? request->scope.site : "";
    snprintf(title, sizeof(title), "Bilan annuel %d", request->year);
    snprintf(remark, sizeof(remark), "Année %d%s%s", request->year, *site != '\0' ? " · site " : "",
             site);
    struct book *book = book_create(path, scratch, title);
    put_front(book, &annual);
    put_months(book, &annual, remark);
    put_organisations(book, &annual, remark);
    put_groups(book, &annual.families, "Familles de l’ESS", "Par famille de l’ESS", "Famille",
               remark);
    put_groups(book, &annual.sectors, "Secteurs", "Par secteur d’activité", "Secteur", remark);
    put_groups(book, &annual.communes, "Communes", "Par commune", "Commune", remark);
    put_places(book, &annual.sites, true, remark);
    put_places(book, &annual.screens, false, remark);
    put_kiosks(book, &annual, remark);
    arena_destroy(arena);
    return book_finish(book, err);
}
