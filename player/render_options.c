#include "player/render_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"

enum {
    OPTION_FIRST = 256,
    OPTION_MEDIA,
    OPTION_SIZE,
    OPTION_DIAGONAL,
    OPTION_DISTANCE,
    OPTION_STRIP,
    OPTION_MANIFEST,
    OPTION_KEY,
    OPTION_STATE,
    OPTION_AT,
    OPTION_FOR,
    OPTION_RATE,
    OPTION_TRANSITION,
    OPTION_LANG,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option long_options[] = {
    {"media", required_argument, NULL, OPTION_MEDIA},
    {"size", required_argument, NULL, OPTION_SIZE},
    {"diagonal-mm", required_argument, NULL, OPTION_DIAGONAL},
    {"distance-mm", required_argument, NULL, OPTION_DISTANCE},
    {"strip", optional_argument, NULL, OPTION_STRIP},
    {"manifest", required_argument, NULL, OPTION_MANIFEST},
    {"key", required_argument, NULL, OPTION_KEY},
    {"state", required_argument, NULL, OPTION_STATE},
    {"at", required_argument, NULL, OPTION_AT},
    {"for", required_argument, NULL, OPTION_FOR},
    {"rate", required_argument, NULL, OPTION_RATE},
    {"transition", required_argument, NULL, OPTION_TRANSITION},
    {"output", required_argument, NULL, 'o'},
    {"lang", required_argument, NULL, OPTION_LANG},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

void render_options_help(enum lang lang)
{
    fputs(
        lang_pick(
            lang,
            "Dessine une diapositive, ou ce qu’un écran montre à un instant, dans un fichier PNG "
            ";\n"
            "filme des diapositives, ou ce qu’un écran montre, en MP4 (H.264), avec leurs vraies "
            "transitions.\n"
            "\n"
            "  vitrine-render slide FICHIER.json -o IMAGE.png\n"
            "      [--media DOSSIER] [--size 1920x1080] [--diagonal-mm N] [--distance-mm N]\n"
            "      [--strip[=LIEU] [--at INSTANT]]\n"
            "  vitrine-render screen (--manifest FICHIER --key HEX | --state DOSSIER)\n"
            "      --at 2026-11-24T08:10:00+01:00 -o IMAGE.png [--media DOSSIER] [--size …]\n"
            "  vitrine-render film FICHIER.json… -o FILM.mp4 [--size 16:9|9:16|1:1|1920x1080]\n"
            "      [--transition fade|cut|slide|wipe] [--rate 30] [--strip[=LIEU]] [--media "
            "DOSSIER]\n"
            "  vitrine-render film (--manifest FICHIER --key HEX | --state DOSSIER) --at INSTANT\n"
            "      -o FILM.mp4 [--for SECONDES] [--size …] [--rate 30]\n"
            "  vitrine-render serve [--media DOSSIER]\n"
            "      répond sur la sortie standard à ce que le serveur demande sur l’entrée\n"
            "\n"
            "  --media        fichiers par SHA-256 (ab/abcdef…) ; défaut : cache du dossier "
            "--state\n"
            "  --size         taille en pixels, ou format : 16:9, 9:16, 1:1 (défaut : 1920x1080, "
            "ou l’écran)\n"
            "  --for          durée du film (défaut : une fois toute la boucle) ; --rate : images "
            "par seconde\n"
            "  --transition   entre les diapositives (défaut : fade)\n"
            "  --diagonal-mm  diagonale de l’écran ; --distance-mm : distance de lecture\n"
            "  --strip        avec le bandeau : lieu, date et heure (de --at, sinon 8 h 10, le 24 "
            "novembre)\n"
            "  --key          clé publique du serveur, 64 chiffres hexadécimaux\n"
            "  --state        dossier d’un lecteur : clé, programme et fichiers\n"
            "  --lang         fr ou en : langue des messages\n"
            "\n"
            "Le document d’une diapositive est celui du manifeste ; seuls « template » et « texts "
            "» sont\n"
            "obligatoires, et une image ou un film (« video ») peut être donné par « path », "
            "relatif au\n"
            "document (sous-titres : « captions_path »).\n"
            "Codes de sortie : 0 réussi, 1 contenu ou fichier en défaut, 2 mauvais emploi.\n",
            "Draws a slide, or what a screen shows at an instant, into a PNG file; films slides, "
            "or what\n"
            "a screen shows, as MP4 (H.264), with their real transitions.\n"
            "\n"
            "  vitrine-render slide FILE.json -o PICTURE.png\n"
            "      [--media FOLDER] [--size 1920x1080] [--diagonal-mm N] [--distance-mm N]\n"
            "      [--strip[=PLACE] [--at INSTANT]]\n"
            "  vitrine-render screen (--manifest FILE --key HEX | --state FOLDER)\n"
            "      --at 2026-11-24T08:10:00+01:00 -o PICTURE.png [--media FOLDER] [--size …]\n"
            "  vitrine-render film FILE.json… -o FILM.mp4 [--size 16:9|9:16|1:1|1920x1080]\n"
            "      [--transition fade|cut|slide|wipe] [--rate 30] [--strip[=PLACE]] [--media "
            "FOLDER]\n"
            "  vitrine-render film (--manifest FILE --key HEX | --state FOLDER) --at INSTANT\n"
            "      -o FILM.mp4 [--for SECONDS] [--size …] [--rate 30]\n"
            "  vitrine-render serve [--media FOLDER]\n"
            "      answers on standard output what the server asks on standard input\n"
            "\n"
            "  --media        files by SHA-256 (ab/abcdef…); default: the cache of the --state "
            "folder\n"
            "  --size         size in pixels, or a format: 16:9, 9:16, 1:1 (default: 1920x1080, "
            "or the screen's)\n"
            "  --for          length of the film (default: once through the loop); --rate: frames "
            "a second\n"
            "  --transition   between slides (default: fade)\n"
            "  --diagonal-mm  diagonal of the screen; --distance-mm: viewing distance\n"
            "  --strip        with the strip: place, date and clock (of --at, else 8:10 on 24 "
            "November)\n"
            "  --key          the server's public key, 64 hexadecimal digits\n"
            "  --state        a player's folder: key, programme and files\n"
            "  --lang         fr or en: language of messages\n"
            "\n"
            "A slide's document is the manifest's; only \"template\" and \"texts\" must be there, "
            "and a picture\n"
            "or a film (\"video\") may be given by \"path\", relative to the document (captions: "
            "\"captions_path\").\n"
            "Exit codes: 0 done, 1 content or file at fault, 2 wrong use.\n"),
        stdout);
}

static bool read_whole(const char *text, int min, int max, int *value_out)
{
    char *end;
    long value = strtol(text, &end, 10);
    *value_out = (int)value;
    return end != text && *end == '\0' && value >= min && value <= max;
}

static bool read_size(const char *text, struct render_options *options)
{
    static const struct {
        const char *format;
        int width, height;
    } formats[] = {{"16:9", 1920, 1080}, {"9:16", 1080, 1920}, {"1:1", 1080, 1080}};
    char *end;
    options->has_size = true;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(formats[i].format, text) == 0) {
            options->width = formats[i].width;
            options->height = formats[i].height;
            return true;
        }
    }
    long width = strtol(text, &end, 10);
    options->width = (int)width;
    return end != text && *end == 'x' && width >= 64 && width <= 8192 &&
           read_whole(end + 1, 64, 8192, &options->height);
}

