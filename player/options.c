#include "player/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/civil.h"
#include "core/files.h"
#include "player/sync/transport.h"

struct option {
    const char *name; /* VITRINE_NAME in the environment */
    const char *value_fr;
    const char *value_en;
    bool (*read)(struct options *options, const char *value);
    const char *fr;
    const char *en;
};

static bool read_whole(const char *text, long min, long max, int *value_out)
{
    char *end;
    errno = 0;
    long value = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < min || value > max) {
        return false;
    }
    *value_out = (int)value;
    return true;
}

static bool read_server(struct options *options, const char *value)
{
    options->server = value;
    return transport_check_server(value, NULL);
}

static bool read_state(struct options *options, const char *value)
{
    return snprintf(options->state, sizeof options->state, "%s", value) <
               (int)sizeof options->state &&
           value[0] != '\0';
}

static bool read_assets(struct options *options, const char *value)
{
    return snprintf(options->assets, sizeof options->assets, "%s", value) <
               (int)sizeof options->assets &&
           value[0] != '\0';
}

static bool read_windowed(struct options *options, const char *value)
{
    const char *times = strchr(value, 'x');
    char width[16];
    if (times == NULL || times - value >= (long)sizeof width) {
        return false;
    }
    memcpy(width, value, (size_t)(times - value));
    width[times - value] = '\0';
    return read_whole(width, 64, 8192, &options->width) &&
           read_whole(times + 1, 64, 8192, &options->height);
}

static bool read_rotation(struct options *options, const char *value)
{
    return read_whole(value, 0, 270, &options->rotation) && options->rotation % 90 == 0;
}

static bool read_backend(struct options *options, const char *value)
{
    static const char *const names[] = {[PRESENTER_AUTO] = "auto",
                                        [PRESENTER_SURFACE] = "surface",
                                        [PRESENTER_RENDERER] = "renderer"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(value, names[i]) == 0) {
            options->backend = (enum presenter_backend)i;
            return true;
        }
    }
    return false;
}

/* "0", or several: "0,1". */
static bool read_display(struct options *options, const char *value)
{
    const char *end;
    do {
        char number[8];
        int count = options->display_count;
        end = strchr(value, ',');
        size_t length = end != NULL ? (size_t)(end - value) : strlen(value);
        if (count == OPTIONS_DISPLAYS_MAX || length >= sizeof number) {
            return false;
        }
        memcpy(number, value, length);
        number[length] = '\0';
        if (!read_whole(number, 0, 63, &options->displays[count])) {
            return false;
        }
        options->display_count++;
        value = end + 1;
    } while (end != NULL);
    return true;
}

static bool read_quota(struct options *options, const char *value)
{
    int mebibytes;
    if (!read_whole(value, 16, 1024 * 1024, &mebibytes)) {
        return false;
    }
    options->quota_bytes = (int64_t)mebibytes * 1024 * 1024;
    return true;
}

static bool read_lang(struct options *options, const char *value)
{
    return lang_parse(value, &options->lang);
}

static bool read_diagonal(struct options *options, const char *value)
{
    return read_whole(value, 50, 20000, &options->diagonal_mm);
}

static bool read_distance(struct options *options, const char *value)
{
    return read_whole(value, 200, 100000, &options->distance_mm);
}

static bool read_at(struct options *options, const char *value)
{
    options->has_at = true;
    return civil_parse_instant(value, &options->at_ms);
}

static bool read_frames_to(struct options *options, const char *value)
{
    options->frames_to = value;
    return value[0] != '\0';
}

static bool read_quit_after(struct options *options, const char *value)
{
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end != '\0' || !(seconds > 0 && seconds < 1e9)) {
        return false;
    }
    options->quit_after_ms = (int64_t)(seconds * 1000);
    return true;
}

