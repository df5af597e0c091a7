#include "player/kiosk/kiosk_strings.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define FLOOR_HIGHEST 200 /* larger numbers are names */

static const char *const strings[KIOSK_STRINGS][2] = {
    [KIOSK_STRING_INVITE] = {"Touchez pour découvrir les acteurs de l’ESS",
                             "Touch to discover the social economy"},
    [KIOSK_STRING_INVITE_MORE] = {"Associations, coopératives, entreprises d’insertion…",
                                  "Associations, co-operatives, inclusive businesses…"},
    [KIOSK_STRING_TITLE] = {"Annuaire de l’ESS", "Social economy directory"},
    [KIOSK_STRING_AREA] = {"économie sociale et solidaire, Métropole Rouen Normandie",
                           "social and solidarity economy, Rouen Normandie"},
    [KIOSK_STRING_HERE] = {"Dans ce bâtiment", "In this building"},
    [KIOSK_STRING_ALL] = {"De A à Z", "From A to Z"},
    [KIOSK_STRING_YOU_ARE_AT] = {"Vous êtes ici", "You are here"},
    [KIOSK_STRING_PLACE_MORE] = {"L’économie sociale et solidaire, tout près de vous",
                                 "The social and solidarity economy, close to you"},
    [KIOSK_STRING_BACK] = {"Retour", "Back"},
    [KIOSK_STRING_HOME] = {"Accueil", "Home"},
    [KIOSK_STRING_LANGUAGE] = {"English", "Français"},
    [KIOSK_STRING_OPTIONS] = {"Accessibilité", "Accessibility"},
    [KIOSK_STRING_PAGE_UP] = {"Page précédente", "Previous page"},
    [KIOSK_STRING_PAGE_DOWN] = {"Page suivante", "Next page"},
    [KIOSK_STRING_OPTION_LOW] = {"Commandes plus basses", "Lower controls"},
    [KIOSK_STRING_OPTION_LARGE] = {"Texte plus grand", "Larger text"},
    [KIOSK_STRING_OPTION_CONTRAST] = {"Contraste élevé", "High contrast"},
    [KIOSK_STRING_OPTION_ON] = {"activé", "on"},
    [KIOSK_STRING_OPTION_OFF] = {"désactivé", "off"},
    [KIOSK_STRING_CLOSE] = {"Fermer", "Close"},
    [KIOSK_STRING_ASK] = {"Êtes-vous toujours là\u202f?", "Are you still there?"},
    [KIOSK_STRING_STAY] = {"Oui, je continue", "Yes, go on"},
    [KIOSK_STRING_QUIT] = {"Terminer", "Finish"},
    [KIOSK_STRING_OFFER] = {"Ce que nous proposons", "What we offer"},
    [KIOSK_STRING_CONTACT] = {"Nous trouver", "Find us"},
    [KIOSK_STRING_FLOOR_GROUND] = {"rez-de-chaussée", "ground floor"},
    [KIOSK_STRING_OUT_OF_METROPOLE] = {"hors métropole", "outside the metropolis"},
    [KIOSK_STRING_QR_CONTACT] = {"Gardez ce contact sur votre téléphone",
                                 "Keep this contact on your phone"},
    [KIOSK_STRING_QR_WEBSITE] = {"Ouvrez le site sur votre téléphone",
                                 "Open the website on your phone"},
    [KIOSK_STRING_UPDATED] = {"Annuaire mis à jour le ", "Directory updated on "},
    [KIOSK_STRING_ERASE] = {"Effacer", "Erase"},
    [KIOSK_STRING_CLEAR] = {"Tout effacer", "Clear all"},
    [KIOSK_STRING_SPACE] = {"Espace", "Space"},
    [KIOSK_STRING_SEE_RESULTS] = {"Voir les résultats", "See the results"},
    [KIOSK_STRING_HOME_TITLE] = {"Bienvenue", "Welcome"},
    [KIOSK_STRING_DIRECTORY] = {"Annuaire", "Directory"},
    [KIOSK_STRING_EVENTS] = {"Événements", "Events"},
    [KIOSK_STRING_PORTRAITS] = {"Portraits", "Portraits"},
    [KIOSK_STRING_MAP] = {"Plan", "Map"},
    [KIOSK_STRING_LIST] = {"Liste", "List"},
    [KIOSK_STRING_SEARCH] = {"Un nom, une activité, une commune…", "A name, an activity, a town…"},
    [KIOSK_STRING_FILTERS] = {"Filtres", "Filters"},
    [KIOSK_STRING_CHOICES] = {"Choisir", "Choose"},
    [KIOSK_STRING_CHOSEN] = {"choisi", "chosen"},
    [KIOSK_STRING_SHOW] = {"Voir", "Show"},
    [KIOSK_STRING_COMMUNES] = {"Communes", "Towns"},
    [KIOSK_STRING_SECTOR] = {"Secteur", "Sector"},
    [KIOSK_STRING_COMMUNE] = {"Commune", "Town"},
    [KIOSK_STRING_FAMILY] = {"Famille de l’ESS", "Social economy family"},
    [KIOSK_STRING_INSERTION] = {"Insertion et handicap", "Inclusion and disability"},
    [KIOSK_STRING_RSE] = {"Offre responsable (RSE)", "Responsible offer (CSR)"},
    [KIOSK_STRING_RESERVED] = {"Marchés réservés", "Reserved contracts"},
    [KIOSK_STRING_RESULTS] = {"Résultats", "Results"},
    [KIOSK_STRING_NOBODY] = {"Personne avec ces filtres", "Nobody with these filters"},
    [KIOSK_STRING_TODAY] = {"Aujourd’hui", "Today"},
    [KIOSK_STRING_WEEK] = {"Dans les sept jours", "Within seven days"},
    [KIOSK_STRING_LATER] = {"Plus tard", "Later"},
    [KIOSK_STRING_NEXT_EVENTS] = {"Prochains événements", "Coming events"},
    [KIOSK_STRING_NO_EVENTS] = {"Aucun événement annoncé pour le moment",
                                "No events announced for now"},
    [KIOSK_STRING_NO_PORTRAITS] = {"Les portraits arrivent bientôt", "Portraits are coming soon"},
    [KIOSK_STRING_PLAIN] = {"Facile à lire", "Easy to read"},
    [KIOSK_STRING_VALUES] = {"Nos valeurs", "Our values"},
    [KIOSK_STRING_SIMILAR] = {"Dans le même secteur", "In the same sector"},
    [KIOSK_STRING_ITS_EVENTS] = {"Prochains rendez-vous", "Coming events"},
    [KIOSK_STRING_ITS_PORTRAIT] = {"Lire le portrait", "Read the portrait"},
    [KIOSK_STRING_ORGANISER] = {"Proposé par", "Organised by"},
    [KIOSK_STRING_SEE_ORGANISATION] = {"Voir la fiche", "See the organisation"},
    [KIOSK_STRING_QR_EVENT] = {"Ajoutez ce rendez-vous à votre agenda",
                               "Add this event to your calendar"},
    [KIOSK_STRING_FILM] = {"Voir le film", "Watch the film"},
    [KIOSK_STRING_LISTEN] = {"Écouter", "Listen"},
    [KIOSK_STRING_STOP] = {"Arrêter", "Stop"},
    [KIOSK_STRING_PHOTO] = {"Photo : ", "Photo: "},
    [KIOSK_STRING_ZOOM_IN] = {"Agrandir", "Zoom in"},
    [KIOSK_STRING_ZOOM_OUT] = {"Réduire", "Zoom out"},
    [KIOSK_STRING_ZOOM_ALL] = {"Tout voir", "Show all"},
    [KIOSK_STRING_ON_MAP] = {"Sur le plan", "On the map"},
    [KIOSK_STRING_AT_PLACE] = {"À cet endroit", "At this place"},
    [KIOSK_STRING_SHOW_ALL] = {"Toute la liste", "The whole list"},
    [KIOSK_STRING_OPTION_SLOW] = {"Plus de temps", "More time"},
    [KIOSK_STRING_OPTION_ALOUD] = {"Lecture à voix haute", "Read aloud"},
    [KIOSK_STRING_OPTION_VOLUME] = {"Volume de la voix", "Voice volume"},
    [KIOSK_STRING_KEYS] = {"Les flèches parcourent la page, la touche OK choisit, la touche retour "
                           "revient en arrière",
                           "Arrow keys move through the page, OK chooses, the back key goes back"},
};

