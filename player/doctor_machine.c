#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/files.h"
#include "player/doctor_private.h"
#include "player/draw/fonts.h"
#include "player/platform/health.h"
#include "player/platform/power.h"
#include "player/platform/survey.h"
#include "playlists/template.h"

#define MIB (INT64_C(1024) * 1024)
#define MEMORY_MIN (INT64_C(150) * MIB)
#define HOT_C 85

static void advise_group(struct doctor *doctor, const struct survey_devices *devices)
{
    if (strcmp(devices->group, "root") == 0 || devices->group[0] == '\0') {
        doctor_advise(doctor, "« %s » n’est ouvert qu’à root : voyez les règles udev",
                      "\"%s\" is open to root only: look at the udev rules", devices->denied);
        return;
    }
    doctor_advise(doctor,
                  "ajoutez le compte du lecteur au groupe « %s » (sudo usermod -aG %s vitrine), "
                  "puis redémarrez le lecteur",
                  "add the player's account to the group \"%s\" (sudo usermod -aG %s vitrine), "
                  "then restart the player",
                  devices->group, devices->group);
}

/* --- Assets --- */

static void check_assets(struct doctor *doctor)
{
    char path[1024];
    struct error err;
    char text[1024];
    const char *assets = doctor->options->assets;
    snprintf(path, sizeof path, "%s/fonts/AtkinsonHyperlegibleNext-Regular.ttf", assets);
    if (access(path, R_OK) == 0) {
        char plain[PATH_MAX]; /* without bin/../share */
        assets = realpath(assets, plain) != NULL ? plain : assets;
        doctor_say(doctor, DOCTOR_WELL, "Polices", "Fonts", "%s/fonts", "%s/fonts", assets);
    } else {
        doctor_say(doctor, DOCTOR_WRONG, "Polices", "Fonts", "introuvables dans « %s »",
                   "not found in \"%s\"", assets);
        doctor_advise(doctor, "réinstallez le paquet, ou donnez --assets DOSSIER",
                      "install the package again, or give --assets FOLDER");
    }
    snprintf(path, sizeof path, "%s/templates", doctor->options->assets);
    struct template_set *templates = template_set_load(path, &err);
    if (templates != NULL) {
        doctor_say(doctor, DOCTOR_WELL, "Modèles", "Templates", "%zu modèles de page",
                   "%zu templates of slides", template_set_count(templates));
    } else {
        doctor_say(doctor, DOCTOR_WRONG, "Modèles", "Templates", "%s", "%s",
                   error_text(&err, doctor->lang, text, sizeof text));
        doctor_advise(doctor, "réinstallez le paquet", "install the package again");
    }
    template_set_destroy(templates);
}

/* --- Display --- */

static void check_screen(struct doctor *doctor, struct survey_display *display)
{
    struct error err;
    bool kms = access("/dev/dri", F_OK) == 0;
    if (survey_display(doctor->options->display, !doctor->running, display, &err)) {
        bool seen =
            strcmp(display->driver, "dummy") != 0 && strcmp(display->driver, "offscreen") != 0;
        char rate[32] = "";
        if (display->refresh > 0) {
            snprintf(rate, sizeof rate, lang_pick(doctor->lang, " à %d Hz", " at %d Hz"),
                     display->refresh);
        }
        doctor_say(doctor, seen ? DOCTOR_WELL : DOCTOR_WRONG, "Écran", "Display",
                   "%d × %d%s par %s", "%d × %d%s by %s", display->width, display->height, rate,
                   display->driver);
        if (!seen) {
            doctor_advise(doctor, "« %s » ne montre rien à personne : ôtez SDL_VIDEODRIVER",
                          "\"%s\" shows nothing to anybody: unset SDL_VIDEODRIVER",
                          display->driver);
        }
    } else if (doctor->running && !getenv("DISPLAY") && !getenv("WAYLAND_DISPLAY")) {
        doctor_say(doctor, DOCTOR_NOTED, "Écran", "Display",
                   "pris par le lecteur qui tourne : rien à essayer d’ici",
                   "held by the running player: nothing to try from here");
    } else {
        doctor_say(doctor, DOCTOR_WRONG, "Écran", "Display", "aucun ne répond (essayés : %s)",
                   "none answers (tried: %s)", display->tried);
        if (kms) {
            doctor_advise(doctor,
                          "branchez l’écran et allumez-le ; sans bureau, lancez le lecteur par son "
                          "service (sudo systemctl start vitrine-player)",
                          "plug the display in and switch it on; without a desktop start the "
                          "player by its service (sudo systemctl start vitrine-player)");
        } else {
            doctor_advise(doctor,
                          "cette machine n’a ni bureau (DISPLAY) ni sortie vidéo connue du noyau "
                          "(/dev/dri) : il manque son pilote",
                          "this machine has neither a desktop (DISPLAY) nor a video output that "
                          "the kernel knows (/dev/dri): its driver is missing");
        }
    }
}

