/* Faults for people: what each is, and what to do. */
#include <string.h>

#include "core/lang.h"
#include "server/fleet/presence.h"

static const struct words {
    const char *code;
    const char *title[2]; /* French, English */
    const char *advice[2];
} known[] = {
    {FAULT_SILENT,
     {"Écran silencieux", "Silent screen"},
     {"Vérifiez sur place le courant et le réseau du lecteur ; l’écran continue son programme sans "
      "réseau.",
      "Check the player’s power and network on site; without network the screen goes on with its "
      "programme."}},
    {FAULT_CLONED,
     {"Deux machines pour un écran", "Two machines for one screen"},
     {"Le dossier d’état du lecteur a été copié. Arrêtez l’une des machines, videz son dossier "
      "d’état et rattachez-la à un autre écran ; si vous ne savez pas laquelle, révoquez le "
      "lecteur et rattachez de nouveau la bonne.",
      "The player’s state folder was copied. Stop one of the machines, empty its state folder and "
      "enrol it as another screen; if you cannot tell which, revoke the player and enrol the right "
      "one again."}},
    {"network",
     {"Connexion perdue", "Connection lost"},
     {"L’écran continue sans réseau. Si cela revient souvent, vérifiez sa liaison.",
      "The screen goes on without network. If it happens often, check its link."}},
    {"storage",
     {"Disque du lecteur", "The player’s disk"},
     {"Le disque est plein, en lecture seule ou défaillant : libérez de la place ou remplacez la "
      "carte.",
      "The disk is full, read-only or failing: make room or replace the card."}},
    {"quarantine",
     {"Diapositive écartée", "Slide set aside"},
     {"Une diapositive a fait tomber le lecteur et n’est plus montrée : remplacez son image ou son "
      "film.",
      "A slide made the player crash and is not shown any more: replace its picture or film."}},
    {"file_hash",
     {"Fichier abîmé", "Damaged file"},
     {"Le fichier est demandé de nouveau ; s’il revient, vérifiez le disque du serveur.",
      "The file is asked for again; if it comes back, check the server’s disk."}},
    {"file_size",
     {"Fichier de mauvaise taille", "File of the wrong size"},
     {"Un intermédiaire modifie peut-être les fichiers : vérifiez le mandataire du réseau.",
      "Something in between may alter the files: check the network’s proxy."}},
    {"file_decode",
     {"Image ou film illisible", "Unreadable picture or film"},
     {"Remplacez le fichier ; l’ancien programme reste à l’écran.",
      "Replace the file; the old programme stays on the screen."}},
    {"manifest_signature",
     {"Programme mal signé", "Programme not rightly signed"},
     {"Le serveur a une autre clé que celle que ce lecteur connaît : remettez la clé d’une "
      "sauvegarde.",
      "The server has another key than the one this player knows: restore the key from a backup."}},
    {"manifest_version",
     {"Programme plus ancien", "Older programme"},
     {"Après la reprise d’une sauvegarde : vitrine-server publish --new-epoch.",
      "After a backup was restored: vitrine-server publish --new-epoch."}},
    {"manifest_screen",
     {"Programme d’un autre écran", "Another screen’s programme"},
     {"Rattachez de nouveau ce lecteur.", "Enrol this player again."}},
    {"manifest_content",
     {"Programme illisible", "Unreadable programme"},
     {"Mettez à jour le logiciel du lecteur ou celui du serveur.",
      "Update the player’s software or the server’s."}},
    {"manifest_size",
     {"Programme trop long", "Programme too long"},
     {"Allégez les playlists de cet écran.", "Lighten this screen’s playlists."}},
    {"enrolment",
     {"Rattachement", "Enrolment"},
     {"Le serveur ne répond pas comme prévu au rattachement : vérifiez l’adresse donnée au "
      "lecteur.",
      "The server does not answer the enrolment as expected: check the address given to the "
      "player."}},
};

static const struct words *find(const char *code)
{
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].code, code) == 0)
            return &known[i];
    }
    return NULL;
}

const char *fault_title(const char *code, enum lang lang)
{
    const struct words *words = find(code);

    return words != NULL ? lang_pick(lang, words->title[0], words->title[1]) : code;
}

const char *fault_advice(const char *code, enum lang lang)
{
    const struct words *words = find(code);

    return words != NULL ? lang_pick(lang, words->advice[0], words->advice[1]) : "";
}
