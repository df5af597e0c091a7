#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/civil.h"
#include "core/files.h"
#include "player/doctor_private.h"
#include "player/platform/health.h"
#include "player/report/quarantine.h"
#include "player/report/spool.h"

#define MIB (INT64_C(1024) * 1024)
#define FREE_MIN (INT64_C(200) * MIB)
#define SYNC_SLOW_MS 1000
#define DAY_MS INT64_C(86400000)
#define UNIT_CGROUP "/sys/fs/cgroup/system.slice/vitrine-player.service"

/* --- Folder --- */

/* The type of the file system that the folder is on: the longest mount point that begins its path.
 */
static void file_system(const char *folder, char *type_out, size_t size)
{
    char path[4096];
    size_t best = 0;
    snprintf(type_out, size, "?");
    FILE *mounts = setmntent("/proc/self/mounts", "re");
    if (mounts == NULL || realpath(folder, path) == NULL) {
        if (mounts != NULL) {
            endmntent(mounts);
        }
        return;
    }
    for (const struct mntent *mount = getmntent(mounts); mount != NULL; mount = getmntent(mounts)) {
        size_t length = strlen(mount->mnt_dir);
        bool below = strncmp(path, mount->mnt_dir, length) == 0 &&
                     (path[length] == '/' || path[length] == '\0' || length == 1);
        if (below && length >= best) {
            best = length;
            snprintf(type_out, size, "%s", mount->mnt_type);
        }
    }
    endmntent(mounts);
}

/* How long a small file takes to be on disk; -1 with errno when it cannot be written. */
static int64_t measure_sync(struct doctor *doctor)
{
    char path[STATE_PATH_SIZE];
    char bytes[4096] = "vitrine-player --doctor";
    int64_t before = clock_mono_ms(&doctor->clock);
    snprintf(path, sizeof path, "%s/.doctor-%d", doctor->state.folder, (int)getpid());
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return -1;
    }
    bool ok = write(fd, bytes, sizeof bytes) == (ssize_t)sizeof bytes && fsync(fd) == 0;
    int error = errno;
    close(fd);
    (void)unlink(path);
    errno = error;
    return ok ? clock_mono_ms(&doctor->clock) - before : -1;
}

static void advise_unwritable(struct doctor *doctor, int error)
{
    switch (error) {
    case EROFS:
        doctor_advise(doctor,
                      "le disque est monté en lecture seule : le lecteur joue ce qu’il a, sans "
                      "rien recevoir de nouveau ; si personne ne l’a voulu, la carte est usée, "
                      "changez-la",
                      "the disk is mounted read-only: the player plays what it has and takes "
                      "nothing new; unless somebody meant it, the card is worn out, replace it");
        break;
    case EACCES:
    case EPERM:
        doctor_advise(doctor,
                      "lancez ce diagnostic sous le compte du lecteur : sudo vitrine-doctor",
                      "run this check as the player's account: sudo vitrine-doctor");
        break;
    case ENOSPC:
    case EDQUOT:
        doctor_advise(doctor, "libérez de la place", "free some space");
        break;
    default:
        doctor_advise(doctor, "le disque répond mal : vérifiez-le (dmesg), changez-le",
                      "the disk fails: check it (dmesg), replace it");
    }
}

static bool check_folder(struct doctor *doctor)
{
    char type[64];
    const char *folder = doctor->state.folder;
    if (access(folder, F_OK) != 0) {
        bool denied = errno == EACCES;
        doctor_say(doctor, denied ? DOCTOR_WRONG : DOCTOR_NOTED, "Dossier", "Folder",
                   denied ? "« %s » est interdit à ce compte"
                          : "« %s » n’existe pas encore : le lecteur le crée à son premier départ",
                   denied ? "\"%s\" is forbidden to this account"
                          : "\"%s\" is not there yet: the player makes it at its first start",
                   folder);
        if (denied) {
            advise_unwritable(doctor, EACCES);
        }
        return false;
    }
    file_system(folder, type, sizeof type);
    int64_t sync_ms = measure_sync(doctor);
    if (sync_ms < 0) {
        int error = errno;
        doctor_say(doctor, DOCTOR_WRONG, "Dossier", "Folder", "« %s » (%s) : %s", "\"%s\" (%s): %s",
                   folder, type, strerror(error));
        advise_unwritable(doctor, error);
    } else {
        bool slow = sync_ms > SYNC_SLOW_MS;
        doctor_say(doctor, slow ? DOCTOR_WRONG : DOCTOR_WELL, "Dossier", "Folder",
                   "« %s » (%s), écriture en %d ms", "\"%s\" (%s), written in %d ms", folder, type,
                   (int)sync_ms);
        if (slow) {
            doctor_advise(doctor, "disque très lent : la carte est peut-être usée, changez-la",
                          "a very slow disk: the card may be worn out, replace it");
        }
    }
    return true;
}

