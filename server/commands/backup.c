/* backup, restore: copies of the data folder, and back. */
#include <string.h>
#include <unistd.h>

#include "core/civil.h"
#include "core/files.h"
#include "server/backup/backup.h"
#include "server/commands/internal.h"

static void show_progress(void *context, const char *fr, const char *en, int64_t done,
                          int64_t total)
{
    const struct command *command = context;

    if (command->options.quiet || !isatty(STDERR_FILENO) || total <= 0)
        return;
    fprintf(stderr, "\r  %s : %d %%\033[K", lang_pick(command->lang, fr, en),
            (int)(100.0 * (double)done / (double)total));
}

static void end_progress(const struct command *command)
{
    if (!command->options.quiet && isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
}

static void print_missing(const struct command *command, const struct backup_report *report)
{
    if (report->missing > 0)
        printf(lang_pick(command->lang,
                         "Attention : %zu médias manquent dans le dossier de données ou y sont "
                         "abîmés (« vitrine-server check » dit lesquels).\n",
                         "Mind: %zu media are missing in the data folder or damaged there "
                         "(\"vitrine-server check\" says which).\n"),
               report->missing);
}

static int check_backup(struct command *command, const char *from)
{
    struct backup_progress progress = {show_progress, command};
    struct backup_report report;
    char instant[32];

    bool ok = backup_verify(from, &progress, command->arena, &report, &command->error);
    end_progress(command);
    if (!ok)
        return command_fail(command);
    civil_format_instant(report.created_ms, instant, sizeof(instant));
    printf(lang_pick(command->lang, "%s : entière, du %s, %zu fichiers, %lld octets\n",
                     "%s: whole, of %s, %zu files, %lld bytes\n"),
           report.path, instant, report.files, (long long)report.bytes);
    print_missing(command, &report);
    return COMMAND_DONE;
}

int command_backup(struct command *command)
{
    const char *to = command->word_count == 1 ? command->words[0]
                                              : config_text(&command->config, CONFIG_BACKUP_FOLDER);
    struct backup_options options = {.data = command->options.data,
                                     .to = to,
                                     .now_ms = clock_wall_ms(&command->clock),
                                     .kept = config_number(&command->config, CONFIG_BACKUPS_KEPT),
                                     .progress = {show_progress, command}};
    struct backup_report report;

    if (command->word_count > 1 || *to == '\0')
        return command_misused(command, "backup [--check] DOSSIER | FICHIER.tar");
    if (command->options.check)
        return check_backup(command, to);
    if (!command_data_exists(command))
        return command_fail(command);
    bool ok = backup_create(&options, command->arena, &report, &command->error);
    end_progress(command);
    if (!ok)
        return command_fail(command);
    printf(lang_pick(command->lang,
                     "%s : %zu fichiers, %lld octets ; nouveaux médias : %zu, %lld octets\n",
                     "%s: %zu files, %lld bytes; new media: %zu, %lld bytes\n"),
           report.path, report.files, (long long)report.bytes, report.new_files,
           (long long)report.new_bytes);
    if (report.removed > 0)
        printf(lang_pick(command->lang, "Anciennes sauvegardes supprimées : %zu\n",
                         "Old backups removed: %zu\n"),
               report.removed);
    print_missing(command, &report);
    return COMMAND_DONE;
}

int command_restore(struct command *command)
{
    struct restore_options options = {.data = command->options.data,
                                      .force = command->options.force,
                                      .now_ms = clock_wall_ms(&command->clock),
                                      .progress = {show_progress, command}};
    struct restore_report report;
    char instant[32];

    if (command->word_count != 1)
        return command_misused(command, "restore SAUVEGARDE --data DOSSIER [--force]");
    options.from = command->words[0];
    bool ok = backup_restore(&options, command->arena, &report, &command->error);
    end_progress(command);
    if (!ok)
        return command_fail(command);
    civil_format_instant(report.backup.created_ms, instant, sizeof(instant));
    printf(lang_pick(command->lang,
                     "%s : l’état du %s, %zu fichiers comparés. Les lecteurs prendront les "
                     "programmes à venir (époque %lld).\n",
                     "%s: as of %s, %zu files compared. Players will take the programmes to come "
                     "(epoch %lld).\n"),
           options.data, instant, report.backup.files, (long long)report.epoch);
    if (report.aside[0] != '\0')
        printf(
            lang_pick(command->lang, "Ce qui y était est dans %s.\n", "What was there is in %s.\n"),
            report.aside);
    print_missing(command, &report.backup);
    return COMMAND_DONE;
}
