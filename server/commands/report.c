/* report: what was planned and shown, kiosks and the year, as the API gives them. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/files.h"
#include "server/commands/internal.h"
#include "server/measure/annual.h"
#include "server/measure/report.h"

#define USAGE                                                                                      \
    "report organisation | rule | site | screen | slide | kiosks [day | week | month | total]\n"   \
    "            [--from JOUR] [--until JOUR] [--site SITE] [--output FICHIER.csv|.xlsx|.json] "   \
    "|\n"                                                                                          \
    "            annual [ANNÉE] [--site SITE] [--output FICHIER.xlsx|.json]"
#define DAYS_DEFAULT 30
#define YEAR_FIRST 2020
#define YEAR_LAST 2099

/* The format is in the file's name; JSON on the standard output without. */
static bool choose_format(struct command *command, enum report_format *format_out)
{
    const char *output = command->options.output;
    const char *dot = output != NULL ? strrchr(output, '.') : NULL;

    *format_out = REPORT_JSON;
    return output == NULL || (dot != NULL && report_format_parse(dot + 1, format_out)) ||
           error_set(&command->error, ERROR_INVALID,
                     "« %s » ne finit ni par .xlsx, ni par .csv, ni par .json",
                     "\"%s\" ends neither in .xlsx, nor .csv, nor .json", output);
}

static bool parse_day(struct command *command, const char *text, int64_t fallback, int64_t *day_out)
{
    *day_out = fallback;
    return text == NULL || civil_parse_date(text, day_out) ||
           error_set(&command->error, ERROR_INVALID,
                     "« %s » n’est pas un jour : il en faut un comme 2026-11-24",
                     "\"%s\" is no day: it looks like 2026-11-24", text);
}

static bool today(struct command *command, int64_t *day_out)
{
    struct zone *zone = zone_open(PERIOD_ZONE, &command->error);

    if (zone == NULL)
        return false;
    *day_out = zone_day(zone, clock_wall_ms(&command->clock));
    zone_close(zone);
    return true;
}

static bool write_json(struct command *command, const struct strbuf *json)
{
    const char *output = command->options.output;

    if (output != NULL)
        return file_write_atomic(output, json->bytes, json->length, 0644, &command->error);
    fwrite(json->bytes, 1, json->length, stdout);
    putchar('\n');
    return true;
}

/* Where the workbook keeps what it is made of: beside what comes out. */
static const char *scratch(struct command *command)
{
    char *folder = arena_strdup(command->arena, command->options.output);
    char *slash = strrchr(folder, '/');

    if (slash == NULL)
        return ".";
    *(slash == folder ? slash + 1 : slash) = '\0';
    return folder;
}

static bool write_period(struct command *command, bool kiosks, const struct report_request *request,
                         enum report_format format)
{
    const char *output = command->options.output;
    struct strbuf json;

    if (format != REPORT_JSON)
        return (kiosks ? report_kiosks_file : report_exposure_file)(
            command->db, request, format, output, scratch(command), &command->error);
    strbuf_init(&json);
    bool ok = (kiosks ? report_kiosks_json : report_exposure_json)(command->db, request, &json,
                                                                   &command->error) &&
              write_json(command, &json);
    strbuf_finish(&json);
    return ok;
}

static bool write_year(struct command *command, const struct annual_request *request,
                       enum report_format format)
{
    struct strbuf json;

    if (format == REPORT_CSV)
        return error_set(&command->error, ERROR_INVALID,
                         "le bilan annuel a plusieurs feuilles : il faut un fichier .xlsx",
                         "the year's report has several sheets: an .xlsx file is needed");
    if (format == REPORT_XLSX)
        return annual_book(command->db, request, command->options.output, scratch(command),
                           &command->error);
    strbuf_init(&json);
    bool ok =
        annual_json(command->db, request, &json, &command->error) && write_json(command, &json);
    strbuf_finish(&json);
    return ok;
}

static bool choose_site(struct command *command, struct figures_scope *scope_out)
{
    const struct option_list *sites = &command->options.sites;

    if (sites->count > 1)
        return error_set(&command->error, ERROR_INVALID, "un seul site à la fois",
                         "one site at a time");
    scope_out->site = sites->count == 1 ? sites->items[0] : NULL;
    return true;
}

static int run_year(struct command *command, enum report_format format)
{
    struct annual_request request = {0};
    int64_t day;

    if (!today(command, &day) || !choose_site(command, &request.scope))
        return command_fail(command);
    request.year = civil_from_ms(day * CIVIL_DAY_MS).year;
    if (command->word_count > 1) {
        char *end;
        long year = strtol(command->words[1], &end, 10);
        if (*end != '\0' || year < YEAR_FIRST || year > YEAR_LAST)
            return command_misused(command, USAGE);
        request.year = (int)year;
    }
    return write_year(command, &request, format) ? COMMAND_DONE : command_fail(command);
}

int command_report(struct command *command)
{
    struct report_request request = {0};
    enum report_format format;
    int64_t day;

    if (command->word_count < 1 || command->word_count > 2)
        return command_misused(command, USAGE);
    const char *what = command->words[0];
    bool annual = strcmp(what, "annual") == 0, kiosks = strcmp(what, "kiosks") == 0;
    if (!annual &&
        ((!kiosks && !figures_by_parse(what, &request.by)) ||
         (command->word_count > 1 && !period_grain_parse(command->words[1], &request.grain))))
        return command_misused(command, USAGE);
    if (!choose_format(command, &format) || !command_open(command))
        return command_fail(command);
    if (annual)
        return run_year(command, format);
    if (!today(command, &day) ||
        !parse_day(command, command->options.until, day, &request.until_day) ||
        !parse_day(command, command->options.from, request.until_day - DAYS_DEFAULT + 1,
                   &request.from_day) ||
        !choose_site(command, &request.scope) || !report_check(&request, &command->error) ||
        !write_period(command, kiosks, &request, format))
        return command_fail(command);
    return COMMAND_DONE;
}
