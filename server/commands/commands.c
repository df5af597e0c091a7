#include "server/commands/commands.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/log.h"
#include "server/api/api.h"
#include "server/commands/internal.h"
#include "server/store/schema.h"

struct entry {
    const char *name;
    int (*run)(struct command *command);
    const char *usage; /* words and options after the name */
    const char *fr;
    const char *en;
};

static const struct entry entries[] = {
    {"init", command_init, "[--user NOM] [--password-file FICHIER]",
     "crée le dossier de données, les clés et le premier administrateur",
     "makes the data folder, the keys and the first administrator"},
    {"serve", command_serve, "[--listen ADRESSE:PORT] [--secure]",
     "répond aux lecteurs et à la page d’administration", "answers players and the admin page"},
    {"import", command_import, "annuaire FICHIER.csv | evenements FICHIER.ics [--date AAAA-MM-JJ]",
     "reprend un annuaire (CSV) ou un agenda (iCalendar)",
     "takes in a directory (CSV) or a calendar (iCalendar)"},
    {"load", command_load, "DOSSIER [--playlists DOSSIER] | FICHIER.json --kind GENRE",
     "charge les documents : écrans, annonces, portraits, playlists, programmations",
     "loads documents: screens, announcements, portraits, playlists, rules"},
    {"publish", command_publish, "[ÉCRAN…] [--new-epoch]",
     "assemble et publie les programmes des écrans ; --new-epoch après une base restaurée,\n"
     "            sans quoi les lecteurs refusent des versions plus anciennes que la leur",
     "assembles and publishes the screens' programmes; --new-epoch after a restored database,\n"
     "            else players refuse versions older than theirs"},
    {"screen", command_screen,
     "list | pending | approve CODE --as ÉCRAN [--fingerprint E] | refuse CODE |\n"
     "            screenshot ÉCRAN",
     "écrans, enrôlement des lecteurs, photo de ce qu’un écran montre",
     "screens, enrolment of players, a picture of what a screen shows"},
    {"emergency", command_emergency,
     "start --title TITRE [--text TEXTE] (--screen ÉCRAN… | --group GROUPE… | --all)\n"
     "            [--for DURÉE | --until HH:MM] [--user NOM] | end ID | end --all | list",
     "message d’urgence : à l’écran dans les deux secondes, il se termine de lui-même",
     "emergency message: on screen within two seconds, it ends by itself"},
    {"plays", command_plays,
     "[--from JOUR] [--until JOUR] [--screen ÉCRAN]… [--csv] | --keep JOURS",
     "preuves de diffusion : passages et durée par écran, titre et structure",
     "proof of play: plays and time by screen, title and organisation"},
    {"film", command_film, "PLAYLIST --output FILM.mp4 [--size 16:9 | 9:16 | 1:1] [--at INSTANT]",
     "filme une playlist en MP4, avec ses vraies transitions",
     "films a playlist as MP4, with its real transitions"},
    {"manifest", command_manifest, "ÉCRAN > FICHIER", "écrit le manifeste signé d’un écran",
     "writes a screen's signed manifest"},
    {"explain", command_explain, "ÉCRAN [--at INSTANT]",
     "dit ce qu’un écran montre à un instant, et pourquoi",
     "says what a screen shows at an instant, and why"},
    {"user", command_user, "add NOM [--role RÔLE] | password NOM | list  [--password-file F]",
     "comptes de la page d’administration", "accounts of the admin page"},
    {"check", command_check, "", "vérifie base, clés et fichiers", "checks database, keys, files"},
};

/* What "COMMAND --help" tells beside. */
static const struct {
    const char *name;
    const char *fr;
    const char *en;
} details[] = {
    {"screen",
     "  screenshot demande une photo au lecteur, attend deux minutes au plus et dit où est le\n"
     "  fichier JPEG.\n",
     "  screenshot asks the player for a picture, waits two minutes at most and says where the\n"
     "  JPEG file is.\n"},
    {"emergency",
     "  --title TITRE       ce qui se lit de loin, 120 octets au plus\n"
     "  --text TEXTE        une ou deux phrases, 400 octets au plus\n"
     "  --screen, --group   où ; plusieurs fois au besoin ; --all : tous les écrans\n"
     "  --for DURÉE         30m, 2h, 1h30 (défaut : une heure ; sept jours au plus)\n"
     "  --until HH:MM       la prochaine fois qu’il sera cette heure\n"
     "  --user NOM          à inscrire au journal\n",
     "  --title TITLE       what is read from afar, 120 bytes at most\n"
     "  --text TEXT         a sentence or two, 400 bytes at most\n"
     "  --screen, --group   where; several times if need be; --all: all screens\n"
     "  --for LENGTH        30m, 2h, 1h30 (default: an hour; seven days at most)\n"
     "  --until HH:MM       the next time that it will be so late\n"
     "  --user NAME         to be written in the audit trail\n"},
    {"plays",
     "  --from, --until     jours compris, AAAA-MM-JJ, à l’heure de l’écran (défaut : les 30\n"
     "                      derniers)\n"
     "  --screen ÉCRAN      cet écran seul ; plusieurs fois au besoin\n"
     "  --csv               pour un tableur : UTF-8, points-virgules\n"
     "  --keep JOURS        combien de temps garder les diffusions (défaut : 1096 jours)\n",
     "  --from, --until     days, both included, YYYY-MM-DD, in the screen’s time (default: the\n"
     "                      last 30)\n"
     "  --screen SCREEN     this screen alone; several times if need be\n"
     "  --csv               for a spreadsheet: UTF-8, semicolons\n"
     "  --keep DAYS         how long plays are kept (default: 1096 days)\n"},
};

