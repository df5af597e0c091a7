/* publish, screen (but screenshot), manifest, explain: screens and what they show. */
#include <inttypes.h>
#include <string.h>

#include "core/civil.h"
#include "core/utf8.h"
#include "server/commands/internal.h"
#include "server/fleet/enrolment.h"
#include "server/schedule/explain.h"
#include "server/schedule/publish.h"
#include "server/store/fleet.h"
#include "server/store/settings.h"

static void print_publication(void *context, const struct publication *publication)
{
    const struct command *command = context;

    if (publication->changed)
        printf(lang_pick(command->lang, "%s : publié, version %" PRId64 "-%" PRId64 "\n",
                         "%s: published, version %" PRId64 "-%" PRId64 "\n"),
               publication->record.screen, publication->record.epoch, publication->record.version);
    else
        printf(lang_pick(command->lang, "%s : inchangé\n", "%s: unchanged\n"),
               publication->record.screen);
}

/* After a restored database versions have gone back: a higher epoch makes players take what follows
 * (playlists/manifest.h). */
static bool raise_epoch(struct command *command)
{
    int64_t epoch;

    return settings_get_int(command->db, PUBLISH_EPOCH_SETTING, 1, &epoch, &command->error) &&
           settings_set_int(command->db, PUBLISH_EPOCH_SETTING, epoch + 1, &command->error);
}

int command_publish(struct command *command)
{
    int64_t now_ms = clock_wall_ms(&command->clock);
    struct publication publication;
    struct publish_counts counts;
    struct sign_keys keys;

    if (!command_open(command) || !command_keys(command, &keys) ||
        (command->options.new_epoch && !raise_epoch(command)))
        return command_fail(command);
    for (int i = 0; i < command->word_count; i++) {
        if (!publish_screen(command->db, &command->media, &keys, command->arena, command->words[i],
                            now_ms, &publication, &command->error))
            return command_fail(command);
        print_publication(command, &publication);
    }
    if (command->word_count > 0)
        return COMMAND_DONE;
    struct publish_watch watch = {.published = print_publication, .context = command};
    if (!publish_all(command->db, &command->media, &keys, now_ms, &watch, &counts, &command->error))
        return command_fail(command);
    printf(lang_pick(command->lang, "%zu publiés, %zu inchangés, %zu en échec\n",
                     "%zu published, %zu unchanged, %zu failed\n"),
           counts.published, counts.unchanged, counts.failed);
    return counts.failed == 0 ? COMMAND_DONE : COMMAND_FAILED;
}

static int list_screens(struct command *command)
{
    struct screen_list screens;
    struct device device;
    char seen[32];

    if (!screens_list(command->db, command->arena, &screens, &command->error))
        return command_fail(command);
    for (size_t i = 0; i < screens.count; i++) {
        const struct screen *screen = &screens.items[i];
        snprintf(seen, sizeof(seen), "-");
        if (devices_get(command->db, command->arena, screen->id, &device, &command->error))
            civil_format_instant(device.last_seen_ms, seen, sizeof(seen));
        printf("%-28s %5" PRId64 " × %-5" PRId64 " %-26s %s\n", screen->id, screen->width_px,
               screen->height_px, seen, screen->name);
    }
    return COMMAND_DONE;
}

static int list_pending(struct command *command)
{
    struct enrolment_list list;

    if (!enrolments_list(command->db, command->arena, NULL, &list, &command->error))
        return command_fail(command);
    for (size_t i = 0; i < list.count; i++) {
        const struct enrolment *one = &list.items[i];
        if (one->state == ENROLMENT_PENDING)
            printf("%s  %s  %" PRId64 " × %" PRId64 "  %s\n", one->code, one->fingerprint,
                   one->width_px, one->height_px, one->software);
    }
    return COMMAND_DONE;
}