/* Drawing by the processor is no fault: it is said, and why. */
static void check_graphics(struct doctor *doctor, const struct survey_display *display)
{
    struct survey_devices nodes;
    struct survey_devices cards;
    survey_render_nodes(&nodes);
    survey_cards(&cards);
    const struct survey_devices *denied = nodes.denied[0] != '\0' ? &nodes : &cards;
    if (denied->denied[0] != '\0') {
        doctor_say(doctor, DOCTOR_WRONG, "Carte graphique", "Graphics card",
                   "« %s » est interdit à ce compte", "\"%s\" is forbidden to this account",
                   denied->denied);
        advise_group(doctor, denied);
    } else if (nodes.count == 0) {
        doctor_say(doctor, DOCTOR_NOTED, "Carte graphique", "Graphics card",
                   "aucune (pas de /dev/dri/renderD*) : le processeur dessine, cela suffit",
                   "none (no /dev/dri/renderD*): the processor draws, which is enough");
    } else if (strcmp(display->presenter, "surface") == 0) {
        doctor_say(doctor, DOCTOR_NOTED, "Carte graphique", "Graphics card",
                   "là, mais son pilote calcule sans elle (llvmpipe) : le processeur dessine",
                   "there, but its driver works without it (llvmpipe): the processor draws");
    } else {
        doctor_say(doctor, DOCTOR_WELL, "Carte graphique", "Graphics card", "utilisable%s%s",
                   "usable%s%s", display->presenter[0] != '\0' ? ", par " : "", display->presenter);
    }
}

static void check_touch(struct doctor *doctor)
{
    struct survey_devices touch;
    survey_touch(&touch);
    if (touch.count == 0) {
        doctor_say(doctor, DOCTOR_NOTED, "Écran tactile", "Touch panel",
                   "aucun (il n’en faut que pour une borne)", "none (only a kiosk needs one)");
    } else if (touch.usable == 0) {
        doctor_say(doctor, DOCTOR_WRONG, "Écran tactile", "Touch panel",
                   "« %s » est interdit à ce compte", "\"%s\" is forbidden to this account",
                   touch.denied);
        advise_group(doctor, &touch);
    } else {
        doctor_say(doctor, DOCTOR_WELL, "Écran tactile", "Touch panel", "%s", "%s",
                   touch.name[0] != '\0' ? touch.name : "/dev/input");
    }
}

static void check_decoders(struct doctor *doctor)
{
    struct survey_devices decoders;
    struct survey_devices nodes;
    survey_decoders(&decoders);
    survey_render_nodes(&nodes);
    if (decoders.usable > 0) {
        doctor_say(doctor, DOCTOR_WELL, "Films", "Films", "décodés par la machine (%s)",
                   "decoded by the machine (%s)", decoders.name);
    } else if (decoders.denied[0] != '\0') {
        doctor_say(doctor, DOCTOR_WRONG, "Films", "Films", "« %s » est interdit à ce compte",
                   "\"%s\" is forbidden to this account", decoders.denied);
        advise_group(doctor, &decoders);
    } else if (nodes.usable > 0) {
        doctor_say(doctor, DOCTOR_WELL, "Films", "Films",
                   "décodés par la carte graphique si son pilote le sait (VAAPI), sinon par le "
                   "processeur",
                   "decoded by the graphics card if its driver can (VAAPI), else by the processor");
    } else {
        doctor_say(doctor, DOCTOR_NOTED, "Films", "Films",
                   "décodés par le processeur (ni VAAPI ni V4L2) : jusqu’à 1080p à 30 images/s",
                   "decoded by the processor (neither VAAPI nor V4L2): up to 1080p at 30 "
                   "pictures/s");
    }
}