/* The wall time as written is the screen's local time: the same text, read as UTC, tells it. */
static bool read_at(const char *text, struct render_options *options)
{
    const char *time = strchr(text, 'T');
    size_t zone = time == NULL ? 0 : (size_t)(time - text) + strcspn(time, "Z+-");
    char wall[64];
    int64_t wall_ms;
    if (!civil_parse_instant(text, &options->at_ms) ||
        snprintf(wall, sizeof wall, "%.*sZ", (int)zone, text) >= (int)sizeof wall ||
        !civil_parse_instant(wall, &wall_ms)) {
        return false;
    }
    options->at = text;
    options->at_offset_min = (int)((wall_ms - options->at_ms) / 60000);
    return true;
}

static bool read_option(int option, const char *value, struct render_options *options)
{
    switch (option) {
    case 'o':
        options->output = value;
        return true;
    case OPTION_MEDIA:
        options->media = value;
        return true;
    case OPTION_SIZE:
        return read_size(value, options);
    case OPTION_DIAGONAL:
        return read_whole(value, 50, 20000, &options->diagonal_mm);
    case OPTION_DISTANCE:
        return read_whole(value, 200, 100000, &options->distance_mm);
    case OPTION_STRIP:
        options->place = value != NULL ? value : "Vitrine";
        return true;
    case OPTION_MANIFEST:
        options->manifest = value;
        return true;
    case OPTION_KEY:
        options->key = value;
        return true;
    case OPTION_STATE:
        options->state = value;
        return true;
    case OPTION_AT:
        return read_at(value, options);
    case OPTION_FOR:
        return read_whole(value, 1, 3600, &options->for_s);
    case OPTION_RATE:
        return read_whole(value, 1, 60, &options->rate);
    case OPTION_TRANSITION:
        options->has_transition = true;
        return transition_parse(value, &options->transition);
    case OPTION_LANG:
        return lang_parse(value, &options->lang);
    case OPTION_HELP:
        options->action = RENDER_HELP;
        return true;
    case OPTION_VERSION:
        options->action = RENDER_VERSION;
        return true;
    default:
        return false;
    }
}

