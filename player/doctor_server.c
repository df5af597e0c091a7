#include <stdlib.h>
#include <string.h>

#include "core/files.h"
#include "core/sign.h"
#include "player/doctor_private.h"
#include "player/sync/kernel_clock.h"
#include "player/sync/probe.h"
#include "playlists/enrolment.h"

#define CLOCK_FLOOR_MS INT64_C(1767225600000) /* 2026: before it no clock is right */
#define AHEAD_MAX_S 30

static void check_clock(struct doctor *doctor)
{
    struct timekeeper_reading reading;
    kernel_clock_read(&reading);
    if (clock_wall_ms(&doctor->clock) < CLOCK_FLOOR_MS) {
        doctor_say(doctor, DOCTOR_WRONG, "Horloge", "Clock",
                   "la machine ne sait pas l’heure (pile de l’horloge vide ?)",
                   "the machine does not know the time (is the clock's battery empty?)");
        doctor_advise(
            doctor,
            "activez la mise à l’heure (sudo timedatectl set-ntp true), changez la pile ; "
            "en attendant le lecteur prend l’heure du serveur",
            "switch time synchronisation on (sudo timedatectl set-ntp true), replace the "
            "battery; meanwhile the player takes the server's time");
    } else if (reading.synchronised) {
        doctor_say(doctor, DOCTOR_WELL, "Horloge", "Clock", "à l’heure (synchronisée)",
                   "right (synchronised)");
    } else {
        doctor_say(doctor, DOCTOR_NOTED, "Horloge", "Clock",
                   "pas synchronisée : le lecteur se règle sur le serveur (mieux : sudo "
                   "timedatectl set-ntp true)",
                   "not synchronised: the player goes by the server (better: sudo timedatectl "
                   "set-ntp true)");
    }
}

static void say_unreached(struct doctor *doctor, const struct probe *probe, const struct error *err)
{
    char text[1024];
    switch (probe->stage) {
    case PROBE_NAME:
        doctor_say(doctor, DOCTOR_WRONG, "Serveur", "Server", "« %s » n’a pas d’adresse",
                   "\"%s\" has no address", probe->host);
        doctor_advise(doctor,
                      "vérifiez le câble ou le modem, puis le nom dans VITRINE_SERVER et le DNS "
                      "(getent hosts %s)",
                      "check the cable or the modem, then the name in VITRINE_SERVER and the DNS "
                      "(getent hosts %s)",
                      probe->host);
        break;
    case PROBE_CONNECT:
        doctor_say(doctor, DOCTOR_WRONG, "Serveur", "Server", "« %s » ne répond pas",
                   "\"%s\" does not answer", probe->host);
        doctor_advise(doctor,
                      "vérifiez que le serveur est en marche et qu’aucun pare-feu n’arrête les "
                      "connexions sortantes (port 443)",
                      "check that the server runs and that no firewall stops outgoing connections "
                      "(port 443)");
        break;
    case PROBE_TLS:
        doctor_say(doctor, DOCTOR_WRONG, "Serveur", "Server", "liaison non sûre avec « %s » : %s",
                   "no secure connection to \"%s\": %s", probe->host,
                   error_text(err, doctor->lang, text, sizeof text));
        doctor_advise(doctor,
                      "vérifiez l’heure de cette machine et le certificat du serveur (paquet "
                      "ca-certificates)",
                      "check this machine's time and the server's certificate (package "
                      "ca-certificates)");
        break;
    default:
        doctor_say(doctor, DOCTOR_WRONG, "Serveur", "Server", "pas de réponse de « %s » : %s",
                   "no answer from \"%s\": %s", probe->host,
                   error_text(err, doctor->lang, text, sizeof text));
    }
}

static void check_time_difference(struct doctor *doctor, const struct probe *probe)
{
    long long ahead = (long long)probe->machine_ahead_s;
    long long difference = ahead < 0 ? -ahead : ahead;
    if (!probe->has_date) {
        return;
    }
    bool off = difference > AHEAD_MAX_S;
    doctor_say(doctor, off ? DOCTOR_WRONG : DOCTOR_WELL, "Écart d’heure", "Time difference",
               off ? "%lld s entre cette machine et le serveur" : "moins de %lld s avec le serveur",
               off ? "%lld s between this machine and the server"
                   : "less than %lld s to the server",
               off ? difference : difference + 1);
    if (off) {
        doctor_advise(doctor,
                      "mettez à l’heure celle des deux qui a tort (timedatectl) ; le lecteur "
                      "croit le serveur tant que sa machine n’est pas synchronisée",
                      "set the one that is wrong right (timedatectl); the player believes the "
                      "server as long as its machine is not synchronised");
    }
}

