/* import, load: content from files. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/civil.h"
#include "server/commands/internal.h"
#include "server/content/documents.h"
#include "server/import/import.h"

static void show_progress(void *context, size_t rows, int64_t done, int64_t total)
{
    const struct command *command = context;

    if (command->options.quiet || !isatty(STDERR_FILENO))
        return;
    int percent = total > 0 ? (int)(done * 100 / total) : 100;
    fprintf(stderr, lang_pick(command->lang, "\r  %zu lignes, %d %%", "\r  %zu rows, %d%%"), rows,
            percent);
    if (done >= total)
        fputs("\r\033[K", stderr);
}

int command_import(struct command *command)
{
    struct import_options options = {.now_ms = clock_wall_ms(&command->clock),
                                     .date_maj = command->options.date,
                                     .state = STATE_PUBLISHED,
                                     .progress = show_progress,
                                     .progress_context = command};
    struct import_report report;
    int64_t day;
    bool annuaire;

    if (command->word_count != 2)
        return command_misused(command, "import annuaire FICHIER.csv | evenements FICHIER.ics");
    annuaire = strcmp(command->words[0], "annuaire") == 0;
    if (!annuaire && strcmp(command->words[0], "evenements") != 0)
        return command_misused(command, "import annuaire FICHIER.csv | evenements FICHIER.ics");
    if (command->options.date != NULL && !civil_parse_date(command->options.date, &day)) {
        error_set(&command->error, ERROR_INVALID,
                  "« %s » n’est pas une date : il en faut une comme 2026-11-24",
                  "\"%s\" is no date: it looks like 2026-11-24", command->options.date);
        return command_fail(command);
    }
    if (!command_open(command))
        return command_fail(command);
    import_report_init(&report);
    bool ok = annuaire ? import_annuaire(command->db, command->words[1], &options, &report,
                                         &command->error)
                       : import_evenements(command->db, &command->media, command->words[1],
                                           &options, &report, &command->error);
    if (ok)
        import_report_print(&report, command->lang, stdout);
    /* Rows left out are told above; the file as a whole failed only if none of it could be taken.
     */
    bool nothing = ok && report.read > 0 && report.rejected == report.read;
    import_report_finish(&report);
    if (!ok)
        return command_fail(command);
    return nothing ? COMMAND_FAILED : COMMAND_DONE;
}

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
        {"programmations", DOCUMENT_RULES},
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
                  "programmations, mise-en-page ou modele",
                  "say what this file is: --kind ecrans, annonces, portraits, playlist, "
                  "programmations, mise-en-page or modele");
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