enum option_code {
    OPTION_DATA = 256,
    OPTION_LISTEN,
    OPTION_AS,
    OPTION_AT,
    OPTION_USER,
    OPTION_PASSWORD_FILE,
    OPTION_ROLE,
    OPTION_PLAYLISTS,
    OPTION_KIND,
    OPTION_FINGERPRINT,
    OPTION_DATE,
    OPTION_ASSETS,
    OPTION_TITLE,
    OPTION_TEXT,
    OPTION_FOR,
    OPTION_FROM,
    OPTION_UNTIL,
    OPTION_KEEP,
    OPTION_OUTPUT,
    OPTION_SIZE,
    OPTION_RENDERER,
    OPTION_SCREEN,
    OPTION_GROUP,
    OPTION_ALL,
    OPTION_CSV,
    OPTION_SECURE,
    OPTION_NEW_EPOCH,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_HELP,
    OPTION_VERSION,
};

static const struct option long_options[] = {
    {"data", required_argument, NULL, OPTION_DATA},
    {"listen", required_argument, NULL, OPTION_LISTEN},
    {"as", required_argument, NULL, OPTION_AS},
    {"at", required_argument, NULL, OPTION_AT},
    {"user", required_argument, NULL, OPTION_USER},
    {"password-file", required_argument, NULL, OPTION_PASSWORD_FILE},
    {"role", required_argument, NULL, OPTION_ROLE},
    {"playlists", required_argument, NULL, OPTION_PLAYLISTS},
    {"kind", required_argument, NULL, OPTION_KIND},
    {"fingerprint", required_argument, NULL, OPTION_FINGERPRINT},
    {"date", required_argument, NULL, OPTION_DATE},
    {"assets", required_argument, NULL, OPTION_ASSETS},
    {"title", required_argument, NULL, OPTION_TITLE},
    {"text", required_argument, NULL, OPTION_TEXT},
    {"for", required_argument, NULL, OPTION_FOR},
    {"from", required_argument, NULL, OPTION_FROM},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {"keep", required_argument, NULL, OPTION_KEEP},
    {"output", required_argument, NULL, OPTION_OUTPUT},
    {"size", required_argument, NULL, OPTION_SIZE},
    {"renderer", required_argument, NULL, OPTION_RENDERER},
    {"screen", required_argument, NULL, OPTION_SCREEN},
    {"group", required_argument, NULL, OPTION_GROUP},
    {"all", no_argument, NULL, OPTION_ALL},
    {"csv", no_argument, NULL, OPTION_CSV},
    {"secure", no_argument, NULL, OPTION_SECURE},
    {"new-epoch", no_argument, NULL, OPTION_NEW_EPOCH},
    {"quiet", no_argument, NULL, OPTION_QUIET},
    {"verbose", no_argument, NULL, OPTION_VERBOSE},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static void print_usage(FILE *out, enum lang lang, const struct entry *only)
{
    fprintf(out, "%s vitrine-server %s\n\n", lang_pick(lang, "Usage :", "Usage:"),
            only != NULL ? only->name : lang_pick(lang, "COMMANDE [OPTIONS]", "COMMAND [OPTIONS]"));
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        if (only == NULL || only == &entries[i])
            fprintf(out, "  %-9s %s\n            %s\n", entries[i].name,
                    lang_pick(lang, entries[i].fr, entries[i].en), entries[i].usage);
    }
    for (size_t i = 0; only != NULL && i < sizeof(details) / sizeof(details[0]); i++) {
        if (strcmp(details[i].name, only->name) == 0)
            fprintf(out, "\n%s", lang_pick(lang, details[i].fr, details[i].en));
    }
    fputs(
        lang_pick(
            lang,
            "\nOptions communes (entre parenthèses, la variable d’environnement) :\n"
            "  --data DOSSIER      base, clés et médias (VITRINE_DATA ; défaut : vitrine-data)\n"
            "  --listen ADR:PORT   où répondre (VITRINE_LISTEN ; défaut : 127.0.0.1:8080)\n"
            "  --secure            derrière un serveur TLS : cookies __Host- (VITRINE_SECURE=1)\n"
            "  --assets DOSSIER    polices, icônes, page d’administration (VITRINE_ASSETS)\n"
            "  --renderer PROGRAMME  vitrine-render, pour les aperçus (VITRINE_RENDER)\n"
            "  --quiet, --verbose  moins, plus de journal\n"
            "  --help, --version\n"
            "\nCodes de retour : 0 fait, 1 échec, 2 commande incomprise.\n",
            "\nCommon options (in brackets, the environment variable):\n"
            "  --data FOLDER       database, keys and media (VITRINE_DATA; default: vitrine-data)\n"
            "  --listen ADDR:PORT  where to answer (VITRINE_LISTEN; default: 127.0.0.1:8080)\n"
            "  --secure            behind a TLS server: __Host- cookies (VITRINE_SECURE=1)\n"
            "  --assets FOLDER     fonts, icons, admin page (VITRINE_ASSETS)\n"
            "  --renderer PROGRAM  vitrine-render, for previews (VITRINE_RENDER)\n"
            "  --quiet, --verbose  log less, more\n"
            "  --help, --version\n"
            "\nExit codes: 0 done, 1 failed, 2 not understood.\n"),
        out);
}

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