static const struct option table[] = {
    {"server", "URL", "URL", read_server,
     "serveur de contenus (https ; http sur cette machine seulement)",
     "content server (https; http on this machine only)"},
    {"state", "DOSSIER", "FOLDER", read_state,
     "clé, programme et fichiers gardés (défaut : $STATE_DIRECTORY, ~/.local/state/vitrine)",
     "key, programme and files kept (default: $STATE_DIRECTORY, ~/.local/state/vitrine)"},
    {"assets", "DOSSIER", "FOLDER", read_assets, "polices et icônes", "fonts and icons"},
    {"windowed", "LxH", "WxH", read_windowed, "fenêtre de cette taille en pixels",
     "a window of this size in pixels"},
    {"rotation", "DEGRÉS", "DEGREES", read_rotation,
     "0, 90, 180 ou 270, sens horaire (défaut : celle du programme)",
     "0, 90, 180 or 270, clockwise (default: the programme's)"},
    {"backend", "NOM", "NAME", read_backend,
     "auto, surface (sans carte graphique) ou renderer (avec)",
     "auto, surface (no GPU) or renderer (GPU)"},
    {"display", "N", "N", read_display,
     "numéro de l’écran, à partir de 0 ; répétée (ou « 0,1 ») : un programme par écran, le second "
     "a son dossier display-2 dans celui de --state",
     "number of the display, from 0; repeated (or \"0,1\"): a programme for each, the second has "
     "its folder display-2 in that of --state"},
    {"cache-quota", "MIO", "MIB", read_quota,
     "place des fichiers gardés, en Mio (défaut : 8192, au plus 80 % du disque)",
     "room for the files kept, in MiB (default: 8192, at most 80 % of the disk)"},
    {"lang", "fr|en", "fr|en", read_lang, "langue des messages de l’écran",
     "language of the screen's own messages"},
    {"diagonal-mm", "MM", "MM", read_diagonal,
     "diagonale de l’écran, tant qu’aucun programme ne la dit",
     "diagonal of the screen, until a programme says"},
    {"distance-mm", "MM", "MM", read_distance, "distance à laquelle on le regarde, de même",
     "distance from which people look at it, likewise"},
    {"at", "INSTANT", "INSTANT", read_at,
     "démarrer l’horloge à cet instant (2026-11-24T08:10:00+01:00)",
     "start the clock at this instant (2026-11-24T08:10:00+01:00)"},
    {"frames-to", "DOSSIER", "FOLDER", read_frames_to, "enregistrer chaque image montrée en PNG",
     "save every frame shown as PNG"},
    {"quit-after", "SECONDES", "SECONDS", read_quit_after, "s’arrêter après ce temps",
     "stop after this time"},
};

#define OPTION_COUNT (sizeof table / sizeof table[0])

static const struct option *find_option(const char *name)
{
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(table[i].name, name) == 0) {
            return &table[i];
        }
    }
    return NULL;
}

static void variable_name(const char *name, char buf[64])
{
    size_t length = (size_t)snprintf(buf, 64, "VITRINE_%s", name);
    for (size_t i = 0; i < length; i++) {
        buf[i] = buf[i] == '-' ? '_' : (char)toupper((unsigned char)buf[i]);
    }
}

/* transport_check_server says more than "not understood". */
static bool refuse(const struct option *option, const char *value, const char *where,
                   struct error *err)
{
    if (option->read == read_server && !transport_check_server(value, err)) {
        return false;
    }
    return error_set(err, ERROR_INVALID, "%s : « %s » n’est pas compris (voir --help)",
                     "%s: \"%s\" is not understood (see --help)", where, value);
}

static bool read_environment(struct options *options, struct error *err)
{
    const char *reduced = getenv("VITRINE_REDUCED_MOTION");
    options->reduced_motion = reduced != NULL && strcmp(reduced, "1") == 0;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        char name[64];
        variable_name(table[i].name, name);
        const char *value = getenv(name);
        if (value != NULL && value[0] != '\0' && !table[i].read(options, value)) {
            return refuse(&table[i], value, name, err);
        }
    }
    return true;
}