static bool misused(struct error *err)
{
    return error_set(err, ERROR_INVALID, "emploi incorrect, voir vitrine-render --help",
                     "wrong use, see vitrine-render --help");
}

static bool read_command(int argc, char **argv, struct render_options *options, struct error *err)
{
    const char *command = optind < argc ? argv[optind++] : "";
    options->slides = argv + optind;
    options->slide_count = (size_t)(argc - optind);
    if (strcmp(command, "slide") == 0 && options->slide_count == 1) {
        options->action = RENDER_SLIDE;
        return options->output != NULL || misused(err);
    }
    if (strcmp(command, "serve") == 0 && options->slide_count == 0) {
        options->action = RENDER_SERVE;
        return true;
    }
    bool sealed = options->manifest != NULL && options->key != NULL && options->state == NULL;
    bool state = options->state != NULL && options->manifest == NULL && options->key == NULL;
    bool programme = options->slide_count == 0 && options->at != NULL && (sealed || state);
    if (strcmp(command, "screen") == 0 && options->output != NULL && programme) {
        options->action = RENDER_SCREEN;
        return true;
    }
    bool slides = options->slide_count > 0 && options->manifest == NULL && options->state == NULL;
    if (strcmp(command, "film") == 0 && options->output != NULL &&
        (slides || (programme && !options->has_transition))) {
        options->action = RENDER_FILM;
        return true;
    }
    return misused(err);
}

bool render_options_read(int argc, char **argv, struct render_options *options_out,
                         struct error *err)
{
    *options_out = (struct render_options){.action = RENDER_SLIDE,
                                           .lang = lang_from_environment(),
                                           .width = 1920,
                                           .height = 1080,
                                           .rate = 30};
    if (!read_at("2026-11-24T08:10:00+01:00", options_out)) {
        return misused(err);
    }
    options_out->at = NULL;
    opterr = 0;
    for (int option; (option = getopt_long(argc, argv, "o:", long_options, NULL)) != -1;) {
        if (option == '?') {
            return misused(err);
        }
        if (!read_option(option, optarg, options_out)) {
            return error_set(err, ERROR_INVALID, "« %s » n’est pas compris, voir --help",
                             "\"%s\" is not understood, see --help", optarg);
        }
    }
    if (options_out->action == RENDER_HELP || options_out->action == RENDER_VERSION) {
        return true;
    }
    return read_command(argc, argv, options_out, err);
}
