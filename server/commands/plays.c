/* plays: proof of play, summed for a table or a spreadsheet. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/utf8.h"
#include "server/commands/internal.h"
#include "server/content/zone.h"
#include "server/export/csv.h"
#include "server/store/counters.h"
#include "server/store/fleet.h"
#include "server/store/organisations.h"
#include "server/store/plays.h"
#include "server/store/settings.h"

#define ZONE_DEFAULT "Europe/Paris" /* of screens that are not there any more */
#define DAYS_DEFAULT 30
#define TITLE_WIDTH 48
#define NAME_WIDTH 28
#define KEPT_DAYS_MAX 36500
#define COLUMNS 5 /* of the CSV */
#define REFUSED_SHOWN 1000

/* Of one screen, in its own local days. */
struct sums {
    const char *name;
    struct play_sum_list list;
};

static bool parse_day(struct command *command, const char *text, int64_t fallback, int64_t *day_out)
{
    *day_out = fallback;
    return text == NULL || civil_parse_date(text, day_out) ||
           error_set(&command->error, ERROR_INVALID,
                     "« %s » n’est pas un jour : il en faut un comme 2026-11-24",
                     "\"%s\" is no day: it looks like 2026-11-24", text);
}

/* Both days included; the last thirty without. */
static bool parse_period(struct command *command, int64_t *from_out, int64_t *until_out)
{
    struct zone *zone = zone_open(ZONE_DEFAULT, &command->error);

    if (zone == NULL)
        return false;
    int64_t today = zone_day(zone, clock_wall_ms(&command->clock));
    zone_close(zone);
    if (!parse_day(command, command->options.until, today, until_out) ||
        !parse_day(command, command->options.from, *until_out - DAYS_DEFAULT + 1, from_out))
        return false;
    return *from_out <= *until_out ||
           error_set(&command->error, ERROR_INVALID, "la fin (--until) précède le début (--from)",
                     "the end (--until) is before the beginning (--from)");
}

static bool sum_screen(struct command *command, const char *id, int64_t from_day, int64_t until_day,
                       struct sums *out)
{
    const char *zone_name = ZONE_DEFAULT;
    struct screen screen;
    struct error cause;

    error_clear(&cause);
    out->name = id;
    if (screens_get(command->db, command->arena, id, &screen, &cause)) {
        out->name = screen.name;
        zone_name = screen.time_zone;
    } else if (cause.kind != ERROR_NOT_FOUND) {
        command->error = cause;
        return false;
    }
    struct zone *zone = zone_open(zone_name, &command->error);
    if (zone == NULL)
        return false;
    bool ok = plays_sum(command->db, command->arena, id, zone_day_start(zone, from_day),
                        zone_day_start(zone, until_day + 1), &out->list, &command->error);
    zone_close(zone);
    return ok;
}

/* Its name; an id that is nobody's any more stays what it is. */
static const char *organisation_name(struct command *command, const char *id)
{
    struct organisation organisation;
    struct error ignored;

    if (*id == '\0' || !organisations_get(command->db, command->arena, id, &organisation, &ignored))
        return id;
    return *organisation.enseigne != '\0' ? organisation.enseigne : organisation.nom;
}

/* A title may have come from anywhere: nothing in it moves the cursor of who reads it. */
static const char *tame(struct command *command, const char *text)
{
    char *copy = arena_strdup(command->arena, text);

    for (char *at = copy; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at, next = (unsigned char)at[1];
        if (byte < ' ' || byte == 0x7f)
            *at = ' ';
        else if (byte == 0xc2 && next >= 0x80 && next <= 0x9f) /* U+0080 to U+009F: some obey */
            at[0] = at[1] = ' ';
    }
    return copy;
}

static void print_column(const char *text, int width)
{
    size_t shown = 0, bytes = 0;
    size_t length = utf8_length(text);
    size_t most = length > (size_t)width ? (size_t)width - 1 : (size_t)width;

    while (text[bytes] != '\0' && (shown < most || ((unsigned char)text[bytes] & 0xc0) == 0x80))
        shown += ((unsigned char)text[bytes++] & 0xc0) != 0x80;
    bool cut = text[bytes] != '\0';
    printf("%.*s%s%*s  ", (int)bytes, text, cut ? "…" : "", width - (int)shown - (cut ? 1 : 0), "");
}