bool command_open(struct command *command)
{
    char path[PATH_MAX];

    if (api_database_path(command->options.data, path, sizeof(path)) == NULL ||
        api_media_folder(command->options.data, command->media_folder,
                         sizeof(command->media_folder)) == NULL)
        return error_set(&command->error, ERROR_INVALID, "le chemin « %s » est trop long",
                         "the path \"%s\" is too long", command->options.data);
    if (!file_exists(path))
        return error_set(&command->error, ERROR_NOT_FOUND,
                         "« %s » n’est pas un dossier de données : faites d’abord "
                         "« vitrine-server init --data %s »",
                         "\"%s\" is no data folder: run \"vitrine-server init --data %s\" first",
                         command->options.data, command->options.data);
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

    if (command->options.renderer != NULL)
        return command->options.renderer;
    /* Where both the build and the packages put it. */
    char *path = realpath("/proc/self/exe", self);
    char *slash = path != NULL ? strrchr(path, '/') : NULL;
    if (slash == NULL)
        return "vitrine-render";
    *slash = '\0';
    return path_join(buf, size, self, "vitrine-render");
}

static const char *environment(const char *name, const char *fallback)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? value : fallback;
}

static void options_defaults(struct options *options)
{
    *options = (struct options){.data = environment("VITRINE_DATA", "vitrine-data"),
                                .listen = environment("VITRINE_LISTEN", "127.0.0.1:8080"),
                                .assets = environment("VITRINE_ASSETS", NULL),
                                .renderer = environment("VITRINE_RENDER", NULL),
                                .secure = strcmp(environment("VITRINE_SECURE", "0"), "1") == 0};
}

static bool add_to(struct option_list *list, const char *item)
{
    if (list->count == OPTION_LIST_MAX)
        return false;
    list->items[list->count++] = item;
    return true;
}

