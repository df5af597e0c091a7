/* vitrine-fleet: see usage(). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lang.h"
#include "core/sign.h"
#include "tests/bench/fleet/fleet.h"

static void usage(FILE *out)
{
    fputs("vitrine-fleet make --data DOSSIER --players N [--like ÉCRAN] [--groups N] [--differ]\n"
          "vitrine-fleet run --data DOSSIER --server ADRESSE:PORT [--players N]\n"
          "                  [--change publish|wish|none] [--rounds N] [--hold S] [--patience S]\n"
          "                  [--plain]\n"
          "\n"
          "make crée des écrans simulation-00001… et leurs lecteurs rattachés dans un dossier de\n"
          "données (pas celui d’un vrai réseau), serveur arrêté ou non.\n"
          "run tient autant de vraies questions ouvertes, change quelque chose dans le dossier et\n"
          "dit quand chacun l’a su, en millisecondes depuis l’enregistrement :\n"
          "  publish  un autre texte : nouveau programme pour tous\n"
          "  wish     une photo demandée à chaque écran : une réponse sans programme\n"
          "  none     rien : pour regarder le serveur pendant --hold secondes\n"
          "\n"
          "  --like     écran dont les autres sont la copie (sinon le premier)\n"
          "  --groups   groupes entre lesquels ils sont répartis (1)\n"
          "  --differ   chaque écran a sa propre règle : aucun programme n’est partagé\n"
          "  --plain    sans gzip\n"
          "  --hold     secondes d’attente avant chaque changement (2)\n"
          "  --patience secondes avant d’abandonner (120)\n",
          out);
}

static bool option(int argc, char **argv, int *index, const char *name, const char **value_out)
{
    if (strcmp(argv[*index], name) != 0 || *index + 1 >= argc)
        return false;
    *value_out = argv[++*index];
    return true;
}

static bool parse_server(const char *text, struct fleet_options *options)
{
    static char address[64];
    const char *colon = strrchr(text, ':');

    if (strncmp(text, "http://", 7) == 0)
        text += 7;
    if (colon == NULL || colon < text || (size_t)(colon - text) >= sizeof(address))
        return false;
    memcpy(address, text, (size_t)(colon - text));
    options->address = address;
    options->port = atoi(colon + 1);
    return options->port > 0;
}

static bool parse_change(const char *text, enum fleet_change *out)
{
    static const char *const tags[] = {"publish", "wish", "none"};

    for (int i = 0; i < 3; i++) {
        if (strcmp(text, tags[i]) == 0) {
            *out = (enum fleet_change)i;
            return true;
        }
    }
    return false;
}

static bool parse(int argc, char **argv, struct fleet_options *out)
{
    const char *value;

    *out = (struct fleet_options){.groups = 1, .rounds = 1, .hold_s = 2, .patience_s = 120};
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--differ") == 0)
            out->differ = true;
        else if (strcmp(argv[i], "--plain") == 0)
            out->plain = true;
        else if (option(argc, argv, &i, "--players", &value))
            out->players = atoi(value);
        else if (option(argc, argv, &i, "--groups", &value))
            out->groups = atoi(value);
        else if (option(argc, argv, &i, "--rounds", &value))
            out->rounds = atoi(value);
        else if (option(argc, argv, &i, "--hold", &value))
            out->hold_s = atoi(value);
        else if (option(argc, argv, &i, "--patience", &value))
            out->patience_s = atoi(value);
        else if (!option(argc, argv, &i, "--data", &out->data) &&
                 !option(argc, argv, &i, "--like", &out->like) &&
                 !(option(argc, argv, &i, "--server", &value) && parse_server(value, out)) &&
                 !(option(argc, argv, &i, "--change", &value) && parse_change(value, &out->change)))
            return false;
    }
    return out->data != NULL && out->groups > 0 && out->rounds > 0;
}

static bool run_rounds(struct fleet_client *client, const struct fleet_options *options,
                       struct error *err)
{
    struct fleet_figures figures;

    for (int round = 0; round < options->rounds; round++) {
        if (!fleet_client_hold(client, options->hold_s, err))
            return false;
        if (options->change == FLEET_NOTHING)
            continue;
        if (!fleet_change(options, round, err))
            return false;
        if (!fleet_client_await(client, fleet_now_ms(), &figures, err))
            return false;
        printf("told=%d first_ms=%.0f median_ms=%.0f p99_ms=%.0f last_ms=%.0f bytes=%.0f\n",
               figures.told, figures.first_ms, figures.median_ms, figures.p99_ms, figures.last_ms,
               figures.mean_bytes);
        fflush(stdout);
    }
    return true;
}

static bool run(struct fleet_options *options, struct error *err)
{
    char(*tokens)[FLEET_TOKEN_SIZE] = NULL;
    struct fleet_client *client = NULL;
    size_t count = 0;
    double took_ms = 0;

    bool ok = fleet_tokens(options->data, &tokens, &count, err);
    if (ok && (options->players == 0 || options->players > (int)count))
        options->players = (int)count;
    ok = ok && (client = fleet_client_create(options, tokens, err)) != NULL &&
         fleet_client_park(client, &took_ms, err);
    if (ok) {
        printf("parked=%d park_ms=%.0f\n", options->players, took_ms);
        fflush(stdout);
        ok = run_rounds(client, options, err);
    }
    fleet_client_destroy(client);
    free(tokens);
    return ok;
}

int main(int argc, char **argv)
{
    struct fleet_options options;
    struct error error;
    char text[1024];
    const char *verb = argc > 1 ? argv[1] : "";

    if (strcmp(verb, "--help") == 0 || strcmp(verb, "-h") == 0) {
        usage(stdout);
        return 0;
    }
    bool make = strcmp(verb, "make") == 0;
    if ((!make && strcmp(verb, "run") != 0) || !parse(argc, argv, &options) ||
        (make ? options.players < 1 : options.address == NULL) || !sign_init()) {
        usage(stderr);
        return 2;
    }
    if (make ? fleet_make(&options, &error) : run(&options, &error))
        return 0;
    fprintf(stderr, "vitrine-fleet : %s\n", error_text(&error, LANG_FR, text, sizeof(text)));
    return 1;
}