/* A code is short enough to be made by somebody with time: only the fingerprint tells for sure. */
static int approve_player(struct command *command)
{
    const char *fingerprint = command->options.fingerprint;
    struct enrolment enrolment;

    if (!enrolment_approve(command->db, command->arena, command->words[1], fingerprint,
                           command->options.screen, command->options.replace, "",
                           clock_wall_ms(&command->clock), &enrolment, &command->error))
        return command_fail(command);
    printf(lang_pick(command->lang, "%s est désormais l’écran %s\n", "%s is now the screen %s\n"),
           enrolment.code, enrolment.screen);
    if (fingerprint == NULL)
        fprintf(stderr,
                lang_pick(command->lang,
                          "Empreinte non vérifiée : l’écran doit montrer %s. Sinon : "
                          "vitrine-server screen refuse %s\n",
                          "Fingerprint not compared: the screen must show %s. If it does not: "
                          "vitrine-server screen refuse %s\n"),
                enrolment.fingerprint, enrolment.code);
    return COMMAND_DONE;
}

static int refuse_player(struct command *command)
{
    struct enrolment enrolment;

    if (!enrolment_refuse(command->db, command->arena, command->words[1],
                          command->options.fingerprint, "", clock_wall_ms(&command->clock),
                          &enrolment, &command->error))
        return command_fail(command);
    printf(lang_pick(command->lang, "%s est refusé\n", "%s is refused\n"), enrolment.code);
    return COMMAND_DONE;
}

static int revoke_player(struct command *command)
{
    if (!command_open(command) ||
        !enrolment_revoke(command->db, command->arena, command->words[1], "",
                          clock_wall_ms(&command->clock), &command->error))
        return command_fail(command);
    printf(lang_pick(command->lang, "%s n’a plus de lecteur\n", "%s has no player any more\n"),
           command->words[1]);
    return COMMAND_DONE;
}

int command_screen(struct command *command)
{
    const char *usage =
        "screen list | pending | approve CODE --as ÉCRAN [--fingerprint E] | refuse CODE "
        "[--fingerprint E] | revoke ÉCRAN | screenshot ÉCRAN | identify ÉCRAN | restart ÉCRAN";
    const char *verb = command->word_count > 0 ? command->words[0] : "";

    bool list = command->word_count == 1 && strcmp(verb, "list") == 0;
    bool pending = command->word_count == 1 && strcmp(verb, "pending") == 0;
    bool approve =
        command->word_count == 2 && strcmp(verb, "approve") == 0 && command->options.screen != NULL;
    bool refuse = command->word_count == 2 && strcmp(verb, "refuse") == 0;
    if (command->word_count == 2 && strcmp(verb, "screenshot") == 0)
        return command_screenshot(command, command->words[1]);
    if (command->word_count == 2 && (strcmp(verb, "identify") == 0 || strcmp(verb, "restart") == 0))
        return command_wish(command, command->words[1], verb);
    if (command->word_count == 2 && strcmp(verb, "revoke") == 0)
        return revoke_player(command);
    if (!list && !pending && !approve && !refuse)
        return command_misused(command, usage);
    if (!command_open(command))
        return command_fail(command);
    if (list)
        return list_screens(command);
    if (pending)
        return list_pending(command);
    return approve ? approve_player(command) : refuse_player(command);
}

int command_manifest(struct command *command)
{
    struct manifest_record record;

    if (command->word_count != 1)
        return command_misused(command, "manifest ÉCRAN > FICHIER");
    if (!command_open(command) ||
        !manifests_latest(command->db, command->arena, command->words[0], &record, &command->error))
        return command_fail(command);
    if (fwrite(record.sealed, 1, record.sealed_size, stdout) != record.sealed_size ||
        fflush(stdout) != 0) {
        error_set(&command->error, ERROR_IO, "l’écriture a échoué", "writing failed");
        return command_fail(command);
    }
    return COMMAND_DONE;
}

static void print_local(const struct explanation *explained, int64_t at_ms, const char *label)
{
    struct civil local = civil_from_ms(at_ms + explained->local_ms - explained->at_ms);

    printf("%s %04d-%02d-%02d %02d:%02d:%02d\n", label, local.year, local.month, local.day,
           local.hour, local.minute, local.second);
}

