#include "server/measure/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/json.h"
#include "server/content/form.h"
#include "server/export/book.h"
#include "server/export/csv.h"

static const char *const format_tags[REPORT_FORMATS] = {"json", "csv", "xlsx"};

const char *report_format_tag(enum report_format format)
{
    return format_tags[format];
}

bool report_format_parse(const char *tag, enum report_format *format_out)
{
    for (size_t i = 0; i < REPORT_FORMATS; i++) {
        if (strcmp(tag, format_tags[i]) == 0) {
            *format_out = (enum report_format)i;
            return true;
        }
    }
    return false;
}

const char *report_format_type(enum report_format format)
{
    static const char *const types[REPORT_FORMATS] = {
        "application/json", "text/csv; charset=utf-8",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};

    return types[format];
}

bool report_check(const struct report_request *request, struct error *err)
{
    if (request->until_day < request->from_day) {
        error_set(err, ERROR_INVALID, "la fin précède le début", "the end is before the beginning");
        error_field(err, "until");
        return false;
    }
    if (request->until_day - request->from_day >= REPORT_DAYS_MAX) {
        error_set(err, ERROR_INVALID, "un bilan couvre %d jours au plus",
                  "a report covers %d days at most", REPORT_DAYS_MAX);
        error_field(err, "from");
        return false;
    }
    return true;
}

/* One of the formats, while periods and rows go by. */
struct output {
    struct json_writer *json; /* or */
    FILE *csv;                /* or */
    struct book *book;
    const struct table_column *columns;
    size_t column_count;
    enum period_grain grain;
    struct period period;
    char label[64];
};

static void put_row(struct output *output, const struct table_value *values)
{
    if (output->csv != NULL)
        csv_row(output->csv, output->columns, output->column_count, values);
    else
        book_row(output->book, values);
}

static void begin_item(struct output *output)
{
    json_begin_object(output->json, NULL);
    form_put_date(output->json, "from", output->period.from_day);
    form_put_date(output->json, "until", output->period.until_day - 1);
}

static bool take_exposure(void *context, const struct exposure *exposure)
{
    struct output *output = context;
    int64_t deficit_ms = exposure->planned_ms - exposure->shown_ms;

    if (deficit_ms < 0)
        deficit_ms = 0;
    if (output->json != NULL) {
        begin_item(output);
        json_put_string(output->json, "id", exposure->id);
        json_put_string(output->json, "name", exposure->name);
        json_put_string(output->json, "detail", exposure->detail);
        json_put_int(output->json, "plays", exposure->plays);
        json_put_int(output->json, "shown_ms", exposure->shown_ms);
        json_put_int(output->json, "planned", exposure->planned);
        json_put_int(output->json, "planned_ms", exposure->planned_ms);
        json_put_int(output->json, "deficit_ms", deficit_ms);
        json_put_int(output->json, "screens", exposure->screens);
        json_end_object(output->json);
        return true;
    }
    const struct table_value values[] = {
        table_text(*exposure->name != '\0' ? exposure->name : "(aucune)"),
        table_text(output->label),
        table_number(exposure->planned_ms),
        table_number(exposure->shown_ms),
        table_share(exposure->shown_ms, exposure->planned_ms),
        table_number(deficit_ms),
        table_number(exposure->planned),
        table_number(exposure->plays),
        table_number(exposure->screens),
        table_text(exposure->detail), /* where there is a column for it */
    };
    put_row(output, values);
    return true;
}

static bool take_kiosk(void *context, const struct kiosk_figure *figure)
{
    struct output *output = context;

    if (output->json != NULL) {
        begin_item(output);
        json_put_string(output->json, "screen", figure->screen);
        json_put_string(output->json, "name", figure->screen_name);
        json_put_string(output->json, "site", figure->site);
        json_put_string(output->json, "site_name", figure->site_name);
        json_put_string(output->json, "counter", figure->counter);
        json_put_string(output->json, "subject", figure->subject);
        json_put_string(output->json, "subject_name", figure->name);
        json_put_int(output->json, "count", figure->count);
        json_end_object(output->json);
        return true;
    }
    const struct table_value values[] = {
        table_text(figure->screen_name),
        table_text(figure->site_name),
        table_text(output->label),
        table_text(report_counter_label(figure->counter)),
        table_text(*figure->name != '\0' ? figure->name : figure->subject),
        table_number(figure->count),
    };
    put_row(output, values);
    return true;
}

const char *report_counter_label(const char *counter)
{
    static const char *const labels[][2] = {
        {"sessions", "Visites"},        {"lists", "Listes consultées"},
        {"sheet", "Fiches ouvertes"},   {"searches", "Recherches"},
        {"language", "Langue choisie"}, {"mode", "Mode d’accessibilité"},
    };

    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (strcmp(counter, labels[i][0]) == 0)
            return labels[i][1];
    }
    return counter;
}

/* All periods of the request, one question each. */
static bool walk(struct db *db, const struct report_request *request, bool kiosks,
                 struct output *output, struct error *err)
{
    struct zone *zone = zone_open(PERIOD_ZONE, err);
    bool ok = zone != NULL;

    output->grain = request->grain;
    for (int64_t day = request->from_day; ok && day <= request->until_day;
         day = output->period.until_day) {
        output->period = period_at(zone, request->grain, day, request->until_day + 1);
        period_label(&output->period, request->grain, output->label, sizeof(output->label));
        int64_t from = output->period.from_hour, until = output->period.until_hour;
        ok = kiosks ? figures_kiosks(db, &request->scope, from, until, take_kiosk, output, err)
                    : figures_exposure(db, request->by, &request->scope, from, until, take_exposure,
                                       output, err);
    }
    zone_close(zone);
    return ok;
}