static void check_space(struct doctor *doctor)
{
    struct health health;
    health_read("", doctor->state.folder, &health);
    if (health.disk_free == HEALTH_UNKNOWN) {
        return;
    }
    bool low = health.disk_free < FREE_MIN;
    doctor_say(doctor, low ? DOCTOR_WRONG : DOCTOR_WELL, "Place", "Space",
               "%lld Mio libres sur %lld", "%lld MiB free of %lld",
               (long long)(health.disk_free / MIB), (long long)(health.disk_size / MIB));
    if (low) {
        doctor_advise(doctor,
                      "libérez de la place : le lecteur garde ce qu’il a, mais ne reçoit plus de "
                      "grands fichiers",
                      "free some space: the player keeps what it has, but takes no large files");
    }
}

/* --- Player --- */

static bool unit_is_running(void)
{
    char *bytes;
    size_t length;
    bool running =
        file_read(UNIT_CGROUP "/cgroup.procs", 65536, &bytes, &length, NULL) && length > 0;
    if (running) {
        free(bytes);
    }
    return running;
}

static void check_player(struct doctor *doctor)
{
    bool systemd = file_exists("/run/systemd/system");
    if (doctor->running && unit_is_running()) {
        doctor_say(doctor, DOCTOR_WELL, "Lecteur", "Player",
                   "tourne par systemd, qui le relance s’il ne montre plus rien (chien de garde)",
                   "runs by systemd, which restarts it if it shows nothing any more (watchdog)");
    } else if (doctor->running) {
        doctor_say(doctor, DOCTOR_NOTED, "Lecteur", "Player",
                   "tourne, lancé à la main : personne ne le relancera s’il s’arrête",
                   "runs, started by hand: nobody will restart it if it stops");
    } else if (systemd) {
        doctor_say(doctor, DOCTOR_NOTED, "Lecteur", "Player",
                   "ne tourne pas (sudo systemctl start vitrine-player)",
                   "does not run (sudo systemctl start vitrine-player)");
    } else {
        doctor_say(doctor, DOCTOR_NOTED, "Lecteur", "Player", "ne tourne pas", "does not run");
    }
}

/* --- Programme --- */

/* "12 jours", "3 heures", "40 minutes". */
static const char *span_text(int64_t ms, enum lang lang, char *buf, size_t size)
{
    int64_t minutes = ms / 60000;
    if (minutes >= 48 * 60) {
        snprintf(buf, size, lang_pick(lang, "%d jours", "%d days"), (int)(minutes / 1440));
    } else if (minutes >= 120) {
        snprintf(buf, size, lang_pick(lang, "%d heures", "%d hours"), (int)(minutes / 60));
    } else {
        snprintf(buf, size, lang_pick(lang, "%d min", "%d min"), (int)minutes);
    }
    return buf;
}

static void check_files(struct doctor *doctor, const struct manifest *manifest)
{
    size_t missing = 0;
    for (size_t i = 0; i < manifest->file_count; i++) {
        missing += state_has_file(&doctor->state, &manifest->files[i]) ? 0 : 1;
    }
    if (missing > 0) {
        doctor_say(doctor, DOCTOR_WRONG, "Fichiers", "Files", "%zu sur %zu manquent",
                   "%zu of %zu are missing", missing, manifest->file_count);
        doctor_advise(doctor, "le lecteur les redemande dès que le serveur répond",
                      "the player asks for them again as soon as the server answers");
    } else {
        doctor_say(doctor, DOCTOR_WELL, "Fichiers", "Files", "il n’en manque aucun (%zu)",
                   "none is missing (%zu)", manifest->file_count);
    }
}

static void check_edition(struct doctor *doctor)
{
    struct error err;
    char text[1024];
    char name[EDITION_NAME_SIZE];
    char span[32];
    if (doctor->server_error.kind != ERROR_NONE && doctor->server_error.kind != ERROR_NOT_FOUND) {
        doctor_say(doctor, DOCTOR_WRONG, "Programme", "Programme", "%s", "%s",
                   error_text(&doctor->server_error, doctor->lang, text, sizeof text));
        doctor_advise(
            doctor, "sans lui aucun programme n’est sûr : redémarrez le lecteur, qui se réinscrit",
            "without it no programme is sure: restart the player, which enrols again");
        return;
    }
    if (doctor->server.screen[0] == '\0') {
        doctor_say(doctor, DOCTOR_NOTED, "Programme", "Programme",
                   "aucun : cet écran n’est pas encore inscrit",
                   "none: this screen is not enrolled yet");
        return;
    }
    struct edition *edition =
        state_load_edition(&doctor->state, &doctor->server, STATE_CURRENT, &err);
    if (edition == NULL) {
        bool none = err.kind == ERROR_NOT_FOUND;
        doctor_say(doctor, none ? DOCTOR_NOTED : DOCTOR_WRONG, "Programme", "Programme",
                   none ? "aucun n’est encore arrivé%.0s" : "%s",
                   none ? "none has come yet%.0s" : "%s",
                   error_text(&err, doctor->lang, text, sizeof text));
        return;
    }
    const struct manifest *manifest = edition->manifest;
    int64_t now = clock_wall_ms(&doctor->clock);
    bool expired = now > manifest->valid_until_ms;
    int64_t age = now - manifest->created_ms;
    doctor_say(doctor, expired ? DOCTOR_WRONG : DOCTOR_WELL, "Programme", "Programme",
               "« %s », version %s, fait il y a %s", "\"%s\", version %s, made %s ago",
               manifest->screen.name, edition_name(edition, name),
               span_text(age > 0 ? age : 0, doctor->lang, span, sizeof span));
    if (expired) {
        doctor_advise(doctor,
                      "il est périmé depuis %s : l’écran répète sa dernière boucle ; rétablissez "
                      "le réseau",
                      "it expired %s ago: the screen repeats its last loop; restore the network",
                      span_text(now - manifest->valid_until_ms, doctor->lang, span, sizeof span));
    }
    check_files(doctor, manifest);
    edition_release(edition);
}

