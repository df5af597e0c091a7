/* load: content from documents. */
#include <string.h>
#include <sys/stat.h>

#include "server/commands/internal.h"
#include "server/content/documents.h"

static void print_document(const struct command *command, const struct document_report *report)
{
    printf(lang_pick(command->lang,
                     "%s : %s ; lus : %zu ; créés : %zu, modifiés : %zu, inchangés : %zu\n",
                     "%s: %s; read: %zu; created: %zu, updated: %zu, unchanged: %zu\n"),
           report->file, document_kind_label(report->kind, command->lang), report->read,
           report->created, report->updated, report->unchanged);
}

static bool parse_kind(const char *text, enum document_kind *kind_out)
{
    static const struct {
        const char *name;
        enum document_kind kind;
    } kinds[] = {
        {"ecrans", DOCUMENT_SCREENS},       {"annonces", DOCUMENT_ANNOUNCEMENTS},
        {"portraits", DOCUMENT_PORTRAITS},  {"playlist", DOCUMENT_PLAYLIST},
        {"mise-en-page", DOCUMENT_LAYOUT},  {"modele", DOCUMENT_TEMPLATE},
        {"programmations", DOCUMENT_RULES}, {"feries", DOCUMENT_HOLIDAYS},
    };

    for (size_t i = 0; text != NULL && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].name, text) == 0) {
            *kind_out = kinds[i].kind;
            return true;
        }
    }
    return false;
}

static int load_file(struct command *command, const char *path)
{
    struct document_report report;
    enum document_kind kind;

    if (!parse_kind(command->options.kind, &kind)) {
        error_set(&command->error, ERROR_INVALID,
                  "dites ce qu’est ce fichier : --kind ecrans, annonces, portraits, playlist, "
                  "programmations, feries, mise-en-page ou modele",
                  "say what this file is: --kind ecrans, annonces, portraits, playlist, "
                  "programmations, feries, mise-en-page or modele");
        return command_fail(command);
    }
    if (!document_load(command->db, &command->media, command->arena, kind, path, &report,
                       &command->error))
        return command_fail(command);
    print_document(command, &report);
    return COMMAND_DONE;
}

int command_load(struct command *command)
{
    struct document_report_list reports;
    struct stat status;

    if (command->word_count != 1)
        return command_misused(command,
                               "load DOSSIER [--playlists DOSSIER] | FICHIER.json --kind GENRE");
    const char *path = command->words[0];
    if (stat(path, &status) != 0) {
        error_set(&command->error, ERROR_NOT_FOUND, "« %s » n’existe pas", "\"%s\" does not exist",
                  path);
        return command_fail(command);
    }
    if (!command_open(command))
        return command_fail(command);
    if (!S_ISDIR(status.st_mode))
        return load_file(command, path);
    if (!content_load_folder(command->db, &command->media, command->arena, path,
                             command->options.playlists, &reports, &command->error))
        return command_fail(command);
    for (size_t i = 0; i < reports.count; i++)
        print_document(command, &reports.items[i]);
    return COMMAND_DONE;
}