/* False when the option was given too often. */
static bool take_option(struct options *options, int code)
{
    const char **texts[] = {
        [OPTION_DATA - OPTION_DATA] = &options->data,
        [OPTION_LISTEN - OPTION_DATA] = &options->listen,
        [OPTION_AS - OPTION_DATA] = &options->screen,
        [OPTION_AT - OPTION_DATA] = &options->at,
        [OPTION_USER - OPTION_DATA] = &options->user,
        [OPTION_PASSWORD_FILE - OPTION_DATA] = &options->password_file,
        [OPTION_ROLE - OPTION_DATA] = &options->role,
        [OPTION_PLAYLISTS - OPTION_DATA] = &options->playlists,
        [OPTION_KIND - OPTION_DATA] = &options->kind,
        [OPTION_FINGERPRINT - OPTION_DATA] = &options->fingerprint,
        [OPTION_DATE - OPTION_DATA] = &options->date,
        [OPTION_ASSETS - OPTION_DATA] = &options->assets,
        [OPTION_TITLE - OPTION_DATA] = &options->title,
        [OPTION_TEXT - OPTION_DATA] = &options->text,
        [OPTION_FOR - OPTION_DATA] = &options->length,
        [OPTION_FROM - OPTION_DATA] = &options->from,
        [OPTION_UNTIL - OPTION_DATA] = &options->until,
        [OPTION_KEEP - OPTION_DATA] = &options->keep,
        [OPTION_OUTPUT - OPTION_DATA] = &options->output,
        [OPTION_SIZE - OPTION_DATA] = &options->size,
        [OPTION_RENDERER - OPTION_DATA] = &options->renderer,
    };

    if (code >= OPTION_DATA && code <= OPTION_RENDERER) {
        *texts[code - OPTION_DATA] = optarg;
        return true;
    }
    switch (code) {
    case OPTION_SCREEN:
        return add_to(&options->screens, optarg);
    case OPTION_GROUP:
        return add_to(&options->groups, optarg);
    case OPTION_ALL:
        options->all = true;
        break;
    case OPTION_CSV:
        options->csv = true;
        break;
    case OPTION_SECURE:
        options->secure = true;
        break;
    case OPTION_NEW_EPOCH:
        options->new_epoch = true;
        break;
    case OPTION_QUIET:
        options->quiet = true;
        log_set_level(LOG_WARN);
        break;
    case OPTION_VERBOSE:
        log_set_level(LOG_DEBUG);
        break;
    default:
        break;
    }
    return true;
}

static const struct entry *find_entry(const char *name)
{
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        if (name != NULL && strcmp(entries[i].name, name) == 0)
            return &entries[i];
    }
    return NULL;
}

static int run_entry(const struct entry *entry, struct command *command)
{
    if (!sign_init()) {
        error_set(&command->error, ERROR_INTERNAL, "libsodium ne démarre pas",
                  "libsodium does not start");
        return command_fail(command);
    }
    command->clock = clock_system();
    command->arena = arena_create();
    int result = entry->run(command);
    db_close(command->db);
    arena_destroy(command->arena);
    return result;
}

/* getopt would say it in English. At the end of a word of short options optind has moved on. */
static void print_bad_option(enum lang lang, int code, const char *word)
{
    size_t length = strcspn(word, "=");

    if (code == ':')
        fprintf(stderr,
                lang_pick(lang, "vitrine-server : il manque une valeur après %.*s\n",
                          "vitrine-server: a value is missing after %.*s\n"),
                (int)length, word);
    else if (word[length] == '=' && optopt != 0)
        fprintf(stderr,
                lang_pick(lang, "vitrine-server : %.*s ne prend pas de valeur\n",
                          "vitrine-server: %.*s takes no value\n"),
                (int)length, word);
    else
        fprintf(
            stderr,
            lang_pick(lang,
                      "vitrine-server : option inconnue ou abrégée de plusieurs façons : %.*s\n",
                      "vitrine-server: option unknown, or short for several: %.*s\n"),
            (int)length, word);
    fputs(lang_pick(lang, "« vitrine-server --help » les dit toutes.\n",
                    "\"vitrine-server --help\" tells them all.\n"),
          stderr);
}

int commands_run(int argc, char **argv)
{
    struct command command = {.lang = lang_from_environment()};
    bool help = false;
    int code;

    options_defaults(&command.options);
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
        if (code == OPTION_VERSION) {
            puts("vitrine-server " VITRINE_VERSION);
            return COMMAND_DONE;
        }
        if (code == OPTION_HELP || code == 'h')
            help = true;
        if (code == '?' || code == ':') {
            print_bad_option(command.lang, code, argv[optind - 1]);
            return COMMAND_MISUSED;
        }
        if (!take_option(&command.options, code)) {
            fprintf(stderr,
                    lang_pick(command.lang,
                              "vitrine-server : %d écrans ou groupes au plus ; nommez un groupe, "
                              "ou --all\n",
                              "vitrine-server: %d screens or groups at most; name a group, or "
                              "--all\n"),
                    OPTION_LIST_MAX);
            return COMMAND_MISUSED;
        }
    }
    const char *name = optind < argc ? argv[optind] : NULL;
    const struct entry *entry = find_entry(name);
    if (help || (name != NULL && strcmp(name, "help") == 0)) {
        print_usage(stdout, command.lang, entry);
        return COMMAND_DONE;
    }
    if (entry == NULL) {
        if (name != NULL)
            fprintf(stderr,
                    lang_pick(command.lang, "vitrine-server : commande inconnue : %s\n\n",
                              "vitrine-server: unknown command: %s\n\n"),
                    name);
        print_usage(stderr, command.lang, NULL);
        return COMMAND_MISUSED;
    }
    command.words = argv + optind + 1;
    command.word_count = argc - optind - 1;
    return run_entry(entry, &command);
}
