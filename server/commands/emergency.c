/* emergency: a message that takes screens at once. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/civil.h"
#include "server/commands/internal.h"
#include "server/content/zone.h"
#include "server/fleet/emergency.h"
#include "server/store/fleet.h"
#include "server/store/manifests.h"

#define ZONE_DEFAULT "Europe/Paris"
#define TOLD_MS 5000 /* a server that runs publishes within two seconds */
#define LOOK_MS 100

/* "30m", "2h", "1h30", "45": minutes. */
static bool parse_length(const char *text, int64_t *ms_out)
{
    int64_t minutes = 0;

    if (*text == '\0')
        return false;
    while (*text != '\0') {
        char *end;
        if (*text < '0' || *text > '9')
            return false;
        long number = strtol(text, &end, 10);
        if (number > 100000)
            return false;
        bool hours = *end == 'h';
        minutes += hours ? number * 60 : number;
        text = *end == 'h' || *end == 'm' ? end + 1 : end;
        if (!hours && *text != '\0')
            return false;
    }
    *ms_out = minutes * 60000;
    return minutes > 0;
}

static struct zone *open_zone(struct command *command, const char *screen_id)
{
    struct screen screen;
    struct error ignored;
    bool known =
        screen_id != NULL && screens_get(command->db, command->arena, screen_id, &screen, &ignored);

    return zone_open(known ? screen.time_zone : ZONE_DEFAULT, &command->error);
}

/* The next time that clocks show HH:MM, in the zone of the first screen named. */
static bool next_time(struct command *command, int minute, int64_t now_ms, int64_t *until_out)
{
    const struct option_list *screens = &command->options.screens;
    struct zone *zone = open_zone(command, screens->count > 0 ? screens->items[0] : NULL);

    if (zone == NULL)
        return false;
    int64_t day = zone_day(zone, now_ms);
    for (int tomorrow = 0; tomorrow <= 1; tomorrow++) {
        *until_out = zone_to_utc(zone, (day + tomorrow) * CIVIL_DAY_MS + minute * INT64_C(60000));
        if (*until_out > now_ms)
            break;
    }
    zone_close(zone);
    return true;
}

static bool parse_until(struct command *command, int64_t now_ms, int64_t *until_out)
{
    const char *length_text = command->options.length, *until_text = command->options.until;
    int64_t length_ms = EMERGENCY_LENGTH_MS;
    int minute;

    if (length_text != NULL && until_text != NULL)
        return error_set(&command->error, ERROR_INVALID, "--for ou --until, mais pas les deux",
                         "--for or --until, but not both");
    if (until_text != NULL)
        return civil_parse_time_of_day(until_text, &minute)
                   ? next_time(command, minute, now_ms, until_out)
                   : error_set(&command->error, ERROR_INVALID,
                               "« %s » n’est pas une heure : il en faut une comme 18:30",
                               "\"%s\" is no time of day: it looks like 18:30", until_text);
    if (length_text != NULL && !parse_length(length_text, &length_ms))
        return error_set(&command->error, ERROR_INVALID,
                         "« %s » n’est pas une durée : il en faut une comme 30m, 2h ou 1h30",
                         "\"%s\" is no length of time: it looks like 30m, 2h or 1h30", length_text);
    *until_out = now_ms + length_ms;
    return true;
}

static void print_time(struct command *command, int64_t at_ms)
{
    struct zone *zone = open_zone(command, NULL);

    if (zone == NULL)
        return;
    struct civil local = civil_from_ms(zone_to_local(zone, at_ms));
    zone_close(zone);
    printf("%04d-%02d-%02d %02d:%02d", local.year, local.month, local.day, local.hour,
           local.minute);
}

/* How many of these screens have a programme that was made since; they are taken off the list. */
static size_t count_told(struct command *command, struct text_list *screens, int64_t since_ms)
{
    struct arena *arena = arena_create();
    struct manifest_record head;
    struct error ignored;
    size_t left = 0;

    for (size_t i = 0; i < screens->count; i++) {
        const char *id = screens->items[i];
        if (!manifests_head(command->db, arena, id, &head, &ignored) || head.created_ms < since_ms)
            screens->items[left++] = id;
    }
    size_t told = screens->count - left;
    screens->count = left;
    arena_destroy(arena);
    return told;
}

static const char *screens_word(enum lang lang, size_t count)
{
    return count == 1 ? lang_pick(lang, "écran", "screen") : lang_pick(lang, "écrans", "screens");
}

/* What is stored is on no screen before a running server has published it. */
static void print_told(struct command *command, const char *id, int64_t since_ms)
{
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
    enum lang lang = command->lang;
    struct text_list screens;
    size_t told = 0;
    int waited_ms = 0;

    if (!emergency_screens(command->db, command->arena, id, since_ms, &screens, &command->error))
        return;
    size_t all = screens.count;
    for (; waited_ms < TOLD_MS && told < all; waited_ms += LOOK_MS) {
        nanosleep(&pause, NULL);
        told += count_told(command, &screens, since_ms);
    }
    if (told == all)
        printf(lang_pick(lang, "Publiée pour %zu %s en %.1f s.\n",
                         "Published for %zu %s within %.1f s.\n"),
               told, screens_word(lang, told), waited_ms / 1000.0);
    else
        fprintf(stderr,
                lang_pick(lang,
                          "Publiée pour %zu %s sur %zu. Les autres montrent une autre urgence, ou "
                          "« vitrine-server serve » ne tourne pas (« vitrine-server publish » "
                          "publie aussi).\n",
                          "Published for %zu %s of %zu. The others show another emergency, or "
                          "\"vitrine-server serve\" does not run (\"vitrine-server publish\" "
                          "publishes as well).\n"),
                told, screens_word(lang, told), all);
}