/* The directory's families (directory/directory.h). */
static const char *const families[][2] = {
    {"Association", "Association"}, {"Coopérative", "Co-operative"},
    {"Mutuelle", "Mutual"},         {"Fondation", "Foundation"},
    {"Entreprise", "Company"},      {"Organisme public", "Public body"},
};

const char *kiosk_strings_get(enum kiosk_string string, enum lang lang)
{
    return strings[string][lang];
}

void kiosk_strings_count(size_t count, enum lang lang, struct strbuf *out)
{
    if (count >= 1000 && count < 1000000)
        strbuf_printf(out, "%zu%s%03zu", count / 1000, lang_pick(lang, "\u202f", ","),
                      count % 1000);
    else
        strbuf_printf(out, "%zu", count);
    strbuf_append(out, lang_pick(lang, "\u00a0structure", "\u00a0organisation"));
    if (lang == LANG_EN ? count != 1 : count > 1)
        strbuf_append(out, "s");
}

void kiosk_strings_events(size_t count, enum lang lang, struct strbuf *out)
{
    strbuf_printf(out, "%zu%s%s", count, lang_pick(lang, "\u00a0événement", "\u00a0event"),
                  (lang == LANG_EN ? count != 1 : count > 1) ? "s" : "");
}

static const char *english_ordinal(long number)
{
    static const char *const endings[] = {"th", "st", "nd", "rd"};
    return number % 100 / 10 != 1 && number % 10 <= 3 ? endings[number % 10] : endings[0];
}