/* --- Reports --- */

static void check_spool(struct doctor *doctor)
{
    struct spool_backlog backlog;
    struct error err;
    char text[1024];
    char span[32];
    if (!spool_look(doctor->state.folder, &backlog, &err)) {
        bool none = err.kind == ERROR_NOT_FOUND;
        doctor_say(doctor, none ? DOCTOR_NOTED : DOCTOR_WRONG, "Rapports", "Reports", "%s", "%s",
                   error_text(&err, doctor->lang, text, sizeof text));
        if (!none) {
            doctor_advise(doctor,
                          "rien à faire si elle est abîmée : le lecteur la met de côté et en "
                          "commence une autre",
                          "nothing to do if it is damaged: the player sets it aside and begins "
                          "another");
        }
        return;
    }
    int64_t age = backlog.records > 0 ? clock_wall_ms(&doctor->clock) - backlog.oldest_ms : 0;
    bool old = age > DAY_MS;
    doctor_say(doctor, old ? DOCTOR_WRONG : DOCTOR_WELL, "Rapports", "Reports",
               "%lld en attente d’envoi%s%s (%lld Mio)", "%lld wait to be sent%s%s (%lld MiB)",
               (long long)backlog.records,
               backlog.records > 0 ? lang_pick(doctor->lang, ", depuis ", ", for ") : "",
               backlog.records > 0 ? span_text(age > 0 ? age : 0, doctor->lang, span, sizeof span)
                                   : "",
               (long long)(backlog.bytes / MIB));
    if (old) {
        doctor_advise(doctor,
                      "rien n’est perdu avant 30 jours au moins ; rétablissez la liaison avec le "
                      "serveur",
                      "nothing is lost for 30 days at least; restore the link to the server");
    }
    if (backlog.damaged) {
        doctor_say(doctor, DOCTOR_NOTED, "Rapports", "Reports",
                   "une base abîmée a été mise de côté (spool/reports.db.damaged) ; la supprimer "
                   "ne change rien",
                   "a damaged database was set aside (spool/reports.db.damaged); removing it "
                   "changes nothing");
    }
}

static void check_quarantine(struct doctor *doctor)
{
    struct quarantine_entry entries[8];
    size_t held = 0;
    size_t count = quarantine_look(doctor->state.folder, &doctor->clock, entries,
                                   sizeof entries / sizeof entries[0]);
    for (size_t i = 0; i < count; i++) {
        if (entries[i].held) {
            held++;
            doctor_say(doctor, DOCTOR_WRONG, "Quarantaine", "Quarantine",
                       "« %s » (%s) a arrêté le lecteur trois fois et n’est plus montrée",
                       "\"%s\" (%s) crashed the player three times and is not shown any more",
                       entries[i].title, entries[i].slide);
            doctor_advise(doctor,
                          "remplacez son image ou son film dans l’administration ; sinon elle est "
                          "réessayée après 7 jours",
                          "replace its picture or film in the administration; otherwise it is "
                          "tried again after 7 days");
        }
    }
    if (held == 0) {
        doctor_say(doctor, DOCTOR_WELL, "Quarantaine", "Quarantine", "aucune page écartée",
                   "no slide is left out");
    }
}

void doctor_check_state(struct doctor *doctor)
{
    doctor_group(doctor, "Dossier d’état", "State folder");
    check_player(doctor);
    if (!check_folder(doctor)) {
        return;
    }
    check_space(doctor);
    check_edition(doctor);
    check_spool(doctor);
    check_quarantine(doctor);
}

void doctor_check_further(struct doctor *doctor)
{
    char fr[32];
    char en[32];
    snprintf(fr, sizeof fr, "Écran %d", doctor->display + 1);
    snprintf(en, sizeof en, "Display %d", doctor->display + 1);
    doctor_group(doctor, fr, en);
    check_edition(doctor);
    check_spool(doctor);
    doctor_check_enrolment(doctor);
}