static bool read_argument(struct options *options, char **argv, int *index, struct error *err)
{
    const char *argument = argv[*index];
    if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0) {
        options->action = OPTIONS_HELP;
        return true;
    }
    if (strcmp(argument, "--version") == 0) {
        options->action = OPTIONS_VERSION;
        return true;
    }
    if (strcmp(argument, "--doctor") == 0) {
        options->action = OPTIONS_DOCTOR;
        return true;
    }
    if (strcmp(argument, "--reduced-motion") == 0) {
        options->reduced_motion = true;
        return true;
    }
    char name[64];
    const char *equals = strchr(argument, '=');
    size_t length = equals != NULL ? (size_t)(equals - argument) : strlen(argument);
    const struct option *option = NULL;
    if (strncmp(argument, "--", 2) == 0 && length - 2 < sizeof name) {
        memcpy(name, argument + 2, length - 2);
        name[length - 2] = '\0';
        option = find_option(name);
    }
    if (option == NULL) {
        return error_set(err, ERROR_INVALID, "option « %s » inconnue (voir --help)",
                         "unknown option \"%s\" (see --help)", argument);
    }
    const char *value = equals != NULL ? equals + 1 : argv[++*index];
    if (option->read == read_display && !options->displays_given) {
        options->displays_given = true;
        options->display_count = 0; /* the option wins over the variable */
    }
    if (value == NULL) {
        return error_set(err, ERROR_INVALID, "--%s : il manque la valeur",
                         "--%s: its value is missing", option->name);
    }
    return option->read(options, value) || refuse(option, value, argument, err);
}

static void set_defaults(struct options *options)
{
    const char *folder = getenv("STATE_DIRECTORY");
    const char *home = getenv("HOME");
    memset(options, 0, sizeof *options);
    options->rotation = -1;
    options->lang = lang_from_environment();
    if (folder != NULL && folder[0] != '\0') {
        snprintf(options->state, sizeof options->state, "%s", folder);
    } else if ((folder = getenv("XDG_STATE_HOME")) != NULL && folder[0] != '\0') {
        snprintf(options->state, sizeof options->state, "%s/vitrine", folder);
    } else if (home != NULL && home[0] != '\0') {
        snprintf(options->state, sizeof options->state, "%s/.local/state/vitrine", home);
    } else {
        snprintf(options->state, sizeof options->state, "/var/lib/vitrine");
    }
}

bool options_read(int argc, char **argv, struct options *options_out, struct error *err)
{
    set_defaults(options_out);
    if (!read_environment(options_out, err)) {
        return false;
    }
    for (int i = 1; i < argc; i++) {
        if (!read_argument(options_out, argv, &i, err)) {
            return false;
        }
    }
    options_out->display_count += options_out->display_count == 0 ? 1 : 0;
    options_out->display = options_out->displays[0];
    if (options_out->assets[0] == '\0' &&
        assets_folder(options_out->assets, sizeof options_out->assets) == NULL &&
        options_out->action == OPTIONS_RUN) {
        return error_set(err, ERROR_NOT_FOUND, "polices introuvables : donnez --assets DOSSIER",
                         "fonts not found: give --assets FOLDER");
    }
    return true;
}

void options_print_help(enum lang lang)
{
    fputs(lang_pick(lang,
                    "vitrine-player : montre le programme d’un écran.\n\n"
                    "Chaque option a sa variable d’environnement, donnée à droite ; l’option "
                    "l’emporte.\n\n",
                    "vitrine-player: shows a screen's programme.\n\n"
                    "Every option has its environment variable, given beside it; the option "
                    "wins.\n\n"),
          stdout);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        char variable[64];
        variable_name(table[i].name, variable);
        printf("  --%s %s   (%s)\n        %s\n", table[i].name,
               lang_pick(lang, table[i].value_fr, table[i].value_en), variable,
               lang_pick(lang, table[i].fr, table[i].en));
    }
    fputs(lang_pick(lang,
                    "  --reduced-motion   (VITRINE_REDUCED_MOTION=1)\n        rien ne traverse "
                    "l’écran : les transitions sont des fondus\n"
                    "  --doctor\n        dire ce qui ne va pas sur cette machine, et que faire\n"
                    "  --version\n  --help\n\nSIGHUP : redemander le programme au serveur. "
                    "SIGTERM : s’arrêter.\n",
                    "  --reduced-motion   (VITRINE_REDUCED_MOTION=1)\n        nothing travels over "
                    "the screen: transitions are fades\n"
                    "  --doctor\n        say what is wrong with this machine, and what to do\n"
                    "  --version\n  --help\n\nSIGHUP: ask the server for the programme again. "
                    "SIGTERM: stop.\n"),
          stdout);
}
