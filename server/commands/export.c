/* export: the content as the documents that import and load take in. */
#include <dirent.h>
#include <string.h>

#include "core/files.h"
#include "server/commands/internal.h"
#include "server/export/documents.h"

/* What is there must not be mixed with what comes. */
static bool folder_free(struct command *command, const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    bool empty = true;

    while (folder != NULL && (entry = readdir(folder)) != NULL)
        empty = empty && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0);
    if (folder != NULL)
        closedir(folder);
    return empty || error_set(&command->error, ERROR_CONFLICT,
                              "« %s » n’est pas vide : donnez un autre dossier",
                              "\"%s\" is not empty: give another folder", path);
}

int command_export(struct command *command)
{
    char originals[PATH_MAX];
    struct export_report report;

    if (command->word_count != 1)
        return command_misused(command, "export DOSSIER");
    if (!folder_free(command, command->words[0]) || !command_open(command))
        return command_fail(command);
    if (path_join(originals, sizeof(originals), command->options.data, "originals") == NULL) {
        error_set(&command->error, ERROR_INVALID, "le chemin « %s » est trop long",
                  "the path \"%s\" is too long", command->options.data);
        return command_fail(command);
    }
    const struct export_options options = {.db = command->db,
                                           .media_folder = command->media_folder,
                                           .originals = originals,
                                           .to = command->words[0]};
    /* One state of the database, whatever is written meanwhile. */
    bool ok = db_begin(command->db, &command->error) &&
              export_documents(&options, command->arena, &report, &command->error);
    db_rollback(command->db);
    if (!ok)
        return command_fail(command);
    printf(lang_pick(command->lang,
                     "%s : %zu structures, %zu événements, %zu portraits, %zu annonces, %zu "
                     "playlists, %zu programmations, %zu écrans, %zu médias\n",
                     "%s: %zu organisations, %zu events, %zu portraits, %zu announcements, %zu "
                     "playlists, %zu rules, %zu screens, %zu media\n"),
           command->words[0], report.organisations, report.events, report.portraits,
           report.announcements, report.playlists, report.rules, report.screens, report.media);
    if (report.left_out > 0)
        printf(lang_pick(command->lang,
                         "Laissés de côté : %zu (structures non diffusables, médias manquants)\n",
                         "Left out: %zu (organisations that may not be shown, missing media)\n"),
               report.left_out);
    return COMMAND_DONE;
}