/* "Mise en page : colonne ; fermé jusqu’à …" */
static void print_screen_state(const struct explanation *explained, enum lang lang)
{
    printf("%s %s%s\n", lang_pick(lang, "Mise en page :", "Layout:"), explained->layout,
           explained->full_screen ? lang_pick(lang, ", plein écran", ", full screen") : "");
    if (explained->holiday[0] != '\0')
        printf("%s %s\n", lang_pick(lang, "Jour férié :", "Public holiday:"), explained->holiday);
    if (explained->closed)
        print_local(explained, explained->closed_until_ms,
                    lang_pick(lang, "Écran éteint (hors horaires) jusqu’à",
                              "Screen dark (outside opening hours) until"));
}

static void print_main(const struct explanation *explained, enum lang lang)
{
    const struct explained_zone *zone = &explained->main;

    if (zone->rule == NULL) {
        puts(lang_pick(lang, "Rien n’est programmé : page d’accueil.",
                       "Nothing is planned: welcome page."));
        return;
    }
    printf(lang_pick(lang, "À l’écran : %s (diapositive %zu sur %zu, playlist %s)\n",
                     "On screen: %s (slide %zu of %zu, playlist %s)\n"),
           zone->slide.title, zone->item + 1, zone->item_count, zone->playlist);
    print_local(explained, zone->item_until_ms, lang_pick(lang, "Jusqu’à", "Until"));
}

static void print_zone(const struct explanation *explained, const struct explained_zone *zone,
                       enum lang lang)
{
    bool in_strip = strcmp(zone->zone, LAYOUT_NEWS) == 0;

    printf(lang_pick(lang, "Zone %s : ", "Zone %s: "), zone->zone);
    if (in_strip ? !explained->strip : explained->full_screen)
        puts(lang_pick(lang, "couverte", "covered"));
    else if (zone->rule == NULL)
        puts(lang_pick(lang, "rien n’est programmé", "nothing is planned"));
    else
        printf(lang_pick(lang, "%s (diapositive %zu sur %zu, playlist %s)\n",
                         "%s (slide %zu of %zu, playlist %s)\n"),
               zone->slide.title, zone->item + 1, zone->item_count, zone->playlist);
}

/* Spaces that fill a column of `width` characters: printf would count bytes. */
static int padding(const char *text, int width)
{
    int length = (int)utf8_length(text);

    return length < width ? width - length : 0;
}

int command_explain(struct command *command)
{
    int64_t at_ms = clock_wall_ms(&command->clock);
    enum lang lang = command->lang;
    struct explanation explained;

    if (command->word_count != 1)
        return command_misused(command, "explain ÉCRAN [--at INSTANT]");
    if (command->options.at != NULL && !civil_parse_instant(command->options.at, &at_ms)) {
        error_set(&command->error, ERROR_INVALID,
                  "« %s » n’est pas un instant : il en faut un comme 2026-11-24T08:10:00+01:00",
                  "\"%s\" is no instant: it looks like 2026-11-24T08:10:00+01:00",
                  command->options.at);
        return command_fail(command);
    }
    if (!command_open(command) || !explain_screen(command->db, command->arena, command->words[0],
                                                  at_ms, &explained, &command->error))
        return command_fail(command);
    printf("%s\n", explained.screen_name);
    print_local(&explained, at_ms, lang_pick(lang, "Heure de l’écran :", "The screen's time:"));
    print_screen_state(&explained, lang);
    print_main(&explained, lang);
    for (size_t i = 0; i < explained.zone_count; i++)
        print_zone(&explained, &explained.zones[i], lang);
    for (size_t i = 0; i < explained.rule_count; i++)
        printf("  %s%*s %s\n", explained.rules[i].rule->title,
               padding(explained.rules[i].rule->title, 40), "",
               explain_verdict_text(explained.rules[i].verdict, lang));
    return COMMAND_DONE;
}
