#include "server/commands/commands.h"

#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "server/api/api.h"
#include "server/commands/internal.h"
#include "server/store/schema.h"

const struct command_entry command_entries[] = {
    {"init", command_init, "[--user NOM] [--password-file FICHIER]",
     "crée le dossier de données, les clés et le premier administrateur",
     "makes the data folder, the keys and the first administrator"},
    {"serve", command_serve, "[--listen ADRESSE:PORT] [--secure]",
     "répond aux lecteurs et à la page d’administration", "answers players and the admin page"},
    {"import", command_import,
     "annuaire FICHIER.csv | evenements FICHIER.ics | … https://ADRESSE [--date AAAA-MM-JJ]",
     "reprend un annuaire (CSV) ou un agenda (iCalendar), d’un fichier ou du Web",
     "takes in a directory (CSV) or a calendar (iCalendar), from a file or the web"},
    {"load", command_load, "DOSSIER [--playlists DOSSIER] | FICHIER.json --kind GENRE",
     "charge les documents : écrans, annonces, portraits, playlists, programmations",
     "loads documents: screens, announcements, portraits, playlists, rules"},
    {"publish", command_publish, "[ÉCRAN…] [--new-epoch]",
     "assemble et publie les programmes des écrans ; --new-epoch après une base restaurée,\n"
     "            sans quoi les lecteurs refusent des versions plus anciennes que la leur",
     "assembles and publishes the screens' programmes; --new-epoch after a restored database,\n"
     "            else players refuse versions older than theirs"},
    {"screen", command_screen,
     "list | pending | approve CODE --as ÉCRAN [--replace] [--fingerprint E] | refuse CODE |\n"
     "            revoke ÉCRAN | screenshot ÉCRAN | identify ÉCRAN | restart ÉCRAN",
     "écrans, rattachement des lecteurs, photo de ce qu’un écran montre ; identify : il dit une\n"
     "            minute lequel il est ; restart : son lecteur redémarre",
     "screens, enrolment of players, a picture of what a screen shows; identify: it says for a\n"
     "            minute which one it is; restart: its player starts anew"},
    {"emergency", command_emergency,
     "start --title TITRE [--text TEXTE] (--screen ÉCRAN… | --group GROUPE… | --all)\n"
     "            [--for DURÉE | --until HH:MM] [--user NOM] | end ID | end --all | list |\n"
     "            safe | resume",
     "message d’urgence : à l’écran dans les deux secondes, il se termine de lui-même",
     "emergency message: on screen within two seconds, it ends by itself"},
    {"plays", command_plays,
     "[--from JOUR] [--until JOUR] [--screen ÉCRAN]… [--csv] | --refused | --keep JOURS",
     "preuves de diffusion : passages et durée par écran, titre et structure",
     "proof of play: plays and time by screen, title and organisation"},
    {"report", command_report,
     "organisation | rule | site | screen | slide | kiosks [day | week | month | total]\n"
     "            [--from JOUR] [--until JOUR] [--site SITE] [--output FICHIER.xlsx|.csv|.json]\n"
     "            annual [ANNÉE] [--site SITE] [--output FICHIER.xlsx|.json]",
     "bilans : prévu et montré, bornes, bilan annuel",
     "reports: planned and shown, kiosks, the year"},
    {"film", command_film, "PLAYLIST --output FILM.mp4 [--size 16:9 | 9:16 | 1:1] [--at INSTANT]",
     "filme une playlist en MP4, avec ses vraies transitions",
     "films a playlist as MP4, with its real transitions"},
    {"manifest", command_manifest, "ÉCRAN > FICHIER", "écrit le manifeste signé d’un écran",
     "writes a screen's signed manifest"},
    {"explain", command_explain, "ÉCRAN [--at INSTANT]",
     "dit ce qu’un écran montre à un instant, et pourquoi",
     "says what a screen shows at an instant, and why"},
    {"user", command_user,
     "add NOM [--role RÔLE] [--site SITE]… [--alert] [--email ADRESSE] | password NOM | list |\n"
     "            role NOM RÔLE | sites NOM [SITE…] | alert NOM oui|non | close NOM | open NOM |\n"
     "            reset-link NOM | code-off NOM  [--password-file F]",
     "comptes de la page d’administration", "accounts of the admin page"},
    {"export", command_export, "DOSSIER",
     "écrit le contenu publié comme documents que import et load reprennent",
     "writes the published content as documents that import and load take in"},
    {"backup", command_backup, "[--check] DOSSIER | FICHIER.tar",
     "sauvegarde base, clé et médias pendant que le serveur tourne ; --check relit",
     "backs up database, key and media while the server runs; --check reads one again"},
    {"restore", command_restore, "SAUVEGARDE --data DOSSIER [--force]",
     "remet une sauvegarde dans un dossier de données", "puts a backup back into a data folder"},
    {"config", command_config, "[--example | --reference]",
     "dit les réglages qui valent, et d’où chacun vient",
     "tells the settings that hold, and where each comes from"},
    {"check", command_check, "", "vérifie base, clés et fichiers", "checks database, keys, files"},
};

