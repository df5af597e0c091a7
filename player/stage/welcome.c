#include "player/stage/welcome.h"

#include "playlists/enrolment.h"

static const char *status_text(const struct welcome_facts *facts)
{
    if (facts->keys == NULL) {
        return lang_pick(facts->lang,
                         "Clé illisible ou stockage en lecture seule : vérifiez le disque.",
                         "Key unreadable or storage read-only: check the disk.");
    }
    switch (facts->status) {
    case SYNC_NO_SERVER:
        return lang_pick(facts->lang, "Aucun serveur configuré (option --server).",
                         "No server configured (option --server).");
    case SYNC_CONNECTING:
        return lang_pick(facts->lang, "Connexion au serveur…", "Connecting to the server…");
    case SYNC_UNREACHABLE:
        return lang_pick(facts->lang, "Serveur injoignable, nouvel essai en cours.",
                         "Server unreachable, trying again.");
    case SYNC_WAITING:
        return lang_pick(facts->lang, "En attente de l’accord d’un administrateur.",
                         "Waiting for an administrator’s approval.");
    case SYNC_REFUSED:
        return lang_pick(facts->lang, "Rattachement refusé par un administrateur.",
                         "Enrolment refused by an administrator.");
    case SYNC_ONLINE:
        return lang_pick(facts->lang, "Connecté.", "Connected.");
    }
    return "";
}

static void put(struct slide *slide, struct arena *arena, const char *slot, const char *text)
{
    slide->texts[slide->text_count++] = (struct slide_text){slot, arena_strdup(arena, text)};
}

struct edition *welcome_create(const struct welcome_facts *facts)
{
    struct manifest *manifest = manifest_create();
    struct arena *arena = manifest->arena;
    struct slide *slide = arena_alloc(arena, sizeof *slide);
    const char *title = lang_pick(facts->lang, "Bienvenue sur Vitrine", "Welcome to Vitrine");
    *slide = (struct slide){.id = "welcome",
                            .template = "welcome",
                            .subject = "",
                            .organisation = "",
                            .title = title,
                            .lang = lang_tag(facts->lang),
                            .link = "",
                            .duration_ms = 60000};
    put(slide, arena, "title", title);
    if (facts->enrolled) {
        put(slide, arena, "text",
            lang_pick(facts->lang, "Rien n’est programmé ici pour le moment.",
                      "Nothing is planned here for now."));
    } else if (facts->keys != NULL) {
        char code[ENROLMENT_CODE_SIZE];
        char fingerprint[ENROLMENT_FINGERPRINT_SIZE];
        enrolment_code(&facts->keys->public, code);
        enrolment_fingerprint(&facts->keys->public, fingerprint);
        put(slide, arena, "text",
            lang_pick(facts->lang, "Comparez ce code sur la page d’administration.",
                      "Compare this code on the admin page."));
        put(slide, arena, "code", code);
        put(slide, arena, "fingerprint", fingerprint);
    }
    if (!facts->enrolled) {
        /* Passengers need not know how an enrolled screen's network fares. */
        put(slide, arena, "status", status_text(facts));
    }
    manifest->slide_count = 1;
    manifest->slides = slide;
    return edition_create(manifest);
}