static bool write_json(struct db *db, const struct report_request *request, bool kiosks,
                       struct strbuf *out, struct error *err)
{
    struct json_writer json;
    struct output output = {.json = &json};

    json_writer_init(&json, out);
    json_begin_object(&json, NULL);
    if (!kiosks)
        json_put_string(&json, "by", figures_by_tag(request->by));
    form_put_date(&json, "from", request->from_day);
    form_put_date(&json, "until", request->until_day);
    json_put_string(&json, "grain", period_grain_tag(request->grain));
    json_begin_array(&json, "items");
    bool ok = walk(db, request, kiosks, &output, err);
    json_end_array(&json);
    json_end_object(&json);
    return ok;
}

static bool write_csv(struct db *db, const struct report_request *request, bool kiosks,
                      struct output *output, const char *path, struct error *err)
{
    output->csv = fopen(path, "wbe");
    if (output->csv == NULL) {
        error_set_errno(err, errno, "le fichier ne peut être écrit", "the file cannot be written");
        error_at(err, path, 0);
        return false;
    }
    csv_begin(output->csv, output->columns, output->column_count);
    bool ok = walk(db, request, kiosks, output, err);
    bool written = ferror(output->csv) == 0;
    written = fclose(output->csv) == 0 && written;
    if (ok && !written)
        ok = error_set(err, ERROR_IO, "le fichier n’a pu être écrit en entier",
                       "the file could not be written whole");
    return ok;
}

static bool write_book(struct db *db, const struct report_request *request, bool kiosks,
                       struct output *output, const struct book_sheet *sheet, const char *path,
                       const char *scratch, struct error *err)
{
    output->book = book_create(path, scratch, sheet->heading);
    book_begin(output->book, sheet);
    struct error cause;
    bool ok = walk(db, request, kiosks, output, &cause);
    book_end(output->book);
    if (!book_finish(output->book, err))
        return false;
    if (!ok)
        *err = cause;
    return ok;
}

static bool write_file(struct db *db, const struct report_request *request, bool kiosks,
                       enum report_format format, struct book_sheet *sheet, const char *path,
                       const char *scratch, struct error *err)
{
    struct output output = {.columns = sheet->columns, .column_count = sheet->column_count};
    struct period all = {.from_day = request->from_day, .until_day = request->until_day + 1};
    char remark[200], label[64];

    period_label(&all, GRAIN_TOTAL, label, sizeof(label));
    snprintf(remark, sizeof(remark), "Période %s%s%s", label,
             request->scope.site != NULL && *request->scope.site != '\0' ? " · site " : "",
             request->scope.site != NULL ? request->scope.site : "");
    sheet->remark = remark;
    return format == REPORT_CSV
               ? write_csv(db, request, kiosks, &output, path, err)
               : write_book(db, request, kiosks, &output, sheet, path, scratch, err);
}

bool report_exposure_json(struct db *db, const struct report_request *request, struct strbuf *out,
                          struct error *err)
{
    return write_json(db, request, false, out, err);
}

bool report_kiosks_json(struct db *db, const struct report_request *request, struct strbuf *out,
                        struct error *err)
{
    return write_json(db, request, true, out, err);
}

bool report_exposure_file(struct db *db, const struct report_request *request,
                          enum report_format format, const char *path, const char *scratch,
                          struct error *err)
{
    static const struct {
        const char *name, *heading, *title, *detail;
    } words[FIGURES_BY_COUNT] = {
        [FIGURES_BY_ORGANISATION] = {"Structures", "Diffusion par structure", "Structure", ""},
        [FIGURES_BY_RULE] = {"Programmations", "Diffusion par programmation", "Programmation", ""},
        [FIGURES_BY_SITE] = {"Sites", "Diffusion par site", "Site", ""},
        [FIGURES_BY_SCREEN] = {"Écrans", "Diffusion par écran", "Écran", "Site"},
        [FIGURES_BY_SLIDE] = {"Diapositives", "Diffusion par diapositive", "Titre", "Structure"},
    };
    const struct table_column columns[] = {
        {words[request->by].title, TABLE_TEXT, 44, false},
        {"Période", TABLE_TEXT, 28, false},
        {"Heures prévues", TABLE_HOURS, 12, true},
        {"Heures montrées", TABLE_HOURS, 12, true},
        {"Taux", TABLE_PERCENT, 9, false},
        {"Déficit (heures)", TABLE_HOURS, 12, true},
        {"Passages prévus", TABLE_COUNT, 12, true},
        {"Passages montrés", TABLE_COUNT, 12, true},
        {"Écrans", TABLE_COUNT, 9, false},
        {words[request->by].detail, TABLE_TEXT, 32, false},
    };
    size_t count = sizeof(columns) / sizeof(columns[0]);
    struct book_sheet sheet = {.name = words[request->by].name,
                               .heading = words[request->by].heading,
                               .columns = columns,
                               .column_count =
                                   *words[request->by].detail != '\0' ? count : count - 1};

    return write_file(db, request, false, format, &sheet, path, scratch, err);
}

bool report_kiosks_file(struct db *db, const struct report_request *request,
                        enum report_format format, const char *path, const char *scratch,
                        struct error *err)
{
    static const struct table_column columns[] = {
        {"Borne", TABLE_TEXT, 36, false},   {"Site", TABLE_TEXT, 28, false},
        {"Période", TABLE_TEXT, 28, false}, {"Usage", TABLE_TEXT, 24, false},
        {"Détail", TABLE_TEXT, 36, false},  {"Nombre", TABLE_COUNT, 12, false},
    };
    struct book_sheet sheet = {.name = "Bornes",
                               .heading = "Usage des bornes",
                               .columns = columns,
                               .column_count = sizeof(columns) / sizeof(columns[0])};

    return write_file(db, request, true, format, &sheet, path, scratch, err);
}
