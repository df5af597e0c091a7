/* What --help says. */
#include <string.h>

#include "server/commands/internal.h"

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
     "  --user NOM          à inscrire au journal\n"
     "  safe                tous les écrans à l’image neutre, quoi qu’ils montrent\n"
     "  resume              et de nouveau à leur programme\n",
     "  --title TITLE       what is read from afar, 120 bytes at most\n"
     "  --text TEXT         a sentence or two, 400 bytes at most\n"
     "  --screen, --group   where; several times if need be; --all: all screens\n"
     "  --for LENGTH        30m, 2h, 1h30 (default: an hour; seven days at most)\n"
     "  --until HH:MM       the next time that it will be so late\n"
     "  --user NAME         to be written in the audit trail\n"
     "  safe                all screens to the neutral slide, whatever they show\n"
     "  resume              and back to their programme\n"},
    {"backup",
     "  Dans un dossier, chaque sauvegarde n’ajoute que ce qui est nouveau ; les backups_kept\n"
     "  dernières sont gardées. Sans dossier : le réglage backup_folder.\n"
     "  --check             relit chaque fichier de la dernière sauvegarde et compare\n",
     "  Into a folder, each backup adds only what is new; the last backups_kept are kept. Without\n"
     "  a folder: the setting backup_folder.\n"
     "  --check             reads every file of the last backup again and compares\n"},
    {"restore",
     "  SAUVEGARDE est un dossier (la dernière qui y est), une de ses sauvegardes (sets/…) ou une\n"
     "  archive .tar. Serveur arrêté ; chaque fichier est comparé avant que rien ne change.\n"
     "  --force             remplace un dossier de données, et le garde de côté\n",
     "  A backup is a folder (its last one), one of its sets (sets/…) or a .tar archive. Stop the\n"
     "  server first; every file is compared before anything changes.\n"
     "  --force             replaces a data folder, and keeps it aside\n"},
    {"plays",
     "  --from, --until     jours compris, AAAA-MM-JJ, à l’heure de l’écran (défaut : les 30\n"
     "                      derniers)\n"
     "  --screen ÉCRAN      cet écran seul ; plusieurs fois au besoin\n"
     "  --csv               pour un tableur : UTF-8, points-virgules\n"
     "  --refused           ce que des lecteurs ont envoyé et qui n’a pas pu être pris\n"
     "  --keep JOURS        combien de temps garder les diffusions une à une (défaut : 1096 jours) ;\n"
     "                      leurs sommes par heure, dix ans\n",
     "  --from, --until     days, both included, YYYY-MM-DD, in the screen’s time (default: the\n"
     "                      last 30)\n"
     "  --screen SCREEN     this screen alone; several times if need be\n"
     "  --csv               for a spreadsheet: UTF-8, semicolons\n"
     "  --refused           what players sent and could not be taken\n"
     "  --keep DAYS         how long plays are kept one by one (default: 1096 days); their sums by\n"
     "                      the hour, ten years\n"},
};

void usage_print(FILE *out, enum lang lang, const struct command_entry *only)
{
    fprintf(out, "%s vitrine-server %s\n\n", lang_pick(lang, "Usage :", "Usage:"),
            only != NULL ? only->name : lang_pick(lang, "COMMANDE [OPTIONS]", "COMMAND [OPTIONS]"));
    for (size_t i = 0; i < command_entry_count; i++) {
        if (only == NULL || only == &command_entries[i])
            fprintf(out, "  %-9s %s\n%s%s%s", command_entries[i].name,
                    lang_pick(lang, command_entries[i].fr, command_entries[i].en),
                    *command_entries[i].usage != '\0' ? "            " : "",
                    command_entries[i].usage, *command_entries[i].usage != '\0' ? "\n" : "");
    }
    for (size_t i = 0; only != NULL && i < sizeof(details) / sizeof(details[0]); i++) {
        if (strcmp(details[i].name, only->name) == 0)
            fprintf(out, "\n%s", lang_pick(lang, details[i].fr, details[i].en));
    }
    fputs(lang_pick(
              lang,
              "\nOptions communes :\n"
              "  --data DOSSIER      base, clés et médias (défaut : vitrine-data)\n"
              "  --config FICHIER    réglages (défaut : " CONFIG_FILE_DEFAULT ", s’il est là)\n"
              "  --quiet, --verbose  moins, plus de journal\n"
              "  --help, --version\n"
              "\nChaque réglage se donne dans ce fichier (listen = 127.0.0.1:8080), par une "
              "variable\n"
              "(VITRINE_LISTEN) ou une option (--listen) ; « vitrine-server config --reference » "
              "les\n"
              "explique.\n"
              "\nCodes de retour : 0 fait, 1 échec, 2 commande incomprise.\n",
              "\nCommon options:\n"
              "  --data FOLDER       database, keys and media (default: vitrine-data)\n"
              "  --config FILE       settings (default: " CONFIG_FILE_DEFAULT ", if it is there)\n"
              "  --quiet, --verbose  log less, more\n"
              "  --help, --version\n"
              "\nEach setting is given in that file (listen = 127.0.0.1:8080), by a variable\n"
              "(VITRINE_LISTEN) or an option (--listen); \"vitrine-server config --reference\"\n"
              "explains them.\n"
              "\nExit codes: 0 done, 1 failed, 2 not understood.\n"),
          out);
}