static void append_floor(const char *floor, enum lang lang, struct strbuf *out)
{
    char *end;
    long number = strtol(floor, &end, 10);
    bool numbered = isdigit((unsigned char)floor[0]) && *end == '\0' && number <= FLOOR_HIGHEST;
    if ((numbered && number == 0) || strcasecmp(floor, "RDC") == 0)
        strbuf_append(out, kiosk_strings_get(KIOSK_STRING_FLOOR_GROUND, lang));
    else if (numbered && lang == LANG_FR)
        strbuf_printf(out, "%ld%s\u00a0étage", number, number == 1 ? "er" : "e");
    else if (numbered)
        strbuf_printf(out, "%ld%s\u00a0floor", number, english_ordinal(number));
    else
        strbuf_append(out, floor);
}

void kiosk_strings_place(const char *floor, const char *office, enum lang lang, struct strbuf *out)
{
    if (floor[0] != '\0')
        append_floor(floor, lang, out);
    if (floor[0] != '\0' && office[0] != '\0')
        strbuf_append(out, " · ");
    if (office[0] != '\0')
        strbuf_printf(out, lang_pick(lang, "bureau\u00a0%s", "office\u00a0%s"), office);
}

void kiosk_strings_ask(int seconds, enum lang lang, struct strbuf *out)
{
    strbuf_printf(out,
                  lang_pick(lang,
                            "Touchez l’écran pour continuer. Sinon, retour à l’accueil dans "
                            "%d\u00a0s.",
                            "Touch the screen to go on. Otherwise it starts over in %d\u00a0s."),
                  seconds);
}

const char *kiosk_strings_family(const char *family, enum lang lang)
{
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        if (strcmp(family, families[i][0]) == 0)
            return families[i][lang];
    return family;
}