static int start(struct command *command)
{
    const struct options *options = &command->options;
    int64_t now_ms = clock_wall_ms(&command->clock);
    struct emergency emergency = {
        .title = options->title,
        .text = options->text,
        .everywhere = options->all,
        .screens = {options->screens.count, (const char **)(uintptr_t)options->screens.items},
        .groups = {options->groups.count, (const char **)(uintptr_t)options->groups.items}};

    if (!command_open(command) || !parse_until(command, now_ms, &emergency.until_ms) ||
        !emergency_start(command->db, command->arena, &emergency,
                         options->user != NULL ? options->user : "", now_ms, &command->error))
        return command_fail(command);
    printf(lang_pick(command->lang, "%s : en cours jusqu’à ", "%s: running until "), emergency.id);
    print_time(command, emergency.until_ms);
    putchar('\n');
    fflush(stdout);
    print_told(command, emergency.id, now_ms);
    return COMMAND_DONE;
}

static bool end_one(struct command *command, const char *id)
{
    const char *user = command->options.user != NULL ? command->options.user : "";

    if (!emergency_end(command->db, command->arena, id, user, clock_wall_ms(&command->clock),
                       &command->error))
        return false;
    printf(lang_pick(command->lang, "%s : terminée\n", "%s: ended\n"), id);
    return true;
}

static int end(struct command *command)
{
    int64_t now_ms = clock_wall_ms(&command->clock);
    struct emergency_list list = {0};
    bool ok = command_open(command);

    if (ok && command->options.all)
        ok = emergency_list(command->db, command->arena, now_ms, &list, &command->error);
    else if (ok)
        ok = end_one(command, command->words[1]);
    for (size_t i = 0; ok && i < list.count; i++)
        ok = end_one(command, list.items[i].id);
    if (!ok)
        return command_fail(command);
    if (command->options.all && list.count == 0)
        puts(lang_pick(command->lang, "Aucune urgence en cours.", "No emergency is running."));
    return COMMAND_DONE;
}

/* All screens to the neutral slide, or back to their programme. */
static int safe(struct command *command, bool start)
{
    const char *user = command->options.user != NULL ? command->options.user : "";
    int64_t now_ms = clock_wall_ms(&command->clock);
    bool ok =
        command_open(command) &&
        (start ? emergency_safe_start(command->db, command->arena, user, now_ms, &command->error)
               : emergency_safe_end(command->db, command->arena, user, now_ms, &command->error));

    if (!ok)
        return command_fail(command);
    puts(start ? lang_pick(command->lang, "Tous les écrans passent à l’image neutre.",
                           "All screens go to the neutral slide.")
               : lang_pick(command->lang, "Les écrans reprennent leur programme.",
                           "The screens go back to their programme."));
    fflush(stdout);
    print_told(command, EMERGENCY_SAFE_ID, now_ms);
    return COMMAND_DONE;
}

static void print_places(const struct text_list *ids)
{
    for (size_t i = 0; i < ids->count; i++)
        printf(" %s", ids->items[i]);
}

static int list_running(struct command *command)
{
    struct emergency_list list;

    if (!command_open(command) ||
        !emergency_list(command->db, command->arena, clock_wall_ms(&command->clock), &list,
                        &command->error))
        return command_fail(command);
    if (list.count == 0)
        puts(lang_pick(command->lang, "Aucune urgence en cours.", "No emergency is running."));
    for (size_t i = 0; i < list.count; i++) {
        printf("%s  ", list.items[i].id);
        print_time(command, list.items[i].until_ms);
        printf("  %s  [", list.items[i].title);
        print_places(&list.items[i].screens);
        print_places(&list.items[i].groups);
        puts(" ]");
    }
    return COMMAND_DONE;
}

int command_emergency(struct command *command)
{
    const struct options *options = &command->options;
    const char *verb = command->word_count > 0 ? command->words[0] : "";
    bool places = options->screens.count + options->groups.count > 0 || options->all;

    if (strcmp(verb, "start") == 0 && command->word_count == 1 && options->title != NULL && places)
        return start(command);
    if (strcmp(verb, "end") == 0 && command->word_count == (options->all ? 1 : 2))
        return end(command);
    if (strcmp(verb, "list") == 0 && command->word_count == 1)
        return list_running(command);
    if (strcmp(verb, "safe") == 0 && command->word_count == 1)
        return safe(command, true);
    if (strcmp(verb, "resume") == 0 && command->word_count == 1)
        return safe(command, false);
    return command_misused(
        command,
        "emergency start --title TITRE [--text TEXTE] --screen ÉCRAN… | --group "
        "GROUPE… | --all [--for 30m | --until HH:MM] | end ID | end --all | list | safe | resume");
}