static void print_sum(struct command *command, const struct play_sum *sum)
{
    int64_t seconds = (sum->length_ms + 500) / 1000;

    print_column(tame(command, sum->title), TITLE_WIDTH);
    print_column(tame(command, organisation_name(command, sum->organisation)), NAME_WIDTH);
    printf("%9" PRId64 " %6" PRId64 ":%02d:%02d\n", sum->count, seconds / 3600,
           (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static void print_table(struct command *command, const struct sums *sums, size_t count)
{
    enum lang lang = command->lang;
    size_t rows = 0;

    for (size_t i = 0; i < count; i++) {
        if (sums[i].list.count == 0)
            continue;
        printf("%s%s\n", rows > 0 ? "\n" : "", tame(command, sums[i].name));
        print_column(lang_pick(lang, "Titre", "Title"), TITLE_WIDTH);
        print_column(lang_pick(lang, "Structure", "Organisation"), NAME_WIDTH);
        printf("%s\n", lang_pick(lang, "Passages        Durée", "   Plays         Time"));
        for (size_t k = 0; k < sums[i].list.count; k++)
            print_sum(command, &sums[i].list.items[k]);
        rows += sums[i].list.count;
    }
    if (rows == 0)
        puts(lang_pick(lang, "Aucune diffusion dans cette période.", "Nothing was played then."));
}

static void print_csv(struct command *command, const struct sums *sums, size_t count)
{
    enum lang lang = command->lang;
    const struct table_column columns[] = {
        {.title = lang_pick(lang, "Écran", "Screen"), .type = TABLE_TEXT},
        {.title = lang_pick(lang, "Titre", "Title"), .type = TABLE_TEXT},
        {.title = lang_pick(lang, "Structure", "Organisation"), .type = TABLE_TEXT},
        {.title = lang_pick(lang, "Passages", "Plays"), .type = TABLE_COUNT},
        {.title = lang_pick(lang, "Secondes", "Seconds"), .type = TABLE_COUNT},
    };

    csv_begin(stdout, columns, COLUMNS);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < sums[i].list.count; k++) {
            const struct play_sum *sum = &sums[i].list.items[k];
            const struct table_value values[COLUMNS] = {
                table_text(sums[i].name), table_text(tame(command, sum->title)),
                table_text(organisation_name(command, sum->organisation)), table_number(sum->count),
                table_number((sum->length_ms + 500) / 1000)};
            csv_row(stdout, columns, COLUMNS, values);
        }
    }
}

static bool in_list(const struct text_list *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], text) == 0)
            return true;
    }
    return false;
}

static bool choose_screens(struct command *command, struct text_list *out)
{
    const struct option_list *asked = &command->options.screens;
    struct text_list played;

    if (!plays_screens(command->db, command->arena, &played, &command->error))
        return false;
    if (asked->count == 0) {
        *out = played;
        return true;
    }
    *out = (struct text_list){asked->count, (const char **)(uintptr_t)asked->items};
    for (size_t i = 0; i < asked->count; i++) {
        struct screen screen;
        if (!in_list(&played, asked->items[i]) &&
            !screens_get(command->db, command->arena, asked->items[i], &screen, &command->error))
            return false; /* neither there nor ever heard of */
    }
    return true;
}

static bool keep(struct command *command)
{
    char *end;
    long days = strtol(command->options.keep, &end, 10);

    if (*end != '\0' || end == command->options.keep || days < 1 || days > KEPT_DAYS_MAX)
        return error_set(
            &command->error, ERROR_INVALID, "« %s » n’est pas un nombre de jours de 1 à %d",
            "\"%s\" is no number of days from 1 to %d", command->options.keep, KEPT_DAYS_MAX);
    if (!settings_set_int(command->db, PLAYS_KEPT_SETTING, days, &command->error))
        return false;
    printf(lang_pick(command->lang, "Les diffusions sont désormais gardées %ld jours.\n",
                     "Plays are now kept for %ld days.\n"),
           days);
    return true;
}

/* What players sent and the server could not take: it has been acknowledged, and is kept to be
 * looked at. */
static bool print_refused(struct command *command)
{
    const char *screen =
        command->options.screens.count > 0 ? command->options.screens.items[0] : NULL;
    struct refused_list list;
    char instant[32];

    if (!refused_list(command->db, command->arena, screen, REFUSED_SHOWN, &list, &command->error))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const struct refused_record *record = &list.items[i];
        civil_format_instant(record->received_ms, instant, sizeof(instant));
        printf("%s  %s  %" PRId64 "  %s\n    %s\n", instant, record->screen, record->sequence,
               tame(command, record->reason), tame(command, record->record));
    }
    if (list.count == 0)
        puts(lang_pick(command->lang, "Aucun relevé n’a été refusé.", "No record was refused."));
    return true;
}

int command_plays(struct command *command)
{
    int64_t from_day, until_day;
    struct text_list screens;

    if (command->word_count != 0)
        return command_misused(
            command, "plays [--from JOUR] [--until JOUR] [--screen ÉCRAN]… [--csv] | --refused | "
                     "--keep JOURS");
    if (!command_open(command) || !parse_period(command, &from_day, &until_day))
        return command_fail(command);
    if (command->options.keep != NULL)
        return keep(command) ? COMMAND_DONE : command_fail(command);
    if (command->options.refused)
        return print_refused(command) ? COMMAND_DONE : command_fail(command);
    if (!choose_screens(command, &screens))
        return command_fail(command);
    struct sums *sums = arena_array(command->arena, screens.count, sizeof(*sums));
    for (size_t i = 0; i < screens.count; i++) {
        if (!sum_screen(command, screens.items[i], from_day, until_day, &sums[i]))
            return command_fail(command);
    }
    (command->options.csv ? print_csv : print_table)(command, sums, screens.count);
    return COMMAND_DONE;
}