/* The code is known without a server; the key is not made here. */
static void say_code(struct doctor *doctor)
{
    char path[STATE_PATH_SIZE];
    char code[ENROLMENT_CODE_SIZE];
    char fingerprint[ENROLMENT_FINGERPRINT_SIZE];
    char text[1024];
    struct sign_keys keys;
    struct error err;
    if (path_join(path, sizeof path, doctor->state.folder, "key") == NULL || !file_exists(path)) {
        doctor_say(doctor, DOCTOR_NOTED, "Inscription", "Enrolment",
                   "pas encore demandée : lancez le lecteur une fois",
                   "not asked for yet: start the player once");
        return;
    }
    if (!sign_keys_load_or_create(path, &keys, &err)) {
        doctor_say(doctor, DOCTOR_WRONG, "Inscription", "Enrolment", "%s", "%s",
                   error_text(&err, doctor->lang, text, sizeof text));
        return;
    }
    enrolment_code(&keys.public, code);
    enrolment_fingerprint(&keys.public, fingerprint);
    doctor_say(doctor, DOCTOR_WRONG, "Inscription", "Enrolment",
               "pas encore acceptée : code %s, empreinte %s",
               "not accepted yet: code %s, fingerprint %s", code, fingerprint);
    doctor_advise(doctor, "dites-les à l’administrateur, qui accepte l’écran dans « Écrans »",
                  "read them out to the administrator, who accepts the screen under \"Screens\"");
}

static void check_enrolment(struct doctor *doctor, const struct probe *probe)
{
    if (doctor->server.screen[0] == '\0') {
        say_code(doctor);
        return;
    }
    if (probe != NULL && doctor->server.token[0] != '\0' && !probe->token_known) {
        doctor_say(doctor, DOCTOR_WRONG, "Inscription", "Enrolment",
                   "le serveur ne connaît plus cet écran (%s)",
                   "the server does not know this screen any more (%s)", doctor->server.screen);
        say_code(doctor);
        return;
    }
    doctor_say(doctor, DOCTOR_WELL, "Inscription", "Enrolment", "écran %s", "screen %s",
               doctor->server.screen);
}

void doctor_check_enrolment(struct doctor *doctor)
{
    check_enrolment(doctor, NULL);
}

void doctor_check_server(struct doctor *doctor)
{
    const char *server = doctor->options->server;
    struct probe probe;
    struct error err;
    doctor_group(doctor, "Heure et réseau", "Time and network");
    check_clock(doctor);
    if (server == NULL) {
        doctor_say(doctor, DOCTOR_NOTED, "Serveur", "Server",
                   "aucun n’est configuré (VITRINE_SERVER dans /etc/vitrine/player.env)",
                   "none is configured (VITRINE_SERVER in /etc/vitrine/player.env)");
        doctor_check_enrolment(doctor);
        return;
    }
    const char *token = doctor->server.token[0] != '\0' ? doctor->server.token : NULL;
    probe_server(server, token, &probe, &err);
    if (probe.stage != PROBE_DONE) {
        say_unreached(doctor, &probe, &err);
        doctor_check_enrolment(doctor);
        return;
    }
    bool answers = probe.status < 500 && probe.status != 404;
    doctor_say(doctor, answers ? DOCTOR_WELL : DOCTOR_WRONG, "Serveur", "Server",
               "« %s » (%s) répond en %d ms%s%s", "\"%s\" (%s) answers in %d ms%s%s", probe.host,
               probe.address, (int)probe.elapsed_ms,
               answers ? ""
                       : lang_pick(doctor->lang, ", mais pas comme un serveur Vitrine",
                                   ", but not as a Vitrine server"),
               strncmp(server, "https", 5) == 0
                   ? lang_pick(doctor->lang, ", liaison sûre", ", secure connection")
                   : "");
    if (!answers) {
        doctor_advise(doctor, "réponse %d : vérifiez VITRINE_SERVER, et que vitrine-server tourne",
                      "answer %d: check VITRINE_SERVER, and that vitrine-server runs",
                      probe.status);
    }
    check_time_difference(doctor, &probe);
    check_enrolment(doctor, answers ? &probe : NULL);
}