const size_t command_entry_count = sizeof(command_entries) / sizeof(command_entries[0]);

int command_fail(struct command *command)
{
    char text[1024];

    fprintf(stderr, "vitrine-server%s %s\n", lang_pick(command->lang, " :", ":"),
            error_text(&command->error, command->lang, text, sizeof(text)));
    return COMMAND_FAILED;
}

int command_misused(struct command *command, const char *usage)
{
    fprintf(stderr, "%s vitrine-server %s\n", lang_pick(command->lang, "Usage :", "Usage:"), usage);
    return COMMAND_MISUSED;
}

bool command_data_exists(struct command *command)
{
    char path[PATH_MAX];

    if (api_database_path(command->options.data, path, sizeof(path)) == NULL ||
        api_media_folder(command->options.data, command->media_folder,
                         sizeof(command->media_folder)) == NULL)
        return error_set(&command->error, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", command->options.data);
    return file_exists(path) ||
           error_set(&command->error, ERROR_NOT_FOUND,
                     "« %s » n’est pas un dossier de données : faites d’abord "
                     "« vitrine-server init --data %s »",
                     "\"%s\" is no data folder: run \"vitrine-server init --data %s\" first",
                     command->options.data, command->options.data);
}

bool command_open(struct command *command)
{
    char path[PATH_MAX];

    if (!command_data_exists(command) ||
        api_database_path(command->options.data, path, sizeof(path)) == NULL)
        return false;
    command->db = store_open(path, DB_WRITER, &command->error);
    command->media = (struct media_store){.folder = command->media_folder,
                                          .db = command->db,
                                          .now_ms = clock_wall_ms(&command->clock)};
    return command->db != NULL;
}

bool command_keys(struct command *command, struct sign_keys *keys_out)
{
    return api_keys_load(command->options.data, keys_out, &command->error);
}

const char *command_renderer(const struct command *command, char *buf, size_t size)
{
    char self[PATH_MAX];

    if (config_given(&command->config, CONFIG_RENDERER))
        return config_text(&command->config, CONFIG_RENDERER);
    /* Where both the build and the packages put it. */
    char *path = realpath("/proc/self/exe", self);
    char *slash = path != NULL ? strrchr(path, '/') : NULL;
    if (slash == NULL)
        return "vitrine-render";
    *slash = '\0';
    return path_join(buf, size, self, "vitrine-render");
}

static const struct command_entry *find_entry(const char *name)
{
    for (size_t i = 0; i < command_entry_count; i++) {
        if (name != NULL && strcmp(command_entries[i].name, name) == 0)
            return &command_entries[i];
    }
    return NULL;
}

static int run_entry(const struct command_entry *entry, struct command *command)
{
    if (!sign_init()) {
        error_set(&command->error, ERROR_INTERNAL, "libsodium ne démarre pas",
                  "libsodium does not start");
        return command_fail(command);
    }
    command->clock = clock_system();
    int result = entry->run(command);
    db_close(command->db);
    return result;
}

static int run_words(struct command *command, int argc, char **argv)
{
    int first;

    if (!options_parse(command, argc, argv, &first))
        return COMMAND_MISUSED;
    if (command->options.version) {
        puts("vitrine-server " VITRINE_VERSION);
        return COMMAND_DONE;
    }
    const char *name = first < argc ? argv[first] : NULL;
    const struct command_entry *entry = find_entry(name);
    if (command->options.help || (name != NULL && strcmp(name, "help") == 0)) {
        usage_print(stdout, command->lang, entry);
        return COMMAND_DONE;
    }
    if (entry == NULL) {
        if (name != NULL)
            fprintf(stderr,
                    lang_pick(command->lang, "vitrine-server : commande inconnue : %s\n\n",
                              "vitrine-server: unknown command: %s\n\n"),
                    name);
        usage_print(stderr, command->lang, NULL);
        return COMMAND_MISUSED;
    }
    if (!options_settings(command))
        return command_fail(command);
    command->words = argv + first + 1;
    command->word_count = argc - first - 1;
    return run_entry(entry, command);
}

int commands_run(int argc, char **argv)
{
    struct command command = {.lang = lang_from_environment(), .arena = arena_create()};

    int result = run_words(&command, argc, argv);
    arena_destroy(command.arena);
    return result;
}