static void check_power(struct doctor *doctor)
{
    struct power_ways ways;
    power_look(NULL, &ways);
    if (ways.x11 || ways.connectors > 0 || ways.cec_connected) {
        doctor_say(doctor, DOCTOR_WELL, "Mise en veille", "Display sleep",
                   "l’écran peut être éteint par%s%s%s", "the display can be switched off by%s%s%s",
                   ways.x11 ? " X11 (DPMS)" : "", ways.connectors > 0 ? " KMS (DPMS)" : "",
                   ways.cec_connected ? " HDMI-CEC" : "");
    } else if (ways.cec_denied) {
        doctor_say(doctor, DOCTOR_WRONG, "Mise en veille", "Display sleep",
                   "/dev/cec* est interdit à ce compte", "/dev/cec* is forbidden to this account");
        doctor_advise(doctor,
                      "ajoutez le compte du lecteur au groupe « video » (sudo usermod -aG video "
                      "vitrine)",
                      "add the player's account to the group \"video\" (sudo usermod -aG video "
                      "vitrine)");
    } else {
        doctor_say(doctor, DOCTOR_NOTED, "Mise en veille", "Display sleep",
                   "aucun moyen d’éteindre l’écran : hors des heures d’ouverture il reste noir",
                   "no way to switch the display off: outside opening hours it stays black");
    }
}

/* --- Health --- */

static void check_heat(struct doctor *doctor, const struct health *health)
{
    if (health->temperature_c == HEALTH_UNKNOWN) {
        doctor_say(doctor, DOCTOR_NOTED, "Température", "Temperature", "aucune sonde", "no sensor");
    } else {
        bool hot = health->temperature_c >= HOT_C;
        doctor_say(doctor, hot ? DOCTOR_WRONG : DOCTOR_WELL, "Température", "Temperature", "%d °C",
                   "%d °C", (int)health->temperature_c);
        if (hot) {
            doctor_advise(doctor, "aérez le boîtier, ôtez la poussière, vérifiez le ventilateur",
                          "give the case air, remove dust, check the fan");
        }
    }
    if (health->throttled) {
        doctor_say(doctor, DOCTOR_WRONG, "Processeur", "Processor",
                   "ralenti par la chaleur ou par une alimentation trop faible depuis le démarrage",
                   "slowed down by heat or a weak power supply since the machine was started");
        doctor_advise(doctor, "aérez le boîtier ; prenez l’alimentation prévue pour ce modèle",
                      "give the case air; use the power supply made for this model");
    }
}

static void check_memory(struct doctor *doctor, const struct health *health)
{
    if (health->memory_total == HEALTH_UNKNOWN || health->memory_free == HEALTH_UNKNOWN) {
        doctor_say(doctor, DOCTOR_NOTED, "Mémoire", "Memory", "inconnue", "unknown");
        return;
    }
    bool low = health->memory_free < MEMORY_MIN;
    doctor_say(doctor, low ? DOCTOR_WRONG : DOCTOR_WELL, "Mémoire", "Memory",
               "%d Mio libres sur %d", "%d MiB free of %d", (int)(health->memory_free / MIB),
               (int)(health->memory_total / MIB));
    if (low) {
        doctor_advise(doctor, "arrêtez ce qui n’est pas le lecteur : il lui en faut 150",
                      "stop what is not the player: it needs 150");
    }
}

void doctor_check_machine(struct doctor *doctor)
{
    struct survey_display display;
    struct health health;
    health_read("", doctor->options->state, &health);
    doctor_group(doctor, "Affichage", "Display");
    check_assets(doctor);
    check_screen(doctor, &display);
    check_graphics(doctor, &display);
    check_touch(doctor);
    check_decoders(doctor);
    check_power(doctor);
    doctor_group(doctor, "Machine", "Machine");
    check_heat(doctor, &health);
    check_memory(doctor, &health);
}
